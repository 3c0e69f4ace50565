//! Devices: there or not, and what they are.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::IpAddr;

use ipnet::IpNet;
use model::DocumentKind;
use model::adoption::{DeviceFact, Repair};
use model::documents::IntendedDevice;

use super::claims::{self, Claims};
use super::scene::{About, Scene, stated, told};
use super::{Evidence, Finding, Kind, Type, equal, import, observed, placement};
use crate::map::{Entity, Freshness};
use crate::topology::{Device, Held};

/// Tables named as the last that was heard of a silent device.
const LAST: usize = 3;

/// Compares all devices.
pub(super) fn compare(scene: &mut Scene<'_>) {
    let (networks, claims) = (Networks::of(scene), Claims::of(scene));
    for at in 0..scene.intents.devices.len() {
        scene.counts.intended += usize::from(scene.intents.devices[at].expected());
        match scene.pairs.entity_of[at] {
            Some(entity) if scene.entity(entity).state == Freshness::Fresh => {
                scene.counts.covered += usize::from(scene.intents.devices[at].expected());
                facts(scene, at, entity, &claims);
                placement::compare(scene, at, entity, &claims.sites);
            }
            Some(entity) => stale(scene, at, entity),
            None => absent(scene, at, &networks),
        }
    }
    for entity in 0..scene.map.entities.len() {
        unexpected(scene, entity);
    }
}

/// A fact of devices that both sides may speak of.
struct Fact {
    attr: &'static str,
    intended: fn(&IntendedDevice) -> &str,
    observed: fn(&Entity, &Device) -> Option<String>,
    table: DocumentKind,
    equal: fn(&IntendedDevice, &Entity, &Device, &str) -> bool,
    sets: Option<DeviceFact>,
}

const FACTS: &[Fact] = &[
    Fact {
        attr: "name",
        intended: |device| &device.name,
        observed: |_, device| Some(device.system()?.0.name.trim().to_owned()),
        table: DocumentKind::System,
        equal: |intended, _, _, observed| {
            // The inventory takes 64 characters.
            let cut: String = observed.chars().take(64).collect();
            equal::hosts(&intended.name, observed) || equal::hosts(&intended.name, &cut)
        },
        sets: Some(DeviceFact::Name),
    },
    Fact {
        attr: "serial",
        intended: |device| &device.serial,
        observed: |_, device| observed::serials(device).into_iter().next(),
        table: DocumentKind::Hardware,
        equal: |intended, _, device, _| {
            observed::serials(device)
                .iter()
                .any(|serial| equal::serials(&intended.serial, &serial.chars().take(50).collect::<String>()))
        },
        sets: Some(DeviceFact::Serial),
    },
    Fact {
        attr: "model",
        intended: |device| &device.model,
        observed: |entity, _| entity.model.clone(),
        table: DocumentKind::Hardware,
        equal: |intended, _, _, observed| {
            [&intended.model, &intended.part_number].into_iter().any(|known| equal::products(known, observed))
        },
        sets: None,
    },
    Fact {
        attr: "platform",
        intended: |device| &device.platform,
        observed: |_, device| observed::platform(device).map(str::to_owned),
        table: DocumentKind::System,
        equal: |intended, _, _, observed| equal::products(&intended.platform, observed),
        sets: Some(DeviceFact::Platform),
    },
    Fact {
        attr: "status",
        intended: |device| &device.status,
        observed: |_, _| Some("active".to_owned()),
        table: DocumentKind::System,
        // One that is being taken out of service may still answer.
        equal: |intended, _, _, _| {
            matches!(intended.status.as_str(), "active" | "staged" | "decommissioning")
        },
        sets: Some(DeviceFact::Status),
    },
];

