-- Generated from record models by `records::schema`. Do not edit: change the descriptor and run
-- the test that compares them with UPDATE=1.

-- platform.data_source: Places whose files are used here: templates, contexts.
CREATE TABLE "app"."data_source" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 100),
    "type" text COLLATE "C" NOT NULL CHECK ("type" IN ('local', 'git')),
    "source_url" text COLLATE "C" NOT NULL CHECK (char_length("source_url") BETWEEN 1 AND 200),
    "enabled" boolean NOT NULL DEFAULT true,
    "status" text COLLATE "C" NOT NULL DEFAULT 'new' CHECK ("status" IN ('new', 'queued', 'syncing', 'completed', 'failed')),
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "sync_interval" bigint CHECK ("sync_interval" BETWEEN 1 AND 525600),
    "parameters" jsonb,
    "password" bytea,
    "password_set_at" timestamptz,
    "ignore_rules" text COLLATE "C" CHECK (char_length("ignore_rules") BETWEEN 1 AND 16384),
    "comments" text COLLATE "C" CHECK (char_length("comments") BETWEEN 1 AND 65536),
    "owner" uuid,
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "last_synced" timestamptz,
    "error" text COLLATE "C" CHECK (char_length("error") BETWEEN 1 AND 1000),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "data_source_number_key" ON "app"."data_source" (tenant_id, number);
CREATE UNIQUE INDEX "data_source_name_key" ON "app"."data_source" (tenant_id, "name");
SELECT app.make_tenant_table('app.data_source', history => true);

-- platform.data_file: A file of a data source, as it was found last.
CREATE TABLE "app"."data_file" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "source" uuid NOT NULL,
    "path" text COLLATE "C" NOT NULL CHECK (char_length("path") BETWEEN 1 AND 1000),
    "size" bigint NOT NULL CHECK ("size" BETWEEN 0 AND 1073741824),
    "hash" text COLLATE "C" NOT NULL CHECK (char_length("hash") BETWEEN 1 AND 64),
    "text" text COLLATE "C" CHECK (char_length("text") BETWEEN 1 AND 65536),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "data_file_number_key" ON "app"."data_file" (tenant_id, number);
CREATE UNIQUE INDEX "data_file_source_path_key" ON "app"."data_file" (tenant_id, "source", "path");
CREATE INDEX "data_file_path_idx" ON "app"."data_file" (tenant_id, "path", id);
CREATE INDEX "data_file_hash_idx" ON "app"."data_file" (tenant_id, "hash", id);
SELECT app.make_tenant_table('app.data_file');

ALTER TABLE "app"."data_source" ADD CONSTRAINT "data_source_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "app"."data_file" ADD CONSTRAINT "data_file_source_fkey"
    FOREIGN KEY (tenant_id, "source") REFERENCES "app"."data_source" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;
