//! BRIDGE-MIB dot1dBase: the bridge's address and its ports (RFC 4188).

use std::collections::BTreeMap;

use model::documents::{Bridge, BridgePort};
use model::{Document, DocumentKind};
use snmp::Oid;

use super::{Agent, Gather, Reading, cell_u32, mac_value, oid};
use crate::snmp::source::TableSource;

pub(super) const ADDRESS: Oid = oid!(1, 3, 6, 1, 2, 1, 17, 1, 1, 0);
const PORTS: Oid = oid!(1, 3, 6, 1, 2, 1, 17, 1, 2, 0);
const PORT_ENTRY: Oid = oid!(1, 3, 6, 1, 2, 1, 17, 1, 4, 1);

/// The bridge's address and declared ports.
pub const SCALARS: &[Oid] = &[ADDRESS, PORTS];
/// Tables whose presence is asked beforehand.
pub const ROOTS: &[Oid] = &[PORT_ENTRY];

/// dot1dBasePort -> ifIndex.
pub type PortMap = BTreeMap<u32, u32>;

/// What is collected about the bridge, also from VLAN contexts, before it becomes a document.
#[derive(Debug)]
pub struct BridgeTable {
    /// The port map.
    pub ports: PortMap,
    gather: Gather,
    served: bool,
}

/// Reads the port map of the default context.
pub async fn read(agent: &Agent<'_>) -> BridgeTable {
    let served = agent.has(&PORT_ENTRY) || agent.scalar_u32(&PORTS).is_some_and(|ports| ports > 0);
    let mut gather = Gather::default();
    if !served {
        return BridgeTable { ports: PortMap::new(), gather, served };
    }
    let table = agent.walk(&PORT_ENTRY, &[2]).await;
    let ports = port_map(&table);
    gather.add("dot1dBasePortTable", &table, table.rows.len(), agent.scalar_u32(&PORTS));
    BridgeTable { ports, gather, served }
}

/// Reads the port map as it is seen in a VLAN's context.
pub(in crate::snmp) async fn read_in_vlan(source: &dyn TableSource) -> PortMap {
    port_map(&source.walk(&[PORT_ENTRY.child(2)]).await)
}

/// The port map in a walk of dot1dBasePortIfIndex. Ports without an interface say ifIndex 0.
fn port_map(table: &snmp::Table) -> PortMap {
    table
        .rows
        .iter()
        .filter_map(|(index, row)| Some((*index.last()?, cell_u32(row, 0).filter(|if_index| *if_index > 0)?)))
        .collect()
}

impl BridgeTable {
    /// Makes the Bridge document.
    pub fn document(self, agent: &Agent<'_>) -> Reading {
        if !self.served && self.ports.is_empty() {
            return Reading::not_supported(DocumentKind::Bridge, "dot1dBasePortTable");
        }
        let rows = self.ports.len();
        let bridge = Bridge {
            address: agent.scalar(&ADDRESS).and_then(mac_value),
            ports: self.ports.into_iter().map(|(port, if_index)| BridgePort { port, if_index }).collect(),
        };
        self.gather.finish(DocumentKind::Bridge, rows, Some(Document::Bridge(bridge)))
    }
}
