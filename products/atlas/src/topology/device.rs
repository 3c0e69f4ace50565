//! A resolved device as topology sees it: the best document of each heading, and indexes over its
//! interfaces.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::IpAddr;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use model::documents::{
    Bgp, Bridge, Cdp, Component, FdbEntry, FdbStatus, InterfaceAddress, IpNeighbour, Isis, LagMember, Lldp,
    Ospf, Stp, System,
};
use model::names::canonical_interface;
use model::{Document, DocumentKind, Mac};
use uuid::Uuid;

use crate::identity::Resolved;
use crate::identity::keys::{asked_address, is_fresh};
use crate::map::SubjectView;

/// A document with where it came from and how current it is.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    /// The document.
    pub document: Arc<Document>,
    /// The subject that said it.
    pub source: String,
    /// When it was last confirmed.
    pub seen_at: DateTime<Utc>,
    /// All rows were read.
    pub complete: bool,
    /// Within its time to live.
    pub fresh: bool,
    /// Seconds it stays fresh.
    pub ttl: i64,
    /// Freshness factor (atlas.md 1.6), floored: old evidence fades, it does not vanish.
    pub factor: f64,
}

/// One interface.
#[derive(Clone, Debug)]
pub(crate) struct Port {
    /// ifName as shown.
    pub name: String,
    /// MAC.
    pub mac: Option<Mac>,
    /// IANAifType.
    pub if_type: u32,
    /// ifOperStatus.
    pub oper_up: bool,
    /// Bits per second.
    pub speed: Option<u64>,
    /// Position of the aggregate this port is a member of.
    pub aggregate: Option<usize>,
    /// Positions of members, for an aggregate.
    pub members: Vec<usize>,
    /// Positions of the interfaces below (VLAN interfaces, bridges).
    pub lower: Vec<usize>,
    /// Addresses with prefix length and VRF.
    pub addresses: Vec<InterfaceAddress>,
}

impl Port {
    /// A port that can take a cable, by type. Breakout ports (`1/1/14:1`) are ethernet and count.
    pub(crate) fn physical(&self) -> bool {
        !matches!(self.if_type, 1 | 24 | 53 | 131 | 135 | 136 | 150 | 161 | 209)
    }
}

/// A device.
#[derive(Clone, Debug, Default)]
pub(crate) struct Device {
    /// Entity id.
    pub id: Uuid,
    /// sysName, else an address.
    pub name: String,
    /// Routing domains its subjects live in.
    pub partitions: BTreeSet<String>,
    /// Its subjects, as evidence names them.
    pub sources: BTreeSet<String>,
    /// Addresses that were asked.
    pub asked: Vec<IpAddr>,
    /// Best document per heading.
    pub held: BTreeMap<DocumentKind, Held>,
    /// Interfaces in table order.
    pub ports: Vec<Port>,
    /// The interface table was read completely.
    pub ports_complete: bool,
    /// Interface state is current.
    pub ports_fresh: bool,
    by_index: HashMap<u32, usize>,
    names: HashMap<String, Vec<usize>>,
    descriptions: HashMap<String, Vec<usize>>,
    aliases: HashMap<String, Vec<usize>>,
    macs: HashMap<Mac, Vec<usize>>,
    bridge_ports: HashMap<u32, usize>,
    /// Positions of interfaces that bridge.
    pub bridged: BTreeSet<usize>,
    /// All station addresses of the device itself.
    pub own_macs: BTreeSet<Mac>,
    /// Its ARP and ND table.
    pub resolved: HashMap<IpAddr, Mac>,
}

macro_rules! documents {
    ($($name:ident: $variant:ident -> $body:ty;)*) => {
        impl Device {
            $(
                /// The document of that heading with its provenance.
                pub(crate) fn $name(&self) -> Option<(&$body, &Held)> {
                    let held = self.held.get(&DocumentKind::$variant)?;
                    match held.document.as_ref() {
                        Document::$variant(body) => Some((body, held)),
                        _ => None,
                    }
                }
            )*
        }
    };
}

documents! {
    system: System -> System;
    lldp: Lldp -> Lldp;
    cdp: Cdp -> Cdp;
    bridge: Bridge -> Bridge;
    fdb: Fdb -> Vec<FdbEntry>;
    stp: Stp -> Stp;
    lag: Lag -> Vec<LagMember>;
    hardware: Hardware -> Vec<Component>;
    neighbours: IpNeighbours -> Vec<IpNeighbour>;
    ospf: Ospf -> Ospf;
    bgp: Bgp -> Bgp;
    isis: Isis -> Isis;
}

/// 1 until half the time to live, 0.25 at its end and from there on.
fn factor(age: i64, ttl: i64) -> f64 {
    let ttl = ttl.max(1) as f64;
    let half = ttl / 2.0;
    let over = (age as f64 - half).max(0.0);
    (1.0 - 0.75 * over / half).max(0.25)
}

