//! What one tenant may try against another.

use std::sync::Arc;

use db::Gate;
use kit::{Actor, Ctx, OpKind, PermSet, Permission, PermissionRegistry, Problem};
use sqlx::error::DatabaseError;
use sqlx::{Executor, Row};
use uuid::Uuid;

use crate::support::{Two, WRITE, add_site, sites};

fn code(error: &sqlx::Error) -> String {
    error.as_database_error().and_then(DatabaseError::code).unwrap_or_default().into_owned()
}

#[tokio::test]
async fn each_tenant_sees_its_own_rows_on_reused_connections() {
    let two = Two::new().await;
    // Far more transactions than the pool has connections, in turns.
    for _ in 0..40 {
        assert_eq!(sites(&two.ctx[0]).await, ["a1"]);
        assert_eq!(sites(&two.ctx[1]).await, ["b1"]);
        let mut tx = two.database.store.tenantless().await.unwrap();
        // The setting reads back as '' on a used connection: no row, and no error about a uuid.
        let count: i64 =
            sqlx::query_scalar("SELECT count(*) FROM shop.site").fetch_one(tx.conn()).await.unwrap();
        assert_eq!(count, 0);
    }
}

#[tokio::test]
async fn aborted_futures_leave_no_tenant_behind() {
    let two = Two::new().await;
    let tasks: Vec<_> = (0..200)
        .map(|n| {
            let ctx = two.ctx[n % 2].clone();
            tokio::spawn(async move {
                let mut tx = ctx.write(ctx.authorize(WRITE).unwrap()).await.unwrap();
                sqlx::query("INSERT INTO shop.site (id, name) VALUES ($1, 'leak')")
                    .bind(Uuid::now_v7())
                    .execute(tx.conn())
                    .await
                    .unwrap();
                sqlx::query("SELECT pg_sleep(30)").execute(tx.conn()).await.unwrap();
            })
        })
        .collect();
    for (n, task) in tasks.iter().enumerate() {
        if n % 7 == 0 {
            tokio::task::yield_now().await;
        }
        task.abort();
    }
    for task in tasks {
        assert!(task.await.unwrap_err().is_cancelled());
    }
    for _ in 0..20 {
        let mut tx = two.database.store.tenantless().await.unwrap();
        let row = sqlx::query("SELECT count(*), app.tenant_id() FROM shop.site")
            .fetch_one(tx.conn())
            .await
            .unwrap();
        assert_eq!((row.get::<i64, _>(0), row.get::<Option<Uuid>, _>(1)), (0, None));
        assert_eq!(sites(&two.ctx[0]).await, ["a1"]);
    }
}

#[tokio::test]
async fn foreign_ids_are_like_absent_ones() {
    let two = Two::new().await;
    let ctx = &two.ctx[0];
    let mut tx = ctx.write(ctx.authorize(WRITE).unwrap()).await.unwrap();
    for id in [two.site[1], Uuid::now_v7()] {
        for statement in
            ["UPDATE shop.site SET name = 'mine' WHERE id = $1", "DELETE FROM shop.site WHERE id = $1"]
        {
            let done = sqlx::query(statement).bind(id).execute(tx.conn()).await.unwrap();
            assert_eq!(done.rows_affected(), 0);
        }
        // A reference to it, through a composite key: the same words for foreign and absent.
        sqlx::raw_sql("SAVEPOINT s").execute(tx.conn()).await.unwrap();
        let error = sqlx::query("INSERT INTO shop.rack (id, site_id, parts) VALUES ($1, $2, '{}')")
            .bind(Uuid::now_v7())
            .bind(id)
            .execute(tx.conn())
            .await
            .unwrap_err();
        assert_eq!(code(&error), "23503");
        assert_eq!(Problem::from(error).code, "reference");
        sqlx::raw_sql("ROLLBACK TO s").execute(tx.conn()).await.unwrap();
    }
    drop(tx);
    assert_eq!(sites(&two.ctx[1]).await, ["b1"]);
}

