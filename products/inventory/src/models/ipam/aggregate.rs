//! The largest prefixes one has, by registry.

use kit::record::{Field, FieldKind, Model, OnDelete};

use crate::models::BASE;
use crate::space;

/// Aggregate
pub static AGGREGATE: Model = Model {
    name: "inventory.aggregate",
    table: "inventory.aggregate",
    collection: "aggregates",
    title: "Aggregate",
    title_plural: "Aggregates",
    description: "The largest prefixes one has, by registry.",
    icon: "list-numbers",
    nav_group: Some("Addresses"),
    permission: "inventory/aggregates",
    display: "prefix",
    default_sort: "prefix",
    fields: &[
        Field::new("prefix", "Prefix", FieldKind::Prefix).required().filter().search().list(),
        Field::reference("rir", "RIR", "inventory.rir", OnDelete::Protect).required().list(),
        Field::reference("assigned_tenant", "Tenant", "inventory.tenant", OnDelete::Protect).list(),
        Field::new("date_added", "Date added", FieldKind::Date).filter(),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::new("comments", "Comments", FieldKind::LongText { max: 65_536 }).search(),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
    ],
    hooks: &space::Aggregates,
    ..BASE
};
