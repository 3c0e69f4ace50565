//! Compares a discovered map with the truth.
//!
//! The map is the answer of `GET /api/v1/atlas/topology` for one layer each, or anything of that
//! shape. Devices are matched by management address (names and serials may be cloned), links by
//! device and canonical interface name at both ends.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::net::IpAddr;

use model::names::canonical_interface;
use serde::{Deserialize, Serialize};

use crate::truth::{TrueEnd, Truth};

/// Most examples of each kind that a score names.
const EXAMPLES: usize = 20;

/// A discovered map of one layer or several.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Map {
    /// Devices, stubs and segments.
    pub nodes: Vec<MapNode>,
    /// Links.
    pub links: Vec<MapLink>,
}

/// A node of the map; fields that do not matter here are ignored.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct MapNode {
    /// Its id.
    pub id: String,
    /// `device`, `stub`, `segment` ...
    #[serde(default)]
    pub kind: String,
    /// Its name.
    #[serde(default)]
    pub name: Option<String>,
    /// Its addresses.
    #[serde(default)]
    pub addresses: Vec<String>,
    /// `gone` nodes do not count.
    #[serde(default)]
    pub state: Option<String>,
}

/// A link of the map.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct MapLink {
    /// `l1`, `l2`, `l3`.
    pub layer: String,
    /// `cable`, `lag`, `segment`, `ospf`, `bgp`, `subnet` ...
    #[serde(default)]
    pub kind: String,
    /// One end.
    pub a: MapEnd,
    /// The other end.
    pub b: MapEnd,
    /// `gone` links do not count.
    #[serde(default)]
    pub state: Option<String>,
}

/// An end of a link.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct MapEnd {
    /// Node id.
    pub device: String,
    /// ifName.
    #[serde(default)]
    pub interface: Option<String>,
}

/// How well devices were found.
#[derive(Clone, Debug, Default, Serialize)]
pub struct DeviceScore {
    /// Devices that answer and can be met.
    pub expected: usize,
    /// Of these, those on the map.
    pub found: usize,
    /// Nodes beyond the first for one device, unqueried ones included.
    pub duplicates: usize,
    /// Nodes that hold several devices in one.
    pub merged: usize,
    /// Device nodes that are no device of the truth.
    pub unknown: usize,
    /// Some of those missed.
    pub missed: Vec<String>,
    /// Some of the wrong ones.
    pub wrong: Vec<String>,
}

/// How well the links of one layer were found.
#[derive(Clone, Debug, Default, Serialize)]
pub struct LayerScore {
    /// Links that some source proves.
    pub expected: usize,
    /// Of these, those found with the right interfaces at both ends.
    pub found: usize,
    /// All true links on the map, provable or not.
    pub correct: usize,
    /// Links between devices of the truth that do not exist, wrong interfaces included.
    pub false_links: usize,
    /// False only because an interface is wrong or missing.
    pub wrong_interface: usize,
    /// True links drawn again.
    pub duplicates: usize,
    /// Links through unmanaged switches, aggregates among cables, links to stubs and segments:
    /// neither right nor wrong.
    pub tolerated: usize,
    /// correct / (correct + false).
    pub precision: f64,
    /// found / expected.
    pub recall: f64,
    /// Harmonic mean of both.
    pub f1: f64,
    /// Some of those missed.
    pub missed: Vec<String>,
    /// Some of the false ones.
    pub wrong: Vec<String>,
}

/// The whole score.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Score {
    /// Devices.
    pub devices: DeviceScore,
    /// Cables.
    pub l1: LayerScore,
    /// Links between bridges, aggregates as one.
    pub l2: LayerScore,
    /// OSPF, BGP and point-to-point subnets.
    pub l3: LayerScore,
}

/// A link in a form that compares: both ends in order, interfaces in canonical form.
type Key = [(u32, String); 2];

fn key(a: (u32, &str), b: (u32, &str)) -> Key {
    let mut ends = [a, b].map(|(device, interface)| (device, canonical_interface(interface)));
    ends.sort();
    ends
}

