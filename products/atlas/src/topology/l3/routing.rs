//! Routing adjacencies: OSPF, IS-IS and BGP, from neighbour rows to relations.

use std::collections::{BTreeSet, HashMap};
use std::net::IpAddr;

use ipnet::IpNet;
use model::address::is_ambiguous;
use model::documents::{BgpPeer, IsisAdjacency, OspfNeighbour};
use model::{Reason, ReasonCode};

use super::super::device::Held;
use super::super::scene::{EndRef, NodeRef, Scene};
use super::{Relations, evidence, note};
use crate::map::{LinkKind, UnplacedWhat};

/// Reads the neighbour tables of all routing protocols.
pub(super) fn collect(scene: &mut Scene, relations: &mut Relations) {
    let between = between(relations);
    for at in 0..scene.devices.len() {
        let device = &scene.devices[at];
        let ospf = device.ospf().map(|(ospf, held)| (ospf.neighbours.clone(), held.clone()));
        let isis = device.isis().map(|(isis, held)| (isis.adjacencies.clone(), held.clone()));
        let bgp = device.bgp().map(|(bgp, held)| (bgp.peers.clone(), held.clone()));
        if let Some((rows, held)) = ospf {
            for row in &rows {
                ospf_row(scene, relations, &between, at, row, &held);
            }
        }
        if let Some((rows, held)) = isis {
            for row in &rows {
                isis_row(scene, relations, &between, at, row, &held);
            }
        }
        if let Some((rows, held)) = bgp {
            for row in &rows {
                bgp_row(scene, relations, at, row, &held);
            }
        }
    }
}

/// A neighbour row of any protocol.
struct Row<'a> {
    /// The device that holds it.
    at: usize,
    /// Its interface towards the neighbour, when known.
    local: Option<usize>,
    kind: LinkKind,
    protocol: &'static str,
    /// The neighbour in words.
    what: String,
    address: Option<IpAddr>,
    up: bool,
    held: &'a Held,
}

impl Row<'_> {
    /// The one device the row means. A neighbour nobody asked becomes a stub, one that several
    /// devices claim to be is listed, a device's own address means nothing.
    fn resolve(&self, scene: &mut Scene, relations: &mut Relations, owners: &[usize]) -> Option<usize> {
        match owners {
            [far] => Some(*far).filter(|far| *far != self.at),
            [] => {
                self.unasked(scene, relations);
                None
            }
            _ => {
                let why = "whose identity several devices claim";
                self.lost(scene, ReasonCode::AmbiguousIdentity, self.says(scene, why));
                None
            }
        }
    }

    fn says(&self, scene: &Scene, state: &str) -> String {
        format!("{} has {}, {state}", scene.devices[self.at].name, self.what)
    }

    fn lost(&self, scene: &mut Scene, code: ReasonCode, text: String) {
        let interface = self.local.map(|port| scene.devices[self.at].ports[port].name.clone());
        let reason = Reason::new(code, text);
        let here = Some((self.at, interface));
        let what = UnplacedWhat::Neighbour;
        scene.lost(what, self.what.as_str(), here, &reason, &self.held.source, Some(self.held.seen_at));
    }

    fn unasked(&self, scene: &mut Scene, relations: &mut Relations) {
        let text = self.says(scene, "which was never asked or did not answer");
        self.lost(scene, ReasonCode::NeighbourNotQueried, text.clone());
        let Some(ip) = self.address.filter(|ip| self.up && !is_ambiguous(*ip)) else { return };
        let partition = scene.devices[self.at].partitions.first().cloned().unwrap_or_default();
        let stub = scene.stubs.meet(&[format!("i:{partition}/{ip}")], &ip.to_string(), &[ip], None);
        let found = evidence(self.held, &format!("{}.unasked", self.protocol), text);
        let far = EndRef::node(NodeRef::Stub(stub));
        relations.add(self.kind, known(self.at, self.local), far, 0.7, true, self.held, found);
    }
}

/// The interface on which a device reaches an address of a neighbour directly.
fn port_facing(scene: &Scene, device: usize, ip: IpAddr) -> Option<usize> {
    let ports = &scene.devices[device].ports;
    let mut best: Option<(u8, usize)> = None;
    for (at, port) in ports.iter().enumerate().filter(|(_, port)| port.if_type != 24) {
        for address in &port.addresses {
            let length = address.prefix_length.unwrap_or(0);
            let inside = IpNet::new(address.ip, length).is_ok_and(|net| length > 0 && net.contains(&ip));
            if inside && address.ip != ip && best.is_none_or(|(longest, _)| length > longest) {
                best = Some((length, at));
            }
        }
    }
    best.map(|(_, at)| at)
}

