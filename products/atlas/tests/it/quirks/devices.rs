//! Rows about which subjects are one device.

use atlas::map::{Decision, DecisionKind, Failure, Input, NodeKind, Prior, SequentialIds, SubjectView};
use model::documents::{Component, InterfaceAddress, IpNeighbour, VrrpGroup};
use model::{DocumentKind, Mac, Method, Reason, ReasonCode, Subject};

use super::Case;
use crate::net::*;

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case {
            row: 10,
            symptom: "duplicate agent rows make the host write fail silently; layer 2 empty",
            right: "both subjects are one device, its cable is there",
            map: two_agents_of_one_host,
            devices: &["srv1", "sw1"],
            cables: &["srv1:eth1 - sw1:eth1"],
            reasons: &[],
        },
        Case {
            row: 11,
            symptom: "many addresses on one MAC",
            right: "one device with all its addresses",
            map: many_addresses,
            devices: &["web"],
            cables: &[],
            reasons: &[],
        },
        Case {
            row: 12,
            symptom: "host found again, empty, by another collector",
            right: "an empty answer hides nothing",
            map: empty_rediscovery,
            devices: &["docker1", "sw1"],
            cables: &["docker1:eth1 - sw1:eth1"],
            reasons: &["table-withheld"],
        },
        Case {
            row: 13,
            symptom: "NAS with several interfaces is many hosts; a merge cannot be undone",
            right: "one device; a person's decision splits it and its undoing joins it again",
            map: nas,
            devices: &["nas"],
            cables: &[],
            reasons: &[],
        },
        Case {
            row: 14,
            symptom: "ARP reading hangs for ever; br0 taken for a container bridge",
            right: "a timeout is a reason, br0 is an interface like any other",
            map: hung_arp,
            devices: &["host1", "host2"],
            cables: &[],
            reasons: &["timeout"],
        },
        Case {
            row: 15,
            symptom: "silent hosts skipped",
            right: "listed where they are seen, with address",
            map: silent_host,
            devices: &["sw1"],
            cables: &[],
            reasons: &["endpoint-unknown"],
        },
        Case {
            row: 18,
            symptom: "two routers alternate identity",
            right: "virtual addresses and their MACs identify nobody",
            map: virtual_router,
            devices: &["r1", "r2"],
            cables: &[],
            reasons: &[],
        },
        Case {
            row: 19,
            symptom: "poller's own id registered with the polled device's MAC",
            right: "what a subject resolved is not what it is",
            map: poller,
            devices: &["poller", "sw1"],
            cables: &[],
            reasons: &[],
        },
        Case {
            row: 21,
            symptom: "second address of a known device ignored: duplicate",
            right: "engine and boot line recognise it though it answers little",
            map: second_address,
            devices: &["r1"],
            cables: &[],
            reasons: &[],
        },
        Case {
            row: 22,
            symptom: "ping gate: SNMP-only switch skipped, 24 ports become 0",
            right: "what answers SNMP is drawn with all its ports",
            map: snmp_only,
            devices: &["sw1", "sw24"],
            cables: &["sw1:eth1 - sw24:port24"],
            reasons: &[],
        },
        Case {
            row: 23,
            symptom: "one router twice with two MACs",
            right: "one device",
            map: two_macs,
            devices: &["r1"],
            cables: &[],
            reasons: &[],
        },
        Case {
            row: 24,
            symptom: "identity looked up across partitions",
            right: "equal addresses and names in two domains are two devices",
            map: partitions,
            devices: &["gw", "gw"],
            cables: &[],
            reasons: &[],
        },
        Case {
            row: 26,
            symptom: "showing endpoints hides the router",
            right: "endpoints are listed within a bound, devices stay",
            map: crowd,
            devices: &["r1"],
            cables: &[],
            reasons: &["endpoint-unknown"],
        },
        Case {
            row: 28,
            symptom: "stack members duplicated on the second scan",
            right: "a stack is one device whatever the order of its members",
            map: stack,
            devices: &["stack"],
            cables: &[],
            reasons: &[],
        },
        Case {
            row: 30,
            symptom: "no serial number without ENTITY-MIB",
            right: "the scalar serial recognises the device",
            map: scalar_serial,
            devices: &["10.0.0.1"],
            cables: &[],
            reasons: &[],
        },
        Case {
            row: 32,
            symptom: "box with several VRFs is several devices",
            right: "one interface table and one boot is one device",
            map: vrf_box,
            devices: &["pe1"],
            cables: &[],
            reasons: &[],
        },
        Case {
            row: 39,
            symptom: "router found 8 times",
            right: "once",
            map: eight_addresses,
            devices: &["r8"],
            cables: &[],
            reasons: &[],
        },
        Case {
            row: 40,
            symptom: "overlapping address cannot be added",
            right: "both devices stay apart, the double address is told",
            map: overlapping,
            devices: &["a", "b"],
            cables: &[],
            reasons: &["duplicate-address"],
        },
    ]
}

