//! What a circuit is for: transit, backbone, management.

use kit::record::{Field, FieldKind, Format, Model};

use crate::models::BASE;

/// Circuit type
pub static CIRCUIT_TYPE: Model = Model {
    name: "inventory.circuit_type",
    table: "inventory.circuit_type",
    collection: "circuit-types",
    title: "Circuit type",
    title_plural: "Circuit types",
    description: "What a circuit is for: transit, backbone, management.",
    icon: "tag",
    nav_group: Some("Circuits"),
    permission: "inventory/circuit-types",
    fields: &[
        Field::text("name", "Name", 100).required().exact().unique().filter().search().list(),
        Field::text("slug", "Slug", 100).required().exact().unique().format(Format::Slug).filter().list(),
        Field::text("color", "Colour", 6).format(Format::Color).filter().unindexed(),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::new("comments", "Comments", FieldKind::LongText { max: 65_536 }).search(),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
        Field::count("circuit_count", "Circuits", "inventory.circuit", "type"),
    ],
    ..BASE
};
