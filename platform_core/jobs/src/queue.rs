//! The queue: what everybody else has of this room.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, Weak};
use std::time::Duration;

use chrono::{DateTime, Utc};
use db::Store;
use kit::jobs::{Progress, Script, Start, Turn, Worker};
use kit::{BoxFuture, Ctx, Event, JobKind, Jobs, NewJob, Problem, ReadTx, TenantId, WriteTx};
use serde_json::json;
use tokio::sync::{Notify, Semaphore, watch};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::numbers::Numbers;
use crate::running::{Cause, Running, lock};
use crate::scripts;
use crate::sql::{self, Depth};
use crate::value::{MAX_ARGS, has_nul};
use crate::view::{self, JobView};
use crate::{EXECUTE, schedule};

/// Live streams of this process at once.
const MAX_STREAMS: usize = 256;
/// Waiting jobs of one tenant.
const MAX_WAITING: i64 = 10_000;
/// A unique key may vanish between two looks at it; then it is tried again.
const UNIQUE_TRIES: usize = 5;

/// What happens to a job right now, in this process. Jobs that run elsewhere are silent here.
#[derive(Clone, Debug, Default)]
pub struct Live {
    /// Progress newer than what the table holds.
    pub progress: Option<Progress>,
    /// Rises whenever the job's row was changed: read it again.
    pub turns: u64,
}

/// The job queue. One per process.
pub struct Queue {
    store: Store,
    /// The kinds of this server, once the runner has started.
    kinds: OnceLock<HashMap<&'static str, JobKind>>,
    /// Rings when there may be something to claim or a place became free.
    pub(crate) wake: Arc<Notify>,
    pub(crate) running: Running,
    watchers: Mutex<HashMap<Uuid, watch::Sender<Live>>>,
    pub(crate) streams: Arc<Semaphore>,
    /// Ends live streams when the server stops.
    pub(crate) closing: CancellationToken,
    numbers: Numbers,
    /// The worker of this process, once it has started.
    worker: OnceLock<Worker>,
    /// What the worker has done, by tenant.
    tallies: Mutex<HashMap<TenantId, Tally>>,
    me: Weak<Self>,
}

/// What the worker of this process has done for a tenant.
#[derive(Clone, Copy, Default)]
struct Tally {
    completed: u64,
    failed: u64,
    /// Time of all tries.
    worked: Duration,
}

/// A job to be added: when, and for which schedule.
pub(crate) struct Order {
    pub(crate) job: NewJob,
    /// Not before.
    pub(crate) at: Option<DateTime<Utc>>,
    /// The schedule, and its interval in minutes.
    pub(crate) schedule: Option<(Uuid, Option<i64>)>,
}

impl Order {
    fn waits(&self) -> bool {
        self.job.delay_seconds > 0 || self.at.is_some_and(|at| at > Utc::now())
    }

    fn initial_state(&self) -> &'static str {
        if self.waits() { "scheduled" } else { "available" }
    }
}

impl std::fmt::Debug for Queue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Queue").field("running", &self.running.len()).finish_non_exhaustive()
    }
}

impl Queue {
    /// The queue over the store, which has [`crate::MIGRATIONS`] applied. Jobs can be enqueued at
    /// once; they run when a [`JobRunner`](crate::JobRunner) was started.
    pub fn new(store: Store) -> Arc<Self> {
        Arc::new_cyclic(|me| Self {
            store,
            kinds: OnceLock::new(),
            wake: Arc::default(),
            running: Running::default(),
            watchers: Mutex::default(),
            streams: Arc::new(Semaphore::new(MAX_STREAMS)),
            closing: CancellationToken::new(),
            numbers: Numbers::default(),
            worker: OnceLock::new(),
            tallies: Mutex::default(),
            me: me.clone(),
        })
    }

    /// A job of the transaction's tenant.
    ///
    /// # Errors
    /// 503.
    pub async fn get(&self, tx: &mut ReadTx, id: Uuid) -> Result<Option<JobView>, Problem> {
        view::fetch(tx.conn(), id).await
    }

