//! The ends of a tunnel.

use kit::record::{DefaultValue, Field, Model, OnDelete};

use crate::models::BASE;
use crate::models::choices;

/// Tunnel termination
pub static TUNNEL_TERMINATION: Model = Model {
    name: "inventory.tunnel_termination",
    table: "inventory.tunnel_termination",
    collection: "tunnel-terminations",
    title: "Tunnel termination",
    title_plural: "Tunnel terminations",
    description: "The ends of a tunnel.",
    icon: "plug-connected",
    nav_group: Some("VPN"),
    permission: "inventory/tunnel-terminations",
    display: "role",
    default_sort: "role",
    fields: &[
        Field::reference("tunnel", "Tunnel", "inventory.tunnel", OnDelete::Cascade).required().list(),
        Field::choice("role", "Role", choices::TERMINATION_ROLE).default(DefaultValue::Text("peer")).list(),
        Field::generic(
            "termination",
            "Termination",
            ["termination_type", "termination_id"],
            &[
                "inventory.interface",
                "inventory.vm_interface",
                "inventory.device",
                "inventory.virtual_machine",
            ],
            OnDelete::Cascade,
        )
        .required()
        .list(),
        Field::reference("outside_ip", "Outside address", "inventory.ip_address", OnDelete::Protect),
        Field::tags(),
        Field::custom_fields(),
    ],
    unique: &[&["termination"]],
    ..BASE
};
