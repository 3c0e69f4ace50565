//! The changes of a branch brought to the main line: rows in their places by a few statements, then what
//! hangs on every write - change log, events, hooks - as if it had been written there.

use std::collections::{BTreeMap, HashMap};

use kit::record::Change;
use kit::{Actor, FieldError, Problem, RowAct, WriteTx};
use serde_json::Map;
use uuid::Uuid;

use super::Engine;
use crate::engine::CHUNK;
use crate::engine::log::Written;
use crate::engine::rows::Asking;
use crate::entity::Entity;
use crate::row::Row;
use crate::sql::branches::{self as sql, Entry};

/// Foreign keys are asked once everything is in its place.
const LATER: &str = "SET CONSTRAINTS ALL DEFERRED";
const NOW: &str = "SET CONSTRAINTS ALL IMMEDIATE";
/// Most records named by a refusal.
const MAX_NAMED: usize = 50;
/// Entries read at a time.
const PAGE: i64 = 10_000;

/// Records of one model, of one author, changed in one way.
struct Part<'a> {
    entity: &'a Entity,
    change: Change,
    actor: String,
    ids: Vec<Uuid>,
}

impl Part<'_> {
    /// What whoever merges does to these records.
    fn act(&self) -> RowAct {
        match self.change {
            Change::Create => RowAct::Add,
            Change::Update => RowAct::Change,
            Change::Delete => RowAct::Delete,
        }
    }
}

/// Hears how many records are done, of how many.
type Told<'a> = &'a (dyn Fn(usize, usize) + Send + Sync);

impl Engine {
    /// Brings what a branch changed to the main line, in the caller's transaction, which must be one that
    /// merges ([`kit::Ctx::merging`]). The caller has seen that there are no conflicts. The change log names who
    /// made each change. Gives the number of records.
    ///
    /// # Errors
    /// 403 when whoever merges may not write one of the models, or one of the records as it was or becomes: then
    /// at `/<model>/<id>`; 409 `no-room` when a unique value is taken, 409
    /// `reference` when something referred to is gone, and what the rules of the models say, at
    /// `/<model>/<id>/<field>`.
    pub async fn merge_branch(
        &self,
        tx: &mut WriteTx,
        branch: Uuid,
        told: Told<'_>,
    ) -> Result<usize, Problem> {
        let parts = self.parts(tx, branch).await?;
        for part in &parts {
            tx.ctx().authorize_rows(part.entity.model, part.act())?;
        }
        let total: usize = parts.iter().map(|part| part.ids.len()).sum();
        let mut before = self.before(tx, &parts).await?;
        for part in parts.iter().filter(|part| part.change != Change::Create) {
            self.may_be_written(tx, part).await?;
        }
        sqlx::query(LATER).execute(tx.conn()).await?;
        let mut left = sql::apply(tx.conn(), branch, &["update"], None).await?;
        let mut done = 0;
        // Children are declared after what they belong to.
        for part in parts.iter().rev().filter(|part| part.change == Change::Delete) {
            self.delete_part(tx, part).await?;
            done += part.ids.len();
            told(done, total);
        }
        if !left.is_empty() {
            let again: Vec<Uuid> = left.iter().map(|(_, id)| *id).collect();
            left = sql::apply(tx.conn(), branch, &["update"], Some(&again)).await?;
        }
        left.extend(sql::apply(tx.conn(), branch, &["create"], None).await?);
        if !left.is_empty() {
            return Err(self.no_room(&left));
        }
        sqlx::query(NOW).execute(tx.conn()).await?;
        for part in parts.iter().filter(|part| part.change != Change::Delete) {
            for ids in part.ids.chunks(CHUNK) {
                self.log_part(tx, part, ids, &mut before).await?;
                done += ids.len();
                told(done, total);
            }
        }
        Ok(total)
    }

    /// Refuses a merge that is not within what the transaction's caller may do. Who may do all of what is
    /// changed is asked no more; for others it is tried: the transaction must not be committed.
    ///
    /// # Errors
    /// 403, for single records with pointers `/<model>/<id>`; what a merge itself refuses.
    pub async fn may_merge(&self, tx: &mut WriteTx, branch: Uuid) -> Result<(), Problem> {
        let mut whole = true;
        for part in self.parts(tx, branch).await? {
            whole &= self.within(tx.ctx(), part.entity.model, part.act())?.is_none();
        }
        if whole { Ok(()) } else { self.merge_branch(tx, branch, &|_, _| {}).await.map(drop) }
    }

