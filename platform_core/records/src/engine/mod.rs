//! The engine: reads and writes records of any model.

mod batch;
mod branches;
mod changes;
mod constraint;
mod customize;
mod export;
mod found;
mod history;
mod idempotent;
mod import;
mod log;
mod numbers;
mod prepare;
mod read;
mod rebuild;
mod references;
mod remove;
mod rows;
mod search;
mod service;
mod undo;
mod verify;
mod write;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use kit::record::{Field, FieldKind, Model, Record};
use kit::{Problem, ReadTx, SecretText, Secrets, Services, WriteTx};
use serde_json::Value;
use sqlx::{PgConnection, Row as _};
use uuid::Uuid;

use crate::datum::Datum;
use crate::entity::Entity;
use crate::query::{CursorKey, Query};
use crate::registry::{ModelErrors, Registry};
use crate::row::{self, Displays, Lens, Row};

pub use branches::{DiffPage, Totals};
pub(crate) use idempotent::Key;
pub(crate) use import::Source;
pub use rebuild::search_rebuild;
pub(crate) use search::Search;

/// Most records in one write.
pub(crate) const MAX_ROWS: usize = 10_000;
/// Records in one statement.
const CHUNK: usize = 1_000;

/// Settings of the engine.
#[derive(Clone, Copy)]
pub struct Options {
    /// Seals cursors. The same key in every process and after restarts keeps cursors valid.
    pub cursor_key: [u8; 32],
}

impl Default for Options {
    /// A random key: cursors end with the process.
    fn default() -> Self {
        Self { cursor_key: rand::random() }
    }
}

/// A transaction that can be read in: [`ReadTx`] or [`WriteTx`].
pub trait AnyTx: Send {
    /// Its connection.
    fn conn(&mut self) -> &mut PgConnection;
}

impl AnyTx for ReadTx {
    fn conn(&mut self) -> &mut PgConnection {
        Self::conn(self)
    }
}

impl AnyTx for WriteTx {
    fn conn(&mut self) -> &mut PgConnection {
        Self::conn(self)
    }
}

/// The record engine over a set of models. Cheap to clone.
#[derive(Clone)]
pub struct Engine {
    inner: Arc<Inner>,
}

struct Inner {
    registry: Registry,
    services: Services,
    cursors: CursorKey,
    numbers: numbers::Numbers,
}

