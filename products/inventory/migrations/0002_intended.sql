-- Devices whose intended document must be published again, marked in the transaction of the change.
-- Rows are only added and taken away, so that writers never wait for each other here.
CREATE TABLE inventory.intended_due (
    tenant_id  uuid        NOT NULL DEFAULT app.tenant_id(),
    id         uuid        NOT NULL DEFAULT gen_random_uuid(),
    device     uuid        NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version    bigint      NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
SELECT app.make_tenant_table('inventory.intended_due');
SELECT app.leave_in_branch('inventory.intended_due');

-- One row per tenant: when everything was last published.
CREATE TABLE inventory.intended_published (
    tenant_id  uuid        NOT NULL DEFAULT app.tenant_id(),
    id         uuid        NOT NULL,
    at         timestamptz NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version    bigint      NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
SELECT app.make_tenant_table('inventory.intended_published');
