//! Sites by purpose rather than place, as a tree: branches, data centres.

use kit::record::{Field, FieldKind, Format, Model, OnDelete};

use crate::models::BASE;

/// Site group
pub static SITE_GROUP: Model = Model {
    name: "inventory.site_group",
    table: "inventory.site_group",
    collection: "site-groups",
    title: "Site group",
    title_plural: "Site groups",
    description: "Sites by purpose rather than place, as a tree: branches, data centres.",
    icon: "building",
    nav_group: Some("Sites"),
    permission: "inventory/site-groups",
    fields: &[
        Field::text("name", "Name", 100).required().exact().filter().search().list(),
        Field::text("slug", "Slug", 100).required().exact().format(Format::Slug).filter().list(),
        Field::reference("parent", "Parent", "inventory.site_group", OnDelete::Cascade).list(),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
        Field::count("prefix_count", "Prefixes", "inventory.prefix", "scope"),
        Field::new("comments", "Comments", FieldKind::LongText { max: 65_536 }).search(),
    ],
    unique_within: &[&["parent", "name"], &["parent", "slug"]],
    parent: Some("parent"),
    ..BASE
};
