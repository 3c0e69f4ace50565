//! Bodies of writes: checked field by field as the contract does, into fields of our records.

use std::fmt::Write as _;

use serde_json::{Map, Value};

use super::contract::{self, Endpoint, Fact, Kind};
use super::errors::{Errors, add};
use super::mac::{self, Mac};
use super::parts::{self, Rows};
use super::tokens;
use super::users;
use super::values::{scalar, several};

/// A reference as given.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Key {
    /// By the contract's id.
    Number(i64),
    /// By attributes, `a__b` for what a reference leads to.
    By(Map<String, Value>),
}

/// A value of one of our fields.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Given {
    /// As it is.
    Value(Value),
    /// What the endpoint has under the key.
    One(&'static Endpoint, Key),
    /// Several of them.
    Many(&'static Endpoint, Vec<Key>),
}

/// What a body asks of tags beside setting them.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Tags {
    pub(super) add: Vec<Key>,
    pub(super) remove: Vec<Key>,
}

/// A checked body.
#[derive(Debug, Default)]
pub(super) struct Input {
    /// Our field, the contract's name, the value.
    pub(super) fields: Vec<(String, String, Given)>,
    pub(super) tags: Tags,
    /// Records of their own that belong to the object.
    pub(super) parts: Vec<Rows>,
    /// The primary MAC address of an interface.
    pub(super) mac: Mac,
}

impl Input {
    /// A value of the column behind a fact; both halves of a generic reference are one.
    fn put(&mut self, fact: &Fact, given: Given) {
        let Some(column) = &fact.column else { return };
        self.fields.retain(|(known, _, _)| known != column || matches!(fact.kind, Kind::GenericType));
        self.fields.push((column.clone(), fact.name.clone(), given));
    }
}

/// How Python names the type of a value.
pub(super) fn python_type(value: &Value) -> &'static str {
    match value {
        Value::Null => "NoneType",
        Value::Bool(_) => "bool",
        Value::Number(number) if number.is_f64() => "float",
        Value::Number(_) => "int",
        Value::String(_) => "str",
        Value::Array(_) => "list",
        Value::Object(_) => "dict",
    }
}

/// How Python writes a value into a message.
pub(super) fn python(value: &Value) -> String {
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::String(text) => format!("'{text}'"),
        Value::Array(items) => format!("[{}]", items.iter().map(python).collect::<Vec<_>>().join(", ")),
        Value::Object(members) => attributes(members),
        Value::Number(number) => number.to_string(),
    }
}

/// `{'name': 'x'}`
pub(super) fn attributes(members: &Map<String, Value>) -> String {
    let mut text = "{".to_owned();
    for (at, (name, value)) in members.iter().enumerate() {
        let _ = write!(text, "{}'{name}': {}", if at > 0 { ", " } else { "" }, python(value));
    }
    text + "}"
}

/// The value without quotes, as messages begin with it.
pub(super) fn bare(value: &Value) -> String {
    value.as_str().map_or_else(|| python(value), str::to_owned)
}

/// Checks a body. `partial`: fields may be missing.
pub(super) fn object(endpoint: &'static Endpoint, body: &Value, partial: bool) -> Result<Input, Errors> {
    let mut errors = Errors::new();
    let Value::Object(members) = body else {
        let text = if body.is_null() {
            "No data provided".to_owned()
        } else {
            format!("Invalid data. Expected a dictionary, but got {}.", python_type(body))
        };
        add(&mut errors, "__all__", text);
        return Err(errors);
    };
    let mut input = Input::default();
    for fact in endpoint.fields.iter().filter(|fact| !fact.read_only) {
        match members.get(&fact.name) {
            None if fact.required && !partial => add(&mut errors, &fact.name, "This field is required."),
            None => {}
            Some(value) if fact.many && fact.kind == Kind::ChoicePlain => {
                match several_choices(fact, value) {
                    Ok(value) => input.put(fact, Given::Value(value)),
                    Err(wrong) => drop(errors.insert(fact.name.clone(), wrong)),
                }
            }
            Some(value) => {
                if let Err(message) = field(endpoint, fact, value, members, &mut input) {
                    let name = wrong_half(endpoint, fact, members, &message);
                    for message in message {
                        add(&mut errors, name, message);
                    }
                }
            }
        }
    }
    tags(members, partial, &mut input, &mut errors);
    if input.mac != Mac::Kept && members.contains_key("primary_mac_address") {
        add(&mut errors, "__all__", "Either 'mac_address' or 'primary_mac_address', not both.");
    }
    users::check(endpoint, members, &mut errors);
    if endpoint.kind == "extras.tableconfig" {
        table(members, &mut errors);
    }
    if errors.is_empty() { Ok(input) } else { Err(errors) }
}

