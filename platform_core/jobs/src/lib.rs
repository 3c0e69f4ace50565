//! Jobs: anything that takes longer than a second. A table, a queue in front of it, a runner behind.
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
//! It runs at least once: again when its server vanished in the middle, so handlers are idempotent.
//!
//! | file | job |
//! |---|---|
//! | `model` | [`JOB`]: jobs as read-only records |
//! | `queue` | [`Queue`]: enqueue, cancel, retry, look, watch |
//! | `running` | the tries that run in this process |
//! | `numbers` | whole numbers of jobs, for doors |
//! | `scripts` | kinds that people start: the list, and the route that starts one |
//! | `schedule` | [`SCHEDULE`]: when scripts are started, as records |
//! | `scheduler` | starts what is due |
//! | `view` | [`JobView`]: a job as the API shows it |
//! | `runner` | [`JobRunner`]: claims, starts, graceful stop |
//! | `attempt` | one try: its context, time limit, panics, what becomes of the job |
//! | `keeper` | progress, heartbeats, cancel requests of other processes, rescue, retention |
//! | `ends` | writes how tries ended, in batches, and their events |
//! | `sql` | the statements of the runner |
//! | `api` | cancel, retry and the live stream |
//!
//! # Fairness
//! Claims are dealt out tenant by tenant: the next job goes to the tenant with the fewest running.
//! A tenant never has more at once than [`RunnerOptions::per_tenant`] nor, of one kind, than
//! [`kit::JobKind::per_tenant`], over all servers.
//!
//! # Schedules
//! A script (a kind of job that people start) runs at a time, or every so many minutes from then on. A run is
//! not started while the one before has not ended. Runs for which no server was there are made up for by one
//! run, or left out, as the schedule says. It runs in the name of who wrote the schedule last.
//!
//! # Lost servers
//! A running job beats every 10 s; without a beat for 60 s anybody rescues it. Jobs of an earlier
//! process of the same server are rescued when it starts. A rescue is no failed try, but after ten of
//! them a job is discarded: it may be what ends the server.
//!
//! # Start and stop
//! Migrations, [`Queue::new`], [`router`], plugins, [`JobRunner::start`]. To stop: cancel the token,
//! [`JobRunner::stopped`], then close the store.
#![forbid(unsafe_code)]
#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

mod api;
mod attempt;
mod ends;
mod keeper;
mod model;
mod numbers;
mod queue;
mod runner;
mod running;
mod schedule;
mod scheduler;
mod scripts;
mod sql;
mod value;
mod view;

pub use api::router;
pub use model::JOB;
pub use queue::{Live, Queue};
pub use runner::{JobRunner, RunnerOptions};
pub use schedule::SCHEDULE;
pub use sql::Depth;
pub use view::JobView;

use kit::plugin::Migration;
use kit::{Act, EventType, Permission, PermissionObject};

/// The SQL of this room, applied under the name `jobs`.
pub const MIGRATIONS: &[Migration] = &[
    Migration { version: 1, name: "job", sql: include_str!("../migrations/0001_job.sql") },
    Migration { version: 2, name: "schedule", sql: include_str!("../migrations/0002_schedule.sql") },
    Migration { version: 3, name: "schedule-due", sql: include_str!("../migrations/0003_schedule_due.sql") },
];

/// Permission objects of this room.
pub const PERMISSIONS: &[PermissionObject] = &[
    PermissionObject { object: "platform/jobs", title: "Jobs" },
    PermissionObject { object: "platform/job-schedules", title: "Schedules" },
];

/// Events of this room. Their data is `{"id", "kind", "state"}`, their subject `platform/jobs/<id>`.
/// The table decides: an event of a start or an end may be lost when the server dies right after it.
pub const EVENTS: &[EventType] = &[
    EventType { name: "job.created", description: "A job was enqueued.", object: "platform/jobs" },
    EventType { name: "job.started", description: "A try of a job began.", object: "platform/jobs" },
    EventType { name: "job.completed", description: "A job has its result.", object: "platform/jobs" },
    EventType { name: "job.failed", description: "A job was given up.", object: "platform/jobs" },
    EventType { name: "job.cancelled", description: "A job was cancelled.", object: "platform/jobs" },
];

/// Who may see jobs.
pub const READ: Permission = Permission::new("platform/jobs", Act::Read);
/// Who may cancel and retry jobs; the job's kind asks for its own permission as well.
pub const EXECUTE: Permission = Permission::new("platform/jobs", Act::Execute);
