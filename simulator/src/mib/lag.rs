//! IEEE8023-LAG-MIB (IEEE 802.1AX).

use crate::mib::View;
use crate::mib::table::{TableWriter, Val};
use crate::plan::{Attached, Device, End, Interface, Lame, PortKind, Vendor};

const LAG: [u32; 7] = [1, 2, 840, 10006, 300, 43, 1];

/// LACP system id: the bridge address, on Linux the bond's address.
fn system(device: &Device) -> [u8; 6] {
    if device.vendor == Vendor::Linux { device.port(0).mac.0 } else { device.base_mac.0 }
}

fn key(group: &Interface) -> i32 {
    match group.kind {
        PortKind::Aggregate { number } => 100 + i32::from(number),
        _ => 0,
    }
}

/// LACP port number: a name space of its own.
fn port_number(port: &Interface) -> i32 {
    match port.kind {
        PortKind::Physical { number, .. } => 256 + i32::from(number),
        _ => 0,
    }
}

/// True when the agent serves this MIB.
pub(crate) fn serves(device: &Device) -> bool {
    device.vendor != Vendor::Linux
        && !device.is(Lame::EmptyTables)
        && !device.is(Lame::SystemOnly)
        && !device.is(Lame::FdbOnly)
}

pub(super) fn lag(w: &mut TableWriter, v: &View<'_>) {
    if !serves(v.device) {
        return;
    }
    let groups: Vec<u16> = v
        .order
        .iter()
        .copied()
        .filter(|position| matches!(v.device.port(*position).kind, PortKind::Aggregate { .. }))
        .collect();
    if groups.is_empty() {
        return;
    }
    let members: Vec<u16> =
        v.order.iter().copied().filter(|position| v.device.port(*position).lag.is_some()).collect();
    let object = |tail: &[u32]| [&LAG[..], tail].concat();
    let own = system(v.device);
    for column in [2, 3, 4, 5, 6, 7, 8, 9, 10, 11] {
        w.column(&object(&[1, 1, 1, column]));
        for position in &groups {
            let group = v.device.port(*position);
            let far = members
                .iter()
                .find(|member| v.device.port(**member).lag == Some(*position))
                .and_then(|member| partner(v, *member));
            let partner_system = far.map_or([0; 6], |far| system(v.plan.device(far.device)));
            let value = match column {
                2 => Val::Bytes(&group.mac.0),
                3 | 9 => Val::Int(32_768),
                4 => Val::Bytes(&own),
                5 => Val::Int(1),
                6 | 7 => Val::Int(key(group)),
                8 => Val::Bytes(&partner_system),
                10 => Val::Int(partner_key(v, far)),
                _ => Val::Int(0),
            };
            w.row(&[group.if_index], value);
        }
    }
    for column in 2..=24 {
        w.column(&object(&[2, 1, 1, column]));
        for position in &members {
            member(w, v, *position, column, own);
        }
    }
}

/// The other end of a member's cable, while it is up.
fn partner(v: &View<'_>, position: u16) -> Option<End> {
    match v.device.port(position).attached {
        Attached::Cable(cable) if v.state.cable_up(cable) => {
            Some(v.plan.cables[cable as usize].far(v.device.id))
        }
        _ => None,
    }
}

fn partner_key(v: &View<'_>, far: Option<End>) -> i32 {
    far.and_then(|far| {
        let device = v.plan.device(far.device);
        device.port(far.port).lag.map(|group| key(device.port(group)))
    })
    .unwrap_or(0)
}

fn member(w: &mut TableWriter, v: &View<'_>, position: u16, column: u32, own: [u8; 6]) {
    let port = v.device.port(position);
    let Some(group) = port.lag.map(|group| v.device.port(group)) else { return };
    let far = partner(v, position);
    let partner_system = far.map_or([0; 6], |far| system(v.plan.device(far.device)));
    let active: &[u8] = if far.is_some() { &[0xbc] } else { &[0x84] };
    let value = match column {
        2 | 6 | 7 | 15 | 18 | 19 => Val::Int(32_768),
        3 => Val::Bytes(&own),
        4 | 5 => Val::Int(key(group)),
        8 => Val::Bytes(&[0; 6]),
        9 => Val::Bytes(&partner_system),
        10 | 16 => Val::Int(0),
        11 => Val::Int(partner_key(v, far)),
        12 => Val::Int(group.if_index as i32),
        13 => Val::Int(if far.is_some() { group.if_index as i32 } else { 0 }),
        14 => Val::Int(port_number(port)),
        17 => Val::Int(far.map_or(0, |far| port_number(v.plan.port(far)))),
        20..=23 => Val::Bytes(active),
        _ => Val::Int(1),
    };
    w.row(&[port.if_index], value);
}
