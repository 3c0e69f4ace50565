//! Protocol data units (RFC 1157 section 4.1, RFC 3416 section 3).

use std::net::Ipv4Addr;

use crate::ber::{DecodeError, EncodeError, IP_ADDRESS, Reader, SEQUENCE, TIME_TICKS, Writer};
use crate::{Oid, Value, VarBind};

const GET: u8 = 0xa0;
const GET_NEXT: u8 = 0xa1;
const RESPONSE: u8 = 0xa2;
const SET: u8 = 0xa3;
const TRAP_V1: u8 = 0xa4;
const GET_BULK: u8 = 0xa5;
const INFORM: u8 = 0xa6;
const TRAP_V2: u8 = 0xa7;
const REPORT: u8 = 0xa8;

/// A protocol data unit of any SNMP version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pdu {
    /// What it asks or says, with the fields only that kind has.
    pub kind: PduKind,
    /// Ties a response to its request. 0 in a [`PduKind::TrapV1`], which has none.
    pub request_id: i32,
    /// How the request fared; `NoError` except in responses.
    pub error_status: ErrorStatus,
    /// Which binding failed, counted from 1; 0 for none.
    pub error_index: u32,
    /// Names and values.
    pub varbinds: Vec<VarBind>,
}

/// The kind of a [`Pdu`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PduKind {
    /// Values of exactly these names.
    Get,
    /// The instance after each name.
    GetNext,
    /// The answer to any request.
    Response,
    /// Change values.
    Set,
    /// Several steps of GetNext at once (not in SNMPv1).
    GetBulk {
        /// How many of the first names get one step only.
        non_repeaters: u32,
        /// Steps for each of the other names.
        max_repetitions: u32,
    },
    /// A notification that wants a response.
    Inform,
    /// A notification (SNMPv2 form).
    TrapV2,
    /// SNMPv3's complaint of one engine to another.
    Report,
    /// A notification (SNMPv1 form).
    TrapV1(Box<TrapV1>),
}

/// The fields of an SNMPv1 Trap-PDU (RFC 1157 section 4.1.6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrapV1 {
    /// The kind of device, or the enterprise that defined the trap.
    pub enterprise: Oid,
    /// The sender's own idea of its address.
    pub agent_address: Ipv4Addr,
    /// 0 coldStart, 1 warmStart, 2 linkDown, 3 linkUp, 4 authenticationFailure,
    /// 5 egpNeighborLoss, 6 enterpriseSpecific.
    pub generic_trap: i32,
    /// The enterprise's own number.
    pub specific_trap: i32,
    /// The sender's uptime, hundredths of a second.
    pub time_stamp: u32,
}

/// How a request fared (RFC 3416 section 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names are those of RFC 3416, which explains each")]
pub enum ErrorStatus {
    NoError,
    TooBig,
    NoSuchName,
    BadValue,
    ReadOnly,
    GenErr,
    NoAccess,
    WrongType,
    WrongLength,
    WrongEncoding,
    WrongValue,
    NoCreation,
    InconsistentValue,
    ResourceUnavailable,
    CommitFailed,
    UndoFailed,
    AuthorizationError,
    NotWritable,
    InconsistentName,
    /// A number no RFC defines.
    Other(i32),
}

/// The defined statuses with their names, in the order of their numbers from 0.
const STATUSES: [(ErrorStatus, &str); 19] = [
    (ErrorStatus::NoError, "noError"),
    (ErrorStatus::TooBig, "tooBig"),
    (ErrorStatus::NoSuchName, "noSuchName"),
    (ErrorStatus::BadValue, "badValue"),
    (ErrorStatus::ReadOnly, "readOnly"),
    (ErrorStatus::GenErr, "genErr"),
    (ErrorStatus::NoAccess, "noAccess"),
    (ErrorStatus::WrongType, "wrongType"),
    (ErrorStatus::WrongLength, "wrongLength"),
    (ErrorStatus::WrongEncoding, "wrongEncoding"),
    (ErrorStatus::WrongValue, "wrongValue"),
    (ErrorStatus::NoCreation, "noCreation"),
    (ErrorStatus::InconsistentValue, "inconsistentValue"),
    (ErrorStatus::ResourceUnavailable, "resourceUnavailable"),
    (ErrorStatus::CommitFailed, "commitFailed"),
    (ErrorStatus::UndoFailed, "undoFailed"),
    (ErrorStatus::AuthorizationError, "authorizationError"),
    (ErrorStatus::NotWritable, "notWritable"),
    (ErrorStatus::InconsistentName, "inconsistentName"),
];

