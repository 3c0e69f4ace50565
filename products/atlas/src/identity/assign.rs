//! From clusters to entities: who keeps which id, who is new, what merged and what split.

use std::collections::{BTreeMap, BTreeSet};

use model::Subject;
use uuid::Uuid;

use super::cluster::{Cluster, Clustering};
use super::compare::{Groups, MERGE_AT};
use super::keys::{Facts, is_fresh};
use super::{Identity, Resolved, contested};
use crate::map::{Assignment, EntityMemory, IdSource, IdentityKey, Input, KeyKind, MapEvent, Proposal};

/// Days an entity is remembered after its last subject went.
const REMEMBER_DAYS: i64 = 180;
/// Proposals listed at most.
const PROPOSALS: usize = 200;

/// What the assignment looks at.
pub(super) struct Scene<'a> {
    /// The build's input.
    pub input: &'a Input<'a>,
    /// Sorted positions into the input's subjects.
    pub order: &'a [usize],
    /// The sorted subjects.
    pub subjects: &'a [&'a Subject],
    /// Their facts.
    pub facts: &'a [Facts],
    /// Their prior assignments, where these still mean something.
    pub before: &'a [Option<&'a Assignment>],
}

fn strong(kind: KeyKind) -> bool {
    matches!(
        kind,
        KeyKind::Serial
            | KeyKind::BridgeMac
            | KeyKind::InterfaceMac
            | KeyKind::Engine
            | KeyKind::RouterId
            | KeyKind::LldpChassis
            | KeyKind::AddressWithMac
    )
}

/// A prior assignment is void when the subject now is plainly another device: its name changed and
/// no strong key stayed (an address that DHCP or a failover gave to somebody else). The same name
/// with new hardware is a replacement and keeps its entity.
pub(super) fn still_means(before: &Assignment, facts: &Facts) -> bool {
    let old: BTreeSet<&IdentityKey> = before.keys.iter().filter(|key| strong(key.kind)).collect();
    let new: BTreeSet<&IdentityKey> = facts.keys.iter().filter(|key| strong(key.kind)).collect();
    if old.is_empty() || new.is_empty() {
        return true;
    }
    let same = |key: &&IdentityKey| new.iter().any(|k| k.kind == key.kind && k.value == key.value);
    if old.iter().any(same) {
        return true;
    }
    let named = |kind: KeyKind| before.keys.iter().filter(move |key| key.kind == kind);
    let names: Vec<_> = named(KeyKind::ShortName).collect();
    names.is_empty()
        || facts.name.is_none()
        || names.iter().any(|name| facts.keys.iter().any(|k| k.kind == name.kind && k.value == name.value))
}

/// What one cluster will be.
struct Plan {
    keys: BTreeSet<IdentityKey>,
    entity: Option<Uuid>,
}

/// Gives every cluster its entity.
pub(super) fn assign(scene: &Scene<'_>, clustering: &Clustering, ids: &mut dyn IdSource) -> Identity {
    let mut identity = Identity::default();
    let owners = owners(scene, clustering);
    let mut plans: Vec<Plan> = clustering
        .clusters
        .iter()
        .map(|cluster| Plan {
            keys: cluster.members.iter().flat_map(|m| scene.facts[*m].keys.iter().cloned()).collect(),
            entity: None,
        })
        .collect();

    let mut taken: BTreeSet<Uuid> = BTreeSet::new();
    for (at, plan) in plans.iter_mut().enumerate() {
        let owned: Vec<Uuid> = owners.iter().filter(|(_, c)| **c == at).map(|(entity, _)| *entity).collect();
        // The eldest survives: version 7 identifiers sort by age.
        plan.entity = owned.first().copied();
        for merged in owned.iter().skip(1) {
            let into = owned[0];
            identity.aliases.insert(*merged, into);
            identity.events.push(MapEvent::Merged { into, from: *merged });
        }
        taken.extend(owned);
    }
    for (at, cluster) in clustering.clusters.iter().enumerate() {
        let answered = cluster.members.iter().any(|m| scene.facts[*m].may_mint);
        if plans[at].entity.is_none() && answered {
            let remembered = remember(scene, clustering, cluster, &plans[at].keys, &taken);
            let id = remembered.unwrap_or_else(|| {
                let id = ids.next_id();
                let name = cluster.members.iter().find_map(|m| scene.facts[*m].name.clone());
                let name = name.unwrap_or_else(|| scene.subjects[cluster.members[0]].key.clone());
                identity.events.push(MapEvent::Created { entity: id, name });
                id
            });
            taken.insert(id);
            plans[at].entity = Some(id);
            splits(scene, cluster, id, &mut identity);
        }
    }
    record(scene, clustering, &plans, &mut identity);
    identity
}

