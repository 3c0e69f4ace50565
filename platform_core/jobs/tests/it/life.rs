//! The life of jobs.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use jobs::Queue;
use kit::{Jobs, NewJob};
use serde_json::json;

use crate::support::{KIND, STEER, Setup, World, job};

#[tokio::test]
async fn a_job_runs_in_the_name_of_whoever_enqueued_it() {
    let world = World::new().await;
    let runner = world.start();
    let ctx = world.tenant("acme").await;
    let id = world.add(&ctx, "").await;
    let job = world.until_state(&ctx, id, "completed").await;
    assert_eq!((job.result, job.attempt, job.error), (Some(json!({"attempt": 1})), 1, None));
    assert!(job.created_at <= job.started_at.unwrap() && job.started_at < job.finished_at);
    assert_eq!(job.created_by, ctx.actor().to_string());
    let runs = world.seen.runs.lock().unwrap().clone();
    assert_eq!((runs[0].0, &runs[0].2), (ctx.tenant(), ctx.actor()));
    world.stop.cancel();
    runner.stopped().await;
    let mut superuser = world.database.superuser().await;
    let events: Vec<String> = sqlx::query_scalar("SELECT type FROM app.event ORDER BY seq")
        .fetch_all(&mut superuser)
        .await
        .unwrap();
    assert_eq!(events, ["job.created", "job.started", "job.completed"]);
}

