//! Cables: absent, elsewhere, exchanged, through panels.

use std::sync::Arc;

use model::adoption::{PortRef, Repair};
use model::documents::{CableEnd, Crossing, IntendedDevice, IntendedPort, Passage, PortClass};
use proptest::prelude::*;
use uuid::Uuid;

use super::{LAB, Truth, cable, told};
use crate::map::LinkState;

/// The cable at a port.
fn at(truth: &mut Truth, device: &str, port: &str) -> Uuid {
    truth.port(device, port).cable.as_ref().unwrap().cable
}

fn take(truth: &mut Truth, device: &str, port: &str) {
    truth.port(device, port).cable = None;
}

#[test]
fn a_cable_too_few_and_one_too_many() {
    let mut truth = Truth::of(&LAB);
    take(&mut truth, "core1", "eth1");
    take(&mut truth, "core2", "eth1");
    assert_eq!(told(&LAB.drift(&truth)), ["cable unexpected core1.lab eth1 - core2.lab eth1"]);
}

#[test]
fn a_planned_cable_may_be_there_or_not() {
    let mut truth = Truth::of(&LAB);
    for (device, port) in [("core1", "eth1"), ("core2", "eth1")] {
        truth.port(device, port).cable.as_mut().unwrap().status = "planned".into();
    }
    assert_eq!(told(&LAB.drift(&truth)), Vec::<String>::new());
}

/// Two cables whose far ends are exchanged in the source of truth.
fn swap(truth: &mut Truth, a: (&str, &str), b: (&str, &str)) {
    let x = truth.port(a.0, a.1).cable.take();
    let y = truth.port(b.0, b.1).cable.take();
    truth.port(a.0, a.1).cable = y;
    truth.port(b.0, b.1).cable = x;
}

#[test]
fn exchanged_ends_are_one_proposal_that_puts_both_right() {
    let mut truth = Truth::of(&LAB);
    let (first, second) = (at(&mut truth, "core1", "eth1"), at(&mut truth, "core1", "eth2"));
    swap(&mut truth, ("core2", "eth1"), ("dist1", "eth1"));
    let report = LAB.drift(&truth);
    let [finding] = report.findings.as_slice() else { panic!("{:?}", told(&report)) };
    assert_eq!(finding.attr, "swapped");
    let (mut cables, mut joined) = (Vec::new(), Vec::new());
    for repair in &finding.repairs {
        let Repair::MoveCable { cable, ends } = repair else { panic!("{repair:?}") };
        let name = |end: &PortRef| {
            let device = truth.devices.values().find(|device| device.record == end.device).unwrap();
            format!("{} {}", device.name, end.interface)
        };
        let mut ends: Vec<String> = ends.iter().map(name).collect();
        ends.sort();
        cables.push(*cable);
        joined.push(ends.join(" - "));
    }
    cables.sort_unstable();
    joined.sort();
    let mut right = [first, second];
    right.sort_unstable();
    assert_eq!(cables, right);
    assert_eq!(joined, ["core1.lab eth1 - core2.lab eth1", "core1.lab eth2 - dist1.lab eth1"]);
    assert!(finding.obstacle.is_none() && finding.evidence.len() >= 6, "{finding:?}");
}

#[test]
fn a_cable_that_ends_elsewhere_is_moved() {
    // core1 eth1 should go to a free port of core2.
    let mut truth = Truth::of(&LAB);
    let record = at(&mut truth, "core1", "eth1");
    let free = IntendedPort { record: Uuid::from_u128(9), name: "eth1".into(), ..IntendedPort::default() };
    take(&mut truth, "core2", "eth1");
    let mut other =
        IntendedDevice { record: Uuid::from_u128(8), name: "spare".into(), ..IntendedDevice::default() };
    other.ports.push(IntendedPort { cable: Some(cable(record, 'B')), ..free });
    truth.devices.insert("spare".into(), other);
    let report = LAB.drift(&truth);
    assert_eq!(told(&report), ["cable misplaced ends core1.lab eth1 - spare eth1"]);
    assert!(
        matches!(report.findings[0].repairs.as_slice(), [Repair::MoveCable { .. }]),
        "{:?}",
        report.findings
    );
}

/// A panel between two ports: front to one, rear to the other.
fn panel(truth: &mut Truth, a: (&str, &str), b: (&str, &str)) {
    let (near, far) = (Uuid::from_u128(20), Uuid::from_u128(21));
    let (front, rear) = (Uuid::from_u128(22), Uuid::from_u128(23));
    truth.port(a.0, a.1).cable = Some(cable(near, 'A'));
    truth.port(b.0, b.1).cable = Some(cable(far, 'A'));
    let port = |record, class, of| IntendedPort {
        record,
        class,
        name: "1".into(),
        cable: Some(cable(of, 'B')),
        ..IntendedPort::default()
    };
    let panel = IntendedDevice {
        record: Uuid::from_u128(24),
        name: "panel".into(),
        status: "active".into(),
        ports: vec![port(front, PortClass::Front, near), port(rear, PortClass::Rear, far)],
        passages: vec![Passage { front, front_position: 1, rear, rear_position: 1 }],
        ..IntendedDevice::default()
    };
    truth.devices.insert("panel".into(), panel);
}

