-- Generated from record models by `records::schema`. Do not edit: change the descriptor and run
-- the test that compares them with UPDATE=1.

CREATE SCHEMA IF NOT EXISTS "inventory";

-- inventory.contact: People and teams to call.
CREATE TABLE "inventory"."contact" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "groups" uuid[] NOT NULL DEFAULT '{}',
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 100),
    "title" text COLLATE "C" CHECK (char_length("title") BETWEEN 1 AND 100),
    "phone" text COLLATE "C" CHECK (char_length("phone") BETWEEN 1 AND 50),
    "email" text COLLATE "C" CHECK (char_length("email") BETWEEN 1 AND 254),
    "email_ci" text COLLATE "C" GENERATED ALWAYS AS (lower("email" COLLATE "und-x-icu") COLLATE "C") STORED,
    "address" text COLLATE "C" CHECK (char_length("address") BETWEEN 1 AND 200),
    "link" text COLLATE "C" CHECK (char_length("link") BETWEEN 1 AND 200),
    "link_ci" text COLLATE "C" GENERATED ALWAYS AS (lower("link" COLLATE "und-x-icu") COLLATE "C") STORED,
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "comments" text COLLATE "C" CHECK (char_length("comments") BETWEEN 1 AND 65536),
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "contact_number_key" ON "inventory"."contact" (tenant_id, number);
CREATE INDEX "contact_name_idx" ON "inventory"."contact" (tenant_id, "name", id);
CREATE INDEX "contact_email_idx" ON "inventory"."contact" (tenant_id, "email_ci", id);
SELECT app.make_tenant_table('inventory.contact', history => true);

-- inventory.contact_assignment: Which contact is responsible for which thing, in which role.
CREATE TABLE "inventory"."contact_assignment" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "object_type" text COLLATE "C" NOT NULL CHECK ("object_type" IN ('inventory.cable', 'inventory.cable_bundle', 'inventory.console_port', 'inventory.console_port_template', 'inventory.console_server_port', 'inventory.console_server_port_template', 'inventory.cooling_feed', 'inventory.cooling_intake', 'inventory.cooling_intake_template', 'inventory.cooling_outflow', 'inventory.cooling_outflow_template', 'inventory.cooling_source', 'inventory.device', 'inventory.device_bay', 'inventory.device_bay_template', 'inventory.device_role', 'inventory.device_type', 'inventory.front_port', 'inventory.front_port_template', 'inventory.interface', 'inventory.interface_template', 'inventory.inventory_item', 'inventory.inventory_item_role', 'inventory.inventory_item_template', 'inventory.location', 'inventory.mac_address', 'inventory.manufacturer', 'inventory.module', 'inventory.module_bay', 'inventory.module_bay_template', 'inventory.module_bay_type', 'inventory.module_type', 'inventory.module_type_profile', 'inventory.platform', 'inventory.power_feed', 'inventory.power_outlet', 'inventory.power_outlet_template', 'inventory.power_panel', 'inventory.power_port', 'inventory.power_port_template', 'inventory.rack', 'inventory.rack_group', 'inventory.rack_reservation', 'inventory.rack_role', 'inventory.rack_type', 'inventory.rear_port', 'inventory.rear_port_template', 'inventory.region', 'inventory.site', 'inventory.site_group', 'inventory.virtual_chassis', 'inventory.virtual_device_context', 'inventory.aggregate', 'inventory.asn', 'inventory.asn_range', 'inventory.fhrp_group', 'inventory.fhrp_group_assignment', 'inventory.ip_address', 'inventory.ip_range', 'inventory.prefix', 'inventory.rir', 'inventory.role', 'inventory.route_target', 'inventory.service', 'inventory.service_template', 'inventory.vlan', 'inventory.vlan_group', 'inventory.vlan_translation_policy', 'inventory.vlan_translation_rule', 'inventory.vrf', 'inventory.circuit', 'inventory.circuit_group', 'inventory.circuit_group_assignment', 'inventory.circuit_termination', 'inventory.circuit_type', 'inventory.provider', 'inventory.provider_account', 'inventory.provider_network', 'inventory.virtual_circuit', 'inventory.virtual_circuit_termination', 'inventory.virtual_circuit_type', 'inventory.cluster', 'inventory.cluster_group', 'inventory.cluster_type', 'inventory.virtual_disk', 'inventory.virtual_machine', 'inventory.virtual_machine_type', 'inventory.vm_interface', 'inventory.ike_policy', 'inventory.ike_proposal', 'inventory.ipsec_policy', 'inventory.ipsec_profile', 'inventory.ipsec_proposal', 'inventory.l2vpn', 'inventory.l2vpn_termination', 'inventory.tunnel', 'inventory.tunnel_group', 'inventory.tunnel_termination', 'inventory.wireless_lan', 'inventory.wireless_lan_group', 'inventory.wireless_link', 'inventory.contact', 'inventory.contact_assignment', 'inventory.contact_group', 'inventory.contact_role', 'inventory.tenant', 'inventory.tenant_group')),
    "object_id" uuid NOT NULL,
    "contact" uuid NOT NULL,
    "role" uuid,
    "priority" text COLLATE "C" CHECK ("priority" IN ('primary', 'secondary', 'tertiary', 'inactive')),
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "contact_assignment_number_key" ON "inventory"."contact_assignment" (tenant_id, number);
CREATE UNIQUE INDEX "contact_assignment_object_contact_role_key" ON "inventory"."contact_assignment" (tenant_id, "object_id", "object_type", "contact", "role");
CREATE INDEX "contact_assignment_contact_idx" ON "inventory"."contact_assignment" (tenant_id, "contact", id);
CREATE INDEX "contact_assignment_role_idx" ON "inventory"."contact_assignment" (tenant_id, "role", id) WHERE "role" IS NOT NULL;
CREATE INDEX "contact_assignment_created_at_idx" ON "inventory"."contact_assignment" (tenant_id, created_at, id);
SELECT app.make_tenant_table('inventory.contact_assignment', history => true);

-- inventory.contact_group: Groups of contacts, as a tree.
CREATE TABLE "inventory"."contact_group" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 100),
    "slug" text COLLATE "C" NOT NULL CHECK (char_length("slug") BETWEEN 1 AND 100),
    "parent" uuid,
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    "comments" text COLLATE "C" CHECK (char_length("comments") BETWEEN 1 AND 65536),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "contact_group_number_key" ON "inventory"."contact_group" (tenant_id, number);
CREATE UNIQUE INDEX "contact_group_parent_name_key" ON "inventory"."contact_group" (tenant_id, "parent", "name") WHERE "parent" IS NOT NULL;
CREATE INDEX "contact_group_name_idx" ON "inventory"."contact_group" (tenant_id, "name", id);
CREATE INDEX "contact_group_slug_idx" ON "inventory"."contact_group" (tenant_id, "slug", id);
SELECT app.make_tenant_table('inventory.contact_group', history => true);

-- inventory.contact_role: What a contact is asked for: billing, technical, emergency.
CREATE TABLE "inventory"."contact_role" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 100),
    "slug" text COLLATE "C" NOT NULL CHECK (char_length("slug") BETWEEN 1 AND 100),
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "comments" text COLLATE "C" CHECK (char_length("comments") BETWEEN 1 AND 65536),
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "contact_role_number_key" ON "inventory"."contact_role" (tenant_id, number);
CREATE UNIQUE INDEX "contact_role_name_key" ON "inventory"."contact_role" (tenant_id, "name");
CREATE UNIQUE INDEX "contact_role_slug_key" ON "inventory"."contact_role" (tenant_id, "slug");
SELECT app.make_tenant_table('inventory.contact_role', history => true);

-- inventory.tenant: Whom a thing belongs to or serves: a customer, a department. A label inside this workspace.
CREATE TABLE "inventory"."tenant" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 100),
    "slug" text COLLATE "C" NOT NULL CHECK (char_length("slug") BETWEEN 1 AND 100),
    "group" uuid,
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "comments" text COLLATE "C" CHECK (char_length("comments") BETWEEN 1 AND 65536),
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "tenant_number_key" ON "inventory"."tenant" (tenant_id, number);
CREATE UNIQUE INDEX "tenant_group_name_within" ON "inventory"."tenant" (tenant_id, "group", "name") NULLS NOT DISTINCT WHERE "name" IS NOT NULL;
CREATE UNIQUE INDEX "tenant_group_slug_within" ON "inventory"."tenant" (tenant_id, "group", "slug") NULLS NOT DISTINCT WHERE "slug" IS NOT NULL;
CREATE INDEX "tenant_name_idx" ON "inventory"."tenant" (tenant_id, "name", id);
CREATE INDEX "tenant_slug_idx" ON "inventory"."tenant" (tenant_id, "slug", id);
CREATE INDEX "tenant_group_idx" ON "inventory"."tenant" (tenant_id, "group", id) WHERE "group" IS NOT NULL;
SELECT app.make_tenant_table('inventory.tenant', history => true);

-- inventory.tenant_group: Groups of tenants, as a tree: customers, departments.
CREATE TABLE "inventory"."tenant_group" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 100),
    "slug" text COLLATE "C" NOT NULL CHECK (char_length("slug") BETWEEN 1 AND 100),
    "parent" uuid,
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    "comments" text COLLATE "C" CHECK (char_length("comments") BETWEEN 1 AND 65536),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "tenant_group_number_key" ON "inventory"."tenant_group" (tenant_id, number);
CREATE UNIQUE INDEX "tenant_group_name_key" ON "inventory"."tenant_group" (tenant_id, "name");
CREATE UNIQUE INDEX "tenant_group_slug_key" ON "inventory"."tenant_group" (tenant_id, "slug");
CREATE INDEX "tenant_group_parent_idx" ON "inventory"."tenant_group" (tenant_id, "parent", id) WHERE "parent" IS NOT NULL;
SELECT app.make_tenant_table('inventory.tenant_group', history => true);

-- inventory.cable: Physical connections with what lies at both ends.
CREATE TABLE "inventory"."cable" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "type" text COLLATE "C" CHECK ("type" IN ('cat3', 'cat5', 'cat5e', 'cat6', 'cat6a', 'cat7', 'cat7a', 'cat8', 'mrj21-trunk', 'dac-active', 'dac-passive', 'coaxial', 'rg-6', 'rg-8', 'rg-11', 'rg-59', 'rg-62', 'rg-213', 'lmr-100', 'lmr-200', 'lmr-400', 'mmf', 'mmf-om1', 'mmf-om2', 'mmf-om3', 'mmf-om4', 'mmf-om5', 'smf', 'smf-os1', 'smf-os2', 'aoc', 'power', 'usb')),
    "status" text COLLATE "C" NOT NULL DEFAULT 'connected' CHECK ("status" IN ('connected', 'planned', 'decommissioning')),
    "profile" text COLLATE "C" CHECK ("profile" IN ('single-1c1p', 'single-1c2p', 'single-1c4p', 'single-1c6p', 'single-1c8p', 'single-1c12p', 'single-1c16p', 'trunk-2c1p', 'trunk-2c2p', 'trunk-2c4p', 'trunk-2c4p-shuffle', 'trunk-2c6p', 'trunk-2c8p', 'trunk-2c12p', 'trunk-4c1p', 'trunk-4c2p', 'trunk-4c4p', 'trunk-4c4p-shuffle', 'trunk-4c6p', 'trunk-4c8p', 'trunk-8c4p', 'breakout-1c2p-2c1p', 'breakout-1c4p-4c1p', 'breakout-1c6p-6c1p', 'breakout-1c8p-8c1p', 'breakout-2c4p-8c1p-shuffle')),
    "assigned_tenant" uuid,
    "bundle" uuid,
    "label" text COLLATE "C" CHECK (char_length("label") BETWEEN 1 AND 100),
    "color" text COLLATE "C" CHECK (char_length("color") BETWEEN 1 AND 6),
    "color_ci" text COLLATE "C" GENERATED ALWAYS AS (lower("color" COLLATE "und-x-icu") COLLATE "C") STORED,
    "length" double precision,
    "length_unit" text COLLATE "C" CHECK ("length_unit" IN ('km', 'm', 'cm', 'mi', 'ft', 'in')),
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "comments" text COLLATE "C" CHECK (char_length("comments") BETWEEN 1 AND 65536),
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "cable_number_key" ON "inventory"."cable" (tenant_id, number);
CREATE INDEX "cable_status_idx" ON "inventory"."cable" (tenant_id, "status", id);
CREATE INDEX "cable_assigned_tenant_idx" ON "inventory"."cable" (tenant_id, "assigned_tenant", id) WHERE "assigned_tenant" IS NOT NULL;
CREATE INDEX "cable_bundle_idx" ON "inventory"."cable" (tenant_id, "bundle", id) WHERE "bundle" IS NOT NULL;
SELECT app.make_tenant_table('inventory.cable', history => true);

-- inventory.port_template_mapping: Which position of a front port of a type leads to which position of a rear port.
CREATE TABLE "inventory"."port_template_mapping" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "front_port" uuid NOT NULL,
    "front_position" bigint NOT NULL DEFAULT 1 CHECK ("front_position" BETWEEN 1 AND 1024),
    "rear_port" uuid NOT NULL,
    "rear_position" bigint NOT NULL DEFAULT 1 CHECK ("rear_position" BETWEEN 1 AND 1024),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "port_template_mapping_number_key" ON "inventory"."port_template_mapping" (tenant_id, number);
CREATE UNIQUE INDEX "port_template_mapping_front_port_front_position_key" ON "inventory"."port_template_mapping" (tenant_id, "front_port", "front_position");
CREATE UNIQUE INDEX "port_template_mapping_rear_port_rear_position_key" ON "inventory"."port_template_mapping" (tenant_id, "rear_port", "rear_position");
SELECT app.make_tenant_table('inventory.port_template_mapping', history => true);

-- inventory.port_mapping: Which position of a front port of a panel leads to which position of a rear port.
CREATE TABLE "inventory"."port_mapping" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "front_port" uuid NOT NULL,
    "front_position" bigint NOT NULL DEFAULT 1 CHECK ("front_position" BETWEEN 1 AND 1024),
    "rear_port" uuid NOT NULL,
    "rear_position" bigint NOT NULL DEFAULT 1 CHECK ("rear_position" BETWEEN 1 AND 1024),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "port_mapping_number_key" ON "inventory"."port_mapping" (tenant_id, number);
CREATE UNIQUE INDEX "port_mapping_front_port_front_position_key" ON "inventory"."port_mapping" (tenant_id, "front_port", "front_position");
CREATE UNIQUE INDEX "port_mapping_rear_port_rear_position_key" ON "inventory"."port_mapping" (tenant_id, "rear_port", "rear_position");
SELECT app.make_tenant_table('inventory.port_mapping', history => true);

-- inventory.cable_termination: The ends of cables: what lies at side A and at side B. One thing ends one cable.
CREATE TABLE "inventory"."cable_termination" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "cable" uuid NOT NULL,
    "cable_end" text COLLATE "C" NOT NULL CHECK ("cable_end" IN ('A', 'B')),
    "termination_type" text COLLATE "C" NOT NULL CHECK ("termination_type" IN ('inventory.circuit_termination', 'inventory.console_port', 'inventory.console_server_port', 'inventory.front_port', 'inventory.interface', 'inventory.power_feed', 'inventory.power_outlet', 'inventory.power_port', 'inventory.rear_port')),
    "termination_id" uuid NOT NULL,
    "connector" bigint CHECK ("connector" BETWEEN 1 AND 256),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "cable_termination_number_key" ON "inventory"."cable_termination" (tenant_id, number);
CREATE UNIQUE INDEX "cable_termination_termination_key" ON "inventory"."cable_termination" (tenant_id, "termination_id", "termination_type");
CREATE UNIQUE INDEX "cable_termination_cable_cable_end_connector_key" ON "inventory"."cable_termination" (tenant_id, "cable", "cable_end", "connector");
CREATE INDEX "cable_termination_created_at_idx" ON "inventory"."cable_termination" (tenant_id, created_at, id);
SELECT app.make_tenant_table('inventory.cable_termination', history => true);

-- inventory.cable_bundle: Cables that run together.
CREATE TABLE "inventory"."cable_bundle" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 100),
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "comments" text COLLATE "C" CHECK (char_length("comments") BETWEEN 1 AND 65536),
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "cable_bundle_number_key" ON "inventory"."cable_bundle" (tenant_id, number);
CREATE UNIQUE INDEX "cable_bundle_name_key" ON "inventory"."cable_bundle" (tenant_id, "name");
SELECT app.make_tenant_table('inventory.cable_bundle', history => true);

-- inventory.console_port: Ports for local management of a device.
CREATE TABLE "inventory"."console_port" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "device" uuid NOT NULL,
    "module" uuid,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 64),
    "label" text COLLATE "C" CHECK (char_length("label") BETWEEN 1 AND 64),
    "type" text COLLATE "C" CHECK ("type" IN ('de-9', 'db-25', 'rj-11', 'rj-12', 'rj-45', 'mini-din-8', 'usb-a', 'usb-b', 'usb-c', 'usb-mini-a', 'usb-mini-b', 'usb-micro-a', 'usb-micro-b', 'usb-micro-ab', 'other')),
    "speed" text COLLATE "C" CHECK ("speed" IN ('1200', '2400', '4800', '9600', '19200', '38400', '57600', '115200')),
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "mark_connected" boolean NOT NULL DEFAULT false,
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "console_port_number_key" ON "inventory"."console_port" (tenant_id, number);
CREATE UNIQUE INDEX "console_port_device_name_key" ON "inventory"."console_port" (tenant_id, "device", "name");
CREATE INDEX "console_port_module_idx" ON "inventory"."console_port" (tenant_id, "module", id) WHERE "module" IS NOT NULL;
CREATE INDEX "console_port_name_idx" ON "inventory"."console_port" (tenant_id, "name", id);
SELECT app.make_tenant_table('inventory.console_port', history => true);

-- inventory.console_port_template: Console ports that devices or modules of a type get.
CREATE TABLE "inventory"."console_port_template" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "device_type" uuid,
    "module_type" uuid,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 64),
    "label" text COLLATE "C" CHECK (char_length("label") BETWEEN 1 AND 64),
    "type" text COLLATE "C" CHECK ("type" IN ('de-9', 'db-25', 'rj-11', 'rj-12', 'rj-45', 'mini-din-8', 'usb-a', 'usb-b', 'usb-c', 'usb-mini-a', 'usb-mini-b', 'usb-micro-a', 'usb-micro-b', 'usb-micro-ab', 'other')),
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "console_port_template_number_key" ON "inventory"."console_port_template" (tenant_id, number);
CREATE UNIQUE INDEX "console_port_template_device_type_name_key" ON "inventory"."console_port_template" (tenant_id, "device_type", "name") WHERE "device_type" IS NOT NULL;
CREATE UNIQUE INDEX "console_port_template_module_type_name_key" ON "inventory"."console_port_template" (tenant_id, "module_type", "name") WHERE "module_type" IS NOT NULL;
CREATE INDEX "console_port_template_name_idx" ON "inventory"."console_port_template" (tenant_id, "name", id);
SELECT app.make_tenant_table('inventory.console_port_template', history => true);

-- inventory.console_server_port: Ports through which a console server reaches others.
CREATE TABLE "inventory"."console_server_port" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "device" uuid NOT NULL,
    "module" uuid,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 64),
    "label" text COLLATE "C" CHECK (char_length("label") BETWEEN 1 AND 64),
    "type" text COLLATE "C" CHECK ("type" IN ('de-9', 'db-25', 'rj-11', 'rj-12', 'rj-45', 'mini-din-8', 'usb-a', 'usb-b', 'usb-c', 'usb-mini-a', 'usb-mini-b', 'usb-micro-a', 'usb-micro-b', 'usb-micro-ab', 'other')),
    "speed" text COLLATE "C" CHECK ("speed" IN ('1200', '2400', '4800', '9600', '19200', '38400', '57600', '115200')),
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "mark_connected" boolean NOT NULL DEFAULT false,
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "console_server_port_number_key" ON "inventory"."console_server_port" (tenant_id, number);
CREATE UNIQUE INDEX "console_server_port_device_name_key" ON "inventory"."console_server_port" (tenant_id, "device", "name");
CREATE INDEX "console_server_port_module_idx" ON "inventory"."console_server_port" (tenant_id, "module", id) WHERE "module" IS NOT NULL;
CREATE INDEX "console_server_port_name_idx" ON "inventory"."console_server_port" (tenant_id, "name", id);
SELECT app.make_tenant_table('inventory.console_server_port', history => true);

-- inventory.console_server_port_template: Console server ports that devices or modules of a type get.
CREATE TABLE "inventory"."console_server_port_template" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "device_type" uuid,
    "module_type" uuid,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 64),
    "label" text COLLATE "C" CHECK (char_length("label") BETWEEN 1 AND 64),
    "type" text COLLATE "C" CHECK ("type" IN ('de-9', 'db-25', 'rj-11', 'rj-12', 'rj-45', 'mini-din-8', 'usb-a', 'usb-b', 'usb-c', 'usb-mini-a', 'usb-mini-b', 'usb-micro-a', 'usb-micro-b', 'usb-micro-ab', 'other')),
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "console_server_port_template_number_key" ON "inventory"."console_server_port_template" (tenant_id, number);
CREATE UNIQUE INDEX "console_server_port_template_device_type_name_key" ON "inventory"."console_server_port_template" (tenant_id, "device_type", "name") WHERE "device_type" IS NOT NULL;
CREATE UNIQUE INDEX "console_server_port_template_module_type_name_key" ON "inventory"."console_server_port_template" (tenant_id, "module_type", "name") WHERE "module_type" IS NOT NULL;
CREATE INDEX "console_server_port_template_name_idx" ON "inventory"."console_server_port_template" (tenant_id, "name", id);
SELECT app.make_tenant_table('inventory.console_server_port_template', history => true);

-- inventory.cooling_feed: Loops of coolant from a source.
CREATE TABLE "inventory"."cooling_feed" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "cooling_source" uuid NOT NULL,
    "rack" uuid,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 100),
    "status" text COLLATE "C" NOT NULL DEFAULT 'active' CHECK ("status" IN ('offline', 'active', 'planned', 'failed')),
    "cooling_capacity" double precision,
    "max_flow" double precision,
    "max_flow_unit" text COLLATE "C" CHECK ("max_flow_unit" IN ('lpm', 'm3ph', 'gpm')),
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "assigned_tenant" uuid,
    "comments" text COLLATE "C" CHECK (char_length("comments") BETWEEN 1 AND 65536),
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "cooling_feed_number_key" ON "inventory"."cooling_feed" (tenant_id, number);
CREATE UNIQUE INDEX "cooling_feed_cooling_source_name_key" ON "inventory"."cooling_feed" (tenant_id, "cooling_source", "name");
CREATE INDEX "cooling_feed_rack_idx" ON "inventory"."cooling_feed" (tenant_id, "rack", id) WHERE "rack" IS NOT NULL;
CREATE INDEX "cooling_feed_name_idx" ON "inventory"."cooling_feed" (tenant_id, "name", id);
CREATE INDEX "cooling_feed_status_idx" ON "inventory"."cooling_feed" (tenant_id, "status", id);
CREATE INDEX "cooling_feed_assigned_tenant_idx" ON "inventory"."cooling_feed" (tenant_id, "assigned_tenant", id) WHERE "assigned_tenant" IS NOT NULL;
SELECT app.make_tenant_table('inventory.cooling_feed', history => true);

-- inventory.cooling_intake: Where coolant enters a device.
CREATE TABLE "inventory"."cooling_intake" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "device" uuid NOT NULL,
    "module" uuid,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 64),
    "label" text COLLATE "C" CHECK (char_length("label") BETWEEN 1 AND 64),
    "type" text COLLATE "C" CHECK ("type" IN ('uqd', 'uqdb', 'qdc', 'camlock', 'npt', 'bsp', 'proprietary')),
    "diameter" double precision,
    "diameter_unit" text COLLATE "C" CHECK ("diameter_unit" IN ('mm', 'cm', 'in')),
    "max_flow" double precision,
    "max_flow_unit" text COLLATE "C" CHECK ("max_flow_unit" IN ('lpm', 'm3ph', 'gpm')),
    "cooling_outflow" uuid,
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "cooling_intake_number_key" ON "inventory"."cooling_intake" (tenant_id, number);
CREATE UNIQUE INDEX "cooling_intake_device_name_key" ON "inventory"."cooling_intake" (tenant_id, "device", "name");
CREATE INDEX "cooling_intake_module_idx" ON "inventory"."cooling_intake" (tenant_id, "module", id) WHERE "module" IS NOT NULL;
CREATE INDEX "cooling_intake_name_idx" ON "inventory"."cooling_intake" (tenant_id, "name", id);
CREATE INDEX "cooling_intake_cooling_outflow_idx" ON "inventory"."cooling_intake" (tenant_id, "cooling_outflow", id) WHERE "cooling_outflow" IS NOT NULL;
SELECT app.make_tenant_table('inventory.cooling_intake', history => true);

-- inventory.cooling_intake_template: Coolant intakes that devices or modules of a type get.
CREATE TABLE "inventory"."cooling_intake_template" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "device_type" uuid,
    "module_type" uuid,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 64),
    "label" text COLLATE "C" CHECK (char_length("label") BETWEEN 1 AND 64),
    "type" text COLLATE "C" CHECK ("type" IN ('uqd', 'uqdb', 'qdc', 'camlock', 'npt', 'bsp', 'proprietary')),
    "diameter" double precision,
    "diameter_unit" text COLLATE "C" CHECK ("diameter_unit" IN ('mm', 'cm', 'in')),
    "max_flow" double precision,
    "max_flow_unit" text COLLATE "C" CHECK ("max_flow_unit" IN ('lpm', 'm3ph', 'gpm')),
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "cooling_intake_template_number_key" ON "inventory"."cooling_intake_template" (tenant_id, number);
CREATE UNIQUE INDEX "cooling_intake_template_device_type_name_key" ON "inventory"."cooling_intake_template" (tenant_id, "device_type", "name") WHERE "device_type" IS NOT NULL;
CREATE UNIQUE INDEX "cooling_intake_template_module_type_name_key" ON "inventory"."cooling_intake_template" (tenant_id, "module_type", "name") WHERE "module_type" IS NOT NULL;
CREATE INDEX "cooling_intake_template_name_idx" ON "inventory"."cooling_intake_template" (tenant_id, "name", id);
SELECT app.make_tenant_table('inventory.cooling_intake_template', history => true);

-- inventory.cooling_outflow: Where coolant leaves a device.
CREATE TABLE "inventory"."cooling_outflow" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "device" uuid NOT NULL,
    "module" uuid,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 64),
    "label" text COLLATE "C" CHECK (char_length("label") BETWEEN 1 AND 64),
    "type" text COLLATE "C" CHECK ("type" IN ('uqd', 'uqdb', 'qdc', 'camlock', 'npt', 'bsp', 'proprietary')),
    "diameter" double precision,
    "diameter_unit" text COLLATE "C" CHECK ("diameter_unit" IN ('mm', 'cm', 'in')),
    "cooling_intake" uuid,
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "cooling_outflow_number_key" ON "inventory"."cooling_outflow" (tenant_id, number);
CREATE UNIQUE INDEX "cooling_outflow_device_name_key" ON "inventory"."cooling_outflow" (tenant_id, "device", "name");
CREATE INDEX "cooling_outflow_module_idx" ON "inventory"."cooling_outflow" (tenant_id, "module", id) WHERE "module" IS NOT NULL;
CREATE INDEX "cooling_outflow_name_idx" ON "inventory"."cooling_outflow" (tenant_id, "name", id);
CREATE INDEX "cooling_outflow_cooling_intake_idx" ON "inventory"."cooling_outflow" (tenant_id, "cooling_intake", id) WHERE "cooling_intake" IS NOT NULL;
SELECT app.make_tenant_table('inventory.cooling_outflow', history => true);

-- inventory.cooling_outflow_template: Coolant outflows that devices or modules of a type get.
CREATE TABLE "inventory"."cooling_outflow_template" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "device_type" uuid,
    "module_type" uuid,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 64),
    "label" text COLLATE "C" CHECK (char_length("label") BETWEEN 1 AND 64),
    "type" text COLLATE "C" CHECK ("type" IN ('uqd', 'uqdb', 'qdc', 'camlock', 'npt', 'bsp', 'proprietary')),
    "diameter" double precision,
    "diameter_unit" text COLLATE "C" CHECK ("diameter_unit" IN ('mm', 'cm', 'in')),
    "cooling_intake" uuid,
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "cooling_outflow_template_number_key" ON "inventory"."cooling_outflow_template" (tenant_id, number);
CREATE UNIQUE INDEX "cooling_outflow_template_device_type_name_key" ON "inventory"."cooling_outflow_template" (tenant_id, "device_type", "name") WHERE "device_type" IS NOT NULL;
CREATE UNIQUE INDEX "cooling_outflow_template_module_type_name_key" ON "inventory"."cooling_outflow_template" (tenant_id, "module_type", "name") WHERE "module_type" IS NOT NULL;
CREATE INDEX "cooling_outflow_template_name_idx" ON "inventory"."cooling_outflow_template" (tenant_id, "name", id);
CREATE INDEX "cooling_outflow_template_cooling_intake_idx" ON "inventory"."cooling_outflow_template" (tenant_id, "cooling_intake", id) WHERE "cooling_intake" IS NOT NULL;
SELECT app.make_tenant_table('inventory.cooling_outflow_template', history => true);

-- inventory.cooling_source: Plants that coolant comes from.
CREATE TABLE "inventory"."cooling_source" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "site" uuid NOT NULL,
    "location" uuid,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 100),
    "type" text COLLATE "C" NOT NULL CHECK ("type" IN ('chiller', 'cooling-tower', 'dry-cooler', 'crac', 'crah')),
    "status" text COLLATE "C" NOT NULL DEFAULT 'active' CHECK ("status" IN ('offline', 'active', 'planned', 'failed')),
    "fluid_type" text COLLATE "C" CHECK ("fluid_type" IN ('water', 'water-glycol', 'dielectric', 'refrigerant')),
    "cooling_capacity" double precision,
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "comments" text COLLATE "C" CHECK (char_length("comments") BETWEEN 1 AND 65536),
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "cooling_source_number_key" ON "inventory"."cooling_source" (tenant_id, number);
CREATE UNIQUE INDEX "cooling_source_site_name_key" ON "inventory"."cooling_source" (tenant_id, "site", "name");
CREATE INDEX "cooling_source_location_idx" ON "inventory"."cooling_source" (tenant_id, "location", id) WHERE "location" IS NOT NULL;
CREATE INDEX "cooling_source_name_idx" ON "inventory"."cooling_source" (tenant_id, "name", id);
CREATE INDEX "cooling_source_status_idx" ON "inventory"."cooling_source" (tenant_id, "status", id);
SELECT app.make_tenant_table('inventory.cooling_source', history => true);

