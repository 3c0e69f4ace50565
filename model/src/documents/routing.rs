//! Layer 3 of a router: OSPF, BGP, IS-IS, routes, VRRP.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use super::hex;

/// OSPF router and neighbours.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Ospf {
    /// OSPFv2 router id.
    pub router_id: Option<std::net::Ipv4Addr>,
    /// OSPFv3 router id.
    pub router_id_v3: Option<std::net::Ipv4Addr>,
    /// Neighbours of both versions.
    pub neighbours: Vec<OspfNeighbour>,
}

/// An OSPF neighbour.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct OspfNeighbour {
    /// 2 or 3.
    pub version: u8,
    /// The neighbour's address (v3: link-local).
    pub address: Option<IpAddr>,
    /// Local ifIndex: given for v3 and for unnumbered v2 links.
    pub if_index: Option<u32>,
    /// The neighbour's router id.
    pub router_id: std::net::Ipv4Addr,
    /// 1 down .. 8 full.
    pub state: u8,
}

/// BGP speaker and peers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Bgp {
    /// bgpLocalAs.
    pub local_as: Option<u32>,
    /// bgpIdentifier.
    pub identifier: Option<std::net::Ipv4Addr>,
    /// Peers.
    pub peers: Vec<BgpPeer>,
}

/// A BGP peer.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct BgpPeer {
    /// Remote address.
    pub remote: IpAddr,
    /// Local address.
    pub local: Option<IpAddr>,
    /// Remote AS.
    pub remote_as: u32,
    /// Remote BGP identifier.
    pub identifier: Option<std::net::Ipv4Addr>,
    /// 1 idle .. 6 established.
    pub state: u8,
}

/// IS-IS system and adjacencies.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Isis {
    /// Own system id, 6 octets.
    #[serde(with = "hex")]
    pub system_id: Vec<u8>,
    /// Adjacencies.
    pub adjacencies: Vec<IsisAdjacency>,
}

/// An IS-IS adjacency.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct IsisAdjacency {
    /// Local ifIndex when known.
    pub if_index: Option<u32>,
    /// Neighbour system id.
    #[serde(with = "hex")]
    pub neighbour: Vec<u8>,
    /// isisISAdjState = up(3).
    pub up: bool,
}

/// A route.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Route {
    /// Destination.
    pub prefix: ipnet::IpNet,
    /// Next hop; `None` for a connected route.
    pub next_hop: Option<IpAddr>,
    /// Outgoing ifIndex.
    pub if_index: Option<u32>,
    /// IANAipRouteProtocol: 2 local, 3 netmgmt, 8 rip, 9 isIs, 13 ospf, 14 bgp.
    pub protocol: u32,
    /// Metric when given.
    pub metric: Option<u32>,
}

/// A virtual router instance.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct VrrpGroup {
    /// ifIndex.
    pub if_index: u32,
    /// Virtual router id.
    pub vrid: u8,
    /// Virtual addresses: shared on purpose.
    pub addresses: Vec<IpAddr>,
    /// Master at present.
    pub master: bool,
}
