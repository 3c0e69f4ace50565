//! Stations behind edge ports: asked devices become links, everybody else is listed as unplaced.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use model::{Mac, MacClass, Reason, ReasonCode};

use super::edges::{Edge, Method, Vote};
use super::fdb::Learned;
use super::fuse::Accepted;
use super::scene::{EndRef, NodeRef, PortRef, Scene};
use crate::map::UnplacedWhat;

/// Attaches asked devices that some bridge learned on a port of its own.
pub(crate) fn attach(scene: &mut Scene, tables: &[Learned], accepted: &mut Accepted) {
    let mut found: BTreeMap<(usize, usize), BTreeSet<usize>> = BTreeMap::new();
    for (bridge, table) in tables.iter().enumerate() {
        for (port, addresses) in &table.ports {
            for mac in addresses {
                if let [owner] = scene.index.by_mac(*mac)
                    && *owner != bridge
                {
                    found.entry((bridge, *port)).or_default().insert(*owner);
                }
            }
        }
    }
    for ((bridge, port), owners) in found {
        if !is_edge(scene, tables, accepted, bridge, port) {
            continue;
        }
        let stations: BTreeSet<usize> =
            owners.iter().copied().filter(|at| is_station(scene, tables, *at)).collect();
        if stations.len() == owners.len() {
            station(scene, tables, accepted, (bridge, port), &stations);
        }
    }
}

/// A port with a link leads on; so does one behind which another bridge answers.
fn is_edge(scene: &Scene, tables: &[Learned], accepted: &Accepted, bridge: usize, port: usize) -> bool {
    if accepted.at(scene, bridge, port).is_some() {
        return false;
    }
    let addresses = tables[bridge].ports.get(&port);
    !addresses
        .into_iter()
        .flatten()
        .any(|mac| scene.index.by_mac(*mac).iter().any(|at| scene.devices[*at].is_bridge()))
}

/// Asked, with interfaces, and not itself a bridge with a table.
fn is_station(scene: &Scene, tables: &[Learned], at: usize) -> bool {
    tables[at].ports.is_empty() && !scene.devices[at].is_bridge()
}

fn station(
    scene: &mut Scene,
    tables: &[Learned],
    accepted: &mut Accepted,
    (bridge, port): (usize, usize),
    stations: &BTreeSet<usize>,
) {
    let Some(addresses) = tables[bridge].ports.get(&port) else { return };
    let mut edges: Vec<(EndRef, Mac)> = Vec::new();
    for &owner in stations {
        let mac = addresses.iter().find(|mac| scene.devices[owner].own_macs.contains(*mac));
        let Some(mac) = mac.copied() else { continue };
        let port = scene.devices[owner].port_of_mac(mac);
        let end = port.map_or_else(|| EndRef::node(NodeRef::Device(owner)), |at| EndRef::port(owner, at));
        if !accepted.used.contains_key(&end) {
            edges.push((end, mac));
        }
    }
    let foreign = addresses
        .iter()
        .filter(|mac| !stations.iter().any(|owner| scene.devices[*owner].own_macs.contains(*mac)))
        .count();
    let Some((_, held)) = scene.devices[bridge].fdb() else { return };
    let held = held.clone();
    let text = format!("{}:{}", scene.devices[bridge].name, scene.devices[bridge].ports[port].name);
    let ports = &scene.devices[bridge].ports[port];
    let near = match ports.members.as_slice() {
        [] => EndRef::port(bridge, port),
        [only] => EndRef::port(bridge, *only),
        // A station on an aggregate of several ports: which one, the table cannot tell.
        _ => return,
    };
    if let ([(end, mac)], 0) = (edges.as_slice(), foreign) {
        let detail = format!("{text} learned {mac} and nothing else");
        let vote = Vote::new(Method::FdbStation, &held, detail);
        let (a, b) = if near <= *end { (near, end.clone()) } else { (end.clone(), near) };
        accepted.take(Edge { a, b, votes: vec![vote], notes: BTreeSet::new(), doubted: 0 });
        return;
    }
    if edges.is_empty() {
        return;
    }
    let id = scene.devices[bridge].id.to_string();
    let name = scene.devices[bridge].ports[port].name.clone();
    let node = scene.segment(&[&id, &name], format!("behind {text}"));
    let detail = format!("{text} learned {} addresses", addresses.len());
    for end in edges.into_iter().map(|(end, _)| end).chain([near]) {
        let vote = Vote::new(Method::FdbShared, &held, detail.clone());
        let (a, b) = (end, EndRef::node(node));
        accepted.take(Edge { a, b, votes: vec![vote], notes: BTreeSet::new(), doubted: 0 });
    }
}