-- inventory.device: Every piece of hardware with a place: routers, switches, servers, panels, power strips.
CREATE TABLE "inventory"."device" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "name" text COLLATE "C" CHECK (char_length("name") BETWEEN 1 AND 64),
    "name_ci" text COLLATE "C" GENERATED ALWAYS AS (lower("name" COLLATE "und-x-icu") COLLATE "C") STORED,
    "device_type" uuid NOT NULL,
    "role" uuid NOT NULL,
    "assigned_tenant" uuid,
    "platform" uuid,
    "serial" text COLLATE "C" CHECK (char_length("serial") BETWEEN 1 AND 50),
    "asset_tag" text COLLATE "C" CHECK (char_length("asset_tag") BETWEEN 1 AND 50),
    "site" uuid NOT NULL,
    "location" uuid,
    "rack" uuid,
    "position" double precision,
    "face" text COLLATE "C" CHECK ("face" IN ('front', 'rear')),
    "latitude" double precision,
    "longitude" double precision,
    "status" text COLLATE "C" NOT NULL DEFAULT 'active' CHECK ("status" IN ('offline', 'active', 'planned', 'staged', 'failed', 'inventory', 'decommissioning')),
    "airflow" text COLLATE "C" CHECK ("airflow" IN ('front-to-rear', 'rear-to-front', 'left-to-right', 'right-to-left', 'side-to-rear', 'rear-to-side', 'bottom-to-top', 'top-to-bottom', 'passive', 'mixed')),
    "cooling_method" text COLLATE "C" CHECK ("cooling_method" IN ('air', 'liquid', 'hybrid', 'immersion')),
    "primary_ip4" uuid,
    "primary_ip6" uuid,
    "oob_ip" uuid,
    "cluster" uuid,
    "virtual_chassis" uuid,
    "vc_position" bigint CHECK ("vc_position" BETWEEN 0 AND 255),
    "vc_priority" bigint CHECK ("vc_priority" BETWEEN 0 AND 255),
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "comments" text COLLATE "C" CHECK (char_length("comments") BETWEEN 1 AND 65536),
    "config_template" uuid,
    "local_context_data" jsonb,
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "device_number_key" ON "inventory"."device" (tenant_id, number);
CREATE UNIQUE INDEX "device_asset_tag_key" ON "inventory"."device" (tenant_id, "asset_tag");
CREATE UNIQUE INDEX "device_rack_position_face_key" ON "inventory"."device" (tenant_id, "rack", "position", "face") WHERE "rack" IS NOT NULL;
CREATE UNIQUE INDEX "device_virtual_chassis_vc_position_key" ON "inventory"."device" (tenant_id, "virtual_chassis", "vc_position") WHERE "virtual_chassis" IS NOT NULL;
CREATE UNIQUE INDEX "device_site_assigned_tenant_name_within" ON "inventory"."device" (tenant_id, "site", "assigned_tenant", "name_ci") NULLS NOT DISTINCT WHERE "name" IS NOT NULL;
CREATE INDEX "device_name_idx" ON "inventory"."device" (tenant_id, "name_ci", id);
CREATE INDEX "device_device_type_idx" ON "inventory"."device" (tenant_id, "device_type", id);
CREATE INDEX "device_role_idx" ON "inventory"."device" (tenant_id, "role", id);
CREATE INDEX "device_assigned_tenant_idx" ON "inventory"."device" (tenant_id, "assigned_tenant", id) WHERE "assigned_tenant" IS NOT NULL;
CREATE INDEX "device_platform_idx" ON "inventory"."device" (tenant_id, "platform", id) WHERE "platform" IS NOT NULL;
CREATE INDEX "device_serial_idx" ON "inventory"."device" (tenant_id, "serial", id);
CREATE INDEX "device_site_idx" ON "inventory"."device" (tenant_id, "site", id);
CREATE INDEX "device_location_idx" ON "inventory"."device" (tenant_id, "location", id) WHERE "location" IS NOT NULL;
CREATE INDEX "device_status_idx" ON "inventory"."device" (tenant_id, "status", id);
CREATE INDEX "device_primary_ip4_idx" ON "inventory"."device" (tenant_id, "primary_ip4", id) WHERE "primary_ip4" IS NOT NULL;
CREATE INDEX "device_primary_ip6_idx" ON "inventory"."device" (tenant_id, "primary_ip6", id) WHERE "primary_ip6" IS NOT NULL;
CREATE INDEX "device_oob_ip_idx" ON "inventory"."device" (tenant_id, "oob_ip", id) WHERE "oob_ip" IS NOT NULL;
CREATE INDEX "device_cluster_idx" ON "inventory"."device" (tenant_id, "cluster", id) WHERE "cluster" IS NOT NULL;
CREATE INDEX "device_config_template_idx" ON "inventory"."device" (tenant_id, "config_template", id) WHERE "config_template" IS NOT NULL;
SELECT app.make_tenant_table('inventory.device', history => true);

-- inventory.device_bay: Places of a chassis for child devices.
CREATE TABLE "inventory"."device_bay" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "device" uuid NOT NULL,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 64),
    "label" text COLLATE "C" CHECK (char_length("label") BETWEEN 1 AND 64),
    "enabled" boolean NOT NULL DEFAULT true,
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "installed_device" uuid,
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "device_bay_number_key" ON "inventory"."device_bay" (tenant_id, number);
CREATE UNIQUE INDEX "device_bay_device_name_key" ON "inventory"."device_bay" (tenant_id, "device", "name");
CREATE INDEX "device_bay_name_idx" ON "inventory"."device_bay" (tenant_id, "name", id);
CREATE INDEX "device_bay_installed_device_idx" ON "inventory"."device_bay" (tenant_id, "installed_device", id) WHERE "installed_device" IS NOT NULL;
SELECT app.make_tenant_table('inventory.device_bay', history => true);

-- inventory.device_bay_template: Bays for child devices that devices of a type get.
CREATE TABLE "inventory"."device_bay_template" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "device_type" uuid NOT NULL,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 64),
    "label" text COLLATE "C" CHECK (char_length("label") BETWEEN 1 AND 64),
    "enabled" boolean NOT NULL DEFAULT true,
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "device_bay_template_number_key" ON "inventory"."device_bay_template" (tenant_id, number);
CREATE UNIQUE INDEX "device_bay_template_device_type_name_key" ON "inventory"."device_bay_template" (tenant_id, "device_type", "name");
CREATE INDEX "device_bay_template_name_idx" ON "inventory"."device_bay_template" (tenant_id, "name", id);
SELECT app.make_tenant_table('inventory.device_bay_template', history => true);

-- inventory.device_role: What a device does, as a tree: router, access switch, firewall.
CREATE TABLE "inventory"."device_role" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 100),
    "slug" text COLLATE "C" NOT NULL CHECK (char_length("slug") BETWEEN 1 AND 100),
    "color" text COLLATE "C" NOT NULL DEFAULT '9e9e9e' CHECK (char_length("color") BETWEEN 1 AND 6),
    "color_ci" text COLLATE "C" GENERATED ALWAYS AS (lower("color" COLLATE "und-x-icu") COLLATE "C") STORED,
    "vm_role" boolean NOT NULL DEFAULT true,
    "config_template" uuid,
    "parent" uuid,
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    "comments" text COLLATE "C" CHECK (char_length("comments") BETWEEN 1 AND 65536),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "device_role_number_key" ON "inventory"."device_role" (tenant_id, number);
CREATE UNIQUE INDEX "device_role_parent_name_within" ON "inventory"."device_role" (tenant_id, "parent", "name") NULLS NOT DISTINCT WHERE "name" IS NOT NULL;
CREATE UNIQUE INDEX "device_role_parent_slug_within" ON "inventory"."device_role" (tenant_id, "parent", "slug") NULLS NOT DISTINCT WHERE "slug" IS NOT NULL;
CREATE INDEX "device_role_name_idx" ON "inventory"."device_role" (tenant_id, "name", id);
CREATE INDEX "device_role_slug_idx" ON "inventory"."device_role" (tenant_id, "slug", id);
CREATE INDEX "device_role_color_idx" ON "inventory"."device_role" (tenant_id, "color_ci", id);
CREATE INDEX "device_role_config_template_idx" ON "inventory"."device_role" (tenant_id, "config_template", id) WHERE "config_template" IS NOT NULL;
CREATE INDEX "device_role_parent_idx" ON "inventory"."device_role" (tenant_id, "parent", id) WHERE "parent" IS NOT NULL;
SELECT app.make_tenant_table('inventory.device_role', history => true);

-- inventory.device_type: Models of devices: height, depth, airflow, and through templates their ports.
CREATE TABLE "inventory"."device_type" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "manufacturer" uuid NOT NULL,
    "default_platform" uuid,
    "model" text COLLATE "C" NOT NULL CHECK (char_length("model") BETWEEN 1 AND 100),
    "slug" text COLLATE "C" NOT NULL CHECK (char_length("slug") BETWEEN 1 AND 100),
    "part_number" text COLLATE "C" CHECK (char_length("part_number") BETWEEN 1 AND 50),
    "u_height" double precision NOT NULL DEFAULT 1,
    "exclude_from_utilization" boolean NOT NULL DEFAULT false,
    "is_full_depth" boolean NOT NULL DEFAULT true,
    "subdevice_role" text COLLATE "C" CHECK ("subdevice_role" IN ('parent', 'child')),
    "airflow" text COLLATE "C" CHECK ("airflow" IN ('front-to-rear', 'rear-to-front', 'left-to-right', 'right-to-left', 'side-to-rear', 'rear-to-side', 'bottom-to-top', 'top-to-bottom', 'passive', 'mixed')),
    "cooling_method" text COLLATE "C" CHECK ("cooling_method" IN ('air', 'liquid', 'hybrid', 'immersion')),
    "weight" double precision,
    "weight_unit" text COLLATE "C" CHECK ("weight_unit" IN ('kg', 'g', 'lb', 'oz')),
    "end_of_life" date,
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "comments" text COLLATE "C" CHECK (char_length("comments") BETWEEN 1 AND 65536),
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "device_type_number_key" ON "inventory"."device_type" (tenant_id, number);
CREATE UNIQUE INDEX "device_type_manufacturer_model_key" ON "inventory"."device_type" (tenant_id, "manufacturer", "model");
CREATE UNIQUE INDEX "device_type_manufacturer_slug_key" ON "inventory"."device_type" (tenant_id, "manufacturer", "slug");
CREATE INDEX "device_type_default_platform_idx" ON "inventory"."device_type" (tenant_id, "default_platform", id) WHERE "default_platform" IS NOT NULL;
CREATE INDEX "device_type_model_idx" ON "inventory"."device_type" (tenant_id, "model", id);
CREATE INDEX "device_type_slug_idx" ON "inventory"."device_type" (tenant_id, "slug", id);
CREATE INDEX "device_type_part_number_idx" ON "inventory"."device_type" (tenant_id, "part_number", id);
SELECT app.make_tenant_table('inventory.device_type', history => true);

-- inventory.front_port: Front sides of pass-through ports of a panel.
CREATE TABLE "inventory"."front_port" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "device" uuid NOT NULL,
    "module" uuid,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 64),
    "label" text COLLATE "C" CHECK (char_length("label") BETWEEN 1 AND 64),
    "type" text COLLATE "C" NOT NULL CHECK ("type" IN ('8p8c', '8p6c', '8p4c', '8p2c', '6p6c', '6p4c', '6p2c', '4p4c', '4p2c', 'gg45', 'tera-4p', 'tera-2p', 'tera-1p', '110-punch', 'bnc', 'f', 'n', 'mrj21', 'fc', 'fc-pc', 'fc-upc', 'fc-apc', 'lc', 'lc-pc', 'lc-upc', 'lc-apc', 'mu', 'mu-pc', 'mu-upc', 'mu-apc', 'lsh', 'lsh-pc', 'lsh-upc', 'lsh-apc', 'lx5', 'lx5-pc', 'lx5-upc', 'lx5-apc', 'mpo', 'mtrj', 'sc', 'sc-pc', 'sc-upc', 'sc-apc', 'st', 'cs', 'sn', 'mdc', 'sma-905', 'sma-906', 'urm-p2', 'urm-p4', 'urm-p8', 'splice', 'usb-a', 'usb-b', 'usb-c', 'usb-mini-a', 'usb-mini-b', 'usb-micro-a', 'usb-micro-b', 'usb-micro-ab', 'other')),
    "color" text COLLATE "C" CHECK (char_length("color") BETWEEN 1 AND 6),
    "color_ci" text COLLATE "C" GENERATED ALWAYS AS (lower("color" COLLATE "und-x-icu") COLLATE "C") STORED,
    "positions" bigint NOT NULL DEFAULT 1 CHECK ("positions" BETWEEN 1 AND 1024),
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "mark_connected" boolean NOT NULL DEFAULT false,
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "front_port_number_key" ON "inventory"."front_port" (tenant_id, number);
CREATE UNIQUE INDEX "front_port_device_name_key" ON "inventory"."front_port" (tenant_id, "device", "name");
CREATE INDEX "front_port_module_idx" ON "inventory"."front_port" (tenant_id, "module", id) WHERE "module" IS NOT NULL;
CREATE INDEX "front_port_name_idx" ON "inventory"."front_port" (tenant_id, "name", id);
SELECT app.make_tenant_table('inventory.front_port', history => true);

-- inventory.front_port_template: Front ports of a panel type.
CREATE TABLE "inventory"."front_port_template" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "device_type" uuid,
    "module_type" uuid,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 64),
    "label" text COLLATE "C" CHECK (char_length("label") BETWEEN 1 AND 64),
    "type" text COLLATE "C" NOT NULL CHECK ("type" IN ('8p8c', '8p6c', '8p4c', '8p2c', '6p6c', '6p4c', '6p2c', '4p4c', '4p2c', 'gg45', 'tera-4p', 'tera-2p', 'tera-1p', '110-punch', 'bnc', 'f', 'n', 'mrj21', 'fc', 'fc-pc', 'fc-upc', 'fc-apc', 'lc', 'lc-pc', 'lc-upc', 'lc-apc', 'mu', 'mu-pc', 'mu-upc', 'mu-apc', 'lsh', 'lsh-pc', 'lsh-upc', 'lsh-apc', 'lx5', 'lx5-pc', 'lx5-upc', 'lx5-apc', 'mpo', 'mtrj', 'sc', 'sc-pc', 'sc-upc', 'sc-apc', 'st', 'cs', 'sn', 'mdc', 'sma-905', 'sma-906', 'urm-p2', 'urm-p4', 'urm-p8', 'splice', 'usb-a', 'usb-b', 'usb-c', 'usb-mini-a', 'usb-mini-b', 'usb-micro-a', 'usb-micro-b', 'usb-micro-ab', 'other')),
    "color" text COLLATE "C" CHECK (char_length("color") BETWEEN 1 AND 6),
    "color_ci" text COLLATE "C" GENERATED ALWAYS AS (lower("color" COLLATE "und-x-icu") COLLATE "C") STORED,
    "positions" bigint NOT NULL DEFAULT 1 CHECK ("positions" BETWEEN 1 AND 1024),
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "front_port_template_number_key" ON "inventory"."front_port_template" (tenant_id, number);
CREATE UNIQUE INDEX "front_port_template_device_type_name_key" ON "inventory"."front_port_template" (tenant_id, "device_type", "name") WHERE "device_type" IS NOT NULL;
CREATE UNIQUE INDEX "front_port_template_module_type_name_key" ON "inventory"."front_port_template" (tenant_id, "module_type", "name") WHERE "module_type" IS NOT NULL;
CREATE INDEX "front_port_template_name_idx" ON "inventory"."front_port_template" (tenant_id, "name", id);
SELECT app.make_tenant_table('inventory.front_port_template', history => true);

-- inventory.interface: Network interfaces of a device: physical, virtual, bridges, aggregates.
CREATE TABLE "inventory"."interface" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "device" uuid NOT NULL,
    "vdcs" uuid[] NOT NULL DEFAULT '{}',
    "module" uuid,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 64),
    "label" text COLLATE "C" CHECK (char_length("label") BETWEEN 1 AND 64),
    "type" text COLLATE "C" NOT NULL CHECK ("type" IN ('virtual', 'bridge', 'lag', 'channel', '100base-fx', '100base-lfx', '100base-tx', '100base-t1', '1000base-bx10-d', '1000base-bx10-u', '1000base-cwdm', '1000base-cx', '1000base-dwdm', '1000base-ex', '1000base-lsx', '1000base-lx', '1000base-lx10', '1000base-sx', '1000base-t', '1000base-tx', '1000base-zx', '2.5gbase-t', '5gbase-t', '10gbase-br-d', '10gbase-br-u', '10gbase-cu', '10gbase-cx4', '10gbase-er', '10gbase-lr', '10gbase-lrm', '10gbase-lx4', '10gbase-sr', '10gbase-t', '10gbase-zr', '25gbase-cr', '25gbase-er', '25gbase-lr', '25gbase-sr', '25gbase-t', '40gbase-cr4', '40gbase-er4', '40gbase-fr4', '40gbase-lr4', '40gbase-sr4', '40gbase-sr4-bd', '50gbase-cr', '50gbase-er', '50gbase-fr', '50gbase-lr', '50gbase-sr', '100gbase-cr1', '100gbase-cr2', '100gbase-cr4', '100gbase-cr10', '100gbase-cwdm4', '100gbase-dr', '100gbase-er4', '100gbase-fr1', '100gbase-lr1', '100gbase-lr4', '100gbase-sr1', '100gbase-sr1.2', '100gbase-sr2', '100gbase-sr4', '100gbase-sr10', '100gbase-zr', '200gbase-cr2', '200gbase-cr4', '200gbase-dr4', '200gbase-er4', '200gbase-fr4', '200gbase-lr4', '200gbase-sr2', '200gbase-sr4', '200gbase-vr2', '400gbase-cr4', '400gbase-dr4', '400gbase-er8', '400gbase-fr4', '400gbase-fr8', '400gbase-lr4', '400gbase-lr8', '400gbase-sr4', '400gbase-sr4_2', '400gbase-sr8', '400gbase-sr16', '400gbase-vr4', '400gbase-zr', '800gbase-cr8', '800gbase-dr8', '800gbase-sr8', '800gbase-vr8', '1.6tbase-cr8', '1.6tbase-dr8', '1.6tbase-dr8-2', '100base-x-sfp', '1000base-x-gbic', '1000base-x-sfp', '2.5gbase-x-sfp', '10gbase-x-sfpp', '10gbase-x-xenpak', '10gbase-x-xfp', '10gbase-x-x2', '25gbase-x-sfp28', '40gbase-x-qsfpp', '50gbase-x-sfp28', '50gbase-x-sfp56', '100gbase-x-cfp', '100gbase-x-cfp2', '100gbase-x-cfp4', '100gbase-x-cxp', '100gbase-x-cpak', '100gbase-x-dsfp', '100gbase-x-qsfp28', '100gbase-x-qsfpdd', '100gbase-x-sfp112', '100gbase-x-sfpdd', '200gbase-x-cfp2', '200gbase-x-qsfp56', '200gbase-x-qsfpdd', '400gbase-x-qsfp112', '400gbase-x-qsfpdd', '400gbase-x-cdfp', '400gbase-x-cfp2', '400gbase-x-cfp8', '400gbase-x-osfp', '400gbase-x-osfp-rhs', '800gbase-x-osfp', '800gbase-x-qsfpdd', '1.6tbase-x-osfp1600', '1.6tbase-x-osfp1600-rhs', '1.6tbase-x-qsfpdd1600', '1000base-kx', '2.5gbase-kx', '5gbase-kr', '10gbase-kr', '10gbase-kx4', '25gbase-kr', '40gbase-kr4', '50gbase-kr', '100gbase-kp4', '100gbase-kr2', '100gbase-kr4', '1.6tbase-kr8', 'ieee802.11a', 'ieee802.11g', 'ieee802.11n', 'ieee802.11ac', 'ieee802.11ad', 'ieee802.11ax', 'ieee802.11ay', 'ieee802.11be', 'ieee802.15.1', 'ieee802.15.4', 'other-wireless', 'gsm', 'cdma', 'lte', '4g', '5g', 'sonet-oc3', 'sonet-oc12', 'sonet-oc48', 'sonet-oc192', 'sonet-oc768', 'sonet-oc1920', 'sonet-oc3840', '1gfc-sfp', '2gfc-sfp', '4gfc-sfp', '8gfc-sfpp', '16gfc-sfpp', '32gfc-sfp28', '32gfc-sfpp', '64gfc-qsfpp', '64gfc-sfpdd', '64gfc-sfpp', '128gfc-qsfp28', 'infiniband-sdr', 'infiniband-ddr', 'infiniband-qdr', 'infiniband-fdr10', 'infiniband-fdr', 'infiniband-edr', 'infiniband-hdr', 'infiniband-ndr', 'infiniband-xdr', 'infiniband-hdr-2x', 'infiniband-ndr-2x', 'infiniband-xdr-2x', 'infiniband-sdr-4x', 'infiniband-ddr-4x', 'infiniband-qdr-4x', 'infiniband-fdr10-4x', 'infiniband-fdr-4x', 'infiniband-edr-4x', 'infiniband-hdr-4x', 'infiniband-ndr-4x', 'infiniband-xdr-4x', 't1', 'e1', 't3', 'e3', 'xdsl', 'docsis', 'moca', 'bpon', 'epon', '10g-epon', 'gpon', 'xg-pon', 'xgs-pon', 'ng-pon2', '25g-pon', '50g-pon', 'cisco-stackwise', 'cisco-stackwise-plus', 'cisco-flexstack', 'cisco-flexstack-plus', 'cisco-stackwise-80', 'cisco-stackwise-160', 'cisco-stackwise-320', 'cisco-stackwise-480', 'cisco-stackwise-1t', 'juniper-vcp', 'extreme-summitstack', 'extreme-summitstack-128', 'extreme-summitstack-256', 'extreme-summitstack-512', 'hpe-synergy-interconnect-link', 'other')),
    "channels" bigint CHECK ("channels" BETWEEN 1 AND 1024),
    "channel_id" bigint CHECK ("channel_id" BETWEEN 1 AND 1024),
    "enabled" boolean NOT NULL DEFAULT true,
    "parent" uuid,
    "bridge" uuid,
    "lag" uuid,
    "mtu" bigint CHECK ("mtu" BETWEEN 1 AND 65536),
    "primary_mac_address" uuid,
    "speed" bigint CHECK ("speed" BETWEEN 0 AND 9223372036854775807),
    "duplex" text COLLATE "C" CHECK ("duplex" IN ('half', 'full', 'auto')),
    "wwn" text COLLATE "C" CHECK (char_length("wwn") BETWEEN 1 AND 23),
    "mgmt_only" boolean NOT NULL DEFAULT false,
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "mode" text COLLATE "C" CHECK ("mode" IN ('access', 'tagged', 'tagged-all', 'q-in-q')),
    "rf_role" text COLLATE "C" CHECK ("rf_role" IN ('ap', 'station')),
    "rf_channel" text COLLATE "C" CHECK ("rf_channel" IN ('2.4g-1-2412-22', '2.4g-2-2417-22', '2.4g-3-2422-22', '2.4g-4-2427-22', '2.4g-5-2432-22', '2.4g-6-2437-22', '2.4g-7-2442-22', '2.4g-8-2447-22', '2.4g-9-2452-22', '2.4g-10-2457-22', '2.4g-11-2462-22', '2.4g-12-2467-22', '2.4g-13-2472-22', '5g-32-5160-20', '5g-34-5170-40', '5g-36-5180-20', '5g-38-5190-40', '5g-40-5200-20', '5g-42-5210-80', '5g-44-5220-20', '5g-46-5230-40', '5g-48-5240-20', '5g-50-5250-160', '5g-52-5260-20', '5g-54-5270-40', '5g-56-5280-20', '5g-58-5290-80', '5g-60-5300-20', '5g-62-5310-40', '5g-64-5320-20', '5g-100-5500-20', '5g-102-5510-40', '5g-104-5520-20', '5g-106-5530-80', '5g-108-5540-20', '5g-110-5550-40', '5g-112-5560-20', '5g-114-5570-160', '5g-116-5580-20', '5g-118-5590-40', '5g-120-5600-20', '5g-122-5610-80', '5g-124-5620-20', '5g-126-5630-40', '5g-128-5640-20', '5g-132-5660-20', '5g-134-5670-40', '5g-136-5680-20', '5g-138-5690-80', '5g-140-5700-20', '5g-142-5710-40', '5g-144-5720-20', '5g-149-5745-20', '5g-151-5755-40', '5g-153-5765-20', '5g-155-5775-80', '5g-157-5785-20', '5g-159-5795-40', '5g-161-5805-20', '5g-163-5815-160', '5g-165-5825-20', '5g-167-5835-40', '5g-169-5845-20', '5g-171-5855-80', '5g-173-5865-20', '5g-175-5875-40', '5g-177-5885-20', '6g-1-5955-20', '6g-3-5965-40', '6g-5-5975-20', '6g-7-5985-80', '6g-9-5995-20', '6g-11-6005-40', '6g-13-6015-20', '6g-15-6025-160', '6g-17-6035-20', '6g-19-6045-40', '6g-21-6055-20', '6g-23-6065-80', '6g-25-6075-20', '6g-27-6085-40', '6g-29-6095-20', '6g-31-6105-320', '6g-33-6115-20', '6g-35-6125-40', '6g-37-6135-20', '6g-39-6145-80', '6g-41-6155-20', '6g-43-6165-40', '6g-45-6175-20', '6g-47-6185-160', '6g-49-6195-20', '6g-51-6205-40', '6g-53-6215-20', '6g-55-6225-80', '6g-57-6235-20', '6g-59-6245-40', '6g-61-6255-20', '6g-65-6275-20', '6g-67-6285-40', '6g-69-6295-20', '6g-71-6305-80', '6g-73-6315-20', '6g-75-6325-40', '6g-77-6335-20', '6g-79-6345-160', '6g-81-6355-20', '6g-83-6365-40', '6g-85-6375-20', '6g-87-6385-80', '6g-89-6395-20', '6g-91-6405-40', '6g-93-6415-20', '6g-95-6425-320', '6g-97-6435-20', '6g-99-6445-40', '6g-101-6455-20', '6g-103-6465-80', '6g-105-6475-20', '6g-107-6485-40', '6g-109-6495-20', '6g-111-6505-160', '6g-113-6515-20', '6g-115-6525-40', '6g-117-6535-20', '6g-119-6545-80', '6g-121-6555-20', '6g-123-6565-40', '6g-125-6575-20', '6g-129-6595-20', '6g-131-6605-40', '6g-133-6615-20', '6g-135-6625-80', '6g-137-6635-20', '6g-139-6645-40', '6g-141-6655-20', '6g-143-6665-160', '6g-145-6675-20', '6g-147-6685-40', '6g-149-6695-20', '6g-151-6705-80', '6g-153-6715-20', '6g-155-6725-40', '6g-157-6735-20', '6g-159-6745-320', '6g-161-6755-20', '6g-163-6765-40', '6g-165-6775-20', '6g-167-6785-80', '6g-169-6795-20', '6g-171-6805-40', '6g-173-6815-20', '6g-175-6825-160', '6g-177-6835-20', '6g-179-6845-40', '6g-181-6855-20', '6g-183-6865-80', '6g-185-6875-20', '6g-187-6885-40', '6g-189-6895-20', '6g-193-6915-20', '6g-195-6925-40', '6g-197-6935-20', '6g-199-6945-80', '6g-201-6955-20', '6g-203-6965-40', '6g-205-6975-20', '6g-207-6985-160', '6g-209-6995-20', '6g-211-7005-40', '6g-213-7015-20', '6g-215-7025-80', '6g-217-7035-20', '6g-219-7045-40', '6g-221-7055-20', '6g-225-7075-20', '6g-227-7085-40', '6g-229-7095-20', '6g-233-7115-20', '60g-1-58320-2160', '60g-2-60480-2160', '60g-3-62640-2160', '60g-4-64800-2160', '60g-5-66960-2160', '60g-6-69120-2160', '60g-9-59400-4320', '60g-10-61560-4320', '60g-11-63720-4320', '60g-12-65880-4320', '60g-13-68040-4320', '60g-17-60480-6480', '60g-18-62640-6480', '60g-19-64800-6480', '60g-20-66960-6480', '60g-25-61560-6480', '60g-26-63720-6480', '60g-27-65880-6480')),
    "poe_mode" text COLLATE "C" CHECK ("poe_mode" IN ('pd', 'pse')),
    "poe_type" text COLLATE "C" CHECK ("poe_type" IN ('type1-ieee802.3af', 'type2-ieee802.3at', 'type3-ieee802.3bt', 'type4-ieee802.3bt', 'passive-24v-2pair', 'passive-24v-4pair', 'passive-48v-2pair', 'passive-48v-4pair')),
    "rf_channel_frequency" double precision,
    "rf_channel_width" double precision,
    "tx_power" bigint CHECK ("tx_power" BETWEEN -40 AND 127),
    "untagged_vlan" uuid,
    "tagged_vlans" uuid[] NOT NULL DEFAULT '{}',
    "qinq_svlan" uuid,
    "vlan_translation_policy" uuid,
    "wireless_lans" uuid[] NOT NULL DEFAULT '{}',
    "mark_connected" boolean NOT NULL DEFAULT false,
    "vrf" uuid,
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "interface_number_key" ON "inventory"."interface" (tenant_id, number);
CREATE UNIQUE INDEX "interface_device_name_key" ON "inventory"."interface" (tenant_id, "device", "name");
CREATE UNIQUE INDEX "interface_parent_channel_id_key" ON "inventory"."interface" (tenant_id, "parent", "channel_id") WHERE "parent" IS NOT NULL;
CREATE INDEX "interface_module_idx" ON "inventory"."interface" (tenant_id, "module", id) WHERE "module" IS NOT NULL;
CREATE INDEX "interface_name_idx" ON "inventory"."interface" (tenant_id, "name", id);
CREATE INDEX "interface_bridge_idx" ON "inventory"."interface" (tenant_id, "bridge", id) WHERE "bridge" IS NOT NULL;
CREATE INDEX "interface_lag_idx" ON "inventory"."interface" (tenant_id, "lag", id) WHERE "lag" IS NOT NULL;
CREATE INDEX "interface_primary_mac_address_idx" ON "inventory"."interface" (tenant_id, "primary_mac_address", id) WHERE "primary_mac_address" IS NOT NULL;
CREATE INDEX "interface_wwn_idx" ON "inventory"."interface" (tenant_id, "wwn", id);
CREATE INDEX "interface_untagged_vlan_idx" ON "inventory"."interface" (tenant_id, "untagged_vlan", id) WHERE "untagged_vlan" IS NOT NULL;
CREATE INDEX "interface_qinq_svlan_idx" ON "inventory"."interface" (tenant_id, "qinq_svlan", id) WHERE "qinq_svlan" IS NOT NULL;
CREATE INDEX "interface_vlan_translation_policy_idx" ON "inventory"."interface" (tenant_id, "vlan_translation_policy", id) WHERE "vlan_translation_policy" IS NOT NULL;
CREATE INDEX "interface_vrf_idx" ON "inventory"."interface" (tenant_id, "vrf", id) WHERE "vrf" IS NOT NULL;
SELECT app.make_tenant_table('inventory.interface', history => true);

