//! Addresses of interfaces that both sides know.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::IpAddr;

use model::DocumentKind;
use model::adoption::{ObservedAddress, Repair};
use model::documents::{IntendedAddress, InterfaceAddress};

use super::intent::At;
use super::scene::{About, Scene, Seen, stated, told};
use super::{Evidence, Kind, Type, observed};
use crate::topology::Held;

/// Interfaces named in one finding.
const NAMED: usize = 8;

/// Roles of addresses that are not one interface's own: who carries them now is no drift.
pub(super) fn shared_role(role: &str) -> bool {
    matches!(role, "anycast" | "vip" | "vrrp" | "hsrp" | "glbp" | "carp")
}

/// Where an address should be.
#[derive(Clone, Copy)]
struct Place<'a> {
    at: At,
    address: &'a IntendedAddress,
}

/// All addresses: where they should be, and which entities carry them.
struct Book<'a> {
    places: HashMap<IpAddr, Vec<Place<'a>>>,
    carriers: HashMap<IpAddr, BTreeSet<usize>>,
}

impl<'a> Book<'a> {
    fn of(scene: &Scene<'a>) -> Self {
        let mut book = Self { places: HashMap::new(), carriers: HashMap::new() };
        for (at, port) in scene.intents.interfaces() {
            for address in &port.addresses {
                book.places.entry(address.net.addr()).or_default().push(Place { at, address });
            }
        }
        for (entity, device) in scene.devices.iter().enumerate() {
            for address in device.ports.iter().flat_map(|port| &port.addresses) {
                book.carriers.entry(address.ip).or_default().insert(entity);
            }
        }
        book
    }

    fn carries(&self, entity: usize, ip: IpAddr) -> bool {
        self.carriers.get(&ip).is_some_and(|all| all.contains(&entity))
    }
}

/// An address on an interface where nobody intends it.
#[derive(Clone, Copy)]
struct Claim<'a> {
    at: Seen,
    there: At,
    net: ipnet::IpNet,
    address: &'a InterfaceAddress,
    held: &'a Held,
}

/// Claims of one address: in one routing table, of devices that see each other.
type Claims<'a> = BTreeMap<(IpAddr, &'a str, &'a str), Vec<Claim<'a>>>;

/// Compares the addresses of all devices that answer.
pub(super) fn compare(scene: &mut Scene<'_>) {
    let book = Book::of(scene);
    let devices = scene.devices;
    let mut claims = Claims::new();
    for (at, entity) in scene.answering_pairs() {
        let Some(held) = devices[entity].held.get(&DocumentKind::Addresses).filter(|held| held.fresh) else {
            continue;
        };
        for port in 0..devices[entity].ports.len() {
            // What is on an interface that nobody intends comes with it.
            let Some(there) = scene.intended_port((entity, port)) else { continue };
            for address in observed::addresses(&devices[entity], port) {
                if let Some(claim) = seen(scene, &book, (entity, port), there, address, held) {
                    let key = (address.ip, address.vrf.as_str(), partition(scene, entity));
                    claims.entry(key).or_default().push(claim);
                }
            }
        }
        if held.complete {
            missing(scene, &book, at, entity, held);
        }
    }
    for ((ip, vrf, partition), claims) in &claims {
        let owners = owners(scene, &book, (*ip, *vrf, *partition));
        let entities: BTreeSet<usize> = claims.iter().map(|claim| claim.at.0).collect();
        match claims.as_slice() {
            // Interfaces without an address of their own borrow one of the same device.
            [claim, ..] if owners.is_empty() && entities.len() == 1 => unexpected(scene, claim),
            all => conflict(scene, (*ip, *vrf), all, &owners),
        }
    }
}

/// Devices of different partitions may have the same addresses.
fn partition<'a>(scene: &Scene<'a>, entity: usize) -> &'a str {
    scene.entity(entity).subjects.first().map_or("", |subject| subject.partition.as_str())
}

