//! Asks known devices again.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use chrono::Utc;
use futures::future::BoxFuture;
use futures::{FutureExt, StreamExt};
use model::{Completeness, DocumentKind, Frame, Method, Reason, Subject};
use tokio_util::sync::CancellationToken;

use super::book::subject_key;
use super::progress::{Counts, CrawlReport, Progress, ProgressSink, TargetReport, TargetState};
use super::schedule::KnownTarget;
use crate::sink::FrameSink;
use crate::snmp::survey::{self, Plan, Timed, ttl_seconds};
use crate::snmp::{Client, Credential, DeviceLimits, ReadyCredential, open};

/// Known devices to ask again.
#[derive(Clone, Debug)]
pub struct RefreshOrder {
    /// The devices, each with the credential it accepted.
    pub targets: Vec<(KnownTarget, Credential)>,
    /// How much of them is read.
    pub plan: Plan,
    /// Limits for each device.
    pub limits: DeviceLimits,
    /// Devices asked at once.
    pub concurrency: usize,
}

/// Asks each device once and hands out its frames. A silent one yields one `System` frame without
/// a document, with the reason.
pub async fn refresh(
    client: &Arc<Client>,
    order: RefreshOrder,
    sink: Arc<dyn FrameSink>,
    progress: Arc<dyn ProgressSink>,
    cancel: CancellationToken,
) -> CrawlReport {
    let started = Instant::now();
    let sent = client.sent();
    let (plan, limits) = (order.plan, order.limits);
    // Owned and boxed: futures that borrow would not be `Send` for every caller.
    let asks: Vec<BoxFuture<'static, TargetReport>> = order
        .targets
        .into_iter()
        .map(|(target, credential)| {
            let (client, sink) = (Arc::clone(client), Arc::clone(&sink));
            async move {
                sink.room().await;
                ask(&client, &target, &credential, plan, limits, sink.as_ref()).await
            }
            .boxed()
        })
        .collect();
    let mut reports = futures::stream::iter(asks).buffer_unordered(order.concurrency.max(1));
    let mut targets = Vec::new();
    let cancelled = loop {
        match cancel.run_until_cancelled(reports.next()).await {
            None => break true,
            Some(None) => break false,
            Some(Some(report)) => {
                progress.progress(Progress::Target(report.clone()));
                targets.push(report);
            }
        }
    };
    targets.sort_by_key(|report| report.address);
    let answered = targets.iter().filter(|report| report.state == TargetState::Answered).count();
    let counts =
        Counts { asked: targets.len(), answered, failed: targets.len() - answered, ..Counts::default() };
    progress.progress(Progress::Counts(counts));
    CrawlReport { targets, counts, cancelled, duration: started.elapsed(), requests: client.sent() - sent }
}

async fn ask(
    client: &Arc<Client>,
    target: &KnownTarget,
    credential: &Credential,
    plan: Plan,
    limits: DeviceLimits,
    sink: &dyn FrameSink,
) -> TargetReport {
    let (begun, started) = (Utc::now(), Instant::now());
    let key = subject_key(target.address, target.port);
    let subject =
        Subject { source: "snmp".to_owned(), partition: target.partition.clone(), key: key.clone() };
    let mut report = TargetReport {
        address: target.address,
        subject: key,
        state: TargetState::Answered,
        reason: None,
        name: None,
        same_as: None,
        depth: 0,
        origin: None,
        credential: Some(credential.id.clone()),
        tables: Vec::new(),
        duration_ms: None,
    };
    let peer = SocketAddr::new(target.address, target.port);
    match read(client, peer, credential, plan, limits, &subject, sink, &mut report).await {
        Ok(()) => {}
        Err(reason) => {
            report.state = TargetState::Failed;
            report.reason = Some(reason.clone());
            sink.frame(silent(subject, begun, reason));
        }
    }
    report.duration_ms = u64::try_from(started.elapsed().as_millis()).ok();
    report
}

#[expect(clippy::too_many_arguments, reason = "one step of `ask`, which holds all of these")]
async fn read(
    client: &Arc<Client>,
    peer: SocketAddr,
    credential: &Credential,
    plan: Plan,
    limits: DeviceLimits,
    subject: &Subject,
    sink: &dyn FrameSink,
    report: &mut TargetReport,
) -> Result<(), Reason> {
    let bad = |text| Reason::new(model::ReasonCode::WrongCredentials, text);
    let credentials = [ReadyCredential::new(credential).map_err(bad)?];
    let opened = open(client, peer, limits, &credentials, limits.retries).await?;
    let agent = survey::prepare(&opened.session, &opened.values, plan, limits.max_routes).await;
    let (introduction, readings) = survey::introduce(&agent, plan).await;
    report.name = Some(introduction.system.name).filter(|name| !name.is_empty());
    let tables = Mutex::new(Vec::new());
    let emit = |timed: Timed| {
        if let Some(frame) = timed.frame(subject) {
            sink.frame(frame);
        }
        tables.lock().unwrap_or_else(PoisonError::into_inner).extend(timed.reading.tables);
    };
    readings.into_iter().for_each(emit);
    survey::read_rest(&agent, plan, &emit, &|_| {}).await;
    report.tables = tables.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok(())
}

/// The frame of a device that did not answer.
fn silent(subject: Subject, started: chrono::DateTime<Utc>, reason: Reason) -> Frame {
    Frame {
        subject,
        method: Method::Queried,
        started,
        ended: Utc::now(),
        completeness: Completeness::partial(0, reason),
        ttl_seconds: ttl_seconds(DocumentKind::System),
        document: None,
        kind: DocumentKind::System,
    }
}
