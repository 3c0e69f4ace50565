//! Validation: every wrong field is named at once, with what, why and the remedy.

use serde_json::{Value, json};

use crate::world::World;

#[tokio::test]
async fn every_wrong_value_is_named() {
    let world = World::new().await;
    let site = world.site("Lab").await;
    let long = "x".repeat(65);
    let deep = (0..40).fold(json!(1), |inner, _| json!([inner]));
    let cases = [
        ("name", json!(""), "required"),
        ("name", json!("   "), "required"),
        ("name", json!(7), "wrong_type"),
        ("name", json!(long), "too_long"),
        ("name", json!("a\u{0}b"), "nul_character"),
        ("name", json!("a\nb"), "control_character"),
        ("comments", json!("a\u{0}"), "nul_character"),
        ("comments", json!("\u{7}"), "control_character"),
        ("comments", json!("x".repeat(2_001)), "too_long"),
        ("height", json!(0), "out_of_range"),
        ("height", json!(49), "out_of_range"),
        ("height", json!(1.5), "out_of_range"),
        ("height", json!("7"), "wrong_type"),
        ("height", json!(18_446_744_073_709_551_615_u64), "out_of_range"),
        ("active", json!("true"), "wrong_type"),
        ("active", json!(1), "wrong_type"),
        ("installed_at", json!("2026-11-25"), "invalid"),
        ("installed_at", json!("2026-11-25T14:00:00"), "invalid"),
        ("installed_at", json!("2026-13-25T14:00:00Z"), "invalid"),
        ("owner", json!("0193a0c4"), "invalid"),
        ("owner", json!("0193a0c4000070008000000000000001"), "invalid"),
        ("kind", json!("rooter"), "invalid_choice"),
        ("address", json!("10.0.0.256"), "invalid"),
        ("address", json!("10.0.0.1/8"), "invalid"),
        ("address", json!("fe80::1%eth0"), "invalid"),
        ("network", json!("10.0.0.0"), "invalid"),
        ("network", json!("10.0.0.1/8"), "host_bits"),
        ("network", json!("10.0.0.0/33"), "invalid"),
        ("labels", json!("red"), "wrong_type"),
        ("labels", json!(["1", "2", "3", "4", "5", "6"]), "too_long"),
        ("allowed", json!({}), "wrong_type"),
        ("extra", deep, "too_deep"),
        ("extra", json!({"a": "\u{0}"}), "nul_character"),
        ("extra", json!("x".repeat(70_000)), "too_long"),
        ("slug", json!("mine"), "read_only"),
        ("id", json!("0193a0c4-0000-7000-8000-000000000001"), "read_only"),
        ("version", json!(5), "read_only"),
        ("created_at", json!("2026-11-25T14:00:00Z"), "read_only"),
        ("tenant_id", json!("0193a0c4-0000-7000-8000-000000000001"), "unknown_field"),
        ("nmae", json!("x"), "unknown_field"),
        ("bgp_id", json!("1"), "not_applicable"),
    ];
    for (field, value, code) in cases {
        let mut body = json!({"name": "good", "site": site});
        body[field] = value.clone();
        let answer = world.post("/api/v1/lab/devices", body).await.expect(422);
        assert_eq!(answer.faults(), [format!("/{field} {code}")], "{value}");
    }
    for (field, value, fault) in [
        ("labels", json!(["ok", "x".repeat(21)]), "/labels/1 too_long"),
        ("labels", json!(["ok", ""]), "/labels/1 required"),
        ("allowed", json!(["10.0.0.0/8", "10.0.0.1/8"]), "/allowed/1 host_bits"),
    ] {
        let mut body = json!({"name": "good", "site": site});
        body[field] = value;
        assert_eq!(world.post("/api/v1/lab/devices", body).await.expect(422).faults(), [fault]);
    }
    let many =
        world.post("/api/v1/lab/devices", json!({"height": 99, "kind": "x", "a/b": 1})).await.expect(422);
    assert_eq!(
        many.faults(),
        [
            "/a~1b unknown_field",
            "/height out_of_range",
            "/kind invalid_choice",
            "/name required",
            "/site required"
        ]
    );
    let hint =
        world.post("/api/v1/lab/devices", json!({"name": "a", "site": site, "network": "10.9.8.7/8"})).await;
    assert!(hint.text.contains("10.0.0.0/8"), "{}", hint.text);
    assert_eq!(world.rows("device").await, 0);
    for body in [json!(7), json!("x"), json!([]), Value::Array(vec![json!({}); 10_001])] {
        world.post("/api/v1/lab/devices", body).await.expect(400);
    }
    world.post("/api/v1/lab/devices", json!([{"name": "a", "site": site}, 7])).await.expect(422);
    assert_eq!(world.rows("device").await, 0);
}

