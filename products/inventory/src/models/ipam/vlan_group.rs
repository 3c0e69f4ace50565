//! Domains in which VLAN ids are unique.

use kit::record::{Field, FieldKind, Format, Model, OnDelete};

use crate::models::BASE;
use crate::rules;

/// VLAN group
pub static VLAN_GROUP: Model = Model {
    name: "inventory.vlan_group",
    table: "inventory.vlan_group",
    collection: "vlan-groups",
    title: "VLAN group",
    title_plural: "VLAN groups",
    description: "Domains in which VLAN ids are unique.",
    icon: "layers-subtract",
    nav_group: Some("VLANs"),
    permission: "inventory/vlan-groups",
    fields: &[
        Field::text("name", "Name", 100).required().exact().filter().search().list(),
        Field::text("slug", "Slug", 100).required().exact().format(Format::Slug).filter().list(),
        Field::generic(
            "scope",
            "Scope",
            ["scope_type", "scope_id"],
            &[
                "inventory.cluster",
                "inventory.cluster_group",
                "inventory.location",
                "inventory.rack",
                "inventory.rack_group",
                "inventory.region",
                "inventory.site",
                "inventory.site_group",
            ],
            OnDelete::SetNull,
        ),
        Field::new("vid_ranges", "VLAN ID ranges", FieldKind::Json)
            .help("Pairs of the first and the last id: [[1, 4094]]."),
        Field::reference("assigned_tenant", "Tenant", "inventory.tenant", OnDelete::Protect).list(),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::new("comments", "Comments", FieldKind::LongText { max: 65_536 }).search(),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
        Field::count("vlan_count", "VLANs", "inventory.vlan", "group"),
    ],
    unique: &[&["scope", "name"], &["scope", "slug"]],
    hooks: &rules::VlanRanges,
    ..BASE
};
