//! Filters of jobs: each parameter of the contract as a condition on our jobs.

use std::collections::BTreeMap;

use kit::records::{Ask, Where};
use kit::{Ctx, Records};
use serde_json::Value;
use uuid::Uuid;

use super::changelog_filter::USER;
use super::contract::Endpoint;
use super::errors::{Errors, Refusal, add};
use super::filter::{Wrong, date_time, not_available, numbers};
use super::given::{Given, NUMBERS, ONE_OF, Parameters, TEXTS, among, is_one};
use super::jobs::{QUEUE, STATES};
use super::object_types;
use super::query::Pairs;

const TIMES: &[&str] = &["before", "after"];
/// Parameters and the suffixes that they know.
const PARAMETERS: Parameters = &[
    ("id", NUMBERS),
    ("name", TEXTS),
    ("status", ONE_OF),
    ("interval", NUMBERS),
    ("user", ONE_OF),
    ("user_id", ONE_OF),
    ("job_id", &[]),
    ("object_type", ONE_OF),
    ("object_type_id", ONE_OF),
    ("object_id", ONE_OF),
    ("queue_name", ONE_OF),
    ("notifications", ONE_OF),
    ("q", &[]),
    ("created", TIMES),
    ("scheduled", TIMES),
    ("started", TIMES),
    ("completed", TIMES),
];

/// All filters of a request.
pub(super) async fn conditions(records: &dyn Records, ctx: &Ctx, pairs: &Pairs) -> Result<Where, Refusal> {
    let mut given: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, value) in pairs.iter().filter(|(_, value)| !value.is_empty()) {
        given.entry(name).or_default().push(value);
    }
    // Which objects are meant is said by two parameters together.
    let models = models(&given);
    let (mut all, mut errors) = (Vec::new(), Errors::new());
    for (parameter, values) in given {
        let Some((name, suffix)) = among(PARAMETERS, parameter) else { continue };
        if values.iter().any(|value| value.contains('\0')) {
            add(&mut errors, parameter, "Null characters are not allowed.");
            continue;
        }
        let asked = Asked { records, ctx, given: Given { suffix, values }, models: &models };
        match asked.condition(name).await {
            Ok(condition) => all.push(condition),
            Err(Wrong::Value(message)) => add(&mut errors, parameter, message),
            Err(Wrong::Refused(refusal)) => return Err(refusal),
        }
    }
    if errors.is_empty() { Ok(Where::All(all)) } else { Err(Refusal::fields(errors)) }
}

/// The models of the asked types of objects.
fn models(given: &BTreeMap<&str, Vec<&str>>) -> Vec<&'static str> {
    let kinds = given.get("object_type").into_iter().flatten().filter_map(|kind| Endpoint::of_kind(kind));
    let ids = given.get("object_type_id").into_iter().flatten();
    let by_id = ids.filter_map(|id| id.parse().ok().and_then(object_types::by_id));
    kinds.chain(by_id).map(|endpoint| endpoint.model.as_str()).collect()
}

/// One parameter with its values, none of them empty.
struct Asked<'a> {
    records: &'a dyn Records,
    ctx: &'a Ctx,
    given: Given<'a>,
    models: &'a [&'static str],
}

