//! What happens by the clock: progress, heartbeats, cancel requests, schedules, rescue, retention.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use db::Store;
use kit::Problem;
use kit::services::SystemContexts;
use tokio::time::{Instant, MissedTickBehavior};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::queue::Queue;
use crate::running::Cause;
use crate::scheduler::Scheduler;
use crate::sql;

/// Progress is stored this often at most.
const TICK: Duration = Duration::from_millis(500);
/// Cancel requests of other processes are seen, and scheduled jobs started, within this time.
const LOOK: Duration = Duration::from_secs(1);
/// A running job beats this often.
const BEAT: Duration = Duration::from_secs(10);
/// Old jobs are deleted this often.
const SWEEP: Duration = Duration::from_mins(1);

pub(crate) struct Keeper {
    pub(crate) store: Store,
    pub(crate) queue: Arc<Queue>,
    pub(crate) contexts: Arc<dyn SystemContexts>,
    pub(crate) instance: Uuid,
}

/// When something is due next.
struct Due(Instant, Duration);

impl Due {
    fn is_due(&mut self) -> bool {
        let now = Instant::now();
        let due = now >= self.0;
        if due {
            self.0 = now + self.1;
        }
        due
    }
}

impl Keeper {
    /// Runs until everything has ended.
    pub(crate) async fn run(self, done: CancellationToken) {
        let now = Instant::now();
        let (mut look, mut beat, mut sweep) = (Due(now, LOOK), Due(now + BEAT, BEAT), Due(now, SWEEP));
        let mut ticks = tokio::time::interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = done.cancelled() => return,
                _ = ticks.tick() => {}
            }
            log("store progress", self.store_progress().await);
            if look.is_due() {
                log("look for cancelled jobs", self.look_for_cancels().await);
                let scheduler =
                    Scheduler { store: &self.store, queue: &self.queue, contexts: &*self.contexts };
                log("start what is scheduled", scheduler.start_due().await);
            }
            if beat.is_due() {
                // Beat first: after an outage our own jobs are not lost.
                log("beat", self.beat().await);
                log("rescue lost jobs", self.rescue(None).await);
            }
            if sweep.is_due() {
                log("delete old jobs", self.delete_old().await);
            }
        }
    }

    async fn store_progress(&self) -> Result<(), Problem> {
        let steps = self.queue.running.take_progress();
        if steps.is_empty() {
            return Ok(());
        }
        let mut tx = self.store.relay().await?;
        sql::store_progress(tx.conn(), &steps).await?;
        tx.commit().await
    }

    async fn look_for_cancels(&self) -> Result<(), Problem> {
        if self.queue.running.len() == 0 {
            return Ok(());
        }
        let mut tx = self.store.relay().await?;
        let wanted: HashSet<Uuid> =
            sql::cancel_requests(tx.conn(), self.instance).await?.into_iter().collect();
        for run in self.queue.running.all().into_iter().filter(|run| wanted.contains(&run.lease)) {
            run.end(Cause::User);
        }
        Ok(())
    }

    async fn beat(&self) -> Result<(), Problem> {
        let runs = self.queue.running.all();
        if runs.is_empty() {
            return Ok(());
        }
        let leases: Vec<Uuid> = runs.iter().map(|run| run.lease).collect();
        let mut tx = self.store.relay().await?;
        let held: HashSet<Uuid> = sql::beat(tx.conn(), &leases).await?.into_iter().collect();
        tx.commit().await?;
        for run in runs.into_iter().filter(|run| !held.contains(&run.lease)) {
            run.end(Cause::Lost);
        }
        Ok(())
    }

    /// Rescues jobs of vanished processes; with `server`, of its earlier ones at once.
    pub(crate) async fn rescue(&self, server: Option<&str>) -> Result<(), Problem> {
        let mut tx = self.store.relay().await?;
        let rescued = sql::rescue(tx.conn(), server, self.instance).await?;
        tx.commit().await?;
        if !rescued.is_empty() {
            tracing::warn!(jobs = rescued.len(), "jobs of a vanished process are tried again");
            self.queue.wake.notify_one();
        }
        Ok(())
    }

    async fn delete_old(&self) -> Result<(), Problem> {
        loop {
            let mut tx = self.store.relay().await?;
            let more = sql::delete_old(tx.conn()).await?;
            tx.commit().await?;
            if !more {
                return Ok(());
            }
        }
    }
}

/// The next tick tries again.
fn log(what: &str, result: Result<(), Problem>) {
    if let Err(problem) = result {
        tracing::warn!(%problem, "the job runner could not {what}");
    }
}