impl Device {
    /// Gathers a device from its subjects.
    pub(crate) fn gather(resolved: &Resolved, subjects: &[&SubjectView], now: DateTime<Utc>) -> Self {
        let mut device = Device { id: resolved.id, ..Device::default() };
        let views: Vec<&SubjectView> = resolved.members.iter().map(|at| subjects[*at]).collect();
        for view in &views {
            device.partitions.insert(view.subject.partition.clone());
            device.sources.insert(view.subject.to_string());
            device.asked.extend(asked_address(&view.subject.key));
        }
        for kind in DocumentKind::ALL {
            // Complete before partial, then the most recent; a partial answer of one address never
            // hides the whole answer of another.
            let best = views
                .iter()
                .filter_map(|view| view.documents.get(kind).map(|held| (view, held)))
                .max_by_key(|(_, held)| (held.completeness.complete && is_fresh(held, now), held.seen_at));
            if let Some((view, held)) = best {
                let ttl = i64::from(held.ttl_seconds);
                device.held.insert(
                    *kind,
                    Held {
                        document: Arc::clone(&held.document),
                        source: view.subject.to_string(),
                        seen_at: held.seen_at,
                        complete: held.completeness.complete,
                        fresh: is_fresh(held, now),
                        ttl,
                        factor: factor((now - held.seen_at).num_seconds(), ttl),
                    },
                );
            }
        }
        device.index_interfaces();
        device.index_addresses(&views);
        device.index_bridge();
        device.index_aggregates();
        if let Some((rows, _)) = device.neighbours() {
            device.resolved = rows.iter().map(|row| (row.ip, row.mac)).collect();
        }
        device.name = device.best_name(&views);
        device
    }

    fn best_name(&self, views: &[&SubjectView]) -> String {
        let system = self.system().map(|(system, _)| system.name.trim()).filter(|name| !name.is_empty());
        let lldp = self.lldp().map(|(lldp, _)| lldp.name.trim()).filter(|name| !name.is_empty());
        system
            .or(lldp)
            .map(str::to_owned)
            .or_else(|| views.first().map(|view| view.subject.key.clone()))
            .unwrap_or_default()
    }

    fn index_interfaces(&mut self) {
        let Some(held) = self.held.get(&DocumentKind::Interfaces) else { return };
        (self.ports_complete, self.ports_fresh) = (held.complete, held.fresh);
        let document = Arc::clone(&held.document);
        let Document::Interfaces(rows) = document.as_ref() else { return };
        for (at, row) in rows.iter().enumerate() {
            self.by_index.entry(row.index).or_insert(at);
        }
        for (at, row) in rows.iter().enumerate() {
            let shown = [&row.name, &row.description].into_iter().find(|text| !text.trim().is_empty());
            let lower: Vec<usize> = row.lower.iter().filter_map(|i| self.by_index.get(i).copied()).collect();
            self.ports.push(Port {
                name: shown.map_or_else(|| format!("if{}", row.index), |text| clean(text)),
                mac: row.mac,
                if_type: row.if_type,
                oper_up: row.oper_up,
                speed: row.speed_bps,
                aggregate: None,
                members: Vec::new(),
                lower,
                addresses: Vec::new(),
            });
            let name = canonical_interface(&row.name);
            // Most agents repeat the name as description.
            if row.description != row.name {
                index(&mut self.descriptions, canonical_interface(&row.description), at);
            }
            index(&mut self.aliases, canonical_interface(&row.alias), at);
            index(&mut self.names, name, at);
            if let Some(mac) = row.mac.filter(|mac| mac.is_station()) {
                self.macs.entry(mac).or_default().push(at);
                self.own_macs.insert(mac);
            }
        }
    }

    fn index_addresses(&mut self, views: &[&SubjectView]) {
        let mut seen = BTreeSet::new();
        for view in views {
            let Some(held) = view.documents.get(&DocumentKind::Addresses) else { continue };
            let Document::Addresses(rows) = held.document.as_ref() else { continue };
            for row in rows {
                if let Some(&at) = self.by_index.get(&row.if_index)
                    && seen.insert((row.if_index, row.ip, row.vrf.clone()))
                {
                    self.ports[at].addresses.push(row.clone());
                }
            }
        }
    }

