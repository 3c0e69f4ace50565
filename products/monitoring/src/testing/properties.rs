//! Readers survive any agent, and equal content makes equal documents.

use std::collections::BTreeMap;

use proptest::prelude::*;
use snmp::{Oid, Value};

use super::agent::{Fixture, read};
use crate::snmp::tables;

/// Every column that is read, so that random objects hit the readers.
fn columns() -> Vec<Oid> {
    let roots = [
        tables::interfaces::ROOTS,
        tables::addresses::ROOTS,
        tables::neighbours::ROOTS,
        tables::lldp::ROOTS,
        tables::cdp::ROOTS,
        tables::bridge::ROOTS,
        tables::fdb::ROOTS,
        tables::vlans::ROOTS,
        tables::stp::ROOTS,
        tables::lag::ROOTS,
        tables::entity::ROOTS,
        tables::ospf::ROOTS,
        tables::bgp::ROOTS,
        tables::isis::ROOTS,
        tables::vrrp::ROOTS,
        tables::routes::ROOTS,
    ];
    roots.concat()
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<i32>().prop_map(Value::Integer),
        any::<u32>().prop_map(Value::Gauge32),
        proptest::collection::vec(any::<u8>(), 0..24).prop_map(Value::OctetString),
        any::<[u8; 4]>().prop_map(|octets| Value::IpAddress(octets.into())),
        proptest::collection::vec(0..400u32, 0..16).prop_map(|arcs| Value::Oid(Oid::new(&arcs))),
        any::<u64>().prop_map(Value::Counter64),
    ]
}

fn objects() -> impl Strategy<Value = BTreeMap<Oid, Value>> {
    let arc = prop_oneof![4 => 0..8u32, 2 => 0..256u32, 1 => any::<u32>()];
    let object =
        (proptest::sample::select(columns()), 1..20u32, proptest::collection::vec(arc, 0..22), value())
            .prop_map(|(root, column, index, value)| (root.child(column).join(&index), value));
    proptest::collection::vec(object, 0..120).prop_map(|objects| objects.into_iter().collect())
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn any_agent_is_survived_and_read_alike_twice(objects in objects()) {
        let fixture = Fixture { objects, ..Fixture::default() };
        let documents = || {
            let mut readings: Vec<_> = block_on(read(&fixture)).into_iter().map(|timed| timed.reading).collect();
            readings.sort_by_key(|reading| reading.kind);
            readings
        };
        let (first, second) = (documents(), documents());
        prop_assert_eq!(first.len(), second.len());
        for (a, b) in first.iter().zip(&second) {
            prop_assert_eq!(&a.completeness, &b.completeness);
            let text = serde_json::to_string(&a.document).unwrap();
            prop_assert_eq!(&text, &serde_json::to_string(&b.document).unwrap());
            prop_assert!(!text.contains("\\u0000"), "{}", text);
            prop_assert!(a.completeness.complete == a.completeness.reason.is_none());
        }
    }
}
