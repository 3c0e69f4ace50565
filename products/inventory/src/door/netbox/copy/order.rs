//! The order of the endpoints: what others refer to comes first. Where references form a circle, one that
//! may be missing waits for a second pass.

use std::collections::{BTreeSet, HashMap};

use super::super::contract::{self, Endpoint, Fact, Kind};
use super::super::parts;
use super::{CUSTOM_FIELDS, RIGHTS, Step, Way, way};

/// References that close circles and can be set only when the object is known there: an address must be
/// one of the device's own, a master a member, a MAC address one of the interface's.
const LATE: [&str; 5] = ["primary_ip4", "primary_ip6", "oob_ip", "master", "primary_mac_address"];
/// A bay of a module names it, and modules name their bays: names of bays are unique within a module,
/// so the reference cannot wait. What fails is tried again when there are more modules.
const TRIED_AGAIN: (&str, &str) = ("dcim/module-bays", "module");
/// More kinds than this: a reference to anything.
const ANYTHING: usize = 20;
/// Rules act on what happens: they come when everything is there, and are switched on in the second pass.
const RULES: &str = "extras/event-rules";

/// A reference from one endpoint to another.
struct Edge {
    fact: &'static str,
    to: usize,
    required: bool,
}

fn is_copied(endpoint: &Endpoint) -> bool {
    !endpoint.read_only && !RIGHTS.contains(&endpoint.path.as_str())
}

/// The endpoints that can be written, in order.
pub(super) fn steps() -> Vec<Step> {
    let endpoints: Vec<&'static Endpoint> =
        contract::endpoints().iter().filter(|endpoint| is_copied(endpoint)).collect();
    let places: HashMap<&str, usize> =
        endpoints.iter().enumerate().map(|(at, endpoint)| (endpoint.path.as_str(), at)).collect();
    let edges: Vec<Vec<Edge>> = endpoints.iter().map(|endpoint| edges(endpoint, &places)).collect();
    let ranks: Vec<u8> = endpoints.iter().map(|endpoint| rank(endpoint)).collect();
    let mut left: BTreeSet<usize> = (0..endpoints.len()).collect();
    let mut steps = Vec::with_capacity(endpoints.len());
    while let Some(next) = next(&left, &edges, &ranks) {
        left.remove(&next);
        let (Some(endpoint), Some(edges)) = (endpoints.get(next).copied(), edges.get(next)) else { break };
        let open = edges.iter().filter(|edge| left.contains(&edge.to)).map(|edge| edge.fact);
        let mut late: BTreeSet<&'static str> = open.collect();
        late.extend(
            endpoint.fields.iter().filter(|fact| waits(endpoint, fact)).map(|fact| fact.name.as_str()),
        );
        // Both halves of a reference go together.
        let halves: BTreeSet<&str> = endpoint
            .fields
            .iter()
            .filter(|fact| fact.kind == Kind::GenericType && late.contains(fact.name.as_str()))
            .filter_map(|fact| fact.column.as_deref())
            .collect();
        let half = |fact: &&'static Fact| {
            fact.kind == Kind::GenericId && fact.column.as_deref().is_some_and(|name| halves.contains(name))
        };
        late.extend(endpoint.fields.iter().filter(half).map(|fact| fact.name.as_str()));
        steps.push(Step { endpoint, late });
    }
    steps
}

/// Who has the fewest open references, required ones first, among those of the lowest rank.
fn next(left: &BTreeSet<usize>, edges: &[Vec<Edge>], ranks: &[u8]) -> Option<usize> {
    let rank = |at: usize| ranks.get(at).copied().unwrap_or_default();
    let lowest = left.iter().map(|at| rank(*at)).min()?;
    let open = |at: usize, required: bool| {
        let edges = edges.get(at).map(Vec::as_slice).unwrap_or_default();
        edges.iter().filter(|edge| edge.required == required && left.contains(&edge.to)).count()
    };
    left.iter()
        .copied()
        .filter(|at| rank(*at) == lowest)
        .min_by_key(|at| (open(*at, true), open(*at, false), *at))
}

/// Cables come behind everything they may connect, what hangs on anything behind them, rules at the end.
fn rank(endpoint: &Endpoint) -> u8 {
    let anything = |fact: &Fact| {
        fact.kind == Kind::GenericType && fact.types.as_ref().is_none_or(|types| types.len() > ANYTHING)
    };
    match endpoint.path.as_str() {
        RULES => 3,
        _ if endpoint.fields.iter().any(|fact| !fact.read_only && anything(fact)) => 2,
        "dcim/cables" => 1,
        _ => 0,
    }
}

