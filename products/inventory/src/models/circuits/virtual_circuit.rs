//! Circuits through the network of a provider, between interfaces.

use kit::record::{DefaultValue, Field, FieldKind, Model, OnDelete};

use crate::circuits;
use crate::models::BASE;
use crate::models::choices;

/// Virtual circuit
pub static VIRTUAL_CIRCUIT: Model = Model {
    name: "inventory.virtual_circuit",
    table: "inventory.virtual_circuit",
    collection: "virtual-circuits",
    title: "Virtual circuit",
    title_plural: "Virtual circuits",
    description: "Circuits through the network of a provider, between interfaces.",
    icon: "route-2",
    nav_group: Some("Circuits"),
    permission: "inventory/virtual-circuits",
    display: "cid",
    default_sort: "cid",
    fields: &[
        Field::text("cid", "Circuit ID", 100).exact().filter().required().search().list(),
        Field::reference(
            "provider_network",
            "Provider network",
            "inventory.provider_network",
            OnDelete::Protect,
        )
        .required()
        .list(),
        Field::reference(
            "provider_account",
            "Provider account",
            "inventory.provider_account",
            OnDelete::Protect,
        ),
        Field::reference("type", "Type", "inventory.virtual_circuit_type", OnDelete::Protect)
            .required()
            .list(),
        Field::choice("status", "Status", choices::CIRCUIT_STATUS)
            .indexed()
            .default(DefaultValue::Text("active"))
            .list(),
        Field::reference("assigned_tenant", "Tenant", "inventory.tenant", OnDelete::Protect).list(),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::new("comments", "Comments", FieldKind::LongText { max: 65_536 }).search(),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
    ],
    unique: &[&["provider_network", "cid"], &["provider_account", "cid"]],
    hooks: &circuits::VirtualCircuits,
    ..BASE
};
