//! Clusters that belong together.

use kit::record::{Field, FieldKind, Format, Model};

use crate::models::BASE;

/// Cluster group
pub static CLUSTER_GROUP: Model = Model {
    name: "inventory.cluster_group",
    table: "inventory.cluster_group",
    collection: "cluster-groups",
    title: "Cluster group",
    title_plural: "Cluster groups",
    description: "Clusters that belong together.",
    icon: "stack-2",
    nav_group: Some("Virtualization"),
    permission: "inventory/cluster-groups",
    fields: &[
        Field::text("name", "Name", 100).required().exact().unique().filter().search().list(),
        Field::text("slug", "Slug", 100).required().exact().unique().format(Format::Slug).filter().list(),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::new("comments", "Comments", FieldKind::LongText { max: 65_536 }).search(),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
        Field::count("cluster_count", "Clusters", "inventory.cluster", "group"),
    ],
    ..BASE
};
