//! ENTITY-MIB (RFC 6933): chassis, power supplies, fans, one module, its ports.

use crate::mib::table::{TableWriter, Val};
use crate::mib::{View, mib2};
use crate::plan::{Device, Lame, PortKind, Vendor};

/// True when the agent serves this MIB. net-snmp does not.
pub(crate) fn serves(device: &Device) -> bool {
    device.vendor != Vendor::Linux
        && !matches!(device.lame, Some(Lame::NoEntity | Lame::SystemOnly | Lame::EmptyTables))
}

struct Part {
    index: u32,
    contained_in: u32,
    class: i32,
    position: i32,
    name: String,
    descr: &'static str,
    serial: String,
    model: &'static str,
    if_index: Option<u32>,
}

fn parts(device: &Device) -> Vec<Part> {
    let model = device.vendor.model(device.role);
    let part = |index, contained_in, class, position, name: String, descr, serial: String, model| Part {
        index,
        contained_in,
        class,
        position,
        name,
        descr,
        serial,
        model,
        if_index: None,
    };
    let mut list = vec![part(1, 0, 3, -1, "Chassis".to_owned(), "Chassis", device.serial.clone(), model)];
    for number in 1..=2 {
        let serial = format!("PS{}{number}", device.serial);
        list.push(part(
            10 + number,
            1,
            6,
            number as i32,
            format!("PSU {number}"),
            "Power supply",
            serial,
            "PWR-715WAC",
        ));
    }
    for number in 1..=3 {
        list.push(part(20 + number, 1, 7, number as i32, format!("Fan {number}"), "Fan", String::new(), ""));
    }
    list.push(part(100, 1, 9, 1, "Module 1".to_owned(), "Line card", String::new(), model));
    for port in &device.interfaces {
        if let PortKind::Physical { number, .. } = port.kind {
            let mut entry = part(
                1_000 + u32::from(number),
                100,
                10,
                i32::from(number),
                port.name.to_string(),
                "Port",
                String::new(),
                "",
            );
            entry.if_index = Some(port.if_index);
            list.push(entry);
        }
    }
    list
}

pub(super) fn entity(w: &mut TableWriter, v: &View<'_>) {
    if !serves(v.device) {
        return;
    }
    let parts = parts(v.device);
    let vendor = v.device.vendor;
    for column in 2..=16 {
        w.column(&mib2(&[47, 1, 1, 1, 1, column]));
        for part in &parts {
            let text;
            let own = part.class == 3;
            let value = match column {
                2 => Val::Text(part.descr),
                3 => Val::Oid(&[0, 0]),
                4 => Val::Int(part.contained_in as i32),
                5 => Val::Int(part.class),
                6 => Val::Int(part.position),
                7 => {
                    text = v.text(&part.name);
                    Val::Bytes(&text)
                }
                8 if own => Val::Text("V02"),
                9 | 10 if own => Val::Text(vendor.software()),
                11 => Val::Text(&part.serial),
                12 if !part.model.is_empty() => Val::Text(vendor.maker()),
                13 => Val::Text(part.model),
                16 => Val::Int(if matches!(part.class, 3 | 6 | 9) { 1 } else { 2 }),
                _ => Val::Text(""),
            };
            w.row(&[part.index], value);
        }
    }
    w.column(&mib2(&[47, 1, 3, 2, 1, 2]));
    for part in &parts {
        if let Some(if_index) = part.if_index {
            w.row(&[part.index, 0], Val::Oid(&mib2(&[2, 2, 1, 1, if_index])));
        }
    }
    w.scalar(&mib2(&[47, 1, 4, 1]), Val::Ticks(2_000));
}
