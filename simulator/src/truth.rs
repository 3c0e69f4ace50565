//! The truth of a simulated network, and by which sources each part of it can be proved.

use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::mib;
use crate::options::SimulatorError;
use crate::plan::{Attached, Cable, DeviceId, End, Interface, Lame, Mode, Plan, Role};

/// The whole truth.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Truth {
    /// Seed it was drawn from.
    pub seed: u64,
    /// UDP port of all agents.
    pub port: u16,
    /// Read community.
    pub community: String,
    /// Address a discovery starts with.
    pub seed_address: Ipv4Addr,
    /// All devices with an agent.
    pub devices: Vec<TrueDevice>,
    /// Cables between them.
    pub cables: Vec<TrueCable>,
    /// Link aggregation groups.
    pub lags: Vec<TrueLag>,
    /// Unmanaged switches.
    pub segments: Vec<TrueSegment>,
    /// Layer 3 adjacencies.
    pub adjacencies: Vec<TrueAdjacency>,
    /// Subnets with more than two devices, or carried by bridges.
    pub subnets: Vec<TrueSubnet>,
    /// End hosts without agent.
    pub hosts: usize,
}

/// A device.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own in the JSON file")]
pub struct TrueDevice {
    /// Position; unique where names are not.
    pub id: DeviceId,
    /// sysName.
    pub name: String,
    /// edge, core, distribution, access, spine, leaf, server.
    pub role: String,
    /// Family of the agent.
    pub vendor: String,
    /// Site.
    pub site: String,
    /// Management address, then others on which the agent answers.
    pub management: Vec<Ipv4Addr>,
    /// Every address of its interfaces.
    pub addresses: Vec<IpAddr>,
    /// Chassis serial number.
    pub serial: String,
    /// Whether any table tells the serial number.
    pub serial_reported: bool,
    /// snmpEngineID in hexadecimal.
    pub engine_id: String,
    /// Bridge address and LLDP chassis id.
    pub base_mac: String,
    /// Number of interfaces.
    pub interfaces: usize,
    /// Sends and hears LLDP.
    pub lldp: bool,
    /// Sends and hears CDP.
    pub cdp: bool,
    /// Answers SNMPv2c with the simulation's community. A discovery with more credentials may find
    /// the others too: that is no error.
    pub answers: bool,
    /// Can be met from the seed through what other agents tell.
    pub reachable: bool,
    /// How it answers badly.
    pub lame: Option<String>,
    /// The device whose name it carries.
    pub clone_of: Option<DeviceId>,
}

/// One end of a link.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct TrueEnd {
    /// Position of the device.
    pub device: DeviceId,
    /// ifName.
    pub interface: String,
}

/// A source that proves a link with the interfaces at both ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Proof {
    /// Both ends hear each other by LLDP and both agents tell.
    LldpTwoSided,
    /// One agent tells what its end hears by LLDP; the other answers and names the port.
    LldpOneSided,
    /// One or both agents tell what they hear by CDP.
    Cdp,
    /// LACP partner system and port, told at both ends.
    Lacp,
    /// STP designated bridge and port of a single cable.
    Stp,
    /// Forwarding tables of both bridges, or of the bridge an end system is plugged into.
    Fdb,
}

/// A cable.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TrueCable {
    /// Position.
    pub id: u32,
    /// One end.
    pub a: TrueEnd,
    /// The other end.
    pub b: TrueEnd,
    /// Group it belongs to.
    pub lag: Option<u32>,
    /// bridged, routed or station.
    pub kind: String,
    /// STP blocks it at one end.
    pub blocked: bool,
    /// What proves it; empty: no discovery can know this cable exactly.
    pub provable_by: Vec<Proof>,
}

/// A group; its ends name the aggregates.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TrueLag {
    /// Position.
    pub id: u32,
    /// One end.
    pub a: TrueEnd,
    /// The other end.
    pub b: TrueEnd,
    /// Its cables.
    pub cables: Vec<u32>,
    /// Both agents name their aggregate and its members.
    pub provable: bool,
}

/// An unmanaged switch.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TrueSegment {
    /// Ports of devices in it.
    pub ends: Vec<TrueEnd>,
    /// End hosts in it.
    pub hosts: usize,
    /// Passes LLDP on, so that the devices in it take each other for direct neighbours.
    pub floods_lldp: bool,
}

/// Two devices that are neighbours at layer 3.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TrueAdjacency {
    /// ospf, bgp or subnet.
    pub kind: String,
    /// One end; for BGP the interface is empty.
    pub a: TrueEnd,
    /// The other end.
    pub b: TrueEnd,
    /// Both agents, or one and a resolvable other end, tell it.
    pub provable: bool,
}

