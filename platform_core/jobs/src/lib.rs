//! Jobs: anything longer than a second. Rows in PostgreSQL, run by this server's workers.
//!
//! ```text
//!                 enqueue                      (delay)
//!   ──────────────► available / scheduled ◄───────────── retryable
//!                        │ claim, round robin over tenants   ▲ error, lost, server stopped
//!                        ▼                                   │
//!                      running ──────────────────────────────┘
//!                        ├──► completed   (result)
//!                        ├──► cancelled   (asked for)
//!                        └──► discarded   (fatal, or no tries left)
//! ```
//! A job is enqueued in the transaction of the change, so it exists exactly when the change does. It
//! acts in its tenant and under the name of whoever enqueued it; the right to do so was decided then.
//!
//! | file | job |
//! |---|---|
//! | `queue` | [`Queue`]: `impl kit::Jobs`, cancel, retry, views |
//! | `claim` | the relay's statements: take, beat, finish, rescue, forget |
//! | `runner` | [`JobRunner`]: workers, minders |
//! | `run` | one try of one job |
//! | `models` | `platform.job` for the record engine |
//! | `routes` | cancel, retry, live progress |
#![forbid(unsafe_code)]
#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

mod claim;
mod models;
mod pace;
mod queue;
mod routes;
mod run;
mod runner;

pub use models::JOB;
pub use queue::{JobView, Queue};
pub use routes::router;
pub use runner::{JobRunner, RunnerOptions};

use kit::plugin::Migration;
use kit::{EventType, PermissionObject};

/// Tables of this room.
pub const MIGRATIONS: &[Migration] =
    &[Migration { version: 1, name: "job", sql: include_str!("../migrations/0001_job.sql") }];

/// The permission object of lists of jobs. Each kind names its own permission for cancel and retry;
/// `platform/jobs:execute` stands for all of them.
pub const PERMISSIONS: &[PermissionObject] = &[PermissionObject { object: "platform/jobs", title: "Jobs" }];

/// Events of this room. Their data is `{"id", "kind", "state"}`, their subject `platform/jobs/<id>`.
pub const EVENTS: &[EventType] = &[
    EventType { name: "job.created", description: "A job was enqueued.", object: "platform/jobs" },
    EventType { name: "job.started", description: "A try of a job began.", object: "platform/jobs" },
    EventType { name: "job.completed", description: "A job has its result.", object: "platform/jobs" },
    EventType { name: "job.failed", description: "A job was given up.", object: "platform/jobs" },
    EventType { name: "job.cancelled", description: "A job was cancelled.", object: "platform/jobs" },
];
