//! What a changed definition does to records that exist: a new field appears with its default, a renamed
//! one keeps its values, one that is gone takes them with it.

use std::collections::HashSet;

use kit::record::{Model, Record, Wrote};
use kit::{FieldError, Problem, Records, WriteTx};
use serde_json::Value;

use super::base;
use super::definition::{choice_values, definitions};
use super::field::check_default;
use super::place;
use crate::query::shown;
use crate::sql;

/// The models that a definition names.
fn models(records: &dyn Records, record: Option<&Record>) -> Vec<&'static Model> {
    let names = record.and_then(|record| record.get("object_types")).and_then(Value::as_array);
    let names = names.into_iter().flatten().filter_map(Value::as_str);
    names.filter_map(|name| records.model(name)).filter(|model| place(model).is_some()).collect()
}

fn name(record: Option<&Record>) -> &str {
    record.and_then(|record| record.get("name")).and_then(Value::as_str).unwrap_or_default()
}

/// Refuses a definition whose models do not exist or whose default is none of its values.
pub(super) async fn check(
    records: &dyn Records,
    tx: &mut WriteTx,
    at: usize,
    record: &Record,
) -> Result<(), Problem> {
    let refused = |field: &str, message: String| {
        let pointer = format!("/{at}/{field}");
        Err(Problem::invalid(vec![FieldError { pointer, code: "invalid".into(), message }]))
    };
    let known = |name: &str| records.model(name);
    let types = record.get("object_types").and_then(Value::as_array);
    for model in types.into_iter().flatten().filter_map(Value::as_str) {
        if known(model).is_none_or(|model| place(model).is_none()) {
            return refused("object_types", format!("Invalid content type: {}", shown(model)));
        }
    }
    if let Some(model) = record.get("related_object_type").and_then(Value::as_str)
        && known(model).is_none()
    {
        return refused("related_object_type", format!("Invalid content type: {}", shown(model)));
    }
    // The definition as a write of its records will read it.
    let first = types.and_then(|types| types.first()).and_then(Value::as_str).unwrap_or_default();
    let definitions = definitions(tx.conn(), first).await?;
    match definitions.iter().find(|definition| definition.name == name(Some(record))).map(check_default) {
        Some(Err(message)) => refused("default", message),
        _ => Ok(()),
    }
}

/// Brings the records of the models in line with a definition.
pub(super) async fn apply(
    records: &dyn Records,
    tx: &mut WriteTx,
    before: Option<&Record>,
    after: Option<&Record>,
) -> Result<(), Problem> {
    let (old, new) = (models(records, before), models(records, after));
    let has = |models: &[&'static Model], model: &Model| models.iter().any(|other| other.name == model.name);
    for model in &old {
        if !has(&new, model) {
            sql::custom::take(tx.conn(), model, name(before)).await?;
        } else if name(before) != name(after) {
            sql::custom::rename(tx.conn(), model, name(before), name(after)).await?;
        }
    }
    let default = after.and_then(|record| record.get("default")).cloned().unwrap_or_default();
    for model in new.iter().filter(|model| !has(&old, model)) {
        sql::custom::add(tx.conn(), model, name(after), &default).await?;
    }
    Ok(())
}

/// Definitions that select from a set, with their models.
const USERS: &str = "SELECT f.name, f.object_types FROM app.custom_field f \
    JOIN app.custom_field_choice_set s ON s.id = f.choice_set WHERE s.name = $1";

/// Refuses that a choice goes which a record has.
pub(super) async fn keep_used_choices(
    records: &dyn Records,
    tx: &mut WriteTx,
    row: &Wrote<'_>,
) -> Result<(), Problem> {
    let values = |record: Option<&Record>| {
        record.and_then(|record| record.get("extra_choices")).map(choice_values).unwrap_or_default()
    };
    let list = |record: Option<&Record>| {
        let list = record.and_then(|record| record.get("base_choices")).and_then(Value::as_str);
        list.unwrap_or_default().to_owned()
    };
    let (was, is) = (list(row.before), list(row.after));
    let mut old = values(row.before);
    if was != is {
        old.extend(base::choices(&was).iter().map(|(value, _)| (*value).to_owned()));
    }
    let new: HashSet<String> = values(row.after).into_iter().collect();
    let gone: Vec<String> =
        old.into_iter().filter(|value| !new.contains(value) && !base::has(&is, value)).collect();
    if gone.is_empty() {
        return Ok(());
    }
    let users: Vec<(String, Vec<String>)> =
        sqlx::query_as(USERS).bind(name(row.after)).fetch_all(tx.conn()).await?;
    for (field, types) in users {
        for model in types.iter().filter_map(|name| records.model(name)).filter(|m| place(m).is_some()) {
            let used = sql::custom::used_choice(tx.conn(), model, &field, &gone).await?;
            if let Some(value) = used {
                let message = format!(
                    "Cannot remove choice {} as there are {} which reference it.",
                    shown(&value),
                    model.title_plural.to_lowercase()
                );
                let pointer = format!("/{}/extra_choices", row.at);
                return Err(Problem::invalid(vec![FieldError { pointer, code: "in_use".into(), message }]));
            }
        }
    }
    Ok(())
}
