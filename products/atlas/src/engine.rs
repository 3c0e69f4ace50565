//! The whole build: identity, topology, layout.

use crate::identity;
use crate::layout;
use crate::map::{IdSource, Input, Map};
use crate::topology::{self, Device};

/// Builds the map of one tenant. Pure and deterministic: equal input and equal identifiers give an
/// equal map.
pub fn build(input: &Input<'_>, ids: &mut dyn IdSource) -> Map {
    build_with_devices(input, ids).0
}

/// The map, and the devices it was drawn from, in the order of its entities.
pub(crate) fn build_with_devices(input: &Input<'_>, ids: &mut dyn IdSource) -> (Map, Vec<Device>) {
    let identity = identity::resolve(input, ids);
    let drawn = topology::infer(input, &identity);
    let mut nodes = drawn.nodes;
    layout::place(&mut nodes, &drawn.links, input.prior);
    let ambiguous = identity.ambiguous;
    let mut events = identity.events;
    events.extend(drawn.events);
    let map = Map {
        generated_at: input.now,
        entities: drawn.entities,
        assignments: identity.assignments.into(),
        memory: identity.memory.into(),
        ambiguous,
        proposals: identity.proposals,
        nodes,
        links: drawn.links.into(),
        unplaced: drawn.unplaced,
        events,
    };
    (map, drawn.devices)
}
