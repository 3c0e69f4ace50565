-- The behavioural test, generated from the catalogue: for every tenant table one row of each of two
-- tenants, then what portolan_app may see and do. Needs a superuser; everything is undone by the
-- caller's ROLLBACK, also the dropped checks and the switched-off triggers.
CREATE FUNCTION pg_temp.sample(kind oid) RETURNS text LANGUAGE sql AS $$
    SELECT CASE
        WHEN t.typtype = 'e' THEN
            (SELECT quote_literal(enumlabel) FROM pg_enum WHERE enumtypid = kind ORDER BY enumsortorder LIMIT 1)
        WHEN t.typcategory = 'A' THEN '''{}'''
        WHEN t.typcategory = 'R' THEN '''empty'''
        ELSE CASE t.typname
            WHEN 'uuid' THEN 'gen_random_uuid()'
            WHEN 'bool' THEN 'false'
            WHEN 'jsonb' THEN '''{}''' WHEN 'json' THEN '''{}'''
            WHEN 'bytea' THEN '''\x00'''
            WHEN 'inet' THEN '''192.0.2.1''' WHEN 'cidr' THEN '''192.0.2.0/24'''
            WHEN 'macaddr' THEN '''00:00:5e:00:53:01''' WHEN 'macaddr8' THEN '''00:00:5e:ff:fe:00:53:01'''
            WHEN 'xid8' THEN '''1'''
            WHEN 'interval' THEN '''1 second'''
            ELSE CASE t.typcategory WHEN 'N' THEN '(random() * 30000)::int' WHEN 'S' THEN 'substr(md5(random()::text), 1, 8)' WHEN 'D' THEN 'now()' END
        END
    END FROM pg_type t WHERE t.oid = kind
$$;

CREATE FUNCTION pg_temp.check_isolation() RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    mine uuid := gen_random_uuid();
    theirs uuid := gen_random_uuid();
    entry record;
    target text;
    columns text;
    samples text;
    seen bigint;
    touched bigint;
    fault text;
BEGIN
    SET LOCAL session_replication_role = replica;
    FOR entry IN SELECT * FROM app.tenant_table ORDER BY delete_order LOOP
        target := format('%I.%I', entry.table_schema, entry.table_name);
        FOR fault IN SELECT conname FROM pg_constraint WHERE conrelid = target::regclass AND contype = 'c' LOOP
            EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', target, fault);
        END LOOP;
        SELECT string_agg(format('%I', a.attname), ', '),
               string_agg(coalesce(pg_temp.sample(a.atttypid), 'NULL'), ', ')
            INTO columns, samples
            FROM pg_attribute a
            WHERE a.attrelid = target::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.attnotnull
              AND NOT a.atthasdef AND a.attidentity = '' AND a.attgenerated = '' AND a.attname <> 'tenant_id';
        EXECUTE format('INSERT INTO %s (tenant_id, %s) VALUES ($1, %s), ($2, %s)', target, columns, samples, samples)
            USING mine, theirs;

        SET LOCAL ROLE portolan_app;
        PERFORM set_config('app.current_tenant', '', true);
        EXECUTE format('SELECT count(*) FROM %s', target) INTO seen;
        IF seen <> 0 THEN RETURN NEXT format('%s: %s rows without a tenant', target, seen); END IF;
        PERFORM set_config('app.current_tenant', mine::text, true);
        EXECUTE format('SELECT count(*) FROM %s', target) INTO seen;
        IF seen <> 1 THEN RETURN NEXT format('%s: a tenant sees %s rows, not 1', target, seen); END IF;
        BEGIN
            EXECUTE format('INSERT INTO %s (tenant_id, %s) VALUES ($1, %s)', target, columns, samples) USING theirs;
            RETURN NEXT format('%s: a row of another tenant was inserted', target);
        EXCEPTION WHEN insufficient_privilege THEN NULL;
        END;
        IF entry.kind = 'record' THEN
            EXECUTE format('UPDATE %s SET tenant_id = tenant_id WHERE tenant_id = $1', target) USING theirs;
            GET DIAGNOSTICS touched = ROW_COUNT;
            IF touched <> 0 THEN RETURN NEXT format('%s: a row of another tenant was updated', target); END IF;
            EXECUTE format('DELETE FROM %s WHERE tenant_id = $1', target) USING theirs;
            GET DIAGNOSTICS touched = ROW_COUNT;
            IF touched <> 0 THEN RETURN NEXT format('%s: a row of another tenant was deleted', target); END IF;
        ELSE
            BEGIN
                EXECUTE format('DELETE FROM %s', target);
                RETURN NEXT format('%s: a row of an append-only table was deleted', target);
            EXCEPTION WHEN insufficient_privilege THEN NULL;
            END;
        END IF;
        RESET ROLE;
        SET LOCAL session_replication_role = replica;
    END LOOP;
END $$;
