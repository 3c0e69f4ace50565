//! A small network, asked for everything people type.

use std::time::Instant;

use chrono::Utc;
use model::documents::{
    Bridge, Component, Interface, InterfaceAddress, Lldp, LldpId, LldpNeighbour, LldpPort, System,
};
use model::{Document, Mac, Subject};

use super::SearchIndex;
use crate::map::{ClockIds, Input, Map, Prior, SubjectView};
use crate::world::Snapshot;

/// An interface with what is said of it.
fn interface(index: u32, name: &str, alias: &str, mac: Mac) -> Interface {
    Interface {
        index,
        name: name.into(),
        description: name.into(),
        alias: alias.into(),
        if_type: 6,
        mac: Some(mac),
        admin_up: true,
        oper_up: true,
        ..Interface::default()
    }
}

/// A device asked at `ip` with `ports` interfaces; the first holds the address.
pub(crate) fn device(number: u16, name: &str, ip: &str, ports: u32) -> SubjectView {
    let [high, low] = number.to_be_bytes();
    let mac = |index: u32| Mac([0, 0x1b, 0x21, high, low, u8::try_from(index).unwrap()]);
    let rows = (1..=ports).map(|index| {
        let alias = if index == 1 { format!("uplink of {name}") } else { String::new() };
        interface(index, &format!("GigabitEthernet1/0/{index}"), &alias, mac(index))
    });
    let address = InterfaceAddress {
        if_index: 1,
        ip: ip.parse().unwrap(),
        prefix_length: Some(24),
        shared: false,
        vrf: String::new(),
    };
    let system = System { name: format!("{name}.example.net"), ..System::default() };
    let chassis = Component { index: 1, class: 3, serial: format!("FOC{number:05}"), ..Component::default() };
    let now = Utc::now();
    [
        Document::System(system),
        Document::Interfaces(rows.collect()),
        Document::Addresses(vec![address]),
        Document::Hardware(vec![chassis]),
        Document::Bridge(Bridge { address: Some(mac(0)), ports: Vec::new() }),
    ]
    .into_iter()
    .fold(SubjectView::queried(Subject::new("snmp", ip)), |view, document| view.with(document, now, 3600))
}

/// The map of some subjects, with them.
pub(crate) fn drawn(views: Vec<SubjectView>) -> (Map, Snapshot) {
    let prior = Prior::default();
    let map = crate::build(&Input::new(Utc::now(), &views, &prior), &mut ClockIds);
    (map, Snapshot::of(views))
}

fn index() -> SearchIndex {
    let mut seeing = device(1, "core1", "10.1.0.1", 3);
    let row = LldpNeighbour {
        local_port: 2,
        index: 1,
        chassis: Some(LldpId { subtype: 4, octets: vec![0x00, 0x50, 0x56, 1, 2, 3] }),
        port: Some(LldpId { subtype: 5, octets: b"eth0".to_vec() }),
        name: "printer7".into(),
        management: vec!["10.1.0.77".parse().unwrap()],
        ..LldpNeighbour::default()
    };
    let port = LldpPort {
        number: 2,
        id: Some(LldpId { subtype: 5, octets: b"GigabitEthernet1/0/2".to_vec() }),
        description: String::new(),
        number_is_if_index: false,
    };
    let lldp =
        Lldp { name: "core1-lldp".into(), ports: vec![port], neighbours: vec![row], ..Lldp::default() };
    seeing = seeing.with(Document::Lldp(lldp), Utc::now(), 3600);
    let views = vec![
        seeing,
        device(2, "core10", "10.1.0.2", 2),
        device(3, "edge-core1", "10.12.0.3", 2),
        device(4, "access4", "fd00::4", 1),
    ];
    let (map, subjects) = drawn(views);
    SearchIndex::of(&map, &subjects)
}

/// The best hits as `kind title`.
fn found(index: &SearchIndex, query: &str, limit: usize) -> Vec<String> {
    let hits = index.find(query, limit).into_iter();
    hits.map(|hit| format!("{} {}", serde_json::to_value(hit.kind).unwrap().as_str().unwrap(), hit.title))
        .collect()
}

