//! Logical devices inside a device.

use kit::record::{Field, FieldKind, Model, OnDelete};

use crate::models::BASE;
use crate::models::choices;

/// Virtual device context
pub static VIRTUAL_DEVICE_CONTEXT: Model = Model {
    name: "inventory.virtual_device_context",
    table: "inventory.virtual_device_context",
    collection: "virtual-device-contexts",
    title: "Virtual device context",
    title_plural: "Virtual device contexts",
    description: "Logical devices inside a device.",
    icon: "router",
    nav_group: Some("Devices"),
    permission: "inventory/virtual-device-contexts",
    fields: &[
        Field::text("name", "Name", 64).required().exact().filter().search().list(),
        Field::reference("device", "Device", "inventory.device", OnDelete::Protect).required().list(),
        Field::integer("identifier", "Identifier", 0, 32_767).filter(),
        Field::reference("assigned_tenant", "Tenant", "inventory.tenant", OnDelete::Protect).list(),
        Field::reference("primary_ip4", "Primary IPv4", "inventory.ip_address", OnDelete::SetNull).list(),
        Field::reference("primary_ip6", "Primary IPv6", "inventory.ip_address", OnDelete::SetNull),
        Field::choice("status", "Status", choices::VIRTUAL_DEVICE_CONTEXT_STATUS).indexed().required().list(),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::new("comments", "Comments", FieldKind::LongText { max: 65_536 }).search(),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
        Field::count("interface_count", "Interfaces", "inventory.interface", "vdcs"),
    ],
    unique: &[&["device", "identifier"], &["device", "name"]],
    ..BASE
};
