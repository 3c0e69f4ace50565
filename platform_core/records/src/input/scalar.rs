//! One JSON value into one typed value, with the reason when it is none.

use std::net::IpAddr;

use chrono::{DateTime, NaiveDate, SubsecRound, Utc};
use ipnet::IpNet;
use kit::record::{Choice, Field, FieldKind, Format};
use serde_json::Value;
use uuid::Uuid;

use crate::datum::Datum;
use crate::query::shown;

/// Longest JSON text of a JSON field, bytes.
const MAX_JSON: usize = 64 * 1024;
/// Deepest JSON of a JSON field.
const MAX_JSON_DEPTH: usize = 32;
/// Most records in a reference list.
pub(crate) const MAX_REFERENCES: usize = 1_000;

/// Why a value was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// Machine-readable code.
    pub code: &'static str,
    /// What is wrong and what is expected.
    pub message: String,
    /// Item of a list, when one of it is wrong.
    pub item: Option<usize>,
}

impl Wrong {
    pub(crate) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), item: None }
    }
}

type Checked = Result<Datum, Wrong>;

/// A value of a field. References and secrets are not decoded here: they need the database.
///
/// # Errors
/// What is wrong with it, what is expected.
pub fn decode(field: &Field, value: &Value) -> Checked {
    match (decode_kind(&field.kind, value)?, field.format) {
        (Datum::Text(text), format) if format != Format::Plain => formatted(&text, format).map(Datum::Text),
        (datum, _) => Ok(datum),
    }
}

/// The text in the form it is stored in.
fn formatted(text: &str, format: Format) -> Result<String, Wrong> {
    let refused = |expected: &str| Err(Wrong::new("invalid", format!("Expected is {expected}.")));
    match format {
        // Names of models are looked up where the models are known.
        Format::Plain | Format::Model => Ok(text.to_owned()),
        Format::Lower => Ok(text.to_lowercase()),
        Format::Slug if text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_') => {
            Ok(text.to_owned())
        }
        Format::Slug => refused("a short name of letters, digits, `-` and `_`"),
        Format::Color if text.len() == 6 && text.chars().all(|c| c.is_ascii_hexdigit()) => {
            Ok(text.to_ascii_lowercase())
        }
        Format::Color => refused("a colour as six hexadecimal digits, like 9e9e9e"),
        Format::Mac => mac(text).map_or_else(|| refused("a MAC address like 00:1A:2B:3C:4D:5E"), Ok),
        Format::Url if has_scheme(text) => Ok(text.to_owned()),
        Format::Url => refused("an address with a scheme, like https://example.net/"),
        Format::Email => match text.split_once('@') {
            Some((name, host))
                if !name.is_empty() && !host.is_empty() && !text.contains(char::is_whitespace) =>
            {
                Ok(text.to_owned())
            }
            _ => refused("an e-mail address like alice@example.net"),
        },
    }
}

/// RFC 3986: a letter, then letters, digits, `+`, `-`, `.`.
fn has_scheme(text: &str) -> bool {
    text.split_once(':').is_some_and(|(scheme, rest)| {
        !rest.is_empty()
            && scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
            && !text.contains(char::is_whitespace)
    })
}

/// EUI-48 or EUI-64 in any notation of pairs or fours, as `AA:BB:CC:00:11:22`.
fn mac(text: &str) -> Option<String> {
    let separators = [':', '-', '.', ' '];
    let digits: Vec<char> = text.chars().filter(|c| !separators.contains(c)).collect();
    let good = (digits.len() == 12 || digits.len() == 16) && digits.iter().all(char::is_ascii_hexdigit);
    let pairs: Vec<String> =
        digits.chunks(2).map(|pair| pair.iter().collect::<String>().to_ascii_uppercase()).collect();
    good.then(|| pairs.join(":"))
}

