//! Drift: what should be against what is (atlas.md section 3).
//!
//! [`compare`] is a pure function of the intended documents and the map with the devices it was drawn
//! from. It matches intended devices with observed ones ([`matching`]: weak evidence may match, nothing
//! here ever creates an entity) and compares by a table of [`rules`]. Absence of evidence is not
//! evidence of absence: what no complete and fresh table speaks of is not drift, it is counted as not
//! verifiable. [`workflow`] turns findings into items that open, are decided on and are resolved.

mod acceptance;
mod addresses;
mod cables;
mod claims;
mod devices;
mod equal;
mod import;
mod intent;
mod interfaces;
mod matching;
mod observed;
mod placement;
mod rewire;
mod rules;
mod scene;
#[cfg(test)]
mod tests;
mod workflow;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use model::adoption::Repair;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::map::{Map, SubjectView};
use crate::topology::Device;
pub(crate) use acceptance::{Acceptance, AcceptanceRule, RULES as MOST_RULES, chosen, would};
pub(crate) use import::{Candidates, LeftOut, candidates};
pub(crate) use rules::{RULES, Rule, of as rule_of};
use scene::Scene;
pub(crate) use workflow::{Accepted, ChangeRequest, Item, Items, Patience, State, Step, Turn, step};

/// Most findings of a tenant; what is beyond is counted.
const FINDINGS: usize = 20_000;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$one:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub(crate) enum $name { $($(#[$one])* #[serde(rename = $word)] $variant,)* }

        impl $name {
            /// The word in JSON, in the store and in filters.
            pub(crate) fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            /// Reads the word.
            pub(crate) fn parse(text: &str) -> Option<Self> {
                match text { $($word => Some(Self::$variant),)* _ => None }
            }

            /// All words.
            pub(crate) const WORDS: &'static [&'static str] = &[$($word,)*];
        }
    };
}
pub(crate) use words;

words! {
    /// What drifted.
    Kind {
        /// A device.
        Device = "device",
        /// An interface.
        Interface = "interface",
        /// An address of an interface.
        Address = "address",
        /// A cable.
        Cable = "cable",
    }
}

words! {
    /// How.
    Type {
        /// Intended and positively absent.
        Missing = "missing",
        /// Observed and not intended.
        Unexpected = "unexpected",
        /// Both, and not alike.
        Different = "different",
        /// There, and in another place: another port, interface, device or site.
        Misplaced = "misplaced",
        /// Two claim what only one can have.
        Conflict = "conflict",
        /// Two intended for one observed.
        Duplicate = "duplicate",
        /// Intended, and nothing fresh is known of it. No violation.
        Stale = "stale",
    }
}

words! {
    /// How bad, the worst first.
    Severity {
        /// Somebody should look today.
        High = "high",
        /// Somebody should look.
        Medium = "medium",
        /// To be put in order some time.
        Low = "low",
        /// For the record.
        Info = "info",
    }
}

/// Who said it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Side {
    /// A source of truth.
    Intended,
    /// Somebody who looked.
    Observed,
}

/// One thing somebody said.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Evidence {
    /// Intended or observed.
    pub(crate) side: Side,
    /// Which sighting: `snmp:10.1.99.1`, `intended:<record>`.
    pub(crate) source: String,
    /// When that was last confirmed.
    pub(crate) seen_at: DateTime<Utc>,
    /// How: the document, or the method of a link.
    pub(crate) method: String,
    /// The fact.
    pub(crate) detail: String,
}

/// One difference.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Finding {
    /// Derived from what it is about: the same difference has the same id in every build.
    pub(crate) id: Uuid,
    /// What drifted.
    pub(crate) kind: Kind,
    /// How.
    pub(crate) how: Type,
    /// Which attribute; empty for existence.
    pub(crate) attr: &'static str,
    /// The rule's severity.
    pub(crate) severity: Severity,
    /// What it is about, for people: `core1 eth1`.
    pub(crate) title: String,
    /// The intended device's record, when there is one.
    pub(crate) device: Option<Uuid>,
    /// The observed device, when there is one.
    pub(crate) entity: Option<Uuid>,
    /// The device's name, for groups.
    pub(crate) device_name: String,
    /// The site, for groups.
    pub(crate) site: String,
    /// What should be.
    pub(crate) intended: Option<String>,
    /// What is.
    pub(crate) observed: Option<String>,
    /// Who says so.
    pub(crate) evidence: Vec<Evidence>,
    /// What accepting writes; empty when it cannot be accepted.
    pub(crate) repairs: Vec<Repair>,
    /// Accepting takes the whole observed device over.
    pub(crate) adopts: bool,
    /// Why it cannot be accepted.
    pub(crate) obstacle: Option<String>,
    /// The device restarted a moment ago: not yet the time to judge.
    pub(crate) held: bool,
}

impl Finding {
    /// When the latest observation behind it was made.
    pub(crate) fn observed_at(&self) -> Option<DateTime<Utc>> {
        self.evidence.iter().filter(|chip| chip.side == Side::Observed).map(|chip| chip.seen_at).max()
    }
}

/// How much of what is intended was seen, and how much of that is as intended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(crate) struct Counts {
    /// Intended devices that should be there.
    pub(crate) intended: usize,
    /// Of these, with fresh evidence.
    pub(crate) covered: usize,
    /// Of these, of which nobody looked where they should be.
    pub(crate) unverifiable: usize,
    /// Observed devices.
    pub(crate) observed: usize,
    /// Attributes of which both sides speak.
    pub(crate) comparable: usize,
    /// Of these, alike.
    pub(crate) alike: usize,
    /// Findings hidden because their device or interface is itself one.
    pub(crate) swallowed: usize,
    /// Findings beyond the limit.
    pub(crate) shed: usize,
}

/// The outcome of a comparison.
#[derive(Debug, Default)]
pub(crate) struct Report {
    /// The differences, by id.
    pub(crate) findings: Vec<Finding>,
    /// Those beyond the limit, by id: found, but no more is known of them.
    pub(crate) shed: Vec<Uuid>,
    /// Metrics.
    pub(crate) counts: Counts,
}

/// What is compared.
#[derive(Clone, Copy)]
pub(crate) struct Compared<'a> {
    /// The instant.
    pub(crate) now: DateTime<Utc>,
    /// What sources of truth say.
    pub(crate) intended: &'a [Arc<SubjectView>],
    /// The map.
    pub(crate) map: &'a Map,
    /// Its devices, in the order of its entities.
    pub(crate) devices: &'a [Device],
    /// What people decided about identity.
    pub(crate) decisions: &'a [crate::map::Decision],
    /// How long differences must last.
    pub(crate) patience: Patience,
}

/// Compares. Where nothing is intended at all, nothing can drift.
pub(crate) fn compare(compared: &Compared<'_>) -> Report {
    let mut scene = Scene::new(compared);
    if !scene.intents.devices.is_empty() {
        devices::compare(&mut scene);
        interfaces::compare(&mut scene);
        addresses::compare(&mut scene);
        cables::compare(&mut scene);
    }
    scene.finish()
}
