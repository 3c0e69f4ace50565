//! The `filters` of lists as conditions of the record engine.

use kit::BoxFuture;
use kit::graphql::Fault;
use kit::record::{FieldKind, Model};
use kit::records::{Ask, Where};
use serde_json::{Map, Value};

use super::super::contract::{Endpoint, Fact, is_choice};
use super::super::filter::conditions;
use super::facts::{self, Filter, Known};
use super::load::{Asker, fault, told};
use crate::reading::{reference, reference_id};

/// Most levels of a tree that are walked up.
const MAX_LEVELS: usize = 100;

/// The values of custom fields, by their names.
const CUSTOM: &str = "custom_field_data";

type Object = Map<String, Value>;

/// How the parts of a filter are joined, in the order in which the contract joins them.
const JOINS: [&str; 3] = ["AND", "OR", "NOT"];

impl Asker<'_> {
    /// A filter of an endpoint's objects.
    pub(super) fn condition<'s>(
        &'s self,
        endpoint: &'static Endpoint,
        filter: &'s Object,
    ) -> BoxFuture<'s, Result<Where, Fault>> {
        Box::pin(async move {
            let model = self.model(endpoint)?;
            let known = facts::filter_of(endpoint).ok_or_else(|| refused(endpoint, "filters"))?;
            let mut parts = Vec::new();
            for (name, value) in filter {
                // What lists have is never twice in them.
                if JOINS.contains(&name.as_str()) || name == "DISTINCT" || value.is_null() {
                    continue;
                }
                parts.push(self.part(endpoint, model, known, (name.as_str(), value)).await?);
            }
            let mut whole = (!parts.is_empty()).then_some(Where::All(parts));
            for join in JOINS {
                let Some(other) = filter.get(join).and_then(Value::as_object) else { continue };
                let other = self.condition(endpoint, other).await?;
                whole = Some(match (join, whole) {
                    ("NOT", None) => Where::Not(Box::new(other)),
                    (_, None) => other,
                    ("NOT", Some(before)) => Where::All(vec![before, Where::Not(Box::new(other))]),
                    ("OR", Some(before)) => Where::Any(vec![before, other]),
                    (_, Some(before)) => Where::All(vec![before, other]),
                });
            }
            Ok(whole.unwrap_or(Where::All(Vec::new())))
        })
    }

    async fn part(
        &self,
        endpoint: &'static Endpoint,
        model: &'static Model,
        known: &'static Known<Filter>,
        (name, value): (&str, &Value),
    ) -> Result<Where, Fault> {
        if let (CUSTOM, Value::Object(filter)) = (name, value) {
            return custom(endpoint, filter);
        }
        let of = known.get(name).ok_or_else(|| refused(endpoint, name))?;
        if let Some(column) = &of.column {
            let fact = endpoint.fact_of(column);
            let lookups = value.as_object().ok_or_else(|| refused(endpoint, name))?;
            return compared(endpoint, model, (name, column.as_str()), fact, lookups);
        }
        if let Some(steps) = &of.through {
            return self.through(model, steps, value).await;
        }
        if let Some((other, field)) = &of.back {
            let there = Endpoint::of_model(other).ok_or_else(|| refused(endpoint, name))?;
            let filter = value.as_object().ok_or_else(|| refused(endpoint, name))?;
            let other = self.model(there)?;
            let then = Box::new(self.condition(there, filter).await?);
            return Ok(Where::Back { model: other.name, field: field.clone(), then });
        }
        let parameter = of.rest.as_deref().ok_or_else(|| refused(endpoint, name))?;
        let pairs: Vec<(String, String)> =
            texts(value).into_iter().map(|text| (parameter.to_owned(), text)).collect();
        let wrong = |refusal: super::super::errors::Refusal| fault(format!("{name}: {}", refusal.body));
        conditions(self.records, self.ctx, endpoint, model, &pairs).await.map_err(wrong)
    }

    /// A condition on what lies behind references.
    async fn through(&self, model: &'static Model, steps: &[String], value: &Value) -> Result<Where, Fault> {
        let mut at = model;
        for step in steps {
            at = at
                .field(step)
                .and_then(|field| match field.kind {
                    FieldKind::Reference { model, .. } | FieldKind::References { model } => {
                        self.records.model(model)
                    }
                    _ => None,
                })
                .ok_or_else(|| fault(format!("{step} of {} leads nowhere.", at.title)))?;
        }
        let wrap = |then: Where| {
            steps.iter().rev().fold(then, |then, step| Where::Via {
                field: step.clone(),
                model: None,
                then: Box::new(then),
            })
        };
        let Value::Object(filter) = value else {
            return Ok(wrap(Where::Is { field: "number".to_owned(), op: "eq", values: numbers(value)? }));
        };
        if let Some(match_type) = filter.get("match_type").and_then(Value::as_str) {
            let id = filter.get("id").cloned().unwrap_or_default();
            return Ok(wrap(self.in_tree(at, match_type, numbers(&id)?).await?));
        }
        let there =
            Endpoint::of_model(at.name).ok_or_else(|| fault(format!("{} is not served.", at.title)))?;
        let found = wrap(self.condition(there, filter).await?);
        if absent(filter) {
            // Without a value is also what is not there.
            return Ok(Where::Any(vec![Where::Not(Box::new(wrap(Where::All(Vec::new())))), found]));
        }
        Ok(found)
    }

    /// Where in a tree, seen from one of its records.
    async fn in_tree(&self, model: &'static Model, how: &str, id: Vec<String>) -> Result<Where, Fault> {
        let is = Where::Is { field: "number".to_owned(), op: "eq", values: id };
        let Some(parent) = model.parent.filter(|_| how != "EXACT") else { return Ok(is) };
        let via = |then: Where| Where::Via { field: parent.to_owned(), model: None, then: Box::new(then) };
        Ok(match how {
            "SELF_AND_DESCENDANTS" => Where::Below(Box::new(is)),
            "DESCENDANTS" => via(Where::Below(Box::new(is))),
            "CHILDREN" => via(is),
            "PARENT" => Where::Back { model: model.name, field: parent.to_owned(), then: Box::new(is) },
            "SIBLINGS" => {
                let others = Where::Not(Box::new(is.clone()));
                let ask = Ask { filter: is, limit: 1, implied: true, ..Ask::default() };
                let found = self.records.find(self.ctx, model, &ask).await.map_err(told)?.records;
                let above = found.first().and_then(|record| reference(record, parent));
                let beside = match above {
                    Some(above) => Where::is(parent, "eq", above.to_string()),
                    None => Where::is(parent, "isnull", "true"),
                };
                Where::All(vec![beside, others])
            }
            "ANCESTORS" => {
                let mut above = Vec::new();
                let mut ask = Ask { filter: is, limit: 1, implied: true, ..Ask::default() };
                while above.len() < MAX_LEVELS {
                    let found = self.records.find(self.ctx, model, &ask).await.map_err(told)?.records;
                    let next = found.first().and_then(|record| record.get(parent)).and_then(reference_id);
                    let Some(next) = next else { break };
                    above.push(next.to_string());
                    ask.filter = Where::is("id", "eq", next.to_string());
                }
                Where::Is { field: "id".to_owned(), op: "eq", values: above }
            }
            other => return Err(fault(format!("match_type: there is no {other}."))),
        })
    }
}

