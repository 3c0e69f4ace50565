//! Parts inside a device: transceivers, supplies, line cards.

use kit::record::{DefaultValue, Field, Model, OnDelete};

use crate::models::BASE;
use crate::models::choices;

/// Inventory item
pub static INVENTORY_ITEM: Model = Model {
    name: "inventory.inventory_item",
    table: "inventory.inventory_item",
    collection: "inventory-items",
    title: "Inventory item",
    title_plural: "Inventory items",
    description: "Parts inside a device: transceivers, supplies, line cards.",
    icon: "plug",
    nav_group: Some("Components"),
    permission: "inventory/inventory-items",
    fields: &[
        Field::reference("device", "Device", "inventory.device", OnDelete::Cascade)
            .required()
            .immutable()
            .list(),
        Field::reference("parent", "Parent", "inventory.inventory_item", OnDelete::Cascade).list(),
        Field::text("name", "Name", 64).required().exact().filter().search().list(),
        Field::text("label", "Label", 64).exact().filter().unindexed().search().list(),
        Field::choice("status", "Status", choices::MODULE_STATUS)
            .indexed()
            .default(DefaultValue::Text("active"))
            .list(),
        Field::reference("role", "Role", "inventory.inventory_item_role", OnDelete::Protect).list(),
        Field::reference("manufacturer", "Manufacturer", "inventory.manufacturer", OnDelete::Protect).list(),
        Field::text("part_id", "Part number", 50).exact().filter(),
        Field::text("serial", "Serial", 50).exact().filter().search().list(),
        Field::text("asset_tag", "Asset tag", 50).exact().unique().filter().search().list(),
        Field::boolean("discovered", "Discovered", false),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::generic(
            "component",
            "Component",
            ["component_type", "component_id"],
            &[
                "inventory.console_port",
                "inventory.console_server_port",
                "inventory.cooling_intake",
                "inventory.cooling_outflow",
                "inventory.front_port",
                "inventory.interface",
                "inventory.power_outlet",
                "inventory.power_port",
                "inventory.rear_port",
            ],
            OnDelete::Cascade,
        ),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
    ],
    unique: &[&["device", "parent", "name"]],
    parent: Some("parent"),
    ..BASE
};
