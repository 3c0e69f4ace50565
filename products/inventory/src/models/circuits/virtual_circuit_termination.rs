//! The interfaces at the ends of a virtual circuit.

use kit::record::{DefaultValue, Field, Model, OnDelete};

use crate::circuits;
use crate::models::BASE;
use crate::models::choices;

/// Virtual circuit termination
pub static VIRTUAL_CIRCUIT_TERMINATION: Model = Model {
    name: "inventory.virtual_circuit_termination",
    table: "inventory.virtual_circuit_termination",
    collection: "virtual-circuit-terminations",
    title: "Virtual circuit termination",
    title_plural: "Virtual circuit terminations",
    description: "The interfaces at the ends of a virtual circuit.",
    icon: "plug-connected",
    nav_group: Some("Circuits"),
    permission: "inventory/virtual-circuit-terminations",
    display: "role",
    default_sort: "role",
    fields: &[
        Field::reference(
            "virtual_circuit",
            "Virtual circuit",
            "inventory.virtual_circuit",
            OnDelete::Cascade,
        )
        .required()
        .list(),
        Field::choice("role", "Role", choices::TERMINATION_ROLE).default(DefaultValue::Text("peer")).list(),
        Field::reference("interface", "Interface", "inventory.interface", OnDelete::Cascade)
            .required()
            .list(),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::tags(),
        Field::custom_fields(),
    ],
    unique: &[&["interface"]],
    hooks: &circuits::VirtualTerminations,
    ..BASE
};
