//! The life of jobs.

use std::collections::HashSet;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use kit::{Jobs, NewJob};
use serde_json::json;
use sqlx::{Executor, Row};

use crate::support::{EXECUTE, KIND, World};

const LONG: Duration = Duration::from_mins(1);

#[tokio::test]
async fn a_job_runs_in_the_name_of_whoever_enqueued_it() {
    let world = World::new().await;
    world.start(4, LONG);
    let ctx = world.tenant("acme").await;
    let begun = Instant::now();
    let id = world.add(&ctx, "").await;
    let job = world.until_state(&ctx, id, "completed").await;
    assert!(begun.elapsed() < Duration::from_secs(1), "picked up in {:?}", begun.elapsed());
    assert_eq!((job.result, job.attempt), (json!({"attempt": 1}), 1));
    let runs = world.seen.runs.lock().unwrap();
    assert_eq!((runs[0].0, &runs[0].2), (ctx.tenant(), ctx.actor()));
}

#[tokio::test]
async fn a_job_exists_exactly_when_its_change_does() {
    let world = World::new().await;
    let ctx = world.tenant("acme").await;
    let mut tx = ctx.write(ctx.authorize(EXECUTE).unwrap()).await.unwrap();
    let job = NewJob { kind: KIND, args: json!({}), delay_seconds: 0, unique_key: None };
    let id = world.queue.enqueue(&mut tx, job.clone()).await.unwrap();
    drop(tx);
    let mut tx = ctx.read().await.unwrap();
    assert_eq!(world.queue.get(&mut tx, id).await.unwrap_err().code, "not-found");
    let mut tx = ctx.write(ctx.authorize(EXECUTE).unwrap()).await.unwrap();
    let large = NewJob { args: json!("x".repeat(65 << 10)), ..job };
    assert_eq!(world.queue.enqueue(&mut tx, large).await.unwrap_err().status.as_u16(), 422);
}

#[tokio::test]
async fn a_unique_key_gives_the_job_that_has_it() {
    let world = World::new().await;
    let (a, b) = (world.tenant("acme").await, world.tenant("globex").await);
    let first = world.add_keyed(&a, "", Some("k")).await;
    assert_eq!(world.add_keyed(&a, "", Some("k")).await, first);
    assert_ne!(world.add_keyed(&b, "", Some("k")).await, first);
    world.start(4, LONG);
    world.until_state(&a, first, "completed").await;
    assert_ne!(world.add_keyed(&a, "", Some("k")).await, first, "a finished job gives the key free");
}

#[tokio::test]
async fn errors_are_tried_again_or_not() {
    let world = World::new().await;
    world.start(4, LONG);
    let ctx = world.tenant("acme").await;
    let once = world.add(&ctx, "fail once").await;
    let waiting = world.until_state(&ctx, once, "retryable").await;
    assert_eq!(waiting.error.as_deref(), Some("notyet"), "NUL is no text");
    let mut superuser = world.database.superuser().await;
    superuser.execute("UPDATE app.job SET scheduled_at = now()").await.unwrap();
    let job = world.until_state(&ctx, once, "completed").await;
    assert_eq!((job.attempt, job.error), (2, None));

    let fatal = world.add(&ctx, "fatal").await;
    let job = world.until_state(&ctx, fatal, "discarded").await;
    assert_eq!((job.attempt, job.error.as_deref()), (1, Some("hopeless")));

    let large = world.add(&ctx, "large").await;
    assert!(world.until_state(&ctx, large, "discarded").await.error.unwrap().contains("256 KiB"));

    for what in ["fail", "panic"] {
        let id = world.add(&ctx, what).await;
        for attempt in 1..=3 {
            let job = world.until(&ctx, id, |job| job.attempt == attempt && job.state != "running").await;
            assert_eq!(job.state, if attempt < 3 { "retryable" } else { "discarded" }, "{what}");
            superuser
                .execute("UPDATE app.job SET scheduled_at = now() WHERE state = 'retryable'")
                .await
                .unwrap();
        }
    }
}

#[tokio::test]
async fn cancelling_stops_waiting_and_running_jobs() {
    let world = World::new().await;
    let ctx = world.tenant("acme").await;
    let waiting = world.add(&ctx, "").await;
    let cancel = async |id| {
        let mut tx = ctx.write(ctx.authorize(EXECUTE).unwrap()).await.unwrap();
        let job = world.queue.cancel(&mut tx, id).await.unwrap();
        tx.commit().await.unwrap();
        job
    };
    assert_eq!(cancel(waiting).await.state, "cancelled");
    world.start(4, LONG);
    let running = world.add(&ctx, "wait").await;
    let job = world.until(&ctx, running, |job| job.progress["done"] == 1).await;
    assert_eq!(job.progress, json!({"done": 1, "total": 2, "message": "half", "detail": {"a": 1}}));
    assert_eq!(cancel(running).await.state, "running");
    world.until_state(&ctx, running, "cancelled").await;
    assert_eq!(cancel(running).await.state, "cancelled", "twice is once");
    // Again from the start.
    let mut tx = ctx.write(ctx.authorize(EXECUTE).unwrap()).await.unwrap();
    world.queue.retry(&mut tx, running).await.unwrap();
    tx.commit().await.unwrap();
    world.until(&ctx, running, |job| job.state == "running").await;
    world.seen.release.notify_one();
    assert_eq!(world.until_state(&ctx, running, "completed").await.result, "released");
}