#[test]
fn everything_people_type_is_found() {
    let index = index();
    for (query, best) in [
        ("core1.example.net", "device core1.example.net"),
        ("CORE1.EXAMPLE", "device core1.example.net"),
        ("core1-lldp", "device core1.example.net"),
        ("foc00002", "device core10.example.net"),
        ("10.1.0.1", "device core1.example.net"),
        ("fd00:0:0::4", "device access4.example.net"),
        // Chassis and interface addresses.
        ("00-1b-21-00-02-00", "device core10.example.net"),
        ("001b.2100.0202", "interface GigabitEthernet1/0/2"),
        ("uplink of access4", "interface GigabitEthernet1/0/1"),
        ("Gi1/0/3", "interface GigabitEthernet1/0/3"),
        ("10.1.0.0/24", "subnet 10.1.0.0/24"),
        ("printer7", "neighbour printer7"),
        ("10.1.0.77", "neighbour printer7"),
    ] {
        assert_eq!(found(&index, query, 1), [best], "{query}");
    }
    for query in ["nothing like it", "10.9.", "ff:ff:ff:ff:ff:ff", "\u{0}", ""] {
        assert!(found(&index, query, 10).is_empty(), "{query}");
    }
}

#[test]
fn the_better_fit_comes_first() {
    let index = index();
    // Whole, beginning, beginning of a word; the text on an interface comes after names.
    let names: Vec<String> =
        found(&index, "core1", 10).into_iter().filter(|hit| hit.starts_with("device")).collect();
    let ranked = ["device core1.example.net", "device core10.example.net", "device edge-core1.example.net"];
    assert_eq!(names, ranked);
    let addresses = found(&index, "10.1.", 10);
    assert_eq!(
        addresses,
        [
            "device core1.example.net",
            "device core10.example.net",
            "address 10.1.0.1",
            "address 10.1.0.2",
            "subnet 10.1.0.0/24",
            "neighbour printer7",
        ]
    );
    // A subnet finds what is in it.
    assert_eq!(found(&index, "10.1.0.0/16", 2), ["device core1.example.net", "device core10.example.net"]);
    assert_eq!(found(&index, "core", 2).len(), 2);
}

#[test]
fn hits_lead_to_pages() {
    let index = index();
    let hit = |query: &str| index.find(query, 1).pop().unwrap();
    let device = hit("core1.example.net");
    assert_eq!(device.url, format!("/devices/{}", device.id));
    assert_eq!(device.subtitle.as_deref(), Some("10.1.0.1, host"));
    let interface = hit("uplink of core1");
    let page = format!("/devices/{}?tab=interfaces&q=GigabitEthernet1/0/1", device.id);
    assert_eq!(interface.url, page);
    assert_eq!(interface.subtitle.as_deref(), Some("core1.example.net, uplink of core1"));
    assert!(hit("10.1.0.0/24").url.starts_with("/map?layer=l3&sel="));
    assert!(hit("printer7").url.starts_with("/map?sel="));
    assert_eq!(super::escaped("a b&c"), "a%20b%26c");
}

/// 1,000 devices of 50 interfaces; the time is printed.
#[test]
fn a_large_map_answers_at_once() {
    let views: Vec<SubjectView> = (0..1000u16)
        .map(|n| device(n, &format!("switch{n}"), &format!("10.{}.{}.1", n / 250, n % 250), 50))
        .collect();
    let (map, subjects) = drawn(views);
    let start = Instant::now();
    let index = SearchIndex::of(&map, &subjects);
    println!("index of {} entries: {:?}", index.entries.len(), start.elapsed());
    for query in ["switch77", "gi1/0/4", "i", "10.2.", "00:1b:21:00:4", "10.0.0.0/8", "nothing"] {
        let start = Instant::now();
        let hits = index.find(query, 20);
        println!("{query}: {} hits in {:?}", hits.len(), start.elapsed());
        assert_eq!(hits.len(), if query == "nothing" { 0 } else { 20 }, "{query}");
    }
}
