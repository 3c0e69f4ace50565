//! BGP4-MIB (RFC 4273), and the vendors' tables that also know IPv6 peers and VRFs.

use std::collections::BTreeMap;
use std::net::IpAddr;

use model::documents::{Bgp, BgpPeer};
use model::{Document, DocumentKind};
use snmp::{IndexReader, Oid, Row, Table, Value};

use super::{Agent, CISCO, Gather, Reading, cell_u32, ip_value, is_unicast, oid};

const LOCAL_AS: Oid = oid!(1, 3, 6, 1, 2, 1, 15, 2, 0);
const IDENTIFIER: Oid = oid!(1, 3, 6, 1, 2, 1, 15, 4, 0);
const PEER_ENTRY: Oid = oid!(1, 3, 6, 1, 2, 1, 15, 3, 1);

/// Local AS and identifier.
pub const SCALARS: &[Oid] = &[LOCAL_AS, IDENTIFIER];
/// Tables whose presence is asked beforehand.
pub const ROOTS: &[Oid] = &[PEER_ENTRY];

/// A peer table: where it is and which columns hold what.
struct Layout {
    enterprise: u32,
    name: &'static str,
    entry: Oid,
    /// Remote address (`None`: the end of the index is type, length, address), local address,
    /// remote AS, remote identifier, state.
    remote: Option<u32>,
    columns: [u32; 4],
}

static STANDARD: Layout =
    Layout { enterprise: 0, name: "bgpPeerTable", entry: PEER_ENTRY, remote: Some(7), columns: [5, 9, 1, 2] };

static VENDORS: &[Layout] = &[
    Layout {
        enterprise: CISCO,
        name: "cbgpPeer2Table",
        entry: oid!(1, 3, 6, 1, 4, 1, 9, 9, 187, 1, 2, 5, 1),
        remote: None,
        columns: [6, 11, 12, 3],
    },
    Layout {
        enterprise: 2636,
        name: "jnxBgpM2PeerTable",
        entry: oid!(1, 3, 6, 1, 4, 1, 2636, 5, 1, 1, 2, 1, 1, 1),
        remote: Some(11),
        columns: [7, 13, 1, 2],
    },
    Layout {
        enterprise: 30065,
        name: "aristaBgp4V2PeerTable",
        entry: oid!(1, 3, 6, 1, 4, 1, 30065, 4, 1, 1, 2, 1),
        remote: Some(5),
        columns: [3, 10, 11, 13],
    },
];

/// AS_TRANS (RFC 6793): stands for an AS number that does not fit 16 bits.
const AS_TRANS: u32 = 23456;

/// Reads the BGP peers.
pub async fn read(agent: &Agent<'_>) -> (Reading, Bgp) {
    let local_as = agent.scalar(&LOCAL_AS).and_then(as_number).filter(|number| *number > 0);
    let vendor = VENDORS.iter().find(|layout| layout.enterprise == agent.enterprise);
    let standard = agent.walk(&PEER_ENTRY, &columns(&STANDARD)).await;
    let mut peers = decode(&standard, &STANDARD);
    let mut gather = Gather::default();
    if agent.has(&PEER_ENTRY) || local_as.is_some() {
        gather.add(STANDARD.name, &standard, standard.rows.len(), None);
    }
    if let Some(layout) = vendor {
        let table = agent.walk(&layout.entry, &columns(layout)).await;
        gather.add_optional(layout.name, &table, table.rows.len());
        for (remote, peer) in decode(&table, layout) {
            let known = peers.entry(remote).or_insert_with(|| peer.clone());
            if known.remote_as == AS_TRANS {
                known.remote_as = peer.remote_as;
            }
        }
    }
    if peers.is_empty() && local_as.is_none() {
        return (Reading::not_supported(DocumentKind::Bgp, STANDARD.name), Bgp::default());
    }
    let identifier = agent.scalar(&IDENTIFIER).and_then(Value::as_ipv4).filter(|id| !id.is_unspecified());
    let bgp = Bgp { local_as, identifier, peers: peers.into_values().collect() };
    let rows = bgp.peers.len();
    (gather.finish(DocumentKind::Bgp, rows, Some(Document::Bgp(bgp.clone()))), bgp)
}

fn columns(layout: &Layout) -> Vec<u32> {
    layout.columns.iter().copied().chain(layout.remote).collect()
}

fn decode(table: &Table, layout: &Layout) -> BTreeMap<IpAddr, BgpPeer> {
    let mut peers = BTreeMap::new();
    for (index, row) in &table.rows {
        let Some(remote) = remote(index, row, layout).filter(|ip| is_unicast(*ip)) else { continue };
        let peer = BgpPeer {
            remote,
            local: row.get(0).and_then(ip_value).filter(|ip| is_unicast(*ip)),
            remote_as: row.get(1).and_then(as_number).unwrap_or(0),
            identifier: row.get(2).and_then(Value::as_ipv4).filter(|id| !id.is_unspecified()),
            state: cell_u32(row, 3).and_then(|state| u8::try_from(state).ok()).unwrap_or(0),
        };
        peers.insert(remote, peer);
    }
    peers
}

fn remote(index: &[u32], row: &Row, layout: &Layout) -> Option<IpAddr> {
    if layout.remote.is_some()
        && let Some(ip) = row.get(4).and_then(ip_value)
    {
        return Some(ip);
    }
    IndexReader::new(index)
        .inet_address()
        .and_then(|address| address.ip())
        .or_else(|| IndexReader::new(index).ipv4().filter(|_| index.len() == 4).map(IpAddr::V4))
}

/// AS numbers are Integer32 in BGP4-MIB: those above 2^31 arrive negative.
fn as_number(value: &Value) -> Option<u32> {
    match value {
        Value::Integer(number) => Some(*number as u32),
        other => other.as_u32(),
    }
}
