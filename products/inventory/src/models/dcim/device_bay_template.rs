//! Bays for child devices that devices of a type get.

use kit::record::{Field, Model, OnDelete};

use crate::models::BASE;

/// Device bay template
pub static DEVICE_BAY_TEMPLATE: Model = Model {
    name: "inventory.device_bay_template",
    table: "inventory.device_bay_template",
    collection: "device-bay-templates",
    title: "Device bay template",
    title_plural: "Device bay templates",
    description: "Bays for child devices that devices of a type get.",
    icon: "template",
    nav_group: None,
    permission: "inventory/device-bay-templates",
    fields: &[
        Field::reference("device_type", "Device type", "inventory.device_type", OnDelete::Cascade)
            .required()
            .list(),
        Field::text("name", "Name", 64).required().exact().filter().search().list(),
        Field::text("label", "Label", 64).exact().filter().unindexed().search().list(),
        Field::boolean("enabled", "Enabled", true).list(),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
    ],
    unique: &[&["device_type", "name"]],
    ..BASE
};
