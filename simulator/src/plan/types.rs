//! The nouns of a simulated network. Everything refers to everything by position, so that ten
//! thousand devices stay small.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use model::Mac;

use crate::options::Options;
use crate::plan::{Lame, Vendor};

/// Position of a device in [`Plan::devices`].
pub type DeviceId = u32;

/// What a device is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Router to the providers.
    Edge,
    /// Backbone router of a region.
    Core,
    /// Routing switch of a campus site.
    Distribution,
    /// Switch for end systems.
    Access,
    /// Upper stage of a data centre fabric.
    Spine,
    /// Lower stage of a data centre fabric.
    Leaf,
    /// Server with an SNMP agent.
    Server,
}

impl Role {
    /// Stable name for the truth file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Edge => "edge",
            Self::Core => "core",
            Self::Distribution => "distribution",
            Self::Access => "access",
            Self::Spine => "spine",
            Self::Leaf => "leaf",
            Self::Server => "server",
        }
    }

    /// Forwards by MAC address.
    pub fn bridges(self) -> bool {
        matches!(self, Self::Distribution | Self::Access | Self::Leaf)
    }

    /// Forwards by IP address.
    pub fn routes(self) -> bool {
        !matches!(self, Self::Access | Self::Server)
    }
}

/// What an interface is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PortKind {
    /// A port with a connector, counted from 1; uplink ports come behind the ordinary ones.
    Physical {
        /// Number on the device.
        number: u16,
        /// On the uplink module.
        uplink: bool,
    },
    /// A link aggregation group, counted from 1.
    Aggregate {
        /// Number on the device.
        number: u16,
    },
    /// The routed interface of a VLAN.
    Svi {
        /// VLAN id.
        vlan: u16,
    },
    /// Unit 0 of a physical port or aggregate (Junos), which carries its addresses. `parent` is the
    /// port's number, 1000 above for an aggregate.
    Unit {
        /// Number of the port below.
        parent: u16,
    },
    /// The first loopback interface.
    Loopback,
    /// A container bridge on a server (`docker0`), equal on all of them.
    Container,
}

/// How a port forwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Nothing is configured.
    Unused,
    /// Bridges one VLAN untagged.
    Access(u16),
    /// Bridges all VLANs of the site.
    Trunk,
    /// Carries addresses itself, or belongs to an aggregate or end system.
    Routed,
}

/// What is plugged into a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attached {
    /// Nothing.
    Nothing,
    /// A cable to another device of the plan.
    Cable(u32),
    /// An unmanaged switch.
    Segment(u32),
    /// End hosts.
    Host,
    /// Something outside the plan: a provider.
    Outside,
}

/// An address of an interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Address {
    /// The address.
    pub ip: IpAddr,
    /// Prefix length.
    pub length: u8,
}

/// An interface.
#[derive(Clone, Debug)]
pub struct Interface {
    /// What it is.
    pub kind: PortKind,
    /// How it forwards.
    pub mode: Mode,
    /// What is plugged in.
    pub attached: Attached,
    /// Position of the aggregate it belongs to.
    pub lag: Option<u16>,
    /// ifName.
    pub name: Box<str>,
    /// ifDescr when it differs from the name.
    pub long_name: Option<Box<str>>,
    /// ifAlias.
    pub alias: Box<str>,
    /// ifIndex.
    pub if_index: u32,
    /// ifPhysAddress.
    pub mac: Mac,
    /// Megabit per second.
    pub speed: u32,
    /// Octets.
    pub mtu: u32,
    /// dot1dBasePort, 0 when it does not bridge.
    pub bridge_port: u16,
    /// lldpLocPortNum.
    pub lldp_number: u32,
    /// Addresses.
    pub addresses: Vec<Address>,
}

impl Interface {
    /// ifDescr.
    pub fn descr(&self) -> &str {
        self.long_name.as_deref().unwrap_or(&self.name)
    }

    /// True for a port with a connector.
    pub fn is_physical(&self) -> bool {
        matches!(self.kind, PortKind::Physical { .. })
    }
}

