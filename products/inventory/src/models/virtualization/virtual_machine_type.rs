//! Sizes of virtual machines, as a provider or a catalogue names them.

use kit::record::{Field, FieldKind, Format, Model, OnDelete};

use crate::models::BASE;

/// Virtual machine type
pub static VIRTUAL_MACHINE_TYPE: Model = Model {
    name: "inventory.virtual_machine_type",
    table: "inventory.virtual_machine_type",
    collection: "virtual-machine-types",
    title: "Virtual machine type",
    title_plural: "Virtual machine types",
    description: "Sizes of virtual machines, as a provider or a catalogue names them.",
    icon: "template",
    nav_group: Some("Virtualization"),
    permission: "inventory/virtual-machine-types",
    fields: &[
        Field::text("name", "Name", 100).required().unique().filter().search().list(),
        Field::text("slug", "Slug", 100).required().exact().unique().format(Format::Slug).filter().list(),
        Field::reference("default_platform", "Default platform", "inventory.platform", OnDelete::SetNull),
        Field::new("default_vcpus", "Default vCPUs", FieldKind::Decimal { digits: 6, places: 2 }).filter(),
        Field::integer("default_memory", "Default memory", 0, 2_147_483_647).filter().unit("MB"),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::new("comments", "Comments", FieldKind::LongText { max: 65_536 }).search(),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
        Field::count(
            "virtual_machine_count",
            "Virtual machines",
            "inventory.virtual_machine",
            "virtual_machine_type",
        ),
    ],
    ..BASE
};
