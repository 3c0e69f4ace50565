//! Virtual routers: VRRP-MIB (RFC 2787), VRRPV3-MIB (RFC 6527), CISCO-HSRP-MIB.

use std::collections::BTreeMap;
use std::net::IpAddr;

use model::documents::VrrpGroup;
use model::{Document, DocumentKind};
use snmp::{IndexReader, Oid, Table};

use super::{Agent, Gather, Reading, cell_u32, ip_value, is_unicast, oid};

const V2_OPER_ENTRY: Oid = oid!(1, 3, 6, 1, 2, 1, 68, 1, 3, 1);
const V2_ADDRESS_ENTRY: Oid = oid!(1, 3, 6, 1, 2, 1, 68, 1, 4, 1);
const V3_OPER_ENTRY: Oid = oid!(1, 3, 6, 1, 2, 1, 207, 1, 1, 1, 1);
const V3_ADDRESS_ENTRY: Oid = oid!(1, 3, 6, 1, 2, 1, 207, 1, 1, 2, 1);
const HSRP_ENTRY: Oid = oid!(1, 3, 6, 1, 4, 1, 9, 9, 106, 1, 2, 1, 1);

/// Tables whose presence is asked beforehand.
pub const ROOTS: &[Oid] = &[V2_OPER_ENTRY, V2_ADDRESS_ENTRY, V3_OPER_ENTRY, V3_ADDRESS_ENTRY, HSRP_ENTRY];

/// vrrpOperState and vrrpv3OperationsStatus master(3); cHsrpGrpStandbyState active(6).
const MASTER: u32 = 3;
const HSRP_ACTIVE: u32 = 6;

type Groups = BTreeMap<(u32, u8), VrrpGroup>;

/// Reads the virtual routers.
pub async fn read(agent: &Agent<'_>) -> (Reading, Vec<VrrpGroup>) {
    if !ROOTS.iter().any(|root| agent.has(root)) {
        return (Reading::not_supported(DocumentKind::Vrrp, "vrrpOperTable"), Vec::new());
    }
    let (v2, v2_addresses, v3, v3_addresses, hsrp) = futures::join!(
        agent.walk(&V2_OPER_ENTRY, &[3]),
        agent.walk(&V2_ADDRESS_ENTRY, &[2]),
        agent.walk(&V3_OPER_ENTRY, &[6]),
        agent.walk(&V3_ADDRESS_ENTRY, &[2]),
        agent.walk(&HSRP_ENTRY, &[11, 15]),
    );
    let mut groups = Groups::new();
    for table in [&v2, &v3] {
        put_states(table, &mut groups);
    }
    put_addresses(&v2_addresses, &mut groups, |reader| reader.ipv4().map(IpAddr::V4));
    put_addresses(&v3_addresses, &mut groups, |reader| reader.inet_address().and_then(|a| a.ip()));
    for (index, row) in &hsrp.rows {
        let Some(group) = group(&mut groups, index) else { continue };
        group.addresses.extend(row.get(0).and_then(ip_value).filter(|ip| is_unicast(*ip)));
        group.master |= cell_u32(row, 1) == Some(HSRP_ACTIVE);
    }
    let groups: Vec<VrrpGroup> = groups
        .into_values()
        .map(|mut group| {
            group.addresses.sort_unstable();
            group.addresses.dedup();
            group
        })
        .collect();
    let mut gather = Gather::default();
    for (name, table) in [
        ("vrrpOperTable", &v2),
        ("vrrpAssoIpAddrTable", &v2_addresses),
        ("vrrpv3OperationsTable", &v3),
        ("vrrpv3AssociatedIpAddrTable", &v3_addresses),
        ("cHsrpGrpTable", &hsrp),
    ] {
        gather.add_optional(name, table, table.rows.len());
    }
    let rows = groups.len();
    (gather.finish(DocumentKind::Vrrp, rows, Some(Document::Vrrp(groups.clone()))), groups)
}

/// The group in an index that begins with ifIndex and virtual router id.
fn group<'a>(groups: &'a mut Groups, index: &[u32]) -> Option<&'a mut VrrpGroup> {
    let [if_index, vrid, ..] = *index else { return None };
    let vrid = u8::try_from(vrid).ok()?;
    let new = VrrpGroup { if_index, vrid, addresses: Vec::new(), master: false };
    Some(groups.entry((if_index, vrid)).or_insert(new))
}

fn put_states(table: &Table, groups: &mut Groups) {
    for (index, row) in &table.rows {
        if let Some(group) = group(groups, index) {
            group.master |= cell_u32(row, 0) == Some(MASTER);
        }
    }
}

fn put_addresses(
    table: &Table,
    groups: &mut Groups,
    address: impl Fn(&mut IndexReader<'_>) -> Option<IpAddr>,
) {
    for index in table.rows.keys() {
        let Some(rest) = index.get(2..) else { continue };
        let ip = address(&mut IndexReader::new(rest)).filter(|ip| is_unicast(*ip));
        if let Some(group) = group(groups, index) {
            group.addresses.extend(ip);
        }
    }
}