/// A device with an SNMP agent.
#[derive(Clone, Debug)]
pub struct Device {
    /// Its position.
    pub id: DeviceId,
    /// sysName (not unique when clones are planted).
    pub name: String,
    /// What it is for.
    pub role: Role,
    /// How it talks.
    pub vendor: Vendor,
    /// Position of its site.
    pub site: u16,
    /// The loopback-network address by which it is managed, announced by LLDP and CDP.
    pub address: Ipv4Addr,
    /// Further addresses of the management plane on which the same agent answers.
    pub other_addresses: Vec<Ipv4Addr>,
    /// Chassis serial number (not unique when clones are planted).
    pub serial: String,
    /// Bridge address, LLDP chassis id, LACP system id.
    pub base_mac: Mac,
    /// snmpEngineID.
    pub engine_id: Vec<u8>,
    /// Sends and receives LLDP.
    pub lldp: bool,
    /// Sends and receives CDP.
    pub cdp: bool,
    /// How it answers badly.
    pub lame: Option<Lame>,
    /// Carries the name of that device.
    pub clone_of: Option<DeviceId>,
    /// STP priority.
    pub stp_priority: u16,
    /// Autonomous system of a BGP speaker, 0 for none.
    pub asn: u32,
    /// Ordinary ports; uplink ports are numbered behind them.
    pub nominal_ports: u16,
    /// Seconds it was up when the simulation began.
    pub uptime: u32,
    /// Interfaces in order of creation.
    pub interfaces: Vec<Interface>,
}

impl Device {
    /// Positions of the interfaces in rising ifIndex.
    pub fn by_if_index(&self) -> Vec<u16> {
        let mut order: Vec<u16> = (0..self.interfaces.len() as u16).collect();
        order.sort_by_key(|position| self.interfaces[usize::from(*position)].if_index);
        order
    }

    /// The interface at a position.
    pub fn port(&self, position: u16) -> &Interface {
        &self.interfaces[usize::from(position)]
    }

    /// True when the device has this kind of lameness.
    pub fn is(&self, lame: Lame) -> bool {
        self.lame == Some(lame)
    }

    /// The name with its domain where the vendor reports one.
    pub fn full_name(&self) -> String {
        if self.vendor.speaks_cdp() { format!("{}.sim.example", self.name) } else { self.name.clone() }
    }
}

/// One end of a cable or group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct End {
    /// The device.
    pub device: DeviceId,
    /// Position of the interface.
    pub port: u16,
}

/// A cable between two devices of the plan.
#[derive(Clone, Debug)]
pub struct Cable {
    /// One end.
    pub a: End,
    /// The other.
    pub b: End,
    /// The group it belongs to.
    pub lag: Option<u32>,
}

impl Cable {
    /// The end that is not on `device`.
    pub fn far(&self, device: DeviceId) -> End {
        if self.a.device == device { self.b } else { self.a }
    }
}

/// A link aggregation group between two devices.
#[derive(Clone, Debug)]
pub struct Lag {
    /// The aggregate at one end.
    pub a: End,
    /// The aggregate at the other.
    pub b: End,
    /// Its cables.
    pub cables: Vec<u32>,
}

/// An unmanaged switch: no agent, no address, no bridge protocol of its own.
#[derive(Clone, Debug)]
pub struct Segment {
    /// Ports of devices plugged into it.
    pub ends: Vec<End>,
    /// Passes LLDP frames on, as cheap ones do against IEEE 802.1D.
    pub floods_lldp: bool,
}

/// Where an end host is plugged in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostAt {
    /// Into a port.
    Port(End),
    /// Into an unmanaged switch.
    Segment(u32),
}

/// An end system without SNMP.
#[derive(Clone, Debug)]
pub struct Host {
    /// Its MAC address.
    pub mac: Mac,
    /// Its address.
    pub ip: Ipv4Addr,
    /// Its VLAN.
    pub vlan: u16,
    /// Where it is.
    pub at: HostAt,
    /// Announces itself by LLDP.
    pub phone: bool,
}

/// What carries a subnet: it is up while the carrier is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carrier {
    /// A cable.
    Cable(u32),
    /// A group: up while one of its cables is.
    Lag(u32),
    /// The bridges of a site.
    Vlan(u16),
}

