//! Custom fields: what a tenant wants to know of its records beyond the models' own fields. A
//! definition is a record; values live in one `jsonb` column of the models that have
//! [`kit::Field::custom_fields`], always with every defined name, so that reading needs no definitions.
//!
//! | room | job |
//! |---|---|
//! | `field`, `choice_set` | definitions and sets of choices as records |
//! | `base` | lists of choices that every server knows |
//! | `definition` | definitions as a write needs them |
//! | `value` | is a value one of its definition? pure |
//! | `apply` | what a changed definition does to records that exist |

mod apply;
pub(crate) mod base;
mod choice_set;
mod definition;
mod field;
mod value;

pub use choice_set::CUSTOM_FIELD_CHOICE_SET;
pub use field::CUSTOM_FIELD;

pub(crate) use definition::{Definition, Kind, definitions};
pub(crate) use value::{NOTHING, check, is_nothing};

use kit::FieldError;
use kit::record::{FieldKind, Model};
use serde_json::{Map, Value, json};
use uuid::Uuid;

/// The one member of a stored reference: `{"$record": "<model>:<id>"}`.
const RECORD: &str = "$record";

fn refused(errors: &mut Vec<FieldError>, field: &str, code: &'static str, message: impl Into<String>) {
    errors.push(FieldError { pointer: format!("/{field}"), code: code.into(), message: message.into() });
}

/// Position of the field that holds the values of a model's custom fields.
pub(crate) fn place(model: &Model) -> Option<usize> {
    model.fields.iter().position(|field| matches!(field.kind, FieldKind::Custom))
}

/// A reference as it is stored.
pub(crate) fn stored_reference(model: &str, id: Uuid) -> Value {
    json!({RECORD: format!("{model}:{id}")})
}

/// The record that a stored value refers to.
pub(crate) fn reference(value: &Value) -> Option<(&str, Uuid)> {
    let members = value.as_object().filter(|members| members.len() == 1)?;
    let (model, id) = members.get(RECORD)?.as_str()?.split_once(':')?;
    Some((model, Uuid::try_parse(id).ok()?))
}

/// All records that stored values refer to.
pub(crate) fn references(values: &Value) -> impl Iterator<Item = (&str, Uuid)> {
    let values = values.as_object().into_iter().flat_map(Map::values);
    values.flat_map(|value| match value {
        Value::Array(items) => items.iter().filter_map(reference).collect::<Vec<_>>(),
        one => reference(one).into_iter().collect(),
    })
}

/// Could the value be mistaken for a stored reference?
pub(crate) fn looks_stored(value: &Value) -> bool {
    value.as_object().is_some_and(|members| members.contains_key(RECORD))
}
