//! `portolan get`, `find`, `set`, as a person types them.

use std::process::Command;

use serde_json::{Value, json};

use crate::server::{Principal, Server};

/// Runs a command against the server: exit code, output, complaints.
fn portolan(server: &Server, who: &Principal<'_>, args: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_portolan"))
        .args(args)
        .env("PORTOLAN_SERVER", &server.url)
        .env("PORTOLAN_TOKEN", &who.token)
        .env("XDG_CONFIG_HOME", "/nonexistent")
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[tokio::test(flavor = "multi_thread")]
async fn records_are_found_shown_and_changed() {
    let server = Server::start().await;
    let admin = server.admin().await;
    for name in ["core-1", "core-2", "edge/1"] {
        let body = json!({"name": name, "slug": name.replace('/', "-")});
        admin.create("/api/v1/inventory/sites", &body).await;
    }
    let found = |args: &[&str]| -> Vec<Value> {
        let (code, out, err) = portolan(&server, &admin, args);
        assert_eq!(code, Some(0), "{args:?} {err}");
        serde_json::from_str(&out).unwrap()
    };
    assert_eq!(found(&["find", "sites", "name~=core", "--json"]).len(), 2);
    assert_eq!(
        found(&["find", "inventory/sites", "--limit", "1", "--sort=-name", "--json"])[0]["name"],
        json!("edge/1")
    );
    let (_, out, _) = portolan(&server, &admin, &["find", "sites", "name=core-1", "--fields", "name,slug"]);
    assert!(out.contains("core-1") && !out.contains("core-2"), "{out}");

    let (code, out, err) =
        portolan(&server, &admin, &["set", "sites/edge/1", "status=planned", "facility=B 2", "--json"]);
    assert_eq!(code, Some(0), "{err}");
    let site: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((&site["status"], &site["facility"]), (&json!("planned"), &json!("B 2")));
    let (_, out, _) = portolan(&server, &admin, &["get", "inventory/sites/edge/1"]);
    assert!(out.contains("planned") && out.contains("B 2"), "{out}");
    for key in [site["id"].as_str().unwrap(), &site["number"].to_string()] {
        let (_, out, err) = portolan(&server, &admin, &["get", &format!("sites/{key}"), "--json"]);
        assert_eq!(serde_json::from_str::<Value>(&out).unwrap()["name"], json!("edge/1"), "{err}");
    }

    for (args, said) in [
        (["set", "sites/core-1", "status=gone"], "status"),
        (["set", "sites/core-1", "colour=red"], "colour"),
        (["get", "sites/nowhere", "--json"], "there is no Site called nowhere"),
        (["get", "plants/x", "--json"], "there are no records called plants"),
        (["find", "sites", "nmae=x"], "name"),
    ] {
        let (code, _, err) = portolan(&server, &admin, &args);
        assert_eq!(code, Some(1), "{args:?} {err}");
        assert!(err.contains(said), "{args:?} {err}");
    }
}
