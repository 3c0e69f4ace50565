//! Interfaces of devices that answer: there or not, and how they are set.

use model::DocumentKind;
use model::adoption::{InterfaceFact, Repair};
use model::documents::{IntendedPort, Interface, PortClass};
use model::names::canonical_interface;

use super::intent::Intended;
use super::scene::{About, Scene, Seen, lag_name, stated, told};
use super::{Kind, Type, equal, import, observed};
use crate::topology::{Device, Held};

/// Compares the interfaces of all devices that answer.
pub(super) fn compare(scene: &mut Scene<'_>) {
    for (at, entity) in scene.answering_pairs() {
        let Some((_, held)) = observed::table(&scene.devices[entity]) else { continue };
        if !held.fresh {
            continue;
        }
        for n in 0..scene.intents.devices[at].device.ports.len() {
            let port = &scene.intents.devices[at].device.ports[n];
            if port.class != PortClass::Interface {
                continue;
            }
            match scene.devices[entity].named(&canonical_interface(&port.name)).first() {
                Some(seen) => facts(scene, (at, n), (entity, *seen)),
                None => missing(scene, (at, n), entity),
            }
        }
        // What a virtual machine makes for itself is its own affair.
        if scene.intents.devices[at].device.virtual_machine {
            continue;
        }
        for port in 0..scene.devices[entity].ports.len() {
            unexpected(scene, at, (entity, port));
        }
    }
}

/// What a fact says: intended in words, observed in words, alike, and what accepting sets.
struct Said {
    attr: &'static str,
    intended: String,
    observed: String,
    alike: bool,
    fact: InterfaceFact,
    table: DocumentKind,
}

