//! The log of deliveries.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use kit::events::Delivered;
use kit::{Ctx, Problem};
use serde_json::Value;
use uuid::Uuid;

use crate::SEND;

/// Old entries go every so many calls.
const SWEEP: u32 = 200;
/// Characters of an error that are kept.
const MAX_ERROR: usize = 1_000;

static CALLS: AtomicU32 = AtomicU32::new(0);

/// A call that was made, or could not be.
pub(crate) struct Done<'a> {
    pub(crate) webhook: Uuid,
    pub(crate) event: &'a Delivered,
    pub(crate) host: Option<String>,
    pub(crate) outcome: &'a Result<u16, Problem>,
    pub(crate) took: Duration,
}

/// Writes what became of a call.
pub(crate) async fn write(ctx: &Ctx, done: Done<'_>) -> Result<(), Problem> {
    let text = |path: &str| done.event.data.pointer(path).and_then(Value::as_str).unwrap_or("-").to_owned();
    let (status, error) = match done.outcome {
        Ok(status) => (Some(i64::from(*status)), None),
        Err(problem) => {
            (None, Some(problem.detail.chars().filter(|c| *c != '\0').take(MAX_ERROR).collect::<String>()))
        }
    };
    let mut tx = ctx.write(ctx.authorize(SEND)?).await?;
    sqlx::query(
        "INSERT INTO app.webhook_delivery (id, webhook, event_type, object_type, event_id, host, status, error, duration)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(Uuid::now_v7())
    .bind(done.webhook)
    .bind(text("/payload/event"))
    .bind(text("/payload/object_type"))
    .bind(done.event.id)
    .bind(done.host.filter(|host| !host.is_empty()))
    .bind(status)
    .bind(error.filter(|error| !error.is_empty()))
    .bind(i64::try_from(done.took.as_millis()).unwrap_or(i64::MAX).min(1 << 31))
    .execute(tx.conn())
    .await?;
    if CALLS.fetch_add(1, Ordering::Relaxed).is_multiple_of(SWEEP) {
        sqlx::query("DELETE FROM app.webhook_delivery WHERE created_at < now() - interval '30 days'")
            .execute(tx.conn())
            .await?;
    }
    tx.commit().await
}
