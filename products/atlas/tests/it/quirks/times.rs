//! Rows about what happens over time.

use std::collections::BTreeMap;

use atlas::map::{LinkState, Prior};
use model::documents::Component;
use model::{Completeness, DocumentKind, Reason, ReasonCode, Subject};

use super::Case;
use crate::net::*;

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case {
            row: 1,
            symptom: "two-part index: every row dropped, the empty result wipes stored links",
            right: "an incomplete table closes nothing: the link stays, stale, and the table is told",
            map: wiped,
            devices: &["sw1", "tplink"],
            cables: &["sw1:eth1 - tplink:port16"],
            reasons: &["table-withheld"],
        },
        Case {
            row: 16,
            symptom: "recreated container is a second collector",
            right: "recognised by its hardware and name under a new key",
            map: recreated,
            devices: &["collector"],
            cables: &[],
            reasons: &[],
        },
        Case {
            row: 20,
            symptom: "a duplicate for each restart of an agent",
            right: "one subject is one device however it changes",
            map: restarts,
            devices: &["agent-0"],
            cables: &[],
            reasons: &[],
        },
        Case {
            row: 25,
            symptom: "inventory grows by address churn",
            right: "a device at a new address is the device it was; its old address may be another one",
            map: churn,
            devices: &["laptop", "printer"],
            cables: &[],
            reasons: &[],
        },
        Case {
            row: 27,
            symptom: "moved device created again",
            right: "same id at its new address",
            map: moved,
            devices: &["ap1"],
            cables: &[],
            reasons: &[],
        },
        Case {
            row: 29,
            symptom: "deleted device never comes back",
            right: "comes back, under its id",
            map: back_again,
            devices: &["sw1"],
            cables: &[],
            reasons: &[],
        },
        Case {
            row: 38,
            symptom: "re-cabled port keeps its old link",
            right: "the port's new link ends the old one, which is kept as gone",
            map: recabled,
            devices: &["sw1", "sw2", "sw3"],
            cables: &["sw1:eth1 - sw3:eth1"],
            reasons: &[],
        },
        Case {
            row: 43,
            symptom: "moved station stays on its old port",
            right: "the old place is gone, the new one is drawn",
            map: moved_station,
            devices: &["host", "sw1", "sw2"],
            cables: &["host:eth0 - sw2:p3", "sw1:p1 - sw2:p1"],
            reasons: &[],
        },
    ]
}

fn no_pins() -> BTreeMap<uuid::Uuid, atlas::map::Position> {
    BTreeMap::new()
}

fn wiped() -> atlas::Map {
    let mut tplink = Agent::new(1, "tplink", "10.0.0.1").ports(["port15", "port16"]).with_lldp();
    let mut sw1 = Agent::new(2, "sw1", "10.0.0.2").ports(["eth1"]).with_lldp();
    lldp_cable(&mut tplink, "port16", &mut sw1, "eth1");
    let first = build(&[&tplink, &sw1]);
    for agent in [&mut tplink, &mut sw1] {
        agent.lldp.as_mut().unwrap().neighbours.clear();
        agent.seen = later(300);
    }
    let mut list = views(&[&tplink, &sw1]);
    for view in &mut list {
        let held = view.documents.get_mut(&DocumentKind::Lldp).unwrap();
        let reason = Reason::new(ReasonCode::TableWithheld, "1 row declared, none read");
        held.completeness = Completeness { declared: Some(1), ..Completeness::partial(0, reason) };
    }
    let map = build_views(&list, &first.to_prior(no_pins()), later(301));
    assert_eq!(link_of(&map, "sw1:eth1 - tplink:port16").state, LinkState::Stale);
    map
}

fn recreated() -> atlas::Map {
    let mut collector = Agent::new(1, "collector", "10.0.0.1").ports(["eth0", "eth1"]);
    collector.address("eth0", "10.0.0.1/24");
    let mut view = collector.views().remove(0);
    view.subject = Subject::new("host", "container-1111");
    let first = build_views(std::slice::from_ref(&view), &Prior::default(), now());
    view.subject = Subject::new("host", "container-2222");
    let second = build_views(&[view], &first.to_prior(no_pins()), later(60));
    assert_eq!(first.entities[0].id, second.entities[0].id);
    second
}

fn restarts() -> atlas::Map {
    let mut map = build_views(&[], &Prior::default(), now());
    let mut ids = std::collections::BTreeSet::new();
    for restart in 0..40u16 {
        // A new address, a new engine, new interface MACs, a new boot: the pod is the same.
        let mut agent = Agent::new(1000 + restart, "agent-0", "-").ports(["eth0"]);
        agent.local_macs = true;
        agent.address("eth0", &format!("10.42.0.{}/24", restart + 2));
        agent.seen = later(i64::from(restart) * 60);
        let mut view = agent.views().remove(0);
        view.subject = Subject::new("host", "pod/agent-0");
        map = build_views(&[view], &map.to_prior(no_pins()), later(i64::from(restart) * 60));
        ids.extend(map.entities.iter().map(|entity| entity.id));
    }
    assert_eq!(ids.len(), 1);
    map
}

