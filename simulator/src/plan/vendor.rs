//! How vendors name, number and describe things. The differences are the point: a program that
//! takes a local port number for an ifIndex works with one of them and fails with the next.

use crate::plan::types::{Interface, PortKind, Role};

/// A family of agents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Vendor {
    /// Cisco IOS / IOS XE: short ifName, long ifDescr, CDP, own LLDP port numbers.
    CiscoIos,
    /// Cisco NX-OS: large ifIndex, CDP.
    CiscoNxos,
    /// Arista EOS: LLDP port description is the interface's alias.
    Arista,
    /// Juniper Junos: LLDP port id is the ifIndex as text (subtype 7), addresses on units.
    Juniper,
    /// HPE ProCurve / ArubaOS-Switch: ports are bare numbers.
    Procurve,
    /// ArubaOS-CX: `1/1/1`.
    ArubaCx,
    /// Dell OS10: LLDP port numbers 567 above the port.
    DellOs10,
    /// net-snmp and lldpd on Linux: port id is the MAC address.
    Linux,
}

impl Vendor {
    /// Stable name for the truth file.
    pub fn name(self) -> &'static str {
        match self {
            Self::CiscoIos => "cisco-ios",
            Self::CiscoNxos => "cisco-nxos",
            Self::Arista => "arista-eos",
            Self::Juniper => "juniper-junos",
            Self::Procurve => "hpe-procurve",
            Self::ArubaCx => "aruba-cx",
            Self::DellOs10 => "dell-os10",
            Self::Linux => "linux",
        }
    }

    /// Maker as entPhysicalMfgName says it.
    pub fn maker(self) -> &'static str {
        match self {
            Self::CiscoIos | Self::CiscoNxos => "Cisco Systems, Inc.",
            Self::Arista => "Arista Networks",
            Self::Juniper => "Juniper Networks",
            Self::Procurve | Self::ArubaCx => "HPE Aruba",
            Self::DellOs10 => "Dell EMC",
            Self::Linux => "Supermicro",
        }
    }

    /// True when it speaks CDP beside LLDP.
    pub fn speaks_cdp(self) -> bool {
        matches!(self, Self::CiscoIos | Self::CiscoNxos)
    }

    /// An organisationally unique identifier of the maker (IEEE registry).
    pub fn oui(self) -> [u8; 3] {
        match self {
            Self::CiscoIos => [0x00, 0x1b, 0x54],
            Self::CiscoNxos => [0x00, 0x2a, 0x6a],
            Self::Arista => [0x00, 0x1c, 0x73],
            Self::Juniper => [0x00, 0x05, 0x85],
            Self::Procurve => [0x00, 0x16, 0x35],
            Self::ArubaCx => [0x00, 0x0b, 0x86],
            Self::DellOs10 => [0x00, 0x14, 0x22],
            Self::Linux => [0x00, 0x25, 0x90],
        }
    }

    /// IANA private enterprise number.
    pub fn enterprise(self) -> u32 {
        match self {
            Self::CiscoIos | Self::CiscoNxos => 9,
            Self::Arista => 30_065,
            Self::Juniper => 2_636,
            Self::Procurve => 11,
            Self::ArubaCx => 47_196,
            Self::DellOs10 => 674,
            Self::Linux => 8_072,
        }
    }

    /// sysObjectID.
    pub fn object_id(self) -> &'static [u32] {
        match self {
            Self::CiscoIos => &[1, 3, 6, 1, 4, 1, 9, 1, 1208],
            Self::CiscoNxos => &[1, 3, 6, 1, 4, 1, 9, 12, 3, 1, 3, 1812],
            Self::Arista => &[1, 3, 6, 1, 4, 1, 30065, 1, 3011, 7050, 3741],
            Self::Juniper => &[1, 3, 6, 1, 4, 1, 2636, 1, 1, 1, 2, 63],
            Self::Procurve => &[1, 3, 6, 1, 4, 1, 11, 2, 3, 7, 11, 160],
            Self::ArubaCx => &[1, 3, 6, 1, 4, 1, 47196, 4, 1, 1, 1, 50],
            Self::DellOs10 => &[1, 3, 6, 1, 4, 1, 674, 11000, 5000, 100, 2, 1, 1],
            Self::Linux => &[1, 3, 6, 1, 4, 1, 8072, 3, 2, 10],
        }
    }

    /// Model name.
    pub fn model(self, role: Role) -> &'static str {
        match (self, role) {
            (Self::CiscoIos, Role::Access) => "WS-C3850-48P-S",
            (Self::CiscoIos, _) => "C9500-48Y4C",
            (Self::CiscoNxos, _) => "N9K-C93180YC-EX",
            (Self::Arista, _) => "DCS-7050SX3-48YC8",
            (Self::Juniper, Role::Access) => "EX4300-48T",
            (Self::Juniper, _) => "MX204",
            (Self::Procurve, _) => "J9776A",
            (Self::ArubaCx, _) => "JL661A",
            (Self::DellOs10, _) => "S5248F-ON",
            (Self::Linux, _) => "SYS-1029P",
        }
    }

    /// sysDescr.
    pub fn description(self, role: Role, name: &str) -> String {
        let model = self.model(role);
        match self {
            Self::CiscoIos => format!(
                "Cisco IOS Software, Catalyst L3 Switch Software ({model}), Version 16.12.4, RELEASE SOFTWARE (fc5)"
            ),
            Self::CiscoNxos => {
                format!("Cisco NX-OS(tm) {model}, Software (nxos), Version 9.3(8), RELEASE SOFTWARE")
            }
            Self::Arista => {
                format!("Arista Networks EOS version 4.27.3F running on an Arista Networks {model}")
            }
            Self::Juniper => {
                format!(
                    "Juniper Networks, Inc. {} internet router, kernel JUNOS 20.4R3.8",
                    model.to_lowercase()
                )
            }
            Self::Procurve => format!("HP {model} 2530-48G Switch, revision YA.16.10.0012, ROM YA.15.20"),
            Self::ArubaCx => format!("Aruba {model} 6300M FL.10.08.1010"),
            Self::DellOs10 => format!("Dell EMC Networking OS10 Enterprise. System Type: {model}"),
            Self::Linux => format!("Linux {name} 6.1.0-18-amd64 #1 SMP Debian 6.1.76-1 x86_64"),
        }
    }

    /// Software revision.
    pub fn software(self) -> &'static str {
        match self {
            Self::CiscoIos => "16.12.4",
            Self::CiscoNxos => "9.3(8)",
            Self::Arista => "4.27.3F",
            Self::Juniper => "20.4R3.8",
            Self::Procurve => "YA.16.10.0012",
            Self::ArubaCx => "FL.10.08.1010",
            Self::DellOs10 => "10.5.2.6",
            Self::Linux => "6.1.76",
        }
    }

    /// ifName and ifDescr of a port. `nominal` is the number of ordinary ports: uplink ports are
    /// numbered behind them.
    pub fn port_names(self, kind: PortKind, nominal: u16, fast: bool) -> (String, String) {
        let same = |name: String| (name.clone(), name);
        match (self, kind) {
            (Self::CiscoIos, PortKind::Physical { number, uplink: true }) => {
                let n = number - nominal;
                (format!("Te1/1/{n}"), format!("TenGigabitEthernet1/1/{n}"))
            }
            (Self::CiscoIos, PortKind::Physical { number, .. }) if fast => {
                (format!("Te1/0/{number}"), format!("TenGigabitEthernet1/0/{number}"))
            }
            (Self::CiscoIos, PortKind::Physical { number, .. }) => {
                (format!("Gi1/0/{number}"), format!("GigabitEthernet1/0/{number}"))
            }
            (Self::CiscoNxos, PortKind::Physical { number, .. }) => same(format!("Ethernet1/{number}")),
            (Self::Arista, PortKind::Physical { number, .. }) => same(format!("Ethernet{number}")),
            (Self::Juniper, PortKind::Physical { number, uplink }) => {
                let media = if fast || uplink { "xe" } else { "ge" };
                same(format!("{media}-0/0/{}", number - 1))
            }
            (Self::Procurve, PortKind::Physical { number, .. }) => same(number.to_string()),
            (Self::ArubaCx, PortKind::Physical { number, .. }) => same(format!("1/1/{number}")),
            (Self::DellOs10, PortKind::Physical { number, .. }) => same(format!("ethernet1/1/{number}")),
            (Self::Linux, PortKind::Physical { number, .. }) => same(format!("eth{}", number - 1)),
            (Self::CiscoIos, PortKind::Aggregate { number }) => {
                (format!("Po{number}"), format!("Port-channel{number}"))
            }
            (Self::CiscoNxos | Self::DellOs10, PortKind::Aggregate { number }) => {
                same(format!("port-channel{number}"))
            }
            (Self::Arista, PortKind::Aggregate { number }) => same(format!("Port-Channel{number}")),
            (Self::Juniper, PortKind::Aggregate { number }) => same(format!("ae{}", number - 1)),
            (Self::Procurve, PortKind::Aggregate { number }) => same(format!("Trk{number}")),
            (Self::ArubaCx, PortKind::Aggregate { number }) => same(format!("lag{number}")),
            (Self::Linux, PortKind::Aggregate { number }) => same(format!("bond{}", number - 1)),
            (Self::CiscoIos, PortKind::Svi { vlan }) => (format!("Vl{vlan}"), format!("Vlan{vlan}")),
            (Self::CiscoNxos | Self::Arista, PortKind::Svi { vlan }) => same(format!("Vlan{vlan}")),
            (Self::Juniper, PortKind::Svi { vlan }) => same(format!("irb.{vlan}")),
            (Self::Procurve, PortKind::Svi { vlan }) => same(format!("VLAN{vlan}")),
            (Self::ArubaCx | Self::DellOs10 | Self::Linux, PortKind::Svi { vlan }) => {
                same(format!("vlan{vlan}"))
            }
            (Self::CiscoIos, PortKind::Loopback) => ("Lo0".to_owned(), "Loopback0".to_owned()),
            (Self::Arista, PortKind::Loopback) => same("Loopback0".to_owned()),
            (Self::Juniper, PortKind::Loopback) => same("lo0.0".to_owned()),
            (Self::Procurve, PortKind::Loopback) => same("lo0".to_owned()),
            (Self::Linux, PortKind::Loopback) => same("lo".to_owned()),
            (_, PortKind::Loopback) => same("loopback0".to_owned()),
            (_, PortKind::Unit { .. } | PortKind::Container) => same(String::new()),
        }
    }

    /// ifIndex. Rising with [`PortKind`] and number, unique on a device.
    pub fn if_index(self, kind: PortKind) -> u32 {
        match (self, kind) {
            (Self::CiscoIos, PortKind::Physical { number, uplink: false }) => 10_100 + u32::from(number),
            (Self::CiscoIos, PortKind::Physical { number, uplink: true }) => 11_000 + u32::from(number),
            (Self::CiscoIos, PortKind::Aggregate { number }) => 5_000 + u32::from(number),
            (Self::CiscoIos, PortKind::Svi { vlan }) => u32::from(vlan),
            (Self::CiscoIos, PortKind::Loopback) => 12_000,
            (Self::CiscoNxos, PortKind::Physical { number, .. }) => {
                0x1a00_0000 + (u32::from(number) - 1) * 0x1000
            }
            (Self::CiscoNxos, PortKind::Aggregate { number }) => 0x1600_0000 + u32::from(number) - 1,
            (Self::CiscoNxos, PortKind::Svi { vlan }) => 0x0901_0000 + u32::from(vlan),
            (Self::CiscoNxos, PortKind::Loopback) => 0x1400_0000,
            (Self::Juniper, PortKind::Physical { number, .. }) => 500 + 2 * u32::from(number),
            (Self::Juniper, PortKind::Unit { parent }) => 501 + 2 * u32::from(parent),
            (Self::Juniper, PortKind::Aggregate { number }) => 2_000 + 2 * u32::from(number),
            (Self::Juniper, PortKind::Svi { vlan }) => 3_000 + u32::from(vlan),
            (Self::Juniper, PortKind::Loopback) => 16,
            (Self::DellOs10, PortKind::Physical { number, .. }) => 4 + u32::from(number),
            (Self::DellOs10, PortKind::Aggregate { number }) => 1_258_291_200 + u32::from(number),
            (Self::DellOs10, PortKind::Svi { vlan }) => 1_107_787_776 + u32::from(vlan),
            (Self::Linux, PortKind::Physical { number, .. }) => 1 + u32::from(number),
            (Self::Linux, PortKind::Loopback) => 1,
            (Self::Linux, PortKind::Aggregate { number }) => 90 + u32::from(number),
            (Self::Linux, PortKind::Container) => 200,
            (_, PortKind::Physical { number, .. }) => u32::from(number),
            (_, PortKind::Aggregate { number }) => 1_000_000 + u32::from(number),
            (_, PortKind::Svi { vlan }) => 2_000_000 + u32::from(vlan),
            (_, PortKind::Loopback) => 5_000_000,
            (_, PortKind::Unit { parent }) => 6_000_000 + u32::from(parent),
            (_, PortKind::Container) => 7_000_000,
        }
    }

    /// lldpLocPortNum of a physical port.
    pub fn lldp_number(self, kind: PortKind) -> u32 {
        match (self, kind) {
            // Small numbers of their own, which are ifIndexes of SVIs at the same time.
            (Self::CiscoIos, PortKind::Physical { number, .. }) => u32::from(number),
            (Self::DellOs10, PortKind::Physical { number, .. }) => 567 + u32::from(number),
            _ => self.if_index(kind),
        }
    }

    /// LLDP port id: subtype (IEEE 802.1AB) and octets.
    pub fn lldp_port_id(self, port: &Interface) -> (u8, Vec<u8>) {
        match self {
            Self::Juniper => (7, port.if_index.to_string().into_bytes()),
            Self::Procurve => (7, port.name.as_bytes().to_vec()),
            Self::Linux => (3, port.mac.0.to_vec()),
            _ => (5, port.name.as_bytes().to_vec()),
        }
    }

    /// LLDP port description.
    pub fn lldp_port_description(self, port: &Interface) -> &str {
        match self {
            Self::Arista => &port.alias,
            _ => port.descr(),
        }
    }
}
