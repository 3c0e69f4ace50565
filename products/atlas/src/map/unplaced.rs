//! What could not be placed, and why.

use chrono::{DateTime, Utc};
use model::{Reason, ReasonCode};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What could not be placed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UnplacedWhat {
    /// A neighbour announced by LLDP, CDP or a routing protocol.
    Neighbour,
    /// An address that did not answer or belongs to nobody known.
    Address,
    /// A table that was withheld or read in part.
    Table,
    /// An end system known by its MAC address only.
    Mac,
}

/// Where something was seen.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SeenOn {
    /// Entity that saw it.
    pub device_id: Uuid,
    /// Its name.
    pub name: String,
    /// Its interface.
    pub interface: Option<String>,
}

/// The reason as the API shows it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ReasonView {
    /// Stable code.
    pub code: ReasonCode,
    /// The facts of this case.
    pub text: String,
    /// What a person can do.
    pub remedy: String,
}

impl From<&Reason> for ReasonView {
    fn from(reason: &Reason) -> Self {
        Self { code: reason.code, text: reason.text.clone(), remedy: reason.remedy().to_owned() }
    }
}

/// One thing that could not be placed, with the reason and the remedy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Unplaced {
    /// Derived from what it is and where it was seen.
    pub id: Uuid,
    /// What it is.
    pub what: UnplacedWhat,
    /// Its name in words.
    pub text: String,
    /// Where it was seen.
    pub seen_on: Option<SeenOn>,
    /// Why it is here.
    pub reason: ReasonView,
    /// Whether asking again may change that.
    pub rescan_helps: bool,
    /// Which subject said it.
    pub source: String,
    /// When.
    pub seen_at: Option<DateTime<Utc>>,
}