#[tokio::test]
async fn unique_means_in_the_tenant_and_without_case() {
    let world = World::new().await;
    let lab = world.site("Lab").await;
    let taken = world.post("/api/v1/lab/sites", json!({"name": "LAB"})).await.expect(422);
    assert_eq!(taken.faults(), ["/name not_unique"]);
    world
        .send_as(&world.foreign(), http::Method::POST, "/api/v1/lab/sites", json!({"name": "Lab"}))
        .await
        .expect(201);
    let hall = world.site("Straße ÄÖ").await;
    world.post("/api/v1/lab/sites", json!({"name": "STRASSE äö"})).await.expect(201);
    world.post("/api/v1/lab/sites", json!({"name": "straße äö"})).await.expect(422);

    let within = json!([{"name": "x"}, {"name": "y"}, {"name": "X"}]);
    assert_eq!(world.post("/api/v1/lab/sites", within).await.expect(422).faults(), ["/2/name not_unique"]);

    // A set: the same name at two sites, not twice at one; without a value nothing is taken.
    world.device(&lab, "core").await;
    let device = world.device(&hall, "core").await;
    let path = format!("/api/v1/lab/devices/{}", device["id"].as_str().expect("id"));
    let moved = world.patch(&path, json!({"site": lab})).await.expect(422);
    assert_eq!(moved.faults(), ["/name not_unique"]);
    world.patch(&path, json!({"name": "CORE"})).await.expect(200);
    world.patch(&path, json!({"asset_tag": "T"})).await.expect(200);
    let again = world
        .post("/api/v1/lab/devices", json!({"name": "new", "site": lab, "asset_tag": "t", "height": 0}))
        .await
        .expect(422);
    assert_eq!(
        again.faults(),
        ["/height out_of_range"],
        "uniqueness is asked of rows that are right otherwise"
    );
}

#[tokio::test]
async fn fixed_and_hidden_fields() {
    let world = World::new().await;
    let site = world.site("Lab").await;
    let router = json!({"name": "r", "site": site, "kind": "router", "serial": "S1"});
    assert_eq!(world.post("/api/v1/lab/devices", router).await.expect(422).faults(), ["/bgp_id required"]);
    let router = json!({"name": "r", "site": site, "kind": "router", "serial": "S1", "bgp_id": "1"});
    let made = world.post("/api/v1/lab/devices", router).await.expect(201);
    let path = format!("/api/v1/lab/devices/{}", made.id());
    assert_eq!(world.patch(&path, json!({"serial": "S2"})).await.expect(422).faults(), ["/serial immutable"]);
    world.patch(&path, json!({"serial": "S1", "height": 3})).await.expect(200);
    // A field that no longer applies becomes null by itself.
    let plain = world.patch(&path, json!({"kind": "switch"})).await.expect(200);
    assert_eq!(plain.body["bgp_id"], Value::Null);
    assert_eq!(
        world.patch(&path, json!({"kind": "router"})).await.expect(422).faults(),
        ["/bgp_id required"]
    );
    let again = world.patch(&path, json!({"kind": "router", "bgp_id": "2"})).await.expect(200);
    assert_eq!(again.body["bfd"], false, "a default comes with the field");
    let put = world.put(&path, json!({"name": "r", "site": site})).await.expect(200);
    assert_eq!((&put.body["serial"], &put.body["kind"]), (&json!("S1"), &json!("host")));
}

#[tokio::test]
async fn rules_of_the_model_are_reported_with_the_others() {
    let world = World::new().await;
    let site = world.site("Lab").await;
    let refused = world
        .post(
            "/api/v1/lab/devices",
            json!([{"name": "ok", "site": site}, {"name": "Forbidden", "site": site}]),
        )
        .await
        .expect(422);
    assert_eq!(refused.faults(), ["/1/name forbidden_name"]);
    let key = world.post("/api/v1/lab/keys", json!({"name": "key", "community": "abc"})).await.expect(201);
    let refused =
        world.patch(&format!("/api/v1/lab/keys/{}", key.id()), json!({"name": "explode"})).await.expect(409);
    assert_eq!(refused.body["code"], "exploded");
    assert_eq!(world.get(&format!("/api/v1/lab/keys/{}", key.id())).await.body["name"], "key");
}
