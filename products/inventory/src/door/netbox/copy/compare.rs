//! What differs between an object and its copy.

use serde_json::{Map, Value};

use super::super::contract::{Fact, Kind};
use super::super::parts;
use super::body::{Known, Mapped, Moment};
use super::{ACCOUNTS, Object, Step, says};

impl Step {
    /// The fields of the wanted object that are other ones in the copy.
    pub fn differences(&self, wanted: &Mapped, copy: &Mapped) -> Object {
        let mut different = Map::new();
        for (name, value) in &wanted.body {
            let Some(fact) = self.endpoint.fact(name).filter(|fact| fact.kind != Kind::Image) else {
                continue;
            };
            let kept = copy.masked.contains(name) && says(value);
            if !kept && !self.same_value(fact, value, copy.body.get(name).unwrap_or(&Value::Null)) {
                different.insert(name.clone(), value.clone());
            }
        }
        self.complete(wanted, &mut different);
        different
    }

    /// Half a reference says nothing: the other half goes with it.
    fn complete(&self, wanted: &Mapped, different: &mut Object) {
        let half = |fact: &&Fact| matches!(fact.kind, Kind::GenericType | Kind::GenericId);
        let halves: Vec<&Fact> = self.endpoint.fields.iter().filter(half).collect();
        for fact in &halves {
            if !different.contains_key(&fact.name) {
                continue;
            }
            for other in halves.iter().filter(|other| other.column == fact.column) {
                if let Some(value) = wanted.body.get(&other.name) {
                    different.insert(other.name.clone(), value.clone());
                }
            }
        }
    }

    fn same_value(&self, fact: &Fact, one: &Value, other: &Value) -> bool {
        let unordered = matches!(fact.kind, Kind::M2m | Kind::Slugs | Kind::ContentType)
            || parts::of(&self.endpoint.kind, &fact.name).is_some();
        match (one, other) {
            (Value::Array(one), Value::Array(other)) if unordered => {
                let sorted = |items: &[Value]| {
                    let mut items: Vec<String> = items.iter().map(ToString::to_string).collect();
                    items.sort_unstable();
                    items
                };
                sorted(one) == sorted(other)
            }
            _ => alike(one, other),
        }
    }

    /// Are both the same object? They are called the same, or everything an object must have is equal.
    /// `known` is of the place the first comes from.
    pub fn same(&self, one: &Object, other: &Object, known: &Known) -> bool {
        let display = |object: &Object| object.get("display").cloned();
        if display(one).is_some() && display(one) == display(other) {
            return true;
        }
        let (one, other) =
            (self.map(one, known, Moment::Whole), self.map(other, &Known::default(), Moment::Whole));
        // Accounts are known by their names, and have ids of their own on either side.
        let people = |fact: &&Fact| fact.to.as_deref() == Some(ACCOUNTS);
        let mut required =
            self.required().filter(|fact| fact.kind != Kind::Image && !people(fact)).peekable();
        required.peek().is_some()
            && required.all(|fact| match (one.body.get(&fact.name), other.body.get(&fact.name)) {
                (Some(one), Some(other)) => self.same_value(fact, one, other),
                _ => false,
            })
    }
}

/// Equal but for how it is written: spaces around a text, 1 and 1.0, nothing and an empty text.
fn alike(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one == other || one.as_f64() == other.as_f64(),
        (Value::String(one), Value::String(other)) => one.trim() == other.trim(),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| alike(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            let same = |a: &Object, b: &Object| {
                a.iter().all(|(name, value)| alike(value, b.get(name).unwrap_or(&Value::Null)))
            };
            same(one, other) && same(other, one)
        }
        (Value::Bool(one), Value::Bool(other)) => one == other,
        (Value::Bool(_), _) | (_, Value::Bool(_)) => false,
        (Value::String(text), Value::Null) | (Value::Null, Value::String(text)) => text.trim().is_empty(),
        _ => one == other || (!says(one) && !says(other)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::super::resolve::MASK;
    use super::super::Plan;
    use super::*;

    fn different(path: &str, one: &Value, other: &Value) -> Value {
        let plan = Plan::new();
        let step = plan.steps().iter().find(|step| step.path() == path).unwrap();
        let map = |object: &Value| step.map(object.as_object().unwrap(), &Known::default(), Moment::Whole);
        Value::Object(step.differences(&map(one), &map(other)))
    }

    #[test]
    fn only_differences_are_written() {
        let site = json!({"name": "A", "slug": "a", "latitude": 48.0, "comments": " x ", "asns": [{"id": 2}, {"id": 1}]});
        let copy = json!({"name": "A", "slug": "a", "latitude": 48, "comments": "x", "asns": [{"id": 1}, {"id": 2}]});
        assert_eq!(different("dcim/sites", &site, &copy), json!({}));
        let copy = json!({"name": "B", "slug": "a", "asns": [{"id": 1}]});
        let wanted = json!({"name": "A", "latitude": 48.0, "comments": " x ", "asns": [2, 1]});
        assert_eq!(different("dcim/sites", &site, &copy), wanted);
    }

    #[test]
    fn secrets_are_not_written_again_and_halves_go_together() {
        let hook = |secret: &str| json!({"name": "x", "secret": secret});
        assert_eq!(different("extras/webhooks", &hook("abc"), &hook(MASK)), json!({}));
        assert_eq!(different("extras/webhooks", &hook("abc"), &hook("")), json!({"secret": "abc"}));
        let of = |id: i64| json!({"assigned_object_type": "dcim.interface", "assigned_object_id": id});
        assert_eq!(different("ipam/ip-addresses", &of(1), &of(2)), of(1));
    }

    #[test]
    fn an_object_is_known_by_its_name_or_by_what_it_must_have() {
        let plan = Plan::new();
        let step = plan.steps().iter().find(|step| step.path() == "dcim/sites").unwrap();
        let same = |one: Value, other: Value| {
            step.same(one.as_object().unwrap(), other.as_object().unwrap(), &Known::default())
        };
        let site = |display: &str, name: &str| json!({"display": display, "name": name, "slug": name});
        assert!(same(site("A", "a"), site("A", "b")));
        assert!(same(site("A", "a"), site("Site A", "a")));
        assert!(!same(site("A", "a"), site("B", "b")));
    }
}