    /// Cancels a job of the transaction's tenant: a waiting one at once, a running one by its token,
    /// in whichever process it runs. The caller has authorised it. Cancelling twice is fine.
    ///
    /// # Errors
    /// 404 when there is no such job, 409 `finished` when it ended otherwise before.
    pub async fn cancel(self: &Arc<Self>, tx: &mut WriteTx, id: Uuid) -> Result<(), Problem> {
        let changed = sqlx::query(
            "UPDATE app.job SET cancel_requested = true,
                 state = CASE state WHEN 'running' THEN state ELSE 'cancelled' END,
                 finished_at = CASE state WHEN 'running' THEN NULL ELSE now() END
             WHERE id = $1 AND finished_at IS NULL",
        )
        .bind(id)
        .execute(tx.conn())
        .await?;
        let job = view::fetch(tx.conn(), id).await?.ok_or_else(|| Problem::not_found("job"))?;
        if changed.rows_affected() == 0 {
            return match job.state.as_str() {
                "cancelled" => Ok(()),
                state => Err(Problem::conflict("finished", format!("The job is {state} already."))),
            };
        }
        if job.is_finished() {
            tx.publish(&event("job.cancelled", id, &job.kind, &job.state)).await?;
        }
        let queue = self.clone();
        tx.after_commit(move || {
            for run in queue.running.all().into_iter().filter(|run| run.id == id) {
                run.end(Cause::User);
            }
            queue.turned(id);
        });
        Ok(())
    }

    /// Lets a given-up or cancelled job of the transaction's tenant run again from its first try, a
    /// waiting one now. The caller has authorised it.
    ///
    /// # Errors
    /// 404, 409 `job-state` when it runs or is completed, 409 when its unique key is taken meanwhile.
    pub async fn retry(self: &Arc<Self>, tx: &mut WriteTx, id: Uuid) -> Result<(), Problem> {
        let changed = sqlx::query(
            "UPDATE app.job SET state = 'available', scheduled_at = now(), finished_at = NULL, error = NULL,
                 cancel_requested = false, attempt = 0, lost = 0
             WHERE id = $1 AND state NOT IN ('running', 'completed')",
        )
        .bind(id)
        .execute(tx.conn())
        .await?;
        if changed.rows_affected() == 0 {
            let job = view::fetch(tx.conn(), id).await?.ok_or_else(|| Problem::not_found("job"))?;
            return Err(Problem::conflict("job-state", format!("The job is {}.", job.state)));
        }
        let queue = self.clone();
        tx.after_commit(move || {
            queue.wake.notify_one();
            queue.turned(id);
        });
        Ok(())
    }

    /// What happens to a job from now on, as far as it happens in this process. Whoever passes it on
    /// to a user reads the job in the user's name first: ids are not checked here.
    pub fn watch(&self, id: Uuid) -> watch::Receiver<Live> {
        let mut watchers = lock(&self.watchers);
        watchers.retain(|_, sender| sender.receiver_count() > 0);
        watchers.entry(id).or_insert_with(|| watch::Sender::new(Live::default())).subscribe()
    }

    /// Unfinished jobs over all tenants by kind and state, for metrics.
    ///
    /// # Errors
    /// 503.
    pub async fn depth(&self) -> Result<Vec<Depth>, Problem> {
        sql::depth(self.store.relay().await?.conn()).await
    }

    /// The kind, when this server has it.
    pub(crate) fn kind(&self, name: &str) -> Option<JobKind> {
        self.kinds.get()?.get(name).copied()
    }

    /// The first runner's kinds stay: a later one in the same process has the same plugins.
    pub(crate) fn set_kinds(&self, kinds: HashMap<&'static str, JobKind>) {
        self.kinds.get_or_init(|| kinds);
    }

    /// Tells watchers that the row changed.
    pub(crate) fn turned(&self, id: Uuid) {
        self.signal(id, |live| *live = Live { progress: None, turns: live.turns + 1 });
    }

    /// Tells watchers how far it is.
    pub(crate) fn progressed(&self, id: Uuid, progress: &Progress) {
        self.signal(id, |live| live.progress = Some(progress.clone()));
    }

    fn signal(&self, id: Uuid, change: impl FnOnce(&mut Live)) {
        if let Some(sender) = lock(&self.watchers).get(&id) {
            sender.send_modify(change);
        }
    }

