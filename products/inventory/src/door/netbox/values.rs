//! Plain values of a body: texts, numbers, choices, addresses, as the contract takes them.

use serde_json::Value;

use super::contract::{Endpoint, Fact, Kind, is_choice};
use super::custom;
use super::input::{Messages, bare, message, python_type};

/// A list of plain values.
pub(super) fn several(fact: &Fact, value: &Value) -> Result<Value, Messages> {
    match value {
        Value::Null if fact.nullable => Ok(Value::Null),
        Value::Null => Err(message("This field may not be null.")),
        Value::Array(items)
            if matches!(fact.kind, Kind::Int | Kind::Text | Kind::Slug | Kind::ContentType) =>
        {
            items.iter().map(|item| scalar(fact, item)).collect::<Result<Vec<_>, _>>().map(Value::Array)
        }
        Value::Array(_) => Ok(value.clone()),
        other => Err(message(format!("Expected a list of items but got type \"{}\".", python_type(other)))),
    }
}

/// A plain value.
pub(super) fn scalar(fact: &Fact, value: &Value) -> Result<Value, Messages> {
    match fact.kind {
        Kind::Choice | Kind::ChoicePlain => return choice(fact, value),
        _ if value.is_null() => {
            return if fact.nullable { Ok(Value::Null) } else { Err(message("This field may not be null.")) };
        }
        _ => {}
    }
    match fact.kind {
        // A postal address has a greatest length, one of a network has none.
        Kind::Text | Kind::Slug
            if fact.max_length.is_some()
                || !matches!(fact.name.as_str(), "prefix" | "address" | "start_address" | "end_address") =>
        {
            text(fact, value)
        }
        Kind::Int => whole(fact, value),
        Kind::Decimal => decimal(fact, value),
        Kind::Bool => boolean(value),
        Kind::ContentType => content_type(fact, value),
        Kind::CustomFields => custom_fields(value),
        _ => match (fact.name.as_str(), fact.column.as_deref()) {
            ("prefix", Some("prefix")) => network(value),
            ("address" | "start_address" | "end_address", Some(_)) => interface(value),
            _ => Ok(value.clone()),
        },
    }
}

/// A content type as the name of our model.
fn content_type(fact: &Fact, value: &Value) -> Result<Value, Messages> {
    let Some(text) = value.as_str() else {
        return Err(message("Invalid value. Specify a content type as '<app_label>.<model_name>'."));
    };
    let allowed = fact.types.as_ref().is_none_or(|types| types.iter().any(|known| known == text));
    match Endpoint::of_kind(text).filter(|_| allowed) {
        Some(endpoint) => Ok(Value::from(endpoint.model.as_str())),
        None => Err(message(format!("Invalid content type: {text}"))),
    }
}

/// Values of custom fields; the engine knows the definitions.
fn custom_fields(value: &Value) -> Result<Value, Messages> {
    match value {
        Value::Object(_) => Ok(custom::given(value)),
        _ => Err(message(
            "Invalid data format. Custom field data must be passed as a dictionary mapping field names to their values.",
        )),
    }
}

/// A network, or one address.
fn network(value: &Value) -> Result<Value, Messages> {
    let text = address_text(value)?;
    let invalid = || message(format!("Invalid IP prefix format: {text}"));
    let net = match (masked(text), text.parse::<std::net::IpAddr>()) {
        (Some(net), _) => net,
        (None, Ok(address)) => ipnet::IpNet::from(address),
        _ => return Err(invalid()),
    };
    if net.addr() != net.network() {
        return Err(message(format!("{text} is not a valid prefix. Did you mean {}?", net.trunc())));
    }
    if net.prefix_len() == 0 {
        return Err(message("Cannot create prefix with /0 mask."));
    }
    Ok(Value::from(net.to_string()))
}

/// An address with the length of its network; alone it is one host.
fn interface(value: &Value) -> Result<Value, Messages> {
    let text = address_text(value)?;
    let net = match (masked(text), text.parse::<std::net::IpAddr>()) {
        (Some(net), _) => net,
        (None, Ok(address)) => ipnet::IpNet::from(address),
        _ => return Err(message(format!("Invalid IP address format: {text}"))),
    };
    if net.prefix_len() == 0 {
        return Err(message("Cannot create IP address with /0 mask."));
    }
    Ok(Value::from(net.to_string()))
}

/// With a length, or with a mask.
fn masked(text: &str) -> Option<ipnet::IpNet> {
    let (address, mask) = text.split_once('/')?;
    let address: std::net::IpAddr = address.parse().ok()?;
    match (mask.parse::<u8>(), mask.parse::<std::net::IpAddr>()) {
        (Ok(length), _) => ipnet::IpNet::new(address, length).ok(),
        (_, Ok(mask)) => ipnet::IpNet::with_netmask(address, mask).ok(),
        _ => None,
    }
}

fn address_text(value: &Value) -> Result<&str, Messages> {
    match value {
        Value::String(text) => Ok(text),
        other => Err(message(format!("unexpected type <class '{}'> for addr arg", python_type(other)))),
    }
}

