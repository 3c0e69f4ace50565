//! Console ports that devices or modules of a type get.

use kit::record::{Field, Model, OnDelete};

use crate::models::BASE;
use crate::models::choices;
use crate::rules;

/// Console port template
pub static CONSOLE_PORT_TEMPLATE: Model = Model {
    name: "inventory.console_port_template",
    table: "inventory.console_port_template",
    collection: "console-port-templates",
    title: "Console port template",
    title_plural: "Console port templates",
    description: "Console ports that devices or modules of a type get.",
    icon: "template",
    nav_group: None,
    permission: "inventory/console-port-templates",
    fields: &[
        Field::reference("device_type", "Device type", "inventory.device_type", OnDelete::Cascade).list(),
        Field::reference("module_type", "Module type", "inventory.module_type", OnDelete::Cascade),
        Field::text("name", "Name", 64).required().exact().filter().search().list(),
        Field::text("label", "Label", 64).exact().filter().unindexed().search().list(),
        Field::choice("type", "Type", choices::CONSOLE_PORT_TYPE).list(),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
    ],
    unique: &[&["device_type", "name"], &["module_type", "name"]],
    hooks: &rules::OfOneType,
    ..BASE
};