-- inventory.interface_template: Interfaces that devices or modules of a type get.
CREATE TABLE "inventory"."interface_template" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "device_type" uuid,
    "module_type" uuid,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 64),
    "label" text COLLATE "C" CHECK (char_length("label") BETWEEN 1 AND 64),
    "type" text COLLATE "C" NOT NULL CHECK ("type" IN ('virtual', 'bridge', 'lag', 'channel', '100base-fx', '100base-lfx', '100base-tx', '100base-t1', '1000base-bx10-d', '1000base-bx10-u', '1000base-cwdm', '1000base-cx', '1000base-dwdm', '1000base-ex', '1000base-lsx', '1000base-lx', '1000base-lx10', '1000base-sx', '1000base-t', '1000base-tx', '1000base-zx', '2.5gbase-t', '5gbase-t', '10gbase-br-d', '10gbase-br-u', '10gbase-cu', '10gbase-cx4', '10gbase-er', '10gbase-lr', '10gbase-lrm', '10gbase-lx4', '10gbase-sr', '10gbase-t', '10gbase-zr', '25gbase-cr', '25gbase-er', '25gbase-lr', '25gbase-sr', '25gbase-t', '40gbase-cr4', '40gbase-er4', '40gbase-fr4', '40gbase-lr4', '40gbase-sr4', '40gbase-sr4-bd', '50gbase-cr', '50gbase-er', '50gbase-fr', '50gbase-lr', '50gbase-sr', '100gbase-cr1', '100gbase-cr2', '100gbase-cr4', '100gbase-cr10', '100gbase-cwdm4', '100gbase-dr', '100gbase-er4', '100gbase-fr1', '100gbase-lr1', '100gbase-lr4', '100gbase-sr1', '100gbase-sr1.2', '100gbase-sr2', '100gbase-sr4', '100gbase-sr10', '100gbase-zr', '200gbase-cr2', '200gbase-cr4', '200gbase-dr4', '200gbase-er4', '200gbase-fr4', '200gbase-lr4', '200gbase-sr2', '200gbase-sr4', '200gbase-vr2', '400gbase-cr4', '400gbase-dr4', '400gbase-er8', '400gbase-fr4', '400gbase-fr8', '400gbase-lr4', '400gbase-lr8', '400gbase-sr4', '400gbase-sr4_2', '400gbase-sr8', '400gbase-sr16', '400gbase-vr4', '400gbase-zr', '800gbase-cr8', '800gbase-dr8', '800gbase-sr8', '800gbase-vr8', '1.6tbase-cr8', '1.6tbase-dr8', '1.6tbase-dr8-2', '100base-x-sfp', '1000base-x-gbic', '1000base-x-sfp', '2.5gbase-x-sfp', '10gbase-x-sfpp', '10gbase-x-xenpak', '10gbase-x-xfp', '10gbase-x-x2', '25gbase-x-sfp28', '40gbase-x-qsfpp', '50gbase-x-sfp28', '50gbase-x-sfp56', '100gbase-x-cfp', '100gbase-x-cfp2', '100gbase-x-cfp4', '100gbase-x-cxp', '100gbase-x-cpak', '100gbase-x-dsfp', '100gbase-x-qsfp28', '100gbase-x-qsfpdd', '100gbase-x-sfp112', '100gbase-x-sfpdd', '200gbase-x-cfp2', '200gbase-x-qsfp56', '200gbase-x-qsfpdd', '400gbase-x-qsfp112', '400gbase-x-qsfpdd', '400gbase-x-cdfp', '400gbase-x-cfp2', '400gbase-x-cfp8', '400gbase-x-osfp', '400gbase-x-osfp-rhs', '800gbase-x-osfp', '800gbase-x-qsfpdd', '1.6tbase-x-osfp1600', '1.6tbase-x-osfp1600-rhs', '1.6tbase-x-qsfpdd1600', '1000base-kx', '2.5gbase-kx', '5gbase-kr', '10gbase-kr', '10gbase-kx4', '25gbase-kr', '40gbase-kr4', '50gbase-kr', '100gbase-kp4', '100gbase-kr2', '100gbase-kr4', '1.6tbase-kr8', 'ieee802.11a', 'ieee802.11g', 'ieee802.11n', 'ieee802.11ac', 'ieee802.11ad', 'ieee802.11ax', 'ieee802.11ay', 'ieee802.11be', 'ieee802.15.1', 'ieee802.15.4', 'other-wireless', 'gsm', 'cdma', 'lte', '4g', '5g', 'sonet-oc3', 'sonet-oc12', 'sonet-oc48', 'sonet-oc192', 'sonet-oc768', 'sonet-oc1920', 'sonet-oc3840', '1gfc-sfp', '2gfc-sfp', '4gfc-sfp', '8gfc-sfpp', '16gfc-sfpp', '32gfc-sfp28', '32gfc-sfpp', '64gfc-qsfpp', '64gfc-sfpdd', '64gfc-sfpp', '128gfc-qsfp28', 'infiniband-sdr', 'infiniband-ddr', 'infiniband-qdr', 'infiniband-fdr10', 'infiniband-fdr', 'infiniband-edr', 'infiniband-hdr', 'infiniband-ndr', 'infiniband-xdr', 'infiniband-hdr-2x', 'infiniband-ndr-2x', 'infiniband-xdr-2x', 'infiniband-sdr-4x', 'infiniband-ddr-4x', 'infiniband-qdr-4x', 'infiniband-fdr10-4x', 'infiniband-fdr-4x', 'infiniband-edr-4x', 'infiniband-hdr-4x', 'infiniband-ndr-4x', 'infiniband-xdr-4x', 't1', 'e1', 't3', 'e3', 'xdsl', 'docsis', 'moca', 'bpon', 'epon', '10g-epon', 'gpon', 'xg-pon', 'xgs-pon', 'ng-pon2', '25g-pon', '50g-pon', 'cisco-stackwise', 'cisco-stackwise-plus', 'cisco-flexstack', 'cisco-flexstack-plus', 'cisco-stackwise-80', 'cisco-stackwise-160', 'cisco-stackwise-320', 'cisco-stackwise-480', 'cisco-stackwise-1t', 'juniper-vcp', 'extreme-summitstack', 'extreme-summitstack-128', 'extreme-summitstack-256', 'extreme-summitstack-512', 'hpe-synergy-interconnect-link', 'other')),
    "channels" bigint CHECK ("channels" BETWEEN 1 AND 1024),
    "channel_id" bigint CHECK ("channel_id" BETWEEN 1 AND 1024),
    "enabled" boolean NOT NULL DEFAULT true,
    "mgmt_only" boolean NOT NULL DEFAULT false,
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "parent" uuid,
    "bridge" uuid,
    "poe_mode" text COLLATE "C" CHECK ("poe_mode" IN ('pd', 'pse')),
    "poe_type" text COLLATE "C" CHECK ("poe_type" IN ('type1-ieee802.3af', 'type2-ieee802.3at', 'type3-ieee802.3bt', 'type4-ieee802.3bt', 'passive-24v-2pair', 'passive-24v-4pair', 'passive-48v-2pair', 'passive-48v-4pair')),
    "rf_role" text COLLATE "C" CHECK ("rf_role" IN ('ap', 'station')),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "interface_template_number_key" ON "inventory"."interface_template" (tenant_id, number);
CREATE UNIQUE INDEX "interface_template_device_type_name_key" ON "inventory"."interface_template" (tenant_id, "device_type", "name") WHERE "device_type" IS NOT NULL;
CREATE UNIQUE INDEX "interface_template_module_type_name_key" ON "inventory"."interface_template" (tenant_id, "module_type", "name") WHERE "module_type" IS NOT NULL;
CREATE UNIQUE INDEX "interface_template_parent_channel_id_key" ON "inventory"."interface_template" (tenant_id, "parent", "channel_id") WHERE "parent" IS NOT NULL;
CREATE INDEX "interface_template_name_idx" ON "inventory"."interface_template" (tenant_id, "name", id);
CREATE INDEX "interface_template_bridge_idx" ON "inventory"."interface_template" (tenant_id, "bridge", id) WHERE "bridge" IS NOT NULL;
SELECT app.make_tenant_table('inventory.interface_template', history => true);

-- inventory.inventory_item: Parts inside a device: transceivers, supplies, line cards.
CREATE TABLE "inventory"."inventory_item" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "device" uuid NOT NULL,
    "parent" uuid,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 64),
    "label" text COLLATE "C" CHECK (char_length("label") BETWEEN 1 AND 64),
    "status" text COLLATE "C" NOT NULL DEFAULT 'active' CHECK ("status" IN ('offline', 'active', 'planned', 'staged', 'failed', 'decommissioning')),
    "role" uuid,
    "manufacturer" uuid,
    "part_id" text COLLATE "C" CHECK (char_length("part_id") BETWEEN 1 AND 50),
    "serial" text COLLATE "C" CHECK (char_length("serial") BETWEEN 1 AND 50),
    "asset_tag" text COLLATE "C" CHECK (char_length("asset_tag") BETWEEN 1 AND 50),
    "discovered" boolean NOT NULL DEFAULT false,
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "component_type" text COLLATE "C" CHECK ("component_type" IN ('inventory.console_port', 'inventory.console_server_port', 'inventory.cooling_intake', 'inventory.cooling_outflow', 'inventory.front_port', 'inventory.interface', 'inventory.power_outlet', 'inventory.power_port', 'inventory.rear_port')),
    "component_id" uuid,
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "inventory_item_number_key" ON "inventory"."inventory_item" (tenant_id, number);
CREATE UNIQUE INDEX "inventory_item_asset_tag_key" ON "inventory"."inventory_item" (tenant_id, "asset_tag");
CREATE UNIQUE INDEX "inventory_item_device_parent_name_key" ON "inventory"."inventory_item" (tenant_id, "device", "parent", "name");
CREATE INDEX "inventory_item_parent_idx" ON "inventory"."inventory_item" (tenant_id, "parent", id) WHERE "parent" IS NOT NULL;
CREATE INDEX "inventory_item_name_idx" ON "inventory"."inventory_item" (tenant_id, "name", id);
CREATE INDEX "inventory_item_status_idx" ON "inventory"."inventory_item" (tenant_id, "status", id);
CREATE INDEX "inventory_item_role_idx" ON "inventory"."inventory_item" (tenant_id, "role", id) WHERE "role" IS NOT NULL;
CREATE INDEX "inventory_item_manufacturer_idx" ON "inventory"."inventory_item" (tenant_id, "manufacturer", id) WHERE "manufacturer" IS NOT NULL;
CREATE INDEX "inventory_item_part_id_idx" ON "inventory"."inventory_item" (tenant_id, "part_id", id);
CREATE INDEX "inventory_item_serial_idx" ON "inventory"."inventory_item" (tenant_id, "serial", id);
CREATE INDEX "inventory_item_component_idx" ON "inventory"."inventory_item" (tenant_id, "component_id", "component_type", id) WHERE "component_id" IS NOT NULL;
SELECT app.make_tenant_table('inventory.inventory_item', history => true);

-- inventory.inventory_item_role: Kinds of parts.
CREATE TABLE "inventory"."inventory_item_role" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 100),
    "slug" text COLLATE "C" NOT NULL CHECK (char_length("slug") BETWEEN 1 AND 100),
    "color" text COLLATE "C" NOT NULL DEFAULT '9e9e9e' CHECK (char_length("color") BETWEEN 1 AND 6),
    "color_ci" text COLLATE "C" GENERATED ALWAYS AS (lower("color" COLLATE "und-x-icu") COLLATE "C") STORED,
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "comments" text COLLATE "C" CHECK (char_length("comments") BETWEEN 1 AND 65536),
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "inventory_item_role_number_key" ON "inventory"."inventory_item_role" (tenant_id, number);
CREATE UNIQUE INDEX "inventory_item_role_name_key" ON "inventory"."inventory_item_role" (tenant_id, "name");
CREATE UNIQUE INDEX "inventory_item_role_slug_key" ON "inventory"."inventory_item_role" (tenant_id, "slug");
CREATE INDEX "inventory_item_role_color_idx" ON "inventory"."inventory_item_role" (tenant_id, "color_ci", id);
SELECT app.make_tenant_table('inventory.inventory_item_role', history => true);

-- inventory.inventory_item_template: Parts that devices of a type get.
CREATE TABLE "inventory"."inventory_item_template" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "device_type" uuid NOT NULL,
    "parent" uuid,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 64),
    "label" text COLLATE "C" CHECK (char_length("label") BETWEEN 1 AND 64),
    "role" uuid,
    "manufacturer" uuid,
    "part_id" text COLLATE "C" CHECK (char_length("part_id") BETWEEN 1 AND 50),
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "component_type" text COLLATE "C" CHECK ("component_type" IN ('inventory.console_port_template', 'inventory.console_server_port_template', 'inventory.cooling_intake_template', 'inventory.cooling_outflow_template', 'inventory.front_port_template', 'inventory.interface_template', 'inventory.power_outlet_template', 'inventory.power_port_template', 'inventory.rear_port_template')),
    "component_id" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "inventory_item_template_number_key" ON "inventory"."inventory_item_template" (tenant_id, number);
CREATE UNIQUE INDEX "inventory_item_template_device_type_parent_name_key" ON "inventory"."inventory_item_template" (tenant_id, "device_type", "parent", "name");
CREATE INDEX "inventory_item_template_parent_idx" ON "inventory"."inventory_item_template" (tenant_id, "parent", id) WHERE "parent" IS NOT NULL;
CREATE INDEX "inventory_item_template_name_idx" ON "inventory"."inventory_item_template" (tenant_id, "name", id);
CREATE INDEX "inventory_item_template_role_idx" ON "inventory"."inventory_item_template" (tenant_id, "role", id) WHERE "role" IS NOT NULL;
CREATE INDEX "inventory_item_template_manufacturer_idx" ON "inventory"."inventory_item_template" (tenant_id, "manufacturer", id) WHERE "manufacturer" IS NOT NULL;
CREATE INDEX "inventory_item_template_part_id_idx" ON "inventory"."inventory_item_template" (tenant_id, "part_id", id);
CREATE INDEX "inventory_item_template_component_idx" ON "inventory"."inventory_item_template" (tenant_id, "component_id", "component_type", id) WHERE "component_id" IS NOT NULL;
SELECT app.make_tenant_table('inventory.inventory_item_template', history => true);

-- inventory.location: Parts of a site, as a tree: floors, rooms, cages.
CREATE TABLE "inventory"."location" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 100),
    "slug" text COLLATE "C" NOT NULL CHECK (char_length("slug") BETWEEN 1 AND 100),
    "site" uuid NOT NULL,
    "parent" uuid,
    "status" text COLLATE "C" NOT NULL DEFAULT 'active' CHECK ("status" IN ('planned', 'staging', 'active', 'decommissioning', 'retired')),
    "assigned_tenant" uuid,
    "facility" text COLLATE "C" CHECK (char_length("facility") BETWEEN 1 AND 50),
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    "comments" text COLLATE "C" CHECK (char_length("comments") BETWEEN 1 AND 65536),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "location_number_key" ON "inventory"."location" (tenant_id, number);
CREATE UNIQUE INDEX "location_site_parent_name_within" ON "inventory"."location" (tenant_id, "site", "parent", "name") NULLS NOT DISTINCT WHERE "name" IS NOT NULL;
CREATE UNIQUE INDEX "location_site_parent_slug_within" ON "inventory"."location" (tenant_id, "site", "parent", "slug") NULLS NOT DISTINCT WHERE "slug" IS NOT NULL;
CREATE INDEX "location_name_idx" ON "inventory"."location" (tenant_id, "name", id);
CREATE INDEX "location_slug_idx" ON "inventory"."location" (tenant_id, "slug", id);
CREATE INDEX "location_site_idx" ON "inventory"."location" (tenant_id, "site", id);
CREATE INDEX "location_parent_idx" ON "inventory"."location" (tenant_id, "parent", id) WHERE "parent" IS NOT NULL;
CREATE INDEX "location_status_idx" ON "inventory"."location" (tenant_id, "status", id);
CREATE INDEX "location_assigned_tenant_idx" ON "inventory"."location" (tenant_id, "assigned_tenant", id) WHERE "assigned_tenant" IS NOT NULL;
CREATE INDEX "location_facility_idx" ON "inventory"."location" (tenant_id, "facility", id);
SELECT app.make_tenant_table('inventory.location', history => true);

-- inventory.mac_address: MAC addresses and the interface each belongs to.
CREATE TABLE "inventory"."mac_address" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "mac_address" text COLLATE "C" NOT NULL CHECK (char_length("mac_address") BETWEEN 1 AND 23),
    "mac_address_ci" text COLLATE "C" GENERATED ALWAYS AS (lower("mac_address" COLLATE "und-x-icu") COLLATE "C") STORED,
    "assigned_object_type" text COLLATE "C" CHECK ("assigned_object_type" IN ('inventory.interface', 'inventory.vm_interface')),
    "assigned_object_id" uuid,
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "comments" text COLLATE "C" CHECK (char_length("comments") BETWEEN 1 AND 65536),
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "mac_address_number_key" ON "inventory"."mac_address" (tenant_id, number);
CREATE INDEX "mac_address_mac_address_idx" ON "inventory"."mac_address" (tenant_id, "mac_address_ci", id);
CREATE INDEX "mac_address_assigned_object_idx" ON "inventory"."mac_address" (tenant_id, "assigned_object_id", "assigned_object_type", id) WHERE "assigned_object_id" IS NOT NULL;
SELECT app.make_tenant_table('inventory.mac_address', history => true);

-- inventory.manufacturer: Makers of devices, modules and racks.
CREATE TABLE "inventory"."manufacturer" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 100),
    "slug" text COLLATE "C" NOT NULL CHECK (char_length("slug") BETWEEN 1 AND 100),
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "comments" text COLLATE "C" CHECK (char_length("comments") BETWEEN 1 AND 65536),
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "manufacturer_number_key" ON "inventory"."manufacturer" (tenant_id, number);
CREATE UNIQUE INDEX "manufacturer_name_key" ON "inventory"."manufacturer" (tenant_id, "name");
CREATE UNIQUE INDEX "manufacturer_slug_key" ON "inventory"."manufacturer" (tenant_id, "slug");
SELECT app.make_tenant_table('inventory.manufacturer', history => true);

-- inventory.module: Modules installed in the bays of a device.
CREATE TABLE "inventory"."module" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "device" uuid NOT NULL,
    "module_bay" uuid NOT NULL,
    "module_type" uuid NOT NULL,
    "status" text COLLATE "C" NOT NULL DEFAULT 'active' CHECK ("status" IN ('offline', 'active', 'planned', 'staged', 'failed', 'decommissioning')),
    "serial" text COLLATE "C" CHECK (char_length("serial") BETWEEN 1 AND 50),
    "asset_tag" text COLLATE "C" CHECK (char_length("asset_tag") BETWEEN 1 AND 50),
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "comments" text COLLATE "C" CHECK (char_length("comments") BETWEEN 1 AND 65536),
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "module_number_key" ON "inventory"."module" (tenant_id, number);
CREATE UNIQUE INDEX "module_asset_tag_key" ON "inventory"."module" (tenant_id, "asset_tag");
CREATE INDEX "module_device_idx" ON "inventory"."module" (tenant_id, "device", id);
CREATE INDEX "module_module_bay_idx" ON "inventory"."module" (tenant_id, "module_bay", id);
CREATE INDEX "module_module_type_idx" ON "inventory"."module" (tenant_id, "module_type", id);
CREATE INDEX "module_status_idx" ON "inventory"."module" (tenant_id, "status", id);
CREATE INDEX "module_serial_idx" ON "inventory"."module" (tenant_id, "serial", id);
SELECT app.make_tenant_table('inventory.module', history => true);

-- inventory.module_bay: Places of a device for modules.
CREATE TABLE "inventory"."module_bay" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "device" uuid NOT NULL,
    "module" uuid,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 64),
    "label" text COLLATE "C" CHECK (char_length("label") BETWEEN 1 AND 64),
    "position" text COLLATE "C" CHECK (char_length("position") BETWEEN 1 AND 30),
    "enabled" boolean NOT NULL DEFAULT true,
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "module_bay_types" uuid[] NOT NULL DEFAULT '{}',
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "module_bay_number_key" ON "inventory"."module_bay" (tenant_id, number);
CREATE UNIQUE INDEX "module_bay_device_module_name_key" ON "inventory"."module_bay" (tenant_id, "device", "module", "name");
CREATE INDEX "module_bay_module_idx" ON "inventory"."module_bay" (tenant_id, "module", id) WHERE "module" IS NOT NULL;
CREATE INDEX "module_bay_name_idx" ON "inventory"."module_bay" (tenant_id, "name", id);
CREATE INDEX "module_bay_position_idx" ON "inventory"."module_bay" (tenant_id, "position", id);
SELECT app.make_tenant_table('inventory.module_bay', history => true);

-- inventory.module_bay_template: Module bays that devices or modules of a type get.
CREATE TABLE "inventory"."module_bay_template" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "device_type" uuid,
    "module_type" uuid,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 64),
    "label" text COLLATE "C" CHECK (char_length("label") BETWEEN 1 AND 64),
    "position" text COLLATE "C" CHECK (char_length("position") BETWEEN 1 AND 30),
    "enabled" boolean NOT NULL DEFAULT true,
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "module_bay_types" uuid[] NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "module_bay_template_number_key" ON "inventory"."module_bay_template" (tenant_id, number);
CREATE UNIQUE INDEX "module_bay_template_device_type_name_key" ON "inventory"."module_bay_template" (tenant_id, "device_type", "name") WHERE "device_type" IS NOT NULL;
CREATE UNIQUE INDEX "module_bay_template_module_type_name_key" ON "inventory"."module_bay_template" (tenant_id, "module_type", "name") WHERE "module_type" IS NOT NULL;
CREATE INDEX "module_bay_template_name_idx" ON "inventory"."module_bay_template" (tenant_id, "name", id);
CREATE INDEX "module_bay_template_position_idx" ON "inventory"."module_bay_template" (tenant_id, "position", id);
SELECT app.make_tenant_table('inventory.module_bay_template', history => true);

-- inventory.module_bay_type: Kinds of module bays: what fits into what.
CREATE TABLE "inventory"."module_bay_type" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 100),
    "slug" text COLLATE "C" NOT NULL CHECK (char_length("slug") BETWEEN 1 AND 100),
    "manufacturer" uuid,
    "color" text COLLATE "C" CHECK (char_length("color") BETWEEN 1 AND 6),
    "color_ci" text COLLATE "C" GENERATED ALWAYS AS (lower("color" COLLATE "und-x-icu") COLLATE "C") STORED,
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "comments" text COLLATE "C" CHECK (char_length("comments") BETWEEN 1 AND 65536),
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "module_bay_type_number_key" ON "inventory"."module_bay_type" (tenant_id, number);
CREATE UNIQUE INDEX "module_bay_type_manufacturer_name_within" ON "inventory"."module_bay_type" (tenant_id, "manufacturer", "name") NULLS NOT DISTINCT WHERE "name" IS NOT NULL;
CREATE UNIQUE INDEX "module_bay_type_manufacturer_slug_within" ON "inventory"."module_bay_type" (tenant_id, "manufacturer", "slug") NULLS NOT DISTINCT WHERE "slug" IS NOT NULL;
CREATE INDEX "module_bay_type_name_idx" ON "inventory"."module_bay_type" (tenant_id, "name", id);
CREATE INDEX "module_bay_type_slug_idx" ON "inventory"."module_bay_type" (tenant_id, "slug", id);
CREATE INDEX "module_bay_type_manufacturer_idx" ON "inventory"."module_bay_type" (tenant_id, "manufacturer", id) WHERE "manufacturer" IS NOT NULL;
SELECT app.make_tenant_table('inventory.module_bay_type', history => true);

-- inventory.module_type: Models of modules that go into module bays.
CREATE TABLE "inventory"."module_type" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "profile" uuid,
    "manufacturer" uuid NOT NULL,
    "model" text COLLATE "C" NOT NULL CHECK (char_length("model") BETWEEN 1 AND 100),
    "part_number" text COLLATE "C" CHECK (char_length("part_number") BETWEEN 1 AND 50),
    "airflow" text COLLATE "C" CHECK ("airflow" IN ('front-to-rear', 'rear-to-front', 'left-to-right', 'right-to-left', 'side-to-rear', 'passive')),
    "cooling_method" text COLLATE "C" CHECK ("cooling_method" IN ('air', 'liquid', 'hybrid', 'immersion')),
    "weight" double precision,
    "weight_unit" text COLLATE "C" CHECK ("weight_unit" IN ('kg', 'g', 'lb', 'oz')),
    "end_of_life" date,
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "attributes" jsonb,
    "module_bay_types" uuid[] NOT NULL DEFAULT '{}',
    "comments" text COLLATE "C" CHECK (char_length("comments") BETWEEN 1 AND 65536),
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "module_type_number_key" ON "inventory"."module_type" (tenant_id, number);
CREATE UNIQUE INDEX "module_type_manufacturer_model_key" ON "inventory"."module_type" (tenant_id, "manufacturer", "model");
CREATE INDEX "module_type_profile_idx" ON "inventory"."module_type" (tenant_id, "profile", id) WHERE "profile" IS NOT NULL;
CREATE INDEX "module_type_model_idx" ON "inventory"."module_type" (tenant_id, "model", id);
CREATE INDEX "module_type_part_number_idx" ON "inventory"."module_type" (tenant_id, "part_number", id);
SELECT app.make_tenant_table('inventory.module_type', history => true);

-- inventory.module_type_profile: Further attributes of kinds of modules, described by a JSON schema.
CREATE TABLE "inventory"."module_type_profile" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 100),
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "schema" jsonb,
    "comments" text COLLATE "C" CHECK (char_length("comments") BETWEEN 1 AND 65536),
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "module_type_profile_number_key" ON "inventory"."module_type_profile" (tenant_id, number);
CREATE UNIQUE INDEX "module_type_profile_name_key" ON "inventory"."module_type_profile" (tenant_id, "name");
SELECT app.make_tenant_table('inventory.module_type_profile', history => true);

-- inventory.platform: Operating systems and their versions, as a tree.
CREATE TABLE "inventory"."platform" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "parent" uuid,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 100),
    "slug" text COLLATE "C" NOT NULL CHECK (char_length("slug") BETWEEN 1 AND 100),
    "manufacturer" uuid,
    "config_template" uuid,
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "comments" text COLLATE "C" CHECK (char_length("comments") BETWEEN 1 AND 65536),
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "platform_number_key" ON "inventory"."platform" (tenant_id, number);
CREATE UNIQUE INDEX "platform_manufacturer_name_within" ON "inventory"."platform" (tenant_id, "manufacturer", "name") NULLS NOT DISTINCT WHERE "name" IS NOT NULL;
CREATE UNIQUE INDEX "platform_manufacturer_slug_within" ON "inventory"."platform" (tenant_id, "manufacturer", "slug") NULLS NOT DISTINCT WHERE "slug" IS NOT NULL;
CREATE INDEX "platform_parent_idx" ON "inventory"."platform" (tenant_id, "parent", id) WHERE "parent" IS NOT NULL;
CREATE INDEX "platform_name_idx" ON "inventory"."platform" (tenant_id, "name", id);
CREATE INDEX "platform_slug_idx" ON "inventory"."platform" (tenant_id, "slug", id);
CREATE INDEX "platform_manufacturer_idx" ON "inventory"."platform" (tenant_id, "manufacturer", id) WHERE "manufacturer" IS NOT NULL;
CREATE INDEX "platform_config_template_idx" ON "inventory"."platform" (tenant_id, "config_template", id) WHERE "config_template" IS NOT NULL;
SELECT app.make_tenant_table('inventory.platform', history => true);

-- inventory.power_feed: Lines of power from a panel to racks.
CREATE TABLE "inventory"."power_feed" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "power_panel" uuid NOT NULL,
    "rack" uuid,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 100),
    "status" text COLLATE "C" NOT NULL DEFAULT 'active' CHECK ("status" IN ('offline', 'active', 'planned', 'failed')),
    "type" text COLLATE "C" CHECK ("type" IN ('primary', 'redundant')),
    "supply" text COLLATE "C" CHECK ("supply" IN ('ac', 'dc')),
    "phase" text COLLATE "C" CHECK ("phase" IN ('single-phase', 'three-phase')),
    "voltage" bigint NOT NULL DEFAULT 120 CHECK ("voltage" BETWEEN -32768 AND 32767),
    "amperage" bigint NOT NULL DEFAULT 15 CHECK ("amperage" BETWEEN 1 AND 32767),
    "max_utilization" bigint NOT NULL DEFAULT 80 CHECK ("max_utilization" BETWEEN 1 AND 100),
    "mark_connected" boolean NOT NULL DEFAULT false,
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "assigned_tenant" uuid,
    "comments" text COLLATE "C" CHECK (char_length("comments") BETWEEN 1 AND 65536),
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "power_feed_number_key" ON "inventory"."power_feed" (tenant_id, number);
CREATE UNIQUE INDEX "power_feed_power_panel_name_key" ON "inventory"."power_feed" (tenant_id, "power_panel", "name");
CREATE INDEX "power_feed_rack_idx" ON "inventory"."power_feed" (tenant_id, "rack", id) WHERE "rack" IS NOT NULL;
CREATE INDEX "power_feed_name_idx" ON "inventory"."power_feed" (tenant_id, "name", id);
CREATE INDEX "power_feed_status_idx" ON "inventory"."power_feed" (tenant_id, "status", id);
CREATE INDEX "power_feed_assigned_tenant_idx" ON "inventory"."power_feed" (tenant_id, "assigned_tenant", id) WHERE "assigned_tenant" IS NOT NULL;
SELECT app.make_tenant_table('inventory.power_feed', history => true);

-- inventory.power_outlet: Power outlets of a device.
CREATE TABLE "inventory"."power_outlet" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "device" uuid NOT NULL,
    "module" uuid,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 64),
    "label" text COLLATE "C" CHECK (char_length("label") BETWEEN 1 AND 64),
    "type" text COLLATE "C" CHECK ("type" IN ('iec-60320-c5', 'iec-60320-c7', 'iec-60320-c13', 'iec-60320-c15', 'iec-60320-c17', 'iec-60320-c19', 'iec-60320-c21', 'iec-60309-p-n-e-4h', 'iec-60309-p-n-e-6h', 'iec-60309-p-n-e-9h', 'iec-60309-2p-e-4h', 'iec-60309-2p-e-6h', 'iec-60309-2p-e-9h', 'iec-60309-3p-e-4h', 'iec-60309-3p-e-6h', 'iec-60309-3p-e-9h', 'iec-60309-3p-n-e-4h', 'iec-60309-3p-n-e-6h', 'iec-60309-3p-n-e-9h', 'iec-60906-1', 'nbr-14136-10a', 'nbr-14136-20a', 'nema-1-15r', 'nema-5-15r', 'nema-5-20r', 'nema-5-30r', 'nema-5-50r', 'nema-6-15r', 'nema-6-20r', 'nema-6-30r', 'nema-6-50r', 'nema-10-30r', 'nema-10-50r', 'nema-14-20r', 'nema-14-30r', 'nema-14-50r', 'nema-14-60r', 'nema-15-15r', 'nema-15-20r', 'nema-15-30r', 'nema-15-50r', 'nema-15-60r', 'nema-l1-15r', 'nema-l5-15r', 'nema-l5-20r', 'nema-l5-30r', 'nema-l5-50r', 'nema-l6-15r', 'nema-l6-20r', 'nema-l6-30r', 'nema-l6-50r', 'nema-l10-30r', 'nema-l14-20r', 'nema-l14-30r', 'nema-l14-50r', 'nema-l14-60r', 'nema-l15-20r', 'nema-l15-30r', 'nema-l15-50r', 'nema-l15-60r', 'nema-l21-20r', 'nema-l21-30r', 'nema-l22-20r', 'nema-l22-30r', 'CS6360C', 'CS6364C', 'CS8164C', 'CS8264C', 'CS8364C', 'CS8464C', 'ita-e', 'ita-f', 'ita-g', 'ita-h', 'ita-i', 'ita-j', 'ita-k', 'ita-l', 'ita-m', 'ita-n', 'ita-o', 'ita-multistandard', 'usb-a', 'usb-micro-b', 'usb-c', 'molex-micro-fit-1x2', 'molex-micro-fit-2x2', 'molex-micro-fit-2x3', 'molex-micro-fit-2x4', 'dc-terminal', 'eaton-c39', 'hdot-cx', 'saf-d-grid', 'neutrik-powercon-20a', 'neutrik-powercon-32a', 'neutrik-powercon-true1', 'neutrik-powercon-true1-top', 'ubiquiti-smartpower', 'hardwired', 'other')),
    "status" text COLLATE "C" NOT NULL DEFAULT 'enabled' CHECK ("status" IN ('enabled', 'disabled', 'faulty')),
    "color" text COLLATE "C" CHECK (char_length("color") BETWEEN 1 AND 6),
    "color_ci" text COLLATE "C" GENERATED ALWAYS AS (lower("color" COLLATE "und-x-icu") COLLATE "C") STORED,
    "power_port" uuid,
    "feed_leg" text COLLATE "C" CHECK ("feed_leg" IN ('A', 'B', 'C')),
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "mark_connected" boolean NOT NULL DEFAULT false,
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "power_outlet_number_key" ON "inventory"."power_outlet" (tenant_id, number);
CREATE UNIQUE INDEX "power_outlet_device_name_key" ON "inventory"."power_outlet" (tenant_id, "device", "name");
CREATE INDEX "power_outlet_module_idx" ON "inventory"."power_outlet" (tenant_id, "module", id) WHERE "module" IS NOT NULL;
CREATE INDEX "power_outlet_name_idx" ON "inventory"."power_outlet" (tenant_id, "name", id);
CREATE INDEX "power_outlet_status_idx" ON "inventory"."power_outlet" (tenant_id, "status", id);
CREATE INDEX "power_outlet_power_port_idx" ON "inventory"."power_outlet" (tenant_id, "power_port", id) WHERE "power_port" IS NOT NULL;
SELECT app.make_tenant_table('inventory.power_outlet', history => true);

