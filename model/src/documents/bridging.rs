//! Layer 2 of a bridge: ports, forwarding database, VLANs, spanning tree, aggregation.

use serde::{Deserialize, Serialize};

use crate::address::Mac;

/// The bridge and its ports.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Bridge {
    /// dot1dBaseBridgeAddress.
    pub address: Option<Mac>,
    /// dot1dBasePort -> ifIndex.
    pub ports: Vec<BridgePort>,
}

/// One bridge port.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct BridgePort {
    /// dot1dBasePort.
    pub port: u32,
    /// dot1dBasePortIfIndex.
    pub if_index: u32,
}

/// One learned MAC address.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FdbEntry {
    /// VLAN, 0 when the bridge is not VLAN aware or it is unknown.
    pub vlan: u16,
    /// The station.
    pub mac: Mac,
    /// dot1dBasePort; 0 = behind an unknown port.
    pub port: u32,
    /// ifIndex of that port, when mapped.
    pub if_index: Option<u32>,
    /// How it came to be.
    pub status: FdbStatus,
}

/// dot1qTpFdbStatus.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FdbStatus {
    /// learned(3).
    Learned,
    /// self(4): an address of the bridge itself.
    Own,
    /// mgmt(5) or configured.
    Fixed,
    /// other(1).
    Other,
}

/// A VLAN.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Vlan {
    /// VLAN id.
    pub id: u16,
    /// Name.
    pub name: String,
    /// dot1dBasePort numbers that carry it tagged.
    pub tagged: Vec<u32>,
    /// dot1dBasePort numbers that carry it untagged.
    pub untagged: Vec<u32>,
}

/// Spanning tree of the bridge (one instance per VLAN context when asked so).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Stp {
    /// dot1dStpProtocolSpecification.
    pub protocol: Option<u32>,
    /// dot1dStpDesignatedRoot: priority and MAC.
    pub root: Option<BridgeId>,
    /// dot1dStpRootPort.
    pub root_port: Option<u32>,
    /// Own bridge id: priority with the bridge address.
    pub own: Option<BridgeId>,
    /// Ports.
    pub ports: Vec<StpPort>,
}

/// An 8-octet STP bridge identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct BridgeId {
    /// Priority with the system id extension.
    pub priority: u16,
    /// Bridge address.
    pub mac: Mac,
}

/// A row of dot1dStpPortTable.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct StpPort {
    /// VLAN of the instance, 0 for the common one.
    #[serde(default)]
    pub vlan: u16,
    /// dot1dBasePort.
    pub port: u32,
    /// ifIndex when mapped.
    pub if_index: Option<u32>,
    /// dot1dStpPortState: 1 disabled, 2 blocking, 3 listening, 4 learning, 5 forwarding, 6 broken.
    pub state: u8,
    /// Designated bridge of the segment.
    pub designated_bridge: Option<BridgeId>,
    /// Designated port: priority (high 4 bits) and port number (low 12 bits).
    pub designated_port: Option<u16>,
}

/// One member port of a link aggregation group (dot3adAggPortTable).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct LagMember {
    /// ifIndex of the member.
    pub if_index: u32,
    /// ifIndex of the aggregate it is attached to (or selected for).
    pub aggregate: Option<u32>,
    /// Own LACP system id.
    pub actor_system: Option<Mac>,
    /// Own port number.
    pub actor_port: Option<u32>,
    /// Partner's LACP system id.
    pub partner_system: Option<Mac>,
    /// Partner's key.
    pub partner_key: Option<u32>,
    /// Partner's port number.
    pub partner_port: Option<u32>,
}
