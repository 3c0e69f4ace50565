//! `/api/extras/scripts/`: what people may start here as a job. Scripts come with the products of this server;
//! Python files cannot be uploaded.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use chrono::{DateTime, TimeDelta, Utc};
use kit::jobs::{Jobs, ParameterKind, Script, Start};
use kit::record::Record;
use kit::records::{Ask, Where, Write};
use kit::{Act, Ctx, JobKind, Permission, Records, WriteTx};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::errors::{Errors, Refusal, add};
use super::filter::date_time;
use super::jobs;
use super::pool::record_id;
use super::query::{self, Pairs};
use super::render::Form;

/// Where they are.
pub(super) const PATH: &str = "extras/scripts";
/// The record type of what is repeated.
const SCHEDULE: &str = "platform.job_schedule";
/// The right to start jobs.
const EXECUTE: Permission = Permission::new("platform/jobs", Act::Execute);
/// Longest interval, minutes: a year.
const MAX_INTERVAL: i64 = 525_600;
/// The fields of the short form.
const BRIEF: [&str; 5] = ["id", "url", "display", "name", "description"];

/// One request.
pub(super) struct Scripts<'a> {
    pub(super) records: &'a dyn Records,
    pub(super) jobs: &'a dyn Jobs,
    pub(super) ctx: &'a Ctx,
    /// `http://host/netbox`.
    pub(super) base: &'a str,
    pub(super) pairs: &'a Pairs,
}

/// The id of a script follows from its name, so that it is the same in every version of this server: FNV-1a.
fn id_of(name: &str) -> u32 {
    let hash =
        name.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    hash & 0x7fff_ffff
}

/// The two halves of a name: `platform`, `data_source_sync`.
fn halves(name: &str) -> (&str, &str) {
    name.split_once('.').unwrap_or(("", name))
}

fn missing() -> Refusal {
    Refusal::detail(StatusCode::NOT_FOUND, "No Script matches the given query.")
}

/// The words of the contract for what a parameter takes.
fn variable(kind: ParameterKind) -> &'static str {
    match kind {
        ParameterKind::Flag => "BooleanVar",
        ParameterKind::Record(_) => "ObjectVar",
    }
}

/// Does a filter of the list let this one through?
fn matches(kind: &JobKind, name: &str, values: &[&str]) -> bool {
    let any = |test: &dyn Fn(&str) -> bool| values.iter().any(|value| test(value));
    let own = halves(kind.name).1;
    match name {
        "id" => any(&|value| value == id_of(kind.name).to_string()),
        "name" => any(&|value| value == own),
        "name__ic" => any(&|value| own.contains(&value.to_lowercase())),
        "module_id" => any(&|value| value == id_of(halves(kind.name).0).to_string()),
        "is_executable" => any(&|value| matches!(value, "true" | "True" | "1")),
        "q" => any(&|value| {
            let value = value.to_lowercase();
            own.contains(&value) || kind.title.to_lowercase().contains(&value)
        }),
        _ => true,
    }
}

