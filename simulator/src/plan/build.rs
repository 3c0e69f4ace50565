//! The builder's tools: addresses, devices, ports, cables, groups, subnets.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{Ipv4Net, Ipv6Net};
use model::Mac;

use crate::options::{Options, SimulatorError};
use crate::plan::types::{
    Address, Attached, Cable, Carrier, Device, DeviceId, End, Host, HostAt, Interface, Lag, Member, Mode,
    Plan, PortKind, Role, Segment, Site, Subnet, Vlan,
};
use crate::plan::{Lame, Vendor};
use crate::rng::Rng;

/// dot1dBasePort of the first aggregate; ports keep their own numbers below.
const AGGREGATE_BRIDGE_PORT: u16 = 600;

/// Hands out management addresses: single ones for loopbacks, aligned blocks for subnets.
pub(super) struct AddressPool {
    listen: Ipv4Net,
    next: u64,
    single: (u32, u32),
    wanted: usize,
}

impl AddressPool {
    fn new(listen: Ipv4Net, wanted: usize) -> Self {
        let base = u64::from(u32::from(listen.network()));
        // 127.0.0.1 and its neighbours belong to the machine.
        let next = if base == u64::from(u32::from(Ipv4Addr::new(127, 0, 0, 0))) { base + 256 } else { base };
        Self { listen, next, single: (0, 0), wanted }
    }

    /// A block that holds `hosts` addresses beside network and broadcast address.
    pub(super) fn block(&mut self, hosts: usize) -> Result<Ipv4Net, SimulatorError> {
        let size = ((hosts + 2) as u64).next_power_of_two().max(4);
        let start = self.next.div_ceil(size) * size;
        let end = u64::from(u32::from(self.listen.broadcast())) + 1;
        if start + size > end {
            return Err(SimulatorError::NoAddresses { listen: self.listen, devices: self.wanted });
        }
        self.next = start + size;
        let length = 32 - size.trailing_zeros() as u8;
        Ok(Ipv4Net::new_assert(Ipv4Addr::from(start as u32), length))
    }

    /// One address for a loopback interface.
    pub(super) fn single(&mut self) -> Result<Ipv4Addr, SimulatorError> {
        if self.single.0 >= self.single.1 {
            let block = self.block(14)?;
            self.single = (u32::from(block.network()) + 1, u32::from(block.broadcast()));
        }
        let address = Ipv4Addr::from(self.single.0);
        self.single.0 += 1;
        Ok(address)
    }
}

/// A plan under construction.
pub(super) struct Builder {
    pub(super) plan: Plan,
    pub(super) rng: Rng,
    pub(super) pool: AddressPool,
    next_p2p: u32,
    next_free: Vec<u16>,
}

impl Builder {
    pub(super) fn new(options: &Options) -> Self {
        Self {
            plan: Plan {
                options: options.clone(),
                sites: Vec::new(),
                devices: Vec::new(),
                cables: Vec::new(),
                lags: Vec::new(),
                segments: Vec::new(),
                hosts: Vec::new(),
                subnets: Vec::new(),
                bgp: Vec::new(),
                vrrp: Vec::new(),
                by_address: HashMap::new(),
                subnets_of: Vec::new(),
                bgp_of: Vec::new(),
                vrrp_of: Vec::new(),
            },
            rng: Rng::new(options.seed, "plan"),
            pool: AddressPool::new(options.listen, options.devices),
            next_p2p: 0,
            next_free: Vec::new(),
        }
    }

    pub(super) fn site(&mut self, name: String, vlans: Vec<Vlan>) -> u16 {
        let latitude = 36.0 + self.rng.below(240) as f64 / 10.0;
        let longitude = -9.0 + self.rng.below(330) as f64 / 10.0;
        self.plan.sites.push(Site {
            location: format!("{name} [{latitude:.1}, {longitude:.1}]"),
            name,
            devices: Vec::new(),
            vlans,
            segments: Vec::new(),
            hosts: Vec::new(),
            lags: Vec::new(),
        });
        (self.plan.sites.len() - 1) as u16
    }