-- inventory.power_outlet_template: Power outlets that devices or modules of a type get.
CREATE TABLE "inventory"."power_outlet_template" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "device_type" uuid,
    "module_type" uuid,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 64),
    "label" text COLLATE "C" CHECK (char_length("label") BETWEEN 1 AND 64),
    "type" text COLLATE "C" CHECK ("type" IN ('iec-60320-c5', 'iec-60320-c7', 'iec-60320-c13', 'iec-60320-c15', 'iec-60320-c17', 'iec-60320-c19', 'iec-60320-c21', 'iec-60309-p-n-e-4h', 'iec-60309-p-n-e-6h', 'iec-60309-p-n-e-9h', 'iec-60309-2p-e-4h', 'iec-60309-2p-e-6h', 'iec-60309-2p-e-9h', 'iec-60309-3p-e-4h', 'iec-60309-3p-e-6h', 'iec-60309-3p-e-9h', 'iec-60309-3p-n-e-4h', 'iec-60309-3p-n-e-6h', 'iec-60309-3p-n-e-9h', 'iec-60906-1', 'nbr-14136-10a', 'nbr-14136-20a', 'nema-1-15r', 'nema-5-15r', 'nema-5-20r', 'nema-5-30r', 'nema-5-50r', 'nema-6-15r', 'nema-6-20r', 'nema-6-30r', 'nema-6-50r', 'nema-10-30r', 'nema-10-50r', 'nema-14-20r', 'nema-14-30r', 'nema-14-50r', 'nema-14-60r', 'nema-15-15r', 'nema-15-20r', 'nema-15-30r', 'nema-15-50r', 'nema-15-60r', 'nema-l1-15r', 'nema-l5-15r', 'nema-l5-20r', 'nema-l5-30r', 'nema-l5-50r', 'nema-l6-15r', 'nema-l6-20r', 'nema-l6-30r', 'nema-l6-50r', 'nema-l10-30r', 'nema-l14-20r', 'nema-l14-30r', 'nema-l14-50r', 'nema-l14-60r', 'nema-l15-20r', 'nema-l15-30r', 'nema-l15-50r', 'nema-l15-60r', 'nema-l21-20r', 'nema-l21-30r', 'nema-l22-20r', 'nema-l22-30r', 'CS6360C', 'CS6364C', 'CS8164C', 'CS8264C', 'CS8364C', 'CS8464C', 'ita-e', 'ita-f', 'ita-g', 'ita-h', 'ita-i', 'ita-j', 'ita-k', 'ita-l', 'ita-m', 'ita-n', 'ita-o', 'ita-multistandard', 'usb-a', 'usb-micro-b', 'usb-c', 'molex-micro-fit-1x2', 'molex-micro-fit-2x2', 'molex-micro-fit-2x3', 'molex-micro-fit-2x4', 'dc-terminal', 'eaton-c39', 'hdot-cx', 'saf-d-grid', 'neutrik-powercon-20a', 'neutrik-powercon-32a', 'neutrik-powercon-true1', 'neutrik-powercon-true1-top', 'ubiquiti-smartpower', 'hardwired', 'other')),
    "color" text COLLATE "C" CHECK (char_length("color") BETWEEN 1 AND 6),
    "color_ci" text COLLATE "C" GENERATED ALWAYS AS (lower("color" COLLATE "und-x-icu") COLLATE "C") STORED,
    "power_port" uuid,
    "feed_leg" text COLLATE "C" CHECK ("feed_leg" IN ('A', 'B', 'C')),
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "power_outlet_template_number_key" ON "inventory"."power_outlet_template" (tenant_id, number);
CREATE UNIQUE INDEX "power_outlet_template_device_type_name_key" ON "inventory"."power_outlet_template" (tenant_id, "device_type", "name") WHERE "device_type" IS NOT NULL;
CREATE UNIQUE INDEX "power_outlet_template_module_type_name_key" ON "inventory"."power_outlet_template" (tenant_id, "module_type", "name") WHERE "module_type" IS NOT NULL;
CREATE INDEX "power_outlet_template_name_idx" ON "inventory"."power_outlet_template" (tenant_id, "name", id);
CREATE INDEX "power_outlet_template_power_port_idx" ON "inventory"."power_outlet_template" (tenant_id, "power_port", id) WHERE "power_port" IS NOT NULL;
SELECT app.make_tenant_table('inventory.power_outlet_template', history => true);

-- inventory.power_panel: Distribution boards that feeds come from.
CREATE TABLE "inventory"."power_panel" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "site" uuid NOT NULL,
    "location" uuid,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 100),
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "comments" text COLLATE "C" CHECK (char_length("comments") BETWEEN 1 AND 65536),
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "power_panel_number_key" ON "inventory"."power_panel" (tenant_id, number);
CREATE UNIQUE INDEX "power_panel_site_name_key" ON "inventory"."power_panel" (tenant_id, "site", "name");
CREATE INDEX "power_panel_location_idx" ON "inventory"."power_panel" (tenant_id, "location", id) WHERE "location" IS NOT NULL;
CREATE INDEX "power_panel_name_idx" ON "inventory"."power_panel" (tenant_id, "name", id);
SELECT app.make_tenant_table('inventory.power_panel', history => true);

-- inventory.power_port: Power inlets of a device.
CREATE TABLE "inventory"."power_port" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "device" uuid NOT NULL,
    "module" uuid,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 64),
    "label" text COLLATE "C" CHECK (char_length("label") BETWEEN 1 AND 64),
    "type" text COLLATE "C" CHECK ("type" IN ('iec-60320-c6', 'iec-60320-c8', 'iec-60320-c14', 'iec-60320-c16', 'iec-60320-c18', 'iec-60320-c20', 'iec-60320-c22', 'iec-60309-p-n-e-4h', 'iec-60309-p-n-e-6h', 'iec-60309-p-n-e-9h', 'iec-60309-2p-e-4h', 'iec-60309-2p-e-6h', 'iec-60309-2p-e-9h', 'iec-60309-3p-e-4h', 'iec-60309-3p-e-6h', 'iec-60309-3p-e-9h', 'iec-60309-3p-n-e-4h', 'iec-60309-3p-n-e-6h', 'iec-60309-3p-n-e-9h', 'iec-60906-1', 'nbr-14136-10a', 'nbr-14136-20a', 'nema-1-15p', 'nema-5-15p', 'nema-5-20p', 'nema-5-30p', 'nema-5-50p', 'nema-6-15p', 'nema-6-20p', 'nema-6-30p', 'nema-6-50p', 'nema-10-30p', 'nema-10-50p', 'nema-14-20p', 'nema-14-30p', 'nema-14-50p', 'nema-14-60p', 'nema-15-15p', 'nema-15-20p', 'nema-15-30p', 'nema-15-50p', 'nema-15-60p', 'nema-l1-15p', 'nema-l5-15p', 'nema-l5-20p', 'nema-l5-30p', 'nema-l5-50p', 'nema-l6-15p', 'nema-l6-20p', 'nema-l6-30p', 'nema-l6-50p', 'nema-l10-30p', 'nema-l14-20p', 'nema-l14-30p', 'nema-l14-50p', 'nema-l14-60p', 'nema-l15-20p', 'nema-l15-30p', 'nema-l15-50p', 'nema-l15-60p', 'nema-l21-20p', 'nema-l21-30p', 'nema-l22-20p', 'nema-l22-30p', 'cs6361c', 'cs6365c', 'cs8165c', 'cs8265c', 'cs8365c', 'cs8465c', 'ita-c', 'ita-e', 'ita-f', 'ita-ef', 'ita-g', 'ita-h', 'ita-i', 'ita-j', 'ita-k', 'ita-l', 'ita-m', 'ita-n', 'ita-o', 'usb-a', 'usb-b', 'usb-c', 'usb-mini-a', 'usb-mini-b', 'usb-micro-a', 'usb-micro-b', 'usb-micro-ab', 'usb-3-b', 'usb-3-micro-b', 'molex-micro-fit-1x2', 'molex-micro-fit-2x2', 'molex-micro-fit-2x3', 'molex-micro-fit-2x4', 'dc-terminal', 'saf-d-grid', 'neutrik-powercon-20', 'neutrik-powercon-32', 'neutrik-powercon-true1', 'neutrik-powercon-true1-top', 'ubiquiti-smartpower', 'hardwired', 'other')),
    "maximum_draw" bigint CHECK ("maximum_draw" BETWEEN 1 AND 2147483647),
    "allocated_draw" bigint CHECK ("allocated_draw" BETWEEN 1 AND 2147483647),
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "mark_connected" boolean NOT NULL DEFAULT false,
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "power_port_number_key" ON "inventory"."power_port" (tenant_id, number);
CREATE UNIQUE INDEX "power_port_device_name_key" ON "inventory"."power_port" (tenant_id, "device", "name");
CREATE INDEX "power_port_module_idx" ON "inventory"."power_port" (tenant_id, "module", id) WHERE "module" IS NOT NULL;
CREATE INDEX "power_port_name_idx" ON "inventory"."power_port" (tenant_id, "name", id);
SELECT app.make_tenant_table('inventory.power_port', history => true);

-- inventory.power_port_template: Power inlets that devices or modules of a type get.
CREATE TABLE "inventory"."power_port_template" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "device_type" uuid,
    "module_type" uuid,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 64),
    "label" text COLLATE "C" CHECK (char_length("label") BETWEEN 1 AND 64),
    "type" text COLLATE "C" CHECK ("type" IN ('iec-60320-c6', 'iec-60320-c8', 'iec-60320-c14', 'iec-60320-c16', 'iec-60320-c18', 'iec-60320-c20', 'iec-60320-c22', 'iec-60309-p-n-e-4h', 'iec-60309-p-n-e-6h', 'iec-60309-p-n-e-9h', 'iec-60309-2p-e-4h', 'iec-60309-2p-e-6h', 'iec-60309-2p-e-9h', 'iec-60309-3p-e-4h', 'iec-60309-3p-e-6h', 'iec-60309-3p-e-9h', 'iec-60309-3p-n-e-4h', 'iec-60309-3p-n-e-6h', 'iec-60309-3p-n-e-9h', 'iec-60906-1', 'nbr-14136-10a', 'nbr-14136-20a', 'nema-1-15p', 'nema-5-15p', 'nema-5-20p', 'nema-5-30p', 'nema-5-50p', 'nema-6-15p', 'nema-6-20p', 'nema-6-30p', 'nema-6-50p', 'nema-10-30p', 'nema-10-50p', 'nema-14-20p', 'nema-14-30p', 'nema-14-50p', 'nema-14-60p', 'nema-15-15p', 'nema-15-20p', 'nema-15-30p', 'nema-15-50p', 'nema-15-60p', 'nema-l1-15p', 'nema-l5-15p', 'nema-l5-20p', 'nema-l5-30p', 'nema-l5-50p', 'nema-l6-15p', 'nema-l6-20p', 'nema-l6-30p', 'nema-l6-50p', 'nema-l10-30p', 'nema-l14-20p', 'nema-l14-30p', 'nema-l14-50p', 'nema-l14-60p', 'nema-l15-20p', 'nema-l15-30p', 'nema-l15-50p', 'nema-l15-60p', 'nema-l21-20p', 'nema-l21-30p', 'nema-l22-20p', 'nema-l22-30p', 'cs6361c', 'cs6365c', 'cs8165c', 'cs8265c', 'cs8365c', 'cs8465c', 'ita-c', 'ita-e', 'ita-f', 'ita-ef', 'ita-g', 'ita-h', 'ita-i', 'ita-j', 'ita-k', 'ita-l', 'ita-m', 'ita-n', 'ita-o', 'usb-a', 'usb-b', 'usb-c', 'usb-mini-a', 'usb-mini-b', 'usb-micro-a', 'usb-micro-b', 'usb-micro-ab', 'usb-3-b', 'usb-3-micro-b', 'molex-micro-fit-1x2', 'molex-micro-fit-2x2', 'molex-micro-fit-2x3', 'molex-micro-fit-2x4', 'dc-terminal', 'saf-d-grid', 'neutrik-powercon-20', 'neutrik-powercon-32', 'neutrik-powercon-true1', 'neutrik-powercon-true1-top', 'ubiquiti-smartpower', 'hardwired', 'other')),
    "maximum_draw" bigint CHECK ("maximum_draw" BETWEEN 1 AND 2147483647),
    "allocated_draw" bigint CHECK ("allocated_draw" BETWEEN 1 AND 2147483647),
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "power_port_template_number_key" ON "inventory"."power_port_template" (tenant_id, number);
CREATE UNIQUE INDEX "power_port_template_device_type_name_key" ON "inventory"."power_port_template" (tenant_id, "device_type", "name") WHERE "device_type" IS NOT NULL;
CREATE UNIQUE INDEX "power_port_template_module_type_name_key" ON "inventory"."power_port_template" (tenant_id, "module_type", "name") WHERE "module_type" IS NOT NULL;
CREATE INDEX "power_port_template_name_idx" ON "inventory"."power_port_template" (tenant_id, "name", id);
SELECT app.make_tenant_table('inventory.power_port_template', history => true);

-- inventory.rack: Racks and cabinets with their height units.
CREATE TABLE "inventory"."rack" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 100),
    "facility_id" text COLLATE "C" CHECK (char_length("facility_id") BETWEEN 1 AND 50),
    "site" uuid NOT NULL,
    "location" uuid,
    "group" uuid,
    "assigned_tenant" uuid,
    "status" text COLLATE "C" NOT NULL DEFAULT 'active' CHECK ("status" IN ('reserved', 'available', 'planned', 'active', 'deprecated')),
    "role" uuid,
    "serial" text COLLATE "C" CHECK (char_length("serial") BETWEEN 1 AND 50),
    "asset_tag" text COLLATE "C" CHECK (char_length("asset_tag") BETWEEN 1 AND 50),
    "rack_type" uuid,
    "form_factor" text COLLATE "C" CHECK ("form_factor" IN ('2-post-frame', '4-post-frame', '4-post-cabinet', 'wall-frame', 'wall-frame-vertical', 'wall-cabinet', 'wall-cabinet-vertical')),
    "width" text COLLATE "C" NOT NULL DEFAULT '19' CHECK ("width" IN ('10', '19', '21', '23')),
    "u_height" bigint NOT NULL DEFAULT 42 CHECK ("u_height" BETWEEN 1 AND 100),
    "starting_unit" bigint NOT NULL DEFAULT 1 CHECK ("starting_unit" BETWEEN 1 AND 32767),
    "weight" double precision,
    "max_weight" bigint CHECK ("max_weight" BETWEEN 0 AND 2147483647),
    "weight_unit" text COLLATE "C" CHECK ("weight_unit" IN ('kg', 'g', 'lb', 'oz')),
    "desc_units" boolean NOT NULL DEFAULT false,
    "outer_width" bigint CHECK ("outer_width" BETWEEN 0 AND 32767),
    "outer_height" bigint CHECK ("outer_height" BETWEEN 0 AND 32767),
    "outer_depth" bigint CHECK ("outer_depth" BETWEEN 0 AND 32767),
    "outer_unit" text COLLATE "C" CHECK ("outer_unit" IN ('mm', 'in')),
    "mounting_depth" bigint CHECK ("mounting_depth" BETWEEN 0 AND 32767),
    "airflow" text COLLATE "C" CHECK ("airflow" IN ('front-to-rear', 'rear-to-front')),
    "cooling_capability" text COLLATE "C" CHECK ("cooling_capability" IN ('air-only', 'hybrid', 'liquid-only')),
    "cooling_capacity" double precision,
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "comments" text COLLATE "C" CHECK (char_length("comments") BETWEEN 1 AND 65536),
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "rack_number_key" ON "inventory"."rack" (tenant_id, number);
CREATE UNIQUE INDEX "rack_asset_tag_key" ON "inventory"."rack" (tenant_id, "asset_tag");
CREATE UNIQUE INDEX "rack_location_name_key" ON "inventory"."rack" (tenant_id, "location", "name") WHERE "location" IS NOT NULL;
CREATE UNIQUE INDEX "rack_location_facility_id_key" ON "inventory"."rack" (tenant_id, "location", "facility_id") WHERE "location" IS NOT NULL;
CREATE INDEX "rack_name_idx" ON "inventory"."rack" (tenant_id, "name", id);
CREATE INDEX "rack_facility_id_idx" ON "inventory"."rack" (tenant_id, "facility_id", id);
CREATE INDEX "rack_site_idx" ON "inventory"."rack" (tenant_id, "site", id);
CREATE INDEX "rack_group_idx" ON "inventory"."rack" (tenant_id, "group", id) WHERE "group" IS NOT NULL;
CREATE INDEX "rack_assigned_tenant_idx" ON "inventory"."rack" (tenant_id, "assigned_tenant", id) WHERE "assigned_tenant" IS NOT NULL;
CREATE INDEX "rack_status_idx" ON "inventory"."rack" (tenant_id, "status", id);
CREATE INDEX "rack_role_idx" ON "inventory"."rack" (tenant_id, "role", id) WHERE "role" IS NOT NULL;
CREATE INDEX "rack_serial_idx" ON "inventory"."rack" (tenant_id, "serial", id);
CREATE INDEX "rack_rack_type_idx" ON "inventory"."rack" (tenant_id, "rack_type", id) WHERE "rack_type" IS NOT NULL;
SELECT app.make_tenant_table('inventory.rack', history => true);

-- inventory.rack_group: Racks that belong together, wherever they stand.
CREATE TABLE "inventory"."rack_group" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 100),
    "slug" text COLLATE "C" NOT NULL CHECK (char_length("slug") BETWEEN 1 AND 100),
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "comments" text COLLATE "C" CHECK (char_length("comments") BETWEEN 1 AND 65536),
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "rack_group_number_key" ON "inventory"."rack_group" (tenant_id, number);
CREATE UNIQUE INDEX "rack_group_name_key" ON "inventory"."rack_group" (tenant_id, "name");
CREATE UNIQUE INDEX "rack_group_slug_key" ON "inventory"."rack_group" (tenant_id, "slug");
SELECT app.make_tenant_table('inventory.rack_group', history => true);

-- inventory.rack_reservation: Height units held for somebody or something.
CREATE TABLE "inventory"."rack_reservation" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "rack" uuid NOT NULL,
    "units" bigint[] NOT NULL CHECK (cardinality("units") <= 1000),
    "status" text COLLATE "C" NOT NULL DEFAULT 'active' CHECK ("status" IN ('pending', 'active', 'stale')),
    "user" uuid NOT NULL,
    "assigned_tenant" uuid,
    "description" text COLLATE "C" NOT NULL CHECK (char_length("description") BETWEEN 1 AND 200),
    "comments" text COLLATE "C" CHECK (char_length("comments") BETWEEN 1 AND 65536),
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "rack_reservation_number_key" ON "inventory"."rack_reservation" (tenant_id, number);
CREATE INDEX "rack_reservation_rack_idx" ON "inventory"."rack_reservation" (tenant_id, "rack", id);
CREATE INDEX "rack_reservation_status_idx" ON "inventory"."rack_reservation" (tenant_id, "status", id);
CREATE INDEX "rack_reservation_user_idx" ON "inventory"."rack_reservation" (tenant_id, "user", id);
CREATE INDEX "rack_reservation_assigned_tenant_idx" ON "inventory"."rack_reservation" (tenant_id, "assigned_tenant", id) WHERE "assigned_tenant" IS NOT NULL;
SELECT app.make_tenant_table('inventory.rack_reservation', history => true);

-- inventory.rack_role: What a rack is for: compute, network, patching.
CREATE TABLE "inventory"."rack_role" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 100),
    "slug" text COLLATE "C" NOT NULL CHECK (char_length("slug") BETWEEN 1 AND 100),
    "color" text COLLATE "C" NOT NULL DEFAULT '9e9e9e' CHECK (char_length("color") BETWEEN 1 AND 6),
    "color_ci" text COLLATE "C" GENERATED ALWAYS AS (lower("color" COLLATE "und-x-icu") COLLATE "C") STORED,
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "comments" text COLLATE "C" CHECK (char_length("comments") BETWEEN 1 AND 65536),
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "rack_role_number_key" ON "inventory"."rack_role" (tenant_id, number);
CREATE UNIQUE INDEX "rack_role_name_key" ON "inventory"."rack_role" (tenant_id, "name");
CREATE UNIQUE INDEX "rack_role_slug_key" ON "inventory"."rack_role" (tenant_id, "slug");
CREATE INDEX "rack_role_color_idx" ON "inventory"."rack_role" (tenant_id, "color_ci", id);
SELECT app.make_tenant_table('inventory.rack_role', history => true);

-- inventory.rack_type: Models of racks with their measures.
CREATE TABLE "inventory"."rack_type" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "manufacturer" uuid NOT NULL,
    "model" text COLLATE "C" NOT NULL CHECK (char_length("model") BETWEEN 1 AND 100),
    "slug" text COLLATE "C" NOT NULL CHECK (char_length("slug") BETWEEN 1 AND 100),
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "form_factor" text COLLATE "C" NOT NULL CHECK ("form_factor" IN ('2-post-frame', '4-post-frame', '4-post-cabinet', 'wall-frame', 'wall-frame-vertical', 'wall-cabinet', 'wall-cabinet-vertical')),
    "width" text COLLATE "C" NOT NULL DEFAULT '19' CHECK ("width" IN ('10', '19', '21', '23')),
    "u_height" bigint NOT NULL DEFAULT 42 CHECK ("u_height" BETWEEN 1 AND 100),
    "starting_unit" bigint NOT NULL DEFAULT 1 CHECK ("starting_unit" BETWEEN 1 AND 32767),
    "desc_units" boolean NOT NULL DEFAULT false,
    "outer_width" bigint CHECK ("outer_width" BETWEEN 0 AND 32767),
    "outer_height" bigint CHECK ("outer_height" BETWEEN 0 AND 32767),
    "outer_depth" bigint CHECK ("outer_depth" BETWEEN 0 AND 32767),
    "outer_unit" text COLLATE "C" CHECK ("outer_unit" IN ('mm', 'in')),
    "weight" double precision,
    "max_weight" bigint CHECK ("max_weight" BETWEEN 0 AND 2147483647),
    "weight_unit" text COLLATE "C" CHECK ("weight_unit" IN ('kg', 'g', 'lb', 'oz')),
    "mounting_depth" bigint CHECK ("mounting_depth" BETWEEN 0 AND 32767),
    "cooling_capability" text COLLATE "C" CHECK ("cooling_capability" IN ('air-only', 'hybrid', 'liquid-only')),
    "cooling_capacity" double precision,
    "comments" text COLLATE "C" CHECK (char_length("comments") BETWEEN 1 AND 65536),
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "rack_type_number_key" ON "inventory"."rack_type" (tenant_id, number);
CREATE UNIQUE INDEX "rack_type_slug_key" ON "inventory"."rack_type" (tenant_id, "slug");
CREATE UNIQUE INDEX "rack_type_manufacturer_model_key" ON "inventory"."rack_type" (tenant_id, "manufacturer", "model");
CREATE UNIQUE INDEX "rack_type_manufacturer_slug_key" ON "inventory"."rack_type" (tenant_id, "manufacturer", "slug");
CREATE INDEX "rack_type_model_idx" ON "inventory"."rack_type" (tenant_id, "model", id);
SELECT app.make_tenant_table('inventory.rack_type', history => true);

-- inventory.rear_port: Rear sides of pass-through ports of a panel.
CREATE TABLE "inventory"."rear_port" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "device" uuid NOT NULL,
    "module" uuid,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 64),
    "label" text COLLATE "C" CHECK (char_length("label") BETWEEN 1 AND 64),
    "type" text COLLATE "C" NOT NULL CHECK ("type" IN ('8p8c', '8p6c', '8p4c', '8p2c', '6p6c', '6p4c', '6p2c', '4p4c', '4p2c', 'gg45', 'tera-4p', 'tera-2p', 'tera-1p', '110-punch', 'bnc', 'f', 'n', 'mrj21', 'fc', 'fc-pc', 'fc-upc', 'fc-apc', 'lc', 'lc-pc', 'lc-upc', 'lc-apc', 'mu', 'mu-pc', 'mu-upc', 'mu-apc', 'lsh', 'lsh-pc', 'lsh-upc', 'lsh-apc', 'lx5', 'lx5-pc', 'lx5-upc', 'lx5-apc', 'mpo', 'mtrj', 'sc', 'sc-pc', 'sc-upc', 'sc-apc', 'st', 'cs', 'sn', 'mdc', 'sma-905', 'sma-906', 'urm-p2', 'urm-p4', 'urm-p8', 'splice', 'usb-a', 'usb-b', 'usb-c', 'usb-mini-a', 'usb-mini-b', 'usb-micro-a', 'usb-micro-b', 'usb-micro-ab', 'other')),
    "color" text COLLATE "C" CHECK (char_length("color") BETWEEN 1 AND 6),
    "color_ci" text COLLATE "C" GENERATED ALWAYS AS (lower("color" COLLATE "und-x-icu") COLLATE "C") STORED,
    "positions" bigint NOT NULL DEFAULT 1 CHECK ("positions" BETWEEN 1 AND 1024),
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "mark_connected" boolean NOT NULL DEFAULT false,
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "rear_port_number_key" ON "inventory"."rear_port" (tenant_id, number);
CREATE UNIQUE INDEX "rear_port_device_name_key" ON "inventory"."rear_port" (tenant_id, "device", "name");
CREATE INDEX "rear_port_module_idx" ON "inventory"."rear_port" (tenant_id, "module", id) WHERE "module" IS NOT NULL;
CREATE INDEX "rear_port_name_idx" ON "inventory"."rear_port" (tenant_id, "name", id);
SELECT app.make_tenant_table('inventory.rear_port', history => true);

-- inventory.rear_port_template: Rear ports of a panel type.
CREATE TABLE "inventory"."rear_port_template" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "device_type" uuid,
    "module_type" uuid,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 64),
    "label" text COLLATE "C" CHECK (char_length("label") BETWEEN 1 AND 64),
    "type" text COLLATE "C" NOT NULL CHECK ("type" IN ('8p8c', '8p6c', '8p4c', '8p2c', '6p6c', '6p4c', '6p2c', '4p4c', '4p2c', 'gg45', 'tera-4p', 'tera-2p', 'tera-1p', '110-punch', 'bnc', 'f', 'n', 'mrj21', 'fc', 'fc-pc', 'fc-upc', 'fc-apc', 'lc', 'lc-pc', 'lc-upc', 'lc-apc', 'mu', 'mu-pc', 'mu-upc', 'mu-apc', 'lsh', 'lsh-pc', 'lsh-upc', 'lsh-apc', 'lx5', 'lx5-pc', 'lx5-upc', 'lx5-apc', 'mpo', 'mtrj', 'sc', 'sc-pc', 'sc-upc', 'sc-apc', 'st', 'cs', 'sn', 'mdc', 'sma-905', 'sma-906', 'urm-p2', 'urm-p4', 'urm-p8', 'splice', 'usb-a', 'usb-b', 'usb-c', 'usb-mini-a', 'usb-mini-b', 'usb-micro-a', 'usb-micro-b', 'usb-micro-ab', 'other')),
    "color" text COLLATE "C" CHECK (char_length("color") BETWEEN 1 AND 6),
    "color_ci" text COLLATE "C" GENERATED ALWAYS AS (lower("color" COLLATE "und-x-icu") COLLATE "C") STORED,
    "positions" bigint NOT NULL DEFAULT 1 CHECK ("positions" BETWEEN 1 AND 1024),
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "rear_port_template_number_key" ON "inventory"."rear_port_template" (tenant_id, number);
CREATE UNIQUE INDEX "rear_port_template_device_type_name_key" ON "inventory"."rear_port_template" (tenant_id, "device_type", "name") WHERE "device_type" IS NOT NULL;
CREATE UNIQUE INDEX "rear_port_template_module_type_name_key" ON "inventory"."rear_port_template" (tenant_id, "module_type", "name") WHERE "module_type" IS NOT NULL;
CREATE INDEX "rear_port_template_name_idx" ON "inventory"."rear_port_template" (tenant_id, "name", id);
SELECT app.make_tenant_table('inventory.rear_port_template', history => true);

-- inventory.region: Geographical areas, as a tree: continents, countries, cities.
CREATE TABLE "inventory"."region" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 100),
    "slug" text COLLATE "C" NOT NULL CHECK (char_length("slug") BETWEEN 1 AND 100),
    "parent" uuid,
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    "comments" text COLLATE "C" CHECK (char_length("comments") BETWEEN 1 AND 65536),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "region_number_key" ON "inventory"."region" (tenant_id, number);
CREATE UNIQUE INDEX "region_parent_name_within" ON "inventory"."region" (tenant_id, "parent", "name") NULLS NOT DISTINCT WHERE "name" IS NOT NULL;
CREATE UNIQUE INDEX "region_parent_slug_within" ON "inventory"."region" (tenant_id, "parent", "slug") NULLS NOT DISTINCT WHERE "slug" IS NOT NULL;
CREATE INDEX "region_name_idx" ON "inventory"."region" (tenant_id, "name", id);
CREATE INDEX "region_slug_idx" ON "inventory"."region" (tenant_id, "slug", id);
CREATE INDEX "region_parent_idx" ON "inventory"."region" (tenant_id, "parent", id) WHERE "parent" IS NOT NULL;
SELECT app.make_tenant_table('inventory.region', history => true);

-- inventory.site: Places with equipment: buildings, campuses, points of presence.
CREATE TABLE "inventory"."site" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 100),
    "slug" text COLLATE "C" NOT NULL CHECK (char_length("slug") BETWEEN 1 AND 100),
    "status" text COLLATE "C" NOT NULL DEFAULT 'active' CHECK ("status" IN ('planned', 'staging', 'active', 'decommissioning', 'retired')),
    "region" uuid,
    "group" uuid,
    "assigned_tenant" uuid,
    "facility" text COLLATE "C" CHECK (char_length("facility") BETWEEN 1 AND 50),
    "time_zone" text COLLATE "C" CHECK (char_length("time_zone") BETWEEN 1 AND 63),
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "physical_address" text COLLATE "C" CHECK (char_length("physical_address") BETWEEN 1 AND 200),
    "shipping_address" text COLLATE "C" CHECK (char_length("shipping_address") BETWEEN 1 AND 200),
    "latitude" double precision,
    "longitude" double precision,
    "comments" text COLLATE "C" CHECK (char_length("comments") BETWEEN 1 AND 65536),
    "asns" uuid[] NOT NULL DEFAULT '{}',
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "site_number_key" ON "inventory"."site" (tenant_id, number);
CREATE UNIQUE INDEX "site_name_key" ON "inventory"."site" (tenant_id, "name");
CREATE UNIQUE INDEX "site_slug_key" ON "inventory"."site" (tenant_id, "slug");
CREATE INDEX "site_status_idx" ON "inventory"."site" (tenant_id, "status", id);
CREATE INDEX "site_region_idx" ON "inventory"."site" (tenant_id, "region", id) WHERE "region" IS NOT NULL;
CREATE INDEX "site_group_idx" ON "inventory"."site" (tenant_id, "group", id) WHERE "group" IS NOT NULL;
CREATE INDEX "site_assigned_tenant_idx" ON "inventory"."site" (tenant_id, "assigned_tenant", id) WHERE "assigned_tenant" IS NOT NULL;
CREATE INDEX "site_facility_idx" ON "inventory"."site" (tenant_id, "facility", id);
SELECT app.make_tenant_table('inventory.site', history => true);

