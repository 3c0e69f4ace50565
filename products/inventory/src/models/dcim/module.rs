//! Modules installed in the bays of a device.

use kit::record::{DefaultValue, Field, FieldKind, Model, OnDelete};

use crate::components;
use crate::models::BASE;
use crate::models::choices;

/// Module
pub static MODULE: Model = Model {
    name: "inventory.module",
    table: "inventory.module",
    collection: "modules",
    title: "Module",
    title_plural: "Modules",
    description: "Modules installed in the bays of a device.",
    icon: "router",
    nav_group: Some("Devices"),
    permission: "inventory/modules",
    display: "serial",
    default_sort: "serial",
    fields: &[
        Field::reference("device", "Device", "inventory.device", OnDelete::Cascade).required().list(),
        Field::reference("module_bay", "Module bay", "inventory.module_bay", OnDelete::Cascade).required(),
        Field::reference("module_type", "Module type", "inventory.module_type", OnDelete::Protect).required(),
        Field::choice("status", "Status", choices::MODULE_STATUS)
            .indexed()
            .default(DefaultValue::Text("active"))
            .list(),
        Field::text("serial", "Serial", 50).exact().filter().search().list(),
        Field::text("asset_tag", "Asset tag", 50).exact().unique().filter().search().list(),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::new("comments", "Comments", FieldKind::LongText { max: 65_536 }).search(),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
    ],
    hooks: &components::OfModule,
    ..BASE
};
