//! When scripts are started, as records: once, or every so many minutes.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use kit::record::{Choice, DefaultValue, Field, FieldKind, Hooks, Model, Record};
use kit::{Ctx, FieldError};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::scripts;

/// Longest interval, minutes: a year.
pub(crate) const MAX_INTERVAL: i64 = 525_600;

const MISSED: &[Choice] = &[Choice::new("once", "Make up for it once"), Choice::new("skip", "Leave it out")];

/// Schedules as records, `/api/v1/platform/job-schedules`.
pub static SCHEDULE: Model = Model {
    name: "platform.job_schedule",
    table: "app.job_schedule",
    product: "platform",
    collection: "job-schedules",
    title: "Schedule",
    title_plural: "Schedules",
    description: "Scripts that are started at a time, or again and again.",
    icon: "calendar-time",
    nav_group: Some("System"),
    permission: "platform/job-schedules",
    fields: &[
        Field::text("name", "Name", 100).required().exact().unique().search().list(),
        Field::text("script", "Script", 100)
            .required()
            .exact()
            .filter()
            .unindexed()
            .list()
            .placeholder("platform.data_source_sync")
            .help("Name of a script: GET /api/v1/platform/scripts lists them with their parameters."),
        Field::new("args", "Parameters", FieldKind::Json)
            .help("{\"name\": value}, as the script wants them."),
        Field::boolean("enabled", "Enabled", true).list(),
        Field::new("start_at", "First run", FieldKind::DateTime).filter().help("Empty: at once."),
        Field::integer("interval", "Every", 1, MAX_INTERVAL)
            .filter()
            .unit("min")
            .list()
            .help("From the first run on. Empty: once."),
        Field::choice("missed", "Missed run", MISSED)
            .default(DefaultValue::Text("once"))
            .help("What to do about runs at whose time no server was there."),
        Field::text("description", "Description", 200).exact().filter().unindexed().search(),
        Field::new("next_at", "Next run", FieldKind::DateTime).read_only().filter().list(),
        Field::new("last_at", "Last run", FieldKind::DateTime).read_only().filter().list(),
        Field::new("last_job", "Last job", FieldKind::Uuid).read_only(),
        Field::text("run_as", "Runs as", 200).exact().read_only().help("Who wrote the schedule last."),
        Field::new("error", "Error", FieldKind::LongText { max: 1_000 }).read_only(),
    ],
    hooks: &ScheduleRules,
    ..Model::BASE
};

/// The unique key of the jobs of a schedule: one does not start while the one before has not ended.
pub(crate) fn key(schedule: Uuid) -> String {
    format!("schedule:{schedule}")
}

/// The first run after `now`: the start, or a whole number of intervals behind it. None when there is none.
pub(crate) fn next_after(
    start: DateTime<Utc>,
    minutes: Option<i64>,
    now: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    if start > now {
        return Some(start);
    }
    let minutes = minutes.filter(|minutes| *minutes > 0)?;
    let runs = (now - start).num_minutes() / minutes + 1;
    start.checked_add_signed(TimeDelta::try_minutes(minutes.checked_mul(runs)?)?)
}

/// What must hold beyond the declaration.
struct ScheduleRules;

impl Hooks for ScheduleRules {
    fn clean(&self, ctx: &Ctx, before: Option<&Record>, record: &mut Record, errors: &mut Vec<FieldError>) {
        let name = record.get("script").and_then(Value::as_str).unwrap_or_default();
        let given = record.get("args").cloned().unwrap_or_default();
        let wrong = |code: &'static str, message: String| FieldError {
            pointer: "/script".to_owned(),
            code: code.into(),
            message,
        };
        match scripts::known(name) {
            None => {
                let known: Vec<&str> = scripts::all().iter().map(|(kind, _)| kind.name).collect();
                let message = format!("There is no such script. Known: {}.", known.join(", "));
                errors.push(wrong("not_found", message));
            }
            Some((kind, _)) if !ctx.rights().allows(kind.permission) => {
                errors.push(wrong(
                    "forbidden",
                    format!("This script needs the permission {}.", kind.permission),
                ));
            }
            Some((_, script)) => match script.arguments(&given) {
                Ok(args) => {
                    record.insert("args".to_owned(), args);
                }
                Err(found) => errors.extend(found),
            },
        }
        record.insert("run_as".to_owned(), json!(ctx.actor().to_string()));
        if let Some(error) = plan(before, record, Utc::now()) {
            errors.push(error);
        }
    }
}

