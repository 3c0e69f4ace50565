//! Changes of all records, from the change log: for doors that list them.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use kit::record::{FieldKind, Model, NoHooks, OnDelete, Operations, Record};
use kit::records::{AskChanges, Changed, Changes, READ_CHANGES};
use kit::{Ctx, Field, Problem, RowAct};
use serde_json::{Map, Value};
use sqlx::postgres::PgRow;
use sqlx::types::Json;
use sqlx::{PgConnection, Row as _};
use uuid::Uuid;

use super::Engine;
use crate::datum::{Datum, time_text};
use crate::entity::Entity;
use crate::query::{Column, FilterExpr, Op, SortKey, Step, sortable};
use crate::row::{Displays, Row};
use crate::sql::changes::{self as sql, Versions};

/// Most changes of a page.
const MAX_LIMIT: u32 = 1_000;

/// What the log is asked by. No record of the engine: it has no table of the usual form, and its rows come
/// from writes of others only.
pub(super) static CHANGE: Model = Model {
    name: "platform.change",
    table: "app.change_log",
    product: "platform",
    collection: "changes",
    title: "Change",
    title_plural: "Changes",
    permission: "audit/entries",
    operations: Operations::READ,
    display: "display",
    default_sort: "-created_at",
    fields: &[
        Field::text("model", "Records", 100),
        Field::integer("record_number", "Number of the record", 1, i64::MAX),
        Field::text("display", "Record", 200),
        Field::text("action", "Action", 10),
        Field::new("actor_id", "Who", FieldKind::Uuid),
        Field::text("actor_name", "Part of the server", 100),
        Field::new("request_id", "Request", FieldKind::Uuid),
    ],
    numbered: true,
    hooks: &NoHooks,
    ..Model::BASE
};

/// A row of the log on its way out.
struct Entry {
    changed: Changed,
    version: i64,
    time: DateTime<Utc>,
    /// Field to `{"before", "after"}`.
    changes: Map<String, Value>,
}

impl Engine {
    pub(super) async fn changes_asked(&self, ctx: &Ctx, ask: &AskChanges) -> Result<Changes, Problem> {
        ctx.authorize(READ_CHANGES)?;
        let Some(readable) = self.readable(ctx, &ask.models)? else {
            return Ok(Changes { total: ask.count.then_some(0), ..Changes::default() });
        };
        let filter = FilterExpr::All(vec![readable, self.expression(&CHANGE, &ask.filter)?]);
        let limit = ask.limit.clamp(1, MAX_LIMIT);
        let sort = sort_keys(&ask.sort)?;
        let page = sql::Page {
            filter: &filter,
            sort: &sort,
            limit: i64::from(limit),
            offset: ask.offset,
            whole: ask.sides,
        };
        // The log is of the main line: a branch has none.
        let mut tx = ctx.on_main().read().await?;
        let rows = sql::page(tx.conn(), &page).await?;
        let total = match ask.count {
            // A page that is not full tells the count.
            true if ask.offset == 0 && rows.len() < limit as usize => Some(rows.len() as u64),
            true => Some(sql::count(tx.conn(), &filter).await?.unsigned_abs()),
            false => None,
        };
        let mut entries: Vec<Entry> =
            rows.iter().map(|row| self.change_entry(row)).collect::<Result<_, Problem>>()?;
        let mut numbers = HashMap::new();
        if ask.sides {
            self.fill_sides(tx.conn(), &mut entries).await?;
            numbers = self.numbers_of(tx.conn(), &entries).await?;
        }
        Ok(Changes { items: entries.into_iter().map(|entry| entry.changed).collect(), total, numbers })
    }

