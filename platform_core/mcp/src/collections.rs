//! How collections and single records are named in tools: `inventory/devices` or `devices`; an id, a
//! number or a name.

use serde_json::Value;
use uuid::Uuid;

use crate::Api;
use crate::document::{Collection, Document, with_query};

/// Where the models that the caller may read are described.
const MODELS: &str = "/api/v1/meta/models";

/// The collection called so; one that several products have must say which.
pub(crate) fn named<'a>(document: &'a Document, name: &str) -> Result<&'a Collection, String> {
    let wanted = name.trim_matches('/');
    let fits = |known: &&Collection| {
        known.name == wanted || known.name.split_once('/').is_some_and(|(_, short)| short == wanted)
    };
    let found: Vec<&Collection> = document.collections.iter().filter(fits).collect();
    match found.as_slice() {
        [one] => return Ok(*one),
        [] => {}
        several => return Err(format!("Several models are called {name}: {}.", listed(several))),
    }
    let near: Vec<&Collection> = document
        .collections
        .iter()
        .filter(|known| wanted.len() > 2 && known.name.contains(wanted.trim_end_matches('s')))
        .take(10)
        .collect();
    let hint = if near.is_empty() {
        "describe_models lists them.".to_owned()
    } else {
        format!("Did you mean {}?", listed(&near))
    };
    Err(format!("There is no model {name}. {hint}"))
}

fn listed(collections: &[&Collection]) -> String {
    collections.iter().map(|known| known.name.as_str()).collect::<Vec<_>>().join(", ")
}

/// The descriptions of the models that the caller may read.
///
/// # Errors
/// What the API says when it cannot tell.
pub(crate) async fn described(api: &dyn Api) -> Result<Vec<Value>, Value> {
    let mut answer = api.get(MODELS).await;
    match answer.body.get_mut("models").map(Value::take) {
        Some(Value::Array(models)) if answer.status < 300 => Ok(models),
        _ => Err(answer.body),
    }
}

/// The name of a described model: `inventory/devices`.
pub(crate) fn name_of(model: &Value) -> String {
    let part = |name: &str| model.get(name).and_then(Value::as_str).unwrap_or_default();
    format!("{}/{}", part("product"), part("collection"))
}

/// Why a record could not be found.
pub(crate) enum Missing {
    /// What the API said.
    Problem(Value),
    /// None, or several.
    Words(String),
}

/// The id of the record with this id, number or name.
pub(crate) async fn id_of(
    api: &dyn Api,
    collection: &Collection,
    key: &str,
    as_of: Option<&str>,
) -> Result<String, Missing> {
    if key.parse::<Uuid>().is_ok() {
        return Ok(key.to_owned());
    }
    let number = collection.numbered && !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_digit());
    let by = if number { "number".to_owned() } else { display_of(api, collection).await? };
    let mut pairs = vec![
        (by, key.to_owned()),
        ("limit".to_owned(), "2".to_owned()),
        ("fields".to_owned(), "id".to_owned()),
    ];
    pairs.extend(as_of.map(|at| ("as_of".to_owned(), at.to_owned())));
    let answer = api.get(&with_query(&collection.path, &pairs)).await;
    if answer.status >= 300 {
        return Err(Missing::Problem(answer.body));
    }
    let items = answer.body.get("items").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let name = &collection.name;
    match items {
        [one] => Ok(one.get("id").and_then(Value::as_str).unwrap_or_default().to_owned()),
        [] => Err(Missing::Words(format!("There is no record called {key} in {name}; find lists them."))),
        _ => Err(Missing::Words(format!("Several records of {name} are called {key}: give the id."))),
    }
}

/// The field by which records of a collection are called.
async fn display_of(api: &dyn Api, collection: &Collection) -> Result<String, Missing> {
    let models = described(api).await.map_err(Missing::Problem)?;
    let model = models.iter().find(|model| name_of(model) == collection.name);
    let display = model.and_then(|model| model.get("display")).and_then(Value::as_str);
    let unreadable = || Missing::Words(format!("You may not read {}.", collection.name));
    display.map(str::to_owned).ok_or_else(unreadable)
}
