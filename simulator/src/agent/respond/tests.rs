use std::sync::Arc;

use snmp::{ErrorStatus, Oid, Value};

use super::*;
use crate::options::{LameChoice, Options};
use crate::plan::Plan;

fn world(lame: LameChoice) -> World {
    let options = Options { devices: 120, lame, ..Options::default() };
    World::new(Arc::new(Plan::generate(&options).unwrap())).unwrap()
}

fn ask(world: &World, address: Ipv4Addr, version: Version, community: &str, pdu: Pdu) -> Option<Pdu> {
    let datagram = Message::new(version, community, pdu).encode().unwrap();
    let mut out = Vec::new();
    match world.handle(address, &datagram, &mut out) {
        Outcome::Silent => None,
        _ => Message::decode(&out).ok().map(|message| message.pdu),
    }
}

fn oid(text: &str) -> Oid {
    text.parse().unwrap()
}

fn lame(world: &World, kind: Lame) -> Ipv4Addr {
    world.plan.devices.iter().find(|device| device.is(kind)).unwrap().address
}

#[test]
fn get_answers_values_and_exceptions() {
    let world = world(LameChoice::None);
    let device = &world.plan.devices[0];
    let names = ["1.3.6.1.2.1.1.5.0", "1.3.6.1.2.1.1.3.0", "1.3.6.1.2.1.1.99.0"].map(oid);
    let answer = ask(&world, device.address, Version::V2c, "public", Pdu::get(7, names.clone())).unwrap();
    assert_eq!(answer.request_id, 7);
    assert_eq!(answer.varbinds[0].value, Value::from(device.full_name()));
    let Value::TimeTicks(ticks) = answer.varbinds[1].value else { panic!("{answer:?}") };
    assert!(ticks / 100 >= device.uptime && ticks / 100 < device.uptime + 100);
    assert_eq!(answer.varbinds[2].value, Value::NoSuchObject);
    let answer = ask(&world, device.address, Version::V1, "public", Pdu::get(8, names)).unwrap();
    assert_eq!((answer.error_status, answer.error_index), (ErrorStatus::NoSuchName, 3));
    assert!(ask(&world, device.address, Version::V2c, "wrong", Pdu::get(9, [oid("1.3.6")])).is_none());
    let set = Pdu::set(10, vec![snmp::VarBind::new(oid("1.3.6.1.2.1.1.5.0"), "x")]);
    let answer = ask(&world, device.address, Version::V2c, "public", set).unwrap();
    assert_eq!(answer.error_status, ErrorStatus::NotWritable);
}

/// The whole view by GETNEXT equals the whole view by GETBULK, and no message is too long.
#[test]
fn walks_agree() {
    let world = world(LameChoice::None);
    let address = world.plan.devices[3].address;
    let mut single = Vec::new();
    let mut name = oid("0.0");
    while let Some(binding) = ask(&world, address, Version::V2c, "public", Pdu::get_next(1, [name.clone()]))
        .map(|pdu| pdu.varbinds[0].clone())
        .filter(|binding| binding.value != Value::EndOfMibView)
    {
        assert!(binding.name > name);
        name = binding.name.clone();
        single.push(binding.name);
    }
    let mut bulk = Vec::new();
    let mut name = oid("0.0");
    'walk: loop {
        let datagram = Message::new(Version::V2c, "public", Pdu::get_bulk(1, 0, 1_000, [name.clone()]))
            .encode()
            .unwrap();
        let mut out = Vec::new();
        assert_eq!(world.handle(address, &datagram, &mut out), Outcome::Send);
        assert!(out.len() <= 1_472);
        for binding in Message::decode(&out).unwrap().pdu.varbinds {
            if binding.value == Value::EndOfMibView {
                break 'walk;
            }
            name = binding.name.clone();
            bulk.push(binding.name);
        }
    }
    assert_eq!(single.len(), world.tables(3).main.len());
    assert_eq!(single, bulk);
}

#[test]
fn version_one_sees_no_counter64() {
    let world = world(LameChoice::None);
    let answer = ask(
        &world,
        world.plan.devices[0].address,
        Version::V1,
        "public",
        Pdu::get_next(1, [oid("1.3.6.1.2.1.31.1.1.1.5.4294967295")]),
    )
    .unwrap();
    assert!(answer.varbinds[0].name.starts_with(&oid("1.3.6.1.2.1.31.1.1.1.14")), "{answer:?}");
}

