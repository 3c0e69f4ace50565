//! What runs a cluster: a hypervisor, a cloud, an orchestrator.

use kit::record::{Field, FieldKind, Format, Model};

use crate::models::BASE;

/// Cluster type
pub static CLUSTER_TYPE: Model = Model {
    name: "inventory.cluster_type",
    table: "inventory.cluster_type",
    collection: "cluster-types",
    title: "Cluster type",
    title_plural: "Cluster types",
    description: "What runs a cluster: a hypervisor, a cloud, an orchestrator.",
    icon: "tag",
    nav_group: Some("Virtualization"),
    permission: "inventory/cluster-types",
    fields: &[
        Field::text("name", "Name", 100).required().exact().unique().filter().search().list(),
        Field::text("slug", "Slug", 100).required().exact().unique().format(Format::Slug).filter().list(),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::new("comments", "Comments", FieldKind::LongText { max: 65_536 }).search(),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
        Field::count("cluster_count", "Clusters", "inventory.cluster", "type"),
    ],
    ..BASE
};
