//! Items of drift. Lists are made from memory; the rows make them last.

use std::sync::Arc;

use futures::TryStreamExt as _;
use kit::{Problem, ReadTx, WriteTx};
use sqlx::Row as _;
use sqlx::types::Json;
use uuid::Uuid;

use crate::drift::{Item, Items};

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
