//! A runner with a handler that does what the arguments say.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use db::testing::TestDatabase;
use jobs::{JobRunner, JobView, MIGRATIONS, Queue, RunnerOptions};
use kit::jobs::Progress;
use kit::plugin::JobRegistration;
use kit::{
    Act, Actor, BoxFuture, Ctx, JobCx, JobError, JobHandler, JobKind, Jobs, NewJob, Permission,
    PermissionObject, TenantId,
};
use serde_json::{Value, json};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

pub(crate) const EXECUTE: Permission = Permission::new("test/things", Act::Execute);
pub(crate) const READ: Permission = Permission::new("platform/jobs", Act::Read);
pub(crate) const KIND: &str = "test.thing";

/// What the handler saw.
#[derive(Default)]
pub(crate) struct Seen {
    pub(crate) runs: Mutex<Vec<(TenantId, Value, Actor)>>,
    pub(crate) now: Mutex<HashMap<TenantId, usize>>,
    pub(crate) most: AtomicUsize,
    pub(crate) release: Notify,
}

pub(crate) struct Handler(pub(crate) Arc<Seen>);

impl JobHandler for Handler {
    fn run(&self, cx: JobCx) -> BoxFuture<'_, Result<Value, JobError>> {
        Box::pin(async move {
            let tenant = cx.ctx.tenant();
            self.0.runs.lock().unwrap().push((tenant, cx.args.clone(), cx.ctx.actor().clone()));
            let now = {
                let mut now = self.0.now.lock().unwrap();
                let count = now.entry(tenant).or_default();
                *count += 1;
                *count
            };
            self.0.most.fetch_max(now, Ordering::SeqCst);
            let result = act(&self.0, &cx).await;
            *self.0.now.lock().unwrap().get_mut(&tenant).unwrap() -= 1;
            result
        })
    }
}

async fn act(seen: &Seen, cx: &JobCx) -> Result<Value, JobError> {
    match cx.args["do"].as_str().unwrap_or_default() {
        "fail once" if cx.attempt == 1 => Err(JobError::Retry("not\0yet".into())),
        "fail" => Err(JobError::Retry("never".into())),
        "fatal" => Err(JobError::Fatal("hopeless".into())),
        "panic" => panic!("on purpose"),
        "large" => Ok(Value::String("x".repeat(300 << 10))),
        "wait" => {
            cx.progress.report(Progress {
                done: 1,
                total: Some(2),
                message: "half".into(),
                detail: json!({"a": 1}),
            });
            tokio::select! {
                () = cx.cancel.cancelled() => Err(JobError::Cancelled),
                () = seen.release.notified() => Ok(json!("released")),
            }
        }
        "hang" => {
            std::future::pending::<()>().await;
            Ok(Value::Null)
        }
        _ => Ok(json!({ "attempt": cx.attempt })),
    }
}

pub(crate) struct World {
    pub(crate) database: TestDatabase,
    pub(crate) queue: Arc<Queue>,
    pub(crate) seen: Arc<Seen>,
    pub(crate) stop: CancellationToken,
}

impl World {
    /// Without a runner.
    pub(crate) async fn new() -> Self {
        let database = TestDatabase::new(&[("bus", bus::MIGRATIONS), ("jobs", MIGRATIONS)]).await;
        let queue = Queue::new(database.store.clone());
        database.store.set_event_writer(bus::Bus::new(database.store.clone()));
        Self { database, queue, seen: Arc::default(), stop: CancellationToken::new() }
    }

    pub(crate) fn start(&self, workers: usize, timeout: Duration) -> JobRunner {
        let kind = JobKind {
            name: KIND,
            title: "Thing",
            permission: EXECUTE,
            max_attempts: 3,
            timeout,
            per_tenant: 2,
        };
        let registrations = vec![JobRegistration { kind, handler: Arc::new(Handler(self.seen.clone())) }];
        let objects = [PermissionObject { object: "platform/jobs", title: "Jobs" }];
        let options = RunnerOptions { workers, ..RunnerOptions::default() };
        let contexts = self.database.contexts(&objects);
        JobRunner::start(
            self.database.store.clone(),
            self.queue.clone(),
            registrations,
            contexts,
            options,
            self.stop.clone(),
        )
    }

    pub(crate) async fn tenant(&self, slug: &str) -> Ctx {
        let tenant = self.database.tenant(slug).await;
        self.database.ctx(tenant, &[EXECUTE, READ])
    }

    pub(crate) async fn add(&self, ctx: &Ctx, what: &str) -> Uuid {
        self.add_keyed(ctx, what, None).await
    }

    pub(crate) async fn add_keyed(&self, ctx: &Ctx, what: &str, key: Option<&str>) -> Uuid {
        let mut tx = ctx.write(ctx.authorize(EXECUTE).unwrap()).await.unwrap();
        let job = NewJob {
            kind: KIND,
            args: json!({ "do": what }),
            delay_seconds: 0,
            unique_key: key.map(str::to_owned),
        };
        let id = self.queue.enqueue(&mut tx, job).await.unwrap();
        tx.commit().await.unwrap();
        id
    }

    pub(crate) async fn view(&self, ctx: &Ctx, id: Uuid) -> JobView {
        let mut tx = ctx.read().await.unwrap();
        self.queue.get(&mut tx, id).await.unwrap()
    }

    /// Waits until the job is so.
    pub(crate) async fn until(&self, ctx: &Ctx, id: Uuid, condition: impl Fn(&JobView) -> bool) -> JobView {
        let mut changes = self.queue.changes();
        for _ in 0..20 {
            let job = self.view(ctx, id).await;
            if condition(&job) {
                return job;
            }
            self.queue.wait_for_change(id, &mut changes).await;
        }
        panic!("{:?}", self.view(ctx, id).await);
    }

    pub(crate) async fn until_state(&self, ctx: &Ctx, id: Uuid, state: &str) -> JobView {
        self.until(ctx, id, |job| job.state == state).await
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}
