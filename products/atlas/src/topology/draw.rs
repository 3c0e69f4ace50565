//! From candidates to the links of the map.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::edges::Edge;
use super::fuse::Accepted;
use super::l2::{Group, carries_frames};
use super::l3::Relation;
use super::scene::{EndRef, NodeRef, Scene};
use super::stp;
use crate::map::{ContradictionNote, End, Evidence, Grade, Layer, Link, LinkKind, LinkState};

/// Node id of a reference.
pub(crate) fn node_id(scene: &Scene, node: NodeRef) -> Uuid {
    match node {
        NodeRef::Device(at) => scene.devices[at].id,
        NodeRef::Stub(at) => scene.stubs.id(at),
        NodeRef::Segment(at) => scene.segments[at].id,
    }
}

fn end(scene: &Scene, reference: &EndRef) -> End {
    End { device: node_id(scene, reference.node), interface: scene.shown(reference) }
}

/// An interface of the link is down by a current table.
fn port_down(scene: &Scene, ends: [&EndRef; 2]) -> bool {
    ends.into_iter().filter_map(EndRef::known).any(|(device, port)| {
        let device = &scene.devices[device];
        device.ports_fresh && !device.ports[port].oper_up
    })
}

/// What the two interfaces say that does not fit one cable.
fn mismatches(scene: &Scene, edge: &Edge) -> Vec<ContradictionNote> {
    let (Some((a, p)), Some((b, q))) = (edge.a.known(), edge.b.known()) else { return Vec::new() };
    let (x, y) = (&scene.devices[a].ports[p], &scene.devices[b].ports[q]);
    let mut notes = Vec::new();
    let mut note = |code: &str, text: String| notes.push(ContradictionNote { code: code.to_owned(), text });
    if let (Some(speed_x), Some(speed_y)) = (x.speed, y.speed)
        && speed_x != speed_y
        && x.oper_up
        && y.oper_up
    {
        note(
            "speed-differs",
            format!("{speed_x} bit/s at {}, {speed_y} at {}", scene.text(&edge.a), scene.text(&edge.b)),
        );
    }
    let fresh = scene.devices[a].ports_fresh && scene.devices[b].ports_fresh;
    if fresh && x.oper_up != y.oper_up {
        let word = |up: bool| if up { "up" } else { "down" };
        note(
            "oper-differs",
            format!(
                "{} is {}, {} is {}",
                scene.text(&edge.a),
                word(x.oper_up),
                scene.text(&edge.b),
                word(y.oper_up)
            ),
        );
    }
    notes
}

/// What of a link does not depend on its kind.
struct Parts {
    layer: Layer,
    kind: LinkKind,
    state: LinkState,
    confidence: f64,
    grade: Grade,
    evidence: Vec<Evidence>,
    notes: Vec<ContradictionNote>,
}

fn link(scene: &Scene, a: &EndRef, b: &EndRef, parts: Parts) -> Link {
    let (a, b) = (end(scene, a), end(scene, b));
    let (a, b) = if a <= b { (a, b) } else { (b, a) };
    let last_seen = parts.evidence.iter().map(|e| e.seen_at).max().unwrap_or(scene.now);
    let mut evidence = parts.evidence;
    evidence.sort_by(|x, y| (&x.method, &x.source, &x.detail).cmp(&(&y.method, &y.source, &y.detail)));
    evidence.dedup();
    Link {
        id: Link::id_of(parts.layer, parts.kind, &a, &b, ""),
        layer: parts.layer,
        kind: parts.kind,
        a,
        b,
        state: parts.state,
        confidence: rounded(parts.confidence),
        grade: parts.grade,
        first_seen: scene.now.min(last_seen),
        last_seen,
        lag: None,
        blocked: false,
        evidence,
        contradictions: parts.notes,
    }
}

fn rounded(confidence: f64) -> f64 {
    (confidence * 1000.0).round() / 1000.0
}

fn edge_link(scene: &Scene, edge: &Edge, layer: Layer, kind: LinkKind) -> Link {
    let state = if port_down(scene, [&edge.a, &edge.b]) {
        LinkState::Down
    } else if edge.fresh() {
        LinkState::Up
    } else {
        LinkState::Stale
    };
    let mut notes: BTreeSet<ContradictionNote> = edge.notes.clone();
    notes.extend(mismatches(scene, edge));
    let parts = Parts {
        layer,
        kind,
        state,
        confidence: edge.confidence(true),
        // The grade is that of the evidence itself; its age shows in the state.
        grade: Grade::of(edge.confidence(false)),
        evidence: edge.votes.iter().map(super::edges::Vote::evidence).collect(),
        notes: notes.into_iter().collect(),
    };
    link(scene, &edge.a, &edge.b, parts)
}

fn is_segment(edge: &Edge) -> bool {
    [&edge.a, &edge.b].into_iter().any(|end| matches!(end.node, NodeRef::Segment(_)))
}

/// Links of layers 1 and 2.
pub(crate) fn cables(scene: &Scene, accepted: &Accepted, groups: &[Group]) -> Vec<Link> {
    let mut blocked: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for (at, device) in scene.devices.iter().enumerate() {
        let ports = stp::blocked(device);
        if !ports.is_empty() {
            blocked.insert(at, ports);
        }
    }
    let is_blocked = |edge: &Edge| {
        [&edge.a, &edge.b]
            .into_iter()
            .filter_map(EndRef::known)
            .any(|(device, port)| blocked.get(&device).is_some_and(|ports| ports.contains(&port)))
    };
    let mut links = Vec::new();
    let mut lag_of: BTreeMap<usize, Uuid> = BTreeMap::new();
    for group in groups {
        let mut lag = edge_link(scene, &group.edge, Layer::L2, LinkKind::Lag);
        lag.blocked = is_blocked(&group.edge);
        lag_of.extend(group.members.iter().map(|member| (*member, lag.id)));
        links.push(lag);
    }
    for (at, edge) in accepted.links.iter().enumerate() {
        let kind = if is_segment(edge) { LinkKind::Segment } else { LinkKind::Cable };
        let mut cable = edge_link(scene, edge, Layer::L1, kind);
        cable.blocked = is_blocked(edge);
        cable.lag = lag_of.get(&at).copied();
        if cable.lag.is_none() && carries_frames(scene, edge) {
            let mut frames = edge_link(scene, edge, Layer::L2, kind);
            frames.blocked = cable.blocked;
            links.push(frames);
        }
        links.push(cable);
    }
    links
}

/// Links of layer 3.
pub(crate) fn relations<'a>(scene: &Scene, relations: impl Iterator<Item = &'a Relation>) -> Vec<Link> {
    relations
        .map(|relation| {
            let state = if !relation.fresh {
                LinkState::Stale
            } else if port_down(scene, [&relation.a, &relation.b]) || !relation.up || relation.denied {
                LinkState::Down
            } else {
                LinkState::Up
            };
            let parts = Parts {
                layer: Layer::L3,
                kind: relation.kind,
                state,
                confidence: (relation.confidence * relation.factor).min(0.99),
                grade: Grade::of(relation.confidence),
                evidence: relation.evidence.clone(),
                notes: relation.notes.iter().cloned().collect(),
            };
            link(scene, &relation.a, &relation.b, parts)
        })
        .collect()
}

/// The most recent confirmation of a device.
pub(crate) fn last_seen(scene: &Scene, at: usize) -> Option<DateTime<Utc>> {
    scene.devices[at].held.values().map(|held| held.seen_at).max()
}
