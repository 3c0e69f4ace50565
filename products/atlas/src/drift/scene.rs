//! What all comparisons look at, and where they put what they find.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use model::adoption::{PortRef, Repair};
use model::documents::IntendedPort;
use model::names::canonical_interface;
use uuid::Uuid;

use super::intent::{At, Intended, Intents};
use super::matching::{self, Pairs};
use super::{Compared, Counts, Evidence, FINDINGS, Finding, Kind, Report, Side, Type, observed, rules};
use crate::map::{Entity, Freshness, Layer, Link, LinkKind, LinkState, Map, derived_id};
use crate::topology::{Device, Held};

/// After a restart a device is not judged for this long.
const HOLD: std::time::Duration = std::time::Duration::from_mins(10);

/// A port of an entity: positions.
pub(super) type Seen = (usize, usize);

/// Everything the comparisons need.
pub(super) struct Scene<'a> {
    pub(super) now: DateTime<Utc>,
    pub(super) map: &'a Map,
    pub(super) devices: &'a [Device],
    pub(super) intents: Intents<'a>,
    pub(super) pairs: Pairs,
    pub(super) entity_at: HashMap<Uuid, usize>,
    /// Cables of an entity's port, by canonical name.
    cables: HashMap<(usize, String), Vec<&'a Link>>,
    found: BTreeMap<Uuid, Finding>,
    hold_seconds: i64,
    pub(super) counts: Counts,
}

/// What a finding is about, in the terms its id is made of.
pub(super) struct About<'t> {
    pub(super) kind: Kind,
    pub(super) how: Type,
    pub(super) attr: &'static str,
    /// Record, entity, name: whatever tells it from all others.
    pub(super) key: &'t [&'t str],
    pub(super) title: String,
    /// Position of the intended device.
    pub(super) intended: Option<usize>,
    /// Position of the entity.
    pub(super) entity: Option<usize>,
}

impl<'a> Scene<'a> {
    pub(super) fn new(compared: &Compared<'a>) -> Self {
        let map = compared.map;
        let intents = Intents::of(compared.intended);
        let pairs = matching::pair(&intents, &map.entities, compared.devices, compared.decisions);
        let entity_at: HashMap<Uuid, usize> =
            map.entities.iter().enumerate().map(|(at, entity)| (entity.id, at)).collect();
        let mut cables: HashMap<(usize, String), Vec<&Link>> = HashMap::new();
        for link in map.links.iter().filter(|link| link.layer == Layer::L1 && link.kind == LinkKind::Cable) {
            for end in [&link.a, &link.b] {
                if let (Some(at), Some(name)) = (entity_at.get(&end.device), &end.interface) {
                    cables.entry((*at, canonical_interface(name))).or_default().push(link);
                }
            }
        }
        let counts = Counts { observed: map.entities.len(), ..Counts::default() };
        Self {
            now: compared.now,
            map,
            devices: compared.devices,
            intents,
            pairs,
            entity_at,
            cables,
            found: BTreeMap::new(),
            hold_seconds: compared.patience.cut(HOLD).num_seconds(),
            counts,
        }
    }

