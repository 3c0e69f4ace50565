//! IF-MIB: ifTable, ifXTable, ifStackTable (RFC 2863).

use crate::mib::table::{TableWriter, Val};
use crate::mib::{View, mib2};
use crate::plan::{Interface, Lame, PortKind};
use crate::state;

fn if_type(v: &View<'_>, port: &Interface) -> i32 {
    match port.kind {
        PortKind::Physical { .. } if v.is(Lame::BreakoutVirtual) => 53,
        PortKind::Physical { .. } => 6,
        PortKind::Aggregate { .. } => 161,
        PortKind::Svi { .. } | PortKind::Unit { .. } => 53,
        PortKind::Loopback => 24,
        PortKind::Container => 209,
    }
}

fn address<'a>(v: &'a View<'_>, port: &'a Interface) -> &'a [u8] {
    if v.is(Lame::OneMac) {
        &v.device.base_mac.0
    } else if port.kind == PortKind::Loopback {
        &[]
    } else {
        &port.mac.0
    }
}

/// A counter that differs from port to port and stays as it is.
fn counter(v: &View<'_>, port: &Interface, column: u32) -> u32 {
    if port.kind == PortKind::Loopback {
        return 0;
    }
    (port.if_index ^ v.device.id.rotate_left(13)).wrapping_mul(2_654_435_761).wrapping_add(column) >> 4
}

pub(super) fn if_table(w: &mut TableWriter, v: &View<'_>) {
    w.scalar(&mib2(&[2, 1]), Val::Int(v.order.len() as i32));
    let served = if v.is(Lame::ShortIfTable) { v.order.len() * 2 / 5 } else { v.order.len() };
    let served = if v.is(Lame::EmptyTables) { 0 } else { served };
    let order = &v.order[..served];
    for column in 1..=22 {
        w.column(&mib2(&[2, 2, 1, column]));
        for position in order {
            let port = v.device.port(*position);
            let up = v.state.port_up(v.plan, v.end(*position));
            let descr;
            let value = match column {
                1 => Val::Int(port.if_index as i32),
                2 => {
                    descr = v.text(port.descr());
                    Val::Bytes(&descr)
                }
                3 => Val::Int(if_type(v, port)),
                4 => Val::Int(port.mtu as i32),
                5 => Val::Gauge(port.speed.saturating_mul(1_000_000)),
                6 => Val::Bytes(address(v, port)),
                7 => Val::Int(1),
                8 => Val::Int(if up { 1 } else { 2 }),
                9 => Val::Ticks(v.state.last_change()),
                21 => Val::Gauge(0),
                22 => Val::Oid(&[0, 0]),
                13 | 14 | 15 | 19 | 20 => Val::Counter(0),
                _ if !up => Val::Counter(0),
                _ => Val::Counter(counter(v, port, column)),
            };
            w.row(&[port.if_index], value);
        }
    }
}

pub(super) fn if_x_table(w: &mut TableWriter, v: &View<'_>) {
    let served = if v.is(Lame::ShortIfTable) { v.order.len() * 2 / 5 } else { v.order.len() };
    let served = if v.is(Lame::EmptyTables) { 0 } else { served };
    for column in 1..=19 {
        w.column(&mib2(&[31, 1, 1, 1, column]));
        for position in &v.order[..served] {
            let port = v.device.port(*position);
            let up = v.state.port_up(v.plan, v.end(*position));
            let wide = u64::from(counter(v, port, column)) * 1_000;
            let text;
            let value = match column {
                1 => {
                    text = v.text(&port.name);
                    Val::Bytes(&text)
                }
                6..=13 if up => Val::Counter64(wide),
                6..=13 => Val::Counter64(0),
                14 => Val::Int(1),
                15 => Val::Gauge(port.speed),
                16 => Val::Int(2),
                17 => Val::Int(if port.is_physical() { 1 } else { 2 }),
                18 => {
                    text = v.text(&port.alias);
                    Val::Bytes(&text)
                }
                19 => Val::Ticks(0),
                _ if up => Val::Counter(counter(v, port, column) >> 8),
                _ => Val::Counter(0),
            };
            w.row(&[port.if_index], value);
        }
    }
    if served > 0 {
        stack(w, v);
    }
    for object in [5, 6] {
        w.scalar(&mib2(&[31, 1, object]), Val::Ticks(v.state.last_change()));
    }
}

fn stack(w: &mut TableWriter, v: &View<'_>) {
    let mut pairs = Vec::new();
    for port in &v.device.interfaces {
        if let Some(group) = port.lag {
            pairs.push([v.device.port(group).if_index, port.if_index]);
        }
        if let PortKind::Unit { parent } = port.kind
            && let Some(lower) = state::below(v.plan, v.device.id, parent)
        {
            pairs.push([port.if_index, v.device.port(lower).if_index]);
        }
    }
    pairs.sort_unstable();
    w.column(&mib2(&[31, 1, 2, 1, 3]));
    for pair in &pairs {
        w.row(pair, Val::Int(1));
    }
}
