//! Tokens at the NetBox door: made, used, limited, revoked - by whom, and seen by whom.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::server::{PASSWORD, Principal, Server};

const TOKENS: &str = "/netbox/api/users/tokens/";
const SITES: &str = "/netbox/api/dcim/sites/";

async fn user(who: &Principal<'_>, name: &str) -> i64 {
    let (_, list) = who.get(&format!("/netbox/api/users/users/?username={name}")).await;
    list["results"][0]["id"].as_i64().unwrap_or_else(|| panic!("{list}"))
}

async fn made(who: &Principal<'_>, body: &Value) -> Value {
    let (status, token) = who.post(TOKENS, body).await;
    assert_eq!(status, StatusCode::CREATED, "{token}");
    token
}

/// GET with a credential in a scheme.
async fn reads(server: &Server, authorization: &str) -> StatusCode {
    let request = server.http.get(format!("{}{SITES}", server.url)).header("authorization", authorization);
    request.send().await.unwrap().status()
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_are_told_once_and_can_be_limited() {
    let server = Server::start().await;
    let admin = server.admin().await;
    let own = user(&admin, "admin").await;
    let token = made(&admin, &json!({"user": own, "description": "backup"})).await;
    let (key, clear) = (token["key"].as_str().unwrap(), token["token"].as_str().unwrap());
    assert_eq!((&token["version"], &token["display"]), (&json!(2), &json!(key)));
    assert_eq!((&token["write_enabled"], &token["user"]["username"]), (&json!(true), &json!("admin")));
    for authorization in
        [format!("Bearer nbt_{key}.{clear}"), format!("Bearer {clear}"), format!("Token {clear}")]
    {
        assert_eq!(reads(&server, &authorization).await, StatusCode::OK);
    }
    assert_eq!(reads(&server, &format!("Bearer nbt_other.{clear}")).await, StatusCode::FORBIDDEN);

    // It is never told again, nor found in the log.
    let path = format!("{TOKENS}{}/", token["id"]);
    let (_, again) = admin.get(&path).await;
    assert_eq!((&again["token"], &again["description"]), (&Value::Null, &json!("backup")));
    let (_, log) = admin.get("/netbox/api/core/object-changes/?changed_object_type=users.token").await;
    assert_eq!(log["count"], json!(1), "{log}");
    let secret = clear.rsplit('_').next().unwrap();
    assert!(!log.to_string().contains(secret));

    let client = Principal::with_token(&server, clear.to_owned());
    let body = json!({"name": "x", "slug": "x"});
    let (status, answer) = admin.call(Method::PATCH, &path, Some(&json!({"write_enabled": false}))).await;
    assert_eq!((status, &answer["write_enabled"]), (StatusCode::OK, &json!(false)), "{answer}");
    assert_eq!(client.post(SITES, &body).await.0, StatusCode::FORBIDDEN);
    admin.call(Method::PATCH, &path, Some(&json!({"write_enabled": true}))).await;
    assert_eq!(client.post(SITES, &body).await.0, StatusCode::CREATED);
    admin.call(Method::PATCH, &path, Some(&json!({"enabled": false}))).await;
    assert_eq!(reads(&server, &format!("Token {clear}")).await, StatusCode::FORBIDDEN);
    assert_eq!(admin.call(Method::DELETE, &path, None).await.0, StatusCode::NO_CONTENT);
    assert_eq!(admin.get(&path).await.0, StatusCode::NOT_FOUND);

    let (_, provisioned) =
        admin.post(&format!("{TOKENS}provision/"), &json!({"username": "admin", "password": PASSWORD})).await;
    let (_, listed) = admin.get(&format!("{TOKENS}?key={}", provisioned["key"].as_str().unwrap())).await;
    assert_eq!(listed["results"][0]["id"], provisioned["id"], "{listed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_are_of_their_makers_and_their_tenant() {
    let server = Server::start().await;
    let admin = server.admin().await;
    let own = user(&admin, "admin").await;
    admin.add_user("vera", "viewer").await;
    let other = user(&admin, "vera").await;
    let tenant = admin.create("/api/v1/platform/tenants", &json!({"slug": "beta", "name": "Beta"})).await;
    let mut inside = server.admin().await;
    inside.tenant = Some(tenant);
    inside.add_user("bob", "admin").await;
    let token = made(&admin, &json!({"user": own})).await;
    let path = format!("{TOKENS}{}/", token["id"]);

    for (body, status) in [
        (json!({}), StatusCode::BAD_REQUEST),
        (json!({"user": other}), StatusCode::FORBIDDEN),
        (json!([{"user": own}, {"user": other}]), StatusCode::FORBIDDEN),
        (json!({"user": own, "version": 1}), StatusCode::BAD_REQUEST),
        (json!({"user": own, "pepper_id": 1}), StatusCode::BAD_REQUEST),
        (json!({"user": own, "allowed_ips": ["bogus"]}), StatusCode::BAD_REQUEST),
        (json!({"user": own, "expires": "2999-01-01T00:00:00Z"}), StatusCode::BAD_REQUEST),
    ] {
        let (got, answer) = admin.post(TOKENS, &body).await;
        assert_eq!(got, status, "{body} {answer}");
    }
    let (status, answer) = admin.call(Method::PATCH, &path, Some(&json!({"user": other}))).await;
    assert_eq!((status, answer["user"].is_array()), (StatusCode::BAD_REQUEST, true), "{answer}");

    let vera = server.login("vera", PASSWORD).await;
    assert_eq!(vera.post(TOKENS, &json!({"user": other})).await.0, StatusCode::FORBIDDEN);
    assert_eq!(vera.call(Method::DELETE, &path, None).await.0, StatusCode::FORBIDDEN);
    let bob = server.login("bob", PASSWORD).await;
    let (_, list) = bob.get(TOKENS).await;
    assert_eq!(list["count"], json!(0), "{list}");
    assert_eq!(
        bob.get(&format!("{TOKENS}?key={}", token["key"].as_str().unwrap())).await.1["count"],
        json!(0)
    );
    let (_, list) = admin.get(TOKENS).await;
    assert_eq!(list["count"], json!(1), "{list}");
}
