//! Publishes what is due, soon after it was written, and everything once a day.

use std::collections::BTreeSet;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use kit::jobs::{Progress, Script};
use kit::{
    Act, BoxFuture, Ctx, JobCx, JobError, JobHandler, JobKind, NewJob, Permission, Problem, Services,
    TenantId, WriteTx,
};
use model::{Completeness, Document, Frame, Method, Subject};
use serde_json::{Value, json};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::store::intended as store;

/// Quiet time after a write, so that one import makes few documents.
const SETTLE: Duration = Duration::from_millis(200);
/// What other servers of a cluster wrote is found this often.
const LOOK: Duration = Duration::from_secs(30);
/// Devices whose documents are made together.
const BATCH: usize = 100;
/// Everything is published again after this many hours.
const FULL_HOURS: i64 = 24;

/// Who may have everything published.
const EXECUTE: Permission = Permission::new("inventory/devices", Act::Execute);

/// The job that publishes everything.
pub(crate) const PUBLISH: JobKind = JobKind {
    name: "inventory.publish",
    title: "Publish the inventory",
    permission: EXECUTE,
    max_attempts: 3,
    timeout: Duration::from_hours(1),
    per_tenant: 1,
};

/// The same for people.
pub(crate) const PUBLISH_SCRIPT: Script = Script {
    description: "Publishes everything that should be, so that drift is looked for in all of it.",
    parameters: &[],
};

/// Tenants in which something was written, and the bell that tells the publisher. Hooks are static
/// and know no publisher, so this is the one thing they share in this process.
static WRITTEN: Mutex<BTreeSet<TenantId>> = Mutex::new(BTreeSet::new());
static BELL: Notify = Notify::const_new();

/// Something was written in this tenant.
pub(crate) fn wake(tenant: TenantId) {
    WRITTEN.lock().unwrap_or_else(PoisonError::into_inner).insert(tenant);
    BELL.notify_one();
}

/// Publishes for all tenants.
#[derive(Clone)]
pub(crate) struct Publisher {
    services: Services,
}

impl Publisher {
    pub(crate) fn new(services: Services) -> Self {
        Self { services }
    }

    /// Publishes what is due until the server stops.
    pub(crate) async fn run(self, stop: CancellationToken) {
        loop {
            let all = tokio::select! {
                () = BELL.notified() => false,
                () = tokio::time::sleep(LOOK) => true,
                () = stop.cancelled() => return,
            };
            tokio::time::sleep(SETTLE).await;
            let written = std::mem::take(&mut *WRITTEN.lock().unwrap_or_else(PoisonError::into_inner));
            if let Err(problem) = self.round(all, &written).await {
                tracing::warn!(%problem, "intended documents could not be published; they stay due");
            }
        }
    }

    async fn round(&self, all: bool, written: &BTreeSet<TenantId>) -> Result<(), Problem> {
        for tenant in self.services.contexts()?.active_tenants().await? {
            if all || written.contains(&tenant) {
                self.due(tenant).await?;
            }
            if all {
                self.order_full(tenant).await?;
            }
        }
        Ok(())
    }

    fn system(&self, tenant: TenantId) -> Result<Ctx, Problem> {
        Ok(self.services.contexts()?.system(tenant, "inventory"))
    }

    async fn begin(&self, tenant: TenantId) -> Result<(Ctx, WriteTx), Problem> {
        let ctx = self.system(tenant)?;
        let mut tx = ctx.write(ctx.authorize(EXECUTE)?).await?;
        store::lock(&mut tx).await?;
        Ok((ctx, tx))
    }

    /// Publishes all that is due in a tenant.
    pub(crate) async fn due(&self, tenant: TenantId) -> Result<(), Problem> {
        loop {
            let (ctx, mut tx) = self.begin(tenant).await?;
            let marks = store::due(&mut tx).await?;
            if marks.is_empty() {
                return Ok(());
            }
            let devices: BTreeSet<Uuid> = marks.iter().map(|(_, device)| *device).collect();
            let devices: Vec<Uuid> = devices.into_iter().collect();
            for batch in devices.chunks(BATCH) {
                self.publish(&ctx, &mut tx, batch).await?;
            }
            let marks: Vec<Uuid> = marks.into_iter().map(|(mark, _)| mark).collect();
            store::done(&mut tx, &marks).await?;
            tx.commit().await?;
        }
    }

