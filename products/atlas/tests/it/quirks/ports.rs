//! Rows about neighbour tables and ports.

use atlas::map::{DocumentView, Prior, SubjectView};
use model::documents::{BridgeId, Cdp, CdpNeighbour, LagMember, Lldp, LldpNeighbour, LldpPort, Stp, StpPort};
use model::{Completeness, DocumentKind, Reason, ReasonCode};

use super::Case;
use crate::net::*;

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case {
            row: 2,
            symptom: "one MAC on all ports; NUL byte in the port id; bare number in subtype 5",
            right: "the number is settled by the other side, the NUL is dropped",
            map: d_link,
            devices: &["dlink", "sw1"],
            cables: &["dlink:Slot0/7 - sw1:eth1"],
            reasons: &[],
        },
        Case {
            row: 3,
            symptom: "port id of subtype 7 is an ifDescr or an ifIndex",
            right: "ifDescr matches whole, a bare ifIndex needs the other side",
            map: local_port_ids,
            devices: &["aruba", "sw1"],
            cables: &["aruba:1/1/2 - sw1:eth1", "aruba:1/1/3 - sw1:eth2"],
            reasons: &[],
        },
        Case {
            row: 4,
            symptom: "local port number is not the ifIndex; breakout names; walk cut short",
            right: "the local port table names the port; the short walk is told and closes nothing",
            map: breakout,
            devices: &["os10", "sw1"],
            cables: &["os10:ethernet1/1/14:1 - sw1:eth1", "os10:ethernet1/1/14:2 - sw1:eth2"],
            reasons: &["partial-table"],
        },
        Case {
            row: 5,
            symptom: "local port in another name space, 0 neighbours",
            right: "resolved by the local port table, vendor name forms meet",
            map: other_name_space,
            devices: &["cat", "exos"],
            cables: &["cat:GigabitEthernet1/0/1 - exos:1:1"],
            reasons: &[],
        },
        Case {
            row: 6,
            symptom: "table in non-ascending order",
            right: "what was read is used, the table counts as partial",
            map: disordered,
            devices: &["cam", "sw1"],
            cables: &["cam:eth0 - sw1:eth1"],
            reasons: &["walk-backwards"],
        },
        Case {
            row: 7,
            symptom: "LLDP-V2-MIB only",
            right: "its port number is the ifIndex by definition",
            map: lldp_v2,
            devices: &["ocnos", "sw1"],
            cables: &["ocnos:xe2 - sw1:eth1"],
            reasons: &[],
        },
        Case {
            row: 8,
            symptom: "switch with nothing but a forwarding table has no links",
            right: "facing ports by forwarding tables",
            map: fdb_only,
            devices: &["sw1", "sw2"],
            cables: &["sw1:p3 - sw2:p1"],
            reasons: &["endpoint-unknown"],
        },
        Case {
            row: 9,
            symptom: "device answers the system group only",
            right: "all ports that neighbours name are drawn",
            map: system_only,
            devices: &["mute", "sw1", "sw2"],
            cables: &["mute:Gi0/1 - sw1:eth1", "mute:Gi0/2 - sw2:eth1"],
            reasons: &["not-supported"],
        },
        Case {
            row: 17,
            symptom: "repeats rows, answers nothing, chassis subtype as text, ghost rows, 52 declared and 23 served",
            right: "one link, each defect with its reason",
            map: lame,
            devices: &["lame", "sw1"],
            cables: &["lame:eth2 - sw1:eth1"],
            reasons: &["ghost-row", "partial-table", "timeout", "walk-looped"],
        },
        Case {
            row: 31,
            symptom: "breakout ports called virtual",
            right: "they take cables like any ethernet port",
            map: breakout_by_mac,
            devices: &["leaf", "spine"],
            cables: &["leaf:ethernet1/1/31:1 - spine:ethernet1/1/1:4"],
            reasons: &[],
        },
        Case {
            row: 33,
            symptom: "no link unless a management address is sent",
            right: "chassis id and port suffice",
            map: no_management_address,
            devices: &["sw1", "sw2"],
            cables: &["sw1:eth1 - sw2:eth2"],
            reasons: &[],
        },
        Case {
            row: 34,
            symptom: "one neighbour shown as many",
            right: "rows of LLDP and CDP about one neighbour are one stub",
            map: one_as_many,
            devices: &["sw1"],
            cables: &["phone7:port 1 - sw1:eth1"],
            reasons: &["neighbour-not-queried"],
        },
        Case {
            row: 35,
            symptom: "underlay /31 cannot be asked",
            right: "the announced management address identifies it",
            map: underlay,
            devices: &["leaf", "spine"],
            cables: &["leaf:eth1 - spine:eth1"],
            reasons: &[],
        },
        Case {
            row: 36,
            symptom: "neighbour without address: the crawl stops without a word",
            right: "a stub on the map and a reason with the remedy",
            map: no_address,
            devices: &["sw1"],
            cables: &["ap9:lan0 - sw1:eth1"],
            reasons: &["no-management-address"],
        },
        Case {
            row: 37,
            symptom: "one-sided links skipped at random",
            right: "drawn once, whatever the order of input, marked one-sided",
            map: one_sided,
            devices: &["mute", "sw1"],
            cables: &["mute:eth3 - sw1:eth1"],
            reasons: &[],
        },
        Case {
            row: 41,
            symptom: "FDB id is not the VLAN",
            right: "forwarding tables are compared by address",
            map: fdb_ids,
            devices: &["sw1", "sw2"],
            cables: &["sw1:p3 - sw2:p1"],
            reasons: &["endpoint-unknown"],
        },
        Case {
            row: 42,
            symptom: "phantom ring links where spanning tree blocks or LACP bundles",
            right: "exactly the cables, the blocked one marked, members paired",
            map: ring,
            devices: &["sw1", "sw2", "sw3"],
            cables: &["sw1:p1 - sw2:p1", "sw1:p2 - sw2:p2", "sw1:p3 - sw3:p1", "sw2:p3 - sw3:p2"],
            reasons: &[],
        },
        Case {
            row: 44,
            symptom: "chassis id is a serial number; a key of several devices is believed",
            right: "the right clone by its own statement, else ambiguous and told",
            map: cloned_chassis,
            devices: &["clone", "clone", "sw1"],
            cables: &["clone:eth1 - sw1:eth1"],
            reasons: &["ambiguous-identity"],
        },
    ]
}