impl ErrorStatus {
    /// The status with this number.
    pub fn from_number(number: i32) -> Self {
        usize::try_from(number)
            .ok()
            .and_then(|n| STATUSES.get(n))
            .map_or(Self::Other(number), |(status, _)| *status)
    }

    /// Its number on the wire.
    pub fn number(self) -> i32 {
        match self {
            Self::Other(number) => number,
            known => STATUSES.iter().position(|(s, _)| *s == known).map_or(0, |n| n as i32),
        }
    }

    /// Its name in RFC 3416; `other` for an undefined number.
    pub fn name(self) -> &'static str {
        STATUSES.iter().find(|(s, _)| *s == self).map_or("other", |(_, name)| name)
    }
}

impl Pdu {
    fn request(kind: PduKind, request_id: i32, varbinds: Vec<VarBind>) -> Self {
        Self { kind, request_id, error_status: ErrorStatus::NoError, error_index: 0, varbinds }
    }

    /// Asks for the values of exactly these names.
    pub fn get(request_id: i32, oids: impl IntoIterator<Item = Oid>) -> Self {
        Self::request(PduKind::Get, request_id, questions(oids))
    }

    /// Asks for the instance after each name.
    pub fn get_next(request_id: i32, oids: impl IntoIterator<Item = Oid>) -> Self {
        Self::request(PduKind::GetNext, request_id, questions(oids))
    }

    /// Asks for the instance after each of the first `non_repeaters` names, and for
    /// `max_repetitions` instances after each of the others.
    pub fn get_bulk(
        request_id: i32,
        non_repeaters: u32,
        max_repetitions: u32,
        oids: impl IntoIterator<Item = Oid>,
    ) -> Self {
        let kind = PduKind::GetBulk { non_repeaters, max_repetitions };
        Self::request(kind, request_id, questions(oids))
    }

    /// Asks to change values.
    pub fn set(request_id: i32, varbinds: Vec<VarBind>) -> Self {
        Self::request(PduKind::Set, request_id, varbinds)
    }

    /// A notification without response. The first two bindings must be sysUpTime.0 and
    /// snmpTrapOID.0 (RFC 3416 section 4.2.6).
    pub fn trap_v2(request_id: i32, varbinds: Vec<VarBind>) -> Self {
        Self::request(PduKind::TrapV2, request_id, varbinds)
    }

    /// A notification with response; bindings as in [`Pdu::trap_v2`].
    pub fn inform(request_id: i32, varbinds: Vec<VarBind>) -> Self {
        Self::request(PduKind::Inform, request_id, varbinds)
    }

    /// An SNMPv1 notification.
    pub fn trap_v1(trap: TrapV1, varbinds: Vec<VarBind>) -> Self {
        Self::request(PduKind::TrapV1(Box::new(trap)), 0, varbinds)
    }

    /// An SNMPv3 report (RFC 3412 section 7.1 step 3).
    pub fn report(request_id: i32, varbinds: Vec<VarBind>) -> Self {
        Self::request(PduKind::Report, request_id, varbinds)
    }

    /// The good answer to `request`.
    pub fn response_to(request: &Self, varbinds: Vec<VarBind>) -> Self {
        Self::request(PduKind::Response, request.request_id, varbinds)
    }

    /// The bad answer to `request`: its own bindings with a status and the number (from 1) of the
    /// binding that failed. A tooBig carries no bindings (RFC 3416 section 4.2.1).
    pub fn error_response(request: &Self, status: ErrorStatus, index: u32) -> Self {
        let varbinds = if status == ErrorStatus::TooBig { Vec::new() } else { request.varbinds.clone() };
        Self { error_status: status, error_index: index, ..Self::response_to(request, varbinds) }
    }