fn router(number: u16, name: &str, addresses: &[&str]) -> Agent {
    let mut agent = Agent::new(number, name, "-");
    for (at, cidr) in addresses.iter().enumerate() {
        let port = format!("eth{at}");
        agent.port(&port);
        agent.address(&port, cidr);
    }
    agent.asked = addresses.iter().map(|cidr| cidr.split('/').next().unwrap().to_owned()).collect();
    agent
}

fn two_agents_of_one_host() -> atlas::Map {
    let mut host = Agent::new(1, "srv1", "10.0.0.1").ports(["eth1"]).with_lldp();
    host.address("eth1", "10.0.0.1/24");
    let mut sw1 = Agent::new(2, "sw1", "10.0.0.2").ports(["eth1"]).with_lldp();
    lldp_cable(&mut host, "eth1", &mut sw1, "eth1");
    let mut list = views(&[&host, &sw1]);
    // Two daemons on the host itself tell their own view, without engine or boot counter.
    let mut own = host.clone();
    own.lldp = None;
    own.system.as_mut().unwrap().engine_id.clear();
    own.system.as_mut().unwrap().engine_boots = None;
    for daemon in ["daemon-a", "daemon-b"] {
        let mut view = own.views().remove(0);
        view.subject = Subject::new("host", daemon);
        list.push(view);
    }
    build_views(&list, &Prior::default(), now())
}

fn many_addresses() -> atlas::Map {
    let mut web = Agent::new(1, "web", "10.0.0.1").ports(["eth0"]);
    for last in 1..=20 {
        web.address("eth0", &format!("10.0.0.{last}/24"));
    }
    web.asked = (1..=6).map(|last| format!("10.0.0.{last}")).collect();
    let map = build(&[&web]);
    assert_eq!(map.entities[0].addresses.len(), 20);
    map
}

fn empty_rediscovery() -> atlas::Map {
    let mut host = Agent::new(1, "docker1", "10.0.0.1").ports(["eth1", "docker0"]).with_lldp();
    host.address("eth1", "10.0.0.1/24").address("eth1", "10.0.0.11/24").address("docker0", "172.17.0.1/16");
    let mut sw1 = Agent::new(2, "sw1", "10.0.0.2").ports(["eth1"]).with_lldp();
    lldp_cable(&mut host, "eth1", &mut sw1, "eth1");
    let mut list = views(&[&host, &sw1]);
    let mut empty = SubjectView::queried(Subject::new("snmp", "10.0.0.11"));
    empty = empty.with(model::Document::System(host.system.clone().unwrap()), later(60), TTL);
    empty.failures.push(Failure {
        kind: Some(DocumentKind::Interfaces),
        at: later(60),
        declared: Some(2),
        read: 0,
        reason: Reason::new(ReasonCode::TableWithheld, "2 rows declared, none read"),
    });
    list.push(empty);
    build_views(&list, &Prior::default(), later(60))
}

fn nas() -> atlas::Map {
    let nas = router(1, "nas", &["10.0.0.1/24", "10.0.1.1/24", "10.0.2.1/24"]);
    let list = views(&[&nas]);
    let first = build_views(&list, &Prior::default(), now());
    let prior = first.to_prior(std::collections::BTreeMap::new());
    let decision = Decision {
        id: uuid::Uuid::from_u128(1),
        kind: DecisionKind::Unlink,
        subjects: [list[0].subject.clone(), list[2].subject.clone()],
    };
    let mut ids = SequentialIds::new(later(10));
    let split =
        atlas::build(&Input { decisions: &[decision], ..Input::new(later(10), &list, &prior) }, &mut ids);
    assert_eq!(split.entities.len(), 2);
    assert!(split.events.iter().any(|event| matches!(event, atlas::map::MapEvent::Split { .. })));
    // Undone: one device again, under its first id.
    let again = build_views(&list, &split.to_prior(std::collections::BTreeMap::new()), later(20));
    assert_eq!(again.entities[0].id, first.entities[0].id);
    again
}

