//! Jobs: anything longer than a second. Stored in PostgreSQL, with progress, cancel and retry.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::BoxFuture;
use crate::ctx::Ctx;
use crate::permission::Permission;
use crate::problem::Problem;
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
}

/// Enqueues jobs. Implemented by `platform_core/jobs`.
pub trait Jobs: Send + Sync {
    /// Enqueues in the caller's transaction: the job exists exactly when the change exists.
    /// With a unique key that is taken, gives the id of the job that has it.
    fn enqueue<'a>(&'a self, tx: &'a mut WriteTx, job: NewJob) -> BoxFuture<'a, Result<Uuid, Problem>>;
}
