//! The network lab, built by hand from its truth: what its agents say, and exactly what must be
//! drawn from it.

use std::collections::{BTreeMap, BTreeSet};

use atlas::map::{Layer, LinkKind, LinkState, Map, NodeKind, Prior, Role};
use model::documents::{Bgp, BgpPeer, BridgeId, Isis, IsisAdjacency, Ospf, OspfNeighbour, Stp, StpPort};
use serde_json::Value;

use crate::net::*;

fn truth() -> Value {
    serde_json::from_str(include_str!("../fixtures/lab-truth.json")).unwrap()
}

fn end(value: &Value) -> (String, String) {
    (value[0].as_str().unwrap().to_owned(), value[1].as_str().unwrap().to_owned())
}

pub(crate) struct Lab {
    pub(crate) agents: BTreeMap<String, Agent>,
    truth: Value,
}

const ROUTERS: [&str; 5] = ["core1", "core2", "dist1", "brr1", "isp1"];

fn asked(node: &str) -> Vec<String> {
    let list: &[&str] = match node {
        // One device, however many of its addresses were met.
        "core1" => &["10.255.0.1", "10.0.12.1", "10.9.1.1", "fd00:255::1", "fd00:0:13::1"],
        "core2" => &["10.255.0.2", "10.0.12.2"],
        "dist1" => &["10.1.99.1", "10.255.0.3", "fd00:1:99::1"],
        "acc1" => &["10.1.99.11", "fd00:1:99::11"],
        "brr1" => &["10.255.0.5", "10.2.0.1"],
        "bsw1" => &["10.2.0.2"],
        "bsw2" => &["10.2.0.3"],
        "isp1" => &["10.255.0.9"],
        "web1" => &["10.1.20.80", "fd00:1:20::80"],
        "db1" => &["10.1.20.54"],
        "bsrv1" => &["10.2.0.10"],
        _ => &[],
    };
    list.iter().map(|text| (*text).to_owned()).collect()
}

pub(crate) fn lab() -> Lab {
    let truth = truth();
    let mut agents = BTreeMap::new();
    let nodes: Vec<String> = truth["nodes"].as_object().unwrap().keys().cloned().collect();
    for (number, node) in nodes.iter().enumerate() {
        let facts = &truth["nodes"][node];
        let mut agent =
            Agent::new(u16::try_from(number).unwrap() + 1, facts["sysName"].as_str().unwrap(), "-");
        agent.asked = asked(node);
        agent.local_macs = true;
        agent.typed_port("lo", 24);
        let system = agent.system.as_mut().unwrap();
        let services = match facts["kind"].as_str().unwrap() {
            "router" | "l3switch" => 78,
            "switch" => 2,
            _ => 72,
        };
        system.services = Some(services);
        system.forwarding = Some(services == 78);
        system.location = "Rack A1, HQ, Vienna [48.2082, 16.3738]".into();
        agents.insert(node.clone(), agent);
    }
    let mut lab = Lab { agents, truth };
    lab.interfaces();
    lab.addresses();
    lab.bridges();
    lab.lldp();
    lab.neighbours();
    lab.routing();
    lab
}

impl Lab {
    fn cables(&self) -> Vec<(String, String, String, String, Value)> {
        self.truth["links"]
            .as_array()
            .unwrap()
            .iter()
            .map(|link| {
                let ((a, p), (b, q)) = (end(&link["a"]), end(&link["b"]));
                (a, p, b, q, link.clone())
            })
            .collect()
    }

    pub(crate) fn agent(&mut self, node: &str) -> &mut Agent {
        self.agents.get_mut(node).unwrap()
    }

    fn interfaces(&mut self) {
        for (a, p, b, q, _) in self.cables() {
            self.agent(&a).port(&p);
            self.agent(&b).port(&q);
        }
        for (node, vlans) in [("dist1", &["vlan10", "vlan20", "vlan99"][..]), ("acc1", &["vlan99"])] {
            for vlan in vlans {
                self.agent(node).port(vlan);
            }
            self.agent(node).port("br0");
        }
        for node in ["bsw1", "bsw2"] {
            let agent = self.agent(node);
            agent.port("br0");
            // A Linux bridge takes the address of one of its ports.
            let mac = agent.ports.iter().find(|p| p.name == "eth1").unwrap().mac;
            agent.port_mut("br0").mac = mac;
        }
    }

