//! Virtual chassis: their master is one of their members.

use std::collections::BTreeSet;

use kit::record::{Change, Drafted, Hooks, Record, Wrote};
use kit::records::Write;
use kit::{BoxFuture, Problem, Records, WriteTx};
use serde_json::json;
use uuid::Uuid;

use crate::reading::{Reader, id_of, moved, reference};
use crate::rules::wrong;

const DEVICE: &str = "inventory.device";

/// Rules of virtual chassis.
pub(crate) struct Stacks;

impl Hooks for Stacks {
    fn clean_all<'a>(
        &'a self,
        records: &'a dyn Records,
        tx: &'a mut WriteTx,
        drafts: &'a mut [Drafted],
    ) -> BoxFuture<'a, Result<(), Problem>> {
        Box::pin(async move {
            let devices = Reader::In(tx).referred(records, drafts, "master", DEVICE).await?;
            for draft in drafts.iter_mut().filter(|draft| moved(draft, "master")) {
                let Some(master) = reference(&draft.record, "master").and_then(|id| devices.get(&id)) else {
                    continue;
                };
                let stack = reference(master, "virtual_chassis");
                // Who founds a stack joins it.
                let fits = match &draft.before {
                    None => stack.is_none(),
                    Some(before) => stack == id_of(before),
                };
                if !fits {
                    let message = "The master is a member: put the device into this chassis first.";
                    wrong(&mut draft.errors, "master", "no_member", message);
                }
            }
            Ok(())
        })
    }

    fn written_all<'a>(
        &'a self,
        records: &'a dyn Records,
        tx: &'a mut WriteTx,
        change: Change,
        rows: &'a [Wrote<'a>],
    ) -> BoxFuture<'a, Result<(), Problem>> {
        Box::pin(async move {
            // What a branch brings has its members already.
            let founds = change == Change::Create && !tx.ctx().merges();
            let Some(model) = records.model(DEVICE).filter(|_| founds) else { return Ok(()) };
            let mut seen: BTreeSet<Uuid> = BTreeSet::new();
            let founded = rows.iter().filter_map(|row| {
                let stack = row.after?;
                let master = reference(stack, "master").filter(|master| seen.insert(*master))?;
                let joined = [
                    ("virtual_chassis".to_owned(), json!(id_of(stack)?)),
                    ("vc_position".to_owned(), json!(1)),
                ];
                let fields = Record::from_iter(joined);
                Some(Write::Change { id: master, expect: None, fields, replace: false })
            });
            let founded: Vec<Write> = founded.collect();
            if founded.is_empty() {
                return Ok(());
            }
            records.write_in(tx, model, founded).await.map(drop)
        })
    }
}
