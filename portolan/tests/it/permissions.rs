//! Groups and object permissions: what somebody reaches whose rights are limited to some records - natively,
//! at the NetBox door, and by trying to get more.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::server::{PASSWORD, Principal, Server};

const SITES: &str = "/api/v1/inventory/sites";
const PERMISSIONS: &str = "/api/v1/platform/object-permissions";
const DOOR: &str = "/netbox/api/dcim/sites/";

/// A user without any role.
async fn plain_user(admin: &Principal<'_>, name: &str) -> String {
    let body = json!({"name": name, "password": PASSWORD, "must_change_password": false});
    admin.create("/api/v1/platform/users", &body).await
}

async fn site(admin: &Principal<'_>, name: &str, status: &str) -> String {
    let slug = name.to_lowercase();
    admin.create(SITES, &json!({"name": name, "slug": slug, "status": status})).await
}

fn permission(name: &str, actions: &[&str], constraints: &Value, users: &[&str]) -> Value {
    json!({
        "name": name, "object_types": ["inventory.site"], "actions": actions, "constraints": constraints,
        "users": users,
    })
}

async fn names(who: &Principal<'_>, path: &str) -> Vec<Value> {
    let (status, list) = who.get(path).await;
    assert_eq!(status, StatusCode::OK, "{path} {list}");
    let items = list["items"].as_array().or(list["results"].as_array()).unwrap();
    items.iter().map(|item| item["name"].clone()).collect()
}

