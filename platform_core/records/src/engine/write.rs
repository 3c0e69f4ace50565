//! Creating and changing records.

use std::collections::HashMap;
use std::fmt::Write as _;

use kit::record::{Change, FieldKind, Model, Record};
use kit::secrets::SecretPlace;
use kit::{Ctx, FieldError, Problem, RowAct, WriteTx};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::log::Written;
use super::numbers::BLOCK;
use super::prepare::not_unique;
use super::read::Shown;
use super::rows::{Asking, Places};
use super::{CHUNK, Engine, Key, MAX_ROWS};
use crate::datum::Datum;
use crate::entity::Entity;
use crate::input::{Draft, Item, Mode, SecretChange, Trust};
use crate::row::Row;

/// Most field errors in one answer.
const MAX_ERRORS: usize = 1_000;

/// What a POST made.
pub(crate) struct Created {
    pub(crate) records: Vec<Record>,
    /// Was an array sent?
    pub(crate) many: bool,
}

impl Engine {
    /// Creates records in the caller's transaction, all or none. Read-only fields and `id` may be set.
    ///
    /// # Errors
    /// 422 with every wrong field, pointers `/<position>/<field>`.
    pub async fn insert(
        &self,
        tx: &mut WriteTx,
        model: &'static Model,
        records: Vec<Record>,
    ) -> Result<Vec<Record>, Problem> {
        let entity = self.entity(model)?;
        let mut items = Vec::with_capacity(records.len());
        for mut input in records {
            let id = match input.remove("id") {
                Some(id) => {
                    serde_json::from_value(id).map_err(|_| Problem::bad_request("id must be a uuid."))?
                }
                None => Uuid::now_v7(),
            };
            let number = if entity.model.numbered {
                input.remove("number").and_then(|number| number.as_i64())
            } else {
                None
            };
            items.push(Item { mode: Mode::Create, trust: Trust::Server, id, number, before: None, input });
        }
        self.create_items(tx, entity, items, &|at| format!("/{at}")).await
    }

    /// Changes fields of one record in the caller's transaction. Read-only fields may be set.
    ///
    /// # Errors
    /// 404, 412 when the version is another one, 422 with every wrong field.
    pub async fn update(
        &self,
        tx: &mut WriteTx,
        model: &'static Model,
        id: Uuid,
        patch: Record,
        expect_version: Option<i64>,
    ) -> Result<Record, Problem> {
        let entity = self.entity(model)?;
        let asking = (RowAct::Change, Asking::Code);
        let before = self.locked(tx, entity, &[(id, expect_version)], asking).await?.pop();
        let item = Item { mode: Mode::Merge, trust: Trust::Server, id, number: None, before, input: patch };
        let records = self.update_items(tx, entity, vec![item], &|_| String::new()).await?;
        records.into_iter().next().ok_or_else(|| Problem::internal("no record was written"))
    }

    /// POST: one object, or an array that is created all or not at all. A repetition under the same
    /// key gives the records of the first request as they are now, without values shown once.
    pub(crate) async fn create(
        &self,
        ctx: &Ctx,
        model: &'static Model,
        body: Value,
        key: Option<Key>,
        dry_run: bool,
    ) -> Result<Created, Problem> {
        let entity = self.entity(model)?;
        let granted = ctx.authorize_rows(model, RowAct::Add)?;
        let many = body.is_array();
        let inputs = objects(body)?;
        let items = inputs.into_iter().map(|input| Item {
            mode: Mode::Create,
            trust: Trust::Client,
            id: Uuid::now_v7(),
            number: None,
            before: None,
            input,
        });
        let items: Vec<Item> = items.collect();
        let mut tx = ctx.write(granted).await?;
        if let Some(key) = key {
            if ctx.branch().is_some() {
                return Err(Problem::bad_request("A branch keeps no Idempotency-Key. Leave it out."));
            }
            let ids: Vec<Uuid> = items.iter().map(|item| item.id).collect();
            if let Some(first) = key.claim(&mut tx, &ids).await? {
                let records = self.made(&mut tx, model, &first).await?;
                return Ok(Created { records, many });
            }
        }
        let prefix = |at: usize| if many { format!("/{at}") } else { String::new() };
        let records = self.create_items(&mut tx, entity, items, &prefix).await?;
        finish(tx, dry_run).await?;
        Ok(Created { records, many })
    }

    /// The records that an earlier request made.
    async fn made(
        &self,
        tx: &mut WriteTx,
        model: &'static Model,
        ids: &[Uuid],
    ) -> Result<Vec<Record>, Problem> {
        let gone = |problem: Problem| match problem.code {
            "not-found" => Problem::conflict(
                "already-done",
                "This request was done before, and what it made was deleted meanwhile.",
            ),
            _ => problem,
        };
        let mut records = Vec::with_capacity(ids.len());
        for id in ids {
            records.push(self.get(tx, model, *id).await.map_err(gone)?);
        }
        let ctx = tx.ctx().clone();
        if self.part(&ctx, model, RowAct::View).is_some() {
            let here = |_: usize| String::new();
            self.stays(tx, self.entity(model)?, RowAct::View, ids, &here).await?;
        }
        Ok(records)
    }

