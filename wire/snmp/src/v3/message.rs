//! The SNMPv3 message (RFC 3412 section 6) with the parameters of the User-based Security Model
//! (RFC 3414 section 2.4).

use super::V3Error;
use super::crypto;
use super::keys::{AuthProtocol, LocalKeys, PrivProtocol, SecurityLevel};
use crate::ber::{DecodeError, OCTET_STRING, Reader, SEQUENCE, Writer};
use crate::{EncodeError, Pdu, Version};

/// The largest UDP payload: what we can receive.
pub(crate) const MAX_SIZE: i32 = 65_507;

const USM: i32 = 3;
const AUTH: u8 = 1;
const PRIV: u8 = 2;
const REPORTABLE: u8 = 4;

/// A PDU and the context it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScopedPdu {
    /// The engine that holds the context; empty in discovery.
    pub context_engine_id: Vec<u8>,
    /// The context: empty for the default one; `vlan-10` and the like for others.
    pub context_name: Vec<u8>,
    /// What is asked or said.
    pub pdu: Pdu,
}

impl ScopedPdu {
    fn encode(&self) -> Result<Vec<u8>, EncodeError> {
        let mut writer = Writer::with_capacity(64 + self.pdu.varbinds.len() * 24);
        self.pdu.write(&mut writer)?;
        writer.octets(&self.context_name);
        writer.octets(&self.context_engine_id);
        writer.wrap(SEQUENCE, 0);
        Ok(writer.finish())
    }

    /// Bytes behind the sequence are DES's padding.
    fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut fields = Reader::new(bytes).sequence()?;
        Ok(Self {
            context_engine_id: fields.octets()?.to_vec(),
            context_name: fields.octets()?.to_vec(),
            pdu: Pdu::read(&mut fields)?,
        })
    }
}

/// The unprotected part of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) msg_id: i32,
    /// The largest message the sender takes.
    pub(crate) max_size: i32,
    pub(crate) level: SecurityLevel,
    pub(crate) reportable: bool,
    pub(crate) engine_id: Vec<u8>,
    pub(crate) boots: u32,
    pub(crate) time: u32,
    pub(crate) user: Vec<u8>,
}

/// A message as received: the header is read, nothing is checked or decrypted.
#[derive(Debug)]
pub(crate) struct Incoming<'a> {
    pub(crate) header: Header,
    whole: &'a [u8],
    digest: &'a [u8],
    salt: &'a [u8],
    /// The scoped PDU's element, or its cipher text without header.
    data: &'a [u8],
}

impl<'a> Incoming<'a> {
    pub(crate) fn parse(datagram: &'a [u8]) -> Result<Self, DecodeError> {
        let mut outer = Reader::new(datagram);
        let mut fields = outer.sequence()?;
        let whole = datagram.get(..datagram.len() - outer.remaining()).ok_or(DecodeError::Truncated)?;
        let version = fields.integer()?;
        if version != Version::V3.number() {
            return Err(DecodeError::Version(version));
        }
        let mut global = fields.sequence()?;
        let msg_id = global.integer()?;
        let max_size = global.integer()?;
        let [flags] = global.octets()? else { return Err(DecodeError::HeaderField("msgFlags")) };
        let level = match flags & (AUTH | PRIV) {
            0 => SecurityLevel::NoAuthNoPriv,
            AUTH => SecurityLevel::AuthNoPriv,
            PRIV => return Err(DecodeError::HeaderField("msgFlags")),
            _ => SecurityLevel::AuthPriv,
        };
        if global.integer()? != USM {
            return Err(DecodeError::HeaderField("msgSecurityModel"));
        }
        let mut security = Reader::new(fields.octets()?).sequence()?;
        let engine_id = security.octets()?.to_vec();
        let counter = |n: i32, name| u32::try_from(n).map_err(|_| DecodeError::HeaderField(name));
        let boots = counter(security.integer()?, "msgAuthoritativeEngineBoots")?;
        let time = counter(security.integer()?, "msgAuthoritativeEngineTime")?;
        let user = security.octets()?.to_vec();
        let digest = security.octets()?;
        let salt = security.octets()?;
        let data = if level == SecurityLevel::AuthPriv { fields.octets()? } else { fields.rest() };
        let reportable = flags & REPORTABLE != 0;
        let header = Header { msg_id, max_size, level, reportable, engine_id, boots, time, user };
        Ok(Self { header, whole, digest, salt, data })
    }

