//! What the bridges of one site work out among themselves: spanning tree (IEEE 802.1D-2004 17) and
//! forwarding tables.

use std::collections::{HashMap, VecDeque};

use model::Mac;

use crate::plan::{Attached, DeviceId, End, HostAt, Mode, Plan, PortKind, Role};
use crate::rng::Rng;
use crate::state::State;

/// VLAN that exists on distribution switches only.
const TRANSIT_VLAN: u16 = 900;

/// A bridge identifier: priority, then address.
pub(crate) type BridgeId = (u16, Mac);

/// State of a bridge port in the spanning tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PortState {
    /// disabled(1): no carrier.
    Disabled,
    /// blocking(2).
    Blocking,
    /// forwarding(5).
    Forwarding,
}

/// A port's view of the tree.
#[derive(Clone, Debug)]
pub(crate) struct StpPort {
    /// dot1dBasePort.
    pub(crate) number: u16,
    /// Its state.
    pub(crate) state: PortState,
    /// Path cost.
    pub(crate) cost: u32,
    /// Cost that the designated bridge offers.
    pub(crate) designated_cost: u32,
    /// Designated bridge of the segment.
    pub(crate) designated_bridge: BridgeId,
    /// Designated port: priority 0x8000 and number.
    pub(crate) designated_port: u16,
}

/// A bridge's view of the tree.
#[derive(Clone, Debug)]
pub(crate) struct StpBridge {
    /// Root of the tree.
    pub(crate) root: BridgeId,
    /// Cost to it.
    pub(crate) cost: u32,
    /// Port towards it, 0 on the root itself.
    pub(crate) root_port: u16,
    /// All bridge ports in rising number.
    pub(crate) ports: Vec<StpPort>,
}

/// A learned address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct FdbRow {
    /// VLAN.
    pub(crate) vlan: u16,
    /// Address.
    pub(crate) mac: Mac,
    /// dot1dBasePort; 0 for an address of the bridge itself.
    pub(crate) port: u16,
}

/// Everything the bridges of a site know.
#[derive(Debug, Default)]
pub(crate) struct SiteL2 {
    /// Tree by device.
    pub(crate) stp: HashMap<DeviceId, StpBridge>,
    /// Forwarding tables by device, sorted.
    pub(crate) fdb: HashMap<DeviceId, Vec<FdbRow>>,
}

/// Offer of a bridge on a segment; the smallest wins.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Offer {
    root: BridgeId,
    cost: u32,
    bridge: BridgeId,
    port: u16,
}

struct Bridge {
    id: DeviceId,
    own: BridgeId,
    /// Best offer received, with the cost of the way added, and the own port it came in by.
    best: (Offer, u16),
    /// Bridge port to segment.
    lans: Vec<(u16, usize)>,
}

/// A segment between bridges: a cable, a group, or an unmanaged switch.
struct Lan {
    /// (bridge, bridge port, cost).
    ends: Vec<(usize, u16, u32)>,
}

enum Place {
    /// On a port of a bridge that leads to no other bridge.
    Port(usize, u16),
    /// On a segment.
    Lan(usize),
    /// The bridge itself.
    Own(usize),
}

struct Domain<'a> {
    plan: &'a Plan,
    state: &'a State,
    bridges: Vec<Bridge>,
    index: HashMap<DeviceId, usize>,
    lans: Vec<Lan>,
    lan_of_segment: HashMap<u32, usize>,
}

/// Works out tree and tables of a site.
pub(crate) fn compute(plan: &Plan, state: &State, site: u16) -> SiteL2 {
    let mut domain = Domain::new(plan, state, site);
    domain.converge();
    let stp: HashMap<DeviceId, StpBridge> =
        (0..domain.bridges.len()).map(|bridge| (domain.bridges[bridge].id, domain.tree(bridge))).collect();
    let stations = domain.stations(site);
    let fdb = (0..domain.bridges.len())
        .map(|bridge| (domain.bridges[bridge].id, domain.learn(bridge, &stations, &stp)))
        .collect();
    SiteL2 { stp, fdb }
}

