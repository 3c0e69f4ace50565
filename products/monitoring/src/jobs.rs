//! The discovery job: loads the order, crawls, hands frames to atlas and progress to the database.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use futures::FutureExt as _;
use kit::jobs::Progress as JobProgress;
use kit::{Act, BoxFuture, Ctx, JobCx, JobError, JobHandler, JobKind, Permission, Problem, Services};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::collect::{Batch, Collector};
use crate::discovery::{CrawlReport, TargetReport, TargetState, crawl};
use crate::order::{Request, open_credentials};
use crate::snmp::Client;
use crate::store::{self, Target, TargetRow};

/// Who may start and stop discoveries.
pub(crate) const EXECUTE: Permission = Permission::new("monitoring/discoveries", Act::Execute);
/// Who may see them.
pub(crate) const READ: Permission = Permission::new("monitoring/discoveries", Act::Read);

/// The job.
pub(crate) const DISCOVERY: JobKind = JobKind {
    name: "monitoring.discovery",
    title: "Discovery",
    permission: EXECUTE,
    max_attempts: 3,
    timeout: Duration::from_hours(4),
    per_tenant: 2,
};

/// What jobs need, once the product runs.
pub(crate) struct Engine {
    pub(crate) client: Arc<Client>,
    pub(crate) services: Services,
}

/// Runs discoveries.
#[derive(Default)]
pub(crate) struct DiscoveryJob {
    pub(crate) engine: OnceLock<Arc<Engine>>,
}

impl JobHandler for DiscoveryJob {
    fn run(&self, cx: JobCx) -> BoxFuture<'_, Result<Value, JobError>> {
        Box::pin(async move {
            let engine = self
                .engine
                .get()
                .cloned()
                .ok_or_else(|| JobError::Retry("monitoring has not started yet".to_owned()))?;
            let id: Uuid = cx
                .args
                .get("discovery")
                .and_then(Value::as_str)
                .and_then(|text| text.parse().ok())
                .ok_or_else(|| JobError::Fatal("the job names no discovery".to_owned()))?;
            match discover(&engine, &cx, id).await {
                Ok(report) => Ok(json!({"counts": report.counts, "seconds": report.duration.as_secs_f64(),
                    "requests": report.requests})),
                Err(error) => {
                    note_end(&cx.ctx, id, &error).await;
                    Err(error)
                }
            }
        })
    }
}

/// A try that ended badly is visible on the discovery as well.
async fn note_end(ctx: &Ctx, id: Uuid, error: &JobError) {
    let (state, text) = match error {
        JobError::Cancelled => ("cancelled", None),
        JobError::Retry(text) | JobError::Fatal(text) => ("failed", Some(text.as_str())),
    };
    let noted = async {
        let mut tx = ctx.write(ctx.authorize(EXECUTE)?).await?;
        store::finish(&mut tx, id, state, text).await?;
        tx.commit().await
    };
    if let Err(problem) = noted.await {
        tracing::warn!(discovery = %id, %problem, "the end of a discovery could not be noted");
    }
}

async fn discover(engine: &Engine, cx: &JobCx, id: Uuid) -> Result<CrawlReport, JobError> {
    let ctx = &cx.ctx;
    let mut tx = ctx.read().await?;
    let row = store::discovery(&mut tx, id)
        .await?
        .ok_or_else(|| JobError::Fatal("the discovery was deleted".to_owned()))?;
    let request: Request =
        serde_json::from_value(row.request).map_err(|error| JobError::Fatal(error.to_string()))?;
    let credentials =
        open_credentials(&mut tx, engine.services.secrets()?.as_ref(), &request.credentials).await?;
    drop(tx);
    let order = request.order(credentials)?;
    let mut tx = ctx.write(ctx.authorize(EXECUTE)?).await?;
    store::start(&mut tx, id).await?;
    tx.commit().await?;

    let collector = Collector::new();
    let running = crawl(&engine.client, order, collector.clone(), collector.clone(), cx.cancel.clone());
    let report = collector.hand_on(running, |batch| hand_on(engine, cx, id, &request, batch).boxed()).await?;
    if report.cancelled {
        return Err(JobError::Cancelled);
    }
    let mut tx = ctx.write(ctx.authorize(EXECUTE)?).await?;
    store::finish(&mut tx, id, "completed", None).await?;
    tx.commit().await?;
    Ok(report)
}

/// Frames go to atlas first: a target is shown as answered only when its device is stored.
async fn hand_on(
    engine: &Engine,
    cx: &JobCx,
    id: Uuid,
    request: &Request,
    batch: Batch,
) -> Result<(), JobError> {
    if !batch.frames.is_empty() {
        engine.services.frames()?.deliver(&cx.ctx, batch.frames).await?;
    }
    let counts = batch.counts;
    if !batch.reports.is_empty() {
        let mut tx = cx.ctx.write(cx.ctx.authorize(EXECUTE)?).await?;
        store::write_targets(&mut tx, id, &rows(&batch.reports)?).await?;
        store::set_counts(&mut tx, id, &json!(counts)).await?;
        store::remember(&mut tx, &answered(&batch.reports, request)).await?;
        tx.commit().await?;
    }
    let done = counts.answered + counts.failed + counts.skipped;
    cx.progress.report(JobProgress {
        done: done as u64,
        total: Some((done + counts.queued).max(counts.asked) as u64),
        message: format!("{} devices answered, {} waiting", counts.answered, counts.queued),
        detail: json!({"discovery": id, "counts": counts}),
    });
    Ok(())
}

fn rows(reports: &[TargetReport]) -> Result<Vec<TargetRow>, Problem> {
    reports
        .iter()
        .map(|report| {
            let value = serde_json::to_value(report).map_err(Problem::internal)?;
            let state = value.get("state").and_then(Value::as_str).unwrap_or("queued").to_owned();
            Ok(TargetRow { address: report.address, state, report: value })
        })
        .collect()
}

/// Devices to be asked again from now on: one address of each.
fn answered(reports: &[TargetReport], request: &Request) -> Vec<Target> {
    reports
        .iter()
        .filter(|report| report.state == TargetState::Answered && report.same_as.is_none())
        .filter_map(|report| {
            let credential = report.credential.as_deref()?.parse().ok()?;
            Some(Target {
                address: report.address,
                port: request.port,
                partition: request.partition.clone(),
                credential,
                rate: request.rate,
            })
        })
        .collect()
}
