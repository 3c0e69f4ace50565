//! Which events a rule is meant for: conditions over the record, as JSON.
//!
//! A condition is `{"attr": "name", "op": "eq", "value": "x", "negate": false}`; `{"and": [...]}` and
//! `{"or": [...]}` hold several. `attr` is a path with dots; `changed` and `unchanged` compare the
//! record before and after.

use regex::{Regex, RegexBuilder};
use serde_json::{Map, Value};

/// Most conditions of a rule.
const MAX_CONDITIONS: usize = 200;
/// Deepest nesting.
const MAX_DEPTH: usize = 10;
/// Largest compiled pattern, bytes.
const MAX_PATTERN: usize = 1 << 20;

const OPERATORS: &str = "eq, gt, gte, lt, lte, in, contains, regex, changed, unchanged";

/// A checked condition.
#[derive(Debug)]
pub(crate) enum Condition {
    /// All hold. Empty: true.
    All(Vec<Self>),
    /// One holds.
    Any(Vec<Self>),
    /// A comparison.
    Test(Test),
}

/// One comparison.
#[derive(Debug)]
pub(crate) struct Test {
    attr: String,
    op: Op,
    negate: bool,
}

#[derive(Debug)]
enum Op {
    Eq(Value),
    /// Compared as numbers: is this order wanted?
    Order(fn(f64, f64) -> bool, f64),
    In(Vec<Value>),
    Contains(Value),
    Regex(Box<Regex>),
    Changed,
    Unchanged,
}

/// What conditions look at.
pub(crate) struct Facts<'a> {
    /// The record.
    pub(crate) data: &'a Value,
    /// The record before and after the change.
    pub(crate) before: &'a Value,
    pub(crate) after: &'a Value,
}

impl Condition {
    /// Reads conditions.
    ///
    /// # Errors
    /// What is wrong, for people.
    pub(crate) fn parse(value: &Value) -> Result<Self, String> {
        let mut left = MAX_CONDITIONS;
        match value {
            Value::Null => Ok(Self::All(Vec::new())),
            Value::Object(members) if members.is_empty() => Ok(Self::All(Vec::new())),
            value => ruleset(value, 0, &mut left),
        }
    }

    /// Does it hold?
    pub(crate) fn holds(&self, facts: &Facts<'_>) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.holds(facts)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(facts)),
            Self::Test(test) => test.holds(facts),
        }
    }
}

fn python_type(value: &Value) -> &'static str {
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

fn ruleset(value: &Value, depth: usize, left: &mut usize) -> Result<Condition, String> {
    let Value::Object(members) = value else {
        return Err(format!("Ruleset must be a dictionary, not <class '{}'>.", python_type(value)));
    };
    if depth > MAX_DEPTH || *left == 0 {
        return Err(format!("At most {MAX_CONDITIONS} conditions, {MAX_DEPTH} levels deep."));
    }
    *left -= 1;
    if members.contains_key("attr") {
        return test(members).map(Condition::Test);
    }
    let mut entries = members.iter();
    let (Some((logic, parts)), None) = (entries.next(), entries.next()) else {
        return Err("Incorrect key(s) informed. Please check documentation.".to_owned());
    };
    let logic = logic.to_lowercase();
    if logic != "and" && logic != "or" {
        return Err(format!(
            "Invalid logic type: {logic} (must be 'and' or 'or'). Please check documentation."
        ));
    }
    let Value::Array(parts) = parts else {
        return Err(format!("`{logic}` needs a list of conditions."));
    };
    let parts = parts.iter().map(|part| ruleset(part, depth + 1, left)).collect::<Result<Vec<_>, _>>()?;
    Ok(if logic == "and" { Condition::All(parts) } else { Condition::Any(parts) })
}

