//! All SQL text of the record engine, and the only place that runs text built at run time.
//!
//! Text is made of descriptor names - checked at start to be `[a-z0-9_]` and always quoted - and of
//! `$n`. Nothing from a request is ever part of it: values are bound, rows to be written arrive as one
//! bound JSON document that `json_to_recordset` types by the columns. Conditions use leakproof
//! operators (platform.md 1.5), so that they may use indexes below row-level security; the two that
//! cannot (`strpos` of `contains` and `q=`, and array membership) read the tenant's rows only.

pub(crate) mod branches;
mod built;
pub(crate) mod changes;
pub(crate) mod custom;
mod filter;
pub(crate) mod referrals;

use std::fmt::Write as _;
use std::sync::Arc;

use kit::Problem;
use kit::record::{Field, FieldKind, Model};
use sqlx::postgres::PgRow;
use sqlx::{AssertSqlSafe, PgConnection};
use uuid::Uuid;

use self::built::Built;
pub(crate) use self::built::View;
use self::filter::{filter, keyset};
use crate::datum::Datum;
use crate::entity::{UniqueKey, columns_of, has_ci};
use crate::query::{Column, FilterExpr, SortKey};

/// Runs text made of descriptor names and `$n`: the one place of it.
async fn fetch(built: Built, conn: &mut PgConnection) -> Result<Vec<PgRow>, sqlx::Error> {
    sqlx::query_with(AssertSqlSafe(built.text), built.values).fetch_all(conn).await
}

/// The lower-case form that generated columns hold: by ICU's root rules, compared by bytes.
pub(crate) fn lower(expression: &str) -> String {
    format!("lower({expression} COLLATE \"und-x-icu\") COLLATE \"C\"")
}

/// `"name"`. Names are checked identifiers.
pub(crate) fn quoted(name: &str) -> String {
    format!("\"{name}\"")
}

/// `"schema"."table"`.
pub(crate) fn table(model: &Model) -> String {
    match model.table.split_once('.') {
        Some((schema, table)) => format!("\"{schema}\".\"{table}\""),
        None => quoted(model.table),
    }
}

/// The column type of a field.
pub(crate) fn column_type(kind: &FieldKind) -> &'static str {
    match kind {
        FieldKind::Text { .. }
        | FieldKind::LongText { .. }
        | FieldKind::Choice(_)
        | FieldKind::Password { .. } => "text",
        FieldKind::Integer { .. } | FieldKind::Count { .. } => "bigint",
        FieldKind::Decimal { .. } => "double precision",
        FieldKind::Date => "date",
        FieldKind::Boolean => "boolean",
        FieldKind::DateTime => "timestamptz",
        FieldKind::Uuid | FieldKind::Reference { .. } | FieldKind::Generic { .. } => "uuid",
        FieldKind::References { .. } => "uuid[]",
        FieldKind::Ip | FieldKind::Interface => "inet",
        FieldKind::Prefix => "cidr",
        FieldKind::TextList { .. } => "text[]",
        FieldKind::PrefixList { .. } => "cidr[]",
        FieldKind::IntegerList { .. } => "bigint[]",
        FieldKind::Json | FieldKind::Custom => "jsonb",
        FieldKind::Secret { .. } => "bytea",
    }
}

/// Is it written one way, so that an update may leave it as it is?
pub(crate) fn is_secret(kind: &FieldKind) -> bool {
    matches!(kind, FieldKind::Secret { .. } | FieldKind::Password { .. })
}

/// Does every write leave a row in `<table>_history`? A model nobody can write over the API is a log or a
/// queue: its rows are its history.
pub(crate) fn keeps_history(model: &Model) -> bool {
    let operations = model.operations;
    operations.create || operations.update || operations.delete
}

/// `"schema"."table_history"`.
fn history_table(model: &Model) -> String {
    let table = table(model);
    format!("{}_history\"", table.trim_end_matches('"'))
}

