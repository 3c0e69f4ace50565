//! Values and variable bindings (RFC 2578 section 7, RFC 3416 section 3).

use std::net::Ipv4Addr;

use crate::Oid;

/// The value of a variable binding: the types of SMIv2 and the three exceptions of RFC 3416.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Value {
    /// INTEGER, Integer32.
    Integer(i32),
    /// OCTET STRING: text, addresses, bit sets.
    OctetString(Vec<u8>),
    /// NULL, the value in a question.
    Null,
    /// OBJECT IDENTIFIER.
    Oid(Oid),
    /// IpAddress (always IPv4).
    IpAddress(Ipv4Addr),
    /// Counter32: wraps at 2^32.
    Counter32(u32),
    /// Gauge32 and Unsigned32, one type on the wire.
    Gauge32(u32),
    /// TimeTicks: hundredths of a second.
    TimeTicks(u32),
    /// Opaque: wrapped BER of another type.
    Opaque(Vec<u8>),
    /// Counter64: wraps at 2^64. Not in SNMPv1.
    Counter64(u64),
    /// Exception: the object does not exist for this community or context.
    NoSuchObject,
    /// Exception: the object exists, this row does not.
    NoSuchInstance,
    /// Exception: nothing follows in the whole view.
    EndOfMibView,
}

impl Value {
    /// An OCTET STRING.
    pub fn octets(bytes: impl Into<Vec<u8>>) -> Self {
        Self::OctetString(bytes.into())
    }

    /// Any numeric value that fits.
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Integer(n) => Some(i64::from(*n)),
            Self::Counter32(n) | Self::Gauge32(n) | Self::TimeTicks(n) => Some(i64::from(*n)),
            Self::Counter64(n) => i64::try_from(*n).ok(),
            _ => None,
        }
    }

    /// Any numeric value that is not negative.
    pub fn as_u64(&self) -> Option<u64> {
        match self {
            Self::Integer(n) => u64::try_from(*n).ok(),
            Self::Counter32(n) | Self::Gauge32(n) | Self::TimeTicks(n) => Some(u64::from(*n)),
            Self::Counter64(n) => Some(*n),
            _ => None,
        }
    }

    /// Any numeric value from 0 to 2^32 - 1.
    pub fn as_u32(&self) -> Option<u32> {
        self.as_u64().and_then(|n| u32::try_from(n).ok())
    }

    /// The bytes of an OCTET STRING or Opaque.
    pub fn as_bytes(&self) -> Option<&[u8]> {
        match self {
            Self::OctetString(bytes) | Self::Opaque(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// The OBJECT IDENTIFIER.
    pub fn as_oid(&self) -> Option<&Oid> {
        match self {
            Self::Oid(oid) => Some(oid),
            _ => None,
        }
    }

    /// An IpAddress, or an OCTET STRING of four bytes (what some agents send instead).
    pub fn as_ipv4(&self) -> Option<Ipv4Addr> {
        match self {
            Self::IpAddress(address) => Some(*address),
            Self::OctetString(bytes) => <[u8; 4]>::try_from(bytes.as_slice()).ok().map(Ipv4Addr::from),
            _ => None,
        }
    }

    /// An OCTET STRING as text for people: UTF-8 (Latin-1 when it is not valid UTF-8), cut at the
    /// first NUL, control characters other than line breaks and tabs removed, trimmed. Never
    /// contains a NUL, so it can be stored as it is.
    pub fn text(&self) -> Option<String> {
        let Self::OctetString(bytes) = self else { return None };
        let cut = bytes.split(|b| *b == 0).next().unwrap_or_default();
        let keep = |c: &char| !c.is_control() || matches!(c, '\n' | '\r' | '\t');
        let text: String = match std::str::from_utf8(cut) {
            Ok(utf8) => utf8.chars().filter(keep).collect(),
            Err(_) => cut.iter().map(|b| char::from(*b)).filter(keep).collect(),
        };
        Some(text.trim().to_owned())
    }

    /// net-snmp's float and double, which travel inside an Opaque (tags 9F78 and 9F79).
    pub fn as_f64(&self) -> Option<f64> {
        let Self::Opaque(bytes) = self else { return None };
        match bytes.as_slice() {
            [0x9f, 0x78, 4, rest @ ..] => rest.try_into().ok().map(|b| f64::from(f32::from_be_bytes(b))),
            [0x9f, 0x79, 8, rest @ ..] => rest.try_into().ok().map(f64::from_be_bytes),
            _ => None,
        }
    }

    /// True for noSuchObject, noSuchInstance and endOfMibView.
    pub fn is_exception(&self) -> bool {
        matches!(self, Self::NoSuchObject | Self::NoSuchInstance | Self::EndOfMibView)
    }

    /// Bytes on the heap and in place, for bounds on what is kept.
    pub fn size(&self) -> usize {
        let heap = match self {
            Self::OctetString(bytes) | Self::Opaque(bytes) => bytes.len(),
            Self::Oid(oid) => oid.len() * 4,
            _ => 0,
        };
        size_of::<Self>() + heap
    }
}

impl From<i32> for Value {
    fn from(value: i32) -> Self {
        Self::Integer(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::OctetString(value.as_bytes().to_vec())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::OctetString(value.into_bytes())
    }
}

impl From<Vec<u8>> for Value {
    fn from(value: Vec<u8>) -> Self {
        Self::OctetString(value)
    }
}

impl From<Oid> for Value {
    fn from(value: Oid) -> Self {
        Self::Oid(value)
    }
}

impl From<Ipv4Addr> for Value {
    fn from(value: Ipv4Addr) -> Self {
        Self::IpAddress(value)
    }
}

/// A name and its value.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct VarBind {
    /// The instance's name: object or column, then the instance index.
    pub name: Oid,
    /// Its value; [`Value::Null`] in a question.
    pub value: Value,
}

impl VarBind {
    /// A binding with a value.
    pub fn new(name: impl Into<Oid>, value: impl Into<Value>) -> Self {
        Self { name: name.into(), value: value.into() }
    }

    /// A binding that asks.
    pub fn null(name: impl Into<Oid>) -> Self {
        Self { name: name.into(), value: Value::Null }
    }
}
