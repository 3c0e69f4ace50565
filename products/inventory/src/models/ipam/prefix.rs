//! Networks, in a tree by what lies in what.

use kit::record::{DefaultValue, Field, FieldKind, Model, OnDelete};

use crate::models::BASE;
use crate::models::choices;
use crate::space;

/// Prefix
pub static PREFIX: Model = Model {
    name: "inventory.prefix",
    table: "inventory.prefix",
    collection: "prefixes",
    title: "Prefix",
    title_plural: "Prefixes",
    description: "Networks, in a tree by what lies in what.",
    icon: "list-numbers",
    nav_group: Some("Addresses"),
    permission: "inventory/prefixes",
    display: "prefix",
    default_sort: "prefix",
    fields: &[
        Field::new("prefix", "Prefix", FieldKind::Prefix).required().filter().search().list(),
        Field::reference("vrf", "VRF", "inventory.vrf", OnDelete::Protect).list(),
        Field::generic(
            "scope",
            "Scope",
            ["scope_type", "scope_id"],
            &["inventory.location", "inventory.region", "inventory.site", "inventory.site_group"],
            OnDelete::SetNull,
        ),
        Field::reference("assigned_tenant", "Tenant", "inventory.tenant", OnDelete::Protect).list(),
        Field::reference("vlan", "VLAN", "inventory.vlan", OnDelete::Protect).list(),
        Field::choice("status", "Status", choices::PREFIX_STATUS)
            .indexed()
            .default(DefaultValue::Text("active"))
            .list(),
        Field::reference("role", "Role", "inventory.role", OnDelete::SetNull).list(),
        Field::boolean("is_pool", "Pool", false),
        Field::boolean("mark_utilized", "Counts as full", false),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::new("comments", "Comments", FieldKind::LongText { max: 65_536 }).search(),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
    ],
    hooks: &space::Prefixes,
    ..BASE
};