-- inventory.site_group: Sites by purpose rather than place, as a tree: branches, data centres.
CREATE TABLE "inventory"."site_group" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 100),
    "slug" text COLLATE "C" NOT NULL CHECK (char_length("slug") BETWEEN 1 AND 100),
    "parent" uuid,
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    "comments" text COLLATE "C" CHECK (char_length("comments") BETWEEN 1 AND 65536),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "site_group_number_key" ON "inventory"."site_group" (tenant_id, number);
CREATE UNIQUE INDEX "site_group_parent_name_within" ON "inventory"."site_group" (tenant_id, "parent", "name") NULLS NOT DISTINCT WHERE "name" IS NOT NULL;
CREATE UNIQUE INDEX "site_group_parent_slug_within" ON "inventory"."site_group" (tenant_id, "parent", "slug") NULLS NOT DISTINCT WHERE "slug" IS NOT NULL;
CREATE INDEX "site_group_name_idx" ON "inventory"."site_group" (tenant_id, "name", id);
CREATE INDEX "site_group_slug_idx" ON "inventory"."site_group" (tenant_id, "slug", id);
CREATE INDEX "site_group_parent_idx" ON "inventory"."site_group" (tenant_id, "parent", id) WHERE "parent" IS NOT NULL;
SELECT app.make_tenant_table('inventory.site_group', history => true);

-- inventory.virtual_chassis: Devices that act as one: stacks.
CREATE TABLE "inventory"."virtual_chassis" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 64),
    "domain" text COLLATE "C" CHECK (char_length("domain") BETWEEN 1 AND 30),
    "master" uuid,
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "comments" text COLLATE "C" CHECK (char_length("comments") BETWEEN 1 AND 65536),
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "virtual_chassis_number_key" ON "inventory"."virtual_chassis" (tenant_id, number);
CREATE INDEX "virtual_chassis_name_idx" ON "inventory"."virtual_chassis" (tenant_id, "name", id);
CREATE INDEX "virtual_chassis_domain_idx" ON "inventory"."virtual_chassis" (tenant_id, "domain", id);
CREATE INDEX "virtual_chassis_master_idx" ON "inventory"."virtual_chassis" (tenant_id, "master", id) WHERE "master" IS NOT NULL;
SELECT app.make_tenant_table('inventory.virtual_chassis', history => true);

-- inventory.virtual_device_context: Logical devices inside a device.
CREATE TABLE "inventory"."virtual_device_context" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 64),
    "device" uuid NOT NULL,
    "identifier" bigint CHECK ("identifier" BETWEEN 0 AND 32767),
    "assigned_tenant" uuid,
    "primary_ip4" uuid,
    "primary_ip6" uuid,
    "status" text COLLATE "C" NOT NULL CHECK ("status" IN ('active', 'planned', 'offline')),
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "comments" text COLLATE "C" CHECK (char_length("comments") BETWEEN 1 AND 65536),
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "virtual_device_context_number_key" ON "inventory"."virtual_device_context" (tenant_id, number);
CREATE UNIQUE INDEX "virtual_device_context_device_identifier_key" ON "inventory"."virtual_device_context" (tenant_id, "device", "identifier");
CREATE UNIQUE INDEX "virtual_device_context_device_name_key" ON "inventory"."virtual_device_context" (tenant_id, "device", "name");
CREATE INDEX "virtual_device_context_name_idx" ON "inventory"."virtual_device_context" (tenant_id, "name", id);
CREATE INDEX "virtual_device_context_assigned_tenant_idx" ON "inventory"."virtual_device_context" (tenant_id, "assigned_tenant", id) WHERE "assigned_tenant" IS NOT NULL;
CREATE INDEX "virtual_device_context_primary_ip4_idx" ON "inventory"."virtual_device_context" (tenant_id, "primary_ip4", id) WHERE "primary_ip4" IS NOT NULL;
CREATE INDEX "virtual_device_context_primary_ip6_idx" ON "inventory"."virtual_device_context" (tenant_id, "primary_ip6", id) WHERE "primary_ip6" IS NOT NULL;
CREATE INDEX "virtual_device_context_status_idx" ON "inventory"."virtual_device_context" (tenant_id, "status", id);
SELECT app.make_tenant_table('inventory.virtual_device_context', history => true);

-- inventory.aggregate: The largest prefixes one has, by registry.
CREATE TABLE "inventory"."aggregate" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "prefix" cidr NOT NULL,
    "rir" uuid NOT NULL,
    "assigned_tenant" uuid,
    "date_added" date,
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "comments" text COLLATE "C" CHECK (char_length("comments") BETWEEN 1 AND 65536),
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "aggregate_number_key" ON "inventory"."aggregate" (tenant_id, number);
CREATE INDEX "aggregate_prefix_idx" ON "inventory"."aggregate" (tenant_id, "prefix", id);
CREATE INDEX "aggregate_rir_idx" ON "inventory"."aggregate" (tenant_id, "rir", id);
CREATE INDEX "aggregate_assigned_tenant_idx" ON "inventory"."aggregate" (tenant_id, "assigned_tenant", id) WHERE "assigned_tenant" IS NOT NULL;
SELECT app.make_tenant_table('inventory.aggregate', history => true);

-- inventory.asn: Autonomous system numbers (RFC 6793).
CREATE TABLE "inventory"."asn" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "asn" bigint NOT NULL CHECK ("asn" BETWEEN 1 AND 4294967295),
    "rir" uuid,
    "role" uuid,
    "assigned_tenant" uuid,
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "comments" text COLLATE "C" CHECK (char_length("comments") BETWEEN 1 AND 65536),
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    "sites" uuid[] NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "asn_number_key" ON "inventory"."asn" (tenant_id, number);
CREATE UNIQUE INDEX "asn_asn_key" ON "inventory"."asn" (tenant_id, "asn");
CREATE INDEX "asn_rir_idx" ON "inventory"."asn" (tenant_id, "rir", id) WHERE "rir" IS NOT NULL;
CREATE INDEX "asn_role_idx" ON "inventory"."asn" (tenant_id, "role", id) WHERE "role" IS NOT NULL;
CREATE INDEX "asn_assigned_tenant_idx" ON "inventory"."asn" (tenant_id, "assigned_tenant", id) WHERE "assigned_tenant" IS NOT NULL;
SELECT app.make_tenant_table('inventory.asn', history => true);

-- inventory.asn_range: Ranges that autonomous system numbers are taken from.
CREATE TABLE "inventory"."asn_range" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 100),
    "slug" text COLLATE "C" NOT NULL CHECK (char_length("slug") BETWEEN 1 AND 100),
    "rir" uuid NOT NULL,
    "start" bigint NOT NULL CHECK ("start" BETWEEN 1 AND 4294967295),
    "end" bigint NOT NULL CHECK ("end" BETWEEN 1 AND 4294967295),
    "assigned_tenant" uuid,
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "comments" text COLLATE "C" CHECK (char_length("comments") BETWEEN 1 AND 65536),
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "asn_range_number_key" ON "inventory"."asn_range" (tenant_id, number);
CREATE UNIQUE INDEX "asn_range_name_key" ON "inventory"."asn_range" (tenant_id, "name");
CREATE UNIQUE INDEX "asn_range_slug_key" ON "inventory"."asn_range" (tenant_id, "slug");
CREATE INDEX "asn_range_rir_idx" ON "inventory"."asn_range" (tenant_id, "rir", id);
CREATE INDEX "asn_range_assigned_tenant_idx" ON "inventory"."asn_range" (tenant_id, "assigned_tenant", id) WHERE "assigned_tenant" IS NOT NULL;
SELECT app.make_tenant_table('inventory.asn_range', history => true);

-- inventory.fhrp_group: Groups that share a virtual address: VRRP, HSRP.
CREATE TABLE "inventory"."fhrp_group" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "name" text COLLATE "C" CHECK (char_length("name") BETWEEN 1 AND 100),
    "protocol" text COLLATE "C" NOT NULL CHECK ("protocol" IN ('vrrp2', 'vrrp3', 'carp', 'clusterxl', 'hsrp', 'glbp', 'other')),
    "group_id" bigint NOT NULL CHECK ("group_id" BETWEEN 0 AND 32767),
    "auth_type" text COLLATE "C" CHECK ("auth_type" IN ('plaintext', 'md5')),
    "auth_key" bytea,
    "auth_key_set_at" timestamptz,
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "comments" text COLLATE "C" CHECK (char_length("comments") BETWEEN 1 AND 65536),
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "fhrp_group_number_key" ON "inventory"."fhrp_group" (tenant_id, number);
CREATE INDEX "fhrp_group_name_idx" ON "inventory"."fhrp_group" (tenant_id, "name", id);
CREATE INDEX "fhrp_group_group_id_idx" ON "inventory"."fhrp_group" (tenant_id, "group_id", id);
SELECT app.make_tenant_table('inventory.fhrp_group', history => true);

-- inventory.fhrp_group_assignment: Which interface takes part in which FHRP group.
CREATE TABLE "inventory"."fhrp_group_assignment" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "group" uuid NOT NULL,
    "interface_type" text COLLATE "C" NOT NULL CHECK ("interface_type" IN ('inventory.interface', 'inventory.vm_interface')),
    "interface_id" uuid NOT NULL,
    "priority" bigint NOT NULL CHECK ("priority" BETWEEN 0 AND 255),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "fhrp_group_assignment_number_key" ON "inventory"."fhrp_group_assignment" (tenant_id, number);
CREATE UNIQUE INDEX "fhrp_group_assignment_interface_group_key" ON "inventory"."fhrp_group_assignment" (tenant_id, "interface_id", "interface_type", "group");
CREATE INDEX "fhrp_group_assignment_group_idx" ON "inventory"."fhrp_group_assignment" (tenant_id, "group", id);
SELECT app.make_tenant_table('inventory.fhrp_group_assignment', history => true);

-- inventory.ip_address: Addresses with the length of their network, and the interface each is on.
CREATE TABLE "inventory"."ip_address" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "address" inet NOT NULL,
    "address_host" inet GENERATED ALWAYS AS (set_masklen("address", CASE family("address") WHEN 4 THEN 32 ELSE 128 END)) STORED,
    "vrf" uuid,
    "assigned_tenant" uuid,
    "status" text COLLATE "C" NOT NULL DEFAULT 'active' CHECK ("status" IN ('active', 'reserved', 'deprecated', 'dhcp', 'slaac')),
    "role" text COLLATE "C" CHECK ("role" IN ('loopback', 'secondary', 'anycast', 'vip', 'vrrp', 'hsrp', 'glbp', 'carp')),
    "assigned_object_type" text COLLATE "C" CHECK ("assigned_object_type" IN ('inventory.interface', 'inventory.fhrp_group', 'inventory.vm_interface')),
    "assigned_object_id" uuid,
    "nat_inside" uuid,
    "dns_name" text COLLATE "C" CHECK (char_length("dns_name") BETWEEN 1 AND 255),
    "dns_name_ci" text COLLATE "C" GENERATED ALWAYS AS (lower("dns_name" COLLATE "und-x-icu") COLLATE "C") STORED,
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "comments" text COLLATE "C" CHECK (char_length("comments") BETWEEN 1 AND 65536),
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "ip_address_number_key" ON "inventory"."ip_address" (tenant_id, number);
CREATE INDEX "ip_address_address_idx" ON "inventory"."ip_address" (tenant_id, "address_host", id);
CREATE INDEX "ip_address_vrf_idx" ON "inventory"."ip_address" (tenant_id, "vrf", id) WHERE "vrf" IS NOT NULL;
CREATE INDEX "ip_address_assigned_tenant_idx" ON "inventory"."ip_address" (tenant_id, "assigned_tenant", id) WHERE "assigned_tenant" IS NOT NULL;
CREATE INDEX "ip_address_status_idx" ON "inventory"."ip_address" (tenant_id, "status", id);
CREATE INDEX "ip_address_assigned_object_idx" ON "inventory"."ip_address" (tenant_id, "assigned_object_id", "assigned_object_type", id) WHERE "assigned_object_id" IS NOT NULL;
CREATE INDEX "ip_address_nat_inside_idx" ON "inventory"."ip_address" (tenant_id, "nat_inside", id) WHERE "nat_inside" IS NOT NULL;
CREATE INDEX "ip_address_dns_name_idx" ON "inventory"."ip_address" (tenant_id, "dns_name_ci", id);
SELECT app.make_tenant_table('inventory.ip_address', history => true);

-- inventory.ip_range: Runs of addresses that are no prefix: DHCP pools.
CREATE TABLE "inventory"."ip_range" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "start_address" inet NOT NULL,
    "start_address_host" inet GENERATED ALWAYS AS (set_masklen("start_address", CASE family("start_address") WHEN 4 THEN 32 ELSE 128 END)) STORED,
    "end_address" inet NOT NULL,
    "end_address_host" inet GENERATED ALWAYS AS (set_masklen("end_address", CASE family("end_address") WHEN 4 THEN 32 ELSE 128 END)) STORED,
    "vrf" uuid,
    "assigned_tenant" uuid,
    "status" text COLLATE "C" NOT NULL DEFAULT 'active' CHECK ("status" IN ('active', 'reserved', 'deprecated')),
    "role" uuid,
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "comments" text COLLATE "C" CHECK (char_length("comments") BETWEEN 1 AND 65536),
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    "mark_populated" boolean NOT NULL DEFAULT false,
    "mark_utilized" boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "ip_range_number_key" ON "inventory"."ip_range" (tenant_id, number);
CREATE INDEX "ip_range_start_address_idx" ON "inventory"."ip_range" (tenant_id, "start_address_host", id);
CREATE INDEX "ip_range_end_address_idx" ON "inventory"."ip_range" (tenant_id, "end_address_host", id);
CREATE INDEX "ip_range_vrf_idx" ON "inventory"."ip_range" (tenant_id, "vrf", id) WHERE "vrf" IS NOT NULL;
CREATE INDEX "ip_range_assigned_tenant_idx" ON "inventory"."ip_range" (tenant_id, "assigned_tenant", id) WHERE "assigned_tenant" IS NOT NULL;
CREATE INDEX "ip_range_status_idx" ON "inventory"."ip_range" (tenant_id, "status", id);
CREATE INDEX "ip_range_role_idx" ON "inventory"."ip_range" (tenant_id, "role", id) WHERE "role" IS NOT NULL;
SELECT app.make_tenant_table('inventory.ip_range', history => true);

-- inventory.prefix: Networks, in a tree by what lies in what.
CREATE TABLE "inventory"."prefix" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "prefix" cidr NOT NULL,
    "vrf" uuid,
    "scope_type" text COLLATE "C" CHECK ("scope_type" IN ('inventory.location', 'inventory.region', 'inventory.site', 'inventory.site_group')),
    "scope_id" uuid,
    "assigned_tenant" uuid,
    "vlan" uuid,
    "status" text COLLATE "C" NOT NULL DEFAULT 'active' CHECK ("status" IN ('container', 'active', 'reserved', 'deprecated')),
    "role" uuid,
    "is_pool" boolean NOT NULL DEFAULT false,
    "mark_utilized" boolean NOT NULL DEFAULT false,
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "comments" text COLLATE "C" CHECK (char_length("comments") BETWEEN 1 AND 65536),
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "prefix_number_key" ON "inventory"."prefix" (tenant_id, number);
CREATE INDEX "prefix_prefix_idx" ON "inventory"."prefix" (tenant_id, "prefix", id);
CREATE INDEX "prefix_vrf_idx" ON "inventory"."prefix" (tenant_id, "vrf", id) WHERE "vrf" IS NOT NULL;
CREATE INDEX "prefix_scope_idx" ON "inventory"."prefix" (tenant_id, "scope_id", "scope_type", id) WHERE "scope_id" IS NOT NULL;
CREATE INDEX "prefix_assigned_tenant_idx" ON "inventory"."prefix" (tenant_id, "assigned_tenant", id) WHERE "assigned_tenant" IS NOT NULL;
CREATE INDEX "prefix_vlan_idx" ON "inventory"."prefix" (tenant_id, "vlan", id) WHERE "vlan" IS NOT NULL;
CREATE INDEX "prefix_status_idx" ON "inventory"."prefix" (tenant_id, "status", id);
CREATE INDEX "prefix_role_idx" ON "inventory"."prefix" (tenant_id, "role", id) WHERE "role" IS NOT NULL;
SELECT app.make_tenant_table('inventory.prefix', history => true);

-- inventory.rir: Registries that space comes from, also for private space.
CREATE TABLE "inventory"."rir" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 100),
    "slug" text COLLATE "C" NOT NULL CHECK (char_length("slug") BETWEEN 1 AND 100),
    "is_private" boolean NOT NULL DEFAULT false,
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "comments" text COLLATE "C" CHECK (char_length("comments") BETWEEN 1 AND 65536),
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "rir_number_key" ON "inventory"."rir" (tenant_id, number);
CREATE UNIQUE INDEX "rir_name_key" ON "inventory"."rir" (tenant_id, "name");
CREATE UNIQUE INDEX "rir_slug_key" ON "inventory"."rir" (tenant_id, "slug");
SELECT app.make_tenant_table('inventory.rir', history => true);

-- inventory.role: What a prefix or VLAN is for: customers, management, loopbacks.
CREATE TABLE "inventory"."role" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 100),
    "slug" text COLLATE "C" NOT NULL CHECK (char_length("slug") BETWEEN 1 AND 100),
    "weight" bigint NOT NULL DEFAULT 1000 CHECK ("weight" BETWEEN 0 AND 32767),
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "comments" text COLLATE "C" CHECK (char_length("comments") BETWEEN 1 AND 65536),
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "role_number_key" ON "inventory"."role" (tenant_id, number);
CREATE UNIQUE INDEX "role_name_key" ON "inventory"."role" (tenant_id, "name");
CREATE UNIQUE INDEX "role_slug_key" ON "inventory"."role" (tenant_id, "slug");
SELECT app.make_tenant_table('inventory.role', history => true);

-- inventory.route_target: Extended communities by which VRFs exchange routes (RFC 4360).
CREATE TABLE "inventory"."route_target" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 21),
    "assigned_tenant" uuid,
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "comments" text COLLATE "C" CHECK (char_length("comments") BETWEEN 1 AND 65536),
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "route_target_number_key" ON "inventory"."route_target" (tenant_id, number);
CREATE UNIQUE INDEX "route_target_name_key" ON "inventory"."route_target" (tenant_id, "name");
CREATE INDEX "route_target_assigned_tenant_idx" ON "inventory"."route_target" (tenant_id, "assigned_tenant", id) WHERE "assigned_tenant" IS NOT NULL;
SELECT app.make_tenant_table('inventory.route_target', history => true);

-- inventory.service: What listens on a device, virtual machine or shared address.
CREATE TABLE "inventory"."service" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "parent_object_type" text COLLATE "C" NOT NULL CHECK ("parent_object_type" IN ('inventory.device', 'inventory.fhrp_group', 'inventory.virtual_machine')),
    "parent_object_id" uuid NOT NULL,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 100),
    "port_mappings" text[] NOT NULL DEFAULT '{}' CHECK (cardinality("port_mappings") <= 256),
    "protocol" text COLLATE "C" CHECK ("protocol" IN ('tcp', 'udp', 'sctp')),
    "ports" bigint[] CHECK (cardinality("ports") <= 1000),
    "ipaddresses" uuid[] NOT NULL DEFAULT '{}',
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "comments" text COLLATE "C" CHECK (char_length("comments") BETWEEN 1 AND 65536),
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "service_number_key" ON "inventory"."service" (tenant_id, number);
CREATE INDEX "service_parent_object_idx" ON "inventory"."service" (tenant_id, "parent_object_id", "parent_object_type", id);
CREATE INDEX "service_name_idx" ON "inventory"."service" (tenant_id, "name", id);
SELECT app.make_tenant_table('inventory.service', history => true);

-- inventory.service_template: Services one creates often.
CREATE TABLE "inventory"."service_template" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 100),
    "port_mappings" text[] NOT NULL DEFAULT '{}' CHECK (cardinality("port_mappings") <= 256),
    "protocol" text COLLATE "C" CHECK ("protocol" IN ('tcp', 'udp', 'sctp')),
    "ports" bigint[] CHECK (cardinality("ports") <= 1000),
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "comments" text COLLATE "C" CHECK (char_length("comments") BETWEEN 1 AND 65536),
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "service_template_number_key" ON "inventory"."service_template" (tenant_id, number);
CREATE UNIQUE INDEX "service_template_name_key" ON "inventory"."service_template" (tenant_id, "name");
SELECT app.make_tenant_table('inventory.service_template', history => true);

-- inventory.vlan: Layer 2 broadcast domains (IEEE 802.1Q).
CREATE TABLE "inventory"."vlan" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "site" uuid,
    "group" uuid,
    "vid" bigint NOT NULL CHECK ("vid" BETWEEN 1 AND 4094),
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 64),
    "assigned_tenant" uuid,
    "status" text COLLATE "C" NOT NULL DEFAULT 'active' CHECK ("status" IN ('active', 'reserved', 'deprecated')),
    "role" uuid,
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "qinq_role" text COLLATE "C" CHECK ("qinq_role" IN ('svlan', 'cvlan')),
    "qinq_svlan" uuid,
    "comments" text COLLATE "C" CHECK (char_length("comments") BETWEEN 1 AND 65536),
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "vlan_number_key" ON "inventory"."vlan" (tenant_id, number);
CREATE UNIQUE INDEX "vlan_group_vid_key" ON "inventory"."vlan" (tenant_id, "group", "vid") WHERE "group" IS NOT NULL;
CREATE UNIQUE INDEX "vlan_group_name_key" ON "inventory"."vlan" (tenant_id, "group", "name") WHERE "group" IS NOT NULL;
CREATE UNIQUE INDEX "vlan_qinq_svlan_vid_key" ON "inventory"."vlan" (tenant_id, "qinq_svlan", "vid") WHERE "qinq_svlan" IS NOT NULL;
CREATE UNIQUE INDEX "vlan_qinq_svlan_name_key" ON "inventory"."vlan" (tenant_id, "qinq_svlan", "name") WHERE "qinq_svlan" IS NOT NULL;
CREATE INDEX "vlan_site_idx" ON "inventory"."vlan" (tenant_id, "site", id) WHERE "site" IS NOT NULL;
CREATE INDEX "vlan_vid_idx" ON "inventory"."vlan" (tenant_id, "vid", id);
CREATE INDEX "vlan_name_idx" ON "inventory"."vlan" (tenant_id, "name", id);
CREATE INDEX "vlan_assigned_tenant_idx" ON "inventory"."vlan" (tenant_id, "assigned_tenant", id) WHERE "assigned_tenant" IS NOT NULL;
CREATE INDEX "vlan_status_idx" ON "inventory"."vlan" (tenant_id, "status", id);
CREATE INDEX "vlan_role_idx" ON "inventory"."vlan" (tenant_id, "role", id) WHERE "role" IS NOT NULL;
SELECT app.make_tenant_table('inventory.vlan', history => true);

-- inventory.vlan_group: Domains in which VLAN ids are unique.
CREATE TABLE "inventory"."vlan_group" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 100),
    "slug" text COLLATE "C" NOT NULL CHECK (char_length("slug") BETWEEN 1 AND 100),
    "scope_type" text COLLATE "C" CHECK ("scope_type" IN ('inventory.cluster', 'inventory.cluster_group', 'inventory.location', 'inventory.rack', 'inventory.rack_group', 'inventory.region', 'inventory.site', 'inventory.site_group')),
    "scope_id" uuid,
    "vid_ranges" jsonb,
    "assigned_tenant" uuid,
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "comments" text COLLATE "C" CHECK (char_length("comments") BETWEEN 1 AND 65536),
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "vlan_group_number_key" ON "inventory"."vlan_group" (tenant_id, number);
CREATE UNIQUE INDEX "vlan_group_scope_name_key" ON "inventory"."vlan_group" (tenant_id, "scope_id", "scope_type", "name") WHERE "scope_id" IS NOT NULL;
CREATE UNIQUE INDEX "vlan_group_scope_slug_key" ON "inventory"."vlan_group" (tenant_id, "scope_id", "scope_type", "slug") WHERE "scope_id" IS NOT NULL;
CREATE INDEX "vlan_group_name_idx" ON "inventory"."vlan_group" (tenant_id, "name", id);
CREATE INDEX "vlan_group_slug_idx" ON "inventory"."vlan_group" (tenant_id, "slug", id);
CREATE INDEX "vlan_group_assigned_tenant_idx" ON "inventory"."vlan_group" (tenant_id, "assigned_tenant", id) WHERE "assigned_tenant" IS NOT NULL;
SELECT app.make_tenant_table('inventory.vlan_group', history => true);

-- inventory.vlan_translation_policy: Sets of rules that rewrite VLAN ids at an interface.
CREATE TABLE "inventory"."vlan_translation_policy" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 100),
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "comments" text COLLATE "C" CHECK (char_length("comments") BETWEEN 1 AND 65536),
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "vlan_translation_policy_number_key" ON "inventory"."vlan_translation_policy" (tenant_id, number);
CREATE UNIQUE INDEX "vlan_translation_policy_name_key" ON "inventory"."vlan_translation_policy" (tenant_id, "name");
SELECT app.make_tenant_table('inventory.vlan_translation_policy', history => true);

-- inventory.vlan_translation_rule: Which local VLAN id becomes which remote one.
CREATE TABLE "inventory"."vlan_translation_rule" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "policy" uuid NOT NULL,
    "local_vid" bigint NOT NULL CHECK ("local_vid" BETWEEN 1 AND 4094),
    "remote_vid" bigint NOT NULL CHECK ("remote_vid" BETWEEN 1 AND 4094),
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "vlan_translation_rule_number_key" ON "inventory"."vlan_translation_rule" (tenant_id, number);
CREATE UNIQUE INDEX "vlan_translation_rule_policy_local_vid_key" ON "inventory"."vlan_translation_rule" (tenant_id, "policy", "local_vid");
CREATE UNIQUE INDEX "vlan_translation_rule_policy_remote_vid_key" ON "inventory"."vlan_translation_rule" (tenant_id, "policy", "remote_vid");
SELECT app.make_tenant_table('inventory.vlan_translation_rule', history => true);

-- inventory.vrf: Routing tables of their own: addresses in two of them never meet.
CREATE TABLE "inventory"."vrf" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 100),
    "rd" text COLLATE "C" CHECK (char_length("rd") BETWEEN 1 AND 21),
    "assigned_tenant" uuid,
    "enforce_unique" boolean NOT NULL DEFAULT true,
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "comments" text COLLATE "C" CHECK (char_length("comments") BETWEEN 1 AND 65536),
    "import_targets" uuid[] NOT NULL DEFAULT '{}',
    "export_targets" uuid[] NOT NULL DEFAULT '{}',
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "vrf_number_key" ON "inventory"."vrf" (tenant_id, number);
CREATE UNIQUE INDEX "vrf_rd_key" ON "inventory"."vrf" (tenant_id, "rd");
CREATE INDEX "vrf_name_idx" ON "inventory"."vrf" (tenant_id, "name", id);
CREATE INDEX "vrf_assigned_tenant_idx" ON "inventory"."vrf" (tenant_id, "assigned_tenant", id) WHERE "assigned_tenant" IS NOT NULL;
SELECT app.make_tenant_table('inventory.vrf', history => true);

-- inventory.circuit: Lines bought from a provider, with an end A and an end Z.
CREATE TABLE "inventory"."circuit" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "cid" text COLLATE "C" NOT NULL CHECK (char_length("cid") BETWEEN 1 AND 100),
    "provider" uuid NOT NULL,
    "provider_account" uuid,
    "type" uuid NOT NULL,
    "status" text COLLATE "C" NOT NULL DEFAULT 'active' CHECK ("status" IN ('planned', 'provisioning', 'active', 'offline', 'deprovisioning', 'decommissioned')),
    "assigned_tenant" uuid,
    "install_date" date,
    "termination_date" date,
    "commit_rate" bigint CHECK ("commit_rate" BETWEEN 0 AND 2147483647),
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "distance" double precision,
    "distance_unit" text COLLATE "C" CHECK ("distance_unit" IN ('km', 'm', 'mi', 'ft')),
    "comments" text COLLATE "C" CHECK (char_length("comments") BETWEEN 1 AND 65536),
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "circuit_number_key" ON "inventory"."circuit" (tenant_id, number);
CREATE UNIQUE INDEX "circuit_provider_cid_key" ON "inventory"."circuit" (tenant_id, "provider", "cid");
CREATE UNIQUE INDEX "circuit_provider_account_cid_key" ON "inventory"."circuit" (tenant_id, "provider_account", "cid") WHERE "provider_account" IS NOT NULL;
CREATE INDEX "circuit_cid_idx" ON "inventory"."circuit" (tenant_id, "cid", id);
CREATE INDEX "circuit_type_idx" ON "inventory"."circuit" (tenant_id, "type", id);
CREATE INDEX "circuit_status_idx" ON "inventory"."circuit" (tenant_id, "status", id);
CREATE INDEX "circuit_assigned_tenant_idx" ON "inventory"."circuit" (tenant_id, "assigned_tenant", id) WHERE "assigned_tenant" IS NOT NULL;
SELECT app.make_tenant_table('inventory.circuit', history => true);

-- inventory.circuit_group: Circuits that stand in for each other.
CREATE TABLE "inventory"."circuit_group" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 100),
    "slug" text COLLATE "C" NOT NULL CHECK (char_length("slug") BETWEEN 1 AND 100),
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "assigned_tenant" uuid,
    "comments" text COLLATE "C" CHECK (char_length("comments") BETWEEN 1 AND 65536),
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "circuit_group_number_key" ON "inventory"."circuit_group" (tenant_id, number);
CREATE UNIQUE INDEX "circuit_group_name_key" ON "inventory"."circuit_group" (tenant_id, "name");
CREATE UNIQUE INDEX "circuit_group_slug_key" ON "inventory"."circuit_group" (tenant_id, "slug");
CREATE INDEX "circuit_group_assigned_tenant_idx" ON "inventory"."circuit_group" (tenant_id, "assigned_tenant", id) WHERE "assigned_tenant" IS NOT NULL;
SELECT app.make_tenant_table('inventory.circuit_group', history => true);

-- inventory.circuit_group_assignment: Which circuit is in which group, and with what priority.
CREATE TABLE "inventory"."circuit_group_assignment" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "group" uuid NOT NULL,
    "member_type" text COLLATE "C" NOT NULL CHECK ("member_type" IN ('inventory.circuit', 'inventory.virtual_circuit')),
    "member_id" uuid NOT NULL,
    "priority" text COLLATE "C" CHECK ("priority" IN ('primary', 'secondary', 'tertiary', 'inactive')),
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "circuit_group_assignment_number_key" ON "inventory"."circuit_group_assignment" (tenant_id, number);
CREATE UNIQUE INDEX "circuit_group_assignment_member_group_key" ON "inventory"."circuit_group_assignment" (tenant_id, "member_id", "member_type", "group");
CREATE INDEX "circuit_group_assignment_group_idx" ON "inventory"."circuit_group_assignment" (tenant_id, "group", id);
CREATE INDEX "circuit_group_assignment_created_at_idx" ON "inventory"."circuit_group_assignment" (tenant_id, created_at, id);
SELECT app.make_tenant_table('inventory.circuit_group_assignment', history => true);

