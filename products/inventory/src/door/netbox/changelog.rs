//! `/api/core/object-changes/`: what was changed, by whom, from what to what.

use std::collections::HashMap;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kit::record::Record;
use kit::records::{AskChanges, Changed, Changes, Referenced, Where};
use kit::{Ctx, Problem, Records};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::changelog_filter::{self, ACTIONS, USER};
use super::contract::{self, Endpoint, Fact};
use super::display;
use super::errors::Refusal;
use super::flat::flat;
use super::object_types;
use super::pool::{Pool, nested, record_id};
use super::query::{self, Paging, Pairs};
use super::render::{Form, Writer, micros};

/// Where it is.
pub(super) const PATH: &str = "core/object-changes";
/// Fields that need the records before and after.
const OF_SIDES: [&str; 4] = ["display", "object_repr", "prechange_data", "postchange_data"];

/// One request.
pub(super) struct Log<'a> {
    pub(super) records: &'a dyn Records,
    pub(super) ctx: &'a Ctx,
    /// `http://host/netbox`.
    pub(super) base: &'a str,
    pub(super) pairs: &'a Pairs,
}

/// Short forms of records of one model.
pub(super) async fn short(
    records: &dyn Records,
    ctx: &Ctx,
    base: &str,
    model: &str,
    found: Vec<Record>,
) -> Result<HashMap<Uuid, Value>, Problem> {
    let Some(endpoint) = Endpoint::of_model(model) else { return Ok(HashMap::new()) };
    let facts = nested(endpoint);
    let pool = Pool::load(records, ctx, endpoint, &found, facts).await?;
    let writer = Writer { base, pool: &pool };
    let mut shown = HashMap::with_capacity(found.len());
    for record in &found {
        let mut out = Vec::with_capacity(512);
        writer.object(&mut out, endpoint, record, facts);
        let object = serde_json::from_slice(&out).map_err(Problem::internal)?;
        shown.insert(record_id(record), object);
    }
    Ok(shown)
}

fn shows(form: &Form, name: &str) -> bool {
    match form {
        Form::Full | Form::Brief => true,
        Form::Only(names) => names.iter().any(|known| known == name),
        Form::Without(names) => !names.iter().any(|known| known == name),
    }
}

/// Our columns of the fields that may order the list.
fn column(field: &str) -> Option<&'static str> {
    Some(match field {
        "id" | "pk" => "number",
        "time" => "created_at",
        "user" => "actor_id",
        "request_id" => "request_id",
        "action" => "action",
        "changed_object_type" => "model",
        "changed_object_id" => "record_number",
        "object_repr" => "display",
        _ => return None,
    })
}

fn order(wanted: Option<&str>) -> String {
    query::by_columns(wanted, column)
}

impl Log<'_> {
    fn ask(filter: Where, form: &Form) -> AskChanges {
        AskChanges {
            models: contract::endpoints().iter().map(|endpoint| endpoint.model.as_str()).collect(),
            filter,
            sort: "number".to_owned(),
            offset: 0,
            limit: 1,
            count: false,
            sides: OF_SIDES.into_iter().any(|name| shows(form, name)),
        }
    }

    /// GET of the list.
    pub(super) async fn list(&self) -> Result<Response, Refusal> {
        let form = query::form(self.pairs);
        let filter = changelog_filter::conditions(self.records, self.ctx, self.pairs).await?;
        let (limit, paging) = query::paging(self.pairs)?;
        let mut ask = AskChanges { limit, ..Self::ask(filter, &form) };
        match paging {
            Paging::Start(start) => {
                let from = Where::is("number", "gte", start.min(i64::MAX as u64).to_string());
                ask.filter = Where::All(vec![ask.filter, from]);
            }
            Paging::Offset(offset) => {
                ask.sort = order(query::last(self.pairs, "ordering"));
                (ask.offset, ask.count) = (offset, true);
            }
        }
        let changes = self.records.changes(self.ctx, &ask).await?;
        let last = changes.items.last().filter(|_| changes.items.len() == limit as usize);
        let last = last.and_then(|last| u64::try_from(last.number).ok());
        let address = query::Address { base: self.base, path: PATH, pairs: self.pairs };
        let (next, previous) = address.around(paging, limit, changes.total, last);
        let results = self.shown(&changes, &form).await?;
        let body = json!({"count": changes.total, "next": next, "previous": previous, "results": results});
        Ok(axum::Json(body).into_response())
    }

    /// GET of one change.
    pub(super) async fn read(&self, id: &str) -> Result<Response, Refusal> {
        if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Refusal::detail(StatusCode::NOT_FOUND, "Not found."));
        }
        let missing = || Refusal::detail(StatusCode::NOT_FOUND, "No ObjectChange matches the given query.");
        let number: i64 = id.parse().map_err(|_| missing())?;
        let form = query::form(self.pairs);
        let ask = Self::ask(Where::is("number", "eq", number.to_string()), &form);
        let changes = self.records.changes(self.ctx, &ask).await?;
        let one = self.shown(&changes, &form).await?.into_iter().next();
        Ok(axum::Json(one.ok_or_else(missing)?).into_response())
    }

    async fn shown(&self, changes: &Changes, form: &Form) -> Result<Vec<Value>, Refusal> {
        let mut wanted: HashMap<&'static str, Vec<Uuid>> = HashMap::new();
        for item in &changes.items {
            wanted.entry(USER).or_default().extend(item.actor_id);
            if shows(form, "changed_object") {
                wanted.entry(item.model).or_default().push(item.record_id);
            }
        }
        let wanted: Vec<(&'static str, Vec<Uuid>)> = wanted.into_iter().collect();
        let found = self.records.referenced(self.ctx, &wanted).await?;
        let mut objects = HashMap::new();
        for (model, records) in &found {
            let records = records.values().cloned().collect();
            objects.extend(short(self.records, self.ctx, self.base, model, records).await?);
        }
        let texts = self.texts(changes).await?;
        let shown = Shown { base: self.base, changes, found: &found, objects: &objects, texts: &texts };
        Ok(changes.items.iter().map(|item| shown.object(item, form)).collect())
    }

    /// The texts that the records were shown by, by the number of the change.
    async fn texts(&self, changes: &Changes) -> Result<HashMap<i64, String>, Problem> {
        let mut by_model: HashMap<&'static str, (Vec<i64>, Vec<Record>)> = HashMap::new();
        for item in &changes.items {
            if let Some(record) = item.after.as_ref().or(item.before.as_ref()) {
                let (numbers, records) = by_model.entry(item.model).or_default();
                numbers.push(item.number);
                records.push(record.clone());
            }
        }
        let mut texts = HashMap::new();
        for (model, (numbers, records)) in by_model {
            let Some(endpoint) = Endpoint::of_model(model) else { continue };
            let facts: Vec<&'static Fact> = endpoint.fact("display").into_iter().collect();
            let pool = Pool::load(self.records, self.ctx, endpoint, &records, &facts).await?;
            let shown = records.iter().map(|record| display::of(endpoint, record, &pool));
            texts.extend(numbers.into_iter().zip(shown));
        }
        Ok(texts)
    }
}

