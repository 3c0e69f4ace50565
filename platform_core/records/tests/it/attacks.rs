//! What somebody tries who wants more than is theirs.

use axum::body::Body;
use http::{Method, Request};
use kit::Permission;
use kit::permission::Act;
use serde_json::{Value, json};

use crate::models::ALL;
use crate::world::World;

#[tokio::test]
async fn another_tenant_sees_and_touches_nothing() {
    let world = World::new().await;
    let site = world.site("Lab").await;
    let device = world.device(&site, "core").await;
    let device_id = device["id"].as_str().expect("id").to_owned();
    let foreign = world.foreign();
    let own = world
        .send_as(&foreign, Method::POST, "/api/v1/lab/sites", json!({"name": "Own"}))
        .await
        .expect(201)
        .id();
    let own_device = json!({"name": "mine", "site": own});
    let own_device =
        world.send_as(&foreign, Method::POST, "/api/v1/lab/devices", own_device).await.expect(201).id();

    let (path, absent) = (
        format!("/api/v1/lab/devices/{device_id}"),
        "/api/v1/lab/devices/0193a0c4-0000-7000-8000-000000000009",
    );
    for (method, body) in [
        (Method::GET, Value::Null),
        (Method::PATCH, json!({"name": "x"})),
        (Method::PUT, json!({"name": "x", "site": own})),
        (Method::DELETE, Value::Null),
    ] {
        let theirs = world.send_as(&foreign, method.clone(), &path, body.clone()).await.expect(404);
        let none = world.send_as(&foreign, method, absent, body).await.expect(404);
        assert_eq!(theirs.text, none.text);
    }
    world.send_as(&foreign, Method::GET, &format!("{path}/history"), Value::Null).await.expect(404);

    // Foreign ids as references, in lists, in batches and imports are simply not there.
    let posts = [
        ("/api/v1/lab/devices", json!({"name": "x", "site": site}), 422),
        ("/api/v1/lab/devices", json!({"name": "x", "site": {"name": "Lab"}}), 422),
        ("/api/v1/lab/devices", json!({"name": "x", "site": own, "peers": [device_id]}), 422),
        ("/api/v1/lab/devices", json!({"name": "x", "site": own, "backup_of": device_id}), 422),
        (
            "/api/v1/lab/devices/actions/batch",
            json!({"operations": [{"op": "delete", "id": device_id}]}),
            404,
        ),
        (
            "/api/v1/lab/devices/actions/batch",
            json!({"operations": [{"op": "update", "id": device_id, "data": {"name": "y"}}]}),
            404,
        ),
        ("/api/v1/lab/devices/actions/import", json!([{"id": device_id, "name": "y"}]), 422),
    ];
    for (path, body, status) in posts {
        world.send_as(&foreign, Method::POST, path, body).await.expect(status);
    }
    let patch = world
        .send_as(&foreign, Method::PATCH, &format!("/api/v1/lab/devices/{own_device}"), json!({"site": site}))
        .await;
    assert_eq!(patch.expect(422).faults(), ["/site not_found"]);
    for filter in [
        format!("site={site}"),
        format!("id={device_id}"),
        format!("id__in={device_id},{own_device}&name=core"),
        "q=core".to_owned(),
    ] {
        let found = world
            .send_as(&foreign, Method::GET, &format!("/api/v1/lab/devices?count=exact&{filter}"), Value::Null)
            .await
            .expect(200);
        assert_eq!((&found.body["items"], &found.body["total"]), (&json!([]), &json!(0)), "{filter}");
    }
    for format in ["csv", "json", "ndjson"] {
        let text = world
            .send_as(&foreign, Method::GET, &format!("/api/v1/lab/devices?format={format}"), Value::Null)
            .await
            .text;
        assert!(!text.contains("core") && text.contains("mine"), "{text}");
    }
    assert_eq!(world.get(&path).await.expect(200).body, device);
}

#[tokio::test]
async fn a_dangling_id_in_a_list_is_never_shown() {
    let world = World::new().await;
    let foreign = world
        .send_as(&world.foreign(), Method::POST, "/api/v1/lab/sites", json!({"name": "Own"}))
        .await
        .expect(201)
        .id();
    let theirs = world
        .send_as(
            &world.foreign(),
            Method::POST,
            "/api/v1/lab/devices",
            json!({"name": "secret", "site": foreign}),
        )
        .await
        .expect(201)
        .id();
    let site = world.site("Lab").await;
    let device = world.device(&site, "core").await;
    let mut superuser = world.database.superuser().await;
    sqlx::query("UPDATE lab.device SET peers = ARRAY[$1::uuid] WHERE name = 'core'")
        .bind(theirs.parse::<uuid::Uuid>().expect("an id"))
        .execute(&mut superuser)
        .await
        .expect("planted");
    let read =
        world.get(&format!("/api/v1/lab/devices/{}", device["id"].as_str().expect("id"))).await.expect(200);
    assert_eq!(read.body["peers"], json!([]));
}