/// A look at one fact; none when one of the sides does not speak of it.
type Look = fn(&Intended<'_>, &IntendedPort, &Device, usize, &Interface) -> Option<Said>;

const FACTS: &[Look] = &[enabled, mtu, speed, mac, lag, description];

fn said(attr: &'static str, intended: String, observed: String, alike: bool, fact: InterfaceFact) -> Said {
    Said { attr, intended, observed, alike, fact, table: DocumentKind::Interfaces }
}

#[expect(clippy::unnecessary_wraps, reason = "one look of several, and the others may see nothing")]
fn enabled(_: &Intended<'_>, port: &IntendedPort, _: &Device, _: usize, row: &Interface) -> Option<Said> {
    let word = |on: bool| if on { "enabled" } else { "disabled" }.to_owned();
    let alike = port.enabled == row.admin_up;
    let fact = InterfaceFact::Enabled(row.admin_up);
    Some(said("enabled", word(port.enabled), word(row.admin_up), alike, fact))
}

fn mtu(_: &Intended<'_>, port: &IntendedPort, _: &Device, _: usize, row: &Interface) -> Option<Said> {
    let (should, is) = (port.mtu?, row.mtu?);
    Some(said("mtu", should.to_string(), is.to_string(), should == is, InterfaceFact::Mtu(is)))
}

fn speed(_: &Intended<'_>, port: &IntendedPort, _: &Device, _: usize, row: &Interface) -> Option<Said> {
    let (should, is) = (port.speed_bps?, row.speed_bps.filter(|speed| *speed > 0)?);
    // A port that is down tells what it could do, or nothing.
    row.oper_up.then(|| {
        let fact = InterfaceFact::Speed(is);
        said("speed", import::speed_text(should), import::speed_text(is), should / 1_000 == is / 1_000, fact)
    })
}

fn mac(_: &Intended<'_>, port: &IntendedPort, _: &Device, _: usize, row: &Interface) -> Option<Said> {
    let is = row.mac?;
    let words: Vec<String> = port.macs.iter().map(ToString::to_string).collect();
    let alike = port.macs.contains(&is);
    (!port.macs.is_empty())
        .then(|| said("mac", words.join(", "), is.to_string(), alike, InterfaceFact::Mac(is)))
}

fn lag(
    intended: &Intended<'_>,
    port: &IntendedPort,
    device: &Device,
    at: usize,
    _: &Interface,
) -> Option<Said> {
    let is = device.ports[at].aggregate.map(|aggregate| device.ports[aggregate].name.clone());
    // A device without a table of aggregates says nothing about membership.
    let complete = device.lag().is_some_and(|(_, held)| held.complete && held.fresh);
    let should = lag_name(intended, port);
    if is.is_none() && !complete || (is.is_none() && should.is_none()) {
        return None;
    }
    // The interfaces of a virtual machine are in no aggregate in a source of truth.
    if intended.device.virtual_machine {
        return None;
    }
    let canonical = |name: Option<&str>| name.map(canonical_interface);
    let alike = canonical(should) == canonical(is.as_deref());
    let word = |name: Option<&str>| name.unwrap_or("no aggregate").to_owned();
    let (intended, observed) = (word(should), word(is.as_deref()));
    Some(Said { table: DocumentKind::Lag, ..said("lag", intended, observed, alike, InterfaceFact::Lag(is)) })
}

fn description(
    _: &Intended<'_>,
    port: &IntendedPort,
    device: &Device,
    _: usize,
    row: &Interface,
) -> Option<Said> {
    // An agent that has no text on any interface does not support them.
    let (rows, _) = observed::table(device)?;
    let supported = rows.iter().any(|row| !row.alias.trim().is_empty());
    // The inventory takes 200 characters.
    let cut: String = row.alias.trim().chars().take(200).collect();
    let alike = equal::texts(&port.description, &cut);
    (supported && !port.description.is_empty()).then(|| {
        let fact = InterfaceFact::Description(row.alias.trim().to_owned());
        said("description", port.description.clone(), row.alias.trim().to_owned(), alike, fact)
    })
}

fn facts(scene: &mut Scene<'_>, at: (usize, usize), seen: Seen) {
    for look in FACTS {
        let (intended, port) = scene.intents.port(at);
        let device = &scene.devices[seen.0];
        let Some((rows, held)) = observed::table(device) else { return };
        let Some(row) = rows.get(seen.1) else { return };
        let Some(said) = look(intended, port, device, seen.1, row) else { continue };
        if !said.alike {
            let held: &Held = device.held.get(&said.table).unwrap_or(held);
            let key = port.record.to_string();
            let about = About {
                kind: Kind::Interface,
                how: Type::Different,
                attr: said.attr,
                key: &[&key],
                title: scene.port_title(at),
                intended: Some(at.0),
                entity: Some(seen.0),
            };
            let evidence = [
                stated(intended, format!("{}: {}", said.attr, said.intended)),
                told(held, format!("{}: {}", said.attr, said.observed)),
            ];
            let repair = Repair::SetInterface { interface: port.record, fact: said.fact };
            let finding = scene
                .finding(about)
                .between(Some(said.intended), Some(said.observed))
                .because(evidence)
                .repaired_by([repair]);
            scene.add(finding);
        }
        scene.count(said.alike);
    }
}

/// Not in the whole table of the device.
fn missing(scene: &mut Scene<'_>, at: (usize, usize), entity: usize) {
    let (intended, port) = scene.intents.port(at);
    let Some((rows, held)) = observed::table(&scene.devices[entity]) else { return };
    if !held.complete || port.management {
        return;
    }
    let key = port.record.to_string();
    let about = About {
        kind: Kind::Interface,
        how: Type::Missing,
        attr: "",
        key: &[&key],
        title: scene.port_title(at),
        intended: Some(at.0),
        entity: Some(entity),
    };
    let evidence = [
        stated(intended, format!("interface {} of the type {}", port.name, port.kind)),
        told(held, format!("all {} interfaces were read; {} is none of them", rows.len(), port.name)),
    ];
    let finding = scene
        .finding(about)
        .between(Some(format!("{} ({})", port.name, port.kind)), None)
        .because(evidence)
        .repaired_by([Repair::RemoveInterface { interface: port.record }]);
    let swallowed = port.addresses.len() + usize::from(port.cable.is_some());
    scene.counts.swallowed += swallowed;
    scene.add(finding);
}

/// In the table and not intended.
fn unexpected(scene: &mut Scene<'_>, at: usize, seen: Seen) {
    let device = &scene.devices[seen.0];
    let cabled = scene.links(seen).next().is_some();
    if scene.intended_port(seen).is_some() || observed::internal(device, seen.1, cabled) {
        return;
    }
    let Some((_, held)) = observed::table(device) else { return };
    let record = scene.intents.devices[at].device.record;
    let key = [record.to_string(), canonical_interface(&device.ports[seen.1].name)];
    let about = About {
        kind: Kind::Interface,
        how: Type::Unexpected,
        attr: "",
        key: &[&key[0], &key[1]],
        title: scene.seen_title(seen),
        intended: Some(at),
        entity: Some(seen.0),
    };
    let Some(interface) = import::observed_interface(device, seen.1, cabled) else { return };
    scene.counts.swallowed += interface.addresses.len() + usize::from(cabled);
    let finding = scene
        .finding(about)
        .between(None, Some(import::interface_text(&interface)))
        .because([told(held, format!("interface {}", interface.name))])
        .repaired_by([Repair::AddInterface { device: record, interface: Box::new(interface) }]);
    scene.add(finding);
}