    /// PATCH and PUT.
    pub(crate) async fn change(
        &self,
        ctx: &Ctx,
        model: &'static Model,
        (id, expect): (Uuid, Option<i64>),
        (mode, body): (Mode, Value),
        dry_run: bool,
    ) -> Result<Record, Problem> {
        let entity = self.entity(model)?;
        let granted = ctx.authorize_rows(model, RowAct::Change)?;
        let Value::Object(input) = body else {
            return Err(Problem::bad_request("The body must be one JSON object with the fields to change."));
        };
        let mut tx = ctx.write(granted).await?;
        let here = |_: usize| String::new();
        let asking = (RowAct::Change, Asking::Client(&here));
        let before = self.locked(&mut tx, entity, &[(id, expect)], asking).await?.pop();
        let item = Item { mode, trust: Trust::Client, id, number: None, before, input };
        let records = self.update_items(&mut tx, entity, vec![item], &|_| String::new()).await?;
        finish(tx, dry_run).await?;
        records.into_iter().next().ok_or_else(|| Problem::internal("no record was written"))
    }

    /// The rows in the order asked, locked, each in the expected version, and within what a client may do.
    /// An id may be asked once.
    pub(super) async fn locked(
        &self,
        tx: &mut WriteTx,
        entity: &Entity,
        asked: &[(Uuid, Option<i64>)],
        (act, asking): (RowAct, Asking<'_>),
    ) -> Result<Vec<Row>, Problem> {
        let ids: Vec<Uuid> = asked.iter().map(|(id, _)| *id).collect();
        let rows = entity.sql.lock(tx.conn(), &ids).await?;
        let mut found = HashMap::with_capacity(rows.len());
        for row in &rows {
            let row = Row::decode(entity, row)?;
            found.insert(row.id, row);
        }
        if let (Asking::Client(places), true) = (asking, ids.iter().all(|id| found.contains_key(id))) {
            self.permitted(tx, entity, act, &ids, places).await?;
        }
        let mut rows = Vec::with_capacity(asked.len());
        let one_of = |at: usize, problem: Problem| if asked.len() > 1 { which(problem, at) } else { problem };
        for (at, (id, expect)) in asked.iter().enumerate() {
            let row = found.remove(id).ok_or_else(|| one_of(at, Problem::not_found(entity.model.title)))?;
            if let Some(expect) = expect.filter(|expect| *expect != row.version) {
                return Err(one_of(at, changed_meanwhile(entity, expect, row.version)));
            }
            rows.push(row);
        }
        Ok(rows)
    }

    pub(super) async fn create_items(
        &self,
        tx: &mut WriteTx,
        entity: &Entity,
        items: Vec<Item>,
        prefix: &(dyn Fn(usize) -> String + Sync),
    ) -> Result<Vec<Record>, Problem> {
        self.put_items(tx, entity, items, prefix, Change::Create).await
    }

    pub(super) async fn update_items(
        &self,
        tx: &mut WriteTx,
        entity: &Entity,
        items: Vec<Item>,
        prefix: &(dyn Fn(usize) -> String + Sync),
    ) -> Result<Vec<Record>, Problem> {
        self.put_items(tx, entity, items, prefix, Change::Update).await
    }

    /// Checks and stores; what a client asked for must then be within what it may do.
    async fn put_items(
        &self,
        tx: &mut WriteTx,
        entity: &Entity,
        items: Vec<Item>,
        prefix: Places<'_>,
        change: Change,
    ) -> Result<Vec<Record>, Problem> {
        let client = items.iter().any(|item| item.trust == Trust::Client);
        let ids: Vec<Uuid> = items.iter().map(|item| item.id).collect();
        let drafts = self.prepare(tx, entity, items).await?;
        refuse(&drafts, prefix)?;
        let stored = self.store(tx, entity, drafts, change).await;
        let records = stored.map_err(|problem| placed(problem, prefix))?;
        if client {
            let act = if change == Change::Create { RowAct::Add } else { RowAct::Change };
            self.stays(tx, entity, act, &ids, prefix).await?;
        }
        Ok(records)
    }

    /// Writes drafts without errors; the records after, in order.
    pub(super) async fn store(
        &self,
        tx: &mut WriteTx,
        entity: &Entity,
        mut drafts: Vec<Draft>,
        change: Change,
    ) -> Result<Vec<Record>, Problem> {
        if entity.model.numbered && change == Change::Create {
            self.number(tx, entity, &mut drafts).await?;
        }
        let mut rows = Vec::with_capacity(drafts.len());
        for (n, draft) in drafts.iter().enumerate() {
            rows.push(if touched(draft) { Some(self.row_json(tx, entity, n, draft).await?) } else { None });
        }
        let written: Vec<Map<String, Value>> = rows.into_iter().flatten().collect();
        let mut after: HashMap<Uuid, Row> = HashMap::with_capacity(written.len());
        for chunk in written.chunks(CHUNK) {
            let text = serde_json::to_string(chunk).map_err(Problem::internal)?;
            let result = match change {
                Change::Create => entity.sql.insert(tx.conn(), text).await,
                _ => entity.sql.update(tx.conn(), text).await,
            };
            for row in result.map_err(|error| write_problem(entity, error))? {
                let row = Row::decode(entity, &row)?;
                after.insert(row.id, row);
            }
        }
        let mut rows = Vec::with_capacity(drafts.len());
        for draft in &drafts {
            rows.push(match (after.remove(&draft.id), &draft.before) {
                (Some(row), _) => row,
                (None, Some(before)) => before.clone(),
                (None, None) => return Err(Problem::internal("a created row was not returned")),
            });
        }
        if change == Change::Create {
            none_refer(entity, &mut rows);
        } else {
            let caller = tx.ctx().clone();
            self.fill_counts(tx.conn(), entity, Shown::to(&caller), &mut rows).await?;
        }
        let mut done = Vec::with_capacity(drafts.len());
        for (draft, row) in drafts.into_iter().zip(rows) {
            let passwords = passwords_set(entity, &draft);
            done.push(Written { before: draft.before, after: Some(row), once: draft.once, passwords });
        }
        self.log(tx, entity, change, done).await
    }

    /// Gives a number to every draft without one.
    async fn number(&self, tx: &mut WriteTx, entity: &Entity, drafts: &mut [Draft]) -> Result<(), Problem> {
        if let Some(highest) = drafts.iter().filter_map(|draft| draft.number).max() {
            self.inner.numbers.raise(tx, entity, highest).await?;
        }
        let missing = drafts.iter().filter(|draft| draft.number.is_none()).count();
        if missing > 0 {
            let mut numbers =
                self.inner.numbers.take(tx, entity.model.name, missing, BLOCK).await?.into_iter();
            for draft in drafts.iter_mut().filter(|draft| draft.number.is_none()) {
                draft.number = numbers.next();
            }
        }
        Ok(())
    }

    /// One row for `json_to_recordset`, secrets sealed for their place, passwords digested.
    async fn row_json(
        &self,
        tx: &mut WriteTx,
        entity: &Entity,
        n: usize,
        draft: &Draft,
    ) -> Result<Map<String, Value>, Problem> {
        let mut row = Map::new();
        row.insert("n".to_owned(), json!(n));
        row.insert("id".to_owned(), json!(draft.id));
        if entity.model.numbered {
            row.insert("number".to_owned(), json!(draft.number));
        }
        for ((field, cell), change) in entity.model.fields.iter().zip(&draft.cells).zip(&draft.secrets) {
            match (field.kind, cell) {
                (FieldKind::Count { .. }, _) => continue,
                (FieldKind::Generic { .. }, cell) => {
                    let (model, id) = match cell {
                        Datum::Typed(model, id) => (json!(model), json!(id)),
                        _ => (Value::Null, Value::Null),
                    };
                    let [type_column, id_column] = field.generic_columns();
                    row.insert(type_column.to_owned(), model);
                    row.insert(id_column.to_owned(), id);
                    continue;
                }
                (kind, cell) if !crate::sql::is_secret(&kind) => {
                    row.insert(field.name.to_owned(), json!(cell));
                    continue;
                }
                _ => {}
            }
            row.insert(format!("{}__keep", field.name), json!(matches!(change, SecretChange::Keep)));
            let SecretChange::Set(clear) = change else { continue };
            let stored = if matches!(field.kind, FieldKind::Password { .. }) {
                entity.model.hooks.digest(field.name, clear).await?
            } else {
                let place = SecretPlace { model: entity.model.name, id: draft.id, field: field.name };
                hex(&self.inner.services.secrets()?.seal(tx, place, clear).await?)
            };
            row.insert(field.name.to_owned(), json!(stored));
        }
        Ok(row)
    }
}

/// PostgreSQL's text form of bytes.
fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(2 + bytes.len() * 2);
    text.push_str("\\x");
    for byte in bytes {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// Does the write change anything?
pub(super) fn touched(draft: &Draft) -> bool {
    let Some(before) = &draft.before else { return true };
    draft.secrets.iter().zip(&before.cells).any(|(change, cell)| match change {
        SecretChange::Keep => false,
        SecretChange::Clear => !cell.is_null(),
        SecretChange::Set(_) => true,
    }) || draft.cells != before.cells
}

fn passwords_set(entity: &Entity, draft: &Draft) -> Vec<&'static str> {
    let fields = entity.model.fields.iter().zip(&draft.secrets);
    fields
        .filter(|(field, change)| {
            matches!((field.kind, change), (FieldKind::Password { .. }, SecretChange::Set(_)))
        })
        .map(|(field, _)| field.name)
        .collect()
}

/// The objects of a body: one, or an array of up to [`MAX_ROWS`].
pub(super) fn objects(body: Value) -> Result<Vec<Map<String, Value>>, Problem> {
    let values = match body {
        Value::Object(object) => return Ok(vec![object]),
        Value::Array(values) => values,
        _ => return Err(Problem::bad_request("The body must be a JSON object, or an array of objects.")),
    };
    if values.is_empty() || values.len() > MAX_ROWS {
        return Err(Problem::bad_request(format!(
            "An array must hold 1 to {MAX_ROWS} objects; this has {}.",
            values.len()
        )));
    }
    let object = |(at, value)| match value {
        Value::Object(object) => Ok(object),
        _ => Err(Problem::field(format!("/{at}"), "wrong_type", "Expected is an object.")),
    };
    values.into_iter().enumerate().map(object).collect()
}

/// 422 with the errors of all drafts, when there are any.
pub(super) fn refuse(drafts: &[Draft], prefix: &dyn Fn(usize) -> String) -> Result<(), Problem> {
    let errors: Vec<FieldError> = drafts
        .iter()
        .enumerate()
        .flat_map(|(at, draft)| draft.errors.iter().map(move |error| (at, error)))
        .take(MAX_ERRORS)
        .map(|(at, error)| FieldError {
            pointer: format!("{}{}", prefix(at), error.pointer),
            ..error.clone()
        })
        .collect();
    if errors.is_empty() { Ok(()) } else { Err(Problem::invalid(errors)) }
}

/// Nothing refers yet to what is new: counting would be for nothing.
fn none_refer(entity: &Entity, rows: &mut [Row]) {
    for (at, field) in entity.model.fields.iter().enumerate() {
        if matches!(field.kind, FieldKind::Count { .. }) {
            rows.iter_mut().filter_map(|row| row.cells.get_mut(at)).for_each(|cell| *cell = Datum::Int(0));
        }
    }
}

/// Which of several records a problem is about, as a place of the write.
pub(super) fn which(mut problem: Problem, at: usize) -> Problem {
    let field = if problem.code == "not-found" { "id" } else { "version" };
    problem.errors.push(FieldError {
        pointer: format!("/{at}/{field}"),
        code: problem.code.into(),
        message: problem.detail.clone(),
    });
    problem
}

/// Errors that point at places of the write; the caller says where those are.
pub(super) fn placed(mut problem: Problem, prefix: &(dyn Fn(usize) -> String + Sync)) -> Problem {
    for error in &mut problem.errors {
        let mut parts = error.pointer.splitn(3, '/');
        if let (Some(""), Some(at), Some(field)) = (parts.next(), parts.next(), parts.next())
            && let Ok(at) = at.parse()
        {
            error.pointer = format!("{}/{field}", prefix(at));
        }
    }
    problem
}

fn changed_meanwhile(entity: &Entity, expected: i64, found: i64) -> Problem {
    Problem::new(
        axum::http::StatusCode::PRECONDITION_FAILED,
        "version-mismatch",
        format!(
            "This {} was changed meanwhile: it is at version {found}, not {expected}. Read it again and repeat the change.",
            entity.model.title
        ),
    )
}

/// What a statement that writes was refused for, in words of the model.
pub(super) fn write_problem(entity: &Entity, error: sqlx::Error) -> Problem {
    if let sqlx::Error::Database(database) = &error {
        let constraint = database.constraint().unwrap_or_default();
        if let Some(key) = entity.uniques.iter().position(|key| key.constraint == constraint) {
            let (field, message) = not_unique(entity, key);
            return Problem::field(format!("/{field}"), "not_unique", message);
        }
        if constraint.ends_with("_number_key") {
            return Problem::conflict(
                "number-taken",
                format!("A {} with one of these numbers exists already.", entity.model.title),
            );
        }
        if constraint.ends_with("_pkey") {
            return Problem::conflict(
                "not-unique",
                format!("A {} with this id exists already.", entity.model.title),
            );
        }
    }
    error.into()
}

/// Commits, or undoes everything for a dry run.
pub(super) async fn finish(tx: WriteTx, dry_run: bool) -> Result<(), Problem> {
    if dry_run {
        drop(tx);
        Ok(())
    } else {
        tx.commit().await
    }
}
