//! Power outlets of a device.

use kit::record::{DefaultValue, Field, Format, Model, OnDelete};

use crate::models::BASE;
use crate::models::choices;

/// Power outlet
pub static POWER_OUTLET: Model = Model {
    name: "inventory.power_outlet",
    table: "inventory.power_outlet",
    collection: "power-outlets",
    title: "Power outlet",
    title_plural: "Power outlets",
    description: "Power outlets of a device.",
    icon: "plug",
    nav_group: Some("Components"),
    permission: "inventory/power-outlets",
    fields: &[
        Field::reference("device", "Device", "inventory.device", OnDelete::Cascade)
            .required()
            .immutable()
            .list(),
        Field::reference("module", "Module", "inventory.module", OnDelete::Cascade),
        Field::text("name", "Name", 64).required().exact().filter().search().list(),
        Field::text("label", "Label", 64).exact().filter().unindexed().search().list(),
        Field::choice("type", "Type", choices::POWER_OUTLET_TYPE).list(),
        Field::choice("status", "Status", choices::POWER_OUTLET_STATUS)
            .indexed()
            .default(DefaultValue::Text("enabled"))
            .list(),
        Field::text("color", "Colour", 6).format(Format::Color).filter().unindexed(),
        Field::reference("power_port", "Power port", "inventory.power_port", OnDelete::SetNull),
        Field::choice("feed_leg", "Feed leg", choices::POWER_OUTLET_FEED_LEG),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::boolean("mark_connected", "Counts as connected", false),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
    ],
    unique: &[&["device", "name"]],
    ..BASE
};
