-- Browser sessions and access tokens. Only the SHA-256 of their value is stored.
CREATE TABLE app.session (
    tenant_id     uuid        NOT NULL DEFAULT app.tenant_id(),
    id            uuid        NOT NULL,
    user_id       uuid        NOT NULL,
    acting_tenant uuid        NOT NULL,
    kind          text        NOT NULL CHECK (kind IN ('cookie', 'access')),
    digest        bytea       NOT NULL CHECK (length(digest) = 32),
    expires_at    timestamptz NOT NULL,
    last_seen_at  timestamptz NOT NULL DEFAULT now(),
    address       inet,
    user_agent    text        NOT NULL DEFAULT '' CHECK (length(user_agent) <= 256),
    created_at    timestamptz NOT NULL DEFAULT now(),
    updated_at    timestamptz NOT NULL DEFAULT now(),
    version       bigint      NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, digest),
    FOREIGN KEY (tenant_id, user_id) REFERENCES app.user_account (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX session_of_user ON app.session (tenant_id, user_id);
SELECT app.make_tenant_table('app.session');

-- Where a name or a credential leads before any tenant is known. Nobody but the definer role sees the
-- table; app.find_credential tells tenant and row of one exact key, and everything else is then read
-- in that tenant under row-level security.
CREATE TABLE app.credential_key (
    kind      text  NOT NULL CHECK (kind IN ('login', 'session', 'token')),
    key       bytea NOT NULL,
    tenant    uuid  NOT NULL REFERENCES app.tenant (id) ON DELETE CASCADE,
    row_id    uuid  NOT NULL,
    PRIMARY KEY (kind, key, tenant, row_id)
);
CREATE INDEX credential_key_row ON app.credential_key (tenant, row_id);
SELECT app.make_definer_table('app.credential_key');
SELECT app.definer_reads('app.tenant');

CREATE FUNCTION app.find_credential(wanted_kind text, wanted_key bytea)
    RETURNS TABLE (tenant_id uuid, row_id uuid, epoch bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT k.tenant, k.row_id, t.authz_epoch
    FROM app.credential_key k JOIN app.tenant t ON t.id = k.tenant
    WHERE k.kind = wanted_kind AND k.key = wanted_key AND t.status NOT IN ('deleting', 'deleted')
    ORDER BY k.tenant, k.row_id
    LIMIT 8
$$;
SELECT app.allow_definer('app.find_credential(text, bytea)');

CREATE FUNCTION app.keep_user_keys() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        DELETE FROM app.credential_key k
        WHERE k.tenant = OLD.tenant_id AND k.row_id = OLD.id AND k.kind = 'login';
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO app.credential_key (kind, key, tenant, row_id)
        SELECT DISTINCT 'login', sha256(convert_to(lower(login COLLATE "C"), 'UTF8')), NEW.tenant_id, NEW.id
        FROM unnest(ARRAY[NEW.name, NEW.email]) AS login
        WHERE login IS NOT NULL AND login <> '';
    END IF;
    RETURN NULL;
END $$;
SELECT app.allow_definer('app.keep_user_keys()');
CREATE TRIGGER keep_user_keys AFTER INSERT OR UPDATE OF name, email OR DELETE ON app.user_account
    FOR EACH ROW EXECUTE FUNCTION app.keep_user_keys();

CREATE FUNCTION app.keep_session_key() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        DELETE FROM app.credential_key k
        WHERE k.tenant = OLD.tenant_id AND k.row_id = OLD.id AND k.kind = 'session';
    ELSE
        INSERT INTO app.credential_key VALUES ('session', NEW.digest, NEW.tenant_id, NEW.id);
    END IF;
    RETURN NULL;
END $$;
SELECT app.allow_definer('app.keep_session_key()');
CREATE TRIGGER keep_session_key AFTER INSERT OR DELETE ON app.session
    FOR EACH ROW EXECUTE FUNCTION app.keep_session_key();

CREATE FUNCTION app.keep_token_key() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        DELETE FROM app.credential_key k
        WHERE k.tenant = OLD.tenant_id AND k.row_id = OLD.id AND k.kind = 'token';
    ELSE
        INSERT INTO app.credential_key
        VALUES ('token', sha256(convert_to(NEW.lookup, 'UTF8')), NEW.tenant_id, NEW.id);
    END IF;
    RETURN NULL;
END $$;
SELECT app.allow_definer('app.keep_token_key()');
CREATE TRIGGER keep_token_key AFTER INSERT OR DELETE ON app.api_token
    FOR EACH ROW EXECUTE FUNCTION app.keep_token_key();

-- Changes of rights are told to every cache by the tenant's epoch, in the transaction of the change.
GRANT UPDATE (authz_epoch) ON app.tenant TO portolan_definer;
CREATE POLICY bump_epoch ON app.tenant FOR UPDATE TO portolan_definer USING (true) WITH CHECK (true);
CREATE FUNCTION app.bump_authz_epoch() RETURNS void
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    UPDATE app.tenant SET authz_epoch = authz_epoch + 1 WHERE id = app.tenant_id()
$$;
SELECT app.allow_definer('app.bump_authz_epoch()');
