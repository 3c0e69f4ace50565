//! Every row of the table of rules, the case that must be found and the cases that must not.

use model::Document;
use model::adoption::{DeviceFact, InterfaceFact, Repair};
use model::documents::{IntendedAddress, IntendedDevice, IntendedPort};
use uuid::Uuid;

use super::{LAB, Lab, Truth, told};
use crate::drift::{RULES, Severity, Side};

type Change = fn(&mut Truth);

/// A change of what is intended, and all findings it makes.
const CASES: &[(Change, &[&str])] = &[
    // Devices.
    (|truth| drop(truth.devices.remove("web1")), &["device unexpected web1.lab"]),
    (|truth| absent(truth, "10.1.20.99/24"), &["device missing ghost"]),
    (|truth| absent(truth, "203.0.113.9/24"), &[]),
    (|truth| truth.device("core1").name = "core9".into(), &["device different name core9"]),
    (|truth| truth.device("core1").name = "CORE1".into(), &[]),
    (|truth| truth.device("core1").status = "planned".into(), &["device different status core1.lab"]),
    (|truth| truth.device("core1").status = "decommissioning".into(), &[]),
    (|truth| truth.device("core1").platform = "Junos".into(), &["device different platform core1.lab"]),
    (|truth| truth.device("core1").platform = "Linux 6.1".into(), &[]),
    (|truth| truth.device("core1").platform = String::new(), &[]),
    (|truth| truth.device("core2").name = "core1.lab".into(), &["device different name core1.lab"]),
    (|truth| truth.device("core1").site = "Branch, Lisbon".into(), &["device misplaced site core1.lab"]),
    (|truth| truth.device("core1").site = "Vienna".into(), &[]),
    // Virtual machines: seen they are what they are, unseen they say nothing.
    (as_machine, &[]),
    (
        |truth| {
            absent(truth, "10.1.20.99/24");
            truth.device("ghost").virtual_machine = true;
        },
        &[],
    ),
    (twice, &["device duplicate identity core1.lab", "device duplicate identity core1.lab"]),
    // Interfaces.
    (|truth| new_port(truth, "eth77", false), &["interface missing core1.lab eth77"]),
    (|truth| new_port(truth, "ilo", true), &[]),
    (|truth| lose_port(truth, "core1", "eth3"), &["interface unexpected core1.lab eth3"]),
    (|truth| truth.port("core1", "eth1").enabled = false, &["interface different enabled core1.lab eth1"]),
    (|truth| truth.port("core1", "eth1").mtu = Some(9000), &["interface different mtu core1.lab eth1"]),
    (|truth| truth.port("core1", "eth1").mtu = None, &[]),
    (|truth| truth.port("core1", "eth1").speed_bps = Some(7), &["interface different speed core1.lab eth1"]),
    (
        |truth| truth.port("core1", "eth1").macs = vec![model::Mac([2; 6])],
        &["interface different mac core1.lab eth1"],
    ),
    (|truth| truth.port("core1", "eth1").macs.push(model::Mac([2; 6])), &[]),
    // Addresses.
    (
        |truth| drop(truth.port("core1", "eth1").addresses.pop()),
        &["address unexpected core1.lab eth1 fd00:0:12::1"],
    ),
    (|truth| new_address(truth, "10.0.12.9/30", "", "active"), &["address missing core1.lab eth1 10.0.12.9"]),
    (|truth| new_address(truth, "10.0.12.9/30", "vrrp", "active"), &[]),
    (|truth| new_address(truth, "10.0.12.9/30", "", "dhcp"), &[]),
    (longer, &["address different length core1.lab eth1 10.0.12.1"]),
    (moved, &["address misplaced interface core1.lab eth2 10.0.12.1"]),
];

fn absent(truth: &mut Truth, net: &str) {
    let net: ipnet::IpNet = net.parse().unwrap();
    let ghost = IntendedDevice {
        record: Uuid::from_u128(1),
        name: "ghost".into(),
        status: "active".into(),
        primary: vec![net.addr()],
        ..IntendedDevice::default()
    };
    truth.devices.insert("ghost".into(), ghost);
}

