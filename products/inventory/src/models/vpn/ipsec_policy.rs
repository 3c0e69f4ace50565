//! Proposals, and the group that keys are made anew with.

use kit::record::{Field, FieldKind, Model};

use crate::models::BASE;
use crate::models::choices;

/// IPsec policy
pub static IPSEC_POLICY: Model = Model {
    name: "inventory.ipsec_policy",
    table: "inventory.ipsec_policy",
    collection: "ipsec-policies",
    title: "IPsec policy",
    title_plural: "IPsec policies",
    description: "Proposals, and the group that keys are made anew with.",
    icon: "shield-lock",
    nav_group: Some("VPN"),
    permission: "inventory/ipsec-policies",
    fields: &[
        Field::text("name", "Name", 100).required().exact().unique().filter().search().list(),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::references("proposals", "Proposals", "inventory.ipsec_proposal"),
        Field::choice("pfs_group", "Group for perfect forward secrecy", choices::DH_GROUP).list(),
        Field::new("comments", "Comments", FieldKind::LongText { max: 65_536 }).search(),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
    ],
    ..BASE
};
