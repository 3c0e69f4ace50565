//! One try of one job.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use kit::jobs::{Progress, ProgressSink};
use kit::plugin::JobRegistration;
use kit::services::SystemContexts;
use kit::{Act, Actor, Ctx, JobCx, JobError, OpKind, Permission};
use serde_json::Value;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::claim::{self, Claimed, Outcome};
use crate::queue::{Queue, event};

/// Between two stored reports.
const REPORT_EVERY: Duration = Duration::from_millis(500);
/// How long a job may take to notice that it is cancelled or out of time, before it is dropped.
const GRACE: Duration = Duration::from_secs(10);
/// Bytes of a result as JSON.
const MAX_RESULT: usize = 256 << 10;

/// What every try of this server shares.
pub(crate) struct Shared {
    pub(crate) queue: Arc<Queue>,
    pub(crate) contexts: Arc<dyn SystemContexts>,
    pub(crate) server: Uuid,
    /// Ends when the server stops.
    pub(crate) stop: CancellationToken,
}

/// Runs a try to its end and writes what became of it.
pub(crate) async fn run(
    shared: &Shared,
    registration: &JobRegistration,
    job: Claimed,
    cancel: CancellationToken,
) {
    let sink = Arc::new(Latest::default());
    announce(shared, &job, "job.started", "running").await;
    shared.queue.changed(job.id);
    let outcome = tokio::select! {
        outcome = attempt(shared, registration, &job, &cancel, sink.clone()) => outcome,
        never = keep_reporting(shared, &job, &sink) => never,
    };
    let last = sink.take();
    write_end(shared, &job, &outcome, last.as_ref()).await;
    shared.queue.changed(job.id);
    let event_type = match outcome {
        Outcome::Completed(_) => "job.completed",
        Outcome::Discarded(_) => "job.failed",
        Outcome::Cancelled => "job.cancelled",
        Outcome::Again { .. } | Outcome::Interrupted => return shared.queue.hint(),
    };
    announce(shared, &job, event_type, outcome.state()).await;
    // A place is free.
    shared.queue.hint();
}

async fn attempt(
    shared: &Shared,
    registration: &JobRegistration,
    job: &Claimed,
    cancel: &CancellationToken,
    sink: Arc<Latest>,
) -> Outcome {
    let cx = JobCx {
        ctx: context(shared, job),
        id: job.id,
        args: job.args.clone(),
        attempt: u16::try_from(job.attempt).unwrap_or(u16::MAX),
        progress: sink,
        cancel: cancel.clone(),
    };
    let handler = registration.handler.clone();
    // A task of its own: a panic ends the try, not the worker.
    let mut task = tokio::spawn(async move { handler.run(cx).await });
    let limit = registration.kind.timeout;
    let mut late = false;
    let ended = tokio::select! {
        ended = &mut task => Some(ended),
        () = tokio::time::sleep(limit) => {
            late = true;
            cancel.cancel();
            tokio::time::timeout(GRACE, &mut task).await.ok()
        }
        () = cancel.cancelled() => tokio::time::timeout(GRACE, &mut task).await.ok(),
    };
    task.abort();
    let result = match ended {
        Some(Ok(result)) => result,
        Some(Err(_)) => {
            Err(JobError::Retry("The job's code failed (panic); the server's log has the place.".into()))
        }
        None => Err(JobError::Cancelled),
    };
    judge(shared, registration, job, result, late)
}

fn judge(
    shared: &Shared,
    registration: &JobRegistration,
    job: &Claimed,
    result: Result<Value, JobError>,
    late: bool,
) -> Outcome {
    let error = match result {
        Ok(value) if value.to_string().len() <= MAX_RESULT => return Outcome::Completed(value),
        Ok(_) => return Outcome::Discarded("The job's result is larger than 256 KiB.".to_owned()),
        Err(JobError::Fatal(error)) => return Outcome::Discarded(error),
        Err(_) if late => {
            format!("Not done after {} s, the longest a try may take.", registration.kind.timeout.as_secs())
        }
        Err(JobError::Cancelled) if shared.stop.is_cancelled() => return Outcome::Interrupted,
        Err(JobError::Cancelled) => return Outcome::Cancelled,
        Err(JobError::Retry(error)) => error,
    };
    if job.attempt >= i64::from(registration.kind.max_attempts) {
        Outcome::Discarded(error)
    } else {
        Outcome::Again { error, after: pause(job.attempt) }
    }
}

