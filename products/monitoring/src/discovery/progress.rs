//! How far a crawl is, and what became of every address.

use std::net::IpAddr;
use std::time::Duration;

use model::Reason;
use serde::{Deserialize, Serialize};

use crate::snmp::TableReport;

/// What has happened to a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TargetState {
    /// Waiting for its turn.
    Queued,
    /// Being asked.
    Asking,
    /// A device that answered.
    Answered,
    /// Asked, and no device was read; the reason says why.
    Failed,
    /// Not asked (the reason says why), or found to be another address of a device that answered.
    Skipped,
}

/// The current state of one address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetReport {
    /// The address.
    pub address: IpAddr,
    /// The subject key of its frames.
    pub subject: String,
    /// What has happened.
    pub state: TargetState,
    /// Why it failed or was skipped.
    pub reason: Option<Reason>,
    /// sysName.
    pub name: Option<String>,
    /// The address at which the same device was read.
    pub same_as: Option<IpAddr>,
    /// Steps from a seed.
    pub depth: u32,
    /// How the address became known, e.g. `lldp from 10.1.99.1`.
    pub origin: Option<String>,
    /// The credential it accepted.
    pub credential: Option<String>,
    /// What was read of its tables.
    pub tables: Vec<TableReport>,
    /// From the first question to the end.
    pub duration_ms: Option<u64>,
}

/// Totals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Addresses that were sent a question.
    pub asked: usize,
    /// Distinct devices that answered.
    pub answered: usize,
    /// Addresses that gave no device.
    pub failed: usize,
    /// Addresses waiting or being asked.
    pub queued: usize,
    /// Addresses not asked, or asked and found to be a known device.
    pub skipped: usize,
}

/// News of a crawl.
#[derive(Clone, Debug)]
pub enum Progress {
    /// The whole current state of one target.
    Target(TargetReport),
    /// New totals.
    Counts(Counts),
}

/// Takes news. Called from the crawl's own task and must not block.
pub trait ProgressSink: Send + Sync {
    /// Takes one piece of news.
    fn progress(&self, event: Progress);
}

/// Nobody listens.
#[derive(Clone, Copy, Debug)]
pub struct NoProgress;

impl ProgressSink for NoProgress {
    fn progress(&self, _: Progress) {}
}

impl<F: Fn(Progress) + Send + Sync> ProgressSink for F {
    fn progress(&self, event: Progress) {
        self(event);
    }
}

/// The end of a crawl or refresh.
#[derive(Clone, Debug)]
pub struct CrawlReport {
    /// Every address that came up, sorted.
    pub targets: Vec<TargetReport>,
    /// Totals.
    pub counts: Counts,
    /// True when it was stopped before its end.
    pub cancelled: bool,
    /// Time taken.
    pub duration: Duration,
    /// Datagrams sent.
    pub requests: u64,
}
