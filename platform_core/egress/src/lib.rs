//! Connections that people make this server open: webhooks, repositories. They may lead to the open
//! network, not into the one the server stands in, unless its settings say so.
//!
//! What counts is the address that is connected to, looked at after the name was resolved and used as
//! it was looked at: a name that answers differently the next time gains nothing. Redirects are not
//! followed, proxies of the environment are not used.
#![forbid(unsafe_code)]
#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use ipnet::IpNet;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{Certificate, Client, Url};

/// Longest wait for a connection.
const CONNECT: Duration = Duration::from_secs(10);

/// Why a target is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Not an address this server can use.
    #[error("{0}")]
    Address(String),
    /// It leads where people must not send the server.
    #[error("{host} is {what}; the settings of this server do not allow it (webhooks.allowed_networks)")]
    Network {
        /// The host as written.
        host: String,
        /// What kind of address it is.
        what: &'static str,
    },
}

/// Where connections may go. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    allowed: Arc<[IpNet]>,
}

/// How a client checks whom it talks to.
#[derive(Clone, Debug, Default)]
pub struct Trust {
    /// Take any certificate.
    pub anyone: bool,
    /// PEM of certificates that are trusted instead of the system's.
    pub only: Option<Vec<u8>>,
}

impl Policy {
    /// These networks are allowed, whatever they are.
    pub fn new(allowed: Vec<IpNet>) -> Self {
        Self { allowed: allowed.into() }
    }

    /// What is wrong with an address, if anything.
    pub fn objects(&self, address: IpAddr) -> Option<&'static str> {
        let address = plain(address);
        if self.allowed.iter().any(|network| network.contains(&address)) {
            return None;
        }
        closed(address)
    }

    /// Reads the address of a target; one with an IP address in it is judged here, as nothing will be
    /// resolved.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn url(&self, text: &str) -> Result<Url, Refused> {
        let url = Url::parse(text)
            .map_err(|error| Refused::Address(format!("the address cannot be read: {error}")))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Refused::Address("an address begins with http:// or https://".to_owned()));
        }
        let address = match url.host() {
            Some(url::Host::Ipv4(address)) => Some(IpAddr::V4(address)),
            Some(url::Host::Ipv6(address)) => Some(IpAddr::V6(address)),
            Some(url::Host::Domain(_)) => None,
            None => return Err(Refused::Address("the address names no host".to_owned())),
        };
        if let Some(what) = address.and_then(|address| self.objects(address)) {
            return Err(Refused::Network { host: url.host_str().unwrap_or_default().to_owned(), what });
        }
        Ok(url)
    }

    /// A client that connects only where it may. Use it with addresses that passed [`Policy::url`].
    ///
    /// # Errors
    /// Certificates that cannot be read.
    pub fn client(&self, trust: &Trust) -> Result<Client, reqwest::Error> {
        let mut builder = Client::builder()
            .dns_resolver(Arc::new(Guarded(self.clone())))
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .connect_timeout(CONNECT)
            .user_agent(concat!("Portolan/", env!("CARGO_PKG_VERSION")))
            .tls_danger_accept_invalid_certs(trust.anyone);
        if let Some(pem) = &trust.only {
            builder = builder.tls_certs_only(Certificate::from_pem_bundle(pem)?);
        }
        builder.build()
    }
}

/// Resolves names and gives only addresses that may be connected to.
struct Guarded(Policy);

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        let policy = self.0.clone();
        Box::pin(async move {
            let host = name.as_str().to_owned();
            let found: Vec<SocketAddr> = tokio::net::lookup_host((host.as_str(), 0)).await?.collect();
            let mut refused = None;
            let mut good = Vec::with_capacity(found.len());
            for address in found {
                match policy.objects(address.ip()) {
                    Some(what) => refused = Some(what),
                    None => good.push(address),
                }
            }
            match refused {
                Some(what) if good.is_empty() => Err(Refused::Network { host, what }.into()),
                _ => Ok(Box::new(good.into_iter()) as Addrs),
            }
        })
    }
}

/// The IPv4 address that an IPv6 address stands for, when it does.
fn plain(address: IpAddr) -> IpAddr {
    let IpAddr::V6(v6) = address else { return address };
    let [a, b, _, _, _, _, g, h] = v6.segments();
    let last = || {
        let ([w, x], [y, z]) = (g.to_be_bytes(), h.to_be_bytes());
        IpAddr::V4(Ipv4Addr::new(w, x, y, z))
    };
    match v6.to_ipv4_mapped() {
        Some(v4) => IpAddr::V4(v4),
        // NAT64 (RFC 6052).
        None if (a, b) == (0x64, 0xff9b) => last(),
        None => address,
    }
}

