//! A type with its templates as a document: what import takes, without what is as it is by default.

use std::collections::HashMap;

use kit::record::{DefaultValue, FieldKind, Record};
use kit::records::{Ask, Where};
use kit::{Ctx, Field, Model, Problem, Records};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{FRONT, Kind, MAPPING, SECTIONS};
use crate::reading::{id_of, reference, text};

/// Templates of one kind in a document.
const MAX_PARTS: u32 = 1_000;

/// The document of a type that the principal may read; its templates belong to it.
///
/// # Errors
/// 503 when the database is gone.
pub(crate) async fn export(
    records: &dyn Records,
    ctx: &Ctx,
    kind: Kind,
    record: &Record,
) -> Result<Value, Problem> {
    let model = known(records, kind.model)?;
    let mut document = Map::new();
    // Who made it and what it is come first, as everybody writes it.
    for name in ["manufacturer", "model", "slug"] {
        if let Some(value) = model.field(name).and_then(|field| shown(field, record)) {
            document.insert(name.to_owned(), value);
        }
    }
    for field in model.fields {
        if let Some(value) = shown(field, record).filter(|_| !document.contains_key(field.name)) {
            document.insert(field.name.to_owned(), value);
        }
    }
    let (Some(owner), Some(id)) = (kind.owner, id_of(record)) else { return Ok(Value::Object(document)) };
    let joins = joins(records, ctx, owner, id).await?;
    for (section, of) in SECTIONS {
        let model = known(records, of)?;
        if model.field(owner).is_none() {
            continue;
        }
        let parts = listed(records, ctx, model, Where::is(owner, "eq", id.to_string())).await?;
        let parts: Vec<Value> = parts.iter().map(|part| of_part(model, owner, part, &joins)).collect();
        if !parts.is_empty() {
            document.insert(section.to_owned(), Value::Array(parts));
        }
    }
    Ok(Value::Object(document))
}

fn known(records: &dyn Records, model: &str) -> Result<&'static Model, Problem> {
    records.model(model).ok_or_else(|| Problem::internal(format!("no model {model}")))
}

/// In the order in which they were made.
async fn listed(
    records: &dyn Records,
    ctx: &Ctx,
    model: &'static Model,
    filter: Where,
) -> Result<Vec<Record>, Problem> {
    let sort = Some("number".to_owned());
    let ask = Ask { filter, sort, limit: MAX_PARTS, implied: true, ..Ask::default() };
    Ok(records.find(ctx, model, &ask).await?.records)
}

/// The joins of front ports, by front port.
async fn joins(
    records: &dyn Records,
    ctx: &Ctx,
    owner: &str,
    id: Uuid,
) -> Result<HashMap<Uuid, Vec<Record>>, Problem> {
    let of_type = Where::is(owner, "eq", id.to_string());
    let filter = Where::Via { field: "front_port".to_owned(), model: None, then: Box::new(of_type) };
    let mut joins: HashMap<Uuid, Vec<Record>> = HashMap::new();
    for join in listed(records, ctx, known(records, MAPPING)?, filter).await? {
        if let Some(front) = reference(&join, "front_port") {
            joins.entry(front).or_default().push(join);
        }
    }
    Ok(joins)
}

fn of_part(model: &'static Model, owner: &str, part: &Record, joins: &HashMap<Uuid, Vec<Record>>) -> Value {
    let fields = model.fields.iter().filter(|field| field.name != owner);
    let mut shown: Map<String, Value> =
        fields.filter_map(|field| Some((field.name.to_owned(), shown(field, part)?))).collect();
    let joins = id_of(part).filter(|_| model.name == FRONT).and_then(|id| joins.get(&id));
    let rear = |join: &Record| join.get("rear_port").and_then(|rear| rear.get("display")).cloned();
    let number = |join: &Record, field: &str| join.get(field).and_then(Value::as_i64).unwrap_or(1);
    match joins.map(Vec::as_slice) {
        Some([join]) if number(join, "front_position") == 1 => {
            shown.insert("rear_port".to_owned(), rear(join).unwrap_or_default());
            shown.insert("rear_port_position".to_owned(), json!(number(join, "rear_position")));
        }
        Some(many) => {
            let each = |join: &Record| {
                json!({
                    "position": number(join, "front_position"),
                    "rear_port": rear(join),
                    "rear_port_position": number(join, "rear_position"),
                })
            };
            shown.insert("rear_ports".to_owned(), many.iter().map(each).collect());
        }
        None => {}
    }
    Value::Object(shown)
}

/// A value as documents say it; `None` for what needs no saying.
fn shown(field: &Field, record: &Record) -> Option<Value> {
    let value = record.get(field.name).filter(|value| !value.is_null())?;
    let by_default = match field.default {
        DefaultValue::None => false,
        DefaultValue::Text(text) => value.as_str() == Some(text),
        DefaultValue::Integer(number) => value.as_f64() == Some(number as f64),
        DefaultValue::Boolean(truth) => value.as_bool() == Some(truth),
        DefaultValue::Empty => value.as_array().is_some_and(Vec::is_empty),
    };
    // Height and depth of types are said always: readers of other tools expect them.
    let always = ["u_height", "is_full_depth"].contains(&field.name);
    if field.read_only || field.name == "owner" || (by_default && !always) {
        return None;
    }
    match field.kind {
        FieldKind::Custom | FieldKind::Generic { .. } | FieldKind::Count { .. } => None,
        FieldKind::Reference { .. } => value.get("display").cloned(),
        FieldKind::References { .. } => {
            let names = value.as_array()?.iter().filter_map(|item| item.get("display").cloned());
            Some(names.collect())
        }
        FieldKind::Text { .. } | FieldKind::LongText { .. } => {
            Some(Value::from(text(record, field.name))).filter(|value| value != "")
        }
        // A whole number without its point: 1, not 1.0.
        FieldKind::Decimal { .. } => {
            let number = value.as_f64()?;
            let whole = number.fract() == 0.0 && number.abs() < 1e15;
            Some(if whole { json!(number as i64) } else { json!(number) })
        }
        _ => Some(value.clone()),
    }
}