/// Which half of a generic reference a message is about.
fn wrong_half<'a>(
    endpoint: &'a Endpoint,
    fact: &'a Fact,
    members: &Map<String, Value>,
    messages: &Messages,
) -> &'a str {
    let missing = messages.iter().any(|message| message == "This field cannot be null.");
    let about_type = messages.iter().any(|message| message.contains("content type"));
    let other = endpoint.fields.iter().find(|other| {
        other.column == fact.column
            && other.name != fact.name
            && matches!(other.kind, Kind::GenericType | Kind::GenericId)
    });
    match (fact.kind, other) {
        (Kind::GenericId, Some(other)) if about_type => &other.name,
        (Kind::GenericId | Kind::GenericType, Some(other))
            if missing && members.get(&other.name).is_none_or(Value::is_null) =>
        {
            &other.name
        }
        _ => &fact.name,
    }
}

/// Columns of tables beside the fields of what they list.
const COLUMNS: [&str; 3] = ["pk", "actions", "contacts"];

/// The table of a configuration, its columns and its order must be known.
fn table(members: &Map<String, Value>, errors: &mut Errors) {
    let Some(name) = members.get("table").and_then(Value::as_str) else { return };
    let listed = |endpoint: &&Endpoint| name.strip_suffix("Table") == Some(endpoint.class.as_str());
    let Some(endpoint) = contract::endpoints().iter().find(listed) else {
        return add(errors, "table", format!("Unknown table: {name}"));
    };
    for field in ["columns", "ordering"] {
        let names = members.get(field).and_then(Value::as_array).into_iter().flatten();
        for column in names.filter_map(Value::as_str).map(|name| name.trim_start_matches('-')) {
            if endpoint.fact(column).is_none() && !COLUMNS.contains(&column) {
                add(errors, field, format!("Unknown column: {column}"));
            }
        }
    }
}

pub(super) type Messages = Vec<String>;

pub(super) fn message(text: impl Into<String>) -> Messages {
    vec![text.into()]
}

fn field(
    endpoint: &'static Endpoint,
    fact: &'static Fact,
    value: &Value,
    members: &Map<String, Value>,
    input: &mut Input,
) -> Result<(), Messages> {
    if let Some(part) = parts::of(&endpoint.kind, &fact.name) {
        input.parts.push(parts::rows(part, &fact.name, value)?);
        return Ok(());
    }
    if mac::is_text(endpoint, fact) {
        input.mac = mac::given(value)?;
        return Ok(());
    }
    if endpoint.kind == tokens::KIND && tokens::field(fact, value, input)? {
        return Ok(());
    }
    let Some(column) = &fact.column else { return without_column(fact, value) };
    let mut put = |given| input.put(fact, given);
    match fact.kind {
        Kind::Slugs => {
            let target = fact.to.as_deref().and_then(Endpoint::at);
            let Some(target) = target else { return without_column(fact, value) };
            put(Given::Many(target, slugs(value)?));
        }
        Kind::Fk | Kind::Pk => put(match reference(fact, value)? {
            Some((target, key)) => Given::One(target, key),
            None => Given::Value(Value::Null),
        }),
        Kind::M2m => {
            let target = fact.to.as_deref().and_then(Endpoint::at);
            let Some(target) = target else { return without_column(fact, value) };
            put(Given::Many(target, keys(value)?));
        }
        // Both halves together; the other one does nothing more.
        Kind::GenericType | Kind::GenericId => {
            if let Some(given) = generic(endpoint, column, members)? {
                put(given);
            }
        }
        _ if fact.many => put(Given::Value(several(fact, value)?)),
        _ => put(Given::Value(scalar(fact, value)?)),
    }
    Ok(())
}

