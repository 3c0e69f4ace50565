//! Groups that share a virtual address: VRRP, HSRP.

use kit::record::{Field, FieldKind, Model};

use crate::models::BASE;
use crate::models::choices;

/// FHRP group
pub static FHRP_GROUP: Model = Model {
    name: "inventory.fhrp_group",
    table: "inventory.fhrp_group",
    collection: "fhrp-groups",
    title: "FHRP group",
    title_plural: "FHRP groups",
    description: "Groups that share a virtual address: VRRP, HSRP.",
    icon: "list-numbers",
    nav_group: Some("Addresses"),
    permission: "inventory/fhrp-groups",
    display: "group_id",
    default_sort: "protocol",
    fields: &[
        Field::text("name", "Name", 100).exact().filter().search().list(),
        Field::choice("protocol", "Protocol", choices::FHRPGROUP_PROTOCOL).required(),
        Field::integer("group_id", "Group id", 0, 32_767).required().indexed(),
        Field::choice("auth_type", "Auth type", choices::FHRPGROUP_AUTH_TYPE),
        Field::new("auth_key", "Auth key", FieldKind::Secret { min: 1, max: 255 }),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::new("comments", "Comments", FieldKind::LongText { max: 65_536 }).search(),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
    ],
    ..BASE
};
