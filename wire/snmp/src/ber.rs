//! The part of BER (X.690) that SNMP uses: definite lengths and one-byte tags.
//!
//! The reader is strict about bounds and tolerant about form: it takes non-minimal lengths and
//! integers, and unsigned values with a superfluous or a missing leading zero byte, because real
//! agents send all of these. The writer always produces the shortest form.

use std::net::Ipv4Addr;

use crate::oid::MAX_ARCS;
use crate::{Oid, Value};

/// INTEGER.
pub(crate) const INTEGER: u8 = 0x02;
/// OCTET STRING.
pub(crate) const OCTET_STRING: u8 = 0x04;
/// NULL.
pub(crate) const NULL: u8 = 0x05;
/// OBJECT IDENTIFIER.
pub(crate) const OBJECT_IDENTIFIER: u8 = 0x06;
/// SEQUENCE, SEQUENCE OF.
pub(crate) const SEQUENCE: u8 = 0x30;
/// IpAddress.
pub(crate) const IP_ADDRESS: u8 = 0x40;
/// TimeTicks.
pub(crate) const TIME_TICKS: u8 = 0x43;

const BOOLEAN: u8 = 0x01;
const BIT_STRING: u8 = 0x03;
const COUNTER32: u8 = 0x41;
const GAUGE32: u8 = 0x42;
const OPAQUE: u8 = 0x44;
const NSAP_ADDRESS: u8 = 0x45; // RFC 1442, obsolete, still sent
const COUNTER64: u8 = 0x46;
const UINTEGER32: u8 = 0x47; // RFC 1442, obsolete, still sent
const NO_SUCH_OBJECT: u8 = 0x80;
const NO_SUCH_INSTANCE: u8 = 0x81;
const END_OF_MIB_VIEW: u8 = 0x82;

/// Longest integer content taken, counting superfluous leading bytes.
const MAX_INTEGER_BYTES: usize = 16;

/// Why bytes are no SNMP message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// An element says it is longer than what is left of its container.
    #[error("the message ends inside an element")]
    Truncated,
    /// The indefinite form, or a length of more than 32 bits.
    #[error("an element's length is in a form SNMP does not use")]
    LengthForm,
    /// Another type than the message format has at this place.
    #[error("found type 0x{found:02x} where type 0x{wanted:02x} belongs")]
    UnexpectedTag {
        /// Tag of the format.
        wanted: u8,
        /// Tag in the message.
        found: u8,
    },
    /// A type no SNMP value has.
    #[error("type 0x{0:02x} is no SNMP value")]
    UnknownValue(u8),
    /// A type no SNMP PDU has.
    #[error("type 0x{0:02x} is no SNMP PDU")]
    UnknownPdu(u8),
    /// An integer of more than 16 bytes.
    #[error("an integer is too long")]
    IntegerLength,
    /// An OID with an arc above 2^32 - 1, an unfinished arc, or more than 128 arcs.
    #[error("an object identifier is malformed")]
    BadOid,
    /// A version this function does not read.
    #[error("SNMP version number {0} is not handled here")]
    Version(i32),
    /// A field of the SNMPv3 header is outside its range (RFC 3412 section 6).
    #[error("SNMPv3 header field {0} is out of range")]
    HeaderField(&'static str),
}

/// Why a message cannot be put into bytes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EncodeError {
    /// The first two arcs are not 0.0-39, 1.0-39 or 2.x, or there are more than 128 arcs.
    #[error("{0} cannot be encoded: it must start with 0.0-39, 1.0-39 or 2, and have at most 128 arcs")]
    Oid(Oid),
}