    fn addresses(&mut self) {
        for (node, number) in [("core1", 1), ("core2", 2), ("dist1", 3), ("brr1", 5), ("isp1", 9)] {
            self.agent(node).address("lo", &format!("10.255.0.{number}/32"));
            self.agent(node).address("lo", &format!("fd00:255::{number}/128"));
        }
        for node in self.agents.keys().cloned().collect::<Vec<_>>() {
            self.agent(&node).address("lo", "127.0.0.1/8").address("lo", "::1/128");
        }
        for (a, p, b, q, link) in self.cables() {
            let Some(net) = link["net"].as_str() else { continue };
            let six = link["n6"].as_u64().unwrap();
            for (side, node, port) in [(1, &a, &p), (2, &b, &q)] {
                self.agent(node).address(port, &format!("{net}.{side}/30"));
                self.agent(node).address(port, &format!("fd00:0:{six}::{side}/64"));
            }
        }
        for (node, port, list) in [
            ("dist1", "vlan10", ["10.1.10.1/24", "fd00:1:10::1/64"]),
            ("dist1", "vlan20", ["10.1.20.1/24", "fd00:1:20::1/64"]),
            ("dist1", "vlan99", ["10.1.99.1/24", "fd00:1:99::1/64"]),
            ("acc1", "vlan99", ["10.1.99.11/24", "fd00:1:99::11/64"]),
            ("web1", "eth0", ["10.1.20.80/24", "fd00:1:20::80/64"]),
            ("db1", "eth0", ["10.1.20.54/24", "fd00:1:20::54/64"]),
            ("brr1", "eth3", ["10.2.0.1/24", "fd00:2::1/64"]),
            ("bsw1", "br0", ["10.2.0.2/24", "fd00:2::2/64"]),
            ("bsw2", "br0", ["10.2.0.3/24", "fd00:2::3/64"]),
            ("bsrv1", "eth0", ["10.2.0.10/24", "fd00:2::10/64"]),
            ("nms", "eth0", ["10.1.99.10/24", "fd00:1:99::10/64"]),
            ("pc1", "eth0", ["10.1.10.50/24", "fd00:1:10::50/64"]),
        ] {
            for cidr in list {
                self.agent(node).address(port, cidr);
            }
        }
        // Every link has link-local addresses too; they mean nothing elsewhere.
        for agent in self.agents.values_mut() {
            for port in agent.ports.clone().iter().filter(|port| port.if_type != 24) {
                agent.address(&port.name, &format!("fe80::{:x}:{:x}/64", agent.number, port.index));
            }
        }
    }

    fn mac_of(&self, node: &str, port: &str) -> model::Mac {
        self.agents[node].ports.iter().find(|p| p.name == port).unwrap().mac.unwrap()
    }

