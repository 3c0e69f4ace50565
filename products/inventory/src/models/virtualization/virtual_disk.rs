//! Disks of a virtual machine.

use kit::record::{Field, Model, OnDelete};

use crate::models::BASE;
use crate::virtualization;

/// Virtual disk
pub static VIRTUAL_DISK: Model = Model {
    name: "inventory.virtual_disk",
    table: "inventory.virtual_disk",
    collection: "virtual-disks",
    title: "Virtual disk",
    title_plural: "Virtual disks",
    description: "Disks of a virtual machine.",
    icon: "database",
    nav_group: Some("Virtualization"),
    permission: "inventory/virtual-disks",
    fields: &[
        Field::reference(
            "virtual_machine",
            "Virtual machine",
            "inventory.virtual_machine",
            OnDelete::Cascade,
        )
        .required()
        .list(),
        Field::text("name", "Name", 64).required().exact().filter().search().list(),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::integer("size", "Size", 0, 2_147_483_647).filter().required().list().unit("MB"),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
    ],
    unique: &[&["virtual_machine", "name"]],
    hooks: &virtualization::Disks,
    ..BASE
};
