//! Values of a query: as JSON for those who load, as text for messages.

use apollo_compiler::ast;
use serde_json::{Map, Value};

/// The value with the variables filled in; none for a variable without a value.
pub(crate) fn json(value: &ast::Value, variables: &Map<String, Value>) -> Option<Value> {
    Some(match value {
        ast::Value::Null => Value::Null,
        ast::Value::Variable(name) => return variables.get(name.as_str()).cloned(),
        ast::Value::Enum(name) => Value::from(name.as_str()),
        ast::Value::String(text) => Value::from(text.as_str()),
        ast::Value::Boolean(flag) => Value::from(*flag),
        ast::Value::Int(number) => {
            number.as_str().parse::<i64>().map_or_else(|_| Value::from(number.as_str()), Value::from)
        }
        ast::Value::Float(number) => {
            number.as_str().parse::<f64>().map_or_else(|_| Value::from(number.as_str()), Value::from)
        }
        ast::Value::List(items) => {
            Value::Array(items.iter().filter_map(|item| json(item, variables)).collect())
        }
        ast::Value::Object(fields) => {
            let fields =
                fields.iter().filter_map(|(name, value)| Some((name.to_string(), json(value, variables)?)));
            Value::Object(fields.collect())
        }
    })
}

/// The value as it is written.
pub(crate) fn text(value: &ast::Value) -> String {
    match value {
        ast::Value::Null => "null".to_owned(),
        ast::Value::Variable(name) => format!("${name}"),
        ast::Value::Enum(name) => name.to_string(),
        ast::Value::String(text) => Value::from(text.as_str()).to_string(),
        ast::Value::Boolean(flag) => flag.to_string(),
        ast::Value::Int(number) => number.as_str().to_owned(),
        ast::Value::Float(number) => number.as_str().to_owned(),
        ast::Value::List(items) => {
            let items: Vec<String> = items.iter().map(|item| text(item)).collect();
            format!("[{}]", items.join(", "))
        }
        ast::Value::Object(fields) if fields.is_empty() => "{}".to_owned(),
        ast::Value::Object(fields) => {
            let fields: Vec<String> =
                fields.iter().map(|(name, value)| format!("{name}: {}", text(value))).collect();
            format!("{{ {} }}", fields.join(", "))
        }
    }
}