impl Engine {
    /// Checks the models and derives everything from them. `models` must be complete: references
    /// resolve among them.
    ///
    /// # Errors
    /// Every fault of every descriptor.
    pub fn new(models: &[&'static Model], services: Services, options: Options) -> Result<Self, ModelErrors> {
        let registry = Registry::new(models)?;
        Ok(Self {
            inner: Arc::new(Inner {
                registry,
                services,
                cursors: CursorKey::new(options.cursor_key),
                numbers: numbers::Numbers::default(),
            }),
        })
    }

    /// A list as query parameters ask for it, with conditions on what references lead to.
    ///
    /// # Errors
    /// 400 with every wrong parameter.
    pub fn query(&self, model: &'static Model, pairs: &[(String, String)]) -> Result<Query, Problem> {
        Query::parse_with(model, pairs, &|name| self.registry().get(name).map(|entity| entity.model))
    }

    /// The models, in the order given.
    pub fn models(&self) -> impl Iterator<Item = &'static Model> + '_ {
        self.inner.registry.iter().map(|entity| entity.model)
    }

    pub(crate) fn registry(&self) -> &Registry {
        &self.inner.registry
    }

    pub(crate) fn entity(&self, model: &Model) -> Result<&Entity, Problem> {
        let entity = self.inner.registry.get(model.name);
        entity.ok_or_else(|| Problem::internal(format!("the engine does not know the model {}", model.name)))
    }

    fn secrets(&self) -> Option<&dyn Secrets> {
        self.inner.services.secrets().ok().map(AsRef::as_ref)
    }

    fn lens<'a>(&'a self, entity: &'a Entity, displays: &'a Displays) -> Lens<'a> {
        Lens { entity, displays, secrets: self.secrets(), fields: None }
    }

    fn record(&self, entity: &Entity, displays: &Displays, row: &Row) -> Result<Record, Problem> {
        match serde_json::to_value(self.lens(entity, displays).view(row)) {
            Ok(Value::Object(record)) => Ok(record),
            Ok(_) => Err(Problem::internal("a record is no object")),
            Err(error) => Err(Problem::internal(error)),
        }
    }

    /// Texts for everything that these cells refer to: one statement a model.
    async fn load_displays(
        &self,
        conn: &mut PgConnection,
        wanted: Vec<(&'static str, Vec<Uuid>)>,
        displays: &mut Displays,
    ) -> Result<(), Problem> {
        for (model, mut ids) in wanted {
            ids.retain(|id| displays.get(model, *id).is_none());
            self.add_displays(conn, model, &ids, displays).await?;
        }
        Ok(())
    }

    async fn add_displays(
        &self,
        conn: &mut PgConnection,
        model: &'static str,
        ids: &[Uuid],
        displays: &mut Displays,
    ) -> Result<(), Problem> {
        let Some(target) = self.inner.registry.get(model).filter(|_| !ids.is_empty()) else { return Ok(()) };
        let kind = target.model.field(target.model.display).map_or(FieldKind::Uuid, |field| field.kind);
        let rows = target.sql.displays(conn, ids, displays.view).await?;
        let found = displays.texts.entry(model).or_default();
        for row in rows {
            found.insert(row.try_get(0)?, row::decode_value(&kind, &row, 1)?.display());
        }
        Ok(())
    }

    /// Opens a stored secret, just in time.
    ///
    /// # Errors
    /// 404 when the record does not exist, 503 when there is no vault.
    pub async fn open_secret(
        &self,
        tx: &mut ReadTx,
        model: &'static Model,
        id: Uuid,
        field: &str,
    ) -> Result<Option<SecretText>, Problem> {
        let entity = self.entity(model)?;
        let row = self.rows(tx.conn(), entity, &[id]).await?.pop();
        let row = row.ok_or_else(|| Problem::not_found(model.title))?;
        let Some(Datum::Sealed(sealed)) = row.cell(entity, field) else { return Ok(None) };
        let place = kit::secrets::SecretPlace { model: model.name, id, field };
        self.inner.services.secrets()?.open(tx, place, &sealed.bytes).await.map(Some)
    }

    /// The ids that these rows refer to, by model.
    fn wanted<'a>(
        &self,
        entity: &Entity,
        rows: impl Iterator<Item = &'a Row>,
    ) -> Vec<(&'static str, Vec<Uuid>)> {
        let references: Vec<(usize, &'static Field)> = references(entity.model).collect();
        let custom = crate::custom::place(entity.model);
        if references.is_empty() && custom.is_none() {
            return Vec::new();
        }
        let mut wanted: HashMap<&'static str, HashSet<Uuid>> = HashMap::new();
        for row in rows {
            if let Some(Datum::Json(values)) = custom.and_then(|at| row.cells.get(at)) {
                for (model, id) in crate::custom::references(values) {
                    if let Some(target) = self.registry().get(model) {
                        wanted.entry(target.model.name).or_default().insert(id);
                    }
                }
            }
            for (at, field) in &references {
                match (field.kind, row.cells.get(*at)) {
                    (_, Some(Datum::Typed(model, id))) => {
                        wanted.entry(model).or_default().insert(*id);
                    }
                    (FieldKind::Reference { model, .. }, Some(Datum::Uuid(id))) => {
                        wanted.entry(model).or_default().insert(*id);
                    }
                    (FieldKind::References { model }, Some(Datum::Uuids(ids))) => {
                        wanted.entry(model).or_default().extend(ids);
                    }
                    _ => {}
                }
            }
        }
        wanted.into_iter().map(|(model, ids)| (model, ids.into_iter().collect())).collect()
    }

    async fn rows(
        &self,
        conn: &mut PgConnection,
        entity: &Entity,
        ids: &[Uuid],
    ) -> Result<Vec<Row>, Problem> {
        entity.sql.get(conn, ids).await?.iter().map(|row| Row::decode(entity, row)).collect()
    }
}

/// Positions and fields of all that refers to records.
pub(crate) fn references(model: &Model) -> impl Iterator<Item = (usize, &'static Field)> + '_ {
    let refers = |field: &Field| {
        matches!(
            field.kind,
            FieldKind::Reference { .. } | FieldKind::References { .. } | FieldKind::Generic { .. }
        )
    };
    model.fields.iter().enumerate().filter(move |(_, field)| refers(field))
}
