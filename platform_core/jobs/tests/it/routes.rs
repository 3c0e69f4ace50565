//! HTTP: cancel, retry, follow; lists from the record engine.

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::response::Response;
use futures::StreamExt;
use http_body_util::BodyExt;
use kit::{Ctx, Services};
use serde_json::Value;
use tower::ServiceExt;
use uuid::Uuid;

use crate::support::World;

async fn ask(router: Router, ctx: &Ctx, method: &str, path: &str) -> Response {
    let request = Request::builder().method(method).uri(path).extension(ctx.clone());
    router.oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
}

async fn call(world: &World, ctx: &Ctx, method: &str, path: String) -> Response {
    let (router, _) = jobs::router(world.queue.clone()).split_for_parts();
    ask(router, ctx, method, &path).await
}

#[tokio::test]
async fn only_who_may_steer_cancels() {
    let world = World::new().await;
    world.start();
    let ctx = world.tenant("acme").await;
    let stranger = world.tenant("globex").await;
    let id = world.add(&ctx, "wait").await;
    let path = |action: &str| format!("/platform/jobs/{id}/actions/{action}");
    for rights in [&[jobs::READ][..], &[jobs::READ, jobs::EXECUTE], &[crate::support::STEER]] {
        let limited = world.database.ctx(ctx.tenant(), rights);
        assert_eq!(call(&world, &limited, "POST", path("cancel")).await.status(), StatusCode::FORBIDDEN);
    }
    assert_eq!(call(&world, &stranger, "POST", path("cancel")).await.status(), StatusCode::NOT_FOUND);
    assert_eq!(call(&world, &stranger, "POST", path("retry")).await.status(), StatusCode::NOT_FOUND);
    assert_eq!(call(&world, &ctx, "POST", path("cancel")).await.status(), StatusCode::ACCEPTED);
    world.until_state(&ctx, id, "cancelled").await;
    assert_eq!(call(&world, &ctx, "POST", path("cancel")).await.status(), StatusCode::ACCEPTED);
    assert_eq!(call(&world, &ctx, "POST", path("retry")).await.status(), StatusCode::ACCEPTED);
    world.until_state(&ctx, id, "running").await;
    world.seen.release.notify_one();
    world.until_state(&ctx, id, "completed").await;
    for action in ["retry", "cancel"] {
        assert_eq!(call(&world, &ctx, "POST", path(action)).await.status(), StatusCode::CONFLICT);
    }
}

/// `event: name` with its data, of a whole stream.
fn events(text: &str) -> Vec<(String, Value)> {
    let event = |block: &str| {
        let (name, data) = block.strip_prefix("event: ")?.split_once("\ndata: ")?;
        Some((name.to_owned(), serde_json::from_str(data).unwrap()))
    };
    text.split("\n\n").filter_map(event).collect()
}

#[tokio::test]
async fn a_job_is_followed_to_its_end() {
    let world = World::new().await;
    let ctx = world.tenant("acme").await;
    let id = world.add(&ctx, "wait").await;
    let path = format!("/platform/jobs/{id}/stream");
    let response = call(&world, &ctx, "GET", path.clone()).await;
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let mut body = response.into_body().into_data_stream();
    let mut text = String::new();
    let (mut started, mut released) = (false, false);
    while let Some(chunk) = body.next().await {
        text.push_str(std::str::from_utf8(&chunk.unwrap()).unwrap());
        if !std::mem::replace(&mut started, true) {
            world.start();
        }
        if text.contains("\"half\"") && !std::mem::replace(&mut released, true) {
            world.seen.release.notify_one();
        }
    }
    let all = events(&text);
    assert_eq!(all[0].1["state"], "available");
    assert!(all.iter().any(|(_, job)| job["state"] == "running" && job["progress"]["done"] == 1), "{text}");
    let (name, job) = all.last().unwrap();
    assert_eq!(
        (name.as_str(), &job["result"], &job["state"]),
        ("end", &"released".into(), &"completed".into())
    );
    assert!(all[..all.len() - 1].iter().all(|(name, _)| name == "progress"));
    let names: Vec<&String> = job.as_object().unwrap().keys().collect();
    assert_eq!(
        names,
        [
            "id",
            "kind",
            "state",
            "progress",
            "result",
            "error",
            "created_at",
            "started_at",
            "finished_at",
            "attempt",
            "created_by"
        ]
    );
    // A finished job is shown and the stream ends; strangers see nothing.
    let response = call(&world, &ctx, "GET", path.clone()).await;
    let text = response.into_body().collect().await.unwrap().to_bytes();
    assert_eq!(events(std::str::from_utf8(&text).unwrap()).len(), 2);
    let stranger = world.tenant("globex").await;
    assert_eq!(call(&world, &stranger, "GET", path).await.status(), StatusCode::NOT_FOUND);
    let absent = call(&world, &ctx, "GET", format!("/platform/jobs/{}/stream", Uuid::now_v7())).await;
    assert_eq!(absent.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn streams_end_with_the_server() {
    let world = World::new().await;
    let runner = world.start();
    let ctx = world.tenant("acme").await;
    let id = world.add(&ctx, "wait").await;
    world.until_state(&ctx, id, "running").await;
    let response = call(&world, &ctx, "GET", format!("/platform/jobs/{id}/stream")).await;
    world.stop.cancel();
    let text = response.into_body().collect().await.unwrap().to_bytes();
    assert!(!std::str::from_utf8(&text).unwrap().contains("event: end"), "the job has not ended");
    runner.stopped().await;
}

#[tokio::test]
async fn jobs_are_records() {
    let world = World::new().await;
    let ctx = world.tenant("acme").await;
    let id = world.add(&ctx, "").await;
    world.add(&ctx, "").await;
    world.start();
    world.until_state(&ctx, id, "completed").await;
    let engine =
        records::Engine::new(&[&jobs::JOB], Services::default(), records::Options::default()).unwrap();
    let get = async |path: &str| {
        let response = ask(records::router(&engine), &ctx, "GET", path).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        serde_json::from_slice::<Value>(&bytes).unwrap()
    };
    let job = get(&format!("/api/v1/platform/jobs/{id}")).await;
    let view = serde_json::to_value(world.view(&ctx, id).await).unwrap();
    for name in ["id", "kind", "state", "progress", "result", "error", "attempt", "created_by"] {
        assert_eq!(job[name], view[name], "{name}");
    }
    let path = "/api/v1/platform/jobs?kind=TEST.thing&sort=-created_at";
    assert_eq!(get(path).await["items"].as_array().unwrap().len(), 2);
    assert_eq!(get("/api/v1/platform/jobs?state=scheduled").await["items"].as_array().unwrap().len(), 0);
}