#[tokio::test]
async fn a_job_exists_exactly_when_its_change_does() {
    let world = World::new().await;
    world.start();
    let ctx = world.tenant("acme").await;
    let mut tx = ctx.write(ctx.authorize(STEER).unwrap()).await.unwrap();
    let id = world.queue.enqueue(&mut tx, job("")).await.unwrap();
    drop(tx);
    let mut tx = ctx.read().await.unwrap();
    assert!(world.queue.get(&mut tx, id).await.unwrap().is_none());
    let id = world.add(&ctx, "").await;
    world.until_state(&ctx, id, "completed").await;
    assert_eq!(world.seen.runs.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn what_cannot_be_stored_is_refused_with_its_field() {
    let world = World::new().await;
    let ctx = world.tenant("acme").await;
    let mut tx = ctx.write(ctx.authorize(STEER).unwrap()).await.unwrap();
    for (wrong, pointer) in [
        (NewJob { args: json!("x".repeat(65 << 10)), ..job("") }, "/args"),
        (NewJob { args: json!({"a": ["\0"]}), ..job("") }, "/args"),
        (NewJob { unique_key: Some(String::new()), ..job("") }, "/unique_key"),
        (NewJob { unique_key: Some("k".repeat(201)), ..job("") }, "/unique_key"),
    ] {
        let problem = world.queue.enqueue(&mut tx, wrong).await.unwrap_err();
        assert_eq!((problem.status.as_u16(), problem.errors[0].pointer.as_str()), (422, pointer));
    }
    drop(tx);
    world.start();
    let mut tx = ctx.write(ctx.authorize(STEER).unwrap()).await.unwrap();
    let unknown = NewJob { kind: "test.unknown", ..job("") };
    assert_eq!(world.queue.enqueue(&mut tx, unknown).await.unwrap_err().status.as_u16(), 500);
}

#[tokio::test]
async fn a_tenant_cannot_fill_the_queue() {
    let world = World::new().await;
    let ctx = world.tenant("acme").await;
    world
        .sql(
            "INSERT INTO app.job (tenant_id, id, number, kind, args, state, created_by, request_id)
             SELECT t.id, gen_random_uuid(), 1000000 + n, 'test.thing', '{}', 'available', 'x', t.id
             FROM app.tenant t, generate_series(1, 9999) AS n WHERE t.slug = 'acme'",
        )
        .await;
    world.add(&ctx, "").await;
    let mut tx = ctx.write(ctx.authorize(STEER).unwrap()).await.unwrap();
    assert_eq!(world.queue.enqueue(&mut tx, job("")).await.unwrap_err().code, "quota-exceeded");
    let other = world.tenant("globex").await;
    world.add(&other, "").await;
}

#[tokio::test]
async fn a_unique_key_gives_the_job_that_has_it() {
    let world = World::new().await;
    let (a, b) = (world.tenant("acme").await, world.tenant("globex").await);
    let keyed = || NewJob { unique_key: Some("k".to_owned()), ..job("") };
    let first = world.enqueue(&a, keyed()).await;
    assert_eq!(world.enqueue(&a, keyed()).await, first);
    assert_ne!(world.enqueue(&b, keyed()).await, first);
    // Somebody else inserts it in a transaction that is still open.
    let other = || NewJob { unique_key: Some("o".to_owned()), ..job("") };
    let mut open = a.write(a.authorize(STEER).unwrap()).await.unwrap();
    let winner = world.queue.enqueue(&mut open, other()).await.unwrap();
    let (loser, ()) = tokio::join!(world.enqueue(&a, other()), async { open.commit().await.unwrap() });
    assert_eq!(loser, winner);
    world.start();
    world.until_state(&a, first, "completed").await;
    assert_ne!(world.enqueue(&a, keyed()).await, first, "a finished job gives the key free");
}

#[tokio::test]
async fn errors_are_tried_again_or_not() {
    let world = World::new().await;
    world.start();
    let ctx = world.tenant("acme").await;
    let once = world.add(&ctx, "fail once").await;
    let waiting = world.until_state(&ctx, once, "retryable").await;
    assert_eq!(waiting.error.as_deref(), Some("notyet"), "NUL is no text");
    // After the first failure it waits a second, by itself.
    let job = world.until_state(&ctx, once, "completed").await;
    assert_eq!((job.attempt, job.error), (2, None));
    assert!(job.started_at.unwrap() - waiting.started_at.unwrap() > chrono::TimeDelta::milliseconds(850));

    for (what, error) in [("fatal", "hopeless"), ("large", "The result is larger than 1 MiB.")] {
        let id = world.add(&ctx, what).await;
        let job = world.until_state(&ctx, id, "discarded").await;
        assert_eq!((job.attempt, job.error.as_deref()), (1, Some(error)));
    }
    let nul = world.add(&ctx, "nul").await;
    assert_eq!(world.until_state(&ctx, nul, "completed").await.result, Some(json!({"a": "b"})));

    for (what, error) in [("fail", "never"), ("panic", "The job panicked: on purpose")] {
        let id = world.add(&ctx, what).await;
        for attempt in 1..=3 {
            let job = world.until(&ctx, id, |job| job.attempt == attempt && job.state != "running").await;
            assert_eq!(job.state, if attempt < 3 { "retryable" } else { "discarded" }, "{what}");
            assert_eq!(job.error.as_deref(), Some(error));
            world.sql("UPDATE app.job SET scheduled_at = now() WHERE state = 'retryable'").await;
        }
        let tries: i32 = sqlx::query_scalar("SELECT jsonb_array_length(errors) FROM app.job WHERE id = $1")
            .bind(id)
            .fetch_one(&mut world.database.superuser().await)
            .await
            .unwrap();
        assert_eq!(tries, 3);
    }
}

#[tokio::test]
async fn delayed_jobs_wait() {
    let world = World::new().await;
    world.start();
    let ctx = world.tenant("acme").await;
    let id = world.enqueue(&ctx, NewJob { delay_seconds: 1, ..job("") }).await;
    assert_eq!(world.view(&ctx, id).await.state, "scheduled");
    let job = world.until_state(&ctx, id, "completed").await;
    assert!(job.started_at.unwrap() - job.created_at >= chrono::TimeDelta::seconds(1));
}

#[tokio::test]
async fn cancelling_stops_waiting_and_running_jobs() {
    let world = World::new().await;
    let ctx = world.tenant("acme").await;
    let waiting = world.add(&ctx, "").await;
    world.cancel(&world.queue, &ctx, waiting).await;
    assert_eq!(world.view(&ctx, waiting).await.state, "cancelled");
    world.start();
    let running = world.add(&ctx, "wait").await;
    let job = world.until(&ctx, running, |job| job.progress.done == 1).await;
    assert_eq!(json!(job.progress), json!({"done": 1, "total": 2, "message": "half", "detail": {"a": 1}}));
    let begun = Instant::now();
    world.cancel(&world.queue, &ctx, running).await;
    world.until_state(&ctx, running, "cancelled").await;
    assert!(begun.elapsed() < Duration::from_millis(500), "in this process: {:?}", begun.elapsed());
    world.cancel(&world.queue, &ctx, running).await;

    // Whatever the handler says about it, and through another process.
    let elsewhere = Queue::new(world.database.store.clone());
    for what in ["wait", "stubborn"] {
        let id = world.add(&ctx, what).await;
        world.until_state(&ctx, id, "running").await;
        world.cancel(&elsewhere, &ctx, id).await;
        world.until_state(&ctx, id, "cancelled").await;
    }
    // Again from the start.
    let mut tx = ctx.write(ctx.authorize(jobs::EXECUTE).unwrap()).await.unwrap();
    world.queue.retry(&mut tx, running).await.unwrap();
    tx.commit().await.unwrap();
    world.until_state(&ctx, running, "running").await;
    world.seen.release.notify_one();
    let job = world.until_state(&ctx, running, "completed").await;
    assert_eq!((job.result, job.attempt), (Some(json!("released")), 1));
}

#[tokio::test]
async fn who_does_not_listen_is_dropped() {
    let world = World::new().await;
    world.start_with(&Setup { grace: Duration::from_millis(50), ..Setup::default() });
    let ctx = world.tenant("acme").await;
    let id = world.add(&ctx, "deaf").await;
    world.until_state(&ctx, id, "running").await;
    world.cancel(&world.queue, &ctx, id).await;
    world.until_state(&ctx, id, "cancelled").await;
}

#[tokio::test]
async fn a_try_that_takes_too_long_ends() {
    let world = World::new().await;
    world.start_with(&Setup { timeout: Duration::from_millis(50), ..Setup::default() });
    let ctx = world.tenant("acme").await;
    let id = world.add(&ctx, "deaf").await;
    let job = world.until_state(&ctx, id, "retryable").await;
    assert_eq!(job.error.as_deref(), Some("Not done after 0.05 s, the longest a try may take."));
}

#[tokio::test]
async fn the_last_progress_is_kept_and_stored_rarely() {
    let world = World::new().await;
    world.start();
    let ctx = world.tenant("acme").await;
    let id = world.add(&ctx, "count").await;
    let job = world.until_state(&ctx, id, "completed").await;
    assert_eq!((job.progress.done, job.progress.message.as_str()), (1000, "1000"));
    let version: i64 = sqlx::query_scalar("SELECT version FROM app.job WHERE id = $1")
        .bind(id)
        .fetch_one(&mut world.database.superuser().await)
        .await
        .unwrap();
    assert!(version < 10, "{version} writes for 1000 reports");
}

#[tokio::test]
async fn tenants_take_turns_within_their_caps() {
    let world = World::new().await;
    let (busy, small) = (world.tenant("busy").await, world.tenant("small").await);
    for _ in 0..20 {
        world.add(&busy, "wait").await;
    }
    let late = world.add(&small, "wait").await;
    world.start_with(&Setup { workers: 2, ..Setup::default() });
    // Enqueued last, taken among the first two.
    world.until_state(&small, late, "running").await;
    world.until_runs(2).await;
    let tenants: HashSet<_> = world.seen.runs.lock().unwrap().iter().map(|run| run.0).collect();
    assert_eq!(tenants.len(), 2);
}

#[tokio::test]
async fn caps_hold_over_all_servers() {
    let world = World::new().await;
    let ctx = world.tenant("acme").await;
    let mut all = Vec::new();
    for _ in 0..30 {
        all.push(world.add(&ctx, "").await);
    }
    let elsewhere = Queue::new(world.database.store.clone());
    // A server that starts takes back what ran under its name.
    for (queue, server) in [(&world.queue, "here"), (&elsewhere, "elsewhere")] {
        world.start_on(queue, &Setup { workers: 8, server, ..Setup::default() });
    }
    for id in all {
        world.until_state(&ctx, id, "completed").await;
    }
    assert_eq!(world.seen.runs.lock().unwrap().len(), 30, "each once");
    let most = *world.seen.most.lock().unwrap();
    assert!((1..=2).contains(&most), "{most} of one kind at once in one tenant");
}

#[tokio::test]
async fn one_tenant_has_a_cap_over_all_kinds() {
    let world = World::new().await;
    let ctx = world.tenant("acme").await;
    for kind in [KIND, crate::support::SMALL] {
        for _ in 0..3 {
            world.enqueue(&ctx, NewJob { kind, ..job("wait") }).await;
        }
    }
    world.start_with(&Setup { workers: 8, per_tenant: 3, ..Setup::default() });
    world.until_runs(3).await;
    for runs in 4..=6 {
        assert_eq!(world.seen.runs.lock().unwrap().len(), runs - 1);
        world.seen.release.notify_one();
        world.until_runs(runs).await;
    }
    assert_eq!(*world.seen.most.lock().unwrap(), 3);
}

#[tokio::test]
async fn jobs_of_a_suspended_tenant_wait() {
    let world = World::new().await;
    let (a, b) = (world.tenant("acme").await, world.tenant("globex").await);
    let held = world.add(&a, "").await;
    world.sql("UPDATE app.tenant SET status = 'suspended' WHERE slug = 'acme'").await;
    let free = world.add(&b, "").await;
    world.start();
    world.until_state(&b, free, "completed").await;
    assert_eq!(world.view(&a, held).await.state, "available");
    world.sql("UPDATE app.tenant SET status = 'active' WHERE slug = 'acme'").await;
    world.until_state(&a, held, "completed").await;
}

#[tokio::test]
async fn finished_jobs_are_forgotten_in_time() {
    let world = World::new().await;
    let ctx = world.tenant("acme").await;
    world
        .sql(
            "INSERT INTO app.job (tenant_id, id, number, kind, args, state, finished_at, created_by, request_id)
             SELECT t.id, gen_random_uuid(), 1000000 + row_number() OVER (), s.state || s.hours, '{}', s.state,
                    now() - make_interval(hours => s.hours), 'x', t.id
             FROM app.tenant t, (VALUES ('completed', 23), ('completed', 25), ('cancelled', 25),
                                        ('discarded', 25), ('discarded', 169)) AS s (state, hours)
             WHERE t.slug = 'acme'",
        )
        .await;
    world.start();
    let id = world.add(&ctx, "").await;
    world.until_state(&ctx, id, "completed").await;
    let mut superuser = world.database.superuser().await;
    let begun = Instant::now();
    loop {
        let left: Vec<String> = sqlx::query_scalar("SELECT kind FROM app.job WHERE id <> $1 ORDER BY kind")
            .bind(id)
            .fetch_all(&mut superuser)
            .await
            .unwrap();
        if left == ["completed23", "discarded25"] {
            break;
        }
        assert!(begun.elapsed() < Duration::from_secs(10), "{left:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn the_table_is_isolated() {
    let world = World::new().await;
    assert_eq!(world.database.check_isolation().await, Vec::<String>::new());
}
