//! Which subjects are one device: keys, demotion, greedy agglomeration that respects vetoes.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use model::Subject;
use uuid::Uuid;

use super::compare::{MERGE_AT, PROPOSE_AT, score, veto};
use super::keys::Facts;
use crate::map::{Decision, DecisionKind, IdentityKey};

/// Claimants of one key that are compared pair by pair; beyond, with the first one only.
const PAIRWISE: usize = 48;

/// A group of subjects that are one device.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cluster {
    /// Positions of the subjects, sorted.
    pub members: Vec<usize>,
    /// The strongest agreement of each member with another one: points and keys.
    pub bonds: BTreeMap<usize, (u32, Vec<IdentityKey>)>,
}

/// A pair below the merge threshold.
pub(crate) struct Doubt {
    /// Positions of the subjects.
    pub pair: (usize, usize),
    /// Points.
    pub score: u32,
    /// Agreeing keys.
    pub keys: Vec<IdentityKey>,
}

/// Result of clustering.
pub(crate) struct Clustering {
    /// Clusters ordered by first member.
    pub clusters: Vec<Cluster>,
    /// Keys that count nothing.
    pub demoted: BTreeSet<IdentityKey>,
    /// Pairs for a person.
    pub doubts: Vec<Doubt>,
}

/// Human decisions by subject position.
struct Ruling {
    links: BTreeSet<(usize, usize)>,
    unlinks: BTreeSet<(usize, usize)>,
}

impl Ruling {
    fn of(decisions: &[Decision], position: &HashMap<&Subject, usize>) -> Self {
        let mut ruling = Ruling { links: BTreeSet::new(), unlinks: BTreeSet::new() };
        for decision in decisions {
            let [a, b] = &decision.subjects;
            let (Some(&a), Some(&b)) = (position.get(a), position.get(b)) else { continue };
            let pair = ordered(a, b);
            match decision.kind {
                DecisionKind::Link => ruling.links.insert(pair),
                DecisionKind::Unlink => ruling.unlinks.insert(pair),
            };
        }
        ruling
    }
}

fn ordered(a: usize, b: usize) -> (usize, usize) {
    if a < b { (a, b) } else { (b, a) }
}

/// Remembers verdicts on pairs.
struct Judge<'a> {
    facts: &'a [Facts],
    ruling: &'a Ruling,
    known: HashMap<(usize, usize), bool>,
}

impl Judge<'_> {
    /// The evidence itself says that the pair cannot be one device. A person's word separates two
    /// subjects, but takes no meaning from the keys they share: a third subject still belongs to one.
    fn contradict(&mut self, a: usize, b: usize) -> bool {
        self.apart(a, b) && !self.ruling.unlinks.contains(&ordered(a, b))
    }

    /// The pair cannot be one device.
    fn apart(&mut self, a: usize, b: usize) -> bool {
        let pair = ordered(a, b);
        if let Some(&verdict) = self.known.get(&pair) {
            return verdict;
        }
        let verdict = self.ruling.unlinks.contains(&pair)
            || (!self.ruling.links.contains(&pair) && veto(&self.facts[a], &self.facts[b]).is_some());
        self.known.insert(pair, verdict);
        verdict
    }
}

/// The pairs of a key's claimants worth comparing: all of them, or each with the first when many.
fn pairs(claimants: &[usize]) -> Vec<(usize, usize)> {
    if claimants.len() <= PAIRWISE {
        let mut all = Vec::with_capacity(claimants.len() * claimants.len() / 2);
        for (at, &a) in claimants.iter().enumerate() {
            all.extend(claimants.iter().skip(at + 1).map(|&b| (a, b)));
        }
        return all;
    }
    let first = claimants.first().copied().unwrap_or_default();
    let with_first = claimants.iter().skip(1).map(|&b| (first, b));
    let chain = claimants.windows(2).map(|pair| (pair[0], pair[1]));
    with_first.chain(chain).collect()
}

