//! Further attributes of kinds of modules, described by a JSON schema.

use kit::record::{Field, FieldKind, Model};

use crate::models::BASE;

/// Module type profile
pub static MODULE_TYPE_PROFILE: Model = Model {
    name: "inventory.module_type_profile",
    table: "inventory.module_type_profile",
    collection: "module-type-profiles",
    title: "Module type profile",
    title_plural: "Module type profiles",
    description: "Further attributes of kinds of modules, described by a JSON schema.",
    icon: "router",
    nav_group: Some("Devices"),
    permission: "inventory/module-type-profiles",
    fields: &[
        Field::text("name", "Name", 100).required().exact().unique().filter().search().list(),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::new("schema", "Schema", FieldKind::Json),
        Field::new("comments", "Comments", FieldKind::LongText { max: 65_536 }).search(),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
    ],
    ..BASE
};