#[tokio::test]
async fn a_try_that_takes_too_long_ends() {
    let world = World::new().await;
    world.start(4, Duration::from_millis(50));
    let ctx = world.tenant("acme").await;
    let id = world.add(&ctx, "wait").await;
    let job = world.until_state(&ctx, id, "retryable").await;
    assert!(job.error.unwrap().starts_with("Not done after"));
}

#[tokio::test]
async fn tenants_take_turns_within_their_caps() {
    let world = World::new().await;
    let (busy, small) = (world.tenant("busy").await, world.tenant("small").await);
    for _ in 0..20 {
        world.add(&busy, "wait").await;
    }
    let late = world.add(&small, "wait").await;
    world.start(3, LONG);
    // Enqueued last, taken among the first three; and two of one kind at most in one tenant.
    world.until_state(&small, late, "running").await;
    while world.seen.runs.lock().unwrap().len() < 3 {
        tokio::task::yield_now().await;
    }
    let tenants: HashSet<_> = world.seen.runs.lock().unwrap().iter().map(|run| run.0).collect();
    assert_eq!(tenants.len(), 2);
    for _ in 0..21 {
        world.seen.release.notify_one();
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(world.seen.most.load(Ordering::SeqCst) <= 2);
}

#[tokio::test]
async fn a_stopping_server_gives_its_jobs_back_uncounted() {
    let mut world = World::new().await;
    let runner = world.start(4, LONG);
    let ctx = world.tenant("acme").await;
    let id = world.add(&ctx, "wait").await;
    world.until(&ctx, id, |job| job.progress["done"] == 1).await;
    std::mem::take(&mut world.stop).cancel();
    runner.stopped().await;
    let job = world.view(&ctx, id).await;
    assert_eq!((job.state.as_str(), job.attempt), ("available", 0));
    world.start(4, LONG);
    world.until_state(&ctx, id, "running").await;
}

#[tokio::test]
async fn jobs_of_a_server_that_died_are_rescued() {
    let world = World::new().await;
    let ctx = world.tenant("acme").await;
    let (again, cancelled, last) =
        (world.add(&ctx, "").await, world.add(&ctx, "").await, world.add(&ctx, "").await);
    let mut superuser = world.database.superuser().await;
    superuser
        .execute(
            "UPDATE app.job SET state = 'running', run_by = gen_random_uuid(), attempt = 1, max_attempts = 3,
                heartbeat_at = now() - interval '61 seconds'",
        )
        .await
        .unwrap();
    for (statement, id) in [
        ("UPDATE app.job SET cancel_requested = true WHERE id = $1", cancelled),
        ("UPDATE app.job SET attempt = 3 WHERE id = $1", last),
    ] {
        sqlx::query(statement).bind(id).execute(&mut superuser).await.unwrap();
    }
    world.start(4, LONG);
    assert_eq!(world.until_state(&ctx, again, "completed").await.attempt, 2);
    world.until_state(&ctx, cancelled, "cancelled").await;
    world.until_state(&ctx, last, "discarded").await;
}

#[tokio::test]
async fn finished_jobs_are_forgotten() {
    let world = World::new().await;
    let ctx = world.tenant("acme").await;
    for _ in 0..3 {
        world.add(&ctx, "").await;
    }
    let mut superuser = world.database.superuser().await;
    superuser
        .execute(
            "UPDATE app.job SET state = 'completed', finished_at = now() - interval '8 days'
             WHERE id = (SELECT min(id::text)::uuid FROM app.job);
             UPDATE app.job SET state = 'discarded', finished_at = now() - interval '8 days'
             WHERE id = (SELECT max(id::text)::uuid FROM app.job)",
        )
        .await
        .unwrap();
    world.start(1, LONG);
    let left = async || {
        let mut superuser = world.database.superuser().await;
        let row = sqlx::query("SELECT count(*) FROM app.job").fetch_one(&mut superuser).await.unwrap();
        row.get::<i64, _>(0)
    };
    while left().await > 2 {
        tokio::task::yield_now().await;
    }
    assert_eq!(left().await, 2, "failed ones stay longer");
}

#[tokio::test]
async fn the_tables_are_isolated_and_fit_the_model() {
    let world = World::new().await;
    assert_eq!(world.database.check_isolation().await, Vec::<String>::new());
    let mut superuser = world.database.superuser().await;
    for field in jobs::JOB.fields {
        let found: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM information_schema.columns
             WHERE table_schema = 'app' AND table_name = 'job' AND column_name = $1",
        )
        .bind(field.name)
        .fetch_one(&mut superuser)
        .await
        .unwrap();
        assert_eq!(found, 1, "{}", field.name);
    }
}

#[tokio::test]
async fn many_small_jobs_pass_quickly() {
    let world = World::new().await;
    let ctx = world.tenant("acme").await;
    let mut tx = ctx.write(ctx.authorize(EXECUTE).unwrap()).await.unwrap();
    let mut last = None;
    for _ in 0..200 {
        let job = NewJob { kind: KIND, args: json!({}), delay_seconds: 0, unique_key: None };
        last = Some(world.queue.enqueue(&mut tx, job).await.unwrap());
    }
    tx.commit().await.unwrap();
    world.start(8, LONG);
    world.until_state(&ctx, last.unwrap(), "completed").await;
    assert_eq!(world.seen.runs.lock().unwrap().len(), 200, "each once");
}
