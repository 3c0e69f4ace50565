//! Layer 2: aggregates as one link, cables that carry bridged frames, shared media.

use std::collections::{BTreeMap, BTreeSet};

use super::edges::Edge;
use super::fuse::Accepted;
use super::scene::{EndRef, NodeRef, PortRef, Scene};
use crate::map::Role;

/// A group of cables that is one link.
#[derive(Debug)]
pub(crate) struct Group {
    /// The two aggregates (or the device, where the aggregate is unknown).
    pub edge: Edge,
    /// Positions of the member cables among the accepted links.
    pub members: Vec<usize>,
}

fn aggregate_of(scene: &Scene, end: &EndRef) -> Option<EndRef> {
    let (device, port) = end.known()?;
    let aggregate = scene.devices[device].ports[port].aggregate?;
    Some(EndRef::port(device, aggregate))
}

/// Pairs aggregates through their member cables, and takes what was said about aggregates as wholes.
pub(crate) fn aggregates(scene: &Scene, accepted: &Accepted) -> Vec<Group> {
    let mut groups: BTreeMap<(EndRef, EndRef), Vec<usize>> = BTreeMap::new();
    for (at, link) in accepted.links.iter().enumerate() {
        let (near, far) = (aggregate_of(scene, &link.a), aggregate_of(scene, &link.b));
        if near.is_none() && far.is_none() {
            continue;
        }
        if [&link.a, &link.b].into_iter().any(|end| matches!(end.node, NodeRef::Segment(_))) {
            continue;
        }
        let a = near.unwrap_or_else(|| EndRef::node(link.a.node));
        let b = far.unwrap_or_else(|| EndRef::node(link.b.node));
        let key = if a <= b { (a, b) } else { (b, a) };
        groups.entry(key).or_default().push(at);
    }
    let mut list: Vec<Group> = groups
        .into_iter()
        .map(|((a, b), members)| {
            let mut votes = Vec::new();
            for member in &members {
                votes.extend(accepted.links[*member].votes.iter().cloned());
            }
            votes.truncate(32);
            Group { edge: Edge { a, b, votes, notes: BTreeSet::new(), doubted: 0 }, members }
        })
        .collect();
    for whole in &accepted.aggregates {
        let same = |group: &&mut Group| {
            let pair = [group.edge.a.node, group.edge.b.node];
            pair == [whole.a.node, whole.b.node] && (group.edge.a == whole.a || group.edge.b == whole.b)
        };
        match list.iter_mut().find(same) {
            Some(group) => group.edge.votes.extend(whole.votes.iter().cloned()),
            None => list.push(Group { edge: whole.clone(), members: Vec::new() }),
        }
    }
    list
}

/// The link carries frames that are bridged on at one end at least, or ends in a shared medium.
pub(crate) fn carries_frames(scene: &Scene, link: &Edge) -> bool {
    [&link.a, &link.b].into_iter().any(|end| match (end.node, &end.port) {
        (NodeRef::Segment(_), _) => true,
        (NodeRef::Stub(stub), _) => matches!(scene.stubs.get(stub).role, Some(Role::Switch | Role::Ap)),
        (NodeRef::Device(device), PortRef::Known(at)) => scene.devices[device].bridges(*at),
        (NodeRef::Device(device), _) => scene.devices[device].is_bridge(),
    })
}
