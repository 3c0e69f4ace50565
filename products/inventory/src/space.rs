//! Address space between records: a table that keeps its prefixes and addresses unique has none twice.

use std::collections::HashMap;

use kit::record::{Change, Hooks, Record, Wrote};
use kit::{BoxFuture, FieldError, Problem, Records, WriteTx};
use serde_json::Value;
use uuid::Uuid;

use crate::store::space::{self, Duplicate};

/// The rows that are there after the write, by id.
fn places(rows: &[Wrote<'_>]) -> HashMap<Uuid, usize> {
    let id =
        |record: &Record| record.get("id").and_then(Value::as_str).and_then(|id| Uuid::parse_str(id).ok());
    rows.iter().filter_map(|row| Some((id(row.after?)?, row.at))).collect()
}

fn refused(
    what: &str,
    field: &str,
    found: Vec<Duplicate>,
    places: &HashMap<Uuid, usize>,
) -> Result<(), Problem> {
    if found.is_empty() {
        return Ok(());
    }
    let error = |found: Duplicate| {
        let table = match (found.vrf, found.rd) {
            (Some(name), Some(rd)) => format!("VRF {name} ({rd})"),
            (Some(name), None) => format!("VRF {name}"),
            _ => "global table".to_owned(),
        };
        FieldError {
            pointer: format!("/{}/{field}", places.get(&found.id).copied().unwrap_or(0)),
            code: "duplicate".into(),
            message: format!("Duplicate {what} found in {table}: {}", found.value),
        }
    };
    Err(Problem::invalid(found.into_iter().map(error).collect()))
}

/// Prefixes are unique in their table, unless its VRF says otherwise.
pub(crate) struct Prefixes;

impl Hooks for Prefixes {
    fn written_all<'a>(
        &'a self,
        _: &'a dyn Records,
        tx: &'a mut WriteTx,
        change: Change,
        rows: &'a [Wrote<'a>],
    ) -> BoxFuture<'a, Result<(), Problem>> {
        Box::pin(async move {
            let places = places(rows);
            if change == Change::Delete || places.is_empty() {
                return Ok(());
            }
            let ids: Vec<Uuid> = places.keys().copied().collect();
            refused("prefix", "prefix", space::duplicate_prefixes(tx, &ids).await?, &places)
        })
    }
}

/// Addresses are unique in their table, unless its VRF or their role says otherwise.
pub(crate) struct Addresses;

impl Hooks for Addresses {
    fn written_all<'a>(
        &'a self,
        _: &'a dyn Records,
        tx: &'a mut WriteTx,
        change: Change,
        rows: &'a [Wrote<'a>],
    ) -> BoxFuture<'a, Result<(), Problem>> {
        Box::pin(async move {
            let places = places(rows);
            if change == Change::Delete || places.is_empty() {
                return Ok(());
            }
            let ids: Vec<Uuid> = places.keys().copied().collect();
            refused("IP address", "address", space::duplicate_addresses(tx, &ids).await?, &places)
        })
    }
}
