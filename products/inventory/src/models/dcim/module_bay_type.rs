//! Kinds of module bays: what fits into what.

use kit::record::{Field, FieldKind, Format, Model, OnDelete};

use crate::models::BASE;

/// Module bay type
pub static MODULE_BAY_TYPE: Model = Model {
    name: "inventory.module_bay_type",
    table: "inventory.module_bay_type",
    collection: "module-bay-types",
    title: "Module bay type",
    title_plural: "Module bay types",
    description: "Kinds of module bays: what fits into what.",
    icon: "router",
    nav_group: Some("Devices"),
    permission: "inventory/module-bay-types",
    fields: &[
        Field::text("name", "Name", 100).required().exact().filter().search().list(),
        Field::text("slug", "Slug", 100).required().exact().format(Format::Slug).filter().list(),
        Field::reference("manufacturer", "Manufacturer", "inventory.manufacturer", OnDelete::Protect).list(),
        Field::text("color", "Colour", 6).format(Format::Color).filter().unindexed(),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::new("comments", "Comments", FieldKind::LongText { max: 65_536 }).search(),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
    ],
    unique_within: &[&["manufacturer", "name"], &["manufacturer", "slug"]],
    ..BASE
};
