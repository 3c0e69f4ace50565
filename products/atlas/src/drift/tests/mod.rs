//! Drift of the recorded lab: what was observed, taken over as it is, leaves none; every change of what
//! is intended is found as exactly the difference it is.

mod rows;
mod steps;
mod wires;

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use model::adoption::ObservedDevice;
use model::documents::{CableEnd, IntendedAddress, IntendedDevice, IntendedPort};
use model::{Document, DocumentKind, Frame, Method, Subject};
use uuid::Uuid;

use super::import::ImportEnd;
use super::{Candidates, Compared, Finding, Patience, Report};
use crate::map::{
    DocumentView, Grade, Input, Layer, Link, LinkKind, Map, Prior, SequentialIds, SubjectView, derived_id,
};
use crate::topology::Device;

/// What a discovery of the lab read, and the map of it.
pub(super) struct Lab {
    pub(super) now: DateTime<Utc>,
    pub(super) map: Map,
    pub(super) devices: Vec<Device>,
}

fn views() -> Vec<SubjectView> {
    let frames: Vec<Frame> =
        serde_json::from_str(include_str!("../../../tests/fixtures/lab-frames.json")).unwrap();
    let mut views: BTreeMap<Subject, SubjectView> = BTreeMap::new();
    for frame in frames {
        let view =
            views.entry(frame.subject.clone()).or_insert_with(|| SubjectView::queried(frame.subject.clone()));
        if let Some(document) = frame.document {
            let held = DocumentView {
                document: Arc::new(document),
                seen_at: frame.ended,
                completeness: frame.completeness,
                ttl_seconds: frame.ttl_seconds,
            };
            view.documents.insert(frame.kind, held);
        }
    }
    views.into_values().collect()
}

impl Lab {
    /// The lab with other documents.
    pub(super) fn with(change: impl Fn(&str, &mut Document)) -> Self {
        let mut views = views();
        for view in &mut views {
            let Some(Document::System(system)) =
                view.documents.get(&DocumentKind::System).map(|d| &*d.document)
            else {
                continue;
            };
            let name = system.name.clone();
            view.documents.values_mut().for_each(|held| change(&name, Arc::make_mut(&mut held.document)));
        }
        let now = views.iter().flat_map(|v| v.documents.values().map(|d| d.seen_at)).max().unwrap();
        let prior = Prior::default();
        let input = Input::new(now, &views, &prior);
        let (map, devices) = crate::engine::build_with_devices(&input, &mut SequentialIds::new(now));
        Self { now, map, devices }
    }

    pub(super) fn compared<'a>(&'a self, intended: &'a [Arc<SubjectView>]) -> Compared<'a> {
        Compared {
            now: self.now,
            intended,
            map: &self.map,
            devices: &self.devices,
            decisions: &[],
            patience: PATIENCE,
        }
    }

    pub(super) fn candidates(&self, truth: &Truth) -> Candidates {
        super::candidates(&self.compared(&truth.views(self.now)))
    }

    pub(super) fn drift(&self, truth: &Truth) -> Report {
        super::compare(&self.compared(&truth.views(self.now)))
    }
}

/// Nothing is held back.
pub(super) const PATIENCE: Patience = Patience { longest: Duration::ZERO };

/// The lab as it was read.
pub(super) static LAB: LazyLock<Lab> = LazyLock::new(|| Lab::with(|_, _| {}));

/// A source of truth.
#[derive(Clone, Default)]
pub(super) struct Truth {
    pub(super) devices: BTreeMap<String, IntendedDevice>,
}

impl Truth {
    /// Everything that was discovered, taken over as it is.
    pub(super) fn of(lab: &Lab) -> Self {
        let mut truth = Self::default();
        truth.import(lab);
        truth
    }

    /// Takes over what is not there yet; gives how many devices and cables that were.
    pub(super) fn import(&mut self, lab: &Lab) -> (usize, usize) {
        let found = lab.candidates(self);
        for device in &found.devices {
            self.devices.insert(device.name.trim_end_matches(".lab").to_owned(), adopted(device));
        }
        for ends in &found.cables {
            self.connect(&ends[0], &ends[1]);
        }
        (found.devices.len(), found.cables.len())
    }

    fn connect(&mut self, a: &ImportEnd, b: &ImportEnd) {
        let record = derived_id("cable", &[&format!("{a:?}{b:?}")]);
        for (end, side) in [(a, 'A'), (b, 'B')] {
            let device = end.record.unwrap_or(derived_id("device", &[&end.entity.to_string()]));
            let port = self.devices.values_mut().filter(|d| d.record == device).flat_map(|d| &mut d.ports);
            let port = port.into_iter().find(|port| port.name == end.interface).unwrap();
            port.cable = Some(cable(record, side));
        }
    }

