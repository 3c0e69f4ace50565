//! The IKE policy and the IPsec policy that tunnels use together.

use kit::record::{Field, FieldKind, Model, OnDelete};

use crate::models::BASE;
use crate::models::choices;

/// IPsec profile
pub static IPSEC_PROFILE: Model = Model {
    name: "inventory.ipsec_profile",
    table: "inventory.ipsec_profile",
    collection: "ipsec-profiles",
    title: "IPsec profile",
    title_plural: "IPsec profiles",
    description: "The IKE policy and the IPsec policy that tunnels use together.",
    icon: "shield-lock",
    nav_group: Some("VPN"),
    permission: "inventory/ipsec-profiles",
    fields: &[
        Field::text("name", "Name", 100).required().exact().unique().filter().search().list(),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::choice("mode", "Mode", choices::IPSEC_MODE).required().list(),
        Field::reference("ike_policy", "IKE policy", "inventory.ike_policy", OnDelete::Protect)
            .required()
            .list(),
        Field::reference("ipsec_policy", "IPsec policy", "inventory.ipsec_policy", OnDelete::Protect)
            .required()
            .list(),
        Field::new("comments", "Comments", FieldKind::LongText { max: 65_536 }).search(),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
    ],
    ..BASE
};