/// An address of a device in a subnet.
#[derive(Clone, Copy, Debug)]
pub struct Member {
    /// Device and interface.
    pub end: End,
    /// IPv4 address.
    pub ip: Ipv4Addr,
}

/// An IP subnet with at least one device in it.
#[derive(Clone, Debug)]
pub struct Subnet {
    /// IPv4 prefix.
    pub prefix: Ipv4Net,
    /// IPv6 prefix.
    pub prefix6: Option<Ipv6Net>,
    /// What carries it.
    pub carrier: Carrier,
    /// Devices in it.
    pub members: Vec<Member>,
    /// OSPF area when the members are neighbours.
    pub area: Option<u32>,
    /// The site.
    pub site: u16,
    /// Used again elsewhere for something else.
    pub overlapping: bool,
}

/// A BGP session.
#[derive(Clone, Debug)]
pub struct BgpSession {
    /// One speaker.
    pub a: DeviceId,
    /// The other; `None` is a provider outside.
    pub b: Option<DeviceId>,
    /// Address of `a`.
    pub a_ip: Ipv4Addr,
    /// Address of `b`.
    pub b_ip: Ipv4Addr,
    /// AS of `a`.
    pub a_as: u32,
    /// AS of `b`.
    pub b_as: u32,
}

/// A virtual router of two devices.
#[derive(Clone, Debug)]
pub struct VrrpGroup {
    /// VLAN whose SVIs share the address.
    pub vlan: u16,
    /// Virtual router id.
    pub vrid: u8,
    /// Shared address.
    pub address: Ipv4Addr,
    /// Master's SVI.
    pub master: End,
    /// Backup's SVI.
    pub backup: End,
}

/// A VLAN of a site.
#[derive(Clone, Debug)]
pub struct Vlan {
    /// VLAN id.
    pub id: u16,
    /// Name.
    pub name: &'static str,
}

/// A place.
#[derive(Clone, Debug)]
pub struct Site {
    /// Name.
    pub name: String,
    /// Latitude and longitude, as sysLocation carries them.
    pub location: String,
    /// Its devices.
    pub devices: Vec<DeviceId>,
    /// Its VLANs.
    pub vlans: Vec<Vlan>,
    /// Its unmanaged switches.
    pub segments: Vec<u32>,
    /// Its end hosts.
    pub hosts: Vec<u32>,
    /// Its groups between bridges.
    pub lags: Vec<u32>,
}

/// A whole network.
#[derive(Clone, Debug)]
pub struct Plan {
    /// What was asked for.
    pub options: Options,
    /// Places.
    pub sites: Vec<Site>,
    /// Devices.
    pub devices: Vec<Device>,
    /// Cables between devices.
    pub cables: Vec<Cable>,
    /// Groups.
    pub lags: Vec<Lag>,
    /// Unmanaged switches.
    pub segments: Vec<Segment>,
    /// End hosts.
    pub hosts: Vec<Host>,
    /// Subnets.
    pub subnets: Vec<Subnet>,
    /// BGP sessions.
    pub bgp: Vec<BgpSession>,
    /// Virtual routers.
    pub vrrp: Vec<VrrpGroup>,
    /// Management addresses.
    pub by_address: HashMap<Ipv4Addr, DeviceId>,
    /// Subnets of each device, by position.
    pub subnets_of: Vec<Vec<u32>>,
    /// BGP sessions of each device, by position.
    pub bgp_of: Vec<Vec<u32>>,
    /// Virtual routers of each device, by position.
    pub vrrp_of: Vec<Vec<u32>>,
}

impl Plan {
    /// A device.
    pub fn device(&self, id: DeviceId) -> &Device {
        &self.devices[id as usize]
    }

    /// The interface at an end.
    pub fn port(&self, end: End) -> &Interface {
        self.device(end.device).port(end.port)
    }

    /// The site of a device.
    pub fn site_of(&self, id: DeviceId) -> &Site {
        &self.sites[usize::from(self.device(id).site)]
    }

    /// All addresses of one subnet's prefix that hold for IP prefix lists.
    pub fn prefixes(subnet: &Subnet) -> impl Iterator<Item = IpNet> + '_ {
        std::iter::once(IpNet::V4(subnet.prefix)).chain(subnet.prefix6.map(IpNet::V6))
    }
}
