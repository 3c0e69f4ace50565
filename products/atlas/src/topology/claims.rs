//! LLDP and CDP: from neighbour rows to candidate links.
//!
//! Each row is a claim "my port sees that port". Claims of both ends are matched first: a match
//! proves the link and settles port numbers that neither side could name alone. What is left is
//! one-sided, or speaks of somebody nobody asked (a stub), or cannot be placed.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use chrono::{DateTime, Utc};
use model::address::is_ambiguous;
use model::documents::{CdpNeighbour, LldpId, LldpNeighbour};
use model::names::{canonical_host, is_default_name, short_host};
use model::{Mac, MacClass, Reason, ReasonCode};

use super::device::{Device, Held, clean};
use super::edges::{Edges, Method, Vote};
use super::ports::{self, Found};
use super::role;
use super::scene::{EndRef, NodeRef, PortRef, Scene, stub_id};
use crate::map::{Role, UnplacedWhat};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Protocol {
    Lldp,
    Cdp,
}

/// A neighbour row with what could be made of it.
#[derive(Clone, Debug)]
struct Claim {
    protocol: Protocol,
    from: usize,
    local: Found,
    local_named: bool,
    to: usize,
    remote: Found,
    /// The announced port in words.
    port_text: String,
    /// The announced neighbour in words.
    neighbour: String,
    local_text: String,
    source: String,
    seen_at: DateTime<Utc>,
    held: Held,
}

/// What a row says about the neighbour, whatever the protocol.
struct Row<'a> {
    protocol: Protocol,
    name: &'a str,
    tokens: Vec<String>,
    addresses: Vec<IpAddr>,
    role: Option<Role>,
    port_text: String,
    chassis_text: String,
    local: Found,
    local_text: String,
    /// The local port table gives the port a name, whether or not an interface has it.
    local_named: bool,
    candidates: Vec<usize>,
    lldp: Option<&'a LldpNeighbour>,
}

/// Reads every LLDP and CDP table into candidate links.
pub(crate) fn collect(scene: &mut Scene, edges: &mut Edges) {
    let mut claims = Vec::new();
    for from in 0..scene.devices.len() {
        let lldp = scene.devices[from].lldp().map(|(lldp, held)| (lldp.neighbours.clone(), held.clone()));
        for neighbour in lldp.iter().flat_map(|(rows, _)| rows) {
            let row = lldp_row(scene, from, neighbour);
            if let Some((_, held)) = &lldp {
                place(scene, edges, &mut claims, from, &row, held);
            }
        }
        let cdp = scene.devices[from].cdp().map(|(cdp, held)| (cdp.neighbours.clone(), held.clone()));
        for neighbour in cdp.iter().flat_map(|(rows, _)| rows) {
            let row = cdp_row(scene, from, neighbour);
            if let Some((_, held)) = &cdp {
                place(scene, edges, &mut claims, from, &row, held);
            }
        }
    }
    pair(scene, edges, &claims);
}

fn lldp_row<'a>(scene: &Scene, from: usize, row: &'a LldpNeighbour) -> Row<'a> {
    let device = &scene.devices[from];
    let local = ports::local(device, row.local_port);
    let named = ports::local_name(device, row.local_port);
    let local_named = named.is_some();
    let local_text =
        local_name(scene, from, &local).or(named).unwrap_or_else(|| format!("port {}", row.local_port));
    let chassis_text = row.chassis.as_ref().map(|id| clean(&id.text())).unwrap_or_default();
    let mut tokens = Vec::new();
    if let Some(id) = row.chassis.as_ref().filter(|id| !id.octets.is_empty()) {
        tokens.push(format!("c:{}/{chassis_text}", id.subtype));
    }
    let port_text = row.port.as_ref().map(|id| clean(&id.text())).unwrap_or_default();
    Row {
        protocol: Protocol::Lldp,
        name: &row.name,
        tokens,
        addresses: row.management.clone(),
        role: role::of_capabilities(row.capabilities),
        port_text: if port_text.is_empty() { clean(&row.port_description) } else { port_text },
        chassis_text,
        local,
        local_text,
        local_named,
        candidates: lldp_candidates(scene, from, row),
        lldp: Some(row),
    }
}

