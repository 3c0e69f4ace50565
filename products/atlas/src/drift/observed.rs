//! What is, in the words in which it is compared.

use std::collections::BTreeSet;
use std::net::IpAddr;

use ipnet::IpNet;
use model::documents::{Interface, InterfaceAddress};
use model::{Document, DocumentKind};

use super::equal;
use crate::identity::keys::usable_serial;
use crate::topology::{Device, Held};

/// An address that belongs to an interface for others to reach.
pub(super) fn routable(ip: IpAddr) -> bool {
    let link_local = match ip {
        IpAddr::V4(v4) => v4.is_link_local() || v4.is_broadcast(),
        IpAddr::V6(v6) => model::address::is_link_local_v6(v6),
    };
    !link_local && !ip.is_loopback() && !ip.is_unspecified() && !ip.is_multicast()
}

/// Chassis serial numbers in comparable form.
pub(super) fn serials(device: &Device) -> BTreeSet<String> {
    let scalar = device.system().and_then(|(system, _)| system.serial.as_deref()).and_then(usable_serial);
    let parts = device.hardware().map(|(parts, _)| parts.as_slice()).unwrap_or_default();
    let chassis =
        parts.iter().filter(|part| part.class == CHASSIS).filter_map(|part| usable_serial(&part.serial));
    scalar.into_iter().chain(chassis).collect()
}

/// entPhysicalClass of a chassis.
const CHASSIS: u32 = 3;

/// The interface table with its provenance.
pub(super) fn table(device: &Device) -> Option<(&[Interface], &Held)> {
    let held = device.held.get(&DocumentKind::Interfaces)?;
    match held.document.as_ref() {
        Document::Interfaces(rows) => Some((rows, held)),
        _ => None,
    }
}

/// Routable addresses of a port, those on purpose shared by several routers left out.
pub(super) fn addresses(device: &Device, port: usize) -> impl Iterator<Item = &InterfaceAddress> {
    device.ports[port].addresses.iter().filter(|address| routable(address.ip) && !address.shared)
}

/// The address with its length; a host alone when the device tells none.
pub(super) fn net(address: &InterfaceAddress) -> Option<IpNet> {
    let most = if address.ip.is_ipv4() { 32 } else { 128 };
    IpNet::new(address.ip, address.prefix_length.unwrap_or(most)).ok()
}

/// Is the port one that nobody plans?
pub(super) fn internal(device: &Device, port: usize, cabled: bool) -> bool {
    let has_address = addresses(device, port).next().is_some();
    let port = &device.ports[port];
    // Longer names than the inventory takes are of filters and adapters inside a host.
    port.name.chars().count() > NAME || equal::internal(&port.name, port.if_type, has_address, cabled)
}

/// Longest name of an interface in the inventory.
const NAME: usize = 64;

/// Words in sysDescr that tell the operating system, the more special first (facts of the makers'
/// texts).
const PLATFORMS: &[(&str, &str)] = &[
    ("ios-xr", "Cisco IOS XR"),
    ("ios xr", "Cisco IOS XR"),
    ("ios-xe", "Cisco IOS XE"),
    ("ios xe", "Cisco IOS XE"),
    ("nx-os", "Cisco NX-OS"),
    ("adaptive security appliance", "Cisco ASA"),
    ("cisco ios", "Cisco IOS"),
    ("cisco internetwork operating system", "Cisco IOS"),
    ("junos", "Juniper Junos"),
    ("arista networks eos", "Arista EOS"),
    ("routeros", "MikroTik RouterOS"),
    ("fortios", "Fortinet FortiOS"),
    ("fortigate", "Fortinet FortiOS"),
    ("pan-os", "PAN-OS"),
    ("palo alto networks", "PAN-OS"),
    ("arubaos-cx", "ArubaOS-CX"),
    ("arubaos", "ArubaOS"),
    ("comware", "Comware"),
    ("versatile routing platform", "Huawei VRP"),
    ("exos", "ExtremeXOS"),
    ("extremexos", "ExtremeXOS"),
    ("timos", "Nokia SR OS"),
    ("cumulus", "Cumulus Linux"),
    ("sonic", "SONiC"),
    ("vyos", "VyOS"),
    ("edgeos", "Ubiquiti EdgeOS"),
    ("windows", "Microsoft Windows"),
    ("freebsd", "FreeBSD"),
    ("openbsd", "OpenBSD"),
    ("netbsd", "NetBSD"),
    ("darwin", "macOS"),
    ("vmware esx", "VMware ESXi"),
    ("linux", "Linux"),
];

/// Where Net-SNMP registers what its agents run on (NET-SNMP-TC netSnmpAgentOIDs).
const NET_SNMP: &str = "1.3.6.1.4.1.8072.3.2.";
/// Below it: the systems still met.
const AGENTS: &[(&str, &str)] = &[
    ("3", "Solaris"),
    ("7", "NetBSD"),
    ("8", "FreeBSD"),
    ("10", "Linux"),
    ("12", "OpenBSD"),
    ("13", "Microsoft Windows"),
    ("15", "AIX"),
    ("16", "macOS"),
];

/// The operating system, as far as the device's own description or its agent tells.
pub(super) fn platform(device: &Device) -> Option<&'static str> {
    let (system, _) = device.system()?;
    let text = system.description.to_lowercase();
    let told = PLATFORMS.iter().find(|(word, _)| text.contains(word));
    let agent = || {
        let under = system.object_id.trim_start_matches('.').strip_prefix(NET_SNMP)?;
        AGENTS.iter().find(|(number, _)| *number == under)
    };
    told.or_else(agent).map(|(_, platform)| *platform)
}

/// The device started less than this many seconds before `now`.
pub(super) fn restarted(device: &Device, now: chrono::DateTime<chrono::Utc>, seconds: i64) -> bool {
    let boot = device.system().and_then(|(system, _)| system.boot_time);
    boot.is_some_and(|boot| (0..seconds).contains(&(now.timestamp() - boot)))
}