/// When it runs next. What was planned stays as long as nothing about it is changed.
fn plan(before: Option<&Record>, record: &mut Record, now: DateTime<Utc>) -> Option<FieldError> {
    let said = ["enabled", "start_at", "interval", "script"];
    let same = |before: &Record| said.iter().all(|field| before.get(*field) == record.get(*field));
    if before.is_some_and(same) {
        return None;
    }
    record.insert("error".to_owned(), Value::Null);
    if record.get("enabled") == Some(&Value::Bool(false)) {
        record.insert("next_at".to_owned(), Value::Null);
        return None;
    }
    let text = record.get("start_at").and_then(Value::as_str);
    let start: Option<DateTime<Utc>> = text.and_then(|text| text.parse().ok());
    // Runs come at whole intervals from here.
    let start = start.unwrap_or_else(|| {
        record.insert("start_at".to_owned(), json!(text_of(now)));
        now
    });
    let minutes = record.get("interval").and_then(Value::as_i64);
    let next = if start == now { Some(now) } else { next_after(start, minutes, now) };
    let Some(next) = next else {
        return Some(FieldError {
            pointer: "/start_at".to_owned(),
            code: "past".into(),
            message: "This time is over. Write a later one, none to run at once, or an interval.".to_owned(),
        });
    };
    record.insert("next_at".to_owned(), json!(text_of(next)));
    None
}

fn text_of(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Micros, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn runs_come_at_whole_intervals_from_the_first() {
        for (start, minutes, now, expected) in [
            ("2026-11-30T12:00:00Z", Some(60), "2026-11-30T11:00:00Z", Some("2026-11-30T12:00:00Z")),
            ("2026-11-30T12:00:00Z", Some(60), "2026-11-30T12:00:00Z", Some("2026-11-30T13:00:00Z")),
            ("2026-11-30T12:00:00Z", Some(60), "2026-11-30T14:59:59Z", Some("2026-11-30T15:00:00Z")),
            ("2026-11-30T12:00:00Z", Some(1440), "2026-12-24T12:00:01Z", Some("2026-12-25T12:00:00Z")),
            ("2026-11-30T12:00:00Z", None, "2026-11-30T11:00:00Z", Some("2026-11-30T12:00:00Z")),
            ("2026-11-30T12:00:00Z", None, "2026-11-30T12:00:00Z", None),
            ("2026-11-30T12:00:00Z", Some(i64::MAX), "2026-11-30T13:00:00Z", None),
        ] {
            assert_eq!(
                next_after(time(start), minutes, time(now)),
                expected.map(time),
                "{start} {minutes:?} {now}"
            );
        }
    }

    #[test]
    fn a_plan_stays_until_what_it_is_made_from_changes() {
        let now = time("2026-11-30T12:30:00Z");
        let planned = |before: Option<&Value>, record: Value| {
            let mut record = record.as_object().unwrap().clone();
            let error = plan(before.and_then(Value::as_object), &mut record, now);
            (record.get("next_at").cloned().unwrap_or_default(), error.map(|error| error.code))
        };
        let at_once = planned(None, json!({"enabled": true, "script": "a"}));
        assert_eq!(at_once, (json!("2026-11-30T12:30:00.000000Z"), None));
        let hourly =
            json!({"enabled": true, "script": "a", "start_at": "2026-11-30T12:00:00Z", "interval": 60});
        let next = json!("2026-11-30T13:00:00.000000Z");
        assert_eq!(planned(None, hourly.clone()), (next.clone(), None));
        let once = json!({"enabled": true, "script": "a", "start_at": "2026-11-30T12:00:00Z"});
        assert_eq!(planned(None, once), (Value::Null, Some("past".into())));
        let mut renamed = hourly.clone();
        renamed["name"] = json!("x");
        renamed["next_at"] = json!("later");
        assert_eq!(planned(Some(&hourly), renamed), (json!("later"), None));
        let mut off = hourly.clone();
        off["enabled"] = json!(false);
        off["next_at"] = next;
        assert_eq!(planned(Some(&hourly), off), (Value::Null, None));
    }

    #[test]
    fn migration_is_generated() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/0002_schedule.sql");
        records::schema::assert_migration_matches_with(&[&SCHEDULE], &[], path);
    }
}
