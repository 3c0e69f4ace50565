-- Who did what, when, from where, and what became of it. Append only: the server's role can insert
-- and read, nothing else.
CREATE SCHEMA IF NOT EXISTS audit;
CREATE TABLE audit.entry (
    tenant_id   uuid        NOT NULL DEFAULT app.tenant_id(),
    id          uuid        NOT NULL,
    actor_kind  text COLLATE "C" NOT NULL,
    actor_id    uuid,
    actor_name  text COLLATE "C",
    operation   text COLLATE "C" NOT NULL,
    method      text COLLATE "C" NOT NULL,
    path        text COLLATE "C" NOT NULL CHECK (length(path) <= 512),
    permission  text COLLATE "C",
    outcome     text COLLATE "C" NOT NULL CHECK (outcome IN ('done', 'refused', 'failed')),
    status      bigint      NOT NULL,
    address     inet,
    user_agent  text COLLATE "C",
    request_id  uuid        NOT NULL,
    duration_ms bigint      NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now(),
    version     bigint      NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
SELECT app.make_tenant_table('audit.entry', append_only => true);
CREATE INDEX entry_created ON audit.entry (tenant_id, created_at, id);
CREATE INDEX entry_actor ON audit.entry (tenant_id, actor_id, created_at);
CREATE INDEX entry_operation ON audit.entry (tenant_id, operation, created_at);
