//! No event is lost and none comes out of order, whatever writers do.

use std::collections::HashMap;
use std::time::Duration;

use kit::Problem;

use crate::support::{Recorder, WRITE, World, device_added, publish};

#[tokio::test]
async fn a_transaction_that_commits_late_is_neither_lost_nor_overtaken() {
    let recorder = Recorder::new();
    let world = World::new(vec![recorder.subscribe("test", "device.*")]).await;
    let ctx = world.tenant("acme").await;
    let mut slow = ctx.write(ctx.authorize(WRITE).unwrap()).await.unwrap();
    slow.publish(&device_added("d", 1)).await.unwrap();
    // Began later, commits first.
    publish(&ctx, "d", 2).await;
    // A reader that went by sequence numbers would now see 2, and never 1.
    tokio::time::timeout(Duration::from_millis(300), recorder.wait(1)).await.unwrap_err();
    slow.commit().await.unwrap();
    assert_eq!(recorder.wait(2).await, ["d:1", "d:2"]);
}

#[tokio::test]
async fn events_of_undone_transactions_do_not_exist() {
    let recorder = Recorder::new();
    let world = World::new(vec![recorder.subscribe("test", "device.added")]).await;
    let ctx = world.tenant("acme").await;
    let mut tx = ctx.write(ctx.authorize(WRITE).unwrap()).await.unwrap();
    tx.publish(&device_added("d", 1)).await.unwrap();
    drop(tx);
    publish(&ctx, "d", 2).await;
    assert_eq!(recorder.wait(1).await, ["d:2"]);
}

#[tokio::test]
async fn concurrent_writers_lose_nothing_and_keep_each_subject_in_order() {
    const WRITERS: usize = 8;
    const EVENTS: u64 = 60;
    let recorder = Recorder::new();
    let world = World::new(vec![recorder.subscribe("test", "*")]).await;
    let tenants = [world.tenant("acme").await, world.tenant("globex").await];
    let writers = (0..WRITERS).map(|writer| {
        let ctx = tenants[writer % 2].clone();
        tokio::spawn(async move {
            for number in 0..EVENTS {
                // Each writer has its own subject; transactions overlap in every way.
                publish(&ctx, &format!("w{writer}"), number).await;
                if number % 5 == 0 {
                    let mut tx = ctx.write(ctx.authorize(WRITE).unwrap()).await.unwrap();
                    tx.publish(&device_added("undone", number)).await.unwrap();
                    tokio::task::yield_now().await;
                }
            }
        })
    });
    futures::future::join_all(writers).await.into_iter().for_each(Result::unwrap);
    let total = WRITERS * usize::try_from(EVENTS).unwrap();
    recorder.wait(total).await;
    let mut next: HashMap<String, u64> = HashMap::new();
    for (_, event) in recorder.seen.borrow().iter() {
        let expected = next.entry(event.subject.clone()).or_default();
        assert_eq!(event.data["number"].as_u64(), Some(*expected), "{}", event.subject);
        *expected += 1;
    }
    assert_eq!(recorder.seen.borrow().len(), total, "each exactly once when nothing crashes");
    assert!(!next.contains_key("undone"));
}

#[tokio::test]
async fn too_large_events_are_refused_with_a_reason() {
    let world = World::new(vec![]).await;
    let ctx = world.tenant("acme").await;
    let mut tx = ctx.write(ctx.authorize(WRITE).unwrap()).await.unwrap();
    let event = kit::Event::now("device.added", "d", serde_json::json!("x".repeat(65 << 10)));
    let problem: Problem = tx.publish(&event).await.unwrap_err();
    assert_eq!((problem.status.as_u16(), problem.errors[0].pointer.as_str()), (422, "/data"));
}

#[tokio::test]
async fn the_tables_are_isolated() {
    let world = World::new(vec![]).await;
    assert_eq!(world.database.check_isolation().await, Vec::<String>::new());
}