    /// A device with its physical ports, and for a router its loopback interface, whose address
    /// manages it. Other devices get their address from [`Self::manage`].
    pub(super) fn device(
        &mut self,
        role: Role,
        vendor: Vendor,
        site: u16,
        name: String,
        ports: usize,
        uplinks: usize,
    ) -> Result<DeviceId, SimulatorError> {
        let id = self.plan.devices.len() as DeviceId;
        let base_mac = device_mac(vendor, id, 0);
        let mut engine_id = vec![0x80];
        engine_id.extend_from_slice(&vendor.enterprise().to_be_bytes()[1..]);
        engine_id.push(3);
        engine_id.extend_from_slice(&base_mac.0);
        let serial = format!("{}{:06X}", serial_prefix(vendor), (self.rng.next() & 0xff_ffff));
        self.plan.devices.push(Device {
            id,
            name,
            role,
            vendor,
            site,
            address: Ipv4Addr::UNSPECIFIED,
            other_addresses: Vec::new(),
            serial: format!("{serial}{id:04X}"),
            base_mac,
            engine_id,
            lldp: true,
            cdp: vendor.speaks_cdp(),
            lame: None,
            clone_of: None,
            stp_priority: 32_768,
            asn: 0,
            nominal_ports: ports as u16,
            uptime: 864_000 + self.rng.below(6_900_000) as u32,
            interfaces: Vec::with_capacity(ports + uplinks + 6),
        });
        self.next_free.push(0);
        self.plan.sites[usize::from(site)].devices.push(id);
        let fast = !matches!(role, Role::Access | Role::Server);
        let speed = if fast { 10_000 } else { 1_000 };
        for number in 1..=(ports + uplinks) as u16 {
            let uplink = usize::from(number) > ports;
            self.interface(id, PortKind::Physical { number, uplink }, if uplink { 10_000 } else { speed });
        }
        if role.routes() {
            let address = self.pool.single()?;
            let port = self.interface(id, PortKind::Loopback, 8_000);
            self.address(End { device: id, port }, IpAddr::V4(address), 32);
            self.manage(id, address);
        }
        Ok(id)
    }

    /// Makes an address the management address of a device (the first one) or a further one.
    pub(super) fn manage(&mut self, device: DeviceId, address: Ipv4Addr) {
        let entry = &mut self.plan.devices[device as usize];
        if entry.address.is_unspecified() {
            entry.address = address;
        } else {
            entry.other_addresses.push(address);
        }
        self.plan.by_address.insert(address, device);
    }

    pub(super) fn interface(&mut self, device: DeviceId, kind: PortKind, speed: u32) -> u16 {
        let entry = &mut self.plan.devices[device as usize];
        let position = entry.interfaces.len() as u16;
        let fast = !matches!(entry.role, Role::Access | Role::Server);
        let (name, long) = entry.vendor.port_names(kind, entry.nominal_ports, fast);
        let mac = match kind {
            PortKind::Physical { number, .. } => device_mac(entry.vendor, device, number),
            PortKind::Aggregate { number } => device_mac(entry.vendor, device, 700 + number),
            PortKind::Svi { .. } | PortKind::Unit { .. } => entry.base_mac,
            PortKind::Loopback => Mac([0; 6]),
            PortKind::Container => Mac([0x02, 0x42, 0xac, 0x11, 0x00, 0x01]),
        };
        let is_port = matches!(kind, PortKind::Physical { .. });
        entry.interfaces.push(Interface {
            kind,
            mode: Mode::Unused,
            attached: Attached::Nothing,
            lag: None,
            long_name: (long != name).then(|| long.into_boxed_str()),
            name: name.into_boxed_str(),
            alias: Box::default(),
            if_index: entry.vendor.if_index(kind),
            mac,
            speed,
            mtu: if kind == PortKind::Loopback { 65_535 } else { 1_500 },
            bridge_port: 0,
            lldp_number: if is_port { entry.vendor.lldp_number(kind) } else { 0 },
            addresses: Vec::new(),
        });
        position
    }

    pub(super) fn port_mut(&mut self, end: End) -> &mut Interface {
        &mut self.plan.devices[end.device as usize].interfaces[usize::from(end.port)]
    }

    pub(super) fn address(&mut self, end: End, ip: IpAddr, length: u8) {
        self.port_mut(end).addresses.push(Address { ip, length });
    }

