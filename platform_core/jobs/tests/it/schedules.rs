//! Scripts that people start, and schedules that start them.

use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use http_body_util::BodyExt;
use jobs::JobView;
use kit::jobs::{Start, Turn};
use kit::{Ctx, Jobs, Services};
use serde_json::{Value, json};
use sqlx::Row;
use tower::ServiceExt;
use uuid::Uuid;

use crate::support::{KIND, SMALL, STEER, World};

const PATIENCE: Duration = Duration::from_secs(20);
const SCHEDULES: &str = "/api/v1/platform/job-schedules";

async fn call(router: Router, ctx: &Ctx, method: &str, path: &str, body: &Value) -> (StatusCode, Value) {
    let request = Request::builder().method(method).uri(path).extension(ctx.clone());
    let request = request.header("content-type", "application/json").body(Body::from(body.to_string()));
    let response = router.oneshot(request.unwrap()).await.unwrap();
    let status = response.status();
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    (status, serde_json::from_slice(&bytes).unwrap_or_default())
}

fn scripts(world: &World) -> Router {
    jobs::router(world.queue.clone()).split_for_parts().0
}

/// The record engine over schedules.
fn records() -> Router {
    let models = [&jobs::JOB, &jobs::SCHEDULE];
    records::router(&records::Engine::new(&models, Services::default(), records::Options::default()).unwrap())
}

/// Somebody who may do everything with schedules.
async fn planner(world: &World, slug: &str) -> Ctx {
    let tenant = world.database.tenant(slug).await;
    let right = |act| kit::Permission::new("platform/job-schedules", act);
    let rights = [STEER, jobs::READ, jobs::EXECUTE, right(kit::Act::Read), right(kit::Act::Write)];
    world.database.ctx(tenant, &rights)
}

/// Jobs of a schedule, oldest first.
async fn jobs_of(world: &World, schedule: Uuid) -> Vec<Uuid> {
    let query = sqlx::query_scalar("SELECT id FROM app.job WHERE schedule = $1 ORDER BY number");
    query.bind(schedule).fetch_all(&mut world.database.superuser().await).await.unwrap()
}

