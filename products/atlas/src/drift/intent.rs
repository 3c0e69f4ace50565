//! What should be, indexed: devices that exist, ports by record, cables and where their paths end.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use model::documents::{Crossing, IntendedDevice, IntendedPort, PortClass};
use model::names::canonical_interface;
use model::{Document, DocumentKind};
use uuid::Uuid;

use crate::map::SubjectView;

/// Most cables of a path.
const HOPS: usize = 64;

/// One intended device.
pub(super) struct Intended<'a> {
    /// What is said of it.
    pub(super) device: &'a IntendedDevice,
    /// When that was last confirmed.
    pub(super) seen_at: DateTime<Utc>,
    /// Who says so.
    pub(super) source: String,
}

impl Intended<'_> {
    /// Should it answer? Planned, stored and failed devices need not.
    pub(super) fn expected(&self) -> bool {
        self.device.status == "active"
    }
}

/// Is a cable possible at a type of interfaces, in the source's word?
pub(super) fn has_socket(kind: &str) -> bool {
    !matches!(kind, "virtual" | "bridge" | "lag") && !is_wireless(kind)
}

/// A type of interfaces with a radio.
pub(super) fn is_wireless(kind: &str) -> bool {
    kind == "other-wireless" || kind.starts_with("ieee802.11") || kind.starts_with("ieee802.15")
}

/// A port: positions of device and port.
pub(super) type At = (usize, usize);

/// One end of a cable: side, strand, port.
type Termination = (char, Option<u16>, Uuid);

/// Where the cable of an interface leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Path {
    /// The cables on the way.
    pub(super) cables: Vec<Uuid>,
    /// Interfaces at the other end; none when it ends open.
    pub(super) ends: Vec<At>,
    /// Every cable and circuit on the way is in place.
    pub(super) connected: bool,
    /// Circuits on the way, by what their providers call them.
    pub(super) circuits: Vec<String>,
}

/// Everything intended.
#[derive(Default)]
pub(super) struct Intents<'a> {
    /// The devices, by record.
    pub(super) devices: Vec<Intended<'a>>,
    ports: HashMap<Uuid, At>,
    names: HashMap<(usize, String), usize>,
    cables: BTreeMap<Uuid, Vec<Termination>>,
    behind: HashMap<Uuid, (Uuid, u16)>,
    before: HashMap<(Uuid, u16), Uuid>,
}

impl<'a> Intents<'a> {
    /// Reads the documents. A device whose source says that it was removed, or that a later full list
    /// of the source does not name, is not there.
    pub(super) fn of(views: &'a [Arc<SubjectView>]) -> Self {
        let mut intents = Self::default();
        let rosters: Vec<(DateTime<Utc>, BTreeSet<Uuid>)> =
            views.iter().filter_map(|view| roster(view)).collect();
        for view in views {
            let Some(held) = view.documents.get(&DocumentKind::Intended) else { continue };
            let Document::Intended(device) = held.document.as_ref() else { continue };
            let forgotten =
                rosters.iter().any(|(at, all)| held.seen_at < *at && !all.contains(&device.record));
            if !device.removed && !forgotten {
                let (seen_at, source) = (held.seen_at, view.subject.to_string());
                intents.devices.push(Intended { device, seen_at, source });
            }
        }
        intents.devices.sort_by_key(|intended| intended.device.record);
        intents.index();
        intents
    }

    fn index(&mut self) {
        for (at, intended) in self.devices.iter().enumerate() {
            for (n, port) in intended.device.ports.iter().enumerate() {
                self.ports.insert(port.record, (at, n));
                if port.class == PortClass::Interface {
                    self.names.entry((at, canonical_interface(&port.name))).or_insert(n);
                }
                if let Some(end) = &port.cable {
                    self.cables.entry(end.cable).or_default().push((end.side, end.connector, port.record));
                }
            }
            for passage in &intended.device.passages {
                if passage.front_position == 1 {
                    self.behind.insert(passage.front, (passage.rear, passage.rear_position));
                }
                self.before.insert((passage.rear, passage.rear_position), passage.front);
            }
        }
    }