/// Devices the row may mean, by the strongest statement that names any: chassis id, then management
/// address, then system name. Weaker statements only choose among the candidates of a stronger one.
fn lldp_candidates(scene: &Scene, from: usize, row: &LldpNeighbour) -> Vec<usize> {
    let partitions = &scene.devices[from].partitions;
    let by_chassis =
        row.chassis.as_ref().map(|id| scene.index.by_chassis(id, partitions)).unwrap_or_default();
    let by_address = by_addresses(scene, from, &row.management);
    let mut by_name = scene.index.by_name(&row.name);
    by_name.retain(|at| !other_hardware(&scene.devices[*at], row));
    narrow(&[by_chassis, by_address, by_name])
}

/// The announced chassis is a MAC address that the device plainly does not have: it tells another
/// chassis, or all its own addresses are known and none is of that maker. A name is no match then.
fn other_hardware(device: &Device, row: &LldpNeighbour) -> bool {
    let chassis_mac = |id: &LldpId| if id.subtype == 4 { ports::mac_of(id) } else { None };
    let Some(announced) = row.chassis.as_ref().and_then(chassis_mac).filter(|mac| mac.is_station()) else {
        return false;
    };
    if device.own_macs.contains(&announced) {
        return false;
    }
    let own = device.lldp().filter(|(_, held)| held.complete && held.fresh);
    if let Some(own) = own.and_then(|(lldp, _)| lldp.chassis.as_ref()).and_then(chassis_mac) {
        return own != announced;
    }
    let maker = |mac: &Mac| (mac.class() == MacClass::Global).then(|| [mac.0[0], mac.0[1], mac.0[2]]);
    let makers: BTreeSet<[u8; 3]> = device.own_macs.iter().filter_map(maker).collect();
    device.ports_complete
        && device.ports_fresh
        && !makers.is_empty()
        && maker(&announced).is_some_and(|maker| !makers.contains(&maker))
}

fn by_addresses(scene: &Scene, from: usize, addresses: &[IpAddr]) -> Vec<usize> {
    let partitions = &scene.devices[from].partitions;
    let mut owners: BTreeSet<usize> = BTreeSet::new();
    for ip in addresses {
        owners.extend(scene.index.by_address(partitions, *ip));
    }
    owners.into_iter().collect()
}

fn narrow(statements: &[Vec<usize>]) -> Vec<usize> {
    let mut named = statements.iter().filter(|list| !list.is_empty());
    let Some(first) = named.next() else { return Vec::new() };
    let mut candidates = first.clone();
    for next in named {
        if candidates.len() <= 1 {
            break;
        }
        let both: Vec<usize> = candidates.iter().copied().filter(|at| next.contains(at)).collect();
        if !both.is_empty() {
            candidates = both;
        }
    }
    candidates
}

/// On the same port a neighbour of the same name announces, by LLDP, other hardware: what CDP says
/// there, which is a name, does not mean this device either.
fn announced_otherwise(scene: &Scene, from: usize, local: &Found, name: &str, device: &Device) -> bool {
    let host = |name: &str| canonical_host(short_host(&clean(name)));
    let near = &scene.devices[from];
    let rows = near.lldp().map(|(lldp, _)| lldp.neighbours.iter()).into_iter().flatten();
    *local != Found::None
        && rows
            .filter(|row| host(&row.name) == host(name) && ports::local(near, row.local_port) == *local)
            .any(|row| other_hardware(device, row))
}

