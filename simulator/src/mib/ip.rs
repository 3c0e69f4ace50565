//! IP-MIB addresses, ARP and ND (RFC 4293), IP-FORWARD-MIB routes (RFC 4292).

use std::net::{IpAddr, Ipv4Addr};

use model::Mac;

use crate::mib::table::{TableWriter, Val};
use crate::mib::{View, mib2};
use crate::plan::{Address, Lame, Member, PortKind, Role, Subnet, Vendor, link_local};

/// Most routes an agent serves.
const MAX_ROUTES: usize = 64;

/// An address as InetAddressType and InetAddress in an index (RFC 4001): type, length, octets.
/// Link-local ones carry their zone (ipv6z).
fn inet_index(ip: IpAddr, if_index: u32) -> Vec<u32> {
    match ip {
        IpAddr::V4(v4) => [1, 4].into_iter().chain(v4.octets().map(u32::from)).collect(),
        IpAddr::V6(v6) if model::address::is_link_local_v6(v6) => {
            let zone = if_index.to_be_bytes().map(u32::from);
            [4, 20].into_iter().chain(v6.octets().map(u32::from)).chain(zone).collect()
        }
        IpAddr::V6(v6) => [2, 16].into_iter().chain(v6.octets().map(u32::from)).collect(),
    }
}

fn network(address: &Address) -> IpAddr {
    match ipnet::IpNet::new(address.ip, address.length) {
        Ok(net) => net.network(),
        Err(_) => address.ip,
    }
}

struct Neighbour {
    if_index: u32,
    ip: IpAddr,
    mac: Mac,
}

pub(super) fn ip(w: &mut TableWriter, v: &View<'_>) {
    if v.is(Lame::EmptyTables) {
        return;
    }
    let forwarding = if v.device.role.routes() { 1 } else { 2 };
    w.scalar(&mib2(&[4, 1]), Val::Int(forwarding));
    let addresses = addresses(v);
    let neighbours = neighbours(v);
    addr_table(w, &addresses);
    net_to_media(w, &neighbours);
    if v.device.role.routes() {
        routes(w, v);
    }
    prefix_table(w, &addresses);
    address_table(w, &addresses);
    net_to_physical(w, &neighbours);
}

/// Own addresses with their ifIndex; Junos lists the shared address of a virtual router too.
fn addresses(v: &View<'_>) -> Vec<(u32, Address)> {
    let mut list: Vec<(u32, Address)> = v
        .device
        .interfaces
        .iter()
        .flat_map(|port| port.addresses.iter().map(|address| (port.if_index, *address)))
        .collect();
    if v.device.vendor == Vendor::Juniper {
        for group in v.plan.vrrp_of[v.device.id as usize].iter().map(|id| &v.plan.vrrp[*id as usize]) {
            let own = if group.master.device == v.device.id { group.master } else { group.backup };
            let address = Address { ip: IpAddr::V4(group.address), length: 24 };
            list.push((v.device.port(own.port).if_index, address));
        }
    }
    if v.device.role == Role::Server {
        for port in &v.device.interfaces {
            // What every Linux host has and what identifies none.
            let common = match port.kind {
                PortKind::Loopback => Some((Ipv4Addr::LOCALHOST, 8)),
                PortKind::Container => Some((Ipv4Addr::new(172, 17, 0, 1), 16)),
                _ => None,
            };
            if let Some((ip, length)) = common {
                list.push((port.if_index, Address { ip: IpAddr::V4(ip), length }));
            }
        }
    }
    list.sort_by_key(|(if_index, address)| (inet_index(address.ip, *if_index), *if_index));
    list
}

fn addr_table(w: &mut TableWriter, addresses: &[(u32, Address)]) {
    for column in 1..=4 {
        w.column(&mib2(&[4, 20, 1, column]));
        for (if_index, address) in addresses {
            let IpAddr::V4(ip) = address.ip else { continue };
            let mask = Ipv4Addr::from(u32::MAX.checked_shl(32 - u32::from(address.length)).unwrap_or(0));
            let value = match column {
                1 => Val::Ip(ip.octets()),
                2 => Val::Int(*if_index as i32),
                3 => Val::Ip(mask.octets()),
                _ => Val::Int(1),
            };
            w.row(&ip.octets().map(u32::from), value);
        }
    }
}