#[tokio::test]
async fn the_runtime_role_can_do_nothing_else() {
    let two = Two::new().await;
    let ctx = &two.ctx[0];
    let theirs = two.tenants[1].0;
    for (statement, expected) in [
        ("INSERT INTO shop.site (tenant_id, id, name) VALUES ($1, gen_random_uuid(), 'x')", "42501"),
        ("UPDATE shop.site SET tenant_id = $1", "42501"),
        ("UPDATE shop.log SET id = $1", "42501"),
        ("UPDATE app.tenant SET name = 'x' WHERE id <> $1", "42501"),
        ("UPDATE shop.site_history SET id = $1", "42501"),
        ("INSERT INTO app.tenant (id, kind, slug, name) VALUES ($1, 'lab', 'x', 'x')", "42501"),
    ] {
        let mut tx = ctx.write(ctx.authorize(WRITE).unwrap()).await.unwrap();
        let error = sqlx::query(statement).bind(theirs).execute(tx.conn()).await.unwrap_err();
        assert_eq!(code(&error), expected, "{statement}: {error}");
    }
    for statement in [
        "TRUNCATE shop.site",
        "DROP POLICY tenant_isolation ON shop.site",
        "ALTER TABLE shop.site DISABLE ROW LEVEL SECURITY",
        "SET ROLE portolan_owner",
        "SET ROLE portolan_backfill",
        "CREATE TABLE shop.x (id int)",
        "CREATE SCHEMA x",
        "SELECT app.make_tenant_table('shop.site')",
        "SELECT app.open_instance()",
        "SET session_replication_role = replica",
    ] {
        let mut tx = ctx.write(ctx.authorize(WRITE).unwrap()).await.unwrap();
        let error = tx.conn().execute(statement).await.unwrap_err();
        assert_eq!(code(&error), "42501", "{statement}: {error}");
    }
    let mut tx = ctx.read().await.unwrap();
    let error = tx.conn().execute("DELETE FROM shop.site").await.unwrap_err();
    assert_eq!(code(&error), "25006", "a read transaction cannot write");
}

#[tokio::test]
async fn the_relay_role_sees_no_product() {
    let two = Two::new().await;
    let mut tx = two.database.store.relay().await.unwrap();
    let error = tx.conn().execute("SELECT * FROM shop.site").await.unwrap_err();
    assert_eq!(code(&error), "42501");
}

#[tokio::test]
async fn sql_in_a_string_is_a_string() {
    let two = Two::new().await;
    let ctx = &two.ctx[0];
    for text in [
        "'; DROP TABLE shop.site; --",
        "' OR '1'='1",
        "$1",
        "\\'; SELECT 1",
        "a\u{feff}\"b",
        "{}",
        "%s",
        "' || pg_sleep(9) || '",
    ] {
        add_site(ctx, text).await.unwrap();
        assert!(sites(ctx).await.iter().any(|name| name == text));
    }
    // PostgreSQL's texts hold no NUL: a clear 422, not a broken connection.
    let problem = add_site(ctx, "a\0b").await.unwrap_err();
    assert_eq!(problem.status.as_u16(), 422, "{problem}");
    assert_eq!(sites(&two.ctx[1]).await, ["b1"]);
    // The actor's name is the only text that goes into BEGIN.
    let rights = Arc::new(PermSet::none(Arc::new(PermissionRegistry::default())));
    let evil = two.database.ctx_with(
        two.tenants[0],
        Actor::System("x'; SET LOCAL app.current_tenant='00000000-0000-0000-0000-000000000000"),
        rights,
        OpKind::Request,
    );
    assert_eq!(sites(&evil).await.len(), sites(ctx).await.len());
}

#[tokio::test]
async fn a_login_lookup_answers_only_through_the_allowed_function() {
    let two = Two::new().await;
    let mut tx = two.database.store.tenantless().await.unwrap();
    let row = sqlx::query("SELECT tenant_id, id FROM shop.find_site($1)")
        .bind("b1")
        .fetch_one(tx.conn())
        .await
        .unwrap();
    assert_eq!((row.get::<Uuid, _>(0), row.get::<Uuid, _>(1)), (two.tenants[1].0, two.site[1]));
    let error = tx.conn().execute("INSERT INTO shop.log (id) VALUES (gen_random_uuid())").await.unwrap_err();
    assert_eq!(code(&error), "25006");
}

#[tokio::test]
async fn rights_and_the_gate_are_asked_first() {
    struct Closed;
    impl Gate for Closed {
        fn check(&self, _: &Ctx, write: bool) -> Result<(), Problem> {
            if write { Err(Problem::conflict("tenant-suspended", "Suspended.")) } else { Ok(()) }
        }
    }
    let two = Two::new().await;
    let ctx = &two.ctx[0];
    let delete = Permission::new("shop/sites", kit::Act::Delete);
    assert_eq!(ctx.authorize(delete).unwrap_err().code, "forbidden");
    assert!(two.database.store.set_gate(Arc::new(Closed)));
    assert_eq!(ctx.write(ctx.authorize(WRITE).unwrap()).await.err().unwrap().code, "tenant-suspended");
    assert_eq!(sites(ctx).await, ["a1"]);
}
