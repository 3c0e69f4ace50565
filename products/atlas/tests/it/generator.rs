//! Generated networks with known truth: how many links are found, and that none is invented.

use std::collections::BTreeSet;
use std::time::Instant;

use atlas::map::{Layer, LinkKind, Map, Prior};
use model::Mac;
use model::documents::IpNeighbour;
use proptest::prelude::*;

use crate::net::*;

/// A small reproducible source of numbers (xorshift).
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(crate) fn roll(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap() % below
    }

    pub(crate) fn chance(&mut self, percent: usize) -> bool {
        self.roll(100) < percent
    }
}

/// A tree of bridges with stations; `hidden` of the bridges are unmanaged.
struct Tree {
    /// Parent and the ports of both ends, per bridge but the first.
    cables: Vec<(usize, usize, usize, usize)>,
    ports: Vec<usize>,
    hidden: BTreeSet<usize>,
    /// Stations by bridge and port.
    stations: Vec<(usize, usize, Mac)>,
}

fn mac(number: usize) -> Mac {
    let [a, b, c] = [number >> 16, number >> 8, number].map(|n| u8::try_from(n & 0xff).unwrap());
    Mac([0, 0x50, 0x56, a, b, c])
}

impl Tree {
    fn grow(dice: &mut Dice, bridges: usize, stations: usize, hidden: usize) -> Self {
        let mut tree = Tree {
            cables: Vec::new(),
            ports: vec![0; bridges],
            hidden: BTreeSet::new(),
            stations: Vec::new(),
        };
        for at in 1..bridges {
            let parent = dice.roll(at);
            let (p, q) = (tree.port(at), tree.port(parent));
            tree.cables.push((at, p, parent, q));
        }
        while tree.hidden.len() < hidden {
            tree.hidden.insert(dice.roll(bridges));
        }
        for at in 0..bridges {
            for _ in 0..stations {
                let port = tree.port(at);
                let number = tree.stations.len() + 1;
                tree.stations.push((at, port, mac(number)));
            }
        }
        tree
    }

    fn port(&mut self, bridge: usize) -> usize {
        self.ports[bridge] += 1;
        self.ports[bridge] - 1
    }

    /// Which port of `from` leads to each bridge.
    fn toward(&self, from: usize) -> Vec<Option<usize>> {
        let mut near = vec![Vec::new(); self.ports.len()];
        for &(a, p, b, q) in &self.cables {
            near[a].push((b, p));
            near[b].push((a, q));
        }
        let mut out = vec![None; self.ports.len()];
        let mut queue: Vec<(usize, usize, usize)> =
            near[from].iter().map(|&(to, port)| (to, from, port)).collect();
        while let Some((at, before, port)) = queue.pop() {
            out[at] = Some(port);
            queue.extend(near[at].iter().filter(|(to, _)| *to != before).map(|&(to, _)| (to, at, port)));
        }
        out
    }

    /// The managed bridges with their forwarding tables, of which `loss` percent of rows is missing.
    fn agents(&self, dice: &mut Dice, loss: usize) -> Vec<Agent> {
        let mut agents: Vec<Agent> = (0..self.ports.len())
            .map(|at| {
                let number = u16::try_from(at).unwrap() + 1;
                let mut agent =
                    Agent::new(number, &format!("b{at}"), &format!("10.1.{}.{}", at / 200, at % 200 + 1));
                let names: Vec<String> = (0..self.ports[at]).map(|port| format!("p{port}")).collect();
                for name in &names {
                    agent.port(name);
                }
                agent.bridging(&names.iter().map(String::as_str).collect::<Vec<_>>());
                agent
            })
            .collect();
        let own: Vec<Mac> = agents.iter().map(|agent| agent.mac(0)).collect();
        #[expect(clippy::needless_range_loop, reason = "`from` names the switch in three tables")]
        for from in 0..agents.len() {
            let toward = self.toward(from);
            let mut rows: Vec<(usize, Mac)> = Vec::new();
            for (at, port) in toward.iter().enumerate() {
                if let Some(port) = port.filter(|_| !self.hidden.contains(&at)) {
                    rows.push((port, own[at]));
                }
            }
            for &(at, port, mac) in &self.stations {
                rows.push((if at == from { port } else { toward[at].unwrap() }, mac));
            }
            for (port, mac) in rows {
                if !dice.chance(loss) {
                    agents[from].learn(&format!("p{port}"), mac);
                }
            }
        }
        agents
    }