/// The device of the inventory is a virtual machine there, without the interfaces of its inside.
fn as_machine(truth: &mut Truth) {
    let machine = truth.device("web1");
    machine.virtual_machine = true;
    machine.ports.truncate(1);
}

fn twice(truth: &mut Truth) {
    let mut second = truth.device("core1").clone();
    second.record = Uuid::from_u128(2);
    second.ports.clear();
    truth.device("core1").ports.clear();
    truth.devices.insert("second".into(), second);
}

fn new_port(truth: &mut Truth, name: &str, management: bool) {
    let record = Uuid::from_u128(3);
    truth.device("core1").ports.push(IntendedPort {
        record,
        name: name.into(),
        management,
        ..IntendedPort::default()
    });
}

fn lose_port(truth: &mut Truth, device: &str, name: &str) {
    truth.device(device).ports.retain(|port| port.name != name);
}

fn new_address(truth: &mut Truth, net: &str, role: &str, status: &str) {
    let (net, role, status) = (net.parse().unwrap(), role.into(), status.into());
    let address = IntendedAddress { net, vrf: String::new(), role, status, record: Uuid::from_u128(4) };
    truth.port("core1", "eth1").addresses.push(address);
}

fn longer(truth: &mut Truth) {
    let address = &mut truth.port("core1", "eth1").addresses[0];
    address.net = ipnet::IpNet::new(address.net.addr(), 25).unwrap();
}

fn moved(truth: &mut Truth) {
    let address = truth.port("core1", "eth1").addresses.remove(0);
    truth.port("core1", "eth2").addresses.push(address);
}

#[test]
fn every_change_of_what_is_intended_is_found_as_what_it_is() {
    for (n, (change, right)) in CASES.iter().enumerate() {
        let mut truth = Truth::of(&LAB);
        change(&mut truth);
        let report = LAB.drift(&truth);
        // Whose device or port nobody intends has no cables there: the others are told of elsewhere.
        let told: Vec<String> = told(&report).into_iter().filter(|text| !text.starts_with("cable")).collect();
        assert_eq!(told, *right, "case {n}");
        for finding in &report.findings {
            assert!(finding.evidence.iter().any(|chip| chip.side == Side::Observed), "case {n}: {finding:?}");
            assert!(
                finding.adopts || finding.repairs.is_empty() == finding.obstacle.is_some(),
                "case {n}: it can be accepted, or says why not: {finding:?}"
            );
        }
    }
}

/// Changes of what is observed.
#[test]
fn every_change_of_what_is_observed_is_found_as_what_it_is() {
    type Observed = fn(&str, &mut Document);
    let cases: &[(Change, Observed, &[&str])] = &[
        (
            |truth| truth.port("core1", "eth1").description = "to core2".into(),
            |name, document| aliases(name, document, "to core3"),
            &["interface different description core1.lab eth1"],
        ),
        (
            |truth| truth.port("core1", "eth1").description = "to  core2 ".into(),
            |name, document| aliases(name, document, "to core2"),
            &[],
        ),
        // Agents that give no text at all do not contradict one.
        (
            |truth| truth.port("core1", "eth1").description = "to core2".into(),
            |name, document| aliases(name, document, ""),
            &[],
        ),
        (
            |truth| truth.device("core1").serial = "ABC-0001".into(),
            |name, document| serials(name, document, "XYZ-0002"),
            &["device different serial core1.lab"],
        ),
        (
            |truth| truth.device("core1").serial = "abc-0001 ".into(),
            |name, document| serials(name, document, "ABC-0001"),
            &[],
        ),
        // A second device with the address of the first: one finding for both.
        (|_| {}, claim, &["address conflict owner 10.0.12.1 on core1.lab eth1, core2.lab eth1"]),
    ];
    let mut silent = Truth::of(&LAB);
    silent.device("core1").ports.iter_mut().for_each(|port| port.description = String::new());
    for (n, (change, observe, right)) in cases.iter().enumerate() {
        let mut truth = silent.clone();
        change(&mut truth);
        let lab = Lab::with(observe);
        assert_eq!(told(&lab.drift(&truth)), *right, "case {n}");
    }
}

