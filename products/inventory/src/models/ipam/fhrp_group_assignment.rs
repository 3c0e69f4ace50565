//! Which interface takes part in which FHRP group.

use kit::record::{Field, Model, OnDelete};

use crate::models::BASE;

/// FHRP group assignment
pub static FHRP_GROUP_ASSIGNMENT: Model = Model {
    name: "inventory.fhrp_group_assignment",
    table: "inventory.fhrp_group_assignment",
    collection: "fhrp-group-assignments",
    title: "FHRP group assignment",
    title_plural: "FHRP group assignments",
    description: "Which interface takes part in which FHRP group.",
    icon: "list-numbers",
    nav_group: Some("Addresses"),
    permission: "inventory/fhrp-group-assignments",
    display: "priority",
    default_sort: "priority",
    fields: &[
        Field::reference("group", "Group", "inventory.fhrp_group", OnDelete::Cascade).required().list(),
        Field::generic(
            "interface",
            "Interface",
            ["interface_type", "interface_id"],
            &["inventory.interface", "inventory.vm_interface"],
            OnDelete::Cascade,
        )
        .required(),
        Field::integer("priority", "Priority", 0, 255).required().filter(),
    ],
    unique: &[&["interface", "group"]],
    ..BASE
};
