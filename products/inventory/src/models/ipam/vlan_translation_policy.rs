//! Sets of rules that rewrite VLAN ids at an interface.

use kit::record::{Field, FieldKind, Model};

use crate::models::BASE;

/// VLAN translation policy
pub static VLAN_TRANSLATION_POLICY: Model = Model {
    name: "inventory.vlan_translation_policy",
    table: "inventory.vlan_translation_policy",
    collection: "vlan-translation-policies",
    title: "VLAN translation policy",
    title_plural: "VLAN translation policies",
    description: "Sets of rules that rewrite VLAN ids at an interface.",
    icon: "layers-subtract",
    nav_group: Some("VLANs"),
    permission: "inventory/vlan-translation-policies",
    fields: &[
        Field::text("name", "Name", 100).required().exact().unique().filter().search().list(),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::new("comments", "Comments", FieldKind::LongText { max: 65_536 }).search(),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
    ],
    ..BASE
};
