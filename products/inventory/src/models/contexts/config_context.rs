//! Data for the configuration of all devices and machines that it is for.

use kit::record::{DefaultValue, Field, FieldKind, Model, OnDelete};

use crate::contexts::ContextRules;
use crate::models::BASE;

/// Config context
pub static CONFIG_CONTEXT: Model = Model {
    name: "inventory.config_context",
    table: "inventory.config_context",
    collection: "config-contexts",
    title: "Config context",
    title_plural: "Config contexts",
    description: "Data for the configuration of all devices and machines that it is for.",
    icon: "braces",
    nav_group: Some("Configuration"),
    permission: "inventory/config-contexts",
    default_sort: "weight",
    fields: &[
        Field::text("name", "Name", 100).required().exact().unique().search().list(),
        Field::integer("weight", "Weight", 0, 32_767)
            .filter()
            .default(DefaultValue::Integer(1_000))
            .list()
            .help("What has a higher weight wins."),
        Field::reference("profile", "Profile", "inventory.config_context_profile", OnDelete::Protect).list(),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::boolean("is_active", "Active", true).list(),
        // Whom it is for: all that are in one of each list that is not empty.
        Field::references("regions", "Regions", "inventory.region"),
        Field::references("site_groups", "Site groups", "inventory.site_group"),
        Field::references("sites", "Sites", "inventory.site"),
        Field::references("locations", "Locations", "inventory.location"),
        Field::references("device_types", "Device types", "inventory.device_type"),
        Field::references("roles", "Roles", "inventory.device_role"),
        Field::references("platforms", "Platforms", "inventory.platform"),
        Field::references("cluster_types", "Cluster types", "inventory.cluster_type"),
        Field::references("cluster_groups", "Cluster groups", "inventory.cluster_group"),
        Field::references("clusters", "Clusters", "inventory.cluster"),
        Field::references("tenant_groups", "Tenant groups", "inventory.tenant_group"),
        Field::references("tenants", "Tenants", "inventory.tenant"),
        // Not its own tags: which models a tag is for says nothing about contexts.
        Field::references("object_tags", "Tags", "platform.tag"),
        Field::owner(),
        Field::new("data", "Data", FieldKind::Json).required(),
        Field::reference("data_source", "Data source", "platform.data_source", OnDelete::Protect),
        Field::reference("data_file", "Data file", "platform.data_file", OnDelete::SetNull),
        Field::text("data_path", "Path", 1_000).exact().read_only(),
        Field::boolean("auto_sync_enabled", "Follow the file", true),
        Field::new("data_synced", "Taken over", FieldKind::DateTime).read_only().filter(),
    ],
    hooks: &ContextRules,
    ..BASE
};
