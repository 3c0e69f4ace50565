//! Algorithms offered when a tunnel is negotiated (RFC 7296).

use kit::record::{Field, FieldKind, Model};

use crate::models::BASE;
use crate::models::choices;

/// IKE proposal
pub static IKE_PROPOSAL: Model = Model {
    name: "inventory.ike_proposal",
    table: "inventory.ike_proposal",
    collection: "ike-proposals",
    title: "IKE proposal",
    title_plural: "IKE proposals",
    description: "Algorithms offered when a tunnel is negotiated (RFC 7296).",
    icon: "shield-lock",
    nav_group: Some("VPN"),
    permission: "inventory/ike-proposals",
    fields: &[
        Field::text("name", "Name", 100).required().exact().unique().filter().search().list(),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::choice("authentication_method", "Authentication method", choices::AUTHENTICATION_METHOD)
            .required()
            .list(),
        Field::choice("encryption_algorithm", "Encryption", choices::ENCRYPTION_ALGORITHM).required().list(),
        Field::choice("authentication_algorithm", "Authentication", choices::AUTHENTICATION_ALGORITHM).list(),
        Field::choice("group", "Diffie-Hellman group", choices::DH_GROUP).required().list(),
        Field::integer("sa_lifetime", "Lifetime", 0, 2_147_483_647).filter().unit("s"),
        Field::new("comments", "Comments", FieldKind::LongText { max: 65_536 }).search(),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
    ],
    ..BASE
};
