-- Generated from record models by `records::schema`. Do not edit: change the descriptor and run
-- the test that compares them with UPDATE=1.

CREATE SCHEMA IF NOT EXISTS "lab";

-- lab.site: For tests.
CREATE TABLE "lab"."site" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 50),
    "name_ci" text COLLATE "C" GENERATED ALWAYS AS (lower("name" COLLATE "und-x-icu") COLLATE "C") STORED,
    "supernet" cidr,
    "parent" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "site_name_key" ON "lab"."site" (tenant_id, "name_ci");
CREATE INDEX "site_supernet_idx" ON "lab"."site" (tenant_id, "supernet", id);
CREATE INDEX "site_parent_idx" ON "lab"."site" (tenant_id, "parent", id) WHERE "parent" IS NOT NULL;
SELECT app.make_tenant_table('lab.site', history => true);

-- lab.device: For tests.
CREATE TABLE "lab"."device" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 64),
    "name_ci" text COLLATE "C" GENERATED ALWAYS AS (lower("name" COLLATE "und-x-icu") COLLATE "C") STORED,
    "asset_tag" text COLLATE "C" CHECK (char_length("asset_tag") BETWEEN 1 AND 20),
    "asset_tag_ci" text COLLATE "C" GENERATED ALWAYS AS (lower("asset_tag" COLLATE "und-x-icu") COLLATE "C") STORED,
    "slug" text COLLATE "C" CHECK (char_length("slug") BETWEEN 1 AND 64),
    "slug_ci" text COLLATE "C" GENERATED ALWAYS AS (lower("slug" COLLATE "und-x-icu") COLLATE "C") STORED,
    "serial" text COLLATE "C" CHECK (char_length("serial") BETWEEN 1 AND 30),
    "serial_ci" text COLLATE "C" GENERATED ALWAYS AS (lower("serial" COLLATE "und-x-icu") COLLATE "C") STORED,
    "comments" text COLLATE "C" CHECK (char_length("comments") BETWEEN 1 AND 2000),
    "height" bigint NOT NULL DEFAULT 1 CHECK ("height" BETWEEN 1 AND 48),
    "asn" bigint,
    "active" boolean NOT NULL DEFAULT true,
    "installed_at" timestamptz,
    "owner" uuid,
    "kind" text COLLATE "C" NOT NULL DEFAULT 'host' CHECK ("kind" IN ('router', 'switch', 'host')),
    "site" uuid NOT NULL,
    "backup_of" uuid,
    "peers" uuid[],
    "address" inet CHECK (masklen("address") = CASE family("address") WHEN 4 THEN 32 ELSE 128 END),
    "network" cidr,
    "labels" text[] NOT NULL DEFAULT '{}' CHECK (cardinality("labels") <= 5),
    "allowed" cidr[] CHECK (cardinality("allowed") <= 4),
    "extra" jsonb,
    "bgp_id" text COLLATE "C" CHECK (char_length("bgp_id") BETWEEN 1 AND 20),
    "bfd" boolean,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "device_asset_tag_key" ON "lab"."device" (tenant_id, "asset_tag_ci");
CREATE UNIQUE INDEX "device_site_name_key" ON "lab"."device" (tenant_id, "site", "name_ci");
CREATE INDEX "device_name_idx" ON "lab"."device" (tenant_id, "name_ci", id);
CREATE INDEX "device_slug_idx" ON "lab"."device" (tenant_id, "slug_ci", id);
CREATE INDEX "device_serial_idx" ON "lab"."device" (tenant_id, "serial_ci", id);
CREATE INDEX "device_height_idx" ON "lab"."device" (tenant_id, "height", id);
CREATE INDEX "device_asn_idx" ON "lab"."device" (tenant_id, "asn", id);
CREATE INDEX "device_installed_at_idx" ON "lab"."device" (tenant_id, "installed_at", id);
CREATE INDEX "device_owner_idx" ON "lab"."device" (tenant_id, "owner", id);
CREATE INDEX "device_kind_idx" ON "lab"."device" (tenant_id, "kind", id);
CREATE INDEX "device_backup_of_idx" ON "lab"."device" (tenant_id, "backup_of", id) WHERE "backup_of" IS NOT NULL;
CREATE INDEX "device_address_idx" ON "lab"."device" (tenant_id, "address", id);
CREATE INDEX "device_network_idx" ON "lab"."device" (tenant_id, "network", id);
SELECT app.make_tenant_table('lab.device', history => true);

-- lab.key: For tests.
CREATE TABLE "lab"."key" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 50),
    "name_ci" text COLLATE "C" GENERATED ALWAYS AS (lower("name" COLLATE "und-x-icu") COLLATE "C") STORED,
    "community" bytea NOT NULL,
    "community_set_at" timestamptz,
    "spare" bytea,
    "spare_set_at" timestamptz,
    "password" app.secret_text,
    "devices" uuid[],
    "site" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "key_name_key" ON "lab"."key" (tenant_id, "name_ci");
