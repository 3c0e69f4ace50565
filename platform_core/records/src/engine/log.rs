//! What happened: the change log and the event, in the transaction of the change, and the model's
//! own `written`.

use kit::record::{Change, FieldKind, Model, Record, Wrote};
use kit::{Event, Problem, WriteTx};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::changes::CHANGE;
use super::found::keep_found;
use super::{Engine, numbers};
use crate::entity::Entity;
use crate::row::{Displays, Row};

/// Largest change list put into an event; the change log has the whole.
const MAX_EVENT_CHANGES: usize = 48 * 1024;

/// Longest text of a record in the log, characters.
const MAX_DISPLAY: usize = 200;

const LOG: &str = "INSERT INTO app.change_log \
    (id, number, model, record_id, record_number, display, record_version, actor_kind, actor_id, actor_name, request_id, action, changes, reason) \
    SELECT r.id, r.number, r.model, r.record_id, r.record_number, r.display, r.record_version, r.actor_kind, r.actor_id, r.actor_name, r.request_id, r.action, r.changes, r.reason \
    FROM json_to_recordset($1::json) AS r(id uuid, number bigint, model text, record_id uuid, record_number bigint, \
    display text, record_version bigint, actor_kind text, actor_id uuid, actor_name text, request_id uuid, action text, changes jsonb, reason text)";

/// One row that was written.
pub(super) struct Written {
    pub(super) before: Option<Row>,
    pub(super) after: Option<Row>,
    pub(super) once: Map<String, Value>,
    /// Password fields that were set: their shown form is the same before and after.
    pub(super) passwords: Vec<&'static str>,
}

struct Entry {
    id: Uuid,
    version: i64,
    before: Option<Record>,
    after: Option<Record>,
    changes: Map<String, Value>,
    once: Map<String, Value>,
}

impl Engine {
    /// Keeps what records are found by, logs, publishes and runs the hook; the records after (for a delete: before), in order.
    pub(super) async fn log(
        &self,
        tx: &mut WriteTx,
        entity: &Entity,
        change: Change,
        rows: Vec<Written>,
    ) -> Result<Vec<Record>, Problem> {
        super::branches::check(tx, entity.model)?;
        keep_found(tx, entity, &rows).await?;
        let mut displays = Displays::default();
        let all = self.wanted(entity, rows.iter().flat_map(|row| row.before.iter().chain(&row.after)));
        self.load_displays(tx.conn(), all, &mut displays).await?;
        let entries: Vec<Entry> =
            rows.into_iter().map(|row| self.entry(entity, &displays, row)).collect::<Result<_, _>>()?;
        let differs = |entry: &Entry| change != Change::Update || !entry.changes.is_empty();
        let changed: Vec<&Entry> = entries.iter().filter(|entry| differs(entry)).collect();
        let numbers = self.inner.numbers.take(tx, CHANGE.name, changed.len(), numbers::CHANGES).await?;
        write_log(tx, entity, change, &changed, &numbers).await?;
        let events: Vec<Event> = changed.iter().map(|entry| event(tx, entity, change, entry)).collect();
        tx.publish_all(&events).await?;
        for entry in changed {
            let (before, after) = (entry.before.as_ref(), entry.after.as_ref());
            entity.model.hooks.written(tx, change, before, after).await?;
        }
        let rows: Vec<Wrote<'_>> = entries
            .iter()
            .enumerate()
            .filter(|(_, entry)| differs(entry))
            .map(|(at, entry)| Wrote { at, before: entry.before.as_ref(), after: entry.after.as_ref() })
            .collect();
        entity.model.hooks.written_all(self, tx, change, &rows).await?;
        let records = entries.into_iter().filter_map(|entry| {
            let mut record = entry.after.or(entry.before)?;
            record.extend(entry.once);
            Some(record)
        });
        Ok(records.collect())
    }

