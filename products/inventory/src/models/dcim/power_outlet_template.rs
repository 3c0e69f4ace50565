//! Power outlets that devices or modules of a type get.

use kit::record::{Field, Format, Model, OnDelete};

use crate::models::BASE;
use crate::models::choices;
use crate::rules;

/// Power outlet template
pub static POWER_OUTLET_TEMPLATE: Model = Model {
    name: "inventory.power_outlet_template",
    table: "inventory.power_outlet_template",
    collection: "power-outlet-templates",
    title: "Power outlet template",
    title_plural: "Power outlet templates",
    description: "Power outlets that devices or modules of a type get.",
    icon: "template",
    nav_group: None,
    permission: "inventory/power-outlet-templates",
    fields: &[
        Field::reference("device_type", "Device type", "inventory.device_type", OnDelete::Cascade).list(),
        Field::reference("module_type", "Module type", "inventory.module_type", OnDelete::Cascade),
        Field::text("name", "Name", 64).required().exact().filter().search().list(),
        Field::text("label", "Label", 64).exact().filter().unindexed().search().list(),
        Field::choice("type", "Type", choices::POWER_OUTLET_TYPE).list(),
        Field::text("color", "Colour", 6).format(Format::Color).filter().unindexed(),
        Field::reference("power_port", "Power port", "inventory.power_port_template", OnDelete::SetNull),
        Field::choice("feed_leg", "Feed leg", choices::POWER_OUTLET_FEED_LEG),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
    ],
    unique: &[&["device_type", "name"], &["module_type", "name"]],
    hooks: &rules::OfOneType,
    ..BASE
};
