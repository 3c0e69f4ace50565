//! Power inlets that devices or modules of a type get.

use kit::record::{Field, Model, OnDelete};

use crate::models::BASE;
use crate::models::choices;
use crate::rules;

/// Power port template
pub static POWER_PORT_TEMPLATE: Model = Model {
    name: "inventory.power_port_template",
    table: "inventory.power_port_template",
    collection: "power-port-templates",
    title: "Power port template",
    title_plural: "Power port templates",
    description: "Power inlets that devices or modules of a type get.",
    icon: "template",
    nav_group: None,
    permission: "inventory/power-port-templates",
    fields: &[
        Field::reference("device_type", "Device type", "inventory.device_type", OnDelete::Cascade).list(),
        Field::reference("module_type", "Module type", "inventory.module_type", OnDelete::Cascade),
        Field::text("name", "Name", 64).required().exact().filter().search().list(),
        Field::text("label", "Label", 64).exact().filter().unindexed().search().list(),
        Field::choice("type", "Type", choices::POWER_PORT_TYPE).list(),
        Field::integer("maximum_draw", "Maximum draw", 1, 2_147_483_647).filter(),
        Field::integer("allocated_draw", "Allocated draw", 1, 2_147_483_647).filter(),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
    ],
    unique: &[&["device_type", "name"], &["module_type", "name"]],
    hooks: &rules::OfOneType,
    ..BASE
};
