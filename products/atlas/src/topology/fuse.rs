//! From candidates to links: aggregates, shared media, one link per physical port.

use std::collections::{BTreeMap, BTreeSet};

use model::{Reason, ReasonCode};

use super::claims::exclusive;
use super::edges::{Edge, Edges};
use super::scene::{EndRef, NodeRef, PortRef, Scene};
use crate::map::{ContradictionNote, UnplacedWhat};

/// Links that were accepted.
#[derive(Debug, Default)]
pub(crate) struct Accepted {
    /// Cables, and memberships of a shared medium.
    pub links: Vec<Edge>,
    /// Statements about aggregates as a whole, when members could not be told apart.
    pub aggregates: Vec<Edge>,
    /// Ports in use, with the position of their link.
    pub used: BTreeMap<EndRef, usize>,
}

impl Accepted {
    /// Takes a link and its ports.
    pub(crate) fn take(&mut self, edge: Edge) {
        for end in [&edge.a, &edge.b] {
            if exclusive(end) {
                self.used.insert(end.clone(), self.links.len());
            }
        }
        self.links.push(edge);
    }

    /// The link at a port, or at a member of the aggregate that the port is.
    pub(crate) fn at(&self, scene: &Scene, device: usize, port: usize) -> Option<&Edge> {
        let direct = self.used.get(&EndRef::port(device, port));
        let members = || {
            scene.devices[device].ports[port]
                .members
                .iter()
                .find_map(|member| self.used.get(&EndRef::port(device, *member)))
        };
        direct.or_else(members).and_then(|at| self.links.get(*at))
    }
}

/// Statements about an interface on top of one port are about that port.
fn lowered(scene: &Scene, end: &EndRef) -> EndRef {
    let Some((device, mut at)) = end.known() else { return end.clone() };
    let ports = &scene.devices[device].ports;
    for _ in 0..4 {
        let port = &ports[at];
        let below = if port.if_type == 161 { &port.members } else { &port.lower };
        match below.as_slice() {
            [only] if !port.physical() => at = *only,
            _ => break,
        }
    }
    EndRef::port(device, at)
}

fn is_aggregate(scene: &Scene, end: &EndRef) -> bool {
    end.known().is_some_and(|(device, at)| scene.devices[device].ports[at].members.len() > 1)
}

/// Chooses among the candidates of LLDP, CDP, LACP and STP.
pub(crate) fn fuse(scene: &mut Scene, edges: Edges) -> Accepted {
    let mut merged = Edges::default();
    for edge in edges.map.into_values() {
        let (a, b) = (lowered(scene, &edge.a), lowered(scene, &edge.b));
        for vote in edge.votes {
            merged.vote(a.clone(), b.clone(), vote);
        }
        for note in edge.notes {
            merged.note(&a, &b, &note.code, note.text);
        }
    }
    let mut accepted = Accepted::default();
    let mut single = Vec::new();
    for edge in merged.map.into_values() {
        if is_aggregate(scene, &edge.a) || is_aggregate(scene, &edge.b) {
            accepted.aggregates.push(edge);
        } else {
            single.push(edge);
        }
    }
    let single = drop_vaguer(single);
    let single = shared_media(scene, single, &mut accepted);
    choose(scene, single, &mut accepted);
    accepted
}

/// A link to an unknown port of a device gives way to one from the same port to a known port of it.
fn drop_vaguer(edges: Vec<Edge>) -> Vec<Edge> {
    let exact: BTreeSet<(EndRef, NodeRef)> = edges
        .iter()
        .filter(|edge| edge.a.port != PortRef::Open && edge.b.port != PortRef::Open)
        .flat_map(|edge| [(edge.a.clone(), edge.b.node), (edge.b.clone(), edge.a.node)])
        .collect();
    edges
        .into_iter()
        .filter(|edge| {
            let vague = |near: &EndRef, far: &EndRef| {
                far.port == PortRef::Open && exact.contains(&(near.clone(), far.node))
            };
            !vague(&edge.a, &edge.b) && !vague(&edge.b, &edge.a)
        })
        .collect()
}

/// Ports that several neighbours share: a hub, a switch that passes LLDP on, a telephone with a
/// computer behind it. They become one segment. One proven neighbour among leftovers is no segment.
fn shared_media(scene: &mut Scene, edges: Vec<Edge>, accepted: &mut Accepted) -> Vec<Edge> {
    let mut at_port: BTreeMap<&EndRef, Vec<usize>> = BTreeMap::new();
    for (number, edge) in edges.iter().enumerate() {
        for end in [&edge.a, &edge.b].into_iter().filter(|end| exclusive(end)) {
            at_port.entry(end).or_default().push(number);
        }
    }
    let mut group: Vec<Option<usize>> = vec![None; edges.len()];
    let mut next = 0;
    for numbers in at_port.values().filter(|numbers| numbers.len() > 1) {
        let sharing = sharing(scene, &edges, numbers);
        if sharing.len() < 2 {
            continue;
        }
        let known: BTreeSet<usize> = sharing.iter().filter_map(|number| group[*number]).collect();
        let into = known.first().copied().unwrap_or(next);
        next += usize::from(known.is_empty());
        for slot in &mut group {
            if slot.is_some_and(|id| known.contains(&id)) {
                *slot = Some(into);
            }
        }
        for number in sharing {
            group[number] = Some(into);
        }
    }
    let mut media: BTreeMap<usize, Vec<Edge>> = BTreeMap::new();
    let mut rest = Vec::new();
    for (edge, group) in edges.into_iter().zip(group) {
        match group {
            Some(id) => media.entry(id).or_default().push(edge),
            None => rest.push(edge),
        }
    }
    for edges in media.into_values() {
        medium(scene, &edges, accepted);
    }
    rest
}

