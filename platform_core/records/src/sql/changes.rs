//! SQL about the change log of all records.

use chrono::{DateTime, Utc};
use kit::Problem;
use sqlx::PgConnection;
use sqlx::postgres::PgRow;
use uuid::Uuid;

use super::built::Built;
use super::filter::filter;
use super::{Statements, fetch, history_table, keeps_history};
use crate::query::{FilterExpr, SortKey};

/// Which changes.
pub(crate) struct Page<'a> {
    pub(crate) filter: &'a FilterExpr,
    pub(crate) sort: &'a [SortKey],
    pub(crate) limit: i64,
    pub(crate) offset: u64,
    /// With what was changed?
    pub(crate) whole: bool,
}

fn order(built: &mut Built, sort: &[SortKey]) {
    for (at, key) in sort.iter().enumerate() {
        built.push(if at == 0 { " ORDER BY " } else { ", " });
        built.push(&key.column.sql());
        built.push(if key.descending { " DESC" } else { "" });
    }
}

/// One page. Its numbers come from an index alone, however far behind it lies; then the rows are read.
pub(crate) async fn page(conn: &mut PgConnection, page: &Page<'_>) -> Result<Vec<PgRow>, Problem> {
    let mut built = Built::default();
    built.push(
        "SELECT t.number, t.created_at, t.model, t.record_id, t.record_version, t.record_number, t.actor_kind, \
         t.actor_id, t.actor_name, t.request_id, t.action, t.display, ",
    );
    built.push(if page.whole { "t.changes" } else { "NULL::jsonb" });
    built.push(" FROM (SELECT t.number FROM app.change_log t WHERE ");
    filter(&mut built, page.filter)?;
    order(&mut built, page.sort);
    built.push(" LIMIT ");
    built.bind(page.limit)?;
    built.push(" OFFSET ");
    built.bind(i64::try_from(page.offset).unwrap_or(i64::MAX))?;
    built.push(") p JOIN app.change_log t ON t.number = p.number");
    order(&mut built, page.sort);
    Ok(fetch(built, conn).await?)
}

/// How many match.
pub(crate) async fn count(conn: &mut PgConnection, expression: &FilterExpr) -> Result<i64, Problem> {
    let mut built = Built::default();
    built.push("SELECT count(*) FROM app.change_log t WHERE ");
    filter(&mut built, expression)?;
    let rows = fetch(built, conn).await?;
    let first = rows.first().ok_or_else(|| Problem::internal("count gave no row"))?;
    Ok(sqlx::Row::try_get(first, 0)?)
}

/// Versions of records that one transaction each made.
#[derive(Default)]
pub(crate) struct Versions {
    pub(crate) ids: Vec<Uuid>,
    pub(crate) numbers: Vec<i64>,
    pub(crate) times: Vec<DateTime<Utc>>,
}

impl Statements {
    /// Records as changes left them: rows of this model, with the place of the version among those asked
    /// (from 1) as the last column.
    pub(crate) async fn versions(
        &self,
        conn: &mut PgConnection,
        wanted: Versions,
    ) -> Result<Vec<PgRow>, Problem> {
        if wanted.ids.is_empty() || !keeps_history(self.model) {
            return Ok(Vec::new());
        }
        let mut built = Built::default();
        built.push(&format!("SELECT {}, k.n FROM unnest(", self.columns));
        built.bind(wanted.ids)?;
        built.push(", ");
        built.bind(wanted.numbers)?;
        built.push(", ");
        built.bind(wanted.times)?;
        // Change and history are of one transaction, so their times are the same: the key of the history.
        built.push(&format!(
            ") WITH ORDINALITY AS k(id, version, at, n) JOIN {} h \
             ON h.id = k.id AND h.at = k.at AND h.version = k.version AND h.operation = 'update' \
             CROSS JOIN LATERAL jsonb_populate_record(NULL::{}, h.data) t",
            history_table(self.model),
            self.table
        ));
        Ok(fetch(built, conn).await?)
    }
}

/// Number and text of records that are gone, as the log knows them.
const GONE: &str = "SELECT k.id, l.record_number, l.display FROM unnest($2::uuid[]) AS k(id) \
    CROSS JOIN LATERAL (SELECT c.record_number, c.display FROM app.change_log c \
    WHERE c.model = $1 AND c.record_id = k.id AND c.record_number IS NOT NULL ORDER BY c.id DESC LIMIT 1) l";

/// See [`GONE`].
pub(crate) async fn gone(
    conn: &mut PgConnection,
    model: &str,
    ids: &[Uuid],
) -> Result<Vec<(Uuid, i64, Option<String>)>, Problem> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(sqlx::query_as(GONE).bind(model).bind(ids).fetch_all(conn).await?)
}