    pub(super) fn entity(&self, at: usize) -> &'a Entity {
        &self.map.entities[at]
    }

    /// The entity of an intended device, when it answers.
    pub(super) fn answering(&self, intended: usize) -> Option<usize> {
        self.pairs.entity_of[intended].filter(|at| self.entity(*at).state == Freshness::Fresh)
    }

    /// Intended devices that answer, with their entity.
    pub(super) fn answering_pairs(&self) -> Vec<(usize, usize)> {
        (0..self.intents.devices.len()).filter_map(|at| Some((at, self.answering(at)?))).collect()
    }

    /// The port of an entity that an intended port is.
    pub(super) fn seen_port(&self, at: At) -> Option<Seen> {
        let entity = self.answering(at.0)?;
        let name = canonical_interface(&self.intents.port(at).1.name);
        self.devices[entity].named(&name).first().map(|port| (entity, *port))
    }

    /// The intended port that a port of an entity is.
    pub(super) fn intended_port(&self, seen: Seen) -> Option<At> {
        let intended = self.pairs.intended_of[seen.0]?;
        self.intents.named(intended, canonical_interface(&self.devices[seen.0].ports[seen.1].name))
    }

    /// Cables at a port, those gone left out.
    pub(super) fn links(&self, seen: Seen) -> impl Iterator<Item = &'a Link> + '_ {
        let name = canonical_interface(&self.devices[seen.0].ports[seen.1].name);
        let all = self.cables.get(&(seen.0, name)).map(Vec::as_slice).unwrap_or_default();
        all.iter().copied().filter(|link| link.state != LinkState::Gone)
    }

    /// The reference by which repairs name an intended port.
    pub(super) fn port_ref(&self, at: At) -> PortRef {
        let (intended, port) = self.intents.port(at);
        PortRef { device: intended.device.record, interface: port.name.clone() }
    }

    /// `core1 eth1` of an intended port.
    pub(super) fn port_title(&self, at: At) -> String {
        let (intended, port) = self.intents.port(at);
        format!("{} {}", intended.device.name, port.name)
    }

    /// `core1 eth1` of an observed port.
    pub(super) fn seen_title(&self, seen: Seen) -> String {
        format!("{} {}", self.entity(seen.0).name, self.devices[seen.0].ports[seen.1].name)
    }

    /// Starts a finding; its rule gives the severity.
    pub(super) fn finding(&self, about: About<'_>) -> Finding {
        let intended = about.intended.map(|at| &self.intents.devices[at]);
        let entity = about.entity.map(|at| self.entity(at));
        let mut parts = vec![about.kind.as_str(), about.how.as_str(), about.attr];
        parts.extend(about.key);
        let name = intended.map(|intended| intended.device.name.clone()).filter(|name| !name.is_empty());
        let place = intended.map(|intended| intended.device.site.clone()).filter(|site| !site.is_empty());
        Finding {
            id: derived_id("atlas.drift", &parts),
            kind: about.kind,
            how: about.how,
            attr: about.attr,
            severity: rules::of(about.kind, about.attr).map_or(super::Severity::Medium, |rule| rule.severity),
            title: about.title,
            device: intended.map(|intended| intended.device.record),
            entity: entity.map(|entity| entity.id),
            device_name: name.or_else(|| entity.map(|entity| entity.name.clone())).unwrap_or_default(),
            site: place.or_else(|| entity.and_then(|entity| entity.site.clone())).unwrap_or_default(),
            intended: None,
            observed: None,
            evidence: Vec::new(),
            repairs: Vec::new(),
            adopts: false,
            obstacle: None,
            held: about
                .entity
                .is_some_and(|at| observed::restarted(&self.devices[at], self.now, self.hold_seconds)),
        }
    }

    /// Takes a finding.
    pub(super) fn add(&mut self, mut finding: Finding) {
        if finding.repairs.is_empty() && !finding.adopts && finding.obstacle.is_none() {
            let rule = rules::of(finding.kind, finding.attr);
            finding.obstacle = rule.map(|rule| format!("Accepting writes {}.", rule.accept));
        }
        self.found.insert(finding.id, finding);
    }

    /// Counts an attribute of which both sides speak.
    pub(super) fn count(&mut self, alike: bool) {
        self.counts.comparable += 1;
        self.counts.alike += usize::from(alike);
    }

    pub(super) fn finish(mut self) -> Report {
        let mut findings: Vec<Finding> = self.found.into_values().collect();
        let mut shed = Vec::new();
        if findings.len() > FINDINGS {
            // The worst stay.
            findings.sort_by_key(|finding| (finding.severity, finding.id));
            shed.extend(findings.drain(FINDINGS..).map(|finding| finding.id));
            shed.sort_unstable();
            self.counts.shed = shed.len();
        }
        findings.sort_by_key(|finding| finding.id);
        Report { findings, shed, counts: self.counts }
    }
}

/// What a source of truth says.
pub(super) fn stated(intended: &Intended<'_>, detail: impl Into<String>) -> Evidence {
    Evidence {
        side: Side::Intended,
        source: intended.source.clone(),
        seen_at: intended.seen_at,
        method: "stated".to_owned(),
        detail: detail.into(),
    }
}

/// What a document says.
pub(super) fn told(held: &Held, detail: impl Into<String>) -> Evidence {
    Evidence {
        side: Side::Observed,
        source: held.source.clone(),
        seen_at: held.seen_at,
        method: held.document.kind().as_str().to_owned(),
        detail: detail.into(),
    }
}

/// What a link is believed by.
pub(super) fn believed(link: &Link) -> Vec<Evidence> {
    let chip = |evidence: &crate::map::Evidence| Evidence {
        side: Side::Observed,
        source: evidence.source.clone(),
        seen_at: evidence.seen_at,
        method: evidence.method.clone(),
        detail: evidence.detail.clone(),
    };
    link.evidence.iter().take(8).map(chip).collect()
}

impl Finding {
    /// Both sides in words.
    pub(super) fn between(mut self, intended: Option<String>, observed: Option<String>) -> Self {
        (self.intended, self.observed) = (intended, observed);
        self
    }

    /// Who says so.
    pub(super) fn because(mut self, evidence: impl IntoIterator<Item = Evidence>) -> Self {
        self.evidence.extend(evidence);
        self
    }

    /// What accepting writes.
    pub(super) fn repaired_by(mut self, repairs: impl IntoIterator<Item = Repair>) -> Self {
        self.repairs.extend(repairs);
        self
    }

    /// Why it cannot be accepted.
    pub(super) fn blocked_by(mut self, obstacle: impl Into<String>) -> Self {
        self.obstacle = Some(obstacle.into());
        self.repairs.clear();
        self
    }
}

/// The aggregate's name of an intended port.
pub(super) fn lag_name<'p>(intended: &Intended<'p>, port: &IntendedPort) -> Option<&'p str> {
    let lag = port.lag?;
    intended.device.ports.iter().find(|other| other.record == lag).map(|other| other.name.as_str())
}