fn true_key(a: &TrueEnd, b: &TrueEnd) -> Key {
    key((a.device, &a.interface), (b.device, &b.interface))
}

/// Compares maps (of one layer each, or of all) with the truth.
pub fn score(truth: &Truth, maps: &[Map]) -> Score {
    let (devices, node_of) = score_devices(truth, maps);
    let judge = Judge { truth, node_of };
    let links: Vec<&MapLink> =
        maps.iter().flat_map(|map| &map.links).filter(|link| link.state.as_deref() != Some("gone")).collect();
    let layer = |name: &str| links.iter().filter(|link| link.layer == name).copied().collect::<Vec<_>>();
    Score { devices, l1: judge.l1(&layer("l1")), l2: judge.l2(&layer("l2")), l3: judge.l3(&layer("l3")) }
}

fn score_devices(truth: &Truth, maps: &[Map]) -> (DeviceScore, HashMap<String, u32>) {
    let by_address: HashMap<IpAddr, u32> = truth
        .devices
        .iter()
        .flat_map(|device| device.management.iter().map(|ip| (IpAddr::V4(*ip), device.id)))
        .collect();
    let mut names: HashMap<String, Vec<u32>> = HashMap::new();
    for device in &truth.devices {
        names.entry(short(&device.name)).or_default().push(device.id);
    }
    let mut nodes: BTreeMap<&str, &MapNode> = BTreeMap::new();
    for node in maps.iter().flat_map(|map| &map.nodes) {
        if node.state.as_deref() != Some("gone") {
            nodes.insert(&node.id, node);
        }
    }
    let mut result = DeviceScore::default();
    let mut node_of = HashMap::new();
    let mut count = vec![0usize; truth.devices.len()];
    let mut device_nodes = vec![0usize; truth.devices.len()];
    for node in nodes.values() {
        let mut owners: BTreeSet<u32> = node
            .addresses
            .iter()
            .filter_map(|text| text.split('/').next()?.parse::<IpAddr>().ok())
            .filter_map(|ip| by_address.get(&ip).copied())
            .collect();
        if owners.is_empty()
            && let Some([only]) =
                node.name.as_deref().and_then(|name| names.get(&short(name))).map(Vec::as_slice)
        {
            owners.insert(*only);
        }
        let is_device = node.kind.is_empty() || node.kind == "device";
        let label = || format!("{} {:?}", node.name.as_deref().unwrap_or("?"), node.addresses);
        if owners.len() > 1 {
            result.merged += 1;
            example(&mut result.wrong, || format!("merged: {}", label()));
        }
        match owners.first() {
            Some(owner) => {
                node_of.insert(node.id.clone(), *owner);
                count[*owner as usize] += 1;
                device_nodes[*owner as usize] += usize::from(is_device);
                if count[*owner as usize] > 1 {
                    result.duplicates += 1;
                    example(&mut result.wrong, || format!("again: {}", label()));
                }
            }
            None if is_device => {
                result.unknown += 1;
                example(&mut result.wrong, || format!("unknown: {}", label()));
            }
            None => {}
        }
    }
    for device in truth.devices.iter().filter(|device| device.answers && device.reachable) {
        result.expected += 1;
        if device_nodes[device.id as usize] > 0 {
            result.found += 1;
        } else {
            example(&mut result.missed, || {
                format!("{} {:?} {:?}", device.name, device.management, device.lame)
            });
        }
    }
    (result, node_of)
}

fn short(name: &str) -> String {
    model::names::canonical_host(model::names::short_host(name))
}

fn example(list: &mut Vec<String>, text: impl FnOnce() -> String) {
    if list.len() < EXAMPLES {
        list.push(text());
    }
}

struct Judge<'a> {
    truth: &'a Truth,
    node_of: HashMap<String, u32>,
}

