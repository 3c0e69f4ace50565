-- Generated from record models by `records::schema`. Do not edit: change the descriptor and run
-- the test that compares them with UPDATE=1.

-- platform.branch: Changes that nobody else sees until they are merged.
CREATE TABLE "app"."branch" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 100),
    "state" text COLLATE "C" NOT NULL DEFAULT 'open' CHECK ("state" IN ('open', 'review', 'merging', 'merged', 'reverted', 'archived')),
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "comments" text COLLATE "C" CHECK (char_length("comments") BETWEEN 1 AND 65536),
    "author" uuid,
    "synced_at" timestamptz,
    "reviewed_by" uuid,
    "reviewed_at" timestamptz,
    "merged_by" uuid,
    "merged_at" timestamptz,
    "reverts" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "branch_number_key" ON "app"."branch" (tenant_id, number);
CREATE UNIQUE INDEX "branch_name_key" ON "app"."branch" (tenant_id, "name");
CREATE INDEX "branch_author_idx" ON "app"."branch" (tenant_id, "author", id) WHERE "author" IS NOT NULL;
CREATE INDEX "branch_reviewed_by_idx" ON "app"."branch" (tenant_id, "reviewed_by", id) WHERE "reviewed_by" IS NOT NULL;
CREATE INDEX "branch_merged_by_idx" ON "app"."branch" (tenant_id, "merged_by", id) WHERE "merged_by" IS NOT NULL;
CREATE INDEX "branch_reverts_idx" ON "app"."branch" (tenant_id, "reverts", id) WHERE "reverts" IS NOT NULL;
CREATE INDEX "branch_created_at_idx" ON "app"."branch" (tenant_id, created_at, id);
SELECT app.make_tenant_table('app.branch', history => true);

ALTER TABLE "app"."branch" ADD CONSTRAINT "branch_author_fkey"
    FOREIGN KEY (tenant_id, "author") REFERENCES "app"."user_account" (tenant_id, id) ON DELETE SET NULL ("author") DEFERRABLE;

ALTER TABLE "app"."branch" ADD CONSTRAINT "branch_reviewed_by_fkey"
    FOREIGN KEY (tenant_id, "reviewed_by") REFERENCES "app"."user_account" (tenant_id, id) ON DELETE SET NULL ("reviewed_by") DEFERRABLE;

ALTER TABLE "app"."branch" ADD CONSTRAINT "branch_merged_by_fkey"
    FOREIGN KEY (tenant_id, "merged_by") REFERENCES "app"."user_account" (tenant_id, id) ON DELETE SET NULL ("merged_by") DEFERRABLE;

ALTER TABLE "app"."branch" ADD CONSTRAINT "branch_reverts_fkey"
    FOREIGN KEY (tenant_id, "reverts") REFERENCES "app"."branch" (tenant_id, id) ON DELETE SET NULL ("reverts") DEFERRABLE;