impl<'a> Domain<'a> {
    fn new(plan: &'a Plan, state: &'a State, site: u16) -> Self {
        let site = &plan.sites[usize::from(site)];
        let mut bridges = Vec::new();
        let mut index = HashMap::new();
        for id in &site.devices {
            let device = plan.device(*id);
            if device.role.bridges() {
                index.insert(*id, bridges.len());
                let bridge = (device.stp_priority, device.base_mac);
                let best = (Offer { root: bridge, cost: 0, bridge, port: 0 }, 0);
                bridges.push(Bridge { id: *id, own: bridge, best, lans: Vec::new() });
            }
        }
        let mut domain =
            Self { plan, state, bridges, index, lans: Vec::new(), lan_of_segment: HashMap::new() };
        for lag in &site.lags {
            let group = &plan.lags[*lag as usize];
            if state.lag_up(plan, *lag) {
                domain.add_lan(&[group.a, group.b]);
            }
        }
        for id in &site.devices {
            for port in &plan.device(*id).interfaces {
                if let Attached::Cable(cable) = port.attached {
                    let entry = &plan.cables[cable as usize];
                    if entry.a.device == *id && entry.lag.is_none() && state.cable_up(cable) {
                        domain.add_lan(&[entry.a, entry.b]);
                    }
                }
            }
        }
        for segment in &site.segments {
            let lan = domain.add_lan(&plan.segments[*segment as usize].ends);
            if let Some(lan) = lan {
                domain.lan_of_segment.insert(*segment, lan);
            }
        }
        domain
    }

    /// A segment, when all its ends are bridge ports.
    fn add_lan(&mut self, ends: &[End]) -> Option<usize> {
        let mut list = Vec::with_capacity(ends.len());
        for end in ends {
            let port = self.plan.port(*end);
            let bridge = *self.index.get(&end.device)?;
            if port.bridge_port == 0 {
                return None;
            }
            list.push((bridge, port.bridge_port, path_cost(port.speed)));
        }
        let lan = self.lans.len();
        for (bridge, port, _) in &list {
            self.bridges[*bridge].lans.push((*port, lan));
        }
        self.lans.push(Lan { ends: list });
        Some(lan)
    }

    fn offer(&self, bridge: usize, port: u16) -> Offer {
        let own = &self.bridges[bridge];
        Offer { root: own.best.0.root, cost: own.best.0.cost, bridge: own.own, port: 0x8000 | port }
    }

    fn designated(&self, lan: usize) -> Option<Offer> {
        self.lans[lan].ends.iter().map(|(bridge, port, _)| self.offer(*bridge, *port)).min()
    }

    /// Exchanges offers until nobody hears a better one.
    fn converge(&mut self) {
        loop {
            let mut changed = false;
            for lan in 0..self.lans.len() {
                let Some(best) = self.designated(lan) else { continue };
                for (bridge, port, cost) in self.lans[lan].ends.clone() {
                    let own = &mut self.bridges[bridge];
                    if best.bridge == own.own {
                        continue;
                    }
                    let heard = (Offer { cost: best.cost + cost, ..best }, port);
                    if heard < own.best {
                        own.best = heard;
                        changed = true;
                    }
                }
            }
            if !changed {
                return;
            }
        }
    }

    fn tree(&self, bridge: usize) -> StpBridge {
        let own = &self.bridges[bridge];
        let device = self.plan.device(own.id);
        let (best, root_port) = own.best;
        let mut ports = Vec::new();
        for (position, port) in device.interfaces.iter().enumerate() {
            if port.bridge_port == 0 {
                continue;
            }
            let number = port.bridge_port;
            let mine = self.offer(bridge, number);
            let lan = own.lans.iter().find(|(port, _)| *port == number).map(|(_, lan)| *lan);
            let designated = lan.and_then(|lan| self.designated(lan)).unwrap_or(mine);
            let up = self.state.port_up(self.plan, End { device: own.id, port: position as u16 });
            let state = if !up {
                PortState::Disabled
            } else if designated.bridge == own.own && designated.port == mine.port || number == root_port {
                PortState::Forwarding
            } else {
                PortState::Blocking
            };
            ports.push(StpPort {
                number,
                state,
                cost: path_cost(port.speed),
                designated_cost: designated.cost,
                designated_bridge: designated.bridge,
                designated_port: designated.port,
            });
        }
        ports.sort_by_key(|port| port.number);
        StpBridge { root: best.root, cost: best.cost, root_port, ports }
    }