fn facts(scene: &mut Scene<'_>, at: usize, entity: usize, claims: &Claims) {
    for fact in FACTS {
        let intended = &scene.intents.devices[at];
        let (device, seen) = (&scene.devices[entity], scene.entity(entity));
        let should = (fact.intended)(intended.device);
        // What is not stated is not contradicted, and what was not told neither.
        let Some(is) = (fact.observed)(seen, device).filter(|is| !is.is_empty() && !should.is_empty()) else {
            continue;
        };
        let held = device.held.get(&fact.table).or_else(|| device.held.get(&DocumentKind::System));
        let Some(held) = held else { continue };
        let alike = (fact.equal)(intended.device, seen, device, &is);
        let record = intended.device.record;
        let other = if alike { None } else { claims.other(scene, at, fact.attr, &is) };
        if let Some(other) = other {
            claims::conflict(scene, fact.attr, [at, other]);
        } else if !alike {
            let key = record.to_string();
            let about = About {
                kind: Kind::Device,
                how: Type::Different,
                attr: fact.attr,
                key: &[&key],
                title: intended.device.name.clone(),
                intended: Some(at),
                entity: Some(entity),
            };
            let evidence = [
                stated(intended, format!("{} {should}", fact.attr)),
                told(held, format!("{} {is}", fact.attr)),
            ];
            let repair = fact.sets.map(|fact| Repair::SetDevice { device: record, fact, value: is.clone() });
            let finding = scene.finding(about).between(Some(should.to_owned()), Some(is)).because(evidence);
            let finding = finding.repaired_by(repair);
            scene.add(finding);
        }
        scene.count(alike);
    }
}

/// It is known, and nothing fresh is known of it.
fn stale(scene: &mut Scene<'_>, at: usize, entity: usize) {
    let intended = &scene.intents.devices[at];
    if !intended.expected() {
        return;
    }
    let (record, seen) = (intended.device.record, scene.entity(entity));
    let key = record.to_string();
    let about = About {
        kind: Kind::Device,
        how: Type::Stale,
        attr: "freshness",
        key: &[&key],
        title: intended.device.name.clone(),
        intended: Some(at),
        entity: Some(entity),
    };
    let mut last: Vec<&Held> = scene.devices[entity].held.values().collect();
    last.sort_by_key(|held| std::cmp::Reverse(held.seen_at));
    let since =
        seen.last_seen.map_or_else(|| "a long time".to_owned(), |at| at.format("%F %T UTC").to_string());
    let evidence = last.into_iter().take(LAST).map(|held| told(held, "the last that was heard of it"));
    let evidence: Vec<Evidence> = evidence.collect();
    let finding = scene
        .finding(about)
        .between(Some(intended.device.status.clone()), Some(format!("silent since {since}")))
        .because([stated(intended, format!("status {}", intended.device.status))])
        .because(evidence)
        .repaired_by([Repair::RetireDevice { device: record }]);
    scene.add(finding);
}

/// Networks in which observed devices have an address, and who owns which address.
struct Networks {
    nets: HashMap<IpNet, usize>,
    owned: BTreeSet<IpAddr>,
}

impl Networks {
    fn of(scene: &Scene<'_>) -> Self {
        let mut networks = Self { nets: HashMap::new(), owned: BTreeSet::new() };
        for (entity, device) in scene.devices.iter().enumerate() {
            let covers = scene.entity(entity).state == Freshness::Fresh;
            for port in 0..device.ports.len() {
                for address in observed::addresses(device, port) {
                    networks.owned.insert(address.ip);
                    if let (true, Some(net)) = (covers && device.ports[port].oper_up, observed::net(address))
                        && net.prefix_len() < net.max_prefix_len()
                    {
                        networks.nets.entry(net.trunc()).or_insert(entity);
                    }
                }
            }
            networks.owned.extend(&device.asked);
        }
        networks
    }

    /// The longest network around an address.
    fn around(&self, ip: IpAddr) -> Option<(IpNet, usize)> {
        let most = if ip.is_ipv4() { 32 } else { 128 };
        (0..most).rev().find_map(|length| {
            let net = IpNet::new(ip, length).ok()?.trunc();
            self.nets.get(&net).map(|entity| (net, *entity))
        })
    }
}

/// No observed device matches. It is missing only where somebody looks and does not see it.
fn absent(scene: &mut Scene<'_>, at: usize, networks: &Networks) {
    if let Some(rivals) = scene.pairs.rivals.get(&at).cloned() {
        return duplicate(scene, at, &rivals);
    }
    if !scene.intents.devices[at].expected() {
        return;
    }
    // Many virtual machines answer nobody: that one is not seen says nothing.
    let asked = !scene.intents.devices[at].device.virtual_machine;
    let evidence = if asked { unanswered(scene, at, networks) } else { Vec::new() };
    if evidence.is_empty() {
        scene.counts.unverifiable += 1;
        return;
    }
    let intended = &scene.intents.devices[at];
    let record = intended.device.record;
    let key = record.to_string();
    let about = About {
        kind: Kind::Device,
        how: Type::Missing,
        attr: "",
        key: &[&key],
        title: intended.device.name.clone(),
        intended: Some(at),
        entity: None,
    };
    let ports = intended.device.ports.len();
    let finding = scene
        .finding(about)
        .between(Some(import::summary(intended.device)), None)
        .because([stated(intended, format!("status {}", intended.device.status))])
        .because(evidence)
        .repaired_by([Repair::RetireDevice { device: record }]);
    scene.counts.swallowed += ports;
    scene.add(finding);
}