CREATE INDEX "key_site_idx" ON "lab"."key" (tenant_id, "site", id) WHERE "site" IS NOT NULL;
SELECT app.make_tenant_table('lab.key', history => true);

-- lab.note: For tests.
CREATE TABLE "lab"."note" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    "text" text COLLATE "C" NOT NULL CHECK (char_length("text") BETWEEN 1 AND 100),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX "note_created_at_idx" ON "lab"."note" (tenant_id, created_at, id);
SELECT app.make_tenant_table('lab.note');

-- lab.region: For tests.
CREATE TABLE "lab"."region" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 50),
    "slug" text COLLATE "C" NOT NULL CHECK (char_length("slug") BETWEEN 1 AND 50),
    "parent" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "region_number_key" ON "lab"."region" (tenant_id, number);
CREATE UNIQUE INDEX "region_slug_key" ON "lab"."region" (tenant_id, "slug");
CREATE UNIQUE INDEX "region_parent_name_within" ON "lab"."region" (tenant_id, "parent", "name") NULLS NOT DISTINCT WHERE "name" IS NOT NULL;
CREATE INDEX "region_name_idx" ON "lab"."region" (tenant_id, "name", id);
CREATE INDEX "region_parent_idx" ON "lab"."region" (tenant_id, "parent", id) WHERE "parent" IS NOT NULL;
SELECT app.make_tenant_table('lab.region', history => true);

-- lab.rack: For tests.
CREATE TABLE "lab"."rack" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 50),
    "name_ci" text COLLATE "C" GENERATED ALWAYS AS (lower("name" COLLATE "und-x-icu") COLLATE "C") STORED,
    "region" uuid,
    "weight" double precision,
    "bought" date,
    "color" text COLLATE "C" CHECK (char_length("color") BETWEEN 1 AND 6),
    "mac" text COLLATE "C" CHECK (char_length("mac") BETWEEN 1 AND 23),
    "mac_ci" text COLLATE "C" GENERATED ALWAYS AS (lower("mac" COLLATE "und-x-icu") COLLATE "C") STORED,
    "units" bigint[] CHECK (cardinality("units") <= 48),
    "address" inet,
    "address_host" inet GENERATED ALWAYS AS (set_masklen("address", CASE family("address") WHEN 4 THEN 32 ELSE 128 END)) STORED,
    "stands_in_type" text COLLATE "C" CHECK ("stands_in_type" IN ('lab.region', 'lab.site')),
    "stands_in_id" uuid,
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "rack_number_key" ON "lab"."rack" (tenant_id, number);
CREATE UNIQUE INDEX "rack_stands_in_name_key" ON "lab"."rack" (tenant_id, "stands_in_id", "stands_in_type", "name_ci") WHERE "stands_in_id" IS NOT NULL;
CREATE INDEX "rack_name_idx" ON "lab"."rack" (tenant_id, "name_ci", id);
CREATE INDEX "rack_region_idx" ON "lab"."rack" (tenant_id, "region", id) WHERE "region" IS NOT NULL;
CREATE INDEX "rack_mac_idx" ON "lab"."rack" (tenant_id, "mac_ci", id);
CREATE INDEX "rack_address_idx" ON "lab"."rack" (tenant_id, "address_host", id);
SELECT app.make_tenant_table('lab.rack', history => true);

ALTER TABLE "lab"."site" ADD CONSTRAINT "site_parent_fkey"
    FOREIGN KEY (tenant_id, "parent") REFERENCES "lab"."site" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "lab"."device" ADD CONSTRAINT "device_site_fkey"
    FOREIGN KEY (tenant_id, "site") REFERENCES "lab"."site" (tenant_id, id) DEFERRABLE;

ALTER TABLE "lab"."device" ADD CONSTRAINT "device_backup_of_fkey"
    FOREIGN KEY (tenant_id, "backup_of") REFERENCES "lab"."device" (tenant_id, id) ON DELETE SET NULL ("backup_of") DEFERRABLE;

ALTER TABLE "lab"."key" ADD CONSTRAINT "key_site_fkey"
    FOREIGN KEY (tenant_id, "site") REFERENCES "lab"."site" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "lab"."region" ADD CONSTRAINT "region_parent_fkey"
    FOREIGN KEY (tenant_id, "parent") REFERENCES "lab"."region" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "lab"."rack" ADD CONSTRAINT "rack_region_fkey"
    FOREIGN KEY (tenant_id, "region") REFERENCES "lab"."region" (tenant_id, id) DEFERRABLE;
