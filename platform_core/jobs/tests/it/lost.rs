//! Servers that stop, and servers that vanish.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::{Setup, World};

#[tokio::test]
async fn a_stopping_server_gives_its_jobs_back_uncounted() {
    for what in ["wait", "stubborn", "deaf"] {
        let mut world = World::new().await;
        let grace = Duration::from_millis(200);
        let runner = world.start_with(&Setup { grace, ..Setup::default() });
        let ctx = world.tenant("acme").await;
        let id = world.add(&ctx, what).await;
        world.until_runs(1).await;
        std::mem::take(&mut world.stop).cancel();
        runner.stopped().await;
        let job = world.view(&ctx, id).await;
        assert_eq!((job.state.as_str(), job.attempt, job.error), ("available", 0, None), "{what}");
        world.start();
        world.until_state(&ctx, id, "running").await;
    }
}

#[tokio::test]
async fn a_stopping_server_lets_jobs_finish_that_do_so_in_time() {
    let world = World::new().await;
    let runner = world.start();
    let ctx = world.tenant("acme").await;
    let mut ids = Vec::new();
    for _ in 0..50 {
        ids.push(world.add(&ctx, "").await);
    }
    world.stop.cancel();
    runner.stopped().await;
    for id in ids {
        let job = world.view(&ctx, id).await;
        assert!(["completed", "available"].contains(&job.state.as_str()), "{job:?}");
        assert_eq!(job.attempt, i64::from(job.state == "completed"));
    }
}

/// Makes all jobs look as if a process had them that is gone.
const GONE: &str = "UPDATE app.job SET state = 'running', attempt = 1, lease = gen_random_uuid(),
    instance = gen_random_uuid(), server = 'here', started_at = now(), heartbeat_at = now()";

#[tokio::test]
async fn jobs_of_an_earlier_process_go_on_at_once() {
    let world = World::new().await;
    let ctx = world.tenant("acme").await;
    let (again, cancelled, poison) =
        (world.add(&ctx, "").await, world.add(&ctx, "").await, world.add(&ctx, "").await);
    world.sql(GONE).await;
    let mut superuser = world.database.superuser().await;
    for (statement, id) in [
        ("UPDATE app.job SET cancel_requested = true WHERE id = $1", cancelled),
        ("UPDATE app.job SET lost = 9 WHERE id = $1", poison),
    ] {
        sqlx::query(statement).bind(id).execute(&mut superuser).await.unwrap();
    }
    let begun = Instant::now();
    world.start();
    let job = world.until_state(&ctx, again, "completed").await;
    assert!(begun.elapsed() < Duration::from_millis(900), "not at once: {:?}", begun.elapsed());
    assert_eq!((job.attempt, job.result), (1, Some(json!({"attempt": 1}))), "a rescue burns no attempt");
    assert_eq!(world.view(&ctx, cancelled).await.state, "cancelled");
    let job = world.view(&ctx, poison).await;
    assert_eq!(job.state, "discarded");
    assert!(job.error.unwrap().starts_with("The server ended 10 times"));
}

#[tokio::test]
async fn jobs_of_other_servers_are_left_alone_while_they_beat() {
    let world = World::new().await;
    let ctx = world.tenant("acme").await;
    let (beating, silent) = (world.add(&ctx, "").await, world.add(&ctx, "").await);
    world.sql(GONE).await;
    world.sql("UPDATE app.job SET server = 'elsewhere'").await;
    sqlx::query("UPDATE app.job SET heartbeat_at = now() - interval '61 seconds' WHERE id = $1")
        .bind(silent)
        .execute(&mut world.database.superuser().await)
        .await
        .unwrap();
    world.start();
    world.until_state(&ctx, silent, "completed").await;
    assert_eq!(world.view(&ctx, beating).await.state, "running");
}

#[tokio::test]
async fn who_lost_the_lease_writes_nothing_any_more() {
    let world = World::new().await;
    world.start();
    let ctx = world.tenant("acme").await;
    let id = world.add(&ctx, "wait").await;
    world.until(&ctx, id, |job| job.progress.done == 1).await;
    world
        .sql(
            "UPDATE app.job SET lease = gen_random_uuid(), instance = gen_random_uuid(), server = 'elsewhere',
                 attempt = 2",
        )
        .await;
    let mut live = world.queue.watch(id);
    live.mark_unchanged();
    world.seen.release.notify_one();
    let ended = tokio::time::timeout(Duration::from_secs(10), live.wait_for(|live| live.turns > 0)).await;
    assert!(ended.unwrap().is_ok(), "the try ended here");
    let job = world.view(&ctx, id).await;
    assert_eq!((job.state.as_str(), job.attempt, job.result), ("running", 2, None));
}

#[tokio::test]
async fn ends_wait_for_the_database() {
    let world = World::new().await;
    world.start();
    let ctx = world.tenant("acme").await;
    let id = world.add(&ctx, "wait").await;
    world.until_runs(1).await;
    // Every connection of the runner breaks and no new one is let in, while the try ends.
    world
        .sql("DO $$BEGIN EXECUTE format('ALTER DATABASE %I CONNECTION LIMIT 0', current_database()); END$$")
        .await;
    let broken = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                  WHERE usename = 'portolan_relay' AND datname = current_database()";
    world.sql(broken).await;
    world.seen.release.notify_one();
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(world.view(&ctx, id).await.state, "running");
    world
        .sql("DO $$BEGIN EXECUTE format('ALTER DATABASE %I CONNECTION LIMIT -1', current_database()); END$$")
        .await;
    assert_eq!(world.until_state(&ctx, id, "completed").await.result, Some(json!("released")));
}