/// A subnet carried by bridges.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TrueSubnet {
    /// IPv4 prefix.
    pub prefix: String,
    /// The site it belongs to: prefixes may be used again elsewhere.
    pub site: String,
    /// Used again elsewhere.
    pub overlapping: bool,
    /// Interfaces in it.
    pub members: Vec<TrueEnd>,
}

fn end(plan: &Plan, end: End) -> TrueEnd {
    TrueEnd { device: end.device, interface: plan.port(end).name.to_string() }
}

/// What each agent can be made to tell.
struct Sources<'a> {
    plan: &'a Plan,
    blocked: Vec<bool>,
}

impl Sources<'_> {
    fn answers(&self, id: DeviceId) -> bool {
        self.plan.device(id).lame.is_none_or(|lame| !lame.mute())
    }

    /// The agent tells what its interfaces are.
    fn names_ports(&self, id: DeviceId) -> bool {
        self.answers(id)
            && !matches!(
                self.plan.device(id).lame,
                Some(Lame::SystemOnly | Lame::ShortIfTable | Lame::EmptyTables)
            )
    }

    /// The agent tells whom it hears by LLDP on each port.
    fn hears_lldp(&self, id: DeviceId) -> bool {
        let device = self.plan.device(id);
        device.lldp
            && self.answers(id)
            && !matches!(
                device.lame,
                Some(Lame::SystemOnly | Lame::EmptyTables | Lame::LldpOneSided | Lame::CutShort)
            )
    }

    fn sends_lldp(&self, id: DeviceId) -> bool {
        self.plan.device(id).lldp
    }

    fn tells_cdp(&self, id: DeviceId) -> bool {
        let device = self.plan.device(id);
        device.cdp
            && self.answers(id)
            && !matches!(device.lame, Some(Lame::SystemOnly | Lame::EmptyTables | Lame::LldpOneSided))
    }

    fn tells_lag(&self, id: DeviceId) -> bool {
        self.names_ports(id) && self.tells(id, mib::serves_lag)
    }

    /// Rows that aged out prove nothing.
    fn tells_fdb(&self, id: DeviceId) -> bool {
        self.plan.options.fdb_loss == 0.0 && self.tells(id, mib::serves_fdb)
    }

    fn tells(&self, id: DeviceId, serves: impl Fn(&crate::plan::Device) -> bool) -> bool {
        self.answers(id) && serves(self.plan.device(id))
    }

    fn proofs(&self, id: usize, cable: &Cable) -> Vec<Proof> {
        let (a, b) = (cable.a.device, cable.b.device);
        let mut proofs = Vec::new();
        // A system-only agent is resolved by its name; its ports are those that neighbours name.
        let resolvable = |id: DeviceId| self.answers(id);
        let forward = self.hears_lldp(a) && self.sends_lldp(b) && resolvable(b);
        let backward = self.hears_lldp(b) && self.sends_lldp(a) && resolvable(a);
        match (forward, backward) {
            (true, true) => proofs.push(Proof::LldpTwoSided),
            (true, false) | (false, true) => proofs.push(Proof::LldpOneSided),
            (false, false) => {}
        }
        let both_cdp = self.plan.device(a).cdp && self.plan.device(b).cdp;
        if both_cdp && (self.tells_cdp(a) && resolvable(b) || self.tells_cdp(b) && resolvable(a)) {
            proofs.push(Proof::Cdp);
        }
        if !self.names_ports(a) || !self.names_ports(b) {
            return proofs;
        }
        if cable.lag.is_some() && self.tells_lag(a) && self.tells_lag(b) {
            proofs.push(Proof::Lacp);
        }
        let [near, far] = [cable.a, cable.b].map(|end| self.plan.port(end));
        let bridged = |port: &Interface| port.bridge_port > 0;
        if cable.lag.is_none() && bridged(near) && bridged(far) {
            // The end that is not designated names the other one.
            if self.tells(a, mib::serves_stp) && self.tells(b, mib::serves_stp) {
                proofs.push(Proof::Stp);
            }
            if !self.blocked[id] && self.tells_fdb(a) && self.tells_fdb(b) {
                proofs.push(Proof::Fdb);
            }
        }
        for (station, switch) in [(cable.a, cable.b), (cable.b, cable.a)] {
            let plugged = self.plan.device(station.device).role == Role::Server
                && cable.lag.is_none()
                && bridged(self.plan.port(switch));
            if plugged && self.tells_fdb(switch.device) {
                proofs.push(Proof::Fdb);
            }
        }
        proofs
    }
}