    /// Cables between managed bridges.
    fn truth(&self) -> BTreeSet<String> {
        self.cables
            .iter()
            .filter(|(a, _, b, _)| !self.hidden.contains(a) && !self.hidden.contains(b))
            .map(|(a, p, b, q)| {
                let mut ends = [format!("b{a}:p{p}"), format!("b{b}:p{q}")];
                ends.sort();
                ends.join(" - ")
            })
            .collect()
    }

    fn build(&self, dice: &mut Dice, loss: usize) -> Map {
        let agents = self.agents(dice, loss);
        let managed: Vec<&Agent> = agents
            .iter()
            .enumerate()
            .filter(|(at, _)| !self.hidden.contains(at))
            .map(|(_, agent)| agent)
            .collect();
        build(&managed)
    }
}

fn precision_recall(found: &BTreeSet<String>, truth: &BTreeSet<String>) -> (f64, f64) {
    let right = found.intersection(truth).count() as f64;
    let share = |of: usize| if of == 0 { 1.0 } else { right / of as f64 };
    (share(found.len()), share(truth.len()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// Complete tables of managed bridges: exactly the cables, whatever the tree.
    #[test]
    fn complete_tables_give_exactly_the_tree(seed in any::<u64>(), bridges in 2usize..14, stations in 0usize..4) {
        let mut dice = Dice::new(seed);
        let tree = Tree::grow(&mut dice, bridges, stations, 0);
        let found: BTreeSet<String> = cables(&tree.build(&mut dice, 0)).into_iter().collect();
        prop_assert_eq!(found, tree.truth());
    }

    /// Unmanaged bridges with stations: never a cable that is none.
    #[test]
    fn hidden_bridges_give_no_false_cable(seed in any::<u64>(), bridges in 4usize..16, hidden in 1usize..4) {
        let mut dice = Dice::new(seed);
        let tree = Tree::grow(&mut dice, bridges, 3, hidden);
        let found: BTreeSet<String> = cables(&tree.build(&mut dice, 0)).into_iter().collect();
        let truth = tree.truth();
        prop_assert!(found.is_subset(&truth), "false: {:?}", found.difference(&truth).collect::<Vec<_>>());
        prop_assert_eq!(found, truth);
    }

    /// The order of subjects changes nothing.
    #[test]
    fn order_changes_nothing(seed in any::<u64>()) {
        let mut dice = Dice::new(seed);
        let tree = Tree::grow(&mut dice, 8, 2, 1);
        let agents = tree.agents(&mut dice, 20);
        let mut list = views(&agents.iter().collect::<Vec<_>>());
        let first = build_views(&list, &Prior::default(), now());
        for at in (1..list.len()).rev() {
            let other = dice.roll(at + 1);
            list.swap(at, other);
        }
        let second = build_views(&list, &Prior::default(), now());
        prop_assert_eq!(first.fingerprint(), second.fingerprint());
    }
}

/// The accuracy stick of atlas.md 2.3, printed; its floors are asserted.
#[test]
fn trees_with_lost_rows() {
    for (loss, hidden, floor) in [
        (0, 0, (1.0, 1.0)),
        (30, 0, (1.0, 0.98)),
        (50, 0, (0.97, 0.90)),
        (0, 6, (1.0, 0.98)),
        (30, 6, (0.98, 0.9)),
    ] {
        let (mut precision, mut recall) = (0.0, 0.0);
        let seeds = 100u64..106;
        let count = 6.0;
        for seed in seeds {
            let mut dice = Dice::new(seed);
            let tree = Tree::grow(&mut dice, 60, 8, hidden);
            let found: BTreeSet<String> = cables(&tree.build(&mut dice, loss)).into_iter().collect();
            let (p, r) = precision_recall(&found, &tree.truth());
            precision += p / count;
            recall += r / count;
        }
        println!("{loss} % of rows lost, {hidden} unmanaged: precision {precision:.3}, recall {recall:.3}");
        assert!(
            precision >= floor.0 - 1e-9 && recall >= floor.1 - 1e-9,
            "{loss} {hidden}: {precision} {recall}"
        );
    }
}

/// A campus: sites of two routed distribution switches and access switches with `ports` ports each;
/// LLDP is off on a share of devices, a share are clones by name, serial and engine.
pub(crate) struct Campus {
    pub(crate) agents: Vec<Agent>,
    pub(crate) truth: BTreeSet<String>,
}

pub(crate) fn campus(seed: u64, devices: usize, ports: usize, silent: usize, clones: usize) -> Campus {
    let mut dice = Dice::new(seed);
    let per_site = 20;
    let mut agents: Vec<Agent> = (0..devices)
        .map(|at| {
            let ip = format!("10.{}.{}.{}", at / 10_000, at / 200 % 50, at % 200 + 1);
            let mut agent = Agent::new(u16::try_from(at).unwrap() + 1, &format!("d{at}"), &ip);
            for port in 0..ports {
                agent.port(&format!("Gi1/0/{port}"));
            }
            agent.address("Gi1/0/0", &format!("{ip}/16"));
            agent.system.as_mut().unwrap().services = Some(2);
            agent.with_lldp()
        })
        .collect();
    let mut truth = BTreeSet::new();
    let mut used = vec![1; devices];
    let speaks: Vec<bool> = (0..devices).map(|_| !dice.chance(silent)).collect();
    let mut links = Vec::new();
    for at in 1..devices {
        let site = at / per_site * per_site;
        let parent = if at == site { at - per_site } else { site };
        // The site's switch has few ports: further ones hang on one of its access switches.
        let parent = if used[parent] + 2 < ports { parent } else { site + 1 + dice.roll(at - site - 1) };
        let (p, q) = (used[at], used[parent]);
        used[at] += 1;
        used[parent] += 1;
        links.push((at, p, parent, q));
        let mut ends = [format!("d{at}:Gi1/0/{p}"), format!("d{parent}:Gi1/0/{q}")];
        ends.sort();
        truth.insert(ends.join(" - "));
    }
    for &(a, p, b, q) in &links {
        if speaks[a] && speaks[b] {
            let (x, y) = (
                agents[a].announcement(&format!("Gi1/0/{p}"), 0, 0),
                agents[b].announcement(&format!("Gi1/0/{q}"), 0, 0),
            );
            agents[a].hear(&format!("Gi1/0/{p}"), y);
            agents[b].hear(&format!("Gi1/0/{q}"), x);
        }
    }
    for (agent, speaks) in agents.iter_mut().zip(&speaks) {
        if !speaks {
            agent.lldp = None;
        }
    }
    bridge_sites(&mut agents, &links, per_site, ports, &used);
    for at in 1..devices {
        if dice.chance(clones) {
            let model = agents[at - 1].system.clone().unwrap();
            let system = agents[at].system.as_mut().unwrap();
            system.serial = Some("CLONE0001".into());
            system.engine_id = model.engine_id;
            system.name = "switch-template".into();
        }
    }
    Campus { agents, truth }
}

/// Every site is one broadcast domain in which every switch knows every other and some stations.
fn bridge_sites(
    agents: &mut [Agent],
    links: &[(usize, usize, usize, usize)],
    per_site: usize,
    ports: usize,
    used: &[usize],
) {
    let names: Vec<String> = (0..ports).map(|port| format!("Gi1/0/{port}")).collect();
    let all: Vec<&str> = names.iter().map(String::as_str).collect();
    for agent in agents.iter_mut() {
        agent.bridging(&all);
    }
    let own: Vec<Mac> = agents.iter().map(|agent| agent.mac(0)).collect();
    let mut near: Vec<Vec<(usize, usize)>> = vec![Vec::new(); agents.len()];
    for &(a, p, b, q) in links {
        near[a].push((b, p));
        near[b].push((a, q));
    }
    for from in 0..agents.len() {
        let mut queue: Vec<(usize, usize, usize)> =
            near[from].iter().map(|&(to, port)| (to, from, port)).collect();
        while let Some((at, before, port)) = queue.pop() {
            // The domain ends where another site begins.
            if at / per_site != from / per_site && before / per_site != from / per_site {
                continue;
            }
            agents[from].learn(&names[port], own[at]);
            agents[from].learn(&names[port], mac(at + 1));
            queue.extend(near[at].iter().filter(|(to, _)| *to != before).map(|&(to, _)| (to, at, port)));
        }
        if used[from] < ports {
            agents[from].learn(&names[ports - 1], mac(from + 1));
        }
        let arp = IpNeighbour { if_index: 1, ip: [10, 200, 0, 1].into(), mac: mac(from + 1), fixed: false };
        agents[from].arp.push(arp);
    }
}

/// Processor time of this thread: the wall clock of a shared machine says little.
fn cpu_seconds() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    text.split(' ').next().and_then(|ns| ns.parse::<f64>().ok()).unwrap_or(0.0) / 1e9
}

/// 1,000 devices of 50 interfaces, a fifth without LLDP, clones: exact, and fast.
#[test]
fn a_thousand_devices() {
    let campus = campus(7, 1000, 50, 20, 5);
    let list = views(&campus.agents.iter().collect::<Vec<_>>());
    let start = (Instant::now(), cpu_seconds());
    let map = build_views(&list, &Prior::default(), now());
    let first = (start.0.elapsed(), cpu_seconds() - start.1);
    let start = (Instant::now(), cpu_seconds());
    let second = build_views(&list, &map.to_prior(std::collections::BTreeMap::new()), later(30));
    let again = (start.0.elapsed(), cpu_seconds() - start.1);
    println!(
        "1000 devices x 50 interfaces: first build {:?} ({:.2} s of CPU), rebuild {:?} ({:.2} s)",
        first.0, first.1, again.0, again.1
    );
    assert_eq!(map.entities.len(), 1000, "no duplicate and none merged");
    assert_eq!(second.links.len(), map.links.len());
    // Clones carry one name: the ends are told by address.
    let ip_of = |id: uuid::Uuid| {
        map.nodes.iter().find(|n| n.id == id).unwrap().addresses.first().map(ToString::to_string).unwrap()
    };
    let numbers: std::collections::HashMap<String, usize> =
        campus.agents.iter().enumerate().map(|(at, agent)| (agent.asked[0].clone(), at)).collect();
    let found: BTreeSet<String> = map
        .links
        .iter()
        .filter(|link| link.layer == Layer::L1 && link.kind == LinkKind::Cable)
        .map(|link| {
            let mut ends = [&link.a, &link.b].map(|end| {
                format!("d{}:{}", numbers[&ip_of(end.device)], end.interface.as_deref().unwrap_or("?"))
            });
            ends.sort();
            ends.join(" - ")
        })
        .collect();
    let (precision, recall) = precision_recall(&found, &campus.truth);
    let f1 = 2.0 * precision * recall / (precision + recall);
    let wrong: Vec<_> = found.difference(&campus.truth).take(5).collect();
    let missed: Vec<_> = campus.truth.difference(&found).take(5).collect();
    println!("precision {precision:.4}, recall {recall:.4}, F1 {f1:.4}; wrong {wrong:?}, missed {missed:?}");
    assert!(precision >= 0.999 && f1 >= 0.99);
}
