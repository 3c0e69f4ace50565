//! IEEE8023-LAG-MIB dot3adAggPortTable; the interface stack where an agent has no LAG MIB.

use std::collections::BTreeMap;

use model::documents::{Interface, LagMember};
use model::{Completeness, Document, DocumentKind};
use snmp::{Oid, Table};

use super::{Agent, Gather, Reading, cell_u32, mac_value, oid};
use crate::snmp::report::TableReport;

const PORT_ENTRY: Oid = oid!(1, 2, 840, 10006, 300, 43, 1, 2, 1, 1);

/// Tables whose presence is asked beforehand.
pub const ROOTS: &[Oid] = &[PORT_ENTRY];

/// Actor system, partner system, partner key, selected and attached aggregate, actor port,
/// partner port.
const COLUMNS: &[u32] = &[3, 9, 11, 12, 13, 14, 17];

/// IANAifType ieee8023adLag.
const IF_TYPE_LAG: u32 = 161;

/// Reads the members of aggregates. `stack` says how far the interfaces, in which the layers are,
/// were read.
pub async fn read(agent: &Agent<'_>, interfaces: &[Interface], stack: &Completeness) -> Reading {
    let table = agent.walk(&PORT_ENTRY, COLUMNS).await;
    let mut members = decode(&table);
    if members.is_empty() {
        return from_stack(interfaces, stack)
            .unwrap_or_else(|| Reading::not_supported(DocumentKind::Lag, "dot3adAggPortTable"));
    }
    // Agents without a selected aggregate often still stack the member below it.
    for interface in interfaces.iter().filter(|i| i.if_type == IF_TYPE_LAG) {
        for lower in &interface.lower {
            if let Some(member) = members.get_mut(lower) {
                member.aggregate.get_or_insert(interface.index);
            }
        }
    }
    // A port that takes part in no aggregate and hears no partner is no member.
    members.retain(|_, member| member.aggregate.is_some() || member.partner_system.is_some());
    let rows = members.len();
    let mut gather = Gather::default();
    gather.add("dot3adAggPortTable", &table, table.rows.len(), None);
    gather.finish(DocumentKind::Lag, rows, Some(Document::Lag(members.into_values().collect())))
}

fn decode(table: &Table) -> BTreeMap<u32, LagMember> {
    let mut members = BTreeMap::new();
    for (index, row) in &table.rows {
        let [if_index] = *index.as_slice() else { continue };
        let number = |column| cell_u32(row, column).filter(|number| *number > 0);
        members.insert(
            if_index,
            LagMember {
                if_index,
                aggregate: number(4).or_else(|| number(3)),
                actor_system: row.get(0).and_then(mac_value),
                actor_port: number(5),
                partner_system: row.get(1).and_then(mac_value),
                partner_key: number(2),
                partner_port: number(6),
            },
        );
    }
    members
}

/// Members by the interface stack: what runs directly below an ieee8023adLag interface.
fn from_stack(interfaces: &[Interface], stack: &Completeness) -> Option<Reading> {
    let members: BTreeMap<u32, LagMember> = interfaces
        .iter()
        .filter(|interface| interface.if_type == IF_TYPE_LAG)
        .flat_map(|interface| interface.lower.iter().map(|lower| (*lower, interface.index)))
        .map(|(if_index, aggregate)| {
            let member = LagMember {
                if_index,
                aggregate: Some(aggregate),
                actor_system: None,
                actor_port: None,
                partner_system: None,
                partner_key: None,
                partner_port: None,
            };
            (if_index, member)
        })
        .collect();
    if members.is_empty() {
        return None;
    }
    let completeness = match &stack.reason {
        None => Completeness::complete(members.len()),
        Some(reason) => Completeness::partial(members.len(), reason.clone()),
    };
    let report = TableReport::of("ifStackTable", &completeness, Some("members of aggregates".to_owned()));
    Some(Reading {
        kind: DocumentKind::Lag,
        document: Some(Document::Lag(members.into_values().collect())),
        completeness,
        tables: vec![report],
    })
}
