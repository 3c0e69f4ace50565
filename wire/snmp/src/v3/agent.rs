//! The agent's side: the authoritative engine (RFC 3414 section 3.2).

use std::collections::BTreeMap;
use std::time::Duration;

use super::keys::{LocalKeys, SecurityLevel, UserKeys};
use super::message::{self, Header, Incoming, MAX_SIZE, ScopedPdu};
use super::report::ReportKind;
use super::{MAX_BOOTS, TIME_WINDOW, V3Error};
use crate::{DecodeError, ErrorStatus, Pdu, Value, VarBind};

/// A request that passed every check. Answer it with [`UsmAgent::respond`] or
/// [`UsmAgent::report`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentRequest {
    /// The context and the PDU.
    pub scoped: ScopedPdu,
    header: Header,
}

impl AgentRequest {
    /// Who asks.
    pub fn user(&self) -> &[u8] {
        &self.header.user
    }

    /// How well the request is protected, which is how well its answer will be.
    pub fn level(&self) -> SecurityLevel {
        self.header.level
    }

    /// The largest message the asking engine takes, bytes. A larger answer must be cut (GETBULK)
    /// or replaced by tooBig.
    pub fn max_size(&self) -> usize {
        // RFC 3412 section 6: at least 484.
        usize::try_from(self.header.max_size).unwrap_or(0).max(484)
    }
}

/// Why a datagram is not answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DropReason {
    /// It is no SNMPv3 message of this security model.
    Malformed(DecodeError),
    /// It was refused, and its sender does not want to know why.
    Unreportable(ReportKind),
    /// The answer could not be made.
    Failed(V3Error),
}

/// What to do with a datagram.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Received {
    /// Answer this request.
    Request(Box<AgentRequest>),
    /// Send these bytes back: a report, or the refusal of a request below the user's level.
    Reply(Vec<u8>, ReportKind),
    /// Do nothing.
    Drop(DropReason),
}

/// An authoritative engine: its id, boots, time and users.
pub struct UsmAgent {
    engine_id: Vec<u8>,
    boots: u32,
    users: BTreeMap<Vec<u8>, LocalKeys>,
    refusals: BTreeMap<ReportKind, u32>,
    salt: u64,
}

impl UsmAgent {
    /// An engine. `engine_id` has 5 to 32 bytes (RFC 3411 section 5) and is this engine's alone;
    /// `boots` rises by one with each start; `salt` is random.
    pub fn new(engine_id: &[u8], boots: u32, salt: u64) -> Self {
        Self {
            engine_id: engine_id.to_vec(),
            boots: boots.min(MAX_BOOTS),
            users: BTreeMap::new(),
            refusals: BTreeMap::new(),
            salt,
        }
    }

    /// The engine's id.
    pub fn engine_id(&self) -> &[u8] {
        &self.engine_id
    }

    /// Adds or replaces a user. Requests below the keys' level are refused.
    pub fn add_user(&mut self, keys: &UserKeys) {
        self.users.insert(keys.user().to_vec(), keys.localise(&self.engine_id));
    }

    /// Removes a user.
    pub fn remove_user(&mut self, user: &[u8]) {
        self.users.remove(user);
    }

    /// Messages refused for this reason since the start: the usmStats counters.
    pub fn refused(&self, kind: ReportKind) -> u32 {
        self.refusals.get(&kind).copied().unwrap_or(0)
    }

    /// Checks and opens a datagram. `uptime` is the time since the engine's start, which is its
    /// snmpEngineTime.
    pub fn receive(&mut self, datagram: &[u8], uptime: Duration) -> Received {
        let incoming = match Incoming::parse(datagram) {
            Ok(incoming) => incoming,
            Err(error) => return Received::Drop(DropReason::Malformed(error)),
        };
        match self.check(&incoming, uptime) {
            Ok(scoped) => self.authorise(AgentRequest { scoped, header: incoming.header }, uptime),
            Err(kind) => self.refuse(kind, &incoming, uptime),
        }
    }

    /// The checks of RFC 3414 section 3.2, in its order.
    fn check(&self, incoming: &Incoming<'_>, uptime: Duration) -> Result<ScopedPdu, ReportKind> {
        let header = &incoming.header;
        if header.engine_id != self.engine_id {
            return Err(ReportKind::UnknownEngineIds);
        }
        let keys = self.users.get(&header.user).ok_or(ReportKind::UnknownUserNames)?;
        if header.level > keys.level() {
            return Err(ReportKind::UnsupportedSecLevels);
        }
        if header.level > SecurityLevel::NoAuthNoPriv {
            let (protocol, key) = keys.auth.as_ref().ok_or(ReportKind::UnsupportedSecLevels)?;
            if !incoming.authentic(*protocol, key) {
                return Err(ReportKind::WrongDigests);
            }
            let apart = header.time.abs_diff(engine_time(uptime));
            if self.boots == MAX_BOOTS || header.boots != self.boots || apart > TIME_WINDOW {
                return Err(ReportKind::NotInTimeWindows);
            }
        }
        let privacy = keys.privacy.as_ref().map(|(p, k)| (*p, k.as_slice()));
        incoming.scoped(privacy).map_err(|error| match error {
            V3Error::Decryption => ReportKind::DecryptionErrors,
            _ => ReportKind::InvalidMsgs,
        })
    }

