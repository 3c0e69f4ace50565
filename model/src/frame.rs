//! Frames: what one collection run says about one subject, and whether that was all there is.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::documents::{Document, DocumentKind};
use crate::reason::Reason;

/// A thing in its source's own identity, e.g. source `snmp`, partition `default`, key `10.1.99.1`.
///
/// Two frames speak of the same subject exactly when all three fields are equal. No address, MAC or
/// name is ever compared across tenants; `partition` keeps overlapping address plans of one tenant
/// apart (a site behind NAT, a customer VRF).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Subject {
    /// The kind of source: `snmp`, `host`, later `gnmi`, `k8s` ...
    pub source: String,
    /// The routing domain in which the source's addresses are meant.
    pub partition: String,
    /// The subject's key at that source. For SNMP it is the address that was asked, in the
    /// canonical text of RFC 5952, with `:port` (`[v6]:port`) only when the port is not 161.
    pub key: String,
}

impl Subject {
    /// A subject of the default partition.
    pub fn new(source: &str, key: impl Into<String>) -> Self {
        Self { source: source.to_owned(), partition: "default".to_owned(), key: key.into() }
    }

    /// A record of a source of truth: what should be, not what is.
    pub fn intended(key: impl Into<String>) -> Self {
        Self::new(INTENDED, key)
    }

    /// Does its source say what should be, instead of what is?
    pub fn is_intended(&self) -> bool {
        self.source == INTENDED
    }
}

/// The source of everything that is meant to be.
const INTENDED: &str = "intended";

impl std::fmt::Display for Subject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.partition == "default" {
            write!(f, "{}:{}", self.source, self.key)
        } else {
            write!(f, "{}:{}/{}", self.source, self.partition, self.key)
        }
    }
}

/// Whether a frame holds all rows there are. Only a complete frame gives absence a meaning.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Completeness {
    /// True when the table was read from its beginning to its regular end and no declared count
    /// contradicts the rows read.
    pub complete: bool,
    /// Rows the device declared (ifNumber, dot1dBaseNumPorts, lldpStatsRemTables...), if it did.
    pub declared: Option<u32>,
    /// Rows read.
    pub read: u32,
    /// Why it is not complete.
    pub reason: Option<Reason>,
}

impl Completeness {
    /// A regular end after `read` rows.
    pub fn complete(read: usize) -> Self {
        Self { complete: true, declared: None, read: u32::try_from(read).unwrap_or(u32::MAX), reason: None }
    }

    /// An end that says nothing about absence.
    pub fn partial(read: usize, reason: Reason) -> Self {
        Self {
            complete: false,
            declared: None,
            read: u32::try_from(read).unwrap_or(u32::MAX),
            reason: Some(reason),
        }
    }
}

/// How strongly a subject is bound to a device (the mint gate, quirks.md).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// The subject itself was asked and answered (SNMP agent, API object, the host's own view).
    Queried,
    /// A person or a source of truth stated it.
    Stated,
    /// Somebody else reported it (LLDP neighbour, ARP entry). May match, never create.
    Reported,
}

/// One typed document about one subject, with its completeness and times.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Frame {
    /// Who the document is about.
    pub subject: Subject,
    /// How the subject is bound.
    pub method: Method,
    /// When reading began.
    pub started: DateTime<Utc>,
    /// When reading ended: the valid time of the document.
    pub ended: DateTime<Utc>,
    /// Whether this was all.
    pub completeness: Completeness,
    /// Seconds after which the document is stale unless confirmed.
    pub ttl_seconds: u32,
    /// What was read. `None` when nothing came back: the completeness says why, and the earlier
    /// document stays (stale, never gone).
    pub document: Option<Document>,
    /// The kind of the document, also when it is missing.
    pub kind: DocumentKind,
}
