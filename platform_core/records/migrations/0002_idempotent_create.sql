-- Creating requests that carried an Idempotency-Key: which records they made. A repetition within a
-- day is answered with those. Written in the transaction of the creation.
CREATE TABLE app.idempotent_create (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    actor text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    fingerprint bytea NOT NULL,
    record_ids uuid[] NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX idempotent_create_key ON app.idempotent_create (tenant_id, actor, key);
CREATE INDEX idempotent_create_age ON app.idempotent_create (tenant_id, created_at);
SELECT app.make_tenant_table('app.idempotent_create');
