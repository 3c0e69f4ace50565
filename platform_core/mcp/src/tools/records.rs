//! Tools over records: the same for every model.

use serde_json::{Map, Value, json};

use super::text;
use crate::collections::{Missing, described, id_of, name_of, named};
use crate::document::{Document, schema, text as plain, with_query};
use crate::{Api, answer};

/// Records of an answer, when nothing is said.
const PAGE: u64 = 25;
/// Records of an answer at most.
const MOST: u64 = 200;

type Given = Map<String, Value>;

fn model() -> Value {
    json!({"type": "string", "minLength": 1,
        "description": "Like inventory/devices, or devices when only one product has them; describe_models lists them."})
}

fn record() -> Value {
    json!({"type": "string", "minLength": 1, "description": "The record: its id, number or name."})
}

fn as_of() -> Value {
    json!({"type": "string", "description": "As it was at this time, like 2026-11-25T13:05:00Z."})
}

fn limit() -> Value {
    json!({"type": "integer", "minimum": 1, "maximum": MOST, "default": PAGE, "description": "Most items of the answer."})
}

fn cursor() -> Value {
    json!({"type": "string", "description": "next_cursor of the answer before, everything else as then."})
}

/// The arguments of `find`.
pub(super) fn find_schema() -> Value {
    let value = json!({"type": ["string", "number", "boolean", "null"]});
    let filters = json!({
        "type": "object",
        "maxProperties": 50,
        "additionalProperties": {"anyOf": [value, {"type": "array", "maxItems": 500, "items": value}]},
        "description": "Field or field__operator and value; several values mean any of them, null means empty: \
            {\"site.name\": \"alpha\", \"name__contains\": \"core\", \"status\": [\"active\", \"planned\"], \"rack\": null}. \
            describe_models lists fields and operators.",
    });
    let fields = json!({"type": "array", "items": {"type": "string"}, "description": "Only these fields."});
    object(
        json!({
            "model": model(),
            "filters": filters,
            "q": {"type": "string", "description": "Words that must all be found."},
            "fields": fields,
            "sort": {"type": "string", "description": "Fields divided by commas, - first for descending."},
            "limit": limit(),
            "cursor": cursor(),
            "count": {"type": "boolean", "default": false, "description": "Also how many there are (total)."},
            "as_of": as_of(),
        }),
        &["model"],
    )
}

/// The arguments of `get`.
pub(super) fn get_schema() -> Value {
    object(json!({"model": model(), "record": record(), "as_of": as_of()}), &["model", "record"])
}

/// The arguments of `history`.
pub(super) fn history_schema() -> Value {
    let properties = json!({"model": model(), "record": record(), "limit": limit(), "cursor": cursor()});
    object(properties, &["model", "record"])
}

/// The arguments of `describe_models`.
pub(super) fn describe_schema() -> Value {
    let words =
        json!({"type": "string", "description": "Only models whose name or description has this text."});
    object(json!({"model": model(), "q": words}), &[])
}

fn object(properties: Value, required: &[&str]) -> Value {
    let properties = if let Value::Object(properties) = properties { properties } else { Map::new() };
    schema(properties, required)
}

/// Records that match.
pub(super) async fn find(document: &Document, api: &dyn Api, given: &Given) -> Value {
    let collection = match named(document, text(given, "model").unwrap_or_default()) {
        Ok(collection) => collection,
        Err(why) => return answer::failed(&why),
    };
    let filters = given.get("filters").and_then(Value::as_object).into_iter().flatten();
    let mut pairs: Vec<(String, String)> = filters.filter_map(|(name, value)| pair(name, value)).collect();
    for name in ["q", "sort", "cursor", "as_of", "fields"] {
        pairs.extend(given.get(name).and_then(plain).map(|value| (name.to_owned(), value)));
    }
    pairs.push(("limit".to_owned(), count(given).to_string()));
    if given.get("count") == Some(&Value::Bool(true)) {
        pairs.push(("count".to_owned(), "exact".to_owned()));
    }
    answer::of(api.get(&with_query(&collection.path, &pairs)).await)
}