/// The statements of a model that never vary.
pub(crate) struct Statements {
    model: &'static Model,
    table: String,
    columns: String,
    /// `$1` uuid[].
    get: Arc<str>,
    /// `$1` uuid[].
    lock: Arc<str>,
    /// `$1` rows as JSON.
    insert: Arc<str>,
    /// `$1` rows as JSON.
    update: Arc<str>,
    /// `$1` uuid[].
    delete: Arc<str>,
    /// `$1` uuid[]: id and display column.
    display: Arc<str>,
    /// By unique key: `$1` rows as JSON; gives the row numbers `n` whose values are taken.
    taken: Vec<Arc<str>>,
}

impl Statements {
    pub(crate) fn new(model: &'static Model, uniques: &[UniqueKey]) -> Self {
        let table = table(model);
        let columns = select_list(model);
        let record = record_type(model);
        let display = quoted(model.display);
        Self {
            get: format!("SELECT {columns} FROM {table} t WHERE t.id = ANY($1)").into(),
            lock: format!("SELECT {columns} FROM {table} t WHERE t.id = ANY($1) ORDER BY t.id FOR UPDATE")
                .into(),
            insert: insert_text(model, &table, &columns, &record).into(),
            update: update_text(model, &table, &columns, &record).into(),
            delete: format!("DELETE FROM {table} WHERE id = ANY($1)").into(),
            display: format!("SELECT id, {display} FROM {table} WHERE id = ANY($1)").into(),
            taken: uniques.iter().map(|key| taken_text(model, &table, key).into()).collect(),
            model,
            table,
            columns,
        }
    }
}

fn select_list(model: &Model) -> String {
    let mut list = "t.id, t.version, t.created_at, t.updated_at".to_owned();
    if model.numbered {
        list += ", t.number";
    }
    for field in model.fields {
        let name = field.name;
        let _ = match field.kind {
            FieldKind::Count { .. } => Ok(()),
            FieldKind::Generic { .. } => write!(list, ", t.\"{name}_type\", t.\"{name}_id\""),
            FieldKind::Secret { .. } => write!(list, ", t.\"{name}\", t.\"{name}_set_at\""),
            FieldKind::Password { .. } => write!(list, ", t.\"{name}\" IS NOT NULL"),
            _ => write!(list, ", t.\"{name}\""),
        };
    }
    list
}

fn record_type(model: &Model) -> String {
    let mut record = "r(n int, id uuid".to_owned();
    if model.numbered {
        record += ", number bigint";
    }
    for field in model.fields {
        for (name, kind) in columns_of(field) {
            let _ = write!(record, ", \"{name}\" {kind}");
        }
        if is_secret(&field.kind) {
            let _ = write!(record, ", \"{}__keep\" boolean", field.name);
        }
    }
    record + ")"
}

fn insert_text(model: &Model, table: &str, columns: &str, record: &str) -> String {
    let (mut into, mut from) = ("id".to_owned(), "r.id".to_owned());
    if model.numbered {
        into += ", number";
        from += ", r.number";
    }
    for field in model.fields {
        let name = field.name;
        for (column, _) in columns_of(field) {
            let _ = write!(into, ", \"{column}\"");
            let _ = write!(from, ", r.\"{column}\"");
        }
        if matches!(field.kind, FieldKind::Secret { .. }) {
            let _ = write!(into, ", \"{name}_set_at\"");
            let _ = write!(from, ", CASE WHEN r.\"{name}\" IS NOT NULL THEN now() END");
        }
    }
    format!(
        "INSERT INTO {table} AS t ({into}) SELECT {from} FROM json_to_recordset($1::json) AS {record} ORDER BY r.n RETURNING {columns}"
    )
}

