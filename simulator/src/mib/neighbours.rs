//! LLDP-MIB (IEEE 802.1AB-2005), LLDP-V2-MIB (IEEE 802.1AB-2016), CISCO-CDP-MIB.

use std::net::{IpAddr, Ipv4Addr};

use crate::mib::View;
use crate::mib::table::{TableWriter, Val};
use crate::plan::{Attached, Device, End, Host, HostAt, Lame, Role, Vendor};

const LLDP: [u32; 7] = [1, 0, 8802, 1, 1, 2, 1];
const LLDP_V2: [u32; 8] = [1, 3, 111, 2, 802, 1, 1, 13];
const CDP: [u32; 9] = [1, 3, 6, 1, 4, 1, 9, 9, 23];

/// What a neighbour says of itself.
struct Advert {
    chassis: (u8, Vec<u8>),
    port: (u8, Vec<u8>),
    port_description: Vec<u8>,
    name: Vec<u8>,
    description: Vec<u8>,
    capabilities: u8,
    management: Option<Ipv4Addr>,
    management_if: u32,
}

/// A row of the remote table.
struct Remote {
    time_mark: u32,
    /// Position of the local interface.
    port: u16,
    index: u32,
    advert: Advert,
}

fn padded(device: &Device, text: &str) -> Vec<u8> {
    let mut octets = text.as_bytes().to_vec();
    if device.is(Lame::NulText) {
        octets.push(0);
    }
    octets
}

/// LLDP capability bits, bit 0 in the most significant place.
fn capabilities(role: Role) -> u8 {
    match role {
        Role::Access => 0x20,
        Role::Distribution | Role::Leaf => 0x28,
        Role::Edge | Role::Core | Role::Spine => 0x08,
        Role::Server => 0x01,
    }
}

fn chassis(device: &Device) -> (u8, Vec<u8>) {
    if device.is(Lame::ChassisSerial) {
        (7, device.serial.as_bytes().to_vec())
    } else if device.vendor == Vendor::Linux {
        // lldpd takes the first network card.
        (4, device.port(0).mac.0.to_vec())
    } else {
        (4, device.base_mac.0.to_vec())
    }
}

fn port_id(device: &Device, position: u16) -> (u8, Vec<u8>) {
    let port = device.port(position);
    match device.lame {
        Some(Lame::OneMac) => {
            let mut octets = port.name.as_bytes().to_vec();
            octets.push(0);
            (5, octets)
        }
        Some(Lame::PortIdLocal) => (7, port.descr().as_bytes().to_vec()),
        _ => device.vendor.lldp_port_id(port),
    }
}

fn advert(v: &View<'_>, end: End) -> Advert {
    let device = v.plan.device(end.device);
    let port = device.port(end.port);
    let management = match device.lame {
        Some(Lame::NoManagementAddress | Lame::OneMac) => None,
        Some(Lame::BadManagementAddress) => Some(Ipv4Addr::new(169, 254, 1, 1)),
        _ => Some(device.address),
    };
    let management_if = device
        .interfaces
        .iter()
        .find(|port| port.addresses.iter().any(|address| address.ip == IpAddr::V4(device.address)))
        .map_or(0, |port| port.if_index);
    Advert {
        chassis: chassis(device),
        port: port_id(device, end.port),
        port_description: padded(device, device.vendor.lldp_port_description(port)),
        name: padded(device, &device.full_name()),
        description: padded(device, &device.vendor.description(device.role, &device.name)),
        capabilities: capabilities(device.role),
        management,
        management_if,
    }
}

fn phone(host: &Host) -> Advert {
    let mut chassis = vec![1];
    chassis.extend_from_slice(&host.ip.octets());
    let name = host.mac.to_string().replace(':', "").to_uppercase();
    Advert {
        chassis: (5, chassis),
        port: (3, host.mac.0.to_vec()),
        port_description: b"SW PORT".to_vec(),
        name: format!("SEP{name}").into_bytes(),
        description: b"Polycom VVX 350, BR, 6.4.2".to_vec(),
        capabilities: 0x24,
        management: Some(host.ip),
        management_if: 1,
    }
}