-- inventory.circuit_termination: The two ends of a circuit: where each is, and what it is patched to.
CREATE TABLE "inventory"."circuit_termination" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "circuit" uuid NOT NULL,
    "term_side" text COLLATE "C" NOT NULL CHECK ("term_side" IN ('A', 'Z')),
    "termination_type" text COLLATE "C" CHECK ("termination_type" IN ('inventory.provider_network', 'inventory.location', 'inventory.region', 'inventory.site', 'inventory.site_group')),
    "termination_id" uuid,
    "port_speed" bigint CHECK ("port_speed" BETWEEN 0 AND 2147483647),
    "upstream_speed" bigint CHECK ("upstream_speed" BETWEEN 0 AND 2147483647),
    "xconnect_id" text COLLATE "C" CHECK (char_length("xconnect_id") BETWEEN 1 AND 50),
    "pp_info" text COLLATE "C" CHECK (char_length("pp_info") BETWEEN 1 AND 100),
    "mark_connected" boolean NOT NULL DEFAULT false,
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "circuit_termination_number_key" ON "inventory"."circuit_termination" (tenant_id, number);
CREATE UNIQUE INDEX "circuit_termination_circuit_term_side_key" ON "inventory"."circuit_termination" (tenant_id, "circuit", "term_side");
CREATE INDEX "circuit_termination_termination_idx" ON "inventory"."circuit_termination" (tenant_id, "termination_id", "termination_type", id) WHERE "termination_id" IS NOT NULL;
CREATE INDEX "circuit_termination_xconnect_id_idx" ON "inventory"."circuit_termination" (tenant_id, "xconnect_id", id);
CREATE INDEX "circuit_termination_pp_info_idx" ON "inventory"."circuit_termination" (tenant_id, "pp_info", id);
SELECT app.make_tenant_table('inventory.circuit_termination', history => true);

-- inventory.circuit_type: What a circuit is for: transit, backbone, management.
CREATE TABLE "inventory"."circuit_type" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 100),
    "slug" text COLLATE "C" NOT NULL CHECK (char_length("slug") BETWEEN 1 AND 100),
    "color" text COLLATE "C" CHECK (char_length("color") BETWEEN 1 AND 6),
    "color_ci" text COLLATE "C" GENERATED ALWAYS AS (lower("color" COLLATE "und-x-icu") COLLATE "C") STORED,
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "comments" text COLLATE "C" CHECK (char_length("comments") BETWEEN 1 AND 65536),
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "circuit_type_number_key" ON "inventory"."circuit_type" (tenant_id, number);
CREATE UNIQUE INDEX "circuit_type_name_key" ON "inventory"."circuit_type" (tenant_id, "name");
CREATE UNIQUE INDEX "circuit_type_slug_key" ON "inventory"."circuit_type" (tenant_id, "slug");
SELECT app.make_tenant_table('inventory.circuit_type', history => true);

-- inventory.provider: Carriers and others that circuits are bought from.
CREATE TABLE "inventory"."provider" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 100),
    "slug" text COLLATE "C" NOT NULL CHECK (char_length("slug") BETWEEN 1 AND 100),
    "asns" uuid[] NOT NULL DEFAULT '{}',
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "comments" text COLLATE "C" CHECK (char_length("comments") BETWEEN 1 AND 65536),
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "provider_number_key" ON "inventory"."provider" (tenant_id, number);
CREATE UNIQUE INDEX "provider_name_key" ON "inventory"."provider" (tenant_id, "name");
CREATE UNIQUE INDEX "provider_slug_key" ON "inventory"."provider" (tenant_id, "slug");
SELECT app.make_tenant_table('inventory.provider', history => true);

-- inventory.provider_account: Accounts at a provider, to which it writes its invoices.
CREATE TABLE "inventory"."provider_account" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "provider" uuid NOT NULL,
    "name" text COLLATE "C" CHECK (char_length("name") BETWEEN 1 AND 100),
    "account" text COLLATE "C" NOT NULL CHECK (char_length("account") BETWEEN 1 AND 100),
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "comments" text COLLATE "C" CHECK (char_length("comments") BETWEEN 1 AND 65536),
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "provider_account_number_key" ON "inventory"."provider_account" (tenant_id, number);
CREATE UNIQUE INDEX "provider_account_provider_account_key" ON "inventory"."provider_account" (tenant_id, "provider", "account");
CREATE UNIQUE INDEX "provider_account_provider_name_key" ON "inventory"."provider_account" (tenant_id, "provider", "name");
CREATE INDEX "provider_account_name_idx" ON "inventory"."provider_account" (tenant_id, "name", id);
CREATE INDEX "provider_account_account_idx" ON "inventory"."provider_account" (tenant_id, "account", id);
SELECT app.make_tenant_table('inventory.provider_account', history => true);

-- inventory.provider_network: Networks of a provider that are not looked into: where its circuits end.
CREATE TABLE "inventory"."provider_network" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "provider" uuid NOT NULL,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 100),
    "service_id" text COLLATE "C" CHECK (char_length("service_id") BETWEEN 1 AND 100),
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "comments" text COLLATE "C" CHECK (char_length("comments") BETWEEN 1 AND 65536),
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "provider_network_number_key" ON "inventory"."provider_network" (tenant_id, number);
CREATE UNIQUE INDEX "provider_network_provider_name_key" ON "inventory"."provider_network" (tenant_id, "provider", "name");
CREATE INDEX "provider_network_name_idx" ON "inventory"."provider_network" (tenant_id, "name", id);
CREATE INDEX "provider_network_service_id_idx" ON "inventory"."provider_network" (tenant_id, "service_id", id);
SELECT app.make_tenant_table('inventory.provider_network', history => true);

-- inventory.virtual_circuit: Circuits through the network of a provider, between interfaces.
CREATE TABLE "inventory"."virtual_circuit" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "cid" text COLLATE "C" NOT NULL CHECK (char_length("cid") BETWEEN 1 AND 100),
    "provider_network" uuid NOT NULL,
    "provider_account" uuid,
    "type" uuid NOT NULL,
    "status" text COLLATE "C" NOT NULL DEFAULT 'active' CHECK ("status" IN ('planned', 'provisioning', 'active', 'offline', 'deprovisioning', 'decommissioned')),
    "assigned_tenant" uuid,
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "comments" text COLLATE "C" CHECK (char_length("comments") BETWEEN 1 AND 65536),
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "virtual_circuit_number_key" ON "inventory"."virtual_circuit" (tenant_id, number);
CREATE UNIQUE INDEX "virtual_circuit_provider_network_cid_key" ON "inventory"."virtual_circuit" (tenant_id, "provider_network", "cid");
CREATE UNIQUE INDEX "virtual_circuit_provider_account_cid_key" ON "inventory"."virtual_circuit" (tenant_id, "provider_account", "cid") WHERE "provider_account" IS NOT NULL;
CREATE INDEX "virtual_circuit_cid_idx" ON "inventory"."virtual_circuit" (tenant_id, "cid", id);
CREATE INDEX "virtual_circuit_type_idx" ON "inventory"."virtual_circuit" (tenant_id, "type", id);
CREATE INDEX "virtual_circuit_status_idx" ON "inventory"."virtual_circuit" (tenant_id, "status", id);
CREATE INDEX "virtual_circuit_assigned_tenant_idx" ON "inventory"."virtual_circuit" (tenant_id, "assigned_tenant", id) WHERE "assigned_tenant" IS NOT NULL;
SELECT app.make_tenant_table('inventory.virtual_circuit', history => true);

-- inventory.virtual_circuit_termination: The interfaces at the ends of a virtual circuit.
CREATE TABLE "inventory"."virtual_circuit_termination" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "virtual_circuit" uuid NOT NULL,
    "role" text COLLATE "C" NOT NULL DEFAULT 'peer' CHECK ("role" IN ('peer', 'hub', 'spoke')),
    "interface" uuid NOT NULL,
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "virtual_circuit_termination_number_key" ON "inventory"."virtual_circuit_termination" (tenant_id, number);
CREATE UNIQUE INDEX "virtual_circuit_termination_interface_key" ON "inventory"."virtual_circuit_termination" (tenant_id, "interface");
CREATE INDEX "virtual_circuit_termination_virtual_circuit_idx" ON "inventory"."virtual_circuit_termination" (tenant_id, "virtual_circuit", id);
SELECT app.make_tenant_table('inventory.virtual_circuit_termination', history => true);

-- inventory.virtual_circuit_type: What a virtual circuit is for.
CREATE TABLE "inventory"."virtual_circuit_type" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 100),
    "slug" text COLLATE "C" NOT NULL CHECK (char_length("slug") BETWEEN 1 AND 100),
    "color" text COLLATE "C" CHECK (char_length("color") BETWEEN 1 AND 6),
    "color_ci" text COLLATE "C" GENERATED ALWAYS AS (lower("color" COLLATE "und-x-icu") COLLATE "C") STORED,
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "comments" text COLLATE "C" CHECK (char_length("comments") BETWEEN 1 AND 65536),
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "virtual_circuit_type_number_key" ON "inventory"."virtual_circuit_type" (tenant_id, number);
CREATE UNIQUE INDEX "virtual_circuit_type_name_key" ON "inventory"."virtual_circuit_type" (tenant_id, "name");
CREATE UNIQUE INDEX "virtual_circuit_type_slug_key" ON "inventory"."virtual_circuit_type" (tenant_id, "slug");
SELECT app.make_tenant_table('inventory.virtual_circuit_type', history => true);

-- inventory.cluster: Hosts that run virtual machines together.
CREATE TABLE "inventory"."cluster" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 100),
    "type" uuid NOT NULL,
    "group" uuid,
    "status" text COLLATE "C" NOT NULL DEFAULT 'active' CHECK ("status" IN ('planned', 'staging', 'active', 'decommissioning', 'offline')),
    "assigned_tenant" uuid,
    "scope_type" text COLLATE "C" CHECK ("scope_type" IN ('inventory.location', 'inventory.region', 'inventory.site', 'inventory.site_group')),
    "scope_id" uuid,
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "comments" text COLLATE "C" CHECK (char_length("comments") BETWEEN 1 AND 65536),
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "cluster_number_key" ON "inventory"."cluster" (tenant_id, number);
CREATE UNIQUE INDEX "cluster_name_group_key" ON "inventory"."cluster" (tenant_id, "name", "group");
CREATE INDEX "cluster_name_idx" ON "inventory"."cluster" (tenant_id, "name", id);
CREATE INDEX "cluster_type_idx" ON "inventory"."cluster" (tenant_id, "type", id);
CREATE INDEX "cluster_group_idx" ON "inventory"."cluster" (tenant_id, "group", id) WHERE "group" IS NOT NULL;
CREATE INDEX "cluster_status_idx" ON "inventory"."cluster" (tenant_id, "status", id);
CREATE INDEX "cluster_assigned_tenant_idx" ON "inventory"."cluster" (tenant_id, "assigned_tenant", id) WHERE "assigned_tenant" IS NOT NULL;
CREATE INDEX "cluster_scope_idx" ON "inventory"."cluster" (tenant_id, "scope_id", "scope_type", id) WHERE "scope_id" IS NOT NULL;
SELECT app.make_tenant_table('inventory.cluster', history => true);

-- inventory.cluster_group: Clusters that belong together.
CREATE TABLE "inventory"."cluster_group" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 100),
    "slug" text COLLATE "C" NOT NULL CHECK (char_length("slug") BETWEEN 1 AND 100),
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "comments" text COLLATE "C" CHECK (char_length("comments") BETWEEN 1 AND 65536),
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "cluster_group_number_key" ON "inventory"."cluster_group" (tenant_id, number);
CREATE UNIQUE INDEX "cluster_group_name_key" ON "inventory"."cluster_group" (tenant_id, "name");
CREATE UNIQUE INDEX "cluster_group_slug_key" ON "inventory"."cluster_group" (tenant_id, "slug");
SELECT app.make_tenant_table('inventory.cluster_group', history => true);

-- inventory.cluster_type: What runs a cluster: a hypervisor, a cloud, an orchestrator.
CREATE TABLE "inventory"."cluster_type" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 100),
    "slug" text COLLATE "C" NOT NULL CHECK (char_length("slug") BETWEEN 1 AND 100),
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "comments" text COLLATE "C" CHECK (char_length("comments") BETWEEN 1 AND 65536),
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "cluster_type_number_key" ON "inventory"."cluster_type" (tenant_id, number);
CREATE UNIQUE INDEX "cluster_type_name_key" ON "inventory"."cluster_type" (tenant_id, "name");
CREATE UNIQUE INDEX "cluster_type_slug_key" ON "inventory"."cluster_type" (tenant_id, "slug");
SELECT app.make_tenant_table('inventory.cluster_type', history => true);

-- inventory.virtual_disk: Disks of a virtual machine.
CREATE TABLE "inventory"."virtual_disk" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "virtual_machine" uuid NOT NULL,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 64),
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "size" bigint NOT NULL CHECK ("size" BETWEEN 0 AND 2147483647),
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "virtual_disk_number_key" ON "inventory"."virtual_disk" (tenant_id, number);
CREATE UNIQUE INDEX "virtual_disk_virtual_machine_name_key" ON "inventory"."virtual_disk" (tenant_id, "virtual_machine", "name");
CREATE INDEX "virtual_disk_name_idx" ON "inventory"."virtual_disk" (tenant_id, "name", id);
SELECT app.make_tenant_table('inventory.virtual_disk', history => true);

-- inventory.virtual_machine: Machines without hardware of their own, in a cluster, on a device or at a site.
CREATE TABLE "inventory"."virtual_machine" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 64),
    "name_ci" text COLLATE "C" GENERATED ALWAYS AS (lower("name" COLLATE "und-x-icu") COLLATE "C") STORED,
    "virtual_machine_type" uuid,
    "role" uuid,
    "status" text COLLATE "C" NOT NULL DEFAULT 'active' CHECK ("status" IN ('offline', 'active', 'planned', 'staged', 'failed', 'decommissioning', 'paused')),
    "start_on_boot" text COLLATE "C" NOT NULL DEFAULT 'off' CHECK ("start_on_boot" IN ('on', 'off', 'laststate')),
    "site" uuid,
    "cluster" uuid,
    "device" uuid,
    "serial" text COLLATE "C" CHECK (char_length("serial") BETWEEN 1 AND 50),
    "assigned_tenant" uuid,
    "platform" uuid,
    "config_template" uuid,
    "primary_ip4" uuid,
    "primary_ip6" uuid,
    "vcpus" double precision,
    "memory" bigint CHECK ("memory" BETWEEN 0 AND 2147483647),
    "disk" bigint CHECK ("disk" BETWEEN 0 AND 2147483647),
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "comments" text COLLATE "C" CHECK (char_length("comments") BETWEEN 1 AND 65536),
    "local_context_data" jsonb,
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "virtual_machine_number_key" ON "inventory"."virtual_machine" (tenant_id, number);
CREATE UNIQUE INDEX "virtual_machine_primary_ip4_key" ON "inventory"."virtual_machine" (tenant_id, "primary_ip4") WHERE "primary_ip4" IS NOT NULL;
CREATE UNIQUE INDEX "virtual_machine_primary_ip6_key" ON "inventory"."virtual_machine" (tenant_id, "primary_ip6") WHERE "primary_ip6" IS NOT NULL;
CREATE UNIQUE INDEX "virtual_machine_assigned_tenant_name_cluster_within" ON "inventory"."virtual_machine" (tenant_id, "assigned_tenant", "name_ci", "cluster") NULLS NOT DISTINCT WHERE "cluster" IS NOT NULL;
CREATE UNIQUE INDEX "virtual_machine_assigned_tenant_name_device_within" ON "inventory"."virtual_machine" (tenant_id, "assigned_tenant", "name_ci", "device") NULLS NOT DISTINCT WHERE "device" IS NOT NULL;
CREATE INDEX "virtual_machine_name_idx" ON "inventory"."virtual_machine" (tenant_id, "name_ci", id);
CREATE INDEX "virtual_machine_virtual_machine_type_idx" ON "inventory"."virtual_machine" (tenant_id, "virtual_machine_type", id) WHERE "virtual_machine_type" IS NOT NULL;
CREATE INDEX "virtual_machine_role_idx" ON "inventory"."virtual_machine" (tenant_id, "role", id) WHERE "role" IS NOT NULL;
CREATE INDEX "virtual_machine_status_idx" ON "inventory"."virtual_machine" (tenant_id, "status", id);
CREATE INDEX "virtual_machine_site_idx" ON "inventory"."virtual_machine" (tenant_id, "site", id) WHERE "site" IS NOT NULL;
CREATE INDEX "virtual_machine_cluster_idx" ON "inventory"."virtual_machine" (tenant_id, "cluster", id) WHERE "cluster" IS NOT NULL;
CREATE INDEX "virtual_machine_device_idx" ON "inventory"."virtual_machine" (tenant_id, "device", id) WHERE "device" IS NOT NULL;
CREATE INDEX "virtual_machine_serial_idx" ON "inventory"."virtual_machine" (tenant_id, "serial", id);
CREATE INDEX "virtual_machine_assigned_tenant_idx" ON "inventory"."virtual_machine" (tenant_id, "assigned_tenant", id) WHERE "assigned_tenant" IS NOT NULL;
CREATE INDEX "virtual_machine_platform_idx" ON "inventory"."virtual_machine" (tenant_id, "platform", id) WHERE "platform" IS NOT NULL;
CREATE INDEX "virtual_machine_config_template_idx" ON "inventory"."virtual_machine" (tenant_id, "config_template", id) WHERE "config_template" IS NOT NULL;
SELECT app.make_tenant_table('inventory.virtual_machine', history => true);

-- inventory.virtual_machine_type: Sizes of virtual machines, as a provider or a catalogue names them.
CREATE TABLE "inventory"."virtual_machine_type" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 100),
    "name_ci" text COLLATE "C" GENERATED ALWAYS AS (lower("name" COLLATE "und-x-icu") COLLATE "C") STORED,
    "slug" text COLLATE "C" NOT NULL CHECK (char_length("slug") BETWEEN 1 AND 100),
    "default_platform" uuid,
    "default_vcpus" double precision,
    "default_memory" bigint CHECK ("default_memory" BETWEEN 0 AND 2147483647),
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "comments" text COLLATE "C" CHECK (char_length("comments") BETWEEN 1 AND 65536),
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "virtual_machine_type_number_key" ON "inventory"."virtual_machine_type" (tenant_id, number);
CREATE UNIQUE INDEX "virtual_machine_type_name_key" ON "inventory"."virtual_machine_type" (tenant_id, "name_ci");
CREATE UNIQUE INDEX "virtual_machine_type_slug_key" ON "inventory"."virtual_machine_type" (tenant_id, "slug");
CREATE INDEX "virtual_machine_type_default_platform_idx" ON "inventory"."virtual_machine_type" (tenant_id, "default_platform", id) WHERE "default_platform" IS NOT NULL;
SELECT app.make_tenant_table('inventory.virtual_machine_type', history => true);

-- inventory.vm_interface: Network interfaces of a virtual machine.
CREATE TABLE "inventory"."vm_interface" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "virtual_machine" uuid NOT NULL,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 64),
    "enabled" boolean NOT NULL DEFAULT true,
    "parent" uuid,
    "bridge" uuid,
    "mtu" bigint CHECK ("mtu" BETWEEN 1 AND 65536),
    "primary_mac_address" uuid,
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "mode" text COLLATE "C" CHECK ("mode" IN ('access', 'tagged', 'tagged-all', 'q-in-q')),
    "untagged_vlan" uuid,
    "tagged_vlans" uuid[] NOT NULL DEFAULT '{}',
    "qinq_svlan" uuid,
    "vlan_translation_policy" uuid,
    "vrf" uuid,
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "vm_interface_number_key" ON "inventory"."vm_interface" (tenant_id, number);
CREATE UNIQUE INDEX "vm_interface_virtual_machine_name_key" ON "inventory"."vm_interface" (tenant_id, "virtual_machine", "name");
CREATE UNIQUE INDEX "vm_interface_primary_mac_address_key" ON "inventory"."vm_interface" (tenant_id, "primary_mac_address") WHERE "primary_mac_address" IS NOT NULL;
CREATE INDEX "vm_interface_name_idx" ON "inventory"."vm_interface" (tenant_id, "name", id);
CREATE INDEX "vm_interface_parent_idx" ON "inventory"."vm_interface" (tenant_id, "parent", id) WHERE "parent" IS NOT NULL;
CREATE INDEX "vm_interface_bridge_idx" ON "inventory"."vm_interface" (tenant_id, "bridge", id) WHERE "bridge" IS NOT NULL;
CREATE INDEX "vm_interface_untagged_vlan_idx" ON "inventory"."vm_interface" (tenant_id, "untagged_vlan", id) WHERE "untagged_vlan" IS NOT NULL;
CREATE INDEX "vm_interface_qinq_svlan_idx" ON "inventory"."vm_interface" (tenant_id, "qinq_svlan", id) WHERE "qinq_svlan" IS NOT NULL;
CREATE INDEX "vm_interface_vlan_translation_policy_idx" ON "inventory"."vm_interface" (tenant_id, "vlan_translation_policy", id) WHERE "vlan_translation_policy" IS NOT NULL;
CREATE INDEX "vm_interface_vrf_idx" ON "inventory"."vm_interface" (tenant_id, "vrf", id) WHERE "vrf" IS NOT NULL;
SELECT app.make_tenant_table('inventory.vm_interface', history => true);

-- inventory.ike_policy: How the two sides of a tunnel recognise each other.
CREATE TABLE "inventory"."ike_policy" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 100),
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "ike_version" text COLLATE "C" NOT NULL DEFAULT '2' CHECK ("ike_version" IN ('1', '2')),
    "mode" text COLLATE "C" CHECK ("mode" IN ('aggressive', 'main')),
    "proposals" uuid[] NOT NULL DEFAULT '{}',
    "preshared_key" bytea,
    "preshared_key_set_at" timestamptz,
    "comments" text COLLATE "C" CHECK (char_length("comments") BETWEEN 1 AND 65536),
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "ike_policy_number_key" ON "inventory"."ike_policy" (tenant_id, number);
CREATE UNIQUE INDEX "ike_policy_name_key" ON "inventory"."ike_policy" (tenant_id, "name");
SELECT app.make_tenant_table('inventory.ike_policy', history => true);

-- inventory.ike_proposal: Algorithms offered when a tunnel is negotiated (RFC 7296).
CREATE TABLE "inventory"."ike_proposal" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 100),
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "authentication_method" text COLLATE "C" NOT NULL CHECK ("authentication_method" IN ('preshared-keys', 'certificates', 'rsa-signatures', 'dsa-signatures')),
    "encryption_algorithm" text COLLATE "C" NOT NULL CHECK ("encryption_algorithm" IN ('aes-128-cbc', 'aes-128-gcm', 'aes-192-cbc', 'aes-192-gcm', 'aes-256-cbc', 'aes-256-gcm', '3des-cbc', 'des-cbc')),
    "authentication_algorithm" text COLLATE "C" CHECK ("authentication_algorithm" IN ('hmac-sha1', 'hmac-sha256', 'hmac-sha384', 'hmac-sha512', 'hmac-md5')),
    "group" text COLLATE "C" NOT NULL CHECK ("group" IN ('1', '2', '5', '14', '15', '16', '17', '18', '19', '20', '21', '22', '23', '24', '25', '26', '27', '28', '29', '30', '31', '32', '33', '34')),
    "sa_lifetime" bigint CHECK ("sa_lifetime" BETWEEN 0 AND 2147483647),
    "comments" text COLLATE "C" CHECK (char_length("comments") BETWEEN 1 AND 65536),
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "ike_proposal_number_key" ON "inventory"."ike_proposal" (tenant_id, number);
CREATE UNIQUE INDEX "ike_proposal_name_key" ON "inventory"."ike_proposal" (tenant_id, "name");
SELECT app.make_tenant_table('inventory.ike_proposal', history => true);

-- inventory.ipsec_policy: Proposals, and the group that keys are made anew with.
CREATE TABLE "inventory"."ipsec_policy" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 100),
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "proposals" uuid[] NOT NULL DEFAULT '{}',
    "pfs_group" text COLLATE "C" CHECK ("pfs_group" IN ('1', '2', '5', '14', '15', '16', '17', '18', '19', '20', '21', '22', '23', '24', '25', '26', '27', '28', '29', '30', '31', '32', '33', '34')),
    "comments" text COLLATE "C" CHECK (char_length("comments") BETWEEN 1 AND 65536),
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "ipsec_policy_number_key" ON "inventory"."ipsec_policy" (tenant_id, number);
CREATE UNIQUE INDEX "ipsec_policy_name_key" ON "inventory"."ipsec_policy" (tenant_id, "name");
SELECT app.make_tenant_table('inventory.ipsec_policy', history => true);

-- inventory.ipsec_profile: The IKE policy and the IPsec policy that tunnels use together.
CREATE TABLE "inventory"."ipsec_profile" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 100),
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "mode" text COLLATE "C" NOT NULL CHECK ("mode" IN ('esp', 'ah')),
    "ike_policy" uuid NOT NULL,
    "ipsec_policy" uuid NOT NULL,
    "comments" text COLLATE "C" CHECK (char_length("comments") BETWEEN 1 AND 65536),
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "ipsec_profile_number_key" ON "inventory"."ipsec_profile" (tenant_id, number);
CREATE UNIQUE INDEX "ipsec_profile_name_key" ON "inventory"."ipsec_profile" (tenant_id, "name");
CREATE INDEX "ipsec_profile_ike_policy_idx" ON "inventory"."ipsec_profile" (tenant_id, "ike_policy", id);
CREATE INDEX "ipsec_profile_ipsec_policy_idx" ON "inventory"."ipsec_profile" (tenant_id, "ipsec_policy", id);
SELECT app.make_tenant_table('inventory.ipsec_profile', history => true);

-- inventory.ipsec_proposal: Algorithms offered for what goes through a tunnel.
CREATE TABLE "inventory"."ipsec_proposal" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 100),
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "encryption_algorithm" text COLLATE "C" CHECK ("encryption_algorithm" IN ('aes-128-cbc', 'aes-128-gcm', 'aes-192-cbc', 'aes-192-gcm', 'aes-256-cbc', 'aes-256-gcm', '3des-cbc', 'des-cbc')),
    "authentication_algorithm" text COLLATE "C" CHECK ("authentication_algorithm" IN ('hmac-sha1', 'hmac-sha256', 'hmac-sha384', 'hmac-sha512', 'hmac-md5')),
    "sa_lifetime_seconds" bigint CHECK ("sa_lifetime_seconds" BETWEEN 0 AND 2147483647),
    "sa_lifetime_data" bigint CHECK ("sa_lifetime_data" BETWEEN 0 AND 2147483647),
    "comments" text COLLATE "C" CHECK (char_length("comments") BETWEEN 1 AND 65536),
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "ipsec_proposal_number_key" ON "inventory"."ipsec_proposal" (tenant_id, number);
CREATE UNIQUE INDEX "ipsec_proposal_name_key" ON "inventory"."ipsec_proposal" (tenant_id, "name");
SELECT app.make_tenant_table('inventory.ipsec_proposal', history => true);

-- inventory.l2vpn: Layer 2 networks over a layer 3 network.
CREATE TABLE "inventory"."l2vpn" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "identifier" bigint,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 100),
    "slug" text COLLATE "C" NOT NULL CHECK (char_length("slug") BETWEEN 1 AND 100),
    "type" text COLLATE "C" NOT NULL CHECK ("type" IN ('vpws', 'vpls', 'vxlan', 'vxlan-evpn', 'mpls-evpn', 'pbb-evpn', 'evpn-vpws', 'epl', 'evpl', 'ep-lan', 'evp-lan', 'ep-tree', 'evp-tree', 'spb')),
    "status" text COLLATE "C" NOT NULL DEFAULT 'active' CHECK ("status" IN ('active', 'planned', 'decommissioning')),
    "import_targets" uuid[] NOT NULL DEFAULT '{}',
    "export_targets" uuid[] NOT NULL DEFAULT '{}',
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "comments" text COLLATE "C" CHECK (char_length("comments") BETWEEN 1 AND 65536),
    "assigned_tenant" uuid,
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "l2vpn_number_key" ON "inventory"."l2vpn" (tenant_id, number);
CREATE UNIQUE INDEX "l2vpn_name_key" ON "inventory"."l2vpn" (tenant_id, "name");
CREATE UNIQUE INDEX "l2vpn_slug_key" ON "inventory"."l2vpn" (tenant_id, "slug");
CREATE INDEX "l2vpn_status_idx" ON "inventory"."l2vpn" (tenant_id, "status", id);
CREATE INDEX "l2vpn_assigned_tenant_idx" ON "inventory"."l2vpn" (tenant_id, "assigned_tenant", id) WHERE "assigned_tenant" IS NOT NULL;
SELECT app.make_tenant_table('inventory.l2vpn', history => true);

-- inventory.l2vpn_termination: What takes part in an L2VPN.
CREATE TABLE "inventory"."l2vpn_termination" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "l2vpn" uuid NOT NULL,
    "assigned_object_type" text COLLATE "C" NOT NULL CHECK ("assigned_object_type" IN ('inventory.interface', 'inventory.vlan', 'inventory.vm_interface', 'inventory.device')),
    "assigned_object_id" uuid NOT NULL,
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "l2vpn_termination_number_key" ON "inventory"."l2vpn_termination" (tenant_id, number);
CREATE UNIQUE INDEX "l2vpn_termination_assigned_object_key" ON "inventory"."l2vpn_termination" (tenant_id, "assigned_object_id", "assigned_object_type");
CREATE INDEX "l2vpn_termination_l2vpn_idx" ON "inventory"."l2vpn_termination" (tenant_id, "l2vpn", id);
CREATE INDEX "l2vpn_termination_created_at_idx" ON "inventory"."l2vpn_termination" (tenant_id, created_at, id);
SELECT app.make_tenant_table('inventory.l2vpn_termination', history => true);

-- inventory.tunnel: Connections through another network, with two ends or more.
CREATE TABLE "inventory"."tunnel" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 100),
    "status" text COLLATE "C" NOT NULL DEFAULT 'active' CHECK ("status" IN ('planned', 'active', 'disabled')),
    "group" uuid,
    "encapsulation" text COLLATE "C" NOT NULL CHECK ("encapsulation" IN ('ipsec-transport', 'ipsec-tunnel', 'ip-ip', 'gre', 'wireguard', 'openvpn', 'l2tp', 'pptp')),
    "ipsec_profile" uuid,
    "assigned_tenant" uuid,
    "tunnel_id" bigint CHECK ("tunnel_id" BETWEEN 0 AND 9223372036854775807),
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "comments" text COLLATE "C" CHECK (char_length("comments") BETWEEN 1 AND 65536),
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "tunnel_number_key" ON "inventory"."tunnel" (tenant_id, number);
CREATE UNIQUE INDEX "tunnel_name_key" ON "inventory"."tunnel" (tenant_id, "name");
CREATE INDEX "tunnel_status_idx" ON "inventory"."tunnel" (tenant_id, "status", id);
CREATE INDEX "tunnel_group_idx" ON "inventory"."tunnel" (tenant_id, "group", id) WHERE "group" IS NOT NULL;
CREATE INDEX "tunnel_ipsec_profile_idx" ON "inventory"."tunnel" (tenant_id, "ipsec_profile", id) WHERE "ipsec_profile" IS NOT NULL;
CREATE INDEX "tunnel_assigned_tenant_idx" ON "inventory"."tunnel" (tenant_id, "assigned_tenant", id) WHERE "assigned_tenant" IS NOT NULL;
SELECT app.make_tenant_table('inventory.tunnel', history => true);

