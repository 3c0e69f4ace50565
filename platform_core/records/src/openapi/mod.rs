//! OpenAPI 3.1 of all models: paths and schemas, to be merged into the server's document. Every
//! operation says which permission it needs (`x-permission`).

mod operations;
mod schemas;

use serde_json::{Map, Value, json};

use crate::engine::Engine;

/// `{"paths": {...}, "components": {"schemas": {...}}, "tags": [...]}`.
pub fn document(engine: &Engine) -> Value {
    let mut paths = Map::new();
    let mut components = schemas::common();
    let mut tags = Vec::new();
    paths.insert("/api/v1/meta/models".to_owned(), operations::meta());
    paths.insert("/api/v1/search".to_owned(), operations::search());
    paths.insert("/api/v1/search/actions/rebuild".to_owned(), operations::rebuild());
    for entity in engine.registry().iter() {
        schemas::of_model(entity.model, &mut components);
        operations::of_model(entity, &mut paths);
        tags.push(json!({"name": entity.model.title_plural, "description": entity.model.description}));
    }
    json!({"paths": paths, "components": {"schemas": components}, "tags": tags})
}

/// `monitoring.credential` -> `MonitoringCredential`.
pub(crate) fn schema_name(model: &str) -> String {
    let word = |word: &str| {
        let mut letters = word.chars();
        letters
            .next()
            .map(|first| first.to_ascii_uppercase().to_string() + letters.as_str())
            .unwrap_or_default()
    };
    model.split(['.', '_', '-']).map(word).collect()
}

fn reference(schema: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{schema}")})
}