    fn check(&self, job: &NewJob) -> Result<(), Problem> {
        if self.kinds.get().is_some_and(|kinds| !kinds.contains_key(job.kind)) {
            return Err(Problem::internal(format!("nobody declared the job kind `{}`", job.kind)));
        }
        if job.args.to_string().len() > MAX_ARGS {
            return Err(Problem::field(
                "/args",
                "too_long",
                "The arguments of a job are larger than 64 KiB. Store them and name their id.",
            ));
        }
        if has_nul(&job.args) {
            return Err(Problem::field("/args", "nul", "A text contains a NUL character. Remove it."));
        }
        if let Some(key) = &job.unique_key
            && (key.is_empty() || key.chars().count() > 200 || key.contains('\0'))
        {
            return Err(Problem::field(
                "/unique_key",
                "length",
                "A unique key has 1 to 200 characters, no NUL.",
            ));
        }
        Ok(())
    }

    /// Forgets a job of the transaction's tenant that does not run; one that waits is cancelled with it. The
    /// caller has authorised it.
    ///
    /// # Errors
    /// 404, 409 `job-state` when it runs.
    async fn forget(self: &Arc<Self>, tx: &mut WriteTx, id: Uuid) -> Result<(), Problem> {
        let job = view::fetch(tx.conn(), id).await?.ok_or_else(|| Problem::not_found("job"))?;
        let gone = sqlx::query("DELETE FROM app.job WHERE id = $1 AND state <> 'running'")
            .bind(id)
            .execute(tx.conn())
            .await?;
        if gone.rows_affected() == 0 {
            return Err(Problem::conflict("job-state", "The job is running. Cancel it first."));
        }
        if !job.is_finished() {
            tx.publish(&event("job.cancelled", id, &job.kind, "cancelled")).await?;
        }
        let queue = self.clone();
        tx.after_commit(move || queue.turned(id));
        Ok(())
    }

    /// Does something with a job: needs the right over jobs, and that of its kind.
    pub(crate) async fn turn(self: &Arc<Self>, ctx: &Ctx, id: Uuid, turn: Turn) -> Result<(), Problem> {
        let granted = ctx.authorize(EXECUTE)?;
        let mut tx = ctx.write(granted).await?;
        let job = view::fetch(tx.conn(), id).await?.ok_or_else(|| Problem::not_found("job"))?;
        if let Some(kind) = self.kind(&job.kind) {
            ctx.authorize(kind.permission)?;
        }
        match turn {
            Turn::Cancel => self.cancel(&mut tx, id).await?,
            Turn::Retry => self.retry(&mut tx, id).await?,
            Turn::Delete => self.forget(&mut tx, id).await?,
        }
        tx.commit().await
    }

    /// The worker of this process begins. The first one stays.
    pub(crate) fn works(&self, id: Uuid, server: &str) {
        self.worker.get_or_init(|| Worker {
            id,
            server: server.to_owned(),
            process: std::process::id(),
            since: Utc::now(),
            busy: false,
            completed: 0,
            failed: 0,
            worked: Duration::ZERO,
        });
    }

    /// A try has ended.
    pub(crate) fn worked(&self, tenant: TenantId, time: Duration, completed: bool) {
        let mut tallies = lock(&self.tallies);
        let tally = tallies.entry(tenant).or_default();
        let counter = if completed { &mut tally.completed } else { &mut tally.failed };
        *counter += 1;
        tally.worked = tally.worked.saturating_add(time);
    }

    /// Starts a script in the caller's transaction and name.
    async fn begin(&self, tx: &mut WriteTx, start: Start) -> Result<Uuid, Problem> {
        let (kind, script) = scripts::known(&start.script).ok_or_else(|| Problem::not_found("script"))?;
        tx.ctx().authorize(EXECUTE)?;
        tx.ctx().authorize(kind.permission)?;
        let args = script.arguments(&start.args).map_err(Problem::invalid)?;
        let about = script.about(&args);
        let unique_key = start.schedule.map(|(id, _)| schedule::key(id));
        let job = NewJob { kind: kind.name, args, delay_seconds: 0, unique_key, about };
        self.add(tx, Order { job, at: start.at, schedule: start.schedule }).await
    }

