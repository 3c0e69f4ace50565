//! The sockets: a few threads, each with one wildcard socket on the port of the simulation.
//!
//! One socket per address would need ten thousand descriptors for ten thousand devices. A wildcard
//! socket with IP_PKTINFO serves them all: the kernel says which address was asked and sends the
//! answer from it. It is bound to the loopback interface where the kernel allows that, and answers
//! loopback addresses only in any case. SO_REUSEPORT spreads devices over the threads' sockets.

use std::collections::BinaryHeap;
use std::io::{ErrorKind, IoSlice, IoSliceMut};
use std::net::{Ipv4Addr, SocketAddrV4, UdpSocket};
use std::os::fd::AsRawFd;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use nix::libc;
use nix::sys::socket::{
    ControlMessage, ControlMessageOwned, MsgFlags, SockaddrIn, recvmsg, sendmsg, setsockopt, sockopt,
};
use socket2::{Domain, Protocol, Socket, Type};

use crate::agent::World;
use crate::agent::respond::Outcome;
use crate::options::SimulatorError;

/// How often an idle thread looks whether it shall end.
const IDLE: Duration = Duration::from_millis(200);
/// Room for bursts: a thousand managers' questions at once.
const BUFFER: usize = 4 << 20;
/// Most answers waiting for a slow agent.
const MAX_DELAYED: usize = 65_536;
/// Largest datagram read.
const MAX_DATAGRAM: usize = 65_535;

/// An answer of a slow agent.
#[derive(PartialEq, Eq)]
struct Delayed {
    due: Instant,
    from: Ipv4Addr,
    to: SocketAddrV4,
    bytes: Vec<u8>,
}

impl Ord for Delayed {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        // The heap gives the greatest first: the earliest shall be the greatest.
        other.due.cmp(&self.due).then_with(|| self.to.cmp(&other.to))
    }
}

impl PartialOrd for Delayed {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

#[derive(Default)]
struct Timer {
    waiting: Mutex<BinaryHeap<Delayed>>,
    wake: Condvar,
}

/// Running threads; dropping it ends them.
pub(crate) struct Server {
    port: u16,
    stop: Arc<AtomicBool>,
    timer: Arc<Timer>,
    threads: Vec<JoinHandle<()>>,
}

impl Server {
    /// Opens the port and answers.
    pub(crate) fn start(world: &Arc<World>) -> Result<Self, SimulatorError> {
        let options = &world.plan.options;
        let bind = |source| SimulatorError::Bind { port: options.port, source };
        // Without SO_REUSEPORT, so that a second simulation on this port is refused and not mixed.
        let probe = open(options.port, false).map_err(bind)?;
        let port = probe.local_addr().map_err(bind)?.port();
        drop(probe);
        let stop = Arc::new(AtomicBool::new(false));
        let timer = Arc::new(Timer::default());
        let mut server = Self { port, stop, timer, threads: Vec::new() };
        let mut sockets = Vec::new();
        for _ in 0..options.workers {
            sockets.push(Arc::new(open(port, true).map_err(bind)?));
        }
        for (number, socket) in sockets.iter().enumerate() {
            let worker = Worker {
                world: Arc::clone(world),
                socket: Arc::clone(socket),
                stop: Arc::clone(&server.stop),
                timer: Arc::clone(&server.timer),
                port,
            };
            server.spawn(format!("sim-agent-{number}"), move || worker.run()).map_err(bind)?;
        }
        if let Some(socket) = sockets.first() {
            let (world, socket) = (Arc::clone(world), Arc::clone(socket));
            let (stop, timer) = (Arc::clone(&server.stop), Arc::clone(&server.timer));
            server
                .spawn("sim-delay".to_owned(), move || deliver_late(&world, &socket, &stop, &timer))
                .map_err(bind)?;
        }
        Ok(server)
    }

    fn spawn(&mut self, name: String, work: impl FnOnce() + Send + 'static) -> std::io::Result<()> {
        self.threads.push(std::thread::Builder::new().name(name).spawn(work)?);
        Ok(())
    }

    /// The port on which all agents answer.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        self.timer.wake.notify_all();
        for thread in self.threads.drain(..) {
            if thread.join().is_err() {
                tracing::error!("an agent thread of the simulator panicked");
            }
        }
    }
}

fn open(port: u16, shared: bool) -> std::io::Result<UdpSocket> {
    let socket = Socket::new(Domain::IPV4, Type::DGRAM, Some(Protocol::UDP))?;
    setsockopt(&socket, sockopt::Ipv4PacketInfo, &true)?;
    if shared {
        setsockopt(&socket, sockopt::ReusePort, &true)?;
        // The system may grant less; that is its limit to set.
        let _ = socket.set_recv_buffer_size(BUFFER);
    }
    // Refused to unprivileged users of old kernels; the destination is checked anyway.
    let _ = setsockopt(&socket, sockopt::BindToDevice, &std::ffi::OsString::from("lo"));
    socket.set_read_timeout(Some(IDLE))?;
    socket.bind(&SocketAddrV4::new(Ipv4Addr::UNSPECIFIED, port).into())?;
    Ok(socket.into())
}

