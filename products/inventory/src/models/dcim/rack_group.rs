//! Racks that belong together, wherever they stand.

use kit::record::{Field, FieldKind, Format, Model};

use crate::models::BASE;

/// Rack group
pub static RACK_GROUP: Model = Model {
    name: "inventory.rack_group",
    table: "inventory.rack_group",
    collection: "rack-groups",
    title: "Rack group",
    title_plural: "Rack groups",
    description: "Racks that belong together, wherever they stand.",
    icon: "server-2",
    nav_group: Some("Racks"),
    permission: "inventory/rack-groups",
    fields: &[
        Field::text("name", "Name", 100).required().exact().unique().filter().search().list(),
        Field::text("slug", "Slug", 100).required().exact().unique().format(Format::Slug).filter().list(),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::new("comments", "Comments", FieldKind::LongText { max: 65_536 }).search(),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
        Field::count("rack_count", "Racks", "inventory.rack", "group"),
    ],
    ..BASE
};