fn switch(number: u16, name: &str) -> Agent {
    Agent::new(number, name, &format!("10.0.0.{number}")).ports(["eth1", "eth2", "eth3"]).with_lldp()
}

/// Replaces a document's completeness.
fn cut(views: &mut [SubjectView], key: &str, kind: DocumentKind, declared: Option<u32>, reason: ReasonCode) {
    let view = views.iter_mut().find(|view| view.subject.key == key).unwrap();
    let held: &mut DocumentView = view.documents.get_mut(&kind).unwrap();
    held.completeness = Completeness { declared, ..Completeness::partial(1, Reason::new(reason, "fixture")) };
}

fn build_all(views: &[SubjectView]) -> atlas::Map {
    build_views(views, &Prior::default(), now())
}

fn d_link() -> atlas::Map {
    let mut dlink = Agent::new(1, "dlink", "10.0.0.1");
    for number in 1..=8 {
        let index = dlink.port(&format!("Slot0/{number}"));
        dlink.ports.last_mut().unwrap().description = format!("D-Link DGS-1210 R1 Port {number} on Unit 1");
        dlink.ports.last_mut().unwrap().mac = Some(dlink.mac(0));
        assert_eq!(index, number);
    }
    let mut dlink = dlink.with_lldp();
    for (port, number) in dlink.lldp.as_mut().unwrap().ports.iter_mut().zip(1..) {
        *port = LldpPort {
            number,
            id: Some(text_id(5, &number.to_string())),
            description: String::new(),
            number_is_if_index: false,
        };
    }
    let mut sw1 = switch(2, "sw1");
    let mut row = sw1.announcement("eth1", 7, 1);
    row.port = Some(text_id(5, "eth1\0"));
    dlink.lldp.as_mut().unwrap().neighbours.push(row);
    let row = LldpNeighbour { port: Some(text_id(5, "7")), ..dlink.announcement("7", 0, 0) };
    sw1.hear("eth1", row);
    build(&[&dlink, &sw1])
}

