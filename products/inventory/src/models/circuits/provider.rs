//! Carriers and others that circuits are bought from.

use kit::record::{Field, FieldKind, Format, Model};

use crate::models::BASE;

/// Provider
pub static PROVIDER: Model = Model {
    name: "inventory.provider",
    table: "inventory.provider",
    collection: "providers",
    title: "Provider",
    title_plural: "Providers",
    description: "Carriers and others that circuits are bought from.",
    icon: "building-broadcast-tower",
    nav_group: Some("Circuits"),
    permission: "inventory/providers",
    fields: &[
        Field::text("name", "Name", 100).required().exact().unique().filter().search().list(),
        Field::text("slug", "Slug", 100).required().exact().unique().format(Format::Slug).filter().list(),
        Field::references("asns", "AS numbers", "inventory.asn"),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::new("comments", "Comments", FieldKind::LongText { max: 65_536 }).search(),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
        Field::count("circuit_count", "Circuits", "inventory.circuit", "provider"),
    ],
    ..BASE
};