fn prefix_table(w: &mut TableWriter, addresses: &[(u32, Address)]) {
    let mut rows: Vec<Vec<u32>> = addresses
        .iter()
        .map(|(if_index, address)| {
            let mut row = vec![*if_index];
            row.extend(inet_index(network(address), *if_index));
            row.push(u32::from(address.length));
            row
        })
        .collect();
    rows.sort_unstable();
    rows.dedup();
    w.column(&mib2(&[4, 32, 1, 5]));
    for row in &rows {
        w.row(row, Val::Int(2));
    }
}

fn address_table(w: &mut TableWriter, addresses: &[(u32, Address)]) {
    for column in 3..=7 {
        w.column(&mib2(&[4, 34, 1, column]));
        for (if_index, address) in addresses {
            let prefix;
            let value = match column {
                3 => Val::Int(*if_index as i32),
                5 => {
                    let mut arcs = mib2(&[4, 32, 1, 5, *if_index]);
                    arcs.extend(inet_index(network(address), *if_index));
                    arcs.push(u32::from(address.length));
                    prefix = arcs;
                    Val::Oid(&prefix)
                }
                6 => Val::Int(
                    if matches!(address.ip, IpAddr::V6(v6) if model::address::is_link_local_v6(v6)) {
                        5
                    } else {
                        2
                    },
                ),
                _ => Val::Int(1),
            };
            w.row(&inet_index(address.ip, *if_index), value);
        }
    }
}

/// ARP and ND entries.
fn neighbours(v: &View<'_>) -> Vec<Neighbour> {
    let mut list = Vec::new();
    for id in &v.plan.subnets_of[v.device.id as usize] {
        let subnet = &v.plan.subnets[*id as usize];
        if !v.state.carrier_up(v.plan, subnet.carrier) {
            continue;
        }
        for own in subnet.members.iter().filter(|member| member.end.device == v.device.id) {
            subnet_neighbours(v, subnet, own, &mut list);
        }
    }
    list.sort_by_key(|row| (row.if_index, inet_index(row.ip, row.if_index)));
    list.dedup_by(|a, b| a.if_index == b.if_index && a.ip == b.ip);
    list
}

fn subnet_neighbours(v: &View<'_>, subnet: &Subnet, own: &Member, list: &mut Vec<Neighbour>) {
    let port = v.device.port(own.end.port);
    let if_index = port.if_index;
    for peer in subnet.members.iter().filter(|peer| peer.end.device != v.device.id) {
        // End systems and switches talk to their routers only.
        if !v.device.role.routes() && !v.plan.device(peer.end.device).role.routes() {
            continue;
        }
        let far = v.plan.port(peer.end);
        list.push(Neighbour { if_index, ip: IpAddr::V4(peer.ip), mac: far.mac });
        if subnet.prefix6.is_some() {
            for address in &far.addresses {
                if matches!(address.ip, IpAddr::V6(_)) {
                    list.push(Neighbour { if_index, ip: address.ip, mac: far.mac });
                }
            }
        }
    }
    let PortKind::Svi { vlan } = port.kind else { return };
    if !v.device.role.routes() {
        return;
    }
    for id in &v.plan.sites[usize::from(subnet.site)].hosts {
        let host = &v.plan.hosts[*id as usize];
        if host.vlan == vlan && subnet.prefix.contains(&host.ip) {
            list.push(Neighbour { if_index, ip: IpAddr::V4(host.ip), mac: host.mac });
            if id % 4 == 0 {
                list.push(Neighbour { if_index, ip: IpAddr::V6(link_local(host.mac)), mac: host.mac });
            }
        }
    }
    for group in v.plan.vrrp_of[v.device.id as usize].iter().map(|id| &v.plan.vrrp[*id as usize]) {
        if group.backup == own.end {
            let mac = Mac([0, 0, 0x5e, 0, 1, group.vrid]);
            list.push(Neighbour { if_index, ip: IpAddr::V4(group.address), mac });
        }
    }
}

fn net_to_media(w: &mut TableWriter, neighbours: &[Neighbour]) {
    for column in 1..=4 {
        w.column(&mib2(&[4, 22, 1, column]));
        for row in neighbours {
            let IpAddr::V4(ip) = row.ip else { continue };
            let mut index = [row.if_index, 0, 0, 0, 0];
            index[1..].copy_from_slice(&ip.octets().map(u32::from));
            let value = match column {
                1 => Val::Int(row.if_index as i32),
                2 => Val::Bytes(&row.mac.0),
                3 => Val::Ip(ip.octets()),
                _ => Val::Int(3),
            };
            w.row(&index, value);
        }
    }
}