#[tokio::test]
async fn sql_in_every_text_is_only_text() {
    let world = World::new().await;
    let site = world.site("Lab").await;
    let texts = [
        "'; DROP TABLE lab.device; --",
        "\"; DELETE FROM lab.site; --",
        "$1 $2 $$ %s \\' \\\\",
        "') OR ('1'='1",
        "a\" COLLATE \"C\"",
        "{\"n\": 1}, {\"id\": null}",
    ];
    for (n, text) in texts.iter().enumerate() {
        let short = text.chars().take(20).collect::<String>();
        let body = json!({
            "name": text, "site": site, "asset_tag": short, "serial": text, "comments": text, "labels": [short],
            "extra": {*text: text},
        });
        let made = world.post("/api/v1/lab/devices", body).await.expect(201);
        for field in ["name", "comments"] {
            assert_eq!(made.body[field], *text);
        }
        assert_eq!(made.body["extra"], json!({*text: text}));
        let encoded: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
        for filter in ["name", "name__contains", "name__startswith", "name__in", "q", "serial"] {
            let found = world.get(&format!("/api/v1/lab/devices?{filter}={encoded}")).await;
            if filter != "name__in" {
                assert_eq!(found.expect(200).column("id").len(), 1, "{filter} {text}");
            }
        }
        for hostile in
            ["sort", "fields", "cursor", "limit", "height", "kind", "site", "address", encoded.as_str()]
        {
            world.get(&format!("/api/v1/lab/devices?{hostile}={encoded}")).await.expect(400);
        }
        let by_name =
            world.post("/api/v1/lab/devices", json!({"name": n.to_string(), "site": {"name": text}})).await;
        assert_eq!(by_name.expect(422).faults(), ["/site not_found"]);
        let key = world
            .post("/api/v1/lab/keys", json!({"name": text, "community": text, "password": text}))
            .await
            .expect(201);
        world.get(&format!("/api/v1/lab/keys/{}", key.id())).await.expect(200);
    }
    assert_eq!((world.rows("device").await, world.rows("site").await), (6, 1));
}

#[tokio::test]
async fn cursors_cannot_be_forged_or_moved() {
    let world = World::new().await;
    world.post("/api/v1/lab/sites", json!([{"name": "a"}, {"name": "b"}, {"name": "c"}])).await.expect(201);
    world
        .send_as(&world.foreign(), Method::POST, "/api/v1/lab/sites", json!([{"name": "a"}, {"name": "b"}]))
        .await
        .expect(201);
    let cursor = world.get("/api/v1/lab/sites?limit=1").await.expect(200).body["next_cursor"]
        .as_str()
        .expect("a cursor")
        .to_owned();
    world.get(&format!("/api/v1/lab/sites?limit=2&cursor={cursor}")).await.expect(200);
    for moved in ["sort=-name", "name=b", "q=b"] {
        let refused = world.get(&format!("/api/v1/lab/sites?{moved}&cursor={cursor}")).await.expect(400);
        assert_eq!(refused.faults(), ["?cursor invalid_cursor"]);
    }
    world.get(&format!("/api/v1/lab/devices?cursor={cursor}")).await.expect(400);
    world
        .send_as(
            &world.foreign(),
            Method::GET,
            &format!("/api/v1/lab/sites?limit=1&cursor={cursor}"),
            Value::Null,
        )
        .await
        .expect(400);
    for at in [0, cursor.len() / 2, cursor.len() - 2] {
        let mut forged = cursor.clone().into_bytes();
        forged[at] = if forged[at] == b'A' { b'B' } else { b'A' };
        let forged = String::from_utf8(forged).expect("text");
        world.get(&format!("/api/v1/lab/sites?cursor={forged}")).await.expect(400);
    }
    for nonsense in ["A", "%00", "..", &"A".repeat(5_000)] {
        world.get(&format!("/api/v1/lab/sites?cursor={nonsense}")).await.expect(400);
    }
}

