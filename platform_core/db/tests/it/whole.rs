//! The store as the server opens it: its own PostgreSQL, or a URL with passwords.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use db::{NewTenant, Store, StoreError, StoreOptions, TenantKind};
use engines::{EngineState, Postgres, PostgresConfig};
use kit::{Actor, Ctx, OpKind, PermSet, PermissionRegistry, TenantId};
use sqlx::{Connection, Executor, PgConnection};
use uuid::Uuid;

/// Every account may pass `/tmp`.
fn scratch() -> tempfile::TempDir {
    let dir = tempfile::Builder::new().prefix("ptl-db-").tempdir_in("/tmp").unwrap();
    std::fs::set_permissions(dir.path(), std::os::unix::fs::PermissionsExt::from_mode(0o711)).unwrap();
    dir
}

fn ctx(store: &Store, tenant: TenantId) -> Ctx {
    let rights = Arc::new(PermSet::none(Arc::new(PermissionRegistry::default())));
    Ctx::new(tenant, Actor::System("test"), rights, Uuid::now_v7(), OpKind::Request, Arc::new(store.clone()))
}

async fn tenant(store: &Store) -> TenantId {
    let new = NewTenant { parent: None, kind: TenantKind::Lab, slug: "lab".into(), name: "Lab".into() };
    store.create_tenant(&new).await.unwrap()
}

async fn superuser(socket_dir: &Path, database: &str) -> PgConnection {
    let options = engines::postgres::connect_options(socket_dir)
        .username(engines::postgres::CLUSTER_USER)
        .database(database);
    PgConnection::connect_with(&options).await.unwrap()
}

#[tokio::test]
async fn a_crash_of_the_database_is_a_pause() {
    let dir = scratch();
    let store = Store::open(StoreOptions::embedded(dir.path())).await.unwrap();
    let tenant = tenant(&store).await;
    let ctx = ctx(&store, tenant);
    ctx.read().await.unwrap();
    let pid = std::fs::read_to_string(dir.path().join("postgres/data/postmaster.pid")).unwrap();
    let pid = nix::unistd::Pid::from_raw(pid.lines().next().unwrap().parse().unwrap());
    let mut state = store.engine_state().unwrap();
    nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGKILL).unwrap();
    state.wait_for(|state| *state != EngineState::Ready).await.unwrap();
    // Callers wait for the restart; when it takes longer than their patience they are told to come
    // back, nothing else.
    let deadline = Instant::now() + Duration::from_mins(1);
    while let Err(problem) = ctx.read().await {
        assert_eq!(problem.code, "unavailable", "{problem}");
        assert!(Instant::now() < deadline, "the database does not come back");
    }
    for _ in 0..20 {
        ctx.read().await.unwrap();
    }
    assert_eq!(store.incarnation(), 1);
    store.stop().await;
    drop((ctx, store));
    let again = reopen(dir.path()).await;
    assert_eq!((again.tenants().await.unwrap().len(), again.incarnation()), (1, 1));
    again.stop().await;
}

/// The supervisor's thread gives the directory back a moment after the stop.
async fn reopen(dir: &Path) -> Store {
    for _ in 0..100 {
        match Store::open(StoreOptions::embedded(dir)).await {
            Err(StoreError::Engine(engines::EngineError::InUse { .. })) => {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            outcome => return outcome.unwrap(),
        }
    }
    panic!("the directory stays in use");
}

#[tokio::test]
async fn a_url_with_a_password_works_the_same() {
    let dir = scratch();
    let root = dir.path().join("pg");
    let engine =
        Postgres::start(PostgresConfig { durable: false, ..PostgresConfig::new(&root) }).await.unwrap();
    let mut admin = superuser(engine.socket_dir(), "postgres").await;
    // A database owner without superuser rights, and passwords for everybody.
    admin.execute("CREATE ROLE boss LOGIN CREATEROLE CREATEDB PASSWORD 'p%40ss'").await.unwrap();
    std::fs::write(
        root.join("data/pg_hba.conf"),
        "local all portolan_cluster trust\nlocal all all scram-sha-256\n",
    )
    .unwrap();
    admin.execute("SELECT pg_reload_conf()").await.unwrap();
    let host = engine.socket_dir().to_str().unwrap().replace('/', "%2F");
    let url = |password: &str| format!("postgres://boss:{password}@{host}/portolan_test");

    let wrong = Store::open(StoreOptions::external(url("wrong"))).await.unwrap_err().to_string();
    assert!(wrong.contains("connect to the database"), "{wrong}");
    assert!(!wrong.contains("wrong@"), "no password in an error");
    let bad = Store::open(StoreOptions::external("mysql://x")).await.unwrap_err();
    assert!(matches!(bad, StoreError::BadUrl), "{bad}");

    let store = Store::open(StoreOptions::external(url("p%2540ss"))).await.unwrap();
    let tenant = tenant(&store).await;
    ctx(&store, tenant).read().await.unwrap();
    assert_eq!(store.audit().await.unwrap(), []);
    // A second server with the same URL.
    let second = Store::open(StoreOptions::external(url("p%2540ss"))).await.unwrap();
    ctx(&second, tenant).read().await.unwrap();
    ctx(&store, tenant).read().await.unwrap();

    // A copy of the database is another one: transaction ids do not compare any more.
    store.stop().await;
    second.stop().await;
    admin.execute("CREATE DATABASE copy TEMPLATE portolan_test OWNER boss").await.unwrap();
    let copy =
        Store::open(StoreOptions::external(url("p%2540ss").replace("portolan_test", "copy"))).await.unwrap();
    assert_eq!((store.incarnation(), copy.incarnation()), (1, 2));
    copy.stop().await;
    engine.kill();
}
