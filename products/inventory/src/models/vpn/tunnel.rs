//! Connections through another network, with two ends or more.

use kit::record::{DefaultValue, Field, FieldKind, Model, OnDelete};

use crate::models::BASE;
use crate::models::choices;

/// Tunnel
pub static TUNNEL: Model = Model {
    name: "inventory.tunnel",
    table: "inventory.tunnel",
    collection: "tunnels",
    title: "Tunnel",
    title_plural: "Tunnels",
    description: "Connections through another network, with two ends or more.",
    icon: "arrows-right-left",
    nav_group: Some("VPN"),
    permission: "inventory/tunnels",
    fields: &[
        Field::text("name", "Name", 100).required().exact().unique().filter().search().list(),
        Field::choice("status", "Status", choices::TUNNEL_STATUS)
            .indexed()
            .default(DefaultValue::Text("active"))
            .list(),
        Field::reference("group", "Group", "inventory.tunnel_group", OnDelete::Protect).list(),
        Field::choice("encapsulation", "Encapsulation", choices::TUNNEL_ENCAPSULATION).required().list(),
        Field::reference("ipsec_profile", "IPsec profile", "inventory.ipsec_profile", OnDelete::Protect),
        Field::reference("assigned_tenant", "Tenant", "inventory.tenant", OnDelete::Protect).list(),
        Field::integer("tunnel_id", "Tunnel ID", 0, i64::MAX).filter().list(),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::new("comments", "Comments", FieldKind::LongText { max: 65_536 }).search(),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
        Field::count("terminations_count", "Terminations", "inventory.tunnel_termination", "tunnel"),
    ],
    ..BASE
};
