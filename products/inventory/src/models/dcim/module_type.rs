//! Models of modules that go into module bays.

use kit::record::{Field, FieldKind, Model, OnDelete};

use crate::models::BASE;
use crate::models::choices;
use crate::rules;

/// Module type
pub static MODULE_TYPE: Model = Model {
    name: "inventory.module_type",
    table: "inventory.module_type",
    collection: "module-types",
    title: "Module type",
    title_plural: "Module types",
    description: "Models of modules that go into module bays.",
    icon: "router",
    nav_group: Some("Devices"),
    permission: "inventory/module-types",
    display: "model",
    default_sort: "model",
    fields: &[
        Field::reference("profile", "Profile", "inventory.module_type_profile", OnDelete::Protect),
        Field::reference("manufacturer", "Manufacturer", "inventory.manufacturer", OnDelete::Protect)
            .required()
            .list(),
        Field::text("model", "Model", 100).required().exact().filter().search().list(),
        Field::text("part_number", "Part number", 50).exact().filter().search(),
        Field::choice("airflow", "Airflow", choices::MODULE_AIRFLOW),
        Field::choice("cooling_method", "Cooling method", choices::COOLING_METHOD),
        Field::new("weight", "Weight", FieldKind::Decimal { digits: 8, places: 2 }).filter(),
        Field::choice("weight_unit", "Weight unit", choices::WEIGHT_UNIT),
        Field::new("end_of_life", "End of life", FieldKind::Date).filter(),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::new("attributes", "Attributes", FieldKind::Json),
        Field::references("module_bay_types", "Module bay types", "inventory.module_bay_type"),
        Field::new("comments", "Comments", FieldKind::LongText { max: 65_536 }).search(),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
    ],
    unique: &[&["manufacturer", "model"]],
    hooks: &rules::Sizes,
    ..BASE
};