fn local_port_ids() -> atlas::Map {
    let mut aruba = Agent::new(1, "aruba", "10.0.0.1").ports(["1/1/1", "1/1/2", "1/1/3"]).with_lldp();
    aruba.port_mut("1/1/2").description = "HP J9773A Port 2".into();
    let mut sw1 = switch(2, "sw1");
    let (one, two) = (sw1.announcement("eth1", 0, 0), sw1.announcement("eth2", 0, 0));
    aruba.hear("1/1/2", one);
    aruba.hear("1/1/3", two);
    let by_description =
        LldpNeighbour { port: Some(text_id(7, "HP J9773A Port 2")), ..aruba.announcement("", 0, 0) };
    let by_index = LldpNeighbour { port: Some(text_id(7, "3")), ..aruba.announcement("", 0, 0) };
    sw1.hear("eth1", by_description);
    sw1.hear("eth2", by_index);
    build(&[&aruba, &sw1])
}

fn breakout() -> atlas::Map {
    let mut os10 = Agent::new(1, "os10", "10.0.0.1")
        .ports(["ethernet1/1/14", "ethernet1/1/14:2", "ethernet1/1/14:1"])
        .with_lldp();
    // Numbers that are the ifIndex of another port.
    for (port, number) in os10.lldp.as_mut().unwrap().ports.iter_mut().zip([568, 3, 1]) {
        port.number = number;
    }
    let mut sw1 = switch(2, "sw1");
    for (port, number, far) in [("ethernet1/1/14:1", 1, "eth1"), ("ethernet1/1/14:2", 3, "eth2")] {
        let row = sw1.announcement(far, number, number);
        os10.lldp.as_mut().unwrap().neighbours.push(row);
        let back = os10.announcement(port, 0, 0);
        sw1.hear(far, back);
    }
    let mut views = views(&[&os10, &sw1]);
    cut(&mut views, "10.0.0.1", DocumentKind::Lldp, Some(40), ReasonCode::PartialTable);
    build_all(&views)
}

fn other_name_space() -> atlas::Map {
    let mut exos = Agent::new(1, "exos", "10.0.0.1").ports(["1:1", "1:2"]).with_lldp();
    let mut cat =
        Agent::new(2, "cat", "10.0.0.2").ports(["GigabitEthernet1/0/1", "GigabitEthernet1/0/11"]).with_lldp();
    for (agent, start) in [(&mut exos, 1001), (&mut cat, 50)] {
        for (port, number) in agent.lldp.as_mut().unwrap().ports.iter_mut().zip(start..) {
            port.number = number;
        }
    }
    cat.lldp.as_mut().unwrap().ports[0].id = Some(text_id(5, "Gi1/0/1"));
    let row = LldpNeighbour { port: Some(text_id(5, "Gi1/0/1")), ..cat.announcement("", 1001, 1) };
    exos.lldp.as_mut().unwrap().neighbours.push(row);
    let row = exos.announcement("1:1", 50, 1);
    cat.lldp.as_mut().unwrap().neighbours.push(row);
    build(&[&exos, &cat])
}

fn disordered() -> atlas::Map {
    let mut cam = Agent::new(1, "cam", "10.0.0.1").ports(["eth0"]).with_lldp();
    let mut sw1 = switch(2, "sw1");
    lldp_cable(&mut cam, "eth0", &mut sw1, "eth1");
    let mut row = cam.lldp.as_ref().unwrap().neighbours[0].clone();
    row.index = 0;
    cam.lldp.as_mut().unwrap().neighbours.push(row);
    let mut views = views(&[&cam, &sw1]);
    cut(&mut views, "10.0.0.1", DocumentKind::Lldp, None, ReasonCode::WalkBackwards);
    build_all(&views)
}

fn lldp_v2() -> atlas::Map {
    let mut ocnos = Agent::new(1, "ocnos", "10.0.0.1").ports(["xe1", "xe2"]).with_lldp();
    let lldp = ocnos.lldp.as_mut().unwrap();
    lldp.ports = vec![LldpPort {
        number: 2,
        id: Some(text_id(7, "second")),
        description: String::new(),
        number_is_if_index: true,
    }];
    let mut sw1 = switch(2, "sw1");
    let row = sw1.announcement("eth1", 2, 1);
    ocnos.lldp.as_mut().unwrap().neighbours.push(row);
    let back = LldpNeighbour { port: Some(text_id(7, "second")), ..ocnos.announcement("", 0, 0) };
    sw1.hear("eth1", back);
    build(&[&ocnos, &sw1])
}