fn update_text(model: &Model, table: &str, columns: &str, record: &str) -> String {
    let mut set = Vec::new();
    for field in model.fields {
        let name = field.name;
        if is_secret(&field.kind) {
            set.push(format!(
                "\"{name}\" = CASE WHEN r.\"{name}__keep\" THEN t.\"{name}\" ELSE r.\"{name}\" END"
            ));
        } else {
            set.extend(
                columns_of(field).into_iter().map(|(column, _)| format!("\"{column}\" = r.\"{column}\"")),
            );
        }
        if matches!(field.kind, FieldKind::Secret { .. }) {
            set.push(format!(
                "\"{name}_set_at\" = CASE WHEN r.\"{name}__keep\" THEN t.\"{name}_set_at\" WHEN r.\"{name}\" IS NOT NULL THEN now() END"
            ));
        }
    }
    let set = set.join(", ");
    format!(
        "UPDATE {table} AS t SET {set} FROM json_to_recordset($1::json) AS {record} WHERE t.id = r.id RETURNING {columns}"
    )
}

/// Which of the rows to be written have a key that a stored row or an earlier one of them has.
fn taken_text(model: &Model, table: &str, key: &UniqueKey) -> String {
    let (mut record, mut keys, mut names, mut known, mut same) =
        (String::new(), String::new(), Vec::new(), Vec::new(), Vec::new());
    let mut at = 0;
    for field in &key.fields {
        for (name, kind) in columns_of(field) {
            let _ = write!(record, ", \"{name}\" {kind}");
            let (value, column) = if has_ci(model, field) {
                (lower(&format!("r.\"{name}\"")), format!("{name}_ci"))
            } else {
                (format!("r.\"{name}\""), name.clone())
            };
            let _ = write!(keys, ", {value} AS k{at}");
            names.push(format!("k{at}"));
            known.push(format!("k{at} IS NOT NULL"));
            let equal = if key.nulls_equal { "IS NOT DISTINCT FROM" } else { "=" };
            same.push(format!("t.\"{column}\" {equal} s.k{at}"));
            at += 1;
        }
    }
    if key.nulls_equal {
        known.drain(..known.len().saturating_sub(1));
    }
    let (names, known, same) = (names.join(", "), known.join(" AND "), same.join(" AND "));
    format!(
        "SELECT s.n FROM (SELECT n, id, {names}, row_number() OVER (PARTITION BY {names} ORDER BY n) AS nth \
         FROM (SELECT r.n, r.id{keys} FROM json_to_recordset($1::json) AS r(n int, id uuid{record})) k) s \
         WHERE {known} AND (s.nth > 1 OR EXISTS (SELECT 1 FROM {table} t WHERE {same} AND t.id <> s.id)) ORDER BY s.n"
    )
}

/// Which page of a list.
pub(crate) struct Page<'a> {
    pub(crate) view: View,
    pub(crate) filter: &'a FilterExpr,
    pub(crate) sort: &'a [SortKey],
    /// Sort values of the last row seen, parallel to `sort`.
    pub(crate) after: Option<&'a [Datum]>,
    pub(crate) limit: i64,
    pub(crate) offset: u64,
}

impl Statements {
    /// One page of rows.
    pub(crate) async fn list(&self, conn: &mut PgConnection, page: &Page<'_>) -> Result<Vec<PgRow>, Problem> {
        Ok(fetch(self.page(page)?, conn).await?)
    }

    /// How PostgreSQL would read a page, one line a node.
    pub(crate) async fn explain(
        &self,
        conn: &mut PgConnection,
        page: &Page<'_>,
    ) -> Result<Vec<PgRow>, Problem> {
        let mut built = self.page(page)?;
        built.text.insert_str(0, "EXPLAIN ");
        Ok(fetch(built, conn).await?)
    }

