//! Serial numbers and names that one device tells and another record has: one finding for both devices.

use std::collections::HashMap;

use model::DocumentKind;
use model::adoption::{DeviceFact, Repair};
use model::names::canonical_host;

use super::placement::{self, Sites};
use super::scene::{About, Scene, stated, told};
use super::{Evidence, Kind, Type, equal, observed};

/// What intended devices have for themselves, and who it is; only what one alone has.
#[derive(Default)]
pub(super) struct Claims {
    serials: HashMap<String, Option<usize>>,
    /// A name is unique at a site.
    names: HashMap<(String, String), Option<usize>>,
    /// All sites.
    pub(super) sites: Sites,
}

fn serial_key(serial: &str) -> String {
    serial.trim().to_uppercase()
}

impl Claims {
    pub(super) fn of(scene: &Scene<'_>) -> Self {
        let mut claims = Self { sites: placement::sites(scene), ..Self::default() };
        for (at, intended) in scene.intents.devices.iter().enumerate() {
            let device = intended.device;
            if !device.serial.trim().is_empty() {
                let known = claims.serials.entry(serial_key(&device.serial));
                known.and_modify(|only| *only = None).or_insert(Some(at));
            }
            if !device.name.is_empty() {
                let known = claims.names.entry((device.site.clone(), canonical_host(&device.name)));
                known.and_modify(|only| *only = None).or_insert(Some(at));
            }
        }
        claims
    }

    /// The other intended device that has what `at` is observed to tell.
    pub(super) fn other(&self, scene: &Scene<'_>, at: usize, attr: &str, is: &str) -> Option<usize> {
        let only = match attr {
            "serial" => self.serials.get(&serial_key(is)),
            "name" => {
                let site = scene.intents.devices[at].device.site.clone();
                self.names.get(&(site, canonical_host(is)))
            }
            _ => None,
        };
        only.copied().flatten().filter(|other| *other != at)
    }
}

/// What an intended device has, and what its entity tells.
struct Told {
    should: String,
    is: Option<String>,
    evidence: Vec<Evidence>,
}

fn of_one(scene: &Scene<'_>, attr: &str, at: usize) -> Told {
    let intended = &scene.intents.devices[at];
    let should = if attr == "serial" { &intended.device.serial } else { &intended.device.name };
    let mut evidence = vec![stated(intended, format!("{attr} {should}"))];
    let is = scene.answering(at).and_then(|entity| {
        let device = &scene.devices[entity];
        let is = match attr {
            "serial" => observed::serials(device).into_iter().next()?,
            _ => device.system()?.0.name.trim().to_owned(),
        };
        let table = if attr == "serial" { DocumentKind::Hardware } else { DocumentKind::System };
        let held = device.held.get(&table).or_else(|| device.held.get(&DocumentKind::System))?;
        evidence.push(told(held, format!("{} tells the {attr} {is}", intended.device.name)));
        Some(is)
    });
    Told { should: should.clone(), is, evidence }
}

/// Two intended devices, of which one is observed to tell what the other has. The same finding from
/// whichever of them it is looked at.
pub(super) fn conflict(scene: &mut Scene<'_>, attr: &'static str, mut pair: [usize; 2]) {
    pair.sort_unstable();
    let [a, b] = pair.map(|at| of_one(scene, attr, at));
    let records = pair.map(|at| scene.intents.devices[at].device.record);
    let names = pair.map(|at| scene.intents.devices[at].device.name.clone());
    let keys = records.map(|record| record.to_string());
    let about = About {
        kind: Kind::Device,
        how: Type::Conflict,
        attr,
        key: &[&keys[0], &keys[1]],
        title: names.join(", "),
        intended: Some(pair[0]),
        entity: scene.pairs.entity_of[pair[0]],
    };
    let equal = if attr == "serial" { equal::serials } else { equal::hosts };
    let alike = |is: Option<&str>, should: &str| is.is_some_and(|is| equal(is, should));
    let exchanged = alike(a.is.as_deref(), &b.should) && alike(b.is.as_deref(), &a.should);
    let should = format!("{} {}, {} {}", names[0], a.should, names[1], b.should);
    let nothing = || "not known".to_owned();
    let is = [a.is.clone().unwrap_or_else(nothing), b.is.clone().unwrap_or_else(nothing)];
    let is_text = format!("{} {}, {} {}", names[0], is[0], names[1], is[1]);
    let finding =
        scene.finding(about).between(Some(should), Some(is_text)).because(a.evidence).because(b.evidence);
    let [first, second] = is;
    let finding = match (attr, exchanged) {
        ("serial", true) => finding.repaired_by([
            Repair::SetDevice { device: records[0], fact: DeviceFact::Serial, value: first },
            Repair::SetDevice { device: records[1], fact: DeviceFact::Serial, value: second },
        ]),
        (_, true) => finding.blocked_by(format!(
            "The names of {} were exchanged: exchange them in the inventory, one at a time.",
            names.join(" and ")
        )),
        _ => finding.blocked_by(format!(
            "The inventory has this {attr} for another device: say which of {} is right, and correct the other.",
            names.join(" and ")
        )),
    };
    scene.add(finding);
}
