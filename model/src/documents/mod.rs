//! Documents: typed rows of one table family of one subject, in SI units.
//!
//! A document is ONE value per (subject, kind); attribute history is the difference of consecutive
//! documents. Rows are sorted by their key by whoever builds them, so that equal content serialises
//! equally and hashes equally.

mod bridging;
mod hex;
mod host;
mod intended;
mod neighbours;
mod routing;

use serde::{Deserialize, Serialize};

pub use bridging::{Bridge, BridgeId, BridgePort, FdbEntry, FdbStatus, LagMember, Stp, StpPort, Vlan};
pub use host::{Component, Interface, InterfaceAddress, IpNeighbour, Socket, System};
pub use intended::{CableEnd, Crossing, IntendedAddress, IntendedDevice, IntendedPort, Passage, PortClass};
pub use neighbours::{Cdp, CdpNeighbour, Lldp, LldpId, LldpNeighbour, LldpPort};
pub use routing::{Bgp, BgpPeer, Isis, IsisAdjacency, Ospf, OspfNeighbour, Route, VrrpGroup};

macro_rules! documents {
    ($($(#[$doc:meta])* $variant:ident($body:ty) = $code:literal;)*) => {
        /// What one source says about one subject under one heading.
        #[derive(Clone, Debug, PartialEq, Hash, Serialize, Deserialize)]
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
    /// What a source of truth says a device should be.
    Intended(IntendedDevice) = "intended";
    /// All devices a source of truth has, by record: who is not among them is there no more.
    IntendedRoster(Vec<uuid::Uuid>) = "intended_roster";
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
