//! Coolant intakes that devices or modules of a type get.

use kit::record::{Field, FieldKind, Model, OnDelete};

use crate::models::BASE;
use crate::models::choices;
use crate::rules;

/// Cooling intake template
pub static COOLING_INTAKE_TEMPLATE: Model = Model {
    name: "inventory.cooling_intake_template",
    table: "inventory.cooling_intake_template",
    collection: "cooling-intake-templates",
    title: "Cooling intake template",
    title_plural: "Cooling intake templates",
    description: "Coolant intakes that devices or modules of a type get.",
    icon: "template",
    nav_group: None,
    permission: "inventory/cooling-intake-templates",
    fields: &[
        Field::reference("device_type", "Device type", "inventory.device_type", OnDelete::Cascade).list(),
        Field::reference("module_type", "Module type", "inventory.module_type", OnDelete::Cascade),
        Field::text("name", "Name", 64).required().exact().filter().search().list(),
        Field::text("label", "Label", 64).exact().filter().unindexed().search().list(),
        Field::choice("type", "Type", choices::COOLING_CONNECTOR_TYPE).list(),
        Field::new("diameter", "Diameter", FieldKind::Decimal { digits: 8, places: 2 }).filter(),
        Field::choice("diameter_unit", "Diameter unit", choices::DIAMETER_UNIT),
        Field::new("max_flow", "Max flow", FieldKind::Decimal { digits: 8, places: 2 }).filter(),
        Field::choice("max_flow_unit", "Max flow unit", choices::FLOW_RATE_UNIT),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
    ],
    unique: &[&["device_type", "name"], &["module_type", "name"]],
    hooks: &rules::OfOneType,
    ..BASE
};
