//! What a virtual circuit is for.

use kit::record::{Field, FieldKind, Format, Model};

use crate::models::BASE;

/// Virtual circuit type
pub static VIRTUAL_CIRCUIT_TYPE: Model = Model {
    name: "inventory.virtual_circuit_type",
    table: "inventory.virtual_circuit_type",
    collection: "virtual-circuit-types",
    title: "Virtual circuit type",
    title_plural: "Virtual circuit types",
    description: "What a virtual circuit is for.",
    icon: "tag",
    nav_group: Some("Circuits"),
    permission: "inventory/virtual-circuit-types",
    fields: &[
        Field::text("name", "Name", 100).required().exact().unique().filter().search().list(),
        Field::text("slug", "Slug", 100).required().exact().unique().format(Format::Slug).filter().list(),
        Field::text("color", "Colour", 6).format(Format::Color).filter().unindexed(),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::new("comments", "Comments", FieldKind::LongText { max: 65_536 }).search(),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
        Field::count("virtual_circuit_count", "Virtual circuits", "inventory.virtual_circuit", "type"),
    ],
    ..BASE
};
