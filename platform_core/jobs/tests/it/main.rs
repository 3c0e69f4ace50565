//! Jobs over a real store: claim, fairness, retry, cancel, rescue, progress.

mod life;
mod lost;
mod routes;
mod schedules;
mod speed;
mod support;