/// True rows by local interface: cables, phones, and what unmanaged switches let through.
fn heard(v: &View<'_>) -> Vec<Remote> {
    let mut rows = Vec::new();
    let id = v.device.id;
    let cisco = v.device.vendor.speaks_cdp();
    let mut add = |port: u16, advert: Advert| {
        let number = v.device.port(port).lldp_number;
        let time_mark = if cisco { 0 } else { 1_000 + number % 7 * 100 };
        let index = rows.len() as u32 + 1;
        rows.push(Remote { time_mark, port, index, advert });
    };
    let phones: Vec<(u16, &Host)> = phones(v);
    for (position, port) in v.device.interfaces.iter().enumerate() {
        let position = position as u16;
        match port.attached {
            Attached::Cable(cable) if v.state.cable_up(cable) => {
                let far = v.plan.cables[cable as usize].far(id);
                if v.state.lldp(v.plan, far.device) {
                    add(position, advert(v, far));
                }
            }
            Attached::Segment(segment) => {
                let segment = &v.plan.segments[segment as usize];
                if segment.floods_lldp {
                    for far in segment.ends.iter().filter(|end| end.device != id) {
                        if v.state.lldp(v.plan, far.device) {
                            add(position, advert(v, *far));
                        }
                    }
                }
            }
            Attached::Host => {
                for (_, host) in phones.iter().filter(|(port, _)| *port == position) {
                    add(position, phone(host));
                }
            }
            _ => {}
        }
    }
    rows
}

fn phones<'a>(v: &View<'a>) -> Vec<(u16, &'a Host)> {
    let hosts = &v.plan.sites[usize::from(v.device.site)].hosts;
    hosts
        .iter()
        .map(|host| &v.plan.hosts[*host as usize])
        .filter(|host| host.phone)
        .filter_map(|host| match host.at {
            HostAt::Port(end) if end.device == v.device.id => Some((end.port, host)),
            _ => None,
        })
        .collect()
}

/// The rows as this agent serves them.
fn served(v: &View<'_>) -> (Vec<Remote>, u32) {
    let mut rows = heard(v);
    let declared = rows.len() as u32;
    match v.device.lame {
        Some(Lame::EmptyTables | Lame::LldpOneSided) => rows.clear(),
        Some(Lame::CutShort) => rows.truncate(1),
        Some(Lame::RepeatedNeighbour) => {
            let again: Vec<Remote> = heard(v)
                .into_iter()
                .chain(heard(v))
                .enumerate()
                .map(|(order, row)| Remote {
                    time_mark: row.time_mark + 5_000 + order as u32,
                    index: row.index + 100,
                    ..row
                })
                .collect();
            rows.extend(again);
        }
        Some(Lame::StaleNeighbour) => {
            let port = v.device.interfaces.iter().position(|port| &*port.alias == "formerly in use");
            if let (Some(port), Some(old)) = (port, heard(v).into_iter().next()) {
                rows.push(Remote { port: port as u16, index: 200, ..old });
            }
        }
        _ => {}
    }
    let declared = if v.is(Lame::LldpOneSided) { 0 } else { declared.max(rows.len() as u32) };
    rows.sort_by_key(|row| (row.time_mark, v.device.port(row.port).lldp_number, row.index));
    (rows, declared)
}