    /// Changes of records that the caller may see: of all records of some models, and of the records of
    /// others that are within its reach now. None when there is no such model.
    fn readable(&self, ctx: &Ctx, models: &[&'static str]) -> Result<Option<FilterExpr>, Problem> {
        let of = |names: Vec<Datum>| FilterExpr::test(&CHANGE, "model", Op::In, names);
        let (mut whole, mut any) = (Vec::new(), Vec::new());
        for entity in models.iter().filter_map(|name| self.registry().get(name)) {
            let name = Datum::from(entity.model.name);
            match self.within(ctx, entity.model, RowAct::View) {
                Ok(None) => whole.push(name),
                Ok(Some(within)) => {
                    let kind =
                        FieldKind::Reference { model: entity.model.name, on_delete: OnDelete::Cascade };
                    let step = Step { name: "record_id", kind, target: entity.model };
                    let of_records = FilterExpr::Via(step, Box::new(within));
                    any.push(FilterExpr::All(vec![of(vec![name])?, of_records]));
                }
                Err(_) => {}
            }
        }
        if !whole.is_empty() {
            any.push(of(whole)?);
        }
        Ok((!any.is_empty()).then_some(FilterExpr::Any(any)))
    }

    fn change_entry(&self, row: &PgRow) -> Result<Entry, Problem> {
        let model: String = row.try_get("model")?;
        // Only models that the registry has are asked for.
        let entity = self.registry().get(&model);
        let entity = entity.ok_or_else(|| Problem::internal(format!("the engine does not know {model}")))?;
        let time: DateTime<Utc> = row.try_get("created_at")?;
        let changes = row.try_get::<Option<Json<Value>>, _>(12)?;
        Ok(Entry {
            changed: Changed {
                number: row.try_get("number")?,
                at: time_text(&time),
                model: entity.model.name,
                record_id: row.try_get("record_id")?,
                record_number: row.try_get("record_number")?,
                display: row.try_get::<Option<String>, _>("display")?.unwrap_or_default(),
                action: row.try_get("action")?,
                actor_kind: row.try_get("actor_kind")?,
                actor_id: row.try_get("actor_id")?,
                actor_name: row.try_get("actor_name")?,
                request_id: row.try_get("request_id")?,
                before: None,
                after: None,
            },
            version: row.try_get("record_version")?,
            time,
            changes: match changes {
                Some(Json(Value::Object(changes))) => changes,
                _ => Map::new(),
            },
        })
    }

    /// The records before and after. A creation and a deletion have the whole record in the log; of an
    /// update, the history has what it left, and the log what was different before.
    async fn fill_sides(&self, conn: &mut PgConnection, entries: &mut [Entry]) -> Result<(), Problem> {
        let mut updates: HashMap<&'static str, Vec<usize>> = HashMap::new();
        for (at, entry) in entries.iter_mut().enumerate() {
            match entry.changed.action.as_str() {
                "create" => entry.changed.after = Some(side(entry, "after")),
                "delete" => entry.changed.before = Some(side(entry, "before")),
                _ => updates.entry(entry.changed.model).or_default().push(at),
            }
        }
        for (model, places) in updates {
            let Some(entity) = self.registry().get(model) else { continue };
            let mut left = self.records_left(conn, entity, entries, &places).await?;
            for (n, at) in places.iter().enumerate() {
                let Some(entry) = entries.get_mut(*at) else { continue };
                // Without history there is what differed.
                let after = left.remove(&(n + 1)).unwrap_or_default();
                let mut before = after.clone();
                let (mut old, mut new) = (side(entry, "before"), side(entry, "after"));
                before.append(&mut old);
                new.extend(after);
                (entry.changed.before, entry.changed.after) = (Some(before), Some(new));
            }
        }
        Ok(())
    }

    /// What updates of records of one model left, by their place among `places`, from 1.
    async fn records_left(
        &self,
        conn: &mut PgConnection,
        entity: &Entity,
        entries: &[Entry],
        places: &[usize],
    ) -> Result<HashMap<usize, Record>, Problem> {
        let mut wanted = Versions::default();
        for entry in places.iter().filter_map(|at| entries.get(*at)) {
            wanted.ids.push(entry.changed.record_id);
            wanted.numbers.push(entry.version);
            wanted.times.push(entry.time);
        }
        let found = entity.sql.versions(conn, wanted).await?;
        let mut rows = Vec::with_capacity(found.len());
        for row in &found {
            let n: i64 = row.try_get(row.len().saturating_sub(1))?;
            rows.push((usize::try_from(n).unwrap_or_default(), Row::decode(entity, row)?));
        }
        let mut displays = Displays::default();
        for (model, ids) in self.wanted(entity, rows.iter().map(|(_, row)| row)) {
            self.add_displays(conn, model, &ids, &mut displays).await?;
            let lost: Vec<Uuid> = ids.into_iter().filter(|id| displays.get(model, *id).is_none()).collect();
            for (id, _, display) in sql::gone(conn, model, &lost).await? {
                displays.texts.entry(model).or_default().insert(id, display.unwrap_or_default());
            }
        }
        rows.iter().map(|(n, row)| Ok((*n, self.record(entity, &displays, row)?))).collect()
    }

    /// Numbers of all that the records before and after refer to.
    async fn numbers_of(
        &self,
        conn: &mut PgConnection,
        entries: &[Entry],
    ) -> Result<HashMap<Uuid, i64>, Problem> {
        let mut wanted: HashMap<&'static str, HashSet<Uuid>> = HashMap::new();
        for entry in entries {
            let Some(entity) = self.registry().get(entry.changed.model) else { continue };
            for record in entry.changed.before.iter().chain(&entry.changed.after) {
                self.referred(entity.model, record, &mut wanted);
            }
        }
        let mut numbers = HashMap::new();
        for (model, ids) in wanted {
            let Some(entity) = self.registry().get(model).filter(|entity| entity.model.numbered) else {
                continue;
            };
            let ids: Vec<Uuid> = ids.into_iter().collect();
            let rows = self.rows(conn, entity, &ids).await?;
            numbers.extend(rows.iter().filter_map(|row| Some((row.id, row.number?))));
            let lost: Vec<Uuid> = ids.into_iter().filter(|id| !numbers.contains_key(id)).collect();
            let gone = sql::gone(conn, model, &lost).await?;
            numbers.extend(gone.into_iter().map(|(id, number, _)| (id, number)));
        }
        Ok(numbers)
    }

    /// What a record refers to, as the engine shows it.
    fn referred(&self, model: &Model, record: &Record, wanted: &mut HashMap<&'static str, HashSet<Uuid>>) {
        let mut add = |target: Option<&str>, value: &Value| {
            let named = value.get("type").and_then(Value::as_str).or(target);
            let entity = named.and_then(|name| self.registry().get(name));
            let id = value.get("id").and_then(Value::as_str).and_then(|id| Uuid::parse_str(id).ok());
            if let (Some(entity), Some(id)) = (entity, id) {
                wanted.entry(entity.model.name).or_default().insert(id);
            }
        };
        for field in model.fields {
            let Some(value) = record.get(field.name) else { continue };
            let target = match field.kind {
                FieldKind::Reference { model, .. } | FieldKind::References { model } => Some(model),
                FieldKind::Generic { .. } | FieldKind::Custom => None,
                _ => continue,
            };
            let values: Vec<&Value> = match (field.kind, value) {
                (FieldKind::Custom, Value::Object(members)) => members.values().collect(),
                _ => vec![value],
            };
            for value in values {
                match value {
                    Value::Array(items) => items.iter().for_each(|item| add(target, item)),
                    one => add(target, one),
                }
            }
        }
    }
}

/// One side of what the log has of a change, with what identifies the record.
fn side(entry: &Entry, which: &str) -> Record {
    let mut record = Record::new();
    record.insert("id".to_owned(), Value::from(entry.changed.record_id.to_string()));
    if let Some(number) = entry.changed.record_number {
        record.insert("number".to_owned(), Value::from(number));
    }
    for (name, change) in &entry.changes {
        record.insert(name.clone(), change.get(which).cloned().unwrap_or_default());
    }
    record
}

/// Columns of the log to order by; the number decides among equals.
fn sort_keys(text: &str) -> Result<Vec<SortKey>, Problem> {
    let key = |part: &str| -> Result<SortKey, Problem> {
        let (descending, name) = part.strip_prefix('-').map_or((false, part), |name| (true, name));
        let column = Column::of(&CHANGE, name).filter(|column| sortable(&column.kind));
        let column = column.ok_or_else(|| {
            Problem::bad_request(format!("Changes cannot be sorted by `{}`.", crate::query::shown(name)))
        })?;
        Ok(SortKey { column, descending })
    };
    let mut keys: Vec<SortKey> = text
        .split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(key)
        .collect::<Result<_, Problem>>()?;
    if !keys.iter().any(|key| key.column.name == "number") {
        let descending = keys.last().is_some_and(|key| key.descending);
        keys.extend(Column::of(&CHANGE, "number").map(|column| SortKey { column, descending }));
    }
    Ok(keys)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders() {
        let keys = |text: &str| {
            let keys = sort_keys(text).map_err(|problem| problem.status.as_u16())?;
            Ok(keys.iter().map(|key| (key.column.name, key.descending)).collect::<Vec<_>>())
        };
        assert_eq!(keys("-created_at"), Ok(vec![("created_at", true), ("number", true)]));
        assert_eq!(keys("number"), Ok(vec![("number", false)]));
        assert_eq!(keys("display,-number"), Ok(vec![("display", false), ("number", true)]));
        for wrong in ["updated", "actor_kind", "-"] {
            assert_eq!(keys(wrong), Err(400), "{wrong}");
        }
    }
}
