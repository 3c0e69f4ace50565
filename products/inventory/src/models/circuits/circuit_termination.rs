//! The two ends of a circuit: where each is, and what it is patched to.

use kit::record::{Field, Model, OnDelete};

use crate::intended;
use crate::models::BASE;
use crate::models::choices;

/// Circuit termination
pub static CIRCUIT_TERMINATION: Model = Model {
    name: "inventory.circuit_termination",
    table: "inventory.circuit_termination",
    collection: "circuit-terminations",
    title: "Circuit termination",
    title_plural: "Circuit terminations",
    description: "The two ends of a circuit: where each is, and what it is patched to.",
    icon: "plug-connected",
    nav_group: Some("Circuits"),
    permission: "inventory/circuit-terminations",
    display: "term_side",
    default_sort: "term_side",
    fields: &[
        Field::reference("circuit", "Circuit", "inventory.circuit", OnDelete::Cascade).required().list(),
        Field::choice("term_side", "Side", choices::CIRCUIT_SIDE).required().list(),
        Field::generic(
            "termination",
            "Termination",
            ["termination_type", "termination_id"],
            &[
                "inventory.provider_network",
                "inventory.location",
                "inventory.region",
                "inventory.site",
                "inventory.site_group",
            ],
            OnDelete::Cascade,
        )
        .list(),
        Field::integer("port_speed", "Port speed", 0, 2_147_483_647).filter().unit("kbit/s"),
        Field::integer("upstream_speed", "Upstream speed", 0, 2_147_483_647).filter().unit("kbit/s"),
        Field::text("xconnect_id", "Cross-connect ID", 50).exact().filter().search(),
        Field::text("pp_info", "Patch panel and port", 100).exact().filter().search(),
        Field::boolean("mark_connected", "Counts as connected", false),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::tags(),
        Field::custom_fields(),
    ],
    unique: &[&["circuit", "term_side"]],
    hooks: &intended::CIRCUIT_TERMINATION,
    ..BASE
};
