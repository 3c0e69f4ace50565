//! LLDP-MIB (IEEE 802.1AB-2005) and LLDP-V2-MIB (IEEE 802.1AB-2009 and later).

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use model::documents::{Lldp, LldpId, LldpNeighbour, LldpPort};
use model::{Document, DocumentKind, Mac, Reason, ReasonCode};
use snmp::{Oid, Row, Table, Value};

use super::lldp_index::{RowKey, management, row_key};
use super::{Agent, Gather, Reading, cell_text, ip_octets, oid};

/// Where one of the two MIBs keeps its objects.
struct Layout {
    local_port_name: &'static str,
    remote_name: &'static str,
    management_name: &'static str,
    chassis_subtype: Oid,
    chassis: Oid,
    name: Oid,
    local_port: Oid,
    /// Subtype, id, description.
    local_port_columns: &'static [u32],
    remote: Oid,
    /// Chassis subtype, chassis, port subtype, port, port description, name, description,
    /// capabilities enabled.
    remote_columns: &'static [u32],
    management: Oid,
    management_column: u32,
    numbers_are_if_indexes: bool,
}

const CLASSIC_CHASSIS_SUBTYPE: Oid = oid!(1, 0, 8802, 1, 1, 2, 1, 3, 1, 0);
const CLASSIC_CHASSIS: Oid = oid!(1, 0, 8802, 1, 1, 2, 1, 3, 2, 0);
const CLASSIC_NAME: Oid = oid!(1, 0, 8802, 1, 1, 2, 1, 3, 3, 0);
const CLASSIC_LOCAL_PORT_ENTRY: Oid = oid!(1, 0, 8802, 1, 1, 2, 1, 3, 7, 1);
const CLASSIC_REMOTE_ENTRY: Oid = oid!(1, 0, 8802, 1, 1, 2, 1, 4, 1, 1);
const CLASSIC_MANAGEMENT_ENTRY: Oid = oid!(1, 0, 8802, 1, 1, 2, 1, 4, 2, 1);
const V2_CHASSIS_SUBTYPE: Oid = oid!(1, 3, 111, 2, 802, 1, 1, 13, 1, 3, 1, 0);
const V2_CHASSIS: Oid = oid!(1, 3, 111, 2, 802, 1, 1, 13, 1, 3, 2, 0);
const V2_NAME: Oid = oid!(1, 3, 111, 2, 802, 1, 1, 13, 1, 3, 3, 0);
const V2_LOCAL_PORT_ENTRY: Oid = oid!(1, 3, 111, 2, 802, 1, 1, 13, 1, 3, 7, 1);
const V2_REMOTE_ENTRY: Oid = oid!(1, 3, 111, 2, 802, 1, 1, 13, 1, 4, 1, 1);
const V2_MANAGEMENT_ENTRY: Oid = oid!(1, 3, 111, 2, 802, 1, 1, 13, 1, 4, 2, 1);

static CLASSIC: Layout = Layout {
    local_port_name: "lldpLocPortTable",
    remote_name: "lldpRemTable",
    management_name: "lldpRemManAddrTable",
    chassis_subtype: CLASSIC_CHASSIS_SUBTYPE,
    chassis: CLASSIC_CHASSIS,
    name: CLASSIC_NAME,
    local_port: CLASSIC_LOCAL_PORT_ENTRY,
    local_port_columns: &[2, 3, 4],
    remote: CLASSIC_REMOTE_ENTRY,
    remote_columns: &[4, 5, 6, 7, 8, 9, 10, 12],
    management: CLASSIC_MANAGEMENT_ENTRY,
    management_column: 3,
    numbers_are_if_indexes: false,
};

static V2: Layout = Layout {
    local_port_name: "lldpV2LocPortTable",
    remote_name: "lldpV2RemTable",
    management_name: "lldpV2RemManAddrTable",
    chassis_subtype: V2_CHASSIS_SUBTYPE,
    chassis: V2_CHASSIS,
    name: V2_NAME,
    local_port: V2_LOCAL_PORT_ENTRY,
    local_port_columns: &[2, 3, 4],
    remote: V2_REMOTE_ENTRY,
    // lldpV2RemTable has the destination address as a column of its own: all later columns are
    // shifted by one.
    remote_columns: &[5, 6, 7, 8, 9, 10, 11, 13],
    management: V2_MANAGEMENT_ENTRY,
    management_column: 3,
    numbers_are_if_indexes: true,
};

/// lldpStatsRemTablesInserts, Deletes, Ageouts.
const INSERTS: Oid = oid!(1, 0, 8802, 1, 1, 2, 1, 2, 2, 0);
const DELETES: Oid = oid!(1, 0, 8802, 1, 1, 2, 1, 2, 3, 0);
const AGEOUTS: Oid = oid!(1, 0, 8802, 1, 1, 2, 1, 2, 5, 0);

