//! Secrets go in and do not come out.

use kit::permission::Act;
use kit::{Permission, ReadTx};
use serde_json::json;
use uuid::Uuid;

use crate::models::KEY;
use crate::world::World;

async fn opened(world: &World, id: &str, field: &str) -> Option<String> {
    let mut tx: ReadTx = world.ctx().read().await.expect("a transaction");
    let id = Uuid::parse_str(id).expect("an id");
    let secret = world.engine.open_secret(&mut tx, &KEY, id, field).await.expect("opened");
    secret.map(|secret| secret.expose().to_owned())
}

#[tokio::test]
async fn secrets_are_kept_replaced_and_cleared_but_never_shown() {
    let world = World::new().await;
    let sent =
        json!({"name": "key", "community": "hunter-two", "spare": "reserve-xyz", "password": "pass-word-1"});
    let made = world.post("/api/v1/lab/keys", sent).await.expect(201);
    assert_eq!(made.body["token"], "shown-only-once");
    assert_eq!(made.body["community"]["has_value"], true);
    assert!(
        made.body["community"]["fingerprint"].is_string() && made.body["community"]["set_at"].is_string()
    );
    assert_eq!(made.body["password"], json!({"has_value": true}));
    let path = format!("/api/v1/lab/keys/{}", made.id());
    assert_eq!(opened(&world, &made.id(), "community").await.as_deref(), Some("hunter-two"));

    // Absent, or the object that a read shows: kept. Null: cleared. Text: replaced.
    let first = made.body["community"].clone();
    let kept = world.patch(&path, json!({"name": "key 2"})).await.expect(200);
    assert_eq!((&kept.body["community"], kept.body.get("token")), (&first, None));
    let kept = world.put(&path, json!({"name": "key 3", "community": first})).await.expect(200);
    assert_eq!(kept.body["spare"]["has_value"], true);
    assert_eq!(opened(&world, &made.id(), "spare").await.as_deref(), Some("reserve-xyz"));
    let cleared = world.patch(&path, json!({"spare": null, "password": "pass-word-2"})).await.expect(200);
    assert_eq!(cleared.body["spare"], json!({"has_value": false, "fingerprint": null, "set_at": null}));
    assert_eq!(opened(&world, &made.id(), "spare").await, None);
    let replaced = world.patch(&path, json!({"community": "other-one"})).await.expect(200);
    assert_ne!(replaced.body["community"]["fingerprint"], first["fingerprint"]);
    assert_eq!(opened(&world, &made.id(), "community").await.as_deref(), Some("other-one"));

    for (body, fault) in [
        (json!({"community": null}), "/community required"),
        (json!({"community": ""}), "/community required"),
        (json!({"community": "ab"}), "/community too_short"),
        (json!({"community": "a".repeat(101)}), "/community too_long"),
        (json!({"community": "abc\u{0}"}), "/community nul_character"),
        (json!({"community": 7}), "/community wrong_type"),
        (json!({"community": "public"}), "/community weak"),
        (json!({"password": "short"}), "/password too_short"),
    ] {
        let answer = world.patch(&path, body).await.expect(422);
        assert_eq!(answer.faults(), [fault]);
        assert!(!answer.text.contains("aaaa"), "a refused secret was echoed");
    }

    // Nowhere else: not in lists, exports, history, events, nor in the tables beside the model.
    let history = world.get(&format!("{path}/history")).await.expect(200);
    assert_eq!(
        history.body["items"][1]["changes"]["password"],
        json!({"before": {"has_value": true}, "after": {"has_value": true}})
    );
    let mut texts = vec![history.text];
    for format in ["page", "json", "csv", "ndjson"] {
        texts.push(world.get(&format!("/api/v1/lab/keys?format={format}")).await.expect(200).text);
    }
    texts.push(format!("{:?}", world.events.seen.lock().expect("events")));
    let mut superuser = world.database.superuser().await;
    let stored: Vec<String> = sqlx::query_scalar(
        "SELECT row_to_json(t)::text FROM app.change_log t UNION ALL SELECT row_to_json(h)::text FROM lab.key_history h",
    )
    .fetch_all(&mut superuser)
    .await
    .expect("what is stored");
    texts.extend(stored);
    for text in &texts {
        for secret in ["hunter-two", "reserve-xyz", "other-one", "pass-word", "shown-only-once", "digest of"]
        {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
    }
    let stored: String =
        sqlx::query_scalar("SELECT password FROM lab.key").fetch_one(&mut superuser).await.expect("stored");
    assert_eq!(stored, "digest of 11 characters");
}

#[tokio::test]
async fn a_secret_opens_in_its_own_tenant_and_place_only() {
    let world = World::new().await;
    let made =
        world.post("/api/v1/lab/keys", json!({"name": "key", "community": "hunter-two"})).await.expect(201);
    let id = Uuid::parse_str(&made.id()).expect("an id");
    let mut tx = world.foreign().read().await.expect("a transaction");
    let refused = world.engine.open_secret(&mut tx, &KEY, id, "community").await.expect_err("foreign");
    assert_eq!(refused.status, 404);
    let mut tx = world.ctx().read().await.expect("a transaction");
    assert!(world.engine.open_secret(&mut tx, &KEY, id, "name").await.expect("no secret").is_none());
    let reader = world.database.ctx(world.tenant, &[Permission::new("lab/keys", Act::Read)]);
    world
        .send_as(&reader, http::Method::PATCH, &format!("/api/v1/lab/keys/{id}"), json!({"community": "x"}))
        .await
        .expect(403);
}
