//! What listens on a device, virtual machine or shared address.

use kit::record::{DefaultValue, Field, FieldKind, Model, OnDelete};

use crate::models::BASE;
use crate::models::choices;
use crate::rules;

/// Application service
pub static SERVICE: Model = Model {
    name: "inventory.service",
    table: "inventory.service",
    collection: "services",
    title: "Application service",
    title_plural: "Application services",
    description: "What listens on a device, virtual machine or shared address.",
    icon: "list-numbers",
    nav_group: Some("Addresses"),
    permission: "inventory/services",
    fields: &[
        Field::generic(
            "parent_object",
            "Parent object",
            ["parent_object_type", "parent_object_id"],
            &["inventory.device", "inventory.fhrp_group", "inventory.virtual_machine"],
            OnDelete::Protect,
        )
        .required(),
        Field::text("name", "Name", 100).required().exact().filter().search().list(),
        Field::new("port_mappings", "Port mappings", FieldKind::TextList { max_items: 256, max: 32 })
            .default(DefaultValue::Empty)
            .filter(),
        Field::choice("protocol", "Protocol", choices::SERVICE_PROTOCOL),
        Field::new("ports", "Ports", FieldKind::IntegerList { max_items: 1_000, min: 1, max: 65_535 })
            .filter(),
        Field::references("ipaddresses", "Ipaddresses", "inventory.ip_address"),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::new("comments", "Comments", FieldKind::LongText { max: 65_536 }).search(),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
    ],
    hooks: &rules::Ports,
    ..BASE
};
