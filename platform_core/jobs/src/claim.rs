//! What the relay role does with jobs of all tenants.

use std::time::Duration;

use db::Store;
use kit::jobs::Progress;
use kit::{Problem, TenantId};
use serde_json::Value;
use sqlx::{PgConnection, Row};
use uuid::Uuid;

/// Running at once in one tenant, all kinds together.
const PER_TENANT: i64 = 32;
/// A running job without a sign of life for this long is lost.
const LOST_SECONDS: f64 = 60.0;

/// A job that this server shall run.
#[derive(Clone, Debug)]
pub(crate) struct Claimed {
    pub(crate) tenant: TenantId,
    pub(crate) id: Uuid,
    pub(crate) kind: String,
    pub(crate) args: Value,
    pub(crate) attempt: i64,
    pub(crate) created_by: String,
    pub(crate) request_id: Option<Uuid>,
}

/// A kind as the claim sees it.
pub(crate) struct Kinds {
    pub(crate) names: Vec<&'static str>,
    pub(crate) per_tenant: Vec<i64>,
    pub(crate) max_attempts: Vec<i64>,
}

/// Takes up to `limit` jobs: the tenant with the fewest running first, within the caps.
pub(crate) async fn claim(
    store: &Store,
    server: Uuid,
    kinds: &Kinds,
    limit: usize,
) -> Result<Vec<Claimed>, Problem> {
    let mut tx = store.relay().await?;
    // One server at a time, so that the caps hold over all of them.
    sqlx::query("SELECT pg_advisory_xact_lock(hashtext('portolan jobs'))").execute(tx.conn()).await?;
    let rows = sqlx::query(include_str!("claim.sql"))
        .bind(&kinds.names)
        .bind(&kinds.per_tenant)
        .bind(&kinds.max_attempts)
        .bind(PER_TENANT)
        .bind(i64::try_from(limit).unwrap_or(i64::MAX))
        .bind(server)
        .fetch_all(tx.conn())
        .await?;
    tx.commit().await?;
    rows.iter()
        .map(|row| {
            Ok(Claimed {
                tenant: TenantId(row.try_get("tenant_id")?),
                id: row.try_get("id")?,
                kind: row.try_get("kind")?,
                args: row.try_get("args")?,
                attempt: row.try_get("attempt")?,
                created_by: row.try_get("created_by")?,
                request_id: row.try_get("request_id")?,
            })
        })
        .collect()
}

/// How a try ended.
#[derive(Clone, Debug)]
pub(crate) enum Outcome {
    /// With a result.
    Completed(Value),
    /// Shall be tried again after this pause.
    Again {
        /// Why.
        error: String,
        /// Until then.
        after: Duration,
    },
    /// Given up.
    Discarded(String),
    /// Somebody asked for it.
    Cancelled,
    /// The server stops; the try does not count.
    Interrupted,
}

impl Outcome {
    pub(crate) fn state(&self) -> &'static str {
        match self {
            Self::Completed(_) => "completed",
            Self::Again { .. } => "retryable",
            Self::Discarded(_) => "discarded",
            Self::Cancelled => "cancelled",
            Self::Interrupted => "available",
        }
    }

    fn is_final(&self) -> bool {
        matches!(self, Self::Completed(_) | Self::Discarded(_) | Self::Cancelled)
    }
}

/// Writes the end of a try. False when the job is not ours any more (it was taken for lost).
pub(crate) async fn finish(
    store: &Store,
    server: Uuid,
    job: &Claimed,
    outcome: &Outcome,
    progress: Option<&Value>,
) -> Result<bool, Problem> {
    let (result, error, pause) = match outcome {
        Outcome::Completed(result) => (Some(result), None, 0.0),
        Outcome::Again { error, after } => (None, Some(error.as_str()), after.as_secs_f64()),
        Outcome::Discarded(error) => (None, Some(error.as_str()), 0.0),
        Outcome::Cancelled | Outcome::Interrupted => (None, None, 0.0),
    };
    let mut tx = store.relay().await?;
    let done = sqlx::query(
        "UPDATE app.job SET state = $4, result = $5, error = $6, run_by = NULL, heartbeat_at = NULL,
            scheduled_at = now() + make_interval(secs => $7), progress = coalesce($8, progress),
            finished_at = CASE WHEN $9 THEN now() END, attempt = attempt - $10::integer
         WHERE tenant_id = $1 AND id = $2 AND run_by = $3 AND state = 'running'",
    )
    .bind(job.tenant.0)
    .bind(job.id)
    .bind(server)
    .bind(outcome.state())
    .bind(result)
    .bind(error.map(clean))
    .bind(pause)
    .bind(progress)
    .bind(outcome.is_final())
    .bind(matches!(outcome, Outcome::Interrupted))
    .execute(tx.conn())
    .await?;
    tx.commit().await?;
    Ok(done.rows_affected() == 1)
}

