//! What a subject's documents say about who it is.

use std::collections::BTreeSet;
use std::net::IpAddr;

use chrono::{DateTime, Utc};
use model::address::is_ambiguous;
use model::names::{canonical_host, is_default_name, short_host};
use model::{Document, DocumentKind, Mac, MacClass, Method};

use crate::map::{DocumentView, IdentityKey, KeyKind, SubjectView};

/// Interface MAC addresses offered as keys, the lowest ones.
const MAC_KEYS: usize = 8;

/// Serial numbers that firmware carries when nobody wrote one.
const NO_SERIALS: &[&str] = &[
    "NONE",
    "N/A",
    "NA",
    "UNKNOWN",
    "NOT SPECIFIED",
    "NOT AVAILABLE",
    "NOT APPLICABLE",
    "DEFAULT STRING",
    "SYSTEM SERIAL NUMBER",
    "TO BE FILLED BY O.E.M.",
    "TO BE FILLED BY OEM",
    "0123456789",
    "1234567890",
    "123456789",
    "00000000-0000-0000-0000-000000000000",
    "03000200-0400-0500-0006-000700080009",
];

/// The time line of an agent: when it booted, how often, and when that was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BootLine {
    /// Unix seconds.
    pub boot: i64,
    /// snmpEngineBoots.
    pub boots: Option<u32>,
    /// Unix seconds of the reading.
    pub seen: i64,
    /// Still within its time to live.
    pub fresh: bool,
}

/// The identity facts of one subject.
#[derive(Clone, Debug, Default)]
pub(crate) struct Facts {
    /// Keys it offers.
    pub keys: BTreeSet<IdentityKey>,
    /// The address that was asked.
    pub asked: Option<IpAddr>,
    /// Routing domain.
    pub partition: String,
    /// Kind of source.
    pub source: String,
    /// Own unshared addresses; `None` unless read completely and fresh.
    pub owned: Option<BTreeSet<IpAddr>>,
    /// Interface MACs; `None` unless read completely and fresh.
    pub macs: Option<BTreeSet<Mac>>,
    /// Rows (ifIndex, name, MAC) of the interface table when fresh and complete, for equality.
    pub interfaces: Vec<(u32, String, Option<Mac>)>,
    /// Chassis serials, fresh or not.
    pub serials: BTreeSet<String>,
    /// The serials are fresh and complete.
    pub serials_solid: bool,
    /// LLDP chassis id when fresh and complete.
    pub chassis: Option<String>,
    /// Time line.
    pub boot: Option<BootLine>,
    /// Canonical sysName unless it is a default.
    pub name: Option<String>,
    /// It may create an entity: queried or stated, and it said something.
    pub may_mint: bool,
}

/// True when the document is still within its time to live.
pub(crate) fn is_fresh(view: &DocumentView, now: DateTime<Utc>) -> bool {
    (now - view.seen_at).num_seconds() <= i64::from(view.ttl_seconds)
}

fn solid(view: &DocumentView, now: DateTime<Utc>) -> bool {
    view.completeness.complete && is_fresh(view, now)
}

/// The address a subject's key names: `10.0.0.1`, `10.0.0.1:1161`, `fd00::1`, `[fd00::1]:1161`.
pub(crate) fn asked_address(key: &str) -> Option<IpAddr> {
    if let Ok(ip) = key.parse::<IpAddr>() {
        return Some(ip);
    }
    key.parse::<std::net::SocketAddr>().ok().map(|socket| socket.ip())
}

/// The port of a subject's key when it is not the usual one; agents on different ports of one
/// address are different agents.
fn asked_port(key: &str) -> Option<u16> {
    key.parse::<std::net::SocketAddr>().ok().map(|socket| socket.port())
}

/// A serial number in comparable form, or `None` when it is one of the values nobody chose.
pub(crate) fn usable_serial(text: &str) -> Option<String> {
    let serial = text.trim_matches(|c: char| c.is_whitespace() || c.is_control()).to_uppercase();
    let filler = serial.chars().all(|c| matches!(c, '0' | '.' | '-' | 'X' | 'F' | ' '));
    (serial.len() >= 4 && !filler && !NO_SERIALS.contains(&serial.as_str())).then_some(serial)
}

impl Facts {
    /// Reads the facts out of a subject's documents.
    pub(crate) fn of(view: &SubjectView, now: DateTime<Utc>) -> Self {
        let mut facts = Facts {
            asked: asked_address(&view.subject.key),
            partition: view.subject.partition.clone(),
            source: view.subject.source.clone(),
            may_mint: view.method != Method::Reported && !view.documents.is_empty(),
            ..Facts::default()
        };
        for document in view.documents.values() {
            facts.read(document, now);
        }
        facts.address_keys(view);
        facts
    }

    fn add(&mut self, kind: KeyKind, value: String) {
        self.keys.insert(IdentityKey { kind, value, ambiguous: false });
    }