/// Reads elements one after another from a slice.
#[derive(Debug, Clone)]
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// Bytes not read yet.
    pub(crate) fn remaining(&self) -> usize {
        self.rest.len()
    }

    /// The bytes not read yet.
    pub(crate) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    fn byte(&mut self) -> Result<u8, DecodeError> {
        let (first, rest) = self.rest.split_first().ok_or(DecodeError::Truncated)?;
        self.rest = rest;
        Ok(*first)
    }

    fn length(&mut self) -> Result<usize, DecodeError> {
        let first = self.byte()?;
        if first < 0x80 {
            return Ok(usize::from(first));
        }
        let count = first & 0x7f;
        if count == 0 {
            return Err(DecodeError::LengthForm);
        }
        let mut length: u32 = 0;
        for _ in 0..count {
            if length >> 24 != 0 {
                return Err(DecodeError::LengthForm);
            }
            length = length << 8 | u32::from(self.byte()?);
        }
        usize::try_from(length).map_err(|_| DecodeError::LengthForm)
    }

    /// The next element: its tag and its content.
    pub(crate) fn element(&mut self) -> Result<(u8, &'a [u8]), DecodeError> {
        let tag = self.byte()?;
        let length = self.length()?;
        let (content, rest) = self.rest.split_at_checked(length).ok_or(DecodeError::Truncated)?;
        self.rest = rest;
        Ok((tag, content))
    }

    /// The content of the next element, which must have this tag.
    pub(crate) fn expect(&mut self, wanted: u8) -> Result<&'a [u8], DecodeError> {
        let (found, content) = self.element()?;
        if found == wanted { Ok(content) } else { Err(DecodeError::UnexpectedTag { wanted, found }) }
    }

    pub(crate) fn sequence(&mut self) -> Result<Self, DecodeError> {
        self.expect(SEQUENCE).map(Self::new)
    }

    pub(crate) fn integer(&mut self) -> Result<i32, DecodeError> {
        Ok(integer(self.expect(INTEGER)?)? as i32)
    }

    pub(crate) fn octets(&mut self) -> Result<&'a [u8], DecodeError> {
        self.expect(OCTET_STRING)
    }

    pub(crate) fn oid(&mut self) -> Result<Oid, DecodeError> {
        oid(self.expect(OBJECT_IDENTIFIER)?)
    }

    pub(crate) fn value(&mut self) -> Result<Value, DecodeError> {
        let (tag, content) = self.element()?;
        Ok(match tag {
            INTEGER | BOOLEAN => Value::Integer(integer(content)? as i32),
            OCTET_STRING | BIT_STRING | NSAP_ADDRESS => Value::OctetString(content.to_vec()),
            NULL => Value::Null,
            OBJECT_IDENTIFIER => Value::Oid(oid(content)?),
            IP_ADDRESS => ip_address(content),
            COUNTER32 => Value::Counter32(integer(content)? as u32),
            GAUGE32 | UINTEGER32 => Value::Gauge32(integer(content)? as u32),
            TIME_TICKS => Value::TimeTicks(integer(content)? as u32),
            OPAQUE => Value::Opaque(content.to_vec()),
            COUNTER64 => Value::Counter64(integer(content)? as u64),
            NO_SUCH_OBJECT => Value::NoSuchObject,
            NO_SUCH_INSTANCE => Value::NoSuchInstance,
            END_OF_MIB_VIEW => Value::EndOfMibView,
            other => return Err(DecodeError::UnknownValue(other)),
        })
    }
}

/// Two's complement of any length, cut to the low 64 bits. The caller cuts on: 32-bit types keep
/// their low 32 bits, so `ff ff ff ff` and `00 ff ff ff ff` are the same Counter32.
fn integer(content: &[u8]) -> Result<i64, DecodeError> {
    if content.len() > MAX_INTEGER_BYTES {
        return Err(DecodeError::IntegerLength);
    }
    let negative = content.first().is_some_and(|b| b & 0x80 != 0);
    Ok(content.iter().fold(-i64::from(negative), |n, b| n << 8 | i64::from(*b)))
}

/// Four bytes; anything else an agent sends under this tag is kept as bytes.
fn ip_address(content: &[u8]) -> Value {
    match <[u8; 4]>::try_from(content) {
        Ok(address) => Value::IpAddress(Ipv4Addr::from(address)),
        Err(_) => Value::OctetString(content.to_vec()),
    }
}

/// The first sub-identifier holds two arcs; content of no bytes is taken as 0.0.
fn oid(content: &[u8]) -> Result<Oid, DecodeError> {
    let ends = content.iter().filter(|b| **b & 0x80 == 0).count();
    let finished = content.last().is_none_or(|b| b & 0x80 == 0);
    let count = ends.max(1) + 1;
    if !finished || count > MAX_ARCS {
        return Err(DecodeError::BadOid);
    }
    Oid::try_filled(count, |arcs| sub_identifiers(content, arcs))
}

/// Fills `arcs`, which is as long as there are arcs in `content`.
fn sub_identifiers(content: &[u8], arcs: &mut [u32]) -> Result<(), DecodeError> {
    let Some(([root, second], rest)) = arcs.split_first_chunk_mut() else { return Err(DecodeError::BadOid) };
    let mut slots = rest.iter_mut();
    let mut first = true;
    let mut value: u64 = 0;
    for byte in content {
        value = value << 7 | u64::from(byte & 0x7f);
        if value > u64::from(u32::MAX) + 80 {
            return Err(DecodeError::BadOid);
        }
        if byte & 0x80 != 0 {
            continue;
        }
        let arc = if first {
            first = false;
            *root = (value / 40).min(2) as u32;
            value -= u64::from(*root) * 40;
            &mut *second
        } else {
            slots.next().ok_or(DecodeError::BadOid)?
        };
        *arc = u32::try_from(value).map_err(|_| DecodeError::BadOid)?;
        value = 0;
    }
    Ok(())
}