-- inventory.tunnel_group: Tunnels that belong together.
CREATE TABLE "inventory"."tunnel_group" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 100),
    "slug" text COLLATE "C" NOT NULL CHECK (char_length("slug") BETWEEN 1 AND 100),
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "comments" text COLLATE "C" CHECK (char_length("comments") BETWEEN 1 AND 65536),
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "tunnel_group_number_key" ON "inventory"."tunnel_group" (tenant_id, number);
CREATE UNIQUE INDEX "tunnel_group_name_key" ON "inventory"."tunnel_group" (tenant_id, "name");
CREATE UNIQUE INDEX "tunnel_group_slug_key" ON "inventory"."tunnel_group" (tenant_id, "slug");
SELECT app.make_tenant_table('inventory.tunnel_group', history => true);

-- inventory.tunnel_termination: The ends of a tunnel.
CREATE TABLE "inventory"."tunnel_termination" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "tunnel" uuid NOT NULL,
    "role" text COLLATE "C" NOT NULL DEFAULT 'peer' CHECK ("role" IN ('peer', 'hub', 'spoke')),
    "termination_type" text COLLATE "C" NOT NULL CHECK ("termination_type" IN ('inventory.interface', 'inventory.vm_interface', 'inventory.device', 'inventory.virtual_machine')),
    "termination_id" uuid NOT NULL,
    "outside_ip" uuid,
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "tunnel_termination_number_key" ON "inventory"."tunnel_termination" (tenant_id, number);
CREATE UNIQUE INDEX "tunnel_termination_termination_key" ON "inventory"."tunnel_termination" (tenant_id, "termination_id", "termination_type");
CREATE INDEX "tunnel_termination_tunnel_idx" ON "inventory"."tunnel_termination" (tenant_id, "tunnel", id);
CREATE INDEX "tunnel_termination_outside_ip_idx" ON "inventory"."tunnel_termination" (tenant_id, "outside_ip", id) WHERE "outside_ip" IS NOT NULL;
SELECT app.make_tenant_table('inventory.tunnel_termination', history => true);

-- inventory.wireless_lan: Networks that access points offer (IEEE 802.11).
CREATE TABLE "inventory"."wireless_lan" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "ssid" text COLLATE "C" NOT NULL CHECK (char_length("ssid") BETWEEN 1 AND 32),
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "group" uuid,
    "status" text COLLATE "C" NOT NULL DEFAULT 'active' CHECK ("status" IN ('active', 'reserved', 'disabled', 'deprecated')),
    "vlan" uuid,
    "scope_type" text COLLATE "C" CHECK ("scope_type" IN ('inventory.location', 'inventory.region', 'inventory.site', 'inventory.site_group')),
    "scope_id" uuid,
    "assigned_tenant" uuid,
    "auth_type" text COLLATE "C" CHECK ("auth_type" IN ('open', 'wep', 'wpa-personal', 'wpa-enterprise')),
    "auth_cipher" text COLLATE "C" CHECK ("auth_cipher" IN ('auto', 'tkip', 'aes')),
    "auth_psk" bytea,
    "auth_psk_set_at" timestamptz,
    "comments" text COLLATE "C" CHECK (char_length("comments") BETWEEN 1 AND 65536),
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "wireless_lan_number_key" ON "inventory"."wireless_lan" (tenant_id, number);
CREATE INDEX "wireless_lan_ssid_idx" ON "inventory"."wireless_lan" (tenant_id, "ssid", id);
CREATE INDEX "wireless_lan_group_idx" ON "inventory"."wireless_lan" (tenant_id, "group", id) WHERE "group" IS NOT NULL;
CREATE INDEX "wireless_lan_status_idx" ON "inventory"."wireless_lan" (tenant_id, "status", id);
CREATE INDEX "wireless_lan_vlan_idx" ON "inventory"."wireless_lan" (tenant_id, "vlan", id) WHERE "vlan" IS NOT NULL;
CREATE INDEX "wireless_lan_scope_idx" ON "inventory"."wireless_lan" (tenant_id, "scope_id", "scope_type", id) WHERE "scope_id" IS NOT NULL;
CREATE INDEX "wireless_lan_assigned_tenant_idx" ON "inventory"."wireless_lan" (tenant_id, "assigned_tenant", id) WHERE "assigned_tenant" IS NOT NULL;
SELECT app.make_tenant_table('inventory.wireless_lan', history => true);

-- inventory.wireless_lan_group: Wireless LANs that belong together, as a tree.
CREATE TABLE "inventory"."wireless_lan_group" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 100),
    "slug" text COLLATE "C" NOT NULL CHECK (char_length("slug") BETWEEN 1 AND 100),
    "parent" uuid,
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "comments" text COLLATE "C" CHECK (char_length("comments") BETWEEN 1 AND 65536),
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "wireless_lan_group_number_key" ON "inventory"."wireless_lan_group" (tenant_id, number);
CREATE UNIQUE INDEX "wireless_lan_group_name_key" ON "inventory"."wireless_lan_group" (tenant_id, "name");
CREATE UNIQUE INDEX "wireless_lan_group_slug_key" ON "inventory"."wireless_lan_group" (tenant_id, "slug");
CREATE INDEX "wireless_lan_group_parent_idx" ON "inventory"."wireless_lan_group" (tenant_id, "parent", id) WHERE "parent" IS NOT NULL;
SELECT app.make_tenant_table('inventory.wireless_lan_group', history => true);

-- inventory.wireless_link: Point-to-point connections by radio.
CREATE TABLE "inventory"."wireless_link" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "interface_a" uuid NOT NULL,
    "interface_b" uuid NOT NULL,
    "ssid" text COLLATE "C" CHECK (char_length("ssid") BETWEEN 1 AND 32),
    "status" text COLLATE "C" NOT NULL DEFAULT 'connected' CHECK ("status" IN ('connected', 'planned', 'decommissioning')),
    "assigned_tenant" uuid,
    "auth_type" text COLLATE "C" CHECK ("auth_type" IN ('open', 'wep', 'wpa-personal', 'wpa-enterprise')),
    "auth_cipher" text COLLATE "C" CHECK ("auth_cipher" IN ('auto', 'tkip', 'aes')),
    "auth_psk" bytea,
    "auth_psk_set_at" timestamptz,
    "distance" double precision,
    "distance_unit" text COLLATE "C" CHECK ("distance_unit" IN ('km', 'm', 'mi', 'ft')),
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "comments" text COLLATE "C" CHECK (char_length("comments") BETWEEN 1 AND 65536),
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "custom_fields" jsonb NOT NULL DEFAULT '{}',
    "owner" uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "wireless_link_number_key" ON "inventory"."wireless_link" (tenant_id, number);
CREATE UNIQUE INDEX "wireless_link_interface_a_interface_b_key" ON "inventory"."wireless_link" (tenant_id, "interface_a", "interface_b");
CREATE INDEX "wireless_link_interface_b_idx" ON "inventory"."wireless_link" (tenant_id, "interface_b", id);
CREATE INDEX "wireless_link_ssid_idx" ON "inventory"."wireless_link" (tenant_id, "ssid", id);
CREATE INDEX "wireless_link_status_idx" ON "inventory"."wireless_link" (tenant_id, "status", id);
CREATE INDEX "wireless_link_assigned_tenant_idx" ON "inventory"."wireless_link" (tenant_id, "assigned_tenant", id) WHERE "assigned_tenant" IS NOT NULL;
CREATE INDEX "wireless_link_created_at_idx" ON "inventory"."wireless_link" (tenant_id, created_at, id);
SELECT app.make_tenant_table('inventory.wireless_link', history => true);

-- inventory.config_context: Data for the configuration of all devices and machines that it is for.
CREATE TABLE "inventory"."config_context" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 100),
    "weight" bigint NOT NULL DEFAULT 1000 CHECK ("weight" BETWEEN 0 AND 32767),
    "profile" uuid,
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "is_active" boolean NOT NULL DEFAULT true,
    "regions" uuid[] NOT NULL DEFAULT '{}',
    "site_groups" uuid[] NOT NULL DEFAULT '{}',
    "sites" uuid[] NOT NULL DEFAULT '{}',
    "locations" uuid[] NOT NULL DEFAULT '{}',
    "device_types" uuid[] NOT NULL DEFAULT '{}',
    "roles" uuid[] NOT NULL DEFAULT '{}',
    "platforms" uuid[] NOT NULL DEFAULT '{}',
    "cluster_types" uuid[] NOT NULL DEFAULT '{}',
    "cluster_groups" uuid[] NOT NULL DEFAULT '{}',
    "clusters" uuid[] NOT NULL DEFAULT '{}',
    "tenant_groups" uuid[] NOT NULL DEFAULT '{}',
    "tenants" uuid[] NOT NULL DEFAULT '{}',
    "object_tags" uuid[] NOT NULL DEFAULT '{}',
    "owner" uuid,
    "data" jsonb NOT NULL,
    "data_source" uuid,
    "data_file" uuid,
    "data_path" text COLLATE "C" CHECK (char_length("data_path") BETWEEN 1 AND 1000),
    "auto_sync_enabled" boolean NOT NULL DEFAULT true,
    "data_synced" timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "config_context_number_key" ON "inventory"."config_context" (tenant_id, number);
CREATE UNIQUE INDEX "config_context_name_key" ON "inventory"."config_context" (tenant_id, "name");
CREATE INDEX "config_context_profile_idx" ON "inventory"."config_context" (tenant_id, "profile", id) WHERE "profile" IS NOT NULL;
CREATE INDEX "config_context_data_source_idx" ON "inventory"."config_context" (tenant_id, "data_source", id) WHERE "data_source" IS NOT NULL;
CREATE INDEX "config_context_data_file_idx" ON "inventory"."config_context" (tenant_id, "data_file", id) WHERE "data_file" IS NOT NULL;
SELECT app.make_tenant_table('inventory.config_context', history => true);

