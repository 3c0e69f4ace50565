//! Distribution boards that feeds come from.

use kit::record::{Field, FieldKind, Model, OnDelete};

use crate::models::BASE;

/// Power panel
pub static POWER_PANEL: Model = Model {
    name: "inventory.power_panel",
    table: "inventory.power_panel",
    collection: "power-panels",
    title: "Power panel",
    title_plural: "Power panels",
    description: "Distribution boards that feeds come from.",
    icon: "bolt",
    nav_group: Some("Power and cooling"),
    permission: "inventory/power-panels",
    fields: &[
        Field::reference("site", "Site", "inventory.site", OnDelete::Protect).required().list(),
        Field::reference("location", "Location", "inventory.location", OnDelete::Protect).list(),
        Field::text("name", "Name", 100).required().exact().filter().search().list(),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::new("comments", "Comments", FieldKind::LongText { max: 65_536 }).search(),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
        Field::count("powerfeed_count", "Power feeds", "inventory.power_feed", "power_panel"),
    ],
    unique: &[&["site", "name"]],
    ..BASE
};
