//! The inventory over the API: records of many kinds that refer to each other.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::server::{Principal, Server};

const AT: &str = "/api/v1/inventory";

async fn make(admin: &Principal<'_>, collection: &str, body: Value) -> String {
    admin.create(&format!("{AT}/{collection}"), &body).await
}

/// A site with one rack and a type of device for it.
async fn site(admin: &Principal<'_>) -> String {
    make(admin, "regions", json!({"name": "Europe", "slug": "europe"})).await;
    make(admin, "regions", json!({"name": "Amsterdam", "slug": "ams", "parent": {"slug": "europe"}})).await;
    let site =
        make(admin, "sites", json!({"name": "AMS 1", "slug": "ams1", "region": {"slug": "ams"}})).await;
    make(admin, "racks", json!({"name": "R01", "site": site, "u_height": 42})).await;
    make(admin, "manufacturers", json!({"name": "Acme", "slug": "acme"})).await;
    make(
        admin,
        "device-types",
        json!({"manufacturer": {"slug": "acme"}, "model": "AC-48", "slug": "ac-48", "u_height": 1}),
    )
    .await;
    make(admin, "device-roles", json!({"name": "Switch", "slug": "switch", "color": "2196f3"})).await;
    site
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_from_the_region_to_the_address() {
    let server = Server::start().await;
    let admin = server.admin().await;
    let site = site(&admin).await;
    let devices: Vec<Value> = (1..=40)
        .map(|n| {
            json!({
                "name": format!("sw{n:02}"), "site": site, "role": {"slug": "switch"},
                "device_type": {"slug": "ac-48", "model": "AC-48"}, "rack": {"name": "R01"},
                "position": n, "face": "front", "status": "active",
            })
        })
        .collect();
    let (status, made) = admin.post(&format!("{AT}/devices"), &json!(devices)).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    let first = made["items"][0]["id"].as_str().unwrap().to_owned();
    let port = json!({"device": first, "name": "ge-0/0/1", "type": "1000base-t"});
    let port = make(&admin, "interfaces", port).await;
    let address = json!({
        "address": "192.0.2.1/24", "assigned_object": {"type": "inventory.interface", "id": port},
    });
    let address = make(&admin, "ip-addresses", address).await;
    let path = format!("{AT}/devices/{first}");
    let (status, device) = admin.call(Method::PATCH, &path, Some(&json!({"primary_ip4": address}))).await;
    assert_eq!((status, &device["primary_ip4"]["display"]), (StatusCode::OK, &json!("192.0.2.1/24")));

    for (query, count) in [
        ("devices?site.region.slug__below=europe", 40),
        ("devices?site.region.slug=europe", 0),
        ("devices?rack.name=R01&position__gte=39", 2),
        ("devices?q=sw07", 1),
        ("devices?primary_ip4.address=192.0.2.1", 1),
        ("ip-addresses?assigned_object_type=inventory.interface", 1),
        ("ip-addresses?address__within=192.0.2.0/25", 1),
    ] {
        let (status, list) = admin.get(&format!("{AT}/{query}&count=exact&limit=1")).await;
        assert_eq!((status, &list["total"]), (StatusCode::OK, &json!(count)), "{query}: {list}");
    }
    let (_, sites) = admin.get(&format!("{AT}/sites")).await;
    assert_eq!(
        (&sites["items"][0]["device_count"], &sites["items"][0]["rack_count"]),
        (&json!(40), &json!(1))
    );

    let (status, problem) =
        admin.call(Method::DELETE, &format!("{AT}/sites/{site}"), Some(&json!(null))).await;
    assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &json!("in-use")), "{problem}");
    let taken = json!({
        "name": "SW01", "site": site, "role": {"slug": "switch"}, "device_type": {"slug": "ac-48"},
    });
    let (status, problem) = admin.post(&format!("{AT}/devices"), &taken).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(problem["errors"][0]["code"], "not_unique", "names of devices differ by more than case");
    let (status, _) = admin.call(Method::DELETE, &path, Some(&json!(null))).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    let (_, ports) = admin.get(&format!("{AT}/interfaces")).await;
    assert_eq!(ports["items"], json!([]), "what is part of a device goes with it");
}
