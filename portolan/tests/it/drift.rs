//! From a discovery to an inventory, and what differs afterwards: import, drift, accept, ignore.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::discovery::{begin, ended, network};
use crate::server::{Principal, Server};

const INVENTORY: &str = "/api/v1/inventory";
const DRIFT: &str = "/api/v1/atlas/drift";
/// The simulated network, and the host that the server runs on.
const DEVICES: usize = 13;

async fn total(admin: &Principal<'_>, collection: &str) -> u64 {
    admin.get(&format!("{INVENTORY}/{collection}?count=exact&limit=1")).await.1["total"].as_u64().unwrap()
}

/// Items that are found now, in whatever state.
async fn found(admin: &Principal<'_>) -> Vec<Value> {
    let (status, list) = admin.get(&format!("{DRIFT}?state=all&limit=1000")).await;
    assert_eq!(status, StatusCode::OK, "{list}");
    let items = list["items"].as_array().unwrap().iter();
    items.filter(|item| item["state"] != "resolved").cloned().collect()
}

async fn import(server: &Server, admin: &Principal<'_>) -> Value {
    let (status, started) = admin.post(&format!("{DRIFT}/import"), &json!({})).await;
    assert_eq!(status, StatusCode::ACCEPTED, "{started}");
    let job = ended(server, admin, started["job_id"].as_str().unwrap()).await;
    assert_eq!(job["state"], "completed", "{job}");
    job["result"].clone()
}

/// Waits for exactly one open item, of this kind, type and attribute.
async fn opened(server: &Server, admin: &Principal<'_>, wanted: [&str; 3]) -> Value {
    let mut last = Vec::new();
    let patience = Duration::from_mins(1);
    server
        .until(patience, async || {
            last = found(admin).await;
            matches!(last.as_slice(), [item] if item["state"] == "open")
        })
        .await;
    let item = last.remove(0);
    assert_eq!([&item["kind"], &item["type"], &item["attr"]], wanted, "{item}");
    item
}

async fn settled(server: &Server, admin: &Principal<'_>) {
    server.until(Duration::from_mins(1), async || found(admin).await.is_empty()).await;
}