fn cdp_row<'a>(scene: &Scene, from: usize, row: &'a CdpNeighbour) -> Row<'a> {
    let local = scene.devices[from].port_of_index(row.if_index).map_or(Found::None, Found::One);
    let local_text = local_name(scene, from, &local).unwrap_or_else(|| format!("ifIndex {}", row.if_index));
    let by_address = by_addresses(scene, from, &row.addresses);
    let id = clean(&row.device_id);
    let name = if row.name.trim().is_empty() { &row.device_id } else { &row.name };
    let mut named = [scene.index.by_cdp(&row.device_id), scene.index.by_name(&row.name)];
    for list in &mut named {
        list.retain(|at| !announced_otherwise(scene, from, &local, name, &scene.devices[*at]));
    }
    let [by_id, by_name] = named;
    Row {
        protocol: Protocol::Cdp,
        name,
        tokens: if id.is_empty() { Vec::new() } else { vec![format!("d:{}", id.to_lowercase())] },
        addresses: row.addresses.clone(),
        role: role::of_cdp(row.capabilities),
        port_text: clean(&row.port),
        chassis_text: id,
        local,
        local_text,
        local_named: false,
        candidates: narrow(&[by_id, by_address, by_name]),
        lldp: None,
    }
}

fn local_name(scene: &Scene, device: usize, found: &Found) -> Option<String> {
    match found {
        Found::One(at) => Some(scene.devices[device].ports[*at].name.clone()),
        _ => None,
    }
}

fn words(row: &Row<'_>) -> String {
    let name = clean(row.name);
    let what = [name.as_str(), row.chassis_text.as_str()].into_iter().find(|text| !text.is_empty());
    let what = what.unwrap_or("a neighbour without name");
    if row.port_text.is_empty() { what.to_owned() } else { format!("{what} port {}", row.port_text) }
}

/// Files a row: as a claim about a device, as a link to a stub, or as unplaced.
fn place(
    scene: &mut Scene,
    edges: &mut Edges,
    claims: &mut Vec<Claim>,
    from: usize,
    row: &Row<'_>,
    held: &Held,
) {
    let source = held.source.clone();
    let here = Some((from, Some(row.local_text.clone())));
    if row.chassis_text.is_empty() && clean(row.name).is_empty() && row.port_text.is_empty() {
        let reason =
            Reason::new(ReasonCode::GhostRow, format!("a neighbour row at {} is empty", row.local_text));
        scene.lost(
            UnplacedWhat::Neighbour,
            "empty neighbour row",
            here,
            &reason,
            &source,
            Some(held.seen_at),
        );
        return;
    }
    match row.candidates.as_slice() {
        [] => stub(scene, edges, from, row, held),
        [to] if *to == from => {
            let text = format!("{} hears itself at {}", scene.devices[from].name, row.local_text);
            let reason = Reason::new(ReasonCode::Contradiction, text);
            scene.lost(UnplacedWhat::Neighbour, words(row), here, &reason, &source, Some(held.seen_at));
        }
        candidates => {
            for token in row.tokens.iter().filter(|_| candidates.len() == 1) {
                scene.stub_aliases.insert(stub_id(token), scene.devices[candidates[0]].id);
            }
            claims.extend(candidates.iter().filter(|to| **to != from).map(|&to| Claim {
                protocol: row.protocol,
                from,
                local: row.local.clone(),
                local_named: row.local_named,
                to,
                remote: remote(scene, to, row),
                port_text: row.port_text.clone(),
                neighbour: words(row),
                local_text: row.local_text.clone(),
                source: source.clone(),
                seen_at: held.seen_at,
                held: held.clone(),
            }));
        }
    }
}

fn remote(scene: &Scene, to: usize, row: &Row<'_>) -> Found {
    let device = &scene.devices[to];
    match row.lldp {
        Some(lldp) => ports::announced(device, lldp.port.as_ref(), &lldp.port_description),
        None => ports::named(device, &row.port_text),
    }
}