    /// The next port with nothing in it; a new one when all are taken.
    pub(super) fn free_port(&mut self, device: DeviceId) -> u16 {
        let entry = &self.plan.devices[device as usize];
        let from = self.next_free[device as usize];
        let found = (from..entry.interfaces.len() as u16).find(|position| {
            let port = entry.port(*position);
            matches!(port.kind, PortKind::Physical { uplink: false, .. })
                && port.attached == Attached::Nothing
        });
        if let Some(position) = found {
            self.next_free[device as usize] = position + 1;
            return position;
        }
        let number = 1 + entry.interfaces.iter().filter(|port| port.is_physical()).count() as u16;
        let speed = entry.interfaces.first().map_or(1_000, |port| port.speed);
        self.next_free[device as usize] = entry.interfaces.len() as u16 + 1;
        self.interface(device, PortKind::Physical { number, uplink: false }, speed)
    }

    /// The next free uplink port, or an ordinary one when there is none.
    pub(super) fn free_uplink(&mut self, device: DeviceId) -> u16 {
        let entry = &self.plan.devices[device as usize];
        let found = entry.interfaces.iter().position(|port| {
            matches!(port.kind, PortKind::Physical { uplink: true, .. }) && port.attached == Attached::Nothing
        });
        match found {
            Some(position) => position as u16,
            None => self.free_port(device),
        }
    }

    /// A cable between two free ports.
    pub(super) fn cable(&mut self, a: End, b: End) -> u32 {
        let id = self.plan.cables.len() as u32;
        for (end, far) in [(a, b), (b, a)] {
            let alias = format!("to {}", self.plan.device(far.device).name);
            let port = self.port_mut(end);
            port.attached = Attached::Cable(id);
            port.alias = alias.into_boxed_str();
        }
        self.plan.cables.push(Cable { a, b, lag: None });
        id
    }

    /// A group of `members` cables between two devices; both ends are named by their aggregates.
    pub(super) fn lag(&mut self, a: DeviceId, b: DeviceId, members: usize, mode: Mode) -> u32 {
        let id = self.plan.lags.len() as u32;
        let ends = [a, b].map(|device| {
            let number = 1 + self.count(device, |kind| matches!(kind, PortKind::Aggregate { .. }));
            let port = self.interface(device, PortKind::Aggregate { number }, 0);
            End { device, port }
        });
        let mut cables = Vec::with_capacity(members);
        for _ in 0..members {
            let [near, far] = ends.map(|end| {
                let port = self.free_uplink(end.device);
                let member = End { device: end.device, port };
                let entry = self.port_mut(member);
                entry.lag = Some(end.port);
                entry.mode = Mode::Routed;
                let speed = entry.speed;
                self.port_mut(end).speed += speed;
                member
            });
            let cable = self.cable(near, far);
            self.plan.cables[cable as usize].lag = Some(id);
            cables.push(cable);
        }
        for (end, far) in [(ends[0], b), (ends[1], a)] {
            let alias = format!("to {}", self.plan.device(far).name);
            let port = self.port_mut(end);
            port.mode = mode;
            port.alias = alias.into_boxed_str();
        }
        self.plan.lags.push(Lag { a: ends[0], b: ends[1], cables });
        if mode != Mode::Routed {
            let site = self.plan.device(a).site;
            self.plan.sites[usize::from(site)].lags.push(id);
        }
        id
    }

    fn count(&self, device: DeviceId, which: impl Fn(PortKind) -> bool) -> u16 {
        self.plan.device(device).interfaces.iter().filter(|port| which(port.kind)).count() as u16
    }

    /// A bridged cable from an uplink of `a` to an ordinary port of `b`.
    pub(super) fn trunk(&mut self, a: DeviceId, b: DeviceId) -> u32 {
        let near = End { device: a, port: self.free_uplink(a) };
        let far = End { device: b, port: self.free_port(b) };
        for end in [near, far] {
            self.port_mut(end).mode = Mode::Trunk;
        }
        self.cable(near, far)
    }

    /// A routed point-to-point cable with OSPF.
    pub(super) fn routed_cable(&mut self, a: DeviceId, b: DeviceId, area: u32) {
        let near = End { device: a, port: self.free_port(a) };
        let far = End { device: b, port: self.free_port(b) };
        let cable = self.cable(near, far);
        self.point_to_point(near, far, Carrier::Cable(cable), area);
    }

    /// A routed group with OSPF.
    pub(super) fn routed_lag(&mut self, a: DeviceId, b: DeviceId, members: usize, area: u32) {
        let lag = self.lag(a, b, members, Mode::Routed);
        let (near, far) = (self.plan.lags[lag as usize].a, self.plan.lags[lag as usize].b);
        self.point_to_point(near, far, Carrier::Lag(lag), area);
    }

