-- The schema `app`: tenants, and the one function that makes a table a tenant table.
-- Runs as portolan_owner. Every name is qualified; the search path is empty.

-- The runner made the schema and app.migration.
GRANT USAGE ON SCHEMA app TO portolan_app, portolan_relay, portolan_backfill, portolan_definer;

-- ---------------------------------------------------------------------------------------------
-- The context of a transaction. A setting that was SET LOCAL once reads back as '' afterwards on
-- the same connection, not as NULL; hence nullif.

CREATE FUNCTION app.tenant_id() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(pg_catalog.current_setting('app.current_tenant', true), '')::pg_catalog.uuid $$;
CREATE FUNCTION app.actor() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(pg_catalog.current_setting('app.current_actor', true), '') $$;
CREATE FUNCTION app.request_id() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(pg_catalog.current_setting('app.request_id', true), '')::pg_catalog.uuid $$;
-- The branch in which the transaction works, and what it is about to do there (0003): 'apply' while the
-- rows of the branch are put in their places, 'keep' while what is written is the branch's.
CREATE FUNCTION app.branch_id() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(pg_catalog.current_setting('app.branch', true), '')::pg_catalog.uuid $$;
CREATE FUNCTION app.branch_mode() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT nullif(pg_catalog.current_setting('app.branch_mode', true), '') $$;

-- ---------------------------------------------------------------------------------------------
-- Tenants. Global tables with row visibility of their own: a tenant sees itself and its descendants.

CREATE TABLE app.tenant (
    id uuid PRIMARY KEY,
    parent_id uuid REFERENCES app.tenant (id),
    kind text NOT NULL CHECK (kind IN ('provider', 'customer', 'lab')),
    slug text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    status text NOT NULL DEFAULT 'active'
        CHECK (status IN ('active', 'suspended', 'exporting', 'deleting', 'deleted')),
    plan text NOT NULL DEFAULT '',
    region text NOT NULL DEFAULT '',
    authz_epoch bigint NOT NULL DEFAULT 1,
    quotas jsonb NOT NULL DEFAULT '{}',
    settings jsonb NOT NULL DEFAULT '{}',
    suspended_at timestamptz,
    suspended_reason text,
    delete_requested_at timestamptz,
    delete_after timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1
);

CREATE TABLE app.tenant_closure (
    ancestor_id uuid NOT NULL REFERENCES app.tenant (id) ON DELETE CASCADE,
    descendant_id uuid NOT NULL REFERENCES app.tenant (id) ON DELETE CASCADE,
    depth smallint NOT NULL CHECK (depth BETWEEN 0 AND 4),
    PRIMARY KEY (ancestor_id, descendant_id)
);
CREATE INDEX tenant_closure_descendant ON app.tenant_closure (descendant_id, ancestor_id);

CREATE FUNCTION app.tenant_created() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO app.tenant_closure (ancestor_id, descendant_id, depth)
        SELECT c.ancestor_id, NEW.id, c.depth + 1 FROM app.tenant_closure c WHERE c.descendant_id = NEW.parent_id
        UNION ALL SELECT NEW.id, NEW.id, 0;
    RETURN NULL;
END $$;
CREATE TRIGGER tenant_created AFTER INSERT ON app.tenant
    FOR EACH ROW EXECUTE FUNCTION app.tenant_created();

CREATE FUNCTION app.tenant_changed() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.id <> OLD.id OR NEW.parent_id IS DISTINCT FROM OLD.parent_id THEN
        RAISE EXCEPTION 'a tenant keeps its id and its parent' USING ERRCODE = 'check_violation';
    END IF;
    NEW.updated_at := now();
    NEW.version := OLD.version + 1;
    RETURN NEW;
END $$;
CREATE TRIGGER tenant_changed BEFORE UPDATE ON app.tenant
    FOR EACH ROW EXECUTE FUNCTION app.tenant_changed();

-- ---------------------------------------------------------------------------------------------
-- Registries that the audit, export and delete walk through.

CREATE TABLE app.tenant_table (
    table_schema text NOT NULL,
    table_name text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('record', 'append_only', 'history')),
    -- Highest first: a table is registered after the tables it refers to.
    delete_order bigint NOT NULL,
    PRIMARY KEY (table_schema, table_name)
);
CREATE TABLE app.global_table (
    table_schema text NOT NULL,
    table_name text NOT NULL,
    PRIMARY KEY (table_schema, table_name)
);
CREATE TABLE app.definer_function (
    signature text PRIMARY KEY
);

