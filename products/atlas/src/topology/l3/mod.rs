//! Layer 3: shared subnets, OSPF, IS-IS and BGP.

mod routing;
mod subnets;

use std::collections::{BTreeMap, BTreeSet};

use super::device::Held;
use super::scene::{EndRef, Scene};
use crate::map::{ContradictionNote, Evidence, LinkKind};

/// A layer 3 relation.
#[derive(Clone, Debug)]
pub(crate) struct Relation {
    /// Kind.
    pub kind: LinkKind,
    /// The end that sorts first.
    pub a: EndRef,
    /// The other end.
    pub b: EndRef,
    /// Confidence with current evidence.
    pub confidence: f64,
    /// Freshness factor of the best evidence.
    pub factor: f64,
    /// Any evidence is current.
    pub fresh: bool,
    /// An end says it is up.
    pub up: bool,
    /// An end says, just now, that it is not.
    pub denied: bool,
    /// Why.
    pub evidence: Vec<Evidence>,
    /// What speaks against it.
    pub notes: BTreeSet<ContradictionNote>,
}

/// Relations by kind and ends.
#[derive(Debug, Default)]
pub(crate) struct Relations {
    /// The relations.
    pub map: BTreeMap<(LinkKind, EndRef, EndRef), Relation>,
}

fn evidence(held: &Held, method: &str, detail: String) -> Evidence {
    Evidence { source: held.source.clone(), method: method.to_owned(), seen_at: held.seen_at, detail }
}

impl Relations {
    #[expect(clippy::too_many_arguments, reason = "one relation with everything that is said of it")]
    fn add(
        &mut self,
        kind: LinkKind,
        x: EndRef,
        y: EndRef,
        weight: f64,
        up: bool,
        held: &Held,
        evidence: Evidence,
    ) {
        let (a, b) = if x <= y { (x, y) } else { (y, x) };
        let relation = self.map.entry((kind, a.clone(), b.clone())).or_insert_with(|| Relation {
            kind,
            a,
            b,
            confidence: 0.0,
            factor: 0.0,
            fresh: false,
            up: false,
            denied: false,
            evidence: Vec::new(),
            notes: BTreeSet::new(),
        });
        relation.confidence = relation.confidence.max(weight);
        relation.factor = relation.factor.max(held.factor);
        relation.fresh |= held.fresh;
        // A stale "established" does not outvote a fresh "idle".
        relation.up |= up;
        relation.denied |= !up && held.fresh;
        if relation.evidence.len() < 32 {
            relation.evidence.push(evidence);
        }
    }
}

/// All layer 3 relations. `cabled` says that two interfaces share a cable.
pub(crate) fn collect(scene: &mut Scene, cabled: &BTreeSet<(EndRef, EndRef)>) -> Relations {
    let mut relations = Relations::default();
    subnets::collect(scene, cabled, &mut relations);
    routing::collect(scene, &mut relations);
    relations
}

fn note(relations: &mut Relations, kind: LinkKind, x: &EndRef, y: &EndRef, code: &str, text: String) {
    let (a, b) = if x <= y { (x, y) } else { (y, x) };
    if let Some(relation) = relations.map.get_mut(&(kind, a.clone(), b.clone())) {
        relation.notes.insert(ContradictionNote { code: code.to_owned(), text });
    }
}
