//! Values of custom fields in a write: given ones are checked and put over those that were, missing ones
//! get their default, references are looked up.

use std::collections::HashMap;

use kit::{Problem, WriteTx};
use serde_json::{Map, Value};
use sqlx::PgConnection;
use uuid::Uuid;

use super::Engine;
use crate::custom::{self, Definition, Kind, NOTHING, definitions};
use crate::datum::Datum;
use crate::entity::Entity;
use crate::input::{Draft, Target, reference};
use crate::query::{nearest, shown};
use crate::row::Displays;
use crate::sql;

/// A reference in a custom field that is still to be looked up.
struct Open {
    /// Which draft.
    draft: usize,
    /// Name of the field.
    name: String,
    /// Its place in a list; `None` for a field of one.
    item: Option<usize>,
    target: Target,
}

impl Engine {
    /// Completes and checks the custom fields of the drafts.
    pub(super) async fn customize(
        &self,
        tx: &mut WriteTx,
        entity: &Entity,
        drafts: &mut [Draft],
        displays: &mut Displays,
    ) -> Result<(), Problem> {
        let Some(at) = custom::place(entity.model) else { return Ok(()) };
        let definitions = definitions(tx.conn(), entity.model.name).await?;
        let mut open = Vec::new();
        for (n, draft) in drafts.iter_mut().enumerate() {
            self.values(&definitions, (n, at), draft, &mut open);
        }
        self.settle_custom(tx, at, drafts, open, displays).await?;
        for definition in definitions.iter().filter(|definition| definition.unique) {
            unique_values(tx.conn(), entity, at, drafts, definition).await?;
        }
        Ok(())
    }

    /// The values of one draft; references in them stay null until they are found.
    fn values(
        &self,
        definitions: &[Definition],
        (n, at): (usize, usize),
        draft: &mut Draft,
        open: &mut Vec<Open>,
    ) {
        let given = draft.given.contains(&"custom_fields");
        let given = match draft.cells.get(at) {
            Some(Datum::Json(Value::Object(given_values))) if given => given_values.clone(),
            _ => Map::new(),
        };
        let before = draft.before.as_ref().and_then(|row| row.cells.get(at));
        let before = match before {
            Some(Datum::Json(Value::Object(before))) => before.clone(),
            _ => Map::new(),
        };
        let known: Vec<&str> = definitions.iter().map(|definition| definition.name.as_str()).collect();
        for name in given.keys().filter(|name| !known.contains(&name.as_str())) {
            let near =
                nearest(name, &known).map(|near| format!(" Did you mean `{near}`?")).unwrap_or_default();
            let name = shown(name);
            let message = format!("Unknown field name '{name}' in custom field data.{near}");
            draft.error(&format!("custom_fields/{name}"), "unknown_field", message);
        }
        let mut values = Map::new();
        for definition in definitions {
            let name = &definition.name;
            let value = match (given.get(name), before.get(name)) {
                (Some(value), _) => value,
                (None, Some(value)) if draft.before.is_some() => {
                    values.insert(name.clone(), value.clone());
                    continue;
                }
                _ => &definition.default,
            };
            if definition.required && custom::is_nothing(value) {
                let (code, message) = NOTHING;
                draft.error(&format!("custom_fields/{name}"), code, message);
            }
            let value = match custom::check(definition, value) {
                Ok(value) if definition.kind.refers() => self.targets(definition, (n, value), draft, open),
                Ok(value) => value,
                Err((code, message)) => {
                    draft.error(&format!("custom_fields/{name}"), code, message);
                    Value::Null
                }
            };
            values.insert(name.clone(), value);
        }
        if let Some(cell) = draft.cells.get_mut(at) {
            *cell = Datum::Json(Value::Object(values));
        }
    }

