//! Cables that run together.

use kit::record::{Field, FieldKind, Model};

use crate::models::BASE;

/// Cable bundle
pub static CABLE_BUNDLE: Model = Model {
    name: "inventory.cable_bundle",
    table: "inventory.cable_bundle",
    collection: "cable-bundles",
    title: "Cable bundle",
    title_plural: "Cable bundles",
    description: "Cables that run together.",
    icon: "plug-connected",
    nav_group: Some("Cables"),
    permission: "inventory/cable-bundles",
    fields: &[
        Field::text("name", "Name", 100).required().exact().unique().filter().search().list(),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::new("comments", "Comments", FieldKind::LongText { max: 65_536 }).search(),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
    ],
    ..BASE
};