    async fn publish(&self, ctx: &Ctx, tx: &mut WriteTx, devices: &[Uuid]) -> Result<(), Problem> {
        let at = Utc::now();
        let documents = store::documents(tx, devices).await?;
        let frames = documents
            .into_iter()
            .map(|device| frame(device.record.to_string(), at, Document::Intended(device)))
            .collect();
        self.services.frames()?.deliver(ctx, frames).await
    }

    /// Enqueues the job that publishes everything, when that was long ago or never.
    async fn order_full(&self, tenant: TenantId) -> Result<(), Problem> {
        let (_, mut tx) = self.begin(tenant).await?;
        let at = store::published_at(&mut tx).await?;
        if at.is_some_and(|at| (Utc::now() - at).num_hours() < FULL_HOURS) {
            return Ok(());
        }
        let kind = PUBLISH.name;
        let key = Some(kind.to_owned());
        let job = NewJob { kind, args: json!({}), delay_seconds: 0, unique_key: key, about: None };
        self.services.jobs()?.enqueue(&mut tx, job).await?;
        tx.commit().await
    }

    /// Publishes every device and the list of them.
    async fn full(&self, cx: &JobCx) -> Result<Value, JobError> {
        let tenant = cx.ctx.tenant();
        let began = Utc::now();
        let (mut roster, mut behind, mut total) = (Vec::new(), Uuid::nil(), None);
        loop {
            if cx.cancel.is_cancelled() {
                return Err(JobError::Cancelled);
            }
            let (ctx, mut tx) = self.begin(tenant).await?;
            if total.is_none() {
                total = Some(store::device_count(&mut tx).await?);
            }
            let devices = store::devices_behind(&mut tx, behind, BATCH as i64).await?;
            let Some(last) = devices.last() else {
                return self.finish(&ctx, tx, roster, began).await;
            };
            behind = *last;
            self.publish(&ctx, &mut tx, &devices).await?;
            tx.commit().await?;
            roster.extend(devices);
            cx.progress.report(Progress {
                done: roster.len() as u64,
                total: total.and_then(|total| u64::try_from(total).ok()),
                message: format!("{} devices published", roster.len()),
                detail: Value::Null,
            });
        }
    }

    /// Who is not in the list and was not published since it was begun is there no more.
    async fn finish(
        &self,
        ctx: &Ctx,
        mut tx: WriteTx,
        roster: Vec<Uuid>,
        began: DateTime<Utc>,
    ) -> Result<Value, JobError> {
        let devices = roster.len();
        let frames = vec![frame("roster".to_owned(), began, Document::IntendedRoster(roster))];
        self.services.frames()?.deliver(ctx, frames).await?;
        store::set_published(&mut tx, began).await?;
        tx.commit().await?;
        Ok(json!({"devices": devices}))
    }
}

/// A frame of the source of truth: complete, and true until it says otherwise.
fn frame(key: String, at: DateTime<Utc>, document: Document) -> Frame {
    Frame {
        subject: Subject::intended(key),
        method: Method::Stated,
        started: at,
        ended: at,
        completeness: Completeness::complete(1),
        ttl_seconds: u32::MAX,
        kind: document.kind(),
        document: Some(document),
    }
}

/// Runs [`PUBLISH`].
#[derive(Default)]
pub(crate) struct PublishJob {
    pub(crate) publisher: OnceLock<Publisher>,
}

impl JobHandler for PublishJob {
    fn run(&self, cx: JobCx) -> BoxFuture<'_, Result<Value, JobError>> {
        Box::pin(async move {
            let publisher = self.publisher.get();
            let publisher =
                publisher.ok_or_else(|| JobError::Retry("the inventory has not started yet".to_owned()))?;
            publisher.full(&cx).await
        })
    }
}
