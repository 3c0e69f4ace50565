//! One record through its life.

use axum::body::Body;
use http::{Method, Request};
use serde_json::{Value, json};

use crate::world::World;

#[tokio::test]
async fn every_kind_of_value_comes_back_as_it_went_in() {
    let world = World::new().await;
    let site = world.site("Lab").await;
    let peer = world.device(&site, "peer").await;
    let sent = json!({
        "name": "  core 1 ", "asset_tag": "A-1", "serial": "S1", "comments": "two\nlines", "height": 2,
        "asn": 4_200_000_000_i64, "active": false, "installed_at": "2026-11-25T14:00:00.1234567+01:00",
        "owner": "0193a0c4-0000-7000-8000-000000000001", "kind": "router", "site": {"name": "lAB"},
        "backup_of": peer["id"], "peers": [peer["id"], {"id": peer["id"], "display": "ignored"}],
        "address": "2001:DB8::1", "network": "10.0.0.0/8", "labels": ["a", "b,c"],
        "allowed": ["10.1.0.0/16", "2001:db8::/32"], "extra": {"a": [1, null, {"b": "ü"}]}, "bgp_id": "1.1.1.1",
    });
    let created = world.post("/api/v1/lab/devices", sent).await.expect(201);
    let id = created.id();
    assert_eq!(created.headers["location"], format!("/api/v1/lab/devices/{id}"));
    assert_eq!(created.headers["etag"], "\"v1\"");
    let reference = |record: &Value, display: &str| json!({"id": record["id"], "display": display});
    let expected = json!({
        "id": id, "name": "core 1", "asset_tag": "A-1", "slug": "core-1", "serial": "S1", "comments": "two\nlines",
        "height": 2, "asn": 4_200_000_000_i64, "active": false, "installed_at": "2026-11-25T13:00:00.123456Z",
        "owner": "0193a0c4-0000-7000-8000-000000000001", "kind": "router", "site": {"id": site, "display": "Lab"},
        "backup_of": reference(&peer, "peer"), "peers": [reference(&peer, "peer")],
        "address": "2001:db8::1", "network": "10.0.0.0/8", "labels": ["a", "b,c"],
        "allowed": ["10.1.0.0/16", "2001:db8::/32"], "extra": {"a": [1, null, {"b": "ü"}]}, "bgp_id": "1.1.1.1",
        "bfd": false, "created_at": created.body["created_at"], "updated_at": created.body["updated_at"], "version": 1,
    });
    assert_eq!(created.body, expected);
    assert_eq!(world.get(&format!("/api/v1/lab/devices/{id}")).await.expect(200).body, expected);

    // What a read gave may be sent back whole: nothing changes, not even the version.
    let same = world.put(&format!("/api/v1/lab/devices/{id}"), expected.clone()).await.expect(200);
    assert_eq!(same.body, expected);
    let mut twice = expected.clone();
    twice["version"] = json!(2);
    let refused = world.put(&format!("/api/v1/lab/devices/{id}"), twice).await.expect(422);
    assert_eq!(refused.faults(), ["/version read_only"]);
}

#[tokio::test]
async fn defaults_apply_and_optional_values_may_be_cleared() {
    let world = World::new().await;
    let site = world.site("Lab").await;
    let device = world.device(&site, "a").await;
    for (field, value) in [
        ("height", json!(1)),
        ("active", json!(true)),
        ("kind", json!("host")),
        ("labels", json!([])),
        ("asn", Value::Null),
        ("peers", Value::Null),
        ("extra", Value::Null),
        ("bgp_id", Value::Null),
        ("bfd", Value::Null),
    ] {
        assert_eq!(device[field], value, "{field}");
    }
    let path = format!("/api/v1/lab/devices/{}", device["id"].as_str().expect("id"));
    world.patch(&path, json!({"asn": 5, "comments": "x", "height": 7})).await.expect(200);
    let cleared = world.patch(&path, json!({"asn": null, "comments": "", "height": null})).await.expect(200);
    assert_eq!(cleared.body["asn"], Value::Null);
    assert_eq!(cleared.body["comments"], Value::Null);
    assert_eq!(cleared.body["height"], 1);
    assert_eq!(cleared.body["version"], 3);
    // PUT: what is not given goes back to its default.
    world.patch(&path, json!({"asn": 5, "active": false})).await.expect(200);
    let replaced = world.put(&path, json!({"name": "b", "site": site})).await.expect(200);
    assert_eq!((&replaced.body["asn"], &replaced.body["active"]), (&Value::Null, &json!(true)));
    assert_eq!(replaced.body["slug"], "b");
}

