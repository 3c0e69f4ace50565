//! Accounts at a provider, to which it writes its invoices.

use kit::record::{Field, FieldKind, Model, OnDelete};

use crate::models::BASE;

/// Provider account
pub static PROVIDER_ACCOUNT: Model = Model {
    name: "inventory.provider_account",
    table: "inventory.provider_account",
    collection: "provider-accounts",
    title: "Provider account",
    title_plural: "Provider accounts",
    description: "Accounts at a provider, to which it writes its invoices.",
    icon: "receipt",
    nav_group: Some("Circuits"),
    permission: "inventory/provider-accounts",
    display: "account",
    default_sort: "account",
    fields: &[
        Field::reference("provider", "Provider", "inventory.provider", OnDelete::Protect).required().list(),
        Field::text("name", "Name", 100).exact().filter().search().list(),
        Field::text("account", "Account ID", 100).exact().filter().required().search().list(),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::new("comments", "Comments", FieldKind::LongText { max: 65_536 }).search(),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
    ],
    unique: &[&["provider", "account"], &["provider", "name"]],
    ..BASE
};
