//! Operations: lists and objects of every endpoint, what parents have left, and what is no record.

use serde_json::{Map, Value, json};

use super::super::contract::{Endpoint, Filter, FilterKind, endpoints};
use super::super::{Action, OTHERS, Place, available, trace};
use super::components::{page, reference, written};

/// All of them.
pub(super) fn all() -> Map<String, Value> {
    let mut paths = Map::new();
    for endpoint in endpoints() {
        let path = format!("/api/{}/", endpoint.path);
        paths.insert(format!("{path}{{id}}/"), object(endpoint));
        for (name, item) in parts(endpoint) {
            paths.insert(format!("{path}{{id}}/{name}/"), item);
        }
        paths.insert(path, collection(endpoint));
    }
    others(&mut paths);
    paths
}

/// `dcim_sites` of `dcim/sites`.
fn id_of(path: &str) -> String {
    path.replace(['/', '-'], "_")
}

fn content(schema: &Value) -> Value {
    json!({"application/json": {"schema": schema}})
}

/// One operation; `answer` is the status of success and what comes with it.
fn operation(
    path: &str,
    verb: &str,
    parameters: Vec<Value>,
    body: Option<&Value>,
    answer: (&str, Option<&Value>),
) -> Value {
    let tag = path.split('/').next().unwrap_or_default();
    let (status, schema) = answer;
    let mut success = json!({"description": ""});
    if let Some(schema) = schema {
        success["content"] = content(schema);
    }
    let mut operation = json!({
        "operationId": format!("{}_{verb}", id_of(path)),
        "tags": [tag],
        "responses": {status: success},
    });
    operation["parameters"] = Value::Array(parameters);
    if let Some(body) = body {
        operation["requestBody"] = json!({"required": true, "content": content(body)});
    }
    operation
}

fn parameter(place: &str, name: &str, schema: &Value) -> Value {
    let mut parameter = json!({"in": place, "name": name, "schema": schema});
    if place == "path" {
        parameter["required"] = json!(true);
    }
    if schema.get("type") == Some(&json!("array")) {
        parameter["explode"] = json!(true);
        parameter["style"] = json!("form");
    }
    parameter
}

fn many(item: &Value) -> Value {
    json!({"type": "array", "items": item})
}

