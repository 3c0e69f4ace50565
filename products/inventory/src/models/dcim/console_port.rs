//! Ports for local management of a device.

use kit::record::{Field, Model, OnDelete};

use crate::models::BASE;
use crate::models::choices;

/// Console port
pub static CONSOLE_PORT: Model = Model {
    name: "inventory.console_port",
    table: "inventory.console_port",
    collection: "console-ports",
    title: "Console port",
    title_plural: "Console ports",
    description: "Ports for local management of a device.",
    icon: "plug",
    nav_group: Some("Components"),
    permission: "inventory/console-ports",
    fields: &[
        Field::reference("device", "Device", "inventory.device", OnDelete::Cascade)
            .required()
            .immutable()
            .list(),
        Field::reference("module", "Module", "inventory.module", OnDelete::Cascade),
        Field::text("name", "Name", 64).required().exact().filter().search().list(),
        Field::text("label", "Label", 64).exact().filter().unindexed().search().list(),
        Field::choice("type", "Type", choices::CONSOLE_PORT_TYPE).list(),
        Field::choice("speed", "Speed", choices::CONSOLE_PORT_SPEED),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::boolean("mark_connected", "Counts as connected", false),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
    ],
    unique: &[&["device", "name"]],
    ..BASE
};
