//! The runner: claims jobs and starts them.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use db::Store;
use kit::plugin::JobRegistration;
use kit::services::SystemContexts;
use kit::{JobCx, Problem, TenantId};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tracing::Instrument;
use uuid::Uuid;

use crate::attempt::{context, judge, supervise};
use crate::ends::{Ends, Events, start_events};
use crate::keeper::Keeper;
use crate::queue::Queue;
use crate::running::{Cause, Reporter, Run};
use crate::scripts;
use crate::sql::{self, Claim, Claimed, End, Finish};
use crate::value::progress_json;

/// The queue is looked at this often even when nobody rings: delayed jobs, retries, other servers.
const POLL: Duration = Duration::from_secs(1);

/// How a runner works.
#[derive(Clone, Debug)]
pub struct RunnerOptions {
    /// Jobs at once in this process.
    pub workers: usize,
    /// Jobs of one tenant at once, over all servers.
    pub per_tenant: u16,
    /// How long a cancelled try, or one of a stopping server, may take to end by itself.
    pub grace: Duration,
    /// Name of this server, the same after a restart and different from all others at this database:
    /// jobs that were running under it when it starts are tried again at once. Without one it is the
    /// host name, or, when the database is private to this server, a constant.
    pub server: Option<String>,
}

impl Default for RunnerOptions {
    fn default() -> Self {
        Self { workers: 8, per_tenant: 64, grace: Duration::from_secs(10), server: None }
    }
}

/// A started runner.
#[derive(Debug)]
pub struct JobRunner {
    main: JoinHandle<()>,
}

impl JobRunner {
    /// Starts claiming jobs of the registered kinds. Rescues what an earlier process of this server
    /// left running first. Ends when `stop` does.
    pub fn start(
        store: Store,
        queue: Arc<Queue>,
        registrations: Vec<JobRegistration>,
        contexts: Arc<dyn SystemContexts>,
        options: RunnerOptions,
        stop: CancellationToken,
    ) -> Self {
        let server = options.server.clone().unwrap_or_else(|| server_name(&store));
        let registered: HashMap<&'static str, JobRegistration> =
            registrations.into_iter().map(|registration| (registration.kind.name, registration)).collect();
        queue.set_kinds(registered.iter().map(|(name, registration)| (*name, registration.kind)).collect());
        let kinds = registered.keys().map(|name| (*name).to_owned()).collect();
        let caps = registered.values().map(|registration| i64::from(registration.kind.per_tenant)).collect();
        let instance = Uuid::now_v7();
        scripts::declare(registered.values());
        queue.works(instance, &server);
        let runner = Runner { store, queue, registered, kinds, caps, contexts, options, instance, server };
        Self { main: tokio::spawn(runner.run(stop)) }
    }

    /// Waits until the runner has stopped and given its jobs back.
    pub async fn stopped(self) {
        if let Err(error) = self.main.await {
            tracing::error!(%error, "the job runner ended badly");
        }
    }
}

/// A private database has no other server at it, so its jobs are ours even under a new host name.
fn server_name(store: &Store) -> String {
    if store.engine_state().is_some() {
        return "embedded".to_owned();
    }
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    if name.trim().is_empty() { "server".to_owned() } else { name.trim().chars().take(200).collect() }
}

struct Runner {
    store: Store,
    queue: Arc<Queue>,
    registered: HashMap<&'static str, JobRegistration>,
    kinds: Vec<String>,
    /// Same order as `kinds`.
    caps: Vec<i64>,
    contexts: Arc<dyn SystemContexts>,
    options: RunnerOptions,
    instance: Uuid,
    server: String,
}

impl Runner {
    async fn run(self, stop: CancellationToken) {
        let keeper = Keeper {
            store: self.store.clone(),
            queue: self.queue.clone(),
            contexts: self.contexts.clone(),
            instance: self.instance,
        };
        self.rescue_own(&keeper, &stop).await;
        let done = CancellationToken::new();
        let keeping = tokio::spawn(keeper.run(done.clone()));
        let (ends, ended) = mpsc::channel(self.options.workers.max(1));
        let (store, queue) = (self.store.clone(), self.queue.clone());
        let (tell, telling) = Ends::teller(self.contexts.clone());
        let mut writing = tokio::spawn(Ends { store, queue }.write_all(ended, tell.clone(), telling));
        self.dispatch(&ends, tell, &stop).await;
        self.queue.closing.cancel();
        for run in self.queue.running.all() {
            run.end(Cause::Stop);
        }
        // The writer ends when the last running try has handed in its end.
        drop(ends);
        if tokio::time::timeout(self.options.grace * 2, &mut writing).await.is_err() {
            writing.abort();
            let jobs = self.queue.running.len();
            tracing::error!(jobs, "jobs could not be given back in time; the next start rescues them");
        }
        done.cancel();
        if let Err(error) = keeping.await {
            tracing::error!(%error, "the keeper of the job runner ended badly");
        }
    }

