//! Jobs over a real store: claim, fairness, retry, cancel, rescue, progress.

mod routes;
mod running;
mod support;
