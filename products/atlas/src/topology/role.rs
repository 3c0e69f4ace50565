//! What a device is, from what it says of itself.

use model::documents::System;

use super::device::Device;
use crate::map::Role;

/// IANA enterprise numbers of common makers (public registry, facts only).
const ENTERPRISES: &[(u32, &str)] = &[
    (9, "Cisco"),
    (11, "HP"),
    (171, "D-Link"),
    (207, "Allied Telesis"),
    (232, "HPE"),
    (311, "Microsoft"),
    (318, "APC"),
    (367, "Ricoh"),
    (674, "Dell"),
    (890, "Zyxel"),
    (1588, "Brocade"),
    (1916, "Extreme Networks"),
    (1991, "Ruckus ICX"),
    (2011, "Huawei"),
    (2620, "Check Point"),
    (2636, "Juniper"),
    (3224, "Juniper NetScreen"),
    (3375, "F5"),
    (3955, "Linksys"),
    (4413, "Broadcom"),
    (4526, "Netgear"),
    (5624, "Enterasys"),
    (6027, "Dell Force10"),
    (6321, "Calix"),
    (6486, "Alcatel-Lucent Enterprise"),
    (6527, "Nokia"),
    (6876, "VMware"),
    (8072, "Net-SNMP"),
    (8744, "Colubris"),
    (10002, "Ubiquiti"),
    (11863, "TP-Link"),
    (12356, "Fortinet"),
    (14179, "Cisco Airespace"),
    (14823, "Aruba"),
    (14988, "MikroTik"),
    (25053, "Ruckus"),
    (25461, "Palo Alto Networks"),
    (25506, "H3C"),
    (30065, "Arista"),
    (33049, "Mellanox"),
    (36673, "IP Infusion"),
    (39165, "Hikvision"),
    (40310, "Cumulus"),
    (41112, "Ubiquiti"),
    (47196, "Aruba CX"),
    (52642, "FS"),
];

/// Makers whose boxes filter.
const FIREWALLS: &[u32] = &[2620, 3224, 12356, 25461];

fn enterprise(system: &System) -> Option<u32> {
    system.object_id.trim_start_matches('.').strip_prefix("1.3.6.1.4.1.")?.split('.').next()?.parse().ok()
}

/// Manufacturer: what the hardware says, else the maker of the agent.
pub(crate) fn vendor(device: &Device) -> Option<String> {
    let hardware = device.hardware().and_then(|(components, _)| {
        components.iter().find(|c| c.class == 3 && !c.manufacturer.trim().is_empty())
    });
    if let Some(chassis) = hardware {
        return Some(super::device::clean(&chassis.manufacturer));
    }
    let number = device.system().and_then(|(system, _)| enterprise(system))?;
    ENTERPRISES.iter().find(|(known, _)| *known == number).map(|(_, name)| (*name).to_owned())
}

/// Model of the chassis.
pub(crate) fn model(device: &Device) -> Option<String> {
    let (components, _) = device.hardware()?;
    let chassis = components.iter().find(|c| c.class == 3)?;
    [&chassis.model, &chassis.description, &chassis.name]
        .into_iter()
        .map(|text| super::device::clean(text))
        .find(|text| !text.is_empty())
}

/// sysLocation without coordinates in brackets.
pub(crate) fn site(device: &Device) -> Option<String> {
    let (system, _) = device.system()?;
    let text = super::device::clean(&system.location);
    let place = text.split('[').next().unwrap_or(&text).trim().trim_end_matches(',').trim().to_owned();
    (!place.is_empty()).then_some(place)
}

/// Role of a queried device.
pub(crate) fn role(device: &Device, announced: u16) -> Role {
    let system = device.system().map(|(system, _)| system);
    if system.and_then(enterprise).is_some_and(|number| FIREWALLS.contains(&number)) {
        return Role::Firewall;
    }
    let services = system.and_then(|system| system.services);
    let protocols = device.ospf().is_some_and(|(ospf, _)| !ospf.neighbours.is_empty())
        || device.bgp().is_some_and(|(bgp, _)| !bgp.peers.is_empty())
        || device.isis().is_some_and(|(isis, _)| !isis.adjacencies.is_empty());
    let forwarding = system.and_then(|system| system.forwarding);
    let routes = protocols
        || match (services, forwarding) {
            (_, Some(false)) => false,
            (Some(bits), _) => bits & 4 != 0,
            (None, forwarding) => forwarding == Some(true),
        };
    let bridges =
        device.bridged.len() >= 2 || services.is_some_and(|bits| bits & 0x02 != 0 && bits & 0x44 == 0);
    match (routes, bridges) {
        (true, true) => Role::L3Switch,
        (true, false) => Role::Router,
        (false, true) => Role::Switch,
        (false, false) => match of_capabilities(announced) {
            Some(role) => role,
            None if services.is_some_and(|bits| bits & 64 != 0) || !device.ports.is_empty() => Role::Host,
            None => Role::Unknown,
        },
    }
}

/// Role from LLDP capability bits.
pub(crate) fn of_capabilities(bits: u16) -> Option<Role> {
    let has = |bit: u16| bits & (1 << bit) != 0;
    match () {
        () if has(5) => Some(Role::Phone),
        () if has(3) => Some(Role::Ap),
        () if has(4) && has(2) => Some(Role::L3Switch),
        () if has(4) => Some(Role::Router),
        () if has(2) => Some(Role::Switch),
        () if has(7) => Some(Role::Host),
        () => None,
    }
}

/// Role from CDP capability bits.
pub(crate) fn of_cdp(bits: u32) -> Option<Role> {
    match (bits & 0x01 != 0, bits & 0x0a != 0) {
        (true, true) => Some(Role::L3Switch),
        (true, false) => Some(Role::Router),
        (false, true) => Some(Role::Switch),
        _ if bits & 0x80 != 0 => Some(Role::Phone),
        _ if bits & 0x10 != 0 => Some(Role::Host),
        _ => None,
    }
}