    /// Every address that talks in the site, with the VLAN and the place.
    fn stations(&self, site: u16) -> Vec<(u16, Mac, Place)> {
        let plan = self.plan;
        let entry = &plan.sites[usize::from(site)];
        let mut result = Vec::new();
        for host in entry.hosts.iter().map(|id| &plan.hosts[*id as usize]) {
            let place = match host.at {
                HostAt::Port(end) => {
                    let Some(bridge) = self.index.get(&end.device) else { continue };
                    Place::Port(*bridge, plan.port(end).bridge_port)
                }
                HostAt::Segment(segment) => {
                    let Some(lan) = self.lan_of_segment.get(&segment) else { continue };
                    Place::Lan(*lan)
                }
            };
            result.push((host.vlan, host.mac, place));
        }
        for id in &entry.devices {
            let device = plan.device(*id);
            match self.index.get(id) {
                Some(bridge) => {
                    for port in &device.interfaces {
                        if let PortKind::Svi { vlan } = port.kind {
                            result.push((vlan, device.base_mac, Place::Own(*bridge)));
                        }
                    }
                }
                None => result.extend(self.server(*id)),
            }
        }
        for (id, bridge) in &self.index {
            for group in plan.vrrp_of[*id as usize].iter().map(|group| &plan.vrrp[*group as usize]) {
                if group.master.device == *id {
                    let mac = Mac([0, 0, 0x5e, 0, 1, group.vrid]);
                    result.push((group.vlan, mac, Place::Own(*bridge)));
                }
            }
        }
        result
    }

    /// The address of a server on the port of its switch.
    fn server(&self, id: DeviceId) -> Option<(u16, Mac, Place)> {
        let device = self.plan.device(id);
        let (port, cable) = device.interfaces.iter().find_map(|port| match port.attached {
            Attached::Cable(cable) if self.state.cable_up(cable) => Some((port, cable)),
            _ => None,
        })?;
        let far = self.plan.cables[cable as usize].far(id);
        let bridge = *self.index.get(&far.device)?;
        let mut socket = self.plan.port(far);
        if let Some(group) = socket.lag {
            socket = self.plan.device(far.device).port(group);
        }
        let Mode::Access(vlan) = socket.mode else { return None };
        Some((vlan, port.mac, Place::Port(bridge, socket.bridge_port)))
    }

    /// The forwarding table of a bridge.
    fn learn(
        &self,
        from: usize,
        stations: &[(u16, Mac, Place)],
        stp: &HashMap<DeviceId, StpBridge>,
    ) -> Vec<FdbRow> {
        let (to_bridge, to_lan) = self.ways(from, stp);
        let own = &self.bridges[from];
        let device = self.plan.device(own.id);
        let loss = self.plan.options.fdb_loss;
        let mut rng = Rng::new(self.plan.options.seed ^ (u64::from(own.id) << 20), "fdb-loss");
        let mut rows: Vec<FdbRow> = stations
            .iter()
            .filter(|(vlan, ..)| *vlan != TRANSIT_VLAN || device.role == Role::Distribution)
            .filter_map(|(vlan, mac, place)| {
                let port = match place {
                    Place::Own(bridge) if *bridge == from => Some(0),
                    Place::Port(bridge, port) if *bridge == from => Some(*port),
                    Place::Own(bridge) | Place::Port(bridge, _) => to_bridge[*bridge],
                    Place::Lan(lan) => to_lan[*lan],
                }?;
                Some(FdbRow { vlan: *vlan, mac: *mac, port })
            })
            .filter(|row| row.port == 0 || loss == 0.0 || !rng.chance(loss))
            .collect();
        rows.sort_unstable();
        rows.dedup();
        rows
    }