/// A value of a kind; null and the empty text are no value.
pub(crate) fn decode_kind(kind: &FieldKind, value: &Value) -> Checked {
    if value.is_null() {
        return Ok(Datum::Null);
    }
    match kind {
        FieldKind::Text { max } => text(value, *max, false),
        FieldKind::LongText { max } => text(value, *max, true),
        FieldKind::Integer { min, max } => integer(value, *min, *max),
        FieldKind::Decimal { digits, places } => decimal(value, *digits, *places),
        FieldKind::Date => parsed(value, "a date like 2026-11-25", |text| {
            (text.len() == 10).then(|| text.parse::<NaiveDate>().ok()).flatten().map(Datum::Date)
        }),
        FieldKind::Boolean => match value {
            Value::Bool(value) => Ok(Datum::Bool(*value)),
            other => Err(type_error("true or false", other)),
        },
        FieldKind::DateTime => time(value),
        FieldKind::Uuid | FieldKind::Reference { .. } => parsed(value, "a uuid", |text| {
            (text.len() == 36).then(|| Uuid::try_parse(text).ok()).flatten().map(Datum::Uuid)
        }),
        FieldKind::Choice(choices) => choice(value, choices),
        FieldKind::Ip => ip(value),
        FieldKind::Interface => interface(value),
        FieldKind::Prefix => prefix(value),
        FieldKind::IntegerList { max_items, min, max } => {
            let items = list(value, *max_items as usize, |item| match integer(item, *min, *max)? {
                Datum::Int(number) => Ok(number),
                _ => Err(Wrong::new("required", "An item must not be empty.")),
            })?;
            Ok(Datum::Ints(items))
        }
        FieldKind::Generic { .. } | FieldKind::Count { .. } => {
            Err(Wrong::new("read_only", "This cannot be given here."))
        }
        FieldKind::TextList { max_items, max } => {
            let items = list(value, *max_items as usize, |item| match text(item, *max, false)? {
                Datum::Text(text) => Ok(text),
                _ => Err(Wrong::new("required", "An item must not be empty.")),
            })?;
            Ok(Datum::Texts(items))
        }
        FieldKind::PrefixList { max_items } => {
            let items = list(value, *max_items as usize, |item| match prefix(item)? {
                Datum::Net(net) => Ok(net),
                _ => Err(Wrong::new("required", "An item must not be empty.")),
            })?;
            Ok(Datum::Nets(items))
        }
        FieldKind::References { .. } => {
            let items = list(value, MAX_REFERENCES, |item| {
                let id = item.as_str().and_then(|text| Uuid::try_parse(text).ok());
                id.ok_or_else(|| type_error("a uuid", item))
            })?;
            Ok(Datum::Uuids(items))
        }
        FieldKind::Json => json(value),
        FieldKind::Custom if value.is_object() => json(value),
        FieldKind::Custom => Err(type_error("an object with the fields by their names", value)),
        FieldKind::Secret { min, max } | FieldKind::Password { min, max } => secret(value, *min, *max),
    }
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a truth value",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

pub(crate) fn type_error(expected: &str, value: &Value) -> Wrong {
    Wrong::new("wrong_type", format!("Expected is {expected}, not {}.", kind_of(value)))
}

/// Refuses what PostgreSQL cannot hold or a line of text must not have.
fn characters(text: &str, lines: bool) -> Result<(), Wrong> {
    if text.contains('\0') {
        return Err(Wrong::new("nul_character", "The NUL character cannot be stored. Remove it."));
    }
    let bad = |c: char| c.is_control() && !(lines && matches!(c, '\n' | '\r' | '\t'));
    if text.chars().any(bad) {
        let what = if lines {
            "Control characters are not allowed."
        } else {
            "Line breaks and control characters are not allowed in one line of text."
        };
        return Err(Wrong::new("control_character", what));
    }
    Ok(())
}

fn text(value: &Value, max: u32, lines: bool) -> Checked {
    let Value::String(text) = value else { return Err(type_error("a text", value)) };
    let text = if lines { text.as_str() } else { text.trim() };
    if text.is_empty() {
        return Ok(Datum::Null);
    }
    characters(text, lines)?;
    let length = text.chars().count();
    if length > max as usize {
        return Err(Wrong::new("too_long", format!("At most {max} characters; this has {length}.")));
    }
    Ok(Datum::Text(text.to_owned()))
}

fn secret(value: &Value, min: u32, max: u32) -> Checked {
    let Value::String(text) = value else { return Err(type_error("a text", value)) };
    if text.is_empty() {
        return Ok(Datum::Null);
    }
    characters(text, true)?;
    let length = text.chars().count();
    if length < min as usize {
        return Err(Wrong::new("too_short", format!("At least {min} characters.")));
    }
    if length > max as usize {
        return Err(Wrong::new("too_long", format!("At most {max} characters.")));
    }
    Ok(Datum::Text(text.clone()))
}

fn integer(value: &Value, min: i64, max: i64) -> Checked {
    let Value::Number(number) = value else { return Err(type_error("a whole number", value)) };
    let outside = || Wrong::new("out_of_range", format!("Expected is a whole number from {min} to {max}."));
    let number = number.as_i64().ok_or_else(outside)?;
    if (min..=max).contains(&number) { Ok(Datum::Int(number)) } else { Err(outside()) }
}

/// A number of at most `digits` digits, `places` of them behind the point.
fn decimal(value: &Value, digits: u8, places: u8) -> Checked {
    let number = match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) if text.trim().is_empty() => return Ok(Datum::Null),
        // Clients that keep decimals exact send them as text.
        Value::String(text) => text.trim().parse().ok(),
        other => return Err(type_error("a number", other)),
    };
    let Some(number) = number.filter(|number: &f64| number.is_finite()) else {
        return Err(type_error("a number", value));
    };
    let bound = 10_f64.powi(i32::from(digits) - i32::from(places));
    if number.abs() >= bound {
        return Err(Wrong::new("out_of_range", format!("Expected is a number below {bound}.")));
    }
    let text = number.to_string();
    let behind = text.split_once('.').map_or(0, |(_, behind)| behind.len());
    if behind > usize::from(places) {
        return Err(Wrong::new("too_precise", format!("At most {places} digits behind the point.")));
    }
    Ok(Datum::Float(number))
}

