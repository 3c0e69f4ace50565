//! One try of one job.

use std::sync::Arc;
use std::time::Duration;

use db::Store;
use kit::services::SystemContexts;
use kit::{Actor, Ctx, JobCx, JobError, JobHandler, JobKind, OpKind, TenantId};
use serde_json::Value;
use tokio::task::JoinError;
use tracing::Instrument;
use uuid::Uuid;

use crate::running::{Cause, Run};
use crate::sql::{Claimed, End};
use crate::value::{MAX_RESULT, error_text, without_nul};

/// In the tenant and in the name of whoever enqueued it. The right to do so was decided then.
pub(crate) fn context(contexts: &dyn SystemContexts, store: &Store, job: &Claimed) -> Ctx {
    in_name_of(contexts, store, TenantId(job.tenant), &job.created_by, job.request_id)
}

/// Acts for who is stored, with all rights in the tenant.
pub(crate) fn in_name_of(
    contexts: &dyn SystemContexts,
    store: &Store,
    tenant: TenantId,
    stored: &str,
    request: Uuid,
) -> Ctx {
    let rights = contexts.system(tenant, "jobs").rights().clone();
    Ctx::new(tenant, actor(stored), rights, request, OpKind::Job, Arc::new(store.clone()))
}

fn actor(stored: &str) -> Actor {
    let id = |text: &str| Uuid::parse_str(text).ok();
    match stored.split_once(':') {
        Some(("user", text)) => id(text).map(Actor::User),
        Some(("svc", text)) => id(text).map(Actor::Service),
        Some(("collector", text)) => id(text).map(Actor::Collector),
        _ => None,
    }
    .unwrap_or(Actor::System("jobs"))
}

/// Runs the handler in a task of its own, so that neither a panic nor an endless wait of it reaches
/// us. A try that is told to end has `grace` to do so.
pub(crate) async fn supervise(
    handler: Arc<dyn JobHandler>,
    cx: JobCx,
    run: &Run,
    timeout: Duration,
    grace: Duration,
) -> Result<Value, JobError> {
    let mut task = tokio::spawn(async move { handler.run(cx).await }.instrument(tracing::Span::current()));
    let overdue = async {
        run.cancel.cancelled().await;
        tokio::time::sleep(grace).await;
    };
    tokio::select! {
        ended = &mut task => ended.unwrap_or_else(|error| Err(JobError::Retry(panic_text(error)))),
        () = tokio::time::sleep(timeout) => {
            run.cancel.cancel();
            task.abort();
            Err(JobError::Retry(format!("Not done after {} s, the longest a try may take.", timeout.as_secs_f64())))
        }
        () = overdue => {
            task.abort();
            Err(JobError::Cancelled)
        }
    }
}

fn panic_text(error: JoinError) -> String {
    let Ok(panic) = error.try_into_panic() else { return "The try was aborted.".to_owned() };
    let text = panic
        .downcast_ref::<&'static str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("without a text");
    format!("The job panicked: {text}")
}

/// What becomes of the job.
pub(crate) fn judge(
    ended: Result<Value, JobError>,
    kind: &JobKind,
    attempt: u16,
    cause: Option<Cause>,
) -> End {
    let (error, again) = match ended {
        Ok(result) => {
            let result = without_nul(result);
            if result.to_string().len() <= MAX_RESULT {
                return End::Completed(result);
            }
            ("The result is larger than 1 MiB.".to_owned(), false)
        }
        // Told to end, it did not get to a result: whatever it says, this is why.
        Err(_) if cause == Some(Cause::User) => return End::Cancelled,
        Err(_) if cause.is_some() => return End::Released,
        Err(JobError::Cancelled) => return End::Cancelled,
        Err(JobError::Fatal(error)) => (error, false),
        Err(JobError::Retry(error)) => (error, attempt < kind.max_attempts),
    };
    let error = error_text(&error);
    if again { End::Retry(error, backoff(attempt, rand::random())) } else { End::Discarded(error) }
}

/// attempt^4 s, a tenth more or less by `chance` in 0..1, so that failures do not come back together.
fn backoff(attempt: u16, chance: f64) -> Duration {
    let seconds = f64::from(attempt).powi(4).min(86_400.0);
    Duration::from_secs_f64(seconds * (0.9 + 0.2 * chance))
}

#[cfg(test)]
mod tests {
    use kit::{Act, Permission};
    use serde_json::json;

    use super::*;

    const KIND: JobKind = JobKind {
        name: "test.kind",
        title: "Test",
        permission: Permission::new("test/things", Act::Execute),
        max_attempts: 3,
        timeout: Duration::from_secs(1),
        per_tenant: 1,
    };

    #[test]
    fn pauses_grow_and_stay_bounded() {
        for (attempt, chance, seconds) in
            [(1, 0.0, 0.9), (1, 1.0, 1.1), (2, 0.5, 16.0), (5, 0.5, 625.0), (25, 0.5, 86_400.0)]
        {
            let pause = backoff(attempt, chance).as_secs_f64();
            assert!((pause - seconds).abs() < 0.001, "{attempt}: {pause}");
        }
    }

    #[test]
    fn stored_actors_come_back() {
        let id = Uuid::now_v7();
        for known in [Actor::User(id), Actor::Service(id), Actor::Collector(id)] {
            assert_eq!(actor(&known.to_string()), known);
        }
        for other in ["system:atlas", "user:x", "nobody", ""] {
            assert_eq!(actor(other), Actor::System("jobs"), "{other}");
        }
    }

    #[test]
    fn ends_follow_from_error_attempt_and_cause() {
        let retry = || Err(JobError::Retry("no answer".to_owned()));
        let fatal = || Err(JobError::Fatal("x".to_owned()));
        assert_eq!(judge(Ok(json!("a\0")), &KIND, 1, Some(Cause::Stop)), End::Completed(json!("a")));
        assert!(matches!(judge(retry(), &KIND, 2, None), End::Retry(error, _) if error == "no answer"));
        assert_eq!(judge(retry(), &KIND, 3, None), End::Discarded("no answer".to_owned()));
        assert_eq!(judge(retry(), &KIND, 3, Some(Cause::Stop)), End::Released);
        assert_eq!(judge(Err(JobError::Cancelled), &KIND, 3, Some(Cause::Stop)), End::Released);
        assert_eq!(judge(Err(JobError::Cancelled), &KIND, 3, None), End::Cancelled);
        assert_eq!(judge(fatal(), &KIND, 1, Some(Cause::User)), End::Cancelled);
        assert_eq!(judge(fatal(), &KIND, 1, None), End::Discarded("x".to_owned()));
        let large = Value::String("x".repeat(MAX_RESULT));
        assert!(matches!(judge(Ok(large), &KIND, 1, None), End::Discarded(_)));
    }
}
