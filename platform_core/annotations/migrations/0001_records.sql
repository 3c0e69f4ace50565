-- Generated from record models by `records::schema`. Do not edit: change the descriptor and run
-- the test that compares them with UPDATE=1.

-- platform.journal_entry: What people write down about a record: what was done, what was seen.
CREATE TABLE "app"."journal_entry" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "assigned_object_type" text COLLATE "C" NOT NULL,
    "assigned_object_id" uuid NOT NULL,
    "created_by" uuid,
    "kind" text COLLATE "C" NOT NULL DEFAULT 'info' CHECK ("kind" IN ('info', 'success', 'warning', 'danger')),
    "comments" text COLLATE "C" NOT NULL CHECK (char_length("comments") BETWEEN 1 AND 65536),
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "journal_entry_number_key" ON "app"."journal_entry" (tenant_id, number);
CREATE INDEX "journal_entry_assigned_object_idx" ON "app"."journal_entry" (tenant_id, "assigned_object_id", "assigned_object_type", id);
CREATE INDEX "journal_entry_created_by_idx" ON "app"."journal_entry" (tenant_id, "created_by", id) WHERE "created_by" IS NOT NULL;
CREATE INDEX "journal_entry_created_at_idx" ON "app"."journal_entry" (tenant_id, created_at, id);
SELECT app.make_tenant_table('app.journal_entry', history => true);

-- platform.image_attachment: Pictures of a record: the front of a rack, the door of a site.
CREATE TABLE "app"."image_attachment" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "object_type" text COLLATE "C" NOT NULL,
    "object_id" uuid NOT NULL,
    "name" text COLLATE "C" CHECK (char_length("name") BETWEEN 1 AND 50),
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "file_name" text COLLATE "C" NOT NULL CHECK (char_length("file_name") BETWEEN 1 AND 200),
    "media_type" text COLLATE "C" NOT NULL CHECK (char_length("media_type") BETWEEN 1 AND 50),
    "image_width" bigint NOT NULL CHECK ("image_width" BETWEEN 1 AND 65535),
    "image_height" bigint NOT NULL CHECK ("image_height" BETWEEN 1 AND 65535),
    "image_size" bigint NOT NULL CHECK ("image_size" BETWEEN 1 AND 1073741824),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "image_attachment_number_key" ON "app"."image_attachment" (tenant_id, number);
CREATE INDEX "image_attachment_object_idx" ON "app"."image_attachment" (tenant_id, "object_id", "object_type", id);
CREATE INDEX "image_attachment_name_idx" ON "app"."image_attachment" (tenant_id, "name", id);
SELECT app.make_tenant_table('app.image_attachment', history => true);

-- platform.bookmark: Records that somebody wants at hand.
CREATE TABLE "app"."bookmark" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "object_type" text COLLATE "C" NOT NULL,
    "object_id" uuid NOT NULL,
    "user" uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "bookmark_number_key" ON "app"."bookmark" (tenant_id, number);
CREATE UNIQUE INDEX "bookmark_object_user_key" ON "app"."bookmark" (tenant_id, "object_id", "object_type", "user");
CREATE INDEX "bookmark_user_idx" ON "app"."bookmark" (tenant_id, "user", id);
CREATE INDEX "bookmark_created_at_idx" ON "app"."bookmark" (tenant_id, created_at, id);
SELECT app.make_tenant_table('app.bookmark', history => true);

-- platform.saved_filter: Filters of lists, kept under a name.
CREATE TABLE "app"."saved_filter" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "object_types" text[] NOT NULL CHECK (cardinality("object_types") <= 200),
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 100),
    "slug" text COLLATE "C" NOT NULL CHECK (char_length("slug") BETWEEN 1 AND 100),
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "user" uuid,
    "weight" bigint NOT NULL DEFAULT 100 CHECK ("weight" BETWEEN 0 AND 32767),
    "enabled" boolean NOT NULL DEFAULT true,
    "shared" boolean NOT NULL DEFAULT true,
    "parameters" jsonb NOT NULL,
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "saved_filter_number_key" ON "app"."saved_filter" (tenant_id, number);
CREATE UNIQUE INDEX "saved_filter_name_key" ON "app"."saved_filter" (tenant_id, "name");
CREATE UNIQUE INDEX "saved_filter_slug_key" ON "app"."saved_filter" (tenant_id, "slug");
CREATE INDEX "saved_filter_user_idx" ON "app"."saved_filter" (tenant_id, "user", id) WHERE "user" IS NOT NULL;
SELECT app.make_tenant_table('app.saved_filter', history => true);

