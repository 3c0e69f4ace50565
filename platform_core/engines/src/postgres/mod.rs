//! A private PostgreSQL server: found, initialised, supervised, stopped.
//!
//! ```text
//! <root>/            0700, owned by the account that runs PostgreSQL
//!   server.lock      held (flock) by the Portolan server that owns the directory
//!   data/            the cluster, with checksums
//!   postgres.log     its log, at most 2 x 8 MiB with postgres.log.1
//!   .s.PGSQL.5432    the socket, unless the path is too long (then in a run directory)
//! ```

mod files;
mod supervise;

use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgSslMode};
use tokio::sync::watch;

use crate::EngineError;
use crate::log::Tail;
use supervise::Supervisor;

/// The cluster's own superuser. Only bootstrap and the supervisor's first query use it.
pub const CLUSTER_USER: &str = "portolan_cluster";

/// How to reach the cluster whose socket is in this directory, whatever `PG*` variables say.
pub fn connect_options(socket_dir: &Path) -> PgConnectOptions {
    PgConnectOptions::new_without_pgpass().socket(socket_dir).port(5432).ssl_mode(PgSslMode::Disable)
}

/// How to run PostgreSQL.
#[derive(Clone, Debug)]
pub struct PostgresConfig {
    /// Directory of the cluster, its log, lock and socket.
    pub root: PathBuf,
    /// Directory of `initdb` and `postgres`; `None`: `PORTOLAN_PG_BIN`, then Debian's places.
    pub bin_dir: Option<PathBuf>,
    /// Connections PostgreSQL accepts.
    pub max_connections: u16,
    /// Shared buffers, MiB.
    pub shared_buffers_mib: u32,
    /// False only for tests: no fsync, 1 MiB WAL segments.
    pub durable: bool,
}

impl PostgresConfig {
    /// The server's default in `root`.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into(), bin_dir: None, max_connections: 60, shared_buffers_mib: 64, durable: true }
    }
}

/// How an engine is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EngineState {
    /// Being started; not yet answering.
    Starting,
    /// Answers queries.
    Ready,
    /// Ended or did not start; tried again after the back-off.
    Down {
        /// Failed starts in a row.
        attempt: u32,
        /// What is known about the cause.
        why: String,
        /// Until the next try.
        retry_in: Duration,
    },
    /// Ended because we asked it to.
    Stopped,
}

/// A running private PostgreSQL. Dropping it asks the cluster to stop without waiting for it.
#[derive(Debug)]
pub struct Postgres {
    supervisor: Supervisor,
    socket_dir: PathBuf,
    major: u32,
}

/// Starts that may fail at the very beginning before [`Postgres::start`] gives up: the memory of a
/// server killed a moment ago can need a second to be released.
const FIRST_TRIES: u32 = 4;

impl Postgres {
    /// Finds the programs, creates the cluster when there is none, starts it and waits for its
    /// first answer.
    ///
    /// # Errors
    /// Everything in [`EngineError`].
    pub async fn start(config: PostgresConfig) -> Result<Self, EngineError> {
        let log = config.root.join("postgres.log");
        let tail = Tail::default();
        let (prepared, tail) = tokio::task::spawn_blocking(move || {
            files::prepare(&config, &tail).map(|prepared| (prepared, tail))
        })
        .await
        .map_err(|error| EngineError::Failed { program: "initdb".into(), why: error.to_string() })??;
        let (socket_dir, major) = (prepared.socket_dir.clone(), prepared.major);
        let supervisor = Supervisor::start(prepared, log, tail)?;
        let mut state = supervisor.state();
        loop {
            match &*state.borrow_and_update() {
                EngineState::Ready => break,
                EngineState::Down { attempt, why, .. } if *attempt >= FIRST_TRIES => {
                    return Err(EngineError::Failed { program: "postgres".into(), why: why.clone() });
                }
                EngineState::Stopped => {
                    return Err(EngineError::Failed {
                        program: "postgres".into(),
                        why: "stopped while starting".into(),
                    });
                }
                EngineState::Starting | EngineState::Down { .. } => {}
            }
            if state.changed().await.is_err() {
                return Err(EngineError::Failed {
                    program: "postgres".into(),
                    why: "supervisor ended".into(),
                });
            }
        }
        Ok(Self { supervisor, socket_dir, major })
    }

    /// Directory of the socket `.s.PGSQL.5432`.
    pub fn socket_dir(&self) -> &Path {
        &self.socket_dir
    }

    /// Major version of the program.
    pub fn major(&self) -> u32 {
        self.major
    }

    /// The state, with changes.
    pub fn state(&self) -> watch::Receiver<EngineState> {
        self.supervisor.state()
    }

    /// Process id of the running postmaster.
    pub fn pid(&self) -> Option<i32> {
        self.supervisor.pid()
    }

    /// Ends the cluster cleanly (fast shutdown, at most 20 s, then hard).
    pub async fn stop(&self) {
        self.supervisor.request_stop(nix::sys::signal::Signal::SIGINT);
        if !self.stopped_within(Duration::from_secs(20)).await {
            tracing::warn!("PostgreSQL did not stop in 20 s; stopping it hard");
            self.supervisor.request_stop(nix::sys::signal::Signal::SIGQUIT);
            self.stopped_within(Duration::from_secs(10)).await;
        }
    }

    /// Ends the cluster at once, without a checkpoint, and waits for it: for test clusters whose
    /// files are thrown away.
    pub fn kill(&self) {
        self.supervisor.request_stop(nix::sys::signal::Signal::SIGQUIT);
        self.supervisor.join();
    }

    async fn stopped_within(&self, limit: Duration) -> bool {
        let mut state = self.supervisor.state();
        tokio::time::timeout(limit, state.wait_for(|state| *state == EngineState::Stopped)).await.is_ok()
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.supervisor.request_stop(nix::sys::signal::Signal::SIGINT);
    }
}
