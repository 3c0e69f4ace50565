//! `/api/core/background-queues/`, `-workers/` and `-tasks/`: our jobs of the tenant as the contract knows work
//! in the background. There is one queue; what a job was asked is not told.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::SecondsFormat;
use kit::jobs::{Jobs, Turn, Worker};
use kit::record::Record;
use kit::records::{Ask, Where};
use kit::{Act, Ctx, Model, Permission, Problem, Records};
use serde_json::{Value, json};
use uuid::Uuid;

use super::errors::Refusal;
use super::jobs::{JOB, QUEUE};
use super::query::{self, Paging, Pairs};
use super::render::{Form, micros};

/// Where they are.
pub(super) const QUEUES: &str = "core/background-queues";
/// Where they are.
pub(super) const TASKS: &str = "core/background-tasks";
/// Where they are.
pub(super) const WORKERS: &str = "core/background-workers";
/// Who may see workers: who may see jobs.
const READ: Permission = Permission::new("platform/jobs", Act::Read);

/// What is done with a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Task {
    /// `delete`
    Delete,
    /// `requeue`, `enqueue`
    Run,
    /// `stop`
    Stop,
}

impl Task {
    pub(super) fn of(part: &str) -> Option<Self> {
        Some(match part {
            "delete" => Self::Delete,
            "requeue" | "enqueue" => Self::Run,
            "stop" => Self::Stop,
            _ => return None,
        })
    }
}

/// One request.
pub(super) struct Background<'a> {
    pub(super) records: &'a dyn Records,
    pub(super) ctx: &'a Ctx,
    /// `http://host/netbox`.
    pub(super) base: &'a str,
    pub(super) pairs: &'a Pairs,
}

/// The contract's word for the state of a job.
fn status(state: &str) -> &'static str {
    match state {
        "running" => "started",
        "completed" => "finished",
        "discarded" => "failed",
        "cancelled" => "canceled",
        // Waits for its time, be it the first try or a further one.
        "scheduled" | "retryable" => "scheduled",
        _ => "queued",
    }
}

fn not_found() -> Refusal {
    Refusal::detail(StatusCode::NOT_FOUND, "Not found.")
}

/// Only the members that the form shows.
fn formed(object: Value, form: &Form) -> Value {
    let Value::Object(mut members) = object else { return object };
    members.retain(|name, _| match form {
        Form::Full | Form::Brief => true,
        Form::Only(names) => names.contains(name),
        Form::Without(names) => !names.contains(name),
    });
    Value::Object(members)
}

