//! Networks of a provider that are not looked into: where its circuits end.

use kit::record::{Field, FieldKind, Model, OnDelete};

use crate::models::BASE;

/// Provider network
pub static PROVIDER_NETWORK: Model = Model {
    name: "inventory.provider_network",
    table: "inventory.provider_network",
    collection: "provider-networks",
    title: "Provider network",
    title_plural: "Provider networks",
    description: "Networks of a provider that are not looked into: where its circuits end.",
    icon: "cloud",
    nav_group: Some("Circuits"),
    permission: "inventory/provider-networks",
    fields: &[
        Field::reference("provider", "Provider", "inventory.provider", OnDelete::Protect).required().list(),
        Field::text("name", "Name", 100).required().exact().filter().search().list(),
        Field::text("service_id", "Service ID", 100).exact().filter().search(),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::new("comments", "Comments", FieldKind::LongText { max: 65_536 }).search(),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
    ],
    unique: &[&["provider", "name"]],
    ..BASE
};
