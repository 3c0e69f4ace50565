//! The process's SNMP socket: one per address family, for thousands of agents at once.
//!
//! Answers are sorted to whoever waits by message id (request id in SNMPv1 and v2c, msgID in v3),
//! which no two waiting requests share. The sender's address is not looked at: devices with several
//! addresses often answer from another one than was asked, and who can forge a datagram can forge
//! its source too. SNMPv3 is protected by its digests.

mod icmp;
mod peek;

use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use socket2::{Domain, Protocol, Type};
use tokio::net::UdpSocket;
use tokio::sync::{Semaphore, mpsc};
use tokio::task::AbortHandle;

/// How the socket is set up.
#[derive(Clone, Copy, Debug)]
pub struct ClientOptions {
    /// Requests in flight, over all agents. Default 1024.
    pub max_in_flight: usize,
    /// Source address for IPv4; any by default.
    pub bind_v4: Ipv4Addr,
    /// Source address for IPv6; any by default.
    pub bind_v6: Ipv6Addr,
}

impl Default for ClientOptions {
    fn default() -> Self {
        Self { max_in_flight: 1024, bind_v4: Ipv4Addr::UNSPECIFIED, bind_v6: Ipv6Addr::UNSPECIFIED }
    }
}

/// Room for answers that arrive in a burst.
const RECEIVE_BUFFER: usize = 8 << 20;

/// Answers kept for one exchange; late duplicates beyond are dropped.
const ARRIVALS: usize = 8;

/// What arrives for somebody who waits.
#[derive(Debug)]
pub(super) enum Arrival {
    Datagram(Vec<u8>),
    /// An ICMP error for the address asked, in words.
    Unreachable(&'static str),
}

/// Whom a datagram or an ICMP error is for.
#[derive(Debug, Default)]
struct Waiters {
    by_id: HashMap<i32, mpsc::Sender<Arrival>>,
    by_peer: HashMap<(IpAddr, u16), Vec<i32>>,
}

/// The SNMP socket of the process. Shared by every crawl and refresh.
#[derive(Debug)]
pub struct Client {
    shared: Arc<Shared>,
    tasks: Vec<AbortHandle>,
}

#[derive(Debug)]
struct Shared {
    v4: Option<UdpSocket>,
    v6: Option<UdpSocket>,
    waiters: Mutex<Waiters>,
    next_id: AtomicU32,
    in_flight: Semaphore,
    sent: AtomicU64,
    epoch: Instant,
}

impl Client {
    /// Opens the sockets. Must be called inside a tokio runtime. One address family may be missing
    /// on the machine; an error is returned when both are.
    pub fn bind(options: ClientOptions) -> io::Result<Arc<Self>> {
        let v4 = open_socket(SocketAddr::new(options.bind_v4.into(), 0));
        let v6 = open_socket(SocketAddr::new(options.bind_v6.into(), 0));
        if let (Err(error), Err(_)) = (&v4, &v6) {
            return Err(io::Error::new(error.kind(), format!("no UDP socket for SNMP: {error}")));
        }
        let shared = Arc::new(Shared {
            v4: v4.ok(),
            v6: v6.ok(),
            waiters: Mutex::default(),
            next_id: AtomicU32::new(rand::random()),
            in_flight: Semaphore::new(options.max_in_flight.clamp(1, Semaphore::MAX_PERMITS)),
            sent: AtomicU64::new(0),
            epoch: Instant::now(),
        });
        let tasks = [true, false]
            .into_iter()
            .filter(|v6| shared.socket(*v6).is_some())
            .map(|v6| tokio::spawn(receive(Arc::clone(&shared), v6)).abort_handle())
            .collect();
        Ok(Arc::new(Self { shared, tasks }))
    }

    /// Datagrams sent so far.
    pub fn sent(&self) -> u64 {
        self.shared.sent.load(Ordering::Relaxed)
    }

    /// A fresh message id, unlike any of the last two billion.
    pub(super) fn next_id(&self) -> i32 {
        (self.shared.next_id.fetch_add(1, Ordering::Relaxed) & 0x7fff_ffff) as i32
    }

    /// Time on a clock that does not jump.
    pub(super) fn clock(&self) -> Duration {
        self.shared.epoch.elapsed()
    }

    /// Waits for a place among the requests in flight.
    pub(super) async fn place(&self) -> Option<tokio::sync::SemaphorePermit<'_>> {
        self.shared.in_flight.acquire().await.ok()
    }

