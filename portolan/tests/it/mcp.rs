//! The MCP server, over HTTP and over standard input and output.

use std::io::Write as _;
use std::process::{Command, Stdio};

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::server::{PASSWORD, Principal, Server};

const CURRENT: &str = "2026-07-28";

fn message(method: &str, params: &Value) -> Value {
    json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
}

/// A request of a client with a handshake; its result.
async fn ask(who: &Principal<'_>, method: &str, params: Value) -> Value {
    let (status, answer) = who.post("/mcp", &message(method, &params)).await;
    assert_eq!(status, StatusCode::OK, "{method} {answer}");
    answer["result"].clone()
}

async fn call(who: &Principal<'_>, tool: &str, arguments: Value) -> Value {
    ask(who, "tools/call", json!({"name": tool, "arguments": arguments})).await
}

fn text(result: &Value) -> &str {
    result["content"][0]["text"].as_str().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn tools_answer_what_their_caller_may_read() {
    let server = Server::start().await;
    let admin = server.admin().await;
    let site = admin.create("/api/v1/inventory/sites", &json!({"name": "alpha", "slug": "alpha"})).await;
    let prefix = admin.create("/api/v1/inventory/prefixes", &json!({"prefix": "10.1.0.0/29"})).await;
    let before = ask(
        &admin,
        "initialize",
        json!({"protocolVersion": "2025-06-18", "capabilities": {},
        "clientInfo": {"name": "test", "version": "1"}}),
    );
    assert_eq!(before.await["protocolVersion"], "2025-06-18");
    let tools = ask(&admin, "tools/list", json!({})).await["tools"].clone();
    let named = |name: &str| tools.as_array().unwrap().iter().find(|tool| tool["name"] == name).cloned();
    for name in
        ["find", "get", "describe_models", "search", "trace_cable", "available", "drift", "map", "history"]
    {
        assert_eq!(named(name).expect(name)["annotations"]["readOnlyHint"], true, "{name}");
    }
    assert!(named("drift").unwrap()["inputSchema"]["properties"]["severity"].is_object());

    // The database runs on this machine: it has the same clock.
    let then = chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Micros, true);
    let patch = json!({"description": "moved"});
    admin.call(Method::PATCH, &format!("/api/v1/inventory/sites/{site}"), Some(&patch)).await;
    let found =
        call(&admin, "find", json!({"model": "sites", "filters": {"name__contains": "alp"}, "count": true}))
            .await;
    assert_eq!(found["structuredContent"]["items"][0]["id"], json!(site));
    assert!(text(&found).starts_with("1 of 1:") && text(&found).contains("description: moved"), "{found}");
    let past =
        call(&admin, "get", json!({"model": "inventory/sites", "record": "alpha", "as_of": then})).await;
    assert_eq!(past["structuredContent"]["description"], Value::Null, "{past}");
    let history = call(&admin, "history", json!({"model": "sites", "record": site})).await;
    assert_eq!(
        history["structuredContent"]["items"][0]["changes"]["description"]["after"], "moved",
        "{history}"
    );
    let free =
        call(&admin, "available", json!({"model": "inventory/prefixes", "record": prefix, "limit": 2})).await;
    assert_eq!(free["structuredContent"]["items"].as_array().unwrap().len(), 2, "{free}");
    for (tool, arguments) in [
        ("describe_models", json!({"model": "sites"})),
        ("search", json!({"q": "alpha"})),
        ("map", json!({"layer": "l2", "limit": 5})),
        ("drift", json!({"state": "all"})),
        ("drift_summary", json!({})),
        ("observed_devices", json!({})),
        ("prefix_tree", json!({})),
        ("whoami", json!({})),
    ] {
        assert_eq!(call(&admin, tool, arguments).await["isError"], false, "{tool}");
    }
    for (arguments, said) in [
        (json!({"model": "sites", "filters": {"nmae": "x"}}), "nmae"),
        (json!({"model": "plants"}), "There is no model plants"),
    ] {
        let wrong = call(&admin, "find", arguments).await;
        assert!(wrong["isError"] == true && text(&wrong).contains(said), "{wrong}");
    }
    let resources = ask(&admin, "resources/list", json!({})).await;
    assert!(resources["resources"].as_array().unwrap().len() > 50);
    let uri = format!("portolan://records/inventory/sites/{site}");
    let read = ask(&admin, "resources/read", json!({"uri": uri})).await;
    assert!(read["contents"][0]["text"].as_str().unwrap().contains("alpha"), "{read}");

    // What a call did is in the audit log by the name of its tool.
    let (status, entries) = admin.get("/api/v1/audit/entries?operation=mcp_find").await;
    assert_eq!(status, StatusCode::OK, "{entries}");
    assert!(entries["items"].as_array().is_some_and(|items| !items.is_empty()), "{entries}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_reads_more_than_by_the_api() {
    let server = Server::start().await;
    let admin = server.admin().await;
    let site = admin.create("/api/v1/inventory/sites", &json!({"name": "ours", "slug": "ours"})).await;
    let anonymous = server.http.post(format!("{}/mcp", server.url)).json(&message("tools/list", &json!({})));
    assert_eq!(anonymous.send().await.unwrap().status(), StatusCode::UNAUTHORIZED);

    let rules = json!({"name": "racks only", "rules": ["inventory/racks:read"]});
    admin.create("/api/v1/platform/roles", &rules).await;
    admin.add_user("rita", "racks only").await;
    let rita = server.login("rita", PASSWORD).await;
    let tools = ask(&rita, "tools/list", json!({})).await;
    let names: Vec<&str> =
        tools["tools"].as_array().unwrap().iter().filter_map(|tool| tool["name"].as_str()).collect();
    assert!(
        names.contains(&"rack_elevation") && !names.contains(&"map") && !names.contains(&"drift"),
        "{names:?}"
    );
    for (tool, arguments) in [
        ("find", json!({"model": "sites"})),
        ("get", json!({"model": "sites", "record": site})),
        ("get", json!({"model": "sites", "record": "ours"})),
        ("history", json!({"model": "sites", "record": site})),
        ("map", json!({})),
    ] {
        let refused = call(&rita, tool, arguments).await;
        assert!(refused["isError"] == true && !refused.to_string().contains("\"ours\""), "{tool} {refused}");
    }
    let models = call(&rita, "describe_models", json!({})).await;
    // Beside those everybody has of their own.
    let models = models["structuredContent"]["items"].to_string();
    assert!(models.contains("inventory/racks") && !models.contains("inventory/sites"), "{models}");

    let tenant = admin.create("/api/v1/platform/tenants", &json!({"slug": "beta", "name": "Beta"})).await;
    let mut inside = server.admin().await;
    inside.tenant = Some(tenant);
    assert_eq!(
        call(&inside, "find", json!({"model": "sites"})).await["structuredContent"]["items"],
        json!([])
    );
    assert_eq!(call(&inside, "get", json!({"model": "sites", "record": site})).await["isError"], true);

    let from = |origin: &str| {
        let request = server.http.post(format!("{}/mcp", server.url)).bearer_auth(&admin.token);
        request.header("origin", origin).json(&message("ping", &json!({}))).send()
    };
    assert_eq!(from("http://evil.example").await.unwrap().status(), StatusCode::FORBIDDEN);
    assert_eq!(from(&server.url).await.unwrap().status(), StatusCode::OK);
    assert_eq!(admin.get("/mcp").await.0, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_current_revision_needs_no_handshake() {
    let server = Server::start().await;
    let admin = server.admin().await;
    let meta = json!({"io.modelcontextprotocol/protocolVersion": CURRENT, "io.modelcontextprotocol/clientCapabilities": {}});
    let send = |method: &'static str, says: &'static str| {
        let request = server.http.post(format!("{}/mcp", server.url)).bearer_auth(&admin.token);
        let request = request.header("mcp-protocol-version", CURRENT).header("mcp-method", says);
        request.json(&message(method, &json!({"_meta": meta}))).send()
    };
    let discovered = send("server/discover", "server/discover").await.unwrap();
    assert_eq!(discovered.status(), StatusCode::OK);
    let discovered: Value = discovered.json().await.unwrap();
    assert_eq!(discovered["result"]["resultType"], "complete", "{discovered}");
    for (method, says, status, code) in [
        ("tools/list", "tools/call", StatusCode::BAD_REQUEST, -32020),
        ("subscriptions/listen", "subscriptions/listen", StatusCode::NOT_FOUND, -32601),
    ] {
        let answer = send(method, says).await.unwrap();
        assert_eq!(answer.status(), status, "{method}");
        assert_eq!(answer.json::<Value>().await.unwrap()["error"]["code"], code, "{method}");
    }
}

/// As a program that uses a language model starts it.
#[tokio::test(flavor = "multi_thread")]
async fn the_command_passes_messages_on() {
    let server = Server::start().await;
    let admin = server.admin().await;
    admin.create("/api/v1/inventory/sites", &json!({"name": "alpha", "slug": "alpha"})).await;
    let mut child = Command::new(env!("CARGO_BIN_EXE_portolan"))
        .arg("mcp")
        .env("PORTOLAN_SERVER", &server.url)
        .env("PORTOLAN_TOKEN", &admin.token)
        .env("XDG_CONFIG_HOME", "/nonexistent")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let meta = json!({"io.modelcontextprotocol/protocolVersion": CURRENT, "io.modelcontextprotocol/clientCapabilities": {}});
    let find = json!({"name": "find", "arguments": {"model": "sites"}, "_meta": meta});
    let lines = [
        message("initialize", &json!({"protocolVersion": "2025-11-25"})).to_string(),
        json!({"jsonrpc": "2.0", "method": "notifications/initialized"}).to_string(),
        "{".to_owned(),
        message("tools/call", &find).to_string(),
    ];
    let mut input = child.stdin.take().unwrap();
    input.write_all(format!("{}\n", lines.join("\n")).as_bytes()).unwrap();
    drop(input);
    let output = tokio::task::spawn_blocking(move || child.wait_with_output()).await.unwrap().unwrap();
    assert_eq!(output.status.code(), Some(0));
    let answers: Vec<Value> = String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(answers.len(), 3, "{answers:?}");
    assert_eq!(answers[0]["result"]["protocolVersion"], "2025-11-25");
    assert_eq!(answers[1]["error"]["code"], -32700);
    assert_eq!(answers[2]["result"]["structuredContent"]["items"][0]["name"], "alpha", "{}", answers[2]);
}
