-- Tables that only the definer's functions see: where a name or a credential leads before any tenant
-- is known. They may name tenants, because no runtime role can read them.

CREATE FUNCTION app.make_definer_table(target regclass) RETURNS void LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    space text := (SELECT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                   WHERE c.oid = target);
BEGIN
    EXECUTE format('REVOKE ALL ON %s FROM PUBLIC', target);
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO portolan_definer, portolan_backfill', space);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO portolan_definer, portolan_backfill', target);
    INSERT INTO app.global_table SELECT space, relname FROM pg_class WHERE oid = target
        ON CONFLICT DO NOTHING;
END $$;
REVOKE ALL ON FUNCTION app.make_definer_table(regclass) FROM PUBLIC;

-- Twice is once.
CREATE OR REPLACE FUNCTION app.definer_reads(target regclass) RETURNS void LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    space text := (SELECT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                   WHERE c.oid = target);
BEGIN
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO portolan_definer', space);
    EXECUTE format('GRANT SELECT ON %s TO portolan_definer', target);
    IF NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = target AND polname = 'definer') THEN
        EXECUTE format('CREATE POLICY definer ON %s FOR SELECT TO portolan_definer USING (true)', target);
    END IF;
END $$;