    fn entry(&self, entity: &Entity, displays: &Displays, row: Written) -> Result<Entry, Problem> {
        let shown =
            |row: &Option<Row>| row.as_ref().map(|row| self.record(entity, displays, row)).transpose();
        let (before, after) = (shown(&row.before)?, shown(&row.after)?);
        let newest = row.after.as_ref().or(row.before.as_ref()).ok_or_else(|| Problem::internal("no row"))?;
        let changes = changes(entity, before.as_ref(), after.as_ref(), &row.passwords);
        Ok(Entry { id: newest.id, version: newest.version, before, after, changes, once: row.once })
    }
}

/// Before and after of every field that differs. Secrets appear as reads show them; what others are
/// counted by is no change of this record.
fn changes(
    entity: &Entity,
    before: Option<&Record>,
    after: Option<&Record>,
    passwords: &[&str],
) -> Map<String, Value> {
    let mut changes = Map::new();
    for field in entity.model.fields.iter().filter(|field| !matches!(field.kind, FieldKind::Count { .. })) {
        let value = |record: Option<&Record>| {
            record.and_then(|record| record.get(field.name)).cloned().unwrap_or(Value::Null)
        };
        let (old, new) = (value(before), value(after));
        if old != new || passwords.contains(&field.name) {
            changes.insert(field.name.to_owned(), json!({"before": old, "after": new}));
        }
    }
    changes
}

fn verb(change: Change) -> &'static str {
    match change {
        Change::Create => "create",
        Change::Update => "update",
        Change::Delete => "delete",
    }
}

async fn write_log(
    tx: &mut WriteTx,
    entity: &Entity,
    change: Change,
    entries: &[&Entry],
    numbers: &[i64],
) -> Result<(), Problem> {
    let ctx = tx.ctx().clone();
    let reason = tx.reason().map(str::to_owned);
    let author = tx.author().clone();
    let name = match &author {
        kit::Actor::System(name) => Some(*name),
        _ => None,
    };
    let row = |(entry, number): (&&Entry, &i64)| {
        let record = entry.after.as_ref().or(entry.before.as_ref());
        json!({
            "id": Uuid::now_v7(),
            "number": number,
            "model": entity.model.name,
            "record_id": entry.id,
            "record_number": record.and_then(|record| record.get("number")),
            "display": record.and_then(|record| display(entity.model, record)),
            "record_version": entry.version,
            "actor_kind": author.kind(),
            "actor_id": author.id(),
            "actor_name": name,
            "request_id": ctx.request_id(),
            "action": verb(change),
            "changes": entry.changes,
            "reason": reason,
        })
    };
    let rows: Vec<Value> = entries.iter().zip(numbers).map(row).collect();
    for chunk in rows.chunks(super::CHUNK) {
        let text = serde_json::to_string(chunk).map_err(Problem::internal)?;
        sqlx::query(LOG).bind(text).execute(tx.conn()).await?;
    }
    Ok(())
}

/// The text that a record is shown by, as far as the log keeps it.
pub(super) fn display(model: &Model, record: &Record) -> Option<String> {
    let value = record.get(model.display)?;
    let text = match value.get("display").unwrap_or(value) {
        Value::Null => return None,
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    Some(text.chars().take(MAX_DISPLAY).collect())
}

fn event(tx: &WriteTx, entity: &Entity, change: Change, entry: &Entry) -> Event {
    let [created, updated, deleted] = &entity.events;
    let event_type = match change {
        Change::Create => created,
        Change::Update => updated,
        Change::Delete => deleted,
    };
    let record = entry.after.as_ref().or(entry.before.as_ref());
    let display = record.and_then(|record| record.get(entity.model.display)).cloned();
    let mut data = json!({
        "id": entry.id,
        "version": entry.version,
        "display": display,
        "number": record.and_then(|record| record.get("number")),
        "actor": tx.author().to_string(),
        "request": tx.ctx().request_id(),
    });
    if let Some(data) = data.as_object_mut() {
        let small = Value::Object(entry.changes.clone()).to_string().len() <= MAX_EVENT_CHANGES;
        data.insert("changes".to_owned(), if small { json!(entry.changes) } else { Value::Null });
    }
    let subject = format!("{}/{}/{}", entity.model.product, entity.model.collection, entry.id);
    Event::now(event_type.name, subject, data)
}
