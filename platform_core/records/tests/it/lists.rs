//! Lists: filters, order, pages, fields, formats.

use serde_json::{Value, json};

use crate::world::World;

/// Devices that differ in everything a filter can see.
async fn stocked() -> World {
    let world = World::new().await;
    let lab = world.site("Lab").await;
    let hall = world.site("Hall").await;
    let devices = json!([
        {"name": "Alpha", "site": lab, "kind": "router", "bgp_id": "1", "height": 1, "asn": 10, "address": "10.0.0.1",
         "network": "10.0.0.0/8", "labels": ["red"], "allowed": ["10.0.0.0/8"], "installed_at": "2026-01-01T00:00:00Z", "asset_tag": "T1"},
        {"name": "beta", "site": lab, "kind": "switch", "height": 2, "asn": 20, "address": "10.0.0.200",
         "network": "10.1.0.0/16", "labels": ["red", "blue"], "installed_at": "2026-02-01T00:00:00Z", "active": false},
        {"name": "BETA two", "site": hall, "kind": "switch", "height": 2, "address": "2001:db8::5", "network": "2001:db8::/32"},
        {"name": "gamma", "site": hall, "height": 4, "asn": -5, "address": "192.0.2.7", "comments": "spare PART in the cellar"},
        {"name": "Ödland", "site": hall, "height": 48},
    ]);
    world.post("/api/v1/lab/devices", devices).await.expect(201);
    world
}

async fn names(world: &World, query: &str) -> Vec<String> {
    let answer = world.get(&format!("/api/v1/lab/devices?{query}")).await.expect(200);
    answer.column("name").iter().map(|name| name.as_str().unwrap_or("?").to_owned()).collect()
}

#[tokio::test]
async fn filters_find_what_they_say() {
    let world = stocked().await;
    let peer = world.get("/api/v1/lab/devices?name=gamma").await.body["items"][0]["id"]
        .as_str()
        .expect("id")
        .to_owned();
    let alpha = world.get("/api/v1/lab/devices?name=alpha").await.body["items"][0].clone();
    world
        .patch(
            &format!("/api/v1/lab/devices/{}", alpha["id"].as_str().expect("id")),
            json!({"peers": [peer]}),
        )
        .await
        .expect(200);
    let hall = world.get("/api/v1/lab/sites?name=hall").await.body["items"][0]["id"]
        .as_str()
        .expect("id")
        .to_owned();
    let cases: &[(&str, &[&str])] = &[
        ("", &["Alpha", "beta", "BETA two", "gamma", "Ödland"]),
        ("name=BETA", &["beta"]),
        ("name=%C3%B6DLAND", &["Ödland"]),
        ("name__ne=beta", &["Alpha", "BETA two", "gamma", "Ödland"]),
        ("name__in=alpha,GAMMA,none", &["Alpha", "gamma"]),
        ("name=alpha&name=gamma", &["Alpha", "gamma"]),
        ("name__startswith=BeT", &["beta", "BETA two"]),
        ("name__contains=MM", &["gamma"]),
        ("name__contains=%25", &[]),
        ("name__gt=beta&name__lte=gamma", &["BETA two", "gamma"]),
        ("asset_tag__isnull=false", &["Alpha"]),
        ("height=2", &["beta", "BETA two"]),
        ("height__gte=4", &["gamma", "Ödland"]),
        ("height__in=1,48", &["Alpha", "Ödland"]),
        ("asn__lt=0", &["gamma"]),
        ("asn__ne=10", &["beta", "BETA two", "gamma", "Ödland"]),
        ("asn__isnull=true", &["BETA two", "Ödland"]),
        ("active=false", &["beta"]),
        ("kind=switch", &["beta", "BETA two"]),
        ("kind__in=switch,router&height__lt=2", &["Alpha"]),
        ("installed_at__gte=2026-01-15T00:00:00%2B01:00", &["beta"]),
        ("address=10.0.0.1", &["Alpha"]),
        ("address__within=10.0.0.0/24", &["Alpha", "beta"]),
        ("address__within=10.0.0.128/25", &["beta"]),
        ("address__within=::/0", &["BETA two"]),
        ("address__within=192.0.2.7", &["gamma"]),
        ("network__within=10.0.0.0/8", &["Alpha", "beta"]),
        ("network__within=10.1.0.0/16", &["beta"]),
        ("network__contains=10.1.2.3", &["Alpha", "beta"]),
        ("network__contains=10.0.0.0/9", &["Alpha"]),
        ("labels=red", &["Alpha", "beta"]),
        ("labels__contains=blue", &["beta"]),
        ("allowed=10.0.0.0/8", &["Alpha"]),
        ("q=two", &["BETA two"]),
        ("q=part+SPARE", &["gamma"]),
        ("q=part+none", &[]),
        ("q=192.0.2", &["gamma"]),
        ("q=2001:db8::/32", &["BETA two"]),
        ("q=%5C%25_", &[]),
        ("sort=-name", &["Ödland", "gamma", "BETA two", "beta", "Alpha"]),
        ("sort=height,-name", &["Alpha", "BETA two", "beta", "gamma", "Ödland"]),
        ("sort=asn", &["gamma", "Alpha", "beta", "BETA two", "Ödland"]),
        ("limit=2", &["Alpha", "beta"]),
    ];
    for (query, expected) in cases {
        assert_eq!(names(&world, query).await, *expected, "{query}");
    }
    assert_eq!(names(&world, &format!("site={hall}&kind=switch")).await, ["BETA two"]);
    assert_eq!(names(&world, &format!("peers={peer}")).await, ["Alpha"]);
    assert_eq!(names(&world, &format!("id={peer}")).await, ["gamma"]);
    let total = world.get("/api/v1/lab/devices?height=2&limit=1&count=exact").await.expect(200);
    assert_eq!((total.body["total"].as_i64(), total.column("name").len()), (Some(2), 1));
    let few = world.get("/api/v1/lab/devices?fields=name,site&limit=1").await.expect(200);
    assert_eq!(
        few.body["items"][0].as_object().expect("object").keys().collect::<Vec<_>>(),
        ["id", "name", "site"]
    );
}

