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