fn choice(fact: &Fact, value: &Value) -> Result<Value, Messages> {
    match value {
        Value::Null => none(fact),
        Value::String(text) if text.is_empty() => none(fact),
        Value::Array(_) | Value::Object(_) => Err(message(
            "Value must be passed directly (e.g. \"foo\": 123); do not use a dictionary or list.",
        )),
        value => {
            #[expect(clippy::cast_possible_truncation, reason = "19.0 is 19")]
            let given = match value {
                Value::Number(number) if number.is_f64() => {
                    (number.as_f64().unwrap_or_default() as i64).to_string()
                }
                value => bare(value),
            };
            let known = fact.choices().iter().any(|(raw, _)| is_choice(raw, &given));
            if known {
                Ok(Value::String(given))
            } else {
                Err(message(format!("{} is not a valid choice.", bare(value))))
            }
        }
    }
}

fn none(fact: &Fact) -> Result<Value, Messages> {
    if fact.blank || fact.nullable { Ok(Value::Null) } else { Err(message("This field may not be blank.")) }
}

fn text(fact: &Fact, value: &Value) -> Result<Value, Messages> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return Err(message("Not a valid string.")),
    };
    if text.contains('\0') {
        return Err(message("Null characters are not allowed."));
    }
    if text.is_empty() {
        return if fact.blank || fact.nullable {
            Ok(Value::Null)
        } else {
            Err(message("This field may not be blank."))
        };
    }
    if let Some(max) = fact.max_length
        && text.chars().count() > max
    {
        return Err(message(format!("Ensure this field has no more than {max} characters.")));
    }
    let slug =
        |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    if fact.kind == Kind::Slug && !slug(&text) {
        return Err(message(
            "Enter a valid \"slug\" consisting of letters, numbers, underscores or hyphens.",
        ));
    }
    Ok(Value::String(text))
}

fn limits(fact: &Fact, number: f64) -> Messages {
    let mut messages = Vec::new();
    let limit = |value: &Option<Value>| {
        value.as_ref().and_then(|value| match value {
            Value::String(text) => text.parse::<f64>().ok().map(|number| (number, text.clone())),
            value => value.as_f64().map(|number| (number, value.to_string())),
        })
    };
    if let Some((_, text)) = limit(&fact.max).filter(|(max, _)| number > *max) {
        messages.push(format!("Ensure this value is less than or equal to {text}."));
    }
    if let Some((_, text)) = limit(&fact.min).filter(|(min, _)| number < *min) {
        messages.push(format!("Ensure this value is greater than or equal to {text}."));
    }
    messages
}

#[expect(clippy::cast_precision_loss, reason = "limits are far below 2^53")]
fn whole(fact: &Fact, value: &Value) -> Result<Value, Messages> {
    let invalid = || message("A valid integer is required.");
    let number = match value {
        Value::Number(number) if number.is_f64() => {
            let float = number.as_f64().unwrap_or_default();
            #[expect(clippy::cast_possible_truncation, reason = "checked to be whole")]
            if float.fract() == 0.0 && float.abs() < 9e15 { float as i64 } else { return Err(invalid()) }
        }
        Value::Number(number) => number.as_i64().ok_or_else(invalid)?,
        Value::String(text) => text.trim().trim_end_matches(".0").parse().map_err(|_| invalid())?,
        Value::Bool(flag) => i64::from(*flag),
        _ => return Err(invalid()),
    };
    let messages = limits(fact, number as f64);
    if messages.is_empty() { Ok(Value::from(number)) } else { Err(messages) }
}

fn decimal(fact: &Fact, value: &Value) -> Result<Value, Messages> {
    let invalid = || message("A valid number is required.");
    let text = match value {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.trim().to_owned(),
        _ => return Err(invalid()),
    };
    let number: f64 = text.parse().map_err(|_| invalid())?;
    if !number.is_finite() {
        return Err(invalid());
    }
    let plain = text.trim_start_matches(['-', '+']);
    let (whole, part) = plain.split_once('.').unwrap_or((plain, ""));
    let whole = whole.trim_start_matches('0');
    let (digits, places) = (fact.digits.unwrap_or(15), fact.places.unwrap_or(6));
    if whole.len() + part.len() > digits {
        return Err(message(format!("Ensure that there are no more than {digits} digits in total.")));
    }
    if part.len() > places {
        return Err(message(format!("Ensure that there are no more than {places} decimal places.")));
    }
    if whole.len() > digits.saturating_sub(places) {
        let before = digits.saturating_sub(places);
        return Err(message(format!(
            "Ensure that there are no more than {before} digits before the decimal point."
        )));
    }
    let messages = limits(fact, number);
    if messages.is_empty() { Ok(Value::from(number)) } else { Err(messages) }
}

fn boolean(value: &Value) -> Result<Value, Messages> {
    let text = bare(value).to_lowercase();
    match text.as_str() {
        "true" | "1" | "t" | "y" | "yes" | "on" => Ok(Value::Bool(true)),
        "false" | "0" | "f" | "n" | "no" | "off" => Ok(Value::Bool(false)),
        _ => Err(message("Must be a valid boolean.")),
    }
}
