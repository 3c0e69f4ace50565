//! Prints how long the common requests take; asserts nothing about time.

use std::time::Instant;

use serde_json::{Value, json};

use crate::world::World;

#[tokio::test]
async fn list_50_and_create_100() {
    let world = World::new().await;
    let site = world.site("Lab").await;
    let (mut creates, mut lists) = (Vec::new(), Vec::new());
    for round in 0..12 {
        let devices: Vec<Value> = (0..100)
            .map(|n| {
                json!({"name": format!("device {round}-{n}"), "site": site, "height": 1 + n % 40, "asn": n, "kind": "switch",
                    "address": format!("10.0.{round}.{n}"), "labels": ["a", "b"], "comments": "made for a measurement"})
            })
            .collect();
        let start = Instant::now();
        world.post("/api/v1/lab/devices", Value::Array(devices)).await.expect(201);
        creates.push(start.elapsed());
    }
    for _ in 0..50 {
        let start = Instant::now();
        let page = world.get("/api/v1/lab/devices?limit=50").await.expect(200);
        lists.push(start.elapsed());
        assert_eq!(page.column("id").len(), 50);
    }
    creates.sort_unstable();
    lists.sort_unstable();
    println!(
        "create 100 devices: min {:.1?}, median {:.1?}; list 50 of 1,200: min {:.2?}, median {:.2?}",
        creates[0],
        creates[creates.len() / 2],
        lists[0],
        lists[lists.len() / 2]
    );
}
