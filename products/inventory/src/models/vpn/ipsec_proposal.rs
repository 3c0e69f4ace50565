//! Algorithms offered for what goes through a tunnel.

use kit::record::{Field, FieldKind, Model};

use crate::models::BASE;
use crate::models::choices;
use crate::rules;

/// IPsec proposal
pub static IPSEC_PROPOSAL: Model = Model {
    name: "inventory.ipsec_proposal",
    table: "inventory.ipsec_proposal",
    collection: "ipsec-proposals",
    title: "IPsec proposal",
    title_plural: "IPsec proposals",
    description: "Algorithms offered for what goes through a tunnel.",
    icon: "shield-lock",
    nav_group: Some("VPN"),
    permission: "inventory/ipsec-proposals",
    fields: &[
        Field::text("name", "Name", 100).required().exact().unique().filter().search().list(),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::choice("encryption_algorithm", "Encryption", choices::ENCRYPTION_ALGORITHM).list(),
        Field::choice("authentication_algorithm", "Authentication", choices::AUTHENTICATION_ALGORITHM).list(),
        Field::integer("sa_lifetime_seconds", "Lifetime", 0, 2_147_483_647).filter().unit("s"),
        Field::integer("sa_lifetime_data", "Lifetime by data", 0, 2_147_483_647).filter().unit("KB"),
        Field::new("comments", "Comments", FieldKind::LongText { max: 65_536 }).search(),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
    ],
    hooks: &rules::Algorithms,
    ..BASE
};