#[test]
fn paths_go_through_patch_panels() {
    let mut truth = Truth::of(&LAB);
    panel(&mut truth, ("core1", "eth1"), ("core2", "eth1"));
    let report = LAB.drift(&truth);
    assert_eq!(told(&report), Vec::<String>::new());
    assert_eq!(report.counts.unverifiable, 1, "nobody can ask a panel");
    let mut truth = Truth::of(&LAB);
    take(&mut truth, "core2", "eth1");
    take(&mut truth, "core1", "eth1");
    panel(&mut truth, ("core1", "eth1"), ("bsrv1", "eth0"));
    let wrong = LAB.drift(&truth);
    let all = told(&wrong);
    assert!(all.iter().any(|text| text.starts_with("cable") && text.contains(" ends ")), "{all:?}");
    assert!(wrong.findings.iter().all(|f| f.repairs.is_empty() && f.obstacle.is_some()), "{wrong:?}");
}

/// A circuit between two ports, with a cable at each of its ends.
fn circuit(truth: &mut Truth, a: (&str, &str), b: (&str, &str), active: bool) {
    let (near, far) = (Uuid::from_u128(30), Uuid::from_u128(31));
    let end = |own: Uuid, other: Uuid| CableEnd {
        circuit: Some(Crossing {
            circuit: Uuid::from_u128(32),
            name: "MPLS-1".into(),
            active,
            cable: Some(other),
            side: 'B',
        }),
        ..cable(own, 'A')
    };
    truth.port(a.0, a.1).cable = Some(end(near, far));
    truth.port(b.0, b.1).cable = Some(end(far, near));
}

#[test]
fn paths_go_over_circuits() {
    let mut truth = Truth::of(&LAB);
    circuit(&mut truth, ("core1", "eth1"), ("core2", "eth1"), true);
    let right = LAB.drift(&truth);
    assert_eq!(told(&right), Vec::<String>::new(), "the neighbours see each other over the circuit");
    let counts = LAB.drift(&Truth::of(&LAB)).counts;
    assert_eq!(right.counts.comparable, counts.comparable, "it counts as the cable it replaces");
    // The wrong port at the far end, and a circuit that is not in service.
    for (active, found) in [(true, true), (false, false)] {
        let mut truth = Truth::of(&LAB);
        take(&mut truth, "core2", "eth1");
        circuit(&mut truth, ("core1", "eth1"), ("bsrv1", "eth0"), active);
        let all = told(&LAB.drift(&truth));
        assert_eq!(all.iter().any(|text| text.contains(" ends ")), found, "{all:?}");
    }
}

#[test]
fn a_wireless_link_is_compared_and_never_rewired() {
    let mut truth = Truth::of(&LAB);
    for (device, port) in [("core1", "eth1"), ("core2", "eth1")] {
        truth.port(device, port).cable.as_mut().unwrap().wireless = true;
    }
    assert_eq!(told(&LAB.drift(&truth)), Vec::<String>::new());
    swap(&mut truth, ("core2", "eth1"), ("dist1", "eth1"));
    let report = LAB.drift(&truth);
    assert!(!report.findings.is_empty() && report.findings.iter().all(|finding| finding.repairs.is_empty()));
}

#[test]
fn a_cable_that_nobody_confirms_is_stale() {
    let mut lab = super::Lab::with(|_, _| {});
    for link in Arc::make_mut(&mut lab.map.links) {
        link.state = LinkState::Stale;
    }
    let truth = Truth::of(&LAB);
    let report = lab.drift(&truth);
    let told = told(&report);
    assert!(told.iter().all(|text| text.starts_with("cable stale freshness")), "{told:?}");
    assert!(told.contains(&"cable stale freshness core1.lab eth1 - core2.lab eth1".to_owned()), "{told:?}");
    assert!(report.findings.iter().all(|finding| finding.evidence.len() >= 3 && finding.obstacle.is_some()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// However the far ends of cables are exchanged among them: what is proposed, done, leaves no drift.
    #[test]
    fn any_exchange_is_put_right(order in Just((0..6usize).collect::<Vec<_>>()).prop_shuffle()) {
        const FAR: [(&str, &str); 6] = [
            ("core2", "eth1"), ("dist1", "eth1"), ("dist1", "eth2"), ("brr1", "eth1"), ("brr1", "eth2"), ("isp1", "eth1"),
        ];
        let mut truth = Truth::of(&LAB);
        let ends: Vec<_> = FAR.iter().map(|(device, port)| truth.port(device, port).cable.take()).collect();
        for (to, from) in order.iter().enumerate() {
            truth.port(FAR[to].0, FAR[to].1).cable.clone_from(&ends[*from]);
        }
        let report = LAB.drift(&truth);
        for repair in report.findings.iter().flat_map(|finding| &finding.repairs) {
            let Repair::MoveCable { cable: record, ends } = repair else { panic!("{repair:?}") };
            for port in truth.devices.values_mut().flat_map(|device| &mut device.ports) {
                if port.cable.as_ref().is_some_and(|end| end.cable == *record) {
                    port.cable = None;
                }
            }
            // A port that another cable still has is freed by that one's own repair.
            for (end, side) in ends.iter().zip(['A', 'B']) {
                let device = truth.devices.values_mut().find(|device| device.record == end.device).unwrap();
                let port = device.ports.iter_mut().find(|port| port.name == end.interface).unwrap();
                port.cable = Some(cable(*record, side));
            }
        }
        prop_assert_eq!(told(&LAB.drift(&truth)), Vec::<String>::new());
    }
}
