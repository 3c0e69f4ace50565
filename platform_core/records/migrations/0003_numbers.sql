-- The next whole number of each numbered model. Blocks are leased in transactions of their own, so
-- that creations never wait for each other; a number of an unused rest is never given again.
CREATE TABLE app.record_number (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    model text COLLATE "C" NOT NULL,
    next bigint NOT NULL CHECK (next > 0),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX record_number_model ON app.record_number (tenant_id, model);
SELECT app.make_tenant_table('app.record_number');
