-- Generated from record models by `records::schema`. Do not edit: change the descriptor and run
-- the test that compares them with UPDATE=1.

-- platform.webhook: An address of another system that events are sent to.
CREATE TABLE "app"."webhook" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 150),
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "payload_url" text COLLATE "C" NOT NULL CHECK (char_length("payload_url") BETWEEN 1 AND 500),
    "http_method" text COLLATE "C" NOT NULL DEFAULT 'POST' CHECK ("http_method" IN ('GET', 'POST', 'PUT', 'PATCH', 'DELETE')),
    "http_content_type" text COLLATE "C" NOT NULL DEFAULT 'application/json' CHECK (char_length("http_content_type") BETWEEN 1 AND 100),
    "additional_headers" text COLLATE "C" CHECK (char_length("additional_headers") BETWEEN 1 AND 16384),
    "body_template" text COLLATE "C" CHECK (char_length("body_template") BETWEEN 1 AND 65536),
    "secret" bytea,
    "secret_set_at" timestamptz,
    "ssl_verification" boolean NOT NULL DEFAULT true,
    "ca_file_path" text COLLATE "C" CHECK (char_length("ca_file_path") BETWEEN 1 AND 512),
    "timeout" bigint CHECK ("timeout" BETWEEN 1 AND 3600),
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    "tags" uuid[] NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "webhook_number_key" ON "app"."webhook" (tenant_id, number);
CREATE UNIQUE INDEX "webhook_name_key" ON "app"."webhook" (tenant_id, "name");
SELECT app.make_tenant_table('app.webhook', history => true);

-- platform.event_rule: What is done when a record is created, changed or deleted, or a job about it begins or ends: a webhook is called, people are told.
CREATE TABLE "app"."event_rule" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "object_types" text[] NOT NULL CHECK (cardinality("object_types") <= 200),
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 150),
    "enabled" boolean NOT NULL DEFAULT true,
    "event_types" text[] NOT NULL CHECK (cardinality("event_types") <= 10),
    "conditions" jsonb,
    "action_type" text COLLATE "C" NOT NULL CHECK ("action_type" IN ('webhook', 'notification')),
    "action_object_type" text COLLATE "C" NOT NULL CHECK ("action_object_type" IN ('platform.webhook', 'platform.notification_group')),
    "action_object_id" uuid NOT NULL,
    "form" text COLLATE "C" NOT NULL DEFAULT 'portolan' CHECK ("form" IN ('portolan', 'netbox')),
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    "tags" uuid[] NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "event_rule_number_key" ON "app"."event_rule" (tenant_id, number);
CREATE UNIQUE INDEX "event_rule_name_key" ON "app"."event_rule" (tenant_id, "name");
CREATE INDEX "event_rule_action_object_idx" ON "app"."event_rule" (tenant_id, "action_object_id", "action_object_type", id);
SELECT app.make_tenant_table('app.event_rule', history => true);

-- platform.notification_group: People who are told together.
CREATE TABLE "app"."notification_group" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 100),
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "roles" uuid[] NOT NULL DEFAULT '{}',
    "users" uuid[] NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "notification_group_number_key" ON "app"."notification_group" (tenant_id, number);
CREATE UNIQUE INDEX "notification_group_name_key" ON "app"."notification_group" (tenant_id, "name");
SELECT app.make_tenant_table('app.notification_group', history => true);

-- platform.subscription: Who wants to be told of changes of a record.
CREATE TABLE "app"."subscription" (
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
CREATE UNIQUE INDEX "subscription_number_key" ON "app"."subscription" (tenant_id, number);
CREATE UNIQUE INDEX "subscription_object_user_key" ON "app"."subscription" (tenant_id, "object_id", "object_type", "user");
CREATE INDEX "subscription_user_idx" ON "app"."subscription" (tenant_id, "user", id);
CREATE INDEX "subscription_created_at_idx" ON "app"."subscription" (tenant_id, created_at, id);
SELECT app.make_tenant_table('app.subscription', history => true);

-- platform.notification: What somebody is told: a record they follow has changed, a rule has fired.
CREATE TABLE "app"."notification" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "object_type" text COLLATE "C" NOT NULL,
    "object_id" uuid NOT NULL,
    "user" uuid NOT NULL,
    "event_type" text COLLATE "C" NOT NULL CHECK ("event_type" IN ('object_created', 'object_updated', 'object_deleted', 'job_started', 'job_completed', 'job_failed', 'job_errored')),
    "read" timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "notification_number_key" ON "app"."notification" (tenant_id, number);
CREATE UNIQUE INDEX "notification_object_user_key" ON "app"."notification" (tenant_id, "object_id", "object_type", "user");
CREATE INDEX "notification_user_idx" ON "app"."notification" (tenant_id, "user", id);
CREATE INDEX "notification_created_at_idx" ON "app"."notification" (tenant_id, created_at, id);
SELECT app.make_tenant_table('app.notification', history => true);

-- platform.webhook_delivery: What became of each call of a webhook. Kept for 30 days; what could not be delivered is an undelivered event.
CREATE TABLE "app"."webhook_delivery" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    "webhook" uuid NOT NULL,
    "event_type" text COLLATE "C" NOT NULL CHECK (char_length("event_type") BETWEEN 1 AND 100),
    "object_type" text COLLATE "C" NOT NULL CHECK (char_length("object_type") BETWEEN 1 AND 100),
    "event_id" uuid NOT NULL,
    "host" text COLLATE "C" CHECK (char_length("host") BETWEEN 1 AND 255),
    "status" bigint CHECK ("status" BETWEEN 100 AND 999),
    "error" text COLLATE "C" CHECK (char_length("error") BETWEEN 1 AND 1000),
    "duration" bigint NOT NULL CHECK ("duration" BETWEEN 0 AND 2147483648),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX "webhook_delivery_webhook_idx" ON "app"."webhook_delivery" (tenant_id, "webhook", id);
CREATE INDEX "webhook_delivery_event_id_idx" ON "app"."webhook_delivery" (tenant_id, "event_id", id);
CREATE INDEX "webhook_delivery_created_at_idx" ON "app"."webhook_delivery" (tenant_id, created_at, id);
SELECT app.make_tenant_table('app.webhook_delivery');

ALTER TABLE "app"."webhook" ADD CONSTRAINT "webhook_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "app"."event_rule" ADD CONSTRAINT "event_rule_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "app"."subscription" ADD CONSTRAINT "subscription_user_fkey"
    FOREIGN KEY (tenant_id, "user") REFERENCES "app"."user_account" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "app"."notification" ADD CONSTRAINT "notification_user_fkey"
    FOREIGN KEY (tenant_id, "user") REFERENCES "app"."user_account" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "app"."webhook_delivery" ADD CONSTRAINT "webhook_delivery_webhook_fkey"
    FOREIGN KEY (tenant_id, "webhook") REFERENCES "app"."webhook" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;
