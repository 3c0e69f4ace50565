-- Generated from record models by `records::schema`. Do not edit: change the descriptor and run
-- the test that compares them with UPDATE=1.

-- platform.user: People who log in. What they may do is given by role bindings, groups and object permissions.
CREATE TABLE "app"."user_account" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 150),
    "name_ci" text COLLATE "C" GENERATED ALWAYS AS (lower("name" COLLATE "und-x-icu") COLLATE "C") STORED,
    "email" text COLLATE "C" CHECK (char_length("email") BETWEEN 1 AND 254),
    "email_ci" text COLLATE "C" GENERATED ALWAYS AS (lower("email" COLLATE "und-x-icu") COLLATE "C") STORED,
    "display_name" text COLLATE "C" CHECK (char_length("display_name") BETWEEN 1 AND 128),
    "first_name" text COLLATE "C" CHECK (char_length("first_name") BETWEEN 1 AND 150),
    "last_name" text COLLATE "C" CHECK (char_length("last_name") BETWEEN 1 AND 150),
    "active" boolean NOT NULL DEFAULT true,
    "password" app.secret_text,
    "must_change_password" boolean NOT NULL DEFAULT true,
    "last_login_at" timestamptz,
    "groups" uuid[] NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "user_account_number_key" ON "app"."user_account" (tenant_id, number);
CREATE UNIQUE INDEX "user_account_name_key" ON "app"."user_account" (tenant_id, "name_ci");
CREATE UNIQUE INDEX "user_account_email_key" ON "app"."user_account" (tenant_id, "email_ci");
SELECT app.make_tenant_table('app.user_account', history => true);

-- platform.group: Users who have the same roles and object permissions.
CREATE TABLE "app"."user_group" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 150),
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "roles" uuid[] NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "user_group_number_key" ON "app"."user_group" (tenant_id, number);
CREATE UNIQUE INDEX "user_group_name_key" ON "app"."user_group" (tenant_id, "name");
SELECT app.make_tenant_table('app.user_group', history => true);

-- platform.role: Rules that say what may be done to what. The built-in roles cannot be changed.
CREATE TABLE "app"."role" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 64),
    "name_ci" text COLLATE "C" GENERATED ALWAYS AS (lower("name" COLLATE "und-x-icu") COLLATE "C") STORED,
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 256),
    "rules" text[] NOT NULL CHECK (cardinality("rules") <= 200),
    "builtin" boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "role_name_key" ON "app"."role" (tenant_id, "name_ci");
SELECT app.make_tenant_table('app.role', history => true);

-- platform.role_binding: Gives a user a role in this tenant, for ever or until a time.
CREATE TABLE "app"."role_binding" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    "user" uuid NOT NULL,
    "role" uuid NOT NULL,
    "expires_at" timestamptz,
    "reason" text COLLATE "C" CHECK (char_length("reason") BETWEEN 1 AND 256),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "role_binding_user_role_key" ON "app"."role_binding" (tenant_id, "user", "role");
CREATE INDEX "role_binding_role_idx" ON "app"."role_binding" (tenant_id, "role", id);
CREATE INDEX "role_binding_created_at_idx" ON "app"."role_binding" (tenant_id, created_at, id);
SELECT app.make_tenant_table('app.role_binding', history => true);

-- platform.object_permission: What users and groups may do to the records of some models, or to some of them only.
CREATE TABLE "app"."object_permission" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 100),
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "enabled" boolean NOT NULL DEFAULT true,
    "object_types" text[] NOT NULL DEFAULT '{}' CHECK (cardinality("object_types") <= 200),
    "actions" text[] NOT NULL CHECK (cardinality("actions") <= 20),
    "constraints" jsonb,
    "users" uuid[] NOT NULL DEFAULT '{}',
    "groups" uuid[] NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "object_permission_number_key" ON "app"."object_permission" (tenant_id, number);
