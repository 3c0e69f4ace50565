//! Where coolant leaves a device.

use kit::record::{Field, FieldKind, Model, OnDelete};

use crate::models::BASE;
use crate::models::choices;

/// Cooling outflow
pub static COOLING_OUTFLOW: Model = Model {
    name: "inventory.cooling_outflow",
    table: "inventory.cooling_outflow",
    collection: "cooling-outflows",
    title: "Cooling outflow",
    title_plural: "Cooling outflows",
    description: "Where coolant leaves a device.",
    icon: "plug",
    nav_group: Some("Components"),
    permission: "inventory/cooling-outflows",
    fields: &[
        Field::reference("device", "Device", "inventory.device", OnDelete::Cascade)
            .required()
            .immutable()
            .list(),
        Field::reference("module", "Module", "inventory.module", OnDelete::Cascade),
        Field::text("name", "Name", 64).required().exact().filter().search().list(),
        Field::text("label", "Label", 64).exact().filter().unindexed().search().list(),
        Field::choice("type", "Type", choices::COOLING_CONNECTOR_TYPE).list(),
        Field::new("diameter", "Diameter", FieldKind::Decimal { digits: 8, places: 2 }).filter(),
        Field::choice("diameter_unit", "Diameter unit", choices::DIAMETER_UNIT),
        Field::reference("cooling_intake", "Cooling intake", "inventory.cooling_intake", OnDelete::SetNull),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
    ],
    unique: &[&["device", "name"]],
    ..BASE
};