async fn refused(who: &Principal<'_>, method: Method, path: &str, body: Value) -> (u16, Value) {
    let body = (!body.is_null()).then_some(body);
    let (status, answer) = who.call(method, path, body.as_ref()).await;
    (status.as_u16(), answer)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_constraint_limits_reads_and_writes() {
    let server = Server::start().await;
    let admin = server.admin().await;
    let (open, hidden) = (site(&admin, "Open", "active").await, site(&admin, "Secret", "planned").await);
    let joe_id = plain_user(&admin, "joe").await;
    let joe = server.login("joe", PASSWORD).await;
    assert_eq!(joe.get(SITES).await.0, StatusCode::FORBIDDEN);

    // Seen by the next request.
    let active = json!({"status": "active"});
    let view = admin.create(PERMISSIONS, &permission("view", &["view"], &active, &[&joe_id])).await;
    assert_eq!(names(&joe, SITES).await, [json!("Open")]);
    for (query, total) in [("", 1), ("&q=e", 1), ("&name=Secret", 0), ("&status=planned", 0)] {
        let (_, list) = joe.get(&format!("{SITES}?count=exact{query}")).await;
        assert_eq!(list["total"], json!(total), "{query}");
    }
    for format in ["csv", "json", "ndjson"] {
        let (_, text) = joe.get(&format!("{SITES}?format={format}")).await;
        assert!(text.to_string().contains("Open") && !text.to_string().contains("Secret"), "{text}");
    }
    let (own, other) = (format!("{SITES}/{open}"), format!("{SITES}/{hidden}"));
    assert_eq!(joe.get(&own).await.0, StatusCode::OK);
    for path in [other.clone(), format!("{other}/history")] {
        assert_eq!(joe.get(&path).await.0, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(refused(&joe, Method::PATCH, &own, json!({"facility": "x"})).await.0, 403);
    // Of what was changed, only what concerns these.
    let auditor = json!({"name": "auditor", "rules": ["audit/entries:read"]});
    let auditor = admin.create("/api/v1/platform/roles", &auditor).await;
    admin.create("/api/v1/platform/role-bindings", &json!({"user": joe_id, "role": auditor})).await;
    let (_, log) = joe.get("/netbox/api/core/object-changes/").await;
    let repr = &log["results"][0]["object_repr"];
    assert_eq!((&log["count"], repr), (&json!(1), &json!("Open")), "{log}");

    let change = permission("change", &["add", "change", "delete"], &active, &[&joe_id]);
    let change = admin.create(PERMISSIONS, &change).await;
    assert_eq!(refused(&joe, Method::PATCH, &own, json!({"facility": "x"})).await.0, 200);
    let (status, answer) = refused(&joe, Method::PATCH, &own, json!({"status": "planned"})).await;
    assert_eq!((status, &answer["code"]), (403, &json!("not-permitted")), "{answer}");
    let bad = json!({"name": "Bad", "slug": "bad", "status": "planned"});
    assert_eq!(refused(&joe, Method::POST, SITES, bad.clone()).await.0, 403);
    let (status, answer) =
        refused(&joe, Method::POST, SITES, json!([{"name": "Good", "slug": "good"}, bad])).await;
    assert_eq!((status, &answer["errors"][0]["pointer"]), (403, &json!("/1")), "{answer}");
    for (method, body) in [(Method::PATCH, json!({"facility": "x"})), (Method::DELETE, Value::Null)] {
        assert_eq!(refused(&joe, method, &other, body).await.0, 404);
    }
    let batch = json!({"operations": [{"op": "delete", "id": hidden}], "atomic": false});
    let (_, results) = joe.post(&format!("{SITES}/actions/batch"), &batch).await;
    assert_eq!(results["results"][0]["status"], json!(404), "{results}");
    assert_eq!(names(&admin, &format!("{SITES}?sort=name")).await, [json!("Open"), json!("Secret")]);

    // Nothing else is open, and the pages are told what is.
    let (status, _) = joe.get("/api/v1/platform/object-permissions").await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    let (_, me) = joe.get("/api/v1/me").await;
    assert!(me["permissions"].as_array().unwrap().contains(&json!("inventory/sites:read")), "{me}");

    // A plain grant wins; switched off, it gives nothing.
    let all = admin.create(PERMISSIONS, &permission("all", &["view"], &Value::Null, &[&joe_id])).await;
    assert_eq!(names(&joe, &format!("{SITES}?sort=name")).await.len(), 2);
    // What is seen is no secret: it may not be changed.
    assert_eq!(refused(&joe, Method::PATCH, &other, json!({"facility": "x"})).await.0, 403);
    for id in [&all, &change, &view] {
        let (status, answer) =
            admin.call(Method::PATCH, &format!("{PERMISSIONS}/{id}"), Some(&json!({"enabled": false}))).await;
        assert_eq!(status, StatusCode::OK, "{answer}");
    }
    assert_eq!(joe.get(SITES).await.0, StatusCode::FORBIDDEN);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_netbox_door_answers_as_the_contract_does() {
    let server = Server::start().await;
    let admin = server.admin().await;
    let made = async |path: &str, body: Value| {
        let (status, answer) = admin.post(path, &body).await;
        assert_eq!(status, StatusCode::CREATED, "{path} {body} {answer}");
        answer["id"].as_i64().unwrap()
    };
    let group = made("/netbox/api/users/groups/", json!({"name": "G"})).await;
    let body = json!({"username": "joe", "password": "Oracle-passw0rd", "groups": [group]});
    let user = made("/netbox/api/users/users/", body).await;
    let region = made("/netbox/api/dcim/regions/", json!({"name": "R", "slug": "r"})).await;
    let open = made(DOOR, json!({"name": "Open", "slug": "open"})).await;
    let hidden = made(DOOR, json!({"name": "Secret", "slug": "secret", "status": "planned"})).await;
    let actions = json!(["view", "add", "change"]);
    let body = json!({
        "name": "P", "object_types": ["dcim.site"], "actions": actions, "constraints": {"status": "active"},
        "groups": [group],
    });
    let permission = made("/netbox/api/users/permissions/", body).await;
    let joe = server.login("joe", "Oracle-passw0rd").await;

    let (_, list) = joe.get(DOOR).await;
    assert_eq!((&list["count"], &list["results"][0]["name"]), (&json!(1), &json!("Open")), "{list}");
    let no = json!({"detail": "You do not have permission to perform this action."});
    let absent = json!({"detail": "No Site matches the given query."});
    let (own, other) = (format!("{DOOR}{open}/"), format!("{DOOR}{hidden}/"));
    let (own, other) = (own.as_str(), other.as_str());
    let regions = "/netbox/api/dcim/regions/";
    for (method, path, body, expected) in [
        (Method::GET, other, Value::Null, (404, &absent)),
        (Method::PATCH, other, json!({"description": "x"}), (404, &absent)),
        (Method::PATCH, own, json!({"status": "planned"}), (403, &no)),
        (Method::POST, DOOR, json!({"name": "Bad", "slug": "bad", "status": "planned"}), (403, &no)),
        (Method::DELETE, own, Value::Null, (403, &no)),
        (Method::DELETE, DOOR, json!([{"id": open}]), (403, &no)),
        (Method::GET, regions, Value::Null, (403, &no)),
        (Method::GET, "/netbox/api/users/users/", Value::Null, (403, &no)),
    ] {
        let (status, answer) = refused(&joe, method.clone(), path, body).await;
        assert_eq!((status, &answer), expected, "{method} {path}");
    }
    let mixed = json!([{"name": "J1", "slug": "j1"}, {"name": "J2", "slug": "j2", "status": "planned"}]);
    let (status, answer) = refused(&joe, Method::POST, DOOR, mixed).await;
    let text = "You do not have permission to perform this action on this object.";
    let expected = json!({
        "detail": "1 of 2 objects could not be created.",
        "errors": [{"index": 1, "errors": {"__all__": [text]}}],
    });
    assert_eq!((status, answer), (403, expected));

    // By id a region may be named that is not seen; by what it is like it is not there.
    let (status, answer) = refused(&joe, Method::PATCH, own, json!({"region": region})).await;
    assert_eq!((status, &answer["region"]["name"]), (200, &json!("R")), "{answer}");
    let (status, answer) = refused(&joe, Method::PATCH, own, json!({"region": {"name": "R"}})).await;
    assert_eq!((status, answer["region"].is_array()), (400, true), "{answer}");
    let (_, list) = joe.get(&format!("{DOOR}?region_id={region}")).await;
    assert_eq!(list["count"], json!(1), "{list}");

    // From the other side too.
    let users = format!("/netbox/api/users/users/{user}/");
    let (_, answer) = admin.call(Method::PATCH, &users, Some(&json!({"permissions": [permission]}))).await;
    assert_eq!(answer["permissions"][0]["name"], json!("P"), "{answer}");
    let (_, answer) = admin.call(Method::PATCH, &users, Some(&json!({"groups": []}))).await;
    assert_eq!((&answer["groups"], &answer["permissions"][0]["id"]), (&json!([]), &json!(permission)));
    assert_eq!(names(&joe, DOOR).await, [json!("Open")]);
    admin.call(Method::PATCH, &users, Some(&json!({"permissions": []}))).await;
    assert_eq!(joe.get(DOOR).await.0, StatusCode::FORBIDDEN);

    // What a user sets for itself.
    let config = "/netbox/api/users/config/";
    assert_eq!(joe.get(config).await, (StatusCode::OK, json!({})));
    joe.call(Method::PATCH, config, Some(&json!({"tables": {"sites": {"columns": ["name"]}}}))).await;
    let (_, answer) = joe.call(Method::PATCH, config, Some(&json!({"tables": {"racks": 1}}))).await;
    let kept = json!({"tables": {"sites": {"columns": ["name"]}, "racks": 1}});
    assert_eq!((&answer, joe.get(config).await.1), (&kept, kept.clone()));
    assert_eq!(admin.get(config).await.1, json!({}));
}

#[tokio::test(flavor = "multi_thread")]
async fn passwords_are_told_to_nobody() {
    let server = Server::start().await;
    let admin = server.admin().await;
    let users = "/netbox/api/users/users/";
    for (body, field) in [
        (json!({"username": "u", "password": "short"}), "__all__"),
        (json!({"username": "u", "password": ""}), "password"),
        (json!({"username": "u"}), "password"),
        (json!({"username": "a b", "password": "Oracle-passw0rd"}), "username"),
        (json!({"username": "u", "password": "Oracle-passw0rd", "email": "x"}), "email"),
        (json!({"username": "u", "password": "Oracle-passw0rd", "groups": [99]}), "groups"),
    ] {
        let (status, answer) = admin.post(users, &body).await;
        assert_eq!((status, answer[field].is_array()), (StatusCode::BAD_REQUEST, true), "{body} {answer}");
    }
    let body = json!({"username": "u", "password": "Oracle-passw0rd", "first_name": "F", "last_name": "L"});
    let (status, made) = admin.post(users, &body).await;
    assert_eq!((status, &made["display"]), (StatusCode::CREATED, &json!("u (F L)")), "{made}");
    let (_, log) = admin.get("/netbox/api/core/object-changes/?changed_object_type=users.user").await;
    for text in [made.to_string(), log.to_string()] {
        assert!(!text.contains("Oracle-passw0rd") && !text.contains("argon2"), "{text}");
    }
    assert!(made.get("password").is_none(), "{made}");
}

/// Groups and object permissions are no way to more than one has.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_hands_out_more_than_they_have() {
    let server = Server::start().await;
    let admin = server.admin().await;
    let rules = json!(["platform/*:read|write|delete"]);
    admin.create("/api/v1/platform/roles", &json!({"name": "clerk", "rules": rules})).await;
    admin.add_user("carl", "clerk").await;
    let carl = server.login("carl", PASSWORD).await;
    let (_, list) = admin.get("/api/v1/platform/users?name=carl").await;
    let own = list["items"][0]["id"].as_str().unwrap().to_owned();
    let active = json!({"status": "active"});
    admin.create(PERMISSIONS, &permission("own", &["view"], &active, &[&own])).await;
    let strong = json!({"name": "strong", "roles": [{"name": "admin"}]});
    let strong = admin.create("/api/v1/platform/groups", &strong).await;
    let wide = admin.create(PERMISSIONS, &permission("wide", &["delete"], &Value::Null, &[])).await;
    let user = format!("/api/v1/platform/users/{own}");
    for (method, path, body) in [
        (Method::PATCH, user.clone(), json!({"groups": [strong]})),
        (Method::POST, "/api/v1/platform/groups".into(), json!({"name": "x", "roles": [{"name": "admin"}]})),
        (Method::DELETE, format!("/api/v1/platform/groups/{strong}"), Value::Null),
        (Method::POST, PERMISSIONS.into(), permission("all", &["view"], &Value::Null, &[&own])),
        (Method::POST, PERMISSIONS.into(), permission("more", &["change"], &active, &[&own])),
        (
            Method::POST,
            PERMISSIONS.into(),
            permission("other", &["view"], &json!({"status": "planned"}), &[]),
        ),
        (Method::PATCH, format!("{PERMISSIONS}/{wide}"), json!({"users": [own]})),
    ] {
        let (status, answer) = refused(&carl, method.clone(), &path, body.clone()).await;
        assert_eq!((status, &answer["code"]), (403, &json!("beyond-own-rights")), "{method} {path} {body}");
    }
    let same = permission("same", &["view"], &active, &[&own]);
    let (status, answer) = carl.post(PERMISSIONS, &same).await;
    assert_eq!(status, StatusCode::CREATED, "what one has, one may give: {answer}");
    // A token of his is limited by its rules, also in what object permissions give.
    let body = json!({"name": "t", "rules": ["platform/*:read"]});
    let (_, token) = carl.post("/api/v1/platform/tokens", &body).await;
    let token = Principal::with_token(&server, token["token"].as_str().unwrap().to_owned());
    assert_eq!(carl.get(SITES).await.0, StatusCode::OK);
    assert_eq!(token.get(SITES).await.0, StatusCode::FORBIDDEN);

    for (constraints, status) in [
        (json!({"bogus": 1}), StatusCode::UNPROCESSABLE_ENTITY),
        (json!("x"), StatusCode::UNPROCESSABLE_ENTITY),
        (json!({"tenant__slug": "acme"}), StatusCode::CREATED),
        (json!([{"region__slug__in": ["a"]}, {"name__startswith": "b"}]), StatusCode::CREATED),
    ] {
        let body = permission("checked", &["view"], &constraints, &[]);
        let (got, answer) = admin.post(PERMISSIONS, &body).await;
        assert_eq!(got, status, "{constraints} {answer}");
    }
}