    /// Notes what a value refers to; what is stored until it is found.
    fn targets(
        &self,
        definition: &Definition,
        (n, value): (usize, Value),
        draft: &mut Draft,
        open: &mut Vec<Open>,
    ) -> Value {
        let many = definition.kind == Kind::MultiObject;
        let model = definition.target.as_deref().and_then(|name| self.registry().get(name));
        let Some(model) = model.map(|entity| entity.model.name) else { return Value::Null };
        let items: Vec<Value> = match value {
            Value::Array(items) if many => items,
            one if !many || custom::is_nothing(&one) => vec![one],
            _ => {
                let pointer = format!("custom_fields/{}", definition.name);
                draft.error(&pointer, "no_reference", "Expected is a list of records.");
                return Value::Null;
            }
        };
        if items.first().is_some_and(Value::is_null) {
            return Value::Null;
        }
        let count = items.len();
        for (item, value) in items.into_iter().enumerate() {
            match reference(model, &value, &|name| self.registry().get(name)) {
                Ok(Some(target)) => {
                    let item = many.then_some(item);
                    open.push(Open { draft: n, name: definition.name.clone(), item, target });
                }
                Ok(None) => {}
                Err(wrong) => {
                    draft.error(&format!("custom_fields/{}", definition.name), "no_reference", wrong.message);
                }
            }
        }
        if many { Value::from(vec![Value::Null; count]) } else { Value::Null }
    }

    /// Looks the references up and puts them into the values.
    async fn settle_custom(
        &self,
        tx: &mut WriteTx,
        at: usize,
        drafts: &mut [Draft],
        open: Vec<Open>,
        displays: &mut Displays,
    ) -> Result<(), Problem> {
        if open.is_empty() {
            return Ok(());
        }
        let targets: Vec<&Target> = open.iter().map(|open| &open.target).collect();
        let found = self.found_targets(tx, &targets, displays).await?;
        for (open, found) in open.iter().zip(found) {
            let Some(draft) = drafts.get_mut(open.draft) else { continue };
            let id = match found {
                Ok(id) => id,
                Err((code, message)) => {
                    let place = open.item.map(|item| format!("/{item}")).unwrap_or_default();
                    draft.error(&format!("custom_fields/{}{place}", open.name), code, message);
                    continue;
                }
            };
            let Some(Datum::Json(Value::Object(values))) = draft.cells.get_mut(at) else { continue };
            let stored = custom::stored_reference(open.target.model, id);
            match (open.item, values.get_mut(&open.name)) {
                (Some(item), Some(Value::Array(items))) => {
                    if let Some(place) = items.get_mut(item) {
                        *place = stored;
                    }
                }
                (_, Some(place)) => *place = stored,
                (_, None) => {}
            }
        }
        Ok(())
    }
}

/// Marks the drafts whose value another record, or an earlier draft, has.
async fn unique_values(
    conn: &mut PgConnection,
    entity: &Entity,
    at: usize,
    drafts: &mut [Draft],
    definition: &Definition,
) -> Result<(), Problem> {
    let value_of = |cells: &[Datum]| match cells.get(at) {
        Some(Datum::Json(values)) => values.get(&definition.name).filter(|v| !custom::is_nothing(v)).cloned(),
        _ => None,
    };
    let (mut asked, mut values, mut owners): (Vec<usize>, Vec<Value>, Vec<Uuid>) = Default::default();
    let mut seen: HashMap<String, usize> = HashMap::new();
    let mut taken = Vec::new();
    for (n, draft) in drafts.iter().enumerate() {
        let value = value_of(&draft.cells);
        let before = draft.before.as_ref().and_then(|row| value_of(&row.cells));
        let Some(value) = value.filter(|value| before.as_ref() != Some(value)) else { continue };
        if seen.insert(value.to_string(), n).is_some() {
            taken.push(n);
        }
        asked.push(n);
        owners.push(draft.id);
        values.push(value);
    }
    if !values.is_empty() {
        let found = sql::custom::taken(conn, entity.model, &definition.name, (&values, &owners)).await?;
        let at = |n: i64| usize::try_from(n - 1).ok().and_then(|n| asked.get(n).copied());
        taken.extend(found.into_iter().filter_map(at));
    }
    taken.sort_unstable();
    taken.dedup();
    for n in taken {
        if let Some(draft) = drafts.get_mut(n) {
            let message = format!("Custom field '{}' must have a unique value.", definition.name);
            draft.error(&format!("custom_fields/{}", definition.name), "not_unique", message);
        }
    }
    Ok(())
}