-- One row: changes when this database is another one than it was (restored, copied), because then
-- transaction ids start again and the order of events needs a new, higher first key.
CREATE TABLE app.instance (
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    incarnation integer NOT NULL,
    system_identifier bigint NOT NULL,
    database_oid bigint NOT NULL,
    opened_at timestamptz NOT NULL DEFAULT now()
);

CREATE FUNCTION app.open_instance() RETURNS integer LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    system bigint := (SELECT system_identifier FROM pg_control_system());
    base bigint := (SELECT oid::bigint FROM pg_database WHERE datname = current_database());
    result integer;
BEGIN
    INSERT INTO app.instance AS i (incarnation, system_identifier, database_oid) VALUES (1, system, base)
        ON CONFLICT (only_one) DO UPDATE SET
            incarnation = i.incarnation
                + (i.system_identifier <> system OR i.database_oid <> base)::integer,
            system_identifier = system, database_oid = base, opened_at = now()
        RETURNING incarnation INTO result;
    RETURN result;
END $$;
REVOKE ALL ON FUNCTION app.open_instance() FROM PUBLIC;

-- ---------------------------------------------------------------------------------------------
-- Triggers of every tenant table.

CREATE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.tenant_id <> OLD.tenant_id OR NEW.id <> OLD.id THEN
        RAISE EXCEPTION 'a row keeps its tenant and its id' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF app.branch_mode() = 'apply' THEN
        RETURN NEW;
    END IF;
    NEW.updated_at := now();
    NEW.version := OLD.version + 1;
    RETURN NEW;
END $$;

-- Appends the changed rows to <table>_history, once per statement. Arguments: columns that stay out
-- (sealed secrets). A deletion counts as one more version, so that (at, version) orders all changes.
CREATE FUNCTION app.record_history() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    hidden text[] := CASE WHEN TG_NARGS > 0 THEN TG_ARGV[0:TG_NARGS - 1] ELSE '{}' END;
BEGIN
    EXECUTE format(
        'INSERT INTO %I.%I (tenant_id, id, version, operation, actor, request_id, data)
         SELECT c.tenant_id, c.id, c.version + $1, $2, $3, app.request_id(), to_jsonb(c) - $4 FROM changed c',
        TG_TABLE_SCHEMA, TG_TABLE_NAME || '_history')
    USING (TG_OP = 'DELETE')::integer,
        CASE TG_OP WHEN 'INSERT' THEN 'create' WHEN 'UPDATE' THEN 'update' ELSE 'delete' END,
        coalesce(app.actor(), current_user), hidden;
    RETURN NULL;
END $$;

-- A branch holds rows that have a history. What else a transaction writes there would be lost.
CREATE FUNCTION app.branch_refuse() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'This cannot be done in a branch. Leave the branch and repeat it.'
        USING ERRCODE = 'PB409', DETAIL = format('%I.%I', TG_TABLE_SCHEMA, TG_TABLE_NAME);
END $$;

-- ---------------------------------------------------------------------------------------------
-- What a migration calls.

CREATE FUNCTION app.isolate_table(target regclass, kind text) RETURNS void LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    space text := (SELECT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                   WHERE c.oid = target);
BEGIN
    -- Rows of a history come from rows that hold this key themselves; a second look at the tenant for
    -- each of them would only cost.
    IF kind <> 'history' AND NOT EXISTS (
        SELECT FROM pg_constraint f
        WHERE f.conrelid = target AND f.contype = 'f' AND f.confrelid = 'app.tenant'::regclass
          AND f.conkey = ARRAY[(SELECT attnum FROM pg_attribute
                                WHERE attrelid = target AND attname = 'tenant_id')]
    ) THEN
        EXECUTE format('ALTER TABLE %s ADD FOREIGN KEY (tenant_id) REFERENCES app.tenant (id)', target);
    END IF;
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', target);
    EXECUTE format(
        'CREATE POLICY tenant_isolation ON %s TO portolan_app
         USING (tenant_id = (SELECT app.tenant_id())) WITH CHECK (tenant_id = (SELECT app.tenant_id()))',
        target);
    EXECUTE format(
        'CREATE POLICY maintenance ON %s TO portolan_backfill USING (true) WITH CHECK (true)', target);
    EXECUTE format('REVOKE ALL ON %s FROM PUBLIC', target);
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO portolan_app, portolan_backfill', space);
    EXECUTE format('GRANT SELECT, INSERT%s ON %s TO portolan_app',
                   CASE kind WHEN 'record' THEN ', UPDATE, DELETE' ELSE '' END, target);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO portolan_backfill', target);
    INSERT INTO app.tenant_table (table_schema, table_name, kind, delete_order)
        SELECT space, c.relname, isolate_table.kind, (SELECT count(*) FROM app.tenant_table)
        FROM pg_class c WHERE c.oid = target;
