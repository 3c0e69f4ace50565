//! What a device does, as a tree: router, access switch, firewall.

use kit::record::{DefaultValue, Field, FieldKind, Format, Model, OnDelete};

use crate::intended;
use crate::models::BASE;

/// Device role
pub static DEVICE_ROLE: Model = Model {
    name: "inventory.device_role",
    table: "inventory.device_role",
    collection: "device-roles",
    title: "Device role",
    title_plural: "Device roles",
    description: "What a device does, as a tree: router, access switch, firewall.",
    icon: "router",
    nav_group: Some("Devices"),
    permission: "inventory/device-roles",
    fields: &[
        Field::text("name", "Name", 100).required().exact().filter().search().list(),
        Field::text("slug", "Slug", 100).required().exact().format(Format::Slug).filter().list(),
        Field::text("color", "Colour", 6)
            .format(Format::Color)
            .filter()
            .default(DefaultValue::Text("9e9e9e")),
        Field::boolean("vm_role", "Vm role", true),
        Field::reference("config_template", "Config template", "platform.config_template", OnDelete::SetNull),
        Field::reference("parent", "Parent", "inventory.device_role", OnDelete::Cascade).list(),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
        Field::new("comments", "Comments", FieldKind::LongText { max: 65_536 }).search(),
    ],
    unique_within: &[&["parent", "name"], &["parent", "slug"]],
    parent: Some("parent"),
    hooks: &intended::DEVICE_ROLE,
    ..BASE
};
