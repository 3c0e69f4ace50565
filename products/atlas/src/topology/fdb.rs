//! Forwarding tables: which ports of two bridges face each other (atlas.md 2.1, stage 4).
//!
//! Of two bridges S and T in one tree exactly one port pair (p, q) faces each other. Every address
//! that S knows elsewhere than at p and T elsewhere than at q would have to sit on both far sides at
//! once: such an overlap contradicts (p, q). Missing rows never contradict, so loss does not mislead.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use model::documents::FdbStatus;
use model::{Mac, Reason, ReasonCode};

use super::edges::{Edge, Edges, Method, Vote};
use super::fuse::{Accepted, choose};
use super::scene::{EndRef, Scene};
use crate::map::UnplacedWhat;

/// Pairs of statements about one address that are compared at most; beyond, addresses are sampled.
const COMPARED: usize = 4_000_000;

/// What a bridge learned, by port position, with each address at one port only.
#[derive(Debug, Default)]
pub(crate) struct Learned {
    /// Port position -> addresses.
    pub ports: BTreeMap<usize, BTreeSet<Mac>>,
    /// Address -> port position.
    pub at: HashMap<Mac, usize>,
}

impl Learned {
    fn addresses(&self, port: usize) -> usize {
        self.ports.get(&port).map_or(0, BTreeSet::len)
    }
}

/// Reads the learned addresses of every device. Members of an aggregate count as the aggregate. An
/// address learned at several ports of one bridge is trusted at none.
pub(crate) fn learned(scene: &mut Scene) -> Vec<Learned> {
    let mut all = Vec::with_capacity(scene.devices.len());
    let mut many: Vec<(usize, Mac)> = Vec::new();
    for (number, device) in scene.devices.iter().enumerate() {
        let mut table = Learned::default();
        let mut twice: BTreeSet<Mac> = BTreeSet::new();
        let rows = device.fdb().map(|(rows, _)| rows.iter()).into_iter().flatten();
        for row in rows.filter(|row| row.status == FdbStatus::Learned && row.mac.is_station()) {
            let port = row.if_index.and_then(|index| device.port_of_index(index));
            let Some(port) = port.or_else(|| device.port_of_bridge_port(row.port)) else { continue };
            let port = device.ports[port].aggregate.unwrap_or(port);
            if device.own_macs.contains(&row.mac) {
                continue;
            }
            match table.at.insert(row.mac, port) {
                Some(other) if other != port => {
                    twice.insert(row.mac);
                }
                _ => {}
            }
        }
        for mac in &twice {
            table.at.remove(mac);
        }
        for (mac, port) in &table.at {
            table.ports.entry(*port).or_default().insert(*mac);
        }
        many.extend(twice.into_iter().map(|mac| (number, mac)));
        all.push(table);
    }
    for (device, mac) in many.into_iter().take(200) {
        let name = scene.devices[device].name.clone();
        let held = scene.devices[device].fdb().map(|(_, held)| (held.source.clone(), held.seen_at));
        let Some((source, seen_at)) = held else { continue };
        let text = format!("{name} learned {mac} on several ports at once");
        let reason = Reason::new(ReasonCode::MacOnManyPorts, text);
        scene.lost(UnplacedWhat::Mac, mac.to_string(), Some((device, None)), &reason, &source, Some(seen_at));
    }
    all
}

/// What is known of the two ports of a pair of bridges that face each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Facing {
    p: usize,
    q: usize,
    /// Something was learned at p that says T lies there.
    p_known: bool,
    /// Something was learned at q that says S lies there.
    q_known: bool,
    /// Addresses both know behind these two ports: they live between.
    between: u32,
    /// Each knows the other's own address there.
    mutual: bool,
    /// Addresses that agree.
    support: u32,
}

impl Facing {
    fn sure(&self) -> bool {
        self.p_known && self.q_known
    }
}

/// Overlaps |A(S,x) and A(T,y)| of one pair of bridges.
type Overlaps = BTreeMap<(usize, usize), u32>;

