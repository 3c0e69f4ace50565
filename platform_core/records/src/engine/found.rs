//! What records are found by: kept in the transaction of every write, one statement a thousand entries.

use kit::{Problem, TenantId, WriteTx};
use serde_json::{Value, json};
use uuid::Uuid;

use super::CHUNK;
use super::log::Written;
use crate::entity::Entity;
use crate::row::Row;
use crate::search::{Searched, address_of, grams, text_of};

const KEEP: &str = "INSERT INTO app.search_entry (record_id, model, field, rank, folded, address, grams) \
    SELECT r.record_id, $2, r.field, r.rank, r.folded, r.address, r.grams FROM json_to_recordset($1::json) \
    AS r(record_id uuid, field text, rank smallint, folded text, address inet, grams integer[])";

const FORGET: &str = "DELETE FROM app.search_entry WHERE record_id = ANY($1)";

/// Entries of what was written. An update that changes nothing searched costs no statement, and neither does a
/// branch: the search is over the main line, which gets them when the branch is merged.
pub(super) async fn keep_found(tx: &mut WriteTx, entity: &Entity, rows: &[Written]) -> Result<(), Problem> {
    if entity.searched.is_empty() || tx.ctx().branch().is_some() {
        return Ok(());
    }
    let differs = |written: &&Written| match (&written.before, &written.after) {
        (Some(before), Some(after)) => {
            entity.searched.iter().any(|known| before.cells.get(known.at) != after.cells.get(known.at))
        }
        _ => true,
    };
    let changed: Vec<&Written> = rows.iter().filter(differs).collect();
    let gone: Vec<Uuid> = changed.iter().filter_map(|row| row.before.as_ref()).map(|row| row.id).collect();
    forget(tx, &gone).await?;
    let there: Vec<&Row> = changed.iter().filter_map(|row| row.after.as_ref()).collect();
    keep(tx, entity, &there).await
}

/// Takes the entries of records away.
pub(super) async fn forget(tx: &mut WriteTx, ids: &[Uuid]) -> Result<(), Problem> {
    if !ids.is_empty() {
        sqlx::query(FORGET).bind(ids).execute(tx.conn()).await?;
    }
    Ok(())
}

/// Writes the entries of records that have none.
pub(super) async fn keep(tx: &mut WriteTx, entity: &Entity, rows: &[&Row]) -> Result<(), Problem> {
    let tenant = tx.ctx().tenant();
    let entries: Vec<Value> = rows.iter().flat_map(|row| entries(tenant, entity, row)).collect();
    for chunk in entries.chunks(CHUNK) {
        let text = serde_json::to_string(chunk).map_err(Problem::internal)?;
        sqlx::query(KEEP).bind(text).bind(entity.model.name).execute(tx.conn()).await?;
    }
    Ok(())
}

fn entries(tenant: TenantId, entity: &Entity, row: &Row) -> Vec<Value> {
    let entry = |known: &Searched| {
        let value = row.cells.get(known.at)?;
        let text = text_of(known.field, value)?;
        Some(json!({
            "record_id": row.id,
            "field": known.field.name,
            "rank": known.rank,
            "grams": grams(tenant, entity.model.name, &text),
            "folded": text,
            "address": address_of(value).map(|net| net.to_string()),
        }))
    };
    entity.searched.iter().filter_map(entry).collect()
}
