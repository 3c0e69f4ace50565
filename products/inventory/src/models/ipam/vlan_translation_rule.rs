//! Which local VLAN id becomes which remote one.

use kit::record::{Field, Model, OnDelete};

use crate::models::BASE;

/// VLAN translation rule
pub static VLAN_TRANSLATION_RULE: Model = Model {
    name: "inventory.vlan_translation_rule",
    table: "inventory.vlan_translation_rule",
    collection: "vlan-translation-rules",
    title: "VLAN translation rule",
    title_plural: "VLAN translation rules",
    description: "Which local VLAN id becomes which remote one.",
    icon: "layers-subtract",
    nav_group: Some("VLANs"),
    permission: "inventory/vlan-translation-rules",
    display: "local_vid",
    default_sort: "local_vid",
    fields: &[
        Field::reference("policy", "Policy", "inventory.vlan_translation_policy", OnDelete::Cascade)
            .required(),
        Field::integer("local_vid", "Local vid", 1, 4094).required().filter(),
        Field::integer("remote_vid", "Remote vid", 1, 4094).required().filter(),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::tags(),
        Field::custom_fields(),
    ],
    unique: &[&["policy", "local_vid"], &["policy", "remote_vid"]],
    ..BASE
};
