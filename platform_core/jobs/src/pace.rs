//! When to look again: at once after a hint, then with growing pauses.

use std::time::Duration;

use tokio::sync::watch;

/// A hint comes from inside the transaction that enqueues or cancels, before its commit; so the
/// looks after a hint come quickly and then ever slower.
pub(crate) struct Pace {
    hints: watch::Receiver<()>,
    delay: Duration,
    longest: Duration,
}

impl Pace {
    const SHORTEST: Duration = Duration::from_millis(4);

    pub(crate) fn new(hints: watch::Receiver<()>, longest: Duration) -> Self {
        Self { hints, delay: Self::SHORTEST, longest }
    }

    /// Waits for a hint or for the next look.
    pub(crate) async fn wait(&mut self) {
        tokio::select! {
            hint = self.hints.changed() => match hint {
                Ok(()) => self.delay = Self::SHORTEST,
                // The queue is gone; the stop token ends the caller.
                Err(_) => tokio::time::sleep(self.longest).await,
            },
            () = tokio::time::sleep(self.delay) => self.delay = (self.delay * 2).min(self.longest),
        }
    }

    /// There was work: look again soon.
    pub(crate) fn quick(&mut self) {
        self.delay = Self::SHORTEST;
    }
}
