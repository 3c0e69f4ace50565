//! Registries that space comes from, also for private space.

use kit::record::{Field, FieldKind, Format, Model};

use crate::models::BASE;

/// RIR
pub static RIR: Model = Model {
    name: "inventory.rir",
    table: "inventory.rir",
    collection: "rirs",
    title: "RIR",
    title_plural: "RIRs",
    description: "Registries that space comes from, also for private space.",
    icon: "list-numbers",
    nav_group: Some("Addresses"),
    permission: "inventory/rirs",
    fields: &[
        Field::text("name", "Name", 100).required().exact().unique().filter().search().list(),
        Field::text("slug", "Slug", 100).required().exact().unique().format(Format::Slug).filter().list(),
        Field::boolean("is_private", "Is private", false),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::new("comments", "Comments", FieldKind::LongText { max: 65_536 }).search(),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
        Field::count("aggregate_count", "Aggregates", "inventory.aggregate", "rir"),
    ],
    ..BASE
};
