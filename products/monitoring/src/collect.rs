//! Between the engine and the stores: gathers frames and reports as they come and hands them on,
//! each device's frames together, so that no device is ever half written.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use model::Frame;

use crate::discovery::{Counts, Progress, ProgressSink, TargetReport, TargetState};
use crate::sink::FrameSink;

/// Frames handed over in one transaction, about.
const BATCH: usize = 2000;

/// Collects what one crawl or refresh yields.
#[derive(Default)]
pub(crate) struct Collector {
    pending: Mutex<Pending>,
}

#[derive(Default)]
struct Pending {
    frames: BTreeMap<String, Vec<Frame>>,
    settled: BTreeSet<String>,
    reports: BTreeMap<IpAddr, TargetReport>,
    counts: Counts,
}

/// What came since the last look.
#[derive(Default)]
pub(crate) struct Batch {
    /// Frames of devices that are done.
    pub(crate) frames: Vec<Frame>,
    /// Targets whose state changed.
    pub(crate) reports: Vec<TargetReport>,
    /// Counts so far.
    pub(crate) counts: Counts,
}

impl Collector {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self::default())
    }

    /// Takes what is ready: the frames of devices that are done, at most one batch.
    pub(crate) fn take(&self) -> Batch {
        let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        let mut frames = Vec::new();
        while frames.len() < BATCH
            && let Some(subject) = pending.settled.pop_first()
        {
            frames.extend(pending.frames.remove(&subject).unwrap_or_default());
        }
        let reports = std::mem::take(&mut pending.reports).into_values().collect();
        Batch { frames, reports, counts: pending.counts }
    }

    /// The crawl is over: whatever is left is as done as it will be.
    pub(crate) fn settle(&self) {
        let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        let all: Vec<String> = pending.frames.keys().cloned().collect();
        pending.settled.extend(all);
    }
}

impl FrameSink for Collector {
    fn frame(&self, frame: Frame) {
        let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        pending.frames.entry(frame.subject.key.clone()).or_default().push(frame);
    }
}

impl ProgressSink for Collector {
    fn progress(&self, event: Progress) {
        let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        match event {
            Progress::Counts(counts) => pending.counts = counts,
            Progress::Target(report) => {
                if matches!(report.state, TargetState::Answered | TargetState::Failed | TargetState::Skipped)
                {
                    pending.settled.insert(report.subject.clone());
                }
                pending.reports.insert(report.address, report);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::Utc;
    use model::{Completeness, DocumentKind, Method, Subject};

    use super::*;

    #[test]
    fn frames_of_a_device_wait_until_it_is_done() {
        let collector = Collector::default();
        let frame = |kind| Frame {
            subject: Subject::new("snmp", "192.0.2.1"),
            method: Method::Queried,
            started: Utc::now(),
            ended: Utc::now(),
            completeness: Completeness::complete(0),
            ttl_seconds: 60,
            document: None,
            kind,
        };
        let report = |state| {
            Progress::Target(TargetReport {
                address: "192.0.2.1".parse().unwrap(),
                subject: "192.0.2.1".into(),
                state,
                reason: None,
                name: None,
                same_as: None,
                depth: 0,
                origin: None,
                credential: None,
                tables: vec![],
                duration_ms: None,
            })
        };
        collector.progress(report(TargetState::Asking));
        collector.frame(frame(DocumentKind::System));
        assert_eq!((collector.take().frames.len(), collector.take().reports.len()), (0, 0));
        collector.frame(frame(DocumentKind::Lldp));
        collector.progress(report(TargetState::Answered));
        let batch = collector.take();
        assert_eq!((batch.frames.len(), batch.reports.len()), (2, 1));
        collector.frame(frame(DocumentKind::Fdb));
        collector.settle();
        assert_eq!(collector.take().frames.len(), 1);
    }
}
