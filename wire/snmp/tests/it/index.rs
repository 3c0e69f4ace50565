//! Indexes of tables discovery reads.

use std::net::IpAddr;

use snmp::{IndexAddress, IndexReader};

fn ip(text: &str) -> IndexAddress {
    IndexAddress::Ip { address: text.parse::<IpAddr>().expect("address"), zone: None }
}

#[test]
fn lldp_indexes_are_read_from_their_end() {
    // Time mark, local port, remote index; older agents leave the time mark out (quirks 1 and 7).
    for index in [&[0, 12, 3][..], &[12, 3], &[5, 0, 12, 3]] {
        let mut reader = IndexReader::new(index);
        assert_eq!((reader.last_u32(), reader.last_u32()), (Some(3), Some(12)));
    }
}

#[test]
fn lldp_management_addresses() {
    let cases: [(&[u32], Option<IndexAddress>); 6] = [
        (&[1, 4, 10, 0, 0, 1], Some(ip("10.0.0.1"))),
        (&[1, 10, 0, 0, 1], Some(ip("10.0.0.1"))),
        (&[2, 16, 0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9], Some(ip("fe80::9"))),
        (&[6, 6, 0, 1, 2, 3, 4, 5], Some(IndexAddress::Other { kind: 6, octets: vec![0, 1, 2, 3, 4, 5] })),
        (&[1, 4, 10, 0], None),
        (&[1, 4, 10, 0, 0, 256], None),
    ];
    for (index, expected) in cases {
        let mut reader = IndexReader::new(index);
        assert_eq!(reader.family_address(), expected, "{index:?}");
        assert_eq!(reader.finish().is_some(), expected.is_some(), "a failed read takes nothing");
    }
}

#[test]
fn inet_addresses() {
    // ipNetToPhysicalTable: ifIndex, type, length, octets.
    let mut reader = IndexReader::new(&[7, 1, 4, 192, 0, 2, 1, 99]);
    assert_eq!(reader.u32(), Some(7));
    assert_eq!(reader.inet_address(), Some(ip("192.0.2.1")));
    assert_eq!(reader.rest(), [99]);
    let zoned = IndexReader::new(&[3, 8, 169, 254, 0, 1, 0, 0, 0, 5]).inet_address();
    let address = "169.254.0.1".parse().expect("address");
    assert_eq!(zoned, Some(IndexAddress::Ip { address, zone: Some(5) }));
    let name = IndexReader::new(&[16, 2, 104, 105]).inet_address();
    assert_eq!(name, Some(IndexAddress::Other { kind: 16, octets: b"hi".to_vec() }));
    assert_eq!(IndexReader::new(&[1, u32::MAX, 1]).inet_address(), None);
}

#[test]
fn bridge_tables() {
    // dot1qTpFdbTable: FDB id, MAC. ipNetToMediaTable: ifIndex, IPv4.
    let mut reader = IndexReader::new(&[100, 0, 80, 86, 1, 2, 3]);
    assert_eq!(reader.clone().last_mac(), Some([0, 80, 86, 1, 2, 3]));
    assert_eq!(
        (reader.u32(), reader.mac(), reader.finish()),
        (Some(100), Some([0, 80, 86, 1, 2, 3]), Some(()))
    );
    let mut reader = IndexReader::new(&[3, 10, 1, 2, 3]);
    assert_eq!((reader.last_ipv4(), reader.remaining()), (Some([10, 1, 2, 3].into()), 1));
    let mut reader = IndexReader::new(&[2, 104, 105, 3, 1, 3, 6, 9]);
    assert_eq!(reader.prefixed_octets(), Some(b"hi".to_vec()));
    assert_eq!(reader.prefixed_arcs(), Some(&[1, 3, 6][..]));
    assert_eq!((reader.mac(), reader.ipv4(), reader.octets(1)), (None, None, Some(vec![9])));
}
