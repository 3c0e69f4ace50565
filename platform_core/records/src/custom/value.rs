//! Is a value one of its definition? Pure; references are looked up elsewhere.

use chrono::{DateTime, NaiveDate, NaiveDateTime};
use serde_json::Value;

use super::definition::{Definition, Kind};
use super::{base, looks_stored};
use crate::query::shown;

/// Schemes of addresses that a custom field may hold: what a browser opens without running it.
const SCHEMES: [&str; 14] = [
    "file", "ftp", "ftps", "http", "https", "irc", "mailto", "sftp", "ssh", "tel", "telnet", "tftp", "vnc",
    "xmpp",
];
/// Longest text, characters.
const MAX_TEXT: usize = 65_536;
/// Most items of a list.
pub(crate) const MAX_ITEMS: usize = 1_000;

/// Why a value was refused: code and message.
pub(crate) type Refused = (&'static str, String);

/// What a required field must not be.
pub(crate) const NOTHING: (&str, &str) = ("required", "Required field cannot be empty.");

/// No value: null, an empty text, an empty list.
pub(crate) fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

/// The value as it is stored. References pass: they are looked up by the caller.
pub(crate) fn check(definition: &Definition, value: &Value) -> Result<Value, Refused> {
    // An empty text is a client's way to say that there is no value.
    if value.is_null() || value.as_str() == Some("") {
        return Ok(value.clone());
    }
    let wrong = |expected: &str| Err(("wrong_type", format!("Value must be {expected}.")));
    match definition.kind {
        Kind::Text | Kind::LongText | Kind::Url => match value.as_str() {
            Some(text) => self::text(definition, text),
            None => wrong("a string"),
        },
        Kind::Integer => match value.as_i64() {
            Some(_) => in_range(definition, value),
            None => wrong("an integer"),
        },
        Kind::Decimal if value.is_number() => in_range(definition, value),
        Kind::Decimal => wrong("a decimal"),
        Kind::Boolean if value.is_boolean() => Ok(value.clone()),
        Kind::Boolean => wrong("true or false"),
        Kind::Date => date(value),
        Kind::DateTime => time(value),
        Kind::Json => json(definition, value),
        Kind::Select => chosen(definition, value, std::slice::from_ref(value)),
        Kind::MultiSelect => match value.as_array() {
            Some(items) if items.len() <= MAX_ITEMS => chosen(definition, value, items),
            _ => no_choice(definition, value),
        },
        Kind::Object | Kind::MultiObject => Ok(value.clone()),
    }
}

fn text(definition: &Definition, text: &str) -> Result<Value, Refused> {
    let refused = |code, message: String| Err((code, message));
    if text.contains('\0') || text.chars().count() > MAX_TEXT {
        return refused("too_long", format!("Value must have at most {MAX_TEXT} characters and no NUL."));
    }
    let text = if definition.kind == Kind::Url { address(text)? } else { text.to_owned() };
    if let Some(pattern) = &definition.regex {
        // A pattern that no longer compiles was refused when it was defined.
        let fits = regex::Regex::new(pattern).is_ok_and(|regex| regex.is_match(&text));
        if !fits {
            return refused("no_match", format!("Value must match regex '{}'", shown(pattern)));
        }
    }
    Ok(Value::from(text))
}

/// An address; one without a scheme is a web address.
fn address(text: &str) -> Result<String, Refused> {
    match text.split_once(':') {
        Some((scheme, _)) if !scheme.contains(['/', '.']) => {
            if SCHEMES.contains(&scheme.to_ascii_lowercase().as_str()) {
                return Ok(text.to_owned());
            }
            Err(("invalid", format!("URLs must use one of the schemes {}.", SCHEMES.join(", "))))
        }
        _ => Ok(format!("https://{text}")),
    }
}

fn in_range(definition: &Definition, value: &Value) -> Result<Value, Refused> {
    let number = value.as_f64().unwrap_or(f64::NAN);
    if let Some(minimum) = definition.minimum.filter(|minimum| number < *minimum) {
        return Err(("out_of_range", format!("Value must be at least {minimum}")));
    }
    if let Some(maximum) = definition.maximum.filter(|maximum| number > *maximum) {
        return Err(("out_of_range", format!("Value must not exceed {maximum}")));
    }
    Ok(value.clone())
}

fn date(value: &Value) -> Result<Value, Refused> {
    let fits = |text: &&str| text.len() == 10 && text.parse::<NaiveDate>().is_ok();
    match value.as_str().filter(fits) {
        Some(_) => Ok(value.clone()),
        None => Err(("invalid", "Date values must be in ISO 8601 format (YYYY-MM-DD).".to_owned())),
    }
}

/// A time with or without a zone; what is left out is zero.
fn time(value: &Value) -> Result<Value, Refused> {
    let refused = "Date and time values must be in ISO 8601 format (YYYY-MM-DD HH:MM:SS).";
    let text = value.as_str().unwrap_or_default().replacen(' ', "T", 1);
    if DateTime::parse_from_rfc3339(&text).is_ok() {
        return Ok(Value::from(text));
    }
    let plain = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M"]
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(&text, format).ok())
        .or_else(|| text.parse::<NaiveDate>().ok().and_then(|date| date.and_hms_opt(0, 0, 0)));
    match plain {
        Some(time) => Ok(Value::from(time.format("%Y-%m-%dT%H:%M:%S%.f").to_string())),
        None => Err(("invalid", refused.to_owned())),
    }
}