/// Does the field wait, wherever the endpoint comes?
fn waits(endpoint: &Endpoint, fact: &Fact) -> bool {
    let own = fact.to.as_deref() == Some(endpoint.path.as_str()) && fact.name != "parent";
    let reference = matches!(fact.kind, Kind::Fk | Kind::Pk | Kind::M2m);
    let here = way(endpoint, fact) == Way::Here;
    here && (LATE.contains(&fact.name.as_str())
        || (own && reference)
        || (endpoint.path == RULES && fact.name == "enabled"))
}

fn edges(endpoint: &'static Endpoint, places: &HashMap<&str, usize>) -> Vec<Edge> {
    let mut edges = Vec::new();
    let here = |fact: &&'static Fact| way(endpoint, fact) == Way::Here && !waits(endpoint, fact);
    for fact in endpoint.fields.iter().filter(here) {
        let name = fact.name.as_str();
        if (endpoint.path.as_str(), name) == TRIED_AGAIN {
            continue;
        }
        for (path, required) in targets(endpoint, fact) {
            if let Some(to) = places.get(path).copied().filter(|_| path != endpoint.path) {
                edges.push(Edge { fact: name, to, required });
            }
        }
    }
    edges
}

/// What a field refers to, and whether it must.
fn targets(endpoint: &'static Endpoint, fact: &'static Fact) -> Vec<(&'static str, bool)> {
    if parts::of(&endpoint.kind, &fact.name).is_some() {
        return match endpoint.path.as_str() {
            "dcim/front-ports" => vec![("dcim/rear-ports", true)],
            "dcim/front-port-templates" => vec![("dcim/rear-port-templates", true)],
            _ => Vec::new(),
        };
    }
    match fact.kind {
        Kind::CustomFields => vec![(CUSTOM_FIELDS, true)],
        Kind::GenericType => {
            let types = fact.types.as_deref().filter(|types| types.len() <= ANYTHING).unwrap_or_default();
            let endpoints = types.iter().filter_map(|kind| Endpoint::of_kind(kind));
            endpoints.map(|endpoint| (endpoint.path.as_str(), fact.required)).collect()
        }
        Kind::Fk | Kind::Pk | Kind::M2m | Kind::Slugs => {
            fact.to.iter().map(|to| (to.as_str(), fact.required)).collect()
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(steps: &[Step], path: &str) -> usize {
        steps.iter().position(|step| step.path() == path).unwrap()
    }

    #[test]
    fn everything_comes_once_and_nothing_required_waits() {
        let steps = steps();
        let paths: BTreeSet<&str> = steps.iter().map(Step::path).collect();
        let writable = contract::endpoints().iter().filter(|endpoint| is_copied(endpoint)).count();
        assert_eq!((steps.len(), paths.len()), (writable, writable));
        for step in &steps {
            let required: Vec<_> =
                step.required().filter(|fact| step.late.contains(fact.name.as_str())).collect();
            assert!(required.is_empty(), "{}: {:?}", step.path(), step.late);
        }
    }

    #[test]
    fn what_is_referred_to_comes_first() {
        let steps = steps();
        let chains: [&[&str]; 7] = [
            &["extras/custom-field-choice-sets", "extras/custom-fields", "extras/tags", "dcim/sites"],
            &[
                "dcim/regions",
                "dcim/sites",
                "dcim/locations",
                "dcim/racks",
                "dcim/devices",
                "dcim/interfaces",
            ],
            &["dcim/interfaces", "dcim/mac-addresses", "dcim/cables", "extras/journal-entries", RULES],
            &["dcim/interfaces", "ipam/ip-addresses", "ipam/services"],
            &["dcim/virtual-chassis", "dcim/devices", "dcim/module-bays", "dcim/modules", "dcim/interfaces"],
            &["dcim/rear-ports", "dcim/front-ports", "dcim/cables"],
            &["users/users", "users/owner-groups", "users/owners", "dcim/sites"],
        ];
        for chain in chains {
            let places: Vec<usize> = chain.iter().map(|path| place(&steps, path)).collect();
            assert!(places.is_sorted(), "{chain:?} {places:?}");
        }
    }

    #[test]
    fn circles_are_broken_where_a_value_may_be_missing() {
        let steps = steps();
        let late = |path: &str| -> Vec<&'static str> {
            steps.iter().find(|step| step.path() == path).unwrap().late().collect()
        };
        assert_eq!(late("dcim/devices"), ["oob_ip", "primary_ip4", "primary_ip6"]);
        assert_eq!(late("dcim/virtual-chassis"), ["master"]);
        assert_eq!(late("dcim/interfaces"), ["bridge", "lag", "primary_mac_address"]);
        assert_eq!(late("dcim/regions"), Vec::<&str>::new());
        assert_eq!(late("dcim/sites"), ["asns"]);
        assert_eq!(late(RULES), ["enabled"]);
    }
}
