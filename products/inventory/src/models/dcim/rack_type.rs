//! Models of racks with their measures.

use kit::record::{DefaultValue, Field, FieldKind, Format, Model, OnDelete};

use crate::models::BASE;
use crate::models::choices;
use crate::rules;

/// Rack type
pub static RACK_TYPE: Model = Model {
    name: "inventory.rack_type",
    table: "inventory.rack_type",
    collection: "rack-types",
    title: "Rack type",
    title_plural: "Rack types",
    description: "Models of racks with their measures.",
    icon: "server-2",
    nav_group: Some("Racks"),
    permission: "inventory/rack-types",
    display: "model",
    default_sort: "model",
    fields: &[
        Field::reference("manufacturer", "Manufacturer", "inventory.manufacturer", OnDelete::Protect)
            .required()
            .list(),
        Field::text("model", "Model", 100).required().exact().filter().search().list(),
        Field::text("slug", "Slug", 100).required().exact().unique().format(Format::Slug).filter().list(),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::choice("form_factor", "Form factor", choices::RACK_FORM_FACTOR).required(),
        Field::choice("width", "Width", choices::RACK_WIDTH).default(DefaultValue::Text("19")),
        Field::integer("u_height", "Height", 1, 100).filter().default(DefaultValue::Integer(42)),
        Field::integer("starting_unit", "Starting unit", 1, 32_767)
            .filter()
            .default(DefaultValue::Integer(1)),
        Field::boolean("desc_units", "Units from the top", false),
        Field::integer("outer_width", "Outer width", 0, 32_767).filter(),
        Field::integer("outer_height", "Outer height", 0, 32_767).filter(),
        Field::integer("outer_depth", "Outer depth", 0, 32_767).filter(),
        Field::choice("outer_unit", "Outer unit", choices::RACK_DIMENSION_UNIT),
        Field::new("weight", "Weight", FieldKind::Decimal { digits: 8, places: 2 }).filter(),
        Field::integer("max_weight", "Max weight", 0, 2_147_483_647).filter(),
        Field::choice("weight_unit", "Weight unit", choices::WEIGHT_UNIT),
        Field::integer("mounting_depth", "Mounting depth", 0, 32_767).filter(),
        Field::choice("cooling_capability", "Cooling capability", choices::RACK_COOLING_CAPABILITY),
        Field::new("cooling_capacity", "Cooling capacity", FieldKind::Decimal { digits: 10, places: 2 })
            .filter(),
        Field::new("comments", "Comments", FieldKind::LongText { max: 65_536 }).search(),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
    ],
    unique: &[&["manufacturer", "model"], &["manufacturer", "slug"]],
    hooks: &rules::Sizes,
    ..BASE
};
