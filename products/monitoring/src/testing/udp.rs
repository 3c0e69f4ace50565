//! Fixture agents on loopback sockets.

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use snmp::v3::{Received, UserKeys, UsmAgent};
use snmp::{Message, Version, peek_version};
use tokio::net::UdpSocket;
use tokio::task::AbortHandle;

use super::agent::Fixture;

/// An agent that serves a fixture until it is dropped.
pub(super) struct UdpAgent {
    pub(super) address: SocketAddr,
    /// When datagrams arrived.
    pub(super) arrivals: Arc<Mutex<Vec<Instant>>>,
    task: AbortHandle,
}

impl Drop for UdpAgent {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// How an agent on the wire behaves.
#[derive(Clone)]
pub(super) struct Behaviour {
    pub(super) community: &'static str,
    pub(super) users: Vec<UserKeys>,
    /// Datagrams that are lost before one is answered.
    pub(super) lose: usize,
    /// SNMPv1 only.
    pub(super) v1_only: bool,
    pub(super) engine: &'static [u8],
    /// Another address from which the answers come.
    pub(super) answers_from: Option<IpAddr>,
    /// Seconds that the engine claims to have been up at its start.
    pub(super) uptime: Duration,
}

impl Default for Behaviour {
    fn default() -> Self {
        Self {
            community: "public",
            users: Vec::new(),
            lose: 0,
            v1_only: false,
            answers_from: None,
            engine: b"\x80\x00\x1f\x88\x04engine1",
            uptime: Duration::from_secs(5),
        }
    }
}

impl UdpAgent {
    pub(super) async fn spawn(ip: IpAddr, port: u16, fixture: Fixture, behaviour: Behaviour) -> Self {
        let socket = UdpSocket::bind((ip, port)).await.unwrap();
        let address = socket.local_addr().unwrap();
        let arrivals: Arc<Mutex<Vec<Instant>>> = Arc::default();
        let task = tokio::spawn(serve(socket, fixture, behaviour, Arc::clone(&arrivals))).abort_handle();
        Self { address, arrivals, task }
    }
}

async fn serve(
    socket: UdpSocket,
    fixture: Fixture,
    behaviour: Behaviour,
    arrivals: Arc<Mutex<Vec<Instant>>>,
) {
    let mut engine = UsmAgent::new(behaviour.engine, 3, 77);
    behaviour.users.iter().for_each(|keys| engine.add_user(keys));
    let started = Instant::now();
    let other = match behaviour.answers_from {
        Some(ip) => Some(UdpSocket::bind((ip, 0)).await.unwrap()),
        None => None,
    };
    let mut buffer = vec![0; 65_535];
    let mut lose = behaviour.lose;
    loop {
        let Ok((length, from)) = socket.recv_from(&mut buffer).await else { continue };
        arrivals.lock().unwrap().push(Instant::now());
        if lose > 0 {
            lose -= 1;
            continue;
        }
        lose = behaviour.lose;
        let uptime = started.elapsed() + behaviour.uptime;
        if let Some(answer) = answer(&buffer[..length], &fixture, &behaviour, &mut engine, uptime) {
            other.as_ref().unwrap_or(&socket).send_to(&answer, from).await.unwrap();
        }
    }
}

fn answer(
    datagram: &[u8],
    fixture: &Fixture,
    behaviour: &Behaviour,
    engine: &mut UsmAgent,
    uptime: Duration,
) -> Option<Vec<u8>> {
    match peek_version(datagram).ok()? {
        Version::V3 if behaviour.users.is_empty() => None,
        Version::V3 => match engine.receive(datagram, uptime) {
            Received::Request(request) => {
                let answer = fixture.answer(&request.scoped.pdu, false)?;
                engine.respond(&request, answer, uptime).ok()
            }
            Received::Reply(bytes, _) => Some(bytes),
            Received::Drop(_) => None,
        },
        version => {
            if version == Version::V2c && behaviour.v1_only {
                return None;
            }
            let message = Message::decode(datagram).ok()?;
            if message.community != behaviour.community.as_bytes() {
                return None;
            }
            let answer = fixture.answer(&message.pdu, version == Version::V1)?;
            Message::new(version, message.community, answer).encode().ok()
        }
    }
}
