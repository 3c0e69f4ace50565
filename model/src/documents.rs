//! Documents: typed rows of one table family of one subject, in SI units.
//!
//! A document is ONE value per (subject, kind); attribute history is the difference of consecutive
//! documents. Rows are sorted by their key by whoever builds them, so that equal content serialises
//! equally and hashes equally.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::address::Mac;

macro_rules! documents {
    ($($(#[$doc:meta])* $variant:ident($body:ty) = $code:literal;)*) => {
        /// What one source says about one subject under one heading.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(tag = "kind", content = "body", rename_all = "snake_case")]
        pub enum Document { $($(#[$doc])* $variant($body),)* }

        /// The heading of a [`Document`].
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum DocumentKind { $($(#[$doc])* $variant,)* }

        impl Document {
            /// The document's heading.
            pub fn kind(&self) -> DocumentKind {
                match self { $(Self::$variant(_) => DocumentKind::$variant,)* }
            }
        }

        impl DocumentKind {
            /// All headings.
            pub const ALL: &'static [DocumentKind] = &[$(DocumentKind::$variant,)*];

            /// Stable snake_case text, as stored.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// Reads the stored text.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($code => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

documents! {
    /// SNMPv2-MIB system group, SNMP-FRAMEWORK-MIB engine.
    System(System) = "system";
    /// IF-MIB ifTable and ifXTable, or netlink links.
    Interfaces(Vec<Interface>) = "interfaces";
    /// IP-MIB addresses, all versions.
    Addresses(Vec<InterfaceAddress>) = "addresses";
    /// IP-MIB ipNetToMedia / ipNetToPhysical: ARP and ND.
    IpNeighbours(Vec<IpNeighbour>) = "ip_neighbours";
    /// LLDP-MIB (IEEE 802.1AB-2005) or LLDP-V2-MIB.
    Lldp(Lldp) = "lldp";
    /// CISCO-CDP-MIB.
    Cdp(Cdp) = "cdp";
    /// BRIDGE-MIB / Q-BRIDGE-MIB base: bridge address, ports.
    Bridge(Bridge) = "bridge";
    /// Forwarding database.
    Fdb(Vec<FdbEntry>) = "fdb";
    /// VLANs and their members.
    Vlans(Vec<Vlan>) = "vlans";
    /// Spanning tree.
    Stp(Stp) = "stp";
    /// IEEE8023-LAG-MIB.
    Lag(Vec<LagMember>) = "lag";
    /// ENTITY-MIB entPhysicalTable.
    Hardware(Vec<Component>) = "hardware";
    /// OSPF-MIB / OSPFV3-MIB.
    Ospf(Ospf) = "ospf";
    /// BGP4-MIB and vendors' tables.
    Bgp(Bgp) = "bgp";
    /// IP-FORWARD-MIB or the kernel's routes.
    Routes(Vec<Route>) = "routes";
    /// VRRP virtual routers.
    Vrrp(Vec<VrrpGroup>) = "vrrp";
    /// ISIS-MIB adjacencies.
    Isis(Isis) = "isis";
    /// Listening and connected sockets of the host itself.
    Sockets(Vec<Socket>) = "sockets";
}

/// The system group.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
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
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
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

/// LLDP, local and remote.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lldp {
    /// The device's own chassis id.
    pub chassis: Option<LldpId>,
    /// lldpLocSysName.
    pub name: String,
    /// Local ports by lldpLocPortNum. The number is its own name space, never taken as ifIndex.
    pub ports: Vec<LldpPort>,
    /// Neighbours.
    pub neighbours: Vec<LldpNeighbour>,
}

/// A chassis or port id with its subtype (IEEE 802.1AB).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LldpId {
    /// Chassis: 1 component, 2 ifAlias, 3 port component, 4 MAC, 5 network address, 6 ifName, 7 local.
    /// Port: 1 ifAlias, 2 port component, 3 MAC, 4 network address, 5 ifName, 6 circuit, 7 local.
    /// 0 when the agent gives none or a value outside the standard.
    pub subtype: u8,
    /// The raw octets.
    #[serde(with = "hex")]
    pub octets: Vec<u8>,
}

impl LldpId {
    /// The octets as text when they are printable, else as colon-separated hexadecimal.
    pub fn text(&self) -> String {
        let trimmed: &[u8] = self.octets.strip_suffix(&[0]).unwrap_or(&self.octets);
        match std::str::from_utf8(trimmed) {
            Ok(text) if !text.is_empty() && text.chars().all(|c| !c.is_control()) => text.to_owned(),
            _ => self.octets.iter().map(|b| format!("{b:02x}")).collect::<Vec<_>>().join(":"),
        }
    }
}

/// A row of lldpLocPortTable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LldpPort {
    /// lldpLocPortNum (or the ifIndex key of LLDP-V2-MIB).
    pub number: u32,
    /// Port id with subtype.
    pub id: Option<LldpId>,
    /// lldpLocPortDesc.
    pub description: String,
    /// True when the number is an ifIndex by definition (LLDP-V2-MIB).
    #[serde(default)]
    pub number_is_if_index: bool,
}

/// A row of lldpRemTable.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LldpNeighbour {
    /// lldpRemLocalPortNum.
    pub local_port: u32,
    /// lldpRemIndex.
    pub index: u32,
    /// Remote chassis id.
    pub chassis: Option<LldpId>,
    /// Remote port id.
    pub port: Option<LldpId>,
    /// lldpRemPortDesc.
    pub port_description: String,
    /// lldpRemSysName.
    pub name: String,
    /// lldpRemSysDesc.
    pub description: String,
    /// Enabled capabilities bits: 0 other, 1 repeater, 2 bridge, 3 WLAN AP, 4 router, 5 telephone,
    /// 6 DOCSIS, 7 station (bit numbers).
    pub capabilities: u16,
    /// Management addresses.
    pub management: Vec<IpAddr>,
}

/// CDP, local and remote.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cdp {
    /// cdpGlobalDeviceId.
    pub device_id: String,
    /// Neighbours.
    pub neighbours: Vec<CdpNeighbour>,
}

/// A row of cdpCacheTable.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CdpNeighbour {
    /// Local ifIndex.
    pub if_index: u32,
    /// cdpCacheDeviceIndex.
    pub index: u32,
    /// cdpCacheDeviceId.
    pub device_id: String,
    /// cdpCacheDevicePort.
    pub port: String,
    /// cdpCachePlatform.
    pub platform: String,
    /// cdpCacheVersion.
    pub version: String,
    /// cdpCacheSysName.
    pub name: String,
    /// cdpCacheAddress and cdpCachePrimaryMgmtAddr.
    pub addresses: Vec<IpAddr>,
    /// cdpCacheCapabilities bits: 0x01 router, 0x02 transparent bridge, 0x08 switch, 0x10 host.
    pub capabilities: u32,
}

/// The bridge and its ports.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bridge {
    /// dot1dBaseBridgeAddress.
    pub address: Option<Mac>,
    /// dot1dBasePort -> ifIndex.
    pub ports: Vec<BridgePort>,
}

/// One bridge port.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct BridgePort {
    /// dot1dBasePort.
    pub port: u32,
    /// dot1dBasePortIfIndex.
    pub if_index: u32,
}

/// One learned MAC address.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
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
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
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
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct BridgeId {
    /// Priority with the system id extension.
    pub priority: u16,
    /// Bridge address.
    pub mac: Mac,
}

/// A row of dot1dStpPortTable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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

/// One physical component (entPhysicalTable).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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

/// OSPF router and neighbours.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ospf {
    /// OSPFv2 router id.
    pub router_id: Option<std::net::Ipv4Addr>,
    /// OSPFv3 router id.
    pub router_id_v3: Option<std::net::Ipv4Addr>,
    /// Neighbours of both versions.
    pub neighbours: Vec<OspfNeighbour>,
}

/// An OSPF neighbour.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bgp {
    /// bgpLocalAs.
    pub local_as: Option<u32>,
    /// bgpIdentifier.
    pub identifier: Option<std::net::Ipv4Addr>,
    /// Peers.
    pub peers: Vec<BgpPeer>,
}

/// A BGP peer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Isis {
    /// Own system id, 6 octets.
    #[serde(with = "hex")]
    pub system_id: Vec<u8>,
    /// Adjacencies.
    pub adjacencies: Vec<IsisAdjacency>,
}

