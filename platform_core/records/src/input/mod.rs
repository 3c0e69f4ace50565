//! Validation: a JSON object as somebody sent it into the values of a record, with every wrong field
//! named.

mod parse;
pub mod scalar;

use kit::record::{DefaultValue, Field, FieldKind};
use kit::{FieldError, SecretText};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::datum::Datum;
use crate::entity::Entity;
use crate::row::Row;

pub(crate) use parse::{complete, object, reference, reparse};

/// Who gives the values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trust {
    /// A client: read-only and immutable fields are refused.
    Client,
    /// Code of ours in its own transaction.
    Server,
}

/// What a write does to a record that exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// A new record.
    Create,
    /// Given fields change (RFC 7396).
    Merge,
    /// Fields not given go back to their default; secrets stay.
    Replace,
}

/// One record to be written.
pub(crate) struct Item {
    pub(crate) mode: Mode,
    pub(crate) trust: Trust,
    pub(crate) id: Uuid,
    /// The number of a numbered model, when it is known beforehand.
    pub(crate) number: Option<i64>,
    pub(crate) before: Option<Row>,
    pub(crate) input: Map<String, Value>,
}

/// A reference as given.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Target {
    /// The model of what is meant.
    pub(crate) model: &'static str,
    /// How it is named.
    pub(crate) key: Key,
}

/// How a reference names its target.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Key {
    /// By id.
    Id(Uuid),
    /// By the number of a numbered model.
    Number(i64),
    /// By the values of fields of the target, which must match exactly one.
    By(Vec<(&'static str, Datum)>),
}

/// What happens to a secret.
#[derive(Clone, Debug)]
pub(crate) enum SecretChange {
    Keep,
    Clear,
    Set(SecretText),
}

/// A record on its way to the table. `cells`, `targets` and `secrets` are in the order of the fields.
pub(crate) struct Draft {
    pub(crate) id: Uuid,
    pub(crate) number: Option<i64>,
    pub(crate) before: Option<Row>,
    pub(crate) cells: Vec<Datum>,
    /// References still to be looked up.
    pub(crate) targets: Vec<Option<Vec<Target>>>,
    pub(crate) secrets: Vec<SecretChange>,
    /// Names of the fields that were given.
    pub(crate) given: Vec<&'static str>,
    pub(crate) errors: Vec<FieldError>,
    /// Values shown once, from [`kit::record::ONCE`].
    pub(crate) once: Map<String, Value>,
}

impl Draft {
    pub(crate) fn error(&mut self, field: &str, code: &'static str, message: impl Into<String>) {
        self.errors.push(FieldError {
            pointer: format!("/{field}"),
            code: code.into(),
            message: message.into(),
        });
    }

    /// Is there a value for this secret after the write?
    pub(crate) fn has_secret(&self, at: usize) -> bool {
        match self.secrets.get(at) {
            Some(SecretChange::Set(_)) => true,
            Some(SecretChange::Keep) => self.cells.get(at).is_some_and(|cell| !cell.is_null()),
            _ => false,
        }
    }
}

/// The default as JSON.
pub(crate) fn default_json(field: &Field) -> Value {
    match (field.default, &field.kind) {
        (DefaultValue::None, _) => Value::Null,
        (DefaultValue::Text(text), _) => json!(text),
        (DefaultValue::Integer(number), _) => json!(number),
        (DefaultValue::Boolean(value), _) => json!(value),
        (DefaultValue::Empty, FieldKind::Json | FieldKind::Custom) => json!({}),
        (DefaultValue::Empty, _) => json!([]),
    }
}

/// The default as a value; a fault in it was found when the models were checked.
pub(crate) fn default_datum(field: &Field) -> Datum {
    scalar::decode(field, &default_json(field)).unwrap_or(Datum::Null)
}

/// The values a new record starts with, or a replaced one falls back to.
pub(crate) fn defaults(entity: &Entity) -> Vec<Datum> {
    entity.model.fields.iter().map(default_datum).collect()
}
