//! One typed value between JSON and PostgreSQL.

use std::net::IpAddr;

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use ipnet::IpNet;
use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};
use serde_json::Value;
use uuid::Uuid;

/// A value of a field. Its JSON form (`Serialize`) is both what goes over the wire and what PostgreSQL
/// parses back in `json_to_recordset`.
#[derive(Clone, Debug, PartialEq)]
pub enum Datum {
    /// No value.
    Null,
    /// `boolean`.
    Bool(bool),
    /// `bigint`.
    Int(i64),
    /// `double precision`: decimals of at most 15 digits.
    Float(f64),
    /// `text`: text, long text, choices.
    Text(String),
    /// `timestamptz`, microseconds.
    Time(DateTime<Utc>),
    /// `date`.
    Date(NaiveDate),
    /// `uuid`: ids and references.
    Uuid(Uuid),
    /// A generic reference: model and id.
    Typed(&'static str, Uuid),
    /// `inet` of one host.
    Ip(IpAddr),
    /// `cidr`: no bit set behind the length.
    Net(IpNet),
    /// `inet` with the length of its network.
    Interface(IpNet),
    /// `text[]`.
    Texts(Vec<String>),
    /// `bigint[]`.
    Ints(Vec<i64>),
    /// `uuid[]`.
    Uuids(Vec<Uuid>),
    /// `cidr[]`.
    Nets(Vec<IpNet>),
    /// `jsonb`.
    Json(Value),
    /// What is stored of a secret: sealed bytes (empty for a password, whose digest never leaves the
    /// database) and when they were set. Never serialised as such.
    Sealed(Sealed),
}

/// The stored state of a secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed {
    /// The sealed bytes; empty for a password.
    pub bytes: Vec<u8>,
    /// When it was set.
    pub set_at: Option<DateTime<Utc>>,
}

impl std::fmt::Debug for Sealed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[sealed]")
    }
}

/// RFC 3339 in UTC with a `Z` and as many digits as needed.
pub fn time_text(time: &DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

impl Datum {
    /// No value?
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The text shown for a record whose display field has this value; also a CSV cell.
    pub fn display(&self) -> String {
        match self {
            Self::Null | Self::Sealed(_) => String::new(),
            Self::Bool(value) => value.to_string(),
            Self::Int(value) => value.to_string(),
            Self::Float(value) => value.to_string(),
            Self::Text(value) => value.clone(),
            Self::Time(value) => time_text(value),
            Self::Date(value) => value.to_string(),
            Self::Uuid(value) => value.to_string(),
            Self::Typed(model, id) => format!("{model}:{id}"),
            Self::Ip(value) => value.to_string(),
            Self::Net(value) | Self::Interface(value) => value.to_string(),
            Self::Texts(values) => list_text(values.iter().map(String::as_str)),
            Self::Ints(values) => list_text(values.iter().map(ToString::to_string)),
            Self::Uuids(values) => list_text(values.iter().map(ToString::to_string)),
            Self::Nets(values) => list_text(values.iter().map(ToString::to_string)),
            Self::Json(value) => value.to_string(),
        }
    }
}

/// `a,b,c`, or a JSON array when an item holds a comma or looks like one.
pub(crate) fn list_text<T: AsRef<str>>(items: impl Iterator<Item = T>) -> String {
    let items: Vec<String> = items.map(|item| item.as_ref().to_owned()).collect();
    if items.iter().any(|item| item.contains(',') || item.starts_with('[') || item.trim() != item) {
        serde_json::json!(items).to_string()
    } else {
        items.join(",")
    }
}

impl Serialize for Datum {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null | Self::Sealed(_) => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Int(value) => serializer.serialize_i64(*value),
            Self::Float(value) => serializer.serialize_f64(*value),
            Self::Text(value) => serializer.serialize_str(value),
            Self::Time(value) => serializer.serialize_str(&time_text(value)),
            Self::Date(value) => serializer.collect_str(value),
            Self::Uuid(value) => serializer.collect_str(value),
            Self::Typed(model, id) => {
                let mut map = serializer.serialize_map(Some(2))?;
                map.serialize_entry("type", model)?;
                map.serialize_entry("id", id)?;
                map.end()
            }
            Self::Ip(value) => serializer.collect_str(value),
            Self::Net(value) | Self::Interface(value) => serializer.collect_str(value),
            Self::Texts(values) => values.serialize(serializer),
            Self::Ints(values) => values.serialize(serializer),
            Self::Uuids(values) => values.serialize(serializer),
            Self::Nets(values) => serializer.collect_seq(values.iter().map(ToString::to_string)),
            Self::Json(value) => value.serialize(serializer),
        }
    }
}

macro_rules! from {
    ($($type:ty => $variant:ident),* $(,)?) => {
        $(impl From<$type> for Datum {
            fn from(value: $type) -> Self {
                Self::$variant(value.into())
            }
        })*
    };
}

from!(bool => Bool, i64 => Int, f64 => Float, NaiveDate => Date, String => Text, &str => Text, DateTime<Utc> => Time, Uuid => Uuid,
    IpAddr => Ip, IpNet => Net);

impl<T: Into<Datum>> From<Option<T>> for Datum {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}
