//! The server over an API of three operations.

use std::sync::Mutex;

use super::*;

/// Answers what it was told, and notes what it was asked.
#[derive(Default)]
struct Told {
    answers: Vec<(&'static str, u16, Value)>,
    forbidden: Vec<&'static str>,
    asked: Mutex<Vec<String>>,
}

impl Api for Told {
    fn get<'a>(&'a self, target: &'a str) -> BoxFuture<'a, Answer> {
        self.asked.lock().unwrap().push(target.to_owned());
        let known = self.answers.iter().find(|(path, ..)| target.starts_with(path));
        let answer = known.map_or_else(
            || Answer { status: 404, body: json!({"detail": "There is no such thing."}) },
            |(_, status, body)| Answer { status: *status, body: body.clone() },
        );
        Box::pin(async move { answer })
    }

    fn allows(&self, operation: &str) -> bool {
        !self.forbidden.contains(&operation)
    }
}

fn document() -> Value {
    let path = json!({"in": "path", "name": "id", "required": true, "schema": {"type": "string"}});
    let query = |name: &str| json!({"in": "query", "name": name, "schema": {"type": ["string", "null"]}});
    let get = |id: &str, parameters: Value| json!({"get": {"operationId": id, "parameters": parameters, "responses": {}}});
    json!({"paths": {
        "/api/v1/search": get("search", json!([{"in": "query", "name": "q", "required": true, "schema": {"type": "string"}}])),
        "/api/v1/inventory/sites": get("site_list", json!([query("number")])),
        "/api/v1/inventory/sites/{id}": get("site_read", json!([path])),
        "/api/v1/inventory/sites/{id}/history": get("site_history", json!([path, query("cursor")])),
        "/api/v1/inventory/prefixes/{id}/available-ips": get("ips", json!([path, query("limit")])),
        "/api/v1/inventory/prefixes/{id}/available-prefixes": get("prefixes", json!([path, query("limit")])),
    }})
}

async fn ask(api: &Told, headers: Headers<'_>, method: &str, params: Value) -> Reply {
    let message = json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params});
    Server::new(&document()).answer(api, &headers, message.to_string().as_bytes()).await
}

/// A tool, called by a client of a revision with a handshake.
async fn call(api: &Told, name: &str, arguments: Value) -> Value {
    let params = json!({"name": name, "arguments": arguments});
    ask(api, Headers::default(), "tools/call", params).await.body.unwrap()["result"].clone()
}

#[tokio::test]
async fn clients_with_a_handshake_are_understood() {
    let api = Told::default();
    for (asked, given) in [("2025-06-18", "2025-06-18"), ("2026-07-28", "2025-11-25"), ("x", "2025-11-25")] {
        let reply = ask(&api, Headers::default(), "initialize", json!({"protocolVersion": asked})).await;
        let result = &reply.body.unwrap()["result"];
        assert_eq!((reply.status, &result["protocolVersion"]), (200, &json!(given)));
        assert!(result["capabilities"]["tools"].is_object() && result.get("resultType").is_none());
    }
    assert_eq!(ask(&api, Headers::default(), "ping", json!({})).await.body.unwrap()["result"], json!({}));
    let unknown = ask(&api, Headers::default(), "sampling/createMessage", json!({})).await;
    assert_eq!((unknown.status, &unknown.body.unwrap()["error"]["code"]), (200, &json!(-32601)));
}

