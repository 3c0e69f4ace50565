//! Forwarding tables: which ports of two bridges face each other (atlas.md 2.1, stage 4).
//!
//! Of two bridges S and T in one tree exactly one port pair (p, q) faces each other. Every address
//! that S knows elsewhere than at p and T elsewhere than at q would have to sit on both far sides at
//! once: such an overlap contradicts (p, q). Missing rows never contradict, so loss does not mislead.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use model::documents::FdbStatus;
use model::{Mac, Reason, ReasonCode};

use super::edges::{Edge, Edges, Method, Vote};
use super::fuse::{Accepted, choose};
use super::scene::{EndRef, Scene};
use crate::map::UnplacedWhat;

/// Bridges compared in one domain at most in full; beyond, addresses are sampled.
const EXACT: usize = 200;
/// Addresses sampled per bridge above that.
const SAMPLE: usize = 32;

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

/// Two ports that face each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Facing {
    p: usize,
    q: usize,
    /// Addresses both know behind these two ports: they live between.
    between: u32,
    /// Each knows the other's own address there.
    mutual: bool,
}

/// Overlaps |A(S,x) and A(T,y)| of one pair of bridges.
type Overlaps = BTreeMap<(usize, usize), u32>;

fn overlaps(open: &[usize], tables: &[Learned]) -> BTreeMap<(usize, usize), Overlaps> {
    let mut knowing: BTreeMap<Mac, Vec<(usize, usize)>> = BTreeMap::new();
    let sampled = open.len() > EXACT;
    for &bridge in open {
        let table = &tables[bridge];
        let take = if sampled { SAMPLE } else { usize::MAX };
        for (port, addresses) in &table.ports {
            // A sample by address value is the same sample at every bridge.
            for mac in addresses.iter().take(take) {
                knowing.entry(*mac).or_default().push((bridge, *port));
            }
        }
    }
    let mut flat: Vec<(usize, usize, usize, usize)> = Vec::new();
    for holders in knowing.values() {
        for (at, (s, x)) in holders.iter().enumerate() {
            for (t, y) in &holders[at + 1..] {
                flat.push((*s, *t, *x, *y));
            }
        }
    }
    flat.sort_unstable();
    let mut pairs: BTreeMap<(usize, usize), Overlaps> = BTreeMap::new();
    for (s, t, x, y) in flat {
        *pairs.entry((s, t)).or_default().entry((x, y)).or_default() += 1;
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
    // Two equally good answers are none.
    if ranked.get(1).is_some_and(|next| (next.0, next.1) == (best.0, best.1)) {
        return None;
    }
    // A few stale rows may contradict the truth; more than that and nothing is known.
    if best.0 * 50 > total {
        return None;
    }
    let mutual = toward_t.is_some() && toward_s.is_some();
    // Without any own address of the other side, only many overlaps tell the direction.
    (mutual || toward_t.is_some() || toward_s.is_some() || total >= 3).then_some(Facing {
        p: best.2,
        q: best.3,
        between: best.1,
        mutual,
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

/// Number of bridges that lie between: S sees R where it sees T, and T sees R where it sees S.
fn lying_between(
    faces: &BTreeMap<(usize, usize), Facing>,
    s: usize,
    t: usize,
    found: Facing,
    around: &[usize],
) -> usize {
    let face = |from: usize, to: usize| {
        let key = (from.min(to), from.max(to));
        faces.get(&key).map(|f| if from < to { f.p } else { f.q })
    };
    around
        .iter()
        .filter(|&&r| r != s && r != t && face(s, r) == Some(found.p) && face(t, r) == Some(found.q))
        .filter(|&&r| {
            // R sees them at different ports; else R hangs beside the path.
            matches!((face(r, s), face(r, t)), (Some(x), Some(y)) if x != y)
                || face(r, s).is_none()
                || face(r, t).is_none()
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
    let mut ranked: Vec<(usize, u32, usize, usize)> = faces
        .iter()
        .map(|((s, t), found)| {
            let around = near.get(s).unwrap_or(&empty);
            (lying_between(faces, *s, *t, *found, around), found.between, *s, *t)
        })
        .filter(|(nb, ..)| *nb == 0)
        .collect();
    ranked.sort_unstable();
    let mut tree = Tree::of(scene, accepted);
    let mut media = Media::default();
    for (_, between, s, t) in ranked {
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
