//! Custom fields at the door: our values as the contract shows them, and the conditions `cf_*`.

use std::collections::HashMap;

use kit::record::Record;
use kit::records::{Ask, Where};
use kit::{Ctx, Problem, Records};
use serde_json::Value;

/// The record type of definitions.
const FIELD: &str = "platform.custom_field";
/// The record type of sets of choices.
const SET: &str = "platform.custom_field_choice_set";
/// What the parameters begin with.
pub(super) const PARAMETER: &str = "cf_";

/// What a list needs to know of a definition.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Definition {
    /// `text`, `select` ...
    pub(super) kind: String,
    /// `loose`, `exact` or `disabled`.
    pub(super) logic: String,
    /// The model that it refers to.
    target: Option<String>,
    /// Labels of its choices.
    labels: HashMap<String, String>,
    /// Values and labels of the known list that its choices stand on, by value.
    known: &'static [(&'static str, &'static str)],
}

/// The definitions for records of one type, by name.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Definitions(HashMap<String, Definition>);

impl Definitions {
    /// Reads them. Who may see a record may see what its fields are called: no right of their own.
    pub(super) async fn load(records: &dyn Records, ctx: &Ctx, model: &str) -> Result<Self, Problem> {
        let (Some(field), Some(set)) = (records.model(FIELD), records.model(SET)) else {
            return Ok(Self::default());
        };
        let filter = Where::is("object_types", "contains", model);
        let found = records.find(ctx, field, &Ask { filter, implied: true, ..Ask::default() }).await?.records;
        let text = |record: &Record, name: &str| {
            record.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
        };
        let set_of = |record: &Record| crate::reading::reference(record, "choice_set");
        let ids: Vec<uuid::Uuid> = found.iter().filter_map(set_of).collect();
        let sets = records.referenced(ctx, &[(set.name, ids)]).await?;
        let sets = sets.get(set.name).cloned().unwrap_or_default();
        let known = |set: &Record| {
            let list = set.get("base_choices").and_then(Value::as_str);
            list.map(|list| records.base_choices(list)).unwrap_or_default()
        };
        let definition = |record: &Record| Definition {
            kind: text(record, "type"),
            logic: text(record, "filter_logic"),
            target: record.get("related_object_type").and_then(Value::as_str).map(str::to_owned),
            labels: set_of(record).and_then(|id| sets.get(&id)).map(labels).unwrap_or_default(),
            known: set_of(record).and_then(|id| sets.get(&id)).map(known).unwrap_or_default(),
        };
        Ok(Self(found.iter().map(|record| (text(record, "name"), definition(record))).collect()))
    }

    /// By name.
    pub(super) fn get(&self, name: &str) -> Option<&Definition> {
        self.0.get(name)
    }

    /// The condition of `cf_name` or `cf_name__suffix`; `None` when nothing is defined so, or not to be
    /// filtered by: then the parameter means nothing.
    pub(super) async fn condition(
        &self,
        records: &dyn Records,
        ctx: &Ctx,
        parameter: &str,
        values: &[&str],
    ) -> Result<Option<Where>, Problem> {
        let Some((name, definition, suffix)) = self.named(parameter) else { return Ok(None) };
        let target = definition.target.as_deref().and_then(|target| records.model(target));
        let values: Vec<String> = match target {
            // Records are named by the contract's ids.
            Some(target) => {
                let numbers = values.iter().filter(|value| value.parse::<i64>().is_ok());
                let numbers = numbers.map(|value| (*value).to_owned()).collect();
                let filter = Where::Is { field: "number".to_owned(), op: "eq", values: numbers };
                let ask = Ask { filter, implied: true, ..Ask::default() };
                let found = records.find(ctx, target, &ask).await?.records;
                found.iter().filter_map(|record| record.get("id")?.as_str().map(str::to_owned)).collect()
            }
            None => values.iter().map(|value| (*value).to_owned()).collect(),
        };
        Ok(condition(name, definition, suffix, &values))
    }

    /// The definition that a parameter names, and the suffix.
    fn named<'a>(&'a self, parameter: &'a str) -> Option<(&'a str, &'a Definition, &'a str)> {
        let rest = parameter.strip_prefix(PARAMETER)?;
        let (name, suffix) = match self.get(rest) {
            Some(_) => (rest, ""),
            None => rest.rsplit_once("__")?,
        };
        Some((name, self.get(name).filter(|definition| definition.logic != "disabled")?, suffix))
    }

    /// A value as the contract shows it, references aside: choices with their label.
    pub(super) fn shown(&self, name: &str, value: &Value) -> Value {
        let Some(definition) = self.get(name).filter(|one| one.kind.ends_with("select")) else {
            return value.clone();
        };
        match value {
            Value::Array(items) => items.iter().map(|item| definition.choice(item)).collect(),
            one => definition.choice(one),
        }
    }
}

impl Definition {
    fn choice(&self, value: &Value) -> Value {
        match value.as_str() {
            Some(text) => {
                let own = self.labels.get(text).map(String::as_str);
                let known = || self.known.binary_search_by(|(known, _)| (*known).cmp(text)).ok();
                let known = || known().and_then(|at| self.known.get(at)).map(|(_, label)| *label);
                let label = own.or_else(known).unwrap_or(text);
                serde_json::json!({"value": text, "label": label})
            }
            None => value.clone(),
        }
    }
}

