-- Data keys, one current and perhaps older ones per tenant, each wrapped by the server's master key.
CREATE TABLE app.tenant_key (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    -- Rises with each new key of the tenant; a sealed secret names the one it was sealed with.
    number integer NOT NULL CHECK (number > 0),
    -- Fingerprint of the master key that wraps it.
    master text NOT NULL,
    wrapped bytea NOT NULL CHECK (octet_length(wrapped) = 60),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, number)
);
SELECT app.make_tenant_table('app.tenant_key');

-- Which master keys are in use at all: a wrong key is noticed before it seals anything.
CREATE FUNCTION app.master_keys() RETURNS SETOF text
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$ SELECT DISTINCT k.master FROM app.tenant_key k LIMIT 10 $$;
SELECT app.definer_reads('app.tenant_key');
SELECT app.allow_definer('app.master_keys()');