    /// Begins to listen for answers from `peer`.
    pub(super) fn listen(&self, peer: SocketAddr) -> Listener<'_> {
        let (sender, arrivals) = mpsc::channel(ARRIVALS);
        Listener { client: self, peer, ids: Vec::new(), sender, arrivals }
    }

    /// Sends a datagram.
    pub(super) async fn send(&self, peer: SocketAddr, datagram: &[u8]) -> io::Result<()> {
        let socket = self.shared.socket(peer.is_ipv6()).ok_or(io::ErrorKind::AddrNotAvailable)?;
        self.shared.sent.fetch_add(1, Ordering::Relaxed);
        match socket.send_to(datagram, peer).await {
            // An ICMP error for somebody else is reported to the next sender, once.
            Err(error) if icmp::is_icmp(&error) => {
                self.shared.drain_errors(socket);
                socket.send_to(datagram, peer).await
            }
            other => other,
        }
        .map(drop)
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        self.tasks.iter().for_each(AbortHandle::abort);
    }
}

/// Answers of one exchange. Forgets its ids when dropped.
pub(super) struct Listener<'a> {
    client: &'a Client,
    peer: SocketAddr,
    ids: Vec<i32>,
    sender: mpsc::Sender<Arrival>,
    arrivals: mpsc::Receiver<Arrival>,
}

impl Listener<'_> {
    /// Also take answers to this message id.
    pub(super) fn expect(&mut self, id: i32) {
        self.ids.push(id);
        let key = (self.peer.ip(), self.peer.port());
        let mut waiters = self.client.shared.waiters();
        waiters.by_id.insert(id, self.sender.clone());
        waiters.by_peer.entry(key).or_default().push(id);
    }

    /// The next arrival.
    pub(super) async fn next(&mut self) -> Option<Arrival> {
        self.arrivals.recv().await
    }
}

impl Drop for Listener<'_> {
    fn drop(&mut self) {
        let key = (self.peer.ip(), self.peer.port());
        let mut waiters = self.client.shared.waiters();
        for id in &self.ids {
            waiters.by_id.remove(id);
        }
        if let Some(of_peer) = waiters.by_peer.get_mut(&key) {
            of_peer.retain(|id| !self.ids.contains(id));
            if of_peer.is_empty() {
                waiters.by_peer.remove(&key);
            }
        }
    }
}

impl Shared {
    fn socket(&self, v6: bool) -> Option<&UdpSocket> {
        if v6 { self.v6.as_ref() } else { self.v4.as_ref() }
    }

    fn waiters(&self) -> MutexGuard<'_, Waiters> {
        self.waiters.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn deliver(&self, datagram: &[u8]) {
        let Some(id) = peek::message_id(datagram) else { return };
        let sender = self.waiters().by_id.get(&id).cloned();
        if let Some(sender) = sender {
            // A full channel holds answers enough; one whose exchange ended wants none.
            drop(sender.try_send(Arrival::Datagram(datagram.to_vec())));
        }
    }

    fn drain_errors(&self, socket: &UdpSocket) {
        icmp::drain(socket, |peer, what| {
            let waiters = self.waiters();
            let ids = waiters.by_peer.get(&(peer.ip(), peer.port())).into_iter().flatten();
            for sender in ids.filter_map(|id| waiters.by_id.get(id)) {
                drop(sender.try_send(Arrival::Unreachable(what)));
            }
        });
    }
}

fn open_socket(address: SocketAddr) -> io::Result<UdpSocket> {
    let socket = socket2::Socket::new(Domain::for_address(address), Type::DGRAM, Some(Protocol::UDP))?;
    if address.is_ipv6() {
        socket.set_only_v6(true)?;
    }
    // The kernel caps the size; a smaller buffer only means a few repetitions more.
    drop(socket.set_recv_buffer_size(RECEIVE_BUFFER));
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    icmp::enable(&socket, address.is_ipv6());
    UdpSocket::from_std(socket.into())
}

async fn receive(shared: Arc<Shared>, v6: bool) {
    let Some(socket) = shared.socket(v6) else { return };
    let mut buffer = vec![0; 65_535];
    loop {
        match socket.recv_from(&mut buffer).await {
            Ok((length, _)) => shared.deliver(buffer.get(..length).unwrap_or_default()),
            Err(error) => {
                shared.drain_errors(socket);
                if !icmp::is_icmp(&error) {
                    tracing::warn!(%error, "SNMP socket");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
        }
    }
}
