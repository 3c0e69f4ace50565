//! Services one creates often.

use kit::record::{DefaultValue, Field, FieldKind, Model};

use crate::models::BASE;
use crate::models::choices;
use crate::rules;

/// Application service template
pub static SERVICE_TEMPLATE: Model = Model {
    name: "inventory.service_template",
    table: "inventory.service_template",
    collection: "service-templates",
    title: "Application service template",
    title_plural: "Application service templates",
    description: "Services one creates often.",
    icon: "list-numbers",
    nav_group: Some("Addresses"),
    permission: "inventory/service-templates",
    fields: &[
        Field::text("name", "Name", 100).required().exact().unique().filter().search().list(),
        Field::new("port_mappings", "Port mappings", FieldKind::TextList { max_items: 256, max: 32 })
            .default(DefaultValue::Empty)
            .filter(),
        Field::choice("protocol", "Protocol", choices::SERVICE_PROTOCOL),
        Field::new("ports", "Ports", FieldKind::IntegerList { max_items: 1_000, min: 1, max: 65_535 })
            .filter(),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::new("comments", "Comments", FieldKind::LongText { max: 65_536 }).search(),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
    ],
    hooks: &rules::Ports,
    ..BASE
};
