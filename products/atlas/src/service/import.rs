//! The job that imports what was discovered: device by device, each all or not at all, then the cables.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::OnceLock;
use std::time::Duration;

use kit::jobs::Progress;
use kit::{BoxFuture, Ctx, JobCx, JobError, JobHandler, JobKind, NewJob, Problem, SourceOfTruth};
use model::adoption::{ObservedDevice, Repair, Wishes};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::Atlas;
use super::drifting::DRIFT_EXECUTE;
use crate::map::derived_id;

/// The job.
pub(crate) const IMPORT: JobKind = JobKind {
    name: "atlas.import",
    title: "Import what was discovered",
    permission: DRIFT_EXECUTE,
    max_attempts: 3,
    timeout: Duration::from_hours(4),
    per_tenant: 1,
};

/// Devices planned together.
const BATCH: usize = 50;
/// Problems listed at most.
const PROBLEMS: usize = 500;

/// What to import.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Order {
    /// These devices; all when there is no list.
    pub(crate) devices: Option<BTreeSet<Uuid>>,
    /// The site's record for all of them.
    pub(crate) site: Option<Uuid>,
    /// Cables as well.
    pub(crate) cables: bool,
}

/// Runs [`IMPORT`].
#[derive(Default)]
pub(crate) struct ImportJob {
    atlas: OnceLock<Atlas>,
}

impl ImportJob {
    /// Sets the running atlas, once.
    pub(crate) fn start(&self, atlas: Atlas) {
        let _already = self.atlas.set(atlas).is_err();
    }
}

impl JobHandler for ImportJob {
    fn run(&self, cx: JobCx) -> BoxFuture<'_, Result<Value, JobError>> {
        Box::pin(async move {
            let atlas = self.atlas.get();
            let atlas = atlas.ok_or_else(|| JobError::Retry("atlas has not started yet".to_owned()))?;
            let order = serde_json::from_value(cx.args.clone());
            let order: Order = order.map_err(|error| JobError::Fatal(error.to_string()))?;
            Run { atlas, cx: &cx, done: Done::default() }.run(&order).await
        })
    }
}

/// What an import did.
#[derive(Default, Serialize)]
struct Done {
    created: usize,
    existed: usize,
    failed: usize,
    cables: usize,
    problems: Vec<Value>,
}

struct Run<'a> {
    atlas: &'a Atlas,
    cx: &'a JobCx,
    done: Done,
}

impl Run<'_> {
    async fn run(mut self, order: &Order) -> Result<Value, JobError> {
        let ctx = &self.cx.ctx;
        let truth = self.atlas.inner.services.truth()?.clone();
        let found = self.atlas.candidates(ctx.tenant()).await?;
        let wanted =
            |device: &ObservedDevice| order.devices.as_ref().is_none_or(|all| all.contains(&device.entity));
        let devices: Vec<ObservedDevice> = found.devices.into_iter().filter(wanted).collect();
        let wishes = Wishes { site: order.site };
        let mut records: HashMap<Uuid, Uuid> = HashMap::new();
        for (n, batch) in devices.chunks(BATCH).enumerate() {
            self.check_cancel()?;
            self.report((n * BATCH) as u64, devices.len() as u64, "devices");
            self.devices(truth.as_ref(), batch, wishes, &mut records).await?;
        }
        if order.cables {
            let cables = found.cables.into_iter().filter_map(|[a, b]| {
                let record_of = |entity: Uuid| records.get(&entity).copied();
                Some([a.port(record_of)?, b.port(record_of)?])
            });
            let mut by_device: BTreeMap<Uuid, Vec<Repair>> = BTreeMap::new();
            for ends in cables {
                by_device.entry(ends[0].device).or_default().push(Repair::AddCable { ends });
            }
            let total = by_device.len() as u64;
            for (n, repairs) in by_device.into_values().enumerate() {
                self.check_cancel()?;
                self.report(n as u64, total, "devices with cables");
                self.cables(truth.as_ref(), &repairs).await?;
            }
        }
        self.atlas.look_again(ctx.tenant()).await?;
        serde_json::to_value(&self.done).map_err(|error| JobError::Fatal(error.to_string()))
    }

    fn check_cancel(&self) -> Result<(), JobError> {
        if self.cx.cancel.is_cancelled() { Err(JobError::Cancelled) } else { Ok(()) }
    }

    fn report(&self, done: u64, total: u64, what: &str) {
        let message = format!("{done} of {total} {what}, {} created", self.done.created);
        self.cx.progress.report(Progress { done, total: Some(total), message, detail: json!(self.done) });
    }

    fn problem(&mut self, name: &str, why: &str) {
        if self.done.problems.len() < PROBLEMS {
            self.done.problems.push(json!({"name": name, "why": why}));
        }
    }

    async fn devices(
        &mut self,
        truth: &dyn SourceOfTruth,
        batch: &[ObservedDevice],
        wishes: Wishes,
        records: &mut HashMap<Uuid, Uuid>,
    ) -> Result<(), JobError> {
        let ctx = &self.cx.ctx;
        let plans = truth.plan(ctx, batch, wishes).await?;
        let mut wanted = Vec::with_capacity(batch.len());
        for (device, plan) in batch.iter().zip(plans) {
            if let Some(record) = plan.exists {
                self.done.existed += 1;
                records.insert(device.entity, record);
            } else if plan.obstacles.is_empty() {
                wanted.push(device.clone());
            } else {
                self.done.failed += 1;
                self.problem(&device.name, &plan.obstacles.join(" "));
            }
        }
        let made = truth.adopt(ctx, &wanted, wishes, "Imported as discovered").await;
        for (device, made) in wanted.iter().zip(made) {
            match made {
                Ok(record) => {
                    self.done.created += 1;
                    records.insert(device.entity, record);
                }
                Err(problem) => self.refused(&device.name, problem)?,
            }
        }
        Ok(())
    }

    async fn cables(&mut self, truth: &dyn SourceOfTruth, repairs: &[Repair]) -> Result<(), JobError> {
        let because = "Imported as discovered: cables";
        match truth.repair(&self.cx.ctx, repairs, Wishes::default(), because).await {
            Ok(made) => self.done.cables += made.len(),
            Err(problem) => self.refused("cables", problem)?,
        }
        Ok(())
    }

    /// What one device refuses does not stop the others; a server in trouble does.
    fn refused(&mut self, name: &str, problem: Problem) -> Result<(), JobError> {
        if problem.status.is_server_error() || problem.status == axum::http::StatusCode::FORBIDDEN {
            return Err(problem.into());
        }
        self.done.failed += 1;
        self.problem(name, &problem.to_string());
        Ok(())
    }
}

impl Atlas {
    /// Enqueues an import.
    ///
    /// # Errors
    /// 403 without the rights to write all that an import may write; 503 without a source of truth.
    pub(crate) async fn import(&self, ctx: &Ctx, order: &Order) -> Result<Uuid, Problem> {
        self.inner.services.truth()?.authorize_adoption(ctx, false)?;
        let mut tx = ctx.write(ctx.authorize(DRIFT_EXECUTE)?).await?;
        let args = serde_json::to_value(order).map_err(Problem::internal)?;
        // The same order is one job; another order waits for its turn and is not forgotten.
        let key = derived_id(IMPORT.name, &[&args.to_string()]).to_string();
        let job = NewJob { kind: IMPORT.name, args, delay_seconds: 0, unique_key: Some(key), about: None };
        let id = self.inner.services.jobs()?.enqueue(&mut tx, job).await?;
        tx.commit().await?;
        Ok(id)
    }
}
