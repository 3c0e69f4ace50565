//! What goes into the engine and what comes out: plain values, no I/O.
//!
//! [`crate::build`] turns an [`Input`] (the documents of ONE tenant, what was believed before, what
//! people decided) into a [`Map`]. Equal input gives an equal map: identifiers of entities come from
//! an injected [`IdSource`], every other identifier is derived from what it names.
//! [`Map::topology`] is the answer of `GET /api/v1/atlas/topology`, field for field.

mod entity;
mod fingerprint;
mod ids;
mod input;
mod link;
mod node;
mod unplaced;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use entity::{AmbiguousKey, Assignment, Entity, EntityMemory, IdentityKey, KeyKind, Proposal};
pub use ids::{ClockIds, IdSource, SequentialIds, derived_id};
pub use input::{Decision, DecisionKind, DocumentView, Failure, Input, Limits, Prior, SubjectView};
pub use link::{ContradictionNote, End, Evidence, Grade, Layer, Link, LinkKind, LinkState};
pub use node::{Freshness, Node, NodeKind, Position, Role, Status};
pub use unplaced::{ReasonView, SeenOn, Unplaced, UnplacedWhat};

/// What changed against the prior state.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum MapEvent {
    /// A device appeared.
    Created {
        /// The entity.
        entity: Uuid,
        /// Its name.
        name: String,
    },
    /// Entities turned out to be one.
    Merged {
        /// The survivor.
        into: Uuid,
        /// The id that is now an alias of the survivor.
        from: Uuid,
    },
    /// Subjects left an entity for another one.
    Split {
        /// The entity they left.
        from: Uuid,
        /// Where they are now.
        into: Uuid,
    },
    /// The hardware of a device was replaced (same name and address, other serial).
    Replaced {
        /// The entity.
        entity: Uuid,
    },
    /// A link appeared, came up, went down, disappeared or went stale.
    Link {
        /// The link.
        link: Uuid,
        /// Its layer.
        layer: Layer,
        /// Its state before; `None` when new.
        before: Option<LinkState>,
        /// Its state now.
        after: LinkState,
    },
}

/// The result of one build. What the next build goes on from is shared with it, not copied.
#[derive(Clone, Debug, PartialEq)]
pub struct Map {
    /// The instant it is drawn for.
    pub generated_at: DateTime<Utc>,
    /// Resolved devices by id.
    pub entities: Vec<Entity>,
    /// Which subject speaks for which entity, for every bound subject; to be passed as prior.
    pub assignments: Arc<Vec<Assignment>>,
    /// What every entity of the last months was recognised by; to be passed as prior.
    pub memory: Arc<Vec<EntityMemory>>,
    /// Keys that lost their meaning.
    pub ambiguous: Vec<AmbiguousKey>,
    /// Pairs a person should look at.
    pub proposals: Vec<Proposal>,
    /// Devices, stubs and segments of all layers, with positions.
    pub nodes: Vec<Node>,
    /// Links of all layers, also those gone; to be passed as prior.
    pub links: Arc<Vec<Link>>,
    /// What could not be placed.
    pub unplaced: Vec<Unplaced>,
    /// What changed against the prior state.
    pub events: Vec<MapEvent>,
}

/// One layer of the map: the answer of `GET /api/v1/atlas/topology`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Topology {
    /// Layer.
    pub layer: Layer,
    /// When the map was computed.
    pub generated_at: DateTime<Utc>,
    /// Revision of the stored map.
    pub revision: i64,
    /// Nodes.
    pub nodes: Vec<Node>,
    /// Links.
    pub links: Vec<Link>,
    /// Reserved for compound hulls; empty.
    pub groups: Vec<serde_json::Value>,
}

impl Map {
    /// One layer: all devices, and those stubs and segments that carry a link of the layer.
    pub fn topology(&self, layer: Layer, revision: i64) -> Topology {
        let links: Vec<Link> = self.links.iter().filter(|link| link.layer == layer).cloned().collect();
        let mut degree: BTreeMap<Uuid, u32> = BTreeMap::new();
        for link in &links {
            for end in [&link.a, &link.b] {
                let count = degree.entry(end.device).or_default();
                *count += u32::from(link.state != LinkState::Gone);
            }
        }
        let nodes = self
            .nodes
            .iter()
            .filter(|node| node.kind == NodeKind::Device || degree.contains_key(&node.id))
            .cloned()
            .map(|mut node| {
                node.degree = degree.get(&node.id).copied().unwrap_or(0);
                node
            })
            .collect();
        Topology { layer, generated_at: self.generated_at, revision, nodes, links, groups: Vec::new() }
    }

    /// What the next build needs to know of this one.
    pub fn to_prior(&self, pins: BTreeMap<Uuid, Position>) -> Prior {
        Prior {
            assignments: Arc::clone(&self.assignments),
            memory: Arc::clone(&self.memory),
            links: Arc::clone(&self.links),
            positions: self.nodes.iter().map(|node| (node.id, Position { x: node.x, y: node.y })).collect(),
            pins,
        }
    }

    /// The ids of all entities, for membership tests.
    pub fn entity_ids(&self) -> BTreeSet<Uuid> {
        self.entities.iter().map(|entity| entity.id).collect()
    }
}
