//! The search over all records: what is found, in which order, by whom; and that it follows every write.

use std::sync::Arc;

use http::Method;
use kit::jobs::{Progress, ProgressSink};
use kit::permission::Act;
use kit::{JobCx, Permission};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::world::{Answer, World, all_rights};

/// `how display` of every hit.
fn told(answer: &Answer) -> Vec<String> {
    let items = answer.body["items"].as_array().expect("items");
    let part = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    items.iter().map(|hit| format!("{} {}", part(&hit["matched"]["how"]), part(&hit["display"]))).collect()
}

async fn find(world: &World, q: &str) -> Vec<String> {
    let q: String = form_urlencoded::byte_serialize(q.as_bytes()).collect();
    told(&world.get(&format!("/api/v1/search?q={q}")).await.expect(200))
}

async fn devices(world: &World, devices: Value) {
    world.post("/api/v1/lab/devices", devices).await.expect(201);
}

#[tokio::test]
async fn the_whole_the_beginning_a_word_a_part() {
    let world = World::new().await;
    let site = world.site("Core").await;
    devices(
        &world,
        json!([
            {"name": "core", "site": site}, {"name": "CORE-2", "site": site}, {"name": "ams-core-1", "site": site},
            {"name": "hardcore", "site": site}, {"name": "edge", "site": site, "comments": "Near the core."},
        ]),
    )
    .await;
    let found = find(&world, "Core").await;
    assert_eq!(
        found,
        ["exact core", "exact Core", "prefix CORE-2", "word ams-core-1", "word edge", "part hardcore"]
            .map(str::to_owned)
    );
    let cases: [(&str, &[&str]); 6] = [
        ("ams core", &["word ams-core-1"]),
        ("core-1", &["word ams-core-1"]),
        ("ORE-2", &["part CORE-2"]),
        ("re", &[]),
        ("ha", &["prefix hardcore"]),
        ("nothing", &[]),
    ];
    for (q, expected) in cases {
        assert_eq!(find(&world, q).await, expected, "{q}");
    }
    let answer = world.get("/api/v1/search?q=edge").await.expect(200);
    let hit = &answer.body["items"][0];
    assert_eq!((&hit["model"], &hit["context"]), (&json!("lab.device"), &json!("Core")));
    assert_eq!(hit["url"], json!(format!("/lab/devices/{}", hit["id"].as_str().expect("id"))));
    let id = hit["id"].as_str().expect("id").to_owned();
    assert_eq!(find(&world, &id).await, ["exact edge"]);
}

#[tokio::test]
async fn addresses_and_networks() {
    let world = World::new().await;
    let site = world.site("Lab").await;
    devices(
        &world,
        json!([
            {"name": "a", "site": site, "address": "10.1.2.3"}, {"name": "b", "site": site, "address": "10.1.2.30"},
            {"name": "wide", "site": site, "network": "10.0.0.0/8"},
            {"name": "narrow", "site": site, "network": "10.1.2.0/24"},
            {"name": "six", "site": site, "address": "2001:db8::7"},
        ]),
    )
    .await;
    let cases: [(&str, &[&str]); 6] = [
        ("10.1.2.3", &["exact a", "prefix b", "network narrow", "network wide"]),
        ("10.1.2.99", &["network narrow", "network wide"]),
        ("10.1.0.0/16", &["network wide", "inside narrow", "inside a", "inside b"]),
        ("10.1.2.0/24", &["exact narrow", "network wide", "inside a", "inside b"]),
        ("2001:DB8:0::7", &["exact six"]),
        ("2001:db8::/32", &["inside six"]),
    ];
    for (q, expected) in cases {
        assert_eq!(find(&world, q).await, expected, "{q}");
    }
}

#[tokio::test]
async fn it_follows_every_write() {
    let world = World::new().await;
    let site = world.site("Lab").await;
    let device = world.device(&site, "before").await;
    let path = format!("/api/v1/lab/devices/{}", device["id"].as_str().expect("id"));
    assert_eq!(find(&world, "before").await, ["exact before"]);
    world.patch(&path, json!({"height": 2})).await.expect(200);
    assert_eq!(find(&world, "before").await, ["exact before"]);
    world.patch(&path, json!({"name": "after"})).await.expect(200);
    assert_eq!(find(&world, "before").await, [""; 0]);
    assert_eq!(find(&world, "after").await, ["exact after"]);
    world.delete(&path).await.expect(204);
    assert_eq!(find(&world, "after").await, [""; 0]);
    let refused = json!([{"name": "good", "site": site}, {"name": "bad"}]);
    world.post("/api/v1/lab/devices", refused).await.expect(422);
    assert_eq!(find(&world, "good").await, [""; 0]);
}

#[tokio::test]
async fn only_what_one_may_read() {
    let world = World::new().await;
    let site = world.site("shared name").await;
    world.device(&site, "shared name 2").await;
    world.send_as(&world.foreign(), Method::POST, "/api/v1/lab/sites", json!({"name": "Shared Name"})).await;
    assert_eq!(find(&world, "shared").await.len(), 2);
    assert_eq!(find(&world, "hared").await.len(), 2);
    let path = "/api/v1/search?q=hared";
    let only = |object| vec![Permission::new(object, Act::Read)];
    let ctx = world.database.ctx(world.tenant, &only("lab/sites"));
    assert_eq!(told(&world.send_as(&ctx, Method::GET, path, Value::Null).await), ["part shared name"]);
    let none = world.database.ctx(world.tenant, &[]);
    assert_eq!(told(&world.send_as(&none, Method::GET, path, Value::Null).await), [""; 0]);
    let foreign = world.send_as(&world.foreign(), Method::GET, path, Value::Null).await;
    assert_eq!(told(&foreign), ["part Shared Name"]);
    let narrowed = world.get(&format!("{path}&models=lab.device")).await;
    assert_eq!(told(&narrowed), ["part shared name 2"]);
}

