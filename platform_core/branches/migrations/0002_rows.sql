-- What a branch changed goes with it.
ALTER TABLE app.branch_row ADD CONSTRAINT branch_row_branch_fkey
    FOREIGN KEY (tenant_id, branch_id) REFERENCES app.branch (tenant_id, id) ON DELETE CASCADE;

-- How branches of a tenant are reviewed; no row: not at all.
CREATE TABLE app.branch_policy (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    -- 'other': somebody who changed nothing in the branch must approve it.
    review text COLLATE "C" NOT NULL CHECK (review IN ('none', 'other')),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX branch_policy_one ON app.branch_policy (tenant_id);
SELECT app.make_tenant_table('app.branch_policy');