    /// All changes, in the order of the models.
    async fn parts(&self, tx: &mut WriteTx, branch: Uuid) -> Result<Vec<Part<'_>>, Problem> {
        let relations: Vec<String> =
            self.registry().iter().map(|entity| entity.model.table.to_owned()).collect();
        let mut found: HashMap<String, BTreeMap<(String, String), Vec<Uuid>>> = HashMap::new();
        let mut behind = None;
        loop {
            let page = sql::entries(tx.conn(), branch, &relations, behind.as_ref(), PAGE).await?;
            let Some(last) = page.last() else { break };
            behind = Some((last.relation.clone(), last.record_id));
            for Entry { relation, record_id, kind, actor, .. } in page {
                found.entry(relation).or_default().entry((kind, actor)).or_default().push(record_id);
            }
        }
        let mut parts = Vec::new();
        for entity in self.registry().iter() {
            for ((kind, actor), ids) in found.remove(entity.model.table).unwrap_or_default() {
                let change = match kind.as_str() {
                    "create" => Change::Create,
                    "delete" => Change::Delete,
                    _ => Change::Update,
                };
                parts.push(Part { entity, change, actor, ids });
            }
        }
        Ok(parts)
    }

    /// Records that will be changed, as they are, locked.
    async fn before(&self, tx: &mut WriteTx, parts: &[Part<'_>]) -> Result<HashMap<Uuid, Row>, Problem> {
        let mut before = HashMap::new();
        for part in parts.iter().filter(|part| part.change == Change::Update) {
            for ids in part.ids.chunks(CHUNK) {
                for row in part.entity.sql.lock(tx.conn(), ids).await? {
                    let row = Row::decode(part.entity, &row)?;
                    before.insert(row.id, row);
                }
            }
        }
        Ok(before)
    }

    /// Refuses records that whoever merges may not change or delete, as they are on the main line.
    async fn may_be_written(&self, tx: &mut WriteTx, part: &Part<'_>) -> Result<(), Problem> {
        let ctx = tx.ctx().clone();
        if self.within(&ctx, part.entity.model, part.act())?.is_none() {
            return Ok(());
        }
        for ids in part.ids.chunks(CHUNK) {
            // The main line may have deleted what the branch deletes.
            let there = self.rows(tx.conn(), part.entity, ids).await?;
            let there: Vec<Uuid> = there.iter().map(|row| row.id).collect();
            let place = |at: usize| pointer(part.entity.model.name, there.get(at));
            self.stays(tx, part.entity, part.act(), &there, &place).await?;
        }
        Ok(())
    }

    /// Deletes as ever: what refers to the records goes too, loses them, or refuses.
    async fn delete_part(&self, tx: &mut WriteTx, part: &Part<'_>) -> Result<(), Problem> {
        let author = author(tx, &part.actor);
        tx.written_by(author);
        for ids in part.ids.chunks(CHUNK) {
            // Some went with others.
            let there = self.rows(tx.conn(), part.entity, ids).await?;
            let there: Vec<(Uuid, Option<i64>)> = there.iter().map(|row| (row.id, None)).collect();
            if !there.is_empty() {
                // Asked before anything was put in its place.
                self.remove_versions(tx, part.entity, &there, Asking::Code).await?;
            }
        }
        Ok(())
    }

    /// What is found, change log, events and rules of records that are in their places, which must be within
    /// what whoever merges may do.
    async fn log_part(
        &self,
        tx: &mut WriteTx,
        part: &Part<'_>,
        ids: &[Uuid],
        before: &mut HashMap<Uuid, Row>,
    ) -> Result<(), Problem> {
        let author = author(tx, &part.actor);
        tx.written_by(author);
        let mut rows = Vec::with_capacity(ids.len());
        for after in self.rows(tx.conn(), part.entity, ids).await? {
            let before = before.remove(&after.id);
            rows.push(Written { before, after: Some(after), once: Map::new(), passwords: Vec::new() });
        }
        let places: Vec<Uuid> = rows.iter().filter_map(|row| Some(row.after.as_ref()?.id)).collect();
        let logged = self.log(tx, part.entity, part.change, rows).await;
        logged.map_err(|problem| placed(problem, part.entity.model.name, &places))?;
        let place = |at: usize| pointer(part.entity.model.name, places.get(at));
        self.stays(tx, part.entity, part.act(), &places, &place).await
    }

    fn no_room(&self, left: &[(String, Uuid)]) -> Problem {
        let errors = left.iter().take(MAX_NAMED).map(|(relation, id)| FieldError {
            pointer: pointer(self.at_table(relation).map_or("", |entity| entity.model.name), Some(id)),
            code: "no_room".into(),
            message: "Another record has a value that must be unique.".to_owned(),
        });
        Problem {
            errors: errors.collect(),
            ..Problem::conflict(
                "no-room",
                format!(
                    "{} record(s) of this branch have values that are taken on the main line by now. Change one of the two.",
                    left.len()
                ),
            )
        }
    }
}

/// Who made a change, from its stored form. The server itself has no id: then it is who merges.
fn author(tx: &WriteTx, stored: &str) -> Actor {
    let known = stored.split_once(':').and_then(|(kind, id)| Some((kind, Uuid::parse_str(id).ok()?)));
    match known {
        Some(("user", id)) => Actor::User(id),
        Some(("svc", id)) => Actor::Service(id),
        Some(("collector", id)) => Actor::Collector(id),
        _ => tx.ctx().actor().clone(),
    }
}

/// A record as the place of an error.
fn pointer(model: &str, id: Option<&Uuid>) -> String {
    format!("/{model}/{}", id.copied().unwrap_or_default())
}

/// Rules point at places of a write; people know records.
fn placed(mut problem: Problem, model: &str, ids: &[Uuid]) -> Problem {
    for error in &mut problem.errors {
        let mut parts = error.pointer.splitn(3, '/');
        let (_, at, rest) = (parts.next(), parts.next(), parts.next());
        let id = at.and_then(|at| at.parse::<usize>().ok()).and_then(|at| ids.get(at));
        if let Some(id) = id {
            error.pointer = format!("/{model}/{id}/{}", rest.unwrap_or_default());
        }
    }
    problem
}