/// Two bridges with two stations each, and a cable sw1:p3 - sw2:p1.
fn two_bridges() -> (Agent, Agent) {
    let mut sw1 = Agent::new(1, "sw1", "10.0.0.1").ports(["p1", "p2", "p3"]);
    let mut sw2 = Agent::new(2, "sw2", "10.0.0.2").ports(["p1", "p2", "p3"]);
    sw1.bridging(&["p1", "p2", "p3"]);
    sw2.bridging(&["p1", "p2", "p3"]);
    let station = |number: u16| Agent::new(100 + number, "", "").mac(1);
    sw1.learn("p1", station(1)).learn("p2", station(2)).learn("p3", station(3)).learn("p3", station(4));
    sw2.learn("p2", station(3)).learn("p3", station(4)).learn("p1", station(1)).learn("p1", station(2));
    let (own1, own2) = (sw1.mac(0), sw2.mac(0));
    sw1.learn("p3", own2);
    sw2.learn("p1", own1);
    (sw1, sw2)
}

fn fdb_only() -> atlas::Map {
    let (sw1, sw2) = two_bridges();
    build(&[&sw1, &sw2])
}

fn fdb_ids() -> atlas::Map {
    let (mut sw1, mut sw2) = two_bridges();
    sw1.fdb.iter_mut().for_each(|row| row.vlan = 3);
    sw2.fdb.iter_mut().for_each(|row| row.vlan = 10);
    build(&[&sw1, &sw2])
}

fn system_only() -> atlas::Map {
    let mute = Agent::new(9, "mute", "10.0.0.9");
    let named = mute.clone().ports(["Gi0/1", "Gi0/2"]).with_lldp();
    let mut list = views(&[&mute]);
    list[0].failures.push(atlas::map::Failure {
        kind: Some(DocumentKind::Interfaces),
        at: now(),
        declared: None,
        read: 0,
        reason: Reason::new(ReasonCode::NotSupported, "fixture"),
    });
    for (number, port) in [(1, "Gi0/1"), (2, "Gi0/2")] {
        let mut sw = switch(number, &format!("sw{number}"));
        sw.hear("eth1", named.announcement(port, 0, 0));
        list.extend(sw.views());
    }
    build_all(&list)
}

fn lame() -> atlas::Map {
    let mut lame = Agent::new(1, "lame", "10.0.0.1").ports(["eth1", "eth2"]).with_lldp();
    let mut sw1 = switch(2, "sw1");
    lldp_cable(&mut lame, "eth2", &mut sw1, "eth1");
    let lldp: &mut Lldp = lame.lldp.as_mut().unwrap();
    // The same row for ever, and one without content.
    let row = lldp.neighbours[0].clone();
    lldp.neighbours.extend((2..40).map(|index| LldpNeighbour { index, ..row.clone() }));
    lldp.neighbours.push(LldpNeighbour { local_port: 101, index: 99, ..LldpNeighbour::default() });
    // Its chassis subtype came as text, so it is unknown; the octets are a MAC all the same.
    let mut chassis = lldp.chassis.clone().unwrap();
    chassis.subtype = 0;
    lldp.chassis = Some(chassis.clone());
    sw1.lldp.as_mut().unwrap().neighbours[0].chassis = Some(chassis);
    let mut list = views(&[&lame, &sw1]);
    cut(&mut list, "10.0.0.1", DocumentKind::Interfaces, Some(52), ReasonCode::PartialTable);
    cut(&mut list, "10.0.0.1", DocumentKind::Lldp, None, ReasonCode::WalkLooped);
    let mut silent = SubjectView::queried(model::Subject::new("snmp", "10.0.0.3"));
    silent.failures.push(atlas::map::Failure {
        kind: None,
        at: now(),
        declared: None,
        read: 0,
        reason: Reason::new(ReasonCode::Timeout, "10.0.0.3 did not answer"),
    });
    list.push(silent);
    build_all(&list)
}

