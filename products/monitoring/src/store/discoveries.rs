//! Discoveries and their targets.

use chrono::{DateTime, Utc};
use ipnet::IpNet;
use kit::{Problem, ReadTx, WriteTx};
use serde_json::Value;
use sqlx::Row as _;
use sqlx::postgres::PgRow;
use uuid::Uuid;

/// A discovery as stored.
pub(crate) struct DiscoveryRow {
    pub(crate) id: Uuid,
    pub(crate) job_id: Option<Uuid>,
    pub(crate) scope_id: Option<Uuid>,
    pub(crate) state: String,
    pub(crate) request: Value,
    pub(crate) counts: Value,
    pub(crate) error: Option<String>,
    pub(crate) started_at: Option<DateTime<Utc>>,
    pub(crate) finished_at: Option<DateTime<Utc>>,
    pub(crate) created_at: DateTime<Utc>,
}

impl DiscoveryRow {
    fn read(row: &PgRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: row.try_get("id")?,
            job_id: row.try_get("job_id")?,
            scope_id: row.try_get("scope_id")?,
            state: row.try_get("state")?,
            request: row.try_get("request")?,
            counts: row.try_get("counts")?,
            error: row.try_get("error")?,
            started_at: row.try_get("started_at")?,
            finished_at: row.try_get("finished_at")?,
            created_at: row.try_get("created_at")?,
        })
    }
}