impl Scripts<'_> {
    /// GET of the list.
    pub(super) async fn list(&self) -> Result<Response, Refusal> {
        self.ctx.authorize(Permission::new("platform/jobs", Act::Read))?;
        let mut given: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (name, value) in self.pairs.iter().filter(|(_, value)| !value.is_empty()) {
            given.entry(name).or_default().push(value);
        }
        let mut all = self.jobs.scripts();
        all.retain(|(kind, _)| given.iter().all(|(name, values)| matches(kind, name, values)));
        let form = query::form(self.pairs);
        let mut results = Vec::new();
        for script in query::cut(&all, self.pairs) {
            results.push(self.shown(script, &form, &Form::Brief).await?);
        }
        let address = query::Address { base: self.base, path: PATH, pairs: self.pairs };
        Ok(address.answer(all.len(), &results))
    }

    /// By its id, or by its name.
    fn named(&self, which: &str) -> Result<(JobKind, Script), Refusal> {
        let is = |(kind, _): &(JobKind, Script)| kind.name == which || id_of(kind.name).to_string() == which;
        self.jobs.scripts().into_iter().find(is).ok_or_else(missing)
    }

    /// GET of one.
    pub(super) async fn read(&self, which: &str) -> Result<Response, Refusal> {
        self.ctx.authorize(Permission::new("platform/jobs", Act::Read))?;
        let script = self.named(which)?;
        Ok(axum::Json(self.shown(&script, &query::form(self.pairs), &Form::Full).await?).into_response())
    }

    async fn shown(
        &self,
        (kind, script): &(JobKind, Script),
        form: &Form,
        result: &Form,
    ) -> Result<Value, Refusal> {
        let jobs = jobs::Jobs { records: self.records, ctx: self.ctx, base: self.base, pairs: self.pairs };
        let last = jobs.first(Where::is("kind", "eq", kind.name), result).await?;
        let (module, name) = halves(kind.name);
        let id = id_of(kind.name);
        let vars: Map<String, Value> = script
            .parameters
            .iter()
            .map(|parameter| (parameter.name.to_owned(), json!(variable(parameter.kind))))
            .collect();
        let whole = json!({
            "id": id,
            "url": format!("{}/api/{PATH}/{id}/", self.base),
            "display_url": format!("{}/extras/scripts/{id}/", self.base),
            "module": id_of(module),
            "name": name,
            "description": script.description,
            "vars": vars,
            "result": last,
            "display": kind.title,
            "is_executable": true,
        });
        let Value::Object(mut members) = whole else { return Ok(Value::Null) };
        members.retain(|name, _| match form {
            Form::Full => true,
            Form::Brief => BRIEF.contains(&name.as_str()),
            Form::Only(names) => names.contains(name),
            Form::Without(names) => !names.contains(name),
        });
        Ok(Value::Object(members))
    }

    /// POST to one: a job does it, now, later, or again and again. The script with the job.
    pub(super) async fn run(&self, which: &str, body: &Value) -> Result<Response, Refusal> {
        let granted = self.ctx.authorize(EXECUTE)?;
        let script = self.named(which)?;
        let asked = Asked::of(body, Utc::now()).map_err(Refusal::fields)?;
        let args = self.arguments(&script.1, &asked.data).await?;
        let mut tx = self.ctx.write(granted).await?;
        let mut start = Start { script: script.0.name.to_owned(), args, at: asked.at, schedule: None };
        if let Some(minutes) = asked.interval {
            let id = self.schedule(&mut tx, &script.0, &start, minutes).await?;
            start.schedule = Some((id, Some(minutes)));
        }
        self.jobs.start(&mut tx, start).await.map_err(|problem| {
            let mut errors = Errors::new();
            for error in &problem.errors {
                let name = error.pointer.strip_prefix("/args").unwrap_or_default().trim_start_matches('/');
                let name = if name.is_empty() { String::new() } else { format!("{name}: ") };
                add(&mut errors, "data", format!("{name}{}", error.message));
            }
            if errors.is_empty() { Refusal::from(problem) } else { Refusal::fields(errors) }
        })?;
        tx.commit().await?;
        Ok(axum::Json(self.shown(&script, &Form::Full, &Form::Full).await?).into_response())
    }

    /// The runs behind the first one, as a schedule that people can find and stop.
    async fn schedule(
        &self,
        tx: &mut WriteTx,
        kind: &JobKind,
        start: &Start,
        minutes: i64,
    ) -> Result<Uuid, Refusal> {
        let model = self.records.model(SCHEDULE).ok_or_else(Refusal::no_route)?;
        self.ctx.authorize(Permission::new(model.permission, Act::Write))?;
        let first = start.at.unwrap_or_else(Utc::now);
        let second = TimeDelta::try_minutes(minutes).and_then(|step| first.checked_add_signed(step));
        let second = second.ok_or_else(|| Refusal::field("interval", "This is too late for a calendar."))?;
        // Names are unique: a mark makes one of its own.
        let mark = Uuid::now_v7().simple().to_string();
        let name = format!("{}, every {minutes} min, {}", kind.title, mark.get(20..).unwrap_or_default());
        let fields = json!({
            "name": name.chars().take(100).collect::<String>(),
            "script": kind.name,
            "args": start.args,
            "start_at": second.to_rfc3339(),
            "interval": minutes,
        });
        let fields: Record = fields.as_object().cloned().unwrap_or_default();
        let made = self.records.write_in(tx, model, vec![Write::Create(fields)]).await?;
        Ok(made.first().map(record_id).unwrap_or_default())
    }

    /// Parameters as our scripts take them: records by their ids of the contract become those of ours.
    async fn arguments(&self, script: &Script, data: &Map<String, Value>) -> Result<Value, Refusal> {
        let mut args = data.clone();
        for parameter in script.parameters {
            let ParameterKind::Record(model) = parameter.kind else { continue };
            let Some(number) = args.get(parameter.name).and_then(Value::as_i64) else { continue };
            let model = self.records.model(model).ok_or_else(Refusal::no_route)?;
            let filter = Where::is("number", "eq", number.to_string());
            let ask = Ask { filter, limit: 1, ..Ask::default() };
            let found = self.records.find(self.ctx, model, &ask).await?.records.pop();
            let wrong =
                || Refusal::field("data", format!("{}: there is no object {number}.", parameter.name));
            let id = record_id(&found.ok_or_else(wrong)?);
            args.insert(parameter.name.to_owned(), json!(id));
        }
        Ok(Value::Object(args))
    }
}