END $$;
REVOKE ALL ON FUNCTION app.isolate_table(regclass, text) FROM PUBLIC;

-- Text that history leaves out, like bytea: digests of passwords.
CREATE DOMAIN app.secret_text AS text;

CREATE FUNCTION app.make_tenant_table(
    target regclass, history boolean DEFAULT false, append_only boolean DEFAULT false
) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    wanted record;
    space text;
    base text;
    secret_columns text;
BEGIN
    SELECT n.nspname, c.relname INTO space, base
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = target;
    IF history AND append_only THEN
        RAISE EXCEPTION '%: an append-only table is its own history', target;
    END IF;
    FOR wanted IN
        SELECT * FROM (VALUES
            ('id', 'uuid', NULL, true),
            ('tenant_id', 'uuid', 'app.tenant_id()', true),
            ('created_at', 'timestamp with time zone', 'now()', true),
            ('updated_at', 'timestamp with time zone', 'now()', NOT append_only),
            ('version', 'bigint', '1', NOT append_only)
        ) AS v (name, type, preset, needed) WHERE needed
    LOOP
        IF NOT EXISTS (
            SELECT FROM pg_attribute a
            LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
            WHERE a.attrelid = target AND a.attname = wanted.name AND NOT a.attisdropped AND a.attnotnull
              AND format_type(a.atttypid, NULL) = wanted.type
              AND (wanted.preset IS NULL OR pg_get_expr(d.adbin, d.adrelid) = wanted.preset)
        ) THEN
            RAISE EXCEPTION '% needs the column "% % NOT NULL%"', target, wanted.name, wanted.type,
                coalesce(' DEFAULT ' || wanted.preset, '');
        END IF;
    END LOOP;
    IF NOT EXISTS (
        SELECT FROM pg_constraint c WHERE c.conrelid = target AND c.contype = 'p'
          AND pg_get_constraintdef(c.oid) = 'PRIMARY KEY (tenant_id, id)'
    ) THEN
        RAISE EXCEPTION '% needs PRIMARY KEY (tenant_id, id)', target;
    END IF;
    PERFORM app.isolate_table(target, CASE WHEN append_only THEN 'append_only' ELSE 'record' END);
    IF NOT history THEN
        EXECUTE format(
            'CREATE TRIGGER branch_refuse BEFORE INSERT OR UPDATE OR DELETE ON %s FOR EACH STATEMENT
             WHEN (app.branch_mode() = ''keep'') EXECUTE FUNCTION app.branch_refuse()', target);
    END IF;
    IF append_only THEN
        RETURN;
    END IF;
    EXECUTE format(
        'CREATE TRIGGER touch BEFORE UPDATE ON %s FOR EACH ROW EXECUTE FUNCTION app.touch()', target);
    IF NOT history THEN
        RETURN;
    END IF;
    EXECUTE format(
        'CREATE TABLE %I.%I (
            tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
            id uuid NOT NULL,
            version bigint NOT NULL,
            operation text NOT NULL CHECK (operation IN (''create'', ''update'', ''delete'')),
            at timestamptz NOT NULL DEFAULT now(),
            actor text NOT NULL,
            request_id uuid,
            data jsonb NOT NULL,
            PRIMARY KEY (tenant_id, id, at, version, operation))', space, base || '_history');
    EXECUTE format('CREATE INDEX ON %I.%I (tenant_id, at)', space, base || '_history');
    PERFORM app.isolate_table(format('%I.%I', space, base || '_history')::regclass, 'history');
    SELECT string_agg(quote_literal(attname), ', ') INTO secret_columns FROM pg_attribute
        WHERE attrelid = target AND atttypid IN ('bytea'::regtype, 'app.secret_text'::regtype)
          AND NOT attisdropped;
    FOR wanted IN
        SELECT * FROM (VALUES
            ('INSERT', 'NEW TABLE AS changed', 'NEW TABLE AS changed'),
            ('UPDATE', 'NEW TABLE AS changed', 'OLD TABLE AS former NEW TABLE AS changed'),
            ('DELETE', 'OLD TABLE AS changed', 'OLD TABLE AS former')
        ) AS v (operation, sides, both_sides)
    LOOP
        EXECUTE format(
            'CREATE TRIGGER %I AFTER %s ON %s REFERENCING %s FOR EACH STATEMENT
             WHEN (app.branch_mode() IS NULL) EXECUTE FUNCTION app.record_history(%s)',
            'history_' || lower(wanted.operation), wanted.operation, target, wanted.sides,
            coalesce(secret_columns, ''));
        EXECUTE format(
            'CREATE TRIGGER %I AFTER %s ON %s REFERENCING %s FOR EACH STATEMENT
             WHEN (app.branch_mode() = ''keep'') EXECUTE FUNCTION app.branch_capture(%s)',
            'branch_' || lower(wanted.operation), wanted.operation, target, wanted.both_sides,
            coalesce(secret_columns, ''));
    END LOOP;
END $$;
REVOKE ALL ON FUNCTION app.make_tenant_table(regclass, boolean, boolean) FROM PUBLIC;

CREATE FUNCTION app.make_global_table(target regclass) RETURNS void LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    space text := (SELECT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                   WHERE c.oid = target);
BEGIN
    IF EXISTS (SELECT FROM pg_attribute WHERE attrelid = target AND attname = 'tenant_id') THEN
        RAISE EXCEPTION '% has a tenant_id: call app.make_tenant_table', target;
    END IF;
    EXECUTE format('REVOKE ALL ON %s FROM PUBLIC', target);
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO portolan_app, portolan_backfill', space);
    EXECUTE format('GRANT SELECT ON %s TO portolan_app, portolan_backfill', target);
    INSERT INTO app.global_table SELECT space, relname FROM pg_class WHERE oid = target
        ON CONFLICT DO NOTHING;
END $$;
REVOKE ALL ON FUNCTION app.make_global_table(regclass) FROM PUBLIC;

-- Lets portolan_definer read a tenant table across tenants.
CREATE FUNCTION app.definer_reads(target regclass) RETURNS void LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    space text := (SELECT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                   WHERE c.oid = target);
BEGIN
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO portolan_definer', space);
    EXECUTE format('GRANT SELECT ON %s TO portolan_definer', target);
    EXECUTE format('CREATE POLICY definer ON %s FOR SELECT TO portolan_definer USING (true)', target);
END $$;
REVOKE ALL ON FUNCTION app.definer_reads(regclass) FROM PUBLIC;

-- Makes a SECURITY DEFINER function one that portolan_app may call.
CREATE FUNCTION app.allow_definer(target regprocedure) RETURNS void LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    space text;
    fixed boolean;
BEGIN
    SELECT n.nspname, p.prosecdef AND EXISTS (
            SELECT FROM unnest(p.proconfig) setting WHERE setting LIKE 'search_path=%pg_temp')
        INTO space, fixed
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.oid = target;
    IF NOT fixed THEN
        RAISE EXCEPTION '% needs SECURITY DEFINER SET search_path = pg_catalog, pg_temp', target;
    END IF;
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', target);
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO portolan_app, portolan_definer', space);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO portolan_app', target);
    EXECUTE format('GRANT CREATE ON SCHEMA %I TO portolan_definer', space);
    EXECUTE format('ALTER FUNCTION %s OWNER TO portolan_definer', target);
    EXECUTE format('REVOKE CREATE ON SCHEMA %I FROM portolan_definer', space);
    INSERT INTO app.definer_function VALUES (target::text) ON CONFLICT DO NOTHING;
