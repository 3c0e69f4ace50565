//! The tries that run in this process.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use kit::jobs::{Progress, ProgressSink};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::queue::Queue;
use crate::sql::Step;
use crate::value::progress_json;

/// Why a running try is told to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cause {
    /// Somebody cancelled the job.
    User,
    /// The server stops.
    Stop,
    /// Somebody else has the job now.
    Lost,
}

/// A try that runs in this process.
pub(crate) struct Run {
    pub(crate) tenant: Uuid,
    pub(crate) id: Uuid,
    pub(crate) lease: Uuid,
    pub(crate) cancel: CancellationToken,
    cause: OnceLock<Cause>,
    reported: Mutex<Reported>,
}

/// The latest progress of a try.
#[derive(Default)]
struct Reported {
    latest: Option<Progress>,
    /// Not stored yet.
    fresh: bool,
}

impl Run {
    pub(crate) fn new(tenant: Uuid, id: Uuid, lease: Uuid) -> Self {
        let (cancel, cause, reported) = (CancellationToken::new(), OnceLock::new(), Mutex::default());
        Self { tenant, id, lease, cancel, cause, reported }
    }

    /// Tells the try to end. The first cause stays.
    pub(crate) fn end(&self, cause: Cause) {
        // A second cause changes nothing.
        let _: Result<(), Cause> = self.cause.set(cause);
        self.cancel.cancel();
    }

    pub(crate) fn cause(&self) -> Option<Cause> {
        self.cause.get().copied()
    }

    /// Progress that is not stored yet; from now on it counts as stored.
    fn fresh_progress(&self) -> Option<Progress> {
        let mut reported = lock(&self.reported);
        std::mem::take(&mut reported.fresh).then(|| reported.latest.clone()).flatten()
    }

    /// The latest progress: written once more with the end, because what was taken for storing may
    /// not have got there.
    pub(crate) fn last_progress(&self) -> Option<Progress> {
        lock(&self.reported).latest.clone()
    }
}

/// Where the progress of one try goes.
pub(crate) struct Reporter {
    pub(crate) queue: Arc<Queue>,
    pub(crate) run: Arc<Run>,
}

impl ProgressSink for Reporter {
    fn report(&self, progress: Progress) {
        self.queue.progressed(self.run.id, &progress);
        *lock(&self.run.reported) = Reported { latest: Some(progress), fresh: true };
    }
}

/// All of them, by lease: a job that was lost and came back has two for a moment.
#[derive(Default)]
pub(crate) struct Running(Mutex<HashMap<Uuid, Arc<Run>>>);

impl Running {
    pub(crate) fn len(&self) -> usize {
        lock(&self.0).len()
    }

    pub(crate) fn insert(&self, run: Arc<Run>) {
        lock(&self.0).insert(run.lease, run);
    }

    pub(crate) fn remove(&self, lease: Uuid) {
        lock(&self.0).remove(&lease);
    }

    pub(crate) fn all(&self) -> Vec<Arc<Run>> {
        lock(&self.0).values().cloned().collect()
    }

    /// Takes all progress that is not stored yet.
    pub(crate) fn take_progress(&self) -> Vec<Step> {
        let step = |run: &Arc<Run>| {
            let progress = progress_json(&run.fresh_progress()?);
            Some(Step { tenant: run.tenant, id: run.id, lease: run.lease, progress })
        };
        self.all().iter().filter_map(step).collect()
    }
}

/// None of our critical sections can leave something half done.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
