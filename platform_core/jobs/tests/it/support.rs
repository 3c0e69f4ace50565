//! A runner with a handler that does what the arguments say.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use db::testing::TestDatabase;
use jobs::{JobRunner, JobView, MIGRATIONS, Queue, RunnerOptions};
use kit::jobs::{Parameter, ParameterKind, Progress, Script};
use kit::plugin::JobRegistration;
use kit::{
    Act, Actor, BoxFuture, Ctx, JobCx, JobError, JobHandler, JobKind, Jobs, NewJob, Permission,
    PermissionObject, TenantId,
};
use serde_json::{Value, json};
use sqlx::Executor;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

pub(crate) const STEER: Permission = Permission::new("test/things", Act::Execute);
/// At most two at once in a tenant, three attempts.
pub(crate) const KIND: &str = "test.thing";
/// Without a cap of its own.
pub(crate) const SMALL: &str = "test.small";
const SCRIPT: Script = Script {
    description: "A thing for tests.",
    parameters: &[
        Parameter { name: "loud", label: "Loud", kind: ParameterKind::Flag, required: false },
        Parameter { name: "of", label: "Of", kind: ParameterKind::Record("test.thing"), required: false },
    ],
};
/// The name under which test runners run.
pub(crate) const SERVER: &str = "here";
const PATIENCE: Duration = Duration::from_secs(20);

/// What the handler saw.
#[derive(Default)]
pub(crate) struct Seen {
    pub(crate) runs: Mutex<Vec<(TenantId, Value, Actor, Instant)>>,
    now: Mutex<HashMap<TenantId, usize>>,
    /// Most at once in one tenant.
    pub(crate) most: Mutex<usize>,
    /// Lets one waiting job go on.
    pub(crate) release: Notify,
}

struct Handler(Arc<Seen>);

/// Counts a try for as long as it lives, also when it is dropped.
struct Counted<'a>(&'a Seen, TenantId);

impl<'a> Counted<'a> {
    fn new(seen: &'a Seen, tenant: TenantId) -> Self {
        let mut now = seen.now.lock().unwrap();
        let count = now.entry(tenant).or_default();
        *count += 1;
        let mut most = seen.most.lock().unwrap();
        *most = (*most).max(*count);
        Self(seen, tenant)
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        *self.0.now.lock().unwrap().get_mut(&self.1).unwrap() -= 1;
    }
}

impl JobHandler for Handler {
    fn run(&self, cx: JobCx) -> BoxFuture<'_, Result<Value, JobError>> {
        Box::pin(async move {
            let (tenant, actor) = (cx.ctx.tenant(), cx.ctx.actor().clone());
            self.0.runs.lock().unwrap().push((tenant, cx.args.clone(), actor, Instant::now()));
            let _counted = Counted::new(&self.0, tenant);
            act(&self.0, &cx).await
        })
    }
}

async fn act(seen: &Seen, cx: &JobCx) -> Result<Value, JobError> {
    match cx.args["do"].as_str().unwrap_or_default() {
        "fail once" if cx.attempt == 1 => Err(JobError::Retry("not\0yet".into())),
        "fail" => Err(JobError::Retry("never".into())),
        "fatal" => Err(JobError::Fatal("hopeless".into())),
        "panic" => panic!("on purpose"),
        "large" => Ok(Value::String("x".repeat(2 << 20))),
        "nul" => Ok(json!({"a\0": "b\0"})),
        "count" => {
            for done in 1..=1000 {
                let message = format!("{done}\0");
                cx.progress.report(Progress { done, total: Some(1000), message, detail: Value::Null });
            }
            Ok(Value::Null)
        }
        "wait" => {
            let (message, detail) = ("half".to_owned(), json!({"a": 1}));
            cx.progress.report(Progress { done: 1, total: Some(2), message, detail });
            tokio::select! {
                () = cx.cancel.cancelled() => Err(JobError::Cancelled),
                () = seen.release.notified() => Ok(json!("released")),
            }
        }
        // Fails as something fails whose work was taken away.
        "stubborn" => {
            cx.cancel.cancelled().await;
            Err(JobError::Retry("connection lost".into()))
        }
        "deaf" => std::future::pending().await,
        _ => Ok(json!({ "attempt": cx.attempt })),
    }
}

pub(crate) struct World {
    pub(crate) database: TestDatabase,
    pub(crate) queue: Arc<Queue>,
    pub(crate) seen: Arc<Seen>,
    pub(crate) stop: CancellationToken,
}

/// How a test runner differs from the usual one.
pub(crate) struct Setup {
    pub(crate) workers: usize,
    pub(crate) per_tenant: u16,
    pub(crate) timeout: Duration,
    pub(crate) grace: Duration,
    pub(crate) server: &'static str,
}