/// attempt^4 seconds with 10 % of jitter, at most an hour.
fn pause(attempt: i64) -> Duration {
    let seconds = (attempt.min(100) as f64).powi(4).min(3600.0);
    Duration::from_secs_f64(seconds * rand::random_range(0.9..1.1))
}

/// In the tenant and in the name of whoever enqueued it. The right was decided then.
fn context(shared: &Shared, job: &Claimed) -> Ctx {
    let system = shared.contexts.system(job.tenant, "jobs");
    let id = |text: &str| Uuid::parse_str(text).ok();
    let actor = match job.created_by.split_once(':') {
        Some(("user", text)) => id(text).map(Actor::User),
        Some(("svc", text)) => id(text).map(Actor::Service),
        Some(("collector", text)) => id(text).map(Actor::Collector),
        _ => None,
    };
    Ctx::new(
        job.tenant,
        actor.unwrap_or(Actor::System("jobs")),
        system.rights().clone(),
        job.request_id.unwrap_or_else(Uuid::now_v7),
        OpKind::Job,
        Arc::new(shared.queue.store().clone()),
    )
}

/// Events for watchers. The state in the table decides; a lost event only costs a reload.
async fn announce(shared: &Shared, job: &Claimed, event_type: &'static str, state: &str) {
    let ctx = shared.contexts.system(job.tenant, "jobs");
    let published = async {
        let granted = ctx.authorize(Permission::new("platform/jobs", Act::Execute))?;
        let mut tx = ctx.write(granted).await?;
        tx.publish(&event(event_type, job.id, &job.kind, state)).await?;
        tx.commit().await
    };
    if let Err(problem) = published.await {
        tracing::debug!(job = %job.id, event_type, %problem, "no event about a job");
    }
}

/// The end must be written; the database may be restarting.
async fn write_end(shared: &Shared, job: &Claimed, outcome: &Outcome, progress: Option<&Value>) {
    let mut wait = Duration::from_millis(100);
    for _ in 0..8 {
        match claim::finish(shared.queue.store(), shared.server, job, outcome, progress).await {
            Ok(true) => return,
            Ok(false) => {
                tracing::warn!(job = %job.id, "the job was taken for lost and is not this server's any more");
                return;
            }
            Err(problem) => {
                tracing::warn!(job = %job.id, %problem, "cannot write the end of a job; trying again");
                tokio::time::sleep(wait).await;
                wait *= 2;
            }
        }
    }
    tracing::error!(job = %job.id, "the end of a job could not be written; it will be tried again as lost");
}

/// The latest progress that was reported.
#[derive(Default)]
struct Latest {
    progress: Mutex<Option<Progress>>,
    told: Notify,
}

impl Latest {
    fn take(&self) -> Option<Value> {
        let progress = self.progress.lock().unwrap_or_else(PoisonError::into_inner).take();
        progress.as_ref().map(claim::progress_value)
    }
}

impl ProgressSink for Latest {
    fn report(&self, progress: Progress) {
        *self.progress.lock().unwrap_or_else(PoisonError::into_inner) = Some(progress);
        self.told.notify_one();
    }
}

/// Stores reports at most twice a second, the first one at once. Never ends.
async fn keep_reporting(shared: &Shared, job: &Claimed, sink: &Latest) -> Outcome {
    loop {
        sink.told.notified().await;
        let Some(progress) = sink.take() else { continue };
        match claim::report(shared.queue.store(), shared.server, job, &progress).await {
            Ok(()) => shared.queue.changed(job.id),
            Err(problem) => tracing::debug!(job = %job.id, %problem, "progress is not stored"),
        }
        tokio::time::sleep(REPORT_EVERY).await;
    }
}
