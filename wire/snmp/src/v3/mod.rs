//! SNMPv3 with the User-based Security Model (RFC 3412, RFC 3414, RFC 3826, RFC 7860).
//!
//! A manager makes [`UserKeys`] once per credential and a [`UsmSession`] per engine; an agent has
//! one [`UsmAgent`].

mod agent;
mod crypto;
mod keys;
mod message;
mod report;
mod session;

pub use agent::{AgentRequest, DropReason, Received, UsmAgent};
pub use crypto::KeyBytes;
pub use keys::{AuthProtocol, KeyError, PrivProtocol, SecurityLevel, UserKeys};
pub use message::ScopedPdu;
pub use report::ReportKind;
pub use session::{Opened, UsmSession};

use crate::{DecodeError, EncodeError};

/// Seconds that two engines' clocks may differ (RFC 3414 section 2.2.3).
const TIME_WINDOW: u32 = 150;

/// An engine whose boots counter stands here is out of order (RFC 3414 section 2.2.2).
const MAX_BOOTS: u32 = i32::MAX as u32;

/// Longest engine id (RFC 3411 section 5).
const MAX_ENGINE_ID: usize = 32;

/// Why an SNMPv3 message cannot be made or is not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum V3Error {
    /// The bytes are no SNMPv3 message of this security model.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// The message cannot be put into bytes.
    #[error(transparent)]
    Encode(#[from] EncodeError),
    /// The digest does not fit: the message was forged, damaged, or made with another password.
    #[error("the message's digest is wrong")]
    WrongDigest,
    /// The message cannot be decrypted with this user's key.
    #[error("the message cannot be decrypted")]
    Decryption,
    /// The message is older than others of this engine, or a replay.
    #[error("the message is outside the engine's time window")]
    NotInTimeWindow,
    /// The message is less protected than it must be, or there are no keys for its level.
    #[error("the message's security level does not fit")]
    SecurityLevel,
    /// The message comes from another engine, or the engine's id is malformed.
    #[error("the message's engine id does not fit")]
    EngineId,
    /// The message is for another user.
    #[error("the message's user does not fit")]
    User,
}
