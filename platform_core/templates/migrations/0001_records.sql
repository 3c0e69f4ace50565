-- Generated from record models by `records::schema`. Do not edit: change the descriptor and run
-- the test that compares them with UPDATE=1.

-- platform.export_template: How a list is written into a file: a template over its records.
CREATE TABLE "app"."export_template" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "object_types" text[] NOT NULL CHECK (cardinality("object_types") <= 200),
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 100),
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "environment_params" jsonb NOT NULL DEFAULT '{}',
    "template_code" text COLLATE "C" NOT NULL CHECK (char_length("template_code") BETWEEN 1 AND 65536),
    "mime_type" text COLLATE "C" CHECK (char_length("mime_type") BETWEEN 1 AND 50),
    "file_name" text COLLATE "C" CHECK (char_length("file_name") BETWEEN 1 AND 200),
    "file_extension" text COLLATE "C" CHECK (char_length("file_extension") BETWEEN 1 AND 15),
    "as_attachment" boolean NOT NULL DEFAULT true,
    "data_source" uuid,
    "data_file" uuid,
    "data_path" text COLLATE "C" CHECK (char_length("data_path") BETWEEN 1 AND 1000),
    "auto_sync_enabled" boolean NOT NULL DEFAULT false,
    "data_synced" timestamptz,
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "export_template_number_key" ON "app"."export_template" (tenant_id, number);
CREATE INDEX "export_template_name_idx" ON "app"."export_template" (tenant_id, "name", id);
CREATE INDEX "export_template_data_source_idx" ON "app"."export_template" (tenant_id, "data_source", id) WHERE "data_source" IS NOT NULL;
CREATE INDEX "export_template_data_file_idx" ON "app"."export_template" (tenant_id, "data_file", id) WHERE "data_file" IS NOT NULL;
SELECT app.make_tenant_table('app.export_template', history => true);

-- platform.config_template: What the configuration of a device is made from: a template.
CREATE TABLE "app"."config_template" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 100),
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "environment_params" jsonb NOT NULL DEFAULT '{}',
    "template_code" text COLLATE "C" NOT NULL CHECK (char_length("template_code") BETWEEN 1 AND 65536),
    "mime_type" text COLLATE "C" CHECK (char_length("mime_type") BETWEEN 1 AND 50),
    "file_name" text COLLATE "C" CHECK (char_length("file_name") BETWEEN 1 AND 200),
    "file_extension" text COLLATE "C" CHECK (char_length("file_extension") BETWEEN 1 AND 15),
    "as_attachment" boolean NOT NULL DEFAULT true,
    "debug" boolean NOT NULL DEFAULT false,
    "data_source" uuid,
    "data_file" uuid,
    "data_path" text COLLATE "C" CHECK (char_length("data_path") BETWEEN 1 AND 1000),
    "auto_sync_enabled" boolean NOT NULL DEFAULT false,
    "data_synced" timestamptz,
    "owner" uuid,
    "tags" uuid[] NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "config_template_number_key" ON "app"."config_template" (tenant_id, number);
CREATE INDEX "config_template_name_idx" ON "app"."config_template" (tenant_id, "name", id);
CREATE INDEX "config_template_data_source_idx" ON "app"."config_template" (tenant_id, "data_source", id) WHERE "data_source" IS NOT NULL;
CREATE INDEX "config_template_data_file_idx" ON "app"."config_template" (tenant_id, "data_file", id) WHERE "data_file" IS NOT NULL;
SELECT app.make_tenant_table('app.config_template', history => true);

ALTER TABLE "app"."export_template" ADD CONSTRAINT "export_template_data_source_fkey"
    FOREIGN KEY (tenant_id, "data_source") REFERENCES "app"."data_source" (tenant_id, id) DEFERRABLE;

ALTER TABLE "app"."export_template" ADD CONSTRAINT "export_template_data_file_fkey"
    FOREIGN KEY (tenant_id, "data_file") REFERENCES "app"."data_file" (tenant_id, id) ON DELETE SET NULL ("data_file") DEFERRABLE;

ALTER TABLE "app"."export_template" ADD CONSTRAINT "export_template_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "app"."config_template" ADD CONSTRAINT "config_template_data_source_fkey"
    FOREIGN KEY (tenant_id, "data_source") REFERENCES "app"."data_source" (tenant_id, id) DEFERRABLE;

ALTER TABLE "app"."config_template" ADD CONSTRAINT "config_template_data_file_fkey"
    FOREIGN KEY (tenant_id, "data_file") REFERENCES "app"."data_file" (tenant_id, id) ON DELETE SET NULL ("data_file") DEFERRABLE;

ALTER TABLE "app"."config_template" ADD CONSTRAINT "config_template_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;