impl Background<'_> {
    fn model(&self) -> Result<&'static Model, Refusal> {
        self.records.model(JOB).ok_or_else(Refusal::no_route)
    }

    /// Jobs in these states: how many, and the oldest.
    async fn count(&self, states: &[&str]) -> Result<(u64, Option<Record>), Refusal> {
        let values = states.iter().map(|state| (*state).to_owned()).collect();
        let filter = Where::Is { field: "state".to_owned(), op: "eq", values };
        let sort = Some("created_at".to_owned());
        let ask = Ask { filter, sort, limit: 1, count: true, ..Ask::default() };
        let found = self.records.find(self.ctx, self.model()?, &ask).await?;
        Ok((found.total.unwrap_or_default(), found.records.into_iter().next()))
    }

    async fn queue(&self) -> Result<Value, Refusal> {
        let (waiting, oldest) = self.count(&["available"]).await?;
        let (scheduled, _) = self.count(&["scheduled", "retryable"]).await?;
        let (started, _) = self.count(&["running"]).await?;
        let (finished, _) = self.count(&["completed"]).await?;
        let (failed, _) = self.count(&["discarded"]).await?;
        let since = oldest.as_ref().and_then(|job| job.get("created_at")).and_then(Value::as_str);
        let queue = json!({
            "name": QUEUE,
            "url": format!("{}/api/{QUEUES}/{QUEUE}/", self.base),
            "jobs": waiting,
            "oldest_job_timestamp": since.map_or_else(|| "-".to_owned(), micros),
            "index": 0,
            "scheduler_pid": null,
            // The runner of this server.
            "workers": 1,
            "finished_jobs": finished,
            "started_jobs": started,
            // No job here waits for another.
            "deferred_jobs": 0,
            "failed_jobs": failed,
            "scheduled_jobs": scheduled,
        });
        Ok(formed(queue, &query::form(self.pairs)))
    }

    /// GET of the queues, or of one by its name.
    pub(super) async fn queues(&self, name: Option<&str>) -> Result<Response, Refusal> {
        if name.is_some_and(|name| name != QUEUE) {
            return Err(not_found());
        }
        let queue = self.queue().await?;
        let body = match name {
            Some(_) => queue,
            None => json!({"count": 1, "next": null, "previous": null, "results": [queue]}),
        };
        Ok(axum::Json(body).into_response())
    }

    /// GET of the tasks, newest first.
    pub(super) async fn tasks(&self) -> Result<Response, Refusal> {
        let (limit, paging) = query::paging(self.pairs)?;
        // Tasks have no numbers to start from.
        let offset = if let Paging::Offset(offset) = paging { offset } else { 0 };
        let ask = Ask { offset, limit, count: true, ..Ask::default() };
        let found = self.records.find(self.ctx, self.model()?, &ask).await?;
        let address = query::Address { base: self.base, path: TASKS, pairs: self.pairs };
        let (next, previous) = address.neighbours(u64::from(limit), offset, found.total.unwrap_or(0));
        let form = query::form(self.pairs);
        let results: Vec<Value> = found.records.iter().map(|job| formed(self.shown(job), &form)).collect();
        let body = json!({"count": found.total, "next": next, "previous": previous, "results": results});
        Ok(axum::Json(body).into_response())
    }

    /// GET of one task.
    pub(super) async fn task(&self, id: &str) -> Result<Response, Refusal> {
        let id = Uuid::parse_str(id).map_err(|_| not_found())?;
        let filter = Where::is("id", "eq", id.to_string());
        let ask = Ask { filter, limit: 1, ..Ask::default() };
        let found: Result<_, Problem> = self.records.find(self.ctx, self.model()?, &ask).await;
        let job = found?.records.into_iter().next().ok_or_else(not_found)?;
        Ok(axum::Json(formed(self.shown(&job), &query::form(self.pairs))).into_response())
    }

    /// POST to what is done with a task.
    pub(super) async fn act(&self, jobs: &dyn Jobs, id: &str, task: Task) -> Result<Response, Refusal> {
        let id = Uuid::parse_str(id).map_err(|_| not_found())?;
        let turn = match task {
            Task::Delete => Turn::Delete,
            Task::Run => Turn::Retry,
            Task::Stop => Turn::Cancel,
        };
        match jobs.steer(self.ctx, id, turn).await {
            Ok(()) => Ok(StatusCode::OK.into_response()),
            // Nothing runs that could be stopped.
            Err(problem) if task == Task::Stop && problem.code == "finished" => {
                Ok(StatusCode::NO_CONTENT.into_response())
            }
            Err(problem) if problem.status == StatusCode::NOT_FOUND => Err(not_found()),
            Err(problem) => Err(problem.into()),
        }
    }

    /// GET of the workers, or of one by its name: the runner of this server.
    pub(super) fn workers(&self, jobs: &dyn Jobs, name: Option<&str>) -> Result<Response, Refusal> {
        self.ctx.authorize(READ)?;
        let form = query::form(self.pairs);
        let worker = jobs.worker(self.ctx.tenant()).map(|worker| self.worker(&worker));
        let named =
            |worker: &&Value| name.is_some_and(|name| worker.get("name").is_some_and(|it| it == name));
        if name.is_some() {
            let worker = worker.as_ref().filter(named).cloned().ok_or_else(not_found)?;
            return Ok(axum::Json(formed(worker, &form)).into_response());
        }
        let results: Vec<Value> = worker.into_iter().map(|worker| formed(worker, &form)).collect();
        let address = query::Address { base: self.base, path: WORKERS, pairs: self.pairs };
        Ok(address.answer(results.len(), query::cut(&results, self.pairs)))
    }

    fn worker(&self, worker: &Worker) -> Value {
        let name = worker.id.simple().to_string();
        json!({
            "name": name,
            "url": format!("{}/api/{WORKERS}/{name}/", self.base),
            "state": if worker.busy { "busy" } else { "idle" },
            "birth_date": worker.since.to_rfc3339_opts(SecondsFormat::Micros, true),
            "queue_names": [QUEUE],
            "pid": worker.process,
            "successful_job_count": worker.completed,
            "failed_job_count": worker.failed,
            "total_working_time": worker.worked.as_secs_f64(),
        })
    }

    fn shown(&self, job: &Record) -> Value {
        let value = |field: &str| job.get(field).cloned().unwrap_or_default();
        let time = |field: &str| job.get(field).and_then(Value::as_str).map(micros);
        let status = status(job.get("state").and_then(Value::as_str).unwrap_or_default());
        json!({
            "id": value("id"),
            "url": format!("{}/api/{TASKS}/{}/", self.base, job.get("id").and_then(Value::as_str).unwrap_or_default()),
            "description": value("kind"),
            "origin": QUEUE,
            "func_name": value("kind"),
            "args": null,
            "kwargs": null,
            "result": value("result"),
            "timeout": null,
            "result_ttl": null,
            "created_at": time("created_at"),
            "enqueued_at": time("created_at"),
            "started_at": time("started_at"),
            "ended_at": time("finished_at"),
            "worker_name": null,
            "position": null,
            "status": status,
            "meta": value("progress"),
            "last_heartbeat": null,
            "is_finished": status == "finished",
            "is_queued": status == "queued",
            "is_failed": status == "failed",
            "is_started": status == "started",
            "is_deferred": false,
            "is_canceled": status == "canceled",
            "is_scheduled": status == "scheduled",
            "is_stopped": false,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states() {
        for (state, expected) in [
            ("available", "queued"),
            ("scheduled", "scheduled"),
            ("running", "started"),
            ("retryable", "scheduled"),
            ("completed", "finished"),
            ("cancelled", "canceled"),
            ("discarded", "failed"),
        ] {
            assert_eq!(status(state), expected, "{state}");
        }
    }

    #[test]
    fn forms() {
        let object = || json!({"a": 1, "b": 2});
        assert_eq!(formed(object(), &Form::Only(vec!["a".into()])), json!({"a": 1}));
        assert_eq!(formed(object(), &Form::Without(vec!["a".into()])), json!({"b": 2}));
        assert_eq!(formed(object(), &Form::Full), object());
    }
}
