//! What a prefix or VLAN is for: customers, management, loopbacks.

use kit::record::{DefaultValue, Field, FieldKind, Format, Model};

use crate::models::BASE;

/// Role
pub static ROLE: Model = Model {
    name: "inventory.role",
    table: "inventory.role",
    collection: "roles",
    title: "Role",
    title_plural: "Roles",
    description: "What a prefix or VLAN is for: customers, management, loopbacks.",
    icon: "list-numbers",
    nav_group: Some("Addresses"),
    permission: "inventory/roles",
    default_sort: "weight",
    fields: &[
        Field::text("name", "Name", 100).required().exact().unique().filter().search().list(),
        Field::text("slug", "Slug", 100).required().exact().unique().format(Format::Slug).filter().list(),
        Field::integer("weight", "Weight", 0, 32_767).filter().default(DefaultValue::Integer(1000)),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::new("comments", "Comments", FieldKind::LongText { max: 65_536 }).search(),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
        Field::count("prefix_count", "Prefixes", "inventory.prefix", "role"),
        Field::count("vlan_count", "VLANs", "inventory.vlan", "role"),
        Field::count("asn_count", "ASNs", "inventory.asn", "role"),
    ],
    ..BASE
};
