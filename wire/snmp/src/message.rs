//! Community-based messages: SNMPv1 (RFC 1157) and SNMPv2c (RFC 1901).

use std::fmt;

use crate::Pdu;
use crate::ber::{DecodeError, EncodeError, Reader, SEQUENCE, Writer};

/// SNMP's versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Version {
    /// SNMPv1, 0 on the wire.
    V1,
    /// SNMPv2c, 1 on the wire.
    V2c,
    /// SNMPv3, 3 on the wire.
    V3,
}

impl Version {
    /// The number on the wire.
    pub fn number(self) -> i32 {
        match self {
            Self::V1 => 0,
            Self::V2c => 1,
            Self::V3 => 3,
        }
    }

    fn from_number(number: i32) -> Result<Self, DecodeError> {
        match number {
            0 => Ok(Self::V1),
            1 => Ok(Self::V2c),
            3 => Ok(Self::V3),
            other => Err(DecodeError::Version(other)),
        }
    }
}

/// The version of a message, to decide who reads it: [`Message::decode`] or [`crate::v3`].
pub fn peek_version(datagram: &[u8]) -> Result<Version, DecodeError> {
    let mut fields = Reader::new(datagram).sequence()?;
    Version::from_number(fields.integer()?)
}

/// An SNMPv1 or SNMPv2c message. Bytes after the message are ignored.
#[derive(Clone, PartialEq, Eq)]
pub struct Message {
    /// [`Version::V1`] or [`Version::V2c`].
    pub version: Version,
    /// The community: who asks, in clear text. Not shown by `Debug`.
    pub community: Vec<u8>,
    /// What is asked or said.
    pub pdu: Pdu,
}

impl Message {
    /// A message. SNMPv3 messages are made by [`crate::v3`]; here `V3` is written as V2c.
    pub fn new(version: Version, community: impl Into<Vec<u8>>, pdu: Pdu) -> Self {
        let version = if version == Version::V1 { Version::V1 } else { Version::V2c };
        Self { version, community: community.into(), pdu }
    }

    /// Reads a datagram.
    pub fn decode(datagram: &[u8]) -> Result<Self, DecodeError> {
        let mut fields = Reader::new(datagram).sequence()?;
        let version = match Version::from_number(fields.integer()?)? {
            Version::V3 => return Err(DecodeError::Version(3)),
            version => version,
        };
        let community = fields.octets()?.to_vec();
        Ok(Self { version, community, pdu: Pdu::read(&mut fields)? })
    }

    /// Writes a datagram.
    pub fn encode(&self) -> Result<Vec<u8>, EncodeError> {
        let mut writer = Writer::with_capacity(32 + self.pdu.varbinds.len() * 24);
        self.pdu.write(&mut writer)?;
        writer.octets(&self.community);
        writer.integer(self.version.number());
        writer.wrap(SEQUENCE, 0);
        Ok(writer.finish())
    }
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Message")
            .field("version", &self.version)
            .field("community", &format_args!("<{} bytes>", self.community.len()))
            .field("pdu", &self.pdu)
            .finish()
    }
}
