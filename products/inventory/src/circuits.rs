//! What must hold of circuits: accounts of the provider itself, ends that are somewhere, virtual
//! circuits between virtual interfaces.

use std::collections::{BTreeSet, HashMap};

use kit::record::{Drafted, Hooks, Record};
use kit::{BoxFuture, Ctx, FieldError, Problem, Records, WriteTx};
use uuid::Uuid;

use crate::cabling::Port;
use crate::reading::{Reader, id_of, reference, text};
use crate::rules::{distance, wrong};

/// Rules of circuits.
pub(crate) struct Circuits;

impl Hooks for Circuits {
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
            let accounts = accounts(&mut Reader::In(tx), records, drafts).await?;
            for draft in drafts {
                let provider = reference(&draft.record, "provider");
                own_account(draft, provider, &accounts);
            }
            Ok(())
        })
    }
}

/// Rules of virtual circuits.
pub(crate) struct VirtualCircuits;

impl Hooks for VirtualCircuits {
    fn clean_all<'a>(
        &'a self,
        records: &'a dyn Records,
        tx: &'a mut WriteTx,
        drafts: &'a mut [Drafted],
    ) -> BoxFuture<'a, Result<(), Problem>> {
        Box::pin(async move {
            let mut reader = Reader::In(tx);
            let accounts = accounts(&mut reader, records, drafts).await?;
            let networks =
                reader.referred(records, drafts, "provider_network", "inventory.provider_network").await?;
            for draft in drafts {
                let network = reference(&draft.record, "provider_network").and_then(|id| networks.get(&id));
                own_account(draft, network.and_then(|network| reference(network, "provider")), &accounts);
            }
            Ok(())
        })
    }
}

async fn accounts(
    reader: &mut Reader<'_>,
    records: &dyn Records,
    drafts: &[Drafted],
) -> Result<HashMap<Uuid, Record>, Problem> {
    reader.referred(records, drafts, "provider_account", "inventory.provider_account").await
}

/// The account is one at the provider.
fn own_account(draft: &mut Drafted, provider: Option<Uuid>, accounts: &HashMap<Uuid, Record>) {
    let account = reference(&draft.record, "provider_account").and_then(|id| accounts.get(&id));
    if account.is_some_and(|account| reference(account, "provider") != provider) {
        let message = "This is an account at another provider.";
        wrong(&mut draft.errors, "provider_account", "other_provider", message);
    }
}

/// Rules of the ends of circuits.
pub(crate) struct Terminations;

impl Hooks for Terminations {
    fn clean(&self, _: &Ctx, _: Option<&Record>, record: &mut Record, errors: &mut Vec<FieldError>) {
        if reference(record, "termination").is_none() {
            let message = "It ends somewhere: a site, a location, a region or the network of a provider.";
            wrong(errors, "termination", "no_end", message);
        }
    }
}

/// Rules of the ends of virtual circuits.
pub(crate) struct VirtualTerminations;

impl Hooks for VirtualTerminations {
    fn clean_all<'a>(
        &'a self,
        records: &'a dyn Records,
        tx: &'a mut WriteTx,
        drafts: &'a mut [Drafted],
    ) -> BoxFuture<'a, Result<(), Problem>> {
        Box::pin(async move {
            let mut reader = Reader::In(tx);
            let interfaces = reader.referred(records, drafts, "interface", "inventory.interface").await?;
            for draft in drafts {
                let interface = reference(&draft.record, "interface").and_then(|id| interfaces.get(&id));
                if interface.is_some_and(|interface| text(interface, "type") != "virtual") {
                    let message = "A virtual circuit ends at virtual interfaces only.";
                    wrong(&mut draft.errors, "interface", "not_virtual", message);
                }
            }
            Ok(())
        })
    }
}

/// The model of the ends of virtual circuits.
const VIRTUAL_ENDS: &str = "inventory.virtual_circuit_termination";

/// May an end of the one role talk with one of the other? Spokes reach hubs only, hubs reach spokes.
fn mates(role: &str, other: &str) -> bool {
    match role {
        "hub" => other == "spoke",
        "spoke" => other == "hub",
        _ => other == "peer",
    }
}

/// The ends of virtual circuits that interfaces reach through theirs.
pub(crate) async fn peers(
    reader: &mut Reader<'_>,
    records: &dyn Records,
    interfaces: &BTreeSet<Uuid>,
) -> Result<HashMap<Uuid, Vec<Port>>, Problem> {
    let own = reader.listed(records, VIRTUAL_ENDS, "interface", interfaces).await?;
    let circuits = own.iter().filter_map(|end| reference(end, "virtual_circuit")).collect();
    let all = reader.listed(records, VIRTUAL_ENDS, "virtual_circuit", &circuits).await?;
    let reached = own.iter().filter_map(|end| {
        let others = all.iter().filter(|other| {
            reference(other, "virtual_circuit") == reference(end, "virtual_circuit")
                && id_of(other) != id_of(end)
                && mates(text(end, "role"), text(other, "role"))
        });
        let port = |other| Some(Port { model: VIRTUAL_ENDS.to_owned(), id: id_of(other)? });
        Some((reference(end, "interface")?, others.filter_map(port).collect()))
    });
    Ok(reached.collect())
}
