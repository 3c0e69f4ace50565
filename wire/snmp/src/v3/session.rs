//! The manager's side: one user's conversation with one engine.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use super::keys::{LocalKeys, SecurityLevel, UserKeys};
use super::message::{self, Header, Incoming, MAX_SIZE, ScopedPdu};
use super::report::ReportKind;
use super::{MAX_BOOTS, MAX_ENGINE_ID, TIME_WINDOW, V3Error};
use crate::{Pdu, PduKind};

/// Messages whose answers are awaited; the oldest is forgotten first.
const MAX_PENDING: usize = 64;

/// Times in a row that an engine may send us back to learn its id or time.
const MAX_RELEARNS: u32 = 3;

/// What a datagram was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opened {
    /// The answer to a request: check its request id, then use it.
    Response(ScopedPdu),
    /// The engine told its id or time, and the session has learned it: build the request again
    /// with [`UsmSession::request`] and send it.
    Retry(ReportKind),
    /// The engine refuses: more of the same would be refused too. Most often the credential is
    /// wrong; the kind says which part of it.
    Refused(ReportKind),
    /// No answer to anything awaited: keep waiting.
    Ignored,
}

/// What is known of the engine.
#[derive(Debug, Clone)]
struct Engine {
    id: Vec<u8>,
    boots: u32,
    time: u32,
    /// The caller's clock when `time` was true.
    at: Duration,
    /// Boots and time come from an authenticated message. Before that they are a hint.
    trusted: bool,
}

impl Engine {
    fn time_now(&self, now: Duration) -> u32 {
        let passed = now.saturating_sub(self.at).as_secs();
        self.time.saturating_add(u32::try_from(passed).unwrap_or(u32::MAX)).min(i32::MAX as u32)
    }
}

/// A session of one user with one engine. Sans-I/O: the caller sends what [`UsmSession::request`]
/// gives and passes what arrives to [`UsmSession::open`].
///
/// `now` is the time passed since any fixed moment, on a clock that does not jump.
pub struct UsmSession {
    keys: Arc<UserKeys>,
    engine: Option<Engine>,
    local: Option<LocalKeys>,
    salt: u64,
    /// Message ids, with true for probes that only learn the engine's id.
    pending: VecDeque<(i32, bool)>,
    relearns: u32,
}

impl UsmSession {
    /// A session that knows nothing of its engine yet. `salt` must be random: it makes sure that
    /// no two sessions encrypt with the same initialisation vector.
    pub fn new(keys: Arc<UserKeys>, salt: u64) -> Self {
        Self { keys, engine: None, local: None, salt, pending: VecDeque::new(), relearns: 0 }
    }

    /// The engine's id, once learned (RFC 3411 section 5, SnmpEngineID).
    pub fn engine_id(&self) -> Option<&[u8]> {
        self.engine.as_ref().map(|e| e.id.as_slice())
    }

    /// The engine's boots counter, once learned from an authenticated message.
    pub fn engine_boots(&self) -> Option<u32> {
        self.engine.as_ref().filter(|e| e.trusted).map(|e| e.boots)
    }

    /// Forgets the engine: the next request starts with discovery. For engines that were replaced
    /// or lost their boots counter, which answer with [`V3Error::NotInTimeWindow`].
    pub fn forget_engine(&mut self) {
        self.engine = None;
        self.local = None;
        self.pending.clear();
    }

    /// The datagram to send for `pdu`: the request itself when the engine is known, or else the
    /// probe that makes the engine tell its id, which [`UsmSession::open`] answers with
    /// [`Opened::Retry`]. Take a new `msg_id` each time (0 to 2^31 - 1).
    pub fn request(
        &mut self,
        msg_id: i32,
        context_name: &str,
        pdu: &Pdu,
        now: Duration,
    ) -> Result<Vec<u8>, V3Error> {
        if self.pending.len() >= MAX_PENDING {
            self.pending.pop_front();
        }
        self.pending.push_back((msg_id, self.engine.is_none()));
        let Some(engine) = &self.engine else {
            return probe(msg_id, pdu.request_id);
        };
        self.salt = self.salt.wrapping_add(1);
        let header = Header {
            msg_id,
            max_size: MAX_SIZE,
            level: self.keys.level(),
            reportable: pdu.wants_response(),
            engine_id: engine.id.clone(),
            boots: engine.boots,
            time: engine.time_now(now),
            user: self.keys.user().to_vec(),
        };
        let scoped = ScopedPdu {
            context_engine_id: engine.id.clone(),
            context_name: context_name.as_bytes().to_vec(),
            pdu: pdu.clone(),
        };
        message::build(&header, &scoped, self.local.as_ref(), self.salt)
    }

