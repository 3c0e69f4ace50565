//! Module bays that devices or modules of a type get.

use kit::record::{Field, Model, OnDelete};

use crate::models::BASE;
use crate::rules;

/// Module bay template
pub static MODULE_BAY_TEMPLATE: Model = Model {
    name: "inventory.module_bay_template",
    table: "inventory.module_bay_template",
    collection: "module-bay-templates",
    title: "Module bay template",
    title_plural: "Module bay templates",
    description: "Module bays that devices or modules of a type get.",
    icon: "template",
    nav_group: None,
    permission: "inventory/module-bay-templates",
    fields: &[
        Field::reference("device_type", "Device type", "inventory.device_type", OnDelete::Cascade).list(),
        Field::reference("module_type", "Module type", "inventory.module_type", OnDelete::Cascade),
        Field::text("name", "Name", 64).required().exact().filter().search().list(),
        Field::text("label", "Label", 64).exact().filter().unindexed().search().list(),
        Field::text("position", "Position", 30).exact().filter().list(),
        Field::boolean("enabled", "Enabled", true).list(),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::references("module_bay_types", "Module bay types", "inventory.module_bay_type"),
    ],
    unique: &[&["device_type", "name"], &["module_type", "name"]],
    hooks: &rules::OfOneType,
    ..BASE
};
