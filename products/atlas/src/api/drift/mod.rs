//! Drift: what should be against what is.

pub(super) mod acceptance;
pub(super) mod decide;
pub(super) mod import;
pub(super) mod list;