    fn bridges(&mut self) {
        self.agent("acc1").bridging(&["eth1", "eth2", "eth3", "eth4", "eth5", "eth6", "eth7", "vlan99"]);
        self.agent("dist1").bridging(&["eth3", "eth4", "vlan10", "vlan20", "vlan99"]);
        self.agent("dist1").system.as_mut().unwrap().services = Some(78);
        self.agent("bsw1").bridging(&["eth1", "eth2", "eth3", "eth4"]);
        self.agent("bsw2").bridging(&["eth1", "eth2", "eth3"]);
        for node in ["bsw1", "bsw2", "acc1", "dist1"] {
            let mac = self.mac_of(node, "br0");
            self.agent(node).bridge.as_mut().unwrap().address = Some(mac);
        }
        for (node, port, far, far_port) in [
            ("acc1", "eth3", "pc1", "eth0"),
            ("acc1", "eth4", "silent1", "eth0"),
            ("acc1", "eth5", "web1", "eth0"),
            ("acc1", "eth6", "db1", "eth0"),
            ("acc1", "eth7", "nms", "eth0"),
            ("acc1", "eth1", "dist1", "vlan10"),
            ("acc1", "eth1", "dist1", "vlan99"),
            // A bond: one port stands for both, and not for the same one at both ends.
            ("dist1", "eth4", "web1", "eth0"),
            ("dist1", "eth4", "db1", "eth0"),
            ("dist1", "eth4", "pc1", "eth0"),
            ("dist1", "eth4", "acc1", "vlan99"),
            ("bsw1", "eth1", "brr1", "eth3"),
            ("bsw1", "eth4", "bsrv1", "eth0"),
            ("bsw1", "eth2", "bpc1", "eth0"),
            ("bsw1", "eth2", "bsw2", "br0"),
            ("bsw2", "eth3", "bpc1", "eth0"),
            ("bsw2", "eth1", "bsrv1", "eth0"),
            ("bsw2", "eth1", "brr1", "eth3"),
            ("bsw2", "eth1", "bsw1", "br0"),
        ] {
            let mac = self.mac_of(far, far_port);
            self.agent(node).learn(port, mac);
        }
        // The lab's agent gives designated bridges and no designated ports.
        let root = BridgeId { priority: 4096, mac: self.mac_of("bsw1", "br0") };
        let other = BridgeId { priority: 8192, mac: self.mac_of("bsw2", "br0") };
        let stp = |own: BridgeId, ports: Vec<(u32, u8, BridgeId)>| Stp {
            protocol: Some(3),
            root: Some(root),
            root_port: None,
            own: Some(own),
            ports: ports
                .into_iter()
                .map(|(port, state, designated)| StpPort {
                    vlan: 0,
                    port,
                    if_index: None,
                    state,
                    designated_bridge: Some(designated),
                    designated_port: None,
                })
                .collect(),
        };
        self.agent("bsw1").stp = Some(stp(root, (1..=4).map(|port| (port, 5, root)).collect()));
        self.agent("bsw2").stp = Some(stp(other, vec![(1, 5, root), (2, 2, root), (3, 5, other)]));
    }

    fn speaks(&self, node: &str) -> bool {
        self.truth["nodes"][node]["lldp"].as_bool().unwrap()
    }

    fn lldp(&mut self) {
        for node in self.agents.keys().cloned().collect::<Vec<_>>() {
            if self.speaks(&node) {
                let mut agent = self.agents[&node].clone().with_lldp();
                let chassis = agent.ports.iter().find(|p| p.name.starts_with("eth")).unwrap().mac.unwrap();
                let lldp = agent.lldp.as_mut().unwrap();
                lldp.chassis = Some(mac_id(4, chassis));
                *self.agent(&node) = agent;
            }
        }
        for (a, p, b, q, _) in self.cables() {
            if self.speaks(&a) && self.speaks(&b) {
                let (from_a, from_b) =
                    (self.agents[&a].announcement(&p, 0, 0), self.agents[&b].announcement(&q, 0, 0));
                self.agent(&a).hear(&p, from_b);
                self.agent(&b).hear(&q, from_a);
            }
        }
    }

    fn neighbours(&mut self) {
        for (a, p, b, q, link) in self.cables() {
            let Some(net) = link["net"].as_str() else { continue };
            for (near, port, far, far_port, side) in [(&a, &p, &b, &q, 2), (&b, &q, &a, &p, 1)] {
                let mac = self.mac_of(far, far_port);
                self.resolve(near, port, &format!("{net}.{side}"), mac);
            }
        }
        for (node, port, ip, far, far_port) in [
            ("dist1", "vlan10", "10.1.10.50", "pc1", "eth0"),
            ("dist1", "vlan20", "10.1.20.80", "web1", "eth0"),
            ("dist1", "vlan99", "10.1.99.10", "nms", "eth0"),
            ("brr1", "eth3", "10.2.0.10", "bsrv1", "eth0"),
            ("brr1", "eth3", "10.2.0.20", "bpc1", "eth0"),
        ] {
            let mac = self.mac_of(far, far_port);
            self.resolve(node, port, ip, mac);
        }
    }

