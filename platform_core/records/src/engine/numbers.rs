//! Whole numbers of numbered models: leased in blocks, so that creations do not wait for each other.

use std::collections::HashMap;
use std::ops::Range;

use kit::{Problem, TenantId, WriteTx};
use tokio::sync::Mutex;

use crate::entity::Entity;

/// Numbers of records leased at least at a time.
pub(super) const BLOCK: i64 = 100;
/// Numbers of changes leased at least at a time: every write takes some.
pub(super) const CHANGES: i64 = 1_000;

const LEASE: &str = "INSERT INTO app.record_number AS n (model, next) VALUES ($1, 1 + $2) \
    ON CONFLICT (tenant_id, model) DO UPDATE SET next = n.next + $2 RETURNING n.next - $2";

/// Records that came with numbers of their own: later ones begin behind them.
const RAISE: &str = "INSERT INTO app.record_number AS n (model, next) VALUES ($1, $2) \
    ON CONFLICT (tenant_id, model) DO UPDATE SET next = $2 WHERE n.next < $2";

/// What is left of the leased blocks.
#[derive(Default)]
pub(super) struct Numbers(Mutex<HashMap<(TenantId, &'static str), Range<i64>>>);

impl Numbers {
    /// `count` numbers of a model.
    pub(super) async fn take(
        &self,
        tx: &WriteTx,
        model: &'static str,
        count: usize,
        block: i64,
    ) -> Result<Vec<i64>, Problem> {
        let mut blocks = self.0.lock().await;
        let left = blocks.entry((tx.ctx().tenant(), model)).or_default();
        let mut numbers: Vec<i64> = left.by_ref().take(count).collect();
        let missing = count.saturating_sub(numbers.len()) as i64;
        if missing > 0 {
            let block = missing.max(block);
            let mut own = tx.aside().await?;
            let first: i64 = sqlx::query_scalar(LEASE).bind(model).bind(block).fetch_one(own.conn()).await?;
            own.commit().await?;
            *left = first..first + block;
            numbers.extend(left.by_ref().take(count - numbers.len()));
        }
        Ok(numbers)
    }

    /// Makes sure that no number up to `highest` is given again. In a transaction of its own like a
    /// lease: a lock held until the caller's end would stop every lease, also the caller's.
    pub(super) async fn raise(&self, tx: &WriteTx, entity: &Entity, highest: i64) -> Result<(), Problem> {
        let mut blocks = self.0.lock().await;
        let mut own = tx.aside().await?;
        sqlx::query(RAISE).bind(entity.model.name).bind(highest + 1).execute(own.conn()).await?;
        own.commit().await?;
        blocks.remove(&(tx.ctx().tenant(), entity.model.name));
        Ok(())
    }
}
