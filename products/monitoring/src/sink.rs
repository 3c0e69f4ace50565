//! Where the engine's frames go.

use std::sync::{Mutex, PoisonError};

use futures::future::BoxFuture;
use model::Frame;

/// Takes frames as they are read. Called from many tasks at once and must not block: a sink that
/// writes somewhere slow keeps the frame and says through [`FrameSink::room`] when it has enough.
pub trait FrameSink: Send + Sync {
    /// Takes one frame.
    fn frame(&self, frame: Frame);

    /// Waits until there is room for the frames of another device. Asked before a device is, and
    /// never while one is read: what was begun is finished.
    fn room(&self) -> BoxFuture<'_, ()> {
        Box::pin(std::future::ready(()))
    }
}

/// Keeps all frames, for tests and for one-shot runs.
impl FrameSink for Mutex<Vec<Frame>> {
    fn frame(&self, frame: Frame) {
        self.lock().unwrap_or_else(PoisonError::into_inner).push(frame);
    }
}