    fn page(&self, page: &Page<'_>) -> Result<Built, Problem> {
        let mut built = Built::of(page.view);
        built.push(&format!("SELECT {} FROM ", self.columns));
        built.source(self.model)?;
        built.push(" WHERE ");
        filter(&mut built, page.filter)?;
        if let Some(after) = page.after {
            built.push(" AND ");
            keyset(&mut built, page.sort, after)?;
        }
        built.push(" ORDER BY ");
        for (at, key) in page.sort.iter().enumerate() {
            if at > 0 {
                built.push(", ");
            }
            built.push(&key.column.sql());
            built.push(if key.descending { " DESC" } else { "" });
        }
        built.push(" LIMIT ");
        built.bind(page.limit)?;
        if page.offset > 0 {
            built.push(" OFFSET ");
            built.bind(i64::try_from(page.offset).unwrap_or(i64::MAX))?;
        }
        Ok(built)
    }

    /// How many rows match.
    pub(crate) async fn count(
        &self,
        conn: &mut PgConnection,
        expression: &FilterExpr,
        view: View,
    ) -> Result<i64, Problem> {
        let mut built = Built::of(view);
        built.push("SELECT count(*) FROM ");
        built.source(self.model)?;
        built.push(" WHERE ");
        filter(&mut built, expression)?;
        let rows = fetch(built, conn).await?;
        let first = rows.first().ok_or_else(|| Problem::internal("count gave no row"))?;
        Ok(sqlx::Row::try_get(first, 0)?)
    }

    /// Ids of records that match, at most `limit`.
    pub(crate) async fn ids(
        &self,
        conn: &mut PgConnection,
        expression: &FilterExpr,
        limit: i64,
    ) -> Result<Vec<Uuid>, Problem> {
        let mut built = Built::default();
        built.push(&format!("SELECT t.id FROM {} t WHERE ", self.table));
        filter(&mut built, expression)?;
        built.push(" LIMIT ");
        built.bind(limit)?;
        let rows = fetch(built, conn).await?;
        Ok(rows.iter().map(|row| sqlx::Row::try_get(row, 0)).collect::<Result<_, _>>()?)
    }

    pub(crate) async fn get(&self, conn: &mut PgConnection, ids: &[Uuid]) -> Result<Vec<PgRow>, sqlx::Error> {
        sqlx::query(AssertSqlSafe(self.get.clone())).bind(ids).fetch_all(conn).await
    }

    /// [`Statements::get`] of records that are not simply those of the tables.
    pub(crate) async fn get_of(
        &self,
        conn: &mut PgConnection,
        ids: &[Uuid],
        view: View,
    ) -> Result<Vec<PgRow>, Problem> {
        if view == View::Tables {
            return Ok(self.get(conn, ids).await?);
        }
        let mut built = Built::of(view);
        built.push(&format!("SELECT {} FROM ", self.columns));
        built.source(self.model)?;
        built.push(" WHERE t.id = ANY(");
        built.bind(ids)?;
        built.push(")");
        Ok(fetch(built, conn).await?)
    }

    /// Rows locked until the end of the transaction, always in the order of ids.
    pub(crate) async fn lock(
        &self,
        conn: &mut PgConnection,
        ids: &[Uuid],
    ) -> Result<Vec<PgRow>, sqlx::Error> {
        sqlx::query(AssertSqlSafe(self.lock.clone())).bind(ids).fetch_all(conn).await
    }

    pub(crate) async fn insert(
        &self,
        conn: &mut PgConnection,
        rows: String,
    ) -> Result<Vec<PgRow>, sqlx::Error> {
        sqlx::query(AssertSqlSafe(self.insert.clone())).bind(rows).fetch_all(conn).await
    }

    pub(crate) async fn update(
        &self,
        conn: &mut PgConnection,
        rows: String,
    ) -> Result<Vec<PgRow>, sqlx::Error> {
        sqlx::query(AssertSqlSafe(self.update.clone())).bind(rows).fetch_all(conn).await
    }

    pub(crate) async fn delete(&self, conn: &mut PgConnection, ids: &[Uuid]) -> Result<u64, sqlx::Error> {
        Ok(sqlx::query(AssertSqlSafe(self.delete.clone())).bind(ids).execute(conn).await?.rows_affected())
    }

