//! Makers of devices, modules and racks.

use kit::record::{Field, FieldKind, Format, Model};

use crate::intended;
use crate::models::BASE;

/// Manufacturer
pub static MANUFACTURER: Model = Model {
    name: "inventory.manufacturer",
    table: "inventory.manufacturer",
    collection: "manufacturers",
    title: "Manufacturer",
    title_plural: "Manufacturers",
    description: "Makers of devices, modules and racks.",
    icon: "router",
    nav_group: Some("Devices"),
    permission: "inventory/manufacturers",
    fields: &[
        Field::text("name", "Name", 100).required().exact().unique().filter().search().list(),
        Field::text("slug", "Slug", 100).required().exact().unique().format(Format::Slug).filter().list(),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::new("comments", "Comments", FieldKind::LongText { max: 65_536 }).search(),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
        Field::count("devicetype_count", "Device types", "inventory.device_type", "manufacturer"),
        Field::count("moduletype_count", "Module types", "inventory.module_type", "manufacturer"),
        Field::count("inventoryitem_count", "Inventory items", "inventory.inventory_item", "manufacturer"),
        Field::count("platform_count", "Platforms", "inventory.platform", "manufacturer"),
    ],
    hooks: &intended::MANUFACTURER,
    ..BASE
};
