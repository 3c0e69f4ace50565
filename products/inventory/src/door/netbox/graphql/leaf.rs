//! Values of fields as the contract's GraphQL has them: what REST shows, but choices without their labels,
//! decimals and ids as texts, and an empty value where there may be no null.

use serde_json::{Map, Number, Value};

use super::super::contract::Fact;
use super::facts::Field;

/// A value that REST shows.
pub(super) fn leaf(field: &Field, fact: Option<&Fact>, shown: Value) -> Value {
    let base = field.ty.trim_matches(['[', ']', '!']);
    let value = if base == "JSON" { plain_members(shown) } else { plain(shown) };
    if value.is_null() {
        return match (field.empty, field.ty.ends_with('!')) {
            (true, _) => Value::from(""),
            (false, true) => blank(&field.ty, base),
            (false, false) => Value::Null,
        };
    }
    match value {
        Value::Array(items) if base == "String" => items.into_iter().map(range).collect(),
        Value::Array(items) => Value::Array(items),
        one => single(base, fact, one),
    }
}

/// What a field without a counterpart here is.
pub(super) fn absent(field: &Field) -> Value {
    let base = field.ty.trim_matches(['[', ']', '!']);
    if field.ty.ends_with('!') { blank(&field.ty, base) } else { Value::Null }
}

fn single(base: &str, fact: Option<&Fact>, value: Value) -> Value {
    match (base, value) {
        ("ID" | "String" | "UUID", Value::Number(number)) => Value::from(number.to_string()),
        ("Decimal", value) => match number(&value) {
            Some(number) => {
                let places = fact.and_then(|fact| fact.places).unwrap_or(2);
                Value::from(format!("{number:.places$}"))
            }
            None => value,
        },
        ("Int" | "BigInt", Value::String(text)) => {
            text.parse::<i64>().map_or_else(|_| Value::from(text), Value::from)
        }
        ("Float", Value::String(text)) => text
            .parse::<f64>()
            .ok()
            .and_then(Number::from_f64)
            .map_or_else(|| Value::from(text), Value::Number),
        ("DateTime", Value::String(text)) => match text.strip_suffix('Z') {
            Some(time) => Value::from(format!("{time}+00:00")),
            None => Value::from(text),
        },
        (_, value) => value,
    }
}

fn number(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.as_str()?.parse().ok())
}

/// A choice without its label.
fn plain(value: Value) -> Value {
    match value {
        Value::Object(mut choice) if is_choice(&choice) => choice.remove("value").unwrap_or_default(),
        other => other,
    }
}

fn is_choice(object: &Map<String, Value>) -> bool {
    object.len() == 2 && object.contains_key("value") && object.contains_key("label")
}

/// Values of custom fields as they are kept: choices without labels, objects as their ids.
fn plain_members(value: Value) -> Value {
    let one = |value: Value| match plain(value) {
        Value::Object(mut object) if object.contains_key("url") && object.contains_key("id") => {
            object.remove("id").unwrap_or_default()
        }
        other => other,
    };
    match value {
        Value::Object(members) => {
            let members = members.into_iter().map(|(name, value)| match value {
                Value::Array(items) => (name, items.into_iter().map(one).collect()),
                value => (name, one(value)),
            });
            Value::Object(members.collect())
        }
        other => other,
    }
}

/// A range of numbers in a list of texts.
fn range(item: Value) -> Value {
    match item.as_array().map(Vec::as_slice) {
        Some([from, to]) => Value::from(format!("{from}-{to}")),
        _ => item,
    }
}

fn blank(ty: &str, base: &str) -> Value {
    match base {
        _ if ty.starts_with('[') => Value::Array(Vec::new()),
        "Int" | "BigInt" | "Float" => Value::from(0),
        "Boolean" => Value::from(false),
        "JSON" => Value::Object(Map::new()),
        "Decimal" => Value::from("0"),
        _ => Value::from(""),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::super::contract::Endpoint;
    use super::*;

    fn field(ty: &str, empty: bool) -> Field {
        serde_json::from_value(json!({"ty": ty, "empty": empty})).unwrap()
    }

    #[test]
    fn values_have_the_form_of_their_type() {
        for (ty, shown, expected) in [
            ("ID!", json!(7), json!("7")),
            ("String!", json!({"value": "active", "label": "Active"}), json!("active")),
            ("String", Value::Null, Value::Null),
            ("String!", Value::Null, json!("")),
            ("Int", json!({"value": 19, "label": "19 inches"}), json!(19)),
            ("[String!]!", json!([[1, 10]]), json!(["1-10"])),
            ("DateTime", json!("2026-11-30T01:02:03.000000Z"), json!("2026-11-30T01:02:03.000000+00:00")),
            ("JSON!", json!({"a": {"value": "x", "label": "X"}, "b": 1}), json!({"a": "x", "b": 1})),
            ("Boolean!", Value::Null, json!(false)),
        ] {
            assert_eq!(leaf(&field(ty, false), None, shown), expected, "{ty}");
        }
        assert_eq!(leaf(&field("String", true), None, Value::Null), json!(""));
        let latitude = Endpoint::at("dcim/sites").and_then(|sites| sites.fact("latitude"));
        assert_eq!(leaf(&field("Decimal", false), latitude, json!(48.1)), json!("48.100000"));
        assert_eq!(absent(&field("[Int!]!", false)), json!([]));
    }
}