fn known(device: usize, port: Option<usize>) -> EndRef {
    port.map_or_else(|| EndRef::node(NodeRef::Device(device)), |at| EndRef::port(device, at))
}

/// Subnet links by their two devices, as (near, far).
type Between = HashMap<(NodeRef, NodeRef), Vec<(EndRef, EndRef)>>;

fn between(relations: &Relations) -> Between {
    let mut map = Between::new();
    for relation in relations.map.values().filter(|relation| relation.kind == LinkKind::Subnet) {
        let (a, b) = (&relation.a, &relation.b);
        map.entry((a.node, b.node)).or_default().push((a.clone(), b.clone()));
        map.entry((b.node, a.node)).or_default().push((b.clone(), a.clone()));
    }
    map
}

/// The ends of the subnet link from `near` to `far`; without a known port, the only one between.
fn counterpart(between: &Between, near: &EndRef, far: usize) -> Option<(EndRef, EndRef)> {
    let pairs = between.get(&(near.node, NodeRef::Device(far)))?;
    let mut exact = pairs.iter().filter(|(a, _)| a == near);
    match (exact.next(), exact.next(), pairs.as_slice()) {
        (Some(only), None, _) => Some(only.clone()),
        (None, _, [only]) if near.known().is_none() => Some(only.clone()),
        _ => None,
    }
}

fn ospf_row(
    scene: &mut Scene,
    relations: &mut Relations,
    between: &Between,
    at: usize,
    row: &OspfNeighbour,
    held: &Held,
) {
    let partitions = scene.devices[at].partitions.clone();
    let by_address = row.address.map(|ip| scene.index.by_address(&partitions, ip)).unwrap_or_default();
    let by_id = scene.index.by_router_id(&partitions, row.router_id);
    let local = row
        .if_index
        .and_then(|index| scene.devices[at].port_of_index(index))
        .or_else(|| row.address.and_then(|ip| port_facing(scene, at, ip)));
    let (kind, protocol) =
        if row.version == 3 { (LinkKind::Ospf3, "ospf3") } else { (LinkKind::Ospf, "ospf") };
    let shown = row.address.map(|ip| ip.to_string()).unwrap_or_default();
    let what = format!("OSPF neighbour {} {shown}", row.router_id);
    let known_row = Row { at, local, kind, protocol, what, address: row.address, up: row.state >= 4, held };
    // Without an owner of the address the router id tells, and several claimants are several.
    let owners = match (by_address.as_slice(), by_id.as_slice()) {
        ([only], _) => vec![*only],
        ([], ids) => ids.to_vec(),
        (many, _) => many.to_vec(),
    };
    let Some(far) = known_row.resolve(scene, relations, &owners) else { return };
    let far_port = row.address.and_then(|ip| scene.devices[far].port_of_address(ip));
    let far_port = far_port.or_else(|| mirrored(scene, far, at, row.version));
    let mut ends = (known(at, local), known(far, far_port));
    if far_port.is_none()
        && let Some(pair) = counterpart(between, &ends.0, far)
    {
        ends = pair;
    }
    let two_way = speaks_back(scene, far, at, row.version);
    let weight = if two_way == Some(false) { 0.6 } else { 0.95 };
    let detail = known_row.says(scene, &format!("state {}", row.state));
    let found = evidence(held, &format!("{protocol}.neighbour"), detail);
    let up = row.state == 8 || row.state == 4;
    relations.add(kind, ends.0.clone(), ends.1.clone(), weight, up, held, found);
    if two_way == Some(false) {
        let (far, near) = (&scene.devices[far].name, &scene.devices[at].name);
        let text = format!("{far} does not list {near} as its neighbour");
        note(relations, kind, &ends.0, &ends.1, "one-way", text);
    }
}

fn own_ids(scene: &Scene, device: usize) -> BTreeSet<std::net::Ipv4Addr> {
    let ospf = scene.devices[device].ospf().map(|(ospf, _)| ospf);
    ospf.into_iter().flat_map(|o| o.router_id.into_iter().chain(o.router_id_v3)).collect()
}

