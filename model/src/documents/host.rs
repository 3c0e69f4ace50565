//! What a device says of itself: system group, interfaces, addresses, hardware, sockets.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use super::hex;
use crate::address::Mac;

/// The system group.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct System {
    /// sysDescr.
    pub description: String,
    /// sysObjectID, dotted without leading dot.
    pub object_id: String,
    /// sysName as configured.
    pub name: String,
    /// sysLocation.
    pub location: String,
    /// sysContact.
    pub contact: String,
    /// sysServices bits (RFC 1213): 2 = bridge, 4 = router, 64 = host.
    pub services: Option<u32>,
    /// ipForwarding = forwarding(1).
    pub forwarding: Option<bool>,
    /// snmpEngineID.
    #[serde(with = "hex")]
    pub engine_id: Vec<u8>,
    /// snmpEngineBoots.
    pub engine_boots: Option<u32>,
    /// The time the agent's uptime began, Unix seconds rounded to 10 s so that it stays equal.
    pub boot_time: Option<i64>,
    /// Chassis serial number when a scalar gives it (vendors without ENTITY-MIB).
    pub serial: Option<String>,
}

/// One row of the interface table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Interface {
    /// ifIndex: valid for one boot only.
    pub index: u32,
    /// ifName; ifDescr when the agent gives no ifName.
    pub name: String,
    /// ifDescr.
    pub description: String,
    /// ifAlias: the operator's text.
    pub alias: String,
    /// IANAifType number (6 ethernetCsmacd, 24 softwareLoopback, 53 propVirtual, 131 tunnel,
    /// 135 l2vlan, 136 l3ipvlan, 161 ieee8023adLag, 209 bridge).
    pub if_type: u32,
    /// Octets.
    pub mtu: Option<u32>,
    /// Bits per second.
    pub speed_bps: Option<u64>,
    /// ifPhysAddress when it is a 48-bit MAC and not null.
    pub mac: Option<Mac>,
    /// ifAdminStatus = up(1).
    pub admin_up: bool,
    /// ifOperStatus = up(1).
    pub oper_up: bool,
    /// ifConnectorPresent, when told.
    pub connector: Option<bool>,
    /// ifIndex of interfaces directly below (ifStackTable).
    #[serde(default)]
    pub lower: Vec<u32>,
}

/// One address of an interface.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct InterfaceAddress {
    /// ifIndex of the interface.
    pub if_index: u32,
    /// The address, without zone.
    pub ip: IpAddr,
    /// Prefix length when known.
    pub prefix_length: Option<u8>,
    /// Address shared by several routers on purpose (anycast, VRRP): never an identity.
    #[serde(default)]
    pub shared: bool,
    /// VRF name; empty for the default one.
    #[serde(default)]
    pub vrf: String,
}

/// One ARP or ND entry.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct IpNeighbour {
    /// ifIndex on which it was learned.
    pub if_index: u32,
    /// The neighbour's address.
    pub ip: IpAddr,
    /// The neighbour's MAC.
    pub mac: Mac,
    /// Configured, not learned.
    #[serde(default)]
    pub fixed: bool,
}

/// One physical component (entPhysicalTable).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Component {
    /// entPhysicalIndex.
    pub index: u32,
    /// entPhysicalContainedIn, 0 at the top.
    pub contained_in: u32,
    /// entPhysicalClass: 3 chassis, 5 container, 6 powerSupply, 7 fan, 8 sensor, 9 module, 10 port, 11 stack.
    pub class: u32,
    /// entPhysicalName.
    pub name: String,
    /// entPhysicalDescr.
    pub description: String,
    /// entPhysicalSerialNum.
    pub serial: String,
    /// entPhysicalModelName.
    pub model: String,
    /// entPhysicalMfgName.
    pub manufacturer: String,
    /// entPhysicalHardwareRev.
    pub hardware_revision: String,
    /// entPhysicalSoftwareRev.
    pub software_revision: String,
    /// ifIndex by entAliasMapping.
    pub if_index: Option<u32>,
}

/// One socket of the host.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Socket {
    /// `tcp` or `udp`.
    pub protocol: String,
    /// Local address.
    pub local: std::net::SocketAddr,
    /// Remote address of a connected socket.
    pub remote: Option<std::net::SocketAddr>,
    /// `listen`, `established`, ...
    pub state: String,
    /// Owning process, when it may be seen.
    pub pid: Option<u32>,
    /// Its command name.
    pub process: Option<String>,
}