pub(super) fn lldp(w: &mut TableWriter, v: &View<'_>) {
    if !v.state.lldp(v.plan, v.device.id) || v.is(Lame::LldpV2Only) {
        return;
    }
    let (rows, declared) = served(v);
    let object = |tail: &[u32]| [&LLDP[..], tail].concat();
    w.scalar(&object(&[2, 1]), Val::Ticks(v.state.last_change()));
    w.scalar(&object(&[2, 2]), Val::Gauge(declared));
    for column in 3..=5 {
        w.scalar(&object(&[2, column]), Val::Gauge(0));
    }
    local(w, v, &LLDP, |position| v.device.port(position).lldp_number);
    let subtype_text = v.is(Lame::ChassisAsString);
    for column in 4..=12 {
        w.column(&object(&[4, 1, 1, column]));
        for row in &rows {
            let index = remote_index(v, row);
            w.row(&index, remote_value(&row.advert, column - 4, subtype_text));
        }
        for (order, port) in ghosts(v).iter().enumerate() {
            let value = if column == 4 || column == 6 { Val::Int(0) } else { Val::Bytes(&[]) };
            w.row(&[0, *port, 900 + order as u32], value);
        }
    }
    for column in 3..=5 {
        w.column(&object(&[4, 2, 1, column]));
        for row in &rows {
            let mut index = remote_index(v, row);
            push_management(w, &mut index, &row.advert, column);
        }
    }
}

/// Local ports of the rows without content.
fn ghosts(v: &View<'_>) -> Vec<u32> {
    if !v.is(Lame::GhostRows) {
        return Vec::new();
    }
    v.device
        .interfaces
        .iter()
        .filter(|port| port.is_physical())
        .take(4)
        .map(|port| port.lldp_number)
        .collect()
}

fn remote_index(v: &View<'_>, row: &Remote) -> Vec<u32> {
    let port = v.device.port(row.port).lldp_number;
    if v.is(Lame::LldpTwoPart) { vec![port, row.index] } else { vec![row.time_mark, port, row.index] }
}

/// Columns of the remote table from chassis id subtype on, the same in both MIBs.
fn remote_value(advert: &Advert, column: u32, subtype_text: bool) -> Val<'_> {
    match column {
        0 if subtype_text => Val::Text("4"),
        0 => Val::Int(i32::from(advert.chassis.0)),
        1 => Val::Bytes(&advert.chassis.1),
        2 => Val::Int(i32::from(advert.port.0)),
        3 => Val::Bytes(&advert.port.1),
        4 => Val::Bytes(&advert.port_description),
        5 => Val::Bytes(&advert.name),
        6 => Val::Bytes(&advert.description),
        _ => Val::Bytes(std::slice::from_ref(&advert.capabilities)),
    }
}

/// The management address is part of the index.
fn push_management(w: &mut TableWriter, index: &mut Vec<u32>, advert: &Advert, column: u32) {
    let Some(address) = advert.management else { return };
    index.extend([1, 4]);
    index.extend(address.octets().map(u32::from));
    let value = match column {
        3 => Val::Int(2),
        4 => Val::Int(advert.management_if as i32),
        _ => Val::Oid(&[0, 0]),
    };
    w.row(index, value);
}

/// Local system, port and management tables, the same in both MIBs but for the port's number.
fn local(w: &mut TableWriter, v: &View<'_>, base: &[u32], number: impl Fn(u16) -> u32) {
    let object = |tail: &[u32]| [base, tail].concat();
    let (subtype, octets) = chassis(v.device);
    let bits = [capabilities(v.device.role)];
    if v.is(Lame::ChassisAsString) {
        w.scalar(&object(&[3, 1]), Val::Text("4"));
    } else {
        w.scalar(&object(&[3, 1]), Val::Int(i32::from(subtype)));
    }
    w.scalar(&object(&[3, 2]), Val::Bytes(&octets));
    w.scalar(&object(&[3, 3]), Val::Bytes(&v.text(&v.device.full_name())));
    let description = v.device.vendor.description(v.device.role, &v.device.name);
    w.scalar(&object(&[3, 4]), Val::Bytes(&v.text(&description)));
    w.scalar(&object(&[3, 5]), Val::Bytes(&bits));
    w.scalar(&object(&[3, 6]), Val::Bytes(&bits));
    let mut ports: Vec<(u32, u16)> = v
        .order
        .iter()
        .filter(|position| v.device.port(**position).is_physical())
        .map(|position| (number(*position), *position))
        .collect();
    ports.sort_unstable();
    for column in 2..=4 {
        w.column(&object(&[3, 7, 1, column]));
        for (number, position) in &ports {
            let (subtype, octets) = port_id(v.device, *position);
            let description = v.text(v.device.vendor.lldp_port_description(v.device.port(*position)));
            let value = match column {
                2 => Val::Int(i32::from(subtype)),
                3 => Val::Bytes(&octets),
                _ => Val::Bytes(&description),
            };
            w.row(&[*number], value);
        }
    }
    let mut management = [1, 4, 0, 0, 0, 0];
    management[2..].copy_from_slice(&v.device.address.octets().map(u32::from));
    for (column, value) in [(3, Val::Int(5)), (4, Val::Int(2)), (5, Val::Int(0)), (6, Val::Oid(&[0, 0]))] {
        w.column(&object(&[3, 8, 1, column]));
        w.row(&management, value);
    }
}