    /// The device and the port.
    pub(super) fn port(&self, at: At) -> (&Intended<'a>, &'a IntendedPort) {
        let intended = &self.devices[at.0];
        (intended, &intended.device.ports[at.1])
    }

    /// The interface of a device by its canonical name.
    pub(super) fn named(&self, device: usize, canonical: String) -> Option<At> {
        self.names.get(&(device, canonical)).map(|port| (device, *port))
    }

    /// All interfaces.
    pub(super) fn interfaces(&self) -> impl Iterator<Item = (At, &'a IntendedPort)> + '_ {
        self.devices.iter().enumerate().flat_map(|(at, intended)| {
            let ports = intended.device.ports.iter().enumerate();
            ports.filter(|(_, port)| port.class == PortClass::Interface).map(move |(n, port)| ((at, n), port))
        })
    }

    /// The ports at the other side of a port's cable, on the same strand.
    fn far(&self, port: &IntendedPort) -> Vec<Uuid> {
        let Some(end) = &port.cable else { return Vec::new() };
        let all = self.cables.get(&end.cable).map(Vec::as_slice).unwrap_or_default();
        let strand =
            |other: &Option<u16>| end.connector.is_none() || other.is_none() || *other == end.connector;
        all.iter()
            .filter(|(side, connector, _)| *side != end.side && strand(connector))
            .map(|(_, _, port)| *port)
            .collect()
    }

    /// Behind a circuit: the ports at the other side of the cable there.
    fn beyond(&self, crossing: &Crossing, path: &mut Path) -> Vec<Uuid> {
        path.circuits.push(crossing.name.clone());
        path.connected &= crossing.active;
        let Some(cable) = crossing.cable.filter(|cable| !path.cables.contains(cable)) else {
            return Vec::new();
        };
        path.cables.push(cable);
        let all = self.cables.get(&cable).map(Vec::as_slice).unwrap_or_default();
        all.iter().filter(|(side, ..)| *side != crossing.side).map(|(.., port)| *port).collect()
    }

    /// Where the cable of a port leads, through patch panels and circuits; none without a cable.
    pub(super) fn path(&self, from: At) -> Option<Path> {
        let mut port = self.port(from).1;
        let mut path = Path { cables: Vec::new(), ends: Vec::new(), connected: true, circuits: Vec::new() };
        let mut positions: Vec<u16> = Vec::new();
        for _ in 0..HOPS {
            let Some(end) = &port.cable else { break };
            if path.cables.contains(&end.cable) {
                break;
            }
            path.cables.push(end.cable);
            path.connected &= end.status == "connected";
            let far = match &end.circuit {
                Some(crossing) => self.beyond(crossing, &mut path),
                None => self.far(port),
            };
            let far: Vec<At> = far.iter().filter_map(|far| self.ports.get(far).copied()).collect();
            let Some(first) = far.first() else { break };
            let arrived = self.port(*first).1;
            path.connected &= arrived.cable.as_ref().is_none_or(|end| end.status == "connected");
            let next = match arrived.class {
                PortClass::Interface => {
                    path.ends = far;
                    break;
                }
                PortClass::Front => self.behind.get(&arrived.record).map(|(rear, position)| {
                    positions.push(*position);
                    *rear
                }),
                PortClass::Rear => self.before.get(&(arrived.record, positions.pop().unwrap_or(1))).copied(),
            };
            let Some(next) = next.and_then(|next| self.ports.get(&next).copied()) else { break };
            port = self.port(next).1;
        }
        (!path.cables.is_empty()).then_some(path)
    }
}

fn roster(view: &SubjectView) -> Option<(DateTime<Utc>, BTreeSet<Uuid>)> {
    let held = view.documents.get(&DocumentKind::IntendedRoster)?;
    match held.document.as_ref() {
        Document::IntendedRoster(all) => Some((held.seen_at, all.iter().copied().collect())),
        _ => None,
    }
}
