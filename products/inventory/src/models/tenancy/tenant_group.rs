//! Groups of tenants, as a tree: customers, departments.

use kit::record::{Field, FieldKind, Format, Model, OnDelete};

use crate::models::BASE;

/// Tenant group
pub static TENANT_GROUP: Model = Model {
    name: "inventory.tenant_group",
    table: "inventory.tenant_group",
    collection: "tenant-groups",
    title: "Tenant group",
    title_plural: "Tenant groups",
    description: "Groups of tenants, as a tree: customers, departments.",
    icon: "users-group",
    nav_group: Some("Organisation"),
    permission: "inventory/tenant-groups",
    fields: &[
        Field::text("name", "Name", 100).required().exact().unique().filter().search().list(),
        Field::text("slug", "Slug", 100).required().exact().unique().format(Format::Slug).filter().list(),
        Field::reference("parent", "Parent", "inventory.tenant_group", OnDelete::Cascade).list(),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
        Field::new("comments", "Comments", FieldKind::LongText { max: 65_536 }).search(),
    ],
    parent: Some("parent"),
    ..BASE
};
