//! Autonomous system numbers (RFC 6793).

use kit::record::{Field, FieldKind, Model, OnDelete};

use crate::models::BASE;

/// ASN
pub static ASN: Model = Model {
    name: "inventory.asn",
    table: "inventory.asn",
    collection: "asns",
    title: "ASN",
    title_plural: "ASNs",
    description: "Autonomous system numbers (RFC 6793).",
    icon: "list-numbers",
    nav_group: Some("Addresses"),
    permission: "inventory/asns",
    display: "asn",
    default_sort: "asn",
    fields: &[
        Field::integer("asn", "ASN", 1, 4_294_967_295).required().unique().indexed().list(),
        Field::reference("rir", "RIR", "inventory.rir", OnDelete::Protect).list(),
        Field::reference("role", "Role", "inventory.role", OnDelete::SetNull).list(),
        Field::reference("assigned_tenant", "Tenant", "inventory.tenant", OnDelete::Protect).list(),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::new("comments", "Comments", FieldKind::LongText { max: 65_536 }).search(),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
        Field::count("site_count", "Sites", "inventory.site", "asns"),
        Field::references("sites", "Sites", "inventory.site"),
        Field::count("provider_count", "Providers", "inventory.provider", "asns"),
    ],
    ..BASE
};
