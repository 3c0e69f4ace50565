//! The migration runner.

use db::StoreError;
use db::testing::TestDatabase;
use kit::plugin::Migration;
use sqlx::Row;

const ONE: Migration =
    Migration { version: 1, name: "one", sql: "CREATE SCHEMA m; CREATE TABLE m.a (id int)" };
const TWO: Migration = Migration { version: 2, name: "two", sql: "CREATE TABLE m.b (id int)" };
const LIST: &[Migration] = &[ONE, TWO];

#[tokio::test]
async fn they_run_once_and_in_order() {
    let store = TestDatabase::new(&[]).await;
    let applied = store.store.migrate(&[("m", LIST)]).await.unwrap();
    assert_eq!(applied.iter().map(|a| a.version).collect::<Vec<_>>(), [1, 2]);
    assert!(store.store.migrate(&[("m", LIST)]).await.unwrap().is_empty());
}

#[tokio::test]
async fn servers_that_start_together_do_not_collide() {
    let database = TestDatabase::new(&[]).await;
    let runs = (0..4).map(|_| database.store.migrate(&[("m", LIST)]));
    let applied: usize =
        futures::future::join_all(runs).await.into_iter().map(|run| run.unwrap().len()).sum();
    assert_eq!(applied, 2);
}

#[tokio::test]
async fn mistakes_are_named() {
    const CHANGED: &[Migration] = &[Migration { sql: "SELECT 1", ..ONE }, TWO];
    const SHORTER: &[Migration] = &[ONE];
    const LATE: &[Migration] = &[ONE, TWO, Migration { version: 4, name: "four", sql: "SELECT 1" }];
    const FILLED: &[Migration] = &[
        ONE,
        TWO,
        Migration { version: 3, name: "three", sql: "SELECT 1" },
        Migration { version: 4, name: "four", sql: "SELECT 1" },
    ];
    const BROKEN: &[Migration] =
        &[Migration { version: 1, name: "broken", sql: "CREATE SCHEMA n; CREATE TABLE oops" }];
    const UNQUALIFIED: &[Migration] =
        &[Migration { version: 1, name: "unqualified", sql: "CREATE TABLE t (id int)" }];
    const NOT_READY: &[Migration] = &[Migration {
        version: 1,
        name: "not ready",
        sql: "CREATE SCHEMA o; CREATE TABLE o.t (id uuid); SELECT app.make_tenant_table('o.t')",
    }];
    let database = TestDatabase::new(&[("m", LIST)]).await;
    let store = &database.store;
    let error = |list: &'static [Migration], plugin| async move {
        store.migrate(&[(plugin, list)]).await.unwrap_err().to_string()
    };
    assert!(matches!(store.migrate(&[("m", CHANGED)]).await, Err(StoreError::Changed { version: 1, .. })));
    assert!(matches!(store.migrate(&[("m", SHORTER)]).await, Err(StoreError::Newer { version: 2, .. })));
    store.migrate(&[("m", LATE)]).await.unwrap();
    assert!(matches!(store.migrate(&[("m", FILLED)]).await, Err(StoreError::Order { version: 3, .. })));
    assert!(error(BROKEN, "n").await.contains("migration n/1 (broken) failed"));
    assert!(error(UNQUALIFIED, "u").await.contains("no schema has been selected"));
    let missing = error(NOT_READY, "o").await;
    assert!(missing.contains("needs the column \"id uuid NOT NULL\""), "{missing}");
    // Nothing of a failed migration stays.
    let mut connection = database.superuser().await;
    let left: i64 = sqlx::query("SELECT count(*) FROM pg_namespace WHERE nspname IN ('n', 'o')")
        .fetch_one(&mut connection)
        .await
        .unwrap()
        .get(0);
    assert_eq!(left, 0);
}
