//! Parts of a site, as a tree: floors, rooms, cages.

use kit::record::{DefaultValue, Field, FieldKind, Format, Model, OnDelete};

use crate::models::BASE;
use crate::models::choices;

/// Location
pub static LOCATION: Model = Model {
    name: "inventory.location",
    table: "inventory.location",
    collection: "locations",
    title: "Location",
    title_plural: "Locations",
    description: "Parts of a site, as a tree: floors, rooms, cages.",
    icon: "building",
    nav_group: Some("Sites"),
    permission: "inventory/locations",
    fields: &[
        Field::text("name", "Name", 100).required().exact().filter().search().list(),
        Field::text("slug", "Slug", 100).required().exact().format(Format::Slug).filter().list(),
        Field::reference("site", "Site", "inventory.site", OnDelete::Cascade).required().list(),
        Field::reference("parent", "Parent", "inventory.location", OnDelete::Cascade).list(),
        Field::choice("status", "Status", choices::SITE_STATUS)
            .indexed()
            .default(DefaultValue::Text("active"))
            .list(),
        Field::reference("assigned_tenant", "Tenant", "inventory.tenant", OnDelete::Protect).list(),
        Field::text("facility", "Facility", 50).exact().filter().search(),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
        Field::count("prefix_count", "Prefixes", "inventory.prefix", "scope"),
        Field::new("comments", "Comments", FieldKind::LongText { max: 65_536 }).search(),
    ],
    unique_within: &[&["site", "parent", "name"], &["site", "parent", "slug"]],
    parent: Some("parent"),
    ..BASE
};
