//! Shared subnets: two interfaces make a link, more a segment.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::IpAddr;

use ipnet::IpNet;
use model::address::is_ambiguous;
use model::{Reason, ReasonCode};

use super::super::device::Held;
use super::super::scene::{EndRef, Scene};
use super::{Relations, evidence, note};
use crate::map::{LinkKind, UnplacedWhat};

/// An interface in a subnet.
type Member = (usize, usize, IpAddr);

fn members(scene: &Scene) -> BTreeMap<(String, IpNet), Vec<Member>> {
    let mut nets: BTreeMap<(String, IpNet), Vec<Member>> = BTreeMap::new();
    for (at, device) in scene.devices.iter().enumerate() {
        for (port, row) in device.ports.iter().enumerate() {
            // Loopbacks join nothing.
            if row.if_type == 24 {
                continue;
            }
            for address in row.addresses.iter().filter(|a| !is_ambiguous(a.ip) && !a.shared) {
                let Some(length) = address.prefix_length else { continue };
                let whole = if address.ip.is_ipv4() { 32 } else { 128 };
                let Ok(net) = IpNet::new(address.ip, length) else { continue };
                if length == 0 || length >= whole {
                    continue;
                }
                for partition in &device.partitions {
                    let scope = format!("{partition}|{}", address.vrf);
                    nets.entry((scope, net.trunc())).or_default().push((at, port, address.ip));
                }
            }
        }
    }
    nets
}

/// Subnets of the same interfaces are one broadcast domain: two ends make a link, more a segment.
pub(super) fn collect(scene: &mut Scene, cabled: &BTreeSet<(EndRef, EndRef)>, relations: &mut Relations) {
    let mut domains: Vec<Option<Domain>> = Vec::new();
    let mut home: HashMap<(usize, usize), usize> = HashMap::new();
    for ((scope, net), list) in members(scene) {
        for list in undisputed(scene, &net, list) {
            let devices: BTreeSet<usize> = list.iter().map(|m| m.0).collect();
            if devices.len() < 2 {
                continue;
            }
            let ports: BTreeSet<(usize, usize)> = list.iter().map(|m| (m.0, m.1)).collect();
            let met: BTreeSet<usize> = ports.iter().filter_map(|port| home.get(port).copied()).collect();
            let mut joined = Domain { ports, nets: vec![(scope.clone(), net, list)] };
            for other in met.into_iter().filter_map(|at| domains[at].take()) {
                joined.ports.extend(other.ports);
                joined.nets.extend(other.nets);
            }
            home.extend(joined.ports.iter().map(|port| (*port, domains.len())));
            domains.push(Some(joined));
        }
    }
    for mut joined in domains.into_iter().flatten() {
        joined.nets.sort_by(|x, y| (&x.0, x.1.addr().is_ipv6(), x.1).cmp(&(&y.0, y.1.addr().is_ipv6(), y.1)));
        domain(scene, cabled, relations, &joined.ports, &joined.nets);
    }
}

/// Interfaces that share subnets.
struct Domain {
    ports: BTreeSet<(usize, usize)>,
    nets: Vec<(String, IpNet, Vec<Member>)>,
}

fn is_narrow(net: &IpNet) -> bool {
    match net {
        IpNet::V4(net) => net.prefix_len() >= 30,
        IpNet::V6(net) => net.prefix_len() >= 126,
    }
}

fn domain(
    scene: &mut Scene,
    cabled: &BTreeSet<(EndRef, EndRef)>,
    relations: &mut Relations,
    ports: &BTreeSet<(usize, usize)>,
    nets: &[(String, IpNet, Vec<Member>)],
) {
    let ends: Vec<EndRef> = ports.iter().map(|(device, port)| EndRef::port(*device, *port)).collect();
    if let [a, b] = ends.as_slice() {
        let pair = if a <= b { (a.clone(), b.clone()) } else { (b.clone(), a.clone()) };
        if nets.iter().any(|(_, net, _)| is_narrow(net)) || cabled.contains(&pair) {
            for (_, net, list) in nets {
                subnet_link(scene, relations, net, list);
            }
            return;
        }
    }
    let Some((scope, first, _)) = nets.first() else { return };
    let names: Vec<String> = nets.iter().map(|(_, net, _)| net.to_string()).collect();
    let node = scene.segment(&["l3", scope, &first.to_string()], names.join(" "));
    for (_, net, list) in nets {
        for (device, port, ip) in list {
            let Some(held) = addresses_held(scene, *device) else { continue };
            let text = format!(
                "{}:{} has {ip} in {net}",
                scene.devices[*device].name, scene.devices[*device].ports[*port].name
            );
            let weight = if resolved_by_anyone(scene, list, *device, *ip) { 0.9 } else { 0.8 };
            let evidence = evidence(&held, "subnet.member", text);
            relations.add(
                LinkKind::Segment,
                EndRef::port(*device, *port),
                EndRef::node(node),
                weight,
                true,
                &held,
                evidence,
            );
        }
    }
}

