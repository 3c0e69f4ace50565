//! The comparison rules as a table (atlas.md 3.2): what is compared, how long a difference must last,
//! how bad it is, whose word usually counts, and what accepting it writes.

use super::{Kind, Severity, Type};

/// Whose word usually counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Owner {
    /// The source of truth: repair the network.
    Intended,
    /// The network: repair the source of truth.
    Observed,
    /// Either.
    Either,
}

/// One rule.
#[derive(Clone, Copy, Debug, serde::Serialize)]
pub(crate) struct Rule {
    /// What is compared.
    pub(crate) kind: Kind,
    /// Which attribute; empty for existence.
    pub(crate) attr: &'static str,
    /// The ways in which it can drift.
    pub(crate) types: &'static [Type],
    /// Whose word usually counts.
    pub(crate) owner: Owner,
    /// What counts as equal, in words.
    pub(crate) equality: &'static str,
    /// Observations that must say the same before an item opens.
    pub(crate) frames: u16,
    /// Minutes for which it must last before an item opens.
    pub(crate) minutes: u16,
    /// How bad it is.
    pub(crate) severity: Severity,
    /// What accepting writes, in words.
    pub(crate) accept: &'static str,
}

use Owner::{Either, Intended, Observed};
use Severity::{High, Info, Low, Medium};
use Type::{Conflict, Different, Duplicate, Misplaced, Missing, Stale, Unexpected};

const fn rule(kind: Kind, attr: &'static str, types: &'static [Type]) -> Rule {
    Rule {
        kind,
        attr,
        types,
        owner: Intended,
        equality: "",
        frames: 2,
        minutes: 0,
        severity: Medium,
        accept: "",
    }
}

/// All rules.
pub(crate) static RULES: &[Rule] = &[
    Rule {
        equality: "matched by serial number, address, MAC or name",
        frames: 2,
        minutes: 15,
        severity: High,
        accept: "unexpected: creates the device; missing: sets its status to offline",
        ..rule(Kind::Device, "", &[Missing, Unexpected])
    },
    Rule {
        equality: "one record for one device",
        severity: Medium,
        accept: "nothing: merge the records, or say by hand which one it is",
        ..rule(Kind::Device, "identity", &[Duplicate])
    },
    Rule {
        owner: Either,
        equality: "answers within the time its tables stay fresh",
        frames: 1,
        minutes: 15,
        severity: Info,
        accept: "sets its status to offline",
        ..rule(Kind::Device, "freshness", &[Stale])
    },
    Rule {
        owner: Observed,
        equality: "a device that answers is active",
        severity: Low,
        accept: "sets the status to active",
        ..rule(Kind::Device, "status", &[Different])
    },
    Rule {
        owner: Observed,
        equality: "without outer blanks and case; any chassis of a stack",
        frames: 1,
        severity: High,
        accept: "sets the serial number; two that were exchanged are exchanged back",
        ..rule(Kind::Device, "serial", &[Different, Conflict])
    },
    Rule {
        equality: "without case; a short name equals the full one",
        frames: 1,
        accept: "sets the name",
        ..rule(Kind::Device, "name", &[Different, Conflict])
    },
    Rule {
        equality: "the place it tells names its site, as a whole or between commas, or no known site",
        accept: "sets the site; it is then in no rack and no location",
        ..rule(Kind::Device, "site", &[Misplaced])
    },
    Rule {
        owner: Observed,
        equality: "letters and digits of model, part number or a part of either",
        frames: 1,
        severity: Low,
        accept: "nothing: choose the type by hand, it brings components",
        ..rule(Kind::Device, "model", &[Different])
    },
    Rule {
        owner: Observed,
        equality: "letters and digits of the name, or a part of it",
        frames: 1,
        severity: Low,
        accept: "sets the platform",
        ..rule(Kind::Device, "platform", &[Different])
    },
    Rule {
        owner: Either,
        equality: "canonical name; internal interfaces are left out",
        severity: Low,
        accept: "unexpected: creates the interface; missing: deletes it, its addresses stay unassigned",
        ..rule(Kind::Interface, "", &[Missing, Unexpected])
    },
    Rule {
        equality: "both on or both off",
        accept: "sets it",
        ..rule(Kind::Interface, "enabled", &[Different])
    },
    Rule { equality: "the number", accept: "sets it", ..rule(Kind::Interface, "mtu", &[Different]) },
    Rule {
        equality: "the number, while the interface is up",
        accept: "sets it",
        ..rule(Kind::Interface, "speed", &[Different])
    },
    Rule {
        owner: Observed,
        equality: "one of those it should have",
        severity: Low,
        accept: "adds the MAC address",
        ..rule(Kind::Interface, "mac", &[Different])
    },
    Rule {
        equality: "the same aggregate",
        frames: 1,
        severity: High,
        accept: "sets it",
        ..rule(Kind::Interface, "lag", &[Different])
    },
    Rule {
        owner: Either,
        equality: "without outer and repeated blanks",
        frames: 3,
        severity: Info,
        accept: "sets it",
        ..rule(Kind::Interface, "description", &[Different])
    },
    Rule {
        equality: "the address in its routing table; shared, link-local and dynamic ones are left out",
        severity: High,
        accept: "unexpected: assigns or creates it; missing: takes it off the interface",
        ..rule(Kind::Address, "", &[Missing, Unexpected])
    },
    Rule {
        equality: "the same interface of the same device",
        severity: High,
        accept: "moves it",
        ..rule(Kind::Address, "interface", &[Misplaced])
    },
    Rule {
        equality: "one device has it; shared, link-local and dynamic ones are left out",
        severity: High,
        accept: "nothing: take it off all but one of the devices",
        ..rule(Kind::Address, "owner", &[Conflict])
    },
    Rule {
        equality: "the same length",
        severity: High,
        accept: "sets the length",
        ..rule(Kind::Address, "length", &[Different])
    },
    Rule {
        equality: "both ends, through patch panels and circuits; links of confidence 0.95 or more",
        minutes: 30,
        severity: High,
        accept: "unexpected: creates the cable; missing: deletes it",
        ..rule(Kind::Cable, "", &[Missing, Unexpected])
    },
    Rule {
        equality: "both ends, through patch panels and circuits; links of confidence 0.95 or more",
        minutes: 30,
        severity: High,
        accept: "moves one end of the cable; label and colour stay",
        ..rule(Kind::Cable, "ends", &[Different, Misplaced])
    },
    Rule {
        owner: Either,
        equality: "what shows it is confirmed within its time",
        frames: 1,
        minutes: 15,
        severity: Info,
        accept: "nothing: look why the devices no longer tell of their neighbours",
        ..rule(Kind::Cable, "freshness", &[Stale])
    },
    Rule {
        equality: "cables whose ends were exchanged among them",
        minutes: 30,
        severity: High,
        accept: "moves one end of each cable, all or none",
        ..rule(Kind::Cable, "swapped", &[Different])
    },
];

/// The rule for an attribute.
pub(crate) fn of(kind: Kind, attr: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.kind == kind && rule.attr == attr)
}
