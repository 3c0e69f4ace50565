//! Events that could not be handled: tried again, then dead letters.

use std::collections::HashSet;

use kit::{Problem, TenantId};
use sqlx::{PgConnection, Row};
use uuid::Uuid;

use crate::consumer::Worker;
use crate::log::Entry;

/// Tries altogether.
pub(crate) const MAX_ATTEMPTS: i64 = 8;
/// Heads of subjects retried in one go.
const RETRIES: i64 = 50;
/// Characters of an error that are kept.
const MAX_ERROR: usize = 1000;

/// An event to be tried again.
pub(crate) struct Failure {
    entry: Entry,
    attempts: i64,
    error: String,
}

impl Failure {
    pub(crate) fn first(entry: Entry, error: String) -> Self {
        Self { entry, attempts: 1, error }
    }

    /// Behind another event of its subject.
    pub(crate) fn waiting(entry: Entry) -> Self {
        Self { entry, attempts: 0, error: "waits behind an earlier event of the same subject".to_owned() }
    }

    pub(crate) async fn insert(&self, connection: &mut PgConnection, consumer: &str) -> Result<(), Problem> {
        let Entry { tenant, position, event } = &self.entry;
        sqlx::query(
            "INSERT INTO app.event_failure (tenant_id, id, consumer, event_id, event_type, subject,
                 incarnation, xid, seq, attempts, next_at, error)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, now() + make_interval(secs => $11), $12)
             ON CONFLICT (tenant_id, consumer, event_id) DO NOTHING",
        )
        .bind(tenant.0)
        .bind(Uuid::now_v7())
        .bind(consumer)
        .bind(event.id)
        .bind(&event.event_type)
        .bind(&event.subject)
        .bind(position.incarnation)
        .bind(position.xid)
        .bind(position.seq)
        .bind(self.attempts)
        .bind(pause(self.attempts))
        .bind(cut(&self.error))
        .execute(connection)
        .await?;
        Ok(())
    }
}

/// Seconds until the next try: 1, 4, 16 ... at most an hour, with 20 % of jitter; at once for an
/// event that was never tried.
fn pause(attempts: i64) -> f64 {
    match attempts {
        0 => 0.0,
        _ => (4_f64.powi(attempts.min(20) as i32 - 1)).min(3600.0) * rand::random_range(0.8..1.2),
    }
}

fn cut(error: &str) -> String {
    // PostgreSQL's text holds no NUL.
    error.chars().filter(|c| *c != '\0').take(MAX_ERROR).collect()
}

/// Subjects of these events that have an event waiting.
pub(crate) async fn parked(
    worker: &Worker,
    entries: &[Entry],
) -> Result<HashSet<(TenantId, String)>, Problem> {
    if entries.is_empty() {
        return Ok(HashSet::new());
    }
    let (tenants, subjects): (Vec<Uuid>, Vec<&str>) =
        entries.iter().map(|entry| (entry.key().0.0, entry.key().1)).unzip();
    let mut tx = worker.bus.store.relay().await?;
    let rows = sqlx::query(
        "SELECT DISTINCT f.tenant_id, f.subject FROM app.event_failure f
         JOIN unnest($2::uuid[], $3::text[]) AS wanted (tenant_id, subject)
           ON f.tenant_id = wanted.tenant_id AND f.subject = wanted.subject
         WHERE f.consumer = $1 AND f.state = 'retrying'",
    )
    .bind(worker.name)
    .bind(tenants)
    .bind(subjects)
    .fetch_all(tx.conn())
    .await?;
    rows.iter().map(|row| Ok((TenantId(row.try_get(0)?), row.try_get(1)?))).collect()
}

/// Retries the first waiting event of each subject whose time has come. Gives how many were tried.
pub(crate) async fn retry_due(worker: &Worker) -> Result<usize, Problem> {
    let mut tx = worker.bus.store.relay().await?;
    let rows = sqlx::query(
        "SELECT head.id AS failure_id, head.attempts, e.tenant_id, e.id, e.incarnation, e.xid, e.seq, e.type,
                e.subject, e.occurred_at, e.data
         FROM (SELECT DISTINCT ON (tenant_id, subject) tenant_id, id, event_id, attempts, next_at
               FROM app.event_failure WHERE consumer = $1 AND state = 'retrying'
               ORDER BY tenant_id, subject, incarnation, xid, seq) head
         JOIN app.event e ON e.tenant_id = head.tenant_id AND e.id = head.event_id
         WHERE head.next_at <= now() ORDER BY head.next_at LIMIT $2",
    )
    .bind(worker.name)
    .bind(RETRIES)
    .fetch_all(tx.conn())
    .await?;
    tx.commit().await?;
    for row in &rows {
        let (id, attempts): (Uuid, i64) = (row.try_get("failure_id")?, row.try_get("attempts")?);
        let entry = Entry::from_row(row)?;
        let outcome = worker.handle(&entry).await;
        let mut tx = worker.bus.store.relay().await?;
        match outcome {
            Ok(()) => {
                sqlx::query("DELETE FROM app.event_failure WHERE tenant_id = $1 AND id = $2")
                    .bind(entry.tenant.0)
                    .bind(id)
                    .execute(tx.conn())
                    .await?;
            }
            Err(error) => {
                let attempts = attempts + 1;
                let dead = attempts >= MAX_ATTEMPTS;
                if dead {
                    tracing::error!(consumer = worker.name, event = %entry.event.id, %error, "dead letter");
                }
                sqlx::query(
                    "UPDATE app.event_failure SET attempts = $3, state = $4, error = $5,
                        next_at = now() + make_interval(secs => $6) WHERE tenant_id = $1 AND id = $2",
                )
                .bind(entry.tenant.0)
                .bind(id)
                .bind(attempts)
                .bind(if dead { "dead" } else { "retrying" })
                .bind(cut(&error))
                .bind(pause(attempts))
                .execute(tx.conn())
                .await?;
            }
        }
        tx.commit().await?;
    }
    Ok(rows.len())
}

/// Lets a dead letter of the transaction's tenant be tried again from the first attempt.
pub(crate) async fn revive(connection: &mut PgConnection, id: Uuid) -> Result<(), Problem> {
    let done = sqlx::query(
        "UPDATE app.event_failure SET state = 'retrying', attempts = 0, next_at = now() WHERE id = $1",
    )
    .bind(id)
    .execute(connection)
    .await?;
    if done.rows_affected() == 1 { Ok(()) } else { Err(Problem::not_found("dead letter")) }
}

/// Forgets a dead letter of the transaction's tenant.
pub(crate) async fn discard(connection: &mut PgConnection, id: Uuid) -> Result<(), Problem> {
    let done =
        sqlx::query("DELETE FROM app.event_failure WHERE id = $1").bind(id).execute(connection).await?;
    if done.rows_affected() == 1 { Ok(()) } else { Err(Problem::not_found("dead letter")) }
}
