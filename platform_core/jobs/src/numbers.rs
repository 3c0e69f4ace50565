//! Whole numbers of jobs, leased in blocks, so that those who enqueue do not wait for each other's ends.

use std::collections::HashMap;
use std::ops::Range;

use kit::{Problem, TenantId, WriteTx};
use tokio::sync::Mutex;

/// Numbers leased at a time. What is left of a block when the server ends is never used.
const BLOCK: i32 = 20;

/// What is left of the leased blocks.
#[derive(Default)]
pub(crate) struct Numbers(Mutex<HashMap<TenantId, Range<i64>>>);

impl Numbers {
    /// The next number of the transaction's tenant. One lease at a time in this process: a caller holds a
    /// connection while it waits for a second one.
    pub(crate) async fn next(&self, tx: &WriteTx) -> Result<i64, Problem> {
        let mut blocks = self.0.lock().await;
        let left = blocks.entry(tx.ctx().tenant()).or_default();
        if let Some(number) = left.next() {
            return Ok(number);
        }
        let mut own = tx.ctx().write(tx.granted()).await?;
        let first: i64 = sqlx::query_scalar("SELECT app.next_numbers('platform.job', $1)")
            .bind(BLOCK)
            .fetch_one(own.conn())
            .await?;
        own.commit().await?;
        *left = first + 1..first + i64::from(BLOCK);
        Ok(first)
    }
}