#[tokio::test]
async fn wrong_parameters_name_the_nearest_right_one() {
    let world = stocked().await;
    let cases = [
        ("hieght=1", "?hieght unknown_parameter", "`height`"),
        ("name__foo=1", "?name__foo unknown_operator", "startswith"),
        ("height=x", "?height wrong_type", "whole number"),
        ("height=", "?height wrong_type", "whole number"),
        ("name=", "?name required", "isnull"),
        ("kind=rooter", "?kind invalid_choice", "router"),
        ("site=Lab", "?site invalid", "uuid"),
        ("address__within=x", "?address__within invalid", "10.0.0.0/8"),
        ("address=10.0.0.0/8", "?address invalid", "without a length"),
        ("sort=hight", "?sort unknown_field", "`height`"),
        ("sort=extra", "?sort unknown_field", "Known"),
        ("sort=comments", "?sort unknown_field", "Known"),
        ("fields=name,nmae", "?fields unknown_field", "`name`"),
        ("limit=0", "?limit out_of_range", "1000"),
        ("limit=1001", "?limit out_of_range", "1000"),
        ("limit=-1", "?limit out_of_range", "1000"),
        ("count=yes", "?count invalid_choice", "exact"),
        ("format=xml", "?format invalid_choice", "csv"),
        ("cursor=abc", "?cursor invalid_cursor", "Start again"),
        ("comments=x", "?comments unknown_parameter", "Known"),
        ("name__in=,", "?name__in out_of_range", "1 to 500"),
        ("installed_at=yesterday", "?installed_at invalid", "RFC 3339"),
        ("dry_run=true", "?dry_run unknown_parameter", "There is no"),
    ];
    for (query, fault, hint) in cases {
        let answer = world.get(&format!("/api/v1/lab/devices?{query}")).await.expect(400);
        assert_eq!(answer.faults(), [fault], "{query}");
        assert!(
            answer.body["errors"][0]["message"].as_str().expect("message").contains(hint),
            "{query}: {}",
            answer.text
        );
    }
    let both = world.get("/api/v1/lab/devices?nmae=x&height=y").await.expect(400);
    assert_eq!(both.faults(), ["?height wrong_type", "?nmae unknown_parameter"]);
    world.get("/api/v1/lab/notes?q=x").await.expect(400);
    world.get("/api/v1/lab/sites/not-a-uuid").await.expect(404);
}

#[tokio::test]
async fn pages_join_to_the_whole_in_every_order() {
    let world = stocked().await;
    for sort in [
        "name",
        "-name",
        "asn",
        "-asn",
        "height,-asn",
        "-height,asn",
        "-created_at",
        "id",
        "-address",
        "kind,name",
        "installed_at,-height",
    ] {
        let whole = names(&world, &format!("sort={sort}&limit=100")).await;
        let mut joined = Vec::new();
        let mut cursor = String::new();
        loop {
            let page = world
                .get(&format!("/api/v1/lab/devices?sort={sort}&limit=2&cursor={cursor}"))
                .await
                .expect(200);
            joined.extend(page.column("name").iter().map(|name| name.as_str().expect("name").to_owned()));
            match page.body["next_cursor"].as_str() {
                Some(next) => cursor = next.to_owned(),
                None => break,
            }
            assert!(joined.len() <= whole.len(), "{sort}: {joined:?}");
        }
        assert_eq!(joined, whole, "{sort}");
        assert_eq!(whole.len(), 5);
    }
}

#[tokio::test]
async fn exports_give_everything_in_every_format() {
    let world = stocked().await;
    let many: Vec<Value> = (0..2_100).map(|n| json!({"name": format!("site {n:05}")})).collect();
    world.post("/api/v1/lab/sites", Value::Array(many)).await.expect(201);
    let json = world.get("/api/v1/lab/sites?format=json").await.expect(200);
    assert_eq!(json.body.as_array().expect("array").len(), 2_102);
    let lines = world.get("/api/v1/lab/sites?format=ndjson&name__startswith=site").await.expect(200);
    assert_eq!(lines.text.lines().count(), 2_100);
    assert!(lines.text.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()));
    let csv = world.get("/api/v1/lab/devices?format=csv&sort=height").await.expect(200);
    assert_eq!(csv.headers["content-type"], "text/csv; charset=utf-8; header=present");
    let mut reader = csv_reader(&csv.text);
    let headers = reader.headers().expect("headers").clone();
    assert_eq!((headers.get(0), headers.iter().any(|name| name == "site")), (Some("id"), true));
    let rows: Vec<_> = reader.records().map(|row| row.expect("a row")).collect();
    assert_eq!(rows.len(), 5);
    let site = headers.iter().position(|name| name == "site").expect("site");
    assert_eq!(rows[0].get(site), Some("Lab"));
    let none = world.get("/api/v1/lab/devices?format=json&height=3").await.expect(200);
    assert_eq!(none.text, "[]");
}

fn csv_reader(text: &str) -> csv::Reader<&[u8]> {
    csv::Reader::from_reader(text.as_bytes())
}
