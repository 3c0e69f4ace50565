//! Plants that coolant comes from.

use kit::record::{DefaultValue, Field, FieldKind, Model, OnDelete};

use crate::models::BASE;
use crate::models::choices;

/// Cooling source
pub static COOLING_SOURCE: Model = Model {
    name: "inventory.cooling_source",
    table: "inventory.cooling_source",
    collection: "cooling-sources",
    title: "Cooling source",
    title_plural: "Cooling sources",
    description: "Plants that coolant comes from.",
    icon: "bolt",
    nav_group: Some("Power and cooling"),
    permission: "inventory/cooling-sources",
    fields: &[
        Field::reference("site", "Site", "inventory.site", OnDelete::Protect).required().list(),
        Field::reference("location", "Location", "inventory.location", OnDelete::Protect).list(),
        Field::text("name", "Name", 100).required().exact().filter().search().list(),
        Field::choice("type", "Type", choices::COOLING_SOURCE_TYPE).required().list(),
        Field::choice("status", "Status", choices::POWER_FEED_STATUS)
            .indexed()
            .default(DefaultValue::Text("active"))
            .list(),
        Field::choice("fluid_type", "Fluid type", choices::FLUID_TYPE),
        Field::new("cooling_capacity", "Cooling capacity", FieldKind::Decimal { digits: 10, places: 2 })
            .filter(),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::new("comments", "Comments", FieldKind::LongText { max: 65_536 }).search(),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
        Field::count("coolingfeed_count", "Cooling feeds", "inventory.cooling_feed", "cooling_source"),
    ],
    unique: &[&["site", "name"]],
    ..BASE
};
