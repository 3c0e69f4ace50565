//! Where coolant enters a device.

use kit::record::{Field, FieldKind, Model, OnDelete};

use crate::models::BASE;
use crate::models::choices;

/// Cooling intake
pub static COOLING_INTAKE: Model = Model {
    name: "inventory.cooling_intake",
    table: "inventory.cooling_intake",
    collection: "cooling-intakes",
    title: "Cooling intake",
    title_plural: "Cooling intakes",
    description: "Where coolant enters a device.",
    icon: "plug",
    nav_group: Some("Components"),
    permission: "inventory/cooling-intakes",
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
        Field::new("max_flow", "Max flow", FieldKind::Decimal { digits: 8, places: 2 }).filter(),
        Field::choice("max_flow_unit", "Max flow unit", choices::FLOW_RATE_UNIT),
        Field::reference(
            "cooling_outflow",
            "Cooling outflow",
            "inventory.cooling_outflow",
            OnDelete::SetNull,
        ),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
    ],
    unique: &[&["device", "name"]],
    ..BASE
};
