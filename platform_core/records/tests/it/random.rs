//! Random requests: whatever comes, the answer is never an error of the server, and what was accepted
//! is read back and can be written again.

use http::Method;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use crate::models::DEVICE;
use crate::world::World;

fn nasty_text() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        Just("'".to_owned()),
        Just("\u{0}".to_owned()),
        Just("%_\\".to_owned()),
        Just("İı ſ ẞ\u{301}\u{202e}".to_owned()),
        Just("10.0.0.1".to_owned()),
        Just("10.0.0.0/8".to_owned()),
        Just("::/0".to_owned()),
        Just("0000-01-01T00:00:00Z".to_owned()),
        Just("9999-12-31T23:59:60Z".to_owned()),
        Just("-9223372036854775808".to_owned()),
        Just("router,switch".to_owned()),
        Just("true".to_owned()),
        "\\PC{0,40}",
        any::<i64>().prop_map(|number| number.to_string()),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        nasty_text().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((nasty_text(), inner), 0..3)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn names() -> Vec<&'static str> {
    let general =
        ["id", "created_at", "version", "tenant_id", "q", "sort", "limit", "cursor", "fields", "count"];
    DEVICE.fields.iter().map(|field| field.name).chain(general).collect()
}

/// The same random values at every run: a failure can be repeated.
fn sample<T: std::fmt::Debug>(runner: &mut TestRunner, strategy: &impl Strategy<Value = T>) -> T {
    strategy.new_tree(runner).expect("a value").current()
}

#[tokio::test]
async fn random_queries_are_answered() {
    let world = World::new().await;
    let site = world.site("Lab").await;
    world.device(&site, "core").await;
    let mut runner = TestRunner::deterministic();
    let suffix = prop::sample::select(vec![
        "",
        "__eq",
        "__ne",
        "__in",
        "__lt",
        "__gte",
        "__contains",
        "__startswith",
        "__isnull",
        "__within",
        "__x",
    ]);
    let parameter = (prop::sample::select(names()), suffix, nasty_text());
    let query = prop::collection::vec(parameter, 1..4);
    let mut accepted = 0;
    for _ in 0..400 {
        let pairs = sample(&mut runner, &query);
        let mut encoded = form_urlencoded::Serializer::new(String::new());
        for (name, suffix, value) in &pairs {
            encoded.append_pair(&format!("{name}{suffix}"), value);
        }
        let answer = world.get(&format!("/api/v1/lab/devices?{}", encoded.finish())).await;
        assert!([200, 400].contains(&answer.status.as_u16()), "{pairs:?}: {}", answer.text);
        accepted += u32::from(answer.status == 200);
    }
    assert!(accepted > 20, "only {accepted} were accepted: the test sees too little");
}

#[tokio::test]
async fn random_bodies_are_answered() {
    let world = World::new().await;
    let site = world.site("Lab").await;
    let mut runner = TestRunner::deterministic();
    let member = (prop::sample::select(names()), value());
    let body = prop::collection::vec(member, 0..4);
    let mut accepted = 0;
    for n in 0..300 {
        let mut sent = json!({"name": format!("device {n}"), "site": site});
        for (name, value) in sample(&mut runner, &body) {
            sent[name] = value;
        }
        let made = world.post("/api/v1/lab/devices", sent.clone()).await;
        assert!([201, 422].contains(&made.status.as_u16()), "{sent}: {}", made.text);
        if made.status == 201 {
            accepted += 1;
            let path = format!("/api/v1/lab/devices/{}", made.id());
            assert_eq!(world.put(&path, made.body.clone()).await.expect(200).body, made.body, "{sent}");
        }
    }
    assert!(accepted > 20, "only {accepted} were accepted: the test sees too little");
}

#[tokio::test]
async fn random_documents_do_not_disturb_batch_and_import() {
    let world = World::new().await;
    let mut runner = TestRunner::deterministic();
    let document = value();
    for _ in 0..150 {
        let inner = sample(&mut runner, &document);
        for (path, body) in [
            ("/api/v1/lab/sites/actions/batch", inner.clone()),
            ("/api/v1/lab/sites/actions/batch", json!({"operations": [inner], "atomic": false})),
            ("/api/v1/lab/sites/actions/batch", json!({"operations": [{"op": "create", "data": inner}]})),
            ("/api/v1/lab/sites/actions/import", inner.clone()),
            ("/api/v1/lab/sites", json!([inner])),
        ] {
            let answer = world.send_as(&world.ctx(), Method::POST, path, body).await;
            assert!(answer.status.as_u16() < 500, "{}", answer.text);
        }
    }
}