/// The interface on which `far` lists `near`, when it lists it once.
fn mirrored(scene: &Scene, far: usize, near: usize, version: u8) -> Option<usize> {
    let ids = own_ids(scene, near);
    let (ospf, _) = scene.devices[far].ospf()?;
    let mut rows =
        ospf.neighbours.iter().filter(|row| row.version == version && ids.contains(&row.router_id));
    let first = rows.next()?;
    if rows.next().is_some() {
        return None;
    }
    first.if_index.and_then(|index| scene.devices[far].port_of_index(index))
}

/// Whether the far end lists the near one; `None` when it cannot be told.
fn speaks_back(scene: &Scene, far: usize, near: usize, version: u8) -> Option<bool> {
    let ids = own_ids(scene, near);
    let (ospf, held) = scene.devices[far].ospf()?;
    let listed = ospf.neighbours.iter().any(|row| row.version == version && ids.contains(&row.router_id));
    (listed || held.complete && held.fresh && !ids.is_empty()).then_some(listed)
}

fn isis_row(
    scene: &mut Scene,
    relations: &mut Relations,
    between: &Between,
    at: usize,
    row: &IsisAdjacency,
    held: &Held,
) {
    let text: String = row.neighbour.iter().map(|octet| format!("{octet:02x}")).collect();
    let what = format!("IS-IS neighbour {text}");
    let local = row.if_index.and_then(|index| scene.devices[at].port_of_index(index));
    let (kind, up) = (LinkKind::Isis, row.up);
    let known_row = Row { at, local, kind, protocol: "isis", what, address: None, up, held };
    let owners = scene.index.by_system_id(&row.neighbour).to_vec();
    let Some(far) = known_row.resolve(scene, relations, &owners) else { return };
    let near = known(at, local);
    let far_port = mirrored_isis(scene, far, at);
    let ends = counterpart(between, &near, far).unwrap_or((near, known(far, far_port)));
    let detail = known_row.says(scene, if up { "up" } else { "not up" });
    let found = evidence(held, "isis.adjacency", detail);
    relations.add(kind, ends.0, ends.1, 0.95, up, held, found);
}

fn mirrored_isis(scene: &Scene, far: usize, near: usize) -> Option<usize> {
    let own = scene.devices[near].isis()?.0.system_id.clone();
    let (isis, _) = scene.devices[far].isis()?;
    let mut rows = isis.adjacencies.iter().filter(|row| row.neighbour == own);
    let first = rows.next()?;
    if rows.next().is_some() {
        return None;
    }
    first.if_index.and_then(|index| scene.devices[far].port_of_index(index))
}

fn bgp_row(scene: &mut Scene, relations: &mut Relations, at: usize, peer: &BgpPeer, held: &Held) {
    let partitions = scene.devices[at].partitions.clone();
    let what = format!("BGP peer {} AS {}", peer.remote, peer.remote_as);
    let local = peer
        .local
        .filter(|ip| !ip.is_unspecified())
        .and_then(|ip| scene.devices[at].port_of_address(ip))
        .or_else(|| port_facing(scene, at, peer.remote));
    let (kind, up, address) = (LinkKind::Bgp, peer.state == 6, Some(peer.remote));
    let known_row = Row { at, local, kind, protocol: "bgp", what, address, up, held };
    let owners = scene.index.by_address(&partitions, peer.remote);
    let Some(far) = known_row.resolve(scene, relations, &owners) else { return };
    let far_port = scene.devices[far].port_of_address(peer.remote);
    let local = local.or_else(|| session_port(scene, at, far));
    let direct = local.is_some_and(|port| port_facing(scene, at, peer.remote) == Some(port));
    // Both ends listing the session is what a two-way check is for the IGPs.
    let weight = match (lists(scene, far, at), direct) {
        (true, _) => 0.95,
        (false, true) => 0.7,
        (false, false) => 0.75,
    };
    let detail = known_row.says(scene, &format!("state {}", peer.state));
    let found = evidence(held, "bgp.peer", detail);
    relations.add(kind, known(at, local), known(far, far_port), weight, up, held, found);
}

/// The interface that holds the address under which `far` peers with `at`.
fn session_port(scene: &Scene, at: usize, far: usize) -> Option<usize> {
    let (bgp, _) = scene.devices[far].bgp()?;
    let mut ports = bgp.peers.iter().filter_map(|peer| scene.devices[at].port_of_address(peer.remote));
    let first = ports.next()?;
    ports.all(|port| port == first).then_some(first)
}

fn lists(scene: &Scene, far: usize, at: usize) -> bool {
    scene.devices[far].bgp().is_some_and(|(bgp, _)| {
        bgp.peers.iter().any(|peer| scene.devices[at].port_of_address(peer.remote).is_some())
    })
}
