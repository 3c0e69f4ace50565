//! Layer 3: shared subnets, OSPF, IS-IS and BGP.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::IpAddr;

use ipnet::IpNet;
use model::address::is_ambiguous;
use model::{Reason, ReasonCode};

use super::device::Held;
use super::scene::{EndRef, NodeRef, Scene};
use crate::map::{ContradictionNote, Evidence, LinkKind, UnplacedWhat};

/// A layer 3 relation.
#[derive(Clone, Debug)]
pub(crate) struct Relation {
    /// Kind.
    pub kind: LinkKind,
    /// The end that sorts first.
    pub a: EndRef,
    /// The other end.
    pub b: EndRef,
    /// Confidence with current evidence.
    pub confidence: f64,
    /// Freshness factor of the best evidence.
    pub factor: f64,
    /// Any evidence is current.
    pub fresh: bool,
    /// An end says it is up.
    pub up: bool,
    /// An end says, just now, that it is not.
    pub denied: bool,
    /// Why.
    pub evidence: Vec<Evidence>,
    /// What speaks against it.
    pub notes: BTreeSet<ContradictionNote>,
}

/// Relations by kind and ends.
#[derive(Debug, Default)]
pub(crate) struct Relations {
    /// The relations.
    pub map: BTreeMap<(LinkKind, EndRef, EndRef), Relation>,
}

fn evidence(held: &Held, method: &str, detail: String) -> Evidence {
    Evidence { source: held.source.clone(), method: method.to_owned(), seen_at: held.seen_at, detail }
}

impl Relations {
    #[expect(clippy::too_many_arguments, reason = "one relation with everything that is said of it")]
    fn add(
        &mut self,
        kind: LinkKind,
        x: EndRef,
        y: EndRef,
        weight: f64,
        up: bool,
        held: &Held,
        evidence: Evidence,
    ) {
        let (a, b) = if x <= y { (x, y) } else { (y, x) };
        let relation = self.map.entry((kind, a.clone(), b.clone())).or_insert_with(|| Relation {
            kind,
            a,
            b,
            confidence: 0.0,
            factor: 0.0,
            fresh: false,
            up: false,
            denied: false,
            evidence: Vec::new(),
            notes: BTreeSet::new(),
        });
        relation.confidence = relation.confidence.max(weight);
        relation.factor = relation.factor.max(held.factor);
        relation.fresh |= held.fresh;
        // A stale "established" does not outvote a fresh "idle".
        relation.up |= up;
        relation.denied |= !up && held.fresh;
        if relation.evidence.len() < 32 {
            relation.evidence.push(evidence);
        }
    }
}

/// An interface in a subnet.
type Member = (usize, usize, IpAddr);