/// An address with the length of its network; one alone is a host.
fn interface(value: &Value) -> Checked {
    let expected = "an address with the length of its network, like 192.0.2.1/24 or 2001:db8::1/64";
    let Value::String(text) = value else { return Err(type_error(expected, value)) };
    let text = text.trim();
    if text.is_empty() {
        return Ok(Datum::Null);
    }
    let net = text.parse::<IpNet>().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
    net.map(Datum::Interface)
        .map_err(|_| Wrong::new("invalid", format!("`{}` is not {expected}.", shown(text))))
}

fn parsed(value: &Value, expected: &str, parse: impl Fn(&str) -> Option<Datum>) -> Checked {
    let Value::String(text) = value else { return Err(type_error(expected, value)) };
    if text.is_empty() {
        return Ok(Datum::Null);
    }
    parse(text).ok_or_else(|| Wrong::new("invalid", format!("`{}` is not {expected}.", shown(text))))
}

fn time(value: &Value) -> Checked {
    parsed(value, "a time like 2026-11-25T13:05:00Z (RFC 3339, with time zone)", |text| {
        let time = DateTime::parse_from_rfc3339(text).ok()?.with_timezone(&Utc).trunc_subsecs(6);
        // What PostgreSQL and RFC 3339 can both hold.
        (0..=9_999).contains(&chrono::Datelike::year(&time)).then_some(Datum::Time(time))
    })
}