    /// Numbers a point-to-point link: /31 or /30, and /127.
    pub(super) fn point_to_point(&mut self, a: End, b: End, carrier: Carrier, area: u32) {
        let serial = self.next_p2p;
        self.next_p2p += 1;
        let base = u32::from(Ipv4Addr::new(10, 128, 0, 0)) + serial * 4;
        let (length, first) = if self.rng.chance(0.7) { (31, base) } else { (30, base + 1) };
        let prefix = Ipv4Net::new_assert(Ipv4Addr::from(base), length);
        let base6 = Ipv6Addr::new(0xfd5a, 0, (serial >> 16) as u16, serial as u16, 0, 0, 0, 0);
        let prefix6 = Ipv6Net::new_assert(base6, 127);
        let mut members = Vec::with_capacity(2);
        for (offset, end) in [a, b].into_iter().enumerate() {
            let end = self.layer3(end);
            let ip = Ipv4Addr::from(first + offset as u32);
            self.port_mut(end).mode = Mode::Routed;
            self.address(end, IpAddr::V4(ip), length);
            self.address(end, IpAddr::V6(Ipv6Addr::from(u128::from(base6) + offset as u128)), 127);
            let own = link_local(self.plan.port(end).mac);
            self.address(end, IpAddr::V6(own), 64);
            members.push(Member { end, ip });
        }
        let site = self.plan.device(a.device).site;
        self.plan.subnets.push(Subnet {
            prefix,
            prefix6: Some(prefix6),
            carrier,
            members,
            area: Some(area),
            site,
            overlapping: false,
        });
    }

    /// The interface that carries the addresses of a port: the port itself, or unit 0 on Junos.
    fn layer3(&mut self, end: End) -> End {
        let device = self.plan.device(end.device);
        if device.vendor != Vendor::Juniper {
            return end;
        }
        let below = device.port(end.port);
        let parent = match below.kind {
            PortKind::Physical { number, .. } => number,
            PortKind::Aggregate { number } => 1_000 + number,
            _ => return end,
        };
        let (name, mac, speed) = (format!("{}.0", below.name), below.mac, below.speed);
        self.port_mut(end).mode = Mode::Routed;
        let port = self.interface(end.device, PortKind::Unit { parent }, speed);
        let unit = End { device: end.device, port };
        let entry = self.port_mut(unit);
        entry.name = name.into_boxed_str();
        entry.long_name = None;
        entry.mac = mac;
        unit
    }

    /// An SVI with an address in a subnet of the plan.
    pub(super) fn svi(&mut self, device: DeviceId, vlan: u16, subnet: u32, ip: Ipv4Addr) -> End {
        let port = self.interface(device, PortKind::Svi { vlan }, 1_000);
        let end = End { device, port };
        self.port_mut(end).mode = Mode::Routed;
        self.join(end, subnet, ip);
        end
    }

    /// Gives an interface an address in a subnet.
    pub(super) fn join(&mut self, end: End, subnet: u32, ip: Ipv4Addr) {
        let length = self.plan.subnets[subnet as usize].prefix.prefix_len();
        self.address(end, IpAddr::V4(ip), length);
        self.plan.subnets[subnet as usize].members.push(Member { end, ip });
    }

    /// A subnet carried by the bridges of a site.
    pub(super) fn lan(&mut self, site: u16, prefix: Ipv4Net, overlapping: bool) -> u32 {
        self.plan.subnets.push(Subnet {
            prefix,
            prefix6: None,
            carrier: Carrier::Vlan(site),
            members: Vec::new(),
            area: None,
            site,
            overlapping,
        });
        (self.plan.subnets.len() - 1) as u32
    }

    /// An end host.
    pub(super) fn host(&mut self, site: u16, vlan: u16, at: HostAt, ip: Ipv4Addr, phone: bool) {
        const MAKERS: [[u8; 3]; 4] =
            [[0x00, 0x1b, 0x21], [0x3c, 0x97, 0x0e], [0xf4, 0x8e, 0x38], [0x00, 0x50, 0x56]];
        let id = self.plan.hosts.len() as u32;
        let [_, high, middle, low] = id.to_be_bytes();
        let maker = if phone { [0x00, 0x04, 0xf2] } else { MAKERS[self.rng.below(MAKERS.len())] };
        let mac = Mac([maker[0], maker[1], maker[2], high, middle, low]);
        if let HostAt::Port(end) = at {
            let port = self.port_mut(end);
            port.attached = Attached::Host;
            port.mode = Mode::Access(vlan);
        }
        self.plan.hosts.push(Host { mac, ip, vlan, at, phone });
        self.plan.sites[usize::from(site)].hosts.push(id);
    }

