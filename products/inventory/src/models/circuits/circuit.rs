//! Lines bought from a provider, with an end A and an end Z.

use kit::record::{DefaultValue, Field, FieldKind, Model, OnDelete};

use crate::intended;
use crate::models::BASE;
use crate::models::choices;

/// Circuit
pub static CIRCUIT: Model = Model {
    name: "inventory.circuit",
    table: "inventory.circuit",
    collection: "circuits",
    title: "Circuit",
    title_plural: "Circuits",
    description: "Lines bought from a provider, with an end A and an end Z.",
    icon: "route",
    nav_group: Some("Circuits"),
    permission: "inventory/circuits",
    display: "cid",
    default_sort: "cid",
    fields: &[
        Field::text("cid", "Circuit ID", 100).exact().filter().required().search().list(),
        Field::reference("provider", "Provider", "inventory.provider", OnDelete::Protect).required().list(),
        Field::reference(
            "provider_account",
            "Provider account",
            "inventory.provider_account",
            OnDelete::Protect,
        ),
        Field::reference("type", "Type", "inventory.circuit_type", OnDelete::Protect).required().list(),
        Field::choice("status", "Status", choices::CIRCUIT_STATUS)
            .indexed()
            .default(DefaultValue::Text("active"))
            .list(),
        Field::reference("assigned_tenant", "Tenant", "inventory.tenant", OnDelete::Protect).list(),
        Field::new("install_date", "Installed", FieldKind::Date).filter(),
        Field::new("termination_date", "Terminates", FieldKind::Date).filter(),
        Field::integer("commit_rate", "Committed rate", 0, 2_147_483_647).filter().unit("kbit/s"),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::new("distance", "Distance", FieldKind::Decimal { digits: 8, places: 2 }).filter(),
        Field::choice("distance_unit", "Distance unit", choices::DISTANCE_UNIT),
        Field::new("comments", "Comments", FieldKind::LongText { max: 65_536 }).search(),
        Field::tags(),
        Field::custom_fields(),
        Field::owner(),
    ],
    unique: &[&["provider", "cid"], &["provider_account", "cid"]],
    hooks: &intended::CIRCUIT,
    ..BASE
};
