//! Lines of power from a panel to racks.

use kit::record::{DefaultValue, Field, FieldKind, Model, OnDelete};

use crate::models::BASE;
use crate::models::choices;

/// Power feed
pub static POWER_FEED: Model = Model {
    name: "inventory.power_feed",
    table: "inventory.power_feed",
    collection: "power-feeds",
    title: "Power feed",
    title_plural: "Power feeds",
    description: "Lines of power from a panel to racks.",
    icon: "bolt",
    nav_group: Some("Power and cooling"),
    permission: "inventory/power-feeds",
    fields: &[
        Field::reference("power_panel", "Power panel", "inventory.power_panel", OnDelete::Protect).required(),
        Field::reference("rack", "Rack", "inventory.rack", OnDelete::Protect).list(),
        Field::text("name", "Name", 100).required().exact().filter().search().list(),
        Field::choice("status", "Status", choices::POWER_FEED_STATUS)
            .indexed()
            .default(DefaultValue::Text("active"))
            .list(),
        Field::choice("type", "Type", choices::POWER_FEED_TYPE).list(),
        Field::choice("supply", "Supply", choices::POWER_FEED_SUPPLY),
        Field::choice("phase", "Phase", choices::POWER_FEED_PHASE),
        Field::integer("voltage", "Voltage", -32_768, 32_767).filter().default(DefaultValue::Integer(120)),
        Field::integer("amperage", "Amperage", 1, 32_767).filter().default(DefaultValue::Integer(15)),
        Field::integer("max_utilization", "Max utilization", 1, 100)
            .filter()
            .default(DefaultValue::Integer(80)),
        Field::boolean("mark_connected", "Counts as connected", false),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::reference("assigned_tenant", "Tenant", "inventory.tenant", OnDelete::Protect).list(),
        Field::new("comments", "Comments", FieldKind::LongText { max: 65_536 }).search(),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
    ],
    unique: &[&["power_panel", "name"]],
    ..BASE
};
