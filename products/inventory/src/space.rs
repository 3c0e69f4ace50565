//! Address space between records: a table that keeps its prefixes and addresses unique has none twice.

use std::collections::HashMap;

use kit::record::{Change, Hooks, Record, Wrote};
use kit::{BoxFuture, Ctx, FieldError, Problem, Records, WriteTx};
use uuid::Uuid;

use crate::reading::id_of;
use crate::rules;
use crate::store::space::{self, Duplicate};

/// Places of the rows that are there after the write, by id. Of a deletion none are.
struct Places(HashMap<Uuid, usize>);

impl Places {
    fn of(rows: &[Wrote<'_>]) -> Self {
        Self(rows.iter().filter_map(|row| Some((id_of(row.after?)?, row.at))).collect())
    }

    fn ids(&self) -> Vec<Uuid> {
        self.0.keys().copied().collect()
    }

    fn error(&self, id: Uuid, field: &str, code: &'static str, message: String) -> FieldError {
        let at = self.0.get(&id).copied().unwrap_or(0);
        FieldError { pointer: format!("/{at}/{field}"), code: code.into(), message }
    }
}

fn refuse(errors: Vec<FieldError>) -> Result<(), Problem> {
    if errors.is_empty() { Ok(()) } else { Err(Problem::invalid(errors)) }
}

fn duplicates(what: &str, field: &str, found: Vec<Duplicate>, places: &Places) -> Result<(), Problem> {
    let error = |found: Duplicate| {
        let table = match (found.vrf, found.rd) {
            (Some(name), Some(rd)) => format!("VRF {name} ({rd})"),
            (Some(name), None) => format!("VRF {name}"),
            _ => "global table".to_owned(),
        };
        let message = format!("Duplicate {what} found in {table}: {}", found.value);
        places.error(found.id, field, "duplicate", message)
    };
    refuse(found.into_iter().map(error).collect())
}

/// Prefixes are unique in their table, unless its VRF says otherwise.
pub(crate) struct Prefixes;

impl Hooks for Prefixes {
    fn written_all<'a>(
        &'a self,
        _: &'a dyn Records,
        tx: &'a mut WriteTx,
        _: Change,
        rows: &'a [Wrote<'a>],
    ) -> BoxFuture<'a, Result<(), Problem>> {
        Box::pin(async move {
            let places = Places::of(rows);
            duplicates("prefix", "prefix", space::duplicate_prefixes(tx, &places.ids()).await?, &places)
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
        _: Change,
        rows: &'a [Wrote<'a>],
    ) -> BoxFuture<'a, Result<(), Problem>> {
        Box::pin(async move {
            let places = Places::of(rows);
            duplicates("IP address", "address", space::duplicate_addresses(tx, &places.ids()).await?, &places)
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
    places: &Places,
) -> Result<(), Problem> {
    let error = |(id, other)| places.error(id, field, code, format!("It overlaps with {other}."));
    refuse(found.into_iter().map(error).collect())
}

impl Hooks for Aggregates {
    fn written_all<'a>(
        &'a self,
        _: &'a dyn Records,
        tx: &'a mut WriteTx,
        _: Change,
        rows: &'a [Wrote<'a>],
    ) -> BoxFuture<'a, Result<(), Problem>> {
        Box::pin(async move {
            let places = Places::of(rows);
            overlapping(
                ("prefix", "overlap"),
                space::overlapping_aggregates(tx, &places.ids()).await?,
                &places,
            )
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
        _: Change,
        rows: &'a [Wrote<'a>],
    ) -> BoxFuture<'a, Result<(), Problem>> {
        Box::pin(async move {
            let places = Places::of(rows);
            overlapping(
                ("start_address", "overlapping"),
                space::overlapping_ranges(tx, &places.ids()).await?,
                &places,
            )
        })
    }
}
