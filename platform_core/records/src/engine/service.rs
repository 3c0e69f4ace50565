//! The engine as the service that products ask for.

use std::collections::HashMap;

use kit::record::{FieldKind, Model, Record};
use kit::records::{Ask, AskChanges, Changes, Found, Records, Referenced, Where, Write};
use kit::{BoxFuture, Ctx, Granted, Problem, RowAct, WriteTx};
use serde_json::Value;
use uuid::Uuid;

use super::rows::Asking;
use super::write::placed;
use super::{AnyTx, Engine, MAX_ROWS};
use crate::entity::Entity;
use crate::input::{Item, Mode, Trust};
use crate::query::{Column, CustomTest, FilterExpr, Op, Query, Step, Test, operators, text_values};
use crate::row::Row;
use crate::sql::View;
use crate::sql::referrals::{Referrer, referrals};

/// Most values of one comparison: what fits into an address of 100,000 bytes is allowed.
const MAX_VALUES: usize = 10_000;

impl Engine {
    /// A list as code asks for it.
    ///
    /// # Errors
    /// 400 for a condition or an order that does not fit the model.
    pub fn asked(&self, model: &'static Model, ask: &Ask) -> Result<Query, Problem> {
        let query = Query::all(model).limit(ask.limit).offset(ask.offset).counted(ask.count);
        let query = query.as_of(model, ask.as_of)?;
        let query = query.and(self.expression(model, &ask.filter)?);
        match &ask.sort {
            Some(sort) => query.sort(model, sort),
            None => Ok(query),
        }
    }

    /// A condition in words as an expression over columns.
    pub(super) fn expression(&self, model: &'static Model, condition: &Where) -> Result<FilterExpr, Problem> {
        let all = |parts: &[Where]| -> Result<Vec<FilterExpr>, Problem> {
            parts.iter().map(|part| self.expression(model, part)).collect()
        };
        Ok(match condition {
            Where::All(parts) => FilterExpr::All(all(parts)?),
            Where::Any(parts) => FilterExpr::Any(all(parts)?),
            Where::Not(part) => FilterExpr::Not(Box::new(self.expression(model, part)?)),
            Where::Is { field, op, values } => comparison(model, field, op, values)?,
            Where::Custom { name, op, values } => {
                let op = CustomTest::OPERATORS.into_iter().find(|known| known.as_str() == *op);
                let op = op.ok_or_else(|| Problem::bad_request("A custom field has no such operator."))?;
                FilterExpr::Custom(CustomTest { name: name.clone(), op, values: values.clone() })
            }
            Where::Search(text) => crate::query::searched(model, text),
            Where::Below(part) => FilterExpr::Below(model, Box::new(self.expression(model, part)?)),
            Where::Via { field, model: meant, then } => {
                let field = known(model, field)?;
                let target = match field.kind {
                    FieldKind::Reference { model, .. } | FieldKind::References { model } => Some(model),
                    FieldKind::Generic { models, .. } => {
                        models.iter().copied().find(|model| Some(*model) == *meant)
                    }
                    _ => None,
                };
                let target = target.and_then(|target| self.registry().get(target));
                let target = target.ok_or_else(|| leads_nowhere(model, field.name))?.model;
                let step = Step { name: field.name, kind: field.kind, target };
                FilterExpr::Via(step, Box::new(self.expression(target, then)?))
            }
            Where::Back { model: other, field, then } => {
                let other = self.registry().get(other).ok_or_else(|| leads_nowhere(model, other))?.model;
                let field = known(other, field)?;
                let step = Step { name: field.name, kind: field.kind, target: other };
                FilterExpr::Has(step, Box::new(self.expression(other, then)?))
            }
        })
    }

    async fn found(
        &self,
        tx: &mut impl AnyTx,
        model: &'static Model,
        ask: &Ask,
        query: Query,
    ) -> Result<Found, Problem> {
        let records = self.find(tx, model, &query).await?;
        let total = match ask.count {
            // A page that is not full tells the count.
            true if ask.offset == 0 && (records.len() as u64) < u64::from(ask.limit) => {
                Some(records.len() as u64)
            }
            true => Some(self.count(tx, model, &query).await?),
            false => None,
        };
        Ok(Found { records, total })
    }