    async fn rescue_own(&self, keeper: &Keeper, stop: &CancellationToken) {
        while let Err(problem) = keeper.rescue(Some(&self.server)).await {
            tracing::warn!(%problem, "the job runner waits for the database");
            if pause(stop).await {
                return;
            }
        }
    }

    /// Claims and launches until told to stop.
    async fn dispatch(
        &self,
        ends: &mpsc::Sender<Finish>,
        tell: mpsc::Sender<Events>,
        stop: &CancellationToken,
    ) {
        while !stop.is_cancelled() {
            let free = self.options.workers.saturating_sub(self.queue.running.len());
            if free > 0 {
                match self.claim(free).await {
                    Ok(claimed) => {
                        // Told before they run, so that nothing is told of an end before its start.
                        let events = start_events(&claimed);
                        if !events.is_empty() && tell.send(events).await.is_err() {
                            tracing::error!("events about started jobs are not published any more");
                        }
                        for job in claimed {
                            self.launch(job, ends.clone());
                        }
                    }
                    Err(problem) => {
                        tracing::warn!(%problem, "no jobs can be claimed");
                        pause(stop).await;
                        continue;
                    }
                }
            }
            tokio::select! {
                () = self.queue.wake.notified() => {}
                () = tokio::time::sleep(POLL) => {}
                () = stop.cancelled() => {}
            }
        }
    }

    async fn claim(&self, free: usize) -> Result<Vec<Claimed>, Problem> {
        let mut tx = self.store.relay().await?;
        let claim = Claim {
            kinds: &self.kinds,
            caps: &self.caps,
            per_tenant: i64::from(self.options.per_tenant),
            limit: i64::try_from(free).unwrap_or(i64::MAX),
            instance: self.instance,
            server: &self.server,
        };
        let claimed = sql::claim(tx.conn(), &claim).await?;
        tx.commit().await?;
        Ok(claimed)
    }

    fn launch(&self, job: Claimed, ends: mpsc::Sender<Finish>) {
        // Only registered kinds are claimed.
        let Some(registration) = self.registered.get(job.kind.as_str()) else { return };
        let run = Arc::new(Run::new(job.tenant, job.id, job.lease));
        self.queue.running.insert(run.clone());
        self.queue.turned(job.id);
        let span = tracing::info_span!("job", kind = %job.kind, id = %job.id, tenant = %job.tenant);
        let (kind, handler, grace) = (registration.kind, registration.handler.clone(), self.options.grace);
        let cx = JobCx {
            ctx: context(&*self.contexts, &self.store, &job),
            id: job.id,
            args: job.args,
            attempt: job.attempt,
            progress: Arc::new(Reporter { queue: self.queue.clone(), run: run.clone() }),
            cancel: run.cancel.clone(),
        };
        let queue = self.queue.clone();
        let supervised = async move {
            let (attempt, begun) = (cx.attempt, Instant::now());
            let ended = supervise(handler, cx, &run, kind.timeout, grace).await;
            let end = judge(ended, &kind, attempt, run.cause());
            queue.worked(TenantId(run.tenant), begun.elapsed(), matches!(end, End::Completed(_)));
            if let End::Retry(error, _) | End::Discarded(error) = &end {
                tracing::warn!(attempt, error, "a try of a job failed");
            }
            let progress = run.last_progress().map(|progress| progress_json(&progress));
            let (tenant, id, lease) = (run.tenant, run.id, run.lease);
            let finish = Finish { tenant, id, lease, kind: kind.name, end, progress };
            if ends.send(finish).await.is_err() {
                tracing::error!("the end of a job came after the end of the runner");
            }
        };
        tokio::spawn(supervised.instrument(span));
    }
}

/// True when the server stops meanwhile.
async fn pause(stop: &CancellationToken) -> bool {
    tokio::time::timeout(POLL, stop.cancelled()).await.is_ok()
}
