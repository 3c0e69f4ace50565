//! Jobs: anything longer than a second. Stored in PostgreSQL, with progress, cancel and retry. Some are
//! scripts: people start them.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::BoxFuture;
use crate::ctx::{Ctx, TenantId};
use crate::permission::Permission;
use crate::problem::{FieldError, Problem};
use crate::tx::WriteTx;

/// A kind of job, declared by a plugin.
#[derive(Clone, Copy, Debug)]
pub struct JobKind {
    /// `<product>.<what>`, e.g. `monitoring.discovery`.
    pub name: &'static str,
    /// Title for lists.
    pub title: &'static str,
    /// Who may cancel or retry it.
    pub permission: Permission,
    /// Tries altogether, the first included.
    pub max_attempts: u16,
    /// Longest run of one try.
    pub timeout: Duration,
    /// Running at once in one tenant.
    pub per_tenant: u16,
}

/// Why a try of a job ended without a result.
#[derive(Debug)]
pub enum JobError {
    /// Trying again may help.
    Retry(String),
    /// Trying again is useless.
    Fatal(String),
    /// Somebody cancelled it.
    Cancelled,
}

impl From<Problem> for JobError {
    fn from(problem: Problem) -> Self {
        if problem.status.is_server_error() || problem.code == "retry" {
            Self::Retry(problem.to_string())
        } else {
            Self::Fatal(problem.to_string())
        }
    }
}

/// How far a job is.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
pub struct Progress {
    /// Units done.
    pub done: u64,
    /// Units in all, when known.
    pub total: Option<u64>,
    /// One line for people.
    pub message: String,
    /// Details of this kind of job.
    pub detail: Value,
}

/// Receives progress. Cheap to call: the runner stores the latest at most twice a second.
pub trait ProgressSink: Send + Sync {
    /// Replaces the progress shown.
    fn report(&self, progress: Progress);
}

/// What a running job has.
#[derive(Clone)]
pub struct JobCx {
    /// Acts in the tenant and in the name of whoever enqueued the job.
    pub ctx: Ctx,
    /// The job.
    pub id: Uuid,
    /// Its arguments.
    pub args: Value,
    /// 1 for the first try.
    pub attempt: u16,
    /// Where progress goes.
    pub progress: Arc<dyn ProgressSink>,
    /// Ends when somebody cancels the job or the server stops.
    pub cancel: CancellationToken,
}

/// Does one kind of job.
pub trait JobHandler: Send + Sync {
    /// Runs one try and gives the result shown to users.
    fn run(&self, cx: JobCx) -> BoxFuture<'_, Result<Value, JobError>>;
}

/// Makes a kind of job one that people start: with parameters, now, later, or again and again.
#[derive(Clone, Copy, Debug)]
pub struct Script {
    /// What it does, one sentence.
    pub description: &'static str,
    /// What it is asked. They are the members of [`JobCx::args`].
    pub parameters: &'static [Parameter],
}

/// One thing a script is asked.
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    /// Its name among the arguments.
    pub name: &'static str,
    /// Label.
    pub label: &'static str,
    /// What it takes.
    pub kind: ParameterKind,
    /// Must be given.
    pub required: bool,
}

/// What a parameter takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParameterKind {
    /// Yes or no; no when it is not given.
    Flag,
    /// The id of a record of this model.
    Record(&'static str),
}

impl Parameter {
    /// The argument; the error is a code with a message.
    fn argument(&self, value: Option<&Value>) -> Result<Option<Value>, (&'static str, String)> {
        match (self.kind, value) {
            (ParameterKind::Flag, None) => Ok(Some(json!(false))),
            (ParameterKind::Flag, Some(Value::Bool(yes))) => Ok(Some(json!(yes))),
            (ParameterKind::Flag, Some(_)) => Err(("type", "Write true or false.".to_owned())),
            (ParameterKind::Record(_), None) if self.required => {
                Err(("required", "This parameter is required.".to_owned()))
            }
            (ParameterKind::Record(_), None) => Ok(None),
            (ParameterKind::Record(model), Some(value)) => {
                let id = value.as_str().and_then(|text| Uuid::parse_str(text).ok());
                let wrong = || ("type", format!("Write the id (a UUID) of a record of {model}."));
                id.map(|id| Some(json!(id))).ok_or_else(wrong)
            }
        }
    }
}

