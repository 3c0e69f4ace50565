-- Differences between what should be and what is: one row each, however often it came and went.
CREATE TABLE atlas.drift (
    tenant_id  uuid        NOT NULL DEFAULT app.tenant_id(),
    id         uuid        NOT NULL,
    kind       text COLLATE "C" NOT NULL CHECK (kind IN ('device', 'interface', 'address', 'cable')),
    state      text COLLATE "C" NOT NULL CHECK (state IN ('open', 'ignored', 'accepted', 'change_requested', 'resolved')),
    body       jsonb       NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version    bigint      NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
SELECT app.make_tenant_table('atlas.drift');

-- Rules that accept differences by themselves.
CREATE TABLE atlas.acceptance_rule (
    tenant_id  uuid        NOT NULL DEFAULT app.tenant_id(),
    id         uuid        NOT NULL,
    body       jsonb       NOT NULL,
    actor      text COLLATE "C" NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version    bigint      NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
SELECT app.make_tenant_table('atlas.acceptance_rule');
