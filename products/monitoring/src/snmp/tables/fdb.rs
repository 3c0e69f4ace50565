//! Forwarding databases: Q-BRIDGE-MIB, IEEE8021-Q-BRIDGE-MIB, BRIDGE-MIB; whole or VLAN by VLAN.

use std::collections::BTreeMap;

use model::documents::{FdbEntry, FdbStatus};
use model::{Document, DocumentKind, Mac, MacClass};
use snmp::{IndexReader, Oid, Table};

use super::bridge::PortMap;
use super::{Agent, Gather, Reading, below, cell_u32, oid};
use crate::snmp::source::TableSource;

const D_FDB_ENTRY: Oid = oid!(1, 3, 6, 1, 2, 1, 17, 4, 3, 1);
const Q_FDB_ENTRY: Oid = oid!(1, 3, 6, 1, 2, 1, 17, 7, 1, 2, 2, 1);
const IEEE_FDB_ENTRY: Oid = oid!(1, 3, 111, 2, 802, 1, 1, 4, 1, 2, 2, 1);
const VLAN_CURRENT_ENTRY: Oid = oid!(1, 3, 6, 1, 2, 1, 17, 7, 1, 4, 2, 1);

/// Tables whose presence is asked beforehand.
pub const ROOTS: &[Oid] = &[D_FDB_ENTRY, Q_FDB_ENTRY, IEEE_FDB_ENTRY, VLAN_CURRENT_ENTRY];

/// Forwarding entries by VLAN, station and port.
pub type Entries = BTreeMap<(u16, Mac, u32), FdbStatus>;

/// What is collected, also from VLAN contexts, before it becomes a document.
#[derive(Debug, Default)]
pub struct FdbTable {
    /// The entries.
    pub entries: Entries,
    gather: Gather,
    served: bool,
}

/// Reads the forwarding database of the default context: the VLAN-aware table when it has rows,
/// else the plain one.
pub async fn read(agent: &Agent<'_>) -> FdbTable {
    let mut found = FdbTable::default();
    let (q, map) = futures::join!(agent.walk(&Q_FDB_ENTRY, &[2, 3]), agent.walk(&VLAN_CURRENT_ENTRY, &[3]));
    let vlans = fdb_vlans(&map);
    if agent.has(&Q_FDB_ENTRY) {
        found.take("dot1qTpFdbTable", &q, |index| vlan_of(index.first(), &vlans));
    }
    if found.entries.is_empty() && agent.has(&IEEE_FDB_ENTRY) {
        let ieee = agent.walk(&IEEE_FDB_ENTRY, &[2, 3]).await;
        // The component comes first.
        found.take("ieee8021QBridgeTpFdbTable", &ieee, |index| vlan_of(index.get(1), &vlans));
    }
    if found.entries.is_empty() && agent.has(&D_FDB_ENTRY) {
        let plain = agent.walk(&D_FDB_ENTRY, &[2, 3]).await;
        found.take("dot1dTpFdbTable", &plain, |_| 0);
    }
    found
}

/// Reads the plain forwarding table as it is seen in a VLAN's context.
pub(in crate::snmp) async fn read_in_vlan(source: &dyn TableSource) -> Table {
    source.walk(&below(&D_FDB_ENTRY, &[2, 3])).await
}

/// dot1qVlanFdbId (index: time mark, VLAN) turned round. A database that several VLANs share says
/// nothing about the VLAN.
fn fdb_vlans(table: &Table) -> BTreeMap<u32, u16> {
    let mut vlans: BTreeMap<u32, u16> = BTreeMap::new();
    for (index, row) in &table.rows {
        let Some(vlan) = index.last().and_then(|vlan| u16::try_from(*vlan).ok()) else { continue };
        let Some(fdb) = cell_u32(row, 0) else { continue };
        vlans.entry(fdb).and_modify(|known| *known = if *known == vlan { vlan } else { 0 }).or_insert(vlan);
    }
    vlans
}

/// The VLAN of a database; without a map the number itself is the VLAN on most agents.
fn vlan_of(fdb: Option<&u32>, vlans: &BTreeMap<u32, u16>) -> u16 {
    let Some(fdb) = fdb.copied() else { return 0 };
    if vlans.is_empty() {
        return u16::try_from(fdb).ok().filter(|vlan| (1..=4094).contains(vlan)).unwrap_or(0);
    }
    vlans.get(&fdb).copied().unwrap_or(0)
}

impl FdbTable {
    /// Takes rows. The station is read from the end of the index, the VLAN from its beginning:
    /// some agents put a length octet between them.
    fn take(&mut self, name: &str, table: &Table, vlan: impl Fn(&[u32]) -> u16) {
        self.served = true;
        for (index, row) in &table.rows {
            let mut reader = IndexReader::new(index);
            let Some(mac) = reader.last_mac().map(Mac) else { continue };
            let Some(status) = status(cell_u32(row, 1)) else { continue };
            let port = cell_u32(row, 0).unwrap_or(0);
            if !matches!(mac.class(), MacClass::Null | MacClass::Multicast) {
                self.entries.insert((vlan(reader.rest()), mac, port), status);
            }
        }
        self.gather.add(name, table, table.rows.len(), None);
    }

    /// Adds what a VLAN's context shows. True when it shows anything.
    pub(in crate::snmp) fn take_vlan(&mut self, vlan: u16, table: &Table) -> bool {
        let before = self.entries.len();
        self.take(&format!("dot1dTpFdbTable@{vlan}"), table, |_| vlan);
        self.entries.len() > before
    }

    /// Makes the Fdb document. Ports are mapped to interfaces by the bridge's port map; a bridge
    /// that has none at all numbers its ports by ifIndex.
    pub fn document(self, ports: &PortMap, is_interface: impl Fn(u32) -> bool) -> Reading {
        if !self.served {
            return Reading::not_supported(DocumentKind::Fdb, "dot1dTpFdbTable");
        }
        let entries: Vec<FdbEntry> = self
            .entries
            .into_iter()
            .map(|((vlan, mac, port), status)| FdbEntry {
                vlan,
                mac,
                port,
                if_index: if_index_of(port, ports, &is_interface),
                status,
            })
            .collect();
        let rows = entries.len();
        self.gather.finish(DocumentKind::Fdb, rows, Some(Document::Fdb(entries)))
    }
}

pub(super) fn if_index_of(port: u32, ports: &PortMap, is_interface: &impl Fn(u32) -> bool) -> Option<u32> {
    if ports.is_empty() {
        return Some(port).filter(|port| *port > 0 && is_interface(*port));
    }
    ports.get(&port).copied()
}

/// dot1dTpFdbStatus; an agent without it means learned. `None` for invalid(2).
fn status(number: Option<u32>) -> Option<FdbStatus> {
    match number {
        Some(2) => None,
        Some(1) => Some(FdbStatus::Other),
        Some(4) => Some(FdbStatus::Own),
        Some(5) => Some(FdbStatus::Fixed),
        _ => Some(FdbStatus::Learned),
    }
}