struct Worker {
    world: Arc<World>,
    socket: Arc<UdpSocket>,
    stop: Arc<AtomicBool>,
    timer: Arc<Timer>,
    port: u16,
}

impl Worker {
    fn run(self) {
        let mut datagram = vec![0; MAX_DATAGRAM];
        let mut out = Vec::with_capacity(2_048);
        let mut control = nix::cmsg_space!(libc::in_pktinfo);
        while !self.stop.load(Ordering::Relaxed) {
            match receive(&self.socket, &mut datagram, &mut control) {
                Ok(Some((length, from, to))) if to.is_loopback() => {
                    self.answer(&datagram[..length], from, to, &mut out);
                }
                Ok(_) => {}
                Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => {}
                Err(error) => {
                    tracing::warn!(port = self.port, %error, "the simulator cannot receive");
                    std::thread::sleep(IDLE);
                }
            }
        }
    }

    fn answer(&self, datagram: &[u8], from: SocketAddrV4, to: Ipv4Addr, out: &mut Vec<u8>) {
        match self.world.handle(to, datagram, out) {
            Outcome::Silent => {}
            Outcome::Send => send(&self.world, &self.socket, to, from, out),
            Outcome::SendTwo(first) => {
                send(&self.world, &self.socket, to, from, &first);
                send(&self.world, &self.socket, to, from, out);
            }
            Outcome::SendAfter(delay) => {
                let mut waiting = self.timer.waiting.lock().unwrap_or_else(PoisonError::into_inner);
                if waiting.len() < MAX_DELAYED {
                    let due = Instant::now() + delay;
                    waiting.push(Delayed { due, from: to, to: from, bytes: out.clone() });
                    self.timer.wake.notify_one();
                }
            }
        }
    }
}

/// A datagram: its length, who sent it, and the address it was sent to.
fn receive(
    socket: &UdpSocket,
    buffer: &mut [u8],
    control: &mut [u8],
) -> std::io::Result<Option<(usize, SocketAddrV4, Ipv4Addr)>> {
    let mut slices = [IoSliceMut::new(buffer)];
    let message = recvmsg::<SockaddrIn>(socket.as_raw_fd(), &mut slices, Some(control), MsgFlags::empty())?;
    let mut to = None;
    for entry in message.cmsgs()? {
        if let ControlMessageOwned::Ipv4PacketInfo(info) = entry {
            to = Some(Ipv4Addr::from(u32::from_be(info.ipi_addr.s_addr)));
        }
    }
    let from = message.address.map(|address| SocketAddrV4::new(address.ip(), address.port()));
    Ok(from.zip(to).map(|(from, to)| (message.bytes, from, to)))
}

/// Sends from the address that was asked. A full buffer loses the answer, as a network does.
fn send(world: &World, socket: &UdpSocket, from: Ipv4Addr, to: SocketAddrV4, bytes: &[u8]) {
    let source = libc::in_pktinfo {
        ipi_ifindex: 0,
        ipi_spec_dst: libc::in_addr { s_addr: u32::from(from).to_be() },
        ipi_addr: libc::in_addr { s_addr: 0 },
    };
    let control = [ControlMessage::Ipv4PacketInfo(&source)];
    let slices = [IoSlice::new(bytes)];
    let target = SockaddrIn::from(to);
    if sendmsg(socket.as_raw_fd(), &slices, &control, MsgFlags::empty(), Some(&target)).is_ok() {
        world.answers.fetch_add(1, Ordering::Relaxed);
    }
}

/// Sends the answers of slow agents when their time has come.
fn deliver_late(world: &World, socket: &UdpSocket, stop: &AtomicBool, timer: &Timer) {
    let mut waiting = timer.waiting.lock().unwrap_or_else(PoisonError::into_inner);
    while !stop.load(Ordering::Relaxed) {
        let now = Instant::now();
        let wait = match waiting.peek() {
            Some(next) if next.due <= now => {
                if let Some(next) = waiting.pop() {
                    send(world, socket, next.from, next.to, &next.bytes);
                }
                continue;
            }
            Some(next) => next.due - now,
            None => Duration::from_hours(1),
        };
        waiting = match timer.wake.wait_timeout(waiting, wait) {
            Ok((guard, _)) => guard,
            Err(poisoned) => poisoned.into_inner().0,
        };
    }
}
