//! What happened to a job, for rules: those about the record that the job is about, and those about jobs.

use kit::events::Delivered;
use kit::presenter::Presenter;
use kit::record::{Model, Record};
use kit::records::{Ask, Where};
use kit::{Ctx, Problem, Records};
use serde_json::{Value, json};

use crate::occurrence::user_of;
use crate::rulebook::Rule;

/// The model of jobs.
const JOB: &str = "platform.job";

/// What rules call an event of the job queue.
pub(crate) fn kind(event_type: &str) -> Option<&'static str> {
    Some(match event_type {
        "job.started" => "job_started",
        "job.completed" => "job_completed",
        // Given up after its tries, and ended by somebody: the words are those that NetBox has for them.
        "job.failed" => "job_errored",
        "job.cancelled" => "job_failed",
        _ => return None,
    })
}

/// An event about a job.
pub(crate) struct JobEvent {
    kind: &'static str,
    job: Record,
    about: Option<(&'static Model, String)>,
    user: String,
    time: String,
}

impl JobEvent {
    /// Reads the job; none when it is gone.
    pub(crate) async fn of(
        records: &dyn Records,
        ctx: &Ctx,
        event: &Delivered,
        kind: &'static str,
    ) -> Result<Option<Self>, Problem> {
        let model = records.model(JOB).ok_or_else(|| Problem::internal("no model of jobs"))?;
        let id = event.data.get("id").and_then(Value::as_str).unwrap_or_default();
        let ask = Ask { filter: Where::is("id", "eq", id), limit: 1, ..Ask::default() };
        let Some(job) = records.find(ctx, model, &ask).await?.records.pop() else { return Ok(None) };
        let text = |field: &str| job.get(field).and_then(Value::as_str);
        let about = text("object_type").and_then(|name| records.model(name));
        let about = about.zip(text("object_id").map(str::to_owned));
        let user = user_of(records, ctx, text("created_by").unwrap_or_default()).await?;
        Ok(Some(Self { kind, about, user, time: event.time.to_rfc3339(), job }))
    }

    /// The record that the job is about: model and id.
    pub(crate) fn about(&self) -> Option<(&'static Model, &str)> {
        self.about.as_ref().map(|(model, id)| (*model, id.as_str()))
    }

    /// Is the rule about it?
    pub(crate) fn concerns(&self, rule: &Rule) -> bool {
        let of = self.about().is_some_and(|(model, _)| rule.is_about(model.name, self.kind));
        of || rule.is_about(JOB, self.kind)
    }

    /// What is sent of it, and what conditions look at: the job, or in the form of a presenter its result.
    pub(crate) fn payload(&self, presenter: Option<&dyn Presenter>) -> Value {
        let model = self.about().map(|(model, _)| model);
        let own = model.map_or(JOB, |model| model.name);
        let (name, data) = match presenter {
            Some(presenter) => {
                let name = model.and_then(|model| presenter.type_of(model)).unwrap_or(own);
                (name, self.job.get("result").cloned().unwrap_or_default())
            }
            None => (own, Value::Object(self.job.clone())),
        };
        json!({
            "event": if self.kind == "job_started" { "job_started" } else { "job_ended" },
            "event_type": self.kind,
            "timestamp": self.time,
            "object_type": name,
            "data": data,
            "request": {"id": null, "method": null, "user": self.user},
            "snapshots": {"prechange": null, "postchange": null},
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_of_the_queue_have_names_for_rules() {
        for (event, expected) in [
            ("job.started", Some("job_started")),
            ("job.completed", Some("job_completed")),
            ("job.failed", Some("job_errored")),
            ("job.cancelled", Some("job_failed")),
            ("job.created", None),
            ("inventory.site.created", None),
        ] {
            assert_eq!(kind(event), expected, "{event}");
        }
    }

    #[test]
    fn a_payload_says_what_ended_and_how() {
        let job = json!({"id": "j", "kind": "x.y", "state": "completed", "result": {"created": 2}});
        let job = job.as_object().unwrap().clone();
        let (user, time) = ("admin".to_owned(), "2026-11-30T12:00:00+00:00".to_owned());
        let event = JobEvent { kind: "job_completed", job, about: None, user, time };
        let payload = event.payload(None);
        assert_eq!(payload["event"], json!("job_ended"));
        assert_eq!((&payload["object_type"], &payload["data"]["kind"]), (&json!(JOB), &json!("x.y")));
    }
}
