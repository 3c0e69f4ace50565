//! A small workbench: agents with interfaces and tables, cables between them, subject views.

use std::net::IpAddr;

use atlas::map::{IdSource, Input, Layer, Link, LinkKind, LinkState, Map, Prior, SequentialIds, SubjectView};
use chrono::{DateTime, TimeDelta, Utc};
use model::documents::{
    Bgp, Bridge, BridgePort, Cdp, Component, FdbEntry, FdbStatus, Interface, InterfaceAddress, IpNeighbour,
    Isis, LagMember, Lldp, LldpId, LldpNeighbour, LldpPort, Ospf, Stp, System, VrrpGroup,
};
use model::{Document, Mac, Subject};

/// Seconds a document stays fresh in tests.
pub(crate) const TTL: u32 = 600;

pub(crate) fn now() -> DateTime<Utc> {
    "2026-08-01T12:00:00Z".parse().unwrap()
}

pub(crate) fn later(seconds: i64) -> DateTime<Utc> {
    now() + TimeDelta::seconds(seconds)
}

pub(crate) fn text_id(subtype: u8, text: &str) -> LldpId {
    LldpId { subtype, octets: text.as_bytes().to_vec() }
}

pub(crate) fn mac_id(subtype: u8, mac: Mac) -> LldpId {
    LldpId { subtype, octets: mac.0.to_vec() }
}

/// One SNMP agent.
#[derive(Clone)]
pub(crate) struct Agent {
    pub(crate) number: u16,
    /// Addresses it is asked at; one subject each.
    pub(crate) asked: Vec<String>,
    pub(crate) partition: String,
    pub(crate) system: Option<System>,
    pub(crate) ports: Vec<Interface>,
    pub(crate) addresses: Vec<InterfaceAddress>,
    pub(crate) arp: Vec<IpNeighbour>,
    pub(crate) lldp: Option<Lldp>,
    pub(crate) cdp: Option<Cdp>,
    pub(crate) bridge: Option<Bridge>,
    pub(crate) fdb: Vec<FdbEntry>,
    pub(crate) stp: Option<Stp>,
    pub(crate) lag: Vec<LagMember>,
    pub(crate) hardware: Vec<Component>,
    pub(crate) ospf: Option<Ospf>,
    pub(crate) bgp: Option<Bgp>,
    pub(crate) isis: Option<Isis>,
    pub(crate) vrrp: Vec<VrrpGroup>,
    pub(crate) local_macs: bool,
    pub(crate) seen: DateTime<Utc>,
}

impl Agent {
    pub(crate) fn new(number: u16, name: &str, asked: &str) -> Self {
        let octets = number.to_be_bytes();
        Self {
            number,
            asked: vec![asked.to_owned()],
            partition: "default".to_owned(),
            system: Some(System {
                name: name.to_owned(),
                description: format!("test agent {number}"),
                object_id: "1.3.6.1.4.1.8072.3.2.10".to_owned(),
                services: Some(72),
                engine_id: vec![0x80, 0, 0x1f, 0x88, 4, 1, octets[0], octets[1]],
                engine_boots: Some(1),
                boot_time: Some(now().timestamp() - 100_000 - i64::from(number) * 1000),
                ..System::default()
            }),
            ports: Vec::new(),
            addresses: Vec::new(),
            arp: Vec::new(),
            lldp: None,
            cdp: None,
            bridge: None,
            fdb: Vec::new(),
            stp: None,
            lag: Vec::new(),
            hardware: Vec::new(),
            ospf: None,
            bgp: None,
            isis: None,
            vrrp: Vec::new(),
            local_macs: false,
            seen: now(),
        }
    }

    pub(crate) fn mac(&self, index: u32) -> Mac {
        let octets = self.number.to_be_bytes();
        let index = u8::try_from(index).unwrap();
        if self.local_macs {
            Mac([0x42, 0x66, 0xd7, octets[0], octets[1], index])
        } else {
            Mac([0x00, 0x1b, 0x21, octets[0], octets[1], index])
        }
    }

    /// Adds an ethernet interface and gives its ifIndex.
    pub(crate) fn port(&mut self, name: &str) -> u32 {
        self.typed_port(name, 6)
    }

