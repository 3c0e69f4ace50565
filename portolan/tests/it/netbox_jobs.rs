//! Work in the background at the NetBox door: the jobs of the tenant, for those who may see them.

use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::server::{PASSWORD, Server};

const QUEUES: &str = "/netbox/api/core/background-queues/";
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
