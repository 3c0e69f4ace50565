//! The log is bounded: in age and in rows.

use std::sync::Arc;
use std::time::Duration;

use kit::Problem;
use tokio_util::sync::CancellationToken;

use crate::Bus;

/// How much of the log is kept.
#[derive(Clone, Copy, Debug)]
pub struct Retention {
    /// Age of the oldest event.
    pub age: Duration,
    /// Events kept at most, all tenants together.
    pub rows: u64,
    /// Pause between two looks.
    pub every: Duration,
}

impl Default for Retention {
    /// Seven days and five million events, looked at every ten minutes.
    fn default() -> Self {
        Self { age: Duration::from_hours(7 * 24), rows: 5_000_000, every: Duration::from_mins(10) }
    }
}

/// Events deleted in one transaction.
const BATCH: i64 = 5_000;

pub(crate) fn start(bus: Arc<Bus>, retention: Retention, stop: CancellationToken) {
    tokio::spawn(async move {
        loop {
            tokio::select! {
                () = stop.cancelled() => break,
                () = tokio::time::sleep(retention.every) => {}
            }
            match bus.trim(&retention).await {
                Ok(0) => {}
                Ok(count) => tracing::info!(count, "old events deleted"),
                Err(problem) => tracing::warn!(%problem, "old events are not deleted"),
            }
        }
    });
}

impl Bus {
    /// Deletes what is too old or too much and gives how many. A consumer that is further behind than the log has lost
    /// events; its status shows how far behind it is long before.
    ///
    /// # Errors
    /// 503.
    pub async fn trim(&self, retention: &Retention) -> Result<u64, Problem> {
        let mut deleted = 0;
        loop {
            let mut tx = self.store.relay().await?;
            // The newest sequence number minus the rows to keep: gaps only make it keep less.
            let done = sqlx::query(
                "DELETE FROM app.event WHERE ctid IN (
                    SELECT ctid FROM (
                        SELECT ctid, created_at, seq FROM app.event ORDER BY incarnation, xid, seq LIMIT $3
                    ) oldest
                    WHERE oldest.created_at < now() - make_interval(secs => $1)
                       OR oldest.seq <= (SELECT seq FROM app.event ORDER BY incarnation DESC, xid DESC, seq DESC LIMIT 1) - $2
                 )",
            )
            .bind(retention.age.as_secs_f64())
            .bind(i64::try_from(retention.rows).unwrap_or(i64::MAX))
            .bind(BATCH)
            .execute(tx.conn())
            .await?;
            // What waits for an event that is gone will never be handled.
            sqlx::query(
                "UPDATE app.event_failure f SET state = 'dead', error = 'the event is not kept any more; ' || error
                 WHERE state = 'retrying' AND NOT EXISTS (
                     SELECT FROM app.event e WHERE e.tenant_id = f.tenant_id AND e.id = f.event_id)",
            )
            .execute(tx.conn())
            .await?;
            sqlx::query("DELETE FROM app.event_failure WHERE state = 'dead' AND updated_at < now() - interval '90 days'")
                .execute(tx.conn())
                .await?;
            tx.commit().await?;
            deleted += done.rows_affected();
            if done.rows_affected() < BATCH.unsigned_abs() {
                return Ok(deleted);
            }
        }
    }
}