/// Where an address should be and is.
fn owners(scene: &Scene<'_>, book: &Book<'_>, (ip, vrf, of): (IpAddr, &str, &str)) -> Vec<At> {
    let places = book.places.get(&ip).map(Vec::as_slice).unwrap_or_default();
    let there = |place: &&Place<'_>| {
        let known = place.address.vrf.is_empty() || vrf.is_empty() || place.address.vrf == vrf;
        known
            && scene
                .seen_port(place.at)
                .is_some_and(|port| book.carries(port.0, ip) && partition(scene, port.0) == of)
    };
    places.iter().filter(there).map(|place| place.at).collect()
}

/// The routing tables are the same, or one side does not tell.
fn same_table(intended: &IntendedAddress, observed: &InterfaceAddress) -> bool {
    observed.vrf.is_empty() || intended.vrf.is_empty() || intended.vrf == observed.vrf
}

/// Compares one observed address; a claim when nobody intends it there or moved it there.
fn seen<'a>(
    scene: &mut Scene<'a>,
    book: &Book<'a>,
    at: Seen,
    there: At,
    address: &'a InterfaceAddress,
    held: &'a Held,
) -> Option<Claim<'a>> {
    let known = book.places.get(&address.ip).map(Vec::as_slice).unwrap_or_default();
    let known: Vec<Place<'_>> =
        known.iter().copied().filter(|place| same_table(place.address, address)).collect();
    let net = observed::net(address)?;
    if let Some(place) = known.iter().find(|place| place.at == there) {
        let alike = address.prefix_length.is_none_or(|length| length == place.address.net.prefix_len());
        scene.count(alike);
        if !alike {
            differs(scene, (Type::Different, "length"), place, at, there, net, held);
        }
        return None;
    }
    if known.iter().any(|place| shared_role(&place.address.role)) {
        return None;
    }
    scene.count(false);
    // On another interface of this device, or of one that does not have it itself.
    let moved = known.iter().find(|place| place.at.0 == there.0).or_else(|| {
        known
            .iter()
            .find(|place| scene.seen_port(place.at).is_some_and(|port| !book.carries(port.0, address.ip)))
    });
    match moved {
        Some(place) => {
            differs(scene, (Type::Misplaced, "interface"), place, at, there, net, held);
            None
        }
        None => Some(Claim { at, there, net, address, held }),
    }
}

