//! Addresses with the length of their network, and the interface each is on.

use kit::record::{DefaultValue, Field, FieldKind, Format, Model, OnDelete};

use crate::intended;
use crate::models::BASE;
use crate::models::choices;

/// IP address
pub static IP_ADDRESS: Model = Model {
    name: "inventory.ip_address",
    table: "inventory.ip_address",
    collection: "ip-addresses",
    title: "IP address",
    title_plural: "IP addresses",
    description: "Addresses with the length of their network, and the interface each is on.",
    icon: "list-numbers",
    nav_group: Some("Addresses"),
    permission: "inventory/ip-addresses",
    display: "address",
    default_sort: "address",
    fields: &[
        Field::new("address", "Address", FieldKind::Interface).required().filter().search().list(),
        Field::reference("vrf", "VRF", "inventory.vrf", OnDelete::Protect).list(),
        Field::reference("assigned_tenant", "Tenant", "inventory.tenant", OnDelete::Protect).list(),
        Field::choice("status", "Status", choices::IPADDRESS_STATUS)
            .indexed()
            .default(DefaultValue::Text("active"))
            .list(),
        Field::choice("role", "Role", choices::IPADDRESS_ROLE).list(),
        Field::generic(
            "assigned_object",
            "Assigned object",
            ["assigned_object_type", "assigned_object_id"],
            &["inventory.interface", "inventory.fhrp_group", "inventory.vm_interface"],
            OnDelete::Cascade,
        ),
        Field::reference("nat_inside", "NAT inside", "inventory.ip_address", OnDelete::SetNull),
        Field::text("dns_name", "DNS name", 255).format(Format::Lower).filter().search(),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::new("comments", "Comments", FieldKind::LongText { max: 65_536 }).search(),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
    ],
    hooks: &intended::ADDRESS,
    ..BASE
};