fn choice(value: &Value, choices: &[Choice]) -> Checked {
    let Value::String(text) = value else { return Err(type_error("a text", value)) };
    if text.is_empty() {
        return Ok(Datum::Null);
    }
    if choices.iter().any(|choice| choice.value == text) {
        return Ok(Datum::Text(text.clone()));
    }
    let known: Vec<&str> = choices.iter().map(|choice| choice.value).collect();
    let message = format!("`{}` is none of the values: {}.", shown(text), known.join(", "));
    Err(Wrong::new("invalid_choice", message))
}

fn ip(value: &Value) -> Checked {
    let expected = "an IPv4 or IPv6 address";
    let Value::String(text) = value else { return Err(type_error(expected, value)) };
    let text = text.trim();
    if text.is_empty() {
        return Ok(Datum::Null);
    }
    if let Ok(address) = text.parse::<IpAddr>() {
        return Ok(Datum::Ip(address));
    }
    match text.parse::<IpNet>() {
        Ok(net) if net.prefix_len() == net.max_prefix_len() => Ok(Datum::Ip(net.addr())),
        Ok(net) => Err(Wrong::new(
            "invalid",
            format!("Expected is an address without a length; `{}` would be {}.", shown(text), net.addr()),
        )),
        Err(_) => Err(Wrong::new("invalid", format!("`{}` is not {expected}.", shown(text)))),
    }
}

fn prefix(value: &Value) -> Checked {
    let expected = "a network like 10.0.0.0/8 or 2001:db8::/32";
    let Value::String(text) = value else { return Err(type_error(expected, value)) };
    let text = text.trim();
    if text.is_empty() {
        return Ok(Datum::Null);
    }
    if let Ok(address) = text.parse::<IpAddr>() {
        return Err(Wrong::new(
            "invalid",
            format!("Expected is {expected}. For this one address write {}.", IpNet::from(address)),
        ));
    }
    let net: IpNet =
        text.parse().map_err(|_| Wrong::new("invalid", format!("`{}` is not {expected}.", shown(text))))?;
    if net.trunc() != net {
        return Err(Wrong::new(
            "host_bits",
            format!("{net} has bits set behind the length. The network is {}.", net.trunc()),
        ));
    }
    Ok(Datum::Net(net))
}

/// Checks a list item by item; the first wrong one names its position.
pub(crate) fn list<T>(
    value: &Value,
    max: usize,
    item: impl Fn(&Value) -> Result<T, Wrong>,
) -> Result<Vec<T>, Wrong> {
    let Value::Array(items) = value else { return Err(type_error("a list", value)) };
    if items.len() > max {
        return Err(Wrong::new("too_long", format!("At most {max} items; these are {}.", items.len())));
    }
    let checked = items
        .iter()
        .enumerate()
        .map(|(at, value)| item(value).map_err(|wrong| Wrong { item: Some(at), ..wrong }));
    checked.collect()
}

/// Depth of nesting, counted without recursion deeper than `limit`.
fn depth(value: &Value, limit: usize) -> usize {
    let below = |value: &Value| if limit == 0 { 1 } else { depth(value, limit - 1) };
    match value {
        Value::Array(items) => 1 + items.iter().map(below).max().unwrap_or(0),
        Value::Object(members) => 1 + members.values().map(below).max().unwrap_or(0),
        _ => 0,
    }
}

fn has_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().any(has_nul),
        Value::Object(members) => members.iter().any(|(name, value)| name.contains('\0') || has_nul(value)),
        _ => false,
    }
}

fn json(value: &Value) -> Checked {
    if depth(value, MAX_JSON_DEPTH) > MAX_JSON_DEPTH {
        return Err(Wrong::new("too_deep", format!("At most {MAX_JSON_DEPTH} levels of nesting.")));
    }
    if has_nul(value) {
        return Err(Wrong::new("nul_character", "The NUL character cannot be stored. Remove it."));
    }
    let length = value.to_string().len();
    if length > MAX_JSON {
        return Err(Wrong::new("too_long", format!("At most {MAX_JSON} bytes of JSON; this has {length}.")));
    }
    Ok(Datum::Json(value.clone()))
}