fn net_to_physical(w: &mut TableWriter, neighbours: &[Neighbour]) {
    for column in [4, 6, 7] {
        w.column(&mib2(&[4, 35, 1, column]));
        for row in neighbours {
            let mut index = vec![row.if_index];
            index.extend(inet_index(row.ip, row.if_index));
            let value = match column {
                4 => Val::Bytes(&row.mac.0),
                6 => Val::Int(3),
                _ => Val::Int(1),
            };
            w.row(&index, value);
        }
    }
}

struct Route {
    prefix: ipnet::Ipv4Net,
    next_hop: Ipv4Addr,
    if_index: u32,
    protocol: i32,
}

/// Connected prefixes, and the loopback addresses of OSPF neighbours.
fn routes(w: &mut TableWriter, v: &View<'_>) {
    let mut list = Vec::new();
    for id in &v.plan.subnets_of[v.device.id as usize] {
        let subnet = &v.plan.subnets[*id as usize];
        let Some(own) = subnet.members.iter().find(|member| member.end.device == v.device.id) else {
            continue;
        };
        if !v.state.carrier_up(v.plan, subnet.carrier) {
            continue;
        }
        let if_index = v.device.port(own.end.port).if_index;
        let connected =
            Route { prefix: subnet.prefix, next_hop: Ipv4Addr::UNSPECIFIED, if_index, protocol: 2 };
        list.push(connected);
        if subnet.area.is_some() {
            for peer in subnet.members.iter().filter(|peer| peer.end.device != v.device.id) {
                let loopback = v.plan.device(peer.end.device).address;
                let prefix = ipnet::Ipv4Net::new_assert(loopback, 32);
                list.push(Route { prefix, next_hop: peer.ip, if_index, protocol: 13 });
            }
        }
    }
    list.sort_by_key(|route| (route.prefix.network(), route.prefix.prefix_len(), route.next_hop));
    list.truncate(MAX_ROUTES);
    if v.device.vendor == Vendor::CiscoIos {
        ip_cidr_routes(w, &list);
    } else {
        inet_cidr_routes(w, &list);
    }
}

fn ip_cidr_routes(w: &mut TableWriter, list: &[Route]) {
    w.scalar(&mib2(&[4, 24, 3]), Val::Gauge(list.len() as u32));
    for column in [1, 2, 4, 5, 6, 7, 11] {
        w.column(&mib2(&[4, 24, 4, 1, column]));
        for route in list {
            let [destination, mask, hop] =
                [route.prefix.network(), route.prefix.netmask(), route.next_hop].map(|ip| ip.octets());
            let mut index: Vec<u32> =
                destination.iter().chain(&mask).map(|octet| u32::from(*octet)).collect();
            index.push(0);
            index.extend(hop.map(u32::from));
            let value = match column {
                1 => Val::Ip(destination),
                2 => Val::Ip(mask),
                4 => Val::Ip(hop),
                5 => Val::Int(route.if_index as i32),
                6 => Val::Int(if route.protocol == 2 { 3 } else { 4 }),
                7 => Val::Int(route.protocol),
                _ => Val::Int(10),
            };
            w.row(&index, value);
        }
    }
}

fn inet_cidr_routes(w: &mut TableWriter, list: &[Route]) {
    w.scalar(&mib2(&[4, 24, 6]), Val::Gauge(list.len() as u32));
    for column in [7, 8, 9, 12, 17] {
        w.column(&mib2(&[4, 24, 7, 1, column]));
        for route in list {
            let mut index = inet_index(IpAddr::V4(route.prefix.network()), 0);
            index.push(u32::from(route.prefix.prefix_len()));
            // inetCidrRoutePolicy: the OID 0.0.
            index.extend([2, 0, 0]);
            if route.next_hop.is_unspecified() {
                index.extend([0, 0]);
            } else {
                index.extend(inet_index(IpAddr::V4(route.next_hop), 0));
            }
            let value = match column {
                7 => Val::Int(route.if_index as i32),
                8 => Val::Int(if route.protocol == 2 { 3 } else { 4 }),
                9 => Val::Int(route.protocol),
                12 => Val::Int(10),
                _ => Val::Int(1),
            };
            w.row(&index, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn link_local_addresses_carry_their_zone() {
        let ip: std::net::Ipv6Addr = "fe80::1".parse().unwrap();
        let index = inet_index(IpAddr::V6(ip), 7);
        assert_eq!(index[..2], [4, 20]);
        assert_eq!(index[index.len() - 1], 7);
        assert_eq!(inet_index("10.0.0.1".parse().unwrap(), 7), [1, 4, 10, 0, 0, 1]);
    }
}
