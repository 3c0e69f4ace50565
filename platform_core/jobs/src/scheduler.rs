//! Starts what is due. Any number of servers may do so at once: a schedule is started by whoever locks it.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use db::Store;
use kit::services::SystemContexts;
use kit::{NewJob, Problem, TenantId, WriteTx};
use serde_json::Value;
use sqlx::Row;
use uuid::Uuid;

use crate::attempt::in_name_of;
use crate::queue::{Order, Queue};
use crate::schedule::{key, next_after};
use crate::{EXECUTE, scripts};

/// Schedules started at one look.
const BATCH: i64 = 100;
/// A run that is later than this was missed.
const MISSED: TimeDelta = TimeDelta::minutes(5);

const DUE: &str = "SELECT s.tenant_id, s.id, coalesce(s.run_as, '') FROM app.job_schedule s
    JOIN app.tenant t ON t.id = s.tenant_id AND t.status = 'active'
    WHERE s.enabled AND s.next_at <= now() ORDER BY s.next_at LIMIT $1";

const TAKE: &str = "SELECT script, args, start_at, \"interval\", missed, next_at FROM app.job_schedule
    WHERE id = $1 AND enabled AND next_at <= now() FOR UPDATE SKIP LOCKED";

// One without a next run is done.
const PLAN: &str = "UPDATE app.job_schedule SET next_at = $2, enabled = $2 IS NOT NULL,
    last_job = coalesce($3, last_job), last_at = CASE WHEN $3 IS NULL THEN last_at ELSE now() END, error = $4
    WHERE id = $1";

/// Starts jobs of schedules.
pub(crate) struct Scheduler<'a> {
    pub(crate) store: &'a Store,
    pub(crate) queue: &'a Arc<Queue>,
    pub(crate) contexts: &'a dyn SystemContexts,
}

/// A schedule that is due.
struct Due {
    script: String,
    args: Value,
    start: DateTime<Utc>,
    minutes: Option<i64>,
    skips: bool,
    next: DateTime<Utc>,
}

/// A run that is not started because its time is over for too long.
fn is_left_out(due: &Due, now: DateTime<Utc>) -> bool {
    due.skips && now - due.next > MISSED
}

impl Scheduler<'_> {
    /// Looks once. What cannot be started does not keep the others from it.
    pub(crate) async fn start_due(&self) -> Result<(), Problem> {
        let found: Vec<(Uuid, Uuid, String)> =
            sqlx::query_as(DUE).bind(BATCH).fetch_all(self.store.relay().await?.conn()).await?;
        for (tenant, id, run_as) in found {
            if let Err(problem) = self.start(TenantId(tenant), id, &run_as).await {
                tracing::warn!(%tenant, schedule = %id, %problem, "a schedule could not be started");
            }
        }
        Ok(())
    }

    async fn start(&self, tenant: TenantId, id: Uuid, run_as: &str) -> Result<(), Problem> {
        let ctx = in_name_of(self.contexts, self.store, tenant, run_as, Uuid::now_v7());
        let mut tx = ctx.write(ctx.authorize(EXECUTE)?).await?;
        let Some(due) = take(&mut tx, id).await? else { return Ok(()) };
        let now = Utc::now();
        let next = next_after(due.start, due.minutes, now);
        let (job, error) = if is_left_out(&due, now) {
            (None, Some(format!("The run of {} was left out: no server was there.", due.next.to_rfc3339())))
        } else {
            match self.enqueue(&mut tx, id, due).await {
                Ok(job) => (Some(job), None),
                // Nothing was written: the transaction goes on.
                Err(problem) if problem.status.is_client_error() => (None, Some(problem.detail)),
                Err(problem) => return Err(problem),
            }
        };
        sqlx::query(PLAN).bind(id).bind(next).bind(job).bind(error).execute(tx.conn()).await?;
        tx.commit().await
    }

    /// The job; the one before when that has not ended.
    async fn enqueue(&self, tx: &mut WriteTx, id: Uuid, due: Due) -> Result<Uuid, Problem> {
        let (kind, script) = scripts::known(&due.script)
            .ok_or_else(|| Problem::not_found(&format!("script as {} in this server", due.script)))?;
        let about = script.about(&due.args);
        let job =
            NewJob { kind: kind.name, args: due.args, delay_seconds: 0, unique_key: Some(key(id)), about };
        self.queue.add(tx, Order { job, at: None, schedule: Some((id, due.minutes)) }).await
    }
}

/// Locks it, unless somebody else did.
async fn take(tx: &mut WriteTx, id: Uuid) -> Result<Option<Due>, Problem> {
    let Some(row) = sqlx::query(TAKE).bind(id).fetch_optional(tx.conn()).await? else { return Ok(None) };
    let next: DateTime<Utc> = row.try_get("next_at")?;
    Ok(Some(Due {
        script: row.try_get("script")?,
        args: row.try_get::<Option<Value>, _>("args")?.unwrap_or_default(),
        start: row.try_get::<Option<DateTime<Utc>>, _>("start_at")?.unwrap_or(next),
        minutes: row.try_get("interval")?,
        skips: row.try_get::<&str, _>("missed")? == "skip",
        next,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_run_that_is_long_over_is_left_out() {
        let now: DateTime<Utc> = "2026-11-30T12:00:00Z".parse().unwrap();
        for (skips, next, expected) in [
            (true, "2026-11-30T11:54:59Z", true),
            (true, "2026-11-30T11:55:00Z", false),
            (false, "2026-11-29T12:00:00Z", false),
        ] {
            let next = next.parse().unwrap();
            let due =
                Due { script: String::new(), args: Value::Null, start: next, minutes: None, skips, next };
            assert_eq!(is_left_out(&due, now), expected, "{skips} {next}");
        }
    }
}