pub(super) fn lldp_v2(w: &mut TableWriter, v: &View<'_>) {
    if !v.is(Lame::LldpV2Only) || !v.state.lldp(v.plan, v.device.id) {
        return;
    }
    let base = [&LLDP_V2[..], &[1]].concat();
    let object = |tail: &[u32]| [&base[..], tail].concat();
    let (rows, declared) = served(v);
    w.scalar(&object(&[2, 1]), Val::Ticks(v.state.last_change()));
    w.scalar(&object(&[2, 2]), Val::Gauge(declared));
    for column in 3..=5 {
        w.scalar(&object(&[2, column]), Val::Gauge(0));
    }
    local(w, v, &base, |position| v.device.port(position).if_index);
    // The index has four parts: time mark, ifIndex, destination MAC index, remote index.
    let index = |row: &Remote| vec![row.time_mark, v.device.port(row.port).if_index, 1, row.index];
    for column in 5..=13 {
        w.column(&object(&[4, 1, 1, column]));
        for row in &rows {
            w.row(&index(row), remote_value(&row.advert, column - 5, false));
        }
    }
    for column in 3..=5 {
        w.column(&object(&[4, 2, 1, column]));
        for row in &rows {
            push_management(w, &mut index(row), &row.advert, column);
        }
    }
}

pub(super) fn cdp(w: &mut TableWriter, v: &View<'_>) {
    if !v.state.cdp(v.plan, v.device.id) {
        return;
    }
    let object = |tail: &[u32]| [&CDP[..], tail].concat();
    let mut rows: Vec<(u32, End)> = Vec::new();
    for position in &v.order {
        let port = v.device.port(*position);
        if let Attached::Cable(cable) = port.attached
            && v.state.cable_up(cable)
        {
            let far = v.plan.cables[cable as usize].far(v.device.id);
            if v.state.cdp(v.plan, far.device) {
                rows.push((port.if_index, far));
            }
        }
    }
    if v.is(Lame::EmptyTables) || v.is(Lame::LldpOneSided) {
        rows.clear();
    }
    for column in [3, 4, 5, 6, 7, 8, 9, 11, 12, 17, 19, 20] {
        w.column(&object(&[1, 2, 1, 1, column]));
        for (order, (if_index, far)) in rows.iter().enumerate() {
            let device = v.plan.device(far.device);
            let port = device.port(far.port);
            let name = padded(device, &device.full_name());
            let description = device.vendor.description(device.role, &device.name);
            let address = device.address.octets();
            let bits: [u8; 4] = match device.role {
                Role::Access => [0, 0, 0, 0x28],
                Role::Distribution | Role::Leaf => [0, 0, 0, 0x29],
                _ => [0, 0, 0, 0x01],
            };
            let value = match column {
                3 | 11 | 19 => Val::Int(1),
                4 | 20 => Val::Bytes(&address),
                5 => Val::Text(&description),
                6 | 17 => Val::Bytes(&name),
                7 => Val::Text(port.descr()),
                8 => Val::Text(device.vendor.model(device.role)),
                9 => Val::Bytes(&bits),
                _ => Val::Int(3),
            };
            w.row(&[*if_index, order as u32 + 1], value);
        }
    }
    w.scalar(&object(&[1, 3, 1]), Val::Int(1));
    w.scalar(&object(&[1, 3, 4]), Val::Bytes(&v.text(&v.device.full_name())));
}