fn collection(endpoint: &Endpoint) -> Value {
    let path = endpoint.path.as_str();
    let list = reference(&format!("Paginated{}List", endpoint.class));
    let mut item = json!({"get": operation(path, "list", parameters(endpoint), None, ("200", Some(&list)))});
    if endpoint.read_only {
        return item;
    }
    let one = reference(&endpoint.class);
    let (whole, part) = (reference(&written(endpoint, false)), reference(&written(endpoint, true)));
    let all = Some(many(&one));
    item["post"] = operation(path, "create", Vec::new(), Some(&whole), ("201", Some(&one)));
    item["put"] = operation(path, "bulk_update", Vec::new(), Some(&many(&whole)), ("200", all.as_ref()));
    item["patch"] =
        operation(path, "bulk_partial_update", Vec::new(), Some(&many(&part)), ("200", all.as_ref()));
    let ids = many(&json!({"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}}));
    item["delete"] = operation(path, "bulk_destroy", Vec::new(), Some(&ids), ("204", None));
    item
}

fn by_id() -> Vec<Value> {
    vec![parameter("path", "id", &json!({"type": "integer"}))]
}

fn object(endpoint: &Endpoint) -> Value {
    let path = endpoint.path.as_str();
    let one = reference(&endpoint.class);
    let mut item = json!({"get": operation(path, "retrieve", by_id(), None, ("200", Some(&one)))});
    if endpoint.read_only {
        return item;
    }
    let (whole, part) = (reference(&written(endpoint, false)), reference(&written(endpoint, true)));
    item["put"] = operation(path, "update", by_id(), Some(&whole), ("200", Some(&one)));
    item["patch"] = operation(path, "partial_update", by_id(), Some(&part), ("200", Some(&one)));
    item["delete"] = operation(path, "destroy", by_id(), None, ("204", None));
    item
}

/// What there is below an object.
fn parts(endpoint: &Endpoint) -> Vec<(&'static str, Value)> {
    let path = endpoint.path.as_str();
    let (any, list) = (json!({"type": "object", "additionalProperties": {}}), many(&json!({})));
    let of = |name: &str, act: &str| format!("{}_{act}", name.replace('-', "_"));
    let get = |name: &str, act: &str, schema: &Value| json!({"get": operation(path, &of(name, act), by_id(), None, ("200", Some(schema)))});
    let mut parts = Vec::new();
    for name in ["available-ips", "available-prefixes", "available-vlans", "available-asns"] {
        if available::kind_of(endpoint, name).is_some() {
            let mut item = get(name, "list", &list);
            let body = json!({"oneOf": [any, list]});
            item["post"] =
                operation(path, &of(name, "create"), by_id(), Some(&body), ("201", Some(&json!({}))));
            parts.push((name, item));
        }
    }
    if trace::traces(endpoint) {
        parts.push(("trace", get("trace", "retrieve", &list)));
    }
    if trace::has_paths(endpoint) {
        parts.push(("paths", get("paths", "retrieve", &list)));
    }
    if path == "dcim/racks" {
        parts.push(("elevation", get("elevation", "retrieve", &page(&any))));
    }
    if path == "extras/custom-field-choice-sets" {
        let choice = json!({"type": "object", "properties": {"id": {"type": "string"}, "display": {"type": "string"}}});
        parts.push(("choices", get("choices", "retrieve", &page(&choice))));
    }
    for name in ["render-config", "render", "sync"] {
        if Action::of(endpoint, name).is_some() {
            let verb = of(name, "create");
            parts.push((
                name,
                json!({"post": operation(path, &verb, by_id(), Some(&any), ("200", Some(&any)))}),
            ));
        }
    }
    parts
}

/// What is no record.
fn others(paths: &mut Map<String, Value>) {
    let any = json!({"type": "object", "additionalProperties": {}});
    let list = page(&any);
    let get = |path: &str, verb: &str, parameters: Vec<Value>, schema: &Value| json!({"get": operation(path, verb, parameters, None, ("200", Some(schema)))});
    for path in OTHERS {
        // What has no objects of its own is one itself.
        if Place::of(&format!("/api/{path}/1/")).is_none() {
            paths.insert(format!("/api/{path}/"), get(path, "retrieve", Vec::new(), &any));
            continue;
        }
        let id = vec![parameter("path", "id", &json!({"type": "string"}))];
        paths.insert(format!("/api/{path}/"), get(path, "list", paging(), &list));
        paths.insert(format!("/api/{path}/{{id}}/"), get(path, "retrieve", id, &any));
    }
    let text = json!({"type": "string"});
    let peer = ["peer_device", "peer_interface"].iter().map(|name| parameter("query", name, &text)).collect();
    paths.insert("/api/dcim/connected-device/".to_owned(), get("dcim/connected-device", "list", peer, &any));
    paths.insert("/api/status/".to_owned(), get("status", "retrieve", Vec::new(), &any));
    paths.insert("/api/schema/".to_owned(), get("schema", "retrieve", Vec::new(), &any));
    let login = json!({"type": "object", "required": ["username", "password"], "properties": {
        "username": {"type": "string"}, "password": {"type": "string"},
    }});
    let token = operation("users/tokens", "provision_create", Vec::new(), Some(&login), ("201", Some(&any)));
    paths.insert("/api/users/tokens/provision/".to_owned(), json!({"post": token}));
}

fn paging() -> Vec<Value> {
    ["limit", "offset"].iter().map(|name| parameter("query", name, &json!({"type": "integer"}))).collect()
}

/// Everything that a list can be asked by.
fn parameters(endpoint: &Endpoint) -> Vec<Value> {
    let text = json!({"type": "string"});
    let mut parameters = paging();
    for name in ["ordering", "fields", "omit"] {
        parameters.push(parameter("query", name, &text));
    }
    parameters.push(parameter("query", "brief", &json!({"type": "boolean"})));
    for filter in &endpoint.filters {
        parameters.push(parameter("query", &filter.name, &many_of(filter, filtered(filter))));
        for suffix in &filter.suffixes {
            let schema = match suffix.as_str() {
                "empty" => json!({"type": "boolean"}),
                _ => many_of(filter, filtered(filter)),
            };
            parameters.push(parameter("query", &format!("{}__{suffix}", filter.name), &schema));
        }
    }
    parameters
}

/// Most filters take several values.
fn many_of(filter: &Filter, item: Value) -> Value {
    if matches!(filter.kind, FilterKind::Bool | FilterKind::Other) { item } else { many(&item) }
}

fn filtered(filter: &Filter) -> Value {
    match filter.kind {
        FilterKind::Number | FilterKind::TagId | FilterKind::GenericId => json!({"type": "integer"}),
        FilterKind::Reference | FilterKind::Tree if filter.to_field.is_none() => json!({"type": "integer"}),
        FilterKind::Decimal => json!({"type": "number"}),
        FilterKind::Date => json!({"type": "string", "format": "date"}),
        FilterKind::DateTime => json!({"type": "string", "format": "date-time"}),
        FilterKind::Bool => json!({"type": "boolean"}),
        FilterKind::Text
        | FilterKind::Choice
        | FilterKind::Reference
        | FilterKind::Tree
        | FilterKind::Tag
        | FilterKind::GenericType
        | FilterKind::Other => json!({"type": "string"}),
    }
}