    pub(crate) fn typed_port(&mut self, name: &str, if_type: u32) -> u32 {
        let index = u32::try_from(self.ports.len()).unwrap() + 1;
        let mac = (if_type != 24).then(|| self.mac(index));
        self.ports.push(Interface {
            index,
            name: name.to_owned(),
            description: name.to_owned(),
            if_type,
            speed_bps: Some(1_000_000_000),
            mac,
            admin_up: true,
            oper_up: true,
            ..Interface::default()
        });
        index
    }

    pub(crate) fn ports<const N: usize>(mut self, names: [&str; N]) -> Self {
        for name in names {
            self.port(name);
        }
        self
    }

    pub(crate) fn index(&self, name: &str) -> u32 {
        self.ports.iter().find(|port| port.name == name).unwrap_or_else(|| panic!("no port {name}")).index
    }

    pub(crate) fn port_mut(&mut self, name: &str) -> &mut Interface {
        self.ports.iter_mut().find(|port| port.name == name).unwrap()
    }

    pub(crate) fn address(&mut self, port: &str, cidr: &str) -> &mut Self {
        let net: ipnet::IpNet = cidr.parse().unwrap();
        self.addresses.push(InterfaceAddress {
            if_index: self.index(port),
            ip: net.addr(),
            prefix_length: Some(net.prefix_len()),
            shared: false,
            vrf: String::new(),
        });
        self
    }

    pub(crate) fn chassis(&self) -> LldpId {
        mac_id(4, self.mac(0))
    }

    /// Turns LLDP on: chassis id, name, and a local port table whose numbers are not the ifIndex.
    pub(crate) fn with_lldp(mut self) -> Self {
        let name = self.system.as_ref().map(|system| system.name.clone()).unwrap_or_default();
        self.lldp = Some(Lldp {
            chassis: Some(self.chassis()),
            name,
            ports: self
                .ports
                .iter()
                .filter(|port| port.if_type == 6)
                .map(|port| LldpPort {
                    number: port.index + 100,
                    id: Some(text_id(5, &port.name)),
                    description: port.alias.clone(),
                    number_is_if_index: false,
                })
                .collect(),
            neighbours: Vec::new(),
        });
        self
    }

    /// Makes every listed port a bridge port, numbered from 1.
    pub(crate) fn bridging(&mut self, ports: &[&str]) -> &mut Self {
        let rows = ports
            .iter()
            .enumerate()
            .map(|(at, name)| BridgePort { port: u32::try_from(at).unwrap() + 1, if_index: self.index(name) })
            .collect();
        self.bridge = Some(Bridge { address: Some(self.mac(0)), ports: rows });
        self.system.as_mut().unwrap().services = Some(2);
        self
    }

    pub(crate) fn learn(&mut self, port: &str, mac: Mac) -> &mut Self {
        let if_index = self.index(port);
        let bridge = self.bridge.as_ref().expect("bridging first");
        let number = bridge.ports.iter().find(|p| p.if_index == if_index).map_or(0, |p| p.port);
        self.fdb.push(FdbEntry { vlan: 0, mac, port: number, if_index: None, status: FdbStatus::Learned });
        self
    }

    /// What this agent announces on a port.
    pub(crate) fn announcement(&self, port: &str, local_port: u32, index: u32) -> LldpNeighbour {
        LldpNeighbour {
            local_port,
            index,
            chassis: self.lldp.as_ref().and_then(|lldp| lldp.chassis.clone()),
            port: Some(text_id(5, port)),
            name: self.system.as_ref().map(|system| system.name.clone()).unwrap_or_default(),
            management: self.asked.first().and_then(|ip| ip.parse().ok()).into_iter().collect(),
            ..LldpNeighbour::default()
        }
    }

    /// Hears a neighbour on one of its ports.
    pub(crate) fn hear(&mut self, port: &str, mut row: LldpNeighbour) {
        row.local_port = self.index(port) + 100;
        let lldp = self.lldp.as_mut().expect("LLDP is on");
        row.index = u32::try_from(lldp.neighbours.len()).unwrap() + 1;
        lldp.neighbours.push(row);
    }