CREATE INDEX "object_permission_name_idx" ON "app"."object_permission" (tenant_id, "name", id);
SELECT app.make_tenant_table('app.object_permission', history => true);

-- platform.token: For scripts: sent as Authorization: Bearer. Shown once, when it is made. Acts as its owner.
CREATE TABLE "app"."api_token" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 128),
    "name_ci" text COLLATE "C" GENERATED ALWAYS AS (lower("name" COLLATE "und-x-icu") COLLATE "C") STORED,
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "owner" uuid,
    "lookup" text COLLATE "C" CHECK (char_length("lookup") BETWEEN 1 AND 16),
    "lookup_ci" text COLLATE "C" GENERATED ALWAYS AS (lower("lookup" COLLATE "und-x-icu") COLLATE "C") STORED,
    "secret" app.secret_text,
    "rules" text[] NOT NULL DEFAULT '{}' CHECK (cardinality("rules") <= 50),
    "allowed_prefixes" cidr[] NOT NULL DEFAULT '{}' CHECK (cardinality("allowed_prefixes") <= 50),
    "expires_at" timestamptz,
    "active" boolean NOT NULL DEFAULT true,
    "last_used_at" timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "api_token_number_key" ON "app"."api_token" (tenant_id, number);
CREATE UNIQUE INDEX "api_token_name_key" ON "app"."api_token" (tenant_id, "name_ci");
CREATE INDEX "api_token_owner_idx" ON "app"."api_token" (tenant_id, "owner", id) WHERE "owner" IS NOT NULL;
CREATE INDEX "api_token_lookup_idx" ON "app"."api_token" (tenant_id, "lookup_ci", id);
SELECT app.make_tenant_table('app.api_token', history => true);

-- platform.owner_group: Groups of owners: departments, companies.
CREATE TABLE "app"."owner_group" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 100),
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "owner_group_number_key" ON "app"."owner_group" (tenant_id, number);
CREATE UNIQUE INDEX "owner_group_name_key" ON "app"."owner_group" (tenant_id, "name");
SELECT app.make_tenant_table('app.owner_group', history => true);

-- platform.owner: Who is responsible for records: people under one name.
CREATE TABLE "app"."owner" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 100),
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "group" uuid,
    "user_groups" uuid[] NOT NULL DEFAULT '{}',
    "users" uuid[] NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "owner_number_key" ON "app"."owner" (tenant_id, number);
CREATE UNIQUE INDEX "owner_name_key" ON "app"."owner" (tenant_id, "name");
CREATE INDEX "owner_group_idx" ON "app"."owner" (tenant_id, "group", id) WHERE "group" IS NOT NULL;
SELECT app.make_tenant_table('app.owner', history => true);

-- platform.user_config: What users have set for themselves: data that their clients keep here.
CREATE TABLE "app"."user_config" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    "user" uuid NOT NULL,
    "data" jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "user_config_user_key" ON "app"."user_config" (tenant_id, "user");
CREATE INDEX "user_config_created_at_idx" ON "app"."user_config" (tenant_id, created_at, id);
SELECT app.make_tenant_table('app.user_config', history => true);

ALTER TABLE "app"."role_binding" ADD CONSTRAINT "role_binding_user_fkey"
    FOREIGN KEY (tenant_id, "user") REFERENCES "app"."user_account" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "app"."role_binding" ADD CONSTRAINT "role_binding_role_fkey"
    FOREIGN KEY (tenant_id, "role") REFERENCES "app"."role" (tenant_id, id) DEFERRABLE;

ALTER TABLE "app"."api_token" ADD CONSTRAINT "api_token_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."user_account" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "app"."owner" ADD CONSTRAINT "owner_group_fkey"
    FOREIGN KEY (tenant_id, "group") REFERENCES "app"."owner_group" (tenant_id, id) DEFERRABLE;

ALTER TABLE "app"."user_config" ADD CONSTRAINT "user_config_user_fkey"
    FOREIGN KEY (tenant_id, "user") REFERENCES "app"."user_account" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;