/// A neighbour nobody asked: drawn as a stub, listed with the remedy, never a device.
fn stub(scene: &mut Scene, edges: &mut Edges, from: usize, row: &Row<'_>, held: &Held) {
    let mut tokens = row.tokens.clone();
    let partition = scene.devices[from].partitions.first().cloned().unwrap_or_default();
    let usable: Vec<IpAddr> = row.addresses.iter().copied().filter(|ip| !is_ambiguous(*ip)).collect();
    tokens.extend(usable.iter().map(|ip| format!("i:{partition}/{ip}")));
    let name = clean(row.name);
    if !is_default_name(&name) {
        let here = scene.devices[from].id;
        tokens.push(format!("p:{here}/{}/{}", row.local_text, canonical_host(&name)));
    }
    let shown = if name.is_empty() { row.chassis_text.clone() } else { name };
    let number = scene.stubs.meet(&tokens, &shown, &usable, row.role);
    let here = Some((from, Some(row.local_text.clone())));
    let (code, why) = if usable.is_empty() {
        (ReasonCode::NoManagementAddress, "it announces no usable management address and was never asked")
    } else {
        (ReasonCode::NeighbourNotQueried, "it was announced but never asked, or it did not answer")
    };
    let mut text = format!("{shown} at {}:{}: {why}", scene.devices[from].name, row.local_text);
    if let Some(ip) = usable.first() {
        text = format!("{text} ({ip})");
    }
    scene.lost(
        UnplacedWhat::Neighbour,
        words(row),
        here.clone(),
        &Reason::new(code, text),
        &held.source,
        Some(held.seen_at),
    );
    let Some(near) = near_end(scene, from, &row.local, row.local_named, &row.local_text) else {
        unknown_local(scene, from, &words(row), &row.local_text, &held.source, held.seen_at);
        return;
    };
    let node = NodeRef::Stub(number);
    let end = EndRef { node, port: scene.spell(node, &row.port_text) };
    let method = match row.protocol {
        Protocol::Lldp => Method::LldpUnasked,
        Protocol::Cdp => Method::CdpUnasked,
    };
    let detail = format!("{}:{} hears {}", scene.devices[from].name, row.local_text, words(row));
    edges.vote(near, end, Vote::new(method, held, detail));
}

/// The end a row stands on: an interface, or the name its port table gives when the interface table
/// was withheld or read in part.
fn near_end(scene: &mut Scene, device: usize, local: &Found, named: bool, text: &str) -> Option<EndRef> {
    match local {
        Found::One(at) => Some(EndRef::port(device, *at)),
        Found::None if named && !scene.devices[device].ports_complete => {
            let node = NodeRef::Device(device);
            Some(EndRef { node, port: scene.spell(node, text) })
        }
        _ => None,
    }
}

fn unknown_local(
    scene: &mut Scene,
    from: usize,
    what: &str,
    local: &str,
    source: &str,
    seen_at: DateTime<Utc>,
) {
    let text = format!(
        "{} names its own side {local}, which its local port table does not map to an interface",
        scene.devices[from].name
    );
    let reason = Reason::new(ReasonCode::UnknownLocalPort, text);
    scene.lost(
        UnplacedWhat::Neighbour,
        what,
        Some((from, Some(local.to_owned()))),
        &reason,
        source,
        Some(seen_at),
    );
}

/// What two statements about one port leave possible; `None` when they contradict each other.
fn meet(x: &Found, y: &Found) -> Option<Found> {
    match (x, y) {
        (Found::One(a), Found::One(b)) => (a == b).then_some(Found::One(*a)),
        (Found::One(a), Found::Weak(list)) | (Found::Weak(list), Found::One(a)) => {
            list.contains(a).then_some(Found::One(*a))
        }
        (Found::One(a), Found::None) | (Found::None, Found::One(a)) => Some(Found::One(*a)),
        (Found::Weak(a), Found::Weak(b)) => {
            let both: Vec<usize> = a.iter().copied().filter(|at| b.contains(at)).collect();
            match both.as_slice() {
                [] => None,
                [only] => Some(Found::One(*only)),
                _ => Some(Found::Weak(both)),
            }
        }
        (Found::Weak(a), Found::None) | (Found::None, Found::Weak(a)) => Some(Found::Weak(a.clone())),
        (Found::None, Found::None) => Some(Found::None),
    }
}

