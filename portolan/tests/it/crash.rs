//! Crashes: of the server in the middle of a discovery, of the database under the server.

use std::time::Duration;

use reqwest::StatusCode;

use crate::discovery::{begin, ended, network};
use crate::server::Server;

/// Process ids of PostgreSQL's postmaster below a data directory.
fn postmaster(data: &std::path::Path) -> Option<i32> {
    let mut found = Vec::new();
    let mut look = vec![data.to_path_buf()];
    while let Some(directory) = look.pop() {
        for entry in std::fs::read_dir(directory).ok().into_iter().flatten().flatten() {
            let path = entry.path();
            if path.file_name().is_some_and(|name| name == "postmaster.pid") {
                found.push(path);
            } else if path.is_dir() && found.is_empty() {
                look.push(path);
            }
        }
    }
    std::fs::read_to_string(found.first()?).ok()?.lines().next()?.trim().parse().ok()
}

fn alive(pid: i32) -> bool {
    std::path::Path::new(&format!("/proc/{pid}/stat")).exists()
        && std::fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| !stat.contains(") Z "))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_discovery_survives_the_servers_sudden_end() {
    let network = network(60);
    let server = Server::start().await;
    let admin = server.admin().await;
    let (_, job) = begin(&admin, &network).await;
    server
        .until(Duration::from_secs(30), async || {
            let (_, list) = admin.get("/api/v1/atlas/devices").await;
            list["total"].as_u64().unwrap_or(0) > 5
        })
        .await;
    let database = postmaster(&server.data()).expect("a private PostgreSQL runs");
    drop(admin);
    let directory = server.kill();
    let started = std::time::Instant::now();
    while alive(database) {
        assert!(started.elapsed() < Duration::from_secs(20), "PostgreSQL did not end with the server");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }

    let server = Server::start_in(directory).await;
    let admin = server.admin().await;
    let (_, list) = admin.get("/api/v1/atlas/devices?limit=1000").await;
    for device in list["items"].as_array().unwrap() {
        let (_, page) = admin.get(&format!("/api/v1/atlas/devices/{}", device["id"].as_str().unwrap())).await;
        let answered = page["facts"]["name"].is_string();
        assert!(!answered || !page["interfaces"].as_array().unwrap().is_empty(), "half a device: {page}");
    }
    let job = ended(&server, &admin, &job).await;
    assert_eq!(job["state"], "completed", "{job}");
    server
        .until(Duration::from_secs(20), async || {
            admin.get("/api/v1/atlas/devices").await.1["total"].as_u64() == Some(61)
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_comes_back_when_the_database_is_killed() {
    let server = Server::start().await;
    let admin = server.admin().await;
    let database = postmaster(&server.data()).expect("a private PostgreSQL runs");
    let killed = std::process::Command::new("kill").args(["-9", &database.to_string()]).status().unwrap();
    assert!(killed.success());
    server
        .until(Duration::from_mins(1), async || {
            postmaster(&server.data()).is_some_and(|new| new != database)
                && admin.get("/api/v1/platform/users").await.0 == StatusCode::OK
        })
        .await;
    server
        .until(Duration::from_secs(20), async || server.get("/readyz").await.status() == StatusCode::OK)
        .await;
}