/// Cables that STP blocks at one end while everything is up.
fn blocked(plan: &Plan) -> Vec<bool> {
    let state = crate::state::State::new(plan);
    let mut result = vec![false; plan.cables.len()];
    for site in 0..plan.sites.len() as u16 {
        let l2 = crate::l2::compute(plan, &state, site);
        for (id, tree) in &l2.stp {
            for port in tree.ports.iter().filter(|port| port.state == crate::l2::PortState::Blocking) {
                for entry in &plan.device(*id).interfaces {
                    let whole = entry.bridge_port == port.number
                        || entry
                            .lag
                            .is_some_and(|group| plan.device(*id).port(group).bridge_port == port.number);
                    if let Attached::Cable(cable) = entry.attached
                        && whole
                    {
                        result[cable as usize] = true;
                    }
                }
            }
        }
    }
    result
}

impl Truth {
    /// The truth of a plan whose agents answer on `port`.
    pub fn of(plan: &Plan, port: u16) -> Self {
        let sources = Sources { plan, blocked: blocked(plan) };
        let reachable = reachable(plan, &sources);
        let devices =
            plan.devices.iter().map(|device| true_device(device, plan, &sources, &reachable)).collect();
        let cables = plan
            .cables
            .iter()
            .enumerate()
            .map(|(id, cable)| TrueCable {
                id: id as u32,
                a: end(plan, cable.a),
                b: end(plan, cable.b),
                lag: cable.lag,
                kind: cable_kind(plan, cable).to_owned(),
                blocked: sources.blocked[id],
                provable_by: if reachable[cable.a.device as usize] && reachable[cable.b.device as usize] {
                    sources.proofs(id, cable)
                } else {
                    Vec::new()
                },
            })
            .collect();
        Self {
            seed: plan.options.seed,
            port,
            community: plan.options.community.clone(),
            seed_address: plan.devices[0].address,
            devices,
            cables,
            lags: plan
                .lags
                .iter()
                .enumerate()
                .map(|(id, lag)| TrueLag {
                    id: id as u32,
                    a: end(plan, lag.a),
                    b: end(plan, lag.b),
                    cables: lag.cables.clone(),
                    provable: [lag.a, lag.b].iter().all(|end| sources.tells_lag(end.device))
                        && reachable[lag.a.device as usize]
                        && reachable[lag.b.device as usize],
                })
                .collect(),
            segments: segments(plan),
            adjacencies: adjacencies(plan, &sources, &reachable),
            subnets: subnets(plan),
            hosts: plan.hosts.len(),
        }
    }

    /// Writes the truth as JSON.
    pub fn write(&self, path: &Path) -> Result<(), SimulatorError> {
        let fail = |source| SimulatorError::Truth { path: path.to_owned(), source };
        let text = serde_json::to_vec_pretty(self).map_err(|error| fail(error.into()))?;
        std::fs::write(path, text).map_err(fail)
    }

    /// Reads a truth file.
    pub fn read(path: &Path) -> Result<Self, SimulatorError> {
        let fail = |source| SimulatorError::Truth { path: path.to_owned(), source };
        let text = std::fs::read(path).map_err(fail)?;
        serde_json::from_slice(&text).map_err(|error| fail(error.into()))
    }
}

fn true_device(
    device: &crate::plan::Device,
    plan: &Plan,
    sources: &Sources<'_>,
    reachable: &[bool],
) -> TrueDevice {
    let addresses =
        device.interfaces.iter().flat_map(|port| port.addresses.iter().map(|address| address.ip)).collect();
    let scalar = device.vendor == crate::plan::Vendor::Juniper && sources.names_ports(device.id);
    TrueDevice {
        id: device.id,
        name: device.full_name(),
        role: device.role.name().to_owned(),
        vendor: device.vendor.name().to_owned(),
        site: plan.site_of(device.id).name.clone(),
        management: std::iter::once(device.address).chain(device.other_addresses.iter().copied()).collect(),
        addresses,
        serial: device.serial.clone(),
        serial_reported: sources.tells(device.id, mib::serves_entity) || scalar,
        engine_id: hexadecimal(&device.engine_id),
        base_mac: device.base_mac.to_string(),
        interfaces: device.interfaces.len(),
        lldp: device.lldp,
        cdp: device.cdp,
        answers: sources.answers(device.id),
        reachable: reachable[device.id as usize],
        lame: device.lame.map(|lame| lame.name().to_owned()),
        clone_of: device.clone_of,
    }
}

