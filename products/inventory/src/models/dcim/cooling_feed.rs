//! Loops of coolant from a source.

use kit::record::{DefaultValue, Field, FieldKind, Model, OnDelete};

use crate::models::BASE;
use crate::models::choices;

/// Cooling feed
pub static COOLING_FEED: Model = Model {
    name: "inventory.cooling_feed",
    table: "inventory.cooling_feed",
    collection: "cooling-feeds",
    title: "Cooling feed",
    title_plural: "Cooling feeds",
    description: "Loops of coolant from a source.",
    icon: "bolt",
    nav_group: Some("Power and cooling"),
    permission: "inventory/cooling-feeds",
    fields: &[
        Field::reference("cooling_source", "Cooling source", "inventory.cooling_source", OnDelete::Protect)
            .required(),
        Field::reference("rack", "Rack", "inventory.rack", OnDelete::Protect).list(),
        Field::text("name", "Name", 100).required().exact().filter().search().list(),
        Field::choice("status", "Status", choices::POWER_FEED_STATUS)
            .indexed()
            .default(DefaultValue::Text("active"))
            .list(),
        Field::new("cooling_capacity", "Cooling capacity", FieldKind::Decimal { digits: 10, places: 2 })
            .filter(),
        Field::new("max_flow", "Max flow", FieldKind::Decimal { digits: 8, places: 2 }).filter(),
        Field::choice("max_flow_unit", "Max flow unit", choices::FLOW_RATE_UNIT),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::reference("assigned_tenant", "Tenant", "inventory.tenant", OnDelete::Protect).list(),
        Field::new("comments", "Comments", FieldKind::LongText { max: 65_536 }).search(),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
    ],
    unique: &[&["cooling_source", "name"]],
    ..BASE
};
