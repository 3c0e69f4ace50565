//! Routes beside those of the record engine, below `/api/v1/platform/jobs`; those of scripts are in `scripts`.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures::stream;
use kit::jobs::Turn;
use kit::{Ctx, Problem};
use tokio::sync::{OwnedSemaphorePermit, watch};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::queue::{Live, Queue};
use crate::view::{self, JobView};
use crate::{READ, scripts};

/// A stream lives this long; the browser comes back with its current rights.
const LIFETIME: Duration = Duration::from_mins(10);
const HEARTBEAT: Duration = Duration::from_secs(15);
/// Documents of one stream come at least this far apart.
const GAP: Duration = Duration::from_millis(100);
/// The row is read this often: the job may run in another process.
const POLL: Duration = Duration::from_secs(2);

/// Cancel, retry, the live stream, and scripts. Paths begin with `/platform/jobs`; lists and reads are the record
/// engine's.
pub fn router(queue: Arc<Queue>) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(cancel))
        .routes(routes!(retry))
        .routes(routes!(stream))
        .routes(routes!(scripts::list))
        .routes(routes!(scripts::run))
        .with_state(queue)
}

/// Cancel a job. A waiting job ends at once, a running one as soon as it notices; what it has done
/// stays.
#[utoipa::path(post, path = "/platform/jobs/{id}/actions/cancel", tag = "platform",
    operation_id = "platform_jobs_cancel", params(("id" = Uuid, Path, description = "Job")),
    extensions(("x-permission" = json!("platform/jobs:execute"))),
    responses((status = 202, description = "It is being cancelled, or is cancelled already"),
        (status = 404, description = "No such job"), (status = 409, description = "It has ended already")))]
async fn cancel(
    State(queue): State<Arc<Queue>>,
    ctx: Ctx,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Problem> {
    queue.turn(&ctx, id, Turn::Cancel).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Run a given-up or cancelled job again from its first try, or a waiting one now.
#[utoipa::path(post, path = "/platform/jobs/{id}/actions/retry", tag = "platform",
    operation_id = "platform_jobs_retry", params(("id" = Uuid, Path, description = "Job")),
    extensions(("x-permission" = json!("platform/jobs:execute"))),
    responses((status = 202, description = "It waits to run"),
        (status = 404, description = "No such job"), (status = 409, description = "It runs or is completed")))]
async fn retry(
    State(queue): State<Arc<Queue>>,
    ctx: Ctx,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Problem> {
    queue.turn(&ctx, id, Turn::Retry).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Follow a job live (server-sent events): `progress` with the job whenever it changes, then `end`
/// with the finished job.
#[utoipa::path(get, path = "/platform/jobs/{id}/stream", tag = "platform",
    operation_id = "platform_jobs_stream", params(("id" = Uuid, Path, description = "Job")),
    extensions(("x-permission" = json!("platform/jobs:read"))),
    responses((status = 200, content_type = "text/event-stream", body = JobView),
        (status = 404, description = "No such job"), (status = 429, description = "Too many streams")))]
async fn stream(
    State(queue): State<Arc<Queue>>,
    ctx: Ctx,
    Path(id): Path<Uuid>,
) -> Result<impl IntoResponse, Problem> {
    ctx.authorize(READ)?;
    let place = queue.streams.clone().try_acquire_owned().map_err(|_| {
        let detail = "Too many live streams are open on this server. Close some or try again later.";
        Problem {
            retry_after: Some(5),
            ..Problem::new(StatusCode::TOO_MANY_REQUESTS, "too-many-streams", detail)
        }
    })?;
    // Watch first, then read: nothing gets lost in between.
    let live = queue.watch(id);
    let job = view::fetch(ctx.read().await?.conn(), id).await?.ok_or_else(|| Problem::not_found("job"))?;
    let follower = Follower {
        ctx,
        live,
        job,
        turns: 0,
        shown: String::new(),
        phase: Phase::Follow,
        until: Instant::now() + LIFETIME,
        closing: queue.closing.clone(),
        _place: place,
    };
    let events = stream::unfold(follower, |mut follower| async move {
        let event = follower.next().await?;
        Some((Ok::<_, Infallible>(event), follower))
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT)))
}

#[derive(PartialEq, Eq)]
enum Phase {
    Follow,
    /// The finished job was shown; `end` is still to come.
    End,
    Over,
}

/// One live stream.
struct Follower {
    ctx: Ctx,
    live: watch::Receiver<Live>,
    job: JobView,
    /// Turns of the job that are in `job`.
    turns: u64,
    /// The document sent last.
    shown: String,
    phase: Phase,
    until: Instant,
    closing: CancellationToken,
    _place: OwnedSemaphorePermit,
}

impl Follower {
    async fn next(&mut self) -> Option<Event> {
        match self.phase {
            Phase::Over => return None,
            Phase::End => {
                self.phase = Phase::Over;
                return Some(Event::default().event("end").data(self.shown.as_str()));
            }
            Phase::Follow => {}
        }
        loop {
            let document = serde_json::to_string(&self.job).ok()?;
            if self.job.is_finished() {
                self.phase = Phase::End;
            }
            if document != self.shown || self.phase == Phase::End {
                self.shown = document;
                return Some(Event::default().event("progress").data(self.shown.as_str()));
            }
            self.change().await?;
        }
    }

    /// Waits for news of the job. None when the stream is to end, also when its tenant or rights went.
    async fn change(&mut self) -> Option<()> {
        tokio::time::sleep(GAP).await;
        let polled = tokio::select! {
            changed = self.live.changed() => changed.is_err(),
            () = tokio::time::sleep(POLL) => true,
            () = tokio::time::sleep_until(self.until) => return None,
            () = self.closing.cancelled() => return None,
        };
        let live = self.live.borrow_and_update().clone();
        if polled || live.turns != self.turns {
            self.turns = live.turns;
            self.job = view::fetch(self.ctx.read().await.ok()?.conn(), self.job.id).await.ok()??;
        }
        if let Some(progress) = live.progress {
            self.job.progress = progress;
        }
        Some(())
    }
}