fn json(definition: &Definition, value: &Value) -> Result<Value, Refused> {
    if looks_stored(value) || value.as_array().is_some_and(|items| items.iter().any(looks_stored)) {
        return Err(("invalid", "The name `$record` is reserved.".to_owned()));
    }
    if let Some(schema) = &definition.schema {
        let validator = validator(schema).map_err(|text| ("invalid", text))?;
        if let Err(error) = validator.validate(value) {
            let text = shown(&error.to_string());
            return Err(("no_match", format!("Value does not conform to the assigned schema: {text}")));
        }
    }
    Ok(value.clone())
}

/// A JSON Schema, compiled. It may refer to nothing outside of itself.
pub(super) fn validator(schema: &Value) -> Result<jsonschema::Validator, String> {
    jsonschema::options().build(schema).map_err(|error| format!("This is no JSON schema: {error}"))
}

fn chosen(definition: &Definition, value: &Value, items: &[Value]) -> Result<Value, Refused> {
    let known = definition.choices.as_ref().map(|(_, values)| values.as_slice()).unwrap_or_default();
    let is_known = |text: &str| known.iter().any(|known| known == text) || base::has(&definition.base, text);
    let fits = |item: &Value| item.as_str().is_some_and(is_known);
    if items.iter().all(fits) { Ok(value.clone()) } else { no_choice(definition, value) }
}

fn no_choice(definition: &Definition, value: &Value) -> Result<Value, Refused> {
    let set = definition.choices.as_ref().map(|(name, _)| name.as_str()).unwrap_or_default();
    let text = shown(&value.to_string());
    Err(("invalid_choice", format!("Invalid choice ({text}) for choice set {set}.")))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn definition(word: &str) -> Definition {
        Definition {
            name: "f".into(),
            kind: Kind::of(word).expect("a kind"),
            required: false,
            unique: false,
            default: Value::Null,
            target: None,
            minimum: Some(-1.0),
            maximum: Some(10.0),
            regex: (word == "text").then(|| "^[A-Z]+$".to_owned()),
            schema: Some(json!({"type": "object", "required": ["a"]})),
            choices: Some(("CS".into(), vec!["a".into(), "3".into()])),
            base: "ISO_3166".into(),
        }
    }

    #[test]
    fn values_fit_their_definition_or_are_refused() {
        let good: &[(&str, Value, Value)] = &[
            ("text", json!("ABC"), json!("ABC")),
            ("text", json!(""), json!("")),
            ("text", Value::Null, Value::Null),
            ("longtext", json!("a\nb"), json!("a\nb")),
            ("integer", json!(5), json!(5)),
            ("integer", json!(10), json!(10)),
            ("decimal", json!(1.5), json!(1.5)),
            ("decimal", json!(-1), json!(-1)),
            ("boolean", json!(false), json!(false)),
            ("date", json!("2020-01-02"), json!("2020-01-02")),
            ("datetime", json!("2020-01-02T03:04:05Z"), json!("2020-01-02T03:04:05Z")),
            ("datetime", json!("2020-01-02T03:04:05+02:00"), json!("2020-01-02T03:04:05+02:00")),
            ("datetime", json!("2020-01-02 03:04"), json!("2020-01-02T03:04:00")),
            ("datetime", json!("2020-01-02"), json!("2020-01-02T00:00:00")),
            ("url", json!("https://example.net/x?y=1"), json!("https://example.net/x?y=1")),
            ("url", json!("example.net/a:b"), json!("https://example.net/a:b")),
            ("url", json!("mailto:a@example.net"), json!("mailto:a@example.net")),
            ("json", json!({"a": 1}), json!({"a": 1})),
            ("select", json!("3"), json!("3")),
            ("select", json!("DE"), json!("DE")),
            ("multiselect", json!(["a", "a"]), json!(["a", "a"])),
            ("multiselect", json!([]), json!([])),
        ];
        for (word, given, stored) in good {
            assert_eq!(check(&definition(word), given).as_ref(), Ok(stored), "{word} {given}");
        }
        let bad: &[(&str, Value, &str)] = &[
            ("text", json!("abc"), "no_match"),
            ("text", json!(5), "wrong_type"),
            ("text", json!("A\0"), "too_long"),
            ("integer", json!(-2), "out_of_range"),
            ("integer", json!(11), "out_of_range"),
            ("integer", json!("5"), "wrong_type"),
            ("integer", json!(5.0), "wrong_type"),
            ("integer", json!(true), "wrong_type"),
            ("decimal", json!("1.5"), "wrong_type"),
            ("decimal", json!(10.01), "out_of_range"),
            ("decimal", json!(true), "wrong_type"),
            ("boolean", json!(1), "wrong_type"),
            ("date", json!("2020-13-01"), "invalid"),
            ("date", json!("2020-01-02T00:00:00Z"), "invalid"),
            ("date", json!(5), "invalid"),
            ("datetime", json!("x"), "invalid"),
            ("datetime", json!(5), "invalid"),
            ("url", json!("javascript:alert(1)"), "invalid"),
            ("url", json!(5), "wrong_type"),
            ("json", json!({"b": 1}), "no_match"),
            ("json", json!({"a": 1, "$record": "x"}), "invalid"),
            ("select", json!("Alpha"), "invalid_choice"),
            ("select", json!(3), "invalid_choice"),
            ("select", json!(["a"]), "invalid_choice"),
            ("multiselect", json!("a"), "invalid_choice"),
            ("multiselect", json!(["c"]), "invalid_choice"),
        ];
        for (word, given, code) in bad {
            let refused = check(&definition(word), given).map_err(|(code, _)| code);
            assert_eq!(refused, Err(*code), "{word} {given}");
        }
    }
}
