//! Runs of addresses that are no prefix: DHCP pools.

use kit::record::{DefaultValue, Field, FieldKind, Model, OnDelete};

use crate::models::BASE;
use crate::models::choices;
use crate::space;

/// IP range
pub static IP_RANGE: Model = Model {
    name: "inventory.ip_range",
    table: "inventory.ip_range",
    collection: "ip-ranges",
    title: "IP range",
    title_plural: "IP ranges",
    description: "Runs of addresses that are no prefix: DHCP pools.",
    icon: "list-numbers",
    nav_group: Some("Addresses"),
    permission: "inventory/ip-ranges",
    display: "start_address",
    default_sort: "start_address",
    fields: &[
        Field::new("start_address", "Start address", FieldKind::Interface).required().filter().search(),
        Field::new("end_address", "End address", FieldKind::Interface).required().filter().search(),
        Field::reference("vrf", "VRF", "inventory.vrf", OnDelete::Protect).list(),
        Field::reference("assigned_tenant", "Tenant", "inventory.tenant", OnDelete::Protect).list(),
        Field::choice("status", "Status", choices::SPACE_STATUS)
            .indexed()
            .default(DefaultValue::Text("active"))
            .list(),
        Field::reference("role", "Role", "inventory.role", OnDelete::SetNull).list(),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::new("comments", "Comments", FieldKind::LongText { max: 65_536 }).search(),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
        Field::boolean("mark_populated", "Counts as filled", false),
        Field::boolean("mark_utilized", "Counts as full", false),
    ],
    hooks: &space::Ranges,
    ..BASE
};
