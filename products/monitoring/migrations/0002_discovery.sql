-- A discovery: what was ordered and how far it is.
CREATE TABLE monitoring.discovery (
    tenant_id    uuid        NOT NULL DEFAULT app.tenant_id(),
    id           uuid        NOT NULL,
    job_id       uuid,
    scope_id     uuid,
    state        text COLLATE "C" NOT NULL DEFAULT 'queued'
                 CHECK (state IN ('queued', 'running', 'completed', 'cancelled', 'failed')),
    request      jsonb       NOT NULL,
    counts       jsonb       NOT NULL DEFAULT '{}',
    error        text COLLATE "C",
    started_at   timestamptz,
    finished_at  timestamptz,
    created_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now(),
    version      bigint      NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
SELECT app.make_tenant_table('monitoring.discovery');
CREATE INDEX discovery_created ON monitoring.discovery (tenant_id, created_at);

-- One address of a discovery, with the reason when it did not answer.
CREATE TABLE monitoring.discovery_target (
    tenant_id    uuid        NOT NULL DEFAULT app.tenant_id(),
    id           uuid        NOT NULL,
    discovery_id uuid        NOT NULL,
    address      inet        NOT NULL,
    state        text COLLATE "C" NOT NULL,
    report       jsonb       NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now(),
    version      bigint      NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, discovery_id, address),
    FOREIGN KEY (tenant_id, discovery_id) REFERENCES monitoring.discovery (tenant_id, id) ON DELETE CASCADE
);
SELECT app.make_tenant_table('monitoring.discovery_target');

-- A device that answered: asked again from now on.
CREATE TABLE monitoring.target (
    tenant_id     uuid        NOT NULL DEFAULT app.tenant_id(),
    id            uuid        NOT NULL,
    address       inet        NOT NULL,
    port          bigint      NOT NULL,
    partition     text COLLATE "C" NOT NULL,
    credential_id uuid        NOT NULL,
    rate          bigint      NOT NULL,
    answered_at   timestamptz NOT NULL DEFAULT now(),
    created_at    timestamptz NOT NULL DEFAULT now(),
    updated_at    timestamptz NOT NULL DEFAULT now(),
    version       bigint      NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, partition, address, port),
    FOREIGN KEY (tenant_id, credential_id) REFERENCES monitoring.credential (tenant_id, id) ON DELETE CASCADE
);
SELECT app.make_tenant_table('monitoring.target');
CREATE INDEX target_credential ON monitoring.target (tenant_id, credential_id);