/// Local identity and statistics of both MIBs.
pub const SCALARS: &[Oid] = &[
    CLASSIC_CHASSIS_SUBTYPE,
    CLASSIC_CHASSIS,
    CLASSIC_NAME,
    V2_CHASSIS_SUBTYPE,
    V2_CHASSIS,
    V2_NAME,
    INSERTS,
    DELETES,
    AGEOUTS,
];
/// Tables whose presence is asked beforehand.
pub const ROOTS: &[Oid] = &[
    CLASSIC_LOCAL_PORT_ENTRY,
    CLASSIC_REMOTE_ENTRY,
    CLASSIC_MANAGEMENT_ENTRY,
    V2_LOCAL_PORT_ENTRY,
    V2_REMOTE_ENTRY,
    V2_MANAGEMENT_ENTRY,
];

const CHASSIS_MAC: u8 = 4;
const CHASSIS_NETWORK: u8 = 5;
const PORT_MAC: u8 = 3;
const PORT_NETWORK: u8 = 4;

/// Reads LLDP: the classic tables, and LLDP-V2-MIB when those are empty.
pub async fn read(agent: &Agent<'_>) -> (Reading, Lldp) {
    let served = |layout: &Layout| {
        agent.has(&layout.remote) || agent.has(&layout.local_port) || agent.scalar(&layout.chassis).is_some()
    };
    let first = if served(&CLASSIC) { Some(read_layout(agent, &CLASSIC).await) } else { None };
    if let Some(found) = first.as_ref().filter(|(_, lldp)| !lldp.neighbours.is_empty()) {
        return found.clone();
    }
    if served(&V2) {
        let second = read_layout(agent, &V2).await;
        if first.is_none() || !second.1.neighbours.is_empty() {
            return second;
        }
    }
    first.unwrap_or_else(|| (Reading::not_supported(DocumentKind::Lldp, "lldpRemTable"), Lldp::default()))
}

async fn read_layout(agent: &Agent<'_>, layout: &Layout) -> (Reading, Lldp) {
    let (ports, remote, addresses) = futures::join!(
        agent.walk(&layout.local_port, layout.local_port_columns),
        agent.walk(&layout.remote, layout.remote_columns),
        agent.walk(&layout.management, &[layout.management_column]),
    );
    let local = local_ports(&ports, layout);
    let numbers: BTreeSet<u32> = local.iter().map(|port| port.number).collect();
    let (mut neighbours, ghosts) = remote_rows(&remote, &numbers);
    put_management(&addresses, &remote, &numbers, &mut neighbours);
    let rows = neighbours.len();
    let lldp = Lldp {
        chassis: agent.scalar(&layout.chassis).and_then(|id| {
            identifier(agent.scalar(&layout.chassis_subtype), id.as_bytes()?, CHASSIS_MAC, CHASSIS_NETWORK)
        }),
        name: agent.scalar_text(&layout.name).unwrap_or_default(),
        ports: local,
        neighbours: neighbours.into_values().collect(),
    };
    let ghost_note = (ghosts > 0)
        .then(|| format!("{ghosts} rows without chassis, port and name were ignored (ghost-row)"));
    let mut gather = Gather::default();
    gather.add_noted(
        layout.remote_name,
        &remote,
        rows,
        declared(agent, layout, rows, lldp.ports.len()),
        ghost_note,
    );
    gather.add_optional(layout.local_port_name, &ports, lldp.ports.len());
    gather.add_optional(layout.management_name, &addresses, addresses.rows.len());
    if rows == 0 && ghosts > 0 {
        gather.miss(Reason::new(ReasonCode::GhostRow, format!("{ghosts} rows without any content.")));
    }
    let document = Document::Lldp(lldp.clone());
    (gather.finish(DocumentKind::Lldp, rows, Some(document)), lldp)
}

/// Neighbours the statistics prove. Agents keep the counters differently, so the lowest reading
/// counts, and one that is out of proportion to the ports says nothing.
fn declared(agent: &Agent<'_>, layout: &Layout, rows: usize, ports: usize) -> Option<u32> {
    if layout.numbers_are_if_indexes {
        return None;
    }
    let gone = agent.scalar_u32(&DELETES)?.saturating_add(agent.scalar_u32(&AGEOUTS).unwrap_or(0));
    let left = agent.scalar_u32(&INSERTS)?.checked_sub(gone).filter(|left| *left > 0)?;
    let plausible = u32::try_from(ports).unwrap_or(u32::MAX).saturating_mul(2).max(8);
    (rows == 0 || left <= plausible).then_some(left)
}