/// Point-to-point subnets whose two ends resolved each other, where no frame table knows either:
/// a cable between two routers that announce nothing.
pub(crate) fn point_to_point(scene: &Scene, tables: &[Learned], accepted: &mut Accepted) {
    let mut seen: BTreeMap<(usize, usize), Vec<(usize, usize)>> = BTreeMap::new();
    for (at, device) in scene.devices.iter().enumerate() {
        let Some((rows, _)) = device.neighbours() else { continue };
        for row in rows {
            let Some(near) = device.port_of_index(row.if_index) else { continue };
            let port = &device.ports[near];
            let narrow = port.addresses.iter().any(|a| narrow_subnet(a.ip, a.prefix_length, row.ip));
            let plain = port.physical() && port.aggregate.is_none() && !device.bridges(near);
            let [far] = scene.index.by_mac(row.mac) else { continue };
            if !narrow || !plain || *far == at {
                continue;
            }
            let Some(q) = scene.devices[*far].port_of_mac(row.mac) else { continue };
            if scene.devices[*far].ports[q].addresses.iter().any(|a| a.ip == row.ip) {
                seen.entry((at, near)).or_default().push((*far, q));
            }
        }
    }
    let learned: BTreeSet<Mac> = tables.iter().flat_map(|table| table.at.keys().copied()).collect();
    let bridged = |device: usize, port: usize| {
        scene.devices[device].ports[port].mac.is_some_and(|mac| learned.contains(&mac))
    };
    for ((a, p), fars) in &seen {
        let mut fars = fars.clone();
        fars.sort_unstable();
        fars.dedup();
        let [(b, q)] = fars.as_slice() else { continue };
        let back = seen.get(&(*b, *q)).is_some_and(|list| list.iter().all(|far| *far == (*a, *p)));
        let (x, y) = (EndRef::port(*a, *p), EndRef::port(*b, *q));
        let physical =
            scene.devices[*b].ports[*q].physical() && scene.devices[*b].ports[*q].aggregate.is_none();
        let free = !accepted.used.contains_key(&x) && !accepted.used.contains_key(&y);
        if x >= y || !back || !physical || !free || bridged(*a, *p) || bridged(*b, *q) {
            continue;
        }
        let votes = [(*a, &x, &y), (*b, &y, &x)]
            .into_iter()
            .filter_map(|(device, near, far)| {
                let (_, held) = scene.devices[device].neighbours()?;
                let detail = format!("{} resolved the address of {}", scene.text(near), scene.text(far));
                Some(Vote::new(Method::ArpMutual, held, detail))
            })
            .collect();
        accepted.take(Edge { a: x, b: y, votes, notes: BTreeSet::new(), doubted: 0 });
    }
}

/// Both addresses are the two ends of a /30, /31, /126 or /127.
pub(crate) fn narrow_subnet(own: IpAddr, length: Option<u8>, other: IpAddr) -> bool {
    let Some(length) = length else { return false };
    let narrow = if own.is_ipv4() { length == 30 || length == 31 } else { length == 126 || length == 127 };
    let Ok(net) = ipnet::IpNet::new(own, length) else { return false };
    narrow && own != other && net.contains(&other)
}

/// What is known about a station nobody asked.
#[derive(Default)]
struct Station {
    place: Option<(usize, usize, usize)>,
    ips: BTreeSet<IpAddr>,
    heard: Option<(usize, Option<usize>)>,
}

/// Lists end systems that are known by MAC only: where, with which address, and what to do.
pub(crate) fn unplaced(scene: &mut Scene, tables: &[Learned], accepted: &Accepted, limit: usize) {
    let stubs: BTreeSet<IpAddr> =
        scene.stubs.all().flat_map(|at| scene.stubs.get(at).addresses.iter().copied()).collect();
    let mut stations: BTreeMap<Mac, Station> = BTreeMap::new();
    for (device, table) in tables.iter().enumerate() {
        for (mac, port) in &table.at {
            if !scene.index.by_mac(*mac).is_empty() {
                continue;
            }
            let station = stations.entry(*mac).or_default();
            if accepted.at(scene, device, *port).is_some_and(|link| !ends_in_segment(link)) {
                station.heard.get_or_insert((device, Some(*port)));
                continue;
            }
            let crowd = table.ports.get(port).map_or(0, BTreeSet::len);
            if station.place.is_none_or(|(_, _, least)| crowd < least) {
                station.place = Some((device, *port, crowd));
            }
        }
    }
    for (at, device) in scene.devices.iter().enumerate() {
        let Some((rows, _)) = device.neighbours() else { continue };
        for row in rows.iter().filter(|row| row.mac.is_station() && scene.index.by_mac(row.mac).is_empty()) {
            if stubs.contains(&row.ip) {
                continue;
            }
            let station = stations.entry(row.mac).or_default();
            if !model::address::is_ambiguous(row.ip) {
                station.ips.insert(row.ip);
            }
            station.heard.get_or_insert((at, device.port_of_index(row.if_index)));
        }
    }
    let mut list: Vec<(Mac, Station)> = stations.into_iter().collect();
    list.sort_by_key(|(mac, station)| (station.ips.is_empty(), station.place.is_none(), *mac));
    for (mac, station) in list.into_iter().take(limit) {
        list_station(scene, mac, &station);
    }
}

fn ends_in_segment(link: &Edge) -> bool {
    [&link.a, &link.b]
        .into_iter()
        .any(|end| matches!(end.node, NodeRef::Segment(_)) && end.port == PortRef::Open)
}

fn list_station(scene: &mut Scene, mac: Mac, station: &Station) {
    let place = station.place.map(|(device, port, _)| (device, Some(port))).or(station.heard);
    let Some((device, port)) = place else { return };
    let owner = &scene.devices[device];
    let interface = port.map(|at| owner.ports[at].name.clone());
    let held = if station.place.is_some() { owner.fdb().map(|(_, h)| h) } else { None };
    let held = held.or_else(|| owner.neighbours().map(|(_, h)| h)).or_else(|| owner.fdb().map(|(_, h)| h));
    let Some(held) = held.cloned() else { return };
    let ips: Vec<String> = station.ips.iter().map(ToString::to_string).collect();
    let text = if ips.is_empty() { mac.to_string() } else { format!("{} ({mac})", ips.join(", ")) };
    let code = if ips.is_empty() && mac.class() == MacClass::Local {
        ReasonCode::VirtualMac
    } else {
        ReasonCode::EndpointUnknown
    };
    let place = interface.clone().unwrap_or_else(|| "an unknown interface".to_owned());
    let reason = Reason::new(code, format!("{text} was seen at {}:{place} and nobody asked it", owner.name));
    scene.lost(UnplacedWhat::Mac, text, Some((device, interface)), &reason, &held.source, Some(held.seen_at));
}