#[tokio::test]
async fn pages_and_what_is_refused() {
    let world = World::new().await;
    let site = world.site("Lab").await;
    let many: Vec<Value> = (10..35).map(|n| json!({"name": format!("port {n}"), "site": site})).collect();
    devices(&world, json!(many)).await;
    let (mut path, mut seen) = ("/api/v1/search?q=port&limit=10".to_owned(), Vec::new());
    loop {
        let answer = world.get(&path).await.expect(200);
        seen.extend(told(&answer));
        let Some(cursor) = answer.body["next_cursor"].as_str() else { break };
        path = format!("/api/v1/search?q=port&limit=10&cursor={cursor}");
    }
    let all: Vec<String> = (10..35).map(|n| format!("prefix port {n}")).collect();
    assert_eq!(seen, all);
    for (query, status) in [
        ("q=", 422),
        ("", 422),
        ("q=a&models=lab.nothing", 422),
        ("q=a&limit=101", 422),
        ("q=a&cursor=x", 400),
        ("q=a&b=c", 400),
    ] {
        world.get(&format!("/api/v1/search?{query}")).await.expect(status);
    }
}

struct Silent;

impl ProgressSink for Silent {
    fn report(&self, _: Progress) {}
}

#[tokio::test]
async fn it_is_made_anew() {
    let world = World::new().await;
    let site = world.site("Lab").await;
    world.device(&site, "found again").await;
    let mut superuser = world.database.superuser().await;
    let forget = "UPDATE app.search_entry SET record_id = gen_random_uuid() WHERE model = 'lab.device'";
    sqlx::query(forget).execute(&mut superuser).await.expect("updated");
    assert_eq!(find(&world, "found").await, [""; 0]);
    let rights: Vec<Permission> =
        all_rights().into_iter().chain([Permission::new("platform/jobs", Act::Write)]).collect();
    let cx = JobCx {
        ctx: world.database.ctx(world.tenant, &rights),
        id: Uuid::nil(),
        args: Value::Null,
        attempt: 1,
        progress: Arc::new(Silent),
        cancel: CancellationToken::new(),
    };
    let job = records::search_rebuild(world.engine.clone());
    let report = job.handler.run(cx).await.expect("a report");
    assert_eq!(report, json!({"records": 2, "gone": 1}));
    assert_eq!(find(&world, "found").await, ["prefix found again"]);
}

/// What `engine/search.rs` asks, with values in place.
const PLANS: [(&str, &str); 3] = [
    (
        "search_entry_text",
        "EXPLAIN SELECT s.folded FROM app.search_entry s WHERE s.rank = 0::smallint AND s.model = 'lab.device' \
         AND s.folded >= 'device 1' AND s.folded < 'device 2' ORDER BY s.folded LIMIT 60",
    ),
    (
        "search_entry_address",
        "EXPLAIN SELECT e.folded FROM app.search_entry e WHERE e.address IS NOT NULL \
         AND e.address = ANY('{10.0.0.7,10.0.0.0/24}'::inet[]) AND e.model = ANY('{lab.device}') LIMIT 500",
    ),
    (
        "search_entry_address",
        "EXPLAIN SELECT e.folded FROM app.search_entry e WHERE e.address IS NOT NULL \
         AND e.address >= '10.0.0.0/28' AND e.address <= '10.0.0.15' AND e.model = ANY('{lab.device}') \
         ORDER BY e.address LIMIT 500",
    ),
];

const SEED: &str = "INSERT INTO app.search_entry (tenant_id, record_id, model, field, rank, folded, address, grams) \
    SELECT t.id, gen_random_uuid(), 'lab.device', 'name', 0, 'device ' || n, '10.0.0.0'::inet + n, ARRAY[n] \
    FROM app.tenant t, generate_series(1, 5000) n";

#[tokio::test]
async fn every_tier_uses_its_index_below_row_level_security() {
    let world = World::new().await;
    let mut superuser = world.database.superuser().await;
    sqlx::query(SEED).execute(&mut superuser).await.expect("seeded");
    sqlx::query("ANALYZE app.search_entry").execute(&mut superuser).await.expect("analyzed");
    let ctx = world.ctx();
    for (index, text) in PLANS {
        let mut tx = ctx.read().await.expect("a transaction");
        let lines: Vec<String> = sqlx::query_scalar(text).fetch_all(tx.conn()).await.expect("a plan");
        let plan = lines.join("\n");
        assert!(plan.contains(index) && plan.contains("Index Cond"), "{plan}");
        assert!(!plan.contains("Seq Scan"), "{plan}");
    }
    // The function of the definer sees this tenant only, whatever the grams are.
    let mut tx = ctx.read().await.expect("a transaction");
    let found = "SELECT count(*) FROM app.search_grams(ARRAY[7], ARRAY['lab.device'], 10)";
    let count: i64 = sqlx::query_scalar(found).fetch_one(tx.conn()).await.expect("a count");
    assert_eq!(count, 1);
}
