//! Schemas of objects: as they are shown, in short, and as they are written.

use serde_json::{Map, Value, json};

use super::super::contract::{Endpoint, Fact, Kind, endpoints};

/// Deepest object within an object.
const LEVELS: usize = 2;

/// A reference to a schema.
pub(super) fn reference(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

/// What a write of objects of an endpoint is called.
pub(super) fn written(endpoint: &Endpoint, patched: bool) -> String {
    format!("{}Writable{}Request", if patched { "Patched" } else { "" }, endpoint.class)
}

/// All of them.
pub(super) fn all() -> Map<String, Value> {
    let mut schemas = Map::new();
    for endpoint in endpoints() {
        let class = &endpoint.class;
        let shown = endpoint.fields.iter().filter(|fact| !fact.write_only);
        schemas.insert(
            class.clone(),
            object(shown.map(|fact| (fact, read(fact, LEVELS))), |fact| fact.read_only || fact.required),
        );
        let short = endpoint.short_facts().iter().copied();
        schemas
            .insert(format!("Brief{class}"), object(short.map(|fact| (fact, read(fact, LEVELS))), |_| true));
        schemas.insert(format!("Paginated{class}List"), page(&reference(class)));
        if endpoint.read_only {
            continue;
        }
        let given = || endpoint.fields.iter().filter(|fact| !fact.read_only).map(|fact| (fact, write(fact)));
        schemas.insert(written(endpoint, false), object(given(), |fact| fact.required));
        schemas.insert(written(endpoint, true), object(given(), |_| false));
    }
    schemas
}

/// A page of a list.
pub(super) fn page(item: &Value) -> Value {
    let link = json!({"type": "string", "format": "uri", "nullable": true});
    json!({
        "type": "object",
        "required": ["count", "results"],
        "properties": {
            "count": {"type": "integer"},
            "next": link,
            "previous": link,
            "results": {"type": "array", "items": item},
        },
    })
}

fn object<'a>(fields: impl Iterator<Item = (&'a Fact, Value)>, needed: impl Fn(&Fact) -> bool) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for (fact, schema) in fields {
        if needed(fact) {
            required.push(fact.name.clone());
        }
        properties.insert(fact.name.clone(), schema);
    }
    let mut object = json!({"type": "object", "properties": properties});
    if !required.is_empty() {
        object["required"] = json!(required);
    }
    object
}

/// A field as it is shown.
fn read(fact: &Fact, levels: usize) -> Value {
    let schema = match fact.kind {
        Kind::Choice => json!({"type": "object", "properties": {
            "value": one_of(fact, false),
            "label": {"type": "string"},
        }}),
        Kind::Fk | Kind::M2m => match shaped(fact, levels) {
            Some(inline) => inline,
            None => fact.to.as_deref().and_then(Endpoint::at).map_or_else(
                || json!({"type": "object", "additionalProperties": {}}),
                |endpoint| reference(&format!("Brief{}", endpoint.class)),
            ),
        },
        _ => plain(fact),
    };
    let schema = if fact.many || fact.kind == Kind::M2m { list(schema) } else { schema };
    noted(schema, fact.nullable, fact.read_only)
}

/// A reference that is shown with fields of its own.
fn shaped(fact: &Fact, levels: usize) -> Option<Value> {
    let endpoint = fact.to.as_deref().and_then(Endpoint::at).filter(|_| levels > 0)?;
    let names = fact.shape.as_deref()?;
    let facts = names.iter().filter_map(|name| endpoint.fact(name));
    Some(object(facts.map(|child| (child, read(child, levels - 1))), |_| true))
}

/// A field as it is written: what refers is written by id or by attributes.
fn write(fact: &Fact) -> Value {
    let schema = match fact.kind {
        Kind::Choice | Kind::ChoicePlain => one_of(fact, true),
        Kind::M2m if fact.ids => json!({"type": "integer"}),
        Kind::Fk | Kind::M2m => json!({"oneOf": [
            {"type": "integer"},
            {"type": "object", "additionalProperties": {}},
        ]}),
        Kind::Image => json!({"type": "string", "format": "binary"}),
        _ => plain(fact),
    };
    let schema = if fact.many || fact.kind == Kind::M2m { list(schema) } else { schema };
    noted(schema, fact.nullable, false)
}

