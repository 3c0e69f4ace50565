//! Indexes of LLDP's remote tables, as agents really serve them.
//!
//! The classic table has (time mark, local port, remote index), LLDP-V2-MIB adds the destination
//! address before the remote index, and agents exist that leave the time mark out. The parts are
//! therefore told apart from the END, and the local port table settles doubtful cases.

use std::collections::BTreeSet;
use std::net::IpAddr;

use snmp::IndexReader;

/// The local port and the remote index of a row of lldpRemTable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct RowKey {
    /// lldpRemLocalPortNum, or the ifIndex in LLDP-V2-MIB.
    pub(super) port: u32,
    /// lldpRemIndex.
    pub(super) index: u32,
}

/// Reads a row's index. `ports` are the numbers of the local port table.
pub(super) fn row_key(index: &[u32], ports: &BTreeSet<u32>) -> Option<RowKey> {
    match *index {
        [port] => Some(RowKey { port, index: 0 }),
        // (port, remote index); or (time mark, port) when only that fits the local ports.
        [a, b] if !ports.contains(&a) && ports.contains(&b) => Some(RowKey { port: b, index: 0 }),
        // (time mark, port, remote index); or (port, destination, remote index) of LLDP-V2-MIB
        // without its time mark, when only that fits.
        [a, b, index] if ports.contains(&a) && !ports.contains(&b) => Some(RowKey { port: a, index }),
        // Four parts: (time mark, ifIndex, destination, remote index).
        [port, index] | [_, port, index] | [.., port, _, index] => Some(RowKey { port, index }),
        [] => None,
    }
}

/// Splits the index of lldpRemManAddrTable into the row it belongs to and the address. The parts
/// of the row are as many as `row_length`, the length of the remote table's indexes, when known.
pub(super) fn management(index: &[u32], row_length: Option<usize>) -> Option<(&[u32], IpAddr)> {
    let lengths = row_length.into_iter().chain([3, 4, 2]);
    for length in lengths {
        let Some((row, address)) = index.split_at_checked(length) else { continue };
        let mut reader = IndexReader::new(address);
        let ip = reader.family_address().and_then(|a| a.ip());
        if let (Some(ip), Some(())) = (ip, reader.finish()) {
            return Some((row, ip));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_in_every_form() {
        let ports = BTreeSet::from([7, 10, 49]);
        let key = |port, index| Some(RowKey { port, index });
        for (index, expected) in [
            (&[200, 10, 3][..], key(10, 3)),
            (&[0, 7, 1][..], key(7, 1)),
            // TP-Link: no time mark.
            (&[49, 2][..], key(49, 2)),
            // no remote index.
            (&[0, 49][..], key(49, 0)),
            // LLDP-V2 with destination address index.
            (&[5000, 10, 1, 4][..], key(10, 4)),
            // LLDP-V2 without the time mark.
            (&[10, 1, 4][..], key(10, 4)),
            (&[10][..], key(10, 0)),
            (&[][..], None),
        ] {
            assert_eq!(row_key(index, &ports), expected, "{index:?}");
        }
    }

    #[test]
    fn management_addresses_in_every_form() {
        let v4: IpAddr = "10.255.0.2".parse().unwrap();
        for (index, length, row) in [
            (&[200, 2, 2, 1, 4, 10, 255, 0, 2][..], Some(3), &[200, 2, 2][..]),
            (&[200, 2, 2, 1, 4, 10, 255, 0, 2][..], None, &[200, 2, 2][..]),
            (&[2, 2, 1, 4, 10, 255, 0, 2][..], Some(2), &[2, 2][..]),
            (&[200, 2, 1, 2, 1, 4, 10, 255, 0, 2][..], Some(4), &[200, 2, 1, 2][..]),
            // without the length octet.
            (&[200, 2, 2, 1, 10, 255, 0, 2][..], Some(3), &[200, 2, 2][..]),
        ] {
            assert_eq!(management(index, length), Some((row, v4)), "{index:?}");
        }
        let v6: Vec<u32> = [200, 2, 2, 2, 16]
            .into_iter()
            .chain("fd00:255::2".parse::<std::net::Ipv6Addr>().unwrap().octets().map(u32::from))
            .collect();
        assert_eq!(management(&v6, Some(3)), Some((&v6[..3], "fd00:255::2".parse().unwrap())));
        // a MAC address is no management address to ask.
        assert_eq!(management(&[200, 2, 2, 6, 6, 0, 27, 33, 1, 2, 3], Some(3)), None);
    }
}
