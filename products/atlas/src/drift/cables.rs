//! Cables: what should be joined, through patch panels, circuits and by radio, against what devices hear
//! of each other.

use std::collections::{BTreeSet, HashMap};

use model::adoption::Repair;
use model::names::{canonical_host, canonical_interface, short_host};
use uuid::Uuid;

use super::intent::{At, Path, has_socket, is_wireless};
use super::rewire::{self, Conflict};
use super::scene::{About, Scene, Seen, believed, stated, told};
use super::{Evidence, Finding, Kind, Type};
use crate::map::{End, Grade, Layer, Link, LinkKind, LinkState, Node, NodeKind};

/// What lies at the other end of an observed cable.
#[derive(Clone, Copy)]
pub(super) enum Far<'a> {
    /// A port of a device that was asked.
    Port(Seen),
    /// A device, no telling which port, or a neighbour that nobody asked.
    Named(&'a Node, Option<&'a str>),
    /// A shared medium, or nothing known.
    Unknown,
}

/// Observed ends by node.
pub(super) struct Ends<'a> {
    nodes: HashMap<Uuid, &'a Node>,
}

impl<'a> Ends<'a> {
    pub(super) fn of(scene: &Scene<'a>) -> Self {
        Self { nodes: scene.map.nodes.iter().map(|node| (node.id, node)).collect() }
    }

    /// One end of a link.
    pub(super) fn end(&self, scene: &Scene<'a>, end: &'a End) -> Far<'a> {
        let port = scene.entity_at.get(&end.device).and_then(|entity| {
            let name = canonical_interface(end.interface.as_deref()?);
            let ports = scene.devices[*entity].named(&name);
            ports.first().map(|port| (*entity, *port))
        });
        match (port, self.nodes.get(&end.device)) {
            (Some(seen), _) => Far::Port(seen),
            (None, Some(node)) if node.kind != NodeKind::Segment => {
                Far::Named(node, end.interface.as_deref())
            }
            _ => Far::Unknown,
        }
    }

    /// The end of a link that is not `seen`.
    pub(super) fn far(&self, scene: &Scene<'a>, link: &'a Link, seen: Seen) -> Far<'a> {
        match (self.end(scene, &link.a), self.end(scene, &link.b)) {
            (Far::Port(a), b) if a == seen => b,
            (a, _) => a,
        }
    }
}

/// A link that speaks against another one.
fn strong(link: &Link) -> bool {
    link.grade == Grade::Confirmed && link.state == LinkState::Up
}

/// Compares all cables.
pub(super) fn compare(scene: &mut Scene<'_>) {
    let ends = Ends::of(scene);
    let (mut done, mut conflicts) = (BTreeSet::new(), Vec::new());
    let ports: Vec<At> =
        scene.intents.interfaces().filter(|(_, port)| port.cable.is_some()).map(|(at, _)| at).collect();
    for at in ports {
        let Some(path) = scene.intents.path(at).filter(|path| path.connected) else { continue };
        // Of several ports at one side without strands any may be the one.
        let [end] = path.ends.as_slice() else { continue };
        // One of several ports at its side: what it is joined to is not for it alone to say.
        if scene.intents.path(*end).is_none_or(|back| back.ends != [at]) {
            continue;
        }
        let pair = if at <= *end { (at, *end) } else { (*end, at) };
        if done.insert(pair) {
            conflicts.extend(one(scene, &ends, pair, &path));
        }
    }
    rewire::resolve(scene, &ends, &conflicts);
    unexpected(scene, &ends);
}

/// The far end is the port that should be there.
fn is(scene: &Scene<'_>, far: Far<'_>, wanted: At) -> bool {
    let (intended, port) = scene.intents.port(wanted);
    match far {
        Far::Port(seen) => scene.intended_port(seen) == Some(wanted),
        Far::Named(node, interface) => {
            let (seen, should) = (canonical_host(&node.name), canonical_host(&intended.device.name));
            let entity = scene.pairs.entity_of[wanted.0].map(|at| scene.entity(at).id);
            let same = entity == Some(node.id) || short_host(&seen) == short_host(&should);
            same && interface.is_none_or(|name| canonical_interface(name) == canonical_interface(&port.name))
        }
        Far::Unknown => false,
    }
}

/// One cable: as it should be, absent, or a conflict with what is observed at its ends.
fn one<'a>(scene: &mut Scene<'a>, ends: &Ends<'a>, (p, q): (At, At), path: &Path) -> Option<Conflict<'a>> {
    let seen = [(p, scene.seen_port(p), q), (q, scene.seen_port(q), p)];
    let mut against: Vec<&'a Link> = Vec::new();
    let mut old: Option<&'a Link> = None;
    for (_, seen, wanted) in &seen {
        let Some(seen) = *seen else { continue };
        let links: Vec<&'a Link> = scene.links(seen).collect();
        let mut right = links.iter().filter(|link| is(scene, ends.far(scene, link, seen), *wanted));
        if right.clone().any(|link| link.state != LinkState::Stale) {
            scene.count(true);
            return None;
        }
        old = old.or(right.next().copied());
        let told = |link: &&&Link| strong(link) && !matches!(ends.far(scene, link, seen), Far::Unknown);
        against.extend(links.iter().filter(told));
    }
    against.sort_by_key(|link| link.id);
    against.dedup_by_key(|link| link.id);
    if !against.is_empty() {
        scene.count(false);
        return Some(Conflict { ends: [p, q], cables: path.cables.clone(), links: against });
    }
    if let Some(link) = old {
        stale(scene, (p, q), path, link);
        return None;
    }
    let evidence = silence(scene, [(p, seen[0].1), (q, seen[1].1)]);
    if let Some(evidence) = evidence {
        scene.count(false);
        missing(scene, (p, q), path, evidence);
    }
    None
}

