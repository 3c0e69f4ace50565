//! Geographical areas, as a tree: continents, countries, cities.

use kit::record::{Field, FieldKind, Format, Model, OnDelete};

use crate::models::BASE;

/// Region
pub static REGION: Model = Model {
    name: "inventory.region",
    table: "inventory.region",
    collection: "regions",
    title: "Region",
    title_plural: "Regions",
    description: "Geographical areas, as a tree: continents, countries, cities.",
    icon: "building",
    nav_group: Some("Sites"),
    permission: "inventory/regions",
    fields: &[
        Field::text("name", "Name", 100).required().exact().filter().search().list(),
        Field::text("slug", "Slug", 100).required().exact().format(Format::Slug).filter().list(),
        Field::reference("parent", "Parent", "inventory.region", OnDelete::Cascade).list(),
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
