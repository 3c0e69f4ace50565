//! What must hold of wireless links: they are between interfaces with a radio.

use kit::record::{Drafted, Hooks, Record};
use kit::{BoxFuture, Ctx, FieldError, Problem, Records, WriteTx};

use crate::reading::{Reader, reference, text};
use crate::rules::{distance, wrong};

/// Is it a type of interfaces with a radio?
pub(crate) fn is_wireless(kind: &str) -> bool {
    kind == "other-wireless" || kind.starts_with("ieee802.11") || kind.starts_with("ieee802.15")
}

/// Rules of wireless links.
pub(crate) struct Links;

impl Hooks for Links {
    fn clean(&self, _: &Ctx, _: Option<&Record>, record: &mut Record, errors: &mut Vec<FieldError>) {
        distance(record, errors);
    }

    fn clean_all<'a>(
        &'a self,
        records: &'a dyn Records,
        tx: &'a mut WriteTx,
        drafts: &'a mut [Drafted],
    ) -> BoxFuture<'a, Result<(), Problem>> {
        Box::pin(async move {
            let mut reader = Reader::In(tx);
            for field in ["interface_a", "interface_b"] {
                let interfaces = reader.referred(records, drafts, field, "inventory.interface").await?;
                for draft in drafts.iter_mut() {
                    let interface = reference(&draft.record, field).and_then(|id| interfaces.get(&id));
                    if let Some(kind) = interface.map(|interface| text(interface, "type"))
                        && !is_wireless(kind)
                    {
                        let message = format!("An interface of the type {kind} has no radio.");
                        wrong(&mut draft.errors, field, "not_wireless", &message);
                    }
                }
            }
            Ok(())
        })
    }
}