fn breakout_by_mac() -> atlas::Map {
    let mut leaf =
        Agent::new(1, "leaf", "10.0.0.1").ports(["ethernet1/1/31", "ethernet1/1/31:1"]).with_lldp();
    let mut spine =
        Agent::new(2, "spine", "10.0.0.2").ports(["ethernet1/1/1", "ethernet1/1/1:4"]).with_lldp();
    let (near, far) = (leaf.mac(2), spine.mac(2));
    let row = LldpNeighbour { port: Some(mac_id(3, far)), ..spine.announcement("", 0, 0) };
    leaf.hear("ethernet1/1/31:1", row);
    let row = LldpNeighbour { port: Some(mac_id(3, near)), ..leaf.announcement("", 0, 0) };
    spine.hear("ethernet1/1/1:4", row);
    build(&[&leaf, &spine])
}

fn no_management_address() -> atlas::Map {
    let (mut sw1, mut sw2) = (switch(1, "sw1"), switch(2, "sw2"));
    lldp_cable(&mut sw1, "eth1", &mut sw2, "eth2");
    for agent in [&mut sw1, &mut sw2] {
        agent.lldp.as_mut().unwrap().neighbours[0].management.clear();
    }
    build(&[&sw1, &sw2])
}

fn one_as_many() -> atlas::Map {
    let mut sw1 = switch(1, "sw1");
    let phone = Agent::new(7, "phone7", "10.0.9.7").ports(["port 1"]).with_lldp();
    let row = LldpNeighbour { capabilities: 1 << 5, ..phone.announcement("port 1", 0, 0) };
    for index in 1..4 {
        let mut row = row.clone();
        row.management.push(ip(&format!("10.0.9.{}", 70 + index)));
        sw1.hear("eth1", row);
    }
    sw1.cdp = Some(Cdp {
        device_id: "sw1".into(),
        neighbours: vec![CdpNeighbour {
            if_index: sw1.index("eth1"),
            index: 1,
            device_id: "SEP001122334455".into(),
            port: "Port 1".into(),
            name: "phone7".into(),
            addresses: vec![ip("10.0.9.7")],
            capabilities: 0x90,
            ..CdpNeighbour::default()
        }],
    });
    build(&[&sw1])
}

fn underlay() -> atlas::Map {
    let mut leaf = Agent::new(1, "leaf", "10.255.0.1").ports(["eth1"]);
    let mut spine = Agent::new(2, "spine", "10.255.0.2").ports(["eth1"]);
    for (agent, side) in [(&mut leaf, 0), (&mut spine, 1)] {
        agent.typed_port("lo0", 24);
        agent
            .address("lo0", &format!("10.255.0.{}/32", side + 1))
            .address("eth1", &format!("172.16.0.{side}/31"));
    }
    let (mut leaf, mut spine) = (leaf.with_lldp(), spine.with_lldp());
    lldp_cable(&mut leaf, "eth1", &mut spine, "eth1");
    let map = build(&[&leaf, &spine]);
    assert_eq!(
        links(&map, atlas::map::Layer::L3, atlas::map::LinkKind::Subnet),
        ["leaf:eth1 - spine:eth1"],
        "the underlay is drawn though nobody asked it"
    );
    map
}

fn no_address() -> atlas::Map {
    let mut sw1 = switch(1, "sw1");
    let ap = Agent::new(9, "ap9", "10.0.9.9").ports(["lan0"]).with_lldp();
    let row = LldpNeighbour { management: vec![ip("127.0.0.1")], ..ap.announcement("lan0", 0, 0) };
    sw1.hear("eth1", row);
    let map = build(&[&sw1]);
    assert!(map.unplaced.iter().all(|entry| entry.rescan_helps && !entry.reason.remedy.is_empty()));
    map
}

fn one_sided() -> atlas::Map {
    let mut sw1 = switch(1, "sw1");
    let mute = switch(2, "mute");
    sw1.hear("eth1", mute.announcement("eth3", 0, 0));
    let silent = Agent { lldp: None, ..mute };
    // Without its own LLDP table the neighbour is known by address and name.
    let forward = build(&[&sw1, &silent]);
    let backward = build(&[&silent, &sw1]);
    assert_eq!(cables(&forward), cables(&backward));
    assert_eq!(link_of(&forward, "mute:eth3 - sw1:eth1").evidence[0].method, "lldp.one-sided");
    forward
}

