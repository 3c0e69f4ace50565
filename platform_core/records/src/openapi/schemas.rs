//! Schemas: what reads show, what writes take.

use kit::record::{DefaultValue, Field, FieldKind, Model};
use serde_json::{Map, Value, json};

use super::{reference, schema_name};
use crate::input::default_json;

/// Schemas that all models share.
const COMMON: &str = include_str!("common.json");

/// [`COMMON`] as members of `components.schemas`.
pub(super) fn common() -> Map<String, Value> {
    // A file of this crate: the test over the document sees it missing or wrong.
    serde_json::from_str(COMMON).unwrap_or_default()
}

/// `X` (read), `XPage`, `XWrite` (POST, PUT) and `XPatch` of a model, as far as it is written.
pub(super) fn of_model(model: &'static Model, schemas: &mut Map<String, Value>) {
    let name = schema_name(model.name);
    schemas.insert(name.clone(), read_schema(model));
    schemas.insert(
        format!("{name}Page"),
        json!({
            "type": "object",
            "required": ["items", "next_cursor"],
            "properties": {
                "items": {"type": "array", "items": reference(&name)},
                "next_cursor": {"type": ["string", "null"]},
                "total": {"type": "integer", "description": "With count=exact."},
            },
        }),
    );
    if model.operations.create || model.operations.update {
        schemas.insert(format!("{name}Write"), write_schema(model, true));
        schemas.insert(format!("{name}Patch"), write_schema(model, false));
        schemas.insert(
            format!("{name}Batch"),
            json!({
                "type": "object",
                "required": ["operations"],
                "additionalProperties": false,
                "properties": {
                    "atomic": {"type": "boolean", "default": true},
                    "operations": {"type": "array", "maxItems": 1000, "items": {
                        "type": "object",
                        "required": ["op"],
                        "additionalProperties": false,
                        "properties": {
                            "op": {"type": "string", "enum": ["create", "update", "delete"]},
                            "id": {"type": "string", "format": "uuid"},
                            "version": {"type": "integer"},
                            "data": {"anyOf": [reference(&format!("{name}Write")), reference(&format!("{name}Patch"))]},
                        },
                    }},
                },
            }),
        );
    }
}

fn read_schema(model: &'static Model) -> Value {
    let mut properties = Map::new();
    properties.insert("id".to_owned(), json!({"type": "string", "format": "uuid"}));
    if model.numbered {
        let text = "Whole number, unique in the tenant, never used again.";
        properties.insert("number".to_owned(), json!({"type": "integer", "description": text}));
    }
    for field in model.fields {
        properties.insert(field.name.to_owned(), described(field, read_type(field)));
    }
    for name in ["created_at", "updated_at"] {
        properties.insert(name.to_owned(), json!({"type": "string", "format": "date-time"}));
    }
    properties.insert("version".to_owned(), json!({"type": "integer"}));
    let required: Vec<&String> = properties.keys().collect();
    json!({"type": "object", "description": model.description, "required": required, "properties": properties})
}

fn write_schema(model: &'static Model, whole: bool) -> Value {
    let fields: Vec<&'static Field> =
        model.fields.iter().filter(|field| !field.read_only && (whole || !field.immutable)).collect();
    let properties: Map<String, Value> =
        fields.iter().map(|field| (field.name.to_owned(), described(field, write_type(field)))).collect();
    let required: Vec<&str> = fields
        .iter()
        .filter(|field| {
            whole && field.required && field.default == DefaultValue::None && field.show_when.is_none()
        })
        .map(|field| field.name)
        .collect();
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": required,
        "properties": properties,
        "example": example(model, whole),
    })
}

/// An example that a server accepts: required fields, or one field of a patch.
pub(super) fn example(model: &'static Model, whole: bool) -> Value {
    let fields = model.fields.iter().filter(|field| !field.read_only);
    let wanted = fields.filter(|field| whole && field.required && field.show_when.is_none());
    let mut members: Map<String, Value> =
        wanted.map(|field| (field.name.to_owned(), example_value(field))).collect();
    if members.is_empty()
        && let Some(field) = model.fields.iter().find(|field| !field.read_only && !field.immutable)
    {
        members.insert(field.name.to_owned(), example_value(field));
    }
    Value::Object(members)
}

fn example_value(field: &Field) -> Value {
    if field.default != DefaultValue::None {
        return default_json(field);
    }
    let placeholder = (!field.placeholder.is_empty()).then_some(field.placeholder);
    match field.kind {
        FieldKind::Text { .. } | FieldKind::LongText { .. } => json!(placeholder.unwrap_or("example")),
        FieldKind::Integer { min, max } => json!(1.clamp(min, max)),
        FieldKind::Decimal { .. } => json!(1.5),
        FieldKind::Date => json!("2026-11-25"),
        FieldKind::Count { .. } => json!(0),
        FieldKind::Generic { models, .. } => {
            json!({"type": models.first(), "id": "0193a0c4-0000-7000-8000-000000000001"})
        }
        FieldKind::Interface => json!(placeholder.unwrap_or("192.0.2.1/24")),
        FieldKind::IntegerList { min, max, .. } => json!([1.clamp(min, max)]),
        FieldKind::Boolean => json!(true),
        FieldKind::DateTime => json!("2026-11-25T12:00:00Z"),
        FieldKind::Uuid | FieldKind::Reference { .. } => json!("0193a0c4-0000-7000-8000-000000000001"),
        FieldKind::Choice(choices) => json!(choices.first().map(|choice| choice.value)),
        FieldKind::References { .. } => json!(["0193a0c4-0000-7000-8000-000000000001"]),
        FieldKind::Ip => json!(placeholder.unwrap_or("192.0.2.1")),
        FieldKind::Prefix => json!(placeholder.unwrap_or("192.0.2.0/24")),
        FieldKind::TextList { .. } => json!([placeholder.unwrap_or("example")]),
        FieldKind::PrefixList { .. } => json!([placeholder.unwrap_or("192.0.2.0/24")]),
        FieldKind::Json | FieldKind::Custom => json!({}),
        FieldKind::Secret { min, .. } | FieldKind::Password { min, .. } => {
            json!("x".repeat(min.max(8) as usize))
        }
    }
}