fn local_ports(table: &Table, layout: &Layout) -> Vec<LldpPort> {
    let mut ports: BTreeMap<u32, LldpPort> = BTreeMap::new();
    for (index, row) in &table.rows {
        // LLDP-V2-MIB: the ifIndex comes first, whatever an agent adds behind it.
        let number = if layout.numbers_are_if_indexes { index.first() } else { index.last() };
        let Some(number) = number.copied() else { continue };
        let id = super::cell_bytes(row, 1)
            .and_then(|octets| identifier(row.get(0), octets, PORT_MAC, PORT_NETWORK));
        ports.entry(number).or_insert_with(|| LldpPort {
            number,
            id,
            description: cell_text(row, 2),
            number_is_if_index: layout.numbers_are_if_indexes,
        });
    }
    ports.into_values().collect()
}

/// The remote rows by key; newer time marks win. Also the number of rows without content.
fn remote_rows(table: &Table, ports: &BTreeSet<u32>) -> (BTreeMap<RowKey, LldpNeighbour>, usize) {
    let mut neighbours = BTreeMap::new();
    let mut ghosts = 0;
    for (index, row) in &table.rows {
        let Some(key) = row_key(index, ports) else { continue };
        match remote_row(key, row) {
            Some(neighbour) => {
                neighbours.insert(key, neighbour);
            }
            None => ghosts += 1,
        }
    }
    (neighbours, ghosts)
}

/// A remote row; `None` when it says nothing about the neighbour.
fn remote_row(key: RowKey, row: &Row) -> Option<LldpNeighbour> {
    let octets = |column| super::cell_bytes(row, column).filter(|octets| octets.iter().any(|o| *o != 0));
    let chassis = octets(1).and_then(|o| identifier(row.get(0), o, CHASSIS_MAC, CHASSIS_NETWORK));
    let port = octets(3).and_then(|o| identifier(row.get(2), o, PORT_MAC, PORT_NETWORK));
    let name = cell_text(row, 5);
    if chassis.is_none() && port.is_none() && name.is_empty() {
        return None;
    }
    let mut management = Vec::new();
    // A chassis named by its network address (family octet first) can be asked there.
    if let Some(id) = chassis.as_ref().filter(|id| id.subtype == CHASSIS_NETWORK) {
        management.extend(network_address(&id.octets));
    }
    Some(LldpNeighbour {
        local_port: key.port,
        index: key.index,
        chassis,
        port,
        port_description: cell_text(row, 4),
        name,
        description: cell_text(row, 6),
        capabilities: super::cell_bytes(row, 7).map(capabilities).unwrap_or_default(),
        management,
    })
}

fn put_management(
    table: &Table,
    remote: &Table,
    ports: &BTreeSet<u32>,
    neighbours: &mut BTreeMap<RowKey, LldpNeighbour>,
) {
    let length = remote.rows.keys().next().map(Vec::len);
    for index in table.rows.keys() {
        let Some((row, ip)) = management(index, length) else { continue };
        let Some(neighbour) = row_key(row, ports).and_then(|key| neighbours.get_mut(&key)) else { continue };
        if super::is_unicast(ip) && !neighbour.management.contains(&ip) {
            neighbour.management.push(ip);
        }
    }
    for neighbour in neighbours.values_mut() {
        neighbour.management.sort_unstable();
    }
}

/// A chassis or port id. Subtypes come as numbers, and from some agents as text; MAC addresses
/// come as six octets, and from some agents printed. NULs behind textual ids are padding.
fn identifier(subtype: Option<&Value>, octets: &[u8], mac: u8, network: u8) -> Option<LldpId> {
    let subtype = subtype.and_then(subtype_number).unwrap_or(0);
    let mut octets = octets.to_vec();
    if subtype == mac {
        if octets.len() != 6
            && let Some(printed) = std::str::from_utf8(&octets).ok().and_then(|text| text.parse::<Mac>().ok())
        {
            octets = printed.0.to_vec();
        }
    } else if subtype != network && octets.len() != 6 {
        let text = octets.iter().rposition(|octet| *octet != 0).map_or(0, |last| last + 1);
        octets.truncate(text);
    }
    (!octets.is_empty()).then_some(LldpId { subtype, octets })
}

fn subtype_number(value: &Value) -> Option<u8> {
    let number = value.as_u32().or_else(|| {
        let text = value.text()?;
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        digits.parse().ok()
    })?;
    u8::try_from(number).ok().filter(|subtype| (1..=7).contains(subtype))
}

/// An IANA address family octet, then the address.
fn network_address(octets: &[u8]) -> Option<IpAddr> {
    match octets.split_first() {
        Some((1, address)) if address.len() == 4 => ip_octets(address),
        Some((2, address)) if address.len() == 16 => ip_octets(address),
        _ => None,
    }
}

/// LldpSystemCapabilitiesMap: BITS, most significant first; bit numbers as in the model.
fn capabilities(octets: &[u8]) -> u16 {
    super::port_list(octets).into_iter().filter(|bit| *bit <= 16).fold(0, |bits, bit| bits | 1 << (bit - 1))
}
