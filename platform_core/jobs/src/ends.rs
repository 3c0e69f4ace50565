//! Writes how tries ended. Whatever has gathered goes into one statement.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use db::Store;
use kit::services::SystemContexts;
use kit::{Event, Problem, TenantId};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use uuid::Uuid;

use crate::EXECUTE;
use crate::queue::{Queue, event};
use crate::sql::{self, Claimed, Finish};

/// Ends in one statement.
const BATCH: usize = 256;
/// Tries when the database answers with an error of its own: a full disk, no free connections. Not more,
/// because one end that it never takes must not hold up the others.
const TRIES: u32 = 5;
/// First pause between tries, and the longest.
const PAUSE: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(2));

/// Batches whose events are still to be published; the ends wait when there are more.
const UNTOLD: usize = 64;

/// Job id and the state it is in now.
type Written = (Uuid, String);
/// Events by tenant.
pub(crate) type Events = BTreeMap<TenantId, Vec<Event>>;

/// The writer.
pub(crate) struct Ends {
    pub(crate) store: Store,
    pub(crate) queue: Arc<Queue>,
}

impl Ends {
    /// Where events about jobs are sent to be published, and the task that does it.
    pub(crate) fn teller(contexts: Arc<dyn SystemContexts>) -> (mpsc::Sender<Events>, JoinHandle<()>) {
        let (tell, told) = mpsc::channel(UNTOLD);
        (tell, tokio::spawn(announce(contexts, told)))
    }

    /// Runs until all senders are gone and everything is written and told.
    pub(crate) async fn write_all(
        self,
        mut ended: mpsc::Receiver<Finish>,
        tell: mpsc::Sender<Events>,
        telling: JoinHandle<()>,
    ) {
        let mut batch = Vec::with_capacity(BATCH);
        while ended.recv_many(&mut batch, BATCH).await > 0 {
            let written = self.write(&batch).await;
            for finish in &batch {
                self.queue.running.remove(finish.lease);
                self.queue.turned(finish.id);
            }
            // Places are free.
            self.queue.wake.notify_one();
            let events = final_events(&batch, &written);
            if !events.is_empty() && tell.send(events).await.is_err() {
                tracing::error!("events about ended jobs are not published any more");
            }
            batch.clear();
        }
        drop(tell);
        if let Err(error) = telling.await {
            tracing::error!(%error, "publishing events about jobs ended badly");
        }
    }

    /// Writes them together, or one by one when something in one of them is refused.
    async fn write(&self, batch: &[Finish]) -> Vec<Written> {
        let problem = match self.insist(batch).await {
            Ok(written) => return written,
            Err(problem) => problem,
        };
        if let [finish] = batch {
            // Its heart stops with this; the rescue brings it back.
            tracing::error!(job = %finish.id, %problem, "the end of a job could not be stored");
            return Vec::new();
        }
        let mut written = Vec::new();
        for finish in batch {
            match self.insist(std::slice::from_ref(finish)).await {
                Ok(mut one) => written.append(&mut one),
                Err(problem) => {
                    tracing::error!(job = %finish.id, %problem, "the end of a job could not be stored");
                }
            }
        }
        written
    }

    /// Tries again as long as the database is away, and a few times after other errors.
    async fn insist(&self, batch: &[Finish]) -> Result<Vec<Written>, Problem> {
        let (mut pause, mut errors) = (PAUSE.0, 0);
        loop {
            let problem = match self.once(batch).await {
                Ok(written) => return Ok(written),
                Err(problem) => problem,
            };
            if !matches!(problem.code, "unavailable" | "retry") {
                errors += 1;
                if errors >= TRIES || !problem.status.is_server_error() {
                    return Err(problem);
                }
            }
            tracing::warn!(%problem, jobs = batch.len(), "the ends of jobs wait for the database");
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(PAUSE.1);
        }
    }

    async fn once(&self, batch: &[Finish]) -> Result<Vec<Written>, Problem> {
        let mut tx = self.store.relay().await?;
        let written = sql::finish(tx.conn(), batch).await?;
        tx.commit().await?;
        Ok(written)
    }
}

/// Tries that begin. A job that is tried again is started again.
pub(crate) fn start_events(claimed: &[Claimed]) -> Events {
    let mut events = Events::new();
    for job in claimed {
        let event = event("job.started", job.id, &job.kind, "running");
        events.entry(TenantId(job.tenant)).or_default().push(event);
    }
    events
}

fn final_events(batch: &[Finish], written: &[Written]) -> Events {
    let mut events = Events::new();
    for (id, state) in written {
        let event_type = match state.as_str() {
            "completed" => "job.completed",
            "discarded" => "job.failed",
            "cancelled" => "job.cancelled",
            _ => continue,
        };
        if let Some(finish) = batch.iter().find(|finish| finish.id == *id) {
            let event = event(event_type, *id, finish.kind, state);
            events.entry(TenantId(finish.tenant)).or_default().push(event);
        }
    }
    events
}

/// Publishes, one transaction per tenant and batch.
async fn announce(contexts: Arc<dyn SystemContexts>, mut told: mpsc::Receiver<Events>) {
    while let Some(events) = told.recv().await {
        for (tenant, events) in events {
            if let Err(problem) = publish(&*contexts, tenant, &events).await {
                tracing::warn!(%tenant, %problem, "no events about jobs");
            }
        }
    }
}

async fn publish(contexts: &dyn SystemContexts, tenant: TenantId, events: &[Event]) -> Result<(), Problem> {
    let ctx = contexts.system(tenant, "jobs");
    let mut tx = ctx.write(ctx.authorize(EXECUTE)?).await?;
    for event in events {
        tx.publish(event).await?;
    }
    tx.commit().await
}