fn certainty(found: &Found) -> u8 {
    match found {
        Found::One(_) => 2,
        Found::Weak(_) => 1,
        Found::None => 0,
    }
}

/// Matches claims of both directions, best agreement first, then files what is left.
fn pair(scene: &mut Scene, edges: &mut Edges, claims: &[Claim]) {
    let mut between: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
    for (at, claim) in claims.iter().enumerate() {
        between.entry((claim.from.min(claim.to), claim.from.max(claim.to))).or_default().push(at);
    }
    let mut settled: BTreeSet<usize> = BTreeSet::new();
    for numbers in between.values() {
        for (x, y, p, q) in matches(claims, numbers) {
            if two_sided(scene, edges, &claims[x], &claims[y], &p, &q) {
                settled.extend([x, y]);
            }
        }
    }
    // A row with several candidates made one claim for each; one that matched settles the row.
    let row_of =
        |claim: &Claim| (claim.from, claim.protocol as u8, claim.local_text.clone(), claim.neighbour.clone());
    let done: BTreeSet<_> = settled.iter().map(|at| row_of(&claims[*at])).collect();
    let mut rows: BTreeMap<_, Vec<&Claim>> = BTreeMap::new();
    for claim in claims {
        rows.entry(row_of(claim)).or_default().push(claim);
    }
    for (row, list) in rows {
        if !done.contains(&row) {
            one_sided(scene, edges, &list);
        }
    }
}

/// Pairs of claims that can be one link, most certain first, each claim at most once; with the
/// ports of `x.from` and `y.from`.
fn matches(claims: &[Claim], numbers: &[usize]) -> Vec<(usize, usize, Found, Found)> {
    let mut all = Vec::new();
    for &x in numbers {
        for &y in numbers {
            if claims[x].from >= claims[y].from {
                continue;
            }
            let (Some(p), Some(q)) =
                (meet(&claims[x].local, &claims[y].remote), meet(&claims[y].local, &claims[x].remote))
            else {
                continue;
            };
            let exact = [&claims[x].local, &claims[x].remote, &claims[y].local, &claims[y].remote];
            let score: u8 = exact.into_iter().map(certainty).sum();
            let same = u8::from(claims[x].protocol == claims[y].protocol);
            all.push((score * 2 + same, x, y, p, q));
        }
    }
    all.sort_by(|m, n| n.0.cmp(&m.0).then((m.1, m.2).cmp(&(n.1, n.2))));
    // Below full agreement two equally good partners mean that nothing is known.
    let top = all.clone();
    let mut used = BTreeSet::new();
    let mut chosen: Vec<(usize, usize, Found, Found)> = Vec::new();
    for (score, x, y, p, q) in all {
        if used.contains(&x) || used.contains(&y) {
            continue;
        }
        let rivals = top.iter().filter(|m| {
            m.0 == score
                && !(m.1 == x && m.2 == y)
                && (m.1 == x || m.2 == y)
                && !used.contains(&m.1)
                && !used.contains(&m.2)
                && (&m.3, &m.4) != (&p, &q)
        });
        if score < 12 && rivals.count() > 0 {
            continue;
        }
        // The LLDP and the CDP rows of one link match once each.
        used.extend([x, y]);
        chosen.push((x, y, p, q));
    }
    chosen
}

fn two_sided(scene: &mut Scene, edges: &mut Edges, x: &Claim, y: &Claim, p: &Found, q: &Found) -> bool {
    let (Some(a), Some(b)) = (settle(scene, x.from, p, &y.port_text), settle(scene, y.from, q, &x.port_text))
    else {
        return false;
    };
    for claim in [x, y] {
        let method = match claim.protocol {
            Protocol::Lldp => Method::LldpTwoSided,
            Protocol::Cdp => Method::CdpTwoSided,
        };
        let detail =
            format!("{}:{} hears {}", scene.devices[claim.from].name, claim.local_text, claim.neighbour);
        let vote = Vote {
            source: claim.source.clone(),
            seen_at: claim.seen_at,
            ..Vote::new(method, &claim.held, detail)
        };
        edges.vote(a.clone(), b.clone(), vote);
    }
    true
}

