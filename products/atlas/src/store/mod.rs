//! The rows of atlas: static SQL only.

mod documents;
mod drift;
mod parts;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use kit::{Problem, ReadTx, WriteTx};
use serde_json::Value;
use sqlx::Row as _;
use sqlx::postgres::PgQueryResult;
use uuid::Uuid;

use crate::map::{Decision, DecisionKind, Position};

pub(crate) use documents::{Changes, Loaded, load, load_views, write_changes};
pub(crate) use drift::{
    acceptance_rules, delete_acceptance_rule, drift_items, put_acceptance_rule, write_drift,
};
pub(crate) use parts::{Part, PartChange, load_parts, write_parts};

/// A decision as stored.
#[derive(Clone, Debug, serde::Serialize, utoipa::ToSchema)]
pub(crate) struct DecisionRow {
    /// Id.
    pub(crate) id: Uuid,
    /// `link` or `unlink`.
    pub(crate) kind: String,
    /// The two subjects.
    #[schema(value_type = Object)]
    pub(crate) subjects: Value,
    /// Why.
    pub(crate) reason: String,
    /// Who.
    pub(crate) actor: String,
    /// When it was taken back.
    pub(crate) undone_at: Option<DateTime<Utc>>,
    /// When.
    pub(crate) created_at: DateTime<Utc>,
}

/// The decisions of the tenant, newest first.
pub(crate) async fn decisions(tx: &mut ReadTx) -> Result<Vec<DecisionRow>, Problem> {
    let rows = sqlx::query(
        "SELECT id, kind, subjects, reason, actor, undone_at, created_at FROM atlas.decision \
         ORDER BY created_at DESC LIMIT 10000",
    )
    .fetch_all(tx.conn())
    .await?;
    rows.iter()
        .map(|row| {
            Ok(DecisionRow {
                id: row.try_get("id")?,
                kind: row.try_get("kind")?,
                subjects: row.try_get("subjects")?,
                reason: row.try_get("reason")?,
                actor: row.try_get("actor")?,
                undone_at: row.try_get("undone_at")?,
                created_at: row.try_get("created_at")?,
            })
        })
        .collect::<Result<_, sqlx::Error>>()
        .map_err(Problem::from)
}

impl DecisionRow {
    /// The decision as the engine takes it; none when it was undone.
    pub(crate) fn decision(&self) -> Option<Decision> {
        let kind = if self.kind == "link" { DecisionKind::Link } else { DecisionKind::Unlink };
        let subjects = serde_json::from_value(self.subjects.clone()).ok()?;
        self.undone_at.is_none().then_some(Decision { id: self.id, kind, subjects })
    }
}

