//! The workers of this server.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use db::Store;
use kit::plugin::JobRegistration;
use kit::services::SystemContexts;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use uuid::Uuid;

use crate::claim::{self, Claimed, Kinds};
use crate::pace::Pace;
use crate::queue::Queue;
use crate::run::{Shared, run};

/// How jobs are run.
#[derive(Clone, Copy, Debug)]
pub struct RunnerOptions {
    /// Jobs at once on this server.
    pub workers: usize,
    /// How long completed and cancelled jobs are kept.
    pub keep_done: Duration,
    /// How long failed jobs are kept.
    pub keep_failed: Duration,
}

impl Default for RunnerOptions {
    /// 16 workers; a week for finished jobs, a month for failed ones.
    fn default() -> Self {
        Self {
            workers: 16,
            keep_done: Duration::from_hours(7 * 24),
            keep_failed: Duration::from_hours(30 * 24),
        }
    }
}

const BEAT: Duration = Duration::from_secs(10);
const FORGET: Duration = Duration::from_mins(10);
/// Longest time between two looks for work or for cancellations.
const LOOK: Duration = Duration::from_secs(1);

/// The running workers.
#[derive(Debug)]
pub struct JobRunner {
    tasks: TaskTracker,
}

struct Runner {
    shared: Shared,
    store: Store,
    options: RunnerOptions,
    handlers: HashMap<&'static str, Arc<JobRegistration>>,
    kinds: Kinds,
    running: Mutex<HashMap<Uuid, CancellationToken>>,
    places: Arc<Semaphore>,
    tasks: TaskTracker,
}

impl JobRunner {
    /// Runs jobs of these kinds until `stop`, then gives running ones back to the queue.
    pub fn start(
        store: Store,
        queue: Arc<Queue>,
        registrations: Vec<JobRegistration>,
        contexts: Arc<dyn SystemContexts>,
        options: RunnerOptions,
        stop: CancellationToken,
    ) -> Self {
        let kinds = Kinds {
            names: registrations.iter().map(|registration| registration.kind.name).collect(),
            per_tenant: registrations
                .iter()
                .map(|registration| registration.kind.per_tenant.into())
                .collect(),
            max_attempts: registrations
                .iter()
                .map(|registration| registration.kind.max_attempts.into())
                .collect(),
        };
        queue.set_kinds(registrations.iter().map(|registration| registration.kind));
        let handlers = registrations
            .into_iter()
            .map(|registration| (registration.kind.name, Arc::new(registration)))
            .collect();
        let tasks = TaskTracker::new();
        let runner = Arc::new(Runner {
            shared: Shared { queue, contexts, server: Uuid::now_v7(), stop },
            store,
            options,
            handlers,
            kinds,
            running: Mutex::default(),
            places: Arc::new(Semaphore::new(options.workers.max(1))),
            tasks: tasks.clone(),
        });
        tasks.spawn(runner.clone().take_work());
        tasks.spawn(runner.clone().mind_cancellations());
        tasks.spawn(runner.keep_house());
        tasks.close();
        Self { tasks }
    }

    /// Waits until all jobs have ended after the stop; those that ignore it are dropped after 10 s.
    pub async fn stopped(&self) {
        self.tasks.wait().await;
    }
}

impl Runner {
    async fn take_work(self: Arc<Self>) {
        let mut pace = Pace::new(self.shared.queue.hints(), LOOK);
        while !self.shared.stop.is_cancelled() {
            let free = self.places.available_permits();
            if free > 0 {
                match claim::claim(&self.store, self.shared.server, &self.kinds, free).await {
                    Ok(jobs) => {
                        if !jobs.is_empty() {
                            pace.quick();
                        }
                        for job in jobs {
                            self.clone().begin(job);
                        }
                    }
                    Err(problem) => tracing::warn!(%problem, "no jobs are taken"),
                }
            }
            tokio::select! {
                () = self.shared.stop.cancelled() => break,
                () = pace.wait() => {}
            }
        }
        // Whatever still runs shall end.
        self.with_running(|running| running.values().for_each(CancellationToken::cancel));
    }

    fn begin(self: Arc<Self>, job: Claimed) {
        // Only this task takes places, and it asked for no more than were free.
        let Ok(place) = self.places.clone().try_acquire_owned() else { return };
        let Some(registration) = self.handlers.get(job.kind.as_str()).cloned() else { return };
        let cancel = self.shared.stop.child_token();
        self.with_running(|running| running.insert(job.id, cancel.clone()));
        self.tasks.clone().spawn(async move {
            let id = job.id;
            run(&self.shared, &registration, job, cancel).await;
            self.with_running(|running| running.remove(&id));
            drop(place);
            self.shared.queue.hint();
        });
    }

    fn with_running<T>(&self, f: impl FnOnce(&mut HashMap<Uuid, CancellationToken>) -> T) -> T {
        f(&mut self.running.lock().unwrap_or_else(PoisonError::into_inner))
    }

    async fn mind_cancellations(self: Arc<Self>) {
        let mut pace = Pace::new(self.shared.queue.hints(), LOOK);
        while !self.shared.stop.is_cancelled() {
            if self.with_running(|running| !running.is_empty()) {
                match claim::cancelled(&self.store, self.shared.server).await {
                    Ok(ids) => self.with_running(|running| {
                        ids.iter().filter_map(|id| running.get(id)).for_each(CancellationToken::cancel);
                    }),
                    Err(problem) => tracing::debug!(%problem, "cancellations are not seen"),
                }
            }
            tokio::select! {
                () = self.shared.stop.cancelled() => break,
                () = pace.wait() => {}
            }
        }
    }

    /// Heartbeats, lost jobs, old jobs.
    async fn keep_house(self: Arc<Self>) {
        // A private database serves one server: what runs there was ours in an earlier life.
        let mut alone = self.store.engine_state().is_some();
        let mut forgotten: Option<tokio::time::Instant> = None;
        loop {
            let round = async {
                claim::beat(&self.store, self.shared.server).await?;
                let lost = claim::rescue(&self.store, self.shared.server, alone).await?;
                if lost > 0 {
                    tracing::warn!(lost, "jobs of a server that died are tried again");
                    self.shared.queue.hint();
                }
                Ok::<_, kit::Problem>(())
            };
            match round.await {
                Ok(()) => alone = false,
                Err(problem) => tracing::warn!(%problem, "no sign of life for running jobs"),
            }
            if forgotten.is_none_or(|last| last.elapsed() > FORGET) {
                forgotten = Some(tokio::time::Instant::now());
                let RunnerOptions { keep_done, keep_failed, .. } = self.options;
                if let Err(problem) = claim::forget(&self.store, keep_done, keep_failed).await {
                    tracing::warn!(%problem, "old jobs stay");
                }
            }
            tokio::select! {
                () = self.shared.stop.cancelled() => break,
                () = tokio::time::sleep(BEAT) => {}
            }
        }
    }
}