/// Which cluster keeps each prior entity: the one with most of its subjects.
fn owners(scene: &Scene<'_>, clustering: &Clustering) -> BTreeMap<Uuid, usize> {
    let mut votes: BTreeMap<Uuid, BTreeMap<usize, usize>> = BTreeMap::new();
    for (at, cluster) in clustering.clusters.iter().enumerate() {
        for member in &cluster.members {
            if let Some(assignment) = scene.before[*member] {
                *votes.entry(assignment.entity).or_default().entry(at).or_default() += 1;
            }
        }
    }
    votes
        .into_iter()
        .filter_map(|(entity, clusters)| {
            let best = clusters.into_iter().max_by(|x, y| x.1.cmp(&y.1).then(y.0.cmp(&x.0)))?;
            Some((entity, best.0))
        })
        .collect()
}

fn splits(scene: &Scene<'_>, cluster: &Cluster, into: Uuid, identity: &mut Identity) {
    let left: BTreeSet<Uuid> =
        cluster.members.iter().filter_map(|m| scene.before[*m].map(|a| a.entity)).collect();
    for from in left.into_iter().filter(|from| *from != into) {
        identity.events.push(MapEvent::Split { from, into });
    }
}

/// Finds a remembered entity that nobody speaks for and that these keys recognise.
fn remember(
    scene: &Scene<'_>,
    clustering: &Clustering,
    cluster: &Cluster,
    keys: &BTreeSet<IdentityKey>,
    taken: &BTreeSet<Uuid>,
) -> Option<Uuid> {
    let alive: BTreeSet<Uuid> = scene.before.iter().flatten().map(|a| a.entity).collect();
    let serials: BTreeSet<&str> =
        cluster.members.iter().flat_map(|m| scene.facts[*m].serials.iter().map(String::as_str)).collect();
    let mut best: Option<(u32, Uuid)> = None;
    for memory in scene.input.prior.memory.iter() {
        if taken.contains(&memory.entity) || alive.contains(&memory.entity) {
            continue;
        }
        let old_serials: BTreeSet<&str> = memory
            .keys
            .iter()
            .filter(|key| key.kind == KeyKind::Serial)
            .map(|key| key.value.as_str())
            .collect();
        if !serials.is_empty() && !old_serials.is_empty() && serials.is_disjoint(&old_serials) {
            continue;
        }
        let shared: Vec<&IdentityKey> = memory
            .keys
            .iter()
            .filter(|key| !key.ambiguous && keys.contains(*key) && !clustering.demoted.contains(*key))
            .collect();
        let macs = shared.iter().filter(|key| key.kind == KeyKind::InterfaceMac).count();
        let mut groups = Groups::default();
        for key in shared {
            groups.take(key, macs, true, false);
        }
        let points = groups.total();
        if points >= MERGE_AT && best.is_none_or(|(most, id)| (points, id) > (most, id)) {
            best = Some((points, memory.entity));
        }
    }
    best.map(|(_, id)| id)
}