fn overlaps(open: &[usize], tables: &[Learned]) -> BTreeMap<(usize, usize), Overlaps> {
    let mut knowing: BTreeMap<Mac, Vec<(u32, u32)>> = BTreeMap::new();
    for &bridge in open {
        for (port, addresses) in &tables[bridge].ports {
            for mac in addresses {
                knowing.entry(*mac).or_default().push((bridge as u32, *port as u32));
            }
        }
    }
    let work: usize = knowing.values().map(|holders| holders.len() * holders.len() / 2).sum();
    let step = work / COMPARED + 1;
    let mut flat: Vec<(u32, u32, u32, u32)> = Vec::with_capacity(work / step);
    // A sample by address is the same sample at every bridge.
    for holders in knowing.values().step_by(step) {
        for (at, (s, x)) in holders.iter().enumerate() {
            flat.extend(holders[at + 1..].iter().map(|(t, y)| (*s, *t, *x, *y)));
        }
    }
    flat.sort_unstable();
    let mut pairs: BTreeMap<(usize, usize), Overlaps> = BTreeMap::new();
    for same in flat.chunk_by(|a, b| a == b) {
        let (s, t, x, y) = same[0];
        pairs
            .entry((s as usize, t as usize))
            .or_default()
            .insert((x as usize, y as usize), same.len() as u32);
    }
    pairs
}

/// (bridge, other device) -> the port at which the bridge knows the other's own addresses; `None`
/// when it knows them at several.
type Towards = HashMap<(usize, usize), Option<usize>>;

fn towards(scene: &Scene, tables: &[Learned], open: &[usize]) -> Towards {
    let mut map = Towards::new();
    for &from in open {
        for (mac, port) in &tables[from].at {
            if let [to] = scene.index.by_mac(*mac) {
                map.entry((from, *to))
                    .and_modify(|known| *known = known.filter(|known| known == port))
                    .or_insert(Some(*port));
            }
        }
    }
    map
}

/// Chooses the facing ports of one pair, or abstains.
fn facing(towards: &Towards, tables: &[Learned], s: usize, t: usize, overlaps: &Overlaps) -> Option<Facing> {
    let known = |from: usize, to: usize| towards.get(&(from, to)).copied().flatten();
    let (toward_t, toward_s) = (known(s, t), known(t, s));
    let total: u32 = overlaps.values().sum();
    let mut rows: BTreeMap<usize, u32> = BTreeMap::new();
    let mut columns: BTreeMap<usize, u32> = BTreeMap::new();
    for ((x, y), count) in overlaps {
        *rows.entry(*x).or_default() += count;
        *columns.entry(*y).or_default() += count;
    }
    let ps: Vec<usize> = toward_t.map_or_else(|| tables[s].ports.keys().copied().collect(), |p| vec![p]);
    let qs: Vec<usize> = toward_s.map_or_else(|| tables[t].ports.keys().copied().collect(), |q| vec![q]);
    let count = |map: &BTreeMap<usize, u32>, at: usize| map.get(&at).copied().unwrap_or(0);
    let mut ranked: Vec<(u32, u32, usize, usize)> = Vec::new();
    for &p in &ps {
        for &q in &qs {
            let both = overlaps.get(&(p, q)).copied().unwrap_or(0);
            let contradictions = total + both - count(&rows, p) - count(&columns, q);
            ranked.push((contradictions, both, p, q));
        }
    }
    ranked.sort_unstable();
    let best = *ranked.first()?;
    // Two equally good answers are none. A few stale rows may contradict the truth; more than that
    // and nothing is known. Such a guess still tells who stands between others.
    let tied = ranked.get(1).is_some_and(|next| (next.0, next.1) == (best.0, best.1));
    let contradicted = best.0 * 50 > total;
    let doubtful = tied || contradicted;
    let (_, between, p, q) = best;
    // An address that S knows at p and T elsewhere than at q lies on T's side, and the reverse.
    let (beyond_t, beyond_s) = (count(&rows, p) - between, count(&columns, q) - between);
    Some(Facing {
        p,
        q,
        p_known: toward_t.is_some() || !doubtful && beyond_t > 0,
        q_known: toward_s.is_some() || !doubtful && beyond_s > 0,
        between,
        mutual: toward_t.is_some() && toward_s.is_some(),
        support: beyond_t + beyond_s,
    })
}

/// Adds links between bridges that forwarding tables alone can tell, and their vote for known ones.
pub(crate) fn infer(scene: &mut Scene, tables: &[Learned], accepted: &mut Accepted) {
    confirm(scene, tables, accepted);
    let open: Vec<usize> =
        (0..scene.devices.len()).filter(|at| is_open(scene, tables, *at, accepted)).collect();
    let pairs = overlaps(&open, tables);
    let mut faces: BTreeMap<(usize, usize), Facing> = BTreeMap::new();
    let mut candidates: BTreeSet<(usize, usize)> = pairs.keys().copied().collect();
    // Two bridges without common addresses still know each other's own.
    let towards = towards(scene, tables, &open);
    let is_open: BTreeSet<usize> = open.iter().copied().collect();
    candidates.extend(
        towards
            .keys()
            .copied()
            .filter(|(s, t)| s < t && is_open.contains(t) && towards.contains_key(&(*t, *s))),
    );
    let none = Overlaps::new();
    for (s, t) in candidates {
        if let Some(found) = facing(&towards, tables, s, t, pairs.get(&(s, t)).unwrap_or(&none)) {
            faces.insert((s, t), found);
        }
    }
    connect(scene, tables, &faces, accepted);
}

