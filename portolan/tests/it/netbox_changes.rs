//! What was changed, at the NetBox door: in which order, from what to what, for whom.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::server::{PASSWORD, Principal, Server};

const CHANGES: &str = "/netbox/api/core/object-changes/";

async fn made(who: &Principal<'_>, path: &str, body: Value) -> i64 {
    let (status, answer) = who.post(path, &body).await;
    assert_eq!(status, StatusCode::CREATED, "{path} {answer}");
    answer["id"].as_i64().unwrap()
}

async fn ids(who: &Principal<'_>, query: &str) -> Vec<i64> {
    let (status, answer) = who.get(&format!("{CHANGES}?fields=id&{query}")).await;
    assert_eq!(status, StatusCode::OK, "{query} {answer}");
    answer["results"].as_array().unwrap().iter().map(|one| one["id"].as_i64().unwrap()).collect()
}

/// A region with a site that is changed, and the region deleted: the site loses it.
async fn history(admin: &Principal<'_>) -> (i64, i64) {
    let region = made(admin, "/netbox/api/dcim/regions/", json!({"name": "R", "slug": "r"})).await;
    let tag = made(admin, "/netbox/api/extras/tags/", json!({"name": "Tag", "slug": "tag"})).await;
    let body = json!({"name": "S", "slug": "s", "region": region, "tags": [tag], "latitude": 1.5});
    let site = made(admin, "/netbox/api/dcim/sites/", body).await;
    let path = format!("/netbox/api/dcim/sites/{site}/");
    let (status, _) = admin.call(Method::PATCH, &path, Some(&json!({"name": "S2"}))).await;
    assert_eq!(status, StatusCode::OK);
    let (status, _) = admin.call(Method::DELETE, &format!("/netbox/api/dcim/regions/{region}/"), None).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    (region, site)
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_have_both_sides_and_filters() {
    let server = Server::start().await;
    let admin = server.admin().await;
    let (region, site) = history(&admin).await;

    // Newest first.
    let of_site = format!("changed_object_type=dcim.site&changed_object_id={site}");
    let (_, list) = admin.get(&format!("{CHANGES}?{of_site}")).await;
    assert_eq!(list["count"], json!(3), "{list}");
    let found = list["results"].as_array().unwrap();
    let labels: Vec<&Value> = found.iter().map(|one| &one["action"]["label"]).collect();
    assert_eq!(labels, ["Updated", "Updated", "Created"]);
    let numbers: Vec<i64> = found.iter().map(|one| one["id"].as_i64().unwrap()).collect();
    assert!(numbers.is_sorted_by(|a, b| a > b), "{numbers:?}");

    // The site lost its region, which is gone and still has its id there.
    let lost = &found[0];
    assert_eq!(
        (&lost["prechange_data"]["region"], &lost["postchange_data"]["region"]),
        (&json!(region), &Value::Null)
    );
    let renamed = &found[1];
    assert_eq!(
        (&renamed["prechange_data"]["name"], &renamed["postchange_data"]["name"]),
        (&json!("S"), &json!("S2"))
    );
    assert_eq!(renamed["prechange_data"]["region"], json!(region), "{renamed}");
    assert_eq!(renamed["prechange_data"]["tags"], json!(["Tag"]));
    assert_eq!(renamed["postchange_data"]["latitude"], json!("1.500000"));
    assert_eq!(renamed["display"], json!("DCIM | site S2 updated by admin"));
    assert_eq!(renamed["changed_object"]["name"], json!("S2"));
    assert_eq!((&renamed["user"]["username"], &renamed["user_name"]), (&json!("admin"), &json!("admin")));
    let created = &found[2];
    assert_eq!((&created["prechange_data"], &created["object_repr"]), (&json!({}), &json!("S")));
    assert_eq!(created["postchange_data"]["name"], json!("S"));
    let (status, one) = admin.get(&format!("{CHANGES}{}/", numbers[2])).await;
    assert_eq!((status, &one), (StatusCode::OK, created));

    let deleted = format!("changed_object_type=dcim.region&changed_object_id={region}&action=delete");
    let (_, gone) = admin.get(&format!("{CHANGES}?{deleted}")).await;
    let gone = &gone["results"][0];
    assert_eq!((&gone["changed_object"], &gone["postchange_data"]), (&Value::Null, &json!({})));
    assert_eq!(gone["prechange_data"]["slug"], json!("r"));
    // The region and what became of its site are one request.
    let of_request = format!("request_id={}", gone["request_id"].as_str().unwrap());
    assert_eq!(ids(&admin, &of_request).await.len(), 2);

    for (query, expected) in [
        ("action=create", Some(1)),
        ("action=update", Some(2)),
        ("action__n=update", Some(1)),
        ("user=admin", Some(3)),
        ("user_name__ic=DM", Some(3)),
        ("user_name=nobody", Some(0)),
        ("object_repr=S", Some(1)),
        ("q=S2", Some(2)),
        ("time_after=2020-01-01", Some(3)),
        ("time_before=2020-01-01", Some(0)),
        ("related_object_type=dcim.site", Some(0)),
        ("request_id=00000000-0000-0000-0000-000000000000", Some(0)),
        ("action=bogus", None),
        ("user=bogus", None),
        ("request_id=bogus", None),
        ("id=bogus", None),
        ("time_after=bogus", None),
    ] {
        let (status, answer) = admin.get(&format!("{CHANGES}?{of_site}&{query}")).await;
        match expected {
            Some(count) => assert_eq!(answer["count"], json!(count), "{query} {answer}"),
            None => assert_eq!(status, StatusCode::BAD_REQUEST, "{query} {answer}"),
        }
    }
    pages(&admin).await;
}

async fn pages(admin: &Principal<'_>) {
    let all = ids(admin, "limit=0").await;
    let (_, page) = admin.get(&format!("{CHANGES}?limit=2&offset=1&fields=id")).await;
    assert_eq!(page["count"], json!(all.len()));
    assert_eq!(page["results"], json!([{"id": all[1]}, {"id": all[2]}]));
    assert!(page["next"].as_str().unwrap().ends_with("/?fields=id&limit=2&offset=3"), "{page}");
    let mut ascending = all.clone();
    ascending.sort_unstable();
    let (_, page) = admin.get(&format!("{CHANGES}?start={}&limit=2&fields=id", ascending[1])).await;
    assert_eq!(page["count"], Value::Null);
    assert_eq!(page["results"], json!([{"id": ascending[1]}, {"id": ascending[2]}]));
    assert_eq!(ids(admin, "ordering=id&limit=0").await, ascending);
    let (status, _) = admin.get(&format!("{CHANGES}999999/")).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
        let (status, answer) = admin.call(method.clone(), CHANGES, Some(&json!({}))).await;
        assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED, "{method} {answer}");
    }
    let (status, options) = admin.call(Method::OPTIONS, CHANGES, None).await;
    assert_eq!((status, &options["actions"]), (StatusCode::OK, &Value::Null));
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_are_for_those_who_may_and_of_their_tenant() {
    let server = Server::start().await;
    let admin = server.admin().await;
    history(&admin).await;
    // A viewer sees the network, not who did what to it.
    admin.add_user("vera", "viewer").await;
    let rules = json!({"name": "auditor", "rules": ["audit/entries:read", "inventory/regions:read"]});
    admin.create("/api/v1/platform/roles", &rules).await;
    admin.add_user("otto", "auditor").await;
    let tenant = admin.create("/api/v1/platform/tenants", &json!({"slug": "beta", "name": "Beta"})).await;
    let mut inside = server.admin().await;
    inside.tenant = Some(tenant);
    inside.add_user("bob", "admin").await;

    let one = ids(&admin, "changed_object_type=dcim.site").await[0];
    assert_eq!(server.get(CHANGES).await.status(), StatusCode::FORBIDDEN);
    let vera = server.login("vera", PASSWORD).await;
    for path in [CHANGES.to_owned(), format!("{CHANGES}{one}/")] {
        assert_eq!(vera.get(&path).await.0, StatusCode::FORBIDDEN, "{path}");
    }
    // Of records that one may not read, no change is told either.
    let otto = server.login("otto", PASSWORD).await;
    assert_eq!(ids(&otto, "changed_object_type=dcim.site").await, Vec::<i64>::new());
    assert_eq!(ids(&otto, "changed_object_type=dcim.region").await.len(), 2);
    assert_eq!(otto.get(&format!("{CHANGES}{one}/")).await.0, StatusCode::NOT_FOUND);
    // Another tenant has changes of its own, with numbers of its own.
    let bob = server.login("bob", PASSWORD).await;
    assert_eq!(
        ids(&bob, "changed_object_type=dcim.site&changed_object_type=dcim.region").await,
        Vec::<i64>::new()
    );
    let (_, own) = bob.get(&format!("{CHANGES}?limit=0")).await;
    for change in own["results"].as_array().unwrap() {
        assert_eq!(change["changed_object_type"], json!("users.user"), "{change}");
    }
}
