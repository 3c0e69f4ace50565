//! Kinds of parts.

use kit::record::{DefaultValue, Field, FieldKind, Format, Model};

use crate::models::BASE;

/// Inventory item role
pub static INVENTORY_ITEM_ROLE: Model = Model {
    name: "inventory.inventory_item_role",
    table: "inventory.inventory_item_role",
    collection: "inventory-item-roles",
    title: "Inventory item role",
    title_plural: "Inventory item roles",
    description: "Kinds of parts.",
    icon: "plug",
    nav_group: Some("Components"),
    permission: "inventory/inventory-item-roles",
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
        Field::count("inventoryitem_count", "Inventory items", "inventory.inventory_item", "role"),
    ],
    ..BASE
};