/// Clusters subjects. `before[i]` is the entity subject `i` belonged to, when that still means
/// something.
pub(crate) fn cluster(
    subjects: &[&Subject],
    facts: &[Facts],
    before: &[Option<Uuid>],
    decisions: &[Decision],
    component_limit: usize,
) -> Clustering {
    let position: HashMap<&Subject, usize> = subjects.iter().enumerate().map(|(at, s)| (*s, at)).collect();
    let ruling = Ruling::of(decisions, &position);
    let mut judge = Judge { facts, ruling: &ruling, known: HashMap::new() };

    let mut claims: BTreeMap<&IdentityKey, Vec<usize>> = BTreeMap::new();
    for (at, subject) in facts.iter().enumerate() {
        for key in &subject.keys {
            claims.entry(key).or_default().push(at);
        }
    }
    claims.retain(|_, claimants| claimants.len() > 1);

    let mut demoted = BTreeSet::new();
    for (key, claimants) in &claims {
        let contested = claimants.len() > component_limit
            || pairs(claimants).into_iter().any(|(a, b)| judge.contradict(a, b));
        if contested {
            demoted.insert((*key).clone());
        }
    }

    let mut candidates: BTreeSet<(usize, usize)> = ruling.links.clone();
    for (key, claimants) in &claims {
        if !demoted.contains(*key) {
            candidates.extend(pairs(claimants));
        }
    }
    let mut prior_members: BTreeMap<Uuid, Vec<usize>> = BTreeMap::new();
    for (at, entity) in before.iter().enumerate() {
        if let Some(entity) = entity {
            prior_members.entry(*entity).or_default().push(at);
        }
    }
    candidates.extend(prior_members.values().flat_map(|members| pairs(members)));

    let mut edges: Vec<(u32, (usize, usize), Vec<IdentityKey>)> = Vec::new();
    let mut doubts = Vec::new();
    for pair in candidates {
        let (a, b) = pair;
        if ruling.links.contains(&pair) {
            edges.push((u32::MAX, pair, Vec::new()));
            continue;
        }
        if judge.apart(a, b) {
            continue;
        }
        let same_before = before[a].is_some() && before[a] == before[b];
        let (points, keys) = score(&facts[a], &facts[b], &demoted, same_before);
        if points >= MERGE_AT {
            edges.push((points, pair, keys));
        } else if points >= PROPOSE_AT {
            doubts.push(Doubt { pair, score: points, keys });
        }
    }
    edges.sort_by(|x, y| y.0.cmp(&x.0).then(x.1.cmp(&y.1)));
    let (clusters, home) = agglomerate(facts.len(), &edges, &mut judge);
    doubts.retain(|doubt| {
        let (a, b) = (home[doubt.pair.0], home[doubt.pair.1]);
        a != b && !clusters[a].members.iter().any(|&x| clusters[b].members.iter().any(|&y| judge.apart(x, y)))
    });
    Clustering { clusters, demoted, doubts }
}

/// Joins along the edges, strongest first, refusing any join across a veto. Returns the clusters
/// and, per subject, the position of its cluster.
fn agglomerate(
    count: usize,
    edges: &[(u32, (usize, usize), Vec<IdentityKey>)],
    judge: &mut Judge<'_>,
) -> (Vec<Cluster>, Vec<usize>) {
    let mut home: Vec<usize> = (0..count).collect();
    let mut members: Vec<Vec<usize>> = (0..count).map(|at| vec![at]).collect();
    let mut bonds: BTreeMap<usize, (u32, Vec<IdentityKey>)> = BTreeMap::new();
    for (points, (a, b), keys) in edges {
        let (from, into) = (home[*a].max(home[*b]), home[*a].min(home[*b]));
        if from != into {
            let refused = members[from].iter().any(|&x| members[into].iter().any(|&y| judge.apart(x, y)));
            if refused {
                continue;
            }
            let moving = std::mem::take(&mut members[from]);
            for &member in &moving {
                home[member] = into;
            }
            members[into].extend(moving);
        }
        for subject in [a, b] {
            bonds.entry(*subject).or_insert_with(|| (*points, keys.clone()));
        }
    }
    let mut clusters = Vec::new();
    let mut place = vec![0; count];
    for mut group in members.into_iter().filter(|group| !group.is_empty()) {
        group.sort_unstable();
        let own = group.iter().filter_map(|m| bonds.remove(m).map(|bond| (*m, bond))).collect();
        for &member in &group {
            place[member] = clusters.len();
        }
        clusters.push(Cluster { members: group, bonds: own });
    }
    (clusters, place)
}