    /// Adds a job in the caller's transaction.
    pub(crate) async fn add(&self, tx: &mut WriteTx, order: Order) -> Result<Uuid, Problem> {
        let job = &order.job;
        self.check(job)?;
        let full: bool = sqlx::query_scalar(
            "SELECT EXISTS (SELECT FROM app.job WHERE state IN ('available', 'scheduled', 'retryable') OFFSET $1)",
        )
        .bind(MAX_WAITING - 1)
        .fetch_one(tx.conn())
        .await?;
        if full {
            let detail =
                format!("{MAX_WAITING} jobs are waiting in this tenant, which is the limit. Cancel some.");
            return Err(Problem::conflict("quota-exceeded", detail));
        }
        let id = Uuid::now_v7();
        let number = self.numbers.next(tx).await?;
        for _ in 0..UNIQUE_TRIES {
            if insert(tx, &order, id, number).await? {
                let state = order.initial_state();
                tx.publish(&event("job.created", id, job.kind, state)).await?;
                if !order.waits() {
                    let wake = self.wake.clone();
                    tx.after_commit(move || wake.notify_one());
                }
                return Ok(id);
            }
            if let Some(id) = holder(tx, job).await? {
                return Ok(id);
            }
        }
        Err(Problem::conflict("retry", "Jobs with this key come and go. Try again."))
    }
}

impl Jobs for Queue {
    fn enqueue<'a>(&'a self, tx: &'a mut WriteTx, job: NewJob) -> BoxFuture<'a, Result<Uuid, Problem>> {
        Box::pin(self.add(tx, Order { job, at: None, schedule: None }))
    }

    fn scripts(&self) -> Vec<(JobKind, Script)> {
        scripts::all()
    }

    fn start<'a>(&'a self, tx: &'a mut WriteTx, start: Start) -> BoxFuture<'a, Result<Uuid, Problem>> {
        Box::pin(self.begin(tx, start))
    }

    fn steer<'a>(&'a self, ctx: &'a Ctx, job: Uuid, turn: Turn) -> BoxFuture<'a, Result<(), Problem>> {
        Box::pin(async move {
            let queue = self.me.upgrade().ok_or_else(|| Problem::unavailable("The server is stopping."))?;
            queue.turn(ctx, job, turn).await
        })
    }

    fn worker(&self, tenant: TenantId) -> Option<Worker> {
        let worker = self.worker.get()?;
        let Tally { completed, failed, worked } =
            lock(&self.tallies).get(&tenant).copied().unwrap_or_default();
        let busy = self.running.all().iter().any(|run| run.tenant == tenant.0);
        Some(Worker { busy, completed, failed, worked, ..worker.clone() })
    }
}

/// False when its key is taken.
async fn insert(tx: &mut WriteTx, order: &Order, id: Uuid, number: i64) -> Result<bool, Problem> {
    let (actor, request) = (tx.ctx().actor().to_string(), tx.ctx().request_id());
    let job = &order.job;
    let inserted = sqlx::query(
        "INSERT INTO app.job (id, number, kind, args, state, unique_key, scheduled_at, created_by, request_id,
             object_type, object_id, schedule, repeat_minutes)
         VALUES ($1, $2, $3, $4, $5, $6, coalesce($7, now() + make_interval(secs => $8)), $9, $10, $11, $12, $13, $14)
         ON CONFLICT (tenant_id, kind, unique_key) WHERE finished_at IS NULL DO NOTHING",
    )
    .bind(id)
    .bind(number)
    .bind(job.kind)
    .bind(&job.args)
    .bind(order.initial_state())
    .bind(&job.unique_key)
    .bind(order.at.filter(|_| order.waits()))
    .bind(f64::from(job.delay_seconds))
    .bind(actor)
    .bind(request)
    .bind(job.about.map(|(model, _)| model))
    .bind(job.about.map(|(_, id)| id))
    .bind(order.schedule.map(|(id, _)| id))
    .bind(order.schedule.and_then(|(_, minutes)| minutes))
    .execute(tx.conn())
    .await?;
    Ok(inserted.rows_affected() == 1)
}

async fn holder(tx: &mut WriteTx, job: &NewJob) -> Result<Option<Uuid>, Problem> {
    Ok(sqlx::query_scalar(
        "SELECT id FROM app.job WHERE kind = $1 AND unique_key = $2 AND finished_at IS NULL",
    )
    .bind(job.kind)
    .bind(&job.unique_key)
    .fetch_optional(tx.conn())
    .await?)
}

/// An event about a job.
pub(crate) fn event(event_type: &'static str, id: Uuid, kind: &str, state: &str) -> Event {
    let data = json!({ "id": id, "kind": kind, "state": state });
    Event::now(event_type, format!("platform/jobs/{id}"), data)
}