    /// The port of `from` that leads to each bridge and to each segment along the tree.
    fn ways(&self, from: usize, stp: &HashMap<DeviceId, StpBridge>) -> (Vec<Option<u16>>, Vec<Option<u16>>) {
        let forwards = |bridge: usize, number: u16| {
            stp[&self.bridges[bridge].id]
                .ports
                .iter()
                .any(|port| port.number == number && port.state == PortState::Forwarding)
        };
        let mut to_bridge = vec![None; self.bridges.len()];
        let mut to_lan = vec![None; self.lans.len()];
        let mut queue = VecDeque::from([(from, 0u16)]);
        let mut seen = vec![false; self.bridges.len()];
        seen[from] = true;
        while let Some((bridge, way)) = queue.pop_front() {
            for (port, lan) in &self.bridges[bridge].lans {
                if to_lan[*lan].is_some() || !forwards(bridge, *port) {
                    continue;
                }
                let first = if bridge == from { *port } else { way };
                to_lan[*lan] = Some(first);
                for (next, arrival, _) in &self.lans[*lan].ends {
                    if !seen[*next] && forwards(*next, *arrival) {
                        seen[*next] = true;
                        to_bridge[*next] = Some(first);
                        queue.push_back((*next, first));
                    }
                }
            }
        }
        (to_bridge, to_lan)
    }
}

/// IEEE 802.1D-2004 table 17-3: 20,000 for 1 Gbit/s.
fn path_cost(speed: u32) -> u32 {
    (20_000_000 / speed.max(1)).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::Options;

    fn network() -> (Plan, State) {
        let options = Options { devices: 120, unmanaged: 0.3, ..Options::default() };
        let plan = Plan::generate(&options).unwrap();
        let state = State::new(&plan);
        (plan, state)
    }

    #[test]
    fn the_tree_spans_and_blocks_what_is_redundant() {
        let (plan, state) = network();
        let mut blocked = 0;
        for site in 0..plan.sites.len() as u16 {
            let l2 = compute(&plan, &state, site);
            let campus = plan.sites[usize::from(site)].vlans.len() > 1;
            for (id, tree) in &l2.stp {
                let device = plan.device(*id);
                if campus {
                    let root = plan.device(plan.sites[usize::from(site)].devices[0]);
                    assert_eq!(tree.root, (root.stp_priority, root.base_mac), "{}", device.name);
                    assert_eq!(tree.root_port == 0, *id == root.id);
                }
                blocked += tree.ports.iter().filter(|port| port.state == PortState::Blocking).count();
            }
        }
        assert!(blocked > 10, "{blocked}");
    }

    #[test]
    fn every_bridge_learns_every_station_of_its_site() {
        let (plan, state) = network();
        for (site, entry) in plan.sites.iter().enumerate().filter(|(_, site)| site.vlans.len() > 1) {
            let l2 = compute(&plan, &state, site as u16);
            for rows in l2.fdb.values() {
                for host in &entry.hosts {
                    let host = &plan.hosts[*host as usize];
                    let seen = rows.iter().filter(|row| row.mac == host.mac).count();
                    assert_eq!(seen, 1);
                }
            }
        }
    }

    #[test]
    fn a_pulled_cable_moves_the_tree() {
        let (plan, mut state) = network();
        // An access switch whose root port is a single cable, with a blocked one beside it.
        let found = plan.devices.iter().find_map(|device| {
            let l2 = compute(&plan, &state, device.site);
            let tree = l2.stp.get(&device.id)?;
            let blocked = tree.ports.iter().find(|port| port.state == PortState::Blocking)?.number;
            let cable = device.interfaces.iter().find_map(|port| match port.attached {
                Attached::Cable(cable) if port.bridge_port == tree.root_port => Some(cable),
                _ => None,
            })?;
            Some((device.clone(), cable, blocked))
        });
        let (device, cable, blocked) = found.unwrap();
        state.set_cable(cable, false);
        let l2 = compute(&plan, &state, device.site);
        let port = l2.stp[&device.id].ports.iter().find(|port| port.number == blocked).unwrap().clone();
        assert_eq!(port.state, PortState::Forwarding);
        assert_eq!(l2.stp[&device.id].root_port, blocked);
    }

    #[test]
    fn lost_rows_are_lost_at_random() {
        let options = Options { devices: 60, fdb_loss: 0.5, ..Options::default() };
        let plan = Plan::generate(&options).unwrap();
        let full = Plan { options: Options { fdb_loss: 0.0, ..options }, ..plan.clone() };
        let state = State::new(&plan);
        let count = |plan: &Plan| -> usize {
            (0..plan.sites.len() as u16)
                .map(|site| compute(plan, &state, site).fdb.values().map(Vec::len).sum::<usize>())
                .sum()
        };
        let share = count(&plan) as f64 / count(&full) as f64;
        assert!((0.45..0.60).contains(&share), "{share}");
    }
}
