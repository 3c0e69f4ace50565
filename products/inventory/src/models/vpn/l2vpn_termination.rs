//! What takes part in an L2VPN.

use kit::record::{Field, Model, OnDelete};

use crate::models::BASE;
use crate::vpn;

/// L2VPN termination
pub static L2VPN_TERMINATION: Model = Model {
    name: "inventory.l2vpn_termination",
    table: "inventory.l2vpn_termination",
    collection: "l2vpn-terminations",
    title: "L2VPN termination",
    title_plural: "L2VPN terminations",
    description: "What takes part in an L2VPN.",
    icon: "plug-connected",
    nav_group: Some("VPN"),
    permission: "inventory/l2vpn-terminations",
    display: "id",
    default_sort: "created_at",
    fields: &[
        Field::reference("l2vpn", "L2VPN", "inventory.l2vpn", OnDelete::Cascade).required().list(),
        Field::generic(
            "assigned_object",
            "Assigned object",
            ["assigned_object_type", "assigned_object_id"],
            &["inventory.interface", "inventory.vlan", "inventory.vm_interface", "inventory.device"],
            OnDelete::Cascade,
        )
        .required()
        .list(),
        Field::tags(),
        Field::custom_fields(),
    ],
    unique: &[&["assigned_object"]],
    hooks: &vpn::L2Terminations,
    ..BASE
};
