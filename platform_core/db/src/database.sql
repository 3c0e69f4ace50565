-- Rights on the database, which is Portolan's alone. Idempotent.
DO $$
BEGIN
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT, CREATE ON DATABASE %I TO portolan_owner', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO portolan_migrator, portolan_app, portolan_relay',
        current_database());
END $$;