    pub(crate) async fn displays(
        &self,
        conn: &mut PgConnection,
        ids: &[Uuid],
        view: View,
    ) -> Result<Vec<PgRow>, Problem> {
        if view == View::Tables {
            return Ok(sqlx::query(AssertSqlSafe(self.display.clone())).bind(ids).fetch_all(conn).await?);
        }
        let mut built = Built::of(view);
        built.push(&format!("SELECT t.id, t.{} FROM ", quoted(self.model.display)));
        built.source(self.model)?;
        built.push(" WHERE t.id = ANY(");
        built.bind(ids)?;
        built.push(")");
        Ok(fetch(built, conn).await?)
    }

    /// Numbers of the rows whose `key`-th unique key is taken.
    pub(crate) async fn taken(
        &self,
        conn: &mut PgConnection,
        key: usize,
        rows: String,
    ) -> Result<Vec<i32>, Problem> {
        let text = self.taken.get(key).ok_or_else(|| Problem::internal("no such unique key"))?;
        Ok(sqlx::query_scalar(AssertSqlSafe(text.clone())).bind(rows).fetch_all(conn).await?)
    }

    /// Records found by the values of one field, of those within a condition: id and the field as `n`-th
    /// of the values asked.
    pub(crate) async fn lookup(
        &self,
        conn: &mut PgConnection,
        column: &Column,
        values: &[Datum],
        within: Option<&FilterExpr>,
    ) -> Result<Vec<(Uuid, i64)>, Problem> {
        let mut built = Built::default();
        built.push("SELECT t.id, v.n FROM unnest(");
        built.bind_list(values)?;
        built.push(") WITH ORDINALITY AS v(value, n) JOIN ");
        let value = if column.ci { lower("v.value") } else { "v.value".to_owned() };
        built.push(&format!("{} t ON {} = {value}", self.table, column.sql()));
        if let Some(within) = within {
            built.push(" AND ");
            filter(&mut built, within)?;
        }
        let rows = fetch(built, conn).await?;
        rows.iter().map(|row| Ok((sqlx::Row::try_get(row, 0)?, sqlx::Row::try_get(row, 1)?))).collect()
    }

    /// Is `id` the record `start` itself, or above it in the tree of `parent`?
    pub(crate) async fn above(
        &self,
        conn: &mut PgConnection,
        parent: &str,
        start: Uuid,
        id: Uuid,
    ) -> Result<bool, sqlx::Error> {
        let text = format!(
            "WITH RECURSIVE up AS (SELECT t.id, t.\"{parent}\" AS parent FROM {0} t WHERE t.id = $1 \
             UNION SELECT t.id, t.\"{parent}\" FROM {0} t JOIN up ON t.id = up.parent) \
             SELECT EXISTS (SELECT 1 FROM up WHERE id = $2)",
            self.table
        );
        sqlx::query_scalar(AssertSqlSafe(text)).bind(start).bind(id).fetch_one(conn).await
    }

    /// Records whose reference field names one of the ids; `many` for reference lists.
    pub(crate) async fn referring(
        &self,
        conn: &mut PgConnection,
        field: &Field,
        ids: &[Uuid],
        limit: i64,
    ) -> Result<Vec<Uuid>, sqlx::Error> {
        let text = format!("SELECT t.id FROM {} t WHERE {} LIMIT $2", self.table, refers(field));
        sqlx::query_scalar(AssertSqlSafe(text)).bind(ids).bind(limit).fetch_all(conn).await
    }
}

/// `t` refers by this field to one of the ids `$1`.
fn refers(field: &Field) -> String {
    let name = field.name;
    match field.kind {
        FieldKind::References { .. } => format!("t.\"{name}\" && $1"),
        FieldKind::Generic { .. } => format!("t.\"{name}_id\" = ANY($1)"),
        _ => format!("t.\"{name}\" = ANY($1)"),
    }
}
