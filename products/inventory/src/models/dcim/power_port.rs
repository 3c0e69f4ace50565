//! Power inlets of a device.

use kit::record::{Field, Model, OnDelete};

use crate::models::BASE;
use crate::models::choices;

/// Power port
pub static POWER_PORT: Model = Model {
    name: "inventory.power_port",
    table: "inventory.power_port",
    collection: "power-ports",
    title: "Power port",
    title_plural: "Power ports",
    description: "Power inlets of a device.",
    icon: "plug",
    nav_group: Some("Components"),
    permission: "inventory/power-ports",
    fields: &[
        Field::reference("device", "Device", "inventory.device", OnDelete::Cascade)
            .required()
            .immutable()
            .list(),
        Field::reference("module", "Module", "inventory.module", OnDelete::Cascade),
        Field::text("name", "Name", 64).required().exact().filter().search().list(),
        Field::text("label", "Label", 64).exact().filter().unindexed().search().list(),
        Field::choice("type", "Type", choices::POWER_PORT_TYPE).list(),
        Field::integer("maximum_draw", "Maximum draw", 1, 2_147_483_647).filter(),
        Field::integer("allocated_draw", "Allocated draw", 1, 2_147_483_647).filter(),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::boolean("mark_connected", "Counts as connected", false),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
    ],
    unique: &[&["device", "name"]],
    ..BASE
};
