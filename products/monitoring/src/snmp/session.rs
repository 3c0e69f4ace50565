//! One agent with one credential: requests, repetitions, walks.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use async_trait::async_trait;
use model::{Reason, ReasonCode};
use snmp::v3::{Opened as V3Opened, ReportKind, UsmSession};
use snmp::{ErrorStatus, Fed, Message, Oid, Pdu, Table, Value, Version, Walk, WalkEnd, WalkLimits};
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

use super::client::{Arrival, Client};
use super::open::Door;
use super::pacing::{Bucket, DeviceLimits, Timing};
use super::source::TableSource;

/// One device on the wire: what all sessions with it share, so that its limits hold over all.
#[derive(Debug)]
pub(super) struct Device {
    client: Arc<Client>,
    peer: SocketAddr,
    limits: DeviceLimits,
    bucket: Mutex<Bucket>,
    timing: Mutex<Timing>,
    slots: Semaphore,
    /// Exchanges in a row without any answer.
    silent: AtomicU32,
}

/// Exchanges in a row without answer after which the device counts as gone: later ones fail at once.
const GONE: u32 = 12;

/// Names in one GETNEXT that looks which tables exist.
const PROBES: usize = 24;

/// Names in one GET.
const SCALARS: usize = 32;

impl Device {
    pub(super) fn new(client: Arc<Client>, peer: SocketAddr, limits: DeviceLimits) -> Arc<Self> {
        Arc::new(Self {
            client,
            peer,
            limits,
            bucket: Mutex::new(Bucket::new(limits.rate)),
            timing: Mutex::new(Timing::new(limits.timeout)),
            slots: Semaphore::new(limits.in_flight.max(1)),
            silent: AtomicU32::new(0),
        })
    }

