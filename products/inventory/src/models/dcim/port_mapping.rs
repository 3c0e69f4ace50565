//! Which position of a front port leads to which position of a rear port.

use kit::record::{DefaultValue, Field, Model, OnDelete};

use crate::intended;
use crate::models::BASE;

/// Port mapping
pub static PORT_MAPPING: Model = Model {
    name: "inventory.port_mapping",
    table: "inventory.port_mapping",
    collection: "port-mappings",
    title: "Port mapping",
    title_plural: "Port mappings",
    description: "Which position of a front port of a panel leads to which position of a rear port.",
    icon: "plug",
    nav_group: Some("Components"),
    permission: "inventory/port-mappings",
    display: "front_position",
    default_sort: "front_position",
    fields: &[
        Field::reference("front_port", "Front port", "inventory.front_port", OnDelete::Cascade)
            .required()
            .list(),
        Field::integer("front_position", "Front position", 1, 1_024)
            .required()
            .filter()
            .default(DefaultValue::Integer(1))
            .list(),
        Field::reference("rear_port", "Rear port", "inventory.rear_port", OnDelete::Cascade)
            .required()
            .list(),
        Field::integer("rear_position", "Rear position", 1, 1_024)
            .required()
            .filter()
            .default(DefaultValue::Integer(1))
            .list(),
    ],
    unique: &[&["front_port", "front_position"], &["rear_port", "rear_position"]],
    hooks: &intended::PASSAGE,
    ..BASE
};
