//! Identity resolution: which subjects are one device, under which stable id, and why
//! (atlas.md 1.4, quirks.md).
//!
//! Weighted keys speak for one device, vetoes forbid it, a key claimed by devices that cannot be
//! one loses its meaning. Only a subject that was queried or stated may create an entity.

mod assign;
mod cluster;
mod compare;
pub(crate) mod keys;

use std::collections::{BTreeMap, BTreeSet};

use model::Subject;
use uuid::Uuid;

use crate::map::{AmbiguousKey, Assignment, EntityMemory, IdSource, IdentityKey, Input, MapEvent, Proposal};
use keys::Facts;

/// One resolved device, before topology gives it a name and a role.
#[derive(Clone, Debug)]
pub(crate) struct Resolved {
    /// Stable id.
    pub id: Uuid,
    /// Positions of its subjects in the input, sorted by subject.
    pub members: Vec<usize>,
    /// All keys of its subjects.
    pub keys: Vec<IdentityKey>,
}

/// The outcome of identity resolution.
#[derive(Debug, Default)]
pub(crate) struct Identity {
    /// Devices, by id.
    pub devices: Vec<Resolved>,
    /// For the next build.
    pub assignments: Vec<Assignment>,
    /// For the next build.
    pub memory: Vec<EntityMemory>,
    /// Keys several devices claim.
    pub ambiguous: Vec<AmbiguousKey>,
    /// Pairs for a person.
    pub proposals: Vec<Proposal>,
    /// Created, merged, split, replaced.
    pub events: Vec<MapEvent>,
    /// Ids that are now aliases of another entity.
    pub aliases: BTreeMap<Uuid, Uuid>,
    /// Subjects that answered but may not create a device and match none.
    pub unbound: Vec<usize>,
}

/// Resolves all subjects of one tenant.
pub(crate) fn resolve(input: &Input<'_>, ids: &mut dyn IdSource) -> Identity {
    let mut order: Vec<usize> = (0..input.subjects.len()).collect();
    order.sort_by(|a, b| input.subjects[*a].subject.cmp(&input.subjects[*b].subject));
    order.dedup_by(|a, b| input.subjects[*a].subject == input.subjects[*b].subject);
    let subjects: Vec<&Subject> = order.iter().map(|at| &input.subjects[*at].subject).collect();
    let facts: Vec<Facts> = order.iter().map(|at| Facts::of(input.subjects[*at], input.now)).collect();

    let prior: BTreeMap<&Subject, &Assignment> =
        input.prior.assignments.iter().map(|assignment| (&assignment.subject, assignment)).collect();
    let before: Vec<Option<&Assignment>> = subjects
        .iter()
        .zip(&facts)
        .map(|(subject, facts)| prior.get(*subject).copied().filter(|a| assign::still_means(a, facts)))
        .collect();
    let entity_before: Vec<Option<Uuid>> = before.iter().map(|a| a.map(|a| a.entity)).collect();

    let clustering =
        cluster::cluster(&subjects, &facts, &entity_before, input.decisions, input.limits.component);
    let scene = assign::Scene { input, order: &order, subjects: &subjects, facts: &facts, before: &before };
    assign::assign(&scene, &clustering, ids)
}

/// The keys claimed by more than one of the groups.
fn contested<'a>(groups: impl Iterator<Item = (Uuid, &'a BTreeSet<IdentityKey>)>) -> Vec<AmbiguousKey> {
    let mut claims: BTreeMap<&IdentityKey, Vec<Uuid>> = BTreeMap::new();
    for (entity, keys) in groups {
        for key in keys {
            claims.entry(key).or_default().push(entity);
        }
    }
    claims
        .into_iter()
        .filter(|(_, entities)| entities.len() > 1)
        .map(|(key, entities)| AmbiguousKey { key: IdentityKey { ambiguous: true, ..key.clone() }, entities })
        .collect()
}
