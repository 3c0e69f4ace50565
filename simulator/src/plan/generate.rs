//! Draws the network: backbone, campus sites, data centres; then plants the troubles asked for.

use std::net::Ipv4Addr;

use ipnet::Ipv4Net;

use crate::options::{Options, SimulatorError};
use crate::plan::Vendor;
use crate::plan::build::Builder;
use crate::plan::plant;
use crate::plan::types::{
    Attached, BgpSession, Carrier, DeviceId, End, HostAt, Mode, Plan, PortKind, Role, Vlan, VrrpGroup,
};

/// Management VLAN of every campus site.
pub(crate) const MANAGEMENT_VLAN: u16 = 99;
/// VLAN between the two distribution switches of a site.
const TRANSIT_VLAN: u16 = 900;
/// Server VLAN of a data centre.
const SERVER_VLAN: u16 = 100;
/// The provider's own autonomous system.
const OWN_AS: u32 = 65_000;
/// User VLANs of a campus site.
const USER_VLANS: [(u16, &str); 3] = [(10, "users"), (20, "voice"), (30, "things")];

/// Draws the network of these options. Equal options give equal networks.
pub(super) fn generate(options: &Options) -> Result<Plan, SimulatorError> {
    options.check()?;
    let mut builder = Builder::new(options);
    let total = options.devices;
    let edges = match total {
        0..=5 => 0,
        6..=19 => 1,
        _ => 2,
    };
    let regions = if edges == 0 { 0 } else { total.div_ceil(480) };
    let cores = regions * if total >= 12 { 2 } else { 1 };
    let rest = total - edges - cores;
    let backbone = builder.backbone(edges, regions, cores)?;
    let sites = rest.div_ceil(34).max(1);
    for index in 0..sites {
        let size = rest / sites + usize::from(index < rest % sites);
        if size == 0 {
            continue;
        }
        let region: &[DeviceId] = backbone.get(index * regions / sites).map_or(&[], Vec::as_slice);
        if index % 4 == 3 && size >= 8 {
            builder.data_centre(index, size, region)?;
        } else {
            builder.campus(index, size, region)?;
        }
    }
    builder.internal_bgp(&backbone);
    plant::plant(&mut builder);
    builder.number_bridge_ports();
    Ok(builder.finish())
}

impl Builder {
    /// Edges and cores; answers the cores of each region.
    fn backbone(
        &mut self,
        edges: usize,
        regions: usize,
        cores: usize,
    ) -> Result<Vec<Vec<DeviceId>>, SimulatorError> {
        if edges == 0 {
            return Ok(Vec::new());
        }
        let site = self.site("backbone".to_owned(), Vec::new());
        let ports = self.plan.options.interfaces.saturating_sub(2).max(4);
        let mut edge_ids = Vec::new();
        for number in 1..=edges {
            let vendor = if number == 1 { Vendor::Juniper } else { Vendor::CiscoIos };
            let id = self.device(Role::Edge, vendor, site, format!("edge{number}"), ports, 0)?;
            self.plan.devices[id as usize].asn = OWN_AS;
            edge_ids.push(id);
        }
        if let [a, b] = edge_ids[..] {
            self.routed_cable(a, b, 0);
        }
        let mut result = Vec::new();
        for region in 0..regions {
            let vendor = *self.rng.pick(&[Vendor::CiscoNxos, Vendor::Juniper, Vendor::Arista]);
            let mut pair = Vec::new();
            for number in 1..=cores / regions {
                let name = format!("r{}-core{number}", region + 1);
                let id = self.device(Role::Core, vendor, site, name, ports, 0)?;
                self.plan.devices[id as usize].asn = OWN_AS;
                pair.push(id);
            }
            if let [a, b] = pair[..] {
                self.routed_lag(a, b, 2, 0);
            }
            for core in &pair {
                for edge in &edge_ids {
                    self.routed_cable(*edge, *core, 0);
                }
            }
            result.push(pair);
        }
        for (number, edge) in edge_ids.iter().enumerate() {
            self.provider(*edge, number as u8);
        }
        Ok(result)
    }

    /// An external BGP session to a provider outside the plan.
    fn provider(&mut self, edge: DeviceId, number: u8) {
        let port = self.free_port(edge);
        let end = End { device: edge, port };
        let (own, far) = (Ipv4Addr::new(100, 64, number, 2), Ipv4Addr::new(100, 64, number, 1));
        let entry = self.port_mut(end);
        entry.attached = Attached::Outside;
        entry.mode = Mode::Routed;
        entry.alias = format!("transit AS{}", 64_500 + u32::from(number)).into_boxed_str();
        self.address(end, own.into(), 30);
        self.plan.bgp.push(BgpSession {
            a: edge,
            b: None,
            a_ip: own,
            b_ip: far,
            a_as: OWN_AS,
            b_as: 64_500 + u32::from(number),
        });
    }