fn differs(
    scene: &mut Scene<'_>,
    (how, attr): (Type, &'static str),
    place: &Place<'_>,
    at: Seen,
    there: At,
    net: ipnet::IpNet,
    held: &Held,
) {
    let (intended, port) = scene.intents.port(place.at);
    let key = place.address.record.to_string();
    let about = About {
        kind: Kind::Address,
        how,
        attr,
        key: &[&key],
        title: format!("{} {}", scene.port_title(place.at), place.address.net.addr()),
        intended: Some(place.at.0),
        entity: Some(at.0),
    };
    let should = format!("{} on {} {}", place.address.net, intended.device.name, port.name);
    let is = format!("{net} on {}", scene.seen_title(at));
    let evidence = [stated(intended, should.clone()), told(held, is.clone())];
    let interface = scene.intents.port(there).1.record;
    let finding = scene
        .finding(about)
        .between(Some(should), Some(is))
        .because(evidence)
        .repaired_by([Repair::MoveAddress { address: place.address.record, interface, net }]);
    scene.add(finding);
}

fn unexpected(scene: &mut Scene<'_>, claim: &Claim<'_>) {
    let Claim { at, there, net, address, held } = *claim;
    let port = scene.intents.port(there).1;
    let key = [port.record.to_string(), address.ip.to_string(), address.vrf.clone()];
    let about = About {
        kind: Kind::Address,
        how: Type::Unexpected,
        attr: "",
        key: &[&key[0], &key[1], &key[2]],
        title: format!("{} {}", scene.seen_title(at), address.ip),
        intended: Some(there.0),
        entity: Some(at.0),
    };
    let observed = ObservedAddress { net, vrf: address.vrf.clone(), shared: address.shared };
    let finding = scene
        .finding(about)
        .between(None, Some(net.to_string()))
        .because([told(held, format!("{net} on {}", scene.seen_title(at)))])
        .repaired_by([Repair::AddAddress { interface: port.record, address: observed }]);
    scene.add(finding);
}

/// Several devices have one address: one finding, however many they are.
fn conflict(scene: &mut Scene<'_>, (ip, vrf): (IpAddr, &str), claims: &[Claim<'_>], owners: &[At]) {
    let Some(first) = claims.first() else { return };
    let key = [ip.to_string(), vrf.to_owned(), partition(scene, first.at.0).to_owned()];
    let mut titles: Vec<String> = claims.iter().map(|claim| scene.seen_title(claim.at)).collect();
    let should: Vec<String> = owners.iter().map(|at| scene.port_title(*at)).collect();
    titles.extend(owners.iter().filter_map(|at| scene.seen_port(*at)).map(|seen| scene.seen_title(seen)));
    titles.sort_unstable();
    let about = About {
        kind: Kind::Address,
        how: Type::Conflict,
        attr: "owner",
        key: &[&key[0], &key[1], &key[2]],
        title: format!("{ip} on {}", titles.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ")),
        intended: Some(owners.first().map_or(first.there.0, |at| at.0)),
        entity: Some(first.at.0),
    };
    let stated: Vec<Evidence> = owners
        .iter()
        .take(NAMED)
        .map(|at| stated(&scene.intents.devices[at.0], format!("{ip} on {}", scene.port_title(*at))))
        .collect();
    let of_owners = owners.iter().filter_map(|at| {
        let seen = scene.seen_port(*at)?;
        let held = scene.devices[seen.0].held.get(&DocumentKind::Addresses)?;
        Some(told(held, format!("{ip} on {}", scene.seen_title(seen))))
    });
    let of_claims = claims
        .iter()
        .map(|claim| told(claim.held, format!("{} on {}", claim.net, scene.seen_title(claim.at))));
    let evidence: Vec<Evidence> = of_owners.chain(of_claims).take(2 * NAMED).collect();
    let should = (!should.is_empty()).then(|| format!("{ip} on {}", should.join(", ")));
    let is = format!("{ip} on {} interfaces: {}", titles.len(), titles.join(", "));
    let finding = scene.finding(about).between(should, Some(is)).because(stated).because(evidence);
    scene.add(finding);
}

/// Intended on an interface that is there, and in no row of the whole table.
fn missing(scene: &mut Scene<'_>, book: &Book<'_>, at: usize, entity: usize, held: &Held) {
    for n in 0..scene.intents.devices[at].device.ports.len() {
        let port = scene.intents.port((at, n)).1;
        let Some(seen) = scene.seen_port((at, n)) else { continue };
        let up = scene.devices[entity].ports[seen.1].oper_up;
        for address in &port.addresses {
            let ip = address.net.addr();
            let dynamic = matches!(address.status.as_str(), "dhcp" | "slaac" | "reserved" | "deprecated");
            // Interfaces that are down lose their IPv6 addresses.
            let hidden = ip.is_ipv6() && !up;
            if dynamic
                || hidden
                || shared_role(&address.role)
                || !observed::routable(ip)
                || elsewhere(scene, book, entity, ip)
            {
                continue;
            }
            let key = address.record.to_string();
            let about = About {
                kind: Kind::Address,
                how: Type::Missing,
                attr: "",
                key: &[&key],
                title: format!("{} {ip}", scene.port_title((at, n))),
                intended: Some(at),
                entity: Some(entity),
            };
            let evidence = [
                stated(&scene.intents.devices[at], format!("{} on {}", address.net, port.name)),
                told(held, format!("all addresses were read; {ip} is none of them")),
            ];
            let finding = scene
                .finding(about)
                .between(Some(address.net.to_string()), None)
                .because(evidence)
                .repaired_by([Repair::ReleaseAddress { address: address.record }]);
            scene.count(false);
            scene.add(finding);
        }
    }
}

/// The device has it on some interface, or another device that should be there has it: told there.
fn elsewhere(scene: &Scene<'_>, book: &Book<'_>, entity: usize, ip: IpAddr) -> bool {
    let carriers = book.carriers.get(&ip).into_iter().flatten();
    carriers.into_iter().any(|other| *other == entity || scene.pairs.intended_of[*other].is_some())
}
