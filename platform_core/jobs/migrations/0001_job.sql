-- The job queue. One row = one job; what a user sees of it and what the runner needs.
CREATE TABLE app.job (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    -- For doors whose clients know no other ids.
    number bigint NOT NULL,
    kind text COLLATE "C" NOT NULL CHECK (char_length(kind) BETWEEN 1 AND 100),
    kind_ci text COLLATE "C" GENERATED ALWAYS AS (lower(kind COLLATE "und-x-icu") COLLATE "C") STORED,
    args jsonb NOT NULL,
    -- The record it is about.
    object_type text COLLATE "C",
    object_id uuid,
    -- The schedule that started it, and its interval then.
    schedule uuid,
    repeat_minutes bigint CHECK (repeat_minutes > 0),
    state text COLLATE "C" NOT NULL
        CHECK (state IN ('available', 'scheduled', 'running', 'retryable', 'completed', 'cancelled', 'discarded')),
    progress jsonb NOT NULL DEFAULT '{"done": 0, "total": null, "message": "", "detail": null}',
    result jsonb,
    error text COLLATE "C",
    -- One object per failed try: attempt, at, error.
    errors jsonb NOT NULL DEFAULT '[]',
    attempt bigint NOT NULL DEFAULT 0 CHECK (attempt >= 0),
    -- Tries that ended because the server did; they do not count as attempts.
    lost bigint NOT NULL DEFAULT 0,
    unique_key text COLLATE "C" CHECK (char_length(unique_key) BETWEEN 1 AND 200),
    scheduled_at timestamptz NOT NULL DEFAULT now(),
    started_at timestamptz,
    finished_at timestamptz,
    cancel_requested boolean NOT NULL DEFAULT false,
    -- Who runs it. The lease is new for every try: only its holder may write about the try.
    server text COLLATE "C",
    instance uuid,
    lease uuid,
    heartbeat_at timestamptz,
    created_by text COLLATE "C" NOT NULL,
    request_id uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT job_finished CHECK ((finished_at IS NOT NULL) = (state IN ('completed', 'cancelled', 'discarded'))),
    CONSTRAINT job_leased CHECK ((lease IS NOT NULL) = (state = 'running'))
);
SELECT app.make_tenant_table('app.job');

CREATE UNIQUE INDEX job_number_key ON app.job (tenant_id, number);
CREATE UNIQUE INDEX job_unique ON app.job (tenant_id, kind, unique_key) WHERE finished_at IS NULL;
-- The claim walks (tenant, kind) pairs and takes the oldest of each.
CREATE INDEX job_waiting ON app.job (tenant_id, kind, scheduled_at, id)
    WHERE state IN ('available', 'scheduled', 'retryable');
CREATE INDEX job_running ON app.job (tenant_id, kind) WHERE state = 'running';
CREATE INDEX job_age ON app.job (finished_at) WHERE finished_at IS NOT NULL;
CREATE INDEX job_created_at_idx ON app.job (tenant_id, created_at, id);
CREATE INDEX job_kind_idx ON app.job (tenant_id, kind_ci, id);
CREATE INDEX job_state_idx ON app.job (tenant_id, state, id);

-- The runner works for all tenants. It never creates a job.
CREATE POLICY relay ON app.job TO portolan_relay USING (true) WITH CHECK (true);
GRANT SELECT, UPDATE, DELETE ON app.job TO portolan_relay;
