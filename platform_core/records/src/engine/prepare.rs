//! From what was sent to what will be written: validation, references, the model's own rules,
//! uniqueness. Nothing is written here, and every wrong field of every record is found in one go.

use kit::record::{Drafted, ONCE, Record};
use kit::{Problem, WriteTx};
use serde_json::{Map, Value, json};

use super::Engine;
use crate::datum::Datum;
use crate::entity::Entity;
use crate::input::{self, Draft, Item, SecretChange};
use crate::row::{Displays, Row};

impl Engine {
    /// Drafts parallel to the items, each with its errors.
    pub(super) async fn prepare(
        &self,
        tx: &mut WriteTx,
        entity: &Entity,
        items: Vec<Item>,
    ) -> Result<Vec<Draft>, Problem> {
        let mut displays = Displays::default();
        let befores = self.wanted(entity, items.iter().filter_map(|item| item.before.as_ref()));
        self.load_displays(tx.conn(), befores, &mut displays).await?;
        let mut drafts = Vec::with_capacity(items.len());
        for item in items {
            let current = match &item.before {
                Some(row) => Some(self.record(entity, &displays, row)?),
                None => None,
            };
            drafts.push(input::object(entity, item, current.as_ref(), &|name| self.registry().get(name)));
        }
        self.resolve(tx, entity, &mut drafts, &mut displays).await?;
        self.customize(tx, entity, &mut drafts, &mut displays).await?;
        for draft in &mut drafts {
            input::complete(entity, draft, false);
        }
        self.clean(tx, entity, &mut drafts, &displays).await?;
        self.resolve(tx, entity, &mut drafts, &mut displays).await?;
        for draft in &mut drafts {
            input::complete(entity, draft, true);
        }
        self.check_tree(tx, entity, &mut drafts).await?;
        self.check_unique(tx, entity, &mut drafts).await?;
        Ok(drafts)
    }

    /// Runs the model's own rules over the records that are right so far and takes over what they
    /// changed.
    async fn clean(
        &self,
        tx: &mut WriteTx,
        entity: &Entity,
        drafts: &mut [Draft],
        displays: &Displays,
    ) -> Result<(), Problem> {
        let hooks = entity.model.hooks;
        let mut right: Vec<&mut Draft> = drafts.iter_mut().filter(|draft| draft.errors.is_empty()).collect();
        let mut seen = Vec::with_capacity(right.len());
        let mut cleaned = Vec::with_capacity(right.len());
        for draft in &right {
            let before = draft.before.as_ref().map(|row| self.record(entity, displays, row)).transpose()?;
            let record = self.draft_record(entity, draft, displays)?;
            let mut drafted = Drafted { before, record: record.clone(), errors: Vec::new() };
            hooks.clean(tx.ctx(), drafted.before.as_ref(), &mut drafted.record, &mut drafted.errors);
            seen.push(record);
            cleaned.push(drafted);
        }
        hooks.clean_all(self, tx, &mut cleaned).await?;
        for ((draft, seen), mut cleaned) in right.iter_mut().zip(seen).zip(cleaned) {
            draft.errors.append(&mut cleaned.errors);
            if let Some(Value::Object(once)) = cleaned.record.remove(ONCE) {
                draft.once = once;
            }
            input::reparse(entity, draft, &seen, &cleaned.record, &|name| self.registry().get(name));
        }
        Ok(())
    }

    /// The record as rules see it: as over the wire, but a secret being set is its clear text.
    fn draft_record(&self, entity: &Entity, draft: &Draft, displays: &Displays) -> Result<Record, Problem> {
        let now = chrono::Utc::now();
        let row = Row {
            id: draft.id,
            number: draft.number,
            version: draft.before.as_ref().map_or(1, |row| row.version),
            created_at: draft.before.as_ref().map_or(now, |row| row.created_at),
            updated_at: draft.before.as_ref().map_or(now, |row| row.updated_at),
            cells: draft.cells.clone(),
        };
        let mut record = self.record(entity, displays, &row)?;
        for (field, change) in entity.model.fields.iter().zip(&draft.secrets) {
            if !crate::sql::is_secret(&field.kind) {
                continue;
            }
            match change {
                SecretChange::Keep => {}
                SecretChange::Clear => {
                    record.insert(field.name.to_owned(), Value::Null);
                }
                SecretChange::Set(clear) => {
                    record.insert(field.name.to_owned(), json!(clear.expose()));
                }
            }
        }
        Ok(record)
    }

