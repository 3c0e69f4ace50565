//! Arrays, batches, imports.

use axum::body::Body;
use http::{Request, StatusCode};
use serde_json::{Value, json};

use crate::world::{Answer, World};

#[tokio::test]
async fn an_array_is_created_all_or_not_at_all() {
    let world = World::new().await;
    let made = world.post("/api/v1/lab/sites", json!([{"name": "a"}, {"name": "b"}])).await.expect(201);
    assert_eq!(made.column("name"), ["a", "b"]);
    let refused = world
        .post("/api/v1/lab/sites", json!([{"name": "c"}, {"name": ""}, {"name": "A"}, {"x": 1}]))
        .await
        .expect(422);
    assert_eq!(
        refused.faults(),
        ["/1/name required", "/2/name not_unique", "/3/name required", "/3/x unknown_field"]
    );
    assert_eq!(world.rows("site").await, 2);
}

#[tokio::test]
async fn a_batch_is_atomic_or_by_item() {
    let world = World::new().await;
    let path = "/api/v1/lab/sites/actions/batch";
    let (a, b) = (world.site("a").await, world.site("b").await);
    let operations = json!([
        {"op": "create", "data": {"name": "c"}},
        {"op": "update", "id": a, "version": 1, "data": {"name": "A2"}},
        {"op": "delete", "id": b},
        {"op": "create", "data": {"name": "b"}},
    ]);
    let dry =
        world.post(&format!("{path}?dry_run=true"), json!({"operations": operations})).await.expect(200);
    assert_eq!(dry.body["results"].as_array().map(Vec::len), Some(4));
    assert_eq!(world.rows("site").await, 2);
    let done = world.post(path, json!({"operations": operations})).await.expect(200);
    let statuses: Vec<&Value> =
        done.body["results"].as_array().expect("results").iter().map(|result| &result["status"]).collect();
    assert_eq!(statuses, [201, 200, 204, 201]);
    assert_eq!(done.body["results"][1]["record"]["name"], "A2");

    let late = json!({"operations": [{"op": "create", "data": {"name": "d"}}, {"op": "update", "id": a, "version": 1, "data": {"name": "A3"}}]});
    let refused = world.post(path, late.clone()).await.expect(412);
    assert_eq!(refused.faults(), ["/operations/1/version version-mismatch"]);
    let absent =
        json!({"operations": [{"op": "delete", "id": a}, {"op": "delete", "id": uuid::Uuid::nil()}]});
    assert_eq!(world.post(path, absent).await.expect(404).faults(), ["/operations/1/id not-found"]);
    let wrong = json!({"operations": [{"op": "create", "data": {"name": "d"}}, {"op": "create", "data": {"name": "a2", "id": a}}]});
    assert_eq!(world.post(path, wrong).await.expect(422).faults(), ["/operations/1/data/id read_only"]);
    assert_eq!(world.rows("site").await, 3);
    let mut each = late;
    each["atomic"] = json!(false);
    let done = world.post(path, each).await.expect(200);
    assert_eq!(
        (&done.body["results"][0]["status"], &done.body["results"][1]["status"]),
        (&json!(201), &json!(412))
    );
    assert_eq!(done.body["results"][1]["problem"]["code"], "version-mismatch");
    assert_eq!(world.rows("site").await, 4);

    for (body, status) in [
        (json!([]), 400),
        (json!({}), 422),
        (json!({"operations": [], "atmoic": true}), 422),
        (json!({"operations": [{"op": "drop"}]}), 422),
        (json!({"operations": [{"op": "delete"}]}), 422),
        (json!({"operations": [{"op": "create", "data": {"name": "x"}, "tenant_id": "y"}]}), 422),
        (json!({"operations": [{"op": "delete", "id": a}, {"op": "delete", "id": a}]}), 400),
        (json!({"operations": vec![json!({"op": "create"}); 1_001]}), 422),
    ] {
        world.post(path, body).await.expect(status);
    }
    assert_eq!(world.post(path, json!({"operations": []})).await.expect(200).body, json!({"results": []}));
}

