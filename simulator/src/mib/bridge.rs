//! BRIDGE-MIB (RFC 4188), Q-BRIDGE-MIB (RFC 4363), the VLAN list of CISCO-VTP-MIB.

use model::Mac;

use crate::l2::{BridgeId, FdbRow, PortState, StpBridge};
use crate::mib::table::{Table, TableWriter, Val};
use crate::mib::{View, mib2};
use crate::plan::{Lame, Mode, Vendor};

const VTP_VLAN: [u32; 13] = [1, 3, 6, 1, 4, 1, 9, 9, 46, 1, 3, 1, 1];

fn octets((priority, mac): BridgeId) -> [u8; 8] {
    let mut octets = [0; 8];
    octets[..2].copy_from_slice(&priority.to_be_bytes());
    octets[2..].copy_from_slice(&mac.0);
    octets
}

/// FDB id of a VLAN.
fn fdb_id(v: &View<'_>, vlan: u16) -> u32 {
    if v.is(Lame::FdbId) { 4_200 - u32::from(vlan) } else { u32::from(vlan) }
}

/// True when the agent serves a spanning tree.
pub(crate) fn serves_stp(device: &crate::plan::Device) -> bool {
    device.role.bridges()
        && !matches!(device.lame, Some(Lame::FdbOnly | Lame::SystemOnly | Lame::EmptyTables))
}

/// True when the agent serves forwarding tables, in some context.
pub(crate) fn serves_fdb(device: &crate::plan::Device) -> bool {
    device.role.bridges() && !matches!(device.lame, Some(Lame::SystemOnly | Lame::EmptyTables | Lame::GenErr))
}

/// (dot1dBasePort, ifIndex, position) in rising number.
fn ports(v: &View<'_>) -> Vec<(u16, u32, u16)> {
    let mut list: Vec<(u16, u32, u16)> = v
        .order
        .iter()
        .map(|position| (v.device.port(*position).bridge_port, v.device.port(*position).if_index, *position))
        .filter(|(number, ..)| *number > 0)
        .collect();
    list.sort_unstable();
    list
}

pub(super) fn bridge(w: &mut TableWriter, v: &View<'_>) {
    if !v.device.role.bridges() {
        return;
    }
    let ports = ports(v);
    w.scalar(&mib2(&[17, 1, 1]), Val::Bytes(&v.device.base_mac.0));
    w.scalar(&mib2(&[17, 1, 2]), Val::Int(ports.len() as i32));
    w.scalar(&mib2(&[17, 1, 3]), Val::Int(2));
    if v.is(Lame::EmptyTables) {
        return;
    }
    base_ports(w, &ports);
    if serves_stp(v.device)
        && let Some(tree) = v.l2.stp.get(&v.device.id)
    {
        stp(w, v, tree);
    }
    let rows = v.l2.fdb.get(&v.device.id).map_or(&[][..], Vec::as_slice);
    if v.is(Lame::VlanContexts) {
        vtp(w, v);
        return;
    }
    if v.device.vendor == Vendor::Procurve {
        transparent_fdb(w, rows.iter());
    }
    q_bridge(w, v, rows, &ports);
}

fn base_ports(w: &mut TableWriter, ports: &[(u16, u32, u16)]) {
    for column in 1..=5 {
        w.column(&mib2(&[17, 1, 4, 1, column]));
        for (number, if_index, _) in ports {
            let value = match column {
                1 => Val::Int(i32::from(*number)),
                2 => Val::Int(*if_index as i32),
                3 => Val::Oid(&[0, 0]),
                _ => Val::Counter(0),
            };
            w.row(&[u32::from(*number)], value);
        }
    }
}

fn stp(w: &mut TableWriter, v: &View<'_>, tree: &StpBridge) {
    let object = |tail: u32| mib2(&[17, 2, tail]);
    w.scalar(&object(1), Val::Int(3));
    w.scalar(&object(2), Val::Int(i32::from(v.device.stp_priority)));
    w.scalar(&object(3), Val::Ticks(8_640_000));
    w.scalar(&object(4), Val::Counter(3));
    w.scalar(&object(5), Val::Bytes(&octets(tree.root)));
    w.scalar(&object(6), Val::Int(tree.cost as i32));
    w.scalar(&object(7), Val::Int(i32::from(tree.root_port)));
    for (tail, value) in [(8, 2_000), (9, 200), (10, 100), (11, 1_500), (12, 2_000), (13, 200), (14, 1_500)] {
        w.scalar(&object(tail), Val::Int(value));
    }
    for column in 1..=10 {
        w.column(&mib2(&[17, 2, 15, 1, column]));
        for port in &tree.ports {
            let designated = octets(port.designated_bridge);
            let root = octets(tree.root);
            let number = port.designated_port.to_be_bytes();
            let value = match column {
                1 => Val::Int(i32::from(port.number)),
                2 => Val::Int(128),
                3 => Val::Int(match port.state {
                    PortState::Disabled => 1,
                    PortState::Blocking => 2,
                    PortState::Forwarding => 5,
                }),
                4 => Val::Int(1),
                5 => Val::Int(port.cost as i32),
                6 => Val::Bytes(&root),
                7 => Val::Int(port.designated_cost as i32),
                8 => Val::Bytes(&designated),
                9 => Val::Bytes(&number),
                _ => Val::Counter(1),
            };
            w.row(&[u32::from(port.number)], value);
        }
    }
}

fn mac_index(mac: Mac) -> [u32; 6] {
    mac.0.map(u32::from)
}

