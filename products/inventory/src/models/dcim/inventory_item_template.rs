//! Parts that devices of a type get.

use kit::record::{Field, Model, OnDelete};

use crate::models::BASE;

/// Inventory item template
pub static INVENTORY_ITEM_TEMPLATE: Model = Model {
    name: "inventory.inventory_item_template",
    table: "inventory.inventory_item_template",
    collection: "inventory-item-templates",
    title: "Inventory item template",
    title_plural: "Inventory item templates",
    description: "Parts that devices of a type get.",
    icon: "template",
    nav_group: None,
    permission: "inventory/inventory-item-templates",
    fields: &[
        Field::reference("device_type", "Device type", "inventory.device_type", OnDelete::Cascade)
            .required()
            .list(),
        Field::reference("parent", "Parent", "inventory.inventory_item_template", OnDelete::Cascade).list(),
        Field::text("name", "Name", 64).required().exact().filter().search().list(),
        Field::text("label", "Label", 64).exact().filter().unindexed().search().list(),
        Field::reference("role", "Role", "inventory.inventory_item_role", OnDelete::Protect).list(),
        Field::reference("manufacturer", "Manufacturer", "inventory.manufacturer", OnDelete::Protect).list(),
        Field::text("part_id", "Part number", 50).exact().filter(),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::generic(
            "component",
            "Component",
            ["component_type", "component_id"],
            &[
                "inventory.console_port_template",
                "inventory.console_server_port_template",
                "inventory.cooling_intake_template",
                "inventory.cooling_outflow_template",
                "inventory.front_port_template",
                "inventory.interface_template",
                "inventory.power_outlet_template",
                "inventory.power_port_template",
                "inventory.rear_port_template",
            ],
            OnDelete::Cascade,
        ),
    ],
    unique: &[&["device_type", "parent", "name"]],
    parent: Some("parent"),
    ..BASE
};
