//! The statements of the runner. They run as `portolan_relay`, across tenants.

use std::time::Duration;

use kit::Problem;
use serde_json::Value;
use sqlx::{PgConnection, Row};
use uuid::Uuid;

/// Rescues after which a job is taken for the reason why servers end.
const MAX_LOST: i64 = 10;
/// A job whose last beat is older is lost, s.
const LOST_AFTER: f64 = 60.0;
/// Rows that one statement of the retention deletes at most.
const DELETE_BATCH: i64 = 1000;

/// A job this process got.
pub(crate) struct Claimed {
    pub(crate) tenant: Uuid,
    pub(crate) id: Uuid,
    pub(crate) kind: String,
    pub(crate) args: Value,
    pub(crate) attempt: u16,
    pub(crate) lease: Uuid,
    pub(crate) created_by: String,
    pub(crate) request_id: Uuid,
}

/// Who claims and how much.
pub(crate) struct Claim<'a> {
    pub(crate) kinds: &'a [String],
    /// Most at once of each kind in one tenant.
    pub(crate) caps: &'a [i64],
    /// Most at once in one tenant.
    pub(crate) per_tenant: i64,
    pub(crate) limit: i64,
    pub(crate) instance: Uuid,
    pub(crate) server: &'a str,
}

// Claims happen one after the other, so that caps hold exactly; they take a millisecond or two.
const LOCK: &str = "SELECT pg_advisory_xact_lock(7021, 1)";

// `pair` jumps from one waiting (tenant, kind) to the next over the index, so the cost depends on
// their number and not on the length of the queue. `turn` numbers the jobs of a tenant on from those
// it has running: the lowest go first, whoever waits longest among equals.
const CLAIM: &str = "
WITH RECURSIVE pair (tenant_id, kind) AS (
    (SELECT tenant_id, kind FROM app.job WHERE state IN ('available', 'scheduled', 'retryable')
     ORDER BY tenant_id, kind LIMIT 1)
    UNION ALL
    SELECT n.tenant_id, n.kind FROM pair p CROSS JOIN LATERAL (
        SELECT j.tenant_id, j.kind FROM app.job j
        WHERE j.state IN ('available', 'scheduled', 'retryable') AND (j.tenant_id, j.kind) > (p.tenant_id, p.kind)
        ORDER BY j.tenant_id, j.kind LIMIT 1) n
), busy AS (
    SELECT tenant_id, kind, count(*) AS running FROM app.job WHERE state = 'running' GROUP BY tenant_id, kind
), busy_tenant AS (
    SELECT tenant_id, sum(running)::bigint AS running FROM busy GROUP BY tenant_id
), candidate AS (
    SELECT c.tenant_id, c.id, c.scheduled_at, coalesce(bt.running, 0)
        + row_number() OVER (PARTITION BY c.tenant_id ORDER BY c.scheduled_at, c.id) AS turn
    FROM pair
    JOIN unnest($1::text[], $2::bigint[]) AS known (kind, cap) ON known.kind = pair.kind
    JOIN app.tenant t ON t.id = pair.tenant_id AND t.status = 'active'
    LEFT JOIN busy b ON b.tenant_id = pair.tenant_id AND b.kind = pair.kind
    LEFT JOIN busy_tenant bt ON bt.tenant_id = pair.tenant_id
    CROSS JOIN LATERAL (
        SELECT j.tenant_id, j.id, j.scheduled_at FROM app.job j
        WHERE j.tenant_id = pair.tenant_id AND j.kind = pair.kind
          AND j.state IN ('available', 'scheduled', 'retryable') AND j.scheduled_at <= statement_timestamp()
        ORDER BY j.scheduled_at, j.id
        LIMIT greatest(0, least($3::bigint, known.cap - coalesce(b.running, 0)))) c
), chosen AS (
    SELECT tenant_id, id FROM candidate WHERE turn <= $4::bigint ORDER BY turn, scheduled_at, id LIMIT $3::bigint
), locked AS (
    SELECT j.tenant_id, j.id FROM app.job j JOIN chosen c ON c.tenant_id = j.tenant_id AND c.id = j.id
    WHERE j.state IN ('available', 'scheduled', 'retryable') FOR UPDATE OF j SKIP LOCKED
)
UPDATE app.job j SET state = 'running', attempt = j.attempt + 1, lease = gen_random_uuid(), instance = $5,
    server = $6, started_at = clock_timestamp(), heartbeat_at = clock_timestamp()
FROM locked WHERE j.tenant_id = locked.tenant_id AND j.id = locked.id
RETURNING j.tenant_id, j.id, j.kind, j.args, j.attempt, j.lease, j.created_by, j.request_id";

