//! Places of a device for modules.

use kit::record::{Field, Model, OnDelete};

use crate::models::BASE;

/// Module bay
pub static MODULE_BAY: Model = Model {
    name: "inventory.module_bay",
    table: "inventory.module_bay",
    collection: "module-bays",
    title: "Module bay",
    title_plural: "Module bays",
    description: "Places of a device for modules.",
    icon: "plug",
    nav_group: Some("Components"),
    permission: "inventory/module-bays",
    fields: &[
        Field::reference("device", "Device", "inventory.device", OnDelete::Cascade)
            .required()
            .immutable()
            .list(),
        Field::reference("module", "Module", "inventory.module", OnDelete::Cascade),
        Field::text("name", "Name", 64).required().exact().filter().search().list(),
        Field::text("label", "Label", 64).exact().filter().unindexed().search().list(),
        Field::text("position", "Position", 30).exact().filter().list(),
        Field::boolean("enabled", "Enabled", true).list(),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::references("module_bay_types", "Module bay types", "inventory.module_bay_type"),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
    ],
    unique: &[&["device", "module", "name"]],
    ..BASE
};
