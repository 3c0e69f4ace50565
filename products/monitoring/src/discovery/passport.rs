//! What tells one device from another while a crawl runs, so that nobody is asked twice.
//!
//! This is no identity resolution (atlas does that over all sources and all time): it only saves
//! questions, and in doubt a device is asked.

use std::collections::BTreeSet;
use std::net::IpAddr;

use model::names::canonical_host;

use super::scope::Scope;
use crate::snmp::survey::Introduction;

/// A device's own statements about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Passport {
    pub(super) engine_id: Vec<u8>,
    pub(super) engine_boots: Option<u32>,
    pub(super) name: String,
    pub(super) object_id: String,
    /// Addresses that no other device has on purpose.
    pub(super) addresses: BTreeSet<IpAddr>,
}

impl Passport {
    pub(super) fn of(introduction: &Introduction, scope: &Scope) -> Self {
        let system = &introduction.system;
        Self {
            engine_id: system.engine_id.clone(),
            engine_boots: system.engine_boots,
            name: system.name.clone(),
            object_id: system.object_id.clone(),
            addresses: introduction
                .addresses
                .iter()
                .filter(|address| !address.shared && scope.identifies(address.ip))
                .map(|address| address.ip)
                .collect(),
        }
    }

    /// Name and kind: what two addresses of one device always have in common.
    pub(super) fn names(&self) -> (String, String) {
        (canonical_host(&self.name), self.object_id.clone())
    }

    /// True when `self`, met at `at`, is the device that was read at `other_at`.
    ///
    /// Equal engine ids or names are no proof: cloned machines have both. The addresses decide:
    /// each lists the address the other was asked at, or both list the same ones.
    pub(super) fn is_same(&self, at: IpAddr, other: &Self, other_at: IpAddr) -> bool {
        let engines = !self.engine_id.is_empty() && self.engine_id == other.engine_id;
        let unlike_engines =
            !self.engine_id.is_empty() && !other.engine_id.is_empty() && self.engine_id != other.engine_id;
        if unlike_engines || self.names() != other.names() {
            return false;
        }
        if self.addresses.is_empty() && other.addresses.is_empty() {
            return engines && self.engine_boots.is_some() && self.engine_boots == other.engine_boots;
        }
        let mutual = self.addresses.contains(&other_at) && other.addresses.contains(&at);
        mutual || self.addresses == other.addresses
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passport(engine: &[u8], name: &str, addresses: &[&str]) -> Passport {
        Passport {
            engine_id: engine.to_vec(),
            engine_boots: Some(3),
            name: name.to_owned(),
            object_id: "1.3.6.1.4.1.8072.3.2.10".to_owned(),
            addresses: addresses.iter().map(|ip| ip.parse().unwrap()).collect(),
        }
    }

    #[test]
    fn addresses_decide_between_clone_and_alias() {
        let first = passport(b"e1", "core1.lab", &["10.0.0.1", "10.0.1.1"]);
        let at = |text: &str| text.parse::<IpAddr>().unwrap();
        let cases = [
            (
                "another address of it",
                passport(b"e1", "core1.lab", &["10.0.0.1", "10.0.1.1"]),
                "10.0.1.1",
                true,
            ),
            (
                "its virtual address",
                passport(b"e1", "CORE1.lab.", &["10.0.0.1", "10.0.1.1"]),
                "10.0.0.254",
                true,
            ),
            ("a clone", passport(b"e1", "core1.lab", &["10.0.0.2"]), "10.0.0.2", false),
            (
                "a clone that shares an address",
                passport(b"e1", "core1.lab", &["10.0.0.2", "10.0.1.1"]),
                "10.0.0.2",
                false,
            ),
            ("another engine", passport(b"e2", "core1.lab", &["10.0.0.1", "10.0.1.1"]), "10.0.1.1", false),
            (
                "an agent that hides its engine",
                passport(b"", "core1.lab", &["10.0.0.1", "10.0.1.1"]),
                "10.0.1.1",
                true,
            ),
            ("another name", passport(b"e1", "core2.lab", &["10.0.0.1", "10.0.1.1"]), "10.0.1.1", false),
        ];
        for (what, second, address, same) in cases {
            assert_eq!(second.is_same(at(address), &first, at("10.0.0.1")), same, "{what}");
        }
    }

    #[test]
    fn without_addresses_only_the_engine_and_its_boots_can_tell() {
        let at: [IpAddr; 2] = ["10.0.0.1".parse().unwrap(), "10.0.0.2".parse().unwrap()];
        let bare = passport(b"e1", "sw", &[]);
        assert!(bare.is_same(at[1], &bare.clone(), at[0]));
        let nameless = passport(b"", "sw", &[]);
        assert!(!nameless.is_same(at[1], &nameless.clone(), at[0]));
    }
}
