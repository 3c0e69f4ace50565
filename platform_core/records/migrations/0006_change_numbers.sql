-- Changes by number, for doors whose objects have whole numbers; what was changed by its number and
-- text, also when it is gone.
ALTER TABLE app.change_log
    ADD COLUMN number bigint,
    ADD COLUMN record_number bigint,
    ADD COLUMN display text COLLATE "C" CHECK (char_length(display) <= 200);

-- What is there already, in the order in which it happened. The owner sees the rows of all tenants for
-- these two statements only.
ALTER TABLE app.change_log NO FORCE ROW LEVEL SECURITY;
ALTER TABLE app.record_number NO FORCE ROW LEVEL SECURITY;
UPDATE app.change_log c SET number = n.number
    FROM (SELECT tenant_id, id, row_number() OVER (PARTITION BY tenant_id ORDER BY id) AS number
          FROM app.change_log) n
    WHERE n.tenant_id = c.tenant_id AND n.id = c.id;
INSERT INTO app.record_number (tenant_id, model, next)
    SELECT tenant_id, 'platform.change', max(number) + 1 FROM app.change_log GROUP BY tenant_id;
ALTER TABLE app.record_number FORCE ROW LEVEL SECURITY;
ALTER TABLE app.change_log FORCE ROW LEVEL SECURITY;
ALTER TABLE app.change_log ALTER COLUMN number SET NOT NULL;

CREATE UNIQUE INDEX change_log_number ON app.change_log (tenant_id, number);
-- Pages by time, and counts by model, without a look at the rows.
CREATE INDEX change_log_time ON app.change_log (tenant_id, created_at, number) INCLUDE (model);
CREATE INDEX change_log_object ON app.change_log (tenant_id, record_number, model);
CREATE INDEX change_log_request ON app.change_log (tenant_id, request_id);
