//! Two at the same time.

use http::Method;
use serde_json::json;

use crate::world::World;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_with_the_same_name_one_wins() {
    let world = World::new().await;
    let ctx = world.ctx();
    let tries =
        (0..6).map(|_| world.send_as(&ctx, Method::POST, "/api/v1/lab/sites", json!({"name": "Lab"})));
    let answers = futures::future::join_all(tries).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
    for answer in answers.iter().filter(|answer| answer.status != 201) {
        assert_eq!(
            (answer.status.as_u16(), answer.faults()),
            (422, vec!["/name not_unique".to_owned()]),
            "{}",
            answer.text
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn concurrent_changes_all_count() {
    let world = World::new().await;
    let site = world.site("Lab").await;
    let ctx = world.ctx();
    let path = format!("/api/v1/lab/sites/{site}");
    let tries =
        (0..8).map(|n| world.send_as(&ctx, Method::PATCH, &path, json!({"name": format!("Lab {n}")})));
    for answer in futures::future::join_all(tries).await {
        answer.expect(200);
    }
    assert_eq!(world.get(&path).await.body["version"], 9);
    assert_eq!(world.get(&format!("{path}/history")).await.column("version"), [9, 8, 7, 6, 5, 4, 3, 2, 1]);
}