fn hung_arp() -> atlas::Map {
    let mut host1 = Agent::new(1, "host1", "10.0.0.1").ports(["eth0", "br0"]);
    host1.address("br0", "10.0.0.1/24");
    let mut host2 = Agent::new(2, "host2", "10.0.0.2").ports(["eth0"]);
    host2.address("eth0", "10.0.0.2/24");
    let mut list = views(&[&host1, &host2]);
    list[0].failures.push(Failure {
        kind: Some(DocumentKind::IpNeighbours),
        at: now(),
        declared: None,
        read: 12,
        reason: Reason::new(ReasonCode::Timeout, "no answer after 12 rows"),
    });
    let map = build_views(&list, &Prior::default(), now());
    let members = links(&map, atlas::map::Layer::L3, atlas::map::LinkKind::Segment);
    assert_eq!(members, ["10:? - host1:br0", "10:? - host2:eth0"]);
    map
}

fn silent_host() -> atlas::Map {
    let mut sw1 = Agent::new(1, "sw1", "10.0.0.1").ports(["eth1", "eth2"]);
    sw1.bridging(&["eth1", "eth2"]);
    sw1.address("eth1", "10.0.0.1/24");
    let silent = Agent::new(50, "", "").mac(1);
    sw1.learn("eth2", silent);
    sw1.arp.push(IpNeighbour { if_index: 1, ip: ip("10.0.0.66"), mac: silent, fixed: false });
    // Somebody else's report of it creates nothing either.
    let mut reported = SubjectView::queried(Subject::new("arp", "10.0.0.66"));
    reported.method = Method::Reported;
    let list: Vec<SubjectView> = views(&[&sw1]).into_iter().collect();
    let map = build_views(&list, &Prior::default(), now());
    let entry = &map.unplaced[0];
    assert_eq!(entry.seen_on.as_ref().unwrap().interface.as_deref(), Some("eth2"));
    assert!(entry.text.contains("10.0.0.66"));
    let with_report = build_views(&[list, vec![reported]].concat(), &Prior::default(), now());
    assert_eq!(with_report.entities.len(), 1);
    map
}

fn virtual_router() -> atlas::Map {
    let vip = "10.0.0.254";
    let make = |number: u16, name: &str| {
        let mut agent = router(number, name, &[&format!("10.0.0.{number}/24")]);
        agent.ports[0].mac = Some(Mac([0, 0, 0x5e, 0, 1, 10]));
        agent.port("eth9");
        agent.vrrp = vec![VrrpGroup { if_index: 1, vrid: 10, addresses: vec![ip(vip)], master: number == 1 }];
        agent.addresses.push(InterfaceAddress {
            if_index: 1,
            ip: ip(vip),
            prefix_length: Some(32),
            shared: true,
            vrf: String::new(),
        });
        agent
    };
    let (mut r1, mut r2) = (make(1, "r1"), make(2, "r2"));
    r1.asked.push(vip.to_owned());
    let before = build(&[&r1, &r2]);
    assert_eq!(before.entities.len(), 2);
    // Failover: the virtual address is now answered by the other one.
    r1.asked.pop();
    r2.asked.push(vip.to_owned());
    let after =
        build_views(&views(&[&r1, &r2]), &before.to_prior(std::collections::BTreeMap::new()), later(60));
    let id = |map: &atlas::Map, name: &str| map.entities.iter().find(|e| e.name == name).unwrap().id;
    for name in ["r1", "r2"] {
        assert_eq!(id(&before, name), id(&after, name), "{name}");
    }
    let bound = after.assignments.iter().find(|a| a.subject.key == vip).unwrap();
    assert_eq!(bound.entity, id(&after, "r2"));
    after
}

fn poller() -> atlas::Map {
    let mut sw1 = Agent::new(1, "sw1", "10.0.0.1").ports(["eth1"]);
    sw1.address("eth1", "10.0.0.1/24");
    let mut poller = Agent::new(2, "poller", "-").ports(["eth0"]);
    poller.address("eth0", "10.0.1.2/24");
    poller.arp.push(IpNeighbour { if_index: 1, ip: ip("10.0.0.1"), mac: sw1.mac(1), fixed: false });
    let mut list = views(&[&sw1]);
    let mut own = poller.views().remove(0);
    own.subject = Subject::new("host", "poller");
    list.push(own);
    build_views(&list, &Prior::default(), now())
}

fn second_address() -> atlas::Map {
    let r1 = router(1, "r1", &["10.0.0.1/24", "10.0.1.1/24"]);
    let mut list = views(&[&r1]);
    list[1].documents.retain(|kind, _| *kind == DocumentKind::System);
    build_views(&list, &Prior::default(), now())
}

fn snmp_only() -> atlas::Map {
    let mut sw24 = Agent::new(1, "sw24", "10.0.0.1");
    for number in 1..=24 {
        sw24.port(&format!("port{number}"));
    }
    let mut sw24 = sw24.with_lldp();
    let mut sw1 = Agent::new(2, "sw1", "10.0.0.2").ports(["eth1"]).with_lldp();
    lldp_cable(&mut sw24, "port24", &mut sw1, "eth1");
    build(&[&sw24, &sw1])
}