/// Takes up to `limit` jobs.
pub(crate) async fn claim(connection: &mut PgConnection, claim: &Claim<'_>) -> Result<Vec<Claimed>, Problem> {
    sqlx::query(LOCK).execute(&mut *connection).await?;
    let rows = sqlx::query(CLAIM)
        .bind(claim.kinds)
        .bind(claim.caps)
        .bind(claim.limit)
        .bind(claim.per_tenant)
        .bind(claim.instance)
        .bind(claim.server)
        .fetch_all(connection)
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Claimed {
                tenant: row.try_get(0)?,
                id: row.try_get(1)?,
                kind: row.try_get(2)?,
                args: row.try_get(3)?,
                attempt: u16::try_from(row.try_get::<i64, _>(4)?).unwrap_or(u16::MAX),
                lease: row.try_get(5)?,
                created_by: row.try_get(6)?,
                request_id: row.try_get(7)?,
            })
        })
        .collect()
}

/// How a try ended.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum End {
    /// With a result.
    Completed(Value),
    /// Somebody wanted it to end.
    Cancelled,
    /// For good.
    Discarded(String),
    /// To be tried again after this time.
    Retry(String, Duration),
    /// The server stops; the try does not count.
    Released,
}

/// A try that ended.
#[derive(Clone, Debug)]
pub(crate) struct Finish {
    pub(crate) tenant: Uuid,
    pub(crate) id: Uuid,
    pub(crate) lease: Uuid,
    pub(crate) kind: &'static str,
    pub(crate) end: End,
    /// The last progress, when it was not stored yet.
    pub(crate) progress: Option<Value>,
}

const FINISH: &str = "
WITH f AS (
    SELECT f.*, CASE WHEN f.wanted IN ('retryable', 'available') AND j.cancel_requested THEN 'cancelled'
                     ELSE f.wanted END AS state
    FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::jsonb[], $6::jsonb[], $7::text[], $8::float8[])
        AS f (tenant_id, id, lease, wanted, result, progress, error, delay)
    JOIN app.job j ON j.tenant_id = f.tenant_id AND j.id = f.id AND j.lease = f.lease
    FOR UPDATE OF j
)
UPDATE app.job j SET
    state = f.state, result = f.result, progress = coalesce(f.progress, j.progress),
    error = CASE WHEN f.state = 'completed' THEN NULL ELSE coalesce(f.error, j.error) END,
    errors = CASE WHEN f.error IS NULL THEN j.errors ELSE j.errors
        || jsonb_build_object('attempt', j.attempt, 'at', clock_timestamp(), 'error', f.error) END,
    attempt = j.attempt - (f.wanted = 'available')::integer,
    scheduled_at = clock_timestamp() + make_interval(secs => f.delay),
    finished_at = CASE WHEN f.state IN ('completed', 'cancelled', 'discarded') THEN clock_timestamp() END,
    lease = NULL, instance = NULL, server = NULL, heartbeat_at = NULL
FROM f WHERE j.tenant_id = f.tenant_id AND j.id = f.id
RETURNING j.id, j.state";

/// Writes how tries ended. Tries whose lease is gone are left alone: somebody else has the job. Gives
/// the ids of the others with their states.
pub(crate) async fn finish(
    connection: &mut PgConnection,
    finishes: &[Finish],
) -> Result<Vec<(Uuid, String)>, Problem> {
    let split = |finish: &Finish| -> (&'static str, Option<Value>, Option<String>, f64) {
        match &finish.end {
            End::Completed(result) => ("completed", Some(result.clone()), None, 0.0),
            End::Cancelled => ("cancelled", None, None, 0.0),
            End::Discarded(error) => ("discarded", None, Some(error.clone()), 0.0),
            End::Retry(error, delay) => ("retryable", None, Some(error.clone()), delay.as_secs_f64()),
            End::Released => ("available", None, None, 0.0),
        }
    };
    let parts: Vec<_> = finishes.iter().map(split).collect();
    Ok(sqlx::query_as(FINISH)
        .bind(finishes.iter().map(|f| f.tenant).collect::<Vec<_>>())
        .bind(finishes.iter().map(|f| f.id).collect::<Vec<_>>())
        .bind(finishes.iter().map(|f| f.lease).collect::<Vec<_>>())
        .bind(parts.iter().map(|part| part.0).collect::<Vec<_>>())
        .bind(parts.iter().map(|part| part.1.clone()).collect::<Vec<_>>())
        .bind(finishes.iter().map(|f| f.progress.clone()).collect::<Vec<_>>())
        .bind(parts.iter().map(|part| part.2.clone()).collect::<Vec<_>>())
        .bind(parts.iter().map(|part| part.3).collect::<Vec<_>>())
        .fetch_all(connection)
        .await?)
}

/// Progress of a running job.
pub(crate) struct Step {
    pub(crate) tenant: Uuid,
    pub(crate) id: Uuid,
    pub(crate) lease: Uuid,
    pub(crate) progress: Value,
}