async fn accept(admin: &Principal<'_>, item: &Value) {
    let path = format!("{DRIFT}/{}/actions/accept", item["id"].as_str().unwrap());
    let (status, answer) = admin.post(&path, &json!(null)).await;
    assert_eq!(status, StatusCode::NO_CONTENT, "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_discovered_network_becomes_an_inventory_that_does_not_drift() {
    let network = network(DEVICES - 1);
    let server = Server::start_set(&[
        "atlas.drift_debounce=0s",
        "monitoring.links_interval=5s",
        "monitoring.tables_interval=10s",
    ])
    .await;
    let admin = server.admin().await;
    let (_, job) = begin(&admin, &network).await;
    assert_eq!(ended(&server, &admin, &job).await["state"], "completed");
    let devices = async || admin.get("/api/v1/atlas/devices?limit=1").await.1["total"].as_u64().unwrap();
    server.until(Duration::from_secs(20), async || devices().await == DEVICES as u64).await;
    assert_eq!(found(&admin).await, Vec::<Value>::new(), "nothing is intended yet");

    let (status, preview) = admin.get(&format!("{DRIFT}/import")).await;
    assert_eq!(status, StatusCode::OK, "{preview}");
    assert_eq!(preview["devices"].as_array().unwrap().len(), DEVICES);
    assert_eq!(total(&admin, "devices").await, 0, "a preview writes nothing");
    without_rights(&server, &admin).await;
    let first = import(&server, &admin).await;
    assert_eq!((&first["created"], &first["failed"]), (&json!(DEVICES), &json!(0)), "{first}");
    assert!(first["cables"].as_u64().unwrap() > 5, "{first}");
    assert_eq!(total(&admin, "devices").await, DEVICES as u64);
    let covered =
        async || admin.get(&format!("{DRIFT}/summary")).await.1["counts"]["covered"] == json!(DEVICES);
    server.until(Duration::from_secs(20), covered).await;
    settled(&server, &admin).await;

    let counts = (total(&admin, "interfaces").await, total(&admin, "cables").await);
    let second = import(&server, &admin).await;
    assert_eq!((&second["created"], &second["cables"]), (&json!(0), &json!(0)), "{second}");
    let (_, job) = begin_again(&admin).await;
    assert_eq!(ended(&server, &admin, &job).await["state"], "completed");
    assert_eq!(devices().await, DEVICES as u64, "discovery after an import finds nobody twice");
    assert_eq!((total(&admin, "interfaces").await, total(&admin, "cables").await), counts);
    settled(&server, &admin).await;

    renamed(&server, &admin).await;
    exchanged(&server, &admin).await;
    taken_off(&server, &admin).await;
}

/// Who may decide on drift but not write the inventory imports nothing: the job would act for them.
async fn without_rights(server: &Server, admin: &Principal<'_>) {
    let token =
        json!({"name": "of the map", "rules": ["atlas/*:read", "atlas/drift:write", "atlas/drift:execute"]});
    let (status, made) = admin.post("/api/v1/platform/tokens", &token).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    let reader = Principal::with_token(server, made["token"].as_str().unwrap().to_owned());
    assert_eq!(reader.get(DRIFT).await.0, StatusCode::OK);
    let (status, refusal) = reader.post(&format!("{DRIFT}/import"), &json!({})).await;
    assert_eq!(status, StatusCode::FORBIDDEN, "{refusal}");
    assert!(refusal["detail"].as_str().unwrap().contains("inventory/devices:write"), "{refusal}");
    assert_eq!(reader.get(&format!("{DRIFT}/import")).await.0, StatusCode::FORBIDDEN);
}

/// The discovery once more.
async fn begin_again(admin: &Principal<'_>) -> (String, String) {
    let (_, list) = admin.get("/api/v1/monitoring/discoveries?limit=1").await;
    let id = list["items"][0]["id"].as_str().unwrap();
    let (status, started) =
        admin.post(&format!("/api/v1/monitoring/discoveries/{id}/actions/rescan"), &json!(null)).await;
    assert_eq!(status, StatusCode::ACCEPTED, "{started}");
    let text = |name: &str| started[name].as_str().unwrap().to_owned();
    (text("id"), text("job_id"))
}

/// A device gets another name; accepting gives it back, and the record says why.
async fn renamed(server: &Server, admin: &Principal<'_>) {
    let (_, list) = admin.get(&format!("{INVENTORY}/devices?limit=1&role.slug=switch")).await;
    let device = list["items"].get(0).cloned().unwrap_or_else(|| list.clone());
    let path = format!("{INVENTORY}/devices/{}", device["id"].as_str().unwrap());
    let (status, answer) = admin.call(Method::PATCH, &path, Some(&json!({"name": "somebody else"}))).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    let item = opened(server, admin, ["device", "different", "name"]).await;
    assert_eq!((&item["intended"], &item["observed"]), (&json!("somebody else"), &device["name"]));
    let sides: Vec<&Value> = item["evidence"].as_array().unwrap().iter().map(|chip| &chip["side"]).collect();
    assert_eq!(sides, ["intended", "observed"]);
    accept(admin, &item).await;
    settled(server, admin).await;
    assert_eq!(admin.get(&path).await.1["name"], device["name"]);
    let (_, history) = admin.get(&format!("{path}/history")).await;
    let reason = history["items"][0]["reason"].as_str().unwrap();
    assert!(reason.contains("device different name") && reason.contains("snmp:"), "{reason}");
}

/// Two cables exchange their ends: one proposal, and accepting it moves both.
async fn exchanged(server: &Server, admin: &Principal<'_>) {
    let path = format!("{INVENTORY}/cable-terminations");
    let (_, list) = admin.get(&format!("{path}?cable_end=B&limit=2")).await;
    let ends = list["items"].as_array().unwrap().clone();
    for end in &ends {
        let one = format!("{path}/{}", end["id"].as_str().unwrap());
        assert_eq!(admin.call(Method::DELETE, &one, None).await.0, StatusCode::NO_CONTENT);
    }
    for (end, other) in ends.iter().zip(ends.iter().rev()) {
        let termination = &other["termination"];
        let body = json!({"cable": end["cable"]["id"], "cable_end": "B",
            "termination": {"type": termination["type"], "id": termination["id"]}});
        admin.create(&path, &body).await;
    }
    let item = opened(server, admin, ["cable", "different", "swapped"]).await;
    let (_, detail) = admin.get(&format!("{DRIFT}/{}", item["id"].as_str().unwrap())).await;
    assert_eq!(detail["repairs"].as_array().unwrap().len(), 2, "{detail}");
    accept(admin, &item).await;
    settled(server, admin).await;
}

/// An address is taken off its interface: ignored, reopened, accepted.
async fn taken_off(server: &Server, admin: &Principal<'_>) {
    let query = "ip-addresses?assigned_object_type=inventory.interface&address__family=4&limit=1000";
    let (_, list) = admin.get(&format!("{INVENTORY}/{query}")).await;
    let (_, devices) = admin.get(&format!("{INVENTORY}/devices?limit=1000")).await;
    let primary: Vec<&Value> =
        devices["items"].as_array().unwrap().iter().map(|d| &d["primary_ip4"]["id"]).collect();
    let address =
        list["items"].as_array().unwrap().iter().find(|address| !primary.contains(&&address["id"])).unwrap();
    let path = format!("{INVENTORY}/ip-addresses/{}", address["id"].as_str().unwrap());
    let (status, answer) = admin.call(Method::PATCH, &path, Some(&json!({"assigned_object": null}))).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    let item = opened(server, admin, ["address", "unexpected", ""]).await;
    let at = format!("{DRIFT}/{}/actions", item["id"].as_str().unwrap());
    for (body, right) in [
        (json!({"reason": " "}), StatusCode::UNPROCESSABLE_ENTITY),
        (json!({"reason": "x", "until": "2020-01-01T00:00:00Z"}), StatusCode::UNPROCESSABLE_ENTITY),
        (json!({"reason": "migration this week"}), StatusCode::NO_CONTENT),
    ] {
        assert_eq!(admin.post(&format!("{at}/ignore"), &body).await.0, right, "{body}");
    }
    let (_, open) = admin.get(DRIFT).await;
    assert_eq!(open["items"], json!([]));
    assert_eq!(admin.post(&format!("{at}/reopen"), &json!(null)).await.0, StatusCode::NO_CONTENT);
    accept(admin, &item).await;
    settled(server, admin).await;
    assert!(admin.get(&path).await.1["assigned_object"].is_object(), "the free record was used again");
    assert_eq!(admin.post(&format!("{at}/accept"), &json!(null)).await.0, StatusCode::CONFLICT);
}