/// Stores a decision.
pub(crate) async fn insert_decision(
    tx: &mut WriteTx,
    decision: &Decision,
    reason: &str,
) -> Result<(), Problem> {
    let kind = match decision.kind {
        DecisionKind::Link => "link",
        DecisionKind::Unlink => "unlink",
    };
    let (subjects, actor) = (serde_json::json!(decision.subjects), tx.ctx().actor().to_string());
    sqlx::query("INSERT INTO atlas.decision (id, kind, subjects, reason, actor) VALUES ($1, $2, $3, $4, $5)")
        .bind(decision.id)
        .bind(kind)
        .bind(subjects)
        .bind(reason)
        .bind(actor)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Takes a decision back; 404 when there is none that is in force.
pub(crate) async fn undo_decision(tx: &mut WriteTx, id: Uuid) -> Result<(), Problem> {
    let done = sqlx::query("UPDATE atlas.decision SET undone_at = now() WHERE id = $1 AND undone_at IS NULL")
        .bind(id)
        .execute(tx.conn())
        .await?;
    one(&done, "decision")
}

fn one(done: &PgQueryResult, what: &str) -> Result<(), Problem> {
    if done.rows_affected() == 1 { Ok(()) } else { Err(Problem::not_found(what)) }
}

/// Where people put nodes.
pub(crate) async fn pins(tx: &mut ReadTx) -> Result<BTreeMap<Uuid, Position>, Problem> {
    let rows = sqlx::query("SELECT id, x, y FROM atlas.pin LIMIT 100000").fetch_all(tx.conn()).await?;
    rows.iter()
        .map(|row| Ok((row.try_get("id")?, Position { x: row.try_get("x")?, y: row.try_get("y")? })))
        .collect::<Result<_, sqlx::Error>>()
        .map_err(Problem::from)
}

/// Pins nodes.
pub(crate) async fn write_pins(tx: &mut WriteTx, pins: &[(Uuid, Position)]) -> Result<(), Problem> {
    let ids: Vec<Uuid> = pins.iter().map(|(id, _)| *id).collect();
    let (xs, ys): (Vec<f64>, Vec<f64>) = pins.iter().map(|(_, at)| (at.x, at.y)).unzip();
    sqlx::query(
        "INSERT INTO atlas.pin (id, x, y) SELECT * FROM UNNEST($1::uuid[], $2::float8[], $3::float8[]) \
         ON CONFLICT (tenant_id, id) DO UPDATE SET x = excluded.x, y = excluded.y",
    )
    .bind(ids)
    .bind(xs)
    .bind(ys)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Lets a node float again; 404 when it is not pinned.
pub(crate) async fn delete_pin(tx: &mut WriteTx, id: Uuid) -> Result<(), Problem> {
    let done = sqlx::query("DELETE FROM atlas.pin WHERE id = $1").bind(id).execute(tx.conn()).await?;
    one(&done, "pin")
}

/// Revision and fingerprint of the stored map.
pub(crate) async fn revision(tx: &mut ReadTx) -> Result<(i64, Vec<u8>), Problem> {
    let row = sqlx::query("SELECT revision, fingerprint FROM atlas.revision LIMIT 1")
        .fetch_optional(tx.conn())
        .await?;
    match row {
        Some(row) => Ok((row.try_get("revision")?, row.try_get("fingerprint")?)),
        None => Ok((0, Vec::new())),
    }
}

/// Stores the revision. The row's id is the tenant's, so that there is one.
pub(crate) async fn write_revision(
    tx: &mut WriteTx,
    revision: i64,
    fingerprint: &[u8],
) -> Result<(), Problem> {
    let tenant = tx.ctx().tenant().0;
    sqlx::query(
        "INSERT INTO atlas.revision (id, revision, fingerprint) VALUES ($1, $2, $3) \
         ON CONFLICT (tenant_id, id) DO UPDATE SET revision = excluded.revision, fingerprint = excluded.fingerprint",
    )
    .bind(tenant)
    .bind(revision)
    .bind(fingerprint)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Something that happened to a device.
#[derive(Clone, Debug, serde::Serialize, utoipa::ToSchema)]
pub(crate) struct Happening {
    /// The device.
    #[serde(skip)]
    pub(crate) entity: Uuid,
    /// When.
    pub(crate) at: DateTime<Utc>,
    /// `appeared`, `merged`, `split`, `replaced`, `link.up`, `link.down`, `link.gone`, `link.stale`, `changed`.
    pub(crate) kind: String,
    /// In words.
    pub(crate) text: String,
    /// State before.
    #[schema(value_type = Option<Object>)]
    pub(crate) before: Option<Value>,
    /// State after.
    #[schema(value_type = Option<Object>)]
    pub(crate) after: Option<Value>,
}

/// Appends what happened.
pub(crate) async fn write_happenings(tx: &mut WriteTx, happenings: &[Happening]) -> Result<(), Problem> {
    if happenings.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = happenings.iter().map(|_| Uuid::now_v7()).collect();
    let entities: Vec<Uuid> = happenings.iter().map(|h| h.entity).collect();
    let times: Vec<DateTime<Utc>> = happenings.iter().map(|h| h.at).collect();
    let kinds: Vec<&str> = happenings.iter().map(|h| h.kind.as_str()).collect();
    let texts: Vec<&str> = happenings.iter().map(|h| h.text.as_str()).collect();
    let befores: Vec<Option<Value>> = happenings.iter().map(|h| h.before.clone()).collect();
    let afters: Vec<Option<Value>> = happenings.iter().map(|h| h.after.clone()).collect();
    sqlx::query(
        "INSERT INTO atlas.happening (id, entity_id, at, kind, text, before, after) \
         SELECT * FROM UNNEST($1::uuid[], $2::uuid[], $3::timestamptz[], $4::text[], $5::text[], $6::jsonb[], $7::jsonb[])",
    )
    .bind(ids)
    .bind(entities)
    .bind(times)
    .bind(kinds)
    .bind(texts)
    .bind(befores)
    .bind(afters)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The latest happenings of a device.
pub(crate) async fn happenings(tx: &mut ReadTx, entity: Uuid, limit: i64) -> Result<Vec<Happening>, Problem> {
    let rows = sqlx::query(
        "SELECT entity_id, at, kind, text, before, after FROM atlas.happening WHERE entity_id = $1 \
         ORDER BY at DESC, id DESC LIMIT $2",
    )
    .bind(entity)
    .bind(limit)
    .fetch_all(tx.conn())
    .await?;
    rows.iter()
        .map(|row| {
            Ok(Happening {
                entity: row.try_get("entity_id")?,
                at: row.try_get("at")?,
                kind: row.try_get("kind")?,
                text: row.try_get("text")?,
                before: row.try_get("before")?,
                after: row.try_get("after")?,
            })
        })
        .collect::<Result<_, sqlx::Error>>()
        .map_err(Problem::from)
}
