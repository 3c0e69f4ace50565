//! Work in the background at the NetBox door: the jobs of the tenant, for those who may see them, and the
//! scripts that people start.

use std::time::{Duration, Instant};

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::server::{PASSWORD, Principal, Server};

const QUEUES: &str = "/netbox/api/core/background-queues/";
const WORKERS: &str = "/netbox/api/core/background-workers/";
const JOBS: &str = "/netbox/api/core/jobs/";
const SCRIPTS: &str = "/netbox/api/extras/scripts/";
const SYNC: &str = "platform.data_source_sync";
const TASKS: &str = "/netbox/api/core/background-tasks/";

#[tokio::test(flavor = "multi_thread")]
async fn jobs_are_tasks_of_one_queue() {
    let server = Server::start().await;
    let admin = server.admin().await;
    let (status, tasks) = admin.get(&format!("{TASKS}?limit=1")).await;
    assert!(status == StatusCode::OK && tasks["count"].is_u64(), "{tasks}");
    let (status, queues) = admin.get(QUEUES).await;
    assert_eq!((status, &queues["count"]), (StatusCode::OK, &json!(1)), "{queues}");
    let (status, queue) = admin.get(&format!("{QUEUES}default/")).await;
    assert_eq!((status, &queue["name"]), (StatusCode::OK, &json!("default")), "{queue}");
    for path in [
        format!("{QUEUES}high/"),
        format!("{TASKS}999/"),
        format!("{TASKS}00000000-0000-0000-0000-000000000000/"),
    ] {
        assert_eq!(admin.get(&path).await.0, StatusCode::NOT_FOUND, "{path}");
    }
    let rules = json!({"name": "nobody", "rules": ["inventory/sites:read"]});
    admin.create("/api/v1/platform/roles", &rules).await;
    admin.add_user("nora", "nobody").await;
    let nora = server.login("nora", PASSWORD).await;
    for path in [QUEUES, TASKS] {
        assert_eq!(nora.get(path).await.0, StatusCode::FORBIDDEN, "{path}");
        let (status, answer) = admin.call(Method::POST, path, Some(&json!({}))).await;
        assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED, "{answer}");
    }
}

