//! `OPTIONS` of a list: the fields of a write, as forms are drawn from.

use kit::record::Model;
use serde_json::{Map, Value, json};

use super::contract::{Endpoint, Fact, Kind};

/// Deepest chain of objects in objects that is described.
const LEVELS: usize = 3;

/// The description of an endpoint. Help is ours: what the model says of its fields.
pub(super) fn of(endpoint: &'static Endpoint, model: &'static Model) -> Value {
    let mut document = json!({
        "name": format!("{} List", endpoint.title()),
        "description": "",
        "renders": ["application/json", "text/html"],
        "parses": ["application/json", "multipart/form-data"],
    });
    if !endpoint.read_only {
        let fields: Map<String, Value> = endpoint
            .fields
            .iter()
            .map(|fact| {
                let help = fact.column.as_deref().and_then(|column| model.field(column));
                let help = help.map(|field| field.help).filter(|help| !help.is_empty());
                (fact.name.clone(), field(fact, help, LEVELS))
            })
            .collect();
        document["actions"] = json!({"POST": fields, "PUT": fields});
    }
    document
}

/// The word for the type of a field.
fn kind(fact: &Fact) -> &'static str {
    match fact.kind {
        Kind::Int if fact.many => "list",
        Kind::Text if fact.many => "list",
        Kind::ChoicePlain if fact.many => "list",
        _ if fact.many => "field",
        Kind::Int => "integer",
        Kind::Decimal => "decimal",
        Kind::Bool => "boolean",
        Kind::DateTime => "datetime",
        Kind::Slug => "slug",
        Kind::ChoicePlain => "choice",
        Kind::Fk => "nested object",
        Kind::GenericId => "integer",
        Kind::Text => match fact.word.as_str() {
            "email" => "email",
            "url_text" => "url",
            "mac" => "field",
            _ => "string",
        },
        Kind::Image => "image upload",
        Kind::Other => match fact.word.as_str() {
            "date" => "date",
            "float" => "float",
            _ => "field",
        },
        _ => "field",
    }
}

fn field(fact: &'static Fact, help: Option<&str>, levels: usize) -> Value {
    let mut out = Map::new();
    out.insert("type".to_owned(), json!(kind(fact)));
    out.insert("required".to_owned(), json!(fact.required));
    out.insert("read_only".to_owned(), json!(fact.read_only));
    out.insert("label".to_owned(), json!(fact.label()));
    if let Some(help) = help {
        out.insert("help_text".to_owned(), json!(help));
    }
    match (fact.kind, fact.many) {
        (Kind::M2m, _) | (Kind::Fk, true) if !fact.ids => {
            if let Some(children) = children(fact, levels) {
                let read_only = fact.read_only;
                let child = json!({"type": "nested object", "required": false, "read_only": read_only});
                out.insert("child".to_owned(), with(child, "children", children));
            }
        }
        (Kind::Other, true) if fact.word == "generic_object" => {
            out.insert("child".to_owned(), any_object());
        }
        (Kind::Fk, false) => {
            if let Some(children) = children(fact, levels) {
                out.insert("children".to_owned(), children);
            }
        }
        (Kind::Int | Kind::Text | Kind::ChoicePlain, true) => {
            let plain = match fact.kind {
                Kind::Int => "integer",
                Kind::Text => "string",
                _ => "choice",
            };
            let mut child = Map::new();
            child.insert("type".to_owned(), json!(plain));
            child.insert("required".to_owned(), json!(true));
            child.insert("read_only".to_owned(), json!(false));
            child.insert("label".to_owned(), json!(fact.label()));
            limits(fact, &mut child);
            out.insert("child".to_owned(), Value::Object(child));
        }
        _ => limits(fact, &mut out),
    }
    Value::Object(out)
}

/// An object of any type.
fn any_object() -> Value {
    let part = |kind: &str, name: &str, required: bool| json!({"type": kind, "required": required, "read_only": !required, "label": name});
    let children = json!({
        "object_type": part("field", "Object type", true),
        "object_id": part("integer", "Object id", true),
        "object": part("field", "Object", false),
    });
    json!({"type": "nested object", "required": false, "read_only": false, "children": children})
}

fn with(mut object: Value, name: &str, value: Value) -> Value {
    object[name] = value;
    object
}

/// What a value must hold.
fn limits(fact: &'static Fact, out: &mut Map<String, Value>) {
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            out.insert(name.to_owned(), value);
        }
    };
    put("max_length", fact.max_length.map(Value::from));
    if matches!(fact.kind, Kind::Int | Kind::Decimal | Kind::GenericId) {
        put("min_value", fact.min.clone());
        put("max_value", fact.max.clone());
    }
    put("max_digits", fact.digits.map(Value::from));
    put("decimal_places", fact.places.map(Value::from));
    let choices = fact.choices();
    if !choices.is_empty() && !fact.read_only {
        let choice = |(value, label): &(Value, String)| json!({"value": value, "display_name": label});
        put("choices", Some(choices.iter().map(choice).collect()));
    }
}

/// The fields of what a reference leads to, as it is shown there.
fn children(fact: &'static Fact, levels: usize) -> Option<Value> {
    let endpoint = fact.to.as_deref().and_then(Endpoint::at).filter(|_| levels > 0)?;
    let names = fact.shape.as_deref().unwrap_or(&endpoint.nested);
    let facts = names.iter().filter_map(|name| endpoint.fact(name));
    let children: Map<String, Value> = facts
        .map(|child| {
            let mut shown = field(child, None, levels - 1);
            if fact.name == "tags" && child.name == "id" {
                shown["label"] = json!("Id");
            }
            (child.name.clone(), shown)
        })
        .collect();
    Some(Value::Object(children))
}
