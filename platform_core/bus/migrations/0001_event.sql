-- The event log. Written in the transaction of the change; read in the order (incarnation, xid, seq),
-- and only as far as no transaction runs that could still write an earlier event.
CREATE TABLE app.event (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    incarnation integer NOT NULL,
    -- As bigint: its comparison is leakproof, so that a tenant's own index serves under row security.
    xid bigint NOT NULL DEFAULT (pg_current_xact_id()::text)::bigint,
    seq bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
    type text NOT NULL CHECK (length(type) <= 100),
    subject text NOT NULL CHECK (length(subject) <= 500),
    occurred_at timestamptz NOT NULL,
    actor text NOT NULL DEFAULT coalesce(app.actor(), 'system'),
    request_id uuid DEFAULT app.request_id(),
    data jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX event_tenant ON app.event (tenant_id, incarnation, xid, seq);
CREATE INDEX event_position ON app.event (incarnation, xid, seq);
SELECT app.make_tenant_table('app.event', append_only => true);
SELECT app.leave_in_branch('app.event');
-- The relay reads and deletes by age; it never writes one.
CREATE POLICY relay ON app.event TO portolan_relay USING (true) WITH CHECK (false);
GRANT SELECT, DELETE ON app.event TO portolan_relay;

-- How far each durable consumer has read, and which server reads for it.
CREATE TABLE app.consumer (
    name text PRIMARY KEY,
    incarnation integer NOT NULL,
    xid bigint NOT NULL,
    seq bigint NOT NULL,
    leased_by uuid,
    leased_until timestamptz,
    delivered bigint NOT NULL DEFAULT 0,
    moved_at timestamptz NOT NULL DEFAULT now()
);
SELECT app.make_global_table('app.consumer');
GRANT SELECT, INSERT, UPDATE ON app.consumer TO portolan_relay;

-- Events a consumer could not handle: tried again with growing pauses, then dead and visible.
-- While one waits, later events of the same subject wait behind it.
CREATE TABLE app.event_failure (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    consumer text NOT NULL,
    event_id uuid NOT NULL,
    event_type text NOT NULL,
    subject text NOT NULL,
    incarnation integer NOT NULL,
    xid bigint NOT NULL,
    seq bigint NOT NULL,
    state text NOT NULL DEFAULT 'retrying' CHECK (state IN ('retrying', 'dead')),
    attempts bigint NOT NULL,
    next_at timestamptz NOT NULL,
    error text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, consumer, event_id)
);
CREATE INDEX event_failure_state ON app.event_failure (tenant_id, state, created_at);
CREATE INDEX event_failure_due ON app.event_failure (consumer, tenant_id, subject, incarnation, xid, seq)
    WHERE state = 'retrying';
SELECT app.make_tenant_table('app.event_failure');
CREATE POLICY relay ON app.event_failure TO portolan_relay USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON app.event_failure TO portolan_relay;
GRANT USAGE ON SCHEMA app TO portolan_relay;