/// All layer 3 relations. `cabled` says that two interfaces share a cable.
pub(crate) fn collect(scene: &mut Scene, cabled: &BTreeSet<(EndRef, EndRef)>) -> Relations {
    let mut relations = Relations::default();
    subnets(scene, cabled, &mut relations);
    ospf(scene, &mut relations);
    isis(scene, &mut relations);
    bgp(scene, &mut relations);
    relations
}

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
fn subnets(scene: &mut Scene, cabled: &BTreeSet<(EndRef, EndRef)>, relations: &mut Relations) {
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

fn note(relations: &mut Relations, kind: LinkKind, x: &EndRef, y: &EndRef, code: &str, text: String) {
    let (a, b) = if x <= y { (x, y) } else { (y, x) };
    if let Some(relation) = relations.map.get_mut(&(kind, a.clone(), b.clone())) {
        relation.notes.insert(ContradictionNote { code: code.to_owned(), text });
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

fn ospf(scene: &mut Scene, relations: &mut Relations) {
    let between = between(relations);
    for at in 0..scene.devices.len() {
        let Some((rows, held)) =
            scene.devices[at].ospf().map(|(ospf, held)| (ospf.neighbours.clone(), held.clone()))
        else {
            continue;
        };
        for row in rows {
            let partitions = scene.devices[at].partitions.clone();
            let by_id = scene.index.by_router_id(&partitions, row.router_id);
            let by_address = row.address.filter(|ip| !is_ambiguous(*ip));
            let by_address = by_address.map(|ip| scene.index.by_address(&partitions, ip)).unwrap_or_default();
            let local = row
                .if_index
                .and_then(|index| scene.devices[at].port_of_index(index))
                .or_else(|| row.address.and_then(|ip| port_facing(scene, at, ip)));
            let kind = if row.version == 3 { LinkKind::Ospf3 } else { LinkKind::Ospf };
            let protocol = if row.version == 3 { "ospf3" } else { "ospf" };
            let state = format!("state {}", row.state);
            let what = format!(
                "OSPF neighbour {} {}",
                row.router_id,
                row.address.map(|a| a.to_string()).unwrap_or_default()
            );
            let far = match (by_address.as_slice(), by_id.as_slice()) {
                ([far], _) | ([], [far]) => *far,
                ([], []) => {
                    unasked(
                        scene,
                        relations,
                        at,
                        local,
                        kind,
                        &held,
                        protocol,
                        &what,
                        row.address,
                        row.state >= 4,
                    );
                    continue;
                }
                _ => {
                    ambiguous(scene, at, local, &held, &what);
                    continue;
                }
            };
            if far == at {
                continue;
            }
            let far_port = row.address.and_then(|ip| scene.devices[far].port_of_address(ip));
            let far_port = far_port.or_else(|| mirrored(scene, far, at, row.version));
            let mut ends = (known(at, local), known(far, far_port));
            if far_port.is_none()
                && let Some(pair) = counterpart(&between, &ends.0, far)
            {
                ends = pair;
            }
            let two_way = speaks_back(scene, far, at, row.version);
            let weight = if two_way == Some(false) { 0.6 } else { 0.95 };
            let detail = format!("{} has {what}, {state}", scene.devices[at].name);
            let found = evidence(&held, &format!("{protocol}.neighbour"), detail);
            let up = row.state == 8 || row.state == 4;
            relations.add(kind, ends.0.clone(), ends.1.clone(), weight, up, &held, found);
            if two_way == Some(false) {
                let text = format!(
                    "{} does not list {} as its neighbour",
                    scene.devices[far].name, scene.devices[at].name
                );
                note(relations, kind, &ends.0, &ends.1, "one-way", text);
            }
        }
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

#[expect(clippy::too_many_arguments, reason = "one row of one protocol, spelled out")]
fn unasked(
    scene: &mut Scene,
    relations: &mut Relations,
    at: usize,
    local: Option<usize>,
    kind: LinkKind,
    held: &Held,
    protocol: &str,
    what: &str,
    address: Option<IpAddr>,
    up: bool,
) {
    let interface = local.map(|port| scene.devices[at].ports[port].name.clone());
    let text = format!("{} has {what}, which was never asked or did not answer", scene.devices[at].name);
    let reason = Reason::new(ReasonCode::NeighbourNotQueried, text.clone());
    scene.lost(
        UnplacedWhat::Neighbour,
        what,
        Some((at, interface)),
        &reason,
        &held.source,
        Some(held.seen_at),
    );
    let Some(ip) = address.filter(|ip| !is_ambiguous(*ip)) else { return };
    if !up {
        return;
    }
    let partition = scene.devices[at].partitions.first().cloned().unwrap_or_default();
    let stub = scene.stubs.meet(&[format!("i:{partition}/{ip}")], &ip.to_string(), &[ip], None);
    let found = evidence(held, &format!("{protocol}.unasked"), text);
    relations.add(kind, known(at, local), EndRef::node(NodeRef::Stub(stub)), 0.7, up, held, found);
}

fn ambiguous(scene: &mut Scene, at: usize, local: Option<usize>, held: &Held, what: &str) {
    let interface = local.map(|port| scene.devices[at].ports[port].name.clone());
    let text = format!("{} has {what}, whose identity several devices claim", scene.devices[at].name);
    let reason = Reason::new(ReasonCode::AmbiguousIdentity, text);
    scene.lost(
        UnplacedWhat::Neighbour,
        what,
        Some((at, interface)),
        &reason,
        &held.source,
        Some(held.seen_at),
    );
}

fn isis(scene: &mut Scene, relations: &mut Relations) {
    let between = between(relations);
    for at in 0..scene.devices.len() {
        let Some((rows, held)) =
            scene.devices[at].isis().map(|(isis, held)| (isis.adjacencies.clone(), held.clone()))
        else {
            continue;
        };
        for row in rows {
            let text: String = row.neighbour.iter().map(|octet| format!("{octet:02x}")).collect();
            let what = format!("IS-IS neighbour {text}");
            let local = row.if_index.and_then(|index| scene.devices[at].port_of_index(index));
            let far = match scene.index.by_system_id(&row.neighbour) {
                [far] if *far != at => *far,
                [_] => continue,
                [] => {
                    unasked(scene, relations, at, local, LinkKind::Isis, &held, "isis", &what, None, row.up);
                    continue;
                }
                _ => {
                    ambiguous(scene, at, local, &held, &what);
                    continue;
                }
            };
            let near = known(at, local);
            let far_port = mirrored_isis(scene, far, at);
            let ends = counterpart(&between, &near, far).unwrap_or((near, known(far, far_port)));
            let detail =
                format!("{} has {what}, {}", scene.devices[at].name, if row.up { "up" } else { "not up" });
            let found = evidence(&held, "isis.adjacency", detail);
            relations.add(LinkKind::Isis, ends.0, ends.1, 0.95, row.up, &held, found);
        }
    }
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

fn bgp(scene: &mut Scene, relations: &mut Relations) {
    for at in 0..scene.devices.len() {
        let Some((bgp, held)) = scene.devices[at].bgp().map(|(bgp, held)| (bgp.clone(), held.clone())) else {
            continue;
        };
        for peer in bgp.peers {
            let partitions = scene.devices[at].partitions.clone();
            let what = format!("BGP peer {} AS {}", peer.remote, peer.remote_as);
            let local = peer
                .local
                .filter(|ip| !ip.is_unspecified())
                .and_then(|ip| scene.devices[at].port_of_address(ip))
                .or_else(|| port_facing(scene, at, peer.remote));
            let owners = scene.index.by_address(&partitions, peer.remote);
            let far = match owners.as_slice() {
                [far] if *far != at => *far,
                [_] => continue,
                [] => {
                    unasked(
                        scene,
                        relations,
                        at,
                        local,
                        LinkKind::Bgp,
                        &held,
                        "bgp",
                        &what,
                        Some(peer.remote),
                        peer.state == 6,
                    );
                    continue;
                }
                _ => {
                    ambiguous(scene, at, local, &held, &what);
                    continue;
                }
            };
            let far_port = scene.devices[far].port_of_address(peer.remote);
            let local = local.or_else(|| session_port(scene, at, far));
            let direct = local.is_some_and(|port| port_facing(scene, at, peer.remote) == Some(port));
            let weight = if direct { 0.7 } else { 0.75 };
            let detail = format!("{} has {what}, state {}", scene.devices[at].name, peer.state);
            let found = evidence(&held, "bgp.peer", detail);
            let (x, y) = (known(at, local), known(far, far_port));
            // Both ends listing the session is what a two-way check is for the IGPs.
            let weight = if lists(scene, far, at) { 0.95 } else { weight };
            relations.add(LinkKind::Bgp, x, y, weight, peer.state == 6, &held, found);
        }
    }
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