fn described(field: &Field, mut schema: Value) -> Value {
    if let Some(members) = schema.as_object_mut() {
        let text = if field.help.is_empty() { field.label } else { field.help };
        members.insert("description".to_owned(), json!(text));
        if field.read_only {
            members.insert("readOnly".to_owned(), json!(true));
        }
    }
    schema
}

/// `type` with null for fields that may have none.
fn nullable(field: &Field, name: &str) -> Value {
    if crate::entity::not_null(field) { json!(name) } else { json!([name, "null"]) }
}

fn read_type(field: &Field) -> Value {
    let or_null = |schema: Value| {
        if crate::entity::not_null(field) { schema } else { json!({"oneOf": [schema, {"type": "null"}]}) }
    };
    match field.kind {
        FieldKind::Reference { .. } => or_null(reference("RecordReference")),
        FieldKind::Generic { .. } => or_null(reference("TypedReference")),
        FieldKind::Count { .. } => json!({"type": "integer", "minimum": 0}),
        FieldKind::References { .. } => {
            json!({"type": nullable(field, "array"), "items": reference("RecordReference")})
        }
        FieldKind::Secret { .. } | FieldKind::Password { .. } => json!({"allOf": [reference("SecretState")]}),
        _ => write_type(field),
    }
}

fn write_type(field: &Field) -> Value {
    let text = nullable(field, "string");
    match field.kind {
        FieldKind::Text { max } | FieldKind::LongText { max } => json!({"type": text, "maxLength": max}),
        FieldKind::Integer { min, max } => {
            json!({"type": nullable(field, "integer"), "minimum": min, "maximum": max})
        }
        FieldKind::Boolean => json!({"type": nullable(field, "boolean")}),
        FieldKind::Decimal { digits, places } => json!({
            "type": nullable(field, "number"),
            "multipleOf": 10_f64.powi(-i32::from(places)),
            "exclusiveMaximum": 10_f64.powi(i32::from(digits) - i32::from(places)),
        }),
        FieldKind::Date => json!({"type": text, "format": "date"}),
        FieldKind::Interface => {
            json!({"type": text, "description": "Address with the length of its network."})
        }
        FieldKind::IntegerList { max_items, min, max } => json!({
            "type": nullable(field, "array"), "maxItems": max_items,
            "items": {"type": "integer", "minimum": min, "maximum": max},
        }),
        FieldKind::Generic { models, .. } => json!({
            "type": nullable(field, "object"),
            "required": ["type"],
            "properties": {"type": {"type": "string", "enum": models}, "id": {"type": "string", "format": "uuid"}},
        }),
        FieldKind::Count { .. } => json!({"type": "integer", "readOnly": true}),
        FieldKind::DateTime => json!({"type": text, "format": "date-time"}),
        FieldKind::Uuid => json!({"type": text, "format": "uuid"}),
        FieldKind::Choice(choices) => {
            let mut values: Vec<Value> = choices.iter().map(|choice| json!(choice.value)).collect();
            if !crate::entity::not_null(field) {
                values.push(Value::Null);
            }
            json!({"type": text, "enum": values})
        }
        FieldKind::Reference { .. } => json!({
            "description": "An id, or an object with one field that finds the record.",
            "anyOf": reference_forms(!crate::entity::not_null(field)),
        }),
        FieldKind::References { .. } => {
            json!({"type": nullable(field, "array"), "maxItems": 1000, "items": {"anyOf": reference_forms(false)}})
        }
        FieldKind::Ip => json!({"type": text, "format": "ip"}),
        FieldKind::Prefix => json!({"type": text, "format": "cidr"}),
        FieldKind::TextList { max_items, max } => json!({
            "type": nullable(field, "array"), "maxItems": max_items, "items": {"type": "string", "maxLength": max},
        }),
        FieldKind::PrefixList { max_items } => json!({
            "type": nullable(field, "array"), "maxItems": max_items, "items": {"type": "string", "format": "cidr"},
        }),
        FieldKind::Json => json!({}),
        FieldKind::Custom => json!({"type": "object", "additionalProperties": true}),
        FieldKind::Secret { min, max } | FieldKind::Password { min, max } => {
            json!({"type": ["string", "null"], "minLength": min, "maxLength": max, "writeOnly": true})
        }
    }
}

fn reference_forms(null: bool) -> Vec<Value> {
    let mut forms =
        vec![json!({"type": "string", "format": "uuid"}), json!({"type": "object", "minProperties": 1})];
    if null {
        forms.push(json!({"type": "null"}));
    }
    forms
}