#[tokio::test]
async fn every_route_asks_for_its_permission() {
    let world = World::new().await;
    let site = world.site("Lab").await;
    let record = format!("/api/v1/lab/sites/{site}");
    let rights = [Act::Read, Act::Write, Act::Delete, Act::Execute, Act::Admin];
    let routes: Vec<(Method, String, Value, Act)> = vec![
        (Method::GET, "/api/v1/lab/sites".to_owned(), Value::Null, Act::Read),
        (Method::GET, "/api/v1/lab/sites?format=csv".to_owned(), Value::Null, Act::Read),
        (Method::GET, record.clone(), Value::Null, Act::Read),
        (Method::GET, format!("{record}/history"), Value::Null, Act::Read),
        (Method::POST, "/api/v1/lab/sites?dry_run=true".to_owned(), json!({"name": "x"}), Act::Write),
        (Method::PATCH, format!("{record}?dry_run=true"), json!({"name": "x"}), Act::Write),
        (Method::PUT, format!("{record}?dry_run=true"), json!({"name": "x"}), Act::Write),
        (Method::DELETE, format!("{record}?dry_run=true"), Value::Null, Act::Delete),
        (
            Method::POST,
            "/api/v1/lab/sites/actions/import?dry_run=true".to_owned(),
            json!([{"name": "x"}]),
            Act::Write,
        ),
        (
            Method::POST,
            "/api/v1/lab/sites/actions/batch?dry_run=true".to_owned(),
            json!({"operations": [{"op": "create", "data": {"name": "x"}}]}),
            Act::Write,
        ),
        (
            Method::POST,
            "/api/v1/lab/sites/actions/batch?dry_run=true".to_owned(),
            json!({"operations": [{"op": "delete", "id": site}]}),
            Act::Delete,
        ),
    ];
    for (method, path, body, needed) in routes {
        for act in rights {
            let ctx = world.database.ctx(world.tenant, &[Permission::new("lab/sites", act)]);
            let answer = world.send_as(&ctx, method.clone(), &path, body.clone()).await;
            assert_eq!(answer.status == 403, act != needed, "{method} {path} with {act:?}: {}", answer.text);
        }
        let elsewhere = world.database.ctx(world.tenant, &[Permission::new("lab/devices", needed)]);
        world.send_as(&elsewhere, method.clone(), &path, body.clone()).await.expect(403);
        let bare = Request::builder().method(method).uri(&path).header("content-type", "application/json");
        let response = tower::ServiceExt::oneshot(
            world.router.clone(),
            bare.body(Body::from(body.to_string())).expect("a request"),
        )
        .await;
        assert_eq!(response.expect("an answer").status(), 401, "{path} without a login");
    }
}

#[tokio::test]
async fn bodies_are_bounded_and_must_be_what_they_say() {
    let world = World::new().await;
    let ctx = world.ctx();
    let send = |media: &'static str, body: String| {
        Request::post("/api/v1/lab/sites")
            .header("content-type", media)
            .body(Body::from(body))
            .expect("a request")
    };
    world
        .raw(&ctx, send("application/json", format!("{{\"name\":\"{}\"}}", "x".repeat(5 << 20))))
        .await
        .expect(413);
    world.raw(&ctx, send("application/json", "[".repeat(100_000))).await.expect(400);
    world
        .raw(&ctx, send("application/json", format!("{{\"name\":{}1{}}}", "[".repeat(130), "]".repeat(130))))
        .await
        .expect(400);
    world.raw(&ctx, send("application/json", "{\"name\":\"\u{0}\"}".to_owned())).await.expect(400);
    world.raw(&ctx, send("application/json", "{\"name\":\"\\ud800\"}".to_owned())).await.expect(400);
    world.raw(&ctx, send("application/json", String::new())).await.expect(400);
    for media in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""] {
        world.raw(&ctx, send(media, "{\"name\":\"a\"}".to_owned())).await.expect(415);
    }
    world.raw(&ctx, send("application/json; charset=utf-8", "{\"name\":\"a\"}".to_owned())).await.expect(201);
    world.post("/api/v1/lab/sites?dry_run=maybe", json!({"name": "x"})).await.expect(400);
    world.post("/api/v1/lab/sites?dryrun=true", json!({"name": "x"})).await.expect(400);
    assert_eq!(world.rows("site").await, 1);
}

#[tokio::test]
async fn the_catalogue_is_sound() {
    let world = World::new().await;
    assert_eq!(world.database.check_isolation().await, Vec::<String>::new());
    assert_eq!(ALL.len() + 2, world.engine.models().count());
}
