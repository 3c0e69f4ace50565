//! Which intended device is which observed one. Points as for identity (atlas.md 1.4), but here weak
//! evidence is enough: nothing is created by it, and a wrong match is undone by the next build.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::IpAddr;

use model::documents::PortClass;
use model::names::{canonical_host, is_default_name, short_host};
use model::{Mac, MacClass, Subject};

use super::intent::{Intended, Intents};
use super::observed::routable;
use crate::identity::keys::usable_serial;
use crate::map::{Decision, DecisionKind, Entity};
use crate::topology::Device;

/// Fewer points match nothing: a short name alone is just enough.
const MATCH_AT: u32 = 5;
/// A key that more devices than this share says nothing.
const SHARED: usize = 16;
/// Most MAC addresses and addresses of a device that are looked up.
const LOOKED_UP: usize = 256;

/// Kinds of evidence; a kind counts once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Clue {
    Decision,
    Serial,
    Mac,
    Primary,
    Address,
    FullName,
    ShortName,
}

impl Clue {
    fn points(self) -> u32 {
        match self {
            Self::Decision => 1_000,
            Self::Serial => 12,
            Self::Mac | Self::Primary => 8,
            Self::Address => 6,
            Self::FullName => 6,
            Self::ShortName => 5,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Decision => "a person's decision",
            Self::Serial => "serial number",
            Self::Mac => "MAC address",
            Self::Primary => "management address",
            Self::Address => "interface address",
            Self::FullName => "name",
            Self::ShortName => "short name",
        }
    }
}

/// Who is who: positions among the intended devices and among the entities.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Pairs {
    /// The entity of each intended device.
    pub(super) entity_of: Vec<Option<usize>>,
    /// The intended device of each entity.
    pub(super) intended_of: Vec<Option<usize>>,
    /// By what each intended device was matched.
    pub(super) why: Vec<String>,
    /// Intended devices that fit an entity as well as the one that has it, or several entities equally.
    pub(super) rivals: BTreeMap<usize, Vec<usize>>,
}

/// What entities can be found by.
#[derive(Default)]
struct Index {
    serials: HashMap<String, Vec<usize>>,
    addresses: HashMap<IpAddr, Vec<usize>>,
    macs: HashMap<Mac, Vec<usize>>,
    names: HashMap<String, Vec<usize>>,
    shorts: HashMap<String, Vec<usize>>,
    subjects: HashMap<Subject, usize>,
}

impl Index {
    fn of(entities: &[Entity], devices: &[Device]) -> Self {
        let mut index = Self::default();
        for (at, (entity, device)) in entities.iter().zip(devices).enumerate() {
            for serial in super::observed::serials(device) {
                index.serials.entry(serial).or_default().push(at);
            }
            let own = device.ports.iter().flat_map(|port| &port.addresses).filter(|address| !address.shared);
            let addresses: BTreeSet<IpAddr> =
                own.map(|a| a.ip).chain(device.asked.iter().copied()).filter(|ip| routable(*ip)).collect();
            for ip in addresses {
                index.addresses.entry(ip).or_default().push(at);
            }
            for mac in &device.own_macs {
                index.macs.entry(*mac).or_default().push(at);
            }
            let name = canonical_host(&entity.name);
            if !is_default_name(&name) {
                index.shorts.entry(short_host(&name).to_owned()).or_default().push(at);
                index.names.entry(name).or_default().push(at);
            }
            for subject in &entity.subjects {
                index.subjects.insert(subject.clone(), at);
            }
        }
        index
    }

    /// Entities that fit an intended device, with the clues.
    fn candidates(&self, intended: &Intended<'_>) -> BTreeMap<usize, BTreeSet<Clue>> {
        let device = intended.device;
        let mut found: BTreeMap<usize, BTreeSet<Clue>> = BTreeMap::new();
        let mut note = |clue: Clue, entities: Option<&Vec<usize>>| {
            for entity in entities.into_iter().filter(|all| all.len() <= SHARED).flatten() {
                found.entry(*entity).or_default().insert(clue);
            }
        };
        if let Some(serial) = usable_serial(&device.serial) {
            note(Clue::Serial, self.serials.get(&serial));
        }
        for ip in &device.primary {
            note(Clue::Primary, self.addresses.get(ip));
        }
        let ports = || device.ports.iter().filter(|port| port.class == PortClass::Interface);
        for address in ports().flat_map(|port| &port.addresses).take(LOOKED_UP) {
            let shared = super::addresses::shared_role(&address.role);
            if routable(address.net.addr()) && !shared {
                note(Clue::Address, self.addresses.get(&address.net.addr()));
            }
        }
        let macs = ports().flat_map(|port| &port.macs).filter(|mac| mac.class() == MacClass::Global);
        for mac in macs.take(LOOKED_UP) {
            note(Clue::Mac, self.macs.get(mac));
        }
        let name = canonical_host(&device.name);
        if !is_default_name(&name) {
            note(Clue::FullName, self.names.get(&name));
            note(Clue::ShortName, self.shorts.get(short_host(&name)));
        }
        // A name is one clue, the better of the two.
        for clues in found.values_mut() {
            if clues.contains(&Clue::FullName) {
                clues.remove(&Clue::ShortName);
            }
        }
        found
    }
}