-- platform.table_config: Views of a list, kept under a name: columns, order, filters, rows at a time.
CREATE TABLE "app"."table_config" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "object_type" text COLLATE "C" NOT NULL CHECK (char_length("object_type") BETWEEN 1 AND 100),
    "table" text COLLATE "C" NOT NULL CHECK (char_length("table") BETWEEN 1 AND 100),
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 100),
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "user" uuid,
    "weight" bigint NOT NULL DEFAULT 1000 CHECK ("weight" BETWEEN 0 AND 32767),
    "enabled" boolean NOT NULL DEFAULT true,
    "shared" boolean NOT NULL DEFAULT true,
    "columns" text[] NOT NULL CHECK (cardinality("columns") <= 200),
    "ordering" text[] CHECK (cardinality("ordering") <= 20),
    "parameters" jsonb,
    "page_size" bigint CHECK ("page_size" BETWEEN 10 AND 1000),
    "is_default" boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "table_config_number_key" ON "app"."table_config" (tenant_id, number);
CREATE INDEX "table_config_object_type_idx" ON "app"."table_config" (tenant_id, "object_type", id);
CREATE INDEX "table_config_table_idx" ON "app"."table_config" (tenant_id, "table", id);
CREATE INDEX "table_config_name_idx" ON "app"."table_config" (tenant_id, "name", id);
CREATE INDEX "table_config_user_idx" ON "app"."table_config" (tenant_id, "user", id) WHERE "user" IS NOT NULL;
SELECT app.make_tenant_table('app.table_config', history => true);

-- platform.custom_link: Links from a record to where else something is known of it; text and address are templates.
CREATE TABLE "app"."custom_link" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "object_types" text[] NOT NULL CHECK (cardinality("object_types") <= 200),
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 100),
    "enabled" boolean NOT NULL DEFAULT true,
    "link_text" text COLLATE "C" NOT NULL CHECK (char_length("link_text") BETWEEN 1 AND 65536),
    "link_url" text COLLATE "C" NOT NULL CHECK (char_length("link_url") BETWEEN 1 AND 65536),
    "weight" bigint NOT NULL DEFAULT 100 CHECK ("weight" BETWEEN 0 AND 32767),
    "group_name" text COLLATE "C" CHECK (char_length("group_name") BETWEEN 1 AND 50),
    "button_class" text COLLATE "C" NOT NULL DEFAULT 'default' CHECK ("button_class" IN ('default', 'blue', 'indigo', 'purple', 'pink', 'red', 'orange', 'yellow', 'green', 'teal', 'cyan', 'gray', 'black', 'white', 'ghost-dark')),
    "new_window" boolean NOT NULL DEFAULT false,
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "custom_link_number_key" ON "app"."custom_link" (tenant_id, number);
CREATE UNIQUE INDEX "custom_link_name_key" ON "app"."custom_link" (tenant_id, "name");
CREATE INDEX "custom_link_group_name_idx" ON "app"."custom_link" (tenant_id, "group_name", id);
SELECT app.make_tenant_table('app.custom_link', history => true);

-- platform.dashboard: Pages of widgets: counts, lists, charts, the map, what changed.
CREATE TABLE "app"."dashboard" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 100),
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "user" uuid,
    "weight" bigint NOT NULL DEFAULT 1000 CHECK ("weight" BETWEEN 0 AND 32767),
    "shared" boolean NOT NULL DEFAULT true,
    "home" boolean NOT NULL DEFAULT false,
    "layout" jsonb,
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "dashboard_number_key" ON "app"."dashboard" (tenant_id, number);
CREATE INDEX "dashboard_name_idx" ON "app"."dashboard" (tenant_id, "name", id);
CREATE INDEX "dashboard_user_idx" ON "app"."dashboard" (tenant_id, "user", id) WHERE "user" IS NOT NULL;
SELECT app.make_tenant_table('app.dashboard', history => true);

ALTER TABLE "app"."journal_entry" ADD CONSTRAINT "journal_entry_created_by_fkey"
    FOREIGN KEY (tenant_id, "created_by") REFERENCES "app"."user_account" (tenant_id, id) ON DELETE SET NULL ("created_by") DEFERRABLE;

ALTER TABLE "app"."bookmark" ADD CONSTRAINT "bookmark_user_fkey"
    FOREIGN KEY (tenant_id, "user") REFERENCES "app"."user_account" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "app"."saved_filter" ADD CONSTRAINT "saved_filter_user_fkey"
    FOREIGN KEY (tenant_id, "user") REFERENCES "app"."user_account" (tenant_id, id) ON DELETE SET NULL ("user") DEFERRABLE;

ALTER TABLE "app"."saved_filter" ADD CONSTRAINT "saved_filter_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "app"."table_config" ADD CONSTRAINT "table_config_user_fkey"
    FOREIGN KEY (tenant_id, "user") REFERENCES "app"."user_account" (tenant_id, id) ON DELETE SET NULL ("user") DEFERRABLE;

ALTER TABLE "app"."custom_link" ADD CONSTRAINT "custom_link_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "app"."dashboard" ADD CONSTRAINT "dashboard_user_fkey"
    FOREIGN KEY (tenant_id, "user") REFERENCES "app"."user_account" (tenant_id, id) ON DELETE SET NULL ("user") DEFERRABLE;

ALTER TABLE "app"."dashboard" ADD CONSTRAINT "dashboard_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;
