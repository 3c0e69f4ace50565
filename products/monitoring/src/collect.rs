//! Between the engine and the stores: gathers frames and reports as they come and hands them on,
//! each device's frames together, so that no device is ever half written.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::future::BoxFuture;
use model::Frame;
use tokio::sync::Notify;

use crate::discovery::{Counts, Progress, ProgressSink, TargetReport, TargetState};
use crate::sink::FrameSink;

/// Frames handed over in one transaction, about.
const BATCH: usize = 2000;
/// Frames waiting to be handed over at which no further device is asked. Devices being read then
/// come on top: frames of one device, about 20, for each that is asked at once.
const WAITING: usize = 2 * BATCH;
/// How often what came is handed on.
const FLUSH: Duration = Duration::from_millis(300);

/// Collects what one crawl or refresh yields.
#[derive(Default)]
pub(crate) struct Collector {
    pending: Mutex<Pending>,
    /// Some of the frames were taken.
    taken: Notify,
}

#[derive(Default)]
struct Pending {
    frames: BTreeMap<String, Vec<Frame>>,
    waiting: usize,
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
        pending.waiting -= frames.len();
        if pending.waiting < WAITING {
            self.taken.notify_waiters();
        }
        let reports = std::mem::take(&mut pending.reports).into_values().collect();
        Batch { frames, reports, counts: pending.counts }
    }

    /// Waits for the end of the work that fills this collector and hands on what it yields
    /// meanwhile, then the rest. The work goes on while a batch is handed on: its timers must not
    /// wait for a store.
    pub(crate) async fn hand_on<'a, R, E>(
        &self,
        work: impl Future<Output = R>,
        hand_on: impl Fn(Batch) -> BoxFuture<'a, Result<(), E>>,
    ) -> Result<R, E> {
        tokio::pin!(work);
        let mut ticks = tokio::time::interval(FLUSH);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let result = loop {
            tokio::select! {
                result = &mut work => break result,
                _ = ticks.tick() => {}
            }
            let mut ended = None;
            let mut handing = hand_on(self.take());
            loop {
                tokio::select! {
                    handed = &mut handing => break handed?,
                    result = &mut work, if ended.is_none() => ended = Some(result),
                }
            }
            if let Some(result) = ended {
                break result;
            }
        };
        self.settle();
        loop {
            let batch = self.take();
            let last = batch.frames.is_empty();
            hand_on(batch).await?;
            if last {
                return Ok(result);
            }
        }
    }

    /// The crawl is over: whatever is left is as done as it will be.
    fn settle(&self) {
        let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        let all: Vec<String> = pending.frames.keys().cloned().collect();
        pending.settled.extend(all);
    }
}

impl FrameSink for Collector {
    fn frame(&self, frame: Frame) {
        let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        pending.frames.entry(frame.subject.key.clone()).or_default().push(frame);
        pending.waiting += 1;
    }

    fn room(&self) -> BoxFuture<'_, ()> {
        Box::pin(async {
            loop {
                let taken = self.taken.notified();
                if self.pending.lock().unwrap_or_else(PoisonError::into_inner).waiting < WAITING {
                    return;
                }
                taken.await;
            }
        })
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
    use futures::FutureExt as _;
    use model::{Completeness, DocumentKind, Method, Subject};

    use super::*;

    fn frame(kind: DocumentKind) -> Frame {
        Frame {
            subject: Subject::new("snmp", "192.0.2.1"),
            method: Method::Queried,
            started: Utc::now(),
            ended: Utc::now(),
            completeness: Completeness::complete(0),
            ttl_seconds: 60,
            document: None,
            kind,
        }
    }

    #[test]
    fn a_full_collector_has_no_room_until_frames_are_taken() {
        let collector = Collector::default();
        let room = || collector.room().now_or_never().is_some();
        for _ in 1..WAITING {
            collector.frame(frame(DocumentKind::System));
        }
        assert!(room());
        collector.frame(frame(DocumentKind::System));
        assert!(!room());
        collector.settle();
        let waits = collector.room();
        assert_eq!(collector.take().frames.len(), WAITING);
        assert!(room() && waits.now_or_never().is_some());
    }

    #[tokio::test]
    async fn what_comes_meanwhile_is_handed_on_and_then_the_rest() {
        let collector = Collector::default();
        let seen = Mutex::new(0);
        let work = async {
            collector.frame(frame(DocumentKind::System));
            collector.settle();
            // The first frame goes while the work still runs.
            while *seen.lock().unwrap() == 0 {
                tokio::task::yield_now().await;
            }
            collector.frame(frame(DocumentKind::Lldp));
            7
        };
        let handed = collector.hand_on(work, |batch| {
            *seen.lock().unwrap() += batch.frames.len();
            std::future::ready(Ok::<(), ()>(())).boxed()
        });
        assert_eq!(handed.await, Ok(7));
        assert_eq!(*seen.lock().unwrap(), 2);
    }

    #[test]
    fn frames_of_a_device_wait_until_it_is_done() {
        let collector = Collector::default();
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
