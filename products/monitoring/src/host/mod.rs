//! The host's own view: what the machine we run on knows of itself, without asking anybody.
//!
//! Interfaces, addresses, routes and neighbours come from netlink, sockets and their processes from
//! procfs. All of it is meant in the network namespace of this process.

mod identity;
mod links;
mod neighbours;
mod routes;
mod sockets;

use chrono::Utc;
use model::{Completeness, Document, Frame, Method, Reason, ReasonCode, Subject};

/// Rows of one table kept, at most.
const MAX_ROWS: usize = 20_000;

/// Seconds after which the view is stale unless confirmed.
const TTL_SECONDS: u32 = 180;

/// Why the host cannot be observed.
#[derive(Debug, thiserror::Error)]
pub enum HostError {
    /// The kernel's netlink socket cannot be used.
    #[error("netlink cannot be used: {0}; the process needs the address family AF_NETLINK")]
    Netlink(#[source] std::io::Error),
    /// The kernel refused a question.
    #[error("netlink refused the question for {what}: {source}")]
    Refused {
        /// What was asked for.
        what: &'static str,
        /// The kernel's answer.
        #[source]
        source: rtnetlink::Error,
    },
    /// A background task was ended.
    #[error("reading procfs was interrupted")]
    Interrupted,
}

/// Reads the host's view of itself: System, Interfaces, Addresses, IpNeighbours, Routes, Sockets.
/// The subject is the machine (source `host`, key: its machine id).
pub async fn observe(partition: &str) -> Result<Vec<Frame>, HostError> {
    let started = Utc::now();
    let (connection, handle, _) = rtnetlink::new_connection().map_err(HostError::Netlink)?;
    let connection = tokio::spawn(connection);
    let documents = read(&handle).await;
    connection.abort();
    let (identity, documents) = documents?;
    let subject = Subject { source: "host".to_owned(), partition: partition.to_owned(), key: identity };
    let ended = Utc::now();
    let frame = |(document, rows, cut): (Document, usize, bool)| Frame {
        subject: subject.clone(),
        method: Method::Queried,
        started,
        ended,
        completeness: completeness(rows, cut),
        ttl_seconds: TTL_SECONDS,
        kind: document.kind(),
        document: Some(document),
    };
    Ok(documents.into_iter().map(frame).collect())
}

/// A document, its rows, and whether rows were left out.
type Counted = (Document, usize, bool);

async fn read(handle: &rtnetlink::Handle) -> Result<(String, Vec<Counted>), HostError> {
    let blocking = tokio::task::spawn_blocking(|| (identity::read(), sockets::read()));
    let interfaces = links::interfaces(handle).await?;
    let addresses = links::addresses(handle).await?;
    let neighbours = neighbours::read(handle).await?;
    let routes = routes::read(handle).await?;
    let (identity, sockets) = blocking.await.map_err(|_| HostError::Interrupted)?;
    let documents = vec![
        (Document::System(identity.system), 1, false),
        bounded(interfaces, Document::Interfaces),
        bounded(addresses, Document::Addresses),
        bounded(neighbours, Document::IpNeighbours),
        bounded(routes, Document::Routes),
        bounded(sockets, Document::Sockets),
    ];
    Ok((identity.key, documents))
}

fn bounded<T>(mut rows: Vec<T>, document: impl Fn(Vec<T>) -> Document) -> Counted {
    let cut = rows.len() > MAX_ROWS;
    rows.truncate(MAX_ROWS);
    let count = rows.len();
    (document(rows), count, cut)
}

fn completeness(rows: usize, cut: bool) -> Completeness {
    if cut {
        let text = format!("The host has more than {MAX_ROWS} rows; the first were kept.");
        return Completeness::partial(rows, Reason::new(ReasonCode::RowLimit, text));
    }
    Completeness::complete(rows)
}

#[cfg(test)]
mod tests {
    use model::DocumentKind;
    use model::documents::Socket;

    use super::*;

    fn document(frames: &[Frame], kind: DocumentKind) -> Document {
        let frame = frames.iter().find(|frame| frame.kind == kind).unwrap();
        assert!(frame.completeness.complete);
        frame.document.clone().unwrap()
    }

    #[tokio::test]
    async fn the_host_sees_itself() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let local = listener.local_addr().unwrap();
        let frames = observe("default").await.unwrap();
        let keys: std::collections::BTreeSet<_> = frames.iter().map(|frame| &frame.subject.key).collect();
        assert_eq!(keys.len(), 1);

        let Document::System(system) = document(&frames, DocumentKind::System) else { panic!() };
        let hostname = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap();
        assert_eq!(system.name, hostname.trim());

        let Document::Interfaces(interfaces) = document(&frames, DocumentKind::Interfaces) else { panic!() };
        let loopback = interfaces.iter().find(|interface| interface.name == "lo").unwrap();
        assert_eq!((loopback.if_type, loopback.mac), (24, None));
        let names = std::fs::read_dir("/sys/class/net").unwrap().count();
        assert!(interfaces.len() + 1 >= names, "{} {names}", interfaces.len());

        let Document::Addresses(addresses) = document(&frames, DocumentKind::Addresses) else { panic!() };
        assert!(
            addresses.iter().any(|address| address.ip == local.ip() && address.if_index == loopback.index)
        );

        let Document::Sockets(sockets) = document(&frames, DocumentKind::Sockets) else { panic!() };
        let own = |socket: &&Socket| socket.local == local && socket.state == "listen";
        let socket = sockets.iter().find(own).unwrap();
        assert_eq!(socket.pid, Some(std::process::id()));
        assert!(socket.process.as_ref().is_some_and(|name| !name.is_empty()));
    }
}
