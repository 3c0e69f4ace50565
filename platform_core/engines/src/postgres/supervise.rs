//! The thread that starts PostgreSQL, watches it and starts it again.

use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::{Id, WaitPidFlag, WaitStatus, waitid};
use nix::unistd::Pid;
use sqlx::Connection;
use sqlx::postgres::PgConnection;
use tokio::sync::watch;

use super::files::Prepared;
use super::{CLUSTER_USER, EngineState};
use crate::EngineError;
use crate::log::Tail;
use crate::spawn::command;

/// Longest start: crash recovery of a large cluster may replay much WAL.
const START_LIMIT: Duration = Duration::from_mins(5);
const FIRST_BACKOFF: Duration = Duration::from_millis(200);
const LONGEST_BACKOFF: Duration = Duration::from_secs(15);
const LAST_WORDS: Duration = Duration::from_millis(500);
/// After this long in service a crash counts as the first one again.
const STABLE: Duration = Duration::from_mins(1);

/// Handle of the supervising thread.
#[derive(Debug)]
pub(super) struct Supervisor {
    shared: Arc<Shared>,
    state: watch::Receiver<EngineState>,
    wake: SyncSender<()>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

#[derive(Debug, Default)]
struct Shared {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    /// Set while the process exists and is not reaped, so a signal can never hit a reused id.
    pid: Option<Pid>,
    stopping: bool,
}

impl Shared {
    fn with<T>(&self, f: impl FnOnce(&mut Inner) -> T) -> T {
        f(&mut self.inner.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn stopping(&self) -> bool {
        self.with(|inner| inner.stopping)
    }
}

impl Supervisor {
    pub(super) fn start(prepared: Prepared, log: PathBuf, tail: Tail) -> Result<Self, EngineError> {
        let shared = Arc::new(Shared::default());
        let (publish, state) = watch::channel(EngineState::Starting);
        let (wake, woken) = sync_channel(1);
        let thread = std::thread::Builder::new()
            .name("postgres".into())
            .spawn({
                let shared = shared.clone();
                move || Worker { prepared, log, tail, shared, publish, woken }.run()
            })
            .map_err(EngineError::file("start the supervisor of", "postgres"))?;
        Ok(Self { shared, state, wake, thread: Mutex::new(Some(thread)) })
    }

    pub(super) fn state(&self) -> watch::Receiver<EngineState> {
        self.state.clone()
    }

    pub(super) fn pid(&self) -> Option<i32> {
        self.shared.with(|inner| inner.pid.map(Pid::as_raw))
    }

    /// Asks for the end with this signal; a second, harder signal may follow.
    pub(super) fn request_stop(&self, signal: Signal) {
        self.shared.with(|inner| {
            inner.stopping = true;
            if let Some(pid) = inner.pid {
                // The process cannot be gone: it is reaped only after `pid` was cleared.
                kill(pid, signal).ok();
            }
        });
        // A full channel means that it is already being woken.
        self.wake.try_send(()).ok();
    }

    pub(super) fn join(&self) {
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            thread.join().ok();
        }
    }
}

struct Worker {
    prepared: Prepared,
    log: PathBuf,
    tail: Tail,
    shared: Arc<Shared>,
    publish: watch::Sender<EngineState>,
    woken: Receiver<()>,
}

impl Worker {
    fn run(self) {
        let mut attempt = 0;
        while !self.shared.stopping() {
            self.publish.send_replace(EngineState::Starting);
            let begun = Instant::now();
            let why = self.serve_once();
            if self.shared.stopping() {
                break;
            }
            attempt = if begun.elapsed() > STABLE { 1 } else { attempt + 1 };
            let retry_in = FIRST_BACKOFF.saturating_mul(1 << u32::min(attempt - 1, 10)).min(LONGEST_BACKOFF);
            tracing::error!(attempt, ?retry_in, %why, "PostgreSQL is down");
            self.publish.send_replace(EngineState::Down { attempt, why, retry_in });
            if self.woken.recv_timeout(retry_in) == Err(RecvTimeoutError::Disconnected) {
                break;
            }
        }
        self.publish.send_replace(EngineState::Stopped);
    }

    /// Starts it, waits for its end and says why it ended.
    fn serve_once(&self) -> String {
        if let Err(why) = end_orphan(&self.prepared.data) {
            return why;
        }
        let (mut child, log) = match self.spawn() {
            Ok(started) => started,
            Err(error) => return format!("cannot run {}: {error}", self.prepared.postgres.display()),
        };
        let pid = Pid::from_raw(child.id().cast_signed());
        let stopping = self.shared.with(|inner| {
            inner.pid = Some(pid);
            inner.stopping
        });
        if stopping || !self.wait_ready(pid) {
            // Fast shutdown; also what a stop request that came before `pid` was known asks for.
            kill(pid, Signal::SIGINT).ok();
        }
        wait_end(pid, true);
        self.shared.with(|inner| inner.pid = None);
        let status = child.wait();
        // The log's end is the cause. The pipe closes with the last process of the cluster; a backend
        // that hangs must not keep us from saying that the server is down.
        let deadline = Instant::now() + LAST_WORDS;
        while !log.is_finished() && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(5));
        }
        match status {
            Ok(status) => format!("{status}: {}", self.tail.text()),
            Err(error) => error.to_string(),
        }
    }

