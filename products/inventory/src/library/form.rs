//! What a document may say. Names of other things stay names here: who writes finds or makes them.

use std::collections::HashMap;

use kit::record::{FieldKind, Record};
use kit::{Field, FieldError, Model};
use serde_json::{Map, Value};

use super::{FRONT, Kind, MANUFACTURER, REAR, SECTIONS};

/// Said by documents of the community and of no use here: pictures that lie beside them, and what follows
/// from the ports.
const IGNORED: [&str; 3] = ["front_image", "rear_image", "is_powered"];

/// One type.
#[derive(Debug, Default)]
pub(super) struct Document {
    /// Fields of its record, without the manufacturer.
    pub(super) fields: Record,
    /// Name of the manufacturer.
    pub(super) manufacturer: String,
    pub(super) parts: Vec<Part>,
    /// What was left out.
    pub(super) notes: Vec<String>,
}

/// One template of a port or bay.
#[derive(Debug, Default)]
pub(super) struct Part {
    /// Its place in the document: `/interfaces/3`.
    pub(super) pointer: String,
    /// Its model.
    pub(super) model: &'static str,
    pub(super) name: String,
    pub(super) fields: Record,
    /// Fields that name another part of the type: field, model, name.
    pub(super) named: Vec<(&'static str, &'static str, String)>,
    /// Of a front port: where it is joined to rear ports.
    pub(super) joins: Vec<Join>,
    /// The join of a front port that names one rear port, while it is read.
    single: Option<Join>,
}

/// A position of a front port at one of a rear port.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Join {
    pub(super) position: i64,
    pub(super) rear: String,
    pub(super) rear_position: i64,
}

fn error(pointer: impl Into<String>, code: &'static str, message: impl Into<String>) -> FieldError {
    FieldError { pointer: pointer.into(), code: code.into(), message: message.into() }
}

