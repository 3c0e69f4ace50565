//! Models of devices: height, depth, airflow, and through templates their ports.

use kit::record::{DefaultValue, Field, FieldKind, Format, Model, OnDelete};

use crate::intended;
use crate::models::BASE;
use crate::models::choices;

/// Device type
pub static DEVICE_TYPE: Model = Model {
    name: "inventory.device_type",
    table: "inventory.device_type",
    collection: "device-types",
    title: "Device type",
    title_plural: "Device types",
    description: "Models of devices: height, depth, airflow, and through templates their ports.",
    icon: "router",
    nav_group: Some("Devices"),
    permission: "inventory/device-types",
    display: "model",
    default_sort: "model",
    fields: &[
        Field::reference("manufacturer", "Manufacturer", "inventory.manufacturer", OnDelete::Protect)
            .required()
            .list(),
        Field::reference("default_platform", "Default platform", "inventory.platform", OnDelete::SetNull),
        Field::text("model", "Model", 100).required().exact().filter().search().list(),
        Field::text("slug", "Slug", 100).required().exact().format(Format::Slug).filter().list(),
        Field::text("part_number", "Part number", 50).exact().filter().search(),
        Field::new("u_height", "Height", FieldKind::Decimal { digits: 4, places: 1 })
            .filter()
            .default(DefaultValue::Integer(1)),
        Field::boolean("exclude_from_utilization", "Exclude from utilization", false),
        Field::boolean("is_full_depth", "Full depth", true),
        Field::choice("subdevice_role", "Subdevice role", choices::SUBDEVICE_ROLE),
        Field::choice("airflow", "Airflow", choices::DEVICE_AIRFLOW),
        Field::choice("cooling_method", "Cooling method", choices::COOLING_METHOD),
        Field::new("weight", "Weight", FieldKind::Decimal { digits: 8, places: 2 }).filter(),
        Field::choice("weight_unit", "Weight unit", choices::WEIGHT_UNIT),
        Field::new("end_of_life", "End of life", FieldKind::Date).filter(),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::new("comments", "Comments", FieldKind::LongText { max: 65_536 }).search(),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
    ],
    unique: &[&["manufacturer", "model"], &["manufacturer", "slug"]],
    hooks: &intended::DEVICE_TYPE,
    ..BASE
};
