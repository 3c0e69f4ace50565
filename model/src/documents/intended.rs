//! What a source of truth says the network should be: one document a device, with the facts of that
//! device only. Where a cable leads is found by joining the documents that name it.

use std::net::IpAddr;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::address::Mac;

/// A device as it should be. Empty texts and absent values state nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct IntendedDevice {
    /// The record at the source.
    pub record: Uuid,
    /// The record was deleted: the last thing its source says of it.
    #[serde(default)]
    pub removed: bool,
    /// It is a virtual machine: no hardware, no cables.
    #[serde(default)]
    pub virtual_machine: bool,
    /// Name.
    pub name: String,
    /// The source's word for its state: `active`, `planned`, `offline` ...
    pub status: String,
    /// Serial number.
    pub serial: String,
    /// Maker.
    pub manufacturer: String,
    /// Model.
    pub model: String,
    /// The maker's number of the model.
    pub part_number: String,
    /// Operating system.
    pub platform: String,
    /// What it does.
    pub role: String,
    /// Where it is.
    pub site: String,
    /// Addresses it is managed by.
    pub primary: Vec<IpAddr>,
    /// Ports, sorted by name.
    pub ports: Vec<IntendedPort>,
    /// How its front ports are joined to its rear ports.
    pub passages: Vec<Passage>,
}

/// Kinds of ports that end cables of data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PortClass {
    /// A network interface: a path ends here.
    #[default]
    Interface,
    /// Front of a patch panel: a path goes on behind it.
    Front,
    /// Rear of a patch panel.
    Rear,
}

/// A port as it should be.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct IntendedPort {
    /// The record at the source.
    pub record: Uuid,
    /// What kind of port.
    pub class: PortClass,
    /// Name.
    pub name: String,
    /// The source's word for its type: `1000base-t`, `virtual`, `lag` ...
    pub kind: String,
    /// Switched on.
    pub enabled: bool,
    /// For management only: often invisible to the device itself.
    pub management: bool,
    /// Octets.
    pub mtu: Option<u32>,
    /// Bits per second.
    pub speed_bps: Option<u64>,
    /// The operator's text.
    pub description: String,
    /// The aggregate it is a member of, a port of the same device.
    pub lag: Option<Uuid>,
    /// Its MAC addresses, sorted.
    pub macs: Vec<Mac>,
    /// Its addresses, sorted.
    pub addresses: Vec<IntendedAddress>,
    /// The cable that ends here.
    pub cable: Option<CableEnd>,
}

/// An address as it should be.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct IntendedAddress {
    /// Address with the length of its network.
    pub net: IpNet,
    /// VRF name; empty for the default one.
    pub vrf: String,
    /// The source's word for what it is: `vrrp`, `anycast`, empty for an ordinary one.
    pub role: String,
    /// The source's word for its state: `active`, `dhcp` ...
    pub status: String,
    /// The record at the source.
    pub record: Uuid,
}

/// One end of a cable.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CableEnd {
    /// The cable's record at the source.
    pub cable: Uuid,
    /// At which of its two sides: `A` or `B`.
    pub side: char,
    /// Which strand, of a cable with several ports at a side.
    pub connector: Option<u16>,
    /// The source's word for its state: `connected`, `planned`, `decommissioning`.
    pub status: String,
    /// What is written on it.
    pub label: String,
    /// No cable but a radio link between two interfaces.
    #[serde(default)]
    pub wireless: bool,
    /// The circuit into which it leads.
    #[serde(default)]
    pub circuit: Option<Crossing>,
}

/// A circuit on the way of a path, and where the path goes on behind it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Crossing {
    /// The circuit's record at the source.
    pub circuit: Uuid,
    /// What the provider calls it.
    pub name: String,
    /// The circuit is in service.
    pub active: bool,
    /// The cable at its other end; none when nothing is connected there.
    pub cable: Option<Uuid>,
    /// At which side of that cable the circuit is: `A` or `B`.
    pub side: char,
}

/// A front port joined to a position of a rear port.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Passage {
    /// Record of the front port.
    pub front: Uuid,
    /// Its position.
    pub front_position: u16,
    /// Record of the rear port.
    pub rear: Uuid,
    /// Its position.
    pub rear_position: u16,
}