    /// A campus site: two distribution switches, access switches below, some servers.
    fn campus(&mut self, index: usize, size: usize, cores: &[DeviceId]) -> Result<(), SimulatorError> {
        let mut vlans: Vec<Vlan> = USER_VLANS.iter().map(|(id, name)| Vlan { id: *id, name }).collect();
        vlans.push(Vlan { id: MANAGEMENT_VLAN, name: "management" });
        vlans.push(Vlan { id: TRANSIT_VLAN, name: "transit" });
        let name = format!("s{:03}", index + 1);
        let site = self.site(name.clone(), vlans);
        let dists = if size >= 3 { 2 } else { 1 };
        let servers = (size - dists) / 8;
        let access = size - dists - servers;
        let vendor = *self.rng.pick(&[Vendor::CiscoIos, Vendor::Arista, Vendor::Juniper]);
        let ports = self.plan.options.interfaces.saturating_sub(7).max(access * 2 / dists + 6);
        let area = index as u32 + 1;
        let mut pair = Vec::new();
        for number in 1..=dists {
            let id =
                self.device(Role::Distribution, vendor, site, format!("{name}-dist{number}"), ports, 0)?;
            self.plan.devices[id as usize].stp_priority = 4_096 * number as u16;
            for core in cores {
                self.routed_cable(*core, id, area);
            }
            pair.push(id);
        }
        if let [a, b] = pair[..] {
            self.lag(a, b, 2, Mode::Trunk);
        }
        let management = self.pool.block(dists + access + servers)?;
        let lan = self.lan(site, management, false);
        let mut addresses = management.hosts();
        self.campus_routing(index, site, &pair, lan, &mut addresses, area);
        let switches = self.access_switches(&name, site, &pair, access, lan, &mut addresses)?;
        for number in 1..=servers {
            self.server(
                &format!("{name}-srv{number:02}"),
                site,
                switches[number % switches.len()],
                lan,
                &mut addresses,
            )?;
        }
        self.end_hosts(index, site, &switches);
        Ok(())
    }

    /// SVIs, virtual routers and the transit VLAN of the distribution switches.
    fn campus_routing(
        &mut self,
        index: usize,
        site: u16,
        pair: &[DeviceId],
        management: u32,
        addresses: &mut impl Iterator<Item = Ipv4Addr>,
        area: u32,
    ) {
        let overlapping = self.rng.chance(self.plan.options.overlap);
        for (order, (vlan, _)) in USER_VLANS.iter().enumerate() {
            let shared = overlapping && order == 2;
            let prefix = user_prefix(index, order, shared);
            let lan = self.lan(site, prefix, shared);
            let first = u32::from(prefix.network());
            let ends: Vec<End> = pair
                .iter()
                .enumerate()
                .map(|(number, device)| {
                    // The virtual router takes .1, the routers .2 and .3.
                    self.svi(*device, *vlan, lan, Ipv4Addr::from(first + 2 + number as u32))
                })
                .collect();
            if let [a, b] = ends[..] {
                let (master, backup) = if order % 2 == 0 { (a, b) } else { (b, a) };
                self.plan.vrrp.push(VrrpGroup {
                    vlan: *vlan,
                    vrid: *vlan as u8,
                    address: Ipv4Addr::from(first + 1),
                    master,
                    backup,
                });
            }
        }
        for device in pair {
            let Some(ip) = addresses.next() else { return };
            self.svi(*device, MANAGEMENT_VLAN, management, ip);
            self.manage(*device, ip);
        }
        if let [a, b] = pair[..] {
            let ends = [a, b].map(|device| End {
                device,
                port: self.interface(device, PortKind::Svi { vlan: TRANSIT_VLAN }, 10_000),
            });
            self.point_to_point(ends[0], ends[1], Carrier::Vlan(site), area);
        }
    }