/// The declarations of models by name.
pub(super) type Models<'a> = &'a (dyn Fn(&str) -> Option<&'static Model> + Sync);

/// Reads one document.
///
/// # Errors
/// Everything that is wrong with its form, by pointers into it.
pub(super) fn read(kind: Kind, models: Models<'_>, value: Value) -> Result<Document, Vec<FieldError>> {
    let Value::Object(members) = value else {
        return Err(vec![error("", "wrong_type", "A document is an object with the fields of one type.")]);
    };
    let Some(model) = models(kind.model) else {
        return Err(vec![error("", "unknown_model", "This server has no such types.")]);
    };
    let (mut document, mut errors) = (Document::default(), Vec::new());
    for (key, value) in members {
        let section = SECTIONS.iter().find(|(section, _)| *section == key);
        // Modules have no bays for devices, racks have no ports at all.
        let of = section.and_then(|(_, of)| models(of));
        let of = of.filter(|of| kind.owner.is_some_and(|owner| of.field(owner).is_some()));
        if let Some(of) = of {
            parts(kind, &key, of, value, &mut document, &mut errors);
        } else if key == "manufacturer" {
            match value.as_str().map(str::trim) {
                Some(name) if !name.is_empty() => name.clone_into(&mut document.manufacturer),
                _ => errors.push(error(
                    "/manufacturer",
                    "wrong_type",
                    "Expected is the name of the manufacturer.",
                )),
            }
        } else if IGNORED.contains(&key.as_str()) {
            document.notes.push(format!("{key} is left out"));
        } else {
            match model.field(&key).filter(|field| !field.read_only) {
                Some(field) => match plain(field, value) {
                    Ok(value) => {
                        document.fields.insert(key, value);
                    }
                    Err(message) => errors.push(error(format!("/{key}"), "wrong_type", message)),
                },
                None => errors.push(unknown(&format!("/{key}"), &key, model)),
            }
        }
    }
    if document.manufacturer.is_empty() && errors.iter().all(|error| error.pointer != "/manufacturer") {
        errors.push(error("/manufacturer", "required", "Name the manufacturer."));
    }
    for key in ["model", kind.key] {
        if !document.fields.get(key).is_some_and(Value::is_string) {
            let pointer = format!("/{key}");
            if errors.iter().all(|error| error.pointer != pointer) {
                errors.push(error(pointer, "required", format!("A type needs its {key}.")));
            }
        }
    }
    // What is named comes before who names it, whatever the order in the document.
    let rank = |part: &Part| SECTIONS.iter().position(|(_, model)| *model == part.model);
    document.parts.sort_by_key(rank);
    check_names(&document, &mut errors);
    if errors.is_empty() { Ok(document) } else { Err(errors) }
}

fn unknown(pointer: &str, key: &str, model: &Model) -> FieldError {
    let shown: String = key.chars().take(60).collect();
    error(pointer, "unknown_field", format!("{} has no field `{shown}`.", model.title))
}

/// The items of one list.
fn parts(
    kind: Kind,
    section: &str,
    model: &'static Model,
    value: Value,
    document: &mut Document,
    errors: &mut Vec<FieldError>,
) {
    let items = match value {
        Value::Array(items) => items,
        Value::Null => return,
        _ => return errors.push(error(format!("/{section}"), "wrong_type", "Expected is a list.")),
    };
    for (at, item) in items.into_iter().enumerate() {
        let pointer = format!("/{section}/{at}");
        let Value::Object(members) = item else {
            errors.push(error(pointer, "wrong_type", "Expected is an object."));
            continue;
        };
        let mut part = Part { pointer, model: model.name, ..Part::default() };
        for (key, value) in members {
            if let Err(wrong) = member(kind, model, &mut part, &key, value) {
                errors.push(wrong);
            }
        }
        part.joins.extend(part.single.take());
        match part.fields.get("name").and_then(Value::as_str) {
            Some(name) if !name.is_empty() => name.clone_into(&mut part.name),
            _ => errors.push(error(format!("{}/name", part.pointer), "required", "It needs a name.")),
        }
        document.parts.push(part);
    }
}

/// One member of an item.
fn member(
    kind: Kind,
    model: &'static Model,
    part: &mut Part,
    key: &str,
    value: Value,
) -> Result<(), FieldError> {
    let pointer = format!("{}/{key}", part.pointer);
    if value.is_null() {
        return Ok(());
    }
    if part.model == FRONT && ["rear_port", "rear_port_position", "rear_ports"].contains(&key) {
        return join(part, key, value).map_err(|message| error(pointer, "wrong_type", message));
    }
    let Some(field) = model.field(key).filter(|field| !field.read_only && Some(field.name) != kind.owner)
    else {
        return Err(unknown(&pointer, key, model));
    };
    match field.kind {
        // Its own kind, or ports of the type: by their name in the document.
        FieldKind::Reference { model: target, .. }
            if target == model.name || SECTIONS.iter().any(|(_, section)| *section == target) =>
        {
            match value.as_str() {
                Some(name) => part.named.push((field.name, target, name.to_owned())),
                None => {
                    return Err(error(pointer, "wrong_type", "Expected is the name of a part of this type."));
                }
            }
        }
        _ => match plain(field, value) {
            Ok(value) => {
                part.fields.insert(key.to_owned(), value);
            }
            Err(message) => return Err(error(pointer, "wrong_type", message)),
        },
    }
    Ok(())
}

/// How a front port says where it is joined: one rear port, or a list.
fn join(part: &mut Part, key: &str, value: Value) -> Result<(), &'static str> {
    const NUMBER: &str = "Expected is a position: a whole number from 1.";
    let number = |value: Option<&Value>| match value {
        None | Some(Value::Null) => Ok(1),
        Some(value) => value.as_i64().filter(|number| *number > 0).ok_or(NUMBER),
    };
    match key {
        "rear_port" => {
            let rear = text(&value).ok_or("Expected is the name of a rear port.")?;
            single(part).rear = rear;
        }
        "rear_port_position" => single(part).rear_position = number(Some(&value))?,
        _ => {
            let Value::Array(items) = value else { return Err("Expected is a list.") };
            for item in &items {
                let rear =
                    item.get("rear_port").and_then(text).ok_or("Each needs the name of a rear port.")?;
                let position = number(item.get("position"))?;
                let rear_position = number(item.get("rear_port_position"))?;
                part.joins.push(Join { position, rear, rear_position });
            }
        }
    }
    Ok(())
}

