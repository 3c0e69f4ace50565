//! `/api/core/jobs/`: our jobs as the contract knows them, with what they are about and who started them.

use std::collections::HashMap;

use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use chrono::{DateTime, Utc};
use kit::record::Record;
use kit::records::{Ask, Where};
use kit::{Ctx, Model, Problem, Records};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::changelog;
use super::changelog_filter::USER;
use super::contract::Endpoint;
use super::errors::Refusal;
use super::jobs_filter;
use super::query::{self, Paging, Pairs};
use super::render::{Form, micros};

/// Where they are.
pub(super) const PATH: &str = "core/jobs";
/// The record type of jobs.
pub(super) const JOB: &str = "platform.job";
/// The one queue.
pub(super) const QUEUE: &str = "default";
/// The fields of the short form, beside those of every short form.
const BRIEF: [&str; 5] = ["url", "created", "completed", "user", "status"];

/// The contract's states: value, label, ours.
pub(super) static STATES: [(&str, &str, &[&str]); 6] = [
    ("pending", "Pending", &["available"]),
    // Waits for its time, be it the first try or a further one.
    ("scheduled", "Scheduled", &["scheduled", "retryable"]),
    ("running", "Running", &["running"]),
    ("completed", "Completed", &["completed"]),
    ("errored", "Errored", &["discarded"]),
    ("failed", "Failed", &["cancelled"]),
];

/// One request.
pub(super) struct Jobs<'a> {
    pub(super) records: &'a dyn Records,
    pub(super) ctx: &'a Ctx,
    /// `http://host/netbox`.
    pub(super) base: &'a str,
    pub(super) pairs: &'a Pairs,
}

/// Our columns of the fields that may order the list.
fn column(field: &str) -> Option<&'static str> {
    Some(match field {
        "id" | "pk" => "number",
        "name" => "kind",
        "status" => "state",
        "created" => "created_at",
        "scheduled" => "scheduled_at",
        "started" => "started_at",
        "completed" => "finished_at",
        "interval" => "repeat_minutes",
        _ => return None,
    })
}

fn missing() -> Refusal {
    Refusal::detail(StatusCode::NOT_FOUND, "No Job matches the given query.")
}

fn text<'a>(job: &'a Record, field: &str) -> &'a str {
    job.get(field).and_then(Value::as_str).unwrap_or_default()
}

fn id_in(job: &Record, field: &str) -> Option<Uuid> {
    Uuid::parse_str(text(job, field)).ok()
}

/// Who started it, when that is a person.
fn user_of(job: &Record) -> Option<Uuid> {
    Uuid::parse_str(text(job, "created_by").strip_prefix("user:")?).ok()
}

/// `0:00:01.500000` as the contract writes it: `00:00:01.500000`, days before.
fn duration(begun: &str, ended: &str) -> Option<String> {
    let (begun, ended): (DateTime<Utc>, DateTime<Utc>) = (begun.parse().ok()?, ended.parse().ok()?);
    let micros = (ended - begun).num_microseconds()?.max(0);
    let (seconds, micros) = (micros / 1_000_000, micros % 1_000_000);
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
    let days = if days > 0 { format!("{days} ") } else { String::new() };
    let part = if micros > 0 { format!(".{micros:06}") } else { String::new() };
    Some(format!("{days}{hours:02}:{minutes:02}:{:02}{part}", seconds % 60))
}

