//! From a discovery to an inventory, and what differs afterwards: import, drift, accept, ignore, order a
//! change, undo, rules.

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
    machine(&server, &admin, preview["devices"][0]["name"].as_str().unwrap()).await;
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
    by_rule(&server, &admin).await;
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
    undone(server, admin, &item, &path).await;
}

/// What accepting wrote is taken back, but for what somebody changed since.
async fn undone(server: &Server, admin: &Principal<'_>, item: &Value, device: &str) {
    let undo = format!("{DRIFT}/{}/actions/undo", item["id"].as_str().unwrap());
    let (status, answer) = admin.call(Method::PATCH, device, Some(&json!({"description": "since"}))).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    let (status, refusal) = admin.post(&undo, &json!(null)).await;
    assert_eq!((status, &refusal["code"]), (StatusCode::CONFLICT, &json!("changed-since")), "{refusal}");
    assert!(refusal["errors"][0]["message"].as_str().unwrap().contains("was changed since"), "{refusal}");
    // Once more, and nobody changes it now.
    let other = json!({"name": "somebody else", "description": null});
    assert_eq!(admin.call(Method::PATCH, device, Some(&other)).await.0, StatusCode::OK);
    let item = opened(server, admin, ["device", "different", "name"]).await;
    accept(admin, &item).await;
    settled(server, admin).await;
    assert_eq!(admin.post(&undo, &json!(null)).await.0, StatusCode::NO_CONTENT);
    assert_eq!(admin.get(device).await.1["name"], "somebody else");
    let (_, history) = admin.get(&format!("{device}/history")).await;
    assert!(history["items"][0]["reason"].as_str().unwrap().starts_with("Taken back"), "{history}");
    let (status, refusal) = admin.post(&undo, &json!(null)).await;
    assert_eq!((status, &refusal["code"]), (StatusCode::CONFLICT, &json!("nothing-accepted")), "{refusal}");
    opened(server, admin, ["device", "different", "name"]).await;
}

/// A rule is off, says what it would do, and does it once it is on.
async fn by_rule(server: &Server, admin: &Principal<'_>) {
    let rules = format!("{DRIFT}/acceptance-rules");
    let mut rule = json!({"name": "names", "kinds": ["device"], "fields": ["name"], "sources": ["snmp"], "min_age_minutes": 0});
    let (status, made) = admin.post(&rules, &rule).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    let (_, list) = admin.get(&rules).await;
    assert_eq!(list["items"][0]["enabled"], false, "{list}");
    for (fields, would) in [(json!(["name"]), 1), (json!(["serial"]), 0)] {
        let mut other = rule.clone();
        other["fields"] = fields;
        let (status, preview) = admin.post(&format!("{rules}/actions/preview"), &other).await;
        assert_eq!((status, &preview["would_accept"]), (StatusCode::OK, &json!(would)), "{preview}");
    }
    for (field, wrong) in
        [("name", json!("")), ("max_per_hour", json!(0)), ("min_age_minutes", json!(50_000))]
    {
        let mut other = rule.clone();
        other[field] = wrong;
        let (status, refusal) = admin.post(&rules, &other).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{refusal}");
        assert_eq!(refusal["errors"][0]["pointer"], format!("/{field}"), "{refusal}");
    }
    let one = format!("{rules}/{}", made["id"].as_str().unwrap());
    rule["enabled"] = json!(true);
    assert_eq!(admin.call(Method::PUT, &one, Some(&rule)).await.0, StatusCode::NO_CONTENT);
    settled(server, admin).await;
    let (_, list) = admin.get(&format!("{DRIFT}?state=resolved&kind=device")).await;
    let accepted = list["items"].as_array().unwrap().iter().find(|item| item["reason"] == "Rule: names");
    assert_eq!(accepted.unwrap()["accepted"]["rule"], made["id"], "{list}");
    assert_eq!(admin.call(Method::DELETE, &one, None).await.0, StatusCode::NO_CONTENT);
    assert_eq!(admin.call(Method::DELETE, &one, None).await.0, StatusCode::NOT_FOUND);
}

/// A virtual machine of the inventory that is seen is that machine: nobody unexpected, nothing to import.
async fn machine(server: &Server, admin: &Principal<'_>, name: &str) {
    let site = admin.create(&format!("{INVENTORY}/sites"), &json!({"name": "Hall", "slug": "hall"})).await;
    let machines = format!("{INVENTORY}/virtual-machines");
    let machine = admin.create(&machines, &json!({"name": name, "site": site})).await;
    let known = async |right: u64| {
        let (_, preview) = admin.get(&format!("{DRIFT}/import")).await;
        let devices = preview["devices"].as_array().unwrap();
        preview["known"] == right && devices.len() as u64 == DEVICES as u64 - right
    };
    server.until(Duration::from_secs(20), async || known(1).await).await;
    let unexpected = async || {
        let (_, list) = admin.get(&format!("{DRIFT}?state=all&type=unexpected&kind=device&limit=1000")).await;
        let items = list["items"].as_array().unwrap().clone();
        items.into_iter().filter(|item| item["state"] != "resolved").collect::<Vec<Value>>()
    };
    server.until(Duration::from_secs(20), async || unexpected().await.len() == DEVICES - 1).await;
    assert!(unexpected().await.iter().all(|item| item["title"] != name), "the machine is no other device");
    for record in [format!("{machines}/{machine}"), format!("{INVENTORY}/sites/{site}")] {
        assert_eq!(admin.call(Method::DELETE, &record, None).await.0, StatusCode::NO_CONTENT);
    }
    server.until(Duration::from_secs(20), async || known(0).await).await;
    settled(server, admin).await;
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
    ordered(server, admin, &at).await;
    accept(admin, &item).await;
    settled(server, admin).await;
    assert!(admin.get(&path).await.1["assigned_object"].is_object(), "the free record was used again");
    assert_eq!(admin.post(&format!("{at}/accept"), &json!(null)).await.0, StatusCode::CONFLICT);
}

/// A change is ordered, is late after its time, and can still be decided on otherwise.
async fn ordered(server: &Server, admin: &Principal<'_>, at: &str) {
    let soon = (chrono::Utc::now() + chrono::TimeDelta::seconds(2)).to_rfc3339();
    for (body, right) in [
        (json!({"reason": ""}), StatusCode::UNPROCESSABLE_ENTITY),
        (json!({"reason": "x", "due": "2020-01-01T00:00:00Z"}), StatusCode::UNPROCESSABLE_ENTITY),
        (json!({"reason": "x", "assignee": "a\nb"}), StatusCode::UNPROCESSABLE_ENTITY),
        (
            json!({"reason": "take it off the router", "assignee": "anna", "due": soon, "reference": "CHG-1"}),
            StatusCode::NO_CONTENT,
        ),
    ] {
        let (status, answer) = admin.post(&format!("{at}/change"), &body).await;
        assert_eq!(status, right, "{body} {answer}");
    }
    let (_, list) = admin.get(&format!("{DRIFT}?state=change_requested&assignee=ANNA")).await;
    assert_eq!(list["items"][0]["change"]["reference"], "CHG-1", "{list}");
    let late = async || admin.get(&format!("{DRIFT}?overdue=true")).await.1["total"] == 1;
    server.until(Duration::from_mins(1), late).await;
    assert_eq!(admin.get(&format!("{DRIFT}/summary")).await.1["overdue"], 1);
}