    /// Refuses a parent that is the record itself or lies below it.
    async fn check_tree(
        &self,
        tx: &mut WriteTx,
        entity: &Entity,
        drafts: &mut [Draft],
    ) -> Result<(), Problem> {
        let Some(parent) = entity.model.parent else { return Ok(()) };
        let Some(at) = entity.model.fields.iter().position(|field| field.name == parent) else {
            return Ok(());
        };
        for draft in drafts {
            let moved =
                draft.before.as_ref().is_some_and(|before| before.cells.get(at) != draft.cells.get(at));
            let Some(Datum::Uuid(start)) = draft.cells.get(at).filter(|_| moved) else { continue };
            if entity.sql.above(tx.conn(), parent, *start, draft.id).await? {
                let message = format!("A {} cannot lie below itself.", entity.model.title);
                draft.error(parent, "circle", message);
            }
        }
        Ok(())
    }

    /// Marks every draft whose unique values a stored record, or an earlier draft, has.
    async fn check_unique(
        &self,
        tx: &mut WriteTx,
        entity: &Entity,
        drafts: &mut [Draft],
    ) -> Result<(), Problem> {
        // All keys that are taken are told, but only of records that are right otherwise.
        let right: Vec<bool> = drafts.iter().map(|draft| draft.errors.is_empty()).collect();
        for (number, key) in entity.uniques.iter().enumerate() {
            let positions: Vec<Option<usize>> = key
                .fields
                .iter()
                .map(|field| entity.model.fields.iter().position(|other| other.name == field.name))
                .collect();
            let mut rows: Vec<Map<String, Value>> = Vec::new();
            for (n, draft) in drafts.iter().enumerate() {
                let before = draft.before.as_ref();
                let changed = positions
                    .iter()
                    .flatten()
                    .any(|at| before.is_none_or(|row| row.cells.get(*at) != draft.cells.get(*at)));
                if !changed || right.get(n) != Some(&true) {
                    continue;
                }
                let mut row = Map::new();
                row.insert("n".to_owned(), json!(n));
                row.insert("id".to_owned(), json!(draft.id));
                for (field, at) in key.fields.iter().zip(positions.iter().flatten()) {
                    match draft.cells.get(*at) {
                        Some(Datum::Typed(model, id)) => {
                            let [type_column, id_column] = field.generic_columns();
                            row.insert(type_column.to_owned(), json!(model));
                            row.insert(id_column.to_owned(), json!(id));
                        }
                        cell => drop(row.insert(field.name.to_owned(), json!(cell))),
                    }
                }
                rows.push(row);
            }
            if rows.is_empty() {
                continue;
            }
            let rows = serde_json::to_string(&rows).map_err(Problem::internal)?;
            for n in entity.sql.taken(tx.conn(), number, rows).await? {
                if let Some(draft) = usize::try_from(n).ok().and_then(|n| drafts.get_mut(n)) {
                    let (field, message) = not_unique(entity, number);
                    draft.error(field, "not_unique", message);
                }
            }
        }
        Ok(())
    }
}

/// The field to point at and what to say when a unique key is taken.
pub(super) fn not_unique(entity: &Entity, key: usize) -> (&'static str, String) {
    let fields = entity.uniques.get(key).map(|key| key.fields.as_slice()).unwrap_or_default();
    let labels: Vec<&str> = fields.iter().map(|field| field.label).collect();
    let title = entity.model.title;
    let message = match labels.as_slice() {
        [one] => format!("Another {title} has this {one} already. Choose another."),
        many => format!("Another {title} has this combination of {} already.", many.join(", ")),
    };
    (fields.last().map_or("", |field| field.name), message)
}
