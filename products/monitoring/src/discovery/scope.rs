//! Which addresses may be asked at all.

use std::net::IpAddr;

use ipnet::IpNet;
use model::address::{is_ambiguous, is_link_local_v6};
use model::{Reason, ReasonCode};

/// The prefixes within which a crawl stays.
#[derive(Clone, Debug)]
pub(super) struct Scope {
    allow: Vec<IpNet>,
    deny: Vec<IpNet>,
}

impl Scope {
    pub(super) fn new(allow: Vec<IpNet>, deny: Vec<IpNet>) -> Self {
        Self { allow, deny }
    }

    /// True for an address that may name a device from here: unicast, not bound to one link, and
    /// loopback only when some allowed prefix is loopback itself (a simulated network).
    pub(super) fn is_askable(&self, ip: IpAddr) -> bool {
        let link_local = match ip {
            IpAddr::V4(v4) => v4.is_link_local() || v4.is_broadcast(),
            IpAddr::V6(v6) => is_link_local_v6(v6) || v6.to_ipv4_mapped().is_some(),
        };
        !ip.is_unspecified()
            && !ip.is_multicast()
            && !link_local
            && (!ip.is_loopback() || self.is_simulated())
    }

    /// Why an address must not be asked; `Ok` when it may.
    pub(super) fn admit(&self, ip: IpAddr) -> Result<(), Reason> {
        let outside = |text: String| Reason::new(ReasonCode::OutsideScope, text);
        if let Some(prefix) = self.deny.iter().find(|prefix| prefix.contains(&ip)) {
            return Err(outside(format!("{ip} is in the excluded prefix {prefix}.")));
        }
        if !self.allow.iter().any(|prefix| prefix.contains(&ip)) {
            return Err(outside(format!("{ip} is in none of the allowed prefixes.")));
        }
        Ok(())
    }

    /// True for an address that can tell devices apart: not one of those that many devices have,
    /// unless the order names such a prefix on purpose.
    pub(super) fn identifies(&self, ip: IpAddr) -> bool {
        !is_ambiguous(ip) || self.names(ip)
    }

    fn is_simulated(&self) -> bool {
        self.allow.iter().any(|prefix| prefix.addr().is_loopback())
    }

    /// An allowed prefix that consists of ambiguous addresses only and holds this one.
    fn names(&self, ip: IpAddr) -> bool {
        self.allow
            .iter()
            .any(|prefix| prefix.contains(&ip) && is_ambiguous(prefix.network()) && prefix.prefix_len() > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope(allow: &[&str], deny: &[&str]) -> Scope {
        let read = |list: &[&str]| list.iter().map(|prefix| prefix.parse().unwrap()).collect();
        Scope::new(read(allow), read(deny))
    }

    #[test]
    fn only_allowed_prefixes() {
        let scope = scope(&["10.0.0.0/8", "fd00::/8"], &["10.9.0.0/16"]);
        for (ip, admitted) in [
            ("10.1.99.1", true),
            ("10.9.1.1", false),
            ("192.168.1.1", false),
            ("fd00::1", true),
            ("fe80::1", false),
        ] {
            assert_eq!(scope.admit(ip.parse().unwrap()).is_ok(), admitted, "{ip}");
        }
    }

    #[test]
    fn link_bound_addresses_are_never_asked() {
        let plain = scope(&["0.0.0.0/0", "::/0"], &[]);
        for (ip, askable) in [
            ("10.0.0.1", true),
            ("127.0.0.1", false),
            ("169.254.1.1", false),
            ("224.0.0.5", false),
            ("255.255.255.255", false),
            ("fe80::1", false),
            ("::1", false),
            ("2001:470::1", true),
        ] {
            assert_eq!(plain.is_askable(ip.parse().unwrap()), askable, "{ip}");
        }
        let simulated = scope(&["127.1.0.0/16"], &[]);
        assert!(simulated.is_askable("127.1.0.5".parse().unwrap()));
        assert!(simulated.identifies("127.1.0.5".parse().unwrap()));
        assert!(simulated.admit("127.0.0.1".parse().unwrap()).is_err());
        assert!(!simulated.identifies("127.0.0.1".parse().unwrap()));
    }
}