impl Judge<'_> {
    /// The ends of a link when both are devices of the truth.
    fn ends<'l>(&self, link: &'l MapLink) -> Option<[(u32, Option<&'l str>); 2]> {
        let end = |end: &'l MapEnd| Some((*self.node_of.get(&end.device)?, end.interface.as_deref()));
        Some([end(&link.a)?, end(&link.b)?])
    }

    fn describe(&self, link: &MapLink) -> String {
        let end = |end: &MapEnd| {
            let name = self
                .node_of
                .get(&end.device)
                .map_or(end.device.as_str(), |id| self.truth.devices[*id as usize].name.as_str());
            format!("{name} {}", end.interface.as_deref().unwrap_or("?"))
        };
        format!("{} {} - {}", link.kind, end(&link.a), end(&link.b))
    }

    fn describe_key(&self, key: &Key) -> String {
        let [a, b] = key
            .clone()
            .map(|(device, interface)| format!("{} {interface}", self.truth.devices[device as usize].name));
        format!("{a} - {b}")
    }

    /// Pairs of devices that share an unmanaged switch.
    fn through_segments(&self) -> HashSet<[u32; 2]> {
        let mut pairs = HashSet::new();
        for segment in &self.truth.segments {
            for a in &segment.ends {
                for b in &segment.ends {
                    pairs.insert([a.device.min(b.device), a.device.max(b.device)]);
                }
            }
        }
        pairs
    }

    fn l1(&self, links: &[&MapLink]) -> LayerScore {
        let truth: BTreeMap<Key, bool> = self
            .truth
            .cables
            .iter()
            .map(|cable| (true_key(&cable.a, &cable.b), !cable.provable_by.is_empty()))
            .collect();
        let groups: HashSet<Key> = self.truth.lags.iter().map(|lag| true_key(&lag.a, &lag.b)).collect();
        self.layer(links, &truth, &groups)
    }

    fn l2(&self, links: &[&MapLink]) -> LayerScore {
        let mut truth: BTreeMap<Key, bool> = BTreeMap::new();
        let mut tolerated = HashSet::new();
        for cable in &self.truth.cables {
            let key = true_key(&cable.a, &cable.b);
            if cable.kind == "bridged" && cable.lag.is_none() {
                truth.insert(key, !cable.provable_by.is_empty());
            } else {
                tolerated.insert(key);
            }
        }
        for lag in &self.truth.lags {
            let members = || lag.cables.iter().map(|id| &self.truth.cables[*id as usize]);
            let key = true_key(&lag.a, &lag.b);
            if members().any(|cable| cable.kind == "bridged") {
                truth.insert(key, lag.provable && members().any(|cable| !cable.provable_by.is_empty()));
            } else {
                tolerated.insert(key);
            }
        }
        self.layer(links, &truth, &tolerated)
    }

    /// Judges links by exact ends. `truth` says which links exist and whether they must be found.
    fn layer(&self, links: &[&MapLink], truth: &BTreeMap<Key, bool>, tolerated: &HashSet<Key>) -> LayerScore {
        let through = self.through_segments();
        let pairs: HashSet<[u32; 2]> = truth.keys().map(|[a, b]| [a.0, b.0]).collect();
        let mut result = LayerScore::default();
        let mut seen: BTreeSet<Key> = BTreeSet::new();
        for link in links {
            let Some([a, b]) = self.ends(link) else {
                result.tolerated += 1;
                continue;
            };
            let found = key((a.0, a.1.unwrap_or("")), (b.0, b.1.unwrap_or("")));
            let pair = [a.0.min(b.0), a.0.max(b.0)];
            if truth.contains_key(&found) {
                if !seen.insert(found) {
                    result.duplicates += 1;
                }
            } else if tolerated.contains(&found)
                || through.contains(&pair)
                || (a.1.is_none() || b.1.is_none()) && unknowable(truth, [a, b])
            {
                result.tolerated += 1;
            } else {
                result.false_links += 1;
                result.wrong_interface += usize::from(pairs.contains(&pair));
                example(&mut result.wrong, || self.describe(link));
            }
        }
        self.finish(result, truth, &seen)
    }

    fn finish(
        &self,
        mut result: LayerScore,
        truth: &BTreeMap<Key, bool>,
        seen: &BTreeSet<Key>,
    ) -> LayerScore {
        for (key, _) in truth.iter().filter(|(_, provable)| **provable) {
            result.expected += 1;
            if seen.contains(key) {
                result.found += 1;
            } else {
                example(&mut result.missed, || self.describe_key(key));
            }
        }
        result.correct = seen.len();
        let ratio = |part: usize, whole: usize| if whole == 0 { 1.0 } else { part as f64 / whole as f64 };
        result.precision = ratio(result.correct, result.correct + result.false_links);
        result.recall = ratio(result.found, result.expected);
        let sum = result.precision + result.recall;
        result.f1 = if sum == 0.0 { 0.0 } else { 2.0 * result.precision * result.recall / sum };
        result
    }

    /// Point-to-point neighbours by interface, BGP sessions by device. Two members of one bridged
    /// subnet may be drawn as neighbours or through a segment node.
    fn l3(&self, links: &[&MapLink]) -> LayerScore {
        let mut truth: BTreeMap<Key, bool> = BTreeMap::new();
        for adjacency in &self.truth.adjacencies {
            let entry = truth.entry(true_key(&adjacency.a, &adjacency.b)).or_default();
            *entry |= adjacency.provable;
        }
        let mut together: HashSet<[u32; 2]> = HashSet::new();
        for subnet in &self.truth.subnets {
            for a in &subnet.members {
                together
                    .extend(subnet.members.iter().map(|b| [a.device.min(b.device), a.device.max(b.device)]));
            }
        }
        let mut result = LayerScore::default();
        let mut seen: BTreeSet<Key> = BTreeSet::new();
        for link in links {
            let Some([a, b]) = self.ends(link) else {
                result.tolerated += 1;
                continue;
            };
            let candidates: Vec<Key> = if link.kind == "bgp" {
                vec![key((a.0, ""), (b.0, ""))]
            } else {
                forms(a).flat_map(|a| forms(b).map(move |b| key((a.0, &a.1), (b.0, &b.1)))).collect()
            };
            if let Some(found) = candidates.into_iter().find(|found| truth.contains_key(found)) {
                // One link may be told by OSPF and by its subnet.
                seen.insert(found);
            } else if link.kind != "bgp" && together.contains(&[a.0.min(b.0), a.0.max(b.0)]) {
                result.tolerated += 1;
            } else {
                result.false_links += 1;
                let pair = [a.0.min(b.0), a.0.max(b.0)];
                result.wrong_interface += usize::from(truth.keys().any(|[a, b]| [a.0, b.0] == pair));
                example(&mut result.wrong, || self.describe(link));
            }
        }
        self.finish(result, &truth, &seen)
    }
}

/// A link with an open end is no error where no agent tells the interface of that end: between the
/// two devices there is a true link with the end that is named, which nothing proves.
fn unknowable(truth: &BTreeMap<Key, bool>, ends: [(u32, Option<&str>); 2]) -> bool {
    truth.iter().any(|(link, provable)| {
        let fits = |[a, b]: [(u32, Option<&str>); 2]| {
            [(a, &link[0]), (b, &link[1])].into_iter().all(|((device, interface), end)| {
                device == end.0 && interface.is_none_or(|name| canonical_interface(name) == end.1)
            })
        };
        !provable && (fits(ends) || fits([ends[1], ends[0]]))
    })
}

/// An interface as named, and as the unit 0 of it.
fn forms((device, interface): (u32, Option<&str>)) -> impl Iterator<Item = (u32, String)> + Clone {
    let name = interface.unwrap_or("").to_owned();
    let unit = format!("{name}.0");
    [(device, name), (device, unit)].into_iter()
}

#[cfg(test)]
mod tests;
