//! Coolant outflows that devices or modules of a type get.

use kit::record::{Field, FieldKind, Model, OnDelete};

use crate::models::BASE;
use crate::models::choices;
use crate::rules;

/// Cooling outflow template
pub static COOLING_OUTFLOW_TEMPLATE: Model = Model {
    name: "inventory.cooling_outflow_template",
    table: "inventory.cooling_outflow_template",
    collection: "cooling-outflow-templates",
    title: "Cooling outflow template",
    title_plural: "Cooling outflow templates",
    description: "Coolant outflows that devices or modules of a type get.",
    icon: "template",
    nav_group: None,
    permission: "inventory/cooling-outflow-templates",
    fields: &[
        Field::reference("device_type", "Device type", "inventory.device_type", OnDelete::Cascade).list(),
        Field::reference("module_type", "Module type", "inventory.module_type", OnDelete::Cascade),
        Field::text("name", "Name", 64).required().exact().filter().search().list(),
        Field::text("label", "Label", 64).exact().filter().unindexed().search().list(),
        Field::choice("type", "Type", choices::COOLING_CONNECTOR_TYPE).list(),
        Field::new("diameter", "Diameter", FieldKind::Decimal { digits: 8, places: 2 }).filter(),
        Field::choice("diameter_unit", "Diameter unit", choices::DIAMETER_UNIT),
        Field::reference(
            "cooling_intake",
            "Cooling intake",
            "inventory.cooling_intake_template",
            OnDelete::SetNull,
        ),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
    ],
    unique: &[&["device_type", "name"], &["module_type", "name"]],
    hooks: &rules::OfOneType,
    ..BASE
};