/// The end for a port after both sides spoke. Without an interface table the announced name stands.
fn settle(scene: &mut Scene, device: usize, found: &Found, announced: &str) -> Option<EndRef> {
    match found {
        Found::One(at) => Some(EndRef::port(device, *at)),
        Found::Weak(_) => None,
        Found::None if scene.devices[device].ports.is_empty() || !scene.devices[device].ports_complete => {
            let node = NodeRef::Device(device);
            Some(EndRef { node, port: scene.spell(node, announced) })
        }
        Found::None => None,
    }
}

fn unplaced(scene: &mut Scene, claim: &Claim, code: ReasonCode, text: String) {
    let here = Some((claim.from, Some(claim.local_text.clone())));
    let (what, reason) = (UnplacedWhat::Neighbour, Reason::new(code, text));
    scene.lost(what, claim.neighbour.clone(), here, &reason, &claim.source, Some(claim.seen_at));
}

/// A row without an answer from the other side. `claims` holds one per candidate device.
fn one_sided(scene: &mut Scene, edges: &mut Edges, claims: &[&Claim]) {
    let claim = claims[0];
    if claims.len() > 1 {
        let names: Vec<&str> = claims.iter().map(|c| scene.devices[c.to].name.as_str()).collect();
        let text = format!("{} may be any of {}", claim.neighbour, names.join(", "));
        unplaced(scene, claim, ReasonCode::AmbiguousIdentity, text);
        return;
    }
    let Some(near) = near_end(scene, claim.from, &claim.local, claim.local_named, &claim.local_text) else {
        unknown_local(scene, claim.from, &claim.neighbour, &claim.local_text, &claim.source, claim.seen_at);
        return;
    };
    let node = NodeRef::Device(claim.to);
    let (far, code) = match claim.remote {
        Found::One(q) => (EndRef::port(claim.to, q), None),
        _ if scene.devices[claim.to].ports_complete => (EndRef::node(node), Some(ReasonCode::UnknownPort)),
        _ => (EndRef { node, port: scene.spell(node, &claim.port_text) }, None),
    };
    if let Some(code) = code {
        let text = format!("{} announces a port that its interface table does not have", claim.neighbour);
        unplaced(scene, claim, code, text);
    }
    let method = match claim.protocol {
        Protocol::Lldp => Method::LldpOneSided,
        Protocol::Cdp => Method::CdpOneSided,
    };
    let denied = far_denies(scene, claim);
    // A row that outlived its device's answers, and that the other end no longer confirms, is history.
    if denied && !claim.held.fresh {
        return;
    }
    let detail = format!("{}:{} hears {}", scene.devices[claim.from].name, claim.local_text, claim.neighbour);
    edges.vote(near.clone(), far.clone(), Vote::new(method, &claim.held, detail));
    if denied {
        let text = format!(
            "{} hears {}, which was asked and hears nothing of it there",
            scene.text(&near),
            scene.text(&far)
        );
        edges.note(&near, &far, "asymmetric", text);
    }
}

/// The far end speaks the protocol, was read completely and does not name this link.
fn far_denies(scene: &Scene, claim: &Claim) -> bool {
    let far = &scene.devices[claim.to];
    let held = match claim.protocol {
        Protocol::Lldp => far.lldp().map(|(_, held)| held),
        Protocol::Cdp => far.cdp().map(|(_, held)| held),
    };
    held.is_some_and(|held| held.complete && held.fresh)
}

/// The port an edge end stands on for exclusivity, when it is a real one.
pub(crate) fn exclusive(end: &EndRef) -> bool {
    matches!(end.node, NodeRef::Device(_)) && end.port != PortRef::Open
}