impl Script {
    /// The arguments of a job, from what somebody gave: nothing unknown, nothing missing.
    ///
    /// # Errors
    /// Every wrong parameter, pointers `/args/<name>`.
    pub fn arguments(&self, given: &Value) -> Result<Value, Vec<FieldError>> {
        let wrong = |name: &str, code: &'static str, message: String| FieldError {
            pointer: format!("/args/{name}"),
            code: code.into(),
            message,
        };
        let empty = Map::new();
        let given = match given {
            Value::Null => &empty,
            Value::Object(members) => members,
            _ => {
                let message = "Parameters are a JSON object: {\"name\": value}.".to_owned();
                return Err(vec![FieldError { pointer: "/args".to_owned(), code: "type".into(), message }]);
            }
        };
        let mut errors = Vec::new();
        for name in given.keys() {
            if !self.parameters.iter().any(|parameter| parameter.name == name) {
                let known: Vec<&str> = self.parameters.iter().map(|parameter| parameter.name).collect();
                let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
                let message = format!("There is no such parameter. Known: {known}.");
                errors.push(wrong(name, "unknown_field", message));
            }
        }
        let mut args = Map::new();
        for parameter in self.parameters {
            let value = given.get(parameter.name).filter(|value| !value.is_null());
            match parameter.argument(value) {
                Ok(Some(value)) => {
                    args.insert(parameter.name.to_owned(), value);
                }
                Ok(None) => {}
                Err((code, message)) => errors.push(wrong(parameter.name, code, message)),
            }
        }
        if errors.is_empty() { Ok(Value::Object(args)) } else { Err(errors) }
    }

    /// The record that a job with these arguments is about: the first that a parameter names.
    pub fn about(&self, args: &Value) -> Option<(&'static str, Uuid)> {
        self.parameters.iter().find_map(|parameter| match parameter.kind {
            ParameterKind::Record(model) => {
                let id = args.get(parameter.name)?.as_str()?;
                Some((model, Uuid::parse_str(id).ok()?))
            }
            ParameterKind::Flag => None,
        })
    }
}

/// A job to be enqueued.
#[derive(Clone, Debug)]
pub struct NewJob {
    /// A declared [`JobKind::name`].
    pub kind: &'static str,
    /// Arguments. Never a secret: credentials travel by id.
    pub args: Value,
    /// Not before this many seconds from now.
    pub delay_seconds: u32,
    /// At most one unfinished job of this kind with this key in the tenant.
    pub unique_key: Option<String>,
    /// The record it is about: model and id.
    pub about: Option<(&'static str, Uuid)>,
}

/// A script to be started.
#[derive(Clone, Debug)]
pub struct Start {
    /// Name of the kind of job.
    pub script: String,
    /// What people gave for its parameters.
    pub args: Value,
    /// Not before this time.
    pub at: Option<DateTime<Utc>>,
    /// The schedule it belongs to, and its interval in minutes.
    pub schedule: Option<(Uuid, Option<i64>)>,
}

/// What is done with a job that exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// It ends.
    Cancel,
    /// It runs again from its first try, or now if it waits.
    Retry,
    /// It is forgotten; one that runs cannot be.
    Delete,
}

/// Who runs jobs in a process, with what it does for one tenant.
#[derive(Clone, Debug)]
pub struct Worker {
    /// The process.
    pub id: Uuid,
    /// The server it belongs to; the same after a restart.
    pub server: String,
    /// Its process id in the system.
    pub process: u32,
    /// Since when it works.
    pub since: DateTime<Utc>,
    /// Does it run anything now?
    pub busy: bool,
    /// Tries that ended with a result.
    pub completed: u64,
    /// Tries that ended without one.
    pub failed: u64,
    /// Time that tries took together.
    pub worked: Duration,
}

/// Jobs as the rest of the server sees them. Implemented by `platform_core/jobs`.
pub trait Jobs: Send + Sync {
    /// Enqueues in the caller's transaction: the job exists exactly when the change exists.
    /// With a unique key that is taken, gives the id of the job that has it.
    fn enqueue<'a>(&'a self, tx: &'a mut WriteTx, job: NewJob) -> BoxFuture<'a, Result<Uuid, Problem>>;

    /// What people may start, by name.
    fn scripts(&self) -> Vec<(JobKind, Script)>;

    /// Starts a script in the caller's transaction and name. Needs the right to execute jobs and that of
    /// the kind.
    ///
    /// # Errors
    /// 403, 404 for a script that is not there, 422 with every wrong parameter, 409 when too many wait.
    fn start<'a>(&'a self, tx: &'a mut WriteTx, start: Start) -> BoxFuture<'a, Result<Uuid, Problem>>;

    /// Does something with a job. Needs the right to execute jobs and that of the job's kind.
    ///
    /// # Errors
    /// 403, 404, 409 when the job is in no state for it.
    fn steer<'a>(&'a self, ctx: &'a Ctx, job: Uuid, turn: Turn) -> BoxFuture<'a, Result<(), Problem>>;

    /// The worker of this process, as the tenant may see it; none before it has started.
    fn worker(&self, tenant: TenantId) -> Option<Worker>;
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCRIPT: Script = Script {
        description: "",
        parameters: &[
            Parameter { name: "all", label: "All", kind: ParameterKind::Flag, required: false },
            Parameter { name: "of", label: "Of", kind: ParameterKind::Record("x.y"), required: true },
        ],
    };

    #[test]
    fn parameters_are_checked_and_completed() {
        let id = Uuid::from_u128(7);
        let args = SCRIPT.arguments(&json!({"of": id})).unwrap();
        assert_eq!(args, json!({"all": false, "of": id}));
        assert_eq!(SCRIPT.about(&args), Some(("x.y", id)));
        for (given, pointers) in [
            (json!({}), vec!["/args/of"]),
            (json!(null), vec!["/args/of"]),
            (json!([]), vec!["/args"]),
            (json!({"of": 5}), vec!["/args/of"]),
            (json!({"of": id, "all": "yes", "x": 1}), vec!["/args/x", "/args/all"]),
        ] {
            let errors = SCRIPT.arguments(&given).unwrap_err();
            let found: Vec<&str> = errors.iter().map(|error| error.pointer.as_str()).collect();
            assert_eq!(found, pointers, "{given}");
        }
    }
}