-- inventory.config_context_profile: What the data of config contexts must look like, as a JSON schema.
CREATE TABLE "inventory"."config_context_profile" (
    tenant_id uuid NOT NULL DEFAULT app.tenant_id(),
    id uuid NOT NULL,
    number bigint NOT NULL,
    "name" text COLLATE "C" NOT NULL CHECK (char_length("name") BETWEEN 1 AND 100),
    "description" text COLLATE "C" CHECK (char_length("description") BETWEEN 1 AND 200),
    "schema" jsonb,
    "owner" uuid,
    "tags" uuid[] NOT NULL DEFAULT '{}',
    "comments" text COLLATE "C" CHECK (char_length("comments") BETWEEN 1 AND 65536),
    "data_source" uuid,
    "data_file" uuid,
    "data_path" text COLLATE "C" CHECK (char_length("data_path") BETWEEN 1 AND 1000),
    "auto_sync_enabled" boolean NOT NULL DEFAULT true,
    "data_synced" timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX "config_context_profile_number_key" ON "inventory"."config_context_profile" (tenant_id, number);
CREATE UNIQUE INDEX "config_context_profile_name_key" ON "inventory"."config_context_profile" (tenant_id, "name");
CREATE INDEX "config_context_profile_data_source_idx" ON "inventory"."config_context_profile" (tenant_id, "data_source", id) WHERE "data_source" IS NOT NULL;
CREATE INDEX "config_context_profile_data_file_idx" ON "inventory"."config_context_profile" (tenant_id, "data_file", id) WHERE "data_file" IS NOT NULL;
SELECT app.make_tenant_table('inventory.config_context_profile', history => true);

ALTER TABLE "inventory"."contact" ADD CONSTRAINT "contact_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."contact_assignment" ADD CONSTRAINT "contact_assignment_contact_fkey"
    FOREIGN KEY (tenant_id, "contact") REFERENCES "inventory"."contact" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."contact_assignment" ADD CONSTRAINT "contact_assignment_role_fkey"
    FOREIGN KEY (tenant_id, "role") REFERENCES "inventory"."contact_role" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."contact_group" ADD CONSTRAINT "contact_group_parent_fkey"
    FOREIGN KEY (tenant_id, "parent") REFERENCES "inventory"."contact_group" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "inventory"."contact_group" ADD CONSTRAINT "contact_group_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."contact_role" ADD CONSTRAINT "contact_role_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."tenant" ADD CONSTRAINT "tenant_group_fkey"
    FOREIGN KEY (tenant_id, "group") REFERENCES "inventory"."tenant_group" (tenant_id, id) ON DELETE SET NULL ("group") DEFERRABLE;

ALTER TABLE "inventory"."tenant" ADD CONSTRAINT "tenant_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."tenant_group" ADD CONSTRAINT "tenant_group_parent_fkey"
    FOREIGN KEY (tenant_id, "parent") REFERENCES "inventory"."tenant_group" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "inventory"."tenant_group" ADD CONSTRAINT "tenant_group_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."cable" ADD CONSTRAINT "cable_assigned_tenant_fkey"
    FOREIGN KEY (tenant_id, "assigned_tenant") REFERENCES "inventory"."tenant" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."cable" ADD CONSTRAINT "cable_bundle_fkey"
    FOREIGN KEY (tenant_id, "bundle") REFERENCES "inventory"."cable_bundle" (tenant_id, id) ON DELETE SET NULL ("bundle") DEFERRABLE;

ALTER TABLE "inventory"."cable" ADD CONSTRAINT "cable_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."port_template_mapping" ADD CONSTRAINT "port_template_mapping_front_port_fkey"
    FOREIGN KEY (tenant_id, "front_port") REFERENCES "inventory"."front_port_template" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "inventory"."port_template_mapping" ADD CONSTRAINT "port_template_mapping_rear_port_fkey"
    FOREIGN KEY (tenant_id, "rear_port") REFERENCES "inventory"."rear_port_template" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "inventory"."port_mapping" ADD CONSTRAINT "port_mapping_front_port_fkey"
    FOREIGN KEY (tenant_id, "front_port") REFERENCES "inventory"."front_port" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "inventory"."port_mapping" ADD CONSTRAINT "port_mapping_rear_port_fkey"
    FOREIGN KEY (tenant_id, "rear_port") REFERENCES "inventory"."rear_port" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "inventory"."cable_termination" ADD CONSTRAINT "cable_termination_cable_fkey"
    FOREIGN KEY (tenant_id, "cable") REFERENCES "inventory"."cable" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "inventory"."cable_bundle" ADD CONSTRAINT "cable_bundle_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."console_port" ADD CONSTRAINT "console_port_device_fkey"
    FOREIGN KEY (tenant_id, "device") REFERENCES "inventory"."device" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "inventory"."console_port" ADD CONSTRAINT "console_port_module_fkey"
    FOREIGN KEY (tenant_id, "module") REFERENCES "inventory"."module" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "inventory"."console_port" ADD CONSTRAINT "console_port_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."console_port_template" ADD CONSTRAINT "console_port_template_device_type_fkey"
    FOREIGN KEY (tenant_id, "device_type") REFERENCES "inventory"."device_type" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "inventory"."console_port_template" ADD CONSTRAINT "console_port_template_module_type_fkey"
    FOREIGN KEY (tenant_id, "module_type") REFERENCES "inventory"."module_type" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "inventory"."console_server_port" ADD CONSTRAINT "console_server_port_device_fkey"
    FOREIGN KEY (tenant_id, "device") REFERENCES "inventory"."device" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "inventory"."console_server_port" ADD CONSTRAINT "console_server_port_module_fkey"
    FOREIGN KEY (tenant_id, "module") REFERENCES "inventory"."module" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "inventory"."console_server_port" ADD CONSTRAINT "console_server_port_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."console_server_port_template" ADD CONSTRAINT "console_server_port_template_device_type_fkey"
    FOREIGN KEY (tenant_id, "device_type") REFERENCES "inventory"."device_type" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "inventory"."console_server_port_template" ADD CONSTRAINT "console_server_port_template_module_type_fkey"
    FOREIGN KEY (tenant_id, "module_type") REFERENCES "inventory"."module_type" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "inventory"."cooling_feed" ADD CONSTRAINT "cooling_feed_cooling_source_fkey"
    FOREIGN KEY (tenant_id, "cooling_source") REFERENCES "inventory"."cooling_source" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."cooling_feed" ADD CONSTRAINT "cooling_feed_rack_fkey"
    FOREIGN KEY (tenant_id, "rack") REFERENCES "inventory"."rack" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."cooling_feed" ADD CONSTRAINT "cooling_feed_assigned_tenant_fkey"
    FOREIGN KEY (tenant_id, "assigned_tenant") REFERENCES "inventory"."tenant" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."cooling_feed" ADD CONSTRAINT "cooling_feed_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."cooling_intake" ADD CONSTRAINT "cooling_intake_device_fkey"
    FOREIGN KEY (tenant_id, "device") REFERENCES "inventory"."device" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "inventory"."cooling_intake" ADD CONSTRAINT "cooling_intake_module_fkey"
    FOREIGN KEY (tenant_id, "module") REFERENCES "inventory"."module" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "inventory"."cooling_intake" ADD CONSTRAINT "cooling_intake_cooling_outflow_fkey"
    FOREIGN KEY (tenant_id, "cooling_outflow") REFERENCES "inventory"."cooling_outflow" (tenant_id, id) ON DELETE SET NULL ("cooling_outflow") DEFERRABLE;

ALTER TABLE "inventory"."cooling_intake" ADD CONSTRAINT "cooling_intake_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."cooling_intake_template" ADD CONSTRAINT "cooling_intake_template_device_type_fkey"
    FOREIGN KEY (tenant_id, "device_type") REFERENCES "inventory"."device_type" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "inventory"."cooling_intake_template" ADD CONSTRAINT "cooling_intake_template_module_type_fkey"
    FOREIGN KEY (tenant_id, "module_type") REFERENCES "inventory"."module_type" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "inventory"."cooling_outflow" ADD CONSTRAINT "cooling_outflow_device_fkey"
    FOREIGN KEY (tenant_id, "device") REFERENCES "inventory"."device" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "inventory"."cooling_outflow" ADD CONSTRAINT "cooling_outflow_module_fkey"
    FOREIGN KEY (tenant_id, "module") REFERENCES "inventory"."module" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "inventory"."cooling_outflow" ADD CONSTRAINT "cooling_outflow_cooling_intake_fkey"
    FOREIGN KEY (tenant_id, "cooling_intake") REFERENCES "inventory"."cooling_intake" (tenant_id, id) ON DELETE SET NULL ("cooling_intake") DEFERRABLE;

ALTER TABLE "inventory"."cooling_outflow" ADD CONSTRAINT "cooling_outflow_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."cooling_outflow_template" ADD CONSTRAINT "cooling_outflow_template_device_type_fkey"
    FOREIGN KEY (tenant_id, "device_type") REFERENCES "inventory"."device_type" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "inventory"."cooling_outflow_template" ADD CONSTRAINT "cooling_outflow_template_module_type_fkey"
    FOREIGN KEY (tenant_id, "module_type") REFERENCES "inventory"."module_type" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "inventory"."cooling_outflow_template" ADD CONSTRAINT "cooling_outflow_template_cooling_intake_fkey"
    FOREIGN KEY (tenant_id, "cooling_intake") REFERENCES "inventory"."cooling_intake_template" (tenant_id, id) ON DELETE SET NULL ("cooling_intake") DEFERRABLE;

ALTER TABLE "inventory"."cooling_source" ADD CONSTRAINT "cooling_source_site_fkey"
    FOREIGN KEY (tenant_id, "site") REFERENCES "inventory"."site" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."cooling_source" ADD CONSTRAINT "cooling_source_location_fkey"
    FOREIGN KEY (tenant_id, "location") REFERENCES "inventory"."location" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."cooling_source" ADD CONSTRAINT "cooling_source_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."device" ADD CONSTRAINT "device_device_type_fkey"
    FOREIGN KEY (tenant_id, "device_type") REFERENCES "inventory"."device_type" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."device" ADD CONSTRAINT "device_role_fkey"
    FOREIGN KEY (tenant_id, "role") REFERENCES "inventory"."device_role" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."device" ADD CONSTRAINT "device_assigned_tenant_fkey"
    FOREIGN KEY (tenant_id, "assigned_tenant") REFERENCES "inventory"."tenant" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."device" ADD CONSTRAINT "device_platform_fkey"
    FOREIGN KEY (tenant_id, "platform") REFERENCES "inventory"."platform" (tenant_id, id) ON DELETE SET NULL ("platform") DEFERRABLE;

ALTER TABLE "inventory"."device" ADD CONSTRAINT "device_site_fkey"
    FOREIGN KEY (tenant_id, "site") REFERENCES "inventory"."site" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."device" ADD CONSTRAINT "device_location_fkey"
    FOREIGN KEY (tenant_id, "location") REFERENCES "inventory"."location" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."device" ADD CONSTRAINT "device_rack_fkey"
    FOREIGN KEY (tenant_id, "rack") REFERENCES "inventory"."rack" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."device" ADD CONSTRAINT "device_primary_ip4_fkey"
    FOREIGN KEY (tenant_id, "primary_ip4") REFERENCES "inventory"."ip_address" (tenant_id, id) ON DELETE SET NULL ("primary_ip4") DEFERRABLE;

ALTER TABLE "inventory"."device" ADD CONSTRAINT "device_primary_ip6_fkey"
    FOREIGN KEY (tenant_id, "primary_ip6") REFERENCES "inventory"."ip_address" (tenant_id, id) ON DELETE SET NULL ("primary_ip6") DEFERRABLE;

ALTER TABLE "inventory"."device" ADD CONSTRAINT "device_oob_ip_fkey"
    FOREIGN KEY (tenant_id, "oob_ip") REFERENCES "inventory"."ip_address" (tenant_id, id) ON DELETE SET NULL ("oob_ip") DEFERRABLE;

ALTER TABLE "inventory"."device" ADD CONSTRAINT "device_cluster_fkey"
    FOREIGN KEY (tenant_id, "cluster") REFERENCES "inventory"."cluster" (tenant_id, id) ON DELETE SET NULL ("cluster") DEFERRABLE;

ALTER TABLE "inventory"."device" ADD CONSTRAINT "device_virtual_chassis_fkey"
    FOREIGN KEY (tenant_id, "virtual_chassis") REFERENCES "inventory"."virtual_chassis" (tenant_id, id) ON DELETE SET NULL ("virtual_chassis") DEFERRABLE;

ALTER TABLE "inventory"."device" ADD CONSTRAINT "device_config_template_fkey"
    FOREIGN KEY (tenant_id, "config_template") REFERENCES "app"."config_template" (tenant_id, id) ON DELETE SET NULL ("config_template") DEFERRABLE;

ALTER TABLE "inventory"."device" ADD CONSTRAINT "device_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."device_bay" ADD CONSTRAINT "device_bay_device_fkey"
    FOREIGN KEY (tenant_id, "device") REFERENCES "inventory"."device" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "inventory"."device_bay" ADD CONSTRAINT "device_bay_installed_device_fkey"
    FOREIGN KEY (tenant_id, "installed_device") REFERENCES "inventory"."device" (tenant_id, id) ON DELETE SET NULL ("installed_device") DEFERRABLE;

ALTER TABLE "inventory"."device_bay" ADD CONSTRAINT "device_bay_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."device_bay_template" ADD CONSTRAINT "device_bay_template_device_type_fkey"
    FOREIGN KEY (tenant_id, "device_type") REFERENCES "inventory"."device_type" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "inventory"."device_role" ADD CONSTRAINT "device_role_config_template_fkey"
    FOREIGN KEY (tenant_id, "config_template") REFERENCES "app"."config_template" (tenant_id, id) ON DELETE SET NULL ("config_template") DEFERRABLE;

ALTER TABLE "inventory"."device_role" ADD CONSTRAINT "device_role_parent_fkey"
    FOREIGN KEY (tenant_id, "parent") REFERENCES "inventory"."device_role" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "inventory"."device_role" ADD CONSTRAINT "device_role_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."device_type" ADD CONSTRAINT "device_type_manufacturer_fkey"
    FOREIGN KEY (tenant_id, "manufacturer") REFERENCES "inventory"."manufacturer" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."device_type" ADD CONSTRAINT "device_type_default_platform_fkey"
    FOREIGN KEY (tenant_id, "default_platform") REFERENCES "inventory"."platform" (tenant_id, id) ON DELETE SET NULL ("default_platform") DEFERRABLE;

ALTER TABLE "inventory"."device_type" ADD CONSTRAINT "device_type_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."front_port" ADD CONSTRAINT "front_port_device_fkey"
    FOREIGN KEY (tenant_id, "device") REFERENCES "inventory"."device" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "inventory"."front_port" ADD CONSTRAINT "front_port_module_fkey"
    FOREIGN KEY (tenant_id, "module") REFERENCES "inventory"."module" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "inventory"."front_port" ADD CONSTRAINT "front_port_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."front_port_template" ADD CONSTRAINT "front_port_template_device_type_fkey"
    FOREIGN KEY (tenant_id, "device_type") REFERENCES "inventory"."device_type" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "inventory"."front_port_template" ADD CONSTRAINT "front_port_template_module_type_fkey"
    FOREIGN KEY (tenant_id, "module_type") REFERENCES "inventory"."module_type" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "inventory"."interface" ADD CONSTRAINT "interface_device_fkey"
    FOREIGN KEY (tenant_id, "device") REFERENCES "inventory"."device" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "inventory"."interface" ADD CONSTRAINT "interface_module_fkey"
    FOREIGN KEY (tenant_id, "module") REFERENCES "inventory"."module" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "inventory"."interface" ADD CONSTRAINT "interface_parent_fkey"
    FOREIGN KEY (tenant_id, "parent") REFERENCES "inventory"."interface" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."interface" ADD CONSTRAINT "interface_bridge_fkey"
    FOREIGN KEY (tenant_id, "bridge") REFERENCES "inventory"."interface" (tenant_id, id) ON DELETE SET NULL ("bridge") DEFERRABLE;

ALTER TABLE "inventory"."interface" ADD CONSTRAINT "interface_lag_fkey"
    FOREIGN KEY (tenant_id, "lag") REFERENCES "inventory"."interface" (tenant_id, id) ON DELETE SET NULL ("lag") DEFERRABLE;

ALTER TABLE "inventory"."interface" ADD CONSTRAINT "interface_primary_mac_address_fkey"
    FOREIGN KEY (tenant_id, "primary_mac_address") REFERENCES "inventory"."mac_address" (tenant_id, id) ON DELETE SET NULL ("primary_mac_address") DEFERRABLE;

ALTER TABLE "inventory"."interface" ADD CONSTRAINT "interface_untagged_vlan_fkey"
    FOREIGN KEY (tenant_id, "untagged_vlan") REFERENCES "inventory"."vlan" (tenant_id, id) ON DELETE SET NULL ("untagged_vlan") DEFERRABLE;

ALTER TABLE "inventory"."interface" ADD CONSTRAINT "interface_qinq_svlan_fkey"
    FOREIGN KEY (tenant_id, "qinq_svlan") REFERENCES "inventory"."vlan" (tenant_id, id) ON DELETE SET NULL ("qinq_svlan") DEFERRABLE;

ALTER TABLE "inventory"."interface" ADD CONSTRAINT "interface_vlan_translation_policy_fkey"
    FOREIGN KEY (tenant_id, "vlan_translation_policy") REFERENCES "inventory"."vlan_translation_policy" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."interface" ADD CONSTRAINT "interface_vrf_fkey"
    FOREIGN KEY (tenant_id, "vrf") REFERENCES "inventory"."vrf" (tenant_id, id) ON DELETE SET NULL ("vrf") DEFERRABLE;

ALTER TABLE "inventory"."interface" ADD CONSTRAINT "interface_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."interface_template" ADD CONSTRAINT "interface_template_device_type_fkey"
    FOREIGN KEY (tenant_id, "device_type") REFERENCES "inventory"."device_type" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "inventory"."interface_template" ADD CONSTRAINT "interface_template_module_type_fkey"
    FOREIGN KEY (tenant_id, "module_type") REFERENCES "inventory"."module_type" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "inventory"."interface_template" ADD CONSTRAINT "interface_template_parent_fkey"
    FOREIGN KEY (tenant_id, "parent") REFERENCES "inventory"."interface_template" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."interface_template" ADD CONSTRAINT "interface_template_bridge_fkey"
    FOREIGN KEY (tenant_id, "bridge") REFERENCES "inventory"."interface_template" (tenant_id, id) ON DELETE SET NULL ("bridge") DEFERRABLE;

ALTER TABLE "inventory"."inventory_item" ADD CONSTRAINT "inventory_item_device_fkey"
    FOREIGN KEY (tenant_id, "device") REFERENCES "inventory"."device" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "inventory"."inventory_item" ADD CONSTRAINT "inventory_item_parent_fkey"
    FOREIGN KEY (tenant_id, "parent") REFERENCES "inventory"."inventory_item" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "inventory"."inventory_item" ADD CONSTRAINT "inventory_item_role_fkey"
    FOREIGN KEY (tenant_id, "role") REFERENCES "inventory"."inventory_item_role" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."inventory_item" ADD CONSTRAINT "inventory_item_manufacturer_fkey"
    FOREIGN KEY (tenant_id, "manufacturer") REFERENCES "inventory"."manufacturer" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."inventory_item" ADD CONSTRAINT "inventory_item_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."inventory_item_role" ADD CONSTRAINT "inventory_item_role_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."inventory_item_template" ADD CONSTRAINT "inventory_item_template_device_type_fkey"
    FOREIGN KEY (tenant_id, "device_type") REFERENCES "inventory"."device_type" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "inventory"."inventory_item_template" ADD CONSTRAINT "inventory_item_template_parent_fkey"
    FOREIGN KEY (tenant_id, "parent") REFERENCES "inventory"."inventory_item_template" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "inventory"."inventory_item_template" ADD CONSTRAINT "inventory_item_template_role_fkey"
    FOREIGN KEY (tenant_id, "role") REFERENCES "inventory"."inventory_item_role" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."inventory_item_template" ADD CONSTRAINT "inventory_item_template_manufacturer_fkey"
    FOREIGN KEY (tenant_id, "manufacturer") REFERENCES "inventory"."manufacturer" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."location" ADD CONSTRAINT "location_site_fkey"
    FOREIGN KEY (tenant_id, "site") REFERENCES "inventory"."site" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "inventory"."location" ADD CONSTRAINT "location_parent_fkey"
    FOREIGN KEY (tenant_id, "parent") REFERENCES "inventory"."location" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "inventory"."location" ADD CONSTRAINT "location_assigned_tenant_fkey"
    FOREIGN KEY (tenant_id, "assigned_tenant") REFERENCES "inventory"."tenant" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."location" ADD CONSTRAINT "location_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."mac_address" ADD CONSTRAINT "mac_address_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."manufacturer" ADD CONSTRAINT "manufacturer_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."module" ADD CONSTRAINT "module_device_fkey"
    FOREIGN KEY (tenant_id, "device") REFERENCES "inventory"."device" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "inventory"."module" ADD CONSTRAINT "module_module_bay_fkey"
    FOREIGN KEY (tenant_id, "module_bay") REFERENCES "inventory"."module_bay" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "inventory"."module" ADD CONSTRAINT "module_module_type_fkey"
    FOREIGN KEY (tenant_id, "module_type") REFERENCES "inventory"."module_type" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."module" ADD CONSTRAINT "module_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."module_bay" ADD CONSTRAINT "module_bay_device_fkey"
    FOREIGN KEY (tenant_id, "device") REFERENCES "inventory"."device" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "inventory"."module_bay" ADD CONSTRAINT "module_bay_module_fkey"
    FOREIGN KEY (tenant_id, "module") REFERENCES "inventory"."module" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "inventory"."module_bay" ADD CONSTRAINT "module_bay_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."module_bay_template" ADD CONSTRAINT "module_bay_template_device_type_fkey"
    FOREIGN KEY (tenant_id, "device_type") REFERENCES "inventory"."device_type" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "inventory"."module_bay_template" ADD CONSTRAINT "module_bay_template_module_type_fkey"
    FOREIGN KEY (tenant_id, "module_type") REFERENCES "inventory"."module_type" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "inventory"."module_bay_type" ADD CONSTRAINT "module_bay_type_manufacturer_fkey"
    FOREIGN KEY (tenant_id, "manufacturer") REFERENCES "inventory"."manufacturer" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."module_bay_type" ADD CONSTRAINT "module_bay_type_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."module_type" ADD CONSTRAINT "module_type_profile_fkey"
    FOREIGN KEY (tenant_id, "profile") REFERENCES "inventory"."module_type_profile" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."module_type" ADD CONSTRAINT "module_type_manufacturer_fkey"
    FOREIGN KEY (tenant_id, "manufacturer") REFERENCES "inventory"."manufacturer" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."module_type" ADD CONSTRAINT "module_type_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."module_type_profile" ADD CONSTRAINT "module_type_profile_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."platform" ADD CONSTRAINT "platform_parent_fkey"
    FOREIGN KEY (tenant_id, "parent") REFERENCES "inventory"."platform" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "inventory"."platform" ADD CONSTRAINT "platform_manufacturer_fkey"
    FOREIGN KEY (tenant_id, "manufacturer") REFERENCES "inventory"."manufacturer" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."platform" ADD CONSTRAINT "platform_config_template_fkey"
    FOREIGN KEY (tenant_id, "config_template") REFERENCES "app"."config_template" (tenant_id, id) ON DELETE SET NULL ("config_template") DEFERRABLE;

ALTER TABLE "inventory"."platform" ADD CONSTRAINT "platform_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."power_feed" ADD CONSTRAINT "power_feed_power_panel_fkey"
    FOREIGN KEY (tenant_id, "power_panel") REFERENCES "inventory"."power_panel" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."power_feed" ADD CONSTRAINT "power_feed_rack_fkey"
    FOREIGN KEY (tenant_id, "rack") REFERENCES "inventory"."rack" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."power_feed" ADD CONSTRAINT "power_feed_assigned_tenant_fkey"
    FOREIGN KEY (tenant_id, "assigned_tenant") REFERENCES "inventory"."tenant" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."power_feed" ADD CONSTRAINT "power_feed_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."power_outlet" ADD CONSTRAINT "power_outlet_device_fkey"
    FOREIGN KEY (tenant_id, "device") REFERENCES "inventory"."device" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "inventory"."power_outlet" ADD CONSTRAINT "power_outlet_module_fkey"
    FOREIGN KEY (tenant_id, "module") REFERENCES "inventory"."module" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "inventory"."power_outlet" ADD CONSTRAINT "power_outlet_power_port_fkey"
    FOREIGN KEY (tenant_id, "power_port") REFERENCES "inventory"."power_port" (tenant_id, id) ON DELETE SET NULL ("power_port") DEFERRABLE;

ALTER TABLE "inventory"."power_outlet" ADD CONSTRAINT "power_outlet_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."power_outlet_template" ADD CONSTRAINT "power_outlet_template_device_type_fkey"
    FOREIGN KEY (tenant_id, "device_type") REFERENCES "inventory"."device_type" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "inventory"."power_outlet_template" ADD CONSTRAINT "power_outlet_template_module_type_fkey"
    FOREIGN KEY (tenant_id, "module_type") REFERENCES "inventory"."module_type" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "inventory"."power_outlet_template" ADD CONSTRAINT "power_outlet_template_power_port_fkey"
    FOREIGN KEY (tenant_id, "power_port") REFERENCES "inventory"."power_port_template" (tenant_id, id) ON DELETE SET NULL ("power_port") DEFERRABLE;

ALTER TABLE "inventory"."power_panel" ADD CONSTRAINT "power_panel_site_fkey"
    FOREIGN KEY (tenant_id, "site") REFERENCES "inventory"."site" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."power_panel" ADD CONSTRAINT "power_panel_location_fkey"
    FOREIGN KEY (tenant_id, "location") REFERENCES "inventory"."location" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."power_panel" ADD CONSTRAINT "power_panel_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."power_port" ADD CONSTRAINT "power_port_device_fkey"
    FOREIGN KEY (tenant_id, "device") REFERENCES "inventory"."device" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "inventory"."power_port" ADD CONSTRAINT "power_port_module_fkey"
    FOREIGN KEY (tenant_id, "module") REFERENCES "inventory"."module" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "inventory"."power_port" ADD CONSTRAINT "power_port_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."power_port_template" ADD CONSTRAINT "power_port_template_device_type_fkey"
    FOREIGN KEY (tenant_id, "device_type") REFERENCES "inventory"."device_type" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "inventory"."power_port_template" ADD CONSTRAINT "power_port_template_module_type_fkey"
    FOREIGN KEY (tenant_id, "module_type") REFERENCES "inventory"."module_type" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "inventory"."rack" ADD CONSTRAINT "rack_site_fkey"
    FOREIGN KEY (tenant_id, "site") REFERENCES "inventory"."site" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."rack" ADD CONSTRAINT "rack_location_fkey"
    FOREIGN KEY (tenant_id, "location") REFERENCES "inventory"."location" (tenant_id, id) ON DELETE SET NULL ("location") DEFERRABLE;

ALTER TABLE "inventory"."rack" ADD CONSTRAINT "rack_group_fkey"
    FOREIGN KEY (tenant_id, "group") REFERENCES "inventory"."rack_group" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."rack" ADD CONSTRAINT "rack_assigned_tenant_fkey"
    FOREIGN KEY (tenant_id, "assigned_tenant") REFERENCES "inventory"."tenant" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."rack" ADD CONSTRAINT "rack_role_fkey"
    FOREIGN KEY (tenant_id, "role") REFERENCES "inventory"."rack_role" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."rack" ADD CONSTRAINT "rack_rack_type_fkey"
    FOREIGN KEY (tenant_id, "rack_type") REFERENCES "inventory"."rack_type" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."rack" ADD CONSTRAINT "rack_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."rack_group" ADD CONSTRAINT "rack_group_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."rack_reservation" ADD CONSTRAINT "rack_reservation_rack_fkey"
    FOREIGN KEY (tenant_id, "rack") REFERENCES "inventory"."rack" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "inventory"."rack_reservation" ADD CONSTRAINT "rack_reservation_user_fkey"
    FOREIGN KEY (tenant_id, "user") REFERENCES "app"."user_account" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."rack_reservation" ADD CONSTRAINT "rack_reservation_assigned_tenant_fkey"
    FOREIGN KEY (tenant_id, "assigned_tenant") REFERENCES "inventory"."tenant" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."rack_reservation" ADD CONSTRAINT "rack_reservation_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."rack_role" ADD CONSTRAINT "rack_role_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."rack_type" ADD CONSTRAINT "rack_type_manufacturer_fkey"
    FOREIGN KEY (tenant_id, "manufacturer") REFERENCES "inventory"."manufacturer" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."rack_type" ADD CONSTRAINT "rack_type_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."rear_port" ADD CONSTRAINT "rear_port_device_fkey"
    FOREIGN KEY (tenant_id, "device") REFERENCES "inventory"."device" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "inventory"."rear_port" ADD CONSTRAINT "rear_port_module_fkey"
    FOREIGN KEY (tenant_id, "module") REFERENCES "inventory"."module" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "inventory"."rear_port" ADD CONSTRAINT "rear_port_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."rear_port_template" ADD CONSTRAINT "rear_port_template_device_type_fkey"
    FOREIGN KEY (tenant_id, "device_type") REFERENCES "inventory"."device_type" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "inventory"."rear_port_template" ADD CONSTRAINT "rear_port_template_module_type_fkey"
    FOREIGN KEY (tenant_id, "module_type") REFERENCES "inventory"."module_type" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "inventory"."region" ADD CONSTRAINT "region_parent_fkey"
    FOREIGN KEY (tenant_id, "parent") REFERENCES "inventory"."region" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "inventory"."region" ADD CONSTRAINT "region_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."site" ADD CONSTRAINT "site_region_fkey"
    FOREIGN KEY (tenant_id, "region") REFERENCES "inventory"."region" (tenant_id, id) ON DELETE SET NULL ("region") DEFERRABLE;

ALTER TABLE "inventory"."site" ADD CONSTRAINT "site_group_fkey"
    FOREIGN KEY (tenant_id, "group") REFERENCES "inventory"."site_group" (tenant_id, id) ON DELETE SET NULL ("group") DEFERRABLE;

ALTER TABLE "inventory"."site" ADD CONSTRAINT "site_assigned_tenant_fkey"
    FOREIGN KEY (tenant_id, "assigned_tenant") REFERENCES "inventory"."tenant" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."site" ADD CONSTRAINT "site_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."site_group" ADD CONSTRAINT "site_group_parent_fkey"
    FOREIGN KEY (tenant_id, "parent") REFERENCES "inventory"."site_group" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "inventory"."site_group" ADD CONSTRAINT "site_group_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."virtual_chassis" ADD CONSTRAINT "virtual_chassis_master_fkey"
    FOREIGN KEY (tenant_id, "master") REFERENCES "inventory"."device" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."virtual_chassis" ADD CONSTRAINT "virtual_chassis_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."virtual_device_context" ADD CONSTRAINT "virtual_device_context_device_fkey"
    FOREIGN KEY (tenant_id, "device") REFERENCES "inventory"."device" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."virtual_device_context" ADD CONSTRAINT "virtual_device_context_assigned_tenant_fkey"
    FOREIGN KEY (tenant_id, "assigned_tenant") REFERENCES "inventory"."tenant" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."virtual_device_context" ADD CONSTRAINT "virtual_device_context_primary_ip4_fkey"
    FOREIGN KEY (tenant_id, "primary_ip4") REFERENCES "inventory"."ip_address" (tenant_id, id) ON DELETE SET NULL ("primary_ip4") DEFERRABLE;

ALTER TABLE "inventory"."virtual_device_context" ADD CONSTRAINT "virtual_device_context_primary_ip6_fkey"
    FOREIGN KEY (tenant_id, "primary_ip6") REFERENCES "inventory"."ip_address" (tenant_id, id) ON DELETE SET NULL ("primary_ip6") DEFERRABLE;

ALTER TABLE "inventory"."virtual_device_context" ADD CONSTRAINT "virtual_device_context_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."aggregate" ADD CONSTRAINT "aggregate_rir_fkey"
    FOREIGN KEY (tenant_id, "rir") REFERENCES "inventory"."rir" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."aggregate" ADD CONSTRAINT "aggregate_assigned_tenant_fkey"
    FOREIGN KEY (tenant_id, "assigned_tenant") REFERENCES "inventory"."tenant" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."aggregate" ADD CONSTRAINT "aggregate_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."asn" ADD CONSTRAINT "asn_rir_fkey"
    FOREIGN KEY (tenant_id, "rir") REFERENCES "inventory"."rir" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."asn" ADD CONSTRAINT "asn_role_fkey"
    FOREIGN KEY (tenant_id, "role") REFERENCES "inventory"."role" (tenant_id, id) ON DELETE SET NULL ("role") DEFERRABLE;

ALTER TABLE "inventory"."asn" ADD CONSTRAINT "asn_assigned_tenant_fkey"
    FOREIGN KEY (tenant_id, "assigned_tenant") REFERENCES "inventory"."tenant" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."asn" ADD CONSTRAINT "asn_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."asn_range" ADD CONSTRAINT "asn_range_rir_fkey"
    FOREIGN KEY (tenant_id, "rir") REFERENCES "inventory"."rir" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."asn_range" ADD CONSTRAINT "asn_range_assigned_tenant_fkey"
    FOREIGN KEY (tenant_id, "assigned_tenant") REFERENCES "inventory"."tenant" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."asn_range" ADD CONSTRAINT "asn_range_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."fhrp_group" ADD CONSTRAINT "fhrp_group_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."fhrp_group_assignment" ADD CONSTRAINT "fhrp_group_assignment_group_fkey"
    FOREIGN KEY (tenant_id, "group") REFERENCES "inventory"."fhrp_group" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "inventory"."ip_address" ADD CONSTRAINT "ip_address_vrf_fkey"
    FOREIGN KEY (tenant_id, "vrf") REFERENCES "inventory"."vrf" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."ip_address" ADD CONSTRAINT "ip_address_assigned_tenant_fkey"
    FOREIGN KEY (tenant_id, "assigned_tenant") REFERENCES "inventory"."tenant" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."ip_address" ADD CONSTRAINT "ip_address_nat_inside_fkey"
    FOREIGN KEY (tenant_id, "nat_inside") REFERENCES "inventory"."ip_address" (tenant_id, id) ON DELETE SET NULL ("nat_inside") DEFERRABLE;

ALTER TABLE "inventory"."ip_address" ADD CONSTRAINT "ip_address_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."ip_range" ADD CONSTRAINT "ip_range_vrf_fkey"
    FOREIGN KEY (tenant_id, "vrf") REFERENCES "inventory"."vrf" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."ip_range" ADD CONSTRAINT "ip_range_assigned_tenant_fkey"
    FOREIGN KEY (tenant_id, "assigned_tenant") REFERENCES "inventory"."tenant" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."ip_range" ADD CONSTRAINT "ip_range_role_fkey"
    FOREIGN KEY (tenant_id, "role") REFERENCES "inventory"."role" (tenant_id, id) ON DELETE SET NULL ("role") DEFERRABLE;

ALTER TABLE "inventory"."ip_range" ADD CONSTRAINT "ip_range_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."prefix" ADD CONSTRAINT "prefix_vrf_fkey"
    FOREIGN KEY (tenant_id, "vrf") REFERENCES "inventory"."vrf" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."prefix" ADD CONSTRAINT "prefix_assigned_tenant_fkey"
    FOREIGN KEY (tenant_id, "assigned_tenant") REFERENCES "inventory"."tenant" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."prefix" ADD CONSTRAINT "prefix_vlan_fkey"
    FOREIGN KEY (tenant_id, "vlan") REFERENCES "inventory"."vlan" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."prefix" ADD CONSTRAINT "prefix_role_fkey"
    FOREIGN KEY (tenant_id, "role") REFERENCES "inventory"."role" (tenant_id, id) ON DELETE SET NULL ("role") DEFERRABLE;

ALTER TABLE "inventory"."prefix" ADD CONSTRAINT "prefix_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."rir" ADD CONSTRAINT "rir_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."role" ADD CONSTRAINT "role_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."route_target" ADD CONSTRAINT "route_target_assigned_tenant_fkey"
    FOREIGN KEY (tenant_id, "assigned_tenant") REFERENCES "inventory"."tenant" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."route_target" ADD CONSTRAINT "route_target_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."service" ADD CONSTRAINT "service_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."service_template" ADD CONSTRAINT "service_template_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."vlan" ADD CONSTRAINT "vlan_site_fkey"
    FOREIGN KEY (tenant_id, "site") REFERENCES "inventory"."site" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."vlan" ADD CONSTRAINT "vlan_group_fkey"
    FOREIGN KEY (tenant_id, "group") REFERENCES "inventory"."vlan_group" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."vlan" ADD CONSTRAINT "vlan_assigned_tenant_fkey"
    FOREIGN KEY (tenant_id, "assigned_tenant") REFERENCES "inventory"."tenant" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."vlan" ADD CONSTRAINT "vlan_role_fkey"
    FOREIGN KEY (tenant_id, "role") REFERENCES "inventory"."role" (tenant_id, id) ON DELETE SET NULL ("role") DEFERRABLE;

ALTER TABLE "inventory"."vlan" ADD CONSTRAINT "vlan_qinq_svlan_fkey"
    FOREIGN KEY (tenant_id, "qinq_svlan") REFERENCES "inventory"."vlan" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."vlan" ADD CONSTRAINT "vlan_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."vlan_group" ADD CONSTRAINT "vlan_group_assigned_tenant_fkey"
    FOREIGN KEY (tenant_id, "assigned_tenant") REFERENCES "inventory"."tenant" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."vlan_group" ADD CONSTRAINT "vlan_group_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."vlan_translation_policy" ADD CONSTRAINT "vlan_translation_policy_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."vlan_translation_rule" ADD CONSTRAINT "vlan_translation_rule_policy_fkey"
    FOREIGN KEY (tenant_id, "policy") REFERENCES "inventory"."vlan_translation_policy" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "inventory"."vrf" ADD CONSTRAINT "vrf_assigned_tenant_fkey"
    FOREIGN KEY (tenant_id, "assigned_tenant") REFERENCES "inventory"."tenant" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."vrf" ADD CONSTRAINT "vrf_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."circuit" ADD CONSTRAINT "circuit_provider_fkey"
    FOREIGN KEY (tenant_id, "provider") REFERENCES "inventory"."provider" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."circuit" ADD CONSTRAINT "circuit_provider_account_fkey"
    FOREIGN KEY (tenant_id, "provider_account") REFERENCES "inventory"."provider_account" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."circuit" ADD CONSTRAINT "circuit_type_fkey"
    FOREIGN KEY (tenant_id, "type") REFERENCES "inventory"."circuit_type" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."circuit" ADD CONSTRAINT "circuit_assigned_tenant_fkey"
    FOREIGN KEY (tenant_id, "assigned_tenant") REFERENCES "inventory"."tenant" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."circuit" ADD CONSTRAINT "circuit_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."circuit_group" ADD CONSTRAINT "circuit_group_assigned_tenant_fkey"
    FOREIGN KEY (tenant_id, "assigned_tenant") REFERENCES "inventory"."tenant" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."circuit_group" ADD CONSTRAINT "circuit_group_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."circuit_group_assignment" ADD CONSTRAINT "circuit_group_assignment_group_fkey"
    FOREIGN KEY (tenant_id, "group") REFERENCES "inventory"."circuit_group" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "inventory"."circuit_termination" ADD CONSTRAINT "circuit_termination_circuit_fkey"
    FOREIGN KEY (tenant_id, "circuit") REFERENCES "inventory"."circuit" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "inventory"."circuit_type" ADD CONSTRAINT "circuit_type_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."provider" ADD CONSTRAINT "provider_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."provider_account" ADD CONSTRAINT "provider_account_provider_fkey"
    FOREIGN KEY (tenant_id, "provider") REFERENCES "inventory"."provider" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."provider_account" ADD CONSTRAINT "provider_account_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."provider_network" ADD CONSTRAINT "provider_network_provider_fkey"
    FOREIGN KEY (tenant_id, "provider") REFERENCES "inventory"."provider" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."provider_network" ADD CONSTRAINT "provider_network_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."virtual_circuit" ADD CONSTRAINT "virtual_circuit_provider_network_fkey"
    FOREIGN KEY (tenant_id, "provider_network") REFERENCES "inventory"."provider_network" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."virtual_circuit" ADD CONSTRAINT "virtual_circuit_provider_account_fkey"
    FOREIGN KEY (tenant_id, "provider_account") REFERENCES "inventory"."provider_account" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."virtual_circuit" ADD CONSTRAINT "virtual_circuit_type_fkey"
    FOREIGN KEY (tenant_id, "type") REFERENCES "inventory"."virtual_circuit_type" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."virtual_circuit" ADD CONSTRAINT "virtual_circuit_assigned_tenant_fkey"
    FOREIGN KEY (tenant_id, "assigned_tenant") REFERENCES "inventory"."tenant" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."virtual_circuit" ADD CONSTRAINT "virtual_circuit_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."virtual_circuit_termination" ADD CONSTRAINT "virtual_circuit_termination_virtual_circuit_fkey"
    FOREIGN KEY (tenant_id, "virtual_circuit") REFERENCES "inventory"."virtual_circuit" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "inventory"."virtual_circuit_termination" ADD CONSTRAINT "virtual_circuit_termination_interface_fkey"
    FOREIGN KEY (tenant_id, "interface") REFERENCES "inventory"."interface" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "inventory"."virtual_circuit_type" ADD CONSTRAINT "virtual_circuit_type_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."cluster" ADD CONSTRAINT "cluster_type_fkey"
    FOREIGN KEY (tenant_id, "type") REFERENCES "inventory"."cluster_type" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."cluster" ADD CONSTRAINT "cluster_group_fkey"
    FOREIGN KEY (tenant_id, "group") REFERENCES "inventory"."cluster_group" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."cluster" ADD CONSTRAINT "cluster_assigned_tenant_fkey"
    FOREIGN KEY (tenant_id, "assigned_tenant") REFERENCES "inventory"."tenant" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."cluster" ADD CONSTRAINT "cluster_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."cluster_group" ADD CONSTRAINT "cluster_group_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."cluster_type" ADD CONSTRAINT "cluster_type_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."virtual_disk" ADD CONSTRAINT "virtual_disk_virtual_machine_fkey"
    FOREIGN KEY (tenant_id, "virtual_machine") REFERENCES "inventory"."virtual_machine" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "inventory"."virtual_disk" ADD CONSTRAINT "virtual_disk_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."virtual_machine" ADD CONSTRAINT "virtual_machine_virtual_machine_type_fkey"
    FOREIGN KEY (tenant_id, "virtual_machine_type") REFERENCES "inventory"."virtual_machine_type" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."virtual_machine" ADD CONSTRAINT "virtual_machine_role_fkey"
    FOREIGN KEY (tenant_id, "role") REFERENCES "inventory"."device_role" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."virtual_machine" ADD CONSTRAINT "virtual_machine_site_fkey"
    FOREIGN KEY (tenant_id, "site") REFERENCES "inventory"."site" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."virtual_machine" ADD CONSTRAINT "virtual_machine_cluster_fkey"
    FOREIGN KEY (tenant_id, "cluster") REFERENCES "inventory"."cluster" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."virtual_machine" ADD CONSTRAINT "virtual_machine_device_fkey"
    FOREIGN KEY (tenant_id, "device") REFERENCES "inventory"."device" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."virtual_machine" ADD CONSTRAINT "virtual_machine_assigned_tenant_fkey"
    FOREIGN KEY (tenant_id, "assigned_tenant") REFERENCES "inventory"."tenant" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."virtual_machine" ADD CONSTRAINT "virtual_machine_platform_fkey"
    FOREIGN KEY (tenant_id, "platform") REFERENCES "inventory"."platform" (tenant_id, id) ON DELETE SET NULL ("platform") DEFERRABLE;

ALTER TABLE "inventory"."virtual_machine" ADD CONSTRAINT "virtual_machine_config_template_fkey"
    FOREIGN KEY (tenant_id, "config_template") REFERENCES "app"."config_template" (tenant_id, id) ON DELETE SET NULL ("config_template") DEFERRABLE;

ALTER TABLE "inventory"."virtual_machine" ADD CONSTRAINT "virtual_machine_primary_ip4_fkey"
    FOREIGN KEY (tenant_id, "primary_ip4") REFERENCES "inventory"."ip_address" (tenant_id, id) ON DELETE SET NULL ("primary_ip4") DEFERRABLE;

ALTER TABLE "inventory"."virtual_machine" ADD CONSTRAINT "virtual_machine_primary_ip6_fkey"
    FOREIGN KEY (tenant_id, "primary_ip6") REFERENCES "inventory"."ip_address" (tenant_id, id) ON DELETE SET NULL ("primary_ip6") DEFERRABLE;

ALTER TABLE "inventory"."virtual_machine" ADD CONSTRAINT "virtual_machine_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."virtual_machine_type" ADD CONSTRAINT "virtual_machine_type_default_platform_fkey"
    FOREIGN KEY (tenant_id, "default_platform") REFERENCES "inventory"."platform" (tenant_id, id) ON DELETE SET NULL ("default_platform") DEFERRABLE;

ALTER TABLE "inventory"."virtual_machine_type" ADD CONSTRAINT "virtual_machine_type_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."vm_interface" ADD CONSTRAINT "vm_interface_virtual_machine_fkey"
    FOREIGN KEY (tenant_id, "virtual_machine") REFERENCES "inventory"."virtual_machine" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "inventory"."vm_interface" ADD CONSTRAINT "vm_interface_parent_fkey"
    FOREIGN KEY (tenant_id, "parent") REFERENCES "inventory"."vm_interface" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."vm_interface" ADD CONSTRAINT "vm_interface_bridge_fkey"
    FOREIGN KEY (tenant_id, "bridge") REFERENCES "inventory"."vm_interface" (tenant_id, id) ON DELETE SET NULL ("bridge") DEFERRABLE;

ALTER TABLE "inventory"."vm_interface" ADD CONSTRAINT "vm_interface_primary_mac_address_fkey"
    FOREIGN KEY (tenant_id, "primary_mac_address") REFERENCES "inventory"."mac_address" (tenant_id, id) ON DELETE SET NULL ("primary_mac_address") DEFERRABLE;

ALTER TABLE "inventory"."vm_interface" ADD CONSTRAINT "vm_interface_untagged_vlan_fkey"
    FOREIGN KEY (tenant_id, "untagged_vlan") REFERENCES "inventory"."vlan" (tenant_id, id) ON DELETE SET NULL ("untagged_vlan") DEFERRABLE;

ALTER TABLE "inventory"."vm_interface" ADD CONSTRAINT "vm_interface_qinq_svlan_fkey"
    FOREIGN KEY (tenant_id, "qinq_svlan") REFERENCES "inventory"."vlan" (tenant_id, id) ON DELETE SET NULL ("qinq_svlan") DEFERRABLE;

ALTER TABLE "inventory"."vm_interface" ADD CONSTRAINT "vm_interface_vlan_translation_policy_fkey"
    FOREIGN KEY (tenant_id, "vlan_translation_policy") REFERENCES "inventory"."vlan_translation_policy" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."vm_interface" ADD CONSTRAINT "vm_interface_vrf_fkey"
    FOREIGN KEY (tenant_id, "vrf") REFERENCES "inventory"."vrf" (tenant_id, id) ON DELETE SET NULL ("vrf") DEFERRABLE;

ALTER TABLE "inventory"."vm_interface" ADD CONSTRAINT "vm_interface_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."ike_policy" ADD CONSTRAINT "ike_policy_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."ike_proposal" ADD CONSTRAINT "ike_proposal_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."ipsec_policy" ADD CONSTRAINT "ipsec_policy_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."ipsec_profile" ADD CONSTRAINT "ipsec_profile_ike_policy_fkey"
    FOREIGN KEY (tenant_id, "ike_policy") REFERENCES "inventory"."ike_policy" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."ipsec_profile" ADD CONSTRAINT "ipsec_profile_ipsec_policy_fkey"
    FOREIGN KEY (tenant_id, "ipsec_policy") REFERENCES "inventory"."ipsec_policy" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."ipsec_profile" ADD CONSTRAINT "ipsec_profile_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."ipsec_proposal" ADD CONSTRAINT "ipsec_proposal_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."l2vpn" ADD CONSTRAINT "l2vpn_assigned_tenant_fkey"
    FOREIGN KEY (tenant_id, "assigned_tenant") REFERENCES "inventory"."tenant" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."l2vpn" ADD CONSTRAINT "l2vpn_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."l2vpn_termination" ADD CONSTRAINT "l2vpn_termination_l2vpn_fkey"
    FOREIGN KEY (tenant_id, "l2vpn") REFERENCES "inventory"."l2vpn" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "inventory"."tunnel" ADD CONSTRAINT "tunnel_group_fkey"
    FOREIGN KEY (tenant_id, "group") REFERENCES "inventory"."tunnel_group" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."tunnel" ADD CONSTRAINT "tunnel_ipsec_profile_fkey"
    FOREIGN KEY (tenant_id, "ipsec_profile") REFERENCES "inventory"."ipsec_profile" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."tunnel" ADD CONSTRAINT "tunnel_assigned_tenant_fkey"
    FOREIGN KEY (tenant_id, "assigned_tenant") REFERENCES "inventory"."tenant" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."tunnel" ADD CONSTRAINT "tunnel_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."tunnel_group" ADD CONSTRAINT "tunnel_group_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."tunnel_termination" ADD CONSTRAINT "tunnel_termination_tunnel_fkey"
    FOREIGN KEY (tenant_id, "tunnel") REFERENCES "inventory"."tunnel" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "inventory"."tunnel_termination" ADD CONSTRAINT "tunnel_termination_outside_ip_fkey"
    FOREIGN KEY (tenant_id, "outside_ip") REFERENCES "inventory"."ip_address" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."wireless_lan" ADD CONSTRAINT "wireless_lan_group_fkey"
    FOREIGN KEY (tenant_id, "group") REFERENCES "inventory"."wireless_lan_group" (tenant_id, id) ON DELETE SET NULL ("group") DEFERRABLE;

ALTER TABLE "inventory"."wireless_lan" ADD CONSTRAINT "wireless_lan_vlan_fkey"
    FOREIGN KEY (tenant_id, "vlan") REFERENCES "inventory"."vlan" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."wireless_lan" ADD CONSTRAINT "wireless_lan_assigned_tenant_fkey"
    FOREIGN KEY (tenant_id, "assigned_tenant") REFERENCES "inventory"."tenant" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."wireless_lan" ADD CONSTRAINT "wireless_lan_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."wireless_lan_group" ADD CONSTRAINT "wireless_lan_group_parent_fkey"
    FOREIGN KEY (tenant_id, "parent") REFERENCES "inventory"."wireless_lan_group" (tenant_id, id) ON DELETE CASCADE DEFERRABLE;

ALTER TABLE "inventory"."wireless_lan_group" ADD CONSTRAINT "wireless_lan_group_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."wireless_link" ADD CONSTRAINT "wireless_link_interface_a_fkey"
    FOREIGN KEY (tenant_id, "interface_a") REFERENCES "inventory"."interface" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."wireless_link" ADD CONSTRAINT "wireless_link_interface_b_fkey"
    FOREIGN KEY (tenant_id, "interface_b") REFERENCES "inventory"."interface" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."wireless_link" ADD CONSTRAINT "wireless_link_assigned_tenant_fkey"
    FOREIGN KEY (tenant_id, "assigned_tenant") REFERENCES "inventory"."tenant" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."wireless_link" ADD CONSTRAINT "wireless_link_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."config_context" ADD CONSTRAINT "config_context_profile_fkey"
    FOREIGN KEY (tenant_id, "profile") REFERENCES "inventory"."config_context_profile" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."config_context" ADD CONSTRAINT "config_context_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."config_context" ADD CONSTRAINT "config_context_data_source_fkey"
    FOREIGN KEY (tenant_id, "data_source") REFERENCES "app"."data_source" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."config_context" ADD CONSTRAINT "config_context_data_file_fkey"
    FOREIGN KEY (tenant_id, "data_file") REFERENCES "app"."data_file" (tenant_id, id) ON DELETE SET NULL ("data_file") DEFERRABLE;

ALTER TABLE "inventory"."config_context_profile" ADD CONSTRAINT "config_context_profile_owner_fkey"
    FOREIGN KEY (tenant_id, "owner") REFERENCES "app"."owner" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."config_context_profile" ADD CONSTRAINT "config_context_profile_data_source_fkey"
    FOREIGN KEY (tenant_id, "data_source") REFERENCES "app"."data_source" (tenant_id, id) DEFERRABLE;

ALTER TABLE "inventory"."config_context_profile" ADD CONSTRAINT "config_context_profile_data_file_fkey"
    FOREIGN KEY (tenant_id, "data_file") REFERENCES "app"."data_file" (tenant_id, id) ON DELETE SET NULL ("data_file") DEFERRABLE;