/// A bridge with a port that learned addresses and has no link yet.
fn is_open(scene: &Scene, tables: &[Learned], device: usize, accepted: &Accepted) -> bool {
    tables[device].ports.keys().any(|port| accepted.at(scene, device, *port).is_none())
}

/// Forwarding tables that agree with a known link are one more witness.
fn confirm(scene: &Scene, tables: &[Learned], accepted: &mut Accepted) {
    for link in &mut accepted.links {
        let (Some((a, p)), Some((b, q))) = (link.a.known(), link.b.known()) else { continue };
        for (near, port, far) in [(a, p, b), (b, q, a)] {
            let port = scene.devices[near].ports[port].aggregate.unwrap_or(port);
            let known =
                scene.devices[far].own_macs.iter().find(|mac| tables[near].at.get(mac) == Some(&port));
            let (Some(mac), Some((_, held))) = (known, scene.devices[near].fdb()) else { continue };
            let detail = format!(
                "{}:{} learned {mac}",
                scene.devices[near].name, scene.devices[near].ports[port].name
            );
            link.votes.push(Vote::new(Method::FdbFacing, held, detail));
        }
    }
}

/// The port at which `from` knows `to`, as far as it is known.
fn face(faces: &BTreeMap<(usize, usize), Facing>, from: usize, to: usize) -> Option<usize> {
    let found = faces.get(&(from.min(to), from.max(to)))?;
    let (port, known) = if from < to { (found.p, found.p_known) } else { (found.q, found.q_known) };
    known.then_some(port)
}

/// Number of bridges that lie between S and T: they see the two at different ports, and each of the
/// two sees them, as far as it does, where it sees the other.
fn lying_between(
    faces: &BTreeMap<(usize, usize), Facing>,
    s: usize,
    t: usize,
    found: Facing,
    around: &[usize],
) -> usize {
    around
        .iter()
        .filter(|&&r| r != s && r != t)
        .filter(|&&r| {
            let (from_s, from_t) = (face(faces, s, r), face(faces, t, r));
            let agrees = from_s.is_none_or(|x| x == found.p) && from_t.is_none_or(|y| y == found.q);
            match (face(faces, r, s), face(faces, r, t)) {
                (Some(x), Some(y)) => agrees && x != y,
                _ => agrees && from_s.is_some() && from_t.is_some(),
            }
        })
        .count()
}

fn connect(
    scene: &mut Scene,
    tables: &[Learned],
    faces: &BTreeMap<(usize, usize), Facing>,
    accepted: &mut Accepted,
) {
    let mut near: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (s, t) in faces.keys() {
        near.entry(*s).or_default().push(*t);
        near.entry(*t).or_default().push(*s);
    }
    let empty = Vec::new();
    let mut ranked: Vec<(usize, u32, bool, Reverse<u32>, usize, usize)> = faces
        .iter()
        .filter(|(_, found)| found.sure())
        .map(|((s, t), found)| {
            let around = near.get(s).unwrap_or(&empty);
            let nb = lying_between(faces, *s, *t, *found, around);
            (nb, found.between, !found.mutual, Reverse(found.support), *s, *t)
        })
        .filter(|(nb, ..)| *nb == 0)
        .collect();
    ranked.sort_unstable();
    let mut tree = Tree::of(scene, accepted);
    let mut media = Media::default();
    for (_, between, _, _, s, t) in ranked {
        let Some(found) = faces.get(&(s, t)) else { continue };
        let busy = accepted.at(scene, s, found.p).is_some() || accepted.at(scene, t, found.q).is_some();
        if busy {
            continue;
        }
        let (x, y) = ((s, found.p), (t, found.q));
        if between == 0 && media.group(x).is_none() && media.group(y).is_none() {
            if tree.join(s, t) {
                direct(scene, tables, x, y, *found, accepted);
            }
        } else if between > 0 {
            media.join(x, y, between);
        }
    }
    media.draw(scene, accepted);
}

