//! The NetBox door under attack: who may what, in which tenant, with which input. What it answers is held
//! against recorded answers by `tests/netbox/run`.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::server::{PASSWORD, Principal, Server};

const SITES: &str = "/netbox/api/dcim/sites/";

async fn a_site(admin: &Principal<'_>) -> i64 {
    let (status, site) = admin.post(SITES, &json!({"name": "Alpha", "slug": "alpha"})).await;
    assert_eq!(status, StatusCode::CREATED, "{site}");
    site["id"].as_i64().unwrap()
}

/// Everything that changes something.
fn writes(site: i64, prefix: i64) -> Vec<(Method, String, Value)> {
    vec![
        (Method::POST, SITES.to_owned(), json!({"name": "x", "slug": "x"})),
        (Method::POST, SITES.to_owned(), json!([{"name": "x", "slug": "x"}])),
        (Method::PATCH, SITES.to_owned(), json!([{"id": site, "name": "x"}])),
        (Method::PUT, SITES.to_owned(), json!([{"id": site, "name": "x", "slug": "x"}])),
        (Method::DELETE, SITES.to_owned(), json!([{"id": site}])),
        (Method::PATCH, format!("{SITES}{site}/"), json!({"name": "x"})),
        (Method::PUT, format!("{SITES}{site}/"), json!({"name": "x", "slug": "x"})),
        (Method::DELETE, format!("{SITES}{site}/"), Value::Null),
        (Method::POST, format!("/netbox/api/ipam/prefixes/{prefix}/available-ips/"), json!({})),
        (
            Method::POST,
            format!("/netbox/api/ipam/prefixes/{prefix}/available-prefixes/"),
            json!({"prefix_length": 28}),
        ),
        (
            Method::POST,
            "/netbox/api/dcim/cables/".to_owned(),
            json!({"a_terminations": [], "b_terminations": []}),
        ),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn rights_hold_at_the_door() {
    let server = Server::start().await;
    let admin = server.admin().await;
    let site = a_site(&admin).await;
    let (_, prefix) = admin.post("/netbox/api/ipam/prefixes/", &json!({"prefix": "10.0.0.0/24"})).await;
    let prefix = prefix["id"].as_i64().unwrap();
    admin
        .create("/api/v1/platform/roles", &json!({"name": "nobody", "rules": ["platform/nothing:read"]}))
        .await;
    admin.add_user("nora", "nobody").await;
    admin.add_user("vera", "viewer").await;
    let (nora, vera) = (server.login("nora", PASSWORD).await, server.login("vera", PASSWORD).await);

    let reads = [
        SITES.to_owned(),
        format!("{SITES}{site}/"),
        "/netbox/api/".to_owned(),
        "/netbox/api/status/".to_owned(),
    ];
    for path in &reads {
        let anonymous = server.get(path).await;
        assert_eq!(anonymous.status(), StatusCode::FORBIDDEN, "{path}");
        assert_eq!(vera.get(path).await.0, StatusCode::OK, "{path}");
    }
    for path in reads.iter().take(2) {
        assert_eq!(nora.get(path).await.0, StatusCode::FORBIDDEN, "{path}");
    }
    for (method, path, body) in writes(site, prefix) {
        let url = format!("{}{path}", server.url);
        let anonymous = server.http.request(method.clone(), &url).json(&body).send().await.unwrap();
        assert_eq!(anonymous.status(), StatusCode::FORBIDDEN, "{method} {path}");
        for who in [&nora, &vera] {
            let (status, answer) = who.call(method.clone(), &path, Some(&body)).await;
            assert_eq!(status, StatusCode::FORBIDDEN, "{method} {path} {answer}");
        }
    }
    let (_, sites) = admin.get(SITES).await;
    assert_eq!((&sites["count"], &sites["results"][0]["name"]), (&json!(1), &json!("Alpha")));
}

#[tokio::test(flavor = "multi_thread")]
async fn tenants_do_not_meet_at_the_door() {
    let server = Server::start().await;
    let admin = server.admin().await;
    let site = a_site(&admin).await;
    let tenant = admin.create("/api/v1/platform/tenants", &json!({"slug": "beta", "name": "Beta"})).await;
    let mut inside = server.admin().await;
    inside.tenant = Some(tenant);
    inside.add_user("bob", "admin").await;
    let bob = server.login("bob", PASSWORD).await;

    assert_eq!(bob.get(SITES).await.1["count"], json!(0));
    assert_eq!(bob.get(&format!("{SITES}?id={site}")).await.1["count"], json!(0));
    for method in [Method::GET, Method::PATCH, Method::DELETE] {
        let (status, answer) =
            bob.call(method.clone(), &format!("{SITES}{site}/"), Some(&json!({"name": "x"}))).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{method} {answer}");
    }
    let rack = json!({"name": "R", "site": site});
    let (status, answer) = bob.post("/netbox/api/dcim/racks/", &rack).await;
    assert_eq!((status, answer["site"].is_array()), (StatusCode::BAD_REQUEST, true), "{answer}");
    let rack = json!({"name": "R", "site": {"slug": "alpha"}});
    assert_eq!(bob.post("/netbox/api/dcim/racks/", &rack).await.0, StatusCode::BAD_REQUEST);
    let (status, _) = bob.call(Method::DELETE, SITES, Some(&json!([{"id": site}]))).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    // Numbers of the other tenant begin anew: his first site has the same one.
    let (_, own) = bob.post(SITES, &json!({"name": "Beta", "slug": "beta"})).await;
    assert_eq!(own["id"], json!(site));
    assert_eq!(admin.get(&format!("{SITES}{site}/")).await.1["name"], json!("Alpha"));
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_input_is_refused() {
    let server = Server::start().await;
    let admin = server.admin().await;
    let site = a_site(&admin).await;
    let own = format!("{SITES}{site}/");
    let long = format!("{}name", "parent__".repeat(20_000));
    let deep = (0..100).fold(json!({"name": "x"}), |inner, _| json!({ "parent": inner }));
    for body in
        [json!({"region": {long: "x"}}), json!({ "region": deep }), json!({"region": {"name; drop": "x"}})]
    {
        let (status, answer) = admin.call(Method::PATCH, &own, Some(&body)).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{answer}");
    }
    let text = "'; DROP TABLE inventory.site; --";
    let (status, answer) = admin.call(Method::PATCH, &own, Some(&json!({"facility": text}))).await;
    assert_eq!((status, &answer["facility"]), (StatusCode::OK, &json!(text)));
    for (query, count) in [
        ("name=%27+OR+1%3D1+--", 0),
        ("facility=%27%3B+DROP+TABLE+inventory.site%3B+--", 1),
        ("ordering=name%3B+drop+table+x", 1),
        ("q=%25", 0),
        ("limit=999999999999&offset=99999999999999999999", 1),
    ] {
        let (status, answer) = admin.get(&format!("{SITES}?{query}")).await;
        assert_eq!((status, &answer["count"]), (StatusCode::OK, &json!(count)), "{query} {answer}");
    }
    assert_eq!(admin.get(&format!("{SITES}?name__regex=%5B")).await.0, StatusCode::BAD_REQUEST);
    let many: Vec<Value> =
        (0..10_001).map(|n| json!({"name": format!("n{n}"), "slug": format!("n{n}")})).collect();
    assert_eq!(admin.post(SITES, &json!(many)).await.0, StatusCode::BAD_REQUEST);
    let (status, _) = admin.post(SITES, &json!({"name": "x".repeat(17 * 1024 * 1024), "slug": "x"})).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(admin.get(SITES).await.1["count"], json!(1), "nothing was half done");
}

/// The schema is for everybody and comes packed; a list that every server knows can be chosen from.
#[tokio::test(flavor = "multi_thread")]
async fn the_schema_and_known_lists_are_served() {
    let server = Server::start().await;
    let schema = |encoding: &'static str| {
        let request = server.http.get(format!("{}/netbox/api/schema/?format=json", server.url));
        request.header("accept-encoding", encoding).send()
    };
    let plain = schema("identity").await.unwrap();
    assert_eq!(plain.status(), StatusCode::OK);
    assert_eq!(plain.headers()["content-type"], "application/vnd.oai.openapi+json");
    let text = plain.text().await.unwrap();
    let document: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(document["info"]["version"], "4.7.3 (4.7)");
    for (encoding, coding) in [("gzip, deflate", "gzip"), ("gzip, br", "br")] {
        let packed = schema(encoding).await.unwrap();
        assert_eq!(packed.headers()["content-encoding"], coding);
        assert!(packed.bytes().await.unwrap().len() < text.len() / 10, "{encoding}");
    }

    let admin = server.admin().await;
    let set = json!({"name": "Countries", "base_choices": "ISO_3166", "extra_choices": []});
    admin.create("/api/v1/platform/custom-field-choice-sets", &set).await;
    let sets = "/netbox/api/extras/custom-field-choice-sets/";
    let (_, page) = admin.get(&format!("{sets}?name=Countries")).await;
    let id = page["results"][0]["id"].as_i64().unwrap();
    let (status, choices) = admin.get(&format!("{sets}{id}/choices/?q=united&limit=1")).await;
    assert_eq!(status, StatusCode::OK, "{choices}");
    let first = json!({"id": "AE", "display": "AE (United Arab Emirates)"});
    assert_eq!((&choices["results"], choices["count"].as_i64() > Some(1)), (&json!([first]), true));
    let next = format!("{}{sets}{id}/choices/?limit=1&offset=1&q=united", server.url);
    assert_eq!(choices["next"], json!(next));
}