/// Writes elements from the last to the first: a container's length is known when its header is
/// written, so nothing is measured twice or moved.
#[derive(Debug, Default)]
pub(crate) struct Writer {
    reversed: Vec<u8>,
}

impl Writer {
    pub(crate) fn with_capacity(bytes: usize) -> Self {
        Self { reversed: Vec::with_capacity(bytes) }
    }

    /// The place to give to [`Writer::wrap`] before a container's content is written. Also the
    /// distance of what was written last from the end of the finished message.
    pub(crate) fn mark(&self) -> usize {
        self.reversed.len()
    }

    /// Puts everything written since `mark` into an element.
    pub(crate) fn wrap(&mut self, tag: u8, mark: usize) {
        let length = self.reversed.len() - mark;
        self.header(tag, length);
    }

    fn header(&mut self, tag: u8, length: usize) {
        if length < 0x80 {
            self.reversed.push(length as u8);
        } else {
            let bytes = length.to_be_bytes();
            let used = bytes.len() - (length.leading_zeros() / 8) as usize;
            self.reversed.extend(bytes.iter().rev().take(used));
            self.reversed.push(0x80 | used as u8);
        }
        self.reversed.push(tag);
    }

    /// Bytes as they are.
    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        self.reversed.extend(bytes.iter().rev());
    }

    pub(crate) fn primitive(&mut self, tag: u8, content: &[u8]) {
        self.raw(content);
        self.header(tag, content.len());
    }

    pub(crate) fn octets(&mut self, content: &[u8]) {
        self.primitive(OCTET_STRING, content);
    }

    pub(crate) fn integer(&mut self, value: i32) {
        self.number(INTEGER, i128::from(value));
    }

    /// Any number that fits into 72 bits of two's complement.
    fn number(&mut self, tag: u8, value: i128) {
        let mark = self.mark();
        let mut rest = value;
        loop {
            let byte = rest as u8;
            self.reversed.push(byte);
            rest >>= 8;
            let sign_kept = (rest == 0 && byte & 0x80 == 0) || (rest == -1 && byte & 0x80 != 0);
            if sign_kept {
                break;
            }
        }
        self.wrap(tag, mark);
    }

    pub(crate) fn time_ticks(&mut self, value: u32) {
        self.number(TIME_TICKS, i128::from(value));
    }

    pub(crate) fn oid(&mut self, oid: &Oid) -> Result<(), EncodeError> {
        let (first, rest): (u64, &[u32]) = match oid.as_slice() {
            [] => (0, &[]),
            [root @ 0..=2] => (u64::from(*root) * 40, &[]),
            [root @ 0..=1, second @ 0..=39, rest @ ..] => (u64::from(root * 40 + second), rest),
            [2, second, rest @ ..] => (80 + u64::from(*second), rest),
            _ => return Err(EncodeError::Oid(oid.clone())),
        };
        if oid.len() > MAX_ARCS {
            return Err(EncodeError::Oid(oid.clone()));
        }
        let mark = self.mark();
        for arc in rest.iter().rev() {
            self.arc(u64::from(*arc));
        }
        self.arc(first);
        self.wrap(OBJECT_IDENTIFIER, mark);
        Ok(())
    }

    fn arc(&mut self, arc: u64) {
        let mut rest = arc;
        let mut more = 0;
        loop {
            self.reversed.push(rest as u8 & 0x7f | more);
            rest >>= 7;
            more = 0x80;
            if rest == 0 {
                break;
            }
        }
    }

    pub(crate) fn value(&mut self, value: &Value) -> Result<(), EncodeError> {
        match value {
            Value::Integer(n) => self.integer(*n),
            Value::OctetString(bytes) => self.octets(bytes),
            Value::Null => self.primitive(NULL, &[]),
            Value::Oid(oid) => self.oid(oid)?,
            Value::IpAddress(address) => self.primitive(IP_ADDRESS, &address.octets()),
            Value::Counter32(n) => self.number(COUNTER32, i128::from(*n)),
            Value::Gauge32(n) => self.number(GAUGE32, i128::from(*n)),
            Value::TimeTicks(n) => self.time_ticks(*n),
            Value::Opaque(bytes) => self.primitive(OPAQUE, bytes),
            Value::Counter64(n) => self.number(COUNTER64, i128::from(*n)),
            Value::NoSuchObject => self.primitive(NO_SUCH_OBJECT, &[]),
            Value::NoSuchInstance => self.primitive(NO_SUCH_INSTANCE, &[]),
            Value::EndOfMibView => self.primitive(END_OF_MIB_VIEW, &[]),
        }
        Ok(())
    }

    /// The message, first byte first.
    pub(crate) fn finish(mut self) -> Vec<u8> {
        self.reversed.reverse();
        self.reversed
    }
}