fn hexadecimal(octets: &[u8]) -> String {
    octets.iter().fold(String::with_capacity(octets.len() * 2), |mut text, octet| {
        for digit in [octet >> 4, octet & 15] {
            text.extend(char::from_digit(u32::from(digit), 16));
        }
        text
    })
}

fn cable_kind(plan: &Plan, cable: &Cable) -> &'static str {
    let ends = [cable.a, cable.b].map(|end| {
        let port = plan.port(end);
        port.lag.map_or(port, |group| plan.device(end.device).port(group))
    });
    if [cable.a, cable.b].iter().any(|end| plan.device(end.device).role == Role::Server) {
        "station"
    } else if ends.iter().all(|port| port.mode == Mode::Routed) {
        "routed"
    } else {
        "bridged"
    }
}

fn segments(plan: &Plan) -> Vec<TrueSegment> {
    plan.segments
        .iter()
        .enumerate()
        .map(|(id, segment)| TrueSegment {
            ends: segment.ends.iter().map(|port| end(plan, *port)).collect(),
            hosts: plan
                .hosts
                .iter()
                .filter(|host| host.at == crate::plan::HostAt::Segment(id as u32))
                .count(),
            floods_lldp: segment.floods_lldp,
        })
        .collect()
}

fn adjacencies(plan: &Plan, sources: &Sources<'_>, reachable: &[bool]) -> Vec<TrueAdjacency> {
    let told = |a: DeviceId, b: DeviceId| {
        [a, b].iter().all(|id| sources.names_ports(*id) && reachable[*id as usize])
    };
    let mut list = Vec::new();
    for subnet in plan.subnets.iter().filter(|subnet| subnet.area.is_some()) {
        if let [a, b] = subnet.members[..] {
            for kind in ["subnet", "ospf"] {
                list.push(TrueAdjacency {
                    kind: kind.to_owned(),
                    a: end(plan, a.end),
                    b: end(plan, b.end),
                    provable: told(a.end.device, b.end.device),
                });
            }
        }
    }
    for session in &plan.bgp {
        if let Some(b) = session.b {
            let bare = |device| TrueEnd { device, interface: String::new() };
            list.push(TrueAdjacency {
                kind: "bgp".to_owned(),
                a: bare(session.a),
                b: bare(b),
                provable: told(session.a, b),
            });
        }
    }
    list
}

fn subnets(plan: &Plan) -> Vec<TrueSubnet> {
    plan.subnets
        .iter()
        .filter(|subnet| subnet.area.is_none())
        .map(|subnet| TrueSubnet {
            prefix: subnet.prefix.to_string(),
            site: plan.sites[usize::from(subnet.site)].name.clone(),
            overlapping: subnet.overlapping,
            members: subnet.members.iter().map(|member| end(plan, member.end)).collect(),
        })
        .collect()
}

/// Devices that can be met from the first one: by LLDP or CDP neighbours with a management address,
/// the ARP tables of the management VLANs, OSPF router ids and internal BGP peers.
fn reachable(plan: &Plan, sources: &Sources<'_>) -> Vec<bool> {
    let mut neighbours: Vec<Vec<DeviceId>> = vec![Vec::new(); plan.devices.len()];
    let addressed = |id: DeviceId| {
        !matches!(
            plan.device(id).lame,
            Some(Lame::NoManagementAddress | Lame::BadManagementAddress | Lame::OneMac)
        )
    };
    for cable in &plan.cables {
        for (from, to) in [(cable.a.device, cable.b.device), (cable.b.device, cable.a.device)] {
            let lldp = sources.hears_lldp(from) && sources.sends_lldp(to) && addressed(to);
            if lldp || sources.tells_cdp(from) && plan.device(to).cdp {
                neighbours[from as usize].push(to);
            }
        }
    }
    for subnet in &plan.subnets {
        let managed = plan.options.listen.contains(&subnet.prefix);
        for from in &subnet.members {
            for to in &subnet.members {
                let (a, b) = (from.end.device, to.end.device);
                let router = plan.device(a).role.routes();
                let told = router || plan.device(b).role.routes();
                if a != b && sources.names_ports(a) && (managed && told || subnet.area.is_some() && router) {
                    neighbours[a as usize].push(b);
                }
            }
        }
    }
    for session in &plan.bgp {
        if let Some(b) = session.b {
            neighbours[session.a as usize].push(b);
            neighbours[b as usize].push(session.a);
        }
    }
    let mut seen = vec![false; plan.devices.len()];
    let mut queue = vec![0 as DeviceId];
    while let Some(id) = queue.pop() {
        if !std::mem::replace(&mut seen[id as usize], true) && sources.answers(id) {
            queue.extend(&neighbours[id as usize]);
        }
    }
    seen
}