fn labels(set: &Record) -> HashMap<String, String> {
    let pairs = set.get("extra_choices").and_then(Value::as_array).into_iter().flatten();
    let pair = |pair: &Value| Some((pair.get(0)?.as_str()?.to_owned(), pair.get(1)?.as_str()?.to_owned()));
    pairs.filter_map(pair).collect()
}

/// What JSON has for a custom field.
pub(super) fn data_type(field: &Record) -> &'static str {
    match field.get("type").and_then(Value::as_str).unwrap_or_default() {
        "integer" => "integer",
        "decimal" => "decimal",
        "boolean" => "boolean",
        "object" => "object",
        "json" => "object",
        "multiselect" | "multiobject" => "array",
        _ => "string",
    }
}

/// What a client writes, as the engine takes it: a choice may come back as it was shown.
pub(super) fn given(value: &Value) -> Value {
    let unwrapped = |value: &Value| match value.as_object() {
        Some(members) if members.len() == 2 && members.contains_key("label") => {
            members.get("value").cloned().unwrap_or_default()
        }
        _ => value.clone(),
    };
    let one = |value: &Value| match value {
        Value::Array(items) => items.iter().map(unwrapped).collect(),
        one => unwrapped(one),
    };
    match value.as_object() {
        Some(members) => members.iter().map(|(name, value)| (name.clone(), one(value))).collect(),
        None => value.clone(),
    }
}

/// One of the values, by the comparison that the suffix names; `None` for one that does not exist.
fn condition(name: &str, definition: &Definition, suffix: &str, values: &[String]) -> Option<Where> {
    let loose =
        matches!(definition.kind.as_str(), "text" | "longtext" | "url") && definition.logic == "loose";
    let (op, negated) = match suffix {
        "" if loose => ("contains", false),
        "" => ("eq", false),
        "n" => ("eq", true),
        "ic" => ("contains", false),
        "nic" => ("contains", true),
        "isw" => ("startswith", false),
        "nisw" => ("startswith", true),
        "iew" => ("endswith", false),
        "niew" => ("endswith", true),
        "ie" => ("iexact", false),
        "nie" => ("iexact", true),
        "empty" => ("isnull", false),
        "regex" => ("regex", false),
        "iregex" => ("iregex", false),
        "lt" => ("lt", false),
        "lte" => ("lte", false),
        "gt" => ("gt", false),
        "gte" => ("gte", false),
        _ => return None,
    };
    let lowered = definition.kind == "boolean" || op == "isnull";
    let test = |value: &String| {
        let value = if lowered { value.to_lowercase() } else { value.clone() };
        Where::Custom { name: name.to_owned(), op, values: vec![value] }
    };
    let any = Where::Any(values.iter().map(test).collect());
    Some(if negated { Where::Not(Box::new(any)) } else { any })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn definitions() -> Definitions {
        let one = |kind: &str, logic: &str| Definition {
            kind: kind.into(),
            logic: logic.into(),
            target: None,
            labels: [("a".to_owned(), "Alpha".to_owned())].into(),
            known: &[("DE", "DE (Germany)"), ("FR", "FR (France)")],
        };
        Definitions(
            [
                ("t".to_owned(), one("text", "loose")),
                ("e".to_owned(), one("text", "exact")),
                ("off".to_owned(), one("text", "disabled")),
                ("n".to_owned(), one("integer", "loose")),
                ("s".to_owned(), one("select", "loose")),
                ("m".to_owned(), one("multiselect", "loose")),
            ]
            .into(),
        )
    }

    #[test]
    fn conditions() {
        let custom = |name: &str, op, value: &str| Where::Custom {
            name: name.into(),
            op,
            values: vec![value.to_owned()],
        };
        let any = |part| Some(Where::Any(vec![part]));
        let cases = [
            ("cf_t", any(custom("t", "contains", "X"))),
            ("cf_e", any(custom("e", "eq", "X"))),
            ("cf_n__gte", any(custom("n", "gte", "X"))),
            ("cf_t__n", Some(Where::Not(Box::new(Where::Any(vec![custom("t", "eq", "X")]))))),
            ("cf_off", None),
            ("cf_unknown", None),
            ("cf_t__bogus", None),
        ];
        for (parameter, expected) in cases {
            let definitions = definitions();
            let named = definitions.named(parameter);
            let found = named.and_then(|(name, definition, suffix)| {
                condition(name, definition, suffix, &["X".to_owned()])
            });
            assert_eq!(found, expected, "{parameter}");
        }
    }

    #[test]
    fn choices_are_shown_with_their_label_and_taken_back() {
        let shown = |name: &str, value: Value| definitions().shown(name, &value);
        let alpha = json!({"value": "a", "label": "Alpha"});
        assert_eq!(shown("s", json!("a")), alpha);
        assert_eq!(shown("s", json!("FR")), json!({"value": "FR", "label": "FR (France)"}));
        assert_eq!(shown("s", json!("")), json!({"value": "", "label": ""}));
        assert_eq!(shown("s", Value::Null), Value::Null);
        assert_eq!(shown("m", json!(["a"])), json!([alpha]));
        assert_eq!(shown("t", json!("a")), json!("a"));
        assert_eq!(
            given(&json!({"s": alpha, "m": [alpha], "t": "a"})),
            json!({"s": "a", "m": ["a"], "t": "a"})
        );
    }
}
