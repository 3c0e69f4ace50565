//! Items of drift, and the rules that accept them. Lists are made from memory; the rows make them last.

use std::sync::Arc;

use futures::TryStreamExt as _;
use kit::{Problem, ReadTx, WriteTx};
use sqlx::types::Json;
use sqlx::{PgConnection, Row as _};
use uuid::Uuid;

use crate::drift::{Acceptance, AcceptanceRule, Item, Items, MOST_RULES};

/// Items in one statement.
const BATCH: usize = 1_000;

/// All items. One of a later version that this one cannot read is left alone.
pub(crate) async fn drift_items(tx: &mut ReadTx) -> Result<Items, Problem> {
    let mut items = Items::new();
    let mut rows = sqlx::query("SELECT id, body FROM atlas.drift").fetch(tx.conn());
    while let Some(row) = rows.try_next().await? {
        match row.try_get::<Json<Item>, _>("body") {
            Ok(Json(item)) => drop(items.insert(row.try_get("id")?, Arc::new(item))),
            Err(error) => tracing::warn!(%error, "an item of drift cannot be read"),
        }
    }
    Ok(items)
}

/// Writes items and takes others away.
pub(crate) async fn write_drift(
    tx: &mut WriteTx,
    put: &[Arc<Item>],
    removed: &[Uuid],
) -> Result<(), Problem> {
    if !removed.is_empty() {
        sqlx::query("DELETE FROM atlas.drift WHERE id = ANY($1)").bind(removed).execute(tx.conn()).await?;
    }
    for batch in put.chunks(BATCH) {
        let ids: Vec<Uuid> = batch.iter().map(|item| item.id).collect();
        let kinds: Vec<&str> = batch.iter().map(|item| item.kind.as_str()).collect();
        let states: Vec<&str> = batch.iter().map(|item| item.state.as_str()).collect();
        let bodies: Vec<Json<&Item>> = batch.iter().map(|item| Json(item.as_ref())).collect();
        sqlx::query(
            "INSERT INTO atlas.drift (id, kind, state, body) \
             SELECT * FROM UNNEST($1::uuid[], $2::text[], $3::text[], $4::jsonb[]) \
             ON CONFLICT (tenant_id, id) DO UPDATE SET state = excluded.state, body = excluded.body",
        )
        .bind(ids)
        .bind(kinds)
        .bind(states)
        .bind(bodies)
        .execute(tx.conn())
        .await?;
    }
    Ok(())
}

/// The rules that accept differences, by name. One of a later version is left alone.
pub(crate) async fn acceptance_rules(connection: &mut PgConnection) -> Result<Vec<AcceptanceRule>, Problem> {
    let rows = sqlx::query("SELECT id, body, actor, updated_at FROM atlas.acceptance_rule LIMIT $1")
        .bind(MOST_RULES as i64)
        .fetch_all(connection)
        .await?;
    let mut rules = Vec::with_capacity(rows.len());
    for row in &rows {
        match row.try_get::<Json<Acceptance>, _>("body") {
            Ok(Json(rule)) => rules.push(AcceptanceRule {
                id: row.try_get("id")?,
                rule,
                actor: row.try_get("actor")?,
                updated_at: row.try_get("updated_at")?,
            }),
            Err(error) => tracing::warn!(%error, "a rule that accepts drift cannot be read"),
        }
    }
    rules.sort_by(|a, b| (&a.rule.name, a.id).cmp(&(&b.rule.name, b.id)));
    Ok(rules)
}

/// Writes a rule, a new one or a known one.
pub(crate) async fn put_acceptance_rule(
    tx: &mut WriteTx,
    id: Uuid,
    rule: &Acceptance,
) -> Result<(), Problem> {
    let actor = tx.ctx().actor().to_string();
    sqlx::query(
        "INSERT INTO atlas.acceptance_rule (id, body, actor) VALUES ($1, $2, $3) \
         ON CONFLICT (tenant_id, id) DO UPDATE SET body = excluded.body, actor = excluded.actor",
    )
    .bind(id)
    .bind(Json(rule))
    .bind(actor)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Takes a rule away.
pub(crate) async fn delete_acceptance_rule(tx: &mut WriteTx, id: Uuid) -> Result<(), Problem> {
    sqlx::query("DELETE FROM atlas.acceptance_rule WHERE id = $1").bind(id).execute(tx.conn()).await?;
    Ok(())
}
