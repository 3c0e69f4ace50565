//! What the data of config contexts must look like.

use kit::record::{Field, FieldKind, Model, OnDelete};

use crate::contexts::ProfileRules;
use crate::models::BASE;

/// Config context profile
pub static CONFIG_CONTEXT_PROFILE: Model = Model {
    name: "inventory.config_context_profile",
    table: "inventory.config_context_profile",
    collection: "config-context-profiles",
    title: "Config context profile",
    title_plural: "Config context profiles",
    description: "What the data of config contexts must look like, as a JSON schema.",
    icon: "file-certificate",
    nav_group: Some("Configuration"),
    permission: "inventory/config-context-profiles",
    fields: &[
        Field::text("name", "Name", 100).required().exact().unique().search().list(),
        Field::text("description", "Description", 200).exact().filter().unindexed().search().list(),
        Field::new("schema", "Schema", FieldKind::Json),
        Field::owner(),
        Field::tags(),
        Field::new("comments", "Comments", FieldKind::LongText { max: 65_536 }).search(),
        Field::reference("data_source", "Data source", "platform.data_source", OnDelete::Protect),
        Field::reference("data_file", "Data file", "platform.data_file", OnDelete::SetNull),
        Field::text("data_path", "Path", 1_000).exact().read_only(),
        Field::boolean("auto_sync_enabled", "Follow the file", true),
        Field::new("data_synced", "Taken over", FieldKind::DateTime).read_only().filter(),
    ],
    hooks: &ProfileRules,
    ..BASE
};