/// What changes are shown with.
struct Shown<'a> {
    base: &'a str,
    changes: &'a Changes,
    found: &'a Referenced,
    /// Short forms of users and of what was changed.
    objects: &'a HashMap<Uuid, Value>,
    texts: &'a HashMap<i64, String>,
}

impl Shown<'_> {
    fn object(&self, item: &Changed, form: &Form) -> Value {
        let endpoint = Endpoint::of_model(item.model);
        let action = ACTIONS.iter().find(|(action, _)| *action == item.action);
        let label = action.map_or(item.action.as_str(), |(_, label)| *label);
        let user_name = self.user_name(item);
        let text = self.texts.get(&item.number).filter(|text| !text.is_empty()).unwrap_or(&item.display);
        let url = format!("{}/api/{PATH}/{}/", self.base, item.number);
        let short = |id: Option<Uuid>| id.and_then(|id| self.objects.get(&id)).cloned();
        let whole = json!({
            "id": item.number,
            "url": url,
            "display_url": format!("{}/core/changelog/{}/", self.base, item.number),
            "display": format!("{} {text} {} by {user_name}", title(endpoint), label.to_lowercase()),
            "time": micros(&item.at),
            "user": short(item.actor_id),
            "user_name": user_name,
            "request_id": item.request_id,
            "action": {"value": item.action, "label": label},
            "changed_object_type": endpoint.map(|endpoint| endpoint.kind.as_str()),
            "changed_object_id": item.record_number,
            "changed_object": short(Some(item.record_id)),
            "object_repr": text,
            "message": "",
            "prechange_data": self.side(endpoint, item.before.as_ref()),
            "postchange_data": self.side(endpoint, item.after.as_ref()),
        });
        let Value::Object(members) = whole else { return Value::Null };
        Value::Object(members.into_iter().filter(|(name, _)| shows(form, name)).collect())
    }

    fn user_name(&self, item: &Changed) -> String {
        let user = item.actor_id.and_then(|id| self.found.get(USER)?.get(&id));
        let name = user.and_then(|user| user.get("name")).and_then(Value::as_str);
        name.or(item.actor_name.as_deref()).unwrap_or(&item.actor_kind).to_owned()
    }

    fn side(&self, endpoint: Option<&'static Endpoint>, record: Option<&Record>) -> Value {
        match endpoint.zip(record) {
            Some((endpoint, record)) => flat(endpoint, record, &self.changes.numbers),
            None => Value::Object(Map::new()),
        }
    }
}

/// `DCIM | site`.
fn title(endpoint: Option<&Endpoint>) -> String {
    let Some(endpoint) = endpoint else { return String::new() };
    let app = endpoint.kind.split('.').next().unwrap_or_default();
    // Only the first letter is a capital because the title is one.
    let word = |word: &str| {
        let rest = word.chars().skip(1).any(char::is_uppercase);
        if rest { word.to_owned() } else { word.to_lowercase() }
    };
    let words: Vec<String> = endpoint.title().split(' ').map(word).collect();
    format!("{} | {}", object_types::app_title(app), words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles() {
        let of = |path: &str| title(Endpoint::at(path));
        assert_eq!(of("dcim/sites"), "DCIM | site");
        assert_eq!(of("ipam/ip-addresses"), "IPAM | IP address");
        assert_eq!(of("core/data-sources"), "Core | data source");
    }

    #[test]
    fn orders() {
        assert_eq!(order(None), "-created_at");
        assert_eq!(order(Some("-id")), "-number");
        assert_eq!(order(Some("changed_object_type,-time,user_name")), "model,-created_at");
        assert_eq!(order(Some("bogus")), "-created_at");
    }
}