    /// Access switches with uplinks of several kinds.
    fn access_switches(
        &mut self,
        name: &str,
        site: u16,
        pair: &[DeviceId],
        count: usize,
        management: u32,
        addresses: &mut impl Iterator<Item = Ipv4Addr>,
    ) -> Result<Vec<DeviceId>, SimulatorError> {
        const VENDORS: [Vendor; 10] = [
            Vendor::CiscoIos,
            Vendor::CiscoIos,
            Vendor::CiscoIos,
            Vendor::CiscoIos,
            Vendor::Procurve,
            Vendor::Procurve,
            Vendor::Procurve,
            Vendor::ArubaCx,
            Vendor::ArubaCx,
            Vendor::Juniper,
        ];
        let ports = self.plan.options.interfaces.saturating_sub(5).max(4);
        let mut switches: Vec<DeviceId> = Vec::with_capacity(count);
        for number in 1..=count {
            let vendor = *self.rng.pick(&VENDORS);
            let id = self.device(Role::Access, vendor, site, format!("{name}-acc{number:02}"), ports, 4)?;
            if let Some(ip) = addresses.next() {
                self.svi(id, MANAGEMENT_VLAN, management, ip);
                self.manage(id, ip);
            }
            let style = self.rng.below(100);
            match (pair, switches.last()) {
                ([first, second], _) if style < 45 => {
                    self.trunk(id, *first);
                    self.trunk(id, *second);
                }
                ([first, second], _) if style < 65 => {
                    self.lag(id, *first, 2, Mode::Trunk);
                    self.trunk(id, *second);
                }
                ([_, second], Some(above)) if style >= 92 => {
                    // A ring through another access switch: one cable of it is blocked.
                    self.trunk(id, *above);
                    self.trunk(id, *second);
                }
                ([_, _], Some(above)) if style >= 82 => {
                    self.hang_below(id, *above, site);
                }
                ([first, ..], _) if style < 75 => {
                    self.lag(id, *first, 2, Mode::Trunk);
                }
                ([first, ..], _) => {
                    self.trunk(id, *first);
                }
                ([], _) => {}
            }
            switches.push(id);
        }
        Ok(switches)
    }

    /// A switch below another one, by a cable or through an unmanaged switch.
    fn hang_below(&mut self, id: DeviceId, above: DeviceId, site: u16) {
        if self.rng.chance(self.plan.options.unmanaged) {
            let top = End { device: above, port: self.free_port(above) };
            let bottom = End { device: id, port: self.free_uplink(id) };
            let floods = self.rng.chance(0.5);
            let segment = self.segment(site, top, floods);
            self.plug(segment, bottom);
        } else {
            self.trunk(id, above);
        }
    }

    /// A server with one cable into a switch.
    fn server(
        &mut self,
        name: &str,
        site: u16,
        switch: DeviceId,
        lan: u32,
        addresses: &mut impl Iterator<Item = Ipv4Addr>,
    ) -> Result<(), SimulatorError> {
        let id = self.device(Role::Server, Vendor::Linux, site, name.to_owned(), 4, 0)?;
        self.interface(id, PortKind::Loopback, 10);
        self.interface(id, PortKind::Container, 0);
        let vlan = if self.plan.device(switch).role == Role::Leaf { SERVER_VLAN } else { MANAGEMENT_VLAN };
        let end = if vlan == SERVER_VLAN && self.rng.chance(0.5) {
            let lag = self.lag(id, switch, 2, Mode::Routed);
            let group = self.plan.lags[lag as usize].clone();
            self.port_mut(group.b).mode = Mode::Access(vlan);
            // A bond takes the MAC address of its first member, and so do all members.
            let mac = self.plan.port(End { device: id, port: 0 }).mac;
            for port in [0, 1, group.a.port] {
                self.port_mut(End { device: id, port }).mac = mac;
            }
            group.a
        } else {
            let near = End { device: id, port: self.free_port(id) };
            let far = End { device: switch, port: self.free_port(switch) };
            self.port_mut(far).mode = Mode::Access(vlan);
            self.cable(near, far);
            near
        };
        self.port_mut(end).mode = Mode::Routed;
        if let Some(ip) = addresses.next() {
            self.join(end, lan, ip);
            self.manage(id, ip);
        }
        Ok(())
    }

    /// End hosts on access ports, some behind unmanaged switches.
    fn end_hosts(&mut self, index: usize, site: u16, switches: &[DeviceId]) {
        let overlapping = self.plan.subnets.iter().any(|subnet| subnet.site == site && subnet.overlapping);
        let phones = self.plan.options.phones;
        let mut used = [10u32; 3];
        for switch in switches {
            let behind = self.rng.chance(self.plan.options.unmanaged).then(|| {
                let end = End { device: *switch, port: self.free_port(*switch) };
                self.port_mut(end).mode = Mode::Access(USER_VLANS[0].0);
                self.segment(site, end, false)
            });
            for number in 0..self.plan.options.hosts {
                let order = if behind.is_some() && number < 3 { 0 } else { self.rng.below(3) };
                let offset = used[order];
                if offset > 250 {
                    continue;
                }
                used[order] += 1;
                let prefix = user_prefix(index, order, overlapping && order == 2);
                let ip = Ipv4Addr::from(u32::from(prefix.network()) + offset);
                let at = match behind {
                    Some(segment) if number < 3 => HostAt::Segment(segment),
                    _ => HostAt::Port(End { device: *switch, port: self.free_port(*switch) }),
                };
                let phone = order == 1 && matches!(at, HostAt::Port(_)) && self.rng.chance(phones * 3.0);
                self.host(site, USER_VLANS[order].0, at, ip, phone);
            }
        }
    }