    /// An unmanaged switch below a port.
    pub(super) fn segment(&mut self, site: u16, end: End, floods_lldp: bool) -> u32 {
        let id = self.plan.segments.len() as u32;
        self.plan.segments.push(Segment { ends: Vec::new(), floods_lldp });
        self.plan.sites[usize::from(site)].segments.push(id);
        self.plug(id, end);
        id
    }

    /// Plugs a port into an unmanaged switch.
    pub(super) fn plug(&mut self, segment: u32, end: End) {
        self.plan.segments[segment as usize].ends.push(end);
        let port = self.port_mut(end);
        port.attached = Attached::Segment(segment);
        if port.mode == Mode::Unused {
            port.mode = Mode::Trunk;
        }
    }

    /// Numbers bridge ports: every port of a bridge that is neither routed nor in a group.
    pub(super) fn number_bridge_ports(&mut self) {
        for device in self.plan.devices.iter_mut().filter(|device| device.role.bridges()) {
            for port in &mut device.interfaces {
                port.bridge_port = match (port.kind, port.mode) {
                    (_, Mode::Routed) => 0,
                    (PortKind::Physical { number, .. }, _) => number,
                    (PortKind::Aggregate { number }, _) => AGGREGATE_BRIDGE_PORT + number,
                    _ => 0,
                };
            }
        }
    }

    /// Gives a device another vendor's names and numbers.
    pub(super) fn restyle(&mut self, id: DeviceId, vendor: Vendor) {
        let device = &mut self.plan.devices[id as usize];
        device.vendor = vendor;
        device.cdp = device.cdp && vendor.speaks_cdp();
        let fast = !matches!(device.role, Role::Access | Role::Server);
        for port in &mut device.interfaces {
            let (name, long) = vendor.port_names(port.kind, device.nominal_ports, fast);
            port.long_name = (long != name).then(|| long.into_boxed_str());
            port.name = name.into_boxed_str();
            port.if_index = vendor.if_index(port.kind);
            if port.is_physical() {
                port.lldp_number = vendor.lldp_number(port.kind);
            }
        }
        if device.is(Lame::Breakout) || device.is(Lame::BreakoutVirtual) {
            for port in &mut device.interfaces {
                if let PortKind::Physical { number, .. } = port.kind {
                    let (group, lane) = ((number - 1) / 4 + 1, (number - 1) % 4 + 1);
                    port.name = format!("ethernet1/1/{group}:{lane}").into_boxed_str();
                }
            }
        }
    }
}

/// The MAC address number `offset` of a device: globally administered, its own.
fn device_mac(vendor: Vendor, device: DeviceId, offset: u16) -> Mac {
    let [a, b, c] = vendor.oui();
    let [_, high, middle, low] = (device * 1_024 + u32::from(offset)).to_be_bytes();
    Mac([a, b, c, high, middle, low])
}

/// The link-local address that a MAC address makes (RFC 4291 appendix A).
pub(crate) fn link_local(mac: Mac) -> Ipv6Addr {
    let mut octets = [0; 16];
    octets[..2].copy_from_slice(&[0xfe, 0x80]);
    octets[8..11].copy_from_slice(&mac.0[..3]);
    octets[8] ^= 2;
    octets[11..13].copy_from_slice(&[0xff, 0xfe]);
    octets[13..].copy_from_slice(&mac.0[3..]);
    Ipv6Addr::from(octets)
}

fn serial_prefix(vendor: Vendor) -> &'static str {
    match vendor {
        Vendor::CiscoIos => "FOC",
        Vendor::CiscoNxos => "FDO",
        Vendor::Arista => "JPE",
        Vendor::Juniper => "PE",
        Vendor::Procurve => "CN",
        Vendor::ArubaCx => "SG",
        Vendor::DellOs10 => "TH0",
        Vendor::Linux => "S3",
    }
}