fn status(row: &FdbRow) -> i32 {
    if row.port == 0 { 4 } else { 3 }
}

/// dot1dTpFdbTable: addresses without VLAN.
fn transparent_fdb<'a>(w: &mut TableWriter, rows: impl Iterator<Item = &'a FdbRow>) {
    let mut list: Vec<&FdbRow> = rows.collect();
    list.sort_by_key(|row| row.mac);
    list.dedup_by_key(|row| row.mac);
    for column in 1..=3 {
        w.column(&mib2(&[17, 4, 3, 1, column]));
        for row in &list {
            let value = match column {
                1 => Val::Bytes(&row.mac.0),
                2 => Val::Int(i32::from(row.port)),
                _ => Val::Int(status(row)),
            };
            w.row(&mac_index(row.mac), value);
        }
    }
}

fn q_bridge(w: &mut TableWriter, v: &View<'_>, rows: &[FdbRow], ports: &[(u16, u32, u16)]) {
    let vlans = &v.plan.site_of(v.device.id).vlans;
    w.scalar(&mib2(&[17, 7, 1, 1, 1]), Val::Int(1));
    w.scalar(&mib2(&[17, 7, 1, 1, 4]), Val::Gauge(vlans.len() as u32));
    for column in [2, 3] {
        w.column(&mib2(&[17, 7, 1, 2, 2, 1, column]));
        for row in rows {
            let mut index = vec![fdb_id(v, row.vlan)];
            if v.is(Lame::FdbLengthOctet) {
                index.push(6);
            }
            index.extend(mac_index(row.mac));
            let value = if column == 2 { Val::Int(i32::from(row.port)) } else { Val::Int(status(row)) };
            w.row(&index, value);
        }
    }
    let width = ports.last().map_or(1, |(number, ..)| usize::from(*number).div_ceil(8));
    let bitmap = |wanted: &dyn Fn(Mode) -> bool| {
        let mut bits = vec![0u8; width];
        for (number, _, position) in ports {
            if wanted(v.device.port(*position).mode) {
                bits[usize::from(number - 1) / 8] |= 0x80 >> ((number - 1) % 8);
            }
        }
        bits
    };
    let members: Vec<(u16, Vec<u8>, Vec<u8>)> = vlans
        .iter()
        .map(|vlan| {
            let untagged = bitmap(&|mode| mode == Mode::Access(vlan.id));
            let egress = bitmap(&|mode| mode == Mode::Trunk || mode == Mode::Access(vlan.id));
            (vlan.id, egress, untagged)
        })
        .collect();
    for column in 3..=6 {
        w.column(&mib2(&[17, 7, 1, 4, 2, 1, column]));
        for (vlan, egress, untagged) in &members {
            let value = match column {
                3 => Val::Gauge(fdb_id(v, *vlan)),
                4 => Val::Bytes(egress),
                5 => Val::Bytes(untagged),
                _ => Val::Int(2),
            };
            w.row(&[0, u32::from(*vlan)], value);
        }
    }
    for column in [1, 2, 4, 5] {
        w.column(&mib2(&[17, 7, 1, 4, 3, 1, column]));
        for ((vlan, egress, untagged), entry) in members.iter().zip(vlans) {
            let value = match column {
                1 => Val::Text(entry.name),
                2 => Val::Bytes(egress),
                4 => Val::Bytes(untagged),
                _ => Val::Int(1),
            };
            w.row(&[u32::from(*vlan)], value);
        }
    }
    w.column(&mib2(&[17, 7, 1, 4, 5, 1, 1]));
    for (number, _, position) in ports {
        let pvid = if let Mode::Access(vlan) = v.device.port(*position).mode { vlan } else { 1 };
        w.row(&[u32::from(*number)], Val::Gauge(u32::from(pvid)));
    }
}

/// The VLANs of CISCO-VTP-MIB: what tells a manager which contexts to ask.
fn vtp(w: &mut TableWriter, v: &View<'_>) {
    for column in [2, 3, 4] {
        w.column(&[&VTP_VLAN[..], &[column]].concat());
        for vlan in &v.plan.site_of(v.device.id).vlans {
            let value = if column == 4 { Val::Text(vlan.name) } else { Val::Int(1) };
            w.row(&[1, u32::from(vlan.id)], value);
        }
    }
}

/// The contexts of an agent that serves its forwarding table by VLAN.
pub(super) fn contexts(v: &View<'_>) -> Vec<(u16, Table)> {
    let all = ports(v);
    let rows = v.l2.fdb.get(&v.device.id).map_or(&[][..], Vec::as_slice);
    v.plan
        .site_of(v.device.id)
        .vlans
        .iter()
        .map(|vlan| {
            let ports: Vec<(u16, u32, u16)> = all
                .iter()
                .copied()
                .filter(|(.., position)| {
                    let mode = v.device.port(*position).mode;
                    mode == Mode::Trunk || mode == Mode::Access(vlan.id)
                })
                .collect();
            let mut writer = TableWriter::new();
            writer.scalar(&mib2(&[17, 1, 1]), Val::Bytes(&v.device.base_mac.0));
            writer.scalar(&mib2(&[17, 1, 2]), Val::Int(ports.len() as i32));
            writer.scalar(&mib2(&[17, 1, 3]), Val::Int(2));
            base_ports(&mut writer, &ports);
            transparent_fdb(&mut writer, rows.iter().filter(|row| row.vlan == vlan.id));
            (vlan.id, writer.finish())
        })
        .collect()
}