    async fn pace(&self) {
        let wait = lock(&self.bucket).take(Instant::now());
        if !wait.is_zero() {
            tokio::time::sleep(wait).await;
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How messages are made and checked.
#[derive(Clone)]
enum Wire {
    Community { version: Version, community: Zeroizing<Vec<u8>> },
    Usm { session: Arc<Mutex<UsmSession>>, context: String },
}

/// One agent with the credential it is asked with.
#[derive(Clone)]
pub struct Session {
    device: Arc<Device>,
    wire: Wire,
    /// Unanswered requests of a walk before it is given up.
    max_timeouts: u32,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").field("peer", &self.device.peer).finish_non_exhaustive()
    }
}

/// Why an exchange brought no answer.
#[derive(Debug)]
pub(super) enum Failure {
    /// Silence.
    Timeout,
    /// An ICMP error, or the machine itself cannot send there.
    Unreachable(String),
    /// The agent refuses this credential.
    Refused(ReportKind),
    /// The agent knows the credential and denies access (authorizationError).
    Denied,
    /// The request cannot be made.
    Unsendable(String),
}

/// What a datagram was to an exchange.
enum Verdict {
    Answer(Pdu),
    /// The engine told its id or time: ask again.
    Again,
    Refused(ReportKind),
    Ignored,
}

impl Session {
    pub(super) fn new(device: Arc<Device>, door: &Door) -> Self {
        let wire = match door {
            Door::Community { version, community } => {
                Wire::Community { version: *version, community: community.clone() }
            }
            Door::User { keys, context } => {
                let session = UsmSession::new(Arc::clone(keys), rand::random());
                Wire::Usm { session: Arc::new(Mutex::new(session)), context: context.clone() }
            }
        };
        Self { device, wire, max_timeouts: 3 }
    }

    /// The SNMPv3 engine id, once learned.
    pub fn engine_id(&self) -> Option<Vec<u8>> {
        match &self.wire {
            Wire::Usm { session, .. } => lock(session).engine_id().map(<[u8]>::to_vec),
            Wire::Community { .. } => None,
        }
    }

    fn is_v1(&self) -> bool {
        matches!(self.wire, Wire::Community { version: Version::V1, .. })
    }

    fn encode(&self, id: i32, pdu: &Pdu) -> Result<Vec<u8>, Failure> {
        match &self.wire {
            Wire::Community { version, community } => {
                Message::new(*version, community.to_vec(), pdu.clone()).encode().map_err(|e| e.to_string())
            }
            Wire::Usm { session, context } => lock(session)
                .request(id, context, pdu, self.device.client.clock())
                .map_err(|error| error.to_string()),
        }
        .map_err(Failure::Unsendable)
    }

    fn judge(&self, datagram: &[u8], request_id: i32) -> Verdict {
        let pdu = match &self.wire {
            Wire::Community { version, .. } => match Message::decode(datagram) {
                Ok(message) if message.version == *version => message.pdu,
                _ => return Verdict::Ignored,
            },
            Wire::Usm { session, .. } => match lock(session).open(datagram, self.device.client.clock()) {
                Ok(V3Opened::Response(scoped)) => scoped.pdu,
                Ok(V3Opened::Retry(_)) => return Verdict::Again,
                Ok(V3Opened::Refused(kind)) => return Verdict::Refused(kind),
                Ok(V3Opened::Ignored) | Err(_) => return Verdict::Ignored,
            },
        };
        if pdu.kind == snmp::PduKind::Response && pdu.request_id == request_id {
            Verdict::Answer(pdu)
        } else {
            Verdict::Ignored
        }
    }

    /// Sends a request, repeats it when it stays unanswered, and gives the answer.
    pub(super) async fn exchange(&self, pdu: &Pdu, retries: u32) -> Result<Pdu, Failure> {
        let device = &*self.device;
        if device.silent.load(Ordering::Relaxed) >= GONE {
            return Err(Failure::Timeout);
        }
        let _slot = device.slots.acquire().await;
        let _place = device.client.place().await;
        let mut listener = device.client.listen(device.peer);
        let mut attempt = 0;
        let mut again = 0;
        // The first message of an exchange bears the request's own id; SNMPv3 repetitions need
        // fresh ones (RFC 3414 section 3.1).
        let mut id = pdu.request_id;
        let usm = matches!(self.wire, Wire::Usm { .. });
        listener.expect(id);
        loop {
            device.pace().await;
            let datagram = self.encode(id, pdu)?;
            let sent = Instant::now();
            device
                .client
                .send(device.peer, &datagram)
                .await
                .map_err(|e| Failure::Unreachable(e.to_string()))?;
            let wait = lock(&device.timing).wait(attempt);
            match tokio::time::timeout(wait, self.listen(&mut listener, pdu.request_id)).await {
                Ok(Ok(Some(answer))) => {
                    device.silent.store(0, Ordering::Relaxed);
                    if attempt == 0 {
                        lock(&device.timing).measured(sent.elapsed());
                    }
                    return Ok(answer);
                }
                // Asking again after a report is no repetition, but it has its bound too.
                Ok(Ok(None)) if again < 6 => {
                    device.silent.store(0, Ordering::Relaxed);
                    again += 1;
                }
                Ok(Ok(None)) => return Err(Failure::Refused(ReportKind::NotInTimeWindows)),
                Ok(Err(failure)) => return Err(failure),
                Err(_) if attempt < retries => attempt += 1,
                Err(_) => {
                    device.silent.fetch_add(1, Ordering::Relaxed);
                    return Err(Failure::Timeout);
                }
            }
            if usm {
                id = device.client.next_id();
                listener.expect(id);
            }
        }
    }

    /// Waits for the answer; `None` when the request is to be sent again.
    async fn listen(
        &self,
        listener: &mut super::client::Listener<'_>,
        request_id: i32,
    ) -> Result<Option<Pdu>, Failure> {
        loop {
            match listener.next().await {
                Some(Arrival::Datagram(datagram)) => match self.judge(&datagram, request_id) {
                    Verdict::Answer(pdu) => return Ok(Some(pdu)),
                    Verdict::Again => return Ok(None),
                    Verdict::Refused(kind) => return Err(Failure::Refused(kind)),
                    Verdict::Ignored => {}
                },
                Some(Arrival::Unreachable(what)) => return Err(Failure::Unreachable(what.to_owned())),
                None => return Err(Failure::Timeout),
            }
        }
    }

    /// GET of at most [`SCALARS`] names, in smaller pieces when the agent cannot answer them at
    /// once. An agent that fails on a single name has no value for it.
    pub(super) async fn get_some(&self, oids: &[Oid], retries: u32) -> Result<Vec<Option<Value>>, Failure> {
        let mut values = vec![None; oids.len()];
        // Pieces of the question still to be asked, as ranges of positions.
        let mut pieces: Vec<Vec<usize>> =
            (0..oids.len()).collect::<Vec<_>>().chunks(SCALARS).rev().map(<[_]>::to_vec).collect();
        while let Some(piece) = pieces.pop() {
            let names = piece.iter().filter_map(|position| oids.get(*position)).cloned();
            let answer = self.exchange(&Pdu::get(self.device.client.next_id(), names), retries).await?;
            if answer.error_status == ErrorStatus::NoError {
                for (position, varbind) in piece.iter().zip(answer.varbinds) {
                    let asked = oids.get(*position).is_some_and(|oid| *oid == varbind.name);
                    if asked
                        && !varbind.value.is_exception()
                        && let Some(slot) = values.get_mut(*position)
                    {
                        *slot = Some(varbind.value);
                    }
                }
                continue;
            }
            let named = usize::try_from(answer.error_index).ok().and_then(|index| index.checked_sub(1));
            match (answer.error_status, named) {
                (ErrorStatus::AuthorizationError, _) => return Err(Failure::Denied),
                // SNMPv1 refuses the whole question for one unknown name, and says which.
                (ErrorStatus::NoSuchName, named) => {
                    ask_less(&mut pieces, piece, named);
                }
                _ => {
                    ask_less(&mut pieces, piece, None);
                }
            }
        }
        Ok(values)
    }

    /// Which of at most [`PROBES`] subtrees hold anything.
    async fn probe(&self, roots: &[Oid]) -> Vec<bool> {
        let mut found = vec![true; roots.len()];
        let mut pieces: Vec<Vec<usize>> = vec![(0..roots.len()).collect()];
        while let Some(piece) = pieces.pop() {
            let names = piece.iter().filter_map(|position| roots.get(*position)).cloned();
            let pdu = Pdu::get_next(self.device.client.next_id(), names);
            let answer = match self.exchange(&pdu, self.device.limits.retries).await {
                Ok(answer) => answer,
                // Silence over many names may be the agent's way to say "too many".
                Err(Failure::Timeout) if piece.len() > 8 => {
                    pieces.extend(piece.chunks(8).map(<[_]>::to_vec));
                    continue;
                }
                Err(_) => return found,
            };
            let named = usize::try_from(answer.error_index).ok().and_then(|index| index.checked_sub(1));
            match (answer.error_status, named) {
                (ErrorStatus::NoError, _) => {
                    for (position, varbind) in piece.iter().zip(&answer.varbinds) {
                        let below = roots.get(*position).is_some_and(|root| varbind.name.starts_with(root));
                        if let Some(slot) = found.get_mut(*position) {
                            *slot = below && !varbind.value.is_exception();
                        }
                    }
                }
                // SNMPv1: nothing follows this name.
                (ErrorStatus::NoSuchName, named) => {
                    let refused = ask_less(&mut pieces, piece, named);
                    if let Some(slot) = refused.and_then(|position| found.get_mut(position)) {
                        *slot = false;
                    }
                }
                _ => {
                    ask_less(&mut pieces, piece, None);
                }
            }
        }
        found
    }

    fn walk_limits(&self) -> WalkLimits {
        WalkLimits {
            max_rows: self.device.limits.max_rows,
            max_timeouts: self.max_timeouts,
            bulk: !self.is_v1(),
            ..WalkLimits::default()
        }
    }
}

/// A question that was refused is asked again without the name that the agent refused, else in
/// halves. Gives the position that was refused; a single name that fails is not asked again.
fn ask_less(pieces: &mut Vec<Vec<usize>>, mut piece: Vec<usize>, refused: Option<usize>) -> Option<usize> {
    if let Some(at) = refused.filter(|at| *at < piece.len()) {
        let position = piece.remove(at);
        if !piece.is_empty() {
            pieces.push(piece);
        }
        return Some(position);
    }
    if piece.len() > 1 {
        let rest = piece.split_off(piece.len() / 2);
        pieces.extend([rest, piece]);
    }
    None
}

#[async_trait]
impl TableSource for Session {
    async fn get(&self, oids: &[Oid]) -> Result<Vec<Option<Value>>, Reason> {
        self.get_some(oids, self.device.limits.retries).await.map_err(|failure| failure.reason(""))
    }

    async fn present(&self, roots: &[Oid]) -> Vec<bool> {
        let pieces = roots.chunks(PROBES).map(|roots| self.probe(roots));
        futures::future::join_all(pieces).await.concat()
    }

    async fn walk(&self, columns: &[Oid]) -> Table {
        let mut walk = Walk::new(columns, self.walk_limits());
        while let Some(pdu) = walk.next_request(self.device.client.next_id()) {
            match self.exchange(&pdu, 1).await {
                Ok(answer) => {
                    if walk.on_response(&answer) == Fed::Ignored {
                        walk.stop(WalkEnd::NoProgress);
                    }
                }
                Err(Failure::Timeout) => walk.on_timeout(),
                Err(Failure::Refused(_) | Failure::Denied) => walk.stop(WalkEnd::Unauthorised),
                Err(Failure::Unreachable(_) | Failure::Unsendable(_)) => walk.stop(WalkEnd::TimedOut),
            }
        }
        walk.finish()
    }

    fn in_vlan(&self, vlan: u16) -> Option<Box<dyn TableSource>> {
        let wire = match &self.wire {
            Wire::Community { version, community } => {
                let mut community = community.clone();
                community.extend_from_slice(format!("@{vlan}").as_bytes());
                Wire::Community { version: *version, community }
            }
            Wire::Usm { session, context } if context.is_empty() => {
                Wire::Usm { session: Arc::clone(session), context: format!("vlan-{vlan}") }
            }
            Wire::Usm { .. } => return None,
        };
        Some(Box::new(Self { device: Arc::clone(&self.device), wire, max_timeouts: 1 }))
    }
}

impl Failure {
    /// The coded reason. `detail` is added to the text.
    pub(super) fn reason(&self, detail: &str) -> Reason {
        let (code, text) = match self {
            Self::Timeout => (ReasonCode::Timeout, "No answer.".to_owned()),
            Self::Unreachable(what) => (ReasonCode::Unreachable, format!("Refused: {what}.")),
            Self::Refused(kind) => {
                let code = match kind {
                    ReportKind::UnsupportedSecLevels => ReasonCode::SecurityLevel,
                    ReportKind::NotInTimeWindows => ReasonCode::NotInTimeWindow,
                    ReportKind::UnknownEngineIds
                    | ReportKind::InvalidMsgs
                    | ReportKind::UnknownPduHandlers
                    | ReportKind::Other => ReasonCode::BadAnswer,
                    _ => ReasonCode::WrongCredentials,
                };
                (code, format!("The agent answered {}.", kind.code()))
            }
            Self::Denied => {
                let text = "The agent knows the credential but denies access at this security level.";
                (ReasonCode::SecurityLevel, text.to_owned())
            }
            Self::Unsendable(what) => (ReasonCode::BadAnswer, format!("The request cannot be made: {what}.")),
        };
        let space = if detail.is_empty() { "" } else { " " };
        Reason::new(code, format!("{text}{space}{detail}"))
    }
}
