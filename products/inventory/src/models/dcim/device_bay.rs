//! Places of a chassis for child devices.

use kit::record::{Field, Model, OnDelete};

use crate::models::BASE;

/// Device bay
pub static DEVICE_BAY: Model = Model {
    name: "inventory.device_bay",
    table: "inventory.device_bay",
    collection: "device-bays",
    title: "Device bay",
    title_plural: "Device bays",
    description: "Places of a chassis for child devices.",
    icon: "plug",
    nav_group: Some("Components"),
    permission: "inventory/device-bays",
    fields: &[
        Field::reference("device", "Device", "inventory.device", OnDelete::Cascade)
            .required()
            .immutable()
            .list(),
        Field::text("name", "Name", 64).required().exact().filter().search().list(),
        Field::text("label", "Label", 64).exact().filter().unindexed().search().list(),
        Field::boolean("enabled", "Enabled", true).list(),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::reference("installed_device", "Installed device", "inventory.device", OnDelete::SetNull),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
    ],
    unique: &[&["device", "name"]],
    ..BASE
};
