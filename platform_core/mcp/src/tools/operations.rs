//! Tools that are operations of the API.

use serde_json::{Map, Value, json};

use super::text;
use crate::collections::{Missing, id_of};
use crate::document::{Collection, Document, Part, schema as object};
use crate::{Api, answer};

/// Calls an operation with its parameters.
pub(super) async fn call(document: &Document, api: &dyn Api, id: &str, given: &Map<String, Value>) -> Value {
    match document.operation(id) {
        Some(operation) => answer::of(api.get(&operation.target(given)).await),
        None => answer::failed("This is not part of this server."),
    }
}

/// What can be asked of records by parts of this name, or whose names begin so, as far as the caller may.
pub(super) fn parts<'a>(document: &'a Document, api: &dyn Api, name: &str) -> Vec<&'a Part> {
    document
        .parts
        .iter()
        .filter(|part| part.name == name || (name.ends_with('-') && part.name.starts_with(name)))
        .filter(|part| api.allows(&part.operation.id))
        .collect()
}

/// `collection`, `record`, and `what` where there is a choice.
pub(super) fn schema(parts: &[&Part]) -> Option<Value> {
    let mut collections: Vec<&str> = parts.iter().map(|part| part.collection.as_str()).collect();
    collections.dedup();
    let mut names: Vec<&str> = parts.iter().map(|part| part.name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    if parts.is_empty() {
        return None;
    }
    let mut properties = Map::new();
    let of = "What kind of record it is asked of.";
    properties.insert("model".to_owned(), json!({"type": "string", "enum": collections, "description": of}));
    let record = "The record: its id, number or name.";
    properties.insert("record".to_owned(), json!({"type": "string", "minLength": 1, "description": record}));
    if names.len() > 1 {
        let what =
            "What of it, where it has several: of a prefix available-ips (default) or available-prefixes.";
        properties.insert("what".to_owned(), json!({"type": "string", "enum": names, "description": what}));
    }
    if parts.iter().any(|part| part.operation.parameters.iter().any(|known| known.name == "limit")) {
        let limit = json!({"type": "integer", "minimum": 1, "maximum": 1000, "default": 50});
        properties.insert("limit".to_owned(), limit);
    }
    Some(object(properties, &["model", "record"]))
}

/// Asks something of one record.
pub(super) async fn of_record(
    document: &Document,
    api: &dyn Api,
    name: &str,
    given: &Map<String, Value>,
) -> Value {
    let (model, record) =
        (text(given, "model").unwrap_or_default(), text(given, "record").unwrap_or_default());
    let fits =
        |part: &&&Part| part.collection == model && text(given, "what").is_none_or(|what| part.name == what);
    let parts = parts(document, api, name);
    let Some(part) = parts.iter().find(fits) else {
        let has = parts.iter().filter(|part| part.collection == model).map(|part| part.name.as_str());
        let has = has.collect::<Vec<_>>().join(", ");
        return answer::failed(&format!("{model} has no such part; it has: {has}."));
    };
    let path = format!("{}{model}", crate::document::API);
    let known = document.collections.iter().find(|known| known.name == model).cloned();
    let collection = known.unwrap_or(Collection { name: model.to_owned(), path, numbered: false });
    let id = match id_of(api, &collection, record, None).await {
        Ok(id) => id,
        Err(Missing::Problem(problem)) => return answer::refused(&problem),
        Err(Missing::Words(why)) => return answer::failed(&why),
    };
    let mut values = given.clone();
    values.insert("id".to_owned(), json!(id));
    answer::of(api.get(&part.operation.target(&values)).await)
}