async fn until_jobs(world: &World, schedule: Uuid, count: usize) -> Vec<Uuid> {
    let begun = Instant::now();
    loop {
        let found = jobs_of(world, schedule).await;
        if found.len() >= count {
            return found;
        }
        assert!(begun.elapsed() < PATIENCE, "waited in vain: {found:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Waits until the schedule was looked at: its next run is later, or it has none.
async fn until_planned(world: &World, id: Uuid) -> (bool, Option<String>, Option<Uuid>) {
    let begun = Instant::now();
    loop {
        let query = sqlx::query(
            "SELECT enabled, error, last_job, enabled AND next_at <= now() AS due FROM app.job_schedule WHERE id = $1",
        );
        let row = query.bind(id).fetch_one(&mut world.database.superuser().await).await.unwrap();
        if !row.get::<bool, _>("due") {
            return (row.get("enabled"), row.get("error"), row.get("last_job"));
        }
        assert!(begun.elapsed() < PATIENCE, "waited in vain for the schedule");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// A schedule behind the back of the engine, so that its next run can be long over.
async fn plan(world: &World, ctx: &Ctx, what: &str, minutes: Option<i64>, missed: &str, ago: f64) -> Uuid {
    let id = Uuid::now_v7();
    sqlx::query(
        "INSERT INTO app.job_schedule (tenant_id, id, name, script, args, start_at, \"interval\", missed, next_at, run_as)
         VALUES ($1, $2, $3, $4, $5, now() - make_interval(secs => $6), $7, $8, now() - make_interval(secs => $6), $9)",
    )
    .bind(ctx.tenant().0)
    .bind(id)
    .bind(id.to_string())
    .bind(KIND)
    .bind(json!({ "do": what }))
    .bind(ago)
    .bind(minutes)
    .bind(missed)
    .bind(ctx.actor().to_string())
    .execute(&mut world.database.superuser().await)
    .await
    .unwrap();
    id
}

#[tokio::test]
async fn a_schedule_starts_its_script_in_the_name_of_its_writer() {
    let world = World::new().await;
    world.start();
    let ctx = planner(&world, "acme").await;
    let body = json!({"name": "hourly", "script": KIND, "interval": 60, "args": {"loud": true}});
    let (status, made) = call(records(), &ctx, "POST", SCHEDULES, &body).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    let id: Uuid = made["id"].as_str().unwrap().parse().unwrap();
    let job = until_jobs(&world, id, 1).await[0];
    let job: JobView = world.until_state(&ctx, job, "completed").await;
    assert_eq!(job.created_by, ctx.actor().to_string());
    assert_eq!(world.seen.runs.lock().unwrap()[0].1, json!({"loud": true}));
    let (_, read) = call(records(), &ctx, "GET", &format!("{SCHEDULES}/{id}"), &Value::Null).await;
    assert_eq!((&read["last_job"], &read["enabled"]), (&json!(job.id), &json!(true)), "{read}");
    assert!(read["next_at"].as_str() > read["start_at"].as_str(), "{read}");
    let (_, listed) =
        call(records(), &ctx, "GET", &format!("/api/v1/platform/jobs?schedule={id}"), &Value::Null).await;
    assert_eq!(listed["items"][0]["repeat_minutes"], json!(60), "{listed}");
    assert!(listed["items"][0]["number"].as_i64() > Some(0), "{listed}");
}

#[tokio::test]
async fn wrong_schedules_are_refused_with_their_field() {
    let world = World::new().await;
    world.start();
    let ctx = planner(&world, "acme").await;
    let limited = world
        .database
        .ctx(ctx.tenant(), &[jobs::EXECUTE, kit::Permission::new("platform/job-schedules", kit::Act::Write)]);
    for (who, body, pointer) in [
        (&ctx, json!({"name": "a", "script": "test.nothing"}), "/script"),
        (&ctx, json!({"name": "a", "script": KIND, "args": {"soft": true}}), "/args/soft"),
        (&ctx, json!({"name": "a", "script": KIND, "start_at": "2020-01-01T00:00:00Z"}), "/start_at"),
        (&ctx, json!({"name": "a", "script": KIND, "interval": 0}), "/interval"),
        (&limited, json!({"name": "a", "script": KIND}), "/script"),
    ] {
        let (status, answer) = call(records(), who, "POST", SCHEDULES, &body).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{body} {answer}");
        assert_eq!(answer["errors"][0]["pointer"], json!(pointer), "{answer}");
    }
}

#[tokio::test]
async fn missed_runs_are_made_up_for_once_or_left_out() {
    let world = World::new().await;
    let ctx = planner(&world, "acme").await;
    let hours = 3.5 * 3600.0;
    let made_up = plan(&world, &ctx, "", Some(60), "once", hours).await;
    let left_out = plan(&world, &ctx, "", Some(60), "skip", hours).await;
    let once = plan(&world, &ctx, "", None, "once", 1.0).await;
    world.start();
    let (enabled, error, job) = until_planned(&world, made_up).await;
    assert!(enabled && error.is_none() && job.is_some(), "{error:?} {job:?}");
    assert_eq!(jobs_of(&world, made_up).await.len(), 1);
    let (enabled, error, job) = until_planned(&world, left_out).await;
    assert!(enabled && error.is_some() && job.is_none(), "{error:?} {job:?}");
    assert!(jobs_of(&world, left_out).await.is_empty());
    let (enabled, error, job) = until_planned(&world, once).await;
    assert!(!enabled && error.is_none() && job.is_some(), "{error:?} {job:?}");
}

#[tokio::test]
async fn a_run_waits_for_the_end_of_the_one_before() {
    let world = World::new().await;
    let ctx = planner(&world, "acme").await;
    let id = plan(&world, &ctx, "wait", Some(1), "once", 1.0).await;
    world.start();
    let first = until_jobs(&world, id, 1).await[0];
    world.until_state(&ctx, first, "running").await;
    until_planned(&world, id).await;
    world.sql("UPDATE app.job_schedule SET next_at = now() - interval '1 second'").await;
    let (_, _, job) = until_planned(&world, id).await;
    assert_eq!((job, jobs_of(&world, id).await), (Some(first), vec![first]));
    world.seen.release.notify_one();
    world.until_state(&ctx, first, "completed").await;
    world.sql("UPDATE app.job_schedule SET next_at = now() - interval '1 second'").await;
    assert_eq!(until_jobs(&world, id, 2).await[0], first);
}

#[tokio::test]
async fn scripts_are_listed_and_started() {
    let world = World::new().await;
    world.start();
    let ctx = world.tenant("acme").await;
    let (status, list) = call(scripts(&world), &ctx, "GET", "/platform/scripts", &Value::Null).await;
    assert_eq!(status, StatusCode::OK, "{list}");
    let names: Vec<&str> = list.as_array().unwrap().iter().filter_map(|one| one["name"].as_str()).collect();
    assert_eq!(names, [SMALL, KIND], "{list}");
    assert_eq!(list[1]["parameters"][0]["name"], json!("loud"));
    let run = format!("/platform/scripts/{KIND}/actions/run");
    let of = Uuid::now_v7();
    let (status, started) =
        call(scripts(&world), &ctx, "POST", &run, &json!({"args": {"loud": true, "of": of}})).await;
    assert_eq!(status, StatusCode::ACCEPTED, "{started}");
    let id: Uuid = started["job_id"].as_str().unwrap().parse().unwrap();
    world.until_state(&ctx, id, "completed").await;
    let (_, job) = call(records(), &ctx, "GET", &format!("/api/v1/platform/jobs/{id}"), &Value::Null).await;
    assert_eq!((&job["object_type"], &job["object_id"]), (&json!("test.thing"), &json!(of)), "{job}");
    let (status, answer) = call(scripts(&world), &ctx, "POST", &run, &json!({"args": {"x": 1}})).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{answer}");
    let none = "/platform/scripts/test.nothing/actions/run";
    assert_eq!(call(scripts(&world), &ctx, "POST", none, &json!({})).await.0, StatusCode::NOT_FOUND);
    for rights in [&[jobs::READ][..], &[jobs::READ, jobs::EXECUTE], &[STEER]] {
        let limited = world.database.ctx(ctx.tenant(), rights);
        assert_eq!(call(scripts(&world), &limited, "POST", &run, &json!({})).await.0, StatusCode::FORBIDDEN);
    }
}

#[tokio::test]
async fn a_job_of_later_can_be_run_now_or_forgotten() {
    let world = World::new().await;
    world.start();
    let ctx = world.tenant("acme").await;
    let later = async || {
        let mut tx = ctx.write(ctx.authorize(STEER).unwrap()).await.unwrap();
        let at = Some(chrono::Utc::now() + chrono::TimeDelta::hours(1));
        let start = Start { script: KIND.to_owned(), args: json!({}), at, schedule: None };
        let id = world.queue.start(&mut tx, start).await.unwrap();
        tx.commit().await.unwrap();
        id
    };
    let (now, never) = (later().await, later().await);
    assert_eq!(world.view(&ctx, now).await.state, "scheduled");
    world.queue.steer(&ctx, now, Turn::Retry).await.unwrap();
    world.until_state(&ctx, now, "completed").await;
    world.queue.steer(&ctx, never, Turn::Delete).await.unwrap();
    let mut tx = ctx.read().await.unwrap();
    assert!(world.queue.get(&mut tx, never).await.unwrap().is_none());
    drop(tx);
    let running = world.add(&ctx, "wait").await;
    world.until_state(&ctx, running, "running").await;
    let problem = world.queue.steer(&ctx, running, Turn::Delete).await.unwrap_err();
    assert_eq!(problem.code, "job-state");
    let stranger = world.tenant("globex").await;
    let problem = world.queue.steer(&stranger, running, Turn::Cancel).await.unwrap_err();
    assert_eq!(problem.code, "not-found");
    assert!(!world.queue.worker(stranger.tenant()).unwrap().busy, "not of this tenant");
    let worker = world.queue.worker(ctx.tenant()).unwrap();
    assert!(worker.busy && worker.completed == 1, "{worker:?}");
}