    pub(super) fn device(&mut self, name: &str) -> &mut IntendedDevice {
        self.devices.get_mut(name).unwrap()
    }

    pub(super) fn port(&mut self, device: &str, name: &str) -> &mut IntendedPort {
        self.device(device).ports.iter_mut().find(|port| port.name == name).unwrap()
    }

    /// The documents, published a moment ago.
    pub(super) fn views(&self, now: DateTime<Utc>) -> Vec<Arc<SubjectView>> {
        let mut views: Vec<SubjectView> = self
            .devices
            .values()
            .map(|device| {
                let subject = Subject::intended(device.record.to_string());
                let view = SubjectView { method: Method::Stated, ..SubjectView::queried(subject) };
                view.with(Document::Intended(device.clone()), now - TimeDelta::minutes(1), u32::MAX)
            })
            .collect();
        views.sort_by(|a, b| a.subject.cmp(&b.subject));
        views.into_iter().map(Arc::new).collect()
    }
}

pub(super) fn cable(record: Uuid, side: char) -> CableEnd {
    CableEnd {
        cable: record,
        side,
        connector: None,
        status: "connected".into(),
        label: String::new(),
        wireless: false,
        circuit: None,
    }
}

/// The device as the inventory states it once it was taken over.
pub(super) fn adopted(device: &ObservedDevice) -> IntendedDevice {
    let record = |what: &str, name: &str| derived_id(what, &[&device.entity.to_string(), name]);
    let ports = device.interfaces.iter().map(|interface| IntendedPort {
        record: record("port", &interface.name),
        name: interface.name.clone(),
        kind: "other".into(),
        enabled: interface.enabled,
        mtu: interface.mtu,
        speed_bps: interface.speed_bps,
        description: interface.description.clone(),
        lag: interface.aggregate.as_deref().map(|name| record("port", name)),
        macs: interface.mac.into_iter().collect(),
        addresses: interface
            .addresses
            .iter()
            .map(|address| IntendedAddress {
                net: address.net,
                vrf: address.vrf.clone(),
                role: String::new(),
                status: "active".into(),
                record: record("address", &address.net.to_string()),
            })
            .collect(),
        ..IntendedPort::default()
    });
    IntendedDevice {
        record: derived_id("device", &[&device.entity.to_string()]),
        name: device.name.clone(),
        status: "active".into(),
        serial: device.serial.clone().unwrap_or_default(),
        manufacturer: device.manufacturer.clone().unwrap_or_default(),
        model: device.model.clone().unwrap_or_default(),
        platform: device.platform.clone().unwrap_or_default(),
        role: device.role.clone(),
        site: device.site.clone().unwrap_or_default(),
        primary: device.primary.clone(),
        ports: ports.collect(),
        ..IntendedDevice::default()
    }
}

/// `kind type attr title` of every finding.
pub(super) fn told(report: &Report) -> Vec<String> {
    let words = |finding: &Finding| {
        let words = [finding.kind.as_str(), finding.how.as_str(), finding.attr, &finding.title];
        words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
    };
    let mut all: Vec<String> = report.findings.iter().map(words).collect();
    all.sort_unstable();
    all
}

#[test]
fn what_was_imported_does_not_drift_and_is_not_imported_again() {
    let mut truth = Truth::default();
    assert_eq!(truth.import(&LAB).0, LAB.map.entities.len());
    let report = LAB.drift(&truth);
    assert_eq!(told(&report), Vec::<String>::new());
    let counts = report.counts;
    assert_eq!((counts.intended, counts.covered, counts.unverifiable), (11, 11, 0));
    assert!(counts.comparable > 200 && counts.comparable == counts.alike, "{counts:?}");
    let cables = truth.devices.values().flat_map(|d| &d.ports).filter(|port| port.cable.is_some()).count();
    let cable = |l: &&Link| l.layer == Layer::L1 && l.kind == LinkKind::Cable && l.grade == Grade::Confirmed;
    let links = LAB.map.links.iter().filter(cable);
    let agents = LAB.map.entity_ids();
    let between = links.filter(|l| agents.contains(&l.a.device) && agents.contains(&l.b.device)).count();
    assert_eq!(cables, 2 * between, "every confirmed cable between agents");
    assert_eq!(truth.import(&LAB), (0, 0));
}

#[test]
fn where_nothing_is_intended_nothing_drifts() {
    let report = LAB.drift(&Truth::default());
    assert_eq!((told(&report), report.counts.observed), (Vec::new(), 11));
}
