//! HTTP: cancel, retry, follow.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use futures::StreamExt;
use kit::Ctx;
use tower::ServiceExt;
use uuid::Uuid;

use crate::support::{EXECUTE, READ, World};

async fn call(world: &World, ctx: &Ctx, method: &str, path: String) -> axum::response::Response {
    let (router, _) = jobs::router(world.queue.clone()).split_for_parts();
    let request =
        Request::builder().method(method).uri(path).extension(ctx.clone()).body(Body::empty()).unwrap();
    router.oneshot(request).await.unwrap()
}

#[tokio::test]
async fn only_who_may_steer_cancels() {
    let world = World::new().await;
    world.start(2, Duration::from_mins(1));
    let ctx = world.tenant("acme").await;
    let stranger = world.tenant("globex").await;
    let reader = world.database.ctx(ctx.tenant(), &[READ]);
    let id = world.add(&ctx, "wait").await;
    let path = |action: &str| format!("/platform/jobs/{id}/actions/{action}");
    assert_eq!(call(&world, &reader, "POST", path("cancel")).await.status(), StatusCode::FORBIDDEN);
    assert_eq!(call(&world, &stranger, "POST", path("cancel")).await.status(), StatusCode::NOT_FOUND);
    let nothing = world.database.ctx(ctx.tenant(), &[EXECUTE]);
    assert_eq!(call(&world, &nothing, "POST", path("cancel")).await.status(), StatusCode::FORBIDDEN);
    assert_eq!(call(&world, &ctx, "POST", path("cancel")).await.status(), StatusCode::ACCEPTED);
    world.until_state(&ctx, id, "cancelled").await;
    assert_eq!(call(&world, &ctx, "POST", path("retry")).await.status(), StatusCode::ACCEPTED);
    world.seen.release.notify_one();
    world.until_state(&ctx, id, "completed").await;
    assert_eq!(call(&world, &ctx, "POST", path("retry")).await.status(), StatusCode::CONFLICT);
}

#[tokio::test]
async fn a_job_is_followed_to_its_end() {
    let world = World::new().await;
    world.start(2, Duration::from_mins(1));
    let ctx = world.tenant("acme").await;
    let id = world.add(&ctx, "wait").await;
    world.until(&ctx, id, |job| job.progress["done"] == 1).await;
    let response = call(&world, &ctx, "GET", format!("/platform/jobs/{id}/stream")).await;
    assert_eq!(response.status(), StatusCode::OK);
    let mut body = response.into_body().into_data_stream();
    let first = String::from_utf8(body.next().await.unwrap().unwrap().to_vec()).unwrap();
    assert!(first.starts_with("event: progress\ndata: ") && first.contains("\"half\""), "{first}");
    world.seen.release.notify_one();
    let mut rest = String::new();
    while let Some(chunk) = body.next().await {
        rest.push_str(std::str::from_utf8(&chunk.unwrap()).unwrap());
    }
    assert!(rest.contains("event: end\ndata: ") && rest.contains("\"released\""), "{rest}");
    let absent = call(&world, &ctx, "GET", format!("/platform/jobs/{}/stream", Uuid::now_v7())).await;
    assert_eq!(absent.status(), StatusCode::NOT_FOUND);
}
