-- Generated from record models by `records::schema`. Do not edit: change the descriptor and run
-- the test that compares them with UPDATE=1.

CREATE SCHEMA IF NOT EXISTS "monitoring";

-- monitoring.credential: SNMP communities and users with which devices are asked. Secrets can be written, never read.
CREATE TABLE "monitoring"."credential" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 64),
    "name_ci" text COLLATE "C" GENERATED ALWAYS AS (lower("name" COLLATE "und-x-icu") COLLATE "C") STORED,
    "kind" text COLLATE "C" NOT NULL DEFAULT 'v2c' CHECK ("kind" IN ('v2c', 'v3', 'v1')),
    "community" bytea,
    "community_set_at" timestamptz,
    "username" text COLLATE "C" CHECK (char_length("username") BETWEEN 1 AND 32),
    "auth_protocol" text COLLATE "C" CHECK ("auth_protocol" IN ('none', 'md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512')),
    "auth_key" bytea,
    "auth_key_set_at" timestamptz,
    "priv_protocol" text COLLATE "C" CHECK ("priv_protocol" IN ('none', 'des', 'aes128', 'aes192', 'aes256', 'aes192c', 'aes256c')),
    "priv_key" bytea,
    "priv_key_set_at" timestamptz,
    "context" text COLLATE "C" CHECK (char_length("context") BETWEEN 1 AND 64),
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 256),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "credential_name_key" ON "monitoring"."credential" (tenant_id, "name_ci");
SELECT app.make_tenant_table('monitoring.credential', history => true);

-- monitoring.scope: Seeds and limits of a discovery that can be started again at any time, or by itself.
CREATE TABLE "monitoring"."scope" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 64),
    "name_ci" text COLLATE "C" GENERATED ALWAYS AS (lower("name" COLLATE "und-x-icu") COLLATE "C") STORED,
    "enabled" boolean NOT NULL DEFAULT true,
    "seeds" text[] NOT NULL CHECK (cardinality("seeds") <= 256),
    "allow" cidr[] NOT NULL CHECK (cardinality("allow") <= 256),
    "deny" cidr[] NOT NULL DEFAULT '{}' CHECK (cardinality("deny") <= 256),
    "credentials" uuid[] NOT NULL,
    "max_depth" bigint NOT NULL DEFAULT 8 CHECK ("max_depth" BETWEEN 0 AND 64),
    "max_devices" bigint NOT NULL DEFAULT 5000 CHECK ("max_devices" BETWEEN 1 AND 100000),
    "port" bigint NOT NULL DEFAULT 161 CHECK ("port" BETWEEN 1 AND 65535),
    "rate" bigint NOT NULL DEFAULT 50 CHECK ("rate" BETWEEN 1 AND 1000),
    "partition" text COLLATE "C" NOT NULL DEFAULT 'default' CHECK (char_length("partition") BETWEEN 1 AND 64),
    "interval_hours" bigint CHECK ("interval_hours" BETWEEN 1 AND 720),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "scope_name_key" ON "monitoring"."scope" (tenant_id, "name_ci");
SELECT app.make_tenant_table('monitoring.scope', history => true);