END $$;
REVOKE ALL ON FUNCTION app.allow_definer(regprocedure) FROM PUBLIC;

-- What is written into this table in a branch is left behind: it follows from the records, and is written
-- again when the branch is merged.
CREATE FUNCTION app.leave_in_branch(target regclass) RETURNS void LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    EXECUTE format('DROP TRIGGER branch_refuse ON %s', target);
END $$;
REVOKE ALL ON FUNCTION app.leave_in_branch(regclass) FROM PUBLIC;

-- Filled in by 0003, which has the table that it writes to.
CREATE FUNCTION app.branch_capture() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;

-- Removes a tenant table together with its history and its registration.
CREATE FUNCTION app.drop_tenant_table(target regclass) RETURNS void LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    space text;
    base text;
BEGIN
    SELECT n.nspname, c.relname INTO space, base
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = target;
    EXECUTE format('DROP TABLE %s', target);
    EXECUTE format('DROP TABLE IF EXISTS %I.%I', space, base || '_history');
    DELETE FROM app.tenant_table t WHERE t.table_schema = space AND t.table_name IN (base, base || '_history');
END $$;
REVOKE ALL ON FUNCTION app.drop_tenant_table(regclass) FROM PUBLIC;

-- ---------------------------------------------------------------------------------------------
-- Policies and rights of the core's own tables.

