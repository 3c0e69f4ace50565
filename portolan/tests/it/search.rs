//! The search over the inventory, and types of devices as documents: through a running server.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::server::{Principal, Server};

const AT: &str = "/api/v1/inventory";

const TYPES: &str = "\
manufacturer: Acme Networks
model: AC-9300
slug: acme-ac-9300
part_number: 9300
u_height: 1
is_full_depth: false
airflow: front-to-rear
weight: 4.5
weight_unit: kg
front_image: true
console-ports:
  - {name: con0, type: rj-45}
power-ports:
  - {name: PSU1, type: iec-60320-c14, maximum_draw: 350}
power-outlets:
  - {name: OUT1, type: iec-60320-c13, power_port: PSU1}
interfaces:
  - {name: mgmt0, type: 1000base-t, mgmt_only: true}
  - {name: xe-0, type: 10gbase-x-sfpp}
  - {name: br0, type: bridge}
  - {name: xe-1, type: 10gbase-x-sfpp, bridge: br0}
rear-ports:
  - {name: Rear, type: mpo, positions: 2}
front-ports:
  - {name: F1, type: lc, rear_port: Rear, rear_port_position: 1}
  - {name: F2, type: lc, rear_port: Rear, rear_port_position: 2}
module-bays:
  - {name: Slot 1, position: 1}
inventory-items:
  - {name: Fan, manufacturer: Fans Inc, part_id: F-1}
---
manufacturer: Acme Networks
model: AC-1
slug: acme-ac-1
u_height: 0
";

async fn import(admin: &Principal<'_>, query: &str, text: &str) -> (StatusCode, Value) {
    admin.post_yaml(&format!("{AT}/device-types/import{query}"), text).await
}

async fn names(admin: &Principal<'_>, q: &str) -> Vec<String> {
    let (status, found) = admin.call(Method::GET, &format!("/api/v1/search?q={q}"), None).await;
    assert_eq!(status, StatusCode::OK, "{found}");
    let items = found["items"].as_array().unwrap();
    items
        .iter()
        .map(|hit| format!("{} {}", hit["model"].as_str().unwrap(), hit["display"].as_str().unwrap()))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn types_of_devices_as_documents() {
    let server = Server::start().await;
    let admin = server.admin().await;
    let (status, report) = import(&admin, "?preview=true", TYPES).await;
    assert_eq!((status, &report["created"], &report["components"]), (StatusCode::OK, &json!(2), &json!(12)));
    let (_, none) = admin.call(Method::GET, &format!("{AT}/device-types"), None).await;
    assert_eq!(none["items"], json!([]), "a preview writes nothing");

    let (status, report) = import(&admin, "", TYPES).await;
    assert_eq!(status, StatusCode::OK, "{report}");
    assert_eq!((&report["manufacturers"], &report["skipped"]), (&json!(2), &json!(0)));
    assert_eq!(report["documents"][0]["notes"], json!(["front_image is left out"]));
    let (_, again) = import(&admin, "", TYPES).await;
    assert_eq!((&again["created"], &again["skipped"]), (&json!(0), &json!(2)));
    let id = report["documents"][0]["id"].as_str().unwrap();

    let (_, text) = admin.get(&format!("{AT}/device-types/{id}/export")).await;
    let text = text.as_str().unwrap().to_owned();
    for line in [
        "model: AC-9300",
        "power_port: PSU1",
        "rear_port_position: 2",
        "bridge: br0",
        "manufacturer: Fans Inc",
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
    let other = text.replace("acme-ac-9300", "acme-copy").replace("model: AC-9300", "model: Copy");
    let (status, report) = import(&admin, "", &other).await;
    assert_eq!((status, &report["components"]), (StatusCode::OK, &json!(12)), "{report}\n{other}");

    let changed = TYPES.replace("u_height: 1", "u_height: 2").replace("xe-0,", "xe-9,");
    let (_, report) = import(&admin, "?update=true", &changed).await;
    assert_eq!((&report["updated"], &report["components"]), (&json!(2), &json!(1)), "{report}");

    let bad = "manufacturer: New\nmodel: A\nslug: a\ninterfaces: [{name: e, type: nothing}]\n---\nmodel: B\nheight: 1\n";
    let (status, report) = import(&admin, "", bad).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    let pointers: Vec<String> = report["errors"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|entry| {
            entry["errors"]
                .as_array()
                .unwrap()
                .iter()
                .map(move |e| format!("{} {}", entry["document"], e["pointer"].as_str().unwrap()))
        })
        .collect();
    assert_eq!(pointers, ["1 /interfaces/0/type", "2 /height", "2 /manufacturer", "2 /slug"]);
    let (_, makers) = admin.call(Method::GET, &format!("{AT}/manufacturers?name=New"), None).await;
    assert_eq!(makers["items"], json!([]), "nothing is half written");
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_is_found() {
    let server = Server::start().await;
    let admin = server.admin().await;
    let (status, report) = import(&admin, "", TYPES).await;
    assert_eq!(status, StatusCode::OK, "{report}");
    admin.create(&format!("{AT}/sites"), &json!({"name": "Frankfurt 1", "slug": "fra1"})).await;
    admin
        .create(
            &format!("{AT}/device-roles"),
            &json!({"name": "Switch", "slug": "switch", "color": "2196f3"}),
        )
        .await;
    let device = json!({
        "name": "fra1-sw-01", "serial": "SN0042", "site": {"slug": "fra1"}, "role": {"slug": "switch"},
        "device_type": {"slug": "acme-ac-9300"},
    });
    let device = admin.create(&format!("{AT}/devices"), &device).await;
    admin.create(&format!("{AT}/prefixes"), &json!({"prefix": "10.1.0.0/16"})).await;
    admin.create(&format!("{AT}/ip-addresses"), &json!({"address": "10.1.2.3/24"})).await;
    admin.create(&format!("{AT}/mac-addresses"), &json!({"mac_address": "00:11:22:AA:BB:CC"})).await;
    assert_eq!(names(&admin, "fra1-sw").await, ["inventory.device fra1-sw-01"]);
    assert_eq!(names(&admin, "sn004").await, ["inventory.device fra1-sw-01"]);
    assert_eq!(names(&admin, &device).await, ["inventory.device fra1-sw-01"]);
    assert_eq!(
        names(&admin, "10.1.2.3").await,
        ["inventory.ip_address 10.1.2.3/24", "inventory.prefix 10.1.0.0/16"]
    );
    assert_eq!(names(&admin, "0011.22aa").await, ["inventory.mac_address 00:11:22:AA:BB:CC"]);
    assert_eq!(names(&admin, "ankfur").await, ["inventory.site Frankfurt 1"]);
    // Ports that came with the type are there too, behind what stands alone.
    let ports = names(&admin, "mgmt0").await;
    assert!(ports.contains(&"inventory.interface mgmt0".to_owned()), "{ports:?}");
    let (status, job) = admin.post("/api/v1/search/actions/rebuild", &Value::Null).await;
    assert_eq!(status, StatusCode::ACCEPTED, "{job}");
}
