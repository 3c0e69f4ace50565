//! References: how they are given, and what happens when their target goes.

use serde_json::{Value, json};

use crate::world::World;

fn path(record: &Value, collection: &str) -> String {
    format!("/api/v1/lab/{collection}/{}", record["id"].as_str().expect("id"))
}

#[tokio::test]
async fn a_reference_is_given_by_id_or_by_attribute() {
    let world = World::new().await;
    let site = world.site("Lab").await;
    let nowhere = "0193a0c4-0000-7000-8000-000000000009";
    for given in
        [json!(site), json!({"id": site}), json!({"name": "LAB"}), json!({"id": site, "display": "Lab"})]
    {
        let made = world
            .post("/api/v1/lab/devices", json!({"name": given.to_string().len().to_string(), "site": given}));
        assert_eq!(made.await.expect(201).body["site"], json!({"id": site, "display": "Lab"}));
    }
    world.device(&site, "twin").await;
    let hall = world.site("Hall").await;
    world.device(&hall, "twin").await;
    let cases = [
        (json!({"site": nowhere}), "/site not_found"),
        (json!({"site": {"name": "None"}}), "/site not_found"),
        (json!({"site": {"supernet": "10.0.0.0/8"}}), "/site not_found"),
        (json!({"site": {"nmae": "Lab"}}), "/site unknown_field"),
        (json!({"site": {"parent": site}}), "/site unknown_field"),
        (json!({"site": {"name": "Lab", "id2": 1}}), "/site unknown_field"),
        (json!({"site": {"name": "Lab", "supernet": "10.0.0.0/8"}}), "/site not_found"),
        (json!({"site": {}}), "/site required"),
        (json!({"site": 7}), "/site wrong_type"),
        (json!({"site": "Lab"}), "/site invalid"),
        (json!({"site": null}), "/site required"),
        (json!({"site": site, "backup_of": {"name": "twin"}}), "/backup_of ambiguous"),
        (json!({"site": site, "peers": [{"name": "24"}, nowhere]}), "/peers/1 not_found"),
        (json!({"site": site, "peers": ["x"]}), "/peers/0 invalid"),
        (json!({"site": site, "peers": nowhere}), "/peers wrong_type"),
    ];
    for (mut body, fault) in cases {
        body["name"] = json!("new");
        let answer = world.post("/api/v1/lab/devices", body.clone()).await.expect(422);
        let faults: Vec<String> =
            answer.faults().into_iter().filter(|fault| !fault.starts_with("/peers/0 not")).collect();
        assert_eq!(faults, [fault], "{body}");
    }
}

#[tokio::test]
async fn deleting_a_target_protects_cascades_or_lets_go() {
    let world = World::new().await;
    let parent = world.site("Parent").await;
    let child = world.post("/api/v1/lab/sites", json!({"name": "Child", "parent": parent})).await.expect(201);
    let device = world.device(&child.id(), "device").await;
    let friend = world.post(
        "/api/v1/lab/devices",
        json!({"name": "friend", "site": child.id(), "backup_of": device["id"], "peers": [device["id"]]}),
    );
    let friend = friend.await.expect(201).body;
    let key = world.post("/api/v1/lab/keys", json!({"name": "key", "community": "secret", "devices": [device["id"], friend["id"]], "site": parent}));
    let key = key.await.expect(201).body;

    // Protect, reached through a cascade: nothing goes.
    let refused = world.delete(&format!("/api/v1/lab/sites/{parent}")).await.expect(409);
    assert_eq!(refused.body["code"], "in-use");
    assert!(refused.body["detail"].as_str().expect("detail").contains("devices"), "{}", refused.text);
    assert_eq!((world.rows("site").await, world.rows("key").await), (2, 1));

    // SetNull and lists let go, each with a version and a history of its own.
    world.delete(&path(&device, "devices")).await.expect(204);
    let friend = world.get(&path(&friend, "devices")).await.expect(200).body;
    assert_eq!(
        (&friend["backup_of"], &friend["peers"], &friend["version"]),
        (&Value::Null, &json!([]), &json!(3))
    );
    let after = world.get(&path(&key, "keys")).await.expect(200).body;
    assert_eq!(after["devices"], json!([{"id": friend["id"], "display": "friend"}]));
    assert_eq!(after["community"]["has_value"], true);
    let history = world.get(&format!("{}/history", path(&key, "keys"))).await.expect(200);
    assert_eq!(history.column("action"), ["update", "create"]);

    // Cascade: with history and events of everything that went.
    world.delete(&path(&friend, "devices")).await.expect(204);
    world.events.clear();
    world.delete(&format!("/api/v1/lab/sites/{parent}")).await.expect(204);
    let mut types = world.events.types();
    types.sort_unstable();
    assert_eq!(types, ["lab.key.deleted", "lab.site.deleted", "lab.site.deleted"]);
    assert_eq!((world.rows("site").await, world.rows("key").await, world.rows("device").await), (0, 0, 0));
    let gone = world.get(&format!("/api/v1/lab/sites/{}/history", child.id())).await.expect(200);
    assert_eq!(gone.column("action"), ["delete", "create"]);
}

#[tokio::test]
async fn circles_of_cascades_end() {
    let world = World::new().await;
    let first = world.site("first").await;
    let second =
        world.post("/api/v1/lab/sites", json!({"name": "second", "parent": first})).await.expect(201).id();
    world.patch(&format!("/api/v1/lab/sites/{first}"), json!({"parent": second})).await.expect(200);
    world.delete(&format!("/api/v1/lab/sites/{first}")).await.expect(204);
    assert_eq!(world.rows("site").await, 0);
}
