//! Ranges that autonomous system numbers are taken from.

use kit::record::{Field, FieldKind, Format, Model, OnDelete};

use crate::models::BASE;
use crate::rules;

/// ASN range
pub static ASN_RANGE: Model = Model {
    name: "inventory.asn_range",
    table: "inventory.asn_range",
    collection: "asn-ranges",
    title: "ASN range",
    title_plural: "ASN ranges",
    description: "Ranges that autonomous system numbers are taken from.",
    icon: "list-numbers",
    nav_group: Some("Addresses"),
    permission: "inventory/asn-ranges",
    fields: &[
        Field::text("name", "Name", 100).required().exact().unique().filter().search().list(),
        Field::text("slug", "Slug", 100).required().exact().unique().format(Format::Slug).filter().list(),
        Field::reference("rir", "RIR", "inventory.rir", OnDelete::Protect).required().list(),
        Field::integer("start", "Start", 1, 4_294_967_295).required().filter(),
        Field::integer("end", "End", 1, 4_294_967_295).required().filter(),
        Field::reference("assigned_tenant", "Tenant", "inventory.tenant", OnDelete::Protect).list(),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::new("comments", "Comments", FieldKind::LongText { max: 65_536 }).search(),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
    ],
    hooks: &rules::AsnRange,
    ..BASE
};
