//! Asks known devices again, for every tenant: links every 30 s, tables every 5 min. Starts the
//! discoveries of scopes that repeat.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::{Duration, Instant};

use kit::{Ctx, Problem, TenantId};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use uuid::Uuid;

use crate::api::discoveries::enqueue;
use crate::collect::Collector;
use crate::discovery::{
    DeviceLimits, Intervals, KnownTarget, Plan, RefreshOrder, Scheduler, TargetState, refresh,
};
use crate::jobs::{EXECUTE, Engine};
use crate::order::open_credentials;
use crate::snmp::Credential;
use crate::store;

/// How often the list of known devices is read.
const RELOAD: Duration = Duration::from_secs(5);
/// How often it is looked whether somebody is due.
const LOOK: Duration = Duration::from_millis(500);
/// Devices asked at once in one round.
const CONCURRENCY: usize = 128;
/// Rounds at once over all tenants.
const ROUNDS: usize = 4;

/// What is known of one tenant.
struct Tenant {
    scheduler: Scheduler,
    rates: BTreeMap<KnownTarget, u32>,
}

/// The loop.
pub(crate) struct Refresher {
    engine: Arc<Engine>,
    intervals: Intervals,
    stop: CancellationToken,
}

/// A round that ended: whom it asked and who answered.
struct Done {
    tenant: TenantId,
    plan: Plan,
    results: Vec<(KnownTarget, bool)>,
}

impl Refresher {
    pub(crate) fn new(engine: Arc<Engine>, intervals: Intervals, stop: CancellationToken) -> Self {
        Self { engine, intervals, stop }
    }

    /// Runs until the server stops.
    pub(crate) async fn run(self) {
        let mut tenants: HashMap<TenantId, Tenant> = HashMap::new();
        let (sender, mut ended) = tokio::sync::mpsc::channel::<Done>(64);
        let places = Arc::new(Semaphore::new(ROUNDS));
        let rounds = TaskTracker::new();
        let mut reloaded: Option<Instant> = None;
        while !self.stop.is_cancelled() {
            if reloaded.is_none_or(|at| at.elapsed() >= RELOAD) {
                if let Err(problem) = self.reload(&mut tenants).await {
                    tracing::warn!(%problem, "known devices could not be read");
                }
                reloaded = Some(Instant::now());
            }
            for (id, tenant) in &mut tenants {
                for (plan, targets) in tenant.scheduler.due(Instant::now()) {
                    let round = Round {
                        engine: self.engine.clone(),
                        tenant: *id,
                        plan,
                        rate: targets
                            .iter()
                            .filter_map(|target| tenant.rates.get(target))
                            .min()
                            .copied()
                            .unwrap_or(50),
                        targets,
                    };
                    let (sender, places, stop) = (sender.clone(), places.clone(), self.stop.clone());
                    rounds.spawn(async move { round.run(&places, &sender, stop).await });
                }
            }
            tokio::select! {
                Some(done) = ended.recv() => {
                    if let Some(tenant) = tenants.get_mut(&done.tenant) {
                        for (target, answered) in done.results {
                            tenant.scheduler.done(&target, done.plan, answered, Instant::now());
                        }
                    }
                }
                () = tokio::time::sleep(LOOK) => {}
                () = self.stop.cancelled() => {}
            }
        }
        rounds.close();
    }

    async fn reload(&self, tenants: &mut HashMap<TenantId, Tenant>) -> Result<(), Problem> {
        let contexts = self.engine.services.contexts()?.clone();
        let active = contexts.active_tenants().await?;
        tenants.retain(|id, _| active.contains(id));
        for id in active {
            let ctx = contexts.system(id, "monitoring");
            let mut tx = ctx.read().await?;
            let known = store::known_targets(&mut tx).await?;
            let due = store::due_scopes(&mut tx).await?;
            drop(tx);
            for scope in due {
                start_scope(&self.engine, &ctx, scope).await?;
            }
            let tenant = tenants.entry(id).or_insert_with(|| Tenant {
                scheduler: Scheduler::new(self.intervals),
                rates: BTreeMap::new(),
            });
            tenant.rates = known
                .into_iter()
                .map(|target| {
                    let known = KnownTarget {
                        address: target.address,
                        port: target.port,
                        partition: target.partition,
                        credential: target.credential.to_string(),
                    };
                    (known, target.rate)
                })
                .collect();
            tenant.scheduler.set_targets(tenant.rates.keys().cloned().collect(), Instant::now());
        }
        Ok(())
    }
}

/// Starts the discovery of a scope that is due.
async fn start_scope(engine: &Engine, ctx: &Ctx, scope: Uuid) -> Result<(), Problem> {
    let mut tx = ctx.read().await?;
    let request = store::scope_request(&mut tx, scope).await?;
    drop(tx);
    if let Some(request) = request {
        let mut tx = ctx.write(ctx.authorize(EXECUTE)?).await?;
        enqueue(engine.services.jobs()?.as_ref(), &mut tx, Some(scope), &request).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Some devices of one tenant, asked by one plan.
struct Round {
    engine: Arc<Engine>,
    tenant: TenantId,
    plan: Plan,
    rate: u32,
    targets: Vec<KnownTarget>,
}

impl Round {
    async fn run(
        self,
        places: &Semaphore,
        sender: &tokio::sync::mpsc::Sender<Done>,
        stop: CancellationToken,
    ) {
        let Ok(_place) = places.acquire().await else { return };
        let answered = match self.ask(stop).await {
            Ok(answered) => answered,
            Err(problem) => {
                tracing::warn!(tenant = %self.tenant, %problem, "known devices could not be asked");
                Vec::new()
            }
        };
        let results =
            self.targets.iter().map(|target| (target.clone(), answered.contains(&target.address))).collect();
        // A closed channel means that the server stops.
        drop(sender.send(Done { tenant: self.tenant, plan: self.plan, results }).await);
    }

    /// Asks everybody and gives the addresses that answered.
    async fn ask(&self, stop: CancellationToken) -> Result<Vec<std::net::IpAddr>, Problem> {
        let services = &self.engine.services;
        let ctx = services.contexts()?.system(self.tenant, "monitoring");
        let mut ids: Vec<Uuid> =
            self.targets.iter().filter_map(|target| target.credential.parse().ok()).collect();
        ids.sort_unstable();
        ids.dedup();
        let mut tx = ctx.read().await?;
        let credentials: HashMap<String, Credential> =
            open_credentials(&mut tx, services.secrets()?.as_ref(), &ids)
                .await?
                .into_iter()
                .map(|credential| (credential.id.clone(), credential))
                .collect();
        drop(tx);
        let targets = self
            .targets
            .iter()
            .filter_map(|target| Some((target.clone(), credentials.get(&target.credential)?.clone())))
            .collect();
        let limits = DeviceLimits { rate: self.rate, ..DeviceLimits::default() };
        let order = RefreshOrder { targets, plan: self.plan, limits, concurrency: CONCURRENCY };
        let collector = Collector::new();
        let asking = refresh(&self.engine.client, order, collector.clone(), collector.clone(), stop);
        let frames = services.frames()?;
        let report = collector.hand_on(asking, |batch| frames.deliver(&ctx, batch.frames)).await?;
        let answered = report.targets.iter().filter(|target| target.state == TargetState::Answered);
        Ok(answered.map(|target| target.address).collect())
    }
}
