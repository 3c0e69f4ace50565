//! OSPF-MIB (RFC 4750) and OSPFV3-MIB (RFC 5643): router ids and neighbours.

use std::net::{IpAddr, Ipv4Addr};

use model::documents::{Ospf, OspfNeighbour};
use model::{Document, DocumentKind};
use snmp::{IndexReader, Oid, Table, Value};

use super::{Agent, Gather, Reading, cell_bytes, cell_u32, ip_octets, is_unicast, oid};

const ROUTER_ID: Oid = oid!(1, 3, 6, 1, 2, 1, 14, 1, 1, 0);
const NEIGHBOUR_ENTRY: Oid = oid!(1, 3, 6, 1, 2, 1, 14, 10, 1);
const ROUTER_ID_V3: Oid = oid!(1, 3, 6, 1, 2, 1, 191, 1, 1, 1, 0);
const NEIGHBOUR_ENTRY_V3: Oid = oid!(1, 3, 6, 1, 2, 1, 191, 1, 9, 1);

/// Router ids.
pub const SCALARS: &[Oid] = &[ROUTER_ID, ROUTER_ID_V3];
/// Tables whose presence is asked beforehand.
pub const ROOTS: &[Oid] = &[NEIGHBOUR_ENTRY, NEIGHBOUR_ENTRY_V3];

/// Reads the OSPF neighbours of both versions.
pub async fn read(agent: &Agent<'_>) -> (Reading, Ospf) {
    let router_id = agent.scalar(&ROUTER_ID).and_then(Value::as_ipv4).filter(|id| !id.is_unspecified());
    let router_id_v3 = agent.scalar_u32(&ROUTER_ID_V3).filter(|id| *id > 0).map(Ipv4Addr::from);
    let served = agent.has(&NEIGHBOUR_ENTRY) || agent.has(&NEIGHBOUR_ENTRY_V3);
    if !served && router_id.is_none() && router_id_v3.is_none() {
        return (Reading::not_supported(DocumentKind::Ospf, "ospfNbrTable"), Ospf::default());
    }
    let (v2, v3) =
        futures::join!(agent.walk(&NEIGHBOUR_ENTRY, &[3, 6]), agent.walk(&NEIGHBOUR_ENTRY_V3, &[4, 5, 8]));
    let mut neighbours = decode_v2(&v2);
    neighbours.extend(decode_v3(&v3));
    let rows = neighbours.len();
    let ospf = Ospf { router_id, router_id_v3, neighbours };
    let mut gather = Gather::default();
    if router_id.is_some() || agent.has(&NEIGHBOUR_ENTRY) {
        gather.add("ospfNbrTable", &v2, v2.rows.len(), None);
    }
    if router_id_v3.is_some() || agent.has(&NEIGHBOUR_ENTRY_V3) {
        gather.add("ospfv3NbrTable", &v3, v3.rows.len(), None);
    }
    (gather.finish(DocumentKind::Ospf, rows, Some(Document::Ospf(ospf.clone()))), ospf)
}

fn state(row: &snmp::Row, column: usize) -> u8 {
    cell_u32(row, column).and_then(|state| u8::try_from(state).ok()).unwrap_or(0)
}

/// Index: address, address-less ifIndex.
fn decode_v2(table: &Table) -> Vec<OspfNeighbour> {
    let decode = |(index, row): (&Vec<u32>, &snmp::Row)| {
        let mut reader = IndexReader::new(index);
        let address = reader.ipv4()?;
        let if_index = reader.u32().filter(|if_index| *if_index > 0);
        Some(OspfNeighbour {
            version: 2,
            address: Some(IpAddr::V4(address)).filter(|ip| is_unicast(*ip)),
            if_index,
            router_id: row.get(0).and_then(Value::as_ipv4)?,
            state: state(row, 1),
        })
    };
    table.rows.iter().filter_map(decode).collect()
}

/// Index: ifIndex, instance, router id.
fn decode_v3(table: &Table) -> Vec<OspfNeighbour> {
    let decode = |(index, row): (&Vec<u32>, &snmp::Row)| {
        let [if_index, _, router_id] = *index.as_slice() else { return None };
        Some(OspfNeighbour {
            version: 3,
            address: cell_bytes(row, 1).and_then(ip_octets).filter(|ip| is_unicast(*ip)),
            if_index: Some(if_index).filter(|if_index| *if_index > 0),
            router_id: Ipv4Addr::from(router_id),
            state: state(row, 2),
        })
    };
    table.rows.iter().filter_map(decode).collect()
}
