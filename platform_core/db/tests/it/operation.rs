//! Triggers, history, numbers, the life of connections.

use std::time::Duration;

use kit::{Act, Ctx, Permission};
use serde_json::Value;
use sqlx::{Executor, Row};
use uuid::Uuid;

use crate::support::{Two, WRITE, add_site, sites};

async fn run(ctx: &Ctx, statement: &'static str, id: Uuid) {
    let mut tx = ctx.write(ctx.authorize(WRITE).unwrap()).await.unwrap();
    sqlx::query(statement).bind(id).execute(tx.conn()).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn history_keeps_every_version_with_its_actor_and_without_secrets() {
    let two = Two::new().await;
    let (ctx, id) = (&two.ctx[0], two.site[0]);
    run(ctx, "UPDATE shop.site SET name = 'a2' WHERE id = $1", id).await;
    run(ctx, "DELETE FROM shop.site WHERE id = $1", id).await;
    let mut tx = ctx.read().await.unwrap();
    let rows = sqlx::query(
        "SELECT version, operation, actor, request_id, data FROM shop.site_history WHERE id = $1 ORDER BY at, version",
    )
    .bind(id)
    .fetch_all(tx.conn())
    .await
    .unwrap();
    let steps: Vec<(i64, &str, String)> = rows
        .iter()
        .map(|row| {
            let data: Value = row.get("data");
            assert!(data.get("secret").is_none(), "bytea stays out");
            assert_eq!(row.get::<&str, _>("actor"), ctx.actor().to_string());
            assert_eq!(row.get::<Uuid, _>("request_id"), ctx.request_id());
            (row.get("version"), row.get("operation"), data["name"].as_str().unwrap().to_owned())
        })
        .collect();
    let expected = [(1, "create", "a1"), (2, "update", "a2"), (3, "delete", "a2")];
    assert_eq!(steps, expected.map(|(version, operation, name)| (version, operation, name.to_owned())));
}

#[tokio::test]
async fn touch_counts_versions() {
    let two = Two::new().await;
    run(&two.ctx[0], "UPDATE shop.site SET version = 77, updated_at = 'epoch' WHERE id = $1", two.site[0])
        .await;
    let mut tx = two.ctx[0].read().await.unwrap();
    let row = sqlx::query("SELECT version, updated_at > created_at FROM shop.site")
        .fetch_one(tx.conn())
        .await
        .unwrap();
    assert_eq!((row.get::<i64, _>(0), row.get::<bool, _>(1)), (2, true));
}

#[tokio::test]
async fn numbers_come_in_blocks_per_tenant() {
    let two = Two::new().await;
    for (ctx, count, first) in
        [(&two.ctx[0], 10, 1_i64), (&two.ctx[0], 5, 11), (&two.ctx[1], 1, 1), (&two.ctx[0], 1, 16)]
    {
        let mut tx = ctx.write(ctx.authorize(WRITE).unwrap()).await.unwrap();
        let got: i64 = sqlx::query_scalar("SELECT app.next_numbers('shop.site', $1)")
            .bind(count)
            .fetch_one(tx.conn())
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert_eq!(got, first);
    }
}

#[tokio::test]
async fn requests_and_jobs_have_their_own_time_outs() {
    let two = Two::new().await;
    let job = two.database.ctx_with(
        two.tenants[0],
        two.ctx[0].actor().clone(),
        two.ctx[0].rights().clone(),
        kit::OpKind::Job,
    );
    for (ctx, expected) in [(&two.ctx[0], "10s"), (&job, "2min"), (&two.ctx[0], "10s")] {
        let mut tx = ctx.read().await.unwrap();
        let got: String = sqlx::query_scalar("SELECT current_setting('statement_timeout')")
            .fetch_one(tx.conn())
            .await
            .unwrap();
        assert_eq!(got, expected);
    }
}

#[tokio::test]
async fn killed_connections_are_replaced_without_an_error() {
    let two = Two::new().await;
    // Fill the pool first.
    let held = futures::future::join_all((0..8).map(|_| two.ctx[0].read())).await;
    drop(held);
    let mut superuser = two.database.superuser().await;
    superuser
        .execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'portolan_app'")
        .await
        .unwrap();
    for _ in 0..20 {
        assert_eq!(sites(&two.ctx[0]).await, ["a1"]);
    }
}

#[tokio::test]
async fn an_exhausted_pool_answers_503_and_recovers() {
    let two = Two::new().await;
    let held = futures::future::join_all((0..8).map(|_| two.ctx[0].read())).await;
    let problem = two.ctx[1].read().await.unwrap_err();
    assert_eq!(problem.status.as_u16(), 503);
    drop(held);
    assert_eq!(sites(&two.ctx[1]).await, ["b1"]);
    assert!(two.database.store.ping().await.unwrap() < Duration::from_secs(5));
}

#[tokio::test]
async fn an_undeclared_permission_writes_nothing() {
    let two = Two::new().await;
    let ctx = two.database.ctx(two.tenants[0], &[Permission::new("shop/sites", Act::Read)]);
    assert_eq!(add_site(&ctx, "x").await.unwrap_err().code, "forbidden");
}