fn claim(name: &str, document: &mut Document) {
    if let ("core2.lab", Document::Addresses(rows)) = (name, document)
        && let Some(own) = rows.iter().find(|row| row.ip.to_string() == "10.0.12.2").cloned()
    {
        let ip = "10.0.12.1".parse().unwrap();
        rows.push(model::documents::InterfaceAddress { ip, ..own });
    }
}

/// The one finding, by its beginning and what accepting writes.
fn only(lab: &Lab, truth: &Truth, beginning: &str) -> usize {
    let report = lab.drift(truth);
    let [finding] = report.findings.as_slice() else { panic!("{:?}", told(&report)) };
    assert!(told(&report)[0].starts_with(beginning), "{:?}", told(&report));
    assert_eq!(finding.repairs.is_empty(), finding.obstacle.is_some());
    assert!(finding.evidence.len() >= 4, "both sides of both devices: {finding:?}");
    finding.repairs.len()
}

#[test]
fn what_two_devices_exchanged_is_one_finding() {
    let lab = Lab::with(|name, document| {
        let serial = match name {
            "core1.lab" => "XYZ-0002",
            "core2.lab" => "ABC-0001",
            _ => return,
        };
        serials_of(document, serial);
    });
    let mut truth = Truth::of(&LAB);
    truth.device("core1").serial = "ABC-0001".into();
    truth.device("core2").serial = "XYZ-0002".into();
    assert_eq!(only(&lab, &truth, "device conflict serial"), 2);
    let mut truth = Truth::of(&LAB);
    truth.device("core1").name = "core2.lab".into();
    truth.device("core2").name = "core1.lab".into();
    assert_eq!(only(&LAB, &truth, "device conflict name"), 0, "names are exchanged by hand");
}

fn aliases(name: &str, document: &mut Document, text: &str) {
    if let ("core1.lab", Document::Interfaces(rows)) = (name, document) {
        for row in rows {
            text.clone_into(&mut row.alias);
        }
    }
}

fn serials(name: &str, document: &mut Document, serial: &str) {
    if name == "core1.lab" {
        serials_of(document, serial);
    }
}

fn serials_of(document: &mut Document, serial: &str) {
    if let Document::System(system) = document {
        system.serial = Some(serial.to_owned());
    }
}

#[test]
fn accepting_writes_what_was_observed() {
    let mut truth = Truth::of(&LAB);
    truth.device("core1").name = "core9".into();
    truth.port("core1", "eth1").mtu = Some(9000);
    let report = LAB.drift(&truth);
    let repairs: Vec<&Repair> = report.findings.iter().flat_map(|finding| &finding.repairs).collect();
    let (device, interface) = (truth.device("core1").record, truth.port("core1", "eth1").record);
    let name = Repair::SetDevice { device, fact: DeviceFact::Name, value: "core1.lab".into() };
    let mtu = Repair::SetInterface { interface, fact: InterfaceFact::Mtu(1500) };
    assert!(repairs.len() == 2 && repairs.contains(&&name) && repairs.contains(&&mtu), "{repairs:?}");
    let severities: Vec<Severity> = report.findings.iter().map(|finding| finding.severity).collect();
    assert_eq!(severities, [Severity::Medium, Severity::Medium]);
}

#[test]
fn rules_are_told_apart_and_say_what_they_do() {
    let mut seen = std::collections::BTreeSet::new();
    for rule in RULES {
        assert!(seen.insert((rule.kind, rule.attr)), "{} {}", rule.kind.as_str(), rule.attr);
        assert!(!rule.equality.is_empty() && !rule.accept.is_empty() && !rule.types.is_empty());
        assert!(rule.frames > 0, "what was seen never cannot open");
    }
}
