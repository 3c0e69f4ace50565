//! IP-MIB: ipNetToPhysicalTable (ARP and ND) and its predecessor ipNetToMediaTable.

use std::collections::BTreeMap;
use std::net::IpAddr;

use model::documents::IpNeighbour;
use model::{Document, DocumentKind, Mac, MacClass};
use snmp::{IndexReader, Oid, Table};

use super::{Agent, Gather, Reading, cell_u32, is_unicast, mac_value, oid};

const NET_TO_MEDIA_ENTRY: Oid = oid!(1, 3, 6, 1, 2, 1, 4, 22, 1);
const NET_TO_PHYSICAL_ENTRY: Oid = oid!(1, 3, 6, 1, 2, 1, 4, 35, 1);

/// Tables whose presence is asked beforehand.
pub const ROOTS: &[Oid] = &[NET_TO_MEDIA_ENTRY, NET_TO_PHYSICAL_ENTRY];

/// ipNetToMediaType and ipNetToPhysicalType.
const INVALID: u32 = 2;
const STATIC: u32 = 4;
const LOCAL: u32 = 5;
/// ipNetToPhysicalState.
const STATE_INVALID: u32 = 5;
const STATE_INCOMPLETE: u32 = 7;

type Neighbours = BTreeMap<(u32, IpAddr, Mac), bool>;

/// Reads the ARP and ND entries.
pub async fn read(agent: &Agent<'_>) -> (Reading, Vec<IpNeighbour>) {
    let (new, old) = futures::join!(
        agent.walk(&NET_TO_PHYSICAL_ENTRY, &[4, 6, 7]),
        agent.walk(&NET_TO_MEDIA_ENTRY, &[2, 4]),
    );
    let mut found = Neighbours::new();
    let rows = [put_new(&new, &mut found), put_old(&old, &mut found)];
    let mut gather = Gather::default();
    gather.add_optional("ipNetToPhysicalTable", &new, rows[0]);
    gather.add_optional("ipNetToMediaTable", &old, rows[1]);
    let neighbours: Vec<IpNeighbour> = found
        .into_iter()
        .map(|((if_index, ip, mac), fixed)| IpNeighbour { if_index, ip, mac, fixed })
        .collect();
    // No neighbour at all is a possible truth only for an agent that has the table.
    if neighbours.is_empty() && gather.reports.is_empty() {
        return (Reading::not_supported(DocumentKind::IpNeighbours, "ipNetToPhysicalTable"), neighbours);
    }
    let count = neighbours.len();
    let document = (count > 0 || gather.reason.is_none()).then(|| Document::IpNeighbours(neighbours.clone()));
    (gather.finish(DocumentKind::IpNeighbours, count, document), neighbours)
}

fn put(found: &mut Neighbours, if_index: u32, ip: IpAddr, mac: Mac, kind: Option<u32>) {
    let usable = is_unicast(ip) && !matches!(mac.class(), MacClass::Null | MacClass::Multicast);
    if usable && !matches!(kind, Some(INVALID | LOCAL)) {
        *found.entry((if_index, ip, mac)).or_default() |= kind == Some(STATIC);
    }
}

fn put_new(table: &Table, found: &mut Neighbours) -> usize {
    for (index, row) in &table.rows {
        let mut reader = IndexReader::new(index);
        let Some(if_index) = reader.u32() else { continue };
        let Some(ip) = reader.inet_address().and_then(|a| a.ip()) else { continue };
        let Some(mac) = row.get(0).and_then(mac_value) else { continue };
        if !matches!(cell_u32(row, 2), Some(STATE_INVALID | STATE_INCOMPLETE)) {
            put(found, if_index, ip, mac, cell_u32(row, 1));
        }
    }
    table.rows.len()
}

fn put_old(table: &Table, found: &mut Neighbours) -> usize {
    for (index, row) in &table.rows {
        let mut reader = IndexReader::new(index);
        let Some(if_index) = reader.u32() else { continue };
        let Some(ip) = reader.last_ipv4() else { continue };
        if let Some(mac) = row.get(0).and_then(mac_value) {
            put(found, if_index, IpAddr::V4(ip), mac, cell_u32(row, 1));
        }
    }
    table.rows.len()
}
