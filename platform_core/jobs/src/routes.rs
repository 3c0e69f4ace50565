//! HTTP: cancel, retry, live progress. Lists and detail come from the record engine.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures::{Stream, StreamExt, stream};
use kit::{Act, Ctx, Granted, Permission, Problem};
use serde_json::json;
use tokio::sync::broadcast;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::{JobView, Queue};

const READ: Permission = Permission::new("platform/jobs", Act::Read);
const EXECUTE: Permission = Permission::new("platform/jobs", Act::Execute);
/// A stream lives this long; whoever still watches opens a new one with current rights.
const LIFETIME: Duration = Duration::from_mins(10);
const HEARTBEAT: Duration = Duration::from_secs(15);

/// Routes below `/api/v1`.
pub fn router(queue: Arc<Queue>) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(cancel))
        .routes(routes!(retry))
        .routes(routes!(follow))
        .with_state(queue)
}

/// The right to steer this job: that of its kind, or the one over all jobs.
async fn may_steer(queue: &Queue, ctx: &Ctx, id: Uuid) -> Result<Granted, Problem> {
    ctx.authorize(READ)?;
    if let Ok(granted) = ctx.authorize(EXECUTE) {
        return Ok(granted);
    }
    let mut tx = ctx.read().await?;
    let job = queue.get(&mut tx, id).await?;
    ctx.authorize(queue.permission(&job.kind).unwrap_or(EXECUTE))
}

/// Cancel a job. A running one ends as soon as it notices; what it has done stays.
#[utoipa::path(post, path = "/platform/jobs/{id}/actions/cancel", tag = "platform", operation_id = "platform_jobs_cancel",
    params(("id" = Uuid, Path, description = "Job")),
    extensions(("x-permission" = json!("platform/jobs:read"))),
    responses((status = 202, body = JobView), (status = 404, description = "No such job")))]
async fn cancel(
    State(queue): State<Arc<Queue>>,
    ctx: Ctx,
    Path(id): Path<Uuid>,
) -> Result<impl IntoResponse, Problem> {
    let mut tx = ctx.write(may_steer(&queue, &ctx, id).await?).await?;
    let job = queue.cancel(&mut tx, id).await?;
    tx.commit().await?;
    Ok((StatusCode::ACCEPTED, Json(job)))
}

/// Run a failed, cancelled or waiting job now, from its first try.
#[utoipa::path(post, path = "/platform/jobs/{id}/actions/retry", tag = "platform", operation_id = "platform_jobs_retry",
    params(("id" = Uuid, Path, description = "Job")),
    extensions(("x-permission" = json!("platform/jobs:read"))),
    responses((status = 202, body = JobView), (status = 404, description = "No such job"),
        (status = 409, description = "It runs or is done")))]
async fn retry(
    State(queue): State<Arc<Queue>>,
    ctx: Ctx,
    Path(id): Path<Uuid>,
) -> Result<impl IntoResponse, Problem> {
    let mut tx = ctx.write(may_steer(&queue, &ctx, id).await?).await?;
    let job = queue.retry(&mut tx, id).await?;
    tx.commit().await?;
    Ok((StatusCode::ACCEPTED, Json(job)))
}

/// Follow a job (server-sent events): `event: progress` with the job at once and after each change,
/// `event: end` with it when it has ended.
#[utoipa::path(get, path = "/platform/jobs/{id}/stream", tag = "platform", operation_id = "platform_jobs_stream",
    params(("id" = Uuid, Path, description = "Job")),
    extensions(("x-permission" = json!("platform/jobs:read"))),
    responses((status = 200, content_type = "text/event-stream", body = String),
        (status = 404, description = "No such job")))]
async fn follow(
    State(queue): State<Arc<Queue>>,
    ctx: Ctx,
    Path(id): Path<Uuid>,
) -> Result<impl IntoResponse, Problem> {
    ctx.authorize(READ)?;
    let views = watch(queue, ctx, id).await?;
    let events = views.map(|job| {
        let name = if job.is_finished() { "end" } else { "progress" };
        Ok::<_, Infallible>(Event::default().event(name).data(json!(job).to_string()))
    });
    let ends = events.take_until(Box::pin(tokio::time::sleep(LIFETIME)));
    Ok(Sse::new(ends).keep_alive(KeepAlive::new().interval(HEARTBEAT)))
}

/// The job now and after each change, until it has ended.
async fn watch(queue: Arc<Queue>, ctx: Ctx, id: Uuid) -> Result<impl Stream<Item = JobView> + Send, Problem> {
    // Subscribed before the first look, so that nothing falls between.
    let changes = queue.changes();
    let mut tx = ctx.read().await?;
    let first = queue.get(&mut tx, id).await?;
    drop(tx);
    let watcher = Watcher { queue, ctx, id, changes, shown: None, ended: false };
    Ok(stream::unfold((watcher, Some(first)), |(mut watcher, first)| async move {
        let job = match first {
            Some(job) => job,
            None => watcher.next().await?,
        };
        watcher.shown = Some(job.version);
        watcher.ended = job.is_finished();
        Some((job, (watcher, None)))
    }))
}

struct Watcher {
    queue: Arc<Queue>,
    ctx: Ctx,
    id: Uuid,
    changes: broadcast::Receiver<Uuid>,
    shown: Option<i64>,
    ended: bool,
}

impl Watcher {
    async fn next(&mut self) -> Option<JobView> {
        while !self.ended {
            self.queue.wait_for_change(self.id, &mut self.changes).await;
            // The database may be restarting: end; the watcher comes back.
            let mut tx = self.ctx.read().await.ok()?;
            let job = self.queue.get(&mut tx, self.id).await.ok()?;
            if Some(job.version) != self.shown {
                return Some(job);
            }
        }
        None
    }
}
