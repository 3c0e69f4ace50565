//! Address space between records: a table that keeps its prefixes and addresses unique has none twice.

use std::collections::HashMap;

use kit::record::{Change, Hooks, Record, Wrote};
use kit::{BoxFuture, Ctx, FieldError, Problem, Records, WriteTx};
use serde_json::Value;
use uuid::Uuid;

use crate::rules;
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
    fn clean(&self, _: &Ctx, _: Option<&Record>, record: &mut Record, errors: &mut Vec<FieldError>) {
        rules::address(record, errors);
    }

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

/// Aggregates are disjoint.
pub(crate) struct Aggregates;

/// Address ranges of a table are disjoint.
pub(crate) struct Ranges;

fn overlapping(
    (field, code): (&str, &'static str),
    found: Vec<(Uuid, String)>,
    places: &HashMap<Uuid, usize>,
) -> Result<(), Problem> {
    let error = |(id, other): (Uuid, String)| FieldError {
        pointer: format!("/{}/{field}", places.get(&id).copied().unwrap_or(0)),
        code: code.into(),
        message: format!("It overlaps with {other}."),
    };
    let errors: Vec<FieldError> = found.into_iter().map(error).collect();
    if errors.is_empty() { Ok(()) } else { Err(Problem::invalid(errors)) }
}

impl Hooks for Aggregates {
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
            overlapping(("prefix", "overlap"), space::overlapping_aggregates(tx, &ids).await?, &places)
        })
    }
}

impl Hooks for Ranges {
    fn clean(&self, ctx: &Ctx, before: Option<&Record>, record: &mut Record, errors: &mut Vec<FieldError>) {
        rules::AddressRange.clean(ctx, before, record, errors);
    }

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
            overlapping(("start_address", "overlapping"), space::overlapping_ranges(tx, &ids).await?, &places)
        })
    }
}