fn single(part: &mut Part) -> &mut Join {
    part.single.get_or_insert_with(|| Join { position: 1, rear: String::new(), rear_position: 1 })
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A value as the field takes it. YAML makes numbers of texts like 9300, so these go back.
fn plain(field: &Field, value: Value) -> Result<Value, &'static str> {
    let by_name = |name: &str| Value::Object(Map::from_iter([("name".to_owned(), Value::from(name))]));
    Ok(match (field.kind, value) {
        (
            FieldKind::Text { .. } | FieldKind::LongText { .. } | FieldKind::Choice(_),
            Value::Number(number),
        ) => Value::from(number.to_string()),
        (FieldKind::Choice(_), Value::String(text)) if text.is_empty() => Value::Null,
        (FieldKind::Reference { model, .. }, value) => match value.as_str() {
            // Made when it is missing, by its name.
            Some(name) if model == MANUFACTURER => Value::from(name),
            Some(name) => by_name(name),
            None => return Err("Expected is a name."),
        },
        (FieldKind::References { .. }, Value::Array(names)) => {
            let names: Option<Vec<Value>> = names.iter().map(|name| name.as_str().map(by_name)).collect();
            Value::Array(names.ok_or("Expected is a list of names.")?)
        }
        (FieldKind::References { .. }, _) => return Err("Expected is a list of names."),
        (FieldKind::Generic { .. }, _) => return Err("It cannot be given in a document."),
        (_, value) => value,
    })
}

/// Names are there once, and every name that is used is there.
fn check_names(document: &Document, errors: &mut Vec<FieldError>) {
    let mut known: HashMap<(&str, &str), &Part> = HashMap::new();
    for part in document.parts.iter().filter(|part| !part.name.is_empty()) {
        if known.insert((part.model, part.name.as_str()), part).is_some() {
            let message = format!("`{}` is there twice.", part.name);
            errors.push(error(format!("{}/name", part.pointer), "duplicate", message));
        }
    }
    let mut missing = |pointer: String, name: &str| {
        errors.push(error(pointer, "not_found", format!("This type has no `{name}`.")));
    };
    for part in &document.parts {
        for (field, model, name) in &part.named {
            if !known.contains_key(&(*model, name.as_str())) {
                missing(format!("{}/{field}", part.pointer), name);
            }
        }
        for join in &part.joins {
            if !known.contains_key(&(REAR, join.rear.as_str())) {
                missing(format!("{}/rear_port", part.pointer), &join.rear);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::{DEVICES, RACKS};

    fn model(name: &str) -> Option<&'static Model> {
        crate::models::all().find(|model| model.name == name)
    }

    fn read_one(kind: Kind, text: &str) -> Result<Document, Vec<FieldError>> {
        read(kind, &model, kit::yaml::documents(text.as_bytes()).unwrap().remove(0))
    }

    #[test]
    fn a_type_with_its_ports() {
        let text = "manufacturer: Acme\nmodel: 9300\nslug: acme-9300\nfront_image: true\n\
            power-outlets:\n  - {name: Out, power_port: In}\npower-ports:\n  - {name: In}\n\
            front-ports:\n  - {name: 1, type: lc, rear_port: R, rear_port_position: 2}\n\
            rear-ports:\n  - {name: R, type: mpo, positions: 12}\n";
        let document = read_one(DEVICES, text).unwrap();
        assert_eq!(document.fields["model"], "9300");
        assert_eq!(document.notes, ["front_image is left out"]);
        let parts: Vec<&str> = document.parts.iter().map(|part| part.pointer.as_str()).collect();
        assert_eq!(parts, ["/power-ports/0", "/power-outlets/0", "/rear-ports/0", "/front-ports/0"]);
        let join = Join { position: 1, rear: "R".to_owned(), rear_position: 2 };
        assert_eq!(document.parts[3].joins, [join]);
        assert_eq!(document.parts[1].named[0].2, "In");
    }

    #[test]
    fn all_that_is_wrong_is_told() {
        let text = "model: A\nslug: a\nheight: 1\ninterfaces:\n  - {type: lag}\n  - {name: e, speed: 1, bridge: x}\n  - {name: e}\n\
            front-ports:\n  - {name: f, rear_port: R}\nconsole-ports: none\n";
        let mut wrong: Vec<String> = read_one(DEVICES, text)
            .unwrap_err()
            .into_iter()
            .map(|error| format!("{} {}", error.pointer, error.code))
            .collect();
        wrong.sort();
        assert_eq!(
            wrong,
            [
                "/console-ports wrong_type",
                "/front-ports/0/rear_port not_found",
                "/height unknown_field",
                "/interfaces/0/name required",
                "/interfaces/1/bridge not_found",
                "/interfaces/1/speed unknown_field",
                "/interfaces/2/name duplicate",
                "/manufacturer required",
            ]
        );
        let racks = read_one(RACKS, "manufacturer: A\nmodel: R\nslug: r\ninterfaces: []\n").unwrap_err();
        assert_eq!(racks[0].pointer, "/interfaces");
    }
}