/// What kind of closed network an address belongs to.
fn closed(address: IpAddr) -> Option<&'static str> {
    match address {
        IpAddr::V4(address) => closed_v4(address),
        IpAddr::V6(address) => closed_v6(address),
    }
}

fn closed_v4(address: Ipv4Addr) -> Option<&'static str> {
    let [a, b, ..] = address.octets();
    match address {
        _ if address.is_loopback() => Some("a loopback address"),
        _ if address.is_private() => Some("a private address"),
        _ if address.is_link_local() => Some("a link-local address"),
        // RFC 6598, RFC 2544, RFC 6890.
        _ if a == 100 && (64..128).contains(&b) => Some("an address shared by providers"),
        _ if a == 198 && (18..20).contains(&b) => Some("an address for benchmarks"),
        _ if a == 192 && b == 0 && address.octets().get(2) == Some(&0) => Some("a protocol address"),
        _ if a == 0 || address.is_broadcast() || address.is_multicast() || a >= 240 => {
            Some("no address of a host")
        }
        _ => None,
    }
}

fn closed_v6(address: Ipv6Addr) -> Option<&'static str> {
    let [a, b, c, ..] = address.segments();
    match address {
        _ if address.is_loopback() => Some("a loopback address"),
        _ if address.is_unspecified() || address.is_multicast() => Some("no address of a host"),
        _ if a & 0xffc0 == 0xfe80 => Some("a link-local address"),
        _ if a & 0xfe00 == 0xfc00 => Some("a private address"),
        // 6to4 carries an IPv4 address, Teredo any; nobody needs them for a webhook.
        _ if a == 0x2002 || (a, b) == (0x2001, 0) => Some("an address of a tunnel"),
        // IPv4-compatible addresses, long given up.
        _ if (a, b, c) == (0, 0, 0) => Some("no address of a host"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    #[test]
    fn closed_networks_are_known() {
        let policy = Policy::default();
        for address in [
            "127.0.0.1",
            "127.8.8.8",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "0.0.0.0",
            "100.64.0.1",
            "198.18.0.1",
            "192.0.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "240.0.0.1",
            "::1",
            "::",
            "fe80::1",
            "fd00::1",
            "fc00::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::a00:1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "2001:0:1::",
            "::127.0.0.1",
        ] {
            assert!(policy.objects(address.parse().unwrap()).is_some(), "{address}");
        }
        for address in ["8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1", "64:ff9b::808:808"] {
            assert_eq!(policy.objects(address.parse().unwrap()), None, "{address}");
        }
        let policy = Policy::new(vec!["10.0.0.0/8".parse().unwrap(), "::1/128".parse().unwrap()]);
        assert_eq!(policy.objects("10.9.9.9".parse().unwrap()), None);
        assert_eq!(policy.objects("::ffff:10.9.9.9".parse().unwrap()), None);
        assert_eq!(policy.objects("::1".parse().unwrap()), None);
        assert!(policy.objects("192.168.0.1".parse().unwrap()).is_some());
    }

    #[test]
    fn addresses_in_whatever_notation_are_judged() {
        let policy = Policy::default();
        for url in [
            "http://127.0.0.1/",
            "http://2130706433/",
            "http://0x7f.1/",
            "http://017700000001/",
            "http://127.1/",
            "http://[::ffff:127.0.0.1]/",
            "http://[::1]:80/",
            "https://169.254.169.254/latest/meta-data",
        ] {
            assert!(matches!(policy.url(url), Err(Refused::Network { .. })), "{url}");
        }
        for url in ["ftp://example.net/", "file:///etc/passwd", "gopher://x/", "x", "http://", ""] {
            assert!(matches!(policy.url(url), Err(Refused::Address(_))), "{url}");
        }
        assert!(policy.url("https://example.net/hook?x=1").is_ok());
    }

    #[tokio::test]
    async fn names_are_judged_by_what_they_resolve_to() {
        let _installed = rustls::crypto::ring::default_provider().install_default().is_ok();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://localhost:{}/", listener.local_addr().unwrap().port());
        let server = tokio::spawn(async move {
            let (mut socket, _) = listener.accept().await.unwrap();
            let mut buffer = [0; 1024];
            let _read = socket.read(&mut buffer).await.unwrap();
            socket.write_all(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n").await.unwrap();
        });
        let closed = Policy::default();
        let error = closed.client(&Trust::default()).unwrap().get(closed.url(&url).unwrap()).send().await;
        let told = format!("{:?}", error.unwrap_err());
        assert!(told.contains("loopback"), "{told}");
        let open = Policy::new(vec!["127.0.0.0/8".parse().unwrap(), "::1/128".parse().unwrap()]);
        let answer =
            open.client(&Trust::default()).unwrap().get(open.url(&url).unwrap()).send().await.unwrap();
        assert_eq!(answer.status(), 204);
        server.await.unwrap();
    }
}