/// How a script is to be started.
#[derive(Debug, PartialEq)]
struct Asked {
    data: Map<String, Value>,
    at: Option<DateTime<Utc>>,
    /// Minutes.
    interval: Option<i64>,
}

impl Asked {
    fn of(body: &Value, now: DateTime<Utc>) -> Result<Self, Errors> {
        let mut errors = Errors::new();
        let given = |name: &str| body.get(name).filter(|value| !value.is_null());
        let data = match given("data") {
            Some(Value::Object(data)) => data.clone(),
            Some(_) => {
                add(&mut errors, "data", "Write an object with the variables of the script.");
                Map::new()
            }
            None => {
                add(&mut errors, "data", "This field is required.");
                Map::new()
            }
        };
        match given("commit") {
            Some(Value::Bool(true)) => {}
            Some(Value::Bool(false)) => {
                let text = "A script here keeps what it does; there are no dry runs. Send true.";
                add(&mut errors, "commit", text);
            }
            Some(_) => add(&mut errors, "commit", "Must be a valid boolean."),
            None => add(&mut errors, "commit", "This field is required."),
        }
        let at = given("schedule_at").and_then(|value| {
            let text = value.as_str().and_then(|text| date_time(text).ok());
            let at: Option<DateTime<Utc>> = text.and_then(|text| text.parse().ok());
            match at {
                Some(at) if at > now => return Some(at),
                Some(_) => add(&mut errors, "schedule_at", "Scheduled time must be in the future."),
                None => {
                    add(&mut errors, "schedule_at", "Datetime has wrong format. Write 2026-11-30T12:00:00Z.")
                }
            }
            None
        });
        let interval = given("interval").and_then(|value| {
            let minutes = value.as_i64().filter(|minutes| (1..=MAX_INTERVAL).contains(minutes));
            if minutes.is_none() {
                add(&mut errors, "interval", format!("Write whole minutes, 1 to {MAX_INTERVAL}."));
            }
            minutes
        });
        if errors.is_empty() { Ok(Self { data, at, interval }) } else { Err(errors) }
    }
}

/// POST of a Python file.
pub(super) fn no_upload() -> Refusal {
    let text = "Python scripts do not run here: a script is a job that a product of this server brings. \
        GET /api/extras/scripts/ lists them.";
    Refusal::field("file", text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_never_change() {
        assert_eq!(id_of(""), 0x011c_9dc5);
        assert_ne!(id_of("platform.data_source_sync"), id_of("inventory.publish"));
        assert_eq!(halves("platform.data_source_sync"), ("platform", "data_source_sync"));
    }

    #[test]
    fn what_is_wrong_with_an_order_is_told_by_field() {
        let now: DateTime<Utc> = "2026-11-30T12:00:00Z".parse().unwrap();
        for (body, wrong) in [
            (json!({}), vec!["commit", "data"]),
            (json!({"data": {}, "commit": false}), vec!["commit"]),
            (json!({"data": [], "commit": "x"}), vec!["commit", "data"]),
            (json!({"data": {}, "commit": true, "schedule_at": "2026-11-30T11:00:00Z"}), vec!["schedule_at"]),
            (
                json!({"data": {}, "commit": true, "schedule_at": "soon", "interval": 0}),
                vec!["interval", "schedule_at"],
            ),
        ] {
            let errors = Asked::of(&body, now).unwrap_err();
            let mut found: Vec<&String> = errors.keys().collect();
            found.sort();
            assert_eq!(found, wrong, "{body}");
        }
        let body =
            json!({"data": {"a": 1}, "commit": true, "schedule_at": "2026-11-30 13:00", "interval": 60});
        let asked = Asked::of(&body, now).unwrap();
        assert_eq!((asked.at, asked.interval), ("2026-11-30T13:00:00Z".parse().ok(), Some(60)));
    }
}