fn test(members: &Map<String, Value>) -> Result<Test, String> {
    if let Some(other) = members.keys().find(|key| !["attr", "value", "op", "negate"].contains(&key.as_str()))
    {
        return Err(format!("`{other}` is none of attr, value, op, negate."));
    }
    let Some(attr) = members.get("attr").and_then(Value::as_str).filter(|attr| !attr.is_empty()) else {
        return Err("`attr` must name a field.".to_owned());
    };
    let name = members.get("op").map_or(Some("eq"), Value::as_str).unwrap_or_default();
    let value = members.get("value").cloned().unwrap_or(Value::Null);
    let negate = match members.get("negate") {
        None => false,
        Some(Value::Bool(negate)) => *negate,
        Some(_) => return Err("`negate` must be true or false.".to_owned()),
    };
    Ok(Test { attr: attr.to_owned(), op: operator(name, value)?, negate })
}

fn operator(name: &str, value: Value) -> Result<Op, String> {
    let wrong =
        |value: &Value| format!("Invalid type for {name} operation: <class '{}'>", python_type(value));
    let number = |value: &Value| value.as_f64().ok_or_else(|| wrong(value));
    Ok(match (name, value) {
        ("eq", value) => Op::Eq(value),
        ("gt", value) => Op::Order(|a, b| a > b, number(&value)?),
        ("gte", value) => Op::Order(|a, b| a >= b, number(&value)?),
        ("lt", value) => Op::Order(|a, b| a < b, number(&value)?),
        ("lte", value) => Op::Order(|a, b| a <= b, number(&value)?),
        ("in", Value::Array(values)) => Op::In(values),
        ("contains", value @ (Value::String(_) | Value::Number(_) | Value::Bool(_))) => Op::Contains(value),
        ("regex", Value::String(pattern)) => {
            // From the beginning, as the conditions people bring with them are meant.
            let pattern = format!("^(?:{pattern})");
            let built = RegexBuilder::new(&pattern).size_limit(MAX_PATTERN).build();
            Op::Regex(Box::new(built.map_err(|error| format!("The pattern cannot be read: {error}"))?))
        }
        ("changed", _) => Op::Changed,
        ("unchanged", _) => Op::Unchanged,
        ("in" | "contains" | "regex", value) => return Err(wrong(&value)),
        (other, _) => return Err(format!("Unknown operator: {other}. Must be one of: {OPERATORS}")),
    })
}

/// What lies at a path. `.value` of something that is no object is the thing itself: a choice is
/// written as an object in one form of records and plainly in another.
fn at<'a>(data: &'a Value, path: &str) -> Option<&'a Value> {
    let mut here = data;
    for part in path.split('.') {
        here = match here {
            Value::Object(members) => members.get(part)?,
            Value::Array(items) => items.get(part.parse::<usize>().ok()?)?,
            plain if part == "value" => plain,
            _ => return None,
        };
    }
    Some(here)
}

impl Test {
    fn holds(&self, facts: &Facts<'_>) -> bool {
        let changed = || at(facts.before, &self.attr) != at(facts.after, &self.attr);
        let snapshots = || match self.attr.strip_prefix("snapshots.").and_then(|path| path.split_once('.')) {
            Some(("prechange", path)) => at(facts.before, path),
            Some(("postchange", path)) => at(facts.after, path),
            _ => at(facts.data, &self.attr),
        };
        let result = match &self.op {
            Op::Changed => changed(),
            Op::Unchanged => !changed(),
            op => match snapshots() {
                // What is not there is not equal to anything, whichever way it is asked.
                None => return false,
                Some(found) => op.compares(found),
            },
        };
        result != self.negate
    }
}

impl Op {
    fn compares(&self, found: &Value) -> bool {
        match self {
            Self::Eq(value) => same(found, value),
            Self::Order(wanted, value) => found.as_f64().is_some_and(|found| wanted(found, *value)),
            Self::In(values) => values.iter().any(|value| same(found, value)),
            Self::Contains(value) => match found {
                Value::Array(items) => items.iter().any(|item| same(item, value)),
                Value::String(text) => value.as_str().is_some_and(|part| text.contains(part)),
                Value::Object(members) => value.as_str().is_some_and(|key| members.contains_key(key)),
                _ => false,
            },
            Self::Regex(pattern) => found.as_str().is_some_and(|text| pattern.is_match(text)),
            Self::Changed | Self::Unchanged => false,
        }
    }
}

