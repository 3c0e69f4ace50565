//! What can be read by address: the description of a model, a record.

use serde_json::{Value, json};

use crate::collections::{described, name_of, named};
use crate::document::{Document, encoded};
use crate::protocol::Fault;
use crate::{Api, answer};

/// Descriptions of models.
const MODELS: &str = "portolan://models/";
/// Records.
const RECORDS: &str = "portolan://records/";

/// A resource for each model that the caller may read.
pub(crate) async fn list(api: &dyn Api) -> Result<Vec<Value>, Fault> {
    let models = described(api).await.map_err(|problem| Fault::internal(answer::words(&problem)))?;
    let resource = |model: &Value| {
        let part = |name: &str| model.get(name).cloned().unwrap_or_default();
        let name = name_of(model);
        json!({
            "uri": format!("{MODELS}{name}"),
            "name": name,
            "title": part("title_plural"),
            "description": part("description"),
            "mimeType": "application/json",
        })
    };
    Ok(models.iter().map(resource).collect())
}

/// How single records are addressed.
pub(crate) fn templates() -> Value {
    json!([{
        "uriTemplate": format!("{RECORDS}{{product}}/{{collection}}/{{id}}"),
        "name": "record",
        "title": "A record",
        "description": "One record with all its fields, by its id.",
        "mimeType": "application/json",
    }])
}

/// The contents of an address.
pub(crate) async fn read(document: &Document, api: &dyn Api, uri: &str) -> Result<Value, Fault> {
    let absent = || Fault::params(format!("There is no resource {uri}."));
    let value = if let Some(name) = uri.strip_prefix(MODELS) {
        let models = described(api).await.map_err(|problem| Fault::internal(answer::words(&problem)))?;
        models.into_iter().find(|model| name_of(model) == name).ok_or_else(absent)?
    } else {
        let place = uri.strip_prefix(RECORDS).and_then(|place| place.rsplit_once('/'));
        let (name, id) = place.ok_or_else(absent)?;
        let collection = named(document, name).map_err(Fault::params)?;
        let answer = api.get(&format!("{}/{}", collection.path, encoded(id))).await;
        match answer.status {
            200 => answer.body,
            404 => return Err(absent()),
            _ => return Err(Fault::params(answer::words(&answer.body))),
        }
    };
    Ok(json!([{"uri": uri, "mimeType": "application/json", "text": value.to_string()}]))
}
