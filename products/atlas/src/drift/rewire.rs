//! Cables that end elsewhere: which of them explain each other, and what would put them right.

use std::collections::{BTreeMap, BTreeSet};

use model::adoption::Repair;
use uuid::Uuid;

use super::cables::{Ends, Far, cable_stated, joined};
use super::intent::At;
use super::scene::{About, Scene, believed};
use super::{Finding, Kind, Type};
use crate::map::Link;

/// Why a path of several cables is not repaired here.
pub(super) const PANELS: &str = "The path goes through patch panels or circuits: which of its cables is wrong cannot be seen from its ends. Correct it in the inventory.";

/// Why a link by radio is not repaired here.
pub(super) const WIRELESS: &str =
    "This is a wireless link, and no cable could take its place. Correct it in the inventory.";

/// Why a cable with several strands is not repaired here.
pub(super) const STRANDS: &str =
    "The cable has several strands, and this difference is about one of them. Correct it in the inventory.";

/// The cable of these ports has several strands.
pub(super) fn stranded(scene: &Scene<'_>, ends: [At; 2]) -> bool {
    let strand =
        |end: At| scene.intents.port(end).1.cable.as_ref().is_some_and(|end| end.connector.is_some());
    ends.into_iter().any(strand)
}

/// Radio joins these ports, as far as the source of truth says.
pub(super) fn by_radio(scene: &Scene<'_>, ends: [At; 2]) -> bool {
    let radio = |end: At| scene.intents.port(end).1.cable.as_ref().is_some_and(|end| end.wireless);
    ends.into_iter().any(radio)
}

/// A cable of which at least one port is observed to be joined to something else.
pub(super) struct Conflict<'a> {
    /// What it should join.
    pub(super) ends: [At; 2],
    /// The cables of its path.
    pub(super) cables: Vec<Uuid>,
    /// What is observed at its ends.
    pub(super) links: Vec<&'a Link>,
}

/// An observed link as the source of truth would name it.
struct Observed<'a> {
    link: &'a Link,
    /// Ends that the source of truth knows.
    ends: [Option<At>; 2],
    title: String,
}

/// Finds for all conflicts; those that explain each other become one.
pub(super) fn resolve<'a>(scene: &mut Scene<'a>, ends: &Ends<'a>, conflicts: &[Conflict<'a>]) {
    let links: BTreeMap<Uuid, Observed<'a>> = conflicts
        .iter()
        .flat_map(|conflict| &conflict.links)
        .map(|link| (link.id, observed(scene, ends, link)))
        .collect();
    for group in components(conflicts, &links) {
        let members: Vec<&Conflict<'a>> = group.iter().map(|at| &conflicts[*at]).collect();
        let mut seen: Vec<&Observed<'a>> =
            members.iter().flat_map(|c| &c.links).map(|link| &links[&link.id]).collect();
        seen.sort_by_key(|observed| observed.link.id);
        seen.dedup_by_key(|observed| observed.link.id);
        match (obstacle(scene, &members, &seen), members.len()) {
            (None, 1) => {
                let repairs = repairs(scene, &members, &seen);
                let finding = moved(scene, members[0], &links).repaired_by(repairs);
                scene.add(finding);
            }
            (None, _) => {
                let repairs = repairs(scene, &members, &seen);
                let finding = exchanged(scene, &members, &seen).repaired_by(repairs);
                scene.add(finding);
            }
            (Some(why), _) => {
                for member in members {
                    let finding = moved(scene, member, &links).blocked_by(why.clone());
                    scene.add(finding);
                }
            }
        }
    }
}

fn observed<'a>(scene: &Scene<'a>, ends: &Ends<'a>, link: &'a Link) -> Observed<'a> {
    let both = [ends.end(scene, &link.a), ends.end(scene, &link.b)];
    let known = both.map(|far| match far {
        Far::Port(seen) => scene.intended_port(seen),
        Far::Named(..) | Far::Unknown => None,
    });
    let title = |far: Far<'_>, known: Option<At>| match (known, far) {
        (Some(at), _) => scene.port_title(at),
        (None, Far::Port(seen)) => scene.seen_title(seen),
        (None, Far::Named(node, Some(interface))) => format!("{} {interface}", node.name),
        (None, Far::Named(node, None)) => node.name.clone(),
        (None, Far::Unknown) => "?".to_owned(),
    };
    let title = format!("{} - {}", title(both[0], known[0]), title(both[1], known[1]));
    Observed { link, ends: known, title }
}