/// Both ports are up, both devices announce themselves, and a whole table does not hear the other.
fn silence(scene: &Scene<'_>, ends: [(At, Option<Seen>); 2]) -> Option<Vec<Evidence>> {
    let mut evidence = Vec::new();
    for (at, seen) in ends {
        let seen = seen?;
        let device = &scene.devices[seen.0];
        let (_, held) = device.lldp()?;
        if !device.ports_fresh || !device.ports[seen.1].oper_up {
            return None;
        }
        if held.complete && held.fresh {
            evidence.push(told(held, format!("{} is up and hears nobody", scene.port_title(at))));
        }
    }
    (!evidence.is_empty()).then_some(evidence)
}

/// `core1 eth1 - core2 eth1`.
pub(super) fn joined(scene: &Scene<'_>, ends: [At; 2]) -> String {
    let mut titles = ends.map(|end| scene.port_title(end));
    titles.sort_unstable();
    titles.join(" - ")
}

/// What of its cable an intended device says.
pub(super) fn cable_stated(scene: &Scene<'_>, at: At) -> Evidence {
    let (intended, port) = scene.intents.port(at);
    let label = port.cable.as_ref().map(|end| end.label.as_str()).filter(|label| !label.is_empty());
    let label = label.map(|label| format!(" (label {label})")).unwrap_or_default();
    stated(intended, format!("a cable ends at {} {}{label}", intended.device.name, port.name))
}

/// A finding about one path, with what is stated of it at both ends.
fn of_path(scene: &Scene<'_>, (p, q): (At, At), path: &Path, how: Type, attr: &'static str) -> Finding {
    let key: Vec<String> = path.cables.iter().map(Uuid::to_string).collect();
    let key: Vec<&str> = key.iter().map(String::as_str).collect();
    let about = About {
        kind: Kind::Cable,
        how,
        attr,
        key: &key,
        title: joined(scene, [p, q]),
        intended: Some(p.0),
        entity: scene.pairs.entity_of[p.0],
    };
    scene.finding(about).because([cable_stated(scene, p), cable_stated(scene, q)])
}

fn missing(scene: &mut Scene<'_>, (p, q): (At, At), path: &Path, evidence: Vec<Evidence>) {
    let finding = of_path(scene, (p, q), path, Type::Missing, "")
        .between(Some(way(scene, [p, q], path)), None)
        .because(evidence);
    let finding = match path.cables.as_slice() {
        _ if rewire::by_radio(scene, [p, q]) => finding.blocked_by(rewire::WIRELESS),
        _ if rewire::stranded(scene, [p, q]) => finding.blocked_by(rewire::STRANDS),
        [cable] => finding.repaired_by([Repair::RemoveCable { cable: *cable }]),
        _ => finding.blocked_by(rewire::PANELS),
    };
    scene.add(finding);
}

/// Both devices answer, and what once showed the cable was not confirmed within its time.
fn stale(scene: &mut Scene<'_>, (p, q): (At, At), path: &Path, link: &Link) {
    let last = link.evidence.iter().map(|evidence| evidence.seen_at).max();
    let since = last.map_or_else(|| "a long time".to_owned(), |at| at.format("%F %T UTC").to_string());
    let finding = of_path(scene, (p, q), path, Type::Stale, "freshness")
        .between(Some(way(scene, [p, q], path)), Some(format!("not confirmed since {since}")))
        .because(believed(link));
    scene.add(finding);
}

/// What should be joined, and over which circuits.
fn way(scene: &Scene<'_>, ends: [At; 2], path: &Path) -> String {
    match path.circuits.as_slice() {
        [] => joined(scene, ends),
        circuits => format!("{} over circuit {}", joined(scene, ends), circuits.join(", ")),
    }
}

/// Cables between ports that both sides know and of which none should have one.
fn unexpected<'a>(scene: &mut Scene<'a>, ends: &Ends<'a>) {
    let links: Vec<&'a Link> = scene
        .map
        .links
        .iter()
        .filter(|link| link.layer == Layer::L1 && link.kind == LinkKind::Cable && strong(link))
        .collect();
    for link in links {
        let (Far::Port(a), Far::Port(b)) = (ends.end(scene, &link.a), ends.end(scene, &link.b)) else {
            continue;
        };
        let (Some(p), Some(q)) = (scene.intended_port(a), scene.intended_port(b)) else { continue };
        let ports = [p, q].map(|at| scene.intents.port(at).1);
        // Between radios there is no cable.
        if ports.iter().any(|port| port.cable.is_some() || is_wireless(&port.kind)) {
            continue;
        }
        let records = [p, q].map(|at| scene.intents.port(at).1.record.to_string());
        let mut key: Vec<&str> = records.iter().map(String::as_str).collect();
        key.sort_unstable();
        let about = About {
            kind: Kind::Cable,
            how: Type::Unexpected,
            attr: "",
            key: &key,
            title: joined(scene, [p, q]),
            intended: Some(p.0),
            entity: Some(a.0),
        };
        let finding = scene.finding(about).between(None, Some(joined(scene, [p, q]))).because(believed(link));
        let finding = match ports.iter().find(|port| !has_socket(&port.kind)) {
            Some(port) => finding.blocked_by(format!(
                "{} is of the type {}, which has no socket for a cable: correct its type in the inventory.",
                port.name, port.kind
            )),
            None => finding.repaired_by([Repair::AddCable { ends: [scene.port_ref(p), scene.port_ref(q)] }]),
        };
        scene.count(false);
        scene.add(finding);
    }
}
