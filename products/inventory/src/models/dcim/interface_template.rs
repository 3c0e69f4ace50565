//! Interfaces that devices or modules of a type get.

use kit::record::{Field, Model, OnDelete};

use crate::models::BASE;
use crate::models::choices;
use crate::rules;

/// Interface template
pub static INTERFACE_TEMPLATE: Model = Model {
    name: "inventory.interface_template",
    table: "inventory.interface_template",
    collection: "interface-templates",
    title: "Interface template",
    title_plural: "Interface templates",
    description: "Interfaces that devices or modules of a type get.",
    icon: "template",
    nav_group: None,
    permission: "inventory/interface-templates",
    fields: &[
        Field::reference("device_type", "Device type", "inventory.device_type", OnDelete::Cascade).list(),
        Field::reference("module_type", "Module type", "inventory.module_type", OnDelete::Cascade),
        Field::text("name", "Name", 64).required().exact().filter().search().list(),
        Field::text("label", "Label", 64).exact().filter().unindexed().search().list(),
        Field::choice("type", "Type", choices::INTERFACE_TYPE).required().list(),
        Field::integer("channels", "Channels", 1, 1024).filter(),
        Field::integer("channel_id", "Channel id", 1, 1024).filter(),
        Field::boolean("enabled", "Enabled", true).list(),
        Field::boolean("mgmt_only", "Management only", false),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::reference("parent", "Parent", "inventory.interface_template", OnDelete::Protect).list(),
        Field::reference("bridge", "Bridge", "inventory.interface_template", OnDelete::SetNull),
        Field::choice("poe_mode", "PoE mode", choices::INTERFACE_PO_EMODE),
        Field::choice("poe_type", "PoE type", choices::INTERFACE_PO_ETYPE),
        Field::choice("rf_role", "Wireless role", choices::WIRELESS_ROLE),
    ],
    unique: &[&["device_type", "name"], &["module_type", "name"], &["parent", "channel_id"]],
    parent: Some("parent"),
    hooks: &rules::OfOneType,
    ..BASE
};