fn two_macs() -> atlas::Map {
    let mut r1 = router(1, "r1", &["10.0.0.1/24", "10.0.1.1/24"]);
    r1.system.as_mut().unwrap().engine_id.clear();
    build(&[&r1])
}

fn partitions() -> atlas::Map {
    let mut a = router(1, "gw", &["192.168.1.1/24"]);
    let mut b = router(2, "gw", &["192.168.1.1/24"]);
    a.partition = "site-a".into();
    b.partition = "site-b".into();
    // Little is known of either, so that nothing but the domain tells them apart.
    for agent in [&mut a, &mut b] {
        agent.ports[0].mac = None;
        let system = agent.system.as_mut().unwrap();
        system.engine_id.clear();
        system.boot_time = None;
    }
    build(&[&a, &b])
}

fn crowd() -> atlas::Map {
    let mut r1 = router(1, "r1", &["10.0.0.1/16"]);
    for number in 0..2000u16 {
        let [high, low] = number.to_be_bytes();
        let mac = Mac([0, 0x1b, 0x21, 0xff, high, low]);
        r1.arp.push(IpNeighbour { if_index: 1, ip: [10, 0, high + 1, low].into(), mac, fixed: false });
    }
    let map = build(&[&r1]);
    assert_eq!(map.unplaced.len(), 500);
    assert!(map.nodes.iter().any(|node| node.kind == NodeKind::Device && node.name == "r1"));
    map
}

fn members(serials: &[&str]) -> Vec<Component> {
    serials
        .iter()
        .zip(1..)
        .map(|(serial, index)| Component {
            index,
            class: 3,
            serial: (*serial).to_owned(),
            name: format!("member {index}"),
            ..Component::default()
        })
        .collect()
}

fn stack() -> atlas::Map {
    let mut stack = router(1, "stack", &["10.0.0.1/24", "10.0.1.1/24"]);
    stack.hardware = members(&["FOC0001A", "FOC0002B", "FOC0003C"]);
    let first = build(&[&stack]);
    // Renumbered, one member out, and asked in another order.
    stack.hardware = members(&["FOC0003C", "FOC0001A"]);
    stack.asked.reverse();
    let second =
        build_views(&views(&[&stack]), &first.to_prior(std::collections::BTreeMap::new()), later(300));
    assert_eq!(first.entities[0].id, second.entities[0].id);
    assert!(!second.events.iter().any(|e| matches!(e, atlas::map::MapEvent::Replaced { .. })));
    second
}

fn scalar_serial() -> atlas::Map {
    let mut mt1 = Agent::new(1, "mt1", "10.0.0.1");
    mt1.asked.push("10.0.1.1".into());
    let system = mt1.system.as_mut().unwrap();
    system.serial = Some("8A2B0C99".into());
    system.engine_id.clear();
    system.boot_time = None;
    system.name.clear();
    let map = build(&[&mt1]);
    assert!(map.entities[0].keys.iter().any(|key| key.value == "8A2B0C99" && !key.ambiguous));
    // Named by the address it was asked at, for it has no other name.
    assert_eq!(map.entities[0].name, "10.0.0.1");
    map
}

fn vrf_box() -> atlas::Map {
    let pe1 = router(1, "pe1", &["10.0.0.1/24", "10.1.0.1/24", "10.2.0.1/24"]);
    let mut list = views(&[&pe1]);
    // Each routing instance shows its own addresses only.
    for (at, view) in list.iter_mut().enumerate() {
        let only = vec![pe1.addresses[at].clone()];
        *view = view.clone().with(model::Document::Addresses(only), now(), TTL);
    }
    let map = build_views(&list, &Prior::default(), now());
    assert_eq!(map.entities[0].addresses.len(), 3);
    map
}

fn eight_addresses() -> atlas::Map {
    let cidrs: Vec<String> = (1..=8).map(|net| format!("10.{net}.0.1/24")).collect();
    let cidrs: Vec<&str> = cidrs.iter().map(String::as_str).collect();
    build(&[&router(1, "r8", &cidrs)])
}

fn overlapping() -> atlas::Map {
    let a = router(1, "a", &["10.0.0.1/24", "192.168.1.1/24"]);
    let b = router(2, "b", &["10.9.0.1/24", "192.168.1.1/24"]);
    let only_first = |mut agent: Agent| {
        agent.asked.truncate(1);
        agent
    };
    build(&[&only_first(a), &only_first(b)])
}