fn record(scene: &Scene<'_>, clustering: &Clustering, plans: &[Plan], identity: &mut Identity) {
    let bound: Vec<(&Cluster, &Plan, Uuid)> = clustering
        .clusters
        .iter()
        .zip(plans)
        .filter_map(|(cluster, plan)| plan.entity.map(|id| (cluster, plan, id)))
        .collect();
    identity.ambiguous = contested(bound.iter().map(|(_, plan, id)| (*id, &plan.keys)));
    let ambiguous: BTreeSet<(KeyKind, &str)> =
        identity.ambiguous.iter().map(|a| (a.key.kind, a.key.value.as_str())).collect();
    let marked = |keys: &BTreeSet<IdentityKey>| -> Vec<IdentityKey> {
        keys.iter()
            .map(|key| IdentityKey {
                ambiguous: ambiguous.contains(&(key.kind, key.value.as_str())),
                ..key.clone()
            })
            .collect()
    };
    let mut entity_of: BTreeMap<usize, Uuid> = BTreeMap::new();
    for (cluster, plan, id) in &bound {
        for member in &cluster.members {
            entity_of.insert(*member, *id);
            identity.assignments.push(assignment(scene, cluster, *member, *id, &marked));
        }
        if let Some(event) = replaced(scene, cluster, *id) {
            identity.events.push(event);
        }
        identity.devices.push(Resolved {
            id: *id,
            members: cluster.members.iter().map(|m| scene.order[*m]).collect(),
            keys: marked(&plan.keys),
        });
    }
    identity.unbound = clustering
        .clusters
        .iter()
        .zip(plans)
        .filter(|(_, plan)| plan.entity.is_none())
        .flat_map(|(cluster, _)| cluster.members.iter().map(|m| scene.order[*m]))
        .collect();
    for doubt in &clustering.doubts {
        let (a, b) = doubt.pair;
        let (Some(&x), Some(&y)) = (entity_of.get(&a), entity_of.get(&b)) else { continue };
        if identity.proposals.len() < PROPOSALS {
            identity.proposals.push(Proposal {
                entities: [x, y],
                subjects: [scene.subjects[a].clone(), scene.subjects[b].clone()],
                score: doubt.score,
                keys: doubt.keys.clone(),
            });
        }
    }
    identity.devices.sort_by_key(|device| device.id);
    identity.assignments.sort_by(|a, b| a.subject.cmp(&b.subject));
    identity.memory = memory(scene, identity);
}

fn assignment(
    scene: &Scene<'_>,
    cluster: &Cluster,
    member: usize,
    entity: Uuid,
    marked: &dyn Fn(&BTreeSet<IdentityKey>) -> Vec<IdentityKey>,
) -> Assignment {
    let (score, reason) = match cluster.bonds.get(&member) {
        Some((u32::MAX, _)) => (u32::MAX, "stated by a person".to_owned()),
        Some((points, keys)) => {
            let kinds: BTreeSet<String> = keys.iter().map(|key| format!("{:?}", key.kind)).collect();
            let kinds: Vec<String> = kinds.into_iter().collect();
            (*points, format!("{points} points: {}", kinds.join(", ")))
        }
        None => (0, "created".to_owned()),
    };
    let earlier = scene.before[member].filter(|before| before.entity == entity);
    Assignment {
        subject: scene.subjects[member].clone(),
        entity,
        assigned_at: earlier.map_or(scene.input.now, |before| before.assigned_at),
        reason,
        score,
        keys: marked(&scene.facts[member].keys),
    }
}

/// The same subject with the same name answers from other hardware.
fn replaced(scene: &Scene<'_>, cluster: &Cluster, id: Uuid) -> Option<MapEvent> {
    let old: BTreeSet<&str> = cluster
        .members
        .iter()
        .filter_map(|m| scene.before[*m].filter(|a| a.entity == id))
        .flat_map(|a| a.keys.iter().filter(|k| k.kind == KeyKind::Serial).map(|k| k.value.as_str()))
        .collect();
    let new: BTreeSet<&str> =
        cluster.members.iter().flat_map(|m| scene.facts[*m].serials.iter().map(String::as_str)).collect();
    (!old.is_empty() && !new.is_empty() && old.is_disjoint(&new)).then_some(MapEvent::Replaced { entity: id })
}

fn memory(scene: &Scene<'_>, identity: &Identity) -> Vec<EntityMemory> {
    let now = scene.input.now;
    let mut kept: BTreeMap<Uuid, EntityMemory> = scene
        .input
        .prior
        .memory
        .iter()
        .filter(|memory| (now - memory.last_seen).num_days() <= REMEMBER_DAYS)
        .filter(|memory| !identity.aliases.contains_key(&memory.entity))
        .map(|memory| (memory.entity, memory.clone()))
        .collect();
    for device in &identity.devices {
        let views = device.members.iter().map(|at| scene.input.subjects[*at]);
        let seen = views.clone().flat_map(|view| view.documents.values().map(|d| d.seen_at)).max();
        let fresh = views.clone().any(|view| view.documents.values().any(|d| is_fresh(d, now)));
        let earlier = kept.get(&device.id);
        // A device that fell silent is remembered by what it last said.
        let keys = match earlier {
            Some(earlier) if !fresh && device.keys.is_empty() => earlier.keys.clone(),
            _ => device.keys.clone(),
        };
        let last_seen = seen.or(earlier.map(|m| m.last_seen)).unwrap_or(now);
        kept.insert(device.id, EntityMemory { entity: device.id, keys, last_seen });
    }
    kept.into_values().collect()
}