    fn read(&mut self, view: &DocumentView, now: DateTime<Utc>) {
        match view.document.as_ref() {
            Document::System(system) => {
                if system.engine_id.len() >= 5 && system.engine_id.iter().any(|octet| *octet != 0) {
                    let text: String = system.engine_id.iter().map(|octet| format!("{octet:02x}")).collect();
                    self.add(KeyKind::Engine, text);
                }
                if let Some(boot) = system.boot_time {
                    self.boot = Some(BootLine {
                        boot,
                        boots: system.engine_boots,
                        seen: view.seen_at.timestamp(),
                        fresh: is_fresh(view, now),
                    });
                }
                if let Some(serial) = system.serial.as_deref().and_then(usable_serial) {
                    self.serials.insert(serial.clone());
                    self.serials_solid |= solid(view, now);
                    self.add(KeyKind::Serial, serial);
                }
                let name = canonical_host(&system.name);
                if !is_default_name(&name) && name.len() <= 255 {
                    let short = short_host(&name).to_owned();
                    if short != name {
                        self.add(KeyKind::Fqdn, name.clone());
                    }
                    let scoped = format!("{}/{short}", self.partition);
                    self.add(KeyKind::ShortName, scoped);
                    self.name = Some(name);
                }
            }
            Document::Hardware(components) => {
                for component in components.iter().filter(|c| c.class == 3) {
                    if let Some(serial) = usable_serial(&component.serial) {
                        self.serials.insert(serial.clone());
                        self.add(KeyKind::Serial, serial);
                    }
                }
                self.serials_solid |= solid(view, now);
            }
            Document::Interfaces(interfaces) => {
                let macs: BTreeSet<Mac> =
                    interfaces.iter().filter_map(|i| i.mac).filter(|mac| mac.is_station()).collect();
                // Two shared ones are proof; a handful, always the same, are offered as keys.
                let global = macs.iter().filter(|mac| mac.class() == MacClass::Global);
                for mac in global.take(MAC_KEYS) {
                    self.add(KeyKind::InterfaceMac, mac.to_string());
                }
                if solid(view, now) {
                    self.macs = Some(macs);
                    self.interfaces = interfaces.iter().map(|i| (i.index, i.name.clone(), i.mac)).collect();
                }
            }
            Document::Bridge(bridge) => {
                if let Some(mac) = bridge.address.filter(|mac| mac.class() == MacClass::Global) {
                    self.add(KeyKind::BridgeMac, mac.to_string());
                }
            }
            Document::Lldp(lldp) => {
                if let Some(chassis) = &lldp.chassis {
                    let usable =
                        chassis.subtype != 4 || Mac::from_slice(&chassis.octets).is_some_and(Mac::is_station);
                    if usable && !chassis.octets.is_empty() {
                        let value = format!("{}/{}", chassis.subtype, chassis.text());
                        if solid(view, now) {
                            self.chassis = Some(value.clone());
                        }
                        self.add(KeyKind::LldpChassis, value);
                    }
                }
            }
            Document::Ospf(ospf) => {
                for id in ospf.router_id.iter().chain(&ospf.router_id_v3) {
                    if !id.is_unspecified() {
                        let value = format!("{}/ospf/{id}", self.partition);
                        self.add(KeyKind::RouterId, value);
                    }
                }
            }
            Document::Bgp(bgp) => {
                if let (Some(id), Some(asn)) = (bgp.identifier, bgp.local_as)
                    && !id.is_unspecified()
                {
                    let value = format!("{}/bgp/{asn}/{id}", self.partition);
                    self.add(KeyKind::RouterId, value);
                }
            }
            Document::Isis(isis) if isis.system_id.iter().any(|octet| *octet != 0) => {
                let text: String = isis.system_id.iter().map(|octet| format!("{octet:02x}")).collect();
                let value = format!("{}/isis/{text}", self.partition);
                self.add(KeyKind::RouterId, value);
            }
            Document::Addresses(addresses) if solid(view, now) => {
                self.owned = Some(
                    addresses.iter().filter(|a| !a.shared && !is_ambiguous(a.ip)).map(|a| a.ip).collect(),
                );
            }
            _ => {}
        }
    }

    fn address_keys(&mut self, view: &SubjectView) {
        let virtual_addresses: BTreeSet<IpAddr> = match document(view, DocumentKind::Vrrp) {
            Some(Document::Vrrp(groups)) => groups.iter().flat_map(|g| g.addresses.iter().copied()).collect(),
            _ => BTreeSet::new(),
        };
        if let Some(owned) = &mut self.owned {
            owned.retain(|ip| !virtual_addresses.contains(ip));
        }
        let partition = self.partition.clone();
        // An agent behind a forwarded port shares its address with others on purpose.
        if let (Some(ip), None) = (self.asked, asked_port(&view.subject.key))
            && !is_ambiguous(ip)
            && !virtual_addresses.contains(&ip)
        {
            self.add(KeyKind::Address, format!("{partition}/{ip}"));
        }
        let Some(Document::Addresses(addresses)) = document(view, DocumentKind::Addresses) else { return };
        let macs: std::collections::BTreeMap<u32, Mac> = match document(view, DocumentKind::Interfaces) {
            Some(Document::Interfaces(interfaces)) => {
                interfaces.iter().filter_map(|i| i.mac.map(|mac| (i.index, mac))).collect()
            }
            _ => std::collections::BTreeMap::new(),
        };
        for address in addresses {
            if address.shared || is_ambiguous(address.ip) || virtual_addresses.contains(&address.ip) {
                continue;
            }
            let scope = if address.vrf.is_empty() {
                partition.clone()
            } else {
                format!("{partition}|{}", address.vrf)
            };
            if let Some(mac) = macs.get(&address.if_index).filter(|mac| mac.is_station()) {
                self.add(KeyKind::AddressWithMac, format!("{scope}/{}/{mac}", address.ip));
            }
            self.add(KeyKind::Address, format!("{scope}/{}", address.ip));
        }
    }
}

fn document(view: &SubjectView, kind: DocumentKind) -> Option<&Document> {
    view.documents.get(&kind).map(|held| held.document.as_ref())
}