    fn index_bridge(&mut self) {
        let mut ports = Vec::new();
        let mut address = None;
        if let Some((bridge, _)) = self.bridge() {
            address = bridge.address;
            ports = bridge.ports.iter().map(|p| (p.port, p.if_index)).collect();
        }
        for (number, if_index) in ports {
            if let Some(&at) = self.by_index.get(&if_index) {
                self.bridge_ports.insert(number, at);
                self.bridged.insert(at);
            }
        }
        let mut own: Vec<Mac> = address.into_iter().collect();
        if let Some((fdb, _)) = self.fdb() {
            own.extend(fdb.iter().filter(|row| row.status == FdbStatus::Own).map(|row| row.mac));
        }
        if let Some((stp, _)) = self.stp() {
            own.extend(stp.own.map(|id| id.mac));
        }
        if let Some((lldp, _)) = self.lldp() {
            let chassis = lldp.chassis.as_ref().filter(|id| id.subtype == 4);
            own.extend(chassis.and_then(|id| Mac::from_slice(&id.octets)));
        }
        self.own_macs.extend(own.into_iter().filter(|mac| mac.is_station()));
    }

    fn index_aggregates(&mut self) {
        let mut pairs: Vec<(usize, usize)> = Vec::new();
        if let Some((members, _)) = self.lag() {
            for member in members {
                let at = self.by_index.get(&member.if_index);
                let aggregate = member.aggregate.and_then(|index| self.by_index.get(&index));
                if let (Some(&at), Some(&aggregate)) = (at, aggregate)
                    && at != aggregate
                {
                    pairs.push((at, aggregate));
                }
            }
        }
        for (aggregate, port) in self.ports.iter().enumerate().filter(|(_, port)| port.if_type == 161) {
            pairs.extend(port.lower.iter().map(|&at| (at, aggregate)));
        }
        for (at, aggregate) in pairs {
            if self.ports[at].aggregate.is_none() && self.ports[at].if_type != 161 {
                self.ports[at].aggregate = Some(aggregate);
                self.ports[aggregate].members.push(at);
            }
        }
    }

    /// Position of an ifIndex.
    pub(crate) fn port_of_index(&self, index: u32) -> Option<usize> {
        self.by_index.get(&index).copied()
    }

    /// Position of the interface behind a bridge port number.
    pub(crate) fn port_of_bridge_port(&self, number: u32) -> Option<usize> {
        self.bridge_ports.get(&number).copied()
    }

    /// Interfaces with exactly this canonical ifName.
    pub(crate) fn named(&self, canonical: &str) -> &[usize] {
        self.names.get(canonical).map_or(&[], Vec::as_slice)
    }

    /// Interfaces with exactly this canonical ifDescr.
    pub(crate) fn described(&self, canonical: &str) -> &[usize] {
        self.descriptions.get(canonical).map_or(&[], Vec::as_slice)
    }

    /// Interfaces with exactly this canonical ifAlias.
    pub(crate) fn aliased(&self, canonical: &str) -> &[usize] {
        self.aliases.get(canonical).map_or(&[], Vec::as_slice)
    }

    /// The interface a MAC address stands for: among several that share it, the one port that can
    /// take a cable and has nothing below it.
    pub(crate) fn port_of_mac(&self, mac: Mac) -> Option<usize> {
        let all = self.macs.get(&mac)?;
        if let [only] = all.as_slice() {
            return Some(*only);
        }
        let base: Vec<usize> = all
            .iter()
            .copied()
            .filter(|&at| self.ports[at].physical() && self.ports[at].lower.is_empty())
            .collect();
        let bridged: Vec<usize> = base.iter().copied().filter(|at| self.bridged.contains(at)).collect();
        match (base.as_slice(), bridged.as_slice()) {
            ([only], _) | (_, [only]) => Some(*only),
            _ => None,
        }
    }

    /// The interface that owns an address.
    pub(crate) fn port_of_address(&self, ip: IpAddr) -> Option<usize> {
        let mut owners =
            (0..self.ports.len()).filter(|&at| self.ports[at].addresses.iter().any(|a| a.ip == ip));
        let first = owners.next()?;
        owners.next().is_none().then_some(first)
    }

    /// True when the interface forwards frames.
    pub(crate) fn bridges(&self, at: usize) -> bool {
        self.bridged.contains(&at)
            || self.ports[at].aggregate.is_some_and(|aggregate| self.bridged.contains(&aggregate))
            || self.ports[at].members.iter().any(|member| self.bridged.contains(member))
    }

    /// True when the device forwards frames at all.
    pub(crate) fn is_bridge(&self) -> bool {
        !self.bridged.is_empty()
    }
}

fn index(map: &mut HashMap<String, Vec<usize>>, canonical: String, at: usize) {
    if !canonical.is_empty() {
        map.entry(canonical).or_default().push(at);
    }
}

/// Text without control characters (a NUL in a name breaks stores and browsers) and outer blanks.
pub(crate) fn clean(text: &str) -> String {
    let text: String = text.chars().filter(|c| !c.is_control()).collect();
    text.trim().chars().take(255).collect()
}
