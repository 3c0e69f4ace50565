-- Generated from record models by `records::schema`. Do not edit: change the descriptor and run
-- the test that compares them with UPDATE=1.

-- platform.tag: Words that any record may carry: to find it by, to mark it with a colour.
CREATE TABLE "app"."tag" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 100),
    "slug" text COLLATE "C" NOT NULL CHECK (char_length("slug") BETWEEN 1 AND 100),
    "color" text COLLATE "C" NOT NULL DEFAULT '9e9e9e' CHECK (char_length("color") BETWEEN 1 AND 6),
    "color_ci" text COLLATE "C" GENERATED ALWAYS AS (lower("color" COLLATE "und-x-icu") COLLATE "C") STORED,
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "weight" bigint NOT NULL DEFAULT 1000 CHECK ("weight" BETWEEN 0 AND 32767),
    "object_types" text[] NOT NULL DEFAULT '{}' CHECK (cardinality("object_types") <= 200),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "tag_number_key" ON "app"."tag" (tenant_id, number);
CREATE UNIQUE INDEX "tag_name_key" ON "app"."tag" (tenant_id, "name");
CREATE UNIQUE INDEX "tag_slug_key" ON "app"."tag" (tenant_id, "slug");
CREATE INDEX "tag_color_idx" ON "app"."tag" (tenant_id, "color_ci", id);
CREATE INDEX "tag_description_idx" ON "app"."tag" (tenant_id, "description", id);
SELECT app.make_tenant_table('app.tag', history => true);

-- platform.custom_field_choice_set: The values that custom fields of type Selection may have.
CREATE TABLE "app"."custom_field_choice_set" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 100),
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "base_choices" text COLLATE "C" CHECK ("base_choices" IN ('IATA', 'ISO_3166', 'UN_LOCODE')),
    "extra_choices" jsonb NOT NULL,
    "choice_colors" jsonb NOT NULL DEFAULT '{}',
    "order_alphabetically" boolean NOT NULL DEFAULT false,
    "choices_count" bigint CHECK ("choices_count" BETWEEN 0 AND 1000000),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "custom_field_choice_set_number_key" ON "app"."custom_field_choice_set" (tenant_id, number);
CREATE UNIQUE INDEX "custom_field_choice_set_name_key" ON "app"."custom_field_choice_set" (tenant_id, "name");
SELECT app.make_tenant_table('app.custom_field_choice_set', history => true);

-- platform.custom_field: Further fields of records: what else you want to know of a site, a device, an address.
CREATE TABLE "app"."custom_field" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 50),
    "label" text COLLATE "C" CHECK (char_length("label") BETWEEN 1 AND 50),
    "type" text COLLATE "C" NOT NULL DEFAULT 'text' CHECK ("type" IN ('text', 'longtext', 'integer', 'decimal', 'boolean', 'date', 'datetime', 'url', 'json', 'select', 'multiselect', 'object', 'multiobject')),
    "object_types" text[] NOT NULL DEFAULT '{}' CHECK (cardinality("object_types") <= 200),
    "related_object_type" text COLLATE "C" CHECK (char_length("related_object_type") BETWEEN 1 AND 100),
    "choice_set" uuid,
    "group_name" text COLLATE "C" CHECK (char_length("group_name") BETWEEN 1 AND 50),
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "required" boolean NOT NULL DEFAULT false,
    "unique" boolean NOT NULL DEFAULT false,
    "default" jsonb,
    "related_object_filter" jsonb,
    "search_weight" bigint NOT NULL DEFAULT 1000 CHECK ("search_weight" BETWEEN 0 AND 32767),
    "filter_logic" text COLLATE "C" NOT NULL DEFAULT 'loose' CHECK ("filter_logic" IN ('disabled', 'loose', 'exact')),
    "ui_visible" text COLLATE "C" NOT NULL DEFAULT 'always' CHECK ("ui_visible" IN ('always', 'if-set', 'hidden')),
    "ui_editable" text COLLATE "C" NOT NULL DEFAULT 'yes' CHECK ("ui_editable" IN ('yes', 'no', 'hidden')),
    "is_cloneable" boolean NOT NULL DEFAULT false,
    "nulls_first" boolean NOT NULL DEFAULT true,
    "weight" bigint NOT NULL DEFAULT 100 CHECK ("weight" BETWEEN 0 AND 32767),
    "validation_minimum" double precision,
    "validation_maximum" double precision,
    "validation_regex" text COLLATE "C" CHECK (char_length("validation_regex") BETWEEN 1 AND 500),
    "validation_schema" jsonb,
    "status" text COLLATE "C" NOT NULL DEFAULT 'active' CHECK ("status" IN ('active')),
    "comments" text COLLATE "C" CHECK (char_length("comments") BETWEEN 1 AND 65536),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "custom_field_number_key" ON "app"."custom_field" (tenant_id, number);
CREATE UNIQUE INDEX "custom_field_name_key" ON "app"."custom_field" (tenant_id, "name");
CREATE INDEX "custom_field_choice_set_idx" ON "app"."custom_field" (tenant_id, "choice_set", id) WHERE "choice_set" IS NOT NULL;
SELECT app.make_tenant_table('app.custom_field', history => true);

ALTER TABLE "app"."custom_field" ADD CONSTRAINT "custom_field_choice_set_fkey"
    FOREIGN KEY (tenant_id, "choice_set") REFERENCES "app"."custom_field_choice_set" (tenant_id, id) DEFERRABLE;
