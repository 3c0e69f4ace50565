//! Nodes: devices, unasked neighbours and shared media, with places.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A place on the map in layout units (about pixels at zoom 1); y grows downwards.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Position {
    /// Left to right.
    pub x: f64,
    /// Top to bottom.
    pub y: f64,
}

/// Currency of a device's facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Freshness {
    /// Confirmed within the time to live.
    Fresh,
    /// Not confirmed for longer; nothing says it is gone.
    Stale,
    /// Positively absent.
    Gone,
}

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NodeKind {
    /// A resolved device.
    Device,
    /// A neighbour that others announce but nobody asked.
    Stub,
    /// A shared medium: an unmanaged switch, a hub, a broadcast domain, a subnet.
    Segment,
}

/// What a device does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Forwards packets.
    Router,
    /// Forwards packets and frames.
    L3Switch,
    /// Forwards frames.
    Switch,
    /// Filters.
    Firewall,
    /// An end system.
    Host,
    /// Wireless access point.
    Ap,
    /// Telephone.
    Phone,
    /// A shared medium.
    Segment,
    /// Nothing told.
    Unknown,
}

impl Role {
    /// The word used in JSON and exports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Router => "router",
            Self::L3Switch => "l3switch",
            Self::Switch => "switch",
            Self::Firewall => "firewall",
            Self::Host => "host",
            Self::Ap => "ap",
            Self::Phone => "phone",
            Self::Segment => "segment",
            Self::Unknown => "unknown",
        }
    }
}

/// Health shown on a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Answers, and its links are up.
    Ok,
    /// A link of it is down or its facts are stale.
    Warning,
    /// It does not answer.
    Critical,
    /// Never asked.
    Unknown,
}

/// A node of the map.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Node {
    /// Entity id, or an id derived from what a stub or segment is.
    pub id: Uuid,
    /// Device, stub or segment.
    pub kind: NodeKind,
    /// Role.
    pub role: Role,
    /// Name.
    pub name: String,
    /// Addresses.
    pub addresses: Vec<IpAddr>,
    /// Left to right.
    pub x: f64,
    /// Top to bottom.
    pub y: f64,
    /// Currency.
    pub state: Freshness,
    /// Health.
    pub status: Status,
    /// Manufacturer.
    pub vendor: Option<String>,
    /// Model.
    pub model: Option<String>,
    /// Place.
    pub site: Option<String>,
    /// Links of the layer that end here (of all layers inside [`Map::nodes`]).
    pub degree: u32,
    /// Put here by a person.
    pub pinned: bool,
}