    fn resolve(&mut self, node: &str, port: &str, address: &str, mac: model::Mac) {
        let agent = self.agent(node);
        let if_index = agent.index(port);
        agent.arp.push(model::documents::IpNeighbour { if_index, ip: ip(address), mac, fixed: false });
    }

    fn routing(&mut self) {
        let id = |node: &str| -> std::net::Ipv4Addr {
            match node {
                "core1" => [10, 255, 0, 1],
                "core2" => [10, 255, 0, 2],
                "dist1" => [10, 255, 0, 3],
                "brr1" => [10, 255, 0, 5],
                _ => [10, 255, 0, 9],
            }
            .into()
        };
        let asn = |node: &str| match node {
            "brr1" => 65002,
            "isp1" => 64512,
            _ => 65001,
        };
        for node in ROUTERS {
            let agent = self.agent(node);
            agent.bgp =
                Some(Bgp { local_as: Some(asn(node)), identifier: Some(id(node)), peers: Vec::new() });
            if ["core1", "core2", "dist1"].contains(&node) {
                agent.ospf = Some(Ospf {
                    router_id: Some(id(node)),
                    router_id_v3: Some(id(node)),
                    neighbours: Vec::new(),
                });
                agent.isis =
                    Some(Isis { system_id: id(node).octets().repeat(2)[..6].to_vec(), adjacencies: vec![] });
            }
        }
        let igp: Vec<_> = self.cables().into_iter().filter(|c| c.4["igp"].as_bool() == Some(true)).collect();
        for (a, p, b, q, link) in igp {
            let net = link["net"].as_str().unwrap();
            for (near, port, far, far_port, side) in [(&a, &p, &b, &q, 2), (&b, &q, &a, &p, 1)] {
                let (if_index, far_index) = (self.agents[near].index(port), self.agents[far].index(far_port));
                let far_number = self.agents[far].number;
                let system_id = self.agents[far].isis.as_ref().unwrap().system_id.clone();
                let agent = self.agent(near);
                let ospf = agent.ospf.as_mut().unwrap();
                ospf.neighbours.push(OspfNeighbour {
                    version: 2,
                    address: Some(ip(&format!("{net}.{side}"))),
                    if_index: None,
                    router_id: id(far),
                    state: 8,
                });
                ospf.neighbours.push(OspfNeighbour {
                    version: 3,
                    address: Some(ip(&format!("fe80::{far_number:x}:{far_index:x}"))),
                    if_index: Some(if_index),
                    router_id: id(far),
                    state: 8,
                });
                agent.isis.as_mut().unwrap().adjacencies.push(IsisAdjacency {
                    if_index: None,
                    neighbour: system_id,
                    up: true,
                });
            }
        }
        for (x, y, remote_x, remote_y) in [
            ("core1", "core2", "10.255.0.1", "10.255.0.2"),
            ("core1", "dist1", "10.255.0.1", "10.255.0.3"),
            ("core2", "dist1", "10.255.0.2", "10.255.0.3"),
            ("core1", "brr1", "10.0.14.1", "10.0.14.2"),
            ("core2", "brr1", "10.0.24.1", "10.0.24.2"),
            ("core1", "isp1", "10.9.1.1", "10.9.1.2"),
            ("brr1", "isp1", "10.9.2.1", "10.9.2.2"),
        ] {
            for (near, far, local, remote) in [(x, y, remote_x, remote_y), (y, x, remote_y, remote_x)] {
                self.agent(near).bgp.as_mut().unwrap().peers.push(BgpPeer {
                    remote: ip(remote),
                    local: Some(ip(local)),
                    remote_as: asn(far),
                    identifier: Some(id(far)),
                    state: 6,
                });
            }
        }
    }

    /// Those that speak SNMP.
    pub(crate) fn views(&self) -> Vec<atlas::SubjectView> {
        let speaking = |node: &&String| self.truth["nodes"][node.as_str()]["snmp"].as_bool().unwrap();
        self.agents.keys().filter(speaking).flat_map(|node| self.agents[node].views()).collect()
    }

    pub(crate) fn build(&self) -> Map {
        build_views(&self.views(), &Prior::default(), now())
    }