#[tokio::test]
async fn versions_guard_against_lost_updates() {
    let world = World::new().await;
    let site = world.site("Lab").await;
    let path = format!("/api/v1/lab/sites/{site}");
    let send = |method: Method, tag: &'static str, body: Value| {
        let request = Request::builder()
            .method(method)
            .uri(&path)
            .header("content-type", "application/json")
            .header("if-match", tag);
        request
            .body(if body.is_null() { Body::empty() } else { Body::from(body.to_string()) })
            .expect("a request")
    };
    let ctx = world.ctx();
    world.raw(&ctx, send(Method::PATCH, "\"v1\"", json!({"name": "two"}))).await.expect(200);
    let late = world.raw(&ctx, send(Method::PATCH, "\"v1\"", json!({"name": "three"}))).await.expect(412);
    assert_eq!(late.body["code"], "version-mismatch");
    world.raw(&ctx, send(Method::PATCH, "nonsense", json!({"name": "three"}))).await.expect(412);
    world.raw(&ctx, send(Method::DELETE, "\"v1\"", Value::Null)).await.expect(412);
    world.raw(&ctx, send(Method::PUT, "*", json!({"name": "four"}))).await.expect(200);

    let read = Request::get(&path).header("if-none-match", "\"v3\"").body(Body::empty()).expect("a request");
    let unchanged = world.raw(&ctx, read).await.expect(304);
    assert_eq!(
        (unchanged.text.as_str(), &unchanged.headers["etag"]),
        ("", &"\"v3\"".parse().expect("a header"))
    );
    world.raw(&ctx, send(Method::DELETE, "\"v3\"", Value::Null)).await.expect(204);
    world.get(&path).await.expect(404);
    assert_eq!(world.rows("site").await, 0);
}

#[tokio::test]
async fn history_and_events_tell_who_changed_what() {
    let world = World::new().await;
    let site = world.site("Lab").await;
    let path = format!("/api/v1/lab/sites/{site}");
    world.patch(&path, json!({"name": "Hall"})).await.expect(200);
    world.patch(&path, json!({"name": "Hall"})).await.expect(200);
    world.delete(&path).await.expect(204);
    assert_eq!(world.events.types(), ["lab.site.created", "lab.site.updated", "lab.site.deleted"]);
    let updated = world.events.seen.lock().expect("events")[1].clone();
    assert_eq!(updated.subject, format!("lab/sites/{site}"));
    assert_eq!(updated.data["changes"], json!({"name": {"before": "Lab", "after": "Hall"}}));

    let history = world.get(&format!("{path}/history")).await.expect(200);
    assert_eq!(history.column("action"), ["delete", "update", "create"]);
    assert_eq!(history.column("version"), [2, 2, 1]);
    assert_eq!(history.body["items"][1]["changes"], json!({"name": {"before": "Lab", "after": "Hall"}}));
    assert_eq!(history.body["items"][2]["changes"]["name"], json!({"before": null, "after": "Lab"}));
    assert_eq!(history.body["items"][0]["actor"]["kind"], "user");

    let first = world.get(&format!("{path}/history?limit=2")).await.expect(200);
    let cursor = first.body["next_cursor"].as_str().expect("a cursor").to_owned();
    let rest = world.get(&format!("{path}/history?limit=2&cursor={cursor}")).await.expect(200);
    assert_eq!((rest.column("action"), &rest.body["next_cursor"]), (vec![json!("create")], &Value::Null));
    world.get("/api/v1/lab/sites/0193a0c4-0000-7000-8000-000000000009/history").await.expect(404);
}

