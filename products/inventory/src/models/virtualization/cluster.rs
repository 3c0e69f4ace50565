//! Hosts that run virtual machines together.

use kit::record::{DefaultValue, Field, FieldKind, Model, OnDelete};

use crate::models::BASE;
use crate::models::choices;
use crate::virtualization;

/// Cluster
pub static CLUSTER: Model = Model {
    name: "inventory.cluster",
    table: "inventory.cluster",
    collection: "clusters",
    title: "Cluster",
    title_plural: "Clusters",
    description: "Hosts that run virtual machines together.",
    icon: "server-2",
    nav_group: Some("Virtualization"),
    permission: "inventory/clusters",
    fields: &[
        Field::text("name", "Name", 100).required().exact().filter().search().list(),
        Field::reference("type", "Type", "inventory.cluster_type", OnDelete::Protect).required().list(),
        Field::reference("group", "Group", "inventory.cluster_group", OnDelete::Protect).list(),
        Field::choice("status", "Status", choices::CLUSTER_STATUS)
            .indexed()
            .default(DefaultValue::Text("active"))
            .list(),
        Field::reference("assigned_tenant", "Tenant", "inventory.tenant", OnDelete::Protect).list(),
        Field::generic(
            "scope",
            "Scope",
            ["scope_type", "scope_id"],
            &["inventory.location", "inventory.region", "inventory.site", "inventory.site_group"],
            OnDelete::SetNull,
        ),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::new("comments", "Comments", FieldKind::LongText { max: 65_536 }).search(),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
        Field::count("device_count", "Devices", "inventory.device", "cluster"),
        Field::count("virtualmachine_count", "Virtual machines", "inventory.virtual_machine", "cluster"),
    ],
    unique: &[&["name", "group"]],
    hooks: &virtualization::Clusters,
    ..BASE
};
