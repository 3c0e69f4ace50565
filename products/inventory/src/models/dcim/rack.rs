//! Racks and cabinets with their height units.

use kit::record::{DefaultValue, Field, FieldKind, Model, OnDelete};

use crate::models::BASE;
use crate::models::choices;
use crate::racks;

/// Rack
pub static RACK: Model = Model {
    name: "inventory.rack",
    table: "inventory.rack",
    collection: "racks",
    title: "Rack",
    title_plural: "Racks",
    description: "Racks and cabinets with their height units.",
    icon: "server-2",
    nav_group: Some("Racks"),
    permission: "inventory/racks",
    fields: &[
        Field::text("name", "Name", 100).required().exact().filter().search().list(),
        Field::text("facility_id", "Facility id", 50).exact().filter(),
        Field::reference("site", "Site", "inventory.site", OnDelete::Protect).required().list(),
        Field::reference("location", "Location", "inventory.location", OnDelete::SetNull).list(),
        Field::reference("group", "Group", "inventory.rack_group", OnDelete::Protect).list(),
        Field::reference("assigned_tenant", "Tenant", "inventory.tenant", OnDelete::Protect).list(),
        Field::choice("status", "Status", choices::RACK_STATUS)
            .indexed()
            .default(DefaultValue::Text("active"))
            .list(),
        Field::reference("role", "Role", "inventory.rack_role", OnDelete::Protect).list(),
        Field::text("serial", "Serial", 50).exact().filter().search().list(),
        Field::text("asset_tag", "Asset tag", 50).exact().unique().filter().search().list(),
        Field::reference("rack_type", "Rack type", "inventory.rack_type", OnDelete::Protect),
        Field::choice("form_factor", "Form factor", choices::RACK_FORM_FACTOR),
        Field::choice("width", "Width", choices::RACK_WIDTH).default(DefaultValue::Text("19")),
        Field::integer("u_height", "Height", 1, 100).filter().default(DefaultValue::Integer(42)),
        Field::integer("starting_unit", "Starting unit", 1, 32_767)
            .filter()
            .default(DefaultValue::Integer(1)),
        Field::new("weight", "Weight", FieldKind::Decimal { digits: 8, places: 2 }).filter(),
        Field::integer("max_weight", "Max weight", 0, 2_147_483_647).filter(),
        Field::choice("weight_unit", "Weight unit", choices::WEIGHT_UNIT),
        Field::boolean("desc_units", "Units from the top", false),
        Field::integer("outer_width", "Outer width", 0, 32_767).filter(),
        Field::integer("outer_height", "Outer height", 0, 32_767).filter(),
        Field::integer("outer_depth", "Outer depth", 0, 32_767).filter(),
        Field::choice("outer_unit", "Outer unit", choices::RACK_DIMENSION_UNIT),
        Field::integer("mounting_depth", "Mounting depth", 0, 32_767).filter(),
        Field::choice("airflow", "Airflow", choices::RACK_AIRFLOW),
        Field::choice("cooling_capability", "Cooling capability", choices::RACK_COOLING_CAPABILITY),
        Field::new("cooling_capacity", "Cooling capacity", FieldKind::Decimal { digits: 10, places: 2 })
            .filter(),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::new("comments", "Comments", FieldKind::LongText { max: 65_536 }).search(),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
        Field::count("device_count", "Devices", "inventory.device", "rack"),
        Field::count("powerfeed_count", "Power feeds", "inventory.power_feed", "rack"),
    ],
    unique: &[&["location", "name"], &["location", "facility_id"]],
    hooks: &racks::rule::OfRack,
    ..BASE
};