fn count(given: &Given) -> u64 {
    given.get("limit").and_then(Value::as_u64).unwrap_or(PAGE).min(MOST)
}

/// A filter as a parameter of the API.
fn pair(name: &str, value: &Value) -> Option<(String, String)> {
    match value {
        Value::Null => Some((format!("{name}__isnull"), "true".to_owned())),
        Value::Array(_) if !name.contains("__") => Some((format!("{name}__in"), plain(value)?)),
        value => Some((name.to_owned(), plain(value)?)),
    }
}

/// One record.
pub(super) async fn get(document: &Document, api: &dyn Api, given: &Given) -> Value {
    let at = text(given, "as_of");
    match found(document, api, given, at).await {
        Ok(path) => {
            let pairs: Vec<(String, String)> =
                at.map(|at| ("as_of".to_owned(), at.to_owned())).into_iter().collect();
            answer::of(api.get(&with_query(&path, &pairs)).await)
        }
        Err(failure) => failure,
    }
}

/// Its changes.
pub(super) async fn history(document: &Document, api: &dyn Api, given: &Given) -> Value {
    let path = match found(document, api, given, None).await {
        Ok(path) => path,
        Err(failure) => return failure,
    };
    let mut pairs = vec![("limit".to_owned(), count(given).to_string())];
    pairs.extend(text(given, "cursor").map(|cursor| ("cursor".to_owned(), cursor.to_owned())));
    answer::of(api.get(&with_query(&format!("{path}/history"), &pairs)).await)
}

/// The path of the record meant, or the result that says why there is none.
async fn found(document: &Document, api: &dyn Api, given: &Given, at: Option<&str>) -> Result<String, Value> {
    let model = text(given, "model").unwrap_or_default();
    let collection = named(document, model).map_err(|why| answer::failed(&why))?;
    let record = text(given, "record").unwrap_or_default();
    match id_of(api, collection, record, at).await {
        Ok(id) => Ok(format!("{}/{id}", collection.path)),
        Err(Missing::Problem(problem)) => Err(answer::refused(&problem)),
        Err(Missing::Words(why)) => Err(answer::failed(&why)),
    }
}

/// All models in a line each, or one whole.
pub(super) async fn describe(api: &dyn Api, given: &Given) -> Value {
    let models = match described(api).await {
        Ok(models) => models,
        Err(problem) => return answer::refused(&problem),
    };
    if let Some(wanted) = text(given, "model") {
        let wanted = wanted.trim_matches('/');
        let fits = |model: &&Value| {
            let name = name_of(model);
            name == wanted || name.split_once('/').is_some_and(|(_, short)| short == wanted)
        };
        let found: Vec<&Value> = models.iter().filter(fits).collect();
        return match found.as_slice() {
            [one] => answer::good((*one).clone()),
            [] => answer::failed(&format!("There is no model {wanted} that you may read.")),
            several => {
                let names: Vec<String> = several.iter().map(|model| name_of(model)).collect();
                answer::failed(&format!("Several models are called {wanted}: {}.", names.join(", ")))
            }
        };
    }
    let words = text(given, "q").unwrap_or_default().to_lowercase();
    let items: Vec<Value> = models
        .iter()
        .map(|model| {
            let part = |name: &str| model.get(name).cloned().unwrap_or_default();
            json!({"model": name_of(model), "title": part("title_plural"), "description": part("description")})
        })
        .filter(|item| item.to_string().to_lowercase().contains(&words))
        .collect();
    answer::good(json!({ "items": items }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_become_parameters() {
        for (name, value, wanted) in [
            ("name", json!("a b"), ("name", "a b")),
            ("position__gte", json!(3), ("position__gte", "3")),
            ("status", json!(["active", "planned"]), ("status__in", "active,planned")),
            ("name__in", json!(["a", "b"]), ("name__in", "a,b")),
            ("rack", Value::Null, ("rack__isnull", "true")),
            ("mgmt_only", json!(true), ("mgmt_only", "true")),
        ] {
            let (name, value) = pair(name, &value).unwrap();
            assert_eq!((name.as_str(), value.as_str()), wanted);
        }
    }
}