    async fn write_all(
        &self,
        tx: &mut WriteTx,
        entity: &Entity,
        writes: Vec<Write>,
        trust: Trust,
    ) -> Result<Vec<Record>, Problem> {
        let mut done = Vec::with_capacity(writes.len());
        let mut rest = writes.into_iter().peekable();
        while let Some(first) = rest.next() {
            let at = done.len();
            let prefix = move |n: usize| format!("/{}", at + n);
            let kind = std::mem::discriminant(&first);
            let mut group = vec![first];
            while let Some(next) = rest.next_if(|next| std::mem::discriminant(next) == kind) {
                group.push(next);
            }
            let asked: Vec<(Uuid, Option<i64>)> = group.iter().filter_map(named).collect();
            let asking = if trust == Trust::Client { Asking::Client(&prefix) } else { Asking::Code };
            let records = match group.first() {
                Some(Write::Create(_)) => {
                    let says = entity.model.numbered && tx.ctx().is_copy();
                    let items = group.into_iter().filter_map(|write| created(write, trust, says)).collect();
                    self.create_items(tx, entity, items, &prefix).await?
                }
                Some(Write::Change { .. }) => {
                    let rows = self.locked(tx, entity, &asked, (RowAct::Change, asking)).await;
                    let rows = rows.map_err(|problem| placed(problem, &prefix))?;
                    let items =
                        group.into_iter().zip(rows).filter_map(|(write, row)| changed(write, row, trust));
                    self.update_items(tx, entity, items.collect(), &prefix).await?
                }
                _ => {
                    let removed = self.remove_versions(tx, entity, &asked, asking).await;
                    removed.map_err(|problem| placed(problem, &prefix))?
                }
            };
            done.extend(records);
        }
        Ok(done)
    }
}

fn named(write: &Write) -> Option<(Uuid, Option<i64>)> {
    match write {
        Write::Create(_) => None,
        Write::Change { id, expect, .. } | Write::Delete { id, expect } => Some((*id, *expect)),
    }
}

/// The rights that the writes need; the one that opens a transaction, if there is a write.
fn allowed(ctx: &Ctx, model: &'static Model, writes: &[Write]) -> Result<Option<Granted>, Problem> {
    let mut granted = None;
    for write in writes {
        let act = match write {
            Write::Create(_) => RowAct::Add,
            Write::Change { .. } => RowAct::Change,
            Write::Delete { .. } => RowAct::Delete,
        };
        granted = Some(ctx.authorize_rows(model, act)?);
    }
    Ok(granted)
}

/// `says`: a record may say its number.
fn created(write: Write, trust: Trust, says: bool) -> Option<Item> {
    let Write::Create(mut input) = write else { return None };
    let number = if says { input.remove("number").and_then(|number| number.as_i64()) } else { None };
    Some(Item { mode: Mode::Create, trust, id: Uuid::now_v7(), number, before: None, input })
}

fn changed(write: Write, row: crate::row::Row, trust: Trust) -> Option<Item> {
    let Write::Change { id, fields, replace, .. } = write else { return None };
    let mode = if replace { Mode::Replace } else { Mode::Merge };
    Some(Item { mode, trust, id, number: None, before: Some(row), input: fields })
}

