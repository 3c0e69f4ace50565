//! Routing tables of their own: addresses in two of them never meet.

use kit::record::{Field, FieldKind, Model, OnDelete};

use crate::intended;
use crate::models::BASE;

/// VRF
pub static VRF: Model = Model {
    name: "inventory.vrf",
    table: "inventory.vrf",
    collection: "vrfs",
    title: "VRF",
    title_plural: "VRFs",
    description: "Routing tables of their own: addresses in two of them never meet.",
    icon: "list-numbers",
    nav_group: Some("Addresses"),
    permission: "inventory/vrfs",
    fields: &[
        Field::text("name", "Name", 100).required().exact().filter().search().list(),
        Field::text("rd", "RD", 21).exact().unique().filter(),
        Field::reference("assigned_tenant", "Tenant", "inventory.tenant", OnDelete::Protect).list(),
        Field::boolean("enforce_unique", "Enforce unique", true),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::new("comments", "Comments", FieldKind::LongText { max: 65_536 }).search(),
        Field::references("import_targets", "Import targets", "inventory.route_target"),
        Field::references("export_targets", "Export targets", "inventory.route_target"),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
        Field::count("ipaddress_count", "IP addresses", "inventory.ip_address", "vrf"),
        Field::count("prefix_count", "Prefixes", "inventory.prefix", "vrf"),
    ],
    hooks: &intended::VRF,
    ..BASE
};
