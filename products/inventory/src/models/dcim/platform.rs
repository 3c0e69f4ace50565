//! Operating systems and their versions, as a tree.

use kit::record::{Field, FieldKind, Format, Model, OnDelete};

use crate::intended;
use crate::models::BASE;

/// Platform
pub static PLATFORM: Model = Model {
    name: "inventory.platform",
    table: "inventory.platform",
    collection: "platforms",
    title: "Platform",
    title_plural: "Platforms",
    description: "Operating systems and their versions, as a tree.",
    icon: "router",
    nav_group: Some("Devices"),
    permission: "inventory/platforms",
    fields: &[
        Field::reference("parent", "Parent", "inventory.platform", OnDelete::Cascade).list(),
        Field::text("name", "Name", 100).required().exact().filter().search().list(),
        Field::text("slug", "Slug", 100).required().exact().format(Format::Slug).filter().list(),
        Field::reference("manufacturer", "Manufacturer", "inventory.manufacturer", OnDelete::Protect).list(),
        Field::reference("config_template", "Config template", "platform.config_template", OnDelete::SetNull),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::new("comments", "Comments", FieldKind::LongText { max: 65_536 }).search(),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
    ],
    unique_within: &[&["manufacturer", "name"], &["manufacturer", "slug"]],
    parent: Some("parent"),
    hooks: &intended::PLATFORM,
    ..BASE
};