ALTER TABLE app.tenant ENABLE ROW LEVEL SECURITY;
ALTER TABLE app.tenant FORCE ROW LEVEL SECURITY;
ALTER TABLE app.tenant_closure ENABLE ROW LEVEL SECURITY;
ALTER TABLE app.tenant_closure FORCE ROW LEVEL SECURITY;
CREATE POLICY visible ON app.tenant_closure FOR SELECT TO portolan_app
    USING (ancestor_id = (SELECT app.tenant_id()));
CREATE POLICY visible ON app.tenant FOR SELECT TO portolan_app
    USING (id IN (SELECT c.descendant_id FROM app.tenant_closure c WHERE c.ancestor_id = (SELECT app.tenant_id())));
CREATE POLICY relay ON app.tenant FOR SELECT TO portolan_relay USING (true);
CREATE POLICY definer ON app.tenant FOR SELECT TO portolan_definer USING (true);
CREATE POLICY definer ON app.tenant_closure FOR SELECT TO portolan_definer USING (true);
CREATE POLICY maintenance ON app.tenant TO portolan_backfill USING (true) WITH CHECK (true);
CREATE POLICY maintenance ON app.tenant_closure TO portolan_backfill USING (true) WITH CHECK (true);
GRANT SELECT ON app.tenant TO portolan_app, portolan_relay, portolan_definer;
GRANT SELECT ON app.tenant_closure TO portolan_app, portolan_definer;
GRANT SELECT, INSERT, UPDATE, DELETE ON app.tenant, app.tenant_closure TO portolan_backfill;
GRANT SELECT ON app.tenant_table TO portolan_backfill;
INSERT INTO app.global_table VALUES ('app', 'tenant'), ('app', 'tenant_closure'), ('app', 'tenant_table'),
    ('app', 'global_table'), ('app', 'definer_function'), ('app', 'instance'), ('app', 'migration');

-- ---------------------------------------------------------------------------------------------
-- Numbers: short integer ids per tenant and name, handed out in blocks. Gaps are normal.

CREATE TABLE app.counter (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    name text NOT NULL,
    value bigint NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, name)
);
SELECT app.make_tenant_table('app.counter');

CREATE FUNCTION app.next_numbers(name text, count integer) RETURNS bigint LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    last bigint;
BEGIN
    IF count NOT BETWEEN 1 AND 1000000 THEN
        RAISE EXCEPTION 'a block has 1 to 1000000 numbers' USING ERRCODE = 'check_violation';
    END IF;
    INSERT INTO app.counter AS c (name, value) VALUES (next_numbers.name, next_numbers.count)
        ON CONFLICT ON CONSTRAINT counter_tenant_id_name_key
        DO UPDATE SET value = c.value + EXCLUDED.value
        RETURNING c.value INTO last;
    RETURN last - count + 1;
END $$;
REVOKE ALL ON FUNCTION app.next_numbers(text, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.next_numbers(text, integer) TO portolan_app;