fn addresses_held(scene: &Scene, device: usize) -> Option<Held> {
    scene.devices[device].held.get(&model::DocumentKind::Addresses).cloned()
}

/// Another member's ARP or ND table holds this address with a MAC of this device.
fn resolved(scene: &Scene, by: usize, device: usize, ip: IpAddr) -> Option<bool> {
    let mac = scene.devices[by].resolved.get(&ip)?;
    Some(scene.devices[device].own_macs.contains(mac))
}

fn resolved_by_anyone(scene: &Scene, list: &[Member], device: usize, ip: IpAddr) -> bool {
    list.iter().any(|(other, ..)| *other != device && resolved(scene, *other, device, ip) == Some(true))
}

fn subnet_link(scene: &mut Scene, relations: &mut Relations, net: &IpNet, list: &[Member]) {
    for (at, (a, p, x)) in list.iter().enumerate() {
        for (b, q, y) in &list[at + 1..] {
            if a == b {
                continue;
            }
            let (near, far) = (EndRef::port(*a, *p), EndRef::port(*b, *q));
            let arp = [resolved(scene, *a, *b, *y), resolved(scene, *b, *a, *x)];
            let base: f64 = if is_narrow(net) { 0.8 } else { 0.6 };
            let weight = if arp.contains(&Some(true)) { 1.0 - (1.0 - base) * 0.15 } else { base };
            for (device, ip) in [(*a, x), (*b, y)] {
                let Some(held) = addresses_held(scene, device) else { continue };
                let text = format!("{} has {ip} in {net}", scene.devices[device].name);
                let found = evidence(&held, "subnet.shared", text);
                relations.add(LinkKind::Subnet, near.clone(), far.clone(), weight, true, &held, found);
            }
            if arp.contains(&Some(false)) {
                let text = format!("{x} or {y} resolves to a MAC address of somebody else");
                note(relations, LinkKind::Subnet, &near, &far, "other-mac", text);
            }
        }
    }
}

/// A subnet in which one address has two owners may be two networks with one plan, or a mistake.
/// Then only what the members' own neighbour tables confirm belongs together.
fn undisputed(scene: &mut Scene, net: &IpNet, list: Vec<Member>) -> Vec<Vec<Member>> {
    let mut owners: BTreeMap<IpAddr, BTreeSet<usize>> = BTreeMap::new();
    for (device, _, ip) in &list {
        owners.entry(*ip).or_default().insert(*device);
    }
    // One address with one MAC on several devices is an anycast gateway: shared on purpose.
    let anycast = |ip: IpAddr| {
        let macs: BTreeSet<_> =
            list.iter().filter(|m| m.2 == ip).map(|m| scene.devices[m.0].ports[m.1].mac).collect();
        macs.len() == 1 && macs.iter().all(Option::is_some)
    };
    let disputed: Vec<(IpAddr, BTreeSet<usize>)> =
        owners.into_iter().filter(|(ip, d)| d.len() > 1 && !anycast(*ip)).collect();
    if disputed.is_empty() {
        return vec![list];
    }
    for (ip, devices) in &disputed {
        let names: Vec<&str> = devices.iter().map(|at| scene.devices[*at].name.as_str()).collect();
        let text = format!("{ip} in {net} is held by {}", names.join(" and "));
        let first = devices.first().copied().unwrap_or_default();
        let Some(held) = addresses_held(scene, first) else { continue };
        let reason = Reason::new(ReasonCode::DuplicateAddress, text);
        scene.lost(
            UnplacedWhat::Address,
            ip.to_string(),
            Some((first, None)),
            &reason,
            &held.source,
            Some(held.seen_at),
        );
    }
    let mut groups: Vec<Vec<Member>> = Vec::new();
    for member in list {
        let knows = |other: &Member| {
            resolved(scene, other.0, member.0, member.2) == Some(true)
                || resolved(scene, member.0, other.0, other.2) == Some(true)
        };
        let (mut mine, rest): (Vec<Vec<Member>>, Vec<Vec<Member>>) =
            groups.into_iter().partition(|group| group.iter().any(knows));
        groups = rest;
        let mut joined: Vec<Member> = mine.drain(..).flatten().collect();
        joined.push(member);
        groups.push(joined);
    }
    groups
}