/// Said, not passed over.
fn refused(endpoint: &Endpoint, name: &str) -> Fault {
    fault(format!("This server does not filter {} by {name} yet. Leave it out.", endpoint.path))
}

/// Does a filter hold for an object that is not there: does it ask for absent values only?
fn absent(filter: &Object) -> bool {
    !filter.is_empty()
        && filter.values().all(|value| match value {
            Value::Object(lookups) => absent(lookups),
            Value::Bool(_) => filter.get("is_null") == Some(&Value::Bool(true)),
            _ => false,
        })
}

/// A column with lookups.
fn compared(
    endpoint: &Endpoint,
    model: &Model,
    (name, column): (&str, &str),
    fact: Option<&Fact>,
    lookups: &Object,
) -> Result<Where, Fault> {
    let kind = model.field(column).map(|field| field.kind);
    let network = matches!(
        kind,
        Some(FieldKind::Prefix | FieldKind::Interface | FieldKind::Ip | FieldKind::PrefixList { .. })
    );
    let mut all = Vec::new();
    for (lookup, value) in lookups.iter().filter(|(_, value)| !value.is_null()) {
        if let ("filter_lookup" | "comparison_lookup", Value::Object(inner)) = (lookup.as_str(), value) {
            all.push(compared(endpoint, model, (name, column), fact, inner)?);
            continue;
        }
        if let ("range" | "range_lookup", Value::Object(range)) = (lookup.as_str(), value) {
            for (end, op) in [("start", "gte"), ("end", "lte")] {
                if let Some(value) = range.get(end).filter(|value| !value.is_null()) {
                    all.push(Where::Is { field: column.to_owned(), op, values: chosen(fact, value) });
                }
            }
            continue;
        }
        let op = operator(lookup).filter(|op| !network || matches!(*op, "eq" | "isnull"));
        let op = op.ok_or_else(|| refused(endpoint, &format!("{name} with {lookup}")))?;
        let values = if op == "isnull" { texts(value) } else { chosen(fact, value) };
        all.push(Where::Is { field: column.to_owned(), op, values });
    }
    Ok(Where::All(all))
}