/// A field that nothing here keeps: what says nothing is fine, everything else is refused.
fn without_column(fact: &Fact, value: &Value) -> Result<(), Messages> {
    let nothing = match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::Bool(flag) => !flag,
        Value::Number(_) => false,
    };
    match (fact.kind, value) {
        // Asks that nothing comes with the type: not passed over.
        (Kind::Bool, Value::Bool(false)) if fact.name == "replicate_components" => {
            Err(message("Components always come with their type here."))
        }
        (Kind::CustomFields, Value::Null) => Err(message("This field may not be null.")),
        (Kind::CustomFields, Value::Object(_)) if nothing => Ok(()),
        (Kind::CustomFields, Value::Object(members)) => Err(members
            .keys()
            .map(|name| format!("Custom field '{name}' does not exist for this object type."))
            .collect()),
        (Kind::CustomFields, _) => Err(message(
            "Invalid data format. Custom field data must be passed as a dictionary mapping field names to their values.",
        )),
        _ if nothing => Ok(()),
        (Kind::Image, _) => {
            Err(message("The submitted data was not a file. Check the encoding type on the form."))
        }
        _ => Err(message("This server does not keep this field yet.")),
    }
}

/// Tags by their slugs.
fn slugs(value: &Value) -> Result<Vec<Key>, Messages> {
    let key = |item: &Value| {
        let mut members = Map::new();
        members.insert("slug".to_owned(), Value::from(bare(item)));
        Key::By(members)
    };
    list(value).map(|items| items.iter().map(key).collect())
}

fn list(value: &Value) -> Result<&[Value], Messages> {
    match value {
        Value::Array(items) => Ok(items),
        Value::Null => Err(message("This field may not be null.")),
        other => Err(message(format!("Expected a list of items but got type \"{}\".", python_type(other)))),
    }
}

/// Several of a set of choices; wrong ones are told by their places.
fn several_choices(fact: &Fact, value: &Value) -> Result<Value, Value> {
    let items = list(value).map_err(Value::from)?;
    if items.is_empty() {
        return Err(Value::from(message("This list may not be empty.")));
    }
    let mut wrong = Map::new();
    for (at, item) in items.iter().enumerate() {
        if let Err(messages) = scalar(fact, item) {
            wrong.insert(at.to_string(), Value::from(messages));
        }
    }
    if wrong.is_empty() { Ok(value.clone()) } else { Err(Value::Object(wrong)) }
}

fn unrecognized(value: &Value) -> Messages {
    message(format!(
        "Related objects must be referenced by numeric ID or by dictionary of attributes. Received an unrecognized value: {}",
        bare(value)
    ))
}

fn not_found(number: &str) -> Messages {
    message(format!("Related object not found using the provided numeric ID: {number}"))
}

pub(super) fn key(value: &Value) -> Result<Key, Messages> {
    match value {
        Value::Bool(flag) => Ok(Key::Number(i64::from(*flag))),
        Value::Number(number) => match number.as_i64() {
            Some(number) => Ok(Key::Number(number)),
            None if number.is_u64() || number.as_f64().is_none_or(|number| number.abs() > 9e15) => {
                Err(not_found(&number.to_string()))
            }
            #[expect(clippy::cast_possible_truncation, reason = "the contract cuts fractions off")]
            None => Ok(Key::Number(number.as_f64().unwrap_or_default() as i64)),
        },
        Value::String(text) => text.trim().parse().map(Key::Number).map_err(|_| unrecognized(value)),
        Value::Object(members) => Ok(Key::By(flattened("", members))),
        Value::Null | Value::Array(_) => Err(unrecognized(value)),
    }
}

/// `{"parent": {"name": "x"}}` as `{"parent__name": "x"}`.
fn flattened(prefix: &str, members: &Map<String, Value>) -> Map<String, Value> {
    let mut flat = Map::new();
    for (name, value) in members {
        let name = format!("{prefix}{name}");
        match value {
            Value::Object(inner) if !inner.is_empty() => flat.extend(flattened(&format!("{name}__"), inner)),
            value => {
                flat.insert(name, value.clone());
            }
        }
    }
    flat
}

fn reference(fact: &Fact, value: &Value) -> Result<Option<(&'static Endpoint, Key)>, Messages> {
    if value.is_null() {
        return if fact.nullable { Ok(None) } else { Err(message("This field may not be null.")) };
    }
    let Some(target) = fact.to.as_deref().and_then(Endpoint::at) else {
        return Err(message("This server does not keep this field yet."));
    };
    Ok(Some((target, key(value)?)))
}

fn keys(value: &Value) -> Result<Vec<Key>, Messages> {
    list(value)?.iter().map(key).collect()
}

