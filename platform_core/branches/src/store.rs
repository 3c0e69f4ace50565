//! SQL of branches. What it means is said in `db/migrations/0003_branches.sql`.

use kit::{Problem, ReadTx, WriteTx};
use uuid::Uuid;

const LOCK: &str = "SELECT app.branch_lock($1)";

const HEAD: &str = "SELECT b.name, b.state, b.reviewed_at IS NOT NULL, b.reverts, \
    EXISTS (SELECT FROM app.branch_row r WHERE r.branch_id = b.id AND r.actor = app.actor()) \
    FROM app.branch b WHERE b.id = $1";

const EXISTS: &str = "SELECT EXISTS (SELECT FROM app.branch b WHERE b.id = $1)";

const CONFLICTS: &str =
    "SELECT c.relation, c.record_id, c.code, c.columns FROM app.branch_conflicts($1) c LIMIT $2";

/// As if it were applied; the transaction is not committed.
const TRY: &str =
    "SELECT set_config('app.branch_mode', 'apply', true), set_config('lock_timeout', '700ms', true)";
const LATER: &str = "SET CONSTRAINTS ALL DEFERRED";
const NO_ROOM: &str =
    "SELECT a.relation, a.record_id FROM app.branch_apply($1, '{update,delete,create}') a LIMIT $2";

const RESOLVE: &str = "SELECT app.branch_resolve($1, $2, $3, $4, $5)";
const SYNC: &str = "SELECT app.branch_sync($1)";

/// The opposite of everything a branch brought. A record that it made is deleted again, unless it was changed
/// since: then its version says so.
const INVERSE: &str = "INSERT INTO app.branch_row (branch_id, relation, record_id, kind, base, patch, actor) \
    SELECT $2, b.relation, b.record_id, \
        CASE b.kind WHEN 'create' THEN 'delete' WHEN 'delete' THEN 'create' ELSE 'update' END, \
        CASE b.kind WHEN 'create' THEN b.patch || '{\"version\": 1}' WHEN 'update' THEN b.base || b.patch END, \
        CASE b.kind WHEN 'delete' THEN b.base WHEN 'update' THEN app.json_pick(b.base, app.json_keys(b.patch)) END, \
        app.actor() \
    FROM app.branch_row b WHERE b.branch_id = $1";

const POLICY: &str = "SELECT p.review FROM app.branch_policy p";
const SET_POLICY: &str = "INSERT INTO app.branch_policy (review) VALUES ($1) \
    ON CONFLICT (tenant_id) DO UPDATE SET review = excluded.review";

/// Where a branch stands.
#[derive(Debug)]
pub(crate) struct Head {
    pub(crate) name: String,
    pub(crate) state: String,
    pub(crate) approved: bool,
    pub(crate) reverts: Option<Uuid>,
    /// Did who acts change something in it?
    pub(crate) own: bool,
}

/// The branch, which nobody else works in until the transaction ends.
pub(crate) async fn locked(tx: &mut WriteTx, branch: Uuid) -> Result<Head, Problem> {
    sqlx::query(LOCK).bind(branch).execute(tx.conn()).await?;
    let row: Option<(String, String, bool, Option<Uuid>, bool)> =
        sqlx::query_as(HEAD).bind(branch).fetch_optional(tx.conn()).await?;
    let (name, state, approved, reverts, own) = row.ok_or_else(|| Problem::not_found("branch"))?;
    Ok(Head { name, state, approved, reverts, own })
}

/// 404 when there is no such branch.
pub(crate) async fn exists(tx: &mut ReadTx, branch: Uuid) -> Result<(), Problem> {
    let there: bool = sqlx::query_scalar(EXISTS).bind(branch).fetch_one(tx.conn()).await?;
    if there { Ok(()) } else { Err(Problem::not_found("branch")) }
}

/// Table, record, code and columns of what both sides changed.
pub(crate) type Conflict = (String, Uuid, String, Option<Vec<String>>);

/// What both sides changed, at most so many.
pub(crate) async fn conflicts(tx: &mut WriteTx, branch: Uuid, limit: i64) -> Result<Vec<Conflict>, Problem> {
    Ok(sqlx::query_as(CONFLICTS).bind(branch).bind(limit).fetch_all(tx.conn()).await?)
}

/// What the main line has no room for. Spoils the transaction: it must be dropped.
pub(crate) async fn without_room(
    tx: &mut WriteTx,
    branch: Uuid,
    limit: i64,
) -> Result<Vec<(String, Uuid)>, Problem> {
    sqlx::query(TRY).execute(tx.conn()).await?;
    sqlx::query(LATER).execute(tx.conn()).await?;
    Ok(sqlx::query_as(NO_ROOM).bind(branch).bind(limit).fetch_all(tx.conn()).await?)
}

/// Decides about a record; false when there is nothing to decide.
pub(crate) async fn resolve(
    tx: &mut WriteTx,
    branch: Uuid,
    (table, record): (&str, Uuid),
    mine: bool,
    columns: Option<Vec<String>>,
) -> Result<bool, Problem> {
    let query = sqlx::query_scalar(RESOLVE).bind(branch).bind(table).bind(record).bind(mine).bind(columns);
    Ok(query.fetch_one(tx.conn()).await?)
}

/// Drops what the main line has already; how many records that were.
pub(crate) async fn sync(tx: &mut WriteTx, branch: Uuid) -> Result<i64, Problem> {
    Ok(sqlx::query_scalar(SYNC).bind(branch).fetch_one(tx.conn()).await?)
}

/// Fills a new branch with the opposite of a merged one.
pub(crate) async fn invert(tx: &mut WriteTx, merged: Uuid, into: Uuid) -> Result<u64, Problem> {
    Ok(sqlx::query(INVERSE).bind(merged).bind(into).execute(tx.conn()).await?.rows_affected())
}

/// Must somebody else approve?
pub(crate) async fn reviewed_by_others(tx: &mut WriteTx) -> Result<bool, Problem> {
    let review: Option<String> = sqlx::query_scalar(POLICY).fetch_optional(tx.conn()).await?;
    Ok(review.as_deref() == Some("other"))
}

/// The same, for reading it.
pub(crate) async fn policy(tx: &mut ReadTx) -> Result<String, Problem> {
    let review: Option<String> = sqlx::query_scalar(POLICY).fetch_optional(tx.conn()).await?;
    Ok(review.unwrap_or_else(|| "none".to_owned()))
}

/// Sets it.
pub(crate) async fn set_policy(tx: &mut WriteTx, review: &str) -> Result<(), Problem> {
    sqlx::query(SET_POLICY).bind(review).execute(tx.conn()).await?;
    Ok(())
}
