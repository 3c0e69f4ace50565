-- Jobs. Enqueued by portolan_app in the transaction of the change; taken, beaten and finished by
-- portolan_relay across tenants.
CREATE TABLE app.job (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    kind text COLLATE "C" NOT NULL CHECK (length(kind) BETWEEN 1 AND 100),
    kind_ci text COLLATE "C" GENERATED ALWAYS AS (lower(kind COLLATE "und-x-icu") COLLATE "C") STORED,
    state text COLLATE "C" NOT NULL CHECK (state IN
        ('available', 'scheduled', 'running', 'retryable', 'completed', 'cancelled', 'discarded')),
    args jsonb NOT NULL,
    unique_key text CHECK (length(unique_key) <= 500),
    -- Tries begun, and when the next one may begin.
    attempt bigint NOT NULL DEFAULT 0,
    max_attempts bigint,
    scheduled_at timestamptz NOT NULL DEFAULT now(),
    -- The running try: since when, by which server, its last sign of life.
    started_at timestamptz,
    run_by uuid,
    heartbeat_at timestamptz,
    cancel_requested boolean NOT NULL DEFAULT false,
    finished_at timestamptz,
    progress jsonb NOT NULL DEFAULT '{}',
    result jsonb,
    error text,
    created_by text NOT NULL DEFAULT coalesce(app.actor(), 'system:jobs'),
    request_id uuid DEFAULT app.request_id(),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX job_unique ON app.job (tenant_id, kind, unique_key)
    WHERE state IN ('available', 'scheduled', 'running', 'retryable');
-- What can be taken next, by tenant and kind.
CREATE INDEX job_next ON app.job (tenant_id, kind, scheduled_at, id)
    WHERE state IN ('available', 'scheduled', 'retryable');
CREATE INDEX job_running ON app.job (run_by, heartbeat_at) WHERE state = 'running';
CREATE INDEX job_age ON app.job (finished_at) WHERE state IN ('completed', 'cancelled', 'discarded');
CREATE INDEX job_created_at_idx ON app.job (tenant_id, created_at, id);
CREATE INDEX job_kind_idx ON app.job (tenant_id, kind_ci, id);
CREATE INDEX job_state_idx ON app.job (tenant_id, state, id);
SELECT app.make_tenant_table('app.job');
CREATE POLICY relay ON app.job TO portolan_relay USING (true) WITH CHECK (true);
GRANT SELECT, UPDATE, DELETE ON app.job TO portolan_relay;
