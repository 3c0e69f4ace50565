//! ICMP errors of an unconnected UDP socket, from its error queue (`man 7 ip`, IP_RECVERR).

use std::io::{self, IoSliceMut};
use std::net::SocketAddr;
use std::os::fd::AsRawFd;

use nix::sys::socket::{ControlMessageOwned, MsgFlags, SockaddrStorage, recvmsg, setsockopt, sockopt};
use tokio::net::UdpSocket;

/// Errors read at one go; more stay for the next.
const BATCH: usize = 256;

/// Asks the kernel to queue ICMP errors. Without it they are only lost, which costs time.
pub(super) fn enable(socket: &socket2::Socket, v6: bool) {
    let result = if v6 {
        setsockopt(socket, sockopt::Ipv6RecvErr, &true)
    } else {
        setsockopt(socket, sockopt::Ipv4RecvErr, &true)
    };
    if let Err(error) = result {
        tracing::debug!(%error, "ICMP errors are not reported");
    }
}

/// True for the errors by which a socket says that its error queue holds something.
pub(super) fn is_icmp(error: &io::Error) -> bool {
    use io::ErrorKind as K;
    matches!(
        error.kind(),
        K::ConnectionRefused
            | K::HostUnreachable
            | K::NetworkUnreachable
            | K::PermissionDenied
            | K::ConnectionReset
    ) || error.raw_os_error() == Some(libc::EPROTO)
        || error.raw_os_error() == Some(libc::ENOPROTOOPT)
        || error.raw_os_error() == Some(libc::EHOSTDOWN)
}

/// Reads the error queue: the address that was asked and what is wrong with it.
pub(super) fn drain(socket: &UdpSocket, mut each: impl FnMut(SocketAddr, &'static str)) {
    for _ in 0..BATCH {
        let mut data = [0; 64];
        let mut parts = [IoSliceMut::new(&mut data)];
        let mut control = nix::cmsg_space!([u8; 256]);
        let flags = MsgFlags::MSG_ERRQUEUE | MsgFlags::MSG_DONTWAIT;
        let message = recvmsg::<SockaddrStorage>(socket.as_raw_fd(), &mut parts, Some(&mut control), flags);
        let Ok(message) = message else { return };
        let Some(peer) = message.address.as_ref().and_then(socket_address) else { continue };
        let Ok(controls) = message.cmsgs() else { continue };
        for control in controls {
            let what = match control {
                ControlMessageOwned::Ipv4RecvErr(error, _) | ControlMessageOwned::Ipv6RecvErr(error, _) => {
                    words(error.ee_errno.cast_signed())
                }
                _ => None,
            };
            if let Some(what) = what {
                each(peer, what);
            }
        }
    }
}

fn socket_address(address: &SockaddrStorage) -> Option<SocketAddr> {
    if let Some(v4) = address.as_sockaddr_in() {
        return Some(SocketAddr::new(v4.ip().into(), v4.port()));
    }
    address.as_sockaddr_in6().map(|v6| SocketAddr::new(v6.ip().into(), v6.port()))
}

/// What an error number of the queue means for the address; `None` for what passes by itself
/// (a too large packet is sent again in pieces).
fn words(number: i32) -> Option<&'static str> {
    match number {
        libc::ECONNREFUSED => Some("port unreachable: nothing listens there"),
        libc::EHOSTUNREACH => Some("host unreachable"),
        libc::ENETUNREACH => Some("network unreachable"),
        libc::EACCES => Some("administratively prohibited"),
        _ => None,
    }
}
