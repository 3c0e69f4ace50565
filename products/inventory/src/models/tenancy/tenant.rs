//! Whom a thing belongs to or serves: a customer, a department. A label inside this workspace.

use kit::record::{Field, FieldKind, Format, Model, OnDelete};

use crate::models::BASE;

/// Tenant
pub static TENANT: Model = Model {
    name: "inventory.tenant",
    table: "inventory.tenant",
    collection: "tenants",
    title: "Tenant",
    title_plural: "Tenants",
    description: "Whom a thing belongs to or serves: a customer, a department. A label inside this workspace.",
    icon: "users-group",
    nav_group: Some("Organisation"),
    permission: "inventory/tenants",
    fields: &[
        Field::text("name", "Name", 100).required().exact().filter().search().list(),
        Field::text("slug", "Slug", 100).required().exact().format(Format::Slug).filter().list(),
        Field::reference("group", "Group", "inventory.tenant_group", OnDelete::SetNull).list(),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::new("comments", "Comments", FieldKind::LongText { max: 65_536 }).search(),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
        Field::count("device_count", "Devices", "inventory.device", "assigned_tenant"),
        Field::count("ipaddress_count", "IP addresses", "inventory.ip_address", "assigned_tenant"),
        Field::count("prefix_count", "Prefixes", "inventory.prefix", "assigned_tenant"),
        Field::count("rack_count", "Racks", "inventory.rack", "assigned_tenant"),
        Field::count("site_count", "Sites", "inventory.site", "assigned_tenant"),
        Field::count("vlan_count", "VLANs", "inventory.vlan", "assigned_tenant"),
        Field::count("vrf_count", "VRFs", "inventory.vrf", "assigned_tenant"),
        Field::count("circuit_count", "Circuits", "inventory.circuit", "assigned_tenant"),
        Field::count(
            "virtualmachine_count",
            "Virtual machines",
            "inventory.virtual_machine",
            "assigned_tenant",
        ),
        Field::count("cluster_count", "Clusters", "inventory.cluster", "assigned_tenant"),
    ],
    unique_within: &[&["group", "name"], &["group", "slug"]],
    ..BASE
};
