//! How the two sides of a tunnel recognise each other.

use kit::record::{DefaultValue, Field, FieldKind, Model};

use crate::models::BASE;
use crate::models::choices;
use crate::rules;

/// IKE policy
pub static IKE_POLICY: Model = Model {
    name: "inventory.ike_policy",
    table: "inventory.ike_policy",
    collection: "ike-policies",
    title: "IKE policy",
    title_plural: "IKE policies",
    description: "How the two sides of a tunnel recognise each other.",
    icon: "shield-lock",
    nav_group: Some("VPN"),
    permission: "inventory/ike-policies",
    fields: &[
        Field::text("name", "Name", 100).required().exact().unique().filter().search().list(),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::choice("ike_version", "IKE version", choices::IKE_VERSION)
            .default(DefaultValue::Text("2"))
            .list(),
        Field::choice("mode", "Mode", choices::IKE_MODE).list(),
        Field::references("proposals", "Proposals", "inventory.ike_proposal"),
        Field::new("preshared_key", "Pre-shared key", FieldKind::Secret { min: 1, max: 1_000 }),
        Field::new("comments", "Comments", FieldKind::LongText { max: 65_536 }).search(),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
    ],
    hooks: &rules::IkeMode,
    ..BASE
};
