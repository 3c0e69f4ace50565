//! Rear ports of a panel type.

use kit::record::{DefaultValue, Field, Format, Model, OnDelete};

use crate::models::BASE;
use crate::models::choices;
use crate::rules;

/// Rear port template
pub static REAR_PORT_TEMPLATE: Model = Model {
    name: "inventory.rear_port_template",
    table: "inventory.rear_port_template",
    collection: "rear-port-templates",
    title: "Rear port template",
    title_plural: "Rear port templates",
    description: "Rear ports of a panel type.",
    icon: "template",
    nav_group: None,
    permission: "inventory/rear-port-templates",
    fields: &[
        Field::reference("device_type", "Device type", "inventory.device_type", OnDelete::Cascade).list(),
        Field::reference("module_type", "Module type", "inventory.module_type", OnDelete::Cascade),
        Field::text("name", "Name", 64).required().exact().filter().search().list(),
        Field::text("label", "Label", 64).exact().filter().unindexed().search().list(),
        Field::choice("type", "Type", choices::PORT_TYPE).required().list(),
        Field::text("color", "Colour", 6).format(Format::Color).filter().unindexed(),
        Field::integer("positions", "Positions", 1, 1024).filter().default(DefaultValue::Integer(1)),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
    ],
    unique: &[&["device_type", "name"], &["module_type", "name"]],
    hooks: &rules::OfOneType,
    ..BASE
};
