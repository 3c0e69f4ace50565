//! The supervised PostgreSQL against the real programs.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use engines::postgres::{CLUSTER_USER, connect_options};
use engines::{EngineError, EngineState, Postgres, PostgresConfig};
use sqlx::{Connection, PgConnection, Row};

/// Every account may pass `/tmp`; the path is short enough for a socket.
fn scratch() -> tempfile::TempDir {
    let dir = tempfile::Builder::new().prefix("ptl-engine-").tempdir_in("/tmp").unwrap();
    std::fs::set_permissions(dir.path(), std::os::unix::fs::PermissionsExt::from_mode(0o711)).unwrap();
    dir
}

fn config(root: PathBuf) -> PostgresConfig {
    PostgresConfig { durable: false, shared_buffers_mib: 16, ..PostgresConfig::new(root) }
}

async fn connect(socket_dir: &Path) -> PgConnection {
    let options = connect_options(socket_dir).username(CLUSTER_USER).database("postgres");
    PgConnection::connect_with(&options).await.unwrap()
}

/// A process that ended but was not reaped by init has no working directory any more.
fn alive(pid: i32) -> bool {
    std::fs::read_link(format!("/proc/{pid}/cwd")).is_ok()
}

async fn until(what: &str, mut condition: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !condition() {
        assert!(Instant::now() < deadline, "{what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn it_serves_survives_a_crash_and_stops() {
    let dir = scratch();
    let root = dir.path().join("pg");
    let engine = Postgres::start(config(root.clone())).await.unwrap();
    let mut connection = connect(engine.socket_dir()).await;
    let row = sqlx::query("SELECT current_setting('listen_addresses'), current_setting('data_checksums')")
        .fetch_one(&mut connection)
        .await
        .unwrap();
    assert_eq!((row.get::<&str, _>(0), row.get::<&str, _>(1)), ("", "on"));

    let second = Postgres::start(config(root.clone())).await;
    assert!(matches!(second, Err(EngineError::InUse { .. })), "{second:?}");

    let mut state = engine.state();
    let first = engine.pid().unwrap();
    nix::sys::signal::kill(nix::unistd::Pid::from_raw(first), nix::sys::signal::Signal::SIGKILL).unwrap();
    state.wait_for(|state| matches!(state, EngineState::Down { .. })).await.unwrap();
    state.wait_for(|state| *state == EngineState::Ready).await.unwrap();
    assert_ne!(engine.pid().unwrap(), first);
    connect(engine.socket_dir()).await;

    engine.stop().await;
    assert_eq!(*engine.state().borrow(), EngineState::Stopped);
    assert!(!root.join("data/postmaster.pid").exists(), "a clean stop removes the pid file");
}

#[tokio::test]
async fn other_major_versions_are_refused() {
    let dir = scratch();
    let root = dir.path().join("pg");
    let engine = Postgres::start(config(root.clone())).await.unwrap();
    engine.stop().await;
    drop(engine);
    std::fs::write(root.join("data/PG_VERSION"), "9\n").unwrap();
    // The supervisor's thread gives the lock back when it ends.
    let mut outcome = Postgres::start(config(root.clone())).await;
    while matches!(outcome, Err(EngineError::InUse { .. })) {
        outcome = Postgres::start(config(root.clone())).await;
    }
    assert!(matches!(outcome, Err(EngineError::OtherMajor { data: 9, .. })), "{outcome:?}");
}

#[tokio::test]
async fn a_long_path_gets_a_socket_elsewhere() {
    let dir = scratch();
    let root = dir.path().join("a".repeat(100)).join("pg");
    let engine = Postgres::start(config(root)).await.unwrap();
    assert!(!engine.socket_dir().starts_with(dir.path()));
    connect(engine.socket_dir()).await;
    let socket_dir = engine.socket_dir().to_owned();
    engine.kill();
    std::fs::remove_dir_all(socket_dir).unwrap();
}

/// Run by `a_killed_server_leaves_nothing_behind` in a process of its own; alone it does nothing.
#[tokio::test]
async fn helper_server() {
    let Some(root) = std::env::var_os("PORTOLAN_ENGINES_TEST_ROOT") else { return };
    let engine = Postgres::start(config(root.into())).await.unwrap();
    std::fs::write(engine.socket_dir().with_extension("pid"), engine.pid().unwrap().to_string()).unwrap();
    std::future::pending::<()>().await;
}

#[tokio::test]
async fn a_killed_server_leaves_nothing_behind() {
    let dir = scratch();
    let root = dir.path().join("pg");
    let mut server = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "helper_server"])
        .env("PORTOLAN_ENGINES_TEST_ROOT", &root)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let mut pid = 0;
    until("the helper's PostgreSQL starts", || {
        pid = std::fs::read_to_string(root.with_extension("pid")).unwrap_or_default().parse().unwrap_or(0);
        pid != 0
    })
    .await;
    server.kill().unwrap();
    server.wait().unwrap();
    // At once, while the old cluster is perhaps still shutting down.
    let engine = Postgres::start(config(root)).await.unwrap();
    assert!(!alive(pid));
    connect(engine.socket_dir()).await;
    engine.kill();
}