    /// Whether the digest is that of the message with the digest's place zeroed.
    pub(crate) fn authentic(&self, protocol: AuthProtocol, key: &[u8]) -> bool {
        let length = protocol.digest_length();
        // The digest is a part of the message's own bytes, so this is its place in them.
        let start = self.digest.as_ptr().addr().wrapping_sub(self.whole.as_ptr().addr());
        let Some((before, rest)) = self.whole.split_at_checked(start) else { return false };
        let Some(after) = rest.get(self.digest.len()..) else { return false };
        let zeros = [0; 64];
        let Some(zeros) = zeros.get(..length) else { return false };
        self.digest.len() == length
            && crypto::same_digest(self.digest, &crypto::mac(protocol, key, &[before, zeros, after]))
    }

    /// The scoped PDU, decrypted if need be.
    pub(crate) fn scoped(&self, keys: Option<(PrivProtocol, &[u8])>) -> Result<ScopedPdu, V3Error> {
        if self.header.level < SecurityLevel::AuthPriv {
            return Ok(ScopedPdu::decode(self.data)?);
        }
        let (protocol, key) = keys.ok_or(V3Error::Decryption)?;
        let mut clear = self.data.to_vec();
        crypto::decrypt(protocol, key, self.header.boots, self.header.time, self.salt, &mut clear)
            .ok_or(V3Error::Decryption)?;
        // A wrong key shows as bytes that are no PDU.
        ScopedPdu::decode(&clear).map_err(|_| V3Error::Decryption)
    }
}

/// Writes a message at the header's level with the keys for it. `salt` must be new for each
/// message a key encrypts.
pub(crate) fn build(
    header: &Header,
    scoped: &ScopedPdu,
    keys: Option<&LocalKeys>,
    salt: u64,
) -> Result<Vec<u8>, V3Error> {
    let auth = keys.and_then(|k| k.auth.as_ref()).filter(|_| header.level > SecurityLevel::NoAuthNoPriv);
    let privacy = keys.and_then(|k| k.privacy.as_ref()).filter(|_| header.level == SecurityLevel::AuthPriv);
    let mut data = scoped.encode()?;
    let mut writer = Writer::with_capacity(data.len() + 200);
    let mut salt_sent: &[u8] = &[];
    let salt_bytes;
    if header.level == SecurityLevel::AuthPriv {
        let (protocol, key) = privacy.ok_or(V3Error::SecurityLevel)?;
        salt_bytes = crypto::encrypt(*protocol, key, header.boots, header.time, salt, &mut data)
            .ok_or(V3Error::SecurityLevel)?;
        salt_sent = &salt_bytes;
        writer.octets(&data);
    } else {
        writer.raw(&data);
    }
    let mark = writer.mark();
    writer.octets(salt_sent);
    let digest_length = match (header.level, auth) {
        (SecurityLevel::NoAuthNoPriv, _) => 0,
        (_, Some((protocol, _))) => protocol.digest_length(),
        (_, None) => return Err(V3Error::SecurityLevel),
    };
    let after_digest = writer.mark();
    writer.octets(&vec![0; digest_length]);
    writer.octets(&header.user);
    writer.integer(i32::try_from(header.time).unwrap_or(i32::MAX));
    writer.integer(i32::try_from(header.boots).unwrap_or(i32::MAX));
    writer.octets(&header.engine_id);
    writer.wrap(SEQUENCE, mark);
    writer.wrap(OCTET_STRING, mark);
    let mark = writer.mark();
    writer.integer(USM);
    writer.octets(&[flags(header)]);
    writer.integer(header.max_size);
    writer.integer(header.msg_id);
    writer.wrap(SEQUENCE, mark);
    writer.integer(Version::V3.number());
    writer.wrap(SEQUENCE, 0);
    let mut message = writer.finish();
    if let Some((protocol, key)) = auth {
        let digest = crypto::mac(*protocol, key, &[&message]);
        let end = message.len() - after_digest;
        if let Some(place) = message.get_mut(end.saturating_sub(digest_length)..end) {
            for (slot, byte) in place.iter_mut().zip(digest) {
                *slot = byte;
            }
        }
    }
    Ok(message)
}

fn flags(header: &Header) -> u8 {
    let level = match header.level {
        SecurityLevel::NoAuthNoPriv => 0,
        SecurityLevel::AuthNoPriv => AUTH,
        SecurityLevel::AuthPriv => AUTH | PRIV,
    };
    level | if header.reportable { REPORTABLE } else { 0 }
}