/// A new discovery; its job is enqueued in the same transaction.
pub(crate) async fn insert_discovery(
    tx: &mut WriteTx,
    id: Uuid,
    scope: Option<Uuid>,
    request: &Value,
) -> Result<(), Problem> {
    sqlx::query("INSERT INTO monitoring.discovery (id, scope_id, request) VALUES ($1, $2, $3)")
        .bind(id)
        .bind(scope)
        .bind(request)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Notes which job does it.
pub(crate) async fn set_job(tx: &mut WriteTx, id: Uuid, job: Uuid) -> Result<(), Problem> {
    sqlx::query("UPDATE monitoring.discovery SET job_id = $2, state = 'queued', finished_at = NULL, error = NULL WHERE id = $1")
        .bind(id)
        .bind(job)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// It runs now. Targets of a try before are forgotten.
pub(crate) async fn start(tx: &mut WriteTx, id: Uuid) -> Result<(), Problem> {
    sqlx::query("DELETE FROM monitoring.discovery_target WHERE discovery_id = $1")
        .bind(id)
        .execute(tx.conn())
        .await?;
    sqlx::query(
        "UPDATE monitoring.discovery SET state = 'running', started_at = now(), finished_at = NULL, error = NULL WHERE id = $1",
    )
    .bind(id)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// How far it is.
pub(crate) async fn set_counts(tx: &mut WriteTx, id: Uuid, counts: &Value) -> Result<(), Problem> {
    sqlx::query("UPDATE monitoring.discovery SET counts = $2 WHERE id = $1")
        .bind(id)
        .bind(counts)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// It ended.
pub(crate) async fn finish(
    tx: &mut WriteTx,
    id: Uuid,
    state: &str,
    error: Option<&str>,
) -> Result<(), Problem> {
    sqlx::query("UPDATE monitoring.discovery SET state = $2, error = $3, finished_at = now() WHERE id = $1")
        .bind(id)
        .bind(state)
        .bind(error)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Discoveries that a killed server left running and whose job will not come back are failed.
pub(crate) async fn fail_orphans(tx: &mut WriteTx) -> Result<u64, Problem> {
    let done = sqlx::query(
        "UPDATE monitoring.discovery d SET state = 'failed', finished_at = now(), error = 'The server was stopped while this ran.' \
         WHERE state IN ('running', 'queued') AND NOT EXISTS (SELECT 1 FROM app.job j WHERE j.id = d.job_id \
         AND j.state IN ('available', 'scheduled', 'running', 'retryable'))",
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected())
}

/// One discovery.
pub(crate) async fn discovery(tx: &mut ReadTx, id: Uuid) -> Result<Option<DiscoveryRow>, Problem> {
    let row = sqlx::query("SELECT * FROM monitoring.discovery WHERE id = $1")
        .bind(id)
        .fetch_optional(tx.conn())
        .await?;
    Ok(row.as_ref().map(DiscoveryRow::read).transpose()?)
}

/// The latest discoveries.
pub(crate) async fn discoveries(tx: &mut ReadTx, limit: i64) -> Result<Vec<DiscoveryRow>, Problem> {
    let rows = sqlx::query("SELECT * FROM monitoring.discovery ORDER BY created_at DESC LIMIT $1")
        .bind(limit)
        .fetch_all(tx.conn())
        .await?;
    Ok(rows.iter().map(DiscoveryRow::read).collect::<Result<_, _>>()?)
}

/// One address of a discovery.
pub(crate) struct TargetRow {
    pub(crate) address: std::net::IpAddr,
    pub(crate) state: String,
    pub(crate) report: Value,
}

/// Writes the current state of targets.
pub(crate) async fn write_targets(
    tx: &mut WriteTx,
    discovery: Uuid,
    targets: &[TargetRow],
) -> Result<(), Problem> {
    if targets.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = targets.iter().map(|_| Uuid::now_v7()).collect();
    let addresses: Vec<IpNet> = targets.iter().map(|target| IpNet::from(target.address)).collect();
    let states: Vec<&str> = targets.iter().map(|target| target.state.as_str()).collect();
    let reports: Vec<&Value> = targets.iter().map(|target| &target.report).collect();
    sqlx::query(
        "INSERT INTO monitoring.discovery_target (id, discovery_id, address, state, report) \
         SELECT new.id, $5, new.address, new.state, new.report \
         FROM UNNEST($1::uuid[], $2::inet[], $3::text[], $4::jsonb[]) AS new (id, address, state, report) \
         ON CONFLICT (tenant_id, discovery_id, address) DO UPDATE SET state = excluded.state, report = excluded.report",
    )
    .bind(ids)
    .bind(addresses)
    .bind(states)
    .bind(reports)
    .bind(discovery)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The targets of a discovery by address.
pub(crate) async fn targets(tx: &mut ReadTx, discovery: Uuid) -> Result<Vec<TargetRow>, Problem> {
    let rows = sqlx::query(
        "SELECT address, state, report FROM monitoring.discovery_target WHERE discovery_id = $1 ORDER BY address LIMIT 100000",
    )
    .bind(discovery)
    .fetch_all(tx.conn())
    .await?;
    rows.iter()
        .map(|row| {
            Ok(TargetRow {
                address: row.try_get::<IpNet, _>("address")?.addr(),
                state: row.try_get("state")?,
                report: row.try_get("report")?,
            })
        })
        .collect::<Result<_, sqlx::Error>>()
        .map_err(Problem::from)
}

/// A scope as the request of a discovery.
pub(crate) async fn scope_request(tx: &mut ReadTx, scope: Uuid) -> Result<Option<Value>, Problem> {
    Ok(sqlx::query_scalar(
        "SELECT jsonb_build_object('seeds', seeds, 'credentials', credentials, 'allow', allow::text[], 'deny', deny::text[], \
         'max_depth', max_depth, 'max_devices', max_devices, 'port', port, 'rate', rate, 'partition', partition) \
         FROM monitoring.scope WHERE id = $1",
    )
    .bind(scope)
    .fetch_optional(tx.conn())
    .await?)
}

/// Scopes that repeat and whose last discovery began long enough ago.
pub(crate) async fn due_scopes(tx: &mut ReadTx) -> Result<Vec<Uuid>, Problem> {
    Ok(sqlx::query_scalar(
        "SELECT s.id FROM monitoring.scope s WHERE s.enabled AND s.interval_hours IS NOT NULL AND NOT EXISTS ( \
         SELECT 1 FROM monitoring.discovery d WHERE d.scope_id = s.id \
         AND d.created_at > now() - make_interval(hours => s.interval_hours::int)) LIMIT 1000",
    )
    .fetch_all(tx.conn())
    .await?)
}
