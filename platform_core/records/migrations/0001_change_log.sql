-- One row per change of a record, with the values before and after. Written in the transaction of
-- the change by whoever makes it; never changed, so no updated_at and no version.
CREATE TABLE app.change_log (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    model text COLLATE "C" NOT NULL,
    record_id uuid NOT NULL,
    record_version bigint NOT NULL,
    actor_kind text COLLATE "C" NOT NULL,
    actor_id uuid,
    actor_name text,
    request_id uuid NOT NULL,
    action text COLLATE "C" NOT NULL CHECK (action IN ('create', 'update', 'delete')),
    changes jsonb NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX change_log_record ON app.change_log (tenant_id, model, record_id, id);
SELECT app.make_tenant_table('app.change_log', append_only => true);
SELECT app.leave_in_branch('app.change_log');