/// Groups of conflicts that touch each other through what is observed.
fn components(conflicts: &[Conflict<'_>], links: &BTreeMap<Uuid, Observed<'_>>) -> Vec<Vec<usize>> {
    let mut end_of: BTreeMap<At, usize> = BTreeMap::new();
    for (at, conflict) in conflicts.iter().enumerate() {
        for end in conflict.ends {
            end_of.insert(end, at);
        }
    }
    let mut group: Vec<usize> = (0..conflicts.len()).collect();
    let root = |group: &[usize], mut at: usize| {
        while group[at] != at {
            at = group[at];
        }
        at
    };
    for (at, conflict) in conflicts.iter().enumerate() {
        for end in conflict.links.iter().flat_map(|link| links[&link.id].ends).flatten() {
            if let Some(other) = end_of.get(&end) {
                let (a, b) = (root(&group, at), root(&group, *other));
                group[a.max(b)] = a.min(b);
            }
        }
    }
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for at in 0..conflicts.len() {
        groups.entry(root(&group, at)).or_default().push(at);
    }
    groups.into_values().collect()
}

/// Why a group cannot be put right by moving cables.
fn obstacle(scene: &Scene<'_>, members: &[&Conflict<'_>], seen: &[&Observed<'_>]) -> Option<String> {
    if members.iter().any(|conflict| conflict.cables.len() != 1) {
        return Some(PANELS.to_owned());
    }
    if members.iter().any(|conflict| by_radio(scene, conflict.ends)) {
        return Some(WIRELESS.to_owned());
    }
    if members.iter().any(|conflict| stranded(scene, conflict.ends)) {
        return Some(STRANDS.to_owned());
    }
    let own: BTreeSet<At> = members.iter().flat_map(|conflict| conflict.ends).collect();
    let mut used = BTreeSet::new();
    for observed in seen {
        let [Some(a), Some(b)] = observed.ends else {
            return Some(format!(
                "One end of {} is not in the inventory: import that device or interface first.",
                observed.title
            ));
        };
        for end in [a, b] {
            if !used.insert(end) {
                return Some(format!("Several cables are observed at {}.", scene.port_title(end)));
            }
            if !own.contains(&end) && scene.intents.port(end).1.cable.is_some() {
                return Some(format!(
                    "{} has another cable in the inventory: correct or accept that one first.",
                    scene.port_title(end)
                ));
            }
        }
    }
    None
}

/// Every observed link takes over a cable that keeps one of its ends; cables that get none go, links
/// that get none are new. Who has the least choice is served first: so rings and chains come out even.
fn repairs(scene: &Scene<'_>, members: &[&Conflict<'_>], seen: &[&Observed<'_>]) -> Vec<Repair> {
    let mut cables: Vec<&&Conflict<'_>> = members.iter().collect();
    let mut links: Vec<[At; 2]> =
        seen.iter().filter_map(|observed| Some([observed.ends[0]?, observed.ends[1]?])).collect();
    let refs = |ends: [At; 2]| ends.map(|end| scene.port_ref(end));
    let mut repairs = Vec::new();
    loop {
        let choices = |conflict: &Conflict<'_>, links: &[[At; 2]]| -> Vec<usize> {
            let keeps = |link: &[At; 2]| link.iter().any(|end| conflict.ends.contains(end));
            (0..links.len()).filter(|at| keeps(&links[*at])).collect()
        };
        let next = (0..cables.len())
            .map(|at| (choices(cables[at], &links), at))
            .filter(|(choices, _)| !choices.is_empty())
            .min_by_key(|(choices, at)| (choices.len(), *at));
        let Some((choices, at)) = next else { break };
        let conflict = cables.remove(at);
        let link = links.remove(choices[0]);
        repairs.push(Repair::MoveCable { cable: conflict.cables[0], ends: refs(link) });
    }
    repairs.extend(cables.iter().map(|conflict| Repair::RemoveCable { cable: conflict.cables[0] }));
    repairs.extend(links.into_iter().map(|link| Repair::AddCable { ends: refs(link) }));
    repairs
}

fn cable_key(members: &[&Conflict<'_>]) -> Vec<String> {
    let mut key: Vec<String> = members.iter().flat_map(|c| &c.cables).map(Uuid::to_string).collect();
    key.sort_unstable();
    key
}

/// One cable that ends elsewhere. With one end where it should be it is the right cable in a wrong port.
fn moved(scene: &Scene<'_>, conflict: &Conflict<'_>, links: &BTreeMap<Uuid, Observed<'_>>) -> Finding {
    let seen: Vec<&Observed<'_>> = conflict.links.iter().map(|link| &links[&link.id]).collect();
    let kept = |observed: &&Observed<'_>| {
        observed.ends.iter().flatten().filter(|end| conflict.ends.contains(end)).count() == 1
    };
    let how = match seen.as_slice() {
        [only] if kept(only) => Type::Misplaced,
        _ => Type::Different,
    };
    finding(scene, &[conflict], &seen, how, "ends")
}

/// Several cables whose ends were exchanged among them.
fn exchanged(scene: &Scene<'_>, members: &[&Conflict<'_>], seen: &[&Observed<'_>]) -> Finding {
    let mut finding = finding(scene, members, seen, Type::Different, "swapped");
    finding.title =
        members.iter().map(|conflict| joined(scene, conflict.ends)).collect::<Vec<_>>().join(", ");
    finding
}

fn finding(
    scene: &Scene<'_>,
    members: &[&Conflict<'_>],
    seen: &[&Observed<'_>],
    how: Type,
    attr: &'static str,
) -> Finding {
    let key = cable_key(members);
    let key: Vec<&str> = key.iter().map(String::as_str).collect();
    let first = members[0];
    let about = About {
        kind: Kind::Cable,
        how,
        attr,
        key: &key,
        title: joined(scene, first.ends),
        intended: Some(first.ends[0].0),
        entity: scene.pairs.entity_of[first.ends[0].0],
    };
    let should: Vec<String> = members.iter().map(|conflict| joined(scene, conflict.ends)).collect();
    let is: Vec<String> = seen.iter().map(|observed| observed.title.clone()).collect();
    scene
        .finding(about)
        .between(Some(should.join(", ")), Some(is.join(", ")))
        .because(members.iter().flat_map(|conflict| conflict.ends).map(|end| cable_stated(scene, end)))
        .because(seen.iter().flat_map(|observed| believed(observed.link)))
}