#[test]
fn lame_agents_are_lame() {
    let world = world(LameChoice::All);
    let bulk = |base: &str| Pdu::get_bulk(1, 0, 20, [oid(base)]);
    let v2c = |kind, pdu| ask(&world, lame(&world, kind), Version::V2c, "public", pdu);
    for kind in [Lame::Silent, Lame::WrongCommunity, Lame::V3Only, Lame::V1Only] {
        assert!(v2c(kind, bulk("1.3.6")).is_none(), "{}", kind.name());
    }
    let one = Pdu::get(1, [oid("1.3.6.1.2.1.1.1.0")]);
    assert!(ask(&world, lame(&world, Lame::V1Only), Version::V1, "public", one.clone()).is_some());
    assert_eq!(v2c(Lame::OneRowBulk, bulk("1.3.6")).unwrap().varbinds.len(), 1);
    assert_eq!(v2c(Lame::GenErr, bulk("1.3.6.1.2.1.17.7.1.2")).unwrap().error_status, ErrorStatus::GenErr);
    let many: Vec<Oid> = std::iter::repeat_n(oid("1.3.6.1.2.1.1.1.0"), 10).collect();
    assert_eq!(v2c(Lame::SmallMessages, Pdu::get(1, many)).unwrap().error_status, ErrorStatus::TooBig);
    assert!(v2c(Lame::TruncatedPdu, bulk("1.3.6.1.2.1.4.22.1.1")).is_none());
    assert!(v2c(Lame::TruncatedPdu, one.clone()).is_some());
    let lossy: Vec<bool> = (0..10).map(|_| v2c(Lame::Lossy, one.clone()).is_some()).collect();
    assert_eq!(lossy.iter().filter(|answered| !**answered).count(), 2);
    let mut datagram = Vec::new();
    let slow = lame(&world, Lame::Slow);
    let request = Message::new(Version::V2c, "public", one.clone()).encode().unwrap();
    assert_eq!(world.handle(slow, &request, &mut datagram), Outcome::SendAfter(SLOW));
    let odd = lame(&world, Lame::WrongRequestId);
    let outcomes: Vec<bool> =
        (0..3).map(|_| matches!(world.handle(odd, &request, &mut datagram), Outcome::SendTwo(_))).collect();
    assert_eq!(outcomes, [false, false, true]);
    // The forwarding table is in the contexts only.
    let contexts = lame(&world, Lame::VlanContexts);
    let fdb = |community: &str| {
        ask(&world, contexts, Version::V2c, community, bulk("1.3.6.1.2.1.17.4.3.1.2")).map(|pdu| {
            let below = oid("1.3.6.1.2.1.17.4.3.1.2");
            pdu.varbinds.iter().filter(|binding| binding.name.starts_with(&below)).count()
        })
    };
    assert_eq!(fdb("public"), Some(0));
    assert!(fdb("public@10").unwrap() > 0);
    assert_eq!(fdb("public@7"), None);
}

#[test]
fn the_lame_walks_of_lldp() {
    let world = world(LameChoice::All);
    let remote = oid("1.0.8802.1.1.2.1.4.1.1");
    let walk = |kind: Lame| {
        let mut walk = snmp::walk::Walk::new(
            &[remote.child(4), remote.child(7), remote.child(12)],
            snmp::walk::WalkLimits::default(),
        );
        let mut id = 0;
        while let Some(pdu) = walk.next_request(id) {
            match ask(&world, lame(&world, kind), Version::V2c, "public", pdu) {
                Some(answer) => {
                    walk.on_response(&answer);
                }
                None => walk.on_timeout(),
            }
            id += 1;
            assert!(id < 1_000);
        }
        walk.finish()
    };
    assert!(walk(Lame::NonAscending).rows.len() >= 2);
    assert!(!walk(Lame::Backwards).rows.is_empty());
    assert_eq!(walk(Lame::CutShort).rows.len(), 1);
    assert_eq!(walk(Lame::EmptyTables).rows.len(), 0);
    assert_eq!(walk(Lame::LldpV2Only).rows.len(), 0);
    assert!(walk(Lame::LldpTwoPart).rows.keys().all(|index| index.len() == 2));
    assert!(walk(Lame::GhostRows).rows.len() > 4);
}
