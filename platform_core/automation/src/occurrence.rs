//! What happened to a record: the record as it is, as it was, and who did it, from an event of the
//! record engine.

use kit::events::Delivered;
use kit::presenter::Presenter;
use kit::record::{Model, Record};
use kit::records::{Ask, Where};
use kit::{Ctx, Problem, Records};
use serde_json::{Map, Value, json};

/// An event about a record.
pub(crate) struct Occurrence {
    pub(crate) model: &'static Model,
    /// `object_created` ...
    pub(crate) kind: &'static str,
    /// `created` ...
    verb: &'static str,
    record: Record,
    before: Option<Record>,
    after: Option<Record>,
    user: String,
    request: Value,
    time: String,
}

/// The model and kind of an event of the record engine.
pub(crate) fn named(records: &dyn Records, event: &Delivered) -> Option<(&'static Model, &'static str)> {
    let (name, verb) = event.event_type.rsplit_once('.')?;
    let kind = match verb {
        "created" => "object_created",
        "updated" => "object_updated",
        "deleted" => "object_deleted",
        _ => return None,
    };
    Some((records.model(name)?, kind))
}

impl Occurrence {
    /// Reads what the event does not say itself.
    pub(crate) async fn of(
        records: &dyn Records,
        ctx: &Ctx,
        event: &Delivered,
        model: &'static Model,
        kind: &'static str,
    ) -> Result<Self, Problem> {
        let id = event.data.get("id").and_then(Value::as_str).unwrap_or_default();
        let current = if kind == "object_deleted" {
            None
        } else {
            let ask = Ask { filter: Where::is("id", "eq", id), limit: 1, ..Ask::default() };
            records.find(ctx, model, &ask).await?.records.pop()
        };
        let changes = event.data.get("changes").and_then(Value::as_object);
        let side = |side: &str| -> Map<String, Value> {
            let of = |(name, change): (&String, &Value)| Some((name.clone(), change.get(side)?.clone()));
            changes.into_iter().flatten().filter_map(of).collect()
        };
        let mut record = current.unwrap_or_else(|| of_event(event, id));
        let (before, after) = match kind {
            "object_created" => {
                record.extend(side("after"));
                (None, Some(record.clone()))
            }
            "object_updated" => {
                record.extend(side("after"));
                let mut before = record.clone();
                before.extend(side("before"));
                (Some(before), Some(record.clone()))
            }
            _ => {
                record.extend(side("before"));
                (Some(record.clone()), None)
            }
        };
        let verb = kind.trim_start_matches("object_");
        let actor = event.data.get("actor").and_then(Value::as_str).unwrap_or_default();
        let user = user_of(records, ctx, actor).await?;
        let request = event.data.get("request").cloned().unwrap_or(Value::Null);
        let time = event.time.to_rfc3339();
        Ok(Self { model, kind, verb, record, before, after, user, request, time })
    }

    /// What is sent of it, and what conditions look at: in the form of a presenter, or in ours.
    pub(crate) async fn payload(
        &self,
        ctx: &Ctx,
        presenter: Option<&dyn Presenter>,
    ) -> Result<Value, Problem> {
        let shown = |record: Option<&Record>| record.cloned().map_or(Value::Null, Value::Object);
        let (name, data, before, after) = match presenter {
            Some(presenter) => {
                let mut states = Vec::with_capacity(3);
                for state in [Some(&self.record), self.before.as_ref(), self.after.as_ref()] {
                    states.push(match state {
                        Some(record) => presenter.show(ctx, self.model, record).await?,
                        None => Value::Null,
                    });
                }
                let mut states = states.into_iter();
                let mut next = || states.next().unwrap_or_default();
                let name = presenter.type_of(self.model).unwrap_or(self.model.name);
                (name, next(), flat(next()), flat(next()))
            }
            None => (
                self.model.name,
                shown(Some(&self.record)),
                shown(self.before.as_ref()),
                shown(self.after.as_ref()),
            ),
        };
        let method = match self.verb {
            "created" => "POST",
            "deleted" => "DELETE",
            _ => "PATCH",
        };
        Ok(json!({
            "event": self.verb,
            "timestamp": self.time,
            "object_type": name,
            "data": data,
            "request": {"id": self.request, "method": method, "user": self.user},
            "snapshots": {"prechange": before, "postchange": after},
        }))
    }
}

/// What an event says of a record that is gone.
fn of_event(event: &Delivered, id: &str) -> Record {
    let mut record = Record::new();
    record.insert("id".to_owned(), Value::from(id));
    for name in ["number", "version"] {
        if let Some(value) = event.data.get(name) {
            record.insert(name.to_owned(), value.clone());
        }
    }
    record
}

/// The login name of who did it; of parts of the server and of people of another tenant what they are.
pub(crate) async fn user_of(records: &dyn Records, ctx: &Ctx, actor: &str) -> Result<String, Problem> {
    let (Some(id), Some(users)) = (actor.strip_prefix("user:"), records.model("platform.user")) else {
        return Ok(actor.to_owned());
    };
    let ask = Ask { filter: Where::is("id", "eq", id), limit: 1, ..Ask::default() };
    let found = records.find(ctx, users, &ask).await?.records.pop();
    let name = found.and_then(|user| user.get("name").and_then(Value::as_str).map(str::to_owned));
    Ok(name.unwrap_or_else(|| actor.to_owned()))
}

/// A record in the form of a door as a snapshot: choices by their value, references by their id, tags by
/// their names, without what is worked out.
fn flat(shown: Value) -> Value {
    let Value::Object(members) = shown else { return Value::Null };
    let member = |(name, value): (String, Value)| {
        let derived = matches!(name.as_str(), "id" | "url" | "display" | "display_url" | "last_updated");
        (!derived && !name.ends_with("_count")).then(|| (name.clone(), plain(&name, value)))
    };
    Value::Object(members.into_iter().filter_map(member).collect())
}

fn plain(name: &str, value: Value) -> Value {
    match value {
        Value::Object(members) if members.contains_key("value") && members.contains_key("label") => {
            members.get("value").cloned().unwrap_or_default()
        }
        Value::Object(members) if members.contains_key("url") && members.contains_key("id") => {
            let key = if name == "tags" { "name" } else { "id" };
            members.get(key).cloned().unwrap_or_default()
        }
        Value::Array(items) => items.into_iter().map(|item| plain(name, item)).collect(),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn snapshots_are_flat() {
        let shown = json!({
            "id": 1, "url": "u", "display": "d", "name": "n", "status": {"value": "active", "label": "Active"},
            "region": {"id": 4, "url": "u", "name": "r"}, "tags": [{"id": 2, "url": "u", "name": "T"}], "asns": [],
            "device_count": 3, "data": {"value": 1}, "last_updated": "x",
        });
        let expected = json!({"name": "n", "status": "active", "region": 4, "tags": ["T"], "asns": [], "data": {"value": 1}});
        assert_eq!(flat(shown), expected);
        assert_eq!(flat(Value::Null), Value::Null);
    }
}
