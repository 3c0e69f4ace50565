//! What devices announce to each other: LLDP and CDP.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use super::hex;

/// LLDP, local and remote.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
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
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
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
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
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
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Cdp {
    /// cdpGlobalDeviceId.
    pub device_id: String,
    /// Neighbours.
    pub neighbours: Vec<CdpNeighbour>,
}

/// A row of cdpCacheTable.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
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
