//! The queue: enqueue, cancel, retry, look.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use chrono::{DateTime, Utc};
use db::Store;
use kit::{BoxFuture, Event, JobKind, Jobs, NewJob, Permission, Problem, ReadTx, WriteTx};
use serde::Serialize;
use serde_json::{Value, json};
use sqlx::{PgConnection, Row};
use tokio::sync::{broadcast, watch};
use uuid::Uuid;

/// Unfinished jobs of one tenant.
const MAX_UNFINISHED: i64 = 10_000;
/// Bytes of a job's arguments as JSON.
const MAX_ARGS: usize = 64 << 10;

/// A job as shown. The same names as the record `platform.job`.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct JobView {
    /// Its id.
    pub id: Uuid,
    /// Its kind.
    pub kind: String,
    /// `available`, `scheduled`, `running`, `retryable`, `completed`, `cancelled` or `discarded`.
    pub state: String,
    /// `{"done", "total", "message", "detail"}`, empty before the first report.
    #[schema(value_type = Object)]
    pub progress: Value,
    /// Of a completed job.
    #[schema(value_type = Object)]
    pub result: Value,
    /// Why the last try failed.
    pub error: Option<String>,
    /// Tries begun.
    pub attempt: i64,
    /// Tries altogether; null before the first one.
    pub max_attempts: Option<i64>,
    /// When it was enqueued.
    pub created_at: DateTime<Utc>,
    /// When the next try may begin.
    pub scheduled_at: DateTime<Utc>,
    /// When the last try began.
    pub started_at: Option<DateTime<Utc>>,
    /// When it ended for good.
    pub finished_at: Option<DateTime<Utc>>,
    /// `user:<uuid>`, `system:<part>` ...
    pub created_by: String,
    /// Rises with every change.
    pub version: i64,
}

impl JobView {
    /// Whether nothing will happen any more.
    pub fn is_finished(&self) -> bool {
        matches!(self.state.as_str(), "completed" | "cancelled" | "discarded")
    }
}

/// The queue of one server. `impl kit::Jobs`.
pub struct Queue {
    store: Store,
    /// Work was added or cancelled: look soon.
    hints: watch::Sender<()>,
    /// Ids of jobs of this server whose row changed.
    changes: broadcast::Sender<Uuid>,
    /// Who may steer jobs of a kind; known once the runner has started.
    permissions: OnceLock<HashMap<&'static str, Permission>>,
}

impl std::fmt::Debug for Queue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Queue")
    }
}

impl Queue {
    /// A queue over this store, which has [`crate::MIGRATIONS`] applied.
    pub fn new(store: Store) -> Arc<Self> {
        let (hints, changes) = (watch::channel(()).0, broadcast::channel(256).0);
        Arc::new(Self { store, hints, changes, permissions: OnceLock::new() })
    }

    pub(crate) fn set_kinds(&self, kinds: impl Iterator<Item = JobKind>) {
        self.permissions.set(kinds.map(|kind| (kind.name, kind.permission)).collect()).ok();
    }

    /// Who may cancel or retry jobs of this kind.
    pub fn permission(&self, kind: &str) -> Option<Permission> {
        self.permissions.get()?.get(kind).copied()
    }

    pub(crate) fn store(&self) -> &Store {
        &self.store
    }

    pub(crate) fn hints(&self) -> watch::Receiver<()> {
        self.hints.subscribe()
    }

    pub(crate) fn hint(&self) {
        self.hints.send_replace(());
    }

    pub(crate) fn changed(&self, id: Uuid) {
        // Nobody watches: fine.
        self.changes.send(id).ok();
    }