/// Stores progress.
pub(crate) async fn store_progress(connection: &mut PgConnection, steps: &[Step]) -> Result<(), Problem> {
    sqlx::query(
        "UPDATE app.job j SET progress = s.progress
         FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::jsonb[]) AS s (tenant_id, id, lease, progress)
         WHERE j.tenant_id = s.tenant_id AND j.id = s.id AND j.lease = s.lease",
    )
    .bind(steps.iter().map(|step| step.tenant).collect::<Vec<_>>())
    .bind(steps.iter().map(|step| step.id).collect::<Vec<_>>())
    .bind(steps.iter().map(|step| step.lease).collect::<Vec<_>>())
    .bind(steps.iter().map(|step| step.progress.clone()).collect::<Vec<_>>())
    .execute(connection)
    .await?;
    Ok(())
}

/// Beats for these leases and gives those that are still held.
pub(crate) async fn beat(connection: &mut PgConnection, leases: &[Uuid]) -> Result<Vec<Uuid>, Problem> {
    Ok(sqlx::query_scalar(
        "UPDATE app.job SET heartbeat_at = clock_timestamp() WHERE state = 'running' AND lease = ANY($1)
         RETURNING lease",
    )
    .bind(leases)
    .fetch_all(connection)
    .await?)
}

/// Leases of this process whose jobs somebody wants to end.
pub(crate) async fn cancel_requests(
    connection: &mut PgConnection,
    instance: Uuid,
) -> Result<Vec<Uuid>, Problem> {
    Ok(sqlx::query_scalar(
        "SELECT lease FROM app.job WHERE state = 'running' AND cancel_requested AND instance = $1",
    )
    .bind(instance)
    .fetch_all(connection)
    .await?)
}

// The first rescues are immediate; then the pauses grow, in case the job is what ends the server.
const RESCUE: &str = "
UPDATE app.job SET
    state = CASE WHEN cancel_requested THEN 'cancelled' WHEN lost + 1 >= $1 THEN 'discarded' ELSE 'retryable' END,
    finished_at = CASE WHEN cancel_requested OR lost + 1 >= $1 THEN clock_timestamp() END,
    lost = lost + 1, attempt = attempt - 1,
    error = CASE WHEN lost + 1 >= $1
        THEN 'The server ended ' || (lost + 1) || ' times while this job ran. It is not tried again.' ELSE error END,
    errors = errors || jsonb_build_object('attempt', attempt, 'at', clock_timestamp(),
        'error', 'The server ended while this job ran.'),
    scheduled_at = clock_timestamp() + make_interval(secs => greatest(lost - 1, 0) ^ 2),
    lease = NULL, instance = NULL, server = NULL, heartbeat_at = NULL
WHERE state = 'running'
  AND (heartbeat_at < clock_timestamp() - make_interval(secs => $2)
       OR ($3::text IS NOT NULL AND server = $3 AND instance <> $4))
RETURNING id";

/// Makes jobs of vanished processes available again. With `server`, also those of its earlier
/// processes, whatever their last beat.
pub(crate) async fn rescue(
    connection: &mut PgConnection,
    server: Option<&str>,
    instance: Uuid,
) -> Result<Vec<Uuid>, Problem> {
    Ok(sqlx::query_scalar(RESCUE)
        .bind(MAX_LOST)
        .bind(LOST_AFTER)
        .bind(server)
        .bind(instance)
        .fetch_all(connection)
        .await?)
}

/// Deletes one batch of old jobs: given-up ones after 7 days, others after 24 hours. True when there
/// may be more.
pub(crate) async fn delete_old(connection: &mut PgConnection) -> Result<bool, Problem> {
    let deleted = sqlx::query(
        "DELETE FROM app.job j USING (
             SELECT tenant_id, id FROM app.job
             WHERE finished_at < now() - interval '24 hours'
               AND finished_at < now() - CASE state WHEN 'discarded' THEN interval '7 days' ELSE interval '24 hours' END
             ORDER BY finished_at LIMIT $1) old
         WHERE j.tenant_id = old.tenant_id AND j.id = old.id",
    )
    .bind(DELETE_BATCH)
    .execute(connection)
    .await?
    .rows_affected();
    Ok(deleted >= DELETE_BATCH.unsigned_abs())
}

/// How many unfinished jobs there are of a kind in a state, over all tenants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Depth {
    /// The kind.
    pub kind: String,
    /// `available`, `scheduled`, `running` or `retryable`.
    pub state: String,
    /// Their number.
    pub jobs: i64,
}

/// Counts unfinished jobs, for metrics.
pub(crate) async fn depth(connection: &mut PgConnection) -> Result<Vec<Depth>, Problem> {
    let rows = sqlx::query(
        "SELECT kind, state, count(*) FROM app.job
         WHERE state IN ('available', 'scheduled', 'running', 'retryable') GROUP BY kind, state ORDER BY kind, state",
    )
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| Ok(Depth { kind: row.try_get(0)?, state: row.try_get(1)?, jobs: row.try_get(2)? }))
        .collect()
}
