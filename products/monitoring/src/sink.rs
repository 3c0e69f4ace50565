//! Where the engine's frames go.

use std::sync::{Mutex, PoisonError};

use model::Frame;

/// Takes frames as they are read. Called from many tasks at once and must not block: a sink that
/// writes somewhere slow hands the frame on through a channel.
pub trait FrameSink: Send + Sync {
    /// Takes one frame.
    fn frame(&self, frame: Frame);
}

/// Keeps all frames, for tests and for one-shot runs.
impl FrameSink for Mutex<Vec<Frame>> {
    fn frame(&self, frame: Frame) {
        self.lock().unwrap_or_else(PoisonError::into_inner).push(frame);
    }
}

/// Hands frames to whoever holds the other end. Frames of a receiver that is gone are dropped.
#[derive(Clone, Debug)]
pub struct FrameChannel(pub tokio::sync::mpsc::UnboundedSender<Frame>);

impl FrameSink for FrameChannel {
    fn frame(&self, frame: Frame) {
        // A closed channel means that the job ended: nobody wants the frame any more.
        drop(self.0.send(frame));
    }
}