    /// Waits until the job's row may have changed: a report from this server, or two seconds for
    /// what other servers do.
    pub async fn wait_for_change(&self, id: Uuid, changes: &mut broadcast::Receiver<Uuid>) {
        let told = async {
            while let Ok(other) = changes.recv().await {
                if other == id {
                    return;
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(2), told).await.ok();
    }

    /// Ids of changed jobs, for [`Queue::wait_for_change`]. Subscribe before the first look.
    pub fn changes(&self) -> broadcast::Receiver<Uuid> {
        self.changes.subscribe()
    }

    /// The job of the transaction's tenant.
    ///
    /// # Errors
    /// 404.
    pub async fn get(&self, tx: &mut ReadTx, id: Uuid) -> Result<JobView, Problem> {
        view(tx.conn(), id).await
    }

    /// Cancels: a waiting job at once, a running one as soon as it looks at its token. A finished
    /// one stays as it is.
    ///
    /// # Errors
    /// 404.
    pub async fn cancel(&self, tx: &mut WriteTx, id: Uuid) -> Result<JobView, Problem> {
        sqlx::query(
            "UPDATE app.job SET cancel_requested = true,
                state = CASE state WHEN 'running' THEN 'running' ELSE 'cancelled' END,
                finished_at = CASE state WHEN 'running' THEN NULL ELSE now() END
             WHERE id = $1 AND state IN ('available', 'scheduled', 'retryable', 'running')",
        )
        .bind(id)
        .execute(tx.conn())
        .await?;
        let job = view(tx.conn(), id).await?;
        if job.state == "cancelled" {
            tx.publish(&event("job.cancelled", id, &job.kind, &job.state)).await?;
        }
        self.hint();
        self.changed(id);
        Ok(job)
    }

    /// Lets a discarded or cancelled job run again from the first try; a waiting one at once.
    ///
    /// # Errors
    /// 404, 409 when it runs, is done, or another job has its unique key.
    pub async fn retry(&self, tx: &mut WriteTx, id: Uuid) -> Result<JobView, Problem> {
        let done = sqlx::query(
            "UPDATE app.job SET state = 'available', scheduled_at = now(), finished_at = NULL, error = NULL,
                cancel_requested = false, attempt = 0
             WHERE id = $1 AND state IN ('available', 'scheduled', 'retryable', 'cancelled', 'discarded')",
        )
        .bind(id)
        .execute(tx.conn())
        .await?;
        let job = view(tx.conn(), id).await?;
        if done.rows_affected() == 0 {
            return Err(Problem::conflict("job-state", format!("The job is {}.", job.state)));
        }
        self.hint();
        self.changed(id);
        Ok(job)
    }

    async fn insert(&self, tx: &mut WriteTx, job: &NewJob) -> Result<Option<Uuid>, Problem> {
        let args = serde_json::to_string(&job.args).map_err(Problem::internal)?;
        if args.len() > MAX_ARGS {
            return Err(Problem::field("/args", "too_large", "A job has at most 65536 bytes of arguments."));
        }
        let row = sqlx::query(
            "INSERT INTO app.job (id, kind, state, args, unique_key, scheduled_at)
             VALUES ($1, $2, CASE $5 WHEN 0 THEN 'available' ELSE 'scheduled' END, $3::jsonb, $4,
                     now() + make_interval(secs => $5))
             ON CONFLICT (tenant_id, kind, unique_key)
                WHERE state IN ('available', 'scheduled', 'running', 'retryable') DO NOTHING
             RETURNING id",
        )
        .bind(Uuid::now_v7())
        .bind(job.kind)
        .bind(args)
        .bind(job.unique_key.as_deref())
        .bind(f64::from(job.delay_seconds))
        .fetch_optional(tx.conn())
        .await?;
        Ok(row.map(|row| row.try_get(0)).transpose()?)
    }

    async fn add(&self, tx: &mut WriteTx, job: NewJob) -> Result<Uuid, Problem> {
        let unfinished: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM (SELECT FROM app.job
             WHERE state IN ('available', 'scheduled', 'retryable') LIMIT $1) AS unfinished",
        )
        .bind(MAX_UNFINISHED)
        .fetch_one(tx.conn())
        .await?;
        if unfinished >= MAX_UNFINISHED {
            let detail = format!("This tenant has {MAX_UNFINISHED} jobs waiting, which is the limit.");
            return Err(Problem::conflict("quota-exceeded", detail));
        }
        // The one with the key may finish between the two statements; then the next round inserts.
        for _ in 0..3 {
            if let Some(id) = self.insert(tx, &job).await? {
                tx.publish(&event("job.created", id, job.kind, "available")).await?;
                self.hint();
                return Ok(id);
            }
            let existing = sqlx::query_scalar(
                "SELECT id FROM app.job WHERE kind = $1 AND unique_key = $2
                 AND state IN ('available', 'scheduled', 'running', 'retryable')",
            )
            .bind(job.kind)
            .bind(job.unique_key.as_deref())
            .fetch_optional(tx.conn())
            .await?;
            if let Some(id) = existing {
                return Ok(id);
            }
        }
        Err(Problem::conflict("retry", "Somebody changed the same job at the same time. Try again."))
    }
}

impl Jobs for Queue {
    fn enqueue<'a>(&'a self, tx: &'a mut WriteTx, job: NewJob) -> BoxFuture<'a, Result<Uuid, Problem>> {
        Box::pin(self.add(tx, job))
    }
}

pub(crate) fn event(event_type: &'static str, id: Uuid, kind: &str, state: &str) -> Event {
    let data = json!({ "id": id, "kind": kind, "state": state });
    Event::now(event_type, format!("platform/jobs/{id}"), data)
}

async fn view(connection: &mut PgConnection, id: Uuid) -> Result<JobView, Problem> {
    let row = sqlx::query(
        "SELECT id, kind, state, progress, result, error, attempt, max_attempts, created_at, scheduled_at,
                started_at, finished_at, created_by, version FROM app.job WHERE id = $1",
    )
    .bind(id)
    .fetch_optional(connection)
    .await?
    .ok_or_else(|| Problem::not_found("job"))?;
    Ok(JobView {
        id: row.try_get("id")?,
        kind: row.try_get("kind")?,
        state: row.try_get("state")?,
        progress: row.try_get("progress")?,
        result: row.try_get::<Option<Value>, _>("result")?.unwrap_or_default(),
        error: row.try_get("error")?,
        attempt: row.try_get("attempt")?,
        max_attempts: row.try_get("max_attempts")?,
        created_at: row.try_get("created_at")?,
        scheduled_at: row.try_get("scheduled_at")?,
        started_at: row.try_get("started_at")?,
        finished_at: row.try_get("finished_at")?,
        created_by: row.try_get("created_by")?,
        version: row.try_get("version")?,
    })
}
