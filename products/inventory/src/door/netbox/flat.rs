//! Records as flat values, as the contract logs them: references by their ids, tags by their names.

use std::collections::HashMap;

use kit::record::Record;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::contract::{Endpoint, Fact, Kind};
use super::object_types;
use super::render::{choice_value, micros};
use super::resolve::MASK;
use crate::reading::reference_id;

/// The numbers of what records refer to.
pub(super) type Numbers = HashMap<Uuid, i64>;

/// The fields of a record, in the order in which the contract's store keeps them.
pub(super) fn flat(endpoint: &'static Endpoint, record: &Record, numbers: &Numbers) -> Value {
    let mut members: Vec<(&'static str, Value)> = endpoint
        .fields
        .iter()
        .filter_map(|fact| Some((fact.name.as_str(), value(fact, record, numbers)?)))
        .collect();
    members.sort_by_key(|(name, _)| (name.len(), *name));
    Value::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

/// The value of a field; none for what is no part of the record itself.
fn value(fact: &Fact, record: &Record, numbers: &Numbers) -> Option<Value> {
    let column = fact.column.as_deref()?;
    let own = matches!(column, "number" | "created_at" | "updated_at");
    if own || fact.write_only || matches!(fact.kind, Kind::Count | Kind::Generic) {
        return None;
    }
    let value = record.get(column).unwrap_or(&Value::Null);
    Some(match fact.kind {
        Kind::Slugs => names(value),
        Kind::M2m if column == "tags" => names(value),
        Kind::M2m => all(value, numbers),
        Kind::Fk if fact.many => all(value, numbers),
        Kind::Fk | Kind::Pk | Kind::GenericId => number(value, numbers),
        Kind::GenericType => content_type(value.get("type").unwrap_or(&Value::Null)),
        Kind::ContentType => match value {
            Value::Array(models) => models.iter().map(content_type).collect(),
            model => content_type(model),
        },
        Kind::CustomFields => custom_fields(value, numbers),
        Kind::Decimal => match value.as_f64() {
            Some(number) => Value::from(format!("{number:.*}", fact.places.unwrap_or(2))),
            None => Value::Null,
        },
        Kind::Text if value.is_object() => {
            Value::from(if value.get("has_value") == Some(&Value::Bool(true)) { MASK } else { "" })
        }
        Kind::Text | Kind::Slug if value.is_null() && !fact.nullable => Value::from(""),
        Kind::Choice | Kind::ChoicePlain => {
            choice_value(fact, value).map_or_else(|| value.clone(), |(raw, _)| raw.clone())
        }
        Kind::DateTime => value.as_str().map_or(Value::Null, |time| Value::from(micros(time))),
        _ => value.clone(),
    })
}

fn number(value: &Value, numbers: &Numbers) -> Value {
    let number = reference_id(value).and_then(|id| numbers.get(&id));
    number.map_or(Value::Null, |number| Value::from(*number))
}

fn all(value: &Value, numbers: &Numbers) -> Value {
    let ids = value.as_array().into_iter().flatten().filter_map(reference_id);
    let mut found: Vec<i64> = ids.filter_map(|id| numbers.get(&id).copied()).collect();
    found.sort_unstable();
    Value::from(found)
}

fn names(value: &Value) -> Value {
    let texts = value.as_array().into_iter().flatten().filter_map(|item| item.get("display")?.as_str());
    let mut texts: Vec<&str> = texts.collect();
    texts.sort_unstable();
    Value::from(texts)
}

/// A model as the id of its type.
fn content_type(model: &Value) -> Value {
    let endpoint = model.as_str().and_then(Endpoint::of_model);
    endpoint.and_then(object_types::id_of).map_or(Value::Null, Value::from)
}

fn custom_fields(values: &Value, numbers: &Numbers) -> Value {
    let is_reference = |value: &Value| reference_id(value).is_some() && value.get("type").is_some();
    let shown = |value: &Value| match value {
        Value::Array(items) if items.iter().any(is_reference) => all(value, numbers),
        one if is_reference(one) => number(one, numbers),
        other => other.clone(),
    };
    let members = values.as_object().into_iter().flatten();
    Value::Object(members.map(|(name, value)| (name.clone(), shown(value))).collect::<Map<_, _>>())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// As a recorded NetBox logs a site.
    #[test]
    fn a_site_is_logged_with_the_ids_of_what_it_refers_to() {
        let (region, asns) = (Uuid::from_u128(1), [Uuid::from_u128(2), Uuid::from_u128(3)]);
        let record = json!({
            "id": Uuid::from_u128(9), "number": 1, "name": "S", "slug": "s", "status": "active",
            "region": {"id": region, "display": "R"}, "latitude": 1.5, "time_zone": "Europe/Berlin",
            "tags": [{"id": Uuid::from_u128(4), "display": "Tag"}, {"id": Uuid::from_u128(5), "display": "A"}],
            "asns": [{"id": asns[1], "display": "2"}, {"id": asns[0], "display": "1"}],
            "custom_fields": {"other": {"type": "inventory.site", "id": region}, "word": "x"},
        });
        let numbers = [(region, 7), (asns[0], 1), (asns[1], 2)].into();
        let Value::Object(record) = record else { unreachable!() };
        let endpoint = Endpoint::at("dcim/sites").unwrap();
        let expected = json!({
            "asns": [1, 2], "name": "S", "slug": "s", "tags": ["A", "Tag"], "group": null, "owner": null,
            "region": 7, "status": "active", "tenant": null, "comments": "", "facility": "",
            "latitude": "1.500000", "longitude": null, "time_zone": "Europe/Berlin", "description": "",
            "custom_fields": {"other": 7, "word": "x"}, "physical_address": "", "shipping_address": "",
        });
        assert_eq!(flat(endpoint, &record, &numbers).to_string(), expected.to_string());
    }
}