/// A custom field with lookups: `{path: "name", lookup: {string_lookup: {i_contains: "x"}}}`.
fn custom(endpoint: &Endpoint, filter: &Object) -> Result<Where, Fault> {
    let name = filter.get("path").and_then(Value::as_str).unwrap_or_default();
    let kinds = filter.get("lookup").and_then(Value::as_object).into_iter().flatten();
    let mut all = Vec::new();
    for (kind, lookups) in kinds {
        for (lookup, value) in lookups.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null())
        {
            // Ranges have their ends as lookups, or as a lookup of its own.
            let ends = match value {
                Value::Object(ends) if lookup == "range" => ends.iter().collect(),
                value => vec![(lookup, value)],
            };
            for (lookup, value) in ends {
                let op = match lookup.as_str() {
                    "start" => Some("gte"),
                    "end" => Some("lte"),
                    "in_" => Some("eq"),
                    "isnull" => Some("isnull"),
                    other => operator(other),
                };
                let op = op.ok_or_else(|| refused(endpoint, &format!("{CUSTOM} with {kind} {lookup}")))?;
                let one = |value| Where::Custom { name: name.to_owned(), op, values: vec![value] };
                all.push(Where::Any(texts(value).into_iter().map(one).collect()));
            }
        }
    }
    if all.is_empty() { Err(refused(endpoint, CUSTOM)) } else { Ok(Where::All(all)) }
}

/// The engine's operator for a lookup.
fn operator(lookup: &str) -> Option<&'static str> {
    Some(match lookup {
        "exact" | "in_list" => "eq",
        "i_exact" => "iexact",
        "contains" | "i_contains" => "contains",
        "starts_with" | "i_starts_with" => "startswith",
        "ends_with" | "i_ends_with" => "endswith",
        "regex" => "regex",
        "i_regex" => "iregex",
        "gt" => "gt",
        "gte" => "gte",
        "lt" => "lt",
        "lte" => "lte",
        "is_null" => "isnull",
        _ => return None,
    })
}

/// The values, of enums as they are kept.
fn chosen(fact: Option<&Fact>, value: &Value) -> Vec<String> {
    let texts = texts(value);
    match fact {
        Some(fact) if !fact.choices().is_empty() || fact.name == "color" => {
            texts.into_iter().map(|text| raw(fact, text)).collect()
        }
        _ => texts,
    }
}

/// The value behind the key of an enum: `TYPE_1000BASE_T` is `1000base-t`.
fn raw(fact: &Fact, key: String) -> String {
    if fact.choices().iter().any(|(value, _)| is_choice(value, &key)) {
        return key;
    }
    let values = fact.choices().iter().map(|(value, _)| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    });
    let keyed = |value: &String| {
        let name: String = value
            .chars()
            .map(|one| if one.is_ascii_alphanumeric() { one.to_ascii_uppercase() } else { '_' })
            .collect();
        key == name || key.strip_suffix(name.as_str()).is_some_and(|prefix| prefix.ends_with('_'))
    };
    match values.filter(keyed).max_by_key(String::len) {
        Some(value) => value,
        None => key.strip_prefix("COLOR_").map_or_else(|| key.clone(), str::to_lowercase),
    }
}

