//! One throw-away PostgreSQL per test process.
//!
//! `initdb` takes a second, so its result is kept per PostgreSQL version in
//! `/tmp/ptl-test-<uid>/` and copied; a copy starts in well under 200 ms. The cluster lives as long
//! as a [`TestDatabase`](super::TestDatabase) of the process does. A killed test leaves no process
//! (parent-death signal) and its directory is removed by the next test that starts.

use std::collections::HashMap;
use std::fs::{self, File, TryLockError};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Weak};

use engines::{Postgres, PostgresConfig};
use tokio::sync::Mutex;

use crate::begin::Identifier;

/// A running cluster. Its files go when it goes.
pub(super) struct Cluster {
    pub(super) engine: Postgres,
    /// Databases by migration set, ready to be copied.
    pub(super) templates: Mutex<HashMap<String, Identifier>>,
    /// Databases whose test has ended.
    pub(super) finished: std::sync::Mutex<Vec<Identifier>>,
    dir: PathBuf,
    _owner: File,
}

static CLUSTER: Mutex<Weak<Cluster>> = Mutex::const_new(Weak::new());

impl Cluster {
    /// The cluster of this process, started when there is none.
    pub(super) async fn get() -> Arc<Self> {
        let mut slot = CLUSTER.lock().await;
        if let Some(cluster) = slot.upgrade() {
            return cluster;
        }
        let cluster = Arc::new(Self::start().await);
        *slot = Arc::downgrade(&cluster);
        cluster
    }

    async fn start() -> Self {
        let base = base();
        sweep(&base);
        let prepared = prepared(&base).await;
        let dir = base.join(format!("run-{}-{:08x}", std::process::id(), rand::random::<u32>()));
        let owner = File::create(dir.with_extension("lock")).expect("create the lock of the test cluster");
        owner.try_lock().expect("lock the test cluster");
        fs::create_dir(&dir).expect("create the directory of the test cluster");
        open_to_all(&dir);
        let root = dir.join("pg");
        fs::create_dir(&root).expect("create the directory of the test cluster");
        copy(&prepared.join("pg/data"), &root.join("data"));
        let account = fs::metadata(prepared.join("pg")).expect("look at the prepared cluster");
        nix::unistd::chown(&root, Some(account.uid().into()), Some(account.gid().into()))
            .expect("give the cluster to its account");
        let engine = Postgres::start(config(root)).await.expect("start the test cluster");
        Self {
            engine,
            templates: Mutex::default(),
            finished: std::sync::Mutex::default(),
            dir,
            _owner: owner,
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.engine.kill();
        fs::remove_dir_all(&self.dir).ok();
        fs::remove_file(self.dir.with_extension("lock")).ok();
    }
}

fn config(root: PathBuf) -> PostgresConfig {
    PostgresConfig {
        durable: false,
        shared_buffers_mib: 32,
        max_connections: 200,
        ..PostgresConfig::new(root)
    }
}

fn base() -> PathBuf {
    let base = PathBuf::from(format!("/tmp/ptl-test-{}", nix::unistd::geteuid()));
    fs::create_dir_all(&base).expect("create the base of test clusters");
    assert_eq!(
        fs::metadata(&base).expect("look at the base of test clusters").uid(),
        nix::unistd::geteuid().as_raw(),
        "{} belongs to somebody else",
        base.display()
    );
    open_to_all(&base);
    base
}

/// PostgreSQL may run under another account, which must be able to pass.
fn open_to_all(dir: &Path) {
    fs::set_permissions(dir, fs::Permissions::from_mode(0o711)).expect("set the mode of a test directory");
}

/// An initialised cluster that nobody runs, made once per machine and version of PostgreSQL.
async fn prepared(base: &Path) -> PathBuf {
    let binaries = std::env::var("PORTOLAN_PG_BIN").unwrap_or_default();
    let tag: String = binaries.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let dir = base.join(format!("prepared-2{tag}"));
    let lock = File::create(dir.with_extension("lock")).expect("create the lock of the prepared cluster");
    // Another process may just be making it.
    let lock = tokio::task::spawn_blocking(move || lock.lock().map(|()| lock))
        .await
        .expect("wait for the prepared cluster")
        .expect("lock the prepared cluster");
    if !dir.join("complete").exists() {
        fs::remove_dir_all(&dir).ok();
        fs::create_dir(&dir).expect("create the directory of the prepared cluster");
        open_to_all(&dir);
        let engine = Postgres::start(config(dir.join("pg"))).await.expect("prepare a cluster for tests");
        engine.stop().await;
        File::create(dir.join("complete")).expect("mark the prepared cluster");
    }
    drop(lock);
    dir
}

fn copy(from: &Path, to: &Path) {
    let done = std::process::Command::new("cp")
        .arg("-a")
        .arg(from)
        .arg(to)
        .status()
        .expect("run cp for the test cluster");
    assert!(done.success(), "cp of the prepared cluster failed");
}

/// Removes what killed tests left: directories whose owner's lock is free.
fn sweep(base: &Path) {
    for entry in fs::read_dir(base).into_iter().flatten().flatten() {
        let lock_path = entry.path();
        let name = entry.file_name();
        let is_run = name.to_string_lossy().starts_with("run-");
        if !is_run || lock_path.extension().is_none_or(|extension| extension != "lock") {
            continue;
        }
        let Ok(lock) = File::open(&lock_path) else { continue };
        if matches!(lock.try_lock(), Err(TryLockError::WouldBlock)) {
            continue;
        }
        let dir = lock_path.with_extension("");
        // The killed test's PostgreSQL may still be shutting down; then a later sweep takes it.
        if !dir.join("pg/data/postmaster.pid").exists() || !is_running(&dir.join("pg/data")) {
            fs::remove_dir_all(&dir).ok();
            fs::remove_file(&lock_path).ok();
        }
    }
}

fn is_running(data: &Path) -> bool {
    let text = fs::read_to_string(data.join("postmaster.pid")).unwrap_or_default();
    let pid = text.lines().next().unwrap_or_default();
    fs::read_link(format!("/proc/{pid}/cwd")).is_ok_and(|cwd| cwd == data)
}
