//! What a rack is for: compute, network, patching.

use kit::record::{DefaultValue, Field, FieldKind, Format, Model};

use crate::models::BASE;

/// Rack role
pub static RACK_ROLE: Model = Model {
    name: "inventory.rack_role",
    table: "inventory.rack_role",
    collection: "rack-roles",
    title: "Rack role",
    title_plural: "Rack roles",
    description: "What a rack is for: compute, network, patching.",
    icon: "server-2",
    nav_group: Some("Racks"),
    permission: "inventory/rack-roles",
    fields: &[
        Field::text("name", "Name", 100).required().exact().unique().filter().search().list(),
        Field::text("slug", "Slug", 100).required().exact().unique().format(Format::Slug).filter().list(),
        Field::text("color", "Colour", 6)
            .format(Format::Color)
            .filter()
            .default(DefaultValue::Text("9e9e9e")),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::new("comments", "Comments", FieldKind::LongText { max: 65_536 }).search(),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
        Field::count("rack_count", "Racks", "inventory.rack", "role"),
    ],
    ..BASE
};