/// Values as texts.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Null => Vec::new(),
        Value::String(text) => vec![text.clone()],
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        other => vec![other.to_string()],
    }
}

/// Ids of the contract.
pub(super) fn numbers(value: &Value) -> Result<Vec<String>, Fault> {
    let texts = texts(value);
    match texts.iter().find(|text| text.parse::<i64>().is_err()) {
        Some(bad) => Err(fault(format!("Field 'id' expected a number but got '{bad}'."))),
        None => Ok(texts),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn enums_are_the_values_behind_their_keys() {
        let of = |path: &str, name: &str, key: &str| {
            raw(Endpoint::at(path).unwrap().fact(name).unwrap(), key.to_owned())
        };
        assert_eq!(of("dcim/sites", "status", "STATUS_ACTIVE"), "active");
        assert_eq!(of("dcim/interfaces", "type", "TYPE_1000BASE_BX10_D"), "1000base-bx10-d");
        assert_eq!(of("dcim/interfaces", "type", "TYPE_VIRTUAL"), "virtual");
        assert_eq!(of("extras/tags", "color", "COLOR_AA1409"), "aa1409");
    }

    #[test]
    fn filters_that_hold_for_what_is_absent() {
        let is = |filter: Value| absent(filter.as_object().unwrap());
        assert!(is(json!({"name": {"is_null": true}})));
        assert!(is(json!({"group": {"name": {"is_null": true}}})));
        assert!(!is(json!({"name": {"is_null": false}})));
        assert!(!is(json!({"name": {"exact": "x"}})));
        assert!(!is(json!({})));
    }

    #[test]
    fn custom_fields_are_filtered_by_name() {
        let sites = Endpoint::at("dcim/sites").unwrap();
        let of = |filter: Value| custom(sites, filter.as_object().unwrap()).map_err(|fault| fault.message);
        let is = |op, value: &str| {
            let values = vec![value.to_owned()];
            Where::Any(vec![Where::Custom { name: "code".to_owned(), op, values }])
        };
        let filter = json!({"path": "code", "lookup": {"string_lookup": {"i_contains": "x"}}});
        assert_eq!(of(filter), Ok(Where::All(vec![is("contains", "x")])));
        let filter = json!({"path": "code", "lookup": {"int_range_lookup": {"start": 1, "end": 2}}});
        assert_eq!(of(filter), Ok(Where::All(vec![is("gte", "1"), is("lte", "2")])));
        let filter =
            json!({"path": "code", "lookup": {"float_comparison_lookup": {"range": {"start": 1.5}}}});
        assert_eq!(of(filter), Ok(Where::All(vec![is("gte", "1.5")])));
        assert!(of(json!({"path": "code", "lookup": {}})).is_err());
    }

    #[test]
    fn lookups_are_operators() {
        let sites = Endpoint::at("dcim/sites").unwrap();
        let model = crate::models::all().find(|model| model.name == sites.model).unwrap();
        let of = |name: &str, lookups: Value| {
            let fact = sites.fact(name);
            compared(sites, model, (name, name), fact, lookups.as_object().unwrap())
                .map_err(|fault| fault.message)
        };
        let one = |op, value: &str| {
            Where::All(vec![Where::Is { field: "name".to_owned(), op, values: vec![value.to_owned()] }])
        };
        assert_eq!(of("name", json!({"i_contains": "x"})), Ok(one("contains", "x")));
        assert_eq!(of("name", json!({"is_null": true})), Ok(one("isnull", "true")));
        let ranged = of("latitude", json!({"range_lookup": {"start": 45, "end": null}}));
        assert_eq!(ranged, Ok(Where::All(vec![Where::is("latitude", "gte", "45")])));
        assert!(of("name", json!({"year": 1})).unwrap_err().contains("dcim/sites by name with year"));
    }
}