fn churn() -> atlas::Map {
    let mut map = build_views(&[], &Prior::default(), now());
    let mut seen: BTreeMap<String, std::collections::BTreeSet<uuid::Uuid>> = BTreeMap::new();
    for day in 0..20u16 {
        let make = |number: u16, name: &str, last: u16| {
            let mut agent = Agent::new(number, name, &format!("10.0.0.{last}")).ports(["eth0"]);
            agent.address("eth0", &format!("10.0.0.{last}/24"));
            agent.seen = later(i64::from(day) * 3600);
            agent
        };
        // They take each other's addresses, too.
        let (laptop, printer) = (make(1, "laptop", 10 + day % 7), make(2, "printer", 10 + (day + 1) % 7));
        map =
            build_views(&views(&[&laptop, &printer]), &map.to_prior(no_pins()), later(i64::from(day) * 3600));
        for entity in &map.entities {
            seen.entry(entity.name.clone()).or_default().insert(entity.id);
        }
    }
    assert!(seen.values().all(|ids| ids.len() == 1), "{seen:?}");
    map
}

fn moved() -> atlas::Map {
    let mut ap1 = Agent::new(1, "ap1", "10.0.0.5").ports(["eth0"]);
    ap1.hardware = vec![Component { index: 1, class: 3, serial: "AP00123".into(), ..Component::default() }];
    let first = build(&[&ap1]);
    ap1.asked = vec!["10.9.0.5".into()];
    let second = build_views(&views(&[&ap1]), &first.to_prior(no_pins()), later(3600));
    assert_eq!(first.entities[0].id, second.entities[0].id);
    second
}

fn back_again() -> atlas::Map {
    let sw1 = Agent::new(1, "sw1", "10.0.0.1").ports(["eth1", "eth2"]);
    let first = build(&[&sw1]);
    let without = build_views(&[], &first.to_prior(no_pins()), later(3600));
    assert!(without.entities.is_empty());
    let again = build_views(&views(&[&sw1]), &without.to_prior(no_pins()), later(7200));
    assert_eq!(first.entities[0].id, again.entities[0].id);
    again
}

fn recabled() -> atlas::Map {
    let make = |number: u16| {
        Agent::new(number, &format!("sw{number}"), &format!("10.0.0.{number}")).ports(["eth1"]).with_lldp()
    };
    let (mut sw1, mut sw2, sw3) = (make(1), make(2), make(3));
    lldp_cable(&mut sw1, "eth1", &mut sw2, "eth1");
    let first = build(&[&sw1, &sw2, &sw3]);
    // sw2 does not answer any more, so its old row stays; sw1 was plugged into sw3.
    let (mut sw1, mut sw3) = (make(1), sw3);
    lldp_cable(&mut sw1, "eth1", &mut sw3, "eth1");
    (sw1.seen, sw3.seen) = (later(900), later(900));
    let map = build_views(&views(&[&sw1, &sw2, &sw3]), &first.to_prior(no_pins()), later(900));
    assert_eq!(link_of(&map, "sw1:eth1 - sw2:eth1").state, LinkState::Gone);
    assert_eq!(link_of(&map, "sw1:eth1 - sw3:eth1").state, LinkState::Up);
    map
}

fn moved_station() -> atlas::Map {
    let at = |old: bool| {
        let mut sw1 = Agent::new(1, "sw1", "10.0.0.1").ports(["p1", "p2"]);
        let mut sw2 = Agent::new(2, "sw2", "10.0.0.2").ports(["p1", "p2", "p3"]);
        sw1.bridging(&["p1", "p2"]);
        sw2.bridging(&["p1", "p2", "p3"]);
        let host = Agent::new(3, "host", "10.0.0.3").ports(["eth0"]);
        let (own1, own2) = (sw1.mac(0), sw2.mac(0));
        sw1.learn("p1", own2).learn(if old { "p2" } else { "p1" }, host.mac(1));
        sw2.learn("p1", own1).learn(if old { "p1" } else { "p3" }, host.mac(1));
        [sw1, sw2, host]
    };
    let before = at(true);
    let first = build(&before.each_ref());
    assert_eq!(cables(&first), ["host:eth0 - sw1:p2", "sw1:p1 - sw2:p1"]);
    let mut after = at(false);
    for agent in &mut after {
        agent.seen = later(300);
    }
    let map = build_views(&views(&after.each_ref()), &first.to_prior(no_pins()), later(301));
    assert_eq!(link_of(&map, "host:eth0 - sw1:p2").state, LinkState::Gone);
    map
}