/// Waits until the job with the number has the status.
async fn until(admin: &Principal<'_>, number: &Value, status: &str) -> Value {
    let begun = Instant::now();
    loop {
        let (_, job) = admin.get(&format!("{JOBS}{number}/")).await;
        if job["status"]["value"] == json!(status) {
            return job;
        }
        assert!(begun.elapsed() < Duration::from_secs(30), "waited in vain for {status}: {job}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn source(admin: &Principal<'_>, name: &str) -> Value {
    let body = json!({"name": name, "type": "local", "source_url": "/nowhere"});
    let (status, made) = admin.post("/netbox/api/core/data-sources/", &body).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    made["id"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn scripts_run_as_jobs_about_objects() {
    let server = Server::start().await;
    let admin = server.admin().await;
    let of = source(&admin, "One").await;
    let (status, list) = admin.get(SCRIPTS).await;
    assert_eq!(status, StatusCode::OK, "{list}");
    let scripts = list["results"].as_array().unwrap();
    let script = scripts.iter().find(|script| script["name"] == json!("data_source_sync")).unwrap();
    assert_eq!(script["vars"], json!({"source": "ObjectVar"}), "{script}");
    for which in [script["id"].to_string(), SYNC.to_owned()] {
        assert_eq!(admin.get(&format!("{SCRIPTS}{which}/")).await.1["id"], script["id"], "{which}");
    }
    assert_eq!(admin.get(&format!("{SCRIPTS}999/")).await.0, StatusCode::NOT_FOUND);

    let run = format!("{SCRIPTS}{SYNC}/");
    for (body, field) in [
        (json!({"commit": true}), "data"),
        (json!({"data": {"source": of}, "commit": false}), "commit"),
        (json!({"data": {}, "commit": true}), "data"),
        (json!({"data": {"source": 4711}, "commit": true}), "data"),
        (json!({"data": {"source": of, "x": 1}, "commit": true}), "data"),
        (
            json!({"data": {"source": of}, "commit": true, "schedule_at": "2020-01-01T00:00:00Z"}),
            "schedule_at",
        ),
    ] {
        let (status, answer) = admin.post(&run, &body).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{body} {answer}");
        assert!(answer[field].is_array(), "{body} {answer}");
    }
    let (status, ran) = admin.post(&run, &json!({"data": {"source": of}, "commit": true})).await;
    assert_eq!((status, &ran["id"]), (StatusCode::OK, &script["id"]), "{ran}");
    // The directory is none that is allowed: the job fails, and says so.
    let job = until(&admin, &ran["result"]["id"], "errored").await;
    assert_eq!((&job["object_type"], &job["object_id"]), (&json!("core.datasource"), &of), "{job}");
    assert_eq!(job["object"]["name"], json!("One"), "{job}");
    assert_eq!(job["user"]["username"], json!("admin"), "{job}");
    assert!(job["error"].as_str().unwrap().contains("sources.local_directories"), "{job}");
    assert!(job["execution_time"].as_str().unwrap().starts_with("00:00:"), "{job}");
    for (query, expected) in [
        (format!("id={}", job["id"]), 1),
        ("status=errored".to_owned(), 1),
        ("status=errored&name=inventory.publish".to_owned(), 0),
        (format!("object_type=core.datasource&object_id={of}"), 1),
        ("user=admin".to_owned(), 1),
        ("user=nobody".to_owned(), 0),
        (format!("job_id={}", job["job_id"].as_str().unwrap()), 1),
        ("name__ic=data_source&completed__after=2020-01-01".to_owned(), 1),
        ("name__ic=data_source&created__before=2020-01-01".to_owned(), 0),
        ("queue_name=high".to_owned(), 0),
    ] {
        let (status, found) = admin.get(&format!("{JOBS}?{query}")).await;
        assert_eq!((status, &found["count"]), (StatusCode::OK, &json!(expected)), "{query} {found}");
    }
    assert_eq!(admin.get(&format!("{JOBS}?status=odd")).await.0, StatusCode::BAD_REQUEST);
    let (status, answer) = admin.call(Method::POST, &format!("{SCRIPTS}upload/"), Some(&json!({}))).await;
    assert!(status == StatusCode::BAD_REQUEST && answer["file"].is_array(), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn scheduled_scripts_wait_are_repeated_and_can_be_run_or_deleted() {
    let server = Server::start().await;
    let admin = server.admin().await;
    let of = source(&admin, "One").await;
    let later = json!({"data": {"source": of}, "commit": true, "schedule_at": "2126-01-01T00:00:00Z", "interval": 60});
    let (status, ran) = admin.post(&format!("{SCRIPTS}{SYNC}/"), &later).await;
    assert_eq!(status, StatusCode::OK, "{ran}");
    let job = &ran["result"];
    assert_eq!((&job["status"]["value"], &job["interval"]), (&json!("scheduled"), &json!(60)), "{ran}");
    assert_eq!(job["scheduled"], json!("2126-01-01T00:00:00Z"), "{ran}");
    let (_, schedules) = admin.get("/api/v1/platform/job-schedules").await;
    assert_eq!(schedules["items"][0]["next_at"], json!("2126-01-01T01:00:00Z"), "{schedules}");

    let task = format!("{TASKS}{}/", job["job_id"].as_str().unwrap());
    assert_eq!(admin.get(&task).await.1["status"], json!("scheduled"));
    let (status, _) = admin.call(Method::POST, &format!("{task}enqueue/"), None).await;
    assert_eq!(status, StatusCode::OK);
    until(&admin, &job["id"], "errored").await;
    let (status, _) = admin.call(Method::POST, &format!("{task}stop/"), None).await;
    assert_eq!(status, StatusCode::NO_CONTENT, "it runs no more");
    let rules = json!({"name": "reader", "rules": ["platform/jobs:read"]});
    admin.create("/api/v1/platform/roles", &rules).await;
    admin.add_user("rita", "reader").await;
    let rita = server.login("rita", PASSWORD).await;
    let (status, _) = rita.call(Method::POST, &format!("{task}delete/"), None).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    let (status, _) = rita.post(&format!("{SCRIPTS}{SYNC}/"), &later).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    let (status, _) = admin.call(Method::POST, &format!("{task}delete/"), None).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(admin.get(&task).await.0, StatusCode::NOT_FOUND);
    assert_eq!(admin.get(&format!("{JOBS}{}/", job["id"])).await.0, StatusCode::NOT_FOUND);

    let (status, workers) = admin.get(WORKERS).await;
    assert_eq!((status, &workers["count"]), (StatusCode::OK, &json!(1)), "{workers}");
    let worker = &workers["results"][0];
    assert!(worker["failed_job_count"].as_u64() > Some(0), "{worker}");
    let name = worker["name"].as_str().unwrap();
    assert_eq!(admin.get(&format!("{WORKERS}{name}/")).await.1["name"], json!(name));
    assert_eq!(admin.get(&format!("{WORKERS}none/")).await.0, StatusCode::NOT_FOUND);
}