impl Asked<'_> {
    async fn condition(&self, name: &str) -> Result<Where, Wrong> {
        Ok(match name {
            "id" => self.given.number("number")?,
            "interval" => self.given.number("repeat_minutes")?,
            "name" => self.given.text("kind"),
            "status" => self.status()?,
            "job_id" => {
                let last = self.given.values.last().copied().unwrap_or_default();
                let id = Uuid::parse_str(last).map_err(|_| Wrong::Value("Enter a valid UUID.".to_owned()))?;
                Where::is("id", "eq", id.to_string())
            }
            "user" => self.user("name").await?,
            "user_id" => self.user("number").await?,
            "object_type" => {
                self.given.signed(is_one("object_type", "eq", self.models_of(Endpoint::of_kind)?))
            }
            "object_type_id" => {
                let by_id = |id: &str| id.parse().ok().and_then(object_types::by_id);
                self.given.signed(is_one("object_type", "eq", self.models_of(by_id)?))
            }
            "object_id" => self.object().await?,
            // There is one queue, and everybody is told who wants to be.
            "queue_name" => self.given.signed(constant(self.given.values.contains(&QUEUE))),
            "notifications" => self.given.signed(constant(self.given.values.contains(&"always"))),
            "created" => self.time("created_at")?,
            "scheduled" => self.time("scheduled_at")?,
            "started" => self.time("started_at")?,
            "completed" => self.time("finished_at")?,
            _ => Where::is("kind", "contains", self.given.values.last().copied().unwrap_or_default()),
        })
    }

    fn status(&self) -> Result<Where, Wrong> {
        let mut ours = Vec::new();
        for value in &self.given.values {
            let state = STATES.iter().find(|(state, _, _)| state == value);
            let (_, _, states) = state.ok_or_else(|| not_available(value))?;
            ours.extend(states.iter().map(|state| (*state).to_owned()));
        }
        Ok(self.given.signed(is_one("state", "eq", ours)))
    }

    /// A moment, or all before or behind one.
    fn time(&self, field: &str) -> Result<Where, Wrong> {
        let op = match self.given.suffix {
            "before" => "lte",
            "after" => "gte",
            _ => "eq",
        };
        let mut times = Vec::with_capacity(self.given.values.len());
        for value in &self.given.values {
            times.push(date_time(value)?);
        }
        Ok(is_one(field, op, times))
    }

    fn models_of(&self, endpoint: impl Fn(&str) -> Option<&'static Endpoint>) -> Result<Vec<String>, Wrong> {
        let model = |value: &&str| {
            endpoint(value).map(|endpoint| endpoint.model.clone()).ok_or_else(|| not_available(value))
        };
        self.given.values.iter().map(model).collect()
    }

    /// Ids of records whose column has one of the values.
    async fn ids(&self, model: &str, column: &str, values: Vec<String>) -> Result<Vec<String>, Wrong> {
        let Some(model) = self.records.model(model) else { return Ok(Vec::new()) };
        let ask = Ask { filter: is_one(column, "eq", values), implied: true, ..Ask::default() };
        let found = self.records.find(self.ctx, model, &ask).await;
        let found = found.map_err(|problem| Wrong::Refused(problem.into()))?.records;
        let id = |record: &kit::record::Record| record.get("id").and_then(Value::as_str).map(str::to_owned);
        Ok(found.iter().filter_map(id).collect())
    }

    async fn user(&self, column: &str) -> Result<Where, Wrong> {
        let values = if column == "number" { numbers(&self.given.values)? } else { self.given.owned() };
        let users = self.ids(USER, column, values).await?;
        let by = users.into_iter().map(|id| format!("user:{id}")).collect();
        Ok(self.given.signed(is_one("created_by", "eq", by)))
    }

    /// By the numbers of records of the asked types; of data sources when no type is asked for: that is what
    /// jobs with a number are about mostly.
    async fn object(&self) -> Result<Where, Wrong> {
        let numbers = numbers(&self.given.values)?;
        let models = if self.models.is_empty() { &["platform.data_source"][..] } else { self.models };
        let mut ids = Vec::new();
        for model in models {
            ids.extend(self.ids(model, "number", numbers.clone()).await?);
        }
        Ok(self.given.signed(is_one("object_id", "eq", ids)))
    }
}

/// True or false for every job.
fn constant(yes: bool) -> Where {
    if yes { Where::All(Vec::new()) } else { Where::Any(Vec::new()) }
}

#[cfg(test)]
mod tests {
    use super::{PARAMETERS, among};

    #[test]
    fn parameters() {
        let known = |parameter| among(PARAMETERS, parameter);
        assert_eq!(known("id__gte"), Some(("id", "gte")));
        assert_eq!(known("created__before"), Some(("created", "before")));
        assert_eq!(known("user_id"), Some(("user_id", "")));
        for unknown in ["limit", "created__gt", "job_id__n", "q__n", "data"] {
            assert_eq!(known(unknown), None, "{unknown}");
        }
    }
}
