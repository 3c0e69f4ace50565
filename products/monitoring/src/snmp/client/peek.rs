//! Finds the message id in a datagram without decoding the rest.

const INTEGER: u8 = 0x02;
const SEQUENCE: u8 = 0x30;

/// The request id of an SNMPv1 or v2c message, the msgID of an SNMPv3 message.
pub(super) fn message_id(datagram: &[u8]) -> Option<i32> {
    let (SEQUENCE, message, _) = element(datagram)? else { return None };
    let (INTEGER, version, rest) = element(message)? else { return None };
    let (_, second, rest) = element(rest)?;
    // SNMPv3: the header data begin with msgID. Before: the community, then the PDU.
    let holder = if version == [3] { second } else { element(rest)?.1 };
    let (INTEGER, id, _) = element(holder)? else { return None };
    integer(id)
}

/// Tag, contents, and what follows.
fn element(data: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (tag, rest) = data.split_first()?;
    let (first, mut rest) = rest.split_first()?;
    let mut length = usize::from(*first);
    if length > 127 {
        let count = length & 127;
        if count == 0 || count > 4 {
            return None;
        }
        let (octets, behind) = rest.split_at_checked(count)?;
        length = octets.iter().fold(0, |length, octet| length << 8 | usize::from(*octet));
        rest = behind;
    }
    let (contents, behind) = rest.split_at_checked(length)?;
    Some((*tag, contents, behind))
}

fn integer(octets: &[u8]) -> Option<i32> {
    if octets.is_empty() || octets.len() > 5 {
        return None;
    }
    let negative = octets.first().is_some_and(|first| first & 0x80 != 0);
    let start = if negative { -1i64 } else { 0 };
    i32::try_from(octets.iter().fold(start, |value, octet| value << 8 | i64::from(*octet))).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use snmp::{Message, Oid, Pdu, Version};

    use super::*;

    proptest! {
        #[test]
        fn finds_the_request_id(id: i32, community in proptest::collection::vec(any::<u8>(), 0..200)) {
            let pdu = Pdu::get(id, [Oid::from([1, 3, 6, 1, 2, 1, 1, 1, 0])]);
            let datagram = Message::new(Version::V2c, community, pdu).encode().unwrap();
            prop_assert_eq!(message_id(&datagram), Some(id));
        }

        #[test]
        fn any_bytes_are_survived(datagram in proptest::collection::vec(any::<u8>(), 0..100)) {
            message_id(&datagram);
        }
    }
}