/// Stores the progress of a running job.
pub(crate) async fn report(
    store: &Store,
    server: Uuid,
    job: &Claimed,
    progress: &Value,
) -> Result<(), Problem> {
    let mut tx = store.relay().await?;
    sqlx::query(
        "UPDATE app.job SET progress = $4, heartbeat_at = now()
         WHERE tenant_id = $1 AND id = $2 AND run_by = $3 AND state = 'running'",
    )
    .bind(job.tenant.0)
    .bind(job.id)
    .bind(server)
    .bind(progress)
    .execute(tx.conn())
    .await?;
    tx.commit().await
}

/// Progress as stored: text without NUL, detail within bounds.
pub(crate) fn progress_value(progress: &Progress) -> Value {
    const MAX_DETAIL: usize = 64 << 10;
    let mut progress = progress.clone();
    progress.message = clean(&progress.message);
    if progress.detail.to_string().len() > MAX_DETAIL {
        progress.detail = Value::String("(more than 64 KiB of details)".to_owned());
    }
    serde_json::to_value(progress).unwrap_or_default()
}

fn clean(text: &str) -> String {
    const MAX: usize = 4000;
    text.chars().filter(|c| *c != '\0').take(MAX).collect()
}

/// Says that this server's jobs live.
pub(crate) async fn beat(store: &Store, server: Uuid) -> Result<(), Problem> {
    let mut tx = store.relay().await?;
    sqlx::query("UPDATE app.job SET heartbeat_at = now() WHERE run_by = $1 AND state = 'running'")
        .bind(server)
        .execute(tx.conn())
        .await?;
    tx.commit().await
}

/// Running jobs of this server that shall be cancelled.
pub(crate) async fn cancelled(store: &Store, server: Uuid) -> Result<Vec<Uuid>, Problem> {
    let mut tx = store.relay().await?;
    let ids = sqlx::query_scalar(
        "SELECT id FROM app.job WHERE run_by = $1 AND state = 'running' AND cancel_requested",
    )
    .bind(server)
    .fetch_all(tx.conn())
    .await?;
    Ok(ids)
}

/// Gives back the jobs of servers that died. `only_ours`: a private database serves one server, so
/// every running job that is not ours belongs to an earlier life.
pub(crate) async fn rescue(store: &Store, server: Uuid, only_ours: bool) -> Result<u64, Problem> {
    let mut tx = store.relay().await?;
    let done = rescue_in(tx.conn(), server, only_ours).await?;
    tx.commit().await?;
    Ok(done)
}

async fn rescue_in(connection: &mut PgConnection, server: Uuid, only_ours: bool) -> Result<u64, Problem> {
    let done = sqlx::query(
        "UPDATE app.job SET run_by = NULL, heartbeat_at = NULL, scheduled_at = now(),
            error = 'the server that ran this job ended in the middle of it',
            state = CASE WHEN cancel_requested THEN 'cancelled' WHEN attempt >= max_attempts THEN 'discarded'
                         ELSE 'retryable' END,
            finished_at = CASE WHEN cancel_requested OR attempt >= max_attempts THEN now() END
         WHERE state = 'running' AND run_by <> $1
           AND ($2 OR heartbeat_at < now() - make_interval(secs => $3))",
    )
    .bind(server)
    .bind(only_ours)
    .bind(LOST_SECONDS)
    .execute(connection)
    .await?;
    Ok(done.rows_affected())
}

/// Forgets finished jobs: completed and cancelled ones after `done`, discarded ones after `failed`.
pub(crate) async fn forget(store: &Store, done: Duration, failed: Duration) -> Result<u64, Problem> {
    const BATCH: u64 = 1_000;
    let mut deleted = 0;
    loop {
        let mut tx = store.relay().await?;
        let gone = sqlx::query(
            "DELETE FROM app.job WHERE ctid IN (
                SELECT ctid FROM app.job WHERE state IN ('completed', 'cancelled', 'discarded')
                AND finished_at < now() - make_interval(secs => CASE state WHEN 'discarded' THEN $2 ELSE $1 END)
                ORDER BY finished_at LIMIT $3)",
        )
        .bind(done.as_secs_f64())
        .bind(failed.as_secs_f64())
        .bind(BATCH.cast_signed())
        .execute(tx.conn())
        .await?
        .rows_affected();
        tx.commit().await?;
        deleted += gone;
        if gone < BATCH {
            return Ok(deleted);
        }
    }
}