    /// A data centre: spines, leaves, servers below the leaves.
    fn data_centre(&mut self, index: usize, size: usize, cores: &[DeviceId]) -> Result<(), SimulatorError> {
        let name = format!("s{:03}", index + 1);
        let site = self.site(name.clone(), vec![Vlan { id: SERVER_VLAN, name: "servers" }]);
        let spines = if size >= 20 { 4 } else { 2 };
        let servers = size / 4;
        let leaves = size - spines - servers;
        let vendor = *self.rng.pick(&[Vendor::Arista, Vendor::CiscoNxos, Vendor::DellOs10]);
        let area = index as u32 + 1;
        let interfaces = self.plan.options.interfaces;
        let mut upper = Vec::new();
        for number in 1..=spines {
            let ports = interfaces.saturating_sub(1).max(leaves + cores.len());
            let id = self.device(Role::Spine, vendor, site, format!("{name}-spine{number}"), ports, 0)?;
            self.plan.devices[id as usize].asn = OWN_AS;
            for core in cores {
                self.routed_cable(*core, id, area);
            }
            upper.push(id);
        }
        let mut remaining = servers;
        for number in 1..=leaves {
            let ports = interfaces.saturating_sub(3).max(spines + 4);
            let id = self.device(Role::Leaf, vendor, site, format!("{name}-leaf{number:02}"), ports, 0)?;
            self.plan.devices[id as usize].asn = OWN_AS;
            for spine in &upper {
                self.routed_cable(*spine, id, area);
                self.ibgp(id, *spine);
            }
            let below = remaining.div_ceil(leaves + 1 - number);
            remaining -= below;
            let prefix = self.pool.block(below + 1)?;
            let lan = self.lan(site, prefix, false);
            let mut addresses = prefix.hosts();
            if let Some(ip) = addresses.next() {
                self.svi(id, SERVER_VLAN, lan, ip);
                self.manage(id, ip);
            }
            for server in 1..=below {
                let name = format!("{name}-l{number:02}s{server}");
                self.server(&name, site, id, lan, &mut addresses)?;
            }
        }
        Ok(())
    }

    /// An internal session between loopback addresses.
    fn ibgp(&mut self, a: DeviceId, b: DeviceId) {
        let session = BgpSession {
            a,
            b: Some(b),
            a_ip: self.plan.device(a).address,
            b_ip: self.plan.device(b).address,
            a_as: OWN_AS,
            b_as: OWN_AS,
        };
        self.plan.bgp.push(session);
    }

    /// Route reflectors: the cores of the first region serve edges, other cores and spines.
    fn internal_bgp(&mut self, backbone: &[Vec<DeviceId>]) {
        let reflectors: Vec<DeviceId> = backbone.first().cloned().unwrap_or_default();
        if let [a, b] = reflectors[..] {
            self.ibgp(a, b);
        }
        let clients: Vec<DeviceId> = self
            .plan
            .devices
            .iter()
            .filter(|device| matches!(device.role, Role::Edge | Role::Core | Role::Spine))
            .map(|device| device.id)
            .filter(|id| !reflectors.contains(id))
            .collect();
        for client in clients {
            for reflector in &reflectors {
                self.ibgp(client, *reflector);
            }
        }
    }

    /// Builds the look-ups.
    fn finish(self) -> Plan {
        let mut plan = self.plan;
        let count = plan.devices.len();
        plan.subnets_of = vec![Vec::new(); count];
        plan.bgp_of = vec![Vec::new(); count];
        plan.vrrp_of = vec![Vec::new(); count];
        for (id, subnet) in plan.subnets.iter().enumerate() {
            for member in &subnet.members {
                plan.subnets_of[member.end.device as usize].push(id as u32);
            }
        }
        for (id, session) in plan.bgp.iter().enumerate() {
            plan.bgp_of[session.a as usize].push(id as u32);
            if let Some(b) = session.b {
                plan.bgp_of[b as usize].push(id as u32);
            }
        }
        for (id, group) in plan.vrrp.iter().enumerate() {
            plan.vrrp_of[group.master.device as usize].push(id as u32);
            plan.vrrp_of[group.backup.device as usize].push(id as u32);
        }
        plan
    }
}

/// The prefix of a user VLAN: 10.x.y.0/24 of its own, or the one that several sites share.
fn user_prefix(site: usize, order: usize, shared: bool) -> Ipv4Net {
    let address = if shared {
        Ipv4Addr::new(192, 168, 1, 0)
    } else {
        Ipv4Addr::new(10, 1 + (site / 64) as u8, ((site % 64) * 4 + order) as u8, 0)
    };
    Ipv4Net::new_assert(address, 24)
}
