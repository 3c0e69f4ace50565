//! Listening and connected sockets with their processes, from procfs.

use std::collections::HashMap;
use std::net::SocketAddr;

use model::documents::Socket;
use procfs::net::TcpState;
use procfs::process::FDTarget;

/// Processes looked through, at most.
const MAX_PROCESSES: usize = 20_000;

/// Owner of a socket: process id and command name.
type Owners = HashMap<u64, (u32, String)>;

/// All TCP and UDP sockets that listen or are connected. Processes of other users are named only
/// when this process may look at them.
pub(super) fn read() -> Vec<Socket> {
    let owners = owners();
    let socket = |protocol: &str, local: SocketAddr, remote: SocketAddr, state: &str, inode: u64| {
        let owner = owners.get(&inode);
        Socket {
            protocol: protocol.to_owned(),
            local: plain(local),
            remote: Some(plain(remote)).filter(|remote| remote.port() != 0),
            state: state.to_owned(),
            pid: owner.map(|(pid, _)| *pid),
            process: owner.map(|(_, name)| name.clone()),
        }
    };
    let mut sockets = Vec::new();
    for entry in [procfs::net::tcp(), procfs::net::tcp6()].into_iter().flatten().flatten() {
        if let Some(state) = tcp_state(&entry.state) {
            sockets.push(socket("tcp", entry.local_address, entry.remote_address, state, entry.inode));
        }
    }
    for entry in [procfs::net::udp(), procfs::net::udp6()].into_iter().flatten().flatten() {
        let state = if entry.remote_address.port() == 0 { "listen" } else { "established" };
        sockets.push(socket("udp", entry.local_address, entry.remote_address, state, entry.inode));
    }
    sockets.sort_unstable();
    sockets.dedup();
    sockets
}

/// IPv4 addresses as such, also those of sockets that serve both families.
fn plain(address: SocketAddr) -> SocketAddr {
    SocketAddr::new(address.ip().to_canonical(), address.port())
}

/// The states worth showing; closing ones come and go within seconds.
fn tcp_state(state: &TcpState) -> Option<&'static str> {
    match state {
        TcpState::Listen => Some("listen"),
        TcpState::Established => Some("established"),
        TcpState::SynSent => Some("syn_sent"),
        TcpState::CloseWait => Some("close_wait"),
        _ => None,
    }
}

fn owners() -> Owners {
    let mut owners = Owners::new();
    let Ok(processes) = procfs::process::all_processes() else { return owners };
    // Processes end while they are looked at: what cannot be read is left out.
    for process in processes.flatten().take(MAX_PROCESSES) {
        let Ok(descriptors) = process.fd() else { continue };
        let mut name = None;
        for descriptor in descriptors.flatten() {
            let FDTarget::Socket(inode) = descriptor.target else { continue };
            let name = name.get_or_insert_with(|| process.stat().map(|stat| stat.comm).unwrap_or_default());
            let pid = u32::try_from(process.pid()).unwrap_or(0);
            // A socket inherited by children belongs to the eldest.
            owners
                .entry(inode)
                .and_modify(|owner| {
                    if pid < owner.0 {
                        *owner = (pid, name.clone());
                    }
                })
                .or_insert_with(|| (pid, name.clone()));
        }
    }
    owners
}