#[tokio::test]
async fn the_revision_without_a_handshake_says_everything_each_time() {
    let api = Told::default();
    let meta = json!({"io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientCapabilities": {}});
    let headers = |method, name| Headers { version: Some("2026-07-28"), method: Some(method), name };
    let reply = ask(&api, headers("server/discover", None), "server/discover", json!({"_meta": meta})).await;
    let result = reply.body.unwrap()["result"].clone();
    assert_eq!(
        (reply.status, &result["resultType"], &result["cacheScope"]),
        (200, &json!("complete"), &json!("private"))
    );
    assert!(result["supportedVersions"].as_array().unwrap().contains(&json!("2026-07-28")));

    let params = json!({"_meta": meta, "name": "search", "arguments": {"q": "a"}});
    let search = Some("search");
    for (headers, params, status, code) in [
        (headers("tools/call", search), params.clone(), 200, None),
        (headers("tools/call", Some("=?base64?c2VhcmNo?=")), params.clone(), 200, None),
        (headers("tools/list", search), params.clone(), 400, Some(-32020)),
        (headers("tools/call", Some("find")), params.clone(), 400, Some(-32020)),
        (headers("tools/call", None), params.clone(), 400, Some(-32020)),
        (
            Headers { version: Some("2025-11-25"), ..headers("tools/call", search) },
            params.clone(),
            400,
            Some(-32020),
        ),
        (Headers { version: None, ..headers("tools/call", search) }, params.clone(), 400, Some(-32020)),
        (headers("tools/call", search), json!({"name": "search"}), 400, Some(-32602)),
        (
            Headers { version: Some("2031-01-01"), ..Headers::default() },
            json!({"name": "search"}),
            400,
            Some(-32022),
        ),
    ] {
        let reply = ask(&api, headers, "tools/call", params.clone()).await;
        let body = reply.body.unwrap();
        assert_eq!(
            (reply.status, body["error"]["code"].as_i64()),
            (status, code),
            "{headers:?} {params} {body}"
        );
    }
    let gone = ask(&api, headers("ping", None), "ping", json!({"_meta": meta})).await;
    assert_eq!(gone.status, 404);
    let passed = json!({"method": "tools/call", "params": {"_meta": meta, "name": "é"}});
    assert_eq!(names(&passed)[2], ("mcp-name", "=?base64?w6k=?=".to_owned()));
    assert!(names(&json!({"method": "tools/list"})).is_empty());
}

