//! Wireless LANs that belong together, as a tree.

use kit::record::{Field, FieldKind, Format, Model, OnDelete};

use crate::models::BASE;

/// Wireless LAN group
pub static WIRELESS_LAN_GROUP: Model = Model {
    name: "inventory.wireless_lan_group",
    table: "inventory.wireless_lan_group",
    collection: "wireless-lan-groups",
    title: "Wireless LAN group",
    title_plural: "Wireless LAN groups",
    description: "Wireless LANs that belong together, as a tree.",
    icon: "stack-2",
    nav_group: Some("Wireless"),
    permission: "inventory/wireless-lan-groups",
    fields: &[
        Field::text("name", "Name", 100).required().exact().unique().filter().search().list(),
        Field::text("slug", "Slug", 100).required().exact().unique().format(Format::Slug).filter().list(),
        Field::reference("parent", "Parent", "inventory.wireless_lan_group", OnDelete::Cascade).list(),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::new("comments", "Comments", FieldKind::LongText { max: 65_536 }).search(),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
    ],
    parent: Some("parent"),
    ..BASE
};