/// The type of a value that is shown as it is written.
fn plain(fact: &Fact) -> Value {
    let text = |format: &str| json!({"type": "string", "format": format});
    let mut schema = match fact.kind {
        Kind::Text => match fact.word.as_str() {
            "email" => text("email"),
            _ => json!({"type": "string"}),
        },
        Kind::Slug => json!({"type": "string", "pattern": "^[-a-zA-Z0-9_]+$"}),
        Kind::Int => json!({"type": "integer"}),
        Kind::Pk | Kind::Count | Kind::GenericId => json!({"type": "integer", "format": "int64"}),
        Kind::Decimal => json!({"type": "number", "format": "double"}),
        Kind::Bool => json!({"type": "boolean"}),
        Kind::DateTime => text("date-time"),
        Kind::ChoicePlain => return one_of(fact, false),
        Kind::GenericType | Kind::ContentType | Kind::Slugs => json!({"type": "string"}),
        Kind::CustomFields => json!({"type": "object", "additionalProperties": {}}),
        Kind::Image => text("uri"),
        Kind::Other if fact.word == "date" => text("date"),
        Kind::Other if fact.word == "generic_object" => json!({"type": "object", "properties": {
            "object_type": {"type": "string"}, "object_id": {"type": "integer"}, "object": {},
        }}),
        Kind::Other if matches!(fact.name.as_str(), "url" | "display_url") => text("uri"),
        Kind::Other if fact.name == "display" => json!({"type": "string"}),
        Kind::Choice | Kind::Fk | Kind::M2m | Kind::Generic | Kind::Json | Kind::Other => json!({}),
    };
    limits(fact, &mut schema);
    if matches!(fact.kind, Kind::Slugs) { list(schema) } else { schema }
}

/// What a value must hold.
fn limits(fact: &Fact, schema: &mut Value) {
    let Some(members) = schema.as_object_mut() else { return };
    let kind = members.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
    if let ("string", Some(length)) = (kind.as_str(), fact.max_length) {
        members.insert("maxLength".to_owned(), json!(length));
    }
    if matches!(kind.as_str(), "integer" | "number") {
        for (name, limit) in [("minimum", &fact.min), ("maximum", &fact.max)] {
            if let Some(limit) = limit.as_ref().and_then(number) {
                members.insert(name.to_owned(), limit);
            }
        }
    }
}

/// A limit; decimals are written as texts.
fn number(limit: &Value) -> Option<Value> {
    match limit {
        Value::Number(_) => Some(limit.clone()),
        Value::String(text) => text.parse::<f64>().ok().map(Value::from),
        _ => None,
    }
}

/// One of the choices of a field, nothing among them where it may be left open in a write.
fn one_of(fact: &Fact, open: bool) -> Value {
    let choices = fact.choices();
    let mut values: Vec<Value> = choices.iter().map(|(value, _)| value.clone()).collect();
    let kind = match values.first() {
        None => return json!({"type": "string"}),
        Some(Value::Bool(_)) if values.iter().all(Value::is_boolean) => Some("boolean"),
        Some(Value::Number(_)) if values.iter().all(Value::is_i64) => Some("integer"),
        Some(Value::String(_)) if values.iter().all(Value::is_string) => Some("string"),
        Some(_) => None,
    };
    if open && fact.blank && kind == Some("string") && !values.contains(&json!("")) {
        values.push(json!(""));
    }
    if open && fact.nullable && !fact.many && !values.contains(&Value::Null) {
        values.push(Value::Null);
    }
    match kind {
        Some(kind) => json!({"type": kind, "enum": values}),
        None => json!({"enum": values}),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "schemas are made at the place of the call")]
fn list(item: Value) -> Value {
    json!({"type": "array", "items": item})
}

/// Beside a reference nothing else counts: it is wrapped.
fn noted(schema: Value, nullable: bool, read_only: bool) -> Value {
    if !nullable && !read_only {
        return schema;
    }
    let mut schema = if schema.get("$ref").is_some() { json!({"allOf": [schema]}) } else { schema };
    // What says no type takes null as it is.
    let typed = ["type", "allOf", "oneOf"].iter().any(|name| schema.get(name).is_some());
    if nullable && typed {
        schema["nullable"] = json!(true);
    }
    if read_only {
        schema["readOnly"] = json!(true);
    }
    schema
}
