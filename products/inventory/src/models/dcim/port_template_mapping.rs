//! Which position of a front port of a type leads to which position of a rear port.

use kit::record::{DefaultValue, Field, Model, OnDelete};

use crate::models::BASE;

/// Port template mapping
pub static PORT_TEMPLATE_MAPPING: Model = Model {
    name: "inventory.port_template_mapping",
    table: "inventory.port_template_mapping",
    collection: "port-template-mappings",
    title: "Port template mapping",
    title_plural: "Port template mappings",
    description: "Which position of a front port of a type leads to which position of a rear port.",
    icon: "template",
    permission: "inventory/port-template-mappings",
    display: "front_position",
    default_sort: "front_position",
    fields: &[
        Field::reference("front_port", "Front port", "inventory.front_port_template", OnDelete::Cascade)
            .required()
            .list(),
        Field::integer("front_position", "Front position", 1, 1_024)
            .required()
            .filter()
            .default(DefaultValue::Integer(1))
            .list(),
        Field::reference("rear_port", "Rear port", "inventory.rear_port_template", OnDelete::Cascade)
            .required()
            .list(),
        Field::integer("rear_position", "Rear position", 1, 1_024)
            .required()
            .filter()
            .default(DefaultValue::Integer(1))
            .list(),
    ],
    unique: &[&["front_port", "front_position"], &["rear_port", "rear_position"]],
    ..BASE
};
