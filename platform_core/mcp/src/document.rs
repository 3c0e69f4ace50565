//! What the OpenAPI document says of the operations that read.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

/// Below it is the native API.
pub(crate) const API: &str = "/api/v1/";

/// A GET of the API.
#[derive(Clone, Debug)]
pub(crate) struct Operation {
    /// `operationId`
    pub(crate) id: String,
    /// Path with `{names}`.
    pub(crate) path: String,
    pub(crate) parameters: Vec<Parameter>,
}

/// One parameter of it.
#[derive(Clone, Debug)]
pub(crate) struct Parameter {
    pub(crate) name: String,
    pub(crate) in_path: bool,
    required: bool,
    schema: Value,
}

/// Records of one kind.
#[derive(Clone, Debug)]
pub(crate) struct Collection {
    /// `inventory/devices`
    pub(crate) name: String,
    /// `/api/v1/inventory/devices`
    pub(crate) path: String,
    /// Can they be asked for by their number?
    pub(crate) numbered: bool,
}

/// What is asked of the single records of several collections: `trace` of interfaces, cables ...
#[derive(Clone, Debug)]
pub(crate) struct Part {
    /// `inventory/interfaces`
    pub(crate) collection: String,
    /// `trace`
    pub(crate) name: String,
    pub(crate) operation: Operation,
}

/// The reading side of the API.
#[derive(Debug, Default)]
pub(crate) struct Document {
    operations: HashMap<String, Operation>,
    /// In the order of the document.
    pub(crate) collections: Vec<Collection>,
    pub(crate) parts: Vec<Part>,
}

impl Document {
    /// From OpenAPI 3.1.
    pub(crate) fn read(document: &Value) -> Self {
        let mut read = Self::default();
        let paths = document.get("paths").and_then(Value::as_object);
        for (path, item) in paths.into_iter().flatten() {
            let Some(operation) = item.get("get").and_then(|get| operation(path, get)) else { continue };
            if let Some(collection) = path.strip_suffix("/{id}/history").filter(|_| is_record(&operation)) {
                let list = paths.and_then(|paths| paths.get(collection)).and_then(|item| item.get("get"));
                let numbered = list.is_some_and(|list| has_parameter(list, "number"));
                let name = collection.strip_prefix(API).unwrap_or(collection).to_owned();
                read.collections.push(Collection { name, path: collection.to_owned(), numbered });
            } else if let Some((collection, part)) = path.split_once("/{id}/")
                && let Some(collection) = collection.strip_prefix(API)
            {
                let (collection, name) = (collection.to_owned(), part.to_owned());
                read.parts.push(Part { collection, name, operation: operation.clone() });
            }
            read.operations.insert(operation.id.clone(), operation);
        }
        read
    }

    /// The operation with this id.
    pub(crate) fn operation(&self, id: &str) -> Option<&Operation> {
        self.operations.get(id)
    }
}

/// The history of a record has pages; what products call history may be something else.
fn is_record(operation: &Operation) -> bool {
    operation.parameters.iter().any(|parameter| parameter.name == "cursor")
}

fn has_parameter(operation: &Value, name: &str) -> bool {
    let parameters = operation.get("parameters").and_then(Value::as_array);
    parameters.into_iter().flatten().any(|parameter| parameter.get("name") == Some(&json!(name)))
}

fn operation(path: &str, get: &Value) -> Option<Operation> {
    let id = get.get("operationId").and_then(Value::as_str)?.to_owned();
    let parameters = get.get("parameters").and_then(Value::as_array);
    let parameters = parameters.into_iter().flatten().filter_map(parameter).collect();
    Some(Operation { id, path: path.to_owned(), parameters })
}

/// A parameter of path or query. What is asked by headers is no matter of a tool.
fn parameter(parameter: &Value) -> Option<Parameter> {
    let text = |name: &str| parameter.get(name).and_then(Value::as_str);
    let in_path = match text("in")? {
        "path" => true,
        "query" => false,
        _ => return None,
    };
    let mut schema = parameter.get("schema").cloned().unwrap_or_else(|| json!({"type": "string"}));
    if let Some(members) = schema.as_object_mut() {
        // Leaving a parameter out is how it is null.
        let kinds = members.get("type").and_then(Value::as_array);
        let kind = kinds.and_then(|kinds| kinds.iter().find(|kind| **kind != json!("null"))).cloned();
        if let Some(kind) = kind {
            members.insert("type".to_owned(), kind);
        }
        if let Some(description) = text("description") {
            members.insert("description".to_owned(), json!(description.replace('\n', " ")));
        }
    }
    let required = parameter.get("required") == Some(&Value::Bool(true));
    Some(Parameter { name: text("name")?.to_owned(), in_path, required, schema })
}

impl Operation {
    /// The schema of its parameters.
    pub(crate) fn schema(&self) -> Value {
        let properties: Map<String, Value> =
            self.parameters.iter().map(|known| (known.name.clone(), known.schema.clone())).collect();
        let required: Vec<&str> =
            self.parameters.iter().filter(|known| known.required).map(|known| known.name.as_str()).collect();
        schema(properties, &required)
    }

    /// Its path and query with these values; what it does not know is left out.
    pub(crate) fn target(&self, given: &Map<String, Value>) -> String {
        let mut path = self.path.clone();
        let mut query = Vec::new();
        for known in &self.parameters {
            let Some(value) = given.get(&known.name).and_then(text) else { continue };
            if known.in_path {
                path = path.replace(&format!("{{{}}}", known.name), &encoded(&value));
            } else {
                query.push((known.name.clone(), value));
            }
        }
        with_query(&path, &query)
    }
}

/// An object with these properties and no others.
#[expect(clippy::needless_pass_by_value, reason = "properties are made at the place of the call")]
pub(crate) fn schema(properties: Map<String, Value>, required: &[&str]) -> Value {
    let mut schema = json!({"type": "object", "properties": properties, "additionalProperties": false});
    if let (false, Some(members)) = (required.is_empty(), schema.as_object_mut()) {
        members.insert("required".to_owned(), json!(required));
    }
    schema
}

/// A value as a parameter; several are divided by commas.
pub(crate) fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null | Value::Object(_) => None,
        Value::String(text) => Some(text.clone()),
        Value::Array(items) => Some(items.iter().filter_map(text).collect::<Vec<_>>().join(",")),
        other => Some(other.to_string()),
    }
}

/// A path with its query.
pub(crate) fn with_query(path: &str, pairs: &[(String, String)]) -> String {
    if pairs.is_empty() {
        return path.to_owned();
    }
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    format!("{path}?{query}")
}

/// One segment of a path.
pub(crate) fn encoded(segment: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'~');
    // A dot alone would go up the path.
    let kept = |byte: u8| plain(byte) || (byte == b'.' && segment.bytes().any(plain));
    segment
        .bytes()
        .map(|byte| if kept(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}
