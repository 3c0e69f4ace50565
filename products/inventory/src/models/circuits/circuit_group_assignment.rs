//! Which circuit is in which group, and with what priority.

use kit::record::{Field, Model, OnDelete};

use crate::models::BASE;
use crate::models::choices;

/// Circuit group assignment
pub static CIRCUIT_GROUP_ASSIGNMENT: Model = Model {
    name: "inventory.circuit_group_assignment",
    table: "inventory.circuit_group_assignment",
    collection: "circuit-group-assignments",
    title: "Circuit group assignment",
    title_plural: "Circuit group assignments",
    description: "Which circuit is in which group, and with what priority.",
    icon: "stack-2",
    nav_group: Some("Circuits"),
    permission: "inventory/circuit-group-assignments",
    display: "id",
    default_sort: "created_at",
    fields: &[
        Field::reference("group", "Group", "inventory.circuit_group", OnDelete::Cascade).required().list(),
        Field::generic(
            "member",
            "Member",
            ["member_type", "member_id"],
            &["inventory.circuit", "inventory.virtual_circuit"],
            OnDelete::Cascade,
        )
        .required()
        .list(),
        Field::choice("priority", "Priority", choices::CIRCUIT_PRIORITY).list(),
        Field::tags(),
        Field::custom_fields(),
    ],
    unique: &[&["member", "group"]],
    ..BASE
};