    /// A user's data is given only at the user's own level.
    fn authorise(&mut self, request: AgentRequest, uptime: Duration) -> Received {
        let own = self.users.get(request.user()).map_or(SecurityLevel::NoAuthNoPriv, LocalKeys::level);
        if request.level() >= own {
            return Received::Request(Box::new(request));
        }
        let kind = ReportKind::UnsupportedSecLevels;
        self.count(kind);
        if !request.scoped.pdu.wants_response() {
            return Received::Drop(DropReason::Unreportable(kind));
        }
        let refusal = Pdu::error_response(&request.scoped.pdu, ErrorStatus::AuthorizationError, 0);
        match self.respond(&request, refusal, uptime) {
            Ok(bytes) => Received::Reply(bytes, kind),
            Err(error) => Received::Drop(DropReason::Failed(error)),
        }
    }

    fn refuse(&mut self, kind: ReportKind, incoming: &Incoming<'_>, uptime: Duration) -> Received {
        self.count(kind);
        let header = &incoming.header;
        // Without the reportable flag nobody waits, and two engines could go on reporting to each
        // other for ever (RFC 3412 section 7.1 step 3).
        if !header.reportable {
            return Received::Drop(DropReason::Unreportable(kind));
        }
        let readable =
            if header.level == SecurityLevel::AuthPriv { None } else { incoming.scoped(None).ok() };
        let request_id = readable.as_ref().map_or(0, |s| s.pdu.request_id);
        let context_name = readable.map(|s| s.context_name).unwrap_or_default();
        // Only the time is told to those who proved that they know the key (RFC 3414 section 3.2
        // step 7 a): the asking engine believes it then.
        let level = match kind {
            ReportKind::NotInTimeWindows => SecurityLevel::AuthNoPriv,
            _ => SecurityLevel::NoAuthNoPriv,
        };
        match self.write_report(kind, header, level, request_id, context_name, uptime) {
            Ok(bytes) => Received::Reply(bytes, kind),
            Err(error) => Received::Drop(DropReason::Failed(error)),
        }
    }

    fn count(&mut self, kind: ReportKind) {
        let counter = self.refusals.entry(kind).or_default();
        *counter = counter.wrapping_add(1);
    }

    /// The datagram that answers `request` with `pdu`, protected as the request was.
    pub fn respond(
        &mut self,
        request: &AgentRequest,
        pdu: Pdu,
        uptime: Duration,
    ) -> Result<Vec<u8>, V3Error> {
        let scoped = ScopedPdu { pdu, ..request.scoped.clone() };
        self.send(&request.header, request.header.level, &scoped, uptime)
    }

    /// The datagram that refuses an accepted request with a report: for [`ReportKind`]s the
    /// application finds, such as `UnknownContexts`.
    pub fn report(
        &mut self,
        request: &AgentRequest,
        kind: ReportKind,
        uptime: Duration,
    ) -> Result<Vec<u8>, V3Error> {
        self.count(kind);
        let (level, scoped) = (request.header.level, &request.scoped);
        let context_name = scoped.context_name.clone();
        self.write_report(kind, &request.header, level, scoped.pdu.request_id, context_name, uptime)
    }

    /// A notification of this engine (trap or inform) for a user of it.
    pub fn notification(
        &mut self,
        msg_id: i32,
        user: &[u8],
        context_name: &str,
        pdu: Pdu,
        uptime: Duration,
    ) -> Result<Vec<u8>, V3Error> {
        let level = self.users.get(user).ok_or(V3Error::User)?.level();
        let to = Header {
            msg_id,
            max_size: MAX_SIZE,
            level,
            reportable: false,
            engine_id: Vec::new(),
            boots: 0,
            time: 0,
            user: user.to_vec(),
        };
        let context_name = context_name.as_bytes().to_vec();
        let scoped = ScopedPdu { context_engine_id: self.engine_id.clone(), context_name, pdu };
        self.send(&to, level, &scoped, uptime)
    }

    fn write_report(
        &mut self,
        kind: ReportKind,
        to: &Header,
        level: SecurityLevel,
        request_id: i32,
        context_name: Vec<u8>,
        uptime: Duration,
    ) -> Result<Vec<u8>, V3Error> {
        let value = Value::Counter32(self.refused(kind));
        let varbinds = kind.counter().map(|name| VarBind::new(name, value)).into_iter().collect();
        let pdu = Pdu::report(request_id, varbinds);
        let scoped = ScopedPdu { context_engine_id: self.engine_id.clone(), context_name, pdu };
        self.send(to, level, &scoped, uptime)
    }

    fn send(
        &mut self,
        to: &Header,
        level: SecurityLevel,
        scoped: &ScopedPdu,
        uptime: Duration,
    ) -> Result<Vec<u8>, V3Error> {
        self.salt = self.salt.wrapping_add(1);
        let header = Header {
            msg_id: to.msg_id,
            max_size: MAX_SIZE,
            level,
            reportable: false,
            engine_id: self.engine_id.clone(),
            boots: self.boots,
            time: engine_time(uptime),
            user: to.user.clone(),
        };
        message::build(&header, scoped, self.users.get(&to.user), self.salt)
    }
}

/// Seconds since the engine's start, in the range the protocol has for them.
fn engine_time(uptime: Duration) -> u32 {
    u32::try_from(uptime.as_secs()).unwrap_or(u32::MAX).min(i32::MAX as u32)
}

impl std::fmt::Debug for UsmAgent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let users: Vec<_> = self.users.keys().map(|u| String::from_utf8_lossy(u)).collect();
        f.debug_struct("UsmAgent")
            .field("engine_id", &self.engine_id)
            .field("boots", &self.boots)
            .field("users", &users)
            .finish_non_exhaustive()
    }
}
