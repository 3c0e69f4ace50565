//! Front sides of pass-through ports of a panel.

use kit::record::{DefaultValue, Field, Format, Model, OnDelete};

use crate::intended;
use crate::models::BASE;
use crate::models::choices;

/// Front port
pub static FRONT_PORT: Model = Model {
    name: "inventory.front_port",
    table: "inventory.front_port",
    collection: "front-ports",
    title: "Front port",
    title_plural: "Front ports",
    description: "Front sides of pass-through ports of a panel.",
    icon: "plug",
    nav_group: Some("Components"),
    permission: "inventory/front-ports",
    fields: &[
        Field::reference("device", "Device", "inventory.device", OnDelete::Cascade)
            .required()
            .immutable()
            .list(),
        Field::reference("module", "Module", "inventory.module", OnDelete::Cascade),
        Field::text("name", "Name", 64).required().exact().filter().search().list(),
        Field::text("label", "Label", 64).exact().filter().unindexed().search().list(),
        Field::choice("type", "Type", choices::PORT_TYPE).required().list(),
        Field::text("color", "Colour", 6).format(Format::Color).filter().unindexed(),
        Field::integer("positions", "Positions", 1, 1024).filter().default(DefaultValue::Integer(1)),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::boolean("mark_connected", "Counts as connected", false),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
    ],
    unique: &[&["device", "name"]],
    hooks: &intended::PORT,
    ..BASE
};