    /// True for the kinds that want a response.
    pub fn wants_response(&self) -> bool {
        matches!(
            self.kind,
            PduKind::Get | PduKind::GetNext | PduKind::Set | PduKind::GetBulk { .. } | PduKind::Inform
        )
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let (tag, content) = reader.element()?;
        let mut fields = Reader::new(content);
        if tag == TRAP_V1 {
            let trap = TrapV1::read(&mut fields)?;
            return Ok(Self::trap_v1(trap, read_varbinds(&mut fields)?));
        }
        let request_id = fields.integer()?;
        let first = fields.integer()?;
        let second = fields.integer()?;
        let varbinds = read_varbinds(&mut fields)?;
        let kind = match tag {
            GET => PduKind::Get,
            GET_NEXT => PduKind::GetNext,
            RESPONSE => PduKind::Response,
            SET => PduKind::Set,
            GET_BULK => {
                // Negative numbers count as 0 (RFC 3416 section 4.2.3).
                let kind = PduKind::GetBulk {
                    non_repeaters: u32::try_from(first).unwrap_or(0),
                    max_repetitions: u32::try_from(second).unwrap_or(0),
                };
                return Ok(Self::request(kind, request_id, varbinds));
            }
            INFORM => PduKind::Inform,
            TRAP_V2 => PduKind::TrapV2,
            REPORT => PduKind::Report,
            other => return Err(DecodeError::UnknownPdu(other)),
        };
        Ok(Self {
            kind,
            request_id,
            error_status: ErrorStatus::from_number(first),
            error_index: u32::try_from(second).unwrap_or(0),
            varbinds,
        })
    }

    pub(crate) fn write(&self, writer: &mut Writer) -> Result<(), EncodeError> {
        let start = writer.mark();
        for varbind in self.varbinds.iter().rev() {
            let mark = writer.mark();
            writer.value(&varbind.value)?;
            writer.oid(&varbind.name)?;
            writer.wrap(SEQUENCE, mark);
        }
        writer.wrap(SEQUENCE, start);
        let (tag, first, second) = match &self.kind {
            PduKind::TrapV1(trap) => {
                trap.write(writer)?;
                writer.wrap(TRAP_V1, start);
                return Ok(());
            }
            PduKind::GetBulk { non_repeaters, max_repetitions } => {
                (GET_BULK, clamp(*non_repeaters), clamp(*max_repetitions))
            }
            kind => (kind.tag(), self.error_status.number(), clamp(self.error_index)),
        };
        writer.integer(second);
        writer.integer(first);
        writer.integer(self.request_id);
        writer.wrap(tag, start);
        Ok(())
    }
}

impl PduKind {
    fn tag(&self) -> u8 {
        match self {
            Self::Get => GET,
            Self::GetNext => GET_NEXT,
            Self::Response => RESPONSE,
            Self::Set => SET,
            Self::GetBulk { .. } => GET_BULK,
            Self::Inform => INFORM,
            Self::TrapV2 => TRAP_V2,
            Self::Report => REPORT,
            Self::TrapV1(_) => TRAP_V1,
        }
    }
}

impl TrapV1 {
    fn read(fields: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            enterprise: fields.oid()?,
            agent_address: match fields.value()? {
                Value::IpAddress(address) => address,
                // A sender without IPv4 has nothing to say here; some say it in no bytes.
                Value::OctetString(_) => Ipv4Addr::UNSPECIFIED,
                _ => return Err(DecodeError::UnexpectedTag { wanted: IP_ADDRESS, found: 0 }),
            },
            generic_trap: fields.integer()?,
            specific_trap: fields.integer()?,
            time_stamp: match fields.value()? {
                Value::TimeTicks(ticks) => ticks,
                other => match other.as_i64() {
                    Some(ticks) => ticks as u32,
                    None => return Err(DecodeError::UnexpectedTag { wanted: TIME_TICKS, found: 0 }),
                },
            },
        })
    }

    fn write(&self, writer: &mut Writer) -> Result<(), EncodeError> {
        writer.time_ticks(self.time_stamp);
        writer.integer(self.specific_trap);
        writer.integer(self.generic_trap);
        writer.primitive(IP_ADDRESS, &self.agent_address.octets());
        writer.oid(&self.enterprise)
    }
}

fn questions(oids: impl IntoIterator<Item = Oid>) -> Vec<VarBind> {
    oids.into_iter().map(VarBind::null).collect()
}

/// Counts are INTEGER (0..2147483647) on the wire.
fn clamp(count: u32) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

fn read_varbinds(fields: &mut Reader<'_>) -> Result<Vec<VarBind>, DecodeError> {
    let mut list = fields.sequence()?;
    // A binding takes at least 12 bytes in practice; what an attacker packs tighter grows the list
    // step by step, as far as the bytes really go.
    let mut varbinds = Vec::with_capacity(list.remaining() / 12);
    while !list.is_empty() {
        let mut binding = list.sequence()?;
        varbinds.push(VarBind { name: binding.oid()?, value: binding.value()? });
    }
    Ok(varbinds)
}
