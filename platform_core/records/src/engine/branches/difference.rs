//! What a branch changed, record by record and field by field.

use std::collections::HashMap;

use kit::permission::Act;
use kit::record::{FieldKind, Record};
use kit::{Ctx, Problem, ReadTx};
use serde_json::{Map, Value, json};
use sqlx::{PgConnection, Row as _};
use uuid::Uuid;

use super::Engine;
use crate::datum::time_text;
use crate::entity::Entity;
use crate::row::{Displays, Row};
use crate::sql::branches::{self as sql, Entry};

/// One page of what a branch changed.
#[derive(Debug)]
pub struct DiffPage {
    /// Records, as objects.
    pub items: Vec<Value>,
    /// Where the next page begins: table and record.
    pub next: Option<(String, Uuid)>,
}

/// How much a branch changed.
#[derive(Debug, Default)]
pub struct Totals {
    /// Model, `create`, `update` or `delete`, and how many records.
    pub parts: Vec<(&'static str, String, i64)>,
    /// Records of models that the caller may not read.
    pub hidden: i64,
}

/// A record of a branch: as it was when it was first changed there, as it is there, as it is.
#[derive(Default)]
struct Sides {
    base: Option<Record>,
    after: Option<Record>,
    main: Option<Record>,
}

impl Engine {
    /// How much a branch changed, by model. `tx` is on the main line.
    ///
    /// # Errors
    /// 503 when the database is gone.
    pub async fn branch_totals(&self, ctx: &Ctx, tx: &mut ReadTx, branch: Uuid) -> Result<Totals, Problem> {
        let mut totals = Totals::default();
        for (relation, kind, count) in sql::totals(tx.conn(), branch).await? {
            let entity = self.at_table(&relation);
            match entity.filter(|entity| ctx.authorize(entity.permission(Act::Read)).is_ok()) {
                Some(entity) => totals.parts.push((entity.model.name, kind, count)),
                None => totals.hidden += count,
            }
        }
        Ok(totals)
    }

    /// Records that a branch changed, in the order of their tables and ids, of models that the caller may read.
    /// The cost goes with the page. `tx` is on the main line.
    ///
    /// # Errors
    /// 503 when the database is gone.
    pub async fn branch_diff(
        &self,
        ctx: &Ctx,
        tx: &mut ReadTx,
        branch: Uuid,
        behind: Option<(String, Uuid)>,
        limit: u32,
    ) -> Result<DiffPage, Problem> {
        let readable =
            self.registry().iter().filter(|entity| ctx.authorize(entity.permission(Act::Read)).is_ok());
        let relations: Vec<String> = readable.map(|entity| entity.model.table.to_owned()).collect();
        let wanted = i64::from(limit) + 1;
        let mut entries = sql::entries(tx.conn(), branch, &relations, behind.as_ref(), wanted).await?;
        let more = entries.len() > limit as usize;
        entries.truncate(limit as usize);
        let next = entries.last().filter(|_| more).map(|last| (last.relation.clone(), last.record_id));
        let mut ids: HashMap<&str, Vec<Uuid>> = HashMap::new();
        for entry in &entries {
            ids.entry(&entry.relation).or_default().push(entry.record_id);
        }
        let mut sides: HashMap<(&'static str, Uuid), Sides> = HashMap::new();
        for (relation, ids) in ids {
            let Some(entity) = self.at_table(relation) else { continue };
            for (id, found) in self.sides(tx.conn(), entity, branch, &ids).await? {
                sides.insert((entity.model.table, id), found);
            }
        }
        let items = entries.iter().filter_map(|entry| {
            let entity = self.at_table(&entry.relation)?;
            let sides = sides.remove(&(entity.model.table, entry.record_id)).unwrap_or_default();
            Some(item(entity, entry, &sides))
        });
        Ok(DiffPage { items: items.collect(), next })
    }

    async fn sides(
        &self,
        conn: &mut PgConnection,
        entity: &Entity,
        branch: Uuid,
        ids: &[Uuid],
    ) -> Result<HashMap<Uuid, Sides>, Problem> {
        let found = entity.sql.sides(conn, branch, ids).await?;
        let mut rows = Vec::with_capacity(found.len());
        for row in &found {
            let side: String = row.try_get(row.len().saturating_sub(1))?;
            rows.push((side, Row::decode(entity, row)?));
        }
        let mut displays = Displays::default();
        for (model, ids) in self.wanted(entity, rows.iter().map(|(_, row)| row)) {
            self.add_displays(conn, model, &ids, &mut displays).await?;
            let new: Vec<Uuid> = ids.into_iter().filter(|id| displays.get(model, *id).is_none()).collect();
            let Some(target) = self.registry().get(model).filter(|_| !new.is_empty()) else { continue };
            for (id, text) in target.sql.new_texts(conn, branch, &new).await? {
                displays.texts.entry(model).or_default().insert(id, text.unwrap_or_default());
            }
        }
        let mut sides: HashMap<Uuid, Sides> = HashMap::new();
        for (side, row) in &rows {
            let record = self.record(entity, &displays, row)?;
            let sides = sides.entry(row.id).or_default();
            match side.as_str() {
                "base" => sides.base = Some(record),
                "after" => sides.after = Some(record),
                _ => sides.main = Some(record),
            }
        }
        Ok(sides)
    }
}

fn item(entity: &Entity, entry: &Entry, sides: &Sides) -> Value {
    let record = sides.after.as_ref().or(sides.base.as_ref());
    let display = record.and_then(|record| record.get(entity.model.display)).cloned();
    let (changes, both) = changes(entity, entry, sides);
    let conflict = match (entry.kind.as_str(), &sides.main) {
        ("update" | "delete", None) => Some("deleted"),
        ("delete", Some(main)) if main.get("version") != version(sides.base.as_ref()) => {
            Some("changed-deleted")
        }
        ("update", Some(_)) if !both.is_empty() => Some("changed"),
        _ => None,
    };
    json!({
        "model": entity.model.name,
        "id": entry.record_id,
        "number": record.and_then(|record| record.get("number")),
        "display": display,
        "action": entry.kind,
        "actor": entry.actor,
        "at": time_text(&entry.updated_at),
        "changes": changes,
        "conflict": conflict.map(|code| json!({"code": code, "fields": both})),
    })
}

fn version(record: Option<&Record>) -> Option<&Value> {
    record.and_then(|record| record.get("version"))
}

/// Fields that differ, and those of them that the main line changed as well.
fn changes(entity: &Entity, entry: &Entry, sides: &Sides) -> (Map<String, Value>, Vec<&'static str>) {
    let (mut changes, mut both) = (Map::new(), Vec::new());
    for field in entity.model.fields {
        if matches!(field.kind, FieldKind::Count { .. }) {
            continue;
        }
        let value = |side: Option<&Record>| -> Value {
            side.and_then(|record| record.get(field.name)).cloned().unwrap_or_default()
        };
        let (base, after, main) =
            (value(sides.base.as_ref()), value(sides.after.as_ref()), value(sides.main.as_ref()));
        if base == after {
            continue;
        }
        if entry.kind == "update" && sides.main.is_some() && main != base && main != after {
            both.push(field.name);
        }
        changes.insert(field.name.to_owned(), json!({"base": base, "main": main, "after": after}));
    }
    (changes, both)
}
