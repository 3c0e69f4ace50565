//! Deleting: what refers to the record is refused, goes too, or loses the reference - each with its
//! own change log, which foreign keys alone would not write.

use std::collections::HashSet;

use kit::record::{Change, FieldKind, Model, OnDelete, Record};
use kit::{BoxFuture, Ctx, FieldError, Problem, RowAct, WriteTx};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::log::Written;
use super::rows::Asking;
use super::write::{finish, write_problem};
use super::{Engine, MAX_ROWS};
use crate::datum::Datum;
use crate::entity::{Entity, Referrer};
use crate::input::{Item, Mode, Trust};
use crate::row::Row;

/// Records reached by one deletion.
type Reached = HashSet<(&'static str, Uuid)>;

/// Most records named by a refusal.
const MAX_NAMED: usize = 50;

/// Records that refer to one that is to go, and need it.
struct Using {
    referrer: Referrer,
    ids: Vec<Uuid>,
}

/// 409 with what needs the records: pointers `/<model>/<id>`.
fn in_use(entity: &Entity, using: &[Using]) -> Problem {
    let named: Vec<String> = using
        .iter()
        .map(|using| {
            let model = using.referrer.model;
            format!("{} {} ({})", using.ids.len(), model.title_plural, using.referrer.field.label)
        })
        .collect();
    let errors = using.iter().flat_map(|using| {
        using.ids.iter().map(|id| FieldError {
            pointer: format!("/{}/{id}", using.referrer.model.name),
            code: "in_use".into(),
            message: format!("Refers to it by {}.", using.referrer.field.name),
        })
    });
    Problem {
        errors: errors.take(MAX_NAMED).collect(),
        ..Problem::conflict(
            "in-use",
            format!(
                "This {} is still in use: {} refer to it. Change or delete those first.",
                entity.model.title,
                named.join(", ")
            ),
        )
    }
}

impl Engine {
    /// Deletes records in the caller's transaction, and what goes with them.
    ///
    /// # Errors
    /// 404 when one is absent, 409 `in-use` when something that must stay refers to one.
    pub async fn remove(&self, tx: &mut WriteTx, model: &'static Model, ids: &[Uuid]) -> Result<(), Problem> {
        let asked: Vec<(Uuid, Option<i64>)> = ids.iter().map(|id| (*id, None)).collect();
        self.remove_versions(tx, self.entity(model)?, &asked, Asking::Code).await.map(drop)
    }

    /// DELETE.
    pub(crate) async fn delete(
        &self,
        ctx: &Ctx,
        model: &'static Model,
        asked: (Uuid, Option<i64>),
        dry_run: bool,
    ) -> Result<(), Problem> {
        let entity = self.entity(model)?;
        let granted = ctx.authorize_rows(model, RowAct::Delete)?;
        let mut tx = ctx.write(granted).await?;
        let here = |_: usize| String::new();
        self.remove_versions(&mut tx, entity, &[asked], Asking::Client(&here)).await?;
        finish(tx, dry_run).await
    }

    pub(super) async fn remove_versions(
        &self,
        tx: &mut WriteTx,
        entity: &Entity,
        asked: &[(Uuid, Option<i64>)],
        asking: Asking<'_>,
    ) -> Result<Vec<Record>, Problem> {
        // What goes with a record is not asked for: who may delete it may delete that.
        let rows = self.locked(tx, entity, asked, (RowAct::Delete, asking)).await?;
        let mut reached = Reached::new();
        self.remove_rows(tx, entity, rows, &mut reached).await
    }

    fn remove_rows<'a>(
        &'a self,
        tx: &'a mut WriteTx,
        entity: &'a Entity,
        rows: Vec<Row>,
        reached: &'a mut Reached,
    ) -> BoxFuture<'a, Result<Vec<Record>, Problem>> {
        Box::pin(async move {
            let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
            reached.extend(ids.iter().map(|id| (entity.model.name, *id)));
            if reached.len() > MAX_ROWS {
                let text = format!("More than {MAX_ROWS} records would go. Delete them in parts.");
                return Err(Problem::conflict("too-many", text));
            }
            let mut using = Vec::new();
            for referrer in &entity.referrers {
                using.extend(self.release(tx, *referrer, &ids, reached).await?);
            }
            if !using.is_empty() {
                return Err(in_use(entity, &using));
            }
            for chunk in ids.chunks(super::CHUNK) {
                let result = entity.sql.delete(tx.conn(), chunk).await;
                result.map_err(|error| write_problem(entity, error))?;
            }
            let gone = rows.into_iter().map(|row| Written {
                before: Some(row),
                after: None,
                once: Map::new(),
                passwords: Vec::new(),
            });
            self.log(tx, entity, Change::Delete, gone.collect()).await
        })
    }

    /// Deals with what refers to `ids` through one field; what must stay as it is, is given back.
    async fn release(
        &self,
        tx: &mut WriteTx,
        referrer: Referrer,
        ids: &[Uuid],
        reached: &mut Reached,
    ) -> Result<Vec<Using>, Problem> {
        let other = self.entity(referrer.model)?;
        let found = other.sql.referring(tx.conn(), referrer.field, ids, MAX_ROWS as i64 + 1).await?;
        let found: Vec<(Uuid, Option<i64>)> = found
            .into_iter()
            .filter(|id| !reached.contains(&(other.model.name, *id)))
            .map(|id| (id, None))
            .collect();
        if found.is_empty() {
            return Ok(Vec::new());
        }
        match referrer.field.kind {
            FieldKind::Reference { on_delete: OnDelete::Protect, .. }
            | FieldKind::Generic { on_delete: OnDelete::Protect, .. } => {
                return Ok(vec![Using { referrer, ids: found.into_iter().map(|(id, _)| id).collect() }]);
            }
            FieldKind::Reference { on_delete: OnDelete::Cascade, .. }
            | FieldKind::Generic { on_delete: OnDelete::Cascade, .. } => {
                let rows = self.locked(tx, other, &found, (RowAct::Delete, Asking::Code)).await?;
                self.remove_rows(tx, other, rows, reached).await?;
            }
            _ => self.detach(tx, other, referrer, &found, ids).await?,
        }
        Ok(Vec::new())
    }

    /// Takes the ids out of a reference that becomes null, or out of a list.
    async fn detach(
        &self,
        tx: &mut WriteTx,
        other: &Entity,
        referrer: Referrer,
        found: &[(Uuid, Option<i64>)],
        ids: &[Uuid],
    ) -> Result<(), Problem> {
        let rows = self.locked(tx, other, found, (RowAct::Change, Asking::Code)).await?;
        let item = |row: Row| {
            let value = match row.cell(other, referrer.field.name) {
                Some(Datum::Uuids(items)) => {
                    json!(items.iter().filter(|item| !ids.contains(item)).collect::<Vec<_>>())
                }
                _ => Value::Null,
            };
            let mut input = Map::new();
            input.insert(referrer.field.name.to_owned(), value);
            Item {
                mode: Mode::Merge,
                trust: Trust::Server,
                id: row.id,
                number: None,
                before: Some(row),
                input,
            }
        };
        let items = rows.into_iter().map(item).collect();
        let result = self.update_items(tx, other, items, &|_| String::new()).await;
        match result {
            Ok(_) => Ok(()),
            Err(problem) if problem.errors.is_empty() => Err(problem),
            Err(problem) => Err(Problem::conflict(
                "in-use",
                format!("{} need it: {}", other.model.title_plural, problem.detail),
            )),
        }
    }
}