    fn spawn(&self) -> std::io::Result<(Child, JoinHandle<()>)> {
        let Prepared { postgres, account, data, socket_dir, config, .. } = &self.prepared;
        let mut server = command(postgres, account.as_ref(), Signal::SIGINT);
        server.arg("-D").arg(data).arg("-k").arg(socket_dir);
        let sizes = [
            format!("max_connections={}", config.max_connections),
            format!("shared_buffers={}MB", config.shared_buffers_mib),
        ];
        let durable: &[&str] = if config.durable {
            &["synchronous_commit=on"]
        } else {
            &["fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off"]
        };
        for setting in SETTINGS.iter().chain(durable).copied().chain(sizes.iter().map(String::as_str)) {
            server.arg("-c").arg(setting);
        }
        let mut child = server.stderr(Stdio::piped()).spawn()?;
        let pipe = child.stderr.take();
        let (path, tail) = (self.log.clone(), self.tail.clone());
        let log = std::thread::Builder::new().name("postgres-log".into()).spawn(move || {
            if let Some(pipe) = pipe {
                crate::log::copy(pipe, path, &tail);
            }
        });
        match log {
            Ok(log) => Ok((child, log)),
            Err(error) => {
                child.kill().ok();
                child.wait().ok();
                Err(error)
            }
        }
    }

    /// Waits for the first answered query; false when it takes too long. True also when the process
    /// ended: the caller sees that next.
    fn wait_ready(&self, pid: Pid) -> bool {
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else {
            return false;
        };
        let deadline = Instant::now() + START_LIMIT;
        // A fresh start takes some 60 ms, a recovery perhaps minutes.
        let mut pause = Duration::from_millis(5);
        while Instant::now() < deadline {
            if self.shared.stopping() || wait_end(pid, false) {
                return true;
            }
            if runtime.block_on(answers(&self.prepared.socket_dir)) {
                self.publish.send_replace(EngineState::Ready);
                return true;
            }
            std::thread::sleep(pause);
            pause = (pause * 6 / 5).min(Duration::from_millis(200));
        }
        false
    }
}

/// No network, nothing of a statement's values in the log.
const SETTINGS: &[&str] = &[
    "listen_addresses=",
    "unix_socket_permissions=0700",
    "jit=off",
    "timezone=UTC",
    "log_timezone=UTC",
    "log_line_prefix=%m [%p] ",
    "log_error_verbosity=terse",
    "log_min_error_statement=panic",
    "log_parameter_max_length=0",
    "log_parameter_max_length_on_error=0",
    "log_checkpoints=off",
    "max_wal_size=1GB",
    "effective_cache_size=512MB",
    "random_page_cost=1.1",
];

async fn answers(socket_dir: &Path) -> bool {
    let options = super::connect_options(socket_dir).username(CLUSTER_USER).database("postgres");
    let attempt = async {
        let mut connection = PgConnection::connect_with(&options).await?;
        sqlx::query("SELECT 1").execute(&mut connection).await?;
        connection.close().await
    };
    tokio::time::timeout(Duration::from_secs(5), attempt).await.is_ok_and(|result| result.is_ok())
}

/// Whether the process has ended, without reaping it.
fn wait_end(pid: Pid, block: bool) -> bool {
    let mut flags = WaitPidFlag::WEXITED | WaitPidFlag::WNOWAIT;
    if !block {
        flags |= WaitPidFlag::WNOHANG;
    }
    loop {
        match waitid(Id::Pid(pid), flags) {
            Err(Errno::EINTR) => {}
            Ok(WaitStatus::StillAlive) => return false,
            Ok(_) | Err(_) => return true,
        }
    }
}

/// Ends the postmaster of a server that was killed. We hold the directory's lock, so a postmaster
/// that still works on the data has lost its server.
fn end_orphan(data: &Path) -> Result<(), String> {
    let Some(pid) = orphan(data) else { return Ok(()) };
    tracing::warn!(pid = pid.as_raw(), "a PostgreSQL of an earlier server still runs; ending it first");
    for (signal, seconds) in [(Signal::SIGINT, 30), (Signal::SIGQUIT, 5)] {
        kill(pid, signal).ok();
        let deadline = Instant::now() + Duration::from_secs(seconds);
        while Instant::now() < deadline {
            if orphan(data).is_none() {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
    Err(format!("an earlier PostgreSQL (process {pid}) on {} does not end", data.display()))
}

/// The postmaster named in `postmaster.pid`, when that process really works in the data directory.
fn orphan(data: &Path) -> Option<Pid> {
    let text = std::fs::read_to_string(data.join("postmaster.pid")).ok()?;
    let pid: i32 = text.lines().next()?.trim().parse().ok().filter(|pid| *pid > 1)?;
    let works_in = std::fs::read_link(format!("/proc/{pid}/cwd")).ok()?;
    let is_postgres = std::fs::read_to_string(format!("/proc/{pid}/comm")).ok()?.starts_with("postgres");
    (is_postgres && works_in == data).then(|| Pid::from_raw(pid))
}
