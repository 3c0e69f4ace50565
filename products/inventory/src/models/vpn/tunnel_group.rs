//! Tunnels that belong together.

use kit::record::{Field, FieldKind, Format, Model};

use crate::models::BASE;

/// Tunnel group
pub static TUNNEL_GROUP: Model = Model {
    name: "inventory.tunnel_group",
    table: "inventory.tunnel_group",
    collection: "tunnel-groups",
    title: "Tunnel group",
    title_plural: "Tunnel groups",
    description: "Tunnels that belong together.",
    icon: "stack-2",
    nav_group: Some("VPN"),
    permission: "inventory/tunnel-groups",
    fields: &[
        Field::text("name", "Name", 100).required().exact().unique().filter().search().list(),
        Field::text("slug", "Slug", 100).required().exact().unique().format(Format::Slug).filter().list(),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::new("comments", "Comments", FieldKind::LongText { max: 65_536 }).search(),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
        Field::count("tunnel_count", "Tunnels", "inventory.tunnel", "group"),
    ],
    ..BASE
};
