//! Login, sessions, passwords, tokens.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::server::{PASSWORD, Server};

#[tokio::test(flavor = "multi_thread")]
async fn browsers_need_the_csrf_token_and_lose_their_session_at_logout() {
    let server = Server::start().await;
    let body = json!({"username": "ADMIN", "password": PASSWORD});
    let url = format!("{}/api/v1/auth/session", server.url);
    let answer = server.http.post(&url).json(&body).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    let cookie = answer.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(
        cookie.starts_with("__Host-portolan_session=") && cookie.contains("HttpOnly; Secure; SameSite=Lax")
    );
    let cookie = cookie.split(';').next().unwrap().to_owned();
    let csrf = answer.json::<Value>().await.unwrap()["csrf_token"].as_str().unwrap().to_owned();

    let create = |csrf: Option<String>| {
        let body = json!({"name": "c", "kind": "v2c", "community": "x"});
        let url = format!("{}/api/v1/monitoring/credentials", server.url);
        let mut request = server.http.post(url).header("cookie", &cookie).json(&body);
        if let Some(csrf) = csrf {
            request = request.header("x-csrf-token", csrf);
        }
        async { request.send().await.unwrap().status() }
    };
    assert_eq!(create(None).await, StatusCode::FORBIDDEN);
    assert_eq!(create(Some("guess".into())).await, StatusCode::FORBIDDEN);
    assert_eq!(create(Some(csrf.clone())).await, StatusCode::CREATED);

    let me = server.http.get(format!("{}/api/v1/me", server.url)).header("cookie", &cookie);
    assert_eq!(me.try_clone().unwrap().send().await.unwrap().status(), StatusCode::OK);
    let out =
        server.http.delete(&url).header("cookie", &cookie).header("x-csrf-token", csrf).send().await.unwrap();
    assert_eq!(out.status(), StatusCode::NO_CONTENT);
    assert_eq!(me.send().await.unwrap().status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test(flavor = "multi_thread")]
async fn passwords_are_changed_and_end_other_sessions() {
    let server = Server::start().await;
    let admin = server.admin().await;
    let body = json!({"name": "eve", "password": "the first password 1", "must_change_password": true});
    let eve = admin.create("/api/v1/platform/users", &body).await;
    admin.create("/api/v1/platform/role-bindings", &json!({"user": eve, "role": {"name": "viewer"}})).await;
    let eve = server.login("eve", "the first password 1").await;
    let other = server.login("eve", "the first password 1").await;
    let (status, problem) = eve.get("/api/v1/atlas/topology").await;
    assert_eq!((status, &problem["code"]), (StatusCode::FORBIDDEN, &json!("password-change-required")));
    for (current, new, expected) in [
        ("wrong", "quite another password", StatusCode::FORBIDDEN),
        ("the first password 1", "short", StatusCode::UNPROCESSABLE_ENTITY),
        ("the first password 1", "the first password 1", StatusCode::UNPROCESSABLE_ENTITY),
        ("the first password 1", "quite another password", StatusCode::NO_CONTENT),
    ] {
        let (status, answer) =
            eve.post("/api/v1/auth/password", &json!({"current": current, "new": new})).await;
        assert_eq!(status, expected, "{new}: {answer}");
    }
    assert_eq!(eve.get("/api/v1/atlas/topology").await.0, StatusCode::OK);
    assert_eq!(other.get("/api/v1/me").await.0, StatusCode::UNAUTHORIZED);
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_act_within_their_rules_and_end_at_once() {
    let server = Server::start().await;
    let admin = server.admin().await;
    let (status, token) = admin
        .post("/api/v1/platform/tokens", &json!({"name": "map reader", "rules": ["atlas/*:read"]}))
        .await;
    assert_eq!(status, StatusCode::CREATED, "{token}");
    let clear = token["token"].as_str().unwrap().to_owned();
    let (_, again) = admin.get(&format!("/api/v1/platform/tokens/{}", token["id"].as_str().unwrap())).await;
    assert!(!again.to_string().contains(&clear), "a token is shown once");
    let script = crate::server::Principal::with_token(&server, clear.clone());
    assert_eq!(script.get("/api/v1/atlas/topology").await.0, StatusCode::OK);
    assert_eq!(script.get("/api/v1/platform/users").await.0, StatusCode::FORBIDDEN);
    let path = format!("/api/v1/platform/tokens/{}", token["id"].as_str().unwrap());
    assert_eq!(admin.call(Method::DELETE, &path, None).await.0, StatusCode::NO_CONTENT);
    assert_eq!(script.get("/api/v1/atlas/topology").await.0, StatusCode::UNAUTHORIZED);
    let log = std::fs::read_to_string(server.data().parent().unwrap().join("server.log")).unwrap();
    assert!(!log.contains(&clear) && !log.contains(PASSWORD), "secrets never reach the log");
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_passwords_is_slowed_down() {
    let server = Server::start().await;
    let mut statuses = Vec::new();
    for _ in 0..7 {
        let body = json!({"username": "admin", "password": "wrong wrong wrong"});
        let answer =
            server.http.post(format!("{}/api/v1/auth/login", server.url)).json(&body).send().await.unwrap();
        statuses.push(answer.status());
    }
    assert_eq!(statuses[0], StatusCode::UNAUTHORIZED);
    assert!(statuses.contains(&StatusCode::TOO_MANY_REQUESTS), "{statuses:?}");
}
