//! Where collecting engines hand over what they saw.

use model::Frame;

use crate::BoxFuture;
use crate::ctx::Ctx;
use crate::problem::Problem;

/// Takes frames of one tenant. Implemented by atlas; a collector will implement it over the wire.
pub trait FrameSink: Send + Sync {
    /// Stores the frames, each whole or not at all, and makes the model follow. Unchanged content
    /// writes only the time of confirmation. At most 10,000 frames in one call.
    fn deliver<'a>(&'a self, ctx: &'a Ctx, frames: Vec<Frame>) -> BoxFuture<'a, Result<(), Problem>>;
}
