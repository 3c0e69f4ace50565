//! MAC addresses and the interface each belongs to.

use kit::record::{Field, FieldKind, Format, Model, OnDelete};

use crate::intended;
use crate::models::BASE;

/// MAC address
pub static MAC_ADDRESS: Model = Model {
    name: "inventory.mac_address",
    table: "inventory.mac_address",
    collection: "mac-addresses",
    title: "MAC address",
    title_plural: "MAC addresses",
    description: "MAC addresses and the interface each belongs to.",
    icon: "plug",
    nav_group: Some("Components"),
    permission: "inventory/mac-addresses",
    display: "mac_address",
    default_sort: "mac_address",
    fields: &[
        Field::text("mac_address", "MAC address", 23).required().format(Format::Mac).filter().search().list(),
        Field::generic(
            "assigned_object",
            "Assigned object",
            ["assigned_object_type", "assigned_object_id"],
            &["inventory.interface", "inventory.vm_interface"],
            OnDelete::Cascade,
        ),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::new("comments", "Comments", FieldKind::LongText { max: 65_536 }).search(),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
    ],
    hooks: &intended::MAC,
    ..BASE
};
