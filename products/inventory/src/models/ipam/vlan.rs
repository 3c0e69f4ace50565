//! Layer 2 broadcast domains (IEEE 802.1Q).

use kit::record::{DefaultValue, Field, FieldKind, Model, OnDelete};

use crate::models::BASE;
use crate::models::choices;

/// VLAN
pub static VLAN: Model = Model {
    name: "inventory.vlan",
    table: "inventory.vlan",
    collection: "vlans",
    title: "VLAN",
    title_plural: "VLANs",
    description: "Layer 2 broadcast domains (IEEE 802.1Q).",
    icon: "layers-subtract",
    nav_group: Some("VLANs"),
    permission: "inventory/vlans",
    fields: &[
        Field::reference("site", "Site", "inventory.site", OnDelete::Protect).list(),
        Field::reference("group", "Group", "inventory.vlan_group", OnDelete::Protect).list(),
        Field::integer("vid", "VLAN ID", 1, 4094).required().indexed().list(),
        Field::text("name", "Name", 64).required().exact().filter().search().list(),
        Field::reference("assigned_tenant", "Tenant", "inventory.tenant", OnDelete::Protect).list(),
        Field::choice("status", "Status", choices::SPACE_STATUS)
            .indexed()
            .default(DefaultValue::Text("active"))
            .list(),
        Field::reference("role", "Role", "inventory.role", OnDelete::SetNull).list(),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::choice("qinq_role", "Q-in-Q role", choices::QINQ_ROLE),
        Field::reference("qinq_svlan", "Q-in-Q service VLAN", "inventory.vlan", OnDelete::Protect),
        Field::new("comments", "Comments", FieldKind::LongText { max: 65_536 }).search(),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
        Field::count("prefix_count", "Prefixes", "inventory.prefix", "vlan"),
    ],
    unique: &[&["group", "vid"], &["group", "name"], &["qinq_svlan", "vid"], &["qinq_svlan", "name"]],
    ..BASE
};