/// Where somebody looked for it and did not see it.
fn unanswered(scene: &Scene<'_>, at: usize, networks: &Networks) -> Vec<Evidence> {
    let intended = &scene.intents.devices[at];
    let addresses = intended.device.ports.iter().flat_map(|port| &port.addresses).map(|a| a.net.addr());
    let all: BTreeSet<IpAddr> = intended.device.primary.iter().copied().chain(addresses).collect();
    let mut evidence = Vec::new();
    for ip in all.into_iter().filter(|ip| !networks.owned.contains(ip)).take(16) {
        let Some((net, entity)) = networks.around(ip) else { continue };
        let device = &scene.devices[entity];
        let Some(held) = device.held.get(&DocumentKind::Addresses) else { continue };
        let text = format!("{} is in {net}, and nobody known has {ip}", scene.entity(entity).name);
        evidence.push(told(held, text));
    }
    for (n, port) in intended.device.ports.iter().enumerate() {
        let Some(path) = scene.intents.path((at, n)).filter(|path| path.connected) else { continue };
        for end in &path.ends {
            let Some(seen) = scene.seen_port(*end) else { continue };
            let device = &scene.devices[seen.0];
            let Some((_, held)) = device.lldp().filter(|(_, held)| held.complete && held.fresh) else {
                continue;
            };
            if scene.links(seen).next().is_none() {
                let text = format!("{} hears nobody, where {} should be", scene.port_title(*end), port.name);
                evidence.push(told(held, text));
            }
        }
    }
    evidence.truncate(8);
    evidence
}

/// It fits a device that another record fits as well, or several devices equally.
fn duplicate(scene: &mut Scene<'_>, at: usize, rivals: &[usize]) {
    let intended = &scene.intents.devices[at];
    let key = intended.device.record.to_string();
    let about = About {
        kind: Kind::Device,
        how: Type::Duplicate,
        attr: "identity",
        key: &[&key],
        title: intended.device.name.clone(),
        intended: Some(at),
        entity: rivals.first().copied(),
    };
    let taken: BTreeMap<usize, usize> =
        rivals.iter().filter_map(|entity| Some((*entity, scene.pairs.intended_of[*entity]?))).collect();
    let words: Vec<String> = rivals
        .iter()
        .take(8)
        .map(|entity| match taken.get(entity) {
            Some(other) => {
                let name = &scene.intents.devices[*other].device.name;
                format!("{} (already {name})", scene.entity(*entity).name)
            }
            None => scene.entity(*entity).name.clone(),
        })
        .collect();
    let evidence = rivals.iter().take(8).filter_map(|entity| {
        let held = scene.devices[*entity].held.get(&DocumentKind::System)?;
        Some(told(held, format!("name {}", scene.entity(*entity).name)))
    });
    let evidence: Vec<Evidence> = evidence.collect();
    let finding = scene
        .finding(about)
        .between(Some(import::summary(intended.device)), Some(words.join(", ")))
        .because([stated(intended, format!("name {}", intended.device.name))])
        .because(evidence);
    scene.add(finding);
}

/// An observed device that nobody intends.
fn unexpected(scene: &mut Scene<'_>, entity: usize) {
    let seen = scene.entity(entity);
    let contested = scene.pairs.rivals.values().any(|rivals| rivals.contains(&entity));
    if scene.pairs.intended_of[entity].is_some() || seen.state != Freshness::Fresh || contested {
        return;
    }
    let key = seen.id.to_string();
    let about = About {
        kind: Kind::Device,
        how: Type::Unexpected,
        attr: "",
        key: &[&key],
        title: seen.name.clone(),
        intended: None,
        entity: Some(entity),
    };
    let device = &scene.devices[entity];
    let words = import::observed_summary(seen, device);
    let mut evidence = Vec::new();
    for kind in [DocumentKind::System, DocumentKind::Hardware, DocumentKind::Interfaces] {
        let held = device.held.get(&kind);
        evidence.extend(held.map(|held| told(held, "answered when it was asked")));
    }
    scene.counts.swallowed += device.ports.len();
    let finding = scene.finding(about).between(None, Some(words)).because(evidence);
    let finding = Finding { adopts: true, ..finding };
    scene.add(finding);
}
