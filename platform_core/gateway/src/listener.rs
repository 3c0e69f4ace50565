//! Listeners: plain HTTP on loopback, HTTPS everywhere else, bounded in connections and in the time
//! a client may take for its headers.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use axum::extract::Request;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt as _;

use crate::tls::Identity;

/// Connections at once.
const CONNECTIONS: usize = 4096;
/// For a TLS handshake.
const PATIENCE: Duration = Duration::from_secs(10);
/// For the next request of a connection to come with all its headers: clients keep connections, and one
/// that is closed just when a client writes to it again is an error to many of them.
const IDLE: Duration = Duration::from_secs(75);
/// For requests under way when the server stops.
const DRAIN: Duration = Duration::from_secs(10);

/// Marks a request that came over HTTPS.
#[derive(Clone, Copy)]
pub(crate) struct Secure;

/// Why a listener could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address is taken or not ours.
    #[error("cannot listen on {0}: {1}. Choose another address with --listen.")]
    Bind(SocketAddr, io::Error),
}

/// An open listener.
pub struct Listening {
    listener: TcpListener,
    /// The address, with the port that was chosen when it was 0.
    pub address: SocketAddr,
}

/// Opens a listener.
///
/// # Errors
/// When the address cannot be had.
pub async fn bind(address: SocketAddr) -> Result<Listening, ServeError> {
    let listener = TcpListener::bind(address).await.map_err(|error| ServeError::Bind(address, error))?;
    let address = listener.local_addr().map_err(|error| ServeError::Bind(address, error))?;
    Ok(Listening { listener, address })
}

/// Serves until `stop`, then lets requests under way end for a while.
pub async fn serve(listening: Listening, router: Router, tls: Option<&Identity>, stop: CancellationToken) {
    let acceptor = tls.map(|identity| TlsAcceptor::from(identity.config.clone()));
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let tasks = TaskTracker::new();
    loop {
        let Ok(place) = places.clone().acquire_owned().await else { break };
        let accepted = tokio::select! {
            accepted = listening.listener.accept() => accepted,
            () = stop.cancelled() => break,
        };
        let (stream, peer) = match accepted {
            Ok(pair) => pair,
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                // Out of descriptors: the next try at once would only burn the processor.
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let (router, acceptor, stop) = (router.clone(), acceptor.clone(), stop.clone());
        tasks.spawn(async move {
            connection(stream, peer, router, acceptor, stop).await;
            drop(place);
        });
    }
    tasks.close();
    if tokio::time::timeout(DRAIN, tasks.wait()).await.is_err() {
        tracing::warn!("some connections were still open at the end");
    }
}

async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    acceptor: Option<TlsAcceptor>,
    stop: CancellationToken,
) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "nodelay");
    }
    match acceptor {
        None => http(stream, peer, router, false, stop).await,
        Some(acceptor) => match tokio::time::timeout(PATIENCE, acceptor.accept(stream)).await {
            Ok(Ok(stream)) => http(stream, peer, router, true, stop).await,
            Ok(Err(error)) => tracing::debug!(%peer, %error, "TLS handshake failed"),
            Err(_) => tracing::debug!(%peer, "TLS handshake took too long"),
        },
    }
}

async fn http<S>(stream: S, peer: SocketAddr, router: Router, secure: bool, stop: CancellationToken)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = hyper::service::service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
        let router = router.clone();
        async move {
            let mut request: Request = request.map(axum::body::Body::new);
            request.extensions_mut().insert(ConnectInfo(peer));
            if secure {
                request.extensions_mut().insert(Secure);
            }
            let response = router.oneshot(request).await.unwrap_or_else(|never| match never {});
            Ok::<_, Infallible>(response)
        }
    });
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(IDLE)
        .max_headers(100)
        .max_buf_size(64 * 1024);
    builder.http2().timer(TokioTimer::new()).max_header_list_size(32 * 1024).max_concurrent_streams(128);
    let connection = builder.serve_connection_with_upgrades(TokioIo::new(stream), service);
    tokio::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = stop.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%peer, %error, "connection ended");
    }
}