/// An IS-IS adjacency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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

/// One socket of the host.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
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

/// Octet strings as lower-case hexadecimal text.
mod hex {
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(octets: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        let mut text = String::with_capacity(octets.len() * 2);
        for octet in octets {
            text.push(char::from_digit(u32::from(octet >> 4), 16).unwrap_or('0'));
            text.push(char::from_digit(u32::from(octet & 15), 16).unwrap_or('0'));
        }
        serializer.serialize_str(&text)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bad = || serde::de::Error::custom("an even number of hexadecimal digits is expected");
        if text.len() % 2 != 0 {
            return Err(bad());
        }
        text.as_bytes()
            .chunks(2)
            .map(|pair| {
                std::str::from_utf8(pair)
                    .ok()
                    .and_then(|digits| u8::from_str_radix(digits, 16).ok())
                    .ok_or_else(bad)
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_survive_json() {
        let document = Document::Lldp(Lldp {
            chassis: Some(LldpId { subtype: 4, octets: vec![0, 0x1b, 0x21, 0xa, 0xb, 0xc] }),
            name: "core1.lab".into(),
            ports: vec![],
            neighbours: vec![LldpNeighbour {
                local_port: 2,
                management: vec!["fd00::1".parse().unwrap()],
                ..Default::default()
            }],
        });
        let text = serde_json::to_string(&document).unwrap();
        assert!(text.contains("\"octets\":\"001b210a0b0c\""), "{text}");
        assert_eq!(serde_json::from_str::<Document>(&text).unwrap(), document);
    }

    #[test]
    fn kinds_have_one_spelling() {
        for kind in DocumentKind::ALL {
            assert_eq!(DocumentKind::parse(kind.as_str()), Some(*kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
        }
    }
}
