//! Attacks: every one is a test.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::server::{PASSWORD, Server};

/// Fills the path parameters of a template with an id that nobody has.
fn concrete(path: &str) -> String {
    path.split('/')
        .map(|part| if part.starts_with('{') { "00000000-0000-7000-8000-000000000000" } else { part })
        .collect::<Vec<_>>()
        .join("/")
}

fn operations(document: &Value) -> Vec<(Method, String, Value)> {
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (verb, operation) in item.as_object().unwrap() {
            if operation["responses"].is_object() {
                operations.push((verb.to_uppercase().parse().unwrap(), path.clone(), operation.clone()));
            }
        }
    }
    operations
}

/// Every route of the document: nobody without a login, nobody without the permission.
#[tokio::test(flavor = "multi_thread")]
async fn role_matrix_over_every_route() {
    let server = Server::start().await;
    let admin = server.admin().await;
    admin
        .create("/api/v1/platform/roles", &json!({"name": "nobody", "rules": ["platform/nothing:read"]}))
        .await;
    admin.add_user("nora", "nobody").await;
    admin.add_user("vera", "viewer").await;
    let (nora, vera) = (server.login("nora", PASSWORD).await, server.login("vera", PASSWORD).await);
    let document: Value = server.get("/api/v1/openapi.json").await.json().await.unwrap();
    let (_, me) = vera.get("/api/v1/me").await;
    let held: Vec<&str> = me["permissions"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    let operations = operations(&document);
    assert!(operations.len() > 60, "{}", operations.len());
    for (method, path, operation) in operations {
        let Some(permission) = operation["x-permission"].as_str().filter(|text| text.contains(':')) else {
            continue;
        };
        if path.ends_with("/stream") {
            continue;
        }
        let path = concrete(&path);
        let url = format!("{}{path}", server.url);
        let anonymous = server.http.request(method.clone(), &url).json(&json!({})).send().await.unwrap();
        assert_eq!(anonymous.status(), StatusCode::UNAUTHORIZED, "{method} {path}");
        let (status, answer) = nora.call(method.clone(), &path, Some(&json!({}))).await;
        // What is their own is open to everybody.
        let own = operation["x-own"].is_string();
        assert_eq!(status == StatusCode::FORBIDDEN, !own, "{method} {path} {status} {answer}");
        let (status, answer) = vera.call(method.clone(), &path, Some(&json!({}))).await;
        let refused = status == StatusCode::FORBIDDEN;
        assert_eq!(
            refused,
            !held.contains(&permission),
            "{method} {path} needs {permission}: {status} {answer}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tenants_do_not_see_each_other() {
    let server = Server::start().await;
    let admin = server.admin().await;
    let secret = admin
        .create(
            "/api/v1/monitoring/credentials",
            &json!({"name": "ours", "kind": "v2c", "community": "hidden"}),
        )
        .await;
    let tenant = admin.create("/api/v1/platform/tenants", &json!({"slug": "beta", "name": "Beta"})).await;
    let (_, me) = admin.get("/api/v1/me").await;
    let root = me["tenant"]["id"].as_str().unwrap().to_owned();
    let mut inside = server.admin().await;
    inside.tenant = Some(tenant.clone());
    inside.add_user("bob", "admin").await;
    let mut bob = server.login("bob", PASSWORD).await;

    let (_, list) = bob.get("/api/v1/monitoring/credentials").await;
    assert_eq!(list["items"], json!([]));
    let path = format!("/api/v1/monitoring/credentials/{secret}");
    let (_, absent) = bob.get("/api/v1/monitoring/credentials/00000000-0000-7000-8000-000000000000").await;
    for (method, body) in
        [(Method::GET, None), (Method::PATCH, Some(json!({"name": "stolen"}))), (Method::DELETE, None)]
    {
        let (status, answer) = bob.call(method.clone(), &path, body.as_ref()).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{method} {answer}");
        assert_eq!(answer["detail"], absent["detail"], "the same words for foreign and absent");
    }
    let scope = json!({"name": "s", "seeds": ["10.0.0.1"], "allow": ["10.0.0.0/8"], "credentials": [secret]});
    assert_eq!(bob.post("/api/v1/monitoring/scopes", &scope).await.0, StatusCode::UNPROCESSABLE_ENTITY);
    let order = json!({"seeds": ["10.0.0.1"], "allow": ["10.0.0.0/8"], "credentials": [secret]});
    assert_eq!(bob.post("/api/v1/monitoring/discoveries", &order).await.0, StatusCode::UNPROCESSABLE_ENTITY);

    bob.tenant = Some(root);
    let (status, problem) = bob.get("/api/v1/monitoring/credentials").await;
    assert_eq!((status, &problem["code"]), (StatusCode::FORBIDDEN, &json!("tenant-mismatch")));
    bob.tenant = Some("'; drop table app.tenant; --".into());
    assert_eq!(bob.get("/api/v1/me").await.0, StatusCode::BAD_REQUEST);
    assert_eq!(admin.get(&path).await.0, StatusCode::OK, "nothing was harmed");
}

/// Who may write users, roles, bindings and tokens, but little else, stays who he is.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_lifts_himself() {
    let server = Server::start().await;
    let admin = server.admin().await;
    let rules = json!(["platform/*:read|write|delete", "atlas/*:read"]);
    let clerk_role = admin.create("/api/v1/platform/roles", &json!({"name": "clerk", "rules": rules})).await;
    admin.add_user("carl", "clerk").await;
    admin.add_user("olga", "operator").await;
    let carl = server.login("carl", PASSWORD).await;
    let by_name = async |path: &str, name: &str| {
        let (_, list) = admin.get(&format!("/api/v1/platform/{path}?name={name}")).await;
        list["items"][0]["id"].as_str().unwrap().to_owned()
    };
    let (root, olga, own) =
        (by_name("users", "admin").await, by_name("users", "olga").await, by_name("users", "carl").await);
    let admin_role = by_name("roles", "admin").await;
    let token = admin
        .create("/api/v1/platform/tokens", &json!({"name": "of the admin", "rules": ["atlas/*:read"]}))
        .await;
    let user = |id: &str| format!("/api/v1/platform/users/{id}");
    for (method, path, body) in [
        (Method::PATCH, user(&root), json!({"password": "a new sentence for it"})),
        (Method::PATCH, user(&olga), json!({"email": "carl@example.net"})),
        (Method::DELETE, user(&olga), json!(null)),
        (Method::POST, "/api/v1/platform/role-bindings".into(), json!({"user": own, "role": admin_role})),
        (Method::POST, "/api/v1/platform/roles".into(), json!({"name": "more", "rules": ["*:read|write"]})),
        (
            Method::PATCH,
            format!("/api/v1/platform/roles/{clerk_role}"),
            json!({"rules": ["platform/*:read|write|delete", "monitoring/*:read"]}),
        ),
        (Method::PATCH, format!("/api/v1/platform/tokens/{token}"), json!({"rules": []})),
    ] {
        let (status, answer) = carl.call(method.clone(), &path, Some(&body)).await;
        assert_eq!(
            (status, &answer["code"]),
            (StatusCode::FORBIDDEN, &json!("beyond-own-rights")),
            "{method} {path} {body}: {answer}"
        );
    }
    let (_, me) = carl.get("/api/v1/me").await;
    assert!(!me["permissions"].to_string().contains("monitoring/"), "{me}");
    let (status, answer) =
        carl.post("/api/v1/platform/roles", &json!({"name": "less", "rules": ["atlas/*:read"]})).await;
    assert_eq!(status, StatusCode::CREATED, "{answer}");
    let binding = json!({"user": olga, "role": answer["id"]});
    let (status, answer) = carl.post("/api/v1/platform/role-bindings", &binding).await;
    assert_eq!(status, StatusCode::CREATED, "what one has, one may give: {answer}");
    assert_eq!(server.login("olga", PASSWORD).await.get("/api/v1/me").await.0, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_input_gets_an_answer_that_names_the_field() {
    let server = Server::start().await;
    let admin = server.admin().await;
    let nasty = "x'); DROP TABLE app.user_account; --";
    for (path, body, expected) in [
        ("/api/v1/monitoring/credentials", json!({"name": nasty, "kind": "v2c", "community": nasty}), 201),
        ("/api/v1/monitoring/credentials", json!({"name": "a\u{0}b", "kind": "v2c", "community": "c"}), 422),
        ("/api/v1/monitoring/credentials", json!({"name": "n", "kind": "v9", "community": "c"}), 422),
        (
            "/api/v1/monitoring/credentials",
            json!({"name": "n", "kind": "v2c", "community": "c", "tenant_id": "x"}),
            422,
        ),
        (
            "/api/v1/monitoring/credentials",
            json!({"name": "n", "kind": "v3", "username": "u", "priv_protocol": "aes128"}),
            422,
        ),
        ("/api/v1/platform/roles", json!({"name": "r", "rules": ["everything"]}), 422),
        ("/api/v1/platform/users", json!({"name": "weak", "password": "password1234"}), 422),
        ("/api/v1/monitoring/discoveries", json!({"seeds": ["router"], "allow": ["10.0.0.0/40"]}), 422),
        ("/api/v1/atlas/decisions", json!({"kind": "link", "subjects": [], "reason": "x"}), 422),
    ] {
        let (status, answer) = admin.post(path, &body).await;
        assert_eq!(status.as_u16(), expected, "{path} {body}: {answer}");
        if expected == 422 && path != "/api/v1/atlas/decisions" {
            assert!(answer["errors"][0]["pointer"].is_string(), "{path} {body}: {answer}");
            assert!(answer["instance"].as_str().is_some_and(|id| id.starts_with("urn:uuid:")), "{answer}");
        }
    }
    let huge = json!({"seeds": ["x".repeat(2_000_000)], "allow": []});
    let (status, problem) = admin.post("/api/v1/monitoring/discoveries", &huge).await;
    assert_eq!((status, &problem["code"]), (StatusCode::PAYLOAD_TOO_LARGE, &json!("too-large")));
    assert_eq!(admin.get("/api/v1/no/such/route").await.0, StatusCode::NOT_FOUND);
    assert_eq!(
        admin.call(Method::DELETE, "/api/v1/atlas/topology", None).await.0,
        StatusCode::METHOD_NOT_ALLOWED
    );
    let (_, users) = admin.get("/api/v1/platform/users?count=exact").await;
    assert_eq!(users["total"], 1, "{users}");
}
