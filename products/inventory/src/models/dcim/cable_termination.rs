//! The ends of cables: what lies at side A and at side B.

use kit::record::{Choice, Field, Model, OnDelete};

use crate::intended;
use crate::models::BASE;

/// Sides of a cable.
static ENDS: &[Choice] = &[Choice::new("A", "A"), Choice::new("B", "B")];

/// Cable termination
pub static CABLE_TERMINATION: Model = Model {
    name: "inventory.cable_termination",
    table: "inventory.cable_termination",
    collection: "cable-terminations",
    title: "Cable termination",
    title_plural: "Cable terminations",
    description: "The ends of cables: what lies at side A and at side B. One thing ends one cable.",
    icon: "plug-connected",
    nav_group: Some("Cables"),
    permission: "inventory/cable-terminations",
    display: "cable_end",
    default_sort: "created_at",
    fields: &[
        Field::reference("cable", "Cable", "inventory.cable", OnDelete::Cascade)
            .required()
            .immutable()
            .list(),
        Field::choice("cable_end", "End", ENDS).required().list(),
        Field::generic(
            "termination",
            "What ends here",
            ["termination_type", "termination_id"],
            &[
                "inventory.circuit_termination",
                "inventory.console_port",
                "inventory.console_server_port",
                "inventory.front_port",
                "inventory.interface",
                "inventory.power_feed",
                "inventory.power_outlet",
                "inventory.power_port",
                "inventory.rear_port",
            ],
            OnDelete::Cascade,
        )
        .required()
        .list(),
        Field::integer("connector", "Connector", 1, 256).filter(),
    ],
    unique: &[&["termination"], &["cable", "cable_end", "connector"]],
    hooks: &intended::TERMINATION,
    ..BASE
};
