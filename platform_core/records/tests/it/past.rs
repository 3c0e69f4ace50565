//! Lists and records as they were.

use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::world::World;

/// The present, as the database says it: later than all that is done, earlier than all that will be.
async fn now(world: &World) -> String {
    let mut tx = world.ctx().read().await.expect("a transaction");
    let at: chrono::DateTime<chrono::Utc> =
        sqlx::query_scalar("SELECT clock_timestamp()").fetch_one(tx.conn()).await.expect("the time");
    at.to_rfc3339_opts(chrono::SecondsFormat::Micros, true)
}

#[tokio::test]
async fn a_list_is_as_it_was() {
    let world = World::new().await;
    let start = now(&world).await;
    let (berlin, bonn) = (world.site("Berlin").await, world.site("Bonn").await);
    world.device(&berlin, "r1").await;
    let gone = world.device(&berlin, "r2").await["id"].as_str().expect("an id").to_owned();
    let before = now(&world).await;
    world.patch(&format!("/api/v1/lab/sites/{berlin}"), json!({"name": "Potsdam"})).await.expect(200);
    world.patch(&format!("/api/v1/lab/devices/{gone}"), json!({"site": bonn})).await.expect(200);
    world.delete(&format!("/api/v1/lab/devices/{gone}")).await.expect(204);
    world.device(&bonn, "r3").await;

    let names = |at: String, rest: &'static str| {
        let world = &world;
        async move {
            let path = format!("/api/v1/lab/devices?as_of={at}&count=exact{rest}");
            let answer = world.get(&path).await.expect(200);
            let sites = answer.column("site").iter().map(|site| site["display"].clone()).collect::<Vec<_>>();
            (answer.column("name"), sites, answer.body["total"].clone())
        }
    };
    // What was there, and under the names of then; conditions on references hold for then, too.
    let then = (vec![json!("r1"), json!("r2")], vec![json!("Berlin"), json!("Berlin")], json!(2));
    assert_eq!(names(before.clone(), "").await, then);
    assert_eq!(names(before.clone(), "&site.name=Berlin").await, then);
    assert_eq!(names(before.clone(), "&site.name=Potsdam").await, (vec![], vec![], json!(0)));
    assert_eq!(names(start, "").await, (vec![], vec![], json!(0)));
    let present = (vec![json!("r1"), json!("r3")], vec![json!("Potsdam"), json!("Bonn")], json!(2));
    assert_eq!(names(now(&world).await, "").await, present);

    // One record, also one that is gone; pages go on in the past.
    let one = world.get(&format!("/api/v1/lab/devices/{gone}?as_of={before}")).await.expect(200);
    assert_eq!((&one.body["site"]["display"], &one.body["version"]), (&json!("Berlin"), &json!(1)));
    world.get(&format!("/api/v1/lab/devices/{gone}?as_of={}", now(&world).await)).await.expect(404);
    let page = world.get(&format!("/api/v1/lab/devices?as_of={before}&limit=1")).await.expect(200);
    let cursor = page.body["next_cursor"].as_str().expect("a second page").to_owned();
    let next = world.get(&format!("/api/v1/lab/devices?as_of={before}&limit=1&cursor={cursor}")).await;
    assert_eq!(next.expect(200).column("name"), [json!("r2")]);
    // Another tenant has no past here.
    let path = format!("/api/v1/lab/devices?as_of={before}");
    let foreign = world.send_as(&world.foreign(), Method::GET, &path, Value::Null).await;
    assert_eq!((foreign.status, foreign.column("name").len()), (StatusCode::OK, 0));
}

#[tokio::test]
async fn a_wrong_time_is_told() {
    let world = World::new().await;
    for text in ["yesterday", "2026-01-01", ""] {
        let answer = world.get(&format!("/api/v1/lab/devices?as_of={text}")).await.expect(400);
        assert!(answer.faults().iter().any(|fault| fault.starts_with("?as_of")), "{text}: {}", answer.text);
    }
    let id = "0193a0c4-0000-7000-8000-000000000001";
    world.get(&format!("/api/v1/lab/devices/{id}?as_of=never")).await.expect(400);
}
