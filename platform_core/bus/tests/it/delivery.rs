//! Durable consumers: cursors, retries, dead letters, hand-over.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bus::Bus;
use kit::Problem;
use sqlx::Executor;

use crate::support::{Recorder, World, publish};

#[tokio::test]
async fn consumers_see_their_types_in_the_tenants_name() {
    let (wanted, other) = (Recorder::new(), Recorder::new());
    let world =
        World::new(vec![wanted.subscribe("wanted", "device.*"), other.subscribe("other", "link.*")]).await;
    let (a, b) = (world.tenant("acme").await, world.tenant("globex").await);
    publish(&a, "x", 1).await;
    publish(&b, "y", 2).await;
    wanted.wait(2).await;
    let tenants: Vec<_> = wanted.seen.borrow().iter().map(|(tenant, _)| *tenant).collect();
    assert_eq!(tenants, [a.tenant(), b.tenant()]);
    assert!(other.names().is_empty());
}

#[tokio::test]
async fn a_failing_event_holds_its_own_subject_only_and_is_tried_again() {
    let tries = Arc::new(AtomicUsize::new(0));
    let counted = tries.clone();
    let recorder = Recorder::failing(move |event| {
        let bad = event.subject == "bad" && event.data["number"] == 1;
        // The third try of it works; one of the failures is a panic.
        match bad.then(|| counted.fetch_add(1, Ordering::SeqCst)) {
            Some(0) => Some(Problem::unavailable("not yet")),
            Some(1) => panic!("on purpose"),
            _ => None,
        }
    });
    let world = World::new(vec![recorder.subscribe("test", "device.*")]).await;
    let ctx = world.tenant("acme").await;
    publish(&ctx, "bad", 1).await;
    publish(&ctx, "bad", 2).await;
    publish(&ctx, "good", 3).await;
    assert_eq!(recorder.wait(1).await, ["good:3"]);
    // The failure is noted beside the delivery of the other subject, maybe after it.
    while world.bus.status().await.unwrap().consumers[0].retrying == 0 {
        tokio::task::yield_now().await;
    }
    // A poisoned lock in the recorder would fail every later event.
    recorder.fail.clear_poison();
    let mut superuser = world.database.superuser().await;
    for _ in 0..2 {
        superuser.execute("UPDATE app.event_failure SET next_at = now()").await.unwrap();
        while tries.load(Ordering::SeqCst) < 2 {
            tokio::task::yield_now().await;
        }
        recorder.fail.clear_poison();
    }
    while recorder.names().len() < 3 {
        superuser.execute("UPDATE app.event_failure SET next_at = now()").await.unwrap();
        tokio::task::yield_now().await;
    }
    assert_eq!(recorder.names(), ["good:3", "bad:1", "bad:2"]);
    while world.bus.status().await.unwrap().consumers[0].retrying > 0 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_hopeless_event_becomes_a_dead_letter_and_can_be_revived() {
    let broken = Arc::new(AtomicUsize::new(1));
    let asked = broken.clone();
    let recorder = Recorder::failing(move |event| {
        (event.data["number"] == 1 && asked.load(Ordering::SeqCst) == 1)
            .then(|| Problem::bad_request("cannot\0be"))
    });
    let world = World::new(vec![recorder.subscribe("test", "device.*")]).await;
    let ctx = world.tenant("acme").await;
    publish(&ctx, "d", 1).await;
    publish(&ctx, "d", 2).await;
    let mut superuser = world.database.superuser().await;
    while world.bus.status().await.unwrap().consumers[0].dead == 0 {
        superuser
            .execute("UPDATE app.event_failure SET next_at = now() WHERE state = 'retrying'")
            .await
            .unwrap();
    }
    // What waited behind it goes on.
    assert_eq!(recorder.wait(1).await, ["d:2"]);
    broken.store(0, Ordering::SeqCst);
    superuser
        .execute("UPDATE app.event_failure SET state = 'retrying', attempts = 0, next_at = now()")
        .await
        .unwrap();
    assert_eq!(recorder.wait(2).await, ["d:2", "d:1"]);
}

#[tokio::test]
async fn a_second_server_takes_over_where_the_first_stopped() {
    let (first, second) = (Recorder::new(), Recorder::new());
    let mut world = World::new(vec![first.subscribe("test", "*")]).await;
    let ctx = world.tenant("acme").await;
    publish(&ctx, "d", 1).await;
    first.wait(1).await;
    // Ends the first server's tasks, which give the lease back.
    std::mem::take(&mut world.stop).cancel();
    let mut superuser = world.database.superuser().await;
    let held = "SELECT FROM app.consumer WHERE leased_by IS NOT NULL";
    while superuser.execute(held).await.unwrap().rows_affected() > 0 {
        tokio::task::yield_now().await;
    }
    let other = Bus::new(world.database.store.clone());
    world.start(&other, vec![second.subscribe("test", "*")]).await;
    publish(&ctx, "d", 2).await;
    assert_eq!(second.wait(1).await, ["d:2"]);
    assert_eq!(first.names(), ["d:1"]);
}

#[tokio::test]
async fn old_events_go_and_the_rest_stays() {
    use bus::Retention;
    let recorder = Recorder::new();
    let world = World::new(vec![recorder.subscribe("test", "*")]).await;
    let ctx = world.tenant("acme").await;
    for number in 0..5 {
        publish(&ctx, "d", number).await;
    }
    recorder.wait(5).await;
    let mut superuser = world.database.superuser().await;
    superuser
        .execute("UPDATE app.event SET created_at = now() - interval '8 days' WHERE data->>'number' = '0'")
        .await
        .unwrap();
    assert_eq!(world.bus.trim(&Retention::default()).await.unwrap(), 1);
    assert_eq!(world.bus.trim(&Retention { rows: 2, ..Retention::default() }).await.unwrap(), 2);
    assert_eq!(world.bus.trim(&Retention { rows: 2, ..Retention::default() }).await.unwrap(), 0);
}