    pub(crate) fn documents(&self) -> Vec<Document> {
        let mut list = Vec::new();
        list.extend(self.system.clone().map(Document::System));
        if !self.ports.is_empty() {
            list.push(Document::Interfaces(self.ports.clone()));
        }
        if !self.addresses.is_empty() {
            list.push(Document::Addresses(self.addresses.clone()));
        }
        if !self.arp.is_empty() {
            list.push(Document::IpNeighbours(self.arp.clone()));
        }
        list.extend(self.lldp.clone().map(Document::Lldp));
        list.extend(self.cdp.clone().map(Document::Cdp));
        list.extend(self.bridge.clone().map(Document::Bridge));
        if self.bridge.is_some() {
            list.push(Document::Fdb(self.fdb.clone()));
        }
        list.extend(self.stp.clone().map(Document::Stp));
        if !self.lag.is_empty() {
            list.push(Document::Lag(self.lag.clone()));
        }
        if !self.hardware.is_empty() {
            list.push(Document::Hardware(self.hardware.clone()));
        }
        list.extend(self.ospf.clone().map(Document::Ospf));
        list.extend(self.bgp.clone().map(Document::Bgp));
        list.extend(self.isis.clone().map(Document::Isis));
        if !self.vrrp.is_empty() {
            list.push(Document::Vrrp(self.vrrp.clone()));
        }
        list
    }

    /// One subject per address asked.
    pub(crate) fn views(&self) -> Vec<SubjectView> {
        self.asked
            .iter()
            .map(|key| {
                let subject =
                    Subject { source: "snmp".into(), partition: self.partition.clone(), key: key.clone() };
                self.documents()
                    .into_iter()
                    .fold(SubjectView::queried(subject), |view, document| view.with(document, self.seen, TTL))
            })
            .collect()
    }
}

/// A cable over which both ends hear each other.
pub(crate) fn lldp_cable(a: &mut Agent, port_a: &str, b: &mut Agent, port_b: &str) {
    let (from_a, from_b) = (a.announcement(port_a, 0, 0), b.announcement(port_b, 0, 0));
    a.hear(port_a, from_b);
    b.hear(port_b, from_a);
}

pub(crate) fn views(agents: &[&Agent]) -> Vec<SubjectView> {
    agents.iter().flat_map(|agent| agent.views()).collect()
}

pub(crate) fn build_views(views: &[SubjectView], prior: &Prior, at: DateTime<Utc>) -> Map {
    // A sequence that continues: identifiers minted later are never those minted before.
    let mut ids = SequentialIds::new(at);
    for _ in 0..prior.assignments.len() {
        ids.next_id();
    }
    atlas::build(&Input::new(at, views, prior), &mut ids)
}

pub(crate) fn build(agents: &[&Agent]) -> Map {
    build_views(&views(agents), &Prior::default(), now())
}

pub(crate) fn name_of(map: &Map, id: uuid::Uuid) -> String {
    let node = map.nodes.iter().find(|node| node.id == id).unwrap_or_else(|| panic!("no node {id}"));
    node.name.split('.').next().unwrap_or(&node.name).to_owned()
}

/// `core1:eth1 - core2:eth1`, ends sorted.
pub(crate) fn shown(map: &Map, link: &Link) -> String {
    let mut ends: Vec<String> = [&link.a, &link.b]
        .into_iter()
        .map(|end| format!("{}:{}", name_of(map, end.device), end.interface.as_deref().unwrap_or("?")))
        .collect();
    ends.sort();
    ends.join(" - ")
}

/// Links of a layer and kind that are not gone, in words, sorted.
pub(crate) fn links(map: &Map, layer: Layer, kind: LinkKind) -> Vec<String> {
    let mut list: Vec<String> = map
        .links
        .iter()
        .filter(|link| link.layer == layer && link.kind == kind && link.state != LinkState::Gone)
        .map(|link| shown(map, link))
        .collect();
    list.sort();
    list
}

pub(crate) fn cables(map: &Map) -> Vec<String> {
    links(map, Layer::L1, LinkKind::Cable)
}

/// Device names, sorted.
pub(crate) fn devices(map: &Map) -> Vec<String> {
    let mut list: Vec<String> = map.entities.iter().map(|entity| entity.name.clone()).collect();
    list.sort();
    list
}

/// Reason codes of the unplaced list, sorted and without repetition.
pub(crate) fn reasons(map: &Map) -> Vec<&'static str> {
    let mut list: Vec<&str> = map.unplaced.iter().map(|entry| entry.reason.code.as_str()).collect();
    list.sort_unstable();
    list.dedup();
    list
}

pub(crate) fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

pub(crate) fn link_of<'a>(map: &'a Map, text: &str) -> &'a Link {
    map.links
        .iter()
        .find(|link| link.layer == Layer::L1 && shown(map, link) == text)
        .unwrap_or_else(|| panic!("no link {text}; there are {:?}", cables(map)))
}
