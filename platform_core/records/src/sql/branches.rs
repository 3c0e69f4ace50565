//! SQL about what a branch changed. What puts rows in their places is in `db/migrations/0003_branches.sql`.

use chrono::{DateTime, Utc};
use kit::Problem;
use sqlx::PgConnection;
use sqlx::postgres::PgRow;
use uuid::Uuid;

use super::built::Built;
use super::{Statements, fetch};

/// Records that a branch changed, without what of them.
const ENTRIES: &str = "SELECT b.relation, b.record_id, b.kind, b.actor, b.updated_at FROM app.branch_row b \
    WHERE b.branch_id = $1 AND b.relation = ANY($2) \
      AND ($3::text IS NULL OR (b.relation, b.record_id) > ($3, $4)) ORDER BY b.relation, b.record_id LIMIT $5";

/// Tables that a branch changed, with how much.
const TOTALS: &str = "SELECT b.relation, b.kind, count(*) FROM app.branch_row b WHERE b.branch_id = $1 \
    GROUP BY b.relation, b.kind ORDER BY b.relation, b.kind";

const APPLY: &str = "SELECT a.relation, a.record_id FROM app.branch_apply($1, $2, $3) a";

/// Texts of records that only the branch has.
const NEW_TEXTS: &str = "SELECT b.record_id, b.patch ->> $4 FROM app.branch_row b WHERE b.branch_id = $1 \
    AND b.relation = $2 AND b.record_id = ANY($3) AND b.kind = 'create'";

/// One record that a branch changed.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) relation: String,
    pub(crate) record_id: Uuid,
    pub(crate) kind: String,
    pub(crate) actor: String,
    pub(crate) updated_at: DateTime<Utc>,
}

/// Entries of some tables, behind a place.
pub(crate) async fn entries(
    conn: &mut PgConnection,
    branch: Uuid,
    relations: &[String],
    behind: Option<&(String, Uuid)>,
    limit: i64,
) -> Result<Vec<Entry>, Problem> {
    let (relation, record) = behind.cloned().unzip();
    let query = sqlx::query_as(ENTRIES).bind(branch).bind(relations).bind(relation).bind(record).bind(limit);
    let rows: Vec<(String, Uuid, String, String, DateTime<Utc>)> = query.fetch_all(conn).await?;
    let entry = |(relation, record_id, kind, actor, updated_at)| Entry {
        relation,
        record_id,
        kind,
        actor,
        updated_at,
    };
    Ok(rows.into_iter().map(entry).collect())
}

/// Table, kind and count.
pub(crate) async fn totals(
    conn: &mut PgConnection,
    branch: Uuid,
) -> Result<Vec<(String, String, i64)>, Problem> {
    Ok(sqlx::query_as(TOTALS).bind(branch).fetch_all(conn).await?)
}

/// Puts rows in their places; those that there is no room for.
pub(crate) async fn apply(
    conn: &mut PgConnection,
    branch: Uuid,
    kinds: &[&'static str],
    only: Option<&[Uuid]>,
) -> Result<Vec<(String, Uuid)>, Problem> {
    Ok(sqlx::query_as(APPLY).bind(branch).bind(kinds).bind(only).fetch_all(conn).await?)
}

impl Statements {
    /// Records as they were when the branch changed them (`base`), as the branch has them (`after`) and as they
    /// are (`main`): rows of this model with the side as the last column. An unchanged column is as it is now.
    pub(crate) async fn sides(
        &self,
        conn: &mut PgConnection,
        branch: Uuid,
        ids: &[Uuid],
    ) -> Result<Vec<PgRow>, Problem> {
        let mut built = Built::default();
        built.push(&format!(
            "SELECT {0}, d.side FROM (SELECT s.side, s.doc FROM app.branch_row b LEFT JOIN {1} m ON m.id = b.record_id \
             CROSS JOIN LATERAL (SELECT CASE WHEN m.id IS NULL THEN b.base ELSE to_jsonb(m) END AS now) n \
             CROSS JOIN LATERAL (VALUES \
             ('base', CASE b.kind WHEN 'update' THEN n.now || app.json_pick(b.base, app.json_keys(b.patch)) WHEN 'delete' THEN b.base END), \
             ('after', CASE b.kind WHEN 'update' THEN n.now || b.patch WHEN 'create' THEN b.patch END), \
             ('main', CASE WHEN m.id IS NOT NULL THEN n.now END)) AS s(side, doc) \
             WHERE s.doc IS NOT NULL AND b.branch_id = ",
            self.columns, self.table
        ));
        built.bind(branch)?;
        built.push(" AND b.relation = ");
        built.bind(self.model.table)?;
        built.push(" AND b.record_id = ANY(");
        built.bind(ids)?;
        built.push(&format!(")) d CROSS JOIN LATERAL jsonb_populate_record(NULL::{}, d.doc) t", self.table));
        Ok(fetch(built, conn).await?)
    }

    /// Texts of records that only the branch has.
    pub(crate) async fn new_texts(
        &self,
        conn: &mut PgConnection,
        branch: Uuid,
        ids: &[Uuid],
    ) -> Result<Vec<(Uuid, Option<String>)>, Problem> {
        let query = sqlx::query_as(NEW_TEXTS).bind(branch).bind(self.model.table).bind(ids);
        Ok(query.bind(self.model.display).fetch_all(conn).await?)
    }
}
