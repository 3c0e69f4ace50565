//! Writes community messages around bindings that are encoded already.

use snmp::Version;

use crate::mib::table::{Val, length_size, tag, write_length, write_oid, write_value};

/// Context tag of a Response PDU.
const RESPONSE: u8 = 0xa2;

/// Error status numbers of RFC 3416 that the agents use.
pub(crate) mod status {
    pub(crate) const NO_ERROR: i32 = 0;
    pub(crate) const TOO_BIG: i32 = 1;
    pub(crate) const NO_SUCH_NAME: i32 = 2;
    pub(crate) const GEN_ERR: i32 = 5;
    pub(crate) const NOT_WRITABLE: i32 = 17;
}

/// An answer's content.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    /// error-status.
    pub(crate) status: i32,
    /// error-index, from 1.
    pub(crate) index: i32,
    /// Encoded bindings.
    pub(crate) bindings: Vec<u8>,
}

/// Octets of a community message beside its bindings, at most.
pub(crate) fn overhead(community: &[u8]) -> usize {
    // Four headers of 4 octets, version 3, community header 3, request id 6, status 3, index 4.
    16 + 3 + 3 + community.len() + 6 + 3 + 4
}

/// Writes one binding with a bare tag as value: NULL or an exception.
pub(crate) fn write_bare(out: &mut Vec<u8>, name: &[u32], value_tag: u8) {
    let mut oid = Vec::with_capacity(name.len() * 2);
    write_oid(&mut oid, name);
    out.push(tag::SEQUENCE);
    write_length(out, 1 + length_size(oid.len()) + oid.len() + 2);
    out.push(tag::OID);
    write_length(out, oid.len());
    out.extend_from_slice(&oid);
    out.extend_from_slice(&[value_tag, 0]);
}

/// Writes a whole message over `out`.
pub(crate) fn write(out: &mut Vec<u8>, version: Version, community: &[u8], request_id: i32, answer: &Answer) {
    let mut head = Vec::with_capacity(24);
    write_value(&mut head, Val::Int(request_id));
    write_value(&mut head, Val::Int(answer.status));
    write_value(&mut head, Val::Int(answer.index));
    let list = 1 + length_size(answer.bindings.len()) + answer.bindings.len();
    let pdu = head.len() + list;
    let message = 3 + 1 + length_size(community.len()) + community.len() + 1 + length_size(pdu) + pdu;
    out.clear();
    out.reserve(message + 8);
    out.push(tag::SEQUENCE);
    write_length(out, message);
    write_value(out, Val::Int(i32::from(version != Version::V1)));
    write_value(out, Val::Bytes(community));
    out.push(RESPONSE);
    write_length(out, pdu);
    out.extend_from_slice(&head);
    out.push(tag::SEQUENCE);
    write_length(out, answer.bindings.len());
    out.extend_from_slice(&answer.bindings);
}

#[cfg(test)]
mod tests {
    use snmp::{ErrorStatus, Message, Value};

    use super::*;

    #[test]
    fn the_codec_reads_what_is_written() {
        let mut bindings = Vec::new();
        for arc in 0..40 {
            write_bare(&mut bindings, &[1, 3, 6, 1, arc * 1_000], tag::END_OF_MIB_VIEW);
        }
        let answer = Answer { status: status::NO_ERROR, index: 0, bindings };
        let mut out = Vec::new();
        write(&mut out, Version::V2c, b"public", -77, &answer);
        assert!(out.len() <= overhead(b"public") + answer.bindings.len());
        let message = Message::decode(&out).unwrap();
        assert_eq!(message.community, b"public");
        assert_eq!(message.pdu.request_id, -77);
        assert_eq!(message.pdu.error_status, ErrorStatus::NoError);
        assert_eq!(message.pdu.varbinds.len(), 40);
        assert_eq!(message.pdu.varbinds[39].value, Value::EndOfMibView);
    }
}
