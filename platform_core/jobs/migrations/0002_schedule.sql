-- Generated from record models by `records::schema`. Do not edit: change the descriptor and run
-- the test that compares them with UPDATE=1.

-- platform.job_schedule: Scripts that are started at a time, or again and again.
CREATE TABLE "app"."job_schedule" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 100),
    "script" text COLLATE "C" NOT NULL CHECK (char_length("script") BETWEEN 1 AND 100),
    "args" jsonb,
    "enabled" boolean NOT NULL DEFAULT true,
    "start_at" timestamptz,
    "interval" bigint CHECK ("interval" BETWEEN 1 AND 525600),
    "missed" text COLLATE "C" NOT NULL DEFAULT 'once' CHECK ("missed" IN ('once', 'skip')),
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "next_at" timestamptz,
    "last_at" timestamptz,
    "last_job" uuid,
    "run_as" text COLLATE "C" CHECK (char_length("run_as") BETWEEN 1 AND 200),
    "error" text COLLATE "C" CHECK (char_length("error") BETWEEN 1 AND 1000),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "job_schedule_name_key" ON "app"."job_schedule" (tenant_id, "name");
SELECT app.make_tenant_table('app.job_schedule', history => true);