async fn import(world: &World, path: &str, media: &str, body: &str) -> Answer {
    let request = Request::post(path)
        .header("content-type", media)
        .body(Body::from(body.to_owned()))
        .expect("a request");
    world.raw(&world.ctx(), request).await
}

#[tokio::test]
async fn an_import_reports_every_row_and_writes_all_or_none() {
    let world = World::new().await;
    world.site("Lab").await;
    let path = "/api/v1/lab/devices/actions/import";
    let bad = "name,site,height,kind,labels\n\
               one,Lab,2,switch,\"a,b\"\n\
               two,Nowhere,99,switch,\n\
               ,Lab,x,rooter,\n\
               ONE,lab,,,\n";
    let report = import(&world, path, "text/csv", bad).await.expect(422);
    assert_eq!(
        (&report.body["created"], report.headers["content-type"].to_str().ok()),
        (&json!(0), Some("application/json"))
    );
    let rows: Vec<&Value> =
        report.body["errors"].as_array().expect("errors").iter().map(|error| &error["row"]).collect();
    assert_eq!(rows, [2, 3, 4]);
    assert_eq!(report.body["errors"][1]["errors"].as_array().map(Vec::len), Some(3));
    assert_eq!(report.body["errors"][2]["errors"][0]["code"], "not_unique");
    assert_eq!(world.rows("device").await, 0);

    let good = "\u{feff}name,site,height,active,labels,allowed,extra,peers\n\
                one,Lab,2,yes,\"a,b\",\"10.0.0.0/8,10.1.0.0/16\",\"{\"\"k\"\": 1}\",\n\
                two,lab,,false,\"[\"\"x,y\"\"]\",,,\n";
    let dry =
        import(&world, &format!("{path}?dry_run=true"), "text/csv; charset=utf-8", good).await.expect(200);
    assert_eq!(dry.body, json!({"created": 2, "updated": 0, "errors": []}));
    assert_eq!(world.rows("device").await, 0);
    import(&world, path, "text/csv", good).await.expect(200);
    let two = world.get("/api/v1/lab/devices?name=two").await.expect(200);
    assert_eq!(
        (&two.body["items"][0]["labels"], &two.body["items"][0]["active"]),
        (&json!(["x,y"]), &json!(false))
    );

    // By id or by a unique field rows change records; nothing to change is no update.
    let id = two.body["items"][0]["id"].as_str().expect("id");
    let rows = json!([{"id": id, "height": 5}, {"name": "three", "site": {"name": "Lab"}}]);
    let done = import(&world, path, "application/json", &rows.to_string()).await.expect(200);
    assert_eq!(done.body, json!({"created": 1, "updated": 1, "errors": []}));
    let sites = "name,supernet\nLAB,10.0.0.0/8\nHall,\n";
    let done =
        import(&world, "/api/v1/lab/sites/actions/import?match=name", "text/csv", sites).await.expect(200);
    assert_eq!(done.body, json!({"created": 1, "updated": 1, "errors": []}));
    let again =
        import(&world, "/api/v1/lab/sites/actions/import?match=name", "text/csv", sites).await.expect(200);
    assert_eq!(again.body, json!({"created": 0, "updated": 0, "errors": []}));

    for (path, media, body, status) in [
        (path, "text/csv", "name,site\nonly one cell\n", StatusCode::BAD_REQUEST),
        (path, "text/csv", "name\n\u{0}\n", StatusCode::UNPROCESSABLE_ENTITY),
        (path, "application/json", "[", StatusCode::BAD_REQUEST),
        (path, "application/xml", "<a/>", StatusCode::UNSUPPORTED_MEDIA_TYPE),
        (
            "/api/v1/lab/sites/actions/import?match=parent",
            "text/csv",
            sites,
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
        (
            path,
            "application/x-ndjson",
            "{\"name\":\"n\",\"site\":{\"name\":\"Lab\"}}\n\n{\"name\":1}\n",
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
    ] {
        assert_eq!(import(&world, path, media, body).await.status, status, "{body}");
    }
    let missing = json!([{"id": "0193a0c4-0000-7000-8000-000000000009", "height": 5}, {"id": id, "height": 2}, {"id": id, "height": 3}]);
    let report = import(&world, path, "application/json", &missing.to_string()).await.expect(422);
    let codes: Vec<&Value> = report.body["errors"]
        .as_array()
        .expect("errors")
        .iter()
        .map(|error| &error["errors"][0]["code"])
        .collect();
    assert_eq!(codes[0], "not_found");
    assert_eq!(codes[1], "duplicate");
}

#[tokio::test]
async fn an_export_can_be_imported_again() {
    let world = World::new().await;
    let site = world.site("=cmd|'/c calc'!A1").await;
    let sent = json!({"name": "+1", "site": site, "comments": "'quoted", "height": 3, "asn": -5, "labels": ["-x", "a,b"],
        "extra": {"k": [1]}, "address": "10.0.0.1", "network": "10.0.0.0/8"});
    let device = world.post("/api/v1/lab/devices", sent).await.expect(201);
    let csv = world.get("/api/v1/lab/devices?format=csv").await.expect(200).text;
    for dangerous in [",+1", ",=cmd", "\n=", ",\"=cmd"] {
        assert!(!csv.contains(dangerous), "{csv}");
    }
    let done = import(&world, "/api/v1/lab/devices/actions/import", "text/csv", &csv).await.expect(200);
    assert_eq!(done.body, json!({"created": 0, "updated": 0, "errors": []}), "{csv}");
    assert_eq!(world.get(&format!("/api/v1/lab/devices/{}", device.id())).await.body, device.body);
}

#[tokio::test]
async fn yaml_goes_out_and_comes_in() {
    let world = World::new().await;
    let site = world.site("Lab").await;
    let path = "/api/v1/lab/devices/actions/import";
    let good = "name: core 1\nsite: Lab\nkind: router\nbgp_id: 65000\nlabels: [a, b]\n---\n- name: 9300\n  site: Lab\n";
    let looked = import(&world, &format!("{path}?dry_run=true"), "application/yaml", good).await.expect(200);
    assert_eq!((&looked.body["created"], &looked.body["errors"]), (&json!(2), &json!([])));
    assert_eq!(looked.body["rows"][1], json!({"name": "9300", "site": {"name": "Lab"}}));
    import(&world, path, "application/yaml", good).await.expect(200);
    let made = world.get("/api/v1/lab/devices?sort=name").await;
    assert_eq!(made.column("name"), [json!("9300"), json!("core 1")]);
    assert_eq!(made.body["items"][1]["site"]["id"], json!(site));

    let out = world.get("/api/v1/lab/devices?format=yaml&sort=name").await.expect(200);
    assert_eq!(out.text.matches("---\n").count(), 2);
    let again = import(&world, path, "application/yaml", &out.text).await.expect(200);
    assert_eq!(again.body, json!({"created": 0, "updated": 0, "errors": []}));

    let bad = "name: x\nsite: nowhere\n---\nname: y\nsite: Lab\nheight: 900\nweird: 1\n";
    let report = import(&world, path, "text/yaml", bad).await.expect(422);
    let rows: Vec<&Value> =
        report.body["errors"].as_array().expect("errors").iter().map(|e| &e["row"]).collect();
    assert_eq!(rows, [&json!(1), &json!(2)]);
    for text in ["name: [1", "name: a\nname: b", "", "- 1"] {
        let answer = import(&world, path, "application/yaml", text).await;
        assert!(answer.status.is_client_error(), "{text}: {}", answer.text);
    }
}
