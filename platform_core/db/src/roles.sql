-- Roles, once per cluster. Run by the role of the administrator's URL, or by the private cluster's
-- own superuser. None of our roles is a superuser, bypasses row security or may create roles.
DO $$
DECLARE
    wanted record;
BEGIN
    FOR wanted IN
        SELECT * FROM (VALUES
            ('portolan_owner', 'NOLOGIN INHERIT'),
            ('portolan_definer', 'NOLOGIN NOINHERIT'),
            ('portolan_backfill', 'NOLOGIN NOINHERIT'),
            ('portolan_migrator', 'LOGIN NOINHERIT'),
            ('portolan_app', 'LOGIN NOINHERIT'),
            ('portolan_relay', 'LOGIN NOINHERIT')
        ) AS v (name, attributes)
    LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted.name) THEN
            EXECUTE format('CREATE ROLE %I %s', wanted.name, wanted.attributes);
        END IF;
    END LOOP;
    -- Set role, never inherit: each use is visible in the text.
    IF NOT pg_has_role('portolan_migrator', 'portolan_owner', 'MEMBER') THEN
        GRANT portolan_owner TO portolan_migrator;
    END IF;
    IF NOT pg_has_role('portolan_migrator', 'portolan_backfill', 'MEMBER') THEN
        GRANT portolan_backfill TO portolan_migrator;
    END IF;
    -- To hand the allowed SECURITY DEFINER functions over, and to replace them later (inherits).
    IF NOT pg_has_role('portolan_owner', 'portolan_definer', 'MEMBER') THEN
        GRANT portolan_definer TO portolan_owner;
    END IF;
END $$;
