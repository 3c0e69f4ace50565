//! Devices that act as one: stacks.

use kit::record::{Field, FieldKind, Model, OnDelete};

use crate::models::BASE;
use crate::stacks;

/// Virtual chassis
pub static VIRTUAL_CHASSIS: Model = Model {
    name: "inventory.virtual_chassis",
    table: "inventory.virtual_chassis",
    collection: "virtual-chassis",
    title: "Virtual chassis",
    title_plural: "Virtual chassis",
    description: "Devices that act as one: stacks.",
    icon: "router",
    nav_group: Some("Devices"),
    permission: "inventory/virtual-chassis",
    fields: &[
        Field::text("name", "Name", 64).required().exact().filter().search().list(),
        Field::text("domain", "Domain", 30).exact().filter(),
        Field::reference("master", "Master", "inventory.device", OnDelete::Protect),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::new("comments", "Comments", FieldKind::LongText { max: 65_536 }).search(),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
    ],
    hooks: &stacks::Stacks,
    ..BASE
};
