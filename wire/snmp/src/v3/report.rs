//! What one engine complains of to another.

use crate::{Oid, Pdu, PduKind};

/// The counter a Report-PDU names: why a message was not accepted (RFC 3414 section 5,
/// RFC 3412 section 5, RFC 3413 section 4.1.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ReportKind {
    /// The user has no keys for the level of the message.
    UnsupportedSecLevels,
    /// Boots or time are not the engine's own, within 150 seconds.
    NotInTimeWindows,
    /// No such user.
    UnknownUserNames,
    /// The message is for another engine; the way to learn an engine's id.
    UnknownEngineIds,
    /// The digest is wrong: most often a wrong password or authentication protocol.
    WrongDigests,
    /// The message cannot be decrypted: most often a wrong privacy password or protocol.
    DecryptionErrors,
    /// The engine does not have the User-based Security Model.
    UnknownSecurityModels,
    /// Invalid or inconsistent header fields.
    InvalidMsgs,
    /// Nobody at this engine handles such requests.
    UnknownPduHandlers,
    /// The context exists but cannot be used at present.
    UnavailableContexts,
    /// No such context.
    UnknownContexts,
    /// A counter not listed here.
    Other,
}

/// Kinds, counters, and codes.
static REPORTS: [(ReportKind, Oid, &str); 11] = [
    (
        ReportKind::UnsupportedSecLevels,
        counter(&[1, 3, 6, 1, 6, 3, 15, 1, 1, 1, 0]),
        "unsupported-security-level",
    ),
    (ReportKind::NotInTimeWindows, counter(&[1, 3, 6, 1, 6, 3, 15, 1, 1, 2, 0]), "not-in-time-window"),
    (ReportKind::UnknownUserNames, counter(&[1, 3, 6, 1, 6, 3, 15, 1, 1, 3, 0]), "unknown-user"),
    (ReportKind::UnknownEngineIds, counter(&[1, 3, 6, 1, 6, 3, 15, 1, 1, 4, 0]), "unknown-engine-id"),
    (ReportKind::WrongDigests, counter(&[1, 3, 6, 1, 6, 3, 15, 1, 1, 5, 0]), "wrong-digest"),
    (ReportKind::DecryptionErrors, counter(&[1, 3, 6, 1, 6, 3, 15, 1, 1, 6, 0]), "decryption-error"),
    (
        ReportKind::UnknownSecurityModels,
        counter(&[1, 3, 6, 1, 6, 3, 11, 2, 1, 1, 0]),
        "unknown-security-model",
    ),
    (ReportKind::InvalidMsgs, counter(&[1, 3, 6, 1, 6, 3, 11, 2, 1, 2, 0]), "invalid-message"),
    (ReportKind::UnknownPduHandlers, counter(&[1, 3, 6, 1, 6, 3, 11, 2, 1, 3, 0]), "unknown-pdu-handler"),
    (ReportKind::UnavailableContexts, counter(&[1, 3, 6, 1, 6, 3, 12, 1, 4, 0]), "unavailable-context"),
    (ReportKind::UnknownContexts, counter(&[1, 3, 6, 1, 6, 3, 12, 1, 5, 0]), "unknown-context"),
];

const fn counter(arcs: &'static [u32]) -> Oid {
    Oid::from_static(arcs)
}

impl ReportKind {
    /// The kind of a Report-PDU; `None` when the PDU is none.
    pub fn of(pdu: &Pdu) -> Option<Self> {
        if pdu.kind != PduKind::Report {
            return None;
        }
        let name = pdu.varbinds.first().map(|v| &v.name);
        let known = REPORTS.iter().find(|(_, counter, _)| {
            // Some agents leave the instance (.0) out.
            name.is_some_and(|n| n == counter || counter.parent().is_some_and(|p| *n == p))
        });
        Some(known.map_or(Self::Other, |(kind, ..)| *kind))
    }

    /// The counter's instance; `None` for [`ReportKind::Other`].
    pub fn counter(self) -> Option<Oid> {
        REPORTS.iter().find(|(kind, ..)| *kind == self).map(|(_, counter, _)| counter.clone())
    }

    /// A stable code for records and interfaces.
    pub fn code(self) -> &'static str {
        REPORTS.iter().find(|(kind, ..)| *kind == self).map_or("other-report", |(.., code)| code)
    }
}
