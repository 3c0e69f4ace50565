//! BRIDGE-MIB dot1dStp: the spanning tree, whole or VLAN by VLAN.

use std::collections::BTreeMap;

use model::documents::{BridgeId, Stp, StpPort};
use model::{Document, DocumentKind, Mac, Reason, ReasonCode};
use snmp::{Oid, Table, Value};

use super::bridge::{ADDRESS, PortMap};
use super::fdb::if_index_of;
use super::{Agent, Gather, Reading, below, cell_bytes, cell_u32, mac_value, oid};
use crate::snmp::source::TableSource;

const PROTOCOL: Oid = oid!(1, 3, 6, 1, 2, 1, 17, 2, 1, 0);
const PRIORITY: Oid = oid!(1, 3, 6, 1, 2, 1, 17, 2, 2, 0);
const ROOT: Oid = oid!(1, 3, 6, 1, 2, 1, 17, 2, 5, 0);
const ROOT_PORT: Oid = oid!(1, 3, 6, 1, 2, 1, 17, 2, 7, 0);
const PORT_ENTRY: Oid = oid!(1, 3, 6, 1, 2, 1, 17, 2, 15, 1);
/// State, designated bridge, designated port.
const COLUMNS: &[u32] = &[3, 8, 9];

/// The bridge's own part.
pub const SCALARS: &[Oid] = &[PROTOCOL, PRIORITY, ROOT, ROOT_PORT];
/// Tables whose presence is asked beforehand.
pub const ROOTS: &[Oid] = &[PORT_ENTRY];

/// What is collected, also from VLAN contexts, before it becomes a document.
#[derive(Debug, Default)]
pub struct StpTable {
    ports: BTreeMap<(u16, u32), StpPort>,
    gather: Gather,
    served: bool,
}

/// Reads the spanning tree of the default context.
pub async fn read(agent: &Agent<'_>) -> StpTable {
    let mut found = StpTable::default();
    if agent.has(&PORT_ENTRY) {
        let table = agent.walk(&PORT_ENTRY, COLUMNS).await;
        found.take("dot1dStpPortTable", 0, &table);
    }
    found.served |= agent.scalar(&ROOT).is_some();
    found
}

/// Reads the port table as it is seen in a VLAN's context.
pub(in crate::snmp) async fn read_in_vlan(source: &dyn TableSource) -> Table {
    source.walk(&below(&PORT_ENTRY, COLUMNS)).await
}

impl StpTable {
    fn take(&mut self, name: &str, vlan: u16, table: &Table) {
        self.served = true;
        for (index, row) in &table.rows {
            let Some(port) = index.last().copied() else { continue };
            let state = cell_u32(row, 0).and_then(|state| u8::try_from(state).ok()).unwrap_or(0);
            self.ports.insert(
                (vlan, port),
                StpPort {
                    vlan,
                    port,
                    if_index: None,
                    state,
                    designated_bridge: cell_bytes(row, 1).and_then(bridge_id),
                    designated_port: cell_bytes(row, 2)
                        .and_then(|o| Some(u16::from_be_bytes(o.try_into().ok()?))),
                },
            );
        }
        self.gather.add(name, table, table.rows.len(), None);
    }

    /// True when no port was seen.
    pub(in crate::snmp) fn is_empty(&self) -> bool {
        self.ports.is_empty()
    }

    /// Adds what a VLAN's context shows.
    pub(in crate::snmp) fn take_vlan(&mut self, vlan: u16, table: &Table) {
        if !table.rows.is_empty() {
            self.take(&format!("dot1dStpPortTable@{vlan}"), vlan, table);
        }
    }

    /// Makes the Stp document.
    pub fn document(
        mut self,
        agent: &Agent<'_>,
        ports: &PortMap,
        is_interface: impl Fn(u32) -> bool,
    ) -> Reading {
        if !self.served {
            return Reading::not_supported(DocumentKind::Stp, "dot1dStpPortTable");
        }
        for port in self.ports.values_mut() {
            port.if_index = if_index_of(port.port, ports, &is_interface);
        }
        let priority = agent.scalar_u32(&PRIORITY).and_then(|priority| u16::try_from(priority).ok());
        let address = agent.scalar(&ADDRESS).and_then(mac_value);
        let stp = Stp {
            protocol: agent.scalar_u32(&PROTOCOL),
            root: agent.scalar(&ROOT).and_then(Value::as_bytes).and_then(bridge_id),
            root_port: agent.scalar_u32(&ROOT_PORT),
            own: priority.zip(address).map(|(priority, mac)| BridgeId { priority, mac }),
            ports: self.ports.into_values().collect(),
        };
        let rows = stp.ports.len();
        if rows == 0 && !ports.is_empty() {
            let text = "The bridge has ports and a spanning tree, but answers none of its ports.";
            self.gather.miss(Reason::new(ReasonCode::TableWithheld, text));
        }
        self.gather.finish(DocumentKind::Stp, rows, Some(Document::Stp(stp)))
    }
}

/// Priority in two octets, then the address.
fn bridge_id(octets: &[u8]) -> Option<BridgeId> {
    let (priority, mac) = octets.split_at_checked(2)?;
    Some(BridgeId { priority: u16::from_be_bytes(priority.try_into().ok()?), mac: Mac::from_slice(mac)? })
}
