//! IP-MIB: ipAddressTable with its prefix pointer, ipAddrTable; IPV6-MIB ipv6AddrTable.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use model::address::mask_length;
use model::documents::{InterfaceAddress, VrrpGroup};
use model::{Document, DocumentKind};
use snmp::{IndexReader, Oid, Table, Value};

use super::{Agent, Gather, Reading, cell_u32, is_unicast, oid};

const IP_ADDR_ENTRY: Oid = oid!(1, 3, 6, 1, 2, 1, 4, 20, 1);
const IP_ADDRESS_ENTRY: Oid = oid!(1, 3, 6, 1, 2, 1, 4, 34, 1);
const IPV6_ADDR_ENTRY: Oid = oid!(1, 3, 6, 1, 2, 1, 55, 1, 8, 1);

/// Tables whose presence is asked beforehand.
pub const ROOTS: &[Oid] = &[IP_ADDR_ENTRY, IP_ADDRESS_ENTRY, IPV6_ADDR_ENTRY];

/// ipAddressType.
const ANYCAST: u32 = 2;
const BROADCAST: u32 = 3;

type Addresses = BTreeMap<(u32, IpAddr), InterfaceAddress>;

/// Reads the addresses. Virtual router addresses are marked as shared.
pub async fn read(agent: &Agent<'_>, vrrp: &[VrrpGroup]) -> (Reading, Vec<InterfaceAddress>) {
    // The legacy tables are cheap and say what the new one sometimes leaves out (masks, IPv6).
    let (new, old, old6) = futures::join!(
        agent.walk(&IP_ADDRESS_ENTRY, &[3, 4, 5]),
        agent.walk(&IP_ADDR_ENTRY, &[2, 3]),
        agent.walk(&IPV6_ADDR_ENTRY, &[2]),
    );
    let mut addresses = Addresses::new();
    let rows =
        [put_new(&new, &mut addresses), put_old(&old, &mut addresses), put_old6(&old6, &mut addresses)];
    for address in addresses.values_mut() {
        address.shared |=
            vrrp.iter().any(|g| g.if_index == address.if_index && g.addresses.contains(&address.ip));
    }
    let mut gather = Gather::default();
    let tables = [("ipAddressTable", &new), ("ipAddrTable", &old), ("ipv6AddrTable", &old6)];
    for ((name, table), rows) in tables.into_iter().zip(rows) {
        gather.add_optional(name, table, rows);
    }
    let addresses: Vec<InterfaceAddress> = addresses.into_values().collect();
    if addresses.is_empty() && gather.reason.is_none() {
        return (Reading::not_supported(DocumentKind::Addresses, "ipAddressTable"), addresses);
    }
    let rows = addresses.len();
    let document = (rows > 0).then(|| Document::Addresses(addresses.clone()));
    (gather.finish(DocumentKind::Addresses, rows, document), addresses)
}

fn put(addresses: &mut Addresses, if_index: u32, ip: IpAddr, prefix_length: Option<u8>, shared: bool) {
    let address = addresses.entry((if_index, ip)).or_insert_with(|| InterfaceAddress {
        if_index,
        ip,
        prefix_length: None,
        shared: false,
        vrf: String::new(),
    });
    address.prefix_length = address.prefix_length.or(prefix_length);
    address.shared |= shared;
}

fn put_new(table: &Table, addresses: &mut Addresses) -> usize {
    let mut rows = 0;
    for (index, row) in &table.rows {
        let Some(ip) = IndexReader::new(index).inet_address().and_then(|a| a.ip()) else { continue };
        let Some(if_index) = cell_u32(row, 0) else { continue };
        rows += 1;
        let kind = cell_u32(row, 1);
        if kind == Some(BROADCAST) || !is_unicast(ip) {
            continue;
        }
        let prefix = row.get(2).and_then(Value::as_oid).and_then(|pointer| prefix_length(pointer, ip));
        put(addresses, if_index, ip, prefix, kind == Some(ANYCAST));
    }
    rows
}

/// The prefix length at the end of an ipAddressPrefix pointer into ipAddressPrefixTable; the null
/// pointer 0.0 says nothing.
fn prefix_length(pointer: &Oid, ip: IpAddr) -> Option<u8> {
    let bits = if ip.is_ipv4() { 32 } else { 128 };
    let arcs = pointer.as_slice();
    if arcs.len() < 10 {
        return None;
    }
    arcs.last().and_then(|length| u8::try_from(*length).ok()).filter(|length| *length <= bits)
}

fn put_old(table: &Table, addresses: &mut Addresses) -> usize {
    let mut rows = 0;
    for (index, row) in &table.rows {
        let Some(ip) = IndexReader::new(index).ipv4().map(IpAddr::V4).filter(|ip| is_unicast(*ip)) else {
            continue;
        };
        let Some(if_index) = cell_u32(row, 0) else { continue };
        let mask = row.get(1).and_then(Value::as_ipv4).filter(|mask| *mask != Ipv4Addr::UNSPECIFIED);
        put(addresses, if_index, ip, mask.and_then(mask_length), false);
        rows += 1;
    }
    rows
}

fn put_old6(table: &Table, addresses: &mut Addresses) -> usize {
    let mut rows = 0;
    for (index, row) in &table.rows {
        let mut reader = IndexReader::new(index);
        let Some(if_index) = reader.u32() else { continue };
        let octets = reader.octets(16).or_else(|| reader.prefixed_octets());
        let Some(octets) = octets.and_then(|o| <[u8; 16]>::try_from(o).ok()) else { continue };
        let ip = IpAddr::V6(Ipv6Addr::from(octets));
        if is_unicast(ip) {
            put(addresses, if_index, ip, cell_u32(row, 0).and_then(|l| u8::try_from(l).ok()), false);
            rows += 1;
        }
    }
    rows
}
