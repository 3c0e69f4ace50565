//! Whom a device names: addresses to ask next.

use std::net::IpAddr;

use model::Mac;
use model::documents::{Cdp, Lldp};

use crate::snmp::survey::{Contacts, Introduction};

/// How likely an address belongs to a network device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Weight {
    /// A seed, or a neighbour that announces a management address.
    Announced,
    /// A routing neighbour's or a station's address: asked with few repetitions, and only when all
    /// announced ones have shown their own addresses.
    Seen,
}

/// What the neighbour table says about the owner of an address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Claims {
    /// The announced system name.
    pub(super) name: String,
    /// The announced chassis, when it is a MAC address.
    pub(super) chassis: Option<Mac>,
}

/// A neighbour and the addresses at which it may be asked, best first.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub(super) addresses: Vec<IpAddr>,
    pub(super) weight: Weight,
    /// The protocol that named it.
    pub(super) protocol: &'static str,
    /// The value need not be an address at all: outside the allowed prefixes it is not worth a word.
    pub(super) guess: bool,
    pub(super) claims: Claims,
}

/// Addresses of the family the device itself was asked with come first: that family is known to
/// get through.
fn by_family(mut addresses: Vec<IpAddr>, asked: IpAddr) -> Vec<IpAddr> {
    addresses.sort_by_key(|ip| (ip.is_ipv4() != asked.is_ipv4(), *ip));
    addresses
}

/// Neighbours that announce a management address.
pub(super) fn announced(introduction: &Introduction, asked: IpAddr) -> Vec<Candidate> {
    lldp(&introduction.lldp, asked).chain(cdp(&introduction.cdp, asked)).collect()
}

fn lldp(lldp: &Lldp, asked: IpAddr) -> impl Iterator<Item = Candidate> {
    lldp.neighbours.iter().filter(|neighbour| !neighbour.management.is_empty()).map(move |neighbour| {
        let chassis = neighbour.chassis.as_ref().filter(|id| id.subtype == 4);
        Candidate {
            addresses: by_family(neighbour.management.clone(), asked),
            weight: Weight::Announced,
            protocol: "lldp",
            guess: false,
            claims: Claims {
                name: neighbour.name.clone(),
                chassis: chassis.and_then(|id| Mac::from_slice(&id.octets)),
            },
        }
    })
}

fn cdp(cdp: &Cdp, asked: IpAddr) -> impl Iterator<Item = Candidate> {
    cdp.neighbours.iter().filter(|neighbour| !neighbour.addresses.is_empty()).map(move |neighbour| {
        Candidate {
            addresses: by_family(neighbour.addresses.clone(), asked),
            weight: Weight::Announced,
            protocol: "cdp",
            guess: false,
            claims: Claims { name: neighbour.name.clone(), chassis: None },
        }
    })
}

/// Routing neighbours and stations.
pub(super) fn seen(contacts: &Contacts) -> Vec<Candidate> {
    let ospf = contacts.ospf.neighbours.iter().filter_map(|n| Some(("ospf", n.address?)));
    let bgp = contacts.bgp.peers.iter().map(|peer| ("bgp", peer.remote));
    let stations = contacts.neighbours.iter().map(|n| (if n.ip.is_ipv4() { "arp" } else { "nd" }, n.ip));
    let addresses = ospf.chain(bgp).chain(stations).map(|(protocol, ip)| (protocol, ip, false));
    // Router ids most often are loopback addresses, and routers that answer only there are common.
    let routers = contacts.ospf.neighbours.iter().map(|n| ("ospf", n.router_id));
    let speakers = contacts.bgp.peers.iter().filter_map(|peer| Some(("bgp", peer.identifier?)));
    let identifiers = routers.chain(speakers).map(|(protocol, id)| (protocol, IpAddr::V4(id), true));
    addresses
        .chain(identifiers)
        .map(|(protocol, ip, guess)| Candidate {
            addresses: vec![ip],
            weight: Weight::Seen,
            protocol,
            guess,
            claims: Claims::default(),
        })
        .collect()
}
