//! How fast. The numbers are printed by `cargo test -p jobs -- --nocapture speed`; none is asserted.

use std::time::{Duration, Instant};

use kit::{Jobs, NewJob};
use serde_json::json;

use crate::support::{SMALL, STEER, Setup, World, job};

#[tokio::test]
async fn many_small_jobs_run_once_each() {
    let world = World::new().await;
    let ctx = world.tenant("acme").await;
    let mut tx = ctx.write(ctx.authorize(STEER).unwrap()).await.unwrap();
    for n in 0..300 {
        let job = NewJob { kind: SMALL, args: json!({ "n": n }), ..job("") };
        world.queue.enqueue(&mut tx, job).await.unwrap();
    }
    tx.commit().await.unwrap();
    world.start_with(&Setup { workers: 32, ..Setup::default() });
    world.until_runs(300).await;
    while !world.queue.depth().await.unwrap().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let mut numbers: Vec<i64> =
        world.seen.runs.lock().unwrap().iter().map(|run| run.1["n"].as_i64().unwrap()).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (0..300).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn speed() {
    let world = World::new().await;
    let ctx = world.tenant("acme").await;
    world.start_with(&Setup { workers: 100, per_tenant: u16::MAX, ..Setup::default() });
    let mut waits = Vec::new();
    for n in 0..100 {
        world.enqueue(&ctx, NewJob { kind: SMALL, ..job("") }).await;
        let enqueued = Instant::now();
        world.until_runs(n + 1).await;
        let started = world.seen.runs.lock().unwrap()[n].3;
        waits.push(started.saturating_duration_since(enqueued));
    }
    waits.sort_unstable();
    eprintln!("committed to started: p50 {:?}, p99 {:?}", waits[50], waits[98]);
    world
        .sql(
            "INSERT INTO app.job (tenant_id, id, number, kind, args, state, created_by, request_id)
             SELECT t.id, gen_random_uuid(), 1000000 + n, 'test.small', '{}', 'available', 'x', t.id
             FROM app.tenant t, generate_series(1, 1000) AS n WHERE t.slug = 'acme'",
        )
        .await;
    let begun = Instant::now();
    world.until_runs(1_100).await;
    eprintln!("{:.0} empty jobs a second", 1_000.0 / begun.elapsed().as_secs_f64());
}