fn direct(
    scene: &mut Scene,
    tables: &[Learned],
    x: (usize, usize),
    y: (usize, usize),
    found: Facing,
    accepted: &mut Accepted,
) {
    let method = if found.mutual { Method::FdbMutual } else { Method::FdbFacing };
    let mut edges = Edges::default();
    let (a, b) = (EndRef::port(x.0, x.1), EndRef::port(y.0, y.1));
    for (device, port) in [x, y] {
        let Some((_, held)) = scene.devices[device].fdb() else { continue };
        let detail = format!(
            "{}:{} learned {} addresses, none of which the other port learned",
            scene.devices[device].name,
            scene.devices[device].ports[port].name,
            tables[device].addresses(port)
        );
        edges.vote(a.clone(), b.clone(), Vote::new(method, held, detail));
    }
    let aggregate = |end: &EndRef| {
        end.known().map(|(d, p)| scene.devices[d].ports[p].members.clone()).unwrap_or_default()
    };
    let (members_a, members_b) = (aggregate(&a), aggregate(&b));
    let edges: Vec<Edge> = edges.map.into_values().collect();
    match (members_a.as_slice(), members_b.as_slice()) {
        ([], []) => choose(scene, edges, accepted),
        ([only_a], [only_b]) => {
            let (a, b) = (EndRef::port(x.0, *only_a), EndRef::port(y.0, *only_b));
            let (a, b) = if a <= b { (a, b) } else { (b, a) };
            let edges = edges.into_iter().map(|edge| Edge { a: a.clone(), b: b.clone(), ..edge }).collect();
            choose(scene, edges, accepted);
        }
        // Which member meets which, forwarding tables cannot tell.
        _ => accepted.aggregates.extend(edges),
    }
}

/// Bridges that known, forwarding links already connect.
struct Tree {
    parent: Vec<usize>,
}

impl Tree {
    fn of(scene: &Scene, accepted: &Accepted) -> Self {
        let mut tree = Self { parent: (0..scene.devices.len()).collect() };
        let blocked: Vec<BTreeSet<usize>> = scene.devices.iter().map(super::stp::blocked).collect();
        for link in &accepted.links {
            if let (Some((a, p)), Some((b, q))) = (link.a.known(), link.b.known())
                && scene.devices[a].bridges(p)
                && scene.devices[b].bridges(q)
                && !blocked[a].contains(&p)
                && !blocked[b].contains(&q)
            {
                tree.join(a, b);
            }
        }
        tree
    }

    fn root(&mut self, mut at: usize) -> usize {
        while self.parent[at] != at {
            self.parent[at] = self.parent[self.parent[at]];
            at = self.parent[at];
        }
        at
    }

    fn join(&mut self, a: usize, b: usize) -> bool {
        let (a, b) = (self.root(a), self.root(b));
        self.parent[a] = b;
        a != b
    }
}

/// Ports between which addresses live: an unmanaged switch, a hub, a hypervisor.
#[derive(Default)]
struct Media {
    groups: BTreeMap<(usize, usize), usize>,
    between: BTreeMap<usize, u32>,
}

impl Media {
    fn group(&self, port: (usize, usize)) -> Option<usize> {
        self.groups.get(&port).copied()
    }

    fn join(&mut self, x: (usize, usize), y: (usize, usize), between: u32) {
        let into = match (self.group(x), self.group(y)) {
            (Some(a), Some(b)) if a != b => {
                self.groups.values_mut().filter(|group| **group == b).for_each(|group| *group = a);
                a
            }
            (Some(a), _) | (None, Some(a)) => a,
            (None, None) => self.between.len(),
        };
        self.groups.insert(x, into);
        self.groups.insert(y, into);
        let most = self.between.entry(into).or_default();
        *most = (*most).max(between);
    }

    fn draw(&self, scene: &mut Scene, accepted: &mut Accepted) {
        let mut members: BTreeMap<usize, Vec<(usize, usize)>> = BTreeMap::new();
        for (port, group) in &self.groups {
            if accepted.at(scene, port.0, port.1).is_none() {
                members.entry(*group).or_default().push(*port);
            }
        }
        for (group, ports) in members.iter().filter(|(_, ports)| ports.len() > 1) {
            let (device, port) = ports[0];
            let id = scene.devices[device].id.to_string();
            let name = scene.devices[device].ports[port].name.clone();
            let title = format!("behind {}:{name}", scene.devices[device].name);
            let node = scene.segment(&[&id, &name], title);
            let between = self.between.get(group).copied().unwrap_or(0);
            for (device, port) in ports {
                let Some((_, held)) = scene.devices[*device].fdb() else { continue };
                let detail = format!("{between} addresses live between the ports that meet here");
                let vote = Vote::new(Method::FdbShared, held, detail);
                let (a, b) = (EndRef::port(*device, *port), EndRef::node(node));
                accepted.take(Edge { a, b, votes: vec![vote], notes: BTreeSet::new(), doubted: 0 });
            }
        }
    }
}
