//! Writes how tries ended. Whatever has gathered goes into one statement.

use std::sync::Arc;
use std::time::Duration;

use db::Store;
use kit::Problem;
use tokio::sync::mpsc;

use crate::queue::Queue;
use crate::sql::{self, Finish};

/// Ends in one statement.
const BATCH: usize = 256;
/// First pause when the database does not answer, and the longest.
const PAUSE: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(2));

/// Runs until all senders are gone and everything is written.
pub(crate) async fn write_ends(store: Store, queue: Arc<Queue>, mut ended: mpsc::Receiver<Finish>) {
    let mut batch = Vec::with_capacity(BATCH);
    while ended.recv_many(&mut batch, BATCH).await > 0 {
        write(&store, &batch).await;
        for finish in batch.drain(..) {
            queue.ended(finish.lease, finish.id);
        }
        queue.wake.notify_one();
    }
}

/// Writes them together, or one by one when something in one of them is refused.
async fn write(store: &Store, batch: &[Finish]) {
    let Err(problem) = insist(store, batch).await else { return };
    for finish in batch {
        let alone = if batch.len() == 1 { Err(problem.clone()) } else { insist(store, std::slice::from_ref(finish)).await };
        if let Err(problem) = alone {
            // Its heart stops with this; the rescue brings it back.
            tracing::error!(job = %finish.id, %problem, "the end of a job could not be stored");
        }
    }
}

/// Tries again as long as the database is away.
async fn insist(store: &Store, batch: &[Finish]) -> Result<(), Problem> {
    let mut pause = PAUSE.0;
    loop {
        let problem = match once(store, batch).await {
            Ok(()) => return Ok(()),
            Err(problem) => problem,
        };
        if problem.code != "unavailable" && problem.code != "retry" {
            return Err(problem);
        }
        tracing::warn!(%problem, jobs = batch.len(), "the ends of jobs wait for the database");
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(PAUSE.1);
    }
}

async fn once(store: &Store, batch: &[Finish]) -> Result<(), Problem> {
    let mut tx = store.relay().await?;
    sql::finish(tx.conn(), batch).await?;
    tx.commit().await
}