/// A possible pair.
struct Candidate {
    points: u32,
    intended: usize,
    entity: usize,
    clues: BTreeSet<Clue>,
}

/// Matches greedily, the strongest evidence first. Of equally strong claims none wins, unless a person
/// decided: who is left out is listed as a rival.
pub(super) fn pair(
    intents: &Intents<'_>,
    entities: &[Entity],
    devices: &[Device],
    decisions: &[Decision],
) -> Pairs {
    let index = Index::of(entities, devices);
    let told = |decision: &&Decision| decision.subjects.iter().any(Subject::is_intended);
    let decisions: Vec<&Decision> = decisions.iter().filter(told).collect();
    let mut candidates = Vec::new();
    for (at, intended) in intents.devices.iter().enumerate() {
        let mut fitting = index.candidates(intended);
        decided(&index, intended, &decisions, &mut fitting);
        for (entity, clues) in fitting {
            let points = clues.iter().map(|clue| clue.points()).sum();
            if points >= MATCH_AT {
                candidates.push(Candidate { points, intended: at, entity, clues });
            }
        }
    }
    candidates
        .sort_by(|a, b| b.points.cmp(&a.points).then((a.intended, a.entity).cmp(&(b.intended, b.entity))));
    let mut pairs = Pairs {
        entity_of: vec![None; intents.devices.len()],
        intended_of: vec![None; entities.len()],
        why: vec![String::new(); intents.devices.len()],
        rivals: BTreeMap::new(),
    };
    for group in candidates.chunk_by(|a, b| a.points == b.points) {
        settle(group, &mut pairs);
    }
    pairs
}

/// Takes what people said into account: one device, or certainly not.
fn decided(
    index: &Index,
    intended: &Intended<'_>,
    decisions: &[&Decision],
    fitting: &mut BTreeMap<usize, BTreeSet<Clue>>,
) {
    let own = Subject::intended(intended.device.record.to_string());
    for decision in decisions {
        let [a, b] = &decision.subjects;
        let other = if *a == own {
            b
        } else if *b == own {
            a
        } else {
            continue;
        };
        let Some(entity) = index.subjects.get(other) else { continue };
        match decision.kind {
            DecisionKind::Link => drop(fitting.entry(*entity).or_default().insert(Clue::Decision)),
            DecisionKind::Unlink => drop(fitting.remove(entity)),
        }
    }
}

/// Candidates of equal strength: those without an equal win.
fn settle(group: &[Candidate], pairs: &mut Pairs) {
    let open: Vec<&Candidate> = group
        .iter()
        .filter(|c| pairs.entity_of[c.intended].is_none() && pairs.intended_of[c.entity].is_none())
        .collect();
    let (mut of_intended, mut of_entity) = (BTreeMap::<usize, usize>::new(), BTreeMap::<usize, usize>::new());
    for candidate in &open {
        *of_intended.entry(candidate.intended).or_default() += 1;
        *of_entity.entry(candidate.entity).or_default() += 1;
    }
    for candidate in &open {
        if of_intended[&candidate.intended] == 1 && of_entity[&candidate.entity] == 1 {
            pairs.entity_of[candidate.intended] = Some(candidate.entity);
            pairs.intended_of[candidate.entity] = Some(candidate.intended);
            let words: Vec<&str> = candidate.clues.iter().map(|clue| clue.word()).collect();
            pairs.why[candidate.intended] = words.join(", ");
            pairs.rivals.remove(&candidate.intended);
        }
    }
    for candidate in group {
        let lost = pairs.entity_of[candidate.intended].is_none();
        if lost {
            let rivals = pairs.rivals.entry(candidate.intended).or_default();
            if !rivals.contains(&candidate.entity) {
                rivals.push(candidate.entity);
            }
        }
    }
}