fn known(model: &'static Model, name: &str) -> Result<&'static kit::Field, Problem> {
    model.field(name).ok_or_else(|| leads_nowhere(model, name))
}

fn leads_nowhere(model: &Model, name: &str) -> Problem {
    Problem::bad_request(format!("{} has no reference `{}`.", model.title, crate::query::shown(name)))
}

/// Any of the values: one comparison when the operator can take a list, else one a value.
fn comparison(
    model: &'static Model,
    field: &str,
    op: &str,
    values: &[String],
) -> Result<FilterExpr, Problem> {
    let column = Column::of(model, field).ok_or_else(|| {
        Problem::bad_request(format!("{} has no field `{}`.", model.title, crate::query::shown(field)))
    })?;
    let op = operators(&column.kind)
        .iter()
        .copied()
        .find(|known| known.as_str() == op)
        .ok_or_else(|| Problem::bad_request(format!("`{field}` cannot be compared by `{op}`.")))?;
    if values.len() > MAX_VALUES {
        return Err(Problem::bad_request(format!("More than {MAX_VALUES} values for `{field}`.")));
    }
    let mut tests = Vec::with_capacity(values.len());
    for value in values {
        tests.push(
            text_values(&column, op, value)
                .map_err(|(_, message)| Problem::bad_request(format!("{field}: {message}")))?,
        );
    }
    if op == Op::Eq && tests.len() > 1 && operators(&column.kind).contains(&Op::In) {
        let values = tests.into_iter().flatten().collect();
        return Ok(FilterExpr::Test(Test { column, op: Op::In, values }));
    }
    let mut tests: Vec<FilterExpr> =
        tests.into_iter().map(|values| FilterExpr::Test(Test { column, op, values })).collect();
    Ok(match tests.len() {
        1 => tests.swap_remove(0),
        _ => FilterExpr::Any(tests),
    })
}

impl Records for Engine {
    fn base_choices(&self, list: &str) -> &'static [(&'static str, &'static str)] {
        crate::custom::base::choices(list)
    }

    fn model(&self, name: &str) -> Option<&'static Model> {
        self.registry().get(name).map(|entity| entity.model)
    }

    fn find<'a>(
        &'a self,
        ctx: &'a Ctx,
        model: &'static Model,
        ask: &'a Ask,
    ) -> BoxFuture<'a, Result<Found, Problem>> {
        Box::pin(async move {
            if !ask.implied {
                ctx.authorize_rows(model, RowAct::View)?;
            }
            let query = self.asked(model, ask)?;
            // Who asks sees no more than it may.
            let query = if ask.implied { query } else { self.seen(ctx, model, query)? };
            let mut tx = ctx.look().await?;
            let query = query.seen_by(&tx)?;
            self.found(&mut tx, model, ask, query).await
        })
    }

    fn find_in<'a>(
        &'a self,
        tx: &'a mut WriteTx,
        model: &'static Model,
        ask: &'a Ask,
    ) -> BoxFuture<'a, Result<Found, Problem>> {
        Box::pin(async move {
            let query = self.asked(model, ask)?;
            self.found(tx, model, ask, query).await
        })
    }

    fn referenced<'a>(
        &'a self,
        ctx: &'a Ctx,
        wanted: &'a [(&'static str, Vec<Uuid>)],
    ) -> BoxFuture<'a, Result<Referenced, Problem>> {
        Box::pin(async move {
            let mut tx = ctx.look().await?;
            let view = View::of(&tx);
            let mut found = Referenced::new();
            for (name, ids) in wanted {
                let Some(entity) = self.registry().get(name) else { continue };
                let rows = entity.sql.get_of(tx.conn(), ids, view).await?;
                let displays = crate::row::Displays::default();
                let records = found.entry(entity.model.name).or_default();
                for row in &rows {
                    let row = &Row::decode(entity, row)?;
                    records.insert(row.id, self.record(entity, &displays, row)?);
                }
            }
            Ok(found)
        })
    }

    fn referrals<'a>(
        &'a self,
        ctx: &'a Ctx,
        by: &'a [(&'a str, &'a str)],
        ids: &'a [Uuid],
    ) -> BoxFuture<'a, Result<Vec<HashMap<Uuid, i64>>, Problem>> {
        Box::pin(async move {
            let mut referrers = Vec::with_capacity(by.len());
            for (model, field) in by {
                let missing = || Problem::internal(format!("nothing refers by {model}.{field}"));
                let entity = self.registry().get(model).ok_or_else(missing)?;
                let field = entity.model.field(field).ok_or_else(missing)?;
                let within = self.part(ctx, entity.model, RowAct::View);
                referrers.push(Referrer { model: entity.model, field, within });
            }
            let mut tx = ctx.look().await?;
            let view = View::of(&tx);
            referrals(tx.conn(), &referrers, ids, view).await
        })
    }

    fn write<'a>(
        &'a self,
        ctx: &'a Ctx,
        model: &'static Model,
        writes: Vec<Write>,
    ) -> BoxFuture<'a, Result<Vec<Record>, Problem>> {
        Box::pin(async move {
            if writes.len() > MAX_ROWS {
                return Err(Problem::bad_request(format!("At most {MAX_ROWS} records in one write.")));
            }
            let entity = self.entity(model)?;
            let Some(granted) = allowed(ctx, model, &writes)? else { return Ok(Vec::new()) };
            let mut tx = ctx.write(granted).await?;
            let records = self.write_all(&mut tx, entity, writes, Trust::Client).await?;
            tx.commit().await?;
            Ok(records)
        })
    }

    fn write_asked<'a>(
        &'a self,
        tx: &'a mut WriteTx,
        model: &'static Model,
        writes: Vec<Write>,
    ) -> BoxFuture<'a, Result<Vec<Record>, Problem>> {
        Box::pin(async move {
            if writes.len() > MAX_ROWS {
                return Err(Problem::bad_request(format!("At most {MAX_ROWS} records in one write.")));
            }
            allowed(tx.ctx(), model, &writes)?;
            self.write_all(tx, self.entity(model)?, writes, Trust::Client).await
        })
    }

    fn check_constraint(&self, model: &'static Model, constraint: &Value) -> Result<(), Problem> {
        // The user is not known yet, only that there is one.
        self.constraint(model, constraint, Some(Uuid::nil())).map(drop)
    }

    fn write_in<'a>(
        &'a self,
        tx: &'a mut WriteTx,
        model: &'static Model,
        writes: Vec<Write>,
    ) -> BoxFuture<'a, Result<Vec<Record>, Problem>> {
        Box::pin(async move { self.write_all(tx, self.entity(model)?, writes, Trust::Server).await })
    }

    fn take_back<'a>(
        &'a self,
        tx: &'a mut WriteTx,
        request: Uuid,
        reason: &'a str,
        kept: &'a [&'a str],
    ) -> BoxFuture<'a, Result<usize, Problem>> {
        Box::pin(self.undo(tx, request, reason, kept))
    }

    fn changes<'a>(&'a self, ctx: &'a Ctx, ask: &'a AskChanges) -> BoxFuture<'a, Result<Changes, Problem>> {
        Box::pin(self.changes_asked(ctx, ask))
    }
}