    /// Cables of the truth between nodes that were both asked.
    pub(crate) fn provable(&self) -> Vec<String> {
        let asked = |node: &String| self.truth["nodes"][node.as_str()]["snmp"].as_bool().unwrap();
        let mut list: Vec<String> = self
            .cables()
            .into_iter()
            .filter(|(a, _, b, _, _)| asked(a) && asked(b))
            .map(|(a, p, b, q, _)| {
                let mut ends = [format!("{a}:{p}"), format!("{b}:{q}")];
                ends.sort();
                ends.join(" - ")
            })
            .collect();
        list.sort();
        list
    }
}

fn pairs(list: &[&str]) -> Vec<String> {
    list.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn every_device_exactly_once() {
    let map = lab().build();
    let names: Vec<String> =
        ["acc1", "brr1", "bsrv1", "bsw1", "bsw2", "core1", "core2", "db1", "dist1", "isp1", "web1"]
            .iter()
            .map(|n| format!("{n}.lab"))
            .collect();
    assert_eq!(devices(&map), names);
    let role = |name: &str| map.nodes.iter().find(|n| n.name == format!("{name}.lab")).unwrap().role;
    assert_eq!(role("core1"), Role::Router);
    assert_eq!(role("dist1"), Role::L3Switch);
    assert_eq!(role("acc1"), Role::Switch);
    assert_eq!(role("web1"), Role::Host);
    let core1 = map.nodes.iter().find(|n| n.name == "core1.lab").unwrap();
    assert_eq!(core1.site.as_deref(), Some("Rack A1, HQ, Vienna"));
    assert!(core1.addresses.contains(&ip("10.255.0.1")) && core1.addresses.contains(&ip("fd00:255::1")));
    assert!(map.ambiguous.is_empty(), "{:?}", map.ambiguous);
    assert!(map.proposals.is_empty(), "{:?}", map.proposals);
}

#[test]
fn layer_1_is_exactly_the_provable_cables() {
    let lab = lab();
    let map = lab.build();
    assert_eq!(cables(&map), lab.provable());
    for link in map.links.iter().filter(|link| link.layer == Layer::L1) {
        assert_eq!(link.state, LinkState::Up, "{}", shown(&map, link));
        assert!(link.confidence >= 0.8, "{} {}", shown(&map, link), link.confidence);
        assert!(link.contradictions.is_empty(), "{:?}", link.contradictions);
    }
    let blocked: Vec<String> =
        map.links.iter().filter(|l| l.layer == Layer::L1 && l.blocked).map(|l| shown(&map, l)).collect();
    assert_eq!(blocked, ["bsw1:eth3 - bsw2:eth2"]);
    // The station without LLDP is proven by the forwarding table.
    let station = link_of(&map, "bsrv1:eth0 - bsw1:eth4");
    assert_eq!(station.evidence[0].method, "fdb.station");
}

#[test]
fn every_layer_3_adjacency() {
    let map = lab().build();
    assert_eq!(
        links(&map, Layer::L3, LinkKind::Subnet),
        pairs(&[
            "brr1:eth1 - core1:eth3",
            "brr1:eth2 - core2:eth3",
            "brr1:eth4 - isp1:eth2",
            "core1:eth1 - core2:eth1",
            "core1:eth2 - dist1:eth1",
            "core1:eth4 - isp1:eth1",
            "core2:eth2 - dist1:eth2",
        ])
    );
    let igp = pairs(&["core1:eth1 - core2:eth1", "core1:eth2 - dist1:eth1", "core2:eth2 - dist1:eth2"]);
    for kind in [LinkKind::Ospf, LinkKind::Ospf3, LinkKind::Isis] {
        assert_eq!(links(&map, Layer::L3, kind), igp, "{kind:?}");
    }
    assert_eq!(
        links(&map, Layer::L3, LinkKind::Bgp),
        pairs(&[
            "brr1:eth1 - core1:eth3",
            "brr1:eth2 - core2:eth3",
            "brr1:eth4 - isp1:eth2",
            "core1:eth4 - isp1:eth1",
            "core1:lo - core2:lo",
            "core1:lo - dist1:lo",
            "core2:lo - dist1:lo",
        ])
    );
    let segments: BTreeSet<String> =
        map.nodes.iter().filter(|n| n.kind == NodeKind::Segment).map(|n| n.name.clone()).collect();
    let expected = ["10.1.20.0/24 fd00:1:20::/64", "10.1.99.0/24 fd00:1:99::/64", "10.2.0.0/24 fd00:2::/64"];
    assert_eq!(segments, expected.iter().map(|s| (*s).to_owned()).collect());
}

#[test]
fn stations_without_snmp_are_listed_with_place_and_remedy() {
    let map = lab().build();
    let place = |text: &str| {
        let entry = map.unplaced.iter().find(|entry| entry.text.starts_with(text)).unwrap();
        let on = entry.seen_on.as_ref().unwrap();
        (on.name.clone(), on.interface.clone().unwrap(), entry.reason.code.as_str())
    };
    assert_eq!(place("10.1.10.50"), ("acc1.lab".into(), "eth3".into(), "endpoint-unknown"));
    assert_eq!(place("10.1.99.10"), ("acc1.lab".into(), "eth7".into(), "endpoint-unknown"));
    assert_eq!(place("10.2.0.20"), ("bsw2.lab".into(), "eth3".into(), "endpoint-unknown"));
    assert_eq!(map.unplaced.len(), 4, "{:#?}", map.unplaced);
}

#[test]
fn broken_cable_is_down_then_heals() {
    let mut lab = lab();
    let first = lab.build();
    let prior = first.to_prior(BTreeMap::new());
    let healthy = lab.views();
    // `lab link core1 eth1 down`: both ends lose carrier, LLDP forgets, the IGP drops.
    for (node, port, far) in [("core1", "eth1", "core2.lab"), ("core2", "eth1", "core1.lab")] {
        let agent = lab.agent(node);
        agent.seen = later(30);
        agent.port_mut(port).oper_up = false;
        agent.lldp.as_mut().unwrap().neighbours.retain(|row| row.name != far);
        let peer: std::net::Ipv4Addr = if node == "core1" { [10, 255, 0, 2] } else { [10, 255, 0, 1] }.into();
        agent.ospf.as_mut().unwrap().neighbours.retain(|row| row.router_id != peer);
    }
    let broken = build_views(&lab.views(), &prior, later(31));
    let cable = link_of(&broken, "core1:eth1 - core2:eth1");
    assert_eq!(cable.state, LinkState::Down);
    assert_eq!(cable.first_seen, now());
    let down: Vec<String> = broken
        .links
        .iter()
        .filter(|link| link.layer == Layer::L1 && link.state != LinkState::Up)
        .map(|link| shown(&broken, link))
        .collect();
    assert_eq!(down, ["core1:eth1 - core2:eth1"]);
    assert!(broken.links.iter().any(|l| l.kind == LinkKind::Ospf && l.state != LinkState::Up));
    assert_ne!(first.fingerprint(), broken.fingerprint());

    let healed = build_views(&healthy, &broken.to_prior(BTreeMap::new()), later(60));
    assert!(healed.links.iter().all(|link| link.state == LinkState::Up));
    assert_eq!(healed.links.len(), first.links.len());
    let ids = |map: &Map| map.entities.iter().map(|e| (e.name.clone(), e.id)).collect::<BTreeMap<_, _>>();
    assert_eq!(ids(&healed), ids(&first));
}

#[test]
fn same_map_from_the_ipv6_side() {
    let mut lab = lab();
    for agent in lab.agents.values_mut() {
        agent.asked.retain(|key| {
            key.contains(':') || ["10.2.0.2", "10.2.0.3", "10.2.0.10", "10.255.0.9"].contains(&key.as_str())
        });
        if agent.asked.is_empty() {
            let own = agent.addresses.iter().find(|a| a.ip.is_ipv6() && a.ip.to_string().starts_with("fd00"));
            agent.asked.extend(own.map(|a| a.ip.to_string()));
        }
    }
    assert_eq!(cables(&lab.build()), lab.provable());
}
