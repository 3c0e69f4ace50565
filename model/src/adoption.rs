//! What was observed, put so that a source of truth can take it over; and single repairs of what it
//! says. Products that find differences speak this, the product that keeps the truth writes it.

use std::net::IpAddr;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::address::Mac;

/// A device as it was observed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ObservedDevice {
    /// The resolved entity.
    pub entity: Uuid,
    /// Name: sysName, else an address.
    pub name: String,
    /// What it does, in the map's word: `router`, `switch` ...
    pub role: String,
    /// Maker, as far as it told.
    pub manufacturer: Option<String>,
    /// Model, as far as it told.
    pub model: Option<String>,
    /// Operating system, guessed from what it says of itself.
    pub platform: Option<String>,
    /// Chassis serial number.
    pub serial: Option<String>,
    /// Where it says it is.
    pub site: Option<String>,
    /// Addresses it answered at, the best first.
    pub primary: Vec<IpAddr>,
    /// Its interfaces in table order.
    pub interfaces: Vec<ObservedInterface>,
}

/// An interface as it was observed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ObservedInterface {
    /// ifName.
    pub name: String,
    /// IANAifType number.
    pub if_type: u32,
    /// Administratively up.
    pub enabled: bool,
    /// Octets.
    pub mtu: Option<u32>,
    /// Bits per second, when it says so.
    pub speed_bps: Option<u64>,
    /// MAC address.
    pub mac: Option<Mac>,
    /// ifAlias.
    pub description: String,
    /// Name of the aggregate it is a member of.
    pub aggregate: Option<String>,
    /// A cable ends here.
    pub cabled: bool,
    /// Its addresses.
    pub addresses: Vec<ObservedAddress>,
}

/// An address as it was observed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ObservedAddress {
    /// Address with the length of its network.
    pub net: IpNet,
    /// VRF name; empty for the default one.
    pub vrf: String,
    /// Shared by several routers on purpose.
    pub shared: bool,
}

/// An interface by the record of its device and its name.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PortRef {
    /// The device's record.
    pub device: Uuid,
    /// The interface's name there.
    pub interface: String,
}

/// One change of what a source of truth says, so that it says what was observed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "repair", rename_all = "snake_case")]
pub enum Repair {
    /// A device with everything on it is created.
    AdoptDevice {
        /// What was observed.
        device: Box<ObservedDevice>,
    },
    /// A device is no longer expected to answer: its status becomes `offline`. Nothing is deleted.
    RetireDevice {
        /// The record.
        device: Uuid,
    },
    /// A fact of a device.
    SetDevice {
        /// The record.
        device: Uuid,
        /// Which fact.
        fact: DeviceFact,
        /// What it becomes.
        value: String,
    },
    /// An interface is created with its addresses.
    AddInterface {
        /// The device's record.
        device: Uuid,
        /// What was observed.
        interface: Box<ObservedInterface>,
    },
    /// A fact of an interface.
    SetInterface {
        /// The record.
        interface: Uuid,
        /// What it becomes.
        fact: InterfaceFact,
    },
    /// An interface is deleted; its addresses stay, unassigned.
    RemoveInterface {
        /// The record.
        interface: Uuid,
    },
    /// An address comes onto an interface: an unassigned record of it is used, or one is created.
    AddAddress {
        /// The interface's record.
        interface: Uuid,
        /// What was observed.
        address: ObservedAddress,
    },
    /// An address moves to an interface, or gets another length.
    MoveAddress {
        /// The address's record.
        address: Uuid,
        /// Where it was observed.
        interface: Uuid,
        /// As it was observed.
        net: IpNet,
    },
    /// An address is taken off its interface; its record stays, deprecated.
    ReleaseAddress {
        /// The record.
        address: Uuid,
    },
    /// A cable is created.
    AddCable {
        /// What it joins.
        ends: [PortRef; 2],
    },
    /// A cable ends elsewhere; its label, colour and everything else stay.
    MoveCable {
        /// The record.
        cable: Uuid,
        /// What it joins.
        ends: [PortRef; 2],
    },
    /// A cable is deleted.
    RemoveCable {
        /// The record.
        cable: Uuid,
    },
}

/// Facts of a device that can be taken over one by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeviceFact {
    /// Name.
    Name,
    /// Serial number.
    Serial,
    /// Operating system, by name.
    Platform,
    /// Status.
    Status,
    /// Site, by name. It is then in no rack and no location.
    Site,
}

/// Facts of an interface that can be taken over one by one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "fact", content = "value", rename_all = "snake_case")]
pub enum InterfaceFact {
    /// Administratively up.
    Enabled(bool),
    /// Octets.
    Mtu(u32),
    /// Bits per second.
    Speed(u64),
    /// The operator's text.
    Description(String),
    /// MAC address.
    Mac(Mac),
    /// Name of the aggregate it is a member of; none when it is in none.
    Lag(Option<String>),
}

/// What adopting a device would do.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// The entity.
    pub entity: Uuid,
    /// Records that would be created, by kind: `device` 1, `interface` 24 ...
    pub creates: Vec<(String, usize)>,
    /// Where it would go.
    pub site: String,
    /// The role it would get.
    pub role: String,
    /// The type it would get, with its maker.
    pub device_type: String,
    /// The operating system it would get.
    pub platform: String,
    /// The record that is this device already: then nothing is created.
    pub exists: Option<Uuid>,
    /// Why it cannot be adopted; empty when it can.
    pub obstacles: Vec<String>,
    /// What is left out, and why.
    pub notes: Vec<String>,
}

/// Choices of a person for an adoption.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wishes {
    /// The site's record for everything; else sites follow from what devices say of their place.
    pub site: Option<Uuid>,
}