#[tokio::test]
async fn a_dry_run_shows_the_result_and_writes_nothing() {
    let world = World::new().await;
    let made = world.post("/api/v1/lab/sites?dry_run=true", json!({"name": "Lab"})).await.expect(200);
    assert_eq!(made.body["name"], "Lab");
    assert!(!made.headers.contains_key("location"));
    let site = world.site("Lab").await;
    let path = format!("/api/v1/lab/sites/{site}?dry_run=true");
    assert_eq!(world.patch(&path, json!({"name": "Hall"})).await.expect(200).body["version"], 2);
    world.delete(&path).await.expect(204);
    let read = world.get(&format!("/api/v1/lab/sites/{site}")).await.expect(200);
    assert_eq!((&read.body["name"], &read.body["version"]), (&json!("Lab"), &json!(1)));
    assert_eq!((world.rows("site").await, world.rows("log").await), (1, 1));
}

#[tokio::test]
async fn a_read_only_model_offers_no_writes() {
    let world = World::new().await;
    let ctx = world.ctx();
    let granted =
        ctx.authorize(kit::Permission::new("lab/notes", kit::permission::Act::Write)).expect("granted");
    let mut tx = ctx.write(granted).await.expect("a transaction");
    let note = serde_json::from_value(json!({"text": "from the server"})).expect("a record");
    let made = world.engine.insert(&mut tx, &crate::models::NOTE, vec![note]).await.expect("inserted");
    tx.commit().await.expect("committed");
    assert_eq!(world.get("/api/v1/lab/notes").await.expect(200).column("text"), ["from the server"]);
    let path = format!("/api/v1/lab/notes/{}", made[0]["id"].as_str().expect("id"));
    world.post("/api/v1/lab/notes", json!({"text": "x"})).await.expect(405);
    world.patch(&path, json!({"text": "x"})).await.expect(405);
    world.delete(&path).await.expect(405);
    world.post("/api/v1/lab/notes/actions/batch", json!({"operations": []})).await.expect(404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_repeated_creation_makes_nothing_twice() {
    let world = World::new().await;
    let ctx = world.ctx();
    let send = |key: &str, path: &str, body: &Value| {
        let request =
            Request::post(path).header("content-type", "application/json").header("idempotency-key", key);
        request.body(Body::from(body.to_string())).expect("a request")
    };
    let (sites, keys) = ("/api/v1/lab/sites", "/api/v1/lab/keys");
    let body = json!([{"name": "a"}, {"name": "b"}]);
    let tries = (0..4).map(|_| world.raw(&ctx, send("k-1", sites, &body)));
    let answers = futures::future::join_all(tries).await;
    for answer in &answers {
        assert_eq!(
            (answer.status.as_u16(), answer.column("id")),
            (201, answers[0].column("id")),
            "{}",
            answer.text
        );
    }
    assert_eq!((world.rows("site").await, world.rows("log").await), (2, 2));
    let other = world.raw(&ctx, send("k-1", sites, &json!({"name": "c"}))).await.expect(422);
    assert_eq!(other.faults(), [" idempotency_key_reused"]);
    world.raw(&ctx, send("k-1", keys, &body)).await.expect(422);
    // Another principal and another tenant have keys of their own; a failed request used none.
    world.raw(&world.ctx(), send("k-1", sites, &json!({"name": "c"}))).await.expect(201);
    world.raw(&world.foreign(), send("k-1", sites, &body)).await.expect(201);
    world.raw(&ctx, send("k-2", sites, &json!({"name": "a"}))).await.expect(422);
    world.raw(&ctx, send("k-2", sites, &json!({"name": "d"}))).await.expect(201);
    // What is shown once is not shown again, and what was deleted is not made again.
    let key = json!({"name": "key", "community": "hunter-two"});
    let first = world.raw(&ctx, send("k-3", keys, &key)).await.expect(201);
    let again = world.raw(&ctx, send("k-3", keys, &key)).await.expect(201);
    assert_eq!((first.id(), &first.body["token"]), (again.id(), &json!("shown-only-once")));
    assert_eq!(again.body.get("token"), None);
    world.delete(&format!("{keys}/{}", first.id())).await.expect(204);
    assert_eq!(world.raw(&ctx, send("k-3", keys, &key)).await.expect(409).body["code"], "already-done");
    world.raw(&ctx, send("two words", keys, &key)).await.expect(400);
    world.raw(&ctx, send(&"k".repeat(256), keys, &key)).await.expect(400);
}