    /// Checks and opens a datagram.
    ///
    /// An error means that the datagram was no good; the true answer may still come.
    pub fn open(&mut self, datagram: &[u8], now: Duration) -> Result<Opened, V3Error> {
        let incoming = Incoming::parse(datagram)?;
        let header = &incoming.header;
        let Some(place) = self.pending.iter().position(|(id, _)| *id == header.msg_id) else {
            return Ok(Opened::Ignored);
        };
        if header.level == SecurityLevel::NoAuthNoPriv {
            let scoped = incoming.scoped(None)?;
            if let Some(kind) = ReportKind::of(&scoped.pdu) {
                let probe = self.pending.remove(place).is_some_and(|(_, probe)| probe);
                return self.unprotected_report(kind, header, probe, now);
            }
            if self.keys.level() > SecurityLevel::NoAuthNoPriv {
                return Err(V3Error::SecurityLevel);
            }
            self.check_origin(header)?;
            return self.response(place, scoped);
        }
        self.check_origin(header)?;
        let local = self.local.as_ref().ok_or(V3Error::SecurityLevel)?;
        let (protocol, key) = local.auth.as_ref().ok_or(V3Error::SecurityLevel)?;
        if !incoming.authentic(*protocol, key) {
            return Err(V3Error::WrongDigest);
        }
        let privacy = local.privacy.as_ref().map(|(p, k)| (*p, k.as_slice()));
        let scoped = incoming.scoped(privacy);
        self.check_time(header, now)?;
        let scoped = scoped?;
        if let Some(kind) = ReportKind::of(&scoped.pdu) {
            self.pending.remove(place);
            return Ok(if kind == ReportKind::NotInTimeWindows {
                self.retry(kind)
            } else {
                Opened::Refused(kind)
            });
        }
        if header.level < self.keys.level() {
            return Err(V3Error::SecurityLevel);
        }
        self.response(place, scoped)
    }

    fn response(&mut self, place: usize, scoped: ScopedPdu) -> Result<Opened, V3Error> {
        if self.pending.get(place).is_some_and(|(_, probe)| *probe) {
            return Err(V3Error::SecurityLevel);
        }
        // Our own request, sent back to us by somebody, is authentic too.
        if scoped.pdu.kind != PduKind::Response {
            return Ok(Opened::Ignored);
        }
        self.pending.remove(place);
        self.relearns = 0;
        Ok(Opened::Response(scoped))
    }

    /// The engine sends us back to ask again, but not for ever.
    fn retry(&mut self, kind: ReportKind) -> Opened {
        self.relearns += 1;
        if self.relearns > MAX_RELEARNS { Opened::Refused(kind) } else { Opened::Retry(kind) }
    }

    /// Reports cannot be authenticated before both sides agree on user and engine. They are taken
    /// at their word only as far as needed to ask again.
    fn unprotected_report(
        &mut self,
        kind: ReportKind,
        header: &Header,
        probe: bool,
        now: Duration,
    ) -> Result<Opened, V3Error> {
        // Some agents answer the probe with another complaint; their id is in it all the same.
        if !probe && kind != ReportKind::UnknownEngineIds {
            return Ok(Opened::Refused(kind));
        }
        if !(1..=MAX_ENGINE_ID).contains(&header.engine_id.len()) {
            return Err(V3Error::EngineId);
        }
        if self.engine_id() == Some(&header.engine_id) {
            // Several probes were on their way; this is a later answer.
            if probe {
                return Ok(Opened::Retry(kind));
            }
        } else {
            self.local = Some(self.keys.localise(&header.engine_id));
            let (boots, time) = (header.boots, header.time);
            self.engine = Some(Engine { id: header.engine_id.clone(), boots, time, at: now, trusted: false });
        }
        Ok(self.retry(kind))
    }

    /// The message must come from our engine and be for our user (RFC 3412 section 7.2 step 12).
    fn check_origin(&self, header: &Header) -> Result<(), V3Error> {
        if self.engine_id() != Some(&header.engine_id) {
            return Err(V3Error::EngineId);
        }
        if self.keys.user() == header.user { Ok(()) } else { Err(V3Error::User) }
    }

    /// RFC 3414 section 3.2 step 7 b, for an authenticated message.
    fn check_time(&mut self, header: &Header, now: Duration) -> Result<(), V3Error> {
        let Some(engine) = &mut self.engine else { return Err(V3Error::EngineId) };
        let ours = (engine.boots, engine.time_now(now));
        let (boots, time) = (header.boots, header.time);
        let newer = (boots, time) > (engine.boots, engine.time);
        if !engine.trusted || newer {
            engine.boots = boots;
            engine.time = time;
            engine.at = now;
            engine.trusted = true;
            return Ok(());
        }
        if boots == MAX_BOOTS || boots < ours.0 || time.saturating_add(TIME_WINDOW) < ours.1 {
            return Err(V3Error::NotInTimeWindow);
        }
        Ok(())
    }
}

/// The message every engine answers with its id: no user, no engine (RFC 3414 section 4).
fn probe(msg_id: i32, request_id: i32) -> Result<Vec<u8>, V3Error> {
    let header = Header {
        msg_id,
        max_size: MAX_SIZE,
        level: SecurityLevel::NoAuthNoPriv,
        reportable: true,
        engine_id: Vec::new(),
        boots: 0,
        time: 0,
        user: Vec::new(),
    };
    let pdu = Pdu::get(request_id, []);
    let scoped = ScopedPdu { context_engine_id: Vec::new(), context_name: Vec::new(), pdu };
    message::build(&header, &scoped, None, 0)
}

impl std::fmt::Debug for UsmSession {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("UsmSession")
            .field("keys", &self.keys)
            .field("engine", &self.engine)
            .finish_non_exhaustive()
    }
}
