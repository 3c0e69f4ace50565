//! Discovery of a simulated network through the server: job, frames, map; scored against the truth.

use std::time::Duration;

use reqwest::StatusCode;
use serde_json::{Value, json};
use simulator::{Options, Simulation, score};

use crate::server::{Principal, Server};

pub(crate) fn network(devices: usize) -> Simulation {
    Simulation::from_options(&Options { devices, interfaces: 12, port: 0, seed: 7, ..Options::default() })
        .unwrap()
}

/// Starts a discovery of the simulated network; gives discovery and job.
pub(crate) async fn begin(admin: &Principal<'_>, network: &Simulation) -> (String, String) {
    let community = Options::default().community;
    let credential = json!({"name": "simulation", "kind": "v2c", "community": community});
    let credential = admin.create("/api/v1/monitoring/credentials", &credential).await;
    let order = json!({"seeds": [network.addresses()[0].to_string()], "credentials": [credential],
        "allow": ["127.0.0.0/8"], "port": network.port(), "rate": 500});
    let (status, started) = admin.post("/api/v1/monitoring/discoveries", &order).await;
    assert_eq!(status, StatusCode::ACCEPTED, "{started}");
    let text = |name: &str| started[name].as_str().unwrap().to_owned();
    (text("id"), text("job_id"))
}

/// Waits for the end of a job; gives its state.
pub(crate) async fn ended(server: &Server, admin: &Principal<'_>, job: &str) -> Value {
    let path = format!("/api/v1/platform/jobs/{job}");
    server
        .until(Duration::from_mins(2), async || {
            let (_, job) = admin.get(&path).await;
            matches!(job["state"].as_str(), Some("completed" | "discarded" | "cancelled"))
        })
        .await;
    admin.get(&path).await.1
}

#[tokio::test(flavor = "multi_thread")]
async fn a_simulated_network_is_found_exactly() {
    let network = network(40);
    let server = Server::start().await;
    let admin = server.admin().await;
    let (discovery, job) = begin(&admin, &network).await;
    let job = ended(&server, &admin, &job).await;
    assert_eq!(job["state"], "completed", "{job}");
    let (_, discovery) = admin.get(&format!("/api/v1/monitoring/discoveries/{discovery}")).await;
    assert_eq!(discovery["state"], "completed");
    assert_eq!(discovery["counts"]["answered"], 40, "{}", discovery["counts"]);

    let devices =
        async || admin.get("/api/v1/atlas/devices?limit=1000").await.1["items"].as_array().unwrap().len();
    // The host the server runs on is the one device more.
    server.until(Duration::from_secs(20), async || devices().await == 41).await;
    let mut maps = Vec::new();
    for layer in ["l1", "l2", "l3"] {
        let (_, topology) = admin.get(&format!("/api/v1/atlas/topology?layer={layer}")).await;
        maps.push(serde_json::from_value(topology).unwrap());
    }
    let score = score(&network.truth(), &maps);
    assert_eq!(
        (score.devices.found, score.devices.duplicates, score.devices.merged),
        (40, 0, 0),
        "{score:?}"
    );
    assert_eq!(score.l1.false_links, 0, "{score:?}");
    assert!(score.l1.f1 >= 0.99, "{score:?}");

    let device =
        admin.get("/api/v1/atlas/devices?limit=1").await.1["items"][0]["id"].as_str().unwrap().to_owned();
    let (status, page) = admin.get(&format!("/api/v1/atlas/devices/{device}")).await;
    assert_eq!(status, StatusCode::OK);
    assert!(page["interfaces"].is_array() && page["identity"]["subjects"].is_array(), "{page}");
    for format in ["svg", "png", "pdf", "graphml", "mermaid", "drawio", "html"] {
        let url = format!("{}/api/v1/atlas/topology/export?layer=l1&format={format}", server.url);
        let file = server.http.get(url).bearer_auth(&admin.token).send().await.unwrap();
        assert_eq!(file.status(), StatusCode::OK, "{format}");
        assert!(file.bytes().await.unwrap().len() > 500, "{format}");
    }
}
