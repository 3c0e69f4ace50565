//! Circuits that stand in for each other.

use kit::record::{Field, FieldKind, Format, Model, OnDelete};

use crate::models::BASE;

/// Circuit group
pub static CIRCUIT_GROUP: Model = Model {
    name: "inventory.circuit_group",
    table: "inventory.circuit_group",
    collection: "circuit-groups",
    title: "Circuit group",
    title_plural: "Circuit groups",
    description: "Circuits that stand in for each other.",
    icon: "stack-2",
    nav_group: Some("Circuits"),
    permission: "inventory/circuit-groups",
    fields: &[
        Field::text("name", "Name", 100).required().exact().unique().filter().search().list(),
        Field::text("slug", "Slug", 100).required().exact().unique().format(Format::Slug).filter().list(),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::reference("assigned_tenant", "Tenant", "inventory.tenant", OnDelete::Protect).list(),
        Field::new("comments", "Comments", FieldKind::LongText { max: 65_536 }).search(),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
        Field::count("circuit_count", "Circuits", "inventory.circuit_group_assignment", "group"),
    ],
    ..BASE
};
