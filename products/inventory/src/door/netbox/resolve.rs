//! References of a write: ids and attributes of the contract into our ids, many at a time.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use kit::record::{FieldKind, Model, Record};
use kit::records::{Ask, Where};
use kit::{Ctx, Problem, Records};
use serde_json::{Map, Value, json};

use super::contract::Endpoint;
use super::errors::{Errors, add};
use super::input::{Given, Input, Key, Tags, attributes};
use super::parts::{Part, Rows};
use super::pool::record_id;
use crate::reading::reference_id;

/// What a secret is shown as.
pub(super) const MASK: &str = "********";
/// Most references an attribute goes along: a condition of any depth would be one of any cost.
const MAX_STEPS: usize = 8;

/// What was found for what references name: our id, or why there is none.
pub(super) struct Resolved {
    numbers: HashMap<(&'static str, i64), String>,
    named: HashMap<(&'static str, String), Result<String, String>>,
}

impl Resolved {
    /// Looks up everything the inputs refer to: one read a type for ids, one a set of attributes.
    pub(super) async fn of(records: &dyn Records, ctx: &Ctx, inputs: &[Input]) -> Result<Self, Problem> {
        let mut numbers: BTreeMap<&'static str, BTreeSet<i64>> = BTreeMap::new();
        let mut named: BTreeMap<(&'static str, String), Map<String, Value>> = BTreeMap::new();
        let mut want = |endpoint: &'static Endpoint, key: &Key| match key {
            Key::Number(number) => {
                numbers.entry(&endpoint.path).or_default().insert(*number);
            }
            Key::By(members) => {
                named.insert((&endpoint.path, attributes(members)), members.clone());
            }
        };
        for input in inputs {
            for (_, _, given) in &input.fields {
                match given {
                    Given::Value(_) => {}
                    Given::One(endpoint, key) => want(endpoint, key),
                    Given::Many(endpoint, keys) => keys.iter().for_each(|key| want(endpoint, key)),
                }
            }
            for (endpoint, key) in input.parts.iter().flat_map(Rows::references) {
                want(endpoint, key);
            }
            if let Some(endpoint) = Endpoint::at("extras/tags") {
                input.tags.add.iter().chain(&input.tags.remove).for_each(|key| want(endpoint, key));
            }
        }
        let mut resolved = Self { numbers: HashMap::new(), named: HashMap::new() };
        for (path, wanted) in numbers {
            resolved.load_numbers(records, ctx, path, wanted).await?;
        }
        for ((path, text), members) in named {
            let found = by_attributes(records, ctx, path, &text, &members).await?;
            resolved.named.insert((path, text), found);
        }
        Ok(resolved)
    }

    async fn load_numbers(
        &mut self,
        records: &dyn Records,
        ctx: &Ctx,
        path: &'static str,
        wanted: BTreeSet<i64>,
    ) -> Result<(), Problem> {
        let Some(model) = Endpoint::at(path).and_then(|endpoint| records.model(&endpoint.model)) else {
            return Ok(());
        };
        let wanted: Vec<String> = wanted.iter().map(ToString::to_string).collect();
        for values in wanted.chunks(1_000) {
            let filter = Where::Is { field: "number".to_owned(), op: "eq", values: values.to_vec() };
            // Who may write a record may refer by id to what it may not see, as in the contract.
            let ask = Ask { filter, implied: true, ..Ask::default() };
            let found = records.find(ctx, model, &ask).await?;
            for record in &found.records {
                if let Some(number) = record.get("number").and_then(Value::as_i64) {
                    self.numbers.insert((path, number), record_id(record).to_string());
                }
            }
        }
        Ok(())
    }

    fn get(&self, endpoint: &'static Endpoint, key: &Key) -> Result<String, String> {
        match key {
            Key::Number(number) => {
                self.numbers.get(&(endpoint.path.as_str(), *number)).cloned().ok_or_else(|| {
                    format!("Related object not found using the provided numeric ID: {number}")
                })
            }
            Key::By(members) => {
                let name = (endpoint.path.as_str(), attributes(members));
                self.named.get(&name).cloned().unwrap_or_else(|| Err("Related object not found.".to_owned()))
            }
        }
    }

    /// A value with every reference as our id; of several kinds, with the model.
    fn value(&self, given: &Given, model: &'static Model, column: &str) -> Result<Value, String> {
        match given {
            // Choices that are numbers come as text.
            Given::Value(Value::String(text))
                if matches!(model.field(column).map(|field| field.kind), Some(FieldKind::Integer { .. })) =>
            {
                Ok(text.parse::<i64>().map_or_else(|_| Value::from(text.as_str()), Value::from))
            }
            Given::Value(value) => Ok(value.clone()),
            Given::One(endpoint, key) => self.get(endpoint, key).map(|id| {
                let kind = model.field(column).map(|field| field.kind);
                if matches!(kind, Some(FieldKind::Generic { .. })) {
                    json!({"type": endpoint.model, "id": id})
                } else {
                    Value::from(id)
                }
            }),
            Given::Many(endpoint, keys) => keys
                .iter()
                .map(|key| self.get(endpoint, key).map(Value::from))
                .collect::<Result<Vec<_>, _>>()
                .map(Value::Array),
        }
    }

    /// The fields of our record, with every reference as our id.
    pub(super) fn record(
        &self,
        model: &'static Model,
        input: &Input,
        before: Option<&Record>,
    ) -> Result<Record, Errors> {
        let mut record = Record::new();
        let mut errors = Errors::new();
        for (column, name, given) in &input.fields {
            let value = self.value(given, model, column);
            let secret =
                matches!(model.field(column).map(|field| field.kind), Some(FieldKind::Secret { .. }));
            match value {
                // What a secret is shown as, sent back: it stays what it is.
                Ok(value) if secret && value == MASK => {}
                Ok(value) => {
                    record.insert(column.clone(), value);
                }
                Err(message) => add(&mut errors, name, message),
            }
        }
        seal_password(model, &mut record);
        if let Err(message) = self.tags(&input.tags, before, &mut record) {
            add(&mut errors, "tags", message);
        }
        if errors.is_empty() { Ok(record) } else { Err(errors) }
    }

    /// The rows of the parts, with every reference as our id.
    pub(super) fn parts(
        &self,
        records: &dyn Records,
        input: &Input,
    ) -> Result<Vec<(Part, Vec<Record>)>, Errors> {
        let mut errors = Errors::new();
        let mut parts = Vec::with_capacity(input.parts.len());
        for rows in &input.parts {
            let Some(model) = records.model(rows.part.model) else { continue };
            let mut stored = Vec::with_capacity(rows.items.len());
            for row in &rows.items {
                let mut record = Record::new();
                for (column, given) in row {
                    let value = self.value(given, model, column);
                    match value {
                        Ok(value) => drop(record.insert((*column).to_owned(), value)),
                        Err(message) => add(&mut errors, &rows.name, message),
                    }
                }
                stored.push(record);
            }
            parts.push((rows.part, stored));
        }
        if errors.is_empty() { Ok(parts) } else { Err(errors) }
    }

    /// Tags that are added to or taken from those the record has.
    fn tags(&self, tags: &Tags, before: Option<&Record>, record: &mut Record) -> Result<(), String> {
        if tags.add.is_empty() && tags.remove.is_empty() {
            return Ok(());
        }
        let Some(endpoint) = Endpoint::at("extras/tags") else { return Ok(()) };
        let ids =
            |keys: &[Key]| keys.iter().map(|key| self.get(endpoint, key)).collect::<Result<Vec<_>, _>>();
        let (add, remove) = (ids(&tags.add)?, ids(&tags.remove)?);
        let mut all: Vec<String> = before
            .and_then(|before| before.get("tags"))
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(|tag| reference_id(tag).map(|id| id.to_string()))
            .collect();
        all.extend(add);
        all.retain(|id| !remove.contains(id));
        all.sort_unstable();
        all.dedup();
        record.insert("tags".to_owned(), Value::from(all));
        Ok(())
    }
}

async fn by_attributes(
    records: &dyn Records,
    ctx: &Ctx,
    path: &str,
    text: &str,
    members: &Map<String, Value>,
) -> Result<Result<String, String>, Problem> {
    let Some(endpoint) = Endpoint::at(path) else { return Ok(Err("Related object not found.".to_owned())) };
    let Some(model) = records.model(&endpoint.model) else {
        return Ok(Err("Related object not found.".to_owned()));
    };
    let mut tests = Vec::with_capacity(members.len());
    for (name, value) in members {
        match attribute(endpoint, name, value) {
            Ok(test) => tests.push(test),
            Err(message) => return Ok(Err(message)),
        }
    }
    let ask = Ask { filter: Where::All(tests), limit: 2, ..Ask::default() };
    let found = match records.find(ctx, model, &ask).await {
        Ok(found) => found.records,
        // What may not be seen is not found by what it is like.
        Err(problem) if matches!(problem.status.as_u16(), 400 | 403) => Vec::new(),
        Err(problem) => return Err(problem),
    };
    Ok(match found.as_slice() {
        [one] => Ok(record_id(one).to_string()),
        [] => Err(format!("Related object not found using the provided attributes: {text}")),
        _ => Err(format!("Multiple objects match the provided attributes: {text}")),
    })
}

/// One attribute as a condition.
fn attribute(endpoint: &'static Endpoint, name: &str, value: &Value) -> Result<Where, String> {
    let mut at = endpoint;
    let mut steps = Vec::new();
    let mut parts = name.split("__").peekable();
    let column = loop {
        let part = parts.next().unwrap_or_default();
        let Some(fact) = at.fact(part) else {
            return Err(format!("Cannot resolve keyword '{part}' into field."));
        };
        let Some(column) = &fact.column else { return Ok(Where::Any(Vec::new())) };
        if steps.len() >= MAX_STEPS {
            return Err(format!("At most {MAX_STEPS} references are followed."));
        }
        let target = fact.to.as_deref().and_then(Endpoint::at);
        match (parts.peek(), target) {
            (None, None) => break column.clone(),
            // A reference compared with an id.
            (None, Some(_)) => {
                steps.push(column.clone());
                break "number".to_owned();
            }
            (Some(_), Some(target)) => {
                steps.push(column.clone());
                at = target;
            }
            (Some(_), None) => return Err(format!("Unsupported lookup for '{part}'.")),
        }
    };
    let test = match value {
        Value::String(text) => Where::is(column, "eq", text.clone()),
        Value::Number(_) | Value::Bool(_) => Where::is(column, "eq", value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => Where::Any(Vec::new()),
    };
    Ok(steps.into_iter().rev().fold(test, |then, field| Where::Via {
        field,
        model: None,
        then: Box::new(then),
    }))
}
/// The contract has the password of a repository among its parameters; here it has a field of its own that is
/// encrypted and never shown.
fn seal_password(model: &Model, record: &mut Record) {
    if model.name != "platform.data_source" {
        return;
    }
    let parameters = record.get_mut("parameters").and_then(Value::as_object_mut);
    if let Some(password) = parameters.and_then(|parameters| parameters.remove("password")) {
        record.insert("password".to_owned(), password);
    }
}