fn generic(
    endpoint: &'static Endpoint,
    column: &str,
    members: &Map<String, Value>,
) -> Result<Option<Given>, Messages> {
    let half = |kind: Kind| {
        endpoint.fields.iter().find(|fact| fact.kind == kind && fact.column.as_deref() == Some(column))
    };
    let (Some(kind), Some(id)) = (half(Kind::GenericType), half(Kind::GenericId)) else { return Ok(None) };
    let given = |fact: &Fact| members.get(&fact.name).filter(|value| !value.is_null());
    match (given(kind), given(id)) {
        (None, None) => Ok(Some(Given::Value(Value::Null))),
        (Some(named), Some(number)) => {
            let Some(text) = named.as_str() else {
                return Err(message("Invalid value. Specify a content type as '<app_label>.<model_name>'."));
            };
            let allowed = kind.types.as_ref().is_none_or(|types| types.iter().any(|known| known == text));
            match Endpoint::of_kind(text).filter(|_| allowed) {
                Some(target) => Ok(Some(Given::One(target, key(number)?))),
                None => Err(message(format!("Invalid content type: {text}"))),
            }
        }
        // One half alone cannot be meant; the half that is missing is told.
        (None, Some(_)) | (Some(_), None) => Err(message("This field cannot be null.")),
    }
}

fn tags(members: &Map<String, Value>, partial: bool, input: &mut Input, errors: &mut Errors) {
    let mut read = |name: &str| -> Option<Vec<Key>> {
        match members.get(name)? {
            Value::Array(_) => {}
            other => {
                let text = format!("Expected a list of items but got type \"{}\".", python_type(other));
                add(errors, "__all__", text);
                return None;
            }
        }
        match keys(members.get(name)?) {
            Ok(keys) => Some(keys),
            Err(messages) => {
                for message in messages {
                    add(errors, name, message);
                }
                None
            }
        }
    };
    let (plus, minus) = (read("add_tags"), read("remove_tags"));
    if (plus.is_some() || minus.is_some()) && members.contains_key("tags") {
        add(errors, "tags", "Cannot specify \"tags\" together with \"add_tags\" or \"remove_tags\".");
    }
    if minus.is_some() && !partial {
        add(errors, "remove_tags", "Cannot use \"remove_tags\" when creating a new object.");
    }
    input.tags = Tags { add: plus.unwrap_or_default(), remove: minus.unwrap_or_default() };
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn refused(body: &Value) -> Value {
        let endpoint = Endpoint::at("dcim/sites").unwrap();
        Value::Object(object(endpoint, body, true).unwrap_err())
    }

    #[test]
    fn messages_are_those_of_the_contract() {
        let cases = [
            (json!({"name": null}), "name", "This field may not be null."),
            (json!({"name": ""}), "name", "This field may not be blank."),
            (json!({"name": true}), "name", "Not a valid string."),
            (json!({"name": "x".repeat(101)}), "name", "Ensure this field has no more than 100 characters."),
            (json!({"status": "Planned"}), "status", "Planned is not a valid choice."),
            (json!({"status": null}), "status", "This field may not be blank."),
            (
                json!({"latitude": 48.123_456_7}),
                "latitude",
                "Ensure that there are no more than 8 digits in total.",
            ),
            (
                json!({"latitude": 100.5}),
                "latitude",
                "Ensure that there are no more than 2 digits before the decimal point.",
            ),
            (json!({"latitude": 91}), "latitude", "Ensure this value is less than or equal to 90.0."),
            (
                json!({"region": "one"}),
                "region",
                "Related objects must be referenced by numeric ID or by dictionary of attributes. Received an unrecognized value: one",
            ),
        ];
        for (body, field, text) in cases {
            assert_eq!(refused(&body), json!({field: [text]}), "{body}");
        }
    }

    #[test]
    fn values_are_taken_as_the_contract_takes_them() {
        let endpoint = Endpoint::at("dcim/sites").unwrap();
        let body = json!({"name": "  padded  ", "latitude": "48.25", "region": "2", "tenant": {"group": {"name": "g"}}});
        let input = object(endpoint, &body, true).unwrap();
        let given = |column: &str| &input.fields.iter().find(|(known, _, _)| known == column).unwrap().2;
        assert_eq!(given("name"), &Given::Value(json!("padded")));
        assert_eq!(given("latitude"), &Given::Value(json!(48.25)));
        assert!(matches!(given("region"), Given::One(_, Key::Number(2))));
        let Given::One(_, Key::By(members)) = given("assigned_tenant") else { panic!() };
        assert_eq!(Value::Object(members.clone()), json!({"group__name": "g"}));
    }
}