impl Default for Setup {
    fn default() -> Self {
        let (timeout, grace) = (Duration::from_mins(1), Duration::from_secs(5));
        Self { workers: 4, per_tenant: 64, timeout, grace, server: SERVER }
    }
}

impl World {
    /// Without a runner.
    pub(crate) async fn new() -> Self {
        let database = TestDatabase::new(&[
            ("bus", bus::MIGRATIONS),
            ("records", records::MIGRATIONS),
            ("jobs", MIGRATIONS),
        ])
        .await;
        let queue = Queue::new(database.store.clone());
        database.store.set_event_writer(bus::Bus::new(database.store.clone()));
        Self { database, queue, seen: Arc::default(), stop: CancellationToken::new() }
    }

    pub(crate) fn start(&self) -> JobRunner {
        self.start_with(&Setup::default())
    }

    pub(crate) fn start_with(&self, setup: &Setup) -> JobRunner {
        self.start_on(&self.queue, setup)
    }

    /// A runner on a queue of its own is another process.
    pub(crate) fn start_on(&self, queue: &Arc<Queue>, setup: &Setup) -> JobRunner {
        let register = |name, per_tenant| {
            let (timeout, permission) = (setup.timeout, STEER);
            let kind = JobKind { name, title: "Thing", permission, max_attempts: 3, timeout, per_tenant };
            JobRegistration { kind, script: Some(SCRIPT), handler: Arc::new(Handler(self.seen.clone())) }
        };
        let (workers, per_tenant, grace) = (setup.workers, setup.per_tenant, setup.grace);
        let options = RunnerOptions { workers, per_tenant, grace, server: Some(setup.server.to_owned()) };
        let objects = [PermissionObject { object: "platform/jobs", title: "Jobs" }];
        let (store, queue) = (self.database.store.clone(), queue.clone());
        let kinds = vec![register(KIND, 2), register(SMALL, u16::MAX)];
        let contexts = self.database.contexts(&objects);
        JobRunner::start(store, queue, kinds, contexts, options, self.stop.clone())
    }

    pub(crate) async fn tenant(&self, slug: &str) -> Ctx {
        let tenant = self.database.tenant(slug).await;
        self.database.ctx(tenant, &[STEER, jobs::READ, jobs::EXECUTE])
    }

    pub(crate) async fn add(&self, ctx: &Ctx, what: &str) -> Uuid {
        self.enqueue(ctx, job(what)).await
    }

    pub(crate) async fn enqueue(&self, ctx: &Ctx, job: NewJob) -> Uuid {
        let mut tx = ctx.write(ctx.authorize(STEER).unwrap()).await.unwrap();
        let id = self.queue.enqueue(&mut tx, job).await.unwrap();
        tx.commit().await.unwrap();
        id
    }

    /// Cancels through any queue, as another process would.
    pub(crate) async fn cancel(&self, queue: &Arc<Queue>, ctx: &Ctx, id: Uuid) {
        let mut tx = ctx.write(ctx.authorize(jobs::EXECUTE).unwrap()).await.unwrap();
        queue.cancel(&mut tx, id).await.unwrap();
        tx.commit().await.unwrap();
    }

    pub(crate) async fn view(&self, ctx: &Ctx, id: Uuid) -> JobView {
        let mut tx = ctx.read().await.unwrap();
        self.queue.get(&mut tx, id).await.unwrap().expect("the job is there")
    }

    /// Waits until the job is so.
    pub(crate) async fn until(&self, ctx: &Ctx, id: Uuid, condition: impl Fn(&JobView) -> bool) -> JobView {
        let mut live = self.queue.watch(id);
        let begun = Instant::now();
        loop {
            let job = self.view(ctx, id).await;
            if condition(&job) {
                return job;
            }
            assert!(begun.elapsed() < PATIENCE, "waited in vain: {job:?}");
            // Progress gets into the row only twice a second.
            tokio::time::timeout(Duration::from_millis(100), live.changed()).await.ok();
        }
    }

    pub(crate) async fn until_state(&self, ctx: &Ctx, id: Uuid, state: &str) -> JobView {
        self.until(ctx, id, |job| job.state == state).await
    }

    /// Waits until the handler began this many tries.
    pub(crate) async fn until_runs(&self, count: usize) {
        let begun = Instant::now();
        while self.seen.runs.lock().unwrap().len() < count {
            assert!(begun.elapsed() < PATIENCE, "waited in vain for {count} runs");
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    pub(crate) async fn sql(&self, statement: &'static str) {
        self.database.superuser().await.execute(statement).await.unwrap();
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

pub(crate) fn job(what: &str) -> NewJob {
    NewJob { kind: KIND, args: json!({ "do": what }), delay_seconds: 0, unique_key: None, about: None }
}