/// Which of the links at one port share it. Equal kinds of proof do; a one-sided row beside a
/// proven one does not, and a row that is denied by its own subject does not.
fn sharing(scene: &Scene, edges: &[Edge], numbers: &[usize]) -> Vec<usize> {
    let proven: Vec<usize> =
        numbers.iter().copied().filter(|n| edges[*n].mutual() && edges[*n].fresh()).collect();
    if !proven.is_empty() {
        return proven;
    }
    let by_stp_only = |n: &usize| edges[*n].votes.iter().all(|v| v.method.as_str().starts_with("stp"));
    let stp: Vec<usize> = numbers.iter().copied().filter(by_stp_only).collect();
    if stp.len() > 1 && stp.len() == numbers.len() {
        return stp;
    }
    let to_stub = |n: &usize| {
        let edge = &edges[*n];
        [&edge.a, &edge.b].into_iter().any(|end| matches!(end.node, NodeRef::Stub(_)))
    };
    let heard: Vec<usize> = numbers
        .iter()
        .copied()
        .filter(|n| edges[*n].fresh() && edges[*n].notes.is_empty() && !by_stp_only(n))
        .collect();
    // Two rows about one stub are one neighbour.
    let mut neighbours: BTreeSet<NodeRef> = BTreeSet::new();
    heard
        .into_iter()
        .filter(|n| {
            let edge = &edges[*n];
            let far = [&edge.a, &edge.b].into_iter().find(|end| matches!(end.node, NodeRef::Stub(_)));
            let far = far.map(|end| match end.node {
                NodeRef::Stub(stub) => NodeRef::Stub(scene.stubs.find(stub)),
                other => other,
            });
            !to_stub(n) || far.is_some_and(|node| neighbours.insert(node))
        })
        .collect()
}

fn medium(scene: &mut Scene, edges: &[Edge], accepted: &mut Accepted) {
    let mut ends: BTreeSet<EndRef> = BTreeSet::new();
    for edge in edges {
        ends.extend([edge.a.clone(), edge.b.clone()]);
    }
    let anchor = ends.iter().find(|end| end.known().is_some()).or_else(|| ends.first()).cloned();
    let Some(anchor) = anchor else { return };
    let text = scene.text(&anchor);
    let key = match anchor.node {
        NodeRef::Device(device) => scene.devices[device].id.to_string(),
        _ => text.clone(),
    };
    let port = scene.shown(&anchor).unwrap_or_default();
    let node = scene.segment(&[&key, &port], format!("behind {text}"));
    for end in ends {
        let votes = edges
            .iter()
            .filter(|edge| edge.a == end || edge.b == end)
            .flat_map(|e| e.votes.clone())
            .collect();
        let hub = EndRef::node(node);
        let (a, b) = if end <= hub { (end, hub) } else { (hub, end) };
        accepted.take(Edge { a, b, votes, notes: BTreeSet::new(), doubted: 0 });
    }
}

/// Greedy matching: a physical port has at most one link, the best proven one.
pub(crate) fn choose(scene: &mut Scene, mut edges: Vec<Edge>, accepted: &mut Accepted) {
    edges.sort_by(|x, y| {
        let rank = |edge: &Edge| (edge.fresh() && edge.mutual(), edge.fresh());
        rank(y)
            .cmp(&rank(x))
            .then(y.confidence(true).total_cmp(&x.confidence(true)))
            .then_with(|| (&x.a, &x.b).cmp(&(&y.a, &y.b)))
    });
    for edge in edges {
        let taken = [&edge.a, &edge.b]
            .into_iter()
            .find_map(|end| accepted.used.get(end).filter(|_| exclusive(end)).map(|at| (end.clone(), *at)));
        match taken {
            None => accepted.take(edge),
            Some((end, winner)) => refuse(scene, &edge, &end, winner, accepted),
        }
    }
}

fn refuse(scene: &mut Scene, edge: &Edge, end: &EndRef, winner: usize, accepted: &mut Accepted) {
    let far = edge.other(end).clone();
    let text = format!("at {} another statement names {}", scene.text(end), scene.text(&far));
    let Some(vote) = edge.votes.first().cloned() else { return };
    let same_stub = |x: &EndRef, y: &EndRef| match (x.node, y.node) {
        (NodeRef::Stub(x), NodeRef::Stub(y)) => scene.stubs.find(x) == scene.stubs.find(y),
        _ => false,
    };
    if same_stub(&far, accepted.links[winner].other(end)) {
        return;
    }
    let won = &mut accepted.links[winner];
    if won.a.node == edge.a.node && won.b.node == edge.b.node && vote.method.as_str().starts_with("fdb") {
        // Forwarding tables name one port of a bundle; that agrees with the cable beside it.
        return;
    }
    if edge.fresh() && edge.confidence(false) >= 0.9 * won.confidence(false) {
        won.doubted += 1;
    }
    won.notes.insert(ContradictionNote {
        code: "other-neighbour".to_owned(),
        text: format!("{text} ({})", vote.detail),
    });
    if vote.method.as_str().starts_with("fdb") {
        return;
    }
    let here = match end.node {
        NodeRef::Device(device) => Some((device, scene.shown(end))),
        _ => None,
    };
    let what = format!("{} at {}", scene.text(&far), scene.text(end));
    let reason = Reason::new(ReasonCode::Contradiction, format!("{}, but {text}", vote.detail));
    scene.lost(UnplacedWhat::Neighbour, what, here, &reason, &vote.source, Some(vote.seen_at));
}
