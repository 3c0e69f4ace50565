//! Addresses and tables that gave nothing, with the collector's reason.

use std::collections::{BTreeMap, BTreeSet};

use model::{Method, Reason, ReasonCode};
use uuid::Uuid;

use super::scene::Scene;
use crate::identity::Identity;
use crate::identity::keys::asked_address;
use crate::map::{Input, Unplaced, UnplacedWhat};

/// Lists silent addresses, withheld or partial tables, and subjects that may not create a device.
pub(crate) fn failures(scene: &mut Scene, input: &Input<'_>, identity: &Identity) {
    let mut owner: BTreeMap<usize, usize> = BTreeMap::new();
    for (device, resolved) in identity.devices.iter().enumerate() {
        owner.extend(resolved.members.iter().map(|member| (*member, device)));
    }
    for (at, view) in input.subjects.iter().enumerate() {
        let device = owner.get(&at).copied();
        let source = view.subject.to_string();
        let mut told = BTreeSet::new();
        for failure in &view.failures {
            let here = device.map(|device| (device, None));
            match failure.kind {
                None => {
                    let reason = &failure.reason;
                    scene.lost(
                        UnplacedWhat::Address,
                        view.subject.key.clone(),
                        here,
                        reason,
                        &source,
                        Some(failure.at),
                    );
                }
                Some(kind) => {
                    told.insert(kind);
                    let text = counted(kind.as_str(), failure.declared, failure.read);
                    scene.lost(UnplacedWhat::Table, text, here, &failure.reason, &source, Some(failure.at));
                }
            }
        }
        for (kind, held) in view.documents.iter().filter(|(kind, _)| !told.contains(*kind)) {
            if let (false, Some(reason)) = (held.completeness.complete, &held.completeness.reason) {
                let text = counted(kind.as_str(), held.completeness.declared, held.completeness.read);
                let here = device.map(|device| (device, None));
                scene.lost(UnplacedWhat::Table, text, here, reason, &source, Some(held.seen_at));
            }
        }
    }
    for at in &identity.unbound {
        let view = &input.subjects[*at];
        if view.failures.iter().any(|failure| failure.kind.is_none()) {
            continue;
        }
        let (code, text) = match view.method {
            Method::Reported => {
                (ReasonCode::NeighbourNotQueried, format!("{} was only reported by others", view.subject.key))
            }
            _ => (ReasonCode::Timeout, format!("{} was asked and gave nothing", view.subject.key)),
        };
        let what = if asked_address(&view.subject.key).is_some() {
            UnplacedWhat::Address
        } else {
            UnplacedWhat::Neighbour
        };
        let source = view.subject.to_string();
        scene.lost(what, view.subject.key.clone(), None, &Reason::new(code, text), &source, None);
    }
}

fn counted(table: &str, declared: Option<u32>, read: u32) -> String {
    match declared {
        Some(declared) => format!("{table}: {read} of {declared} rows"),
        None => format!("{table}: {read} rows"),
    }
}

/// Without repetition, most telling first, bounded.
pub(crate) fn sorted(mut list: Vec<Unplaced>, limit: usize) -> Vec<Unplaced> {
    let mut seen: BTreeSet<Uuid> = BTreeSet::new();
    list.retain(|entry| seen.insert(entry.id));
    list.sort_by(|x, y| {
        let place =
            |entry: &Unplaced| entry.seen_on.as_ref().map(|on| (on.name.clone(), on.interface.clone()));
        (x.what, place(x), &x.text, x.id).cmp(&(y.what, place(y), &y.text, y.id))
    });
    list.truncate(limit);
    list
}