fn ring() -> atlas::Map {
    let mut agents: Vec<Agent> = (1..=3)
        .map(|number| Agent::new(number, &format!("sw{number}"), &format!("10.0.0.{number}")))
        .collect();
    for agent in &mut agents {
        for port in ["p1", "p2", "p3"] {
            agent.port(port);
        }
    }
    // sw1 and sw2 bundle p1 and p2.
    for at in 0..2 {
        let index = agents[at].typed_port("po1", 161);
        let (own, far) = (agents[at].mac(0), agents[1 - at].mac(0));
        for port in 1..=2 {
            agents[at].lag.push(LagMember {
                if_index: port,
                aggregate: Some(index),
                actor_system: Some(own),
                actor_port: Some(port),
                partner_system: Some(far),
                partner_key: Some(1),
                partner_port: Some(port),
            });
        }
        agents[at].bridging(&["po1", "p3"]);
    }
    agents[2].bridging(&["p1", "p2"]);
    let id = |agent: &Agent| BridgeId { priority: 4096 * agent.number, mac: agent.mac(0) };
    let ids: Vec<BridgeId> = agents.iter().map(id).collect();
    let port = |port: u32, state: u8, bridge: usize, number: u16| StpPort {
        vlan: 0,
        port,
        if_index: None,
        state,
        designated_bridge: Some(ids[bridge]),
        designated_port: Some(0x8000 | number),
    };
    // Root sw1; sw3 blocks its cable to sw2.
    let tables = [
        vec![port(1, 5, 0, 1), port(2, 5, 0, 2)],
        vec![port(1, 5, 0, 1), port(2, 5, 1, 2)],
        vec![port(1, 5, 0, 2), port(2, 2, 1, 2)],
    ];
    for ((agent, own), ports) in agents.iter_mut().zip(&ids).zip(tables) {
        agent.stp =
            Some(Stp { protocol: Some(3), root: Some(ids[0]), root_port: Some(1), own: Some(*own), ports });
    }
    let own: Vec<model::Mac> = agents.iter().map(|agent| agent.mac(0)).collect();
    agents[0].learn("po1", own[1]).learn("p3", own[2]);
    agents[1].learn("po1", own[0]).learn("po1", own[2]);
    agents[2].learn("p1", own[0]).learn("p1", own[1]);
    let map = build(&agents.iter().collect::<Vec<_>>());
    assert!(link_of(&map, "sw2:p3 - sw3:p2").blocked);
    let lag = links(&map, atlas::map::Layer::L2, atlas::map::LinkKind::Lag);
    assert_eq!(lag, ["sw1:po1 - sw2:po1"]);
    let members = map.links.iter().filter(|link| link.lag.is_some()).count();
    assert_eq!(members, 2);
    map
}

fn cloned_chassis() -> atlas::Map {
    let clone = |number: u16| {
        let mut agent = switch(number, "clone");
        agent.lldp.as_mut().unwrap().chassis = Some(text_id(7, "SN00012345"));
        agent.system.as_mut().unwrap().serial = Some("SN00012345".into());
        agent.system.as_mut().unwrap().engine_id = vec![0x80, 0, 1, 2, 3, 4, 5];
        agent.address("eth1", &format!("10.0.0.{number}/24"));
        agent
    };
    let (mut first, second) = (clone(1), clone(2));
    let mut sw1 = switch(3, "sw1");
    let bare = |agent: &Agent, port: &str| LldpNeighbour {
        management: Vec::new(),
        ..agent.announcement(port, 0, 0)
    };
    sw1.hear("eth1", bare(&first, "eth1"));
    first.hear("eth1", bare(&sw1, "eth1"));
    // This one has no witness: either clone may be meant.
    sw1.hear("eth2", bare(&second, "eth2"));
    let map = build(&[&first, &second, &sw1]);
    assert!(map.ambiguous.iter().any(|key| key.key.kind == atlas::map::KeyKind::Serial));
    map
}