#[tokio::test]
async fn bad_messages_are_refused_and_notices_are_not_answered() {
    let (api, server) = (Told::default(), Server::new(&document()));
    for (text, status, code) in [
        ("{", 400, -32700),
        ("[]", 400, -32600),
        ("{}", 400, -32600),
        (r#"{"jsonrpc":"2.0","id":null,"method":"ping"}"#, 400, -32600),
        (r#"{"jsonrpc":"2.0","id":1.5,"method":"ping"}"#, 400, -32600),
        (r#"{"jsonrpc":"2.0","id":1,"method":"ping","params":[]}"#, 400, -32600),
        (r#"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"cursor":"x"}}"#, 200, -32602),
        (r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"drop"}}"#, 200, -32602),
    ] {
        let reply = server.answer(&api, &Headers::default(), text.as_bytes()).await;
        let body = reply.body.unwrap();
        assert_eq!((reply.status, body["error"]["code"].as_i64()), (status, Some(code)), "{text} {body}");
    }
    for text in [
        r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#,
        r#"{"jsonrpc":"2.0","id":1,"result":{}}"#,
    ] {
        let reply = server.answer(&api, &Headers::default(), text.as_bytes()).await;
        assert_eq!((reply.status, reply.body), (202, None), "{text}");
    }
}

#[tokio::test]
async fn only_tools_that_can_be_used_are_listed() {
    let names = async |forbidden: Vec<&'static str>| {
        let api = Told { forbidden, ..Told::default() };
        let body = ask(&api, Headers::default(), "tools/list", json!({})).await.body.unwrap();
        let tools = body["result"]["tools"].as_array().unwrap().clone();
        assert!(tools.iter().all(
            |tool| tool["inputSchema"]["type"] == "object" && tool["annotations"]["readOnlyHint"] == true
        ));
        tools.iter().map(|tool| tool["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names(vec![]).await, ["describe_models", "find", "get", "history", "search", "available"]);
    assert_eq!(names(vec!["search", "ips", "prefixes"]).await, ["describe_models", "find", "get", "history"]);
    let api = Told { forbidden: vec!["search"], ..Told::default() };
    assert_eq!(call(&api, "search", json!({"q": "x"})).await["isError"], true);
    assert!(api.asked.lock().unwrap().is_empty());
}

#[tokio::test]
async fn records_are_found_by_id_number_or_name() {
    const ID: &str = "0192a1b2-0000-7000-8000-000000000000";
    let api = Told {
        answers: vec![
            ("/api/v1/inventory/sites?", 200, json!({"items": [{"id": ID}], "next_cursor": null})),
            ("/api/v1/inventory/sites/", 200, json!({"id": ID, "name": "alpha"})),
            (
                "/api/v1/meta/models",
                200,
                json!({"models": [{"product": "inventory", "collection": "sites", "display": "name"}]}),
            ),
            ("/api/v1/inventory/prefixes/", 200, json!({"items": [{"address": "10.0.0.1/24"}]})),
        ],
        ..Told::default()
    };
    for (tool, arguments, asked) in [
        ("get", json!({"model": "sites", "record": ID}), vec![format!("/api/v1/inventory/sites/{ID}")]),
        (
            "get",
            json!({"model": "inventory/sites", "record": "7", "as_of": "2026-01-01T00:00:00Z"}),
            vec![
                "/api/v1/inventory/sites?number=7&limit=2&fields=id&as_of=2026-01-01T00%3A00%3A00Z"
                    .to_owned(),
                format!("/api/v1/inventory/sites/{ID}?as_of=2026-01-01T00%3A00%3A00Z"),
            ],
        ),
        (
            "history",
            json!({"model": "sites", "record": "a&b"}),
            vec![
                "/api/v1/meta/models".to_owned(),
                "/api/v1/inventory/sites?name=a%26b&limit=2&fields=id".to_owned(),
                format!("/api/v1/inventory/sites/{ID}/history?limit=25"),
            ],
        ),
        (
            "find",
            json!({"model": "sites", "filters": {"status": ["a", "b"]}, "fields": ["id", "name"], "count": true}),
            vec!["/api/v1/inventory/sites?status__in=a%2Cb&fields=id%2Cname&limit=25&count=exact".to_owned()],
        ),
        (
            "available",
            json!({"model": "inventory/prefixes", "record": ID, "what": "available-prefixes", "limit": 3}),
            vec![format!("/api/v1/inventory/prefixes/{ID}/available-prefixes?limit=3")],
        ),
    ] {
        let result = call(&api, tool, arguments).await;
        assert_eq!(result["isError"], false, "{tool} {result}");
        assert_eq!(std::mem::take(&mut *api.asked.lock().unwrap()), asked, "{tool}");
    }
}

#[tokio::test]
async fn wrong_calls_say_how_to_mend_them() {
    let refused = json!({"detail": "This needs the permission inventory/sites:read.", "code": "forbidden"});
    let api = Told { answers: vec![("/api/v1/inventory/sites", 403, refused)], ..Told::default() };
    for (tool, arguments, said) in [
        ("find", json!({}), "model"),
        ("find", json!({"model": "sites", "colour": 1}), "colour"),
        ("find", json!({"model": "sites", "limit": 1000}), "200"),
        ("find", json!({"model": "site"}), "Did you mean inventory/sites?"),
        ("find", json!({"model": "sites"}), "inventory/sites:read"),
        ("search", json!({"q": 1}), "string"),
        ("search", json!({"q": "x"}), "There is no such thing."),
    ] {
        let result = call(&api, tool, arguments).await;
        let text = result["content"][0]["text"].as_str().unwrap();
        assert!(result["isError"] == true && text.contains(said), "{tool}: {text}");
    }
}

#[tokio::test]
async fn resources_and_prompts_are_given() {
    let api = Told {
        answers: vec![
            (
                "/api/v1/meta/models",
                200,
                json!({"models": [{"product": "inventory", "collection": "sites", "title_plural": "Sites"}]}),
            ),
            ("/api/v1/inventory/sites/1", 200, json!({"id": "1"})),
        ],
        ..Told::default()
    };
    let body =
        async |method: &str, params: Value| ask(&api, Headers::default(), method, params).await.body.unwrap();
    let list = body("resources/list", json!({})).await;
    assert_eq!(list["result"]["resources"][0]["uri"], "portolan://models/inventory/sites");
    for (uri, part) in
        [("portolan://models/inventory/sites", "Sites"), ("portolan://records/inventory/sites/1", "\"1\"")]
    {
        let read = body("resources/read", json!({"uri": uri})).await;
        assert!(read["result"]["contents"][0]["text"].as_str().unwrap().contains(part), "{read}");
    }
    for uri in ["portolan://models/x/y", "portolan://records/inventory/sites/2", "file:///etc/passwd"] {
        assert_eq!(body("resources/read", json!({"uri": uri})).await["error"]["code"], -32602, "{uri}");
    }
    let prompt =
        body("prompts/get", json!({"name": "explain_drift", "arguments": {"device": "core-1"}})).await;
    assert!(
        prompt["result"]["messages"][0]["content"]["text"]
            .as_str()
            .unwrap()
            .contains("device core-1 differs")
    );
    assert!(body("prompts/get", json!({"name": "explain_drift"})).await["error"].is_object());
}
