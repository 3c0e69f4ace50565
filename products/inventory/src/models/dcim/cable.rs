//! Physical connections with what lies at both ends.

use kit::record::{DefaultValue, Field, FieldKind, Format, Model, OnDelete};

use crate::intended;
use crate::models::BASE;
use crate::models::choices;

/// Cable
pub static CABLE: Model = Model {
    name: "inventory.cable",
    table: "inventory.cable",
    collection: "cables",
    title: "Cable",
    title_plural: "Cables",
    description: "Physical connections with what lies at both ends.",
    icon: "plug-connected",
    nav_group: Some("Cables"),
    permission: "inventory/cables",
    display: "label",
    default_sort: "label",
    fields: &[
        Field::choice("type", "Type", choices::CABLE_TYPE).list(),
        Field::choice("status", "Status", choices::LINK_STATUS)
            .indexed()
            .default(DefaultValue::Text("connected"))
            .list(),
        Field::choice("profile", "Profile", choices::CABLE_PROFILE),
        Field::reference("assigned_tenant", "Tenant", "inventory.tenant", OnDelete::Protect).list(),
        Field::reference("bundle", "Bundle", "inventory.cable_bundle", OnDelete::SetNull),
        Field::text("label", "Label", 100).exact().filter().unindexed().search().list(),
        Field::text("color", "Colour", 6).format(Format::Color).filter().unindexed(),
        Field::new("length", "Length", FieldKind::Decimal { digits: 8, places: 2 }).filter(),
        Field::choice("length_unit", "Length unit", choices::CABLE_LENGTH_UNIT),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::new("comments", "Comments", FieldKind::LongText { max: 65_536 }).search(),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
    ],
    hooks: &intended::CABLE,
    ..BASE
};