impl Jobs<'_> {
    fn model(&self) -> Result<&'static Model, Refusal> {
        self.records.model(JOB).ok_or_else(Refusal::no_route)
    }

    /// GET of the list.
    pub(super) async fn list(&self) -> Result<Response, Refusal> {
        let filter = jobs_filter::conditions(self.records, self.ctx, self.pairs).await?;
        let (limit, paging) = query::paging(self.pairs)?;
        let (filter, sort, offset) = match paging {
            Paging::Start(start) => {
                let from = Where::is("number", "gte", start.min(i64::MAX as u64).to_string());
                (Where::All(vec![filter, from]), "number".to_owned(), 0)
            }
            Paging::Offset(offset) => {
                (filter, query::by_columns(query::last(self.pairs, "ordering"), column), offset)
            }
        };
        let count = matches!(paging, Paging::Offset(_));
        let ask = Ask { filter, sort: Some(sort), offset, limit, count, ..Ask::default() };
        let found = self.records.find(self.ctx, self.model()?, &ask).await?;
        let last = found.records.last().filter(|_| found.records.len() == limit as usize);
        let last = last.and_then(|last| last.get("number")?.as_u64());
        let address = query::Address { base: self.base, path: PATH, pairs: self.pairs };
        let (next, previous) = address.around(paging, limit, found.total, last);
        let results = self.shown(&found.records, &query::form(self.pairs)).await?;
        let body = json!({"count": found.total, "next": next, "previous": previous, "results": results});
        Ok(axum::Json(body).into_response())
    }

    /// GET of one job.
    pub(super) async fn read(&self, id: &str) -> Result<Response, Refusal> {
        if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Refusal::detail(StatusCode::NOT_FOUND, "Not found."));
        }
        let number: i64 = id.parse().map_err(|_| missing())?;
        let one = self.first(Where::is("number", "eq", number.to_string()), &query::form(self.pairs)).await?;
        Ok(axum::Json(one.ok_or_else(missing)?).into_response())
    }

    /// The newest of the jobs that match.
    pub(super) async fn first(&self, filter: Where, form: &Form) -> Result<Option<Value>, Refusal> {
        let sort = Some("-created_at".to_owned());
        let ask = Ask { filter, sort, limit: 1, ..Ask::default() };
        let found = self.records.find(self.ctx, self.model()?, &ask).await?.records;
        Ok(self.shown(&found, form).await?.into_iter().next())
    }

    async fn shown(&self, jobs: &[Record], form: &Form) -> Result<Vec<Value>, Problem> {
        let mut wanted: HashMap<&'static str, Vec<Uuid>> = HashMap::new();
        for job in jobs {
            wanted.entry(USER).or_default().extend(user_of(job));
            let about = self.records.model(text(job, "object_type")).zip(id_in(job, "object_id"));
            if let Some((model, id)) = about {
                wanted.entry(model.name).or_default().push(id);
            }
        }
        let wanted: Vec<(&'static str, Vec<Uuid>)> = wanted.into_iter().collect();
        let found = self.records.referenced(self.ctx, &wanted).await?;
        let mut objects = HashMap::new();
        for (model, records) in found {
            let records = records.into_values().collect();
            objects.extend(changelog::short(self.records, self.ctx, self.base, model, records).await?);
        }
        Ok(jobs.iter().map(|job| self.object(job, &objects, form)).collect())
    }

    fn object(&self, job: &Record, objects: &HashMap<Uuid, Value>, form: &Form) -> Value {
        let value = |field: &str| job.get(field).cloned().unwrap_or_default();
        let time = |field: &str| job.get(field).and_then(Value::as_str).map(micros);
        let (number, state) = (value("number"), text(job, "state"));
        let status = STATES.iter().find(|(_, _, ours)| ours.contains(&state));
        let status = status.map(|(value, label, _)| json!({"value": value, "label": label}));
        let object = id_in(job, "object_id").and_then(|id| objects.get(&id));
        // A job that was never to wait has no time of its own.
        let waited =
            value("scheduled_at").as_str().map(micros).filter(|at| Some(at) > time("created_at").as_ref());
        let whole = json!({
            "id": number,
            "url": format!("{}/api/{PATH}/{number}/", self.base),
            "display_url": format!("{}/core/jobs/{number}/", self.base),
            "display": value("id"),
            "object_type": Endpoint::of_model(text(job, "object_type")).map(|endpoint| endpoint.kind.as_str()),
            "object_id": object.and_then(|object| object.get("id")),
            "object": object,
            "name": value("kind"),
            "status": status,
            "created": time("created_at"),
            "scheduled": waited,
            "interval": value("repeat_minutes"),
            "started": time("started_at"),
            "completed": time("finished_at"),
            "execution_time": duration(text(job, "started_at"), text(job, "finished_at")),
            "user": user_of(job).and_then(|id| objects.get(&id)),
            "data": value("result"),
            "error": text(job, "error"),
            "job_id": value("id"),
            "queue_name": QUEUE,
            "notifications": {"value": "always", "label": "Always"},
            "log_entries": [],
        });
        let Value::Object(members) = whole else { return Value::Null };
        Value::Object(members.into_iter().filter(|(name, _)| shows(form, name)).collect::<Map<_, _>>())
    }
}

fn shows(form: &Form, name: &str) -> bool {
    match form {
        Form::Full => true,
        Form::Brief => BRIEF.contains(&name),
        Form::Only(names) => names.iter().any(|known| known == name),
        Form::Without(names) => !names.iter().any(|known| known == name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_of_ours_has_one_of_the_contract() {
        for ours in ["available", "scheduled", "running", "retryable", "completed", "cancelled", "discarded"]
        {
            assert_eq!(STATES.iter().filter(|(_, _, states)| states.contains(&ours)).count(), 1, "{ours}");
        }
    }

    #[test]
    fn durations_are_written_as_the_contract_does() {
        let begun = "2026-11-30T12:00:00.000000Z";
        for (ended, expected) in [
            ("2026-11-30T12:00:01.500000Z", Some("00:00:01.500000")),
            ("2026-12-01T13:02:03.000000Z", Some("1 01:02:03")),
            ("2026-11-30T11:00:00Z", Some("00:00:00")),
            ("", None),
        ] {
            assert_eq!(duration(begun, ended).as_deref(), expected, "{ended}");
        }
    }

    #[test]
    fn orders() {
        assert_eq!(query::by_columns(None, column), "-created_at");
        assert_eq!(query::by_columns(Some("-id,name,bogus"), column), "-number,kind");
    }
}