/// Equal, whether a number is written whole or not.
fn same(one: &Value, other: &Value) -> bool {
    one == other
        || matches!((one.as_f64(), other.as_f64()), (Some(a), Some(b)) if (a - b).abs() < f64::EPSILON)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn conditions_hold_or_not() {
        let data = json!({"name": "core-1", "status": {"value": "active"}, "n": 5, "tags": ["a", "b"], "plain": "x",
                          "none": null, "ports": [{"name": "p0"}]});
        let before = json!({"name": "core-0", "n": 5});
        let after = json!({"name": "core-1", "n": 5});
        let facts = Facts { data: &data, before: &before, after: &after };
        let cases = [
            (json!(null), true),
            (json!({}), true),
            (json!({"attr": "name", "value": "core-1"}), true),
            (json!({"attr": "name", "value": "core-1", "negate": true}), false),
            (json!({"attr": "status.value", "value": "active"}), true),
            (json!({"attr": "plain.value", "value": "x"}), true),
            (json!({"attr": "missing", "value": "x"}), false),
            (json!({"attr": "missing", "value": "x", "negate": true}), false),
            (json!({"attr": "none", "value": null}), true),
            (json!({"attr": "n", "op": "gt", "value": 4}), true),
            (json!({"attr": "n", "op": "lte", "value": 4.5}), false),
            (json!({"attr": "n", "value": 5.0}), true),
            (json!({"attr": "name", "op": "in", "value": ["x", "core-1"]}), true),
            (json!({"attr": "tags", "op": "contains", "value": "b"}), true),
            (json!({"attr": "name", "op": "contains", "value": "ore"}), true),
            (json!({"attr": "name", "op": "regex", "value": "core-\\d"}), true),
            (json!({"attr": "name", "op": "regex", "value": "ore"}), false),
            (json!({"attr": "ports.0.name", "value": "p0"}), true),
            (json!({"attr": "name", "op": "changed"}), true),
            (json!({"attr": "n", "op": "changed"}), false),
            (json!({"attr": "n", "op": "unchanged"}), true),
            (json!({"attr": "snapshots.prechange.name", "value": "core-0"}), true),
            (
                json!({"and": [{"attr": "n", "value": 5}, {"or": [{"attr": "n", "value": 1}, {"attr": "plain", "value": "x"}]}]}),
                true,
            ),
            (json!({"or": []}), false),
        ];
        for (condition, expected) in cases {
            assert_eq!(Condition::parse(&condition).unwrap().holds(&facts), expected, "{condition}");
        }
    }

    #[test]
    fn wrong_conditions_are_told() {
        let deep = (0..20).fold(json!({"attr": "a", "value": 1}), |inner, _| json!({"and": [inner]}));
        let cases = [
            (json!("x"), "Ruleset must be a dictionary, not <class 'str'>."),
            (json!([1]), "Ruleset must be a dictionary, not <class 'list'>."),
            (json!({"and": [], "or": []}), "Incorrect key(s) informed."),
            (json!({"xor": []}), "Invalid logic type"),
            (json!({"attr": "a", "op": "bogus"}), "Unknown operator: bogus. Must be one of: eq, gt"),
            (
                json!({"attr": "a", "op": "regex", "value": 5}),
                "Invalid type for regex operation: <class 'int'>",
            ),
            (json!({"attr": "a", "op": "regex", "value": "("}), "The pattern cannot be read"),
            (
                json!({"attr": "a", "op": "regex", "value": "a{1000}{1000}{1000}"}),
                "The pattern cannot be read",
            ),
            (json!({"attr": "a", "op": "gt", "value": "x"}), "Invalid type for gt"),
            (json!({"attr": "a", "negate": 1}), "`negate` must be"),
            (json!({"attr": "", "value": 1}), "`attr` must name"),
            (deep, "levels deep"),
        ];
        for (condition, expected) in cases {
            let told = Condition::parse(&condition).unwrap_err();
            assert!(told.starts_with(expected) || told.contains(expected), "{condition}: {told}");
        }
    }
}
