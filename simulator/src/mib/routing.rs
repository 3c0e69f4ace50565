//! OSPF-MIB (RFC 4750), BGP4-MIB (RFC 4273), VRRP-MIB (RFC 2787).

use std::net::Ipv4Addr;

use crate::mib::table::{TableWriter, Val};
use crate::mib::{View, mib2};
use crate::plan::{End, Lame, VrrpGroup};

/// An OSPF interface with its neighbours.
struct OspfLink {
    own: Ipv4Addr,
    area: u32,
    /// Address and router id.
    neighbours: Vec<(Ipv4Addr, Ipv4Addr)>,
}

fn links(v: &View<'_>) -> Vec<OspfLink> {
    let mut list = Vec::new();
    for id in &v.plan.subnets_of[v.device.id as usize] {
        let subnet = &v.plan.subnets[*id as usize];
        let Some(area) = subnet.area else { continue };
        let Some(own) = subnet.members.iter().find(|member| member.end.device == v.device.id) else {
            continue;
        };
        let up = v.state.carrier_up(v.plan, subnet.carrier);
        let neighbours = subnet
            .members
            .iter()
            .filter(|peer| up && peer.end.device != v.device.id)
            .map(|peer| (peer.ip, v.plan.device(peer.end.device).address))
            .collect();
        list.push(OspfLink { own: own.ip, area, neighbours });
    }
    list.sort_by_key(|link| link.own);
    list
}

fn with_zero(ip: Ipv4Addr) -> [u32; 5] {
    let [a, b, c, d] = ip.octets().map(u32::from);
    [a, b, c, d, 0]
}

pub(super) fn ospf(w: &mut TableWriter, v: &View<'_>) {
    if !v.device.role.routes() || v.is(Lame::EmptyTables) {
        return;
    }
    let links = links(v);
    if links.is_empty() {
        return;
    }
    w.scalar(&mib2(&[14, 1, 1]), Val::Ip(v.device.address.octets()));
    w.scalar(&mib2(&[14, 1, 2]), Val::Int(1));
    w.scalar(&mib2(&[14, 1, 3]), Val::Int(2));
    let mut areas: Vec<u32> = links.iter().map(|link| link.area).collect();
    areas.sort_unstable();
    areas.dedup();
    w.scalar(&mib2(&[14, 1, 4]), Val::Int(if areas.len() > 1 { 1 } else { 2 }));
    w.column(&mib2(&[14, 2, 1, 1]));
    for area in &areas {
        w.row(&area.to_be_bytes().map(u32::from), Val::Ip(area.to_be_bytes()));
    }
    for column in [1, 2, 3, 4, 5, 12] {
        w.column(&mib2(&[14, 7, 1, column]));
        for link in &links {
            let value = match column {
                1 => Val::Ip(link.own.octets()),
                2 => Val::Int(0),
                3 => Val::Ip(link.area.to_be_bytes()),
                4 => Val::Int(3),
                5 => Val::Int(1),
                _ => Val::Int(if link.neighbours.is_empty() { 1 } else { 4 }),
            };
            w.row(&with_zero(link.own), value);
        }
    }
    let mut neighbours: Vec<(Ipv4Addr, Ipv4Addr)> =
        links.iter().flat_map(|link| link.neighbours.iter().copied()).collect();
    neighbours.sort_unstable();
    for column in [1, 2, 3, 4, 5, 6, 7] {
        w.column(&mib2(&[14, 10, 1, column]));
        for (ip, router_id) in &neighbours {
            let value = match column {
                1 => Val::Ip(ip.octets()),
                3 => Val::Ip(router_id.octets()),
                4 => Val::Int(2),
                5 => Val::Int(1),
                6 => Val::Int(8),
                7 => Val::Counter(6),
                _ => Val::Int(0),
            };
            w.row(&with_zero(*ip), value);
        }
    }
}

struct Peer {
    remote: Ipv4Addr,
    local: Ipv4Addr,
    identifier: Ipv4Addr,
    remote_as: u32,
}

pub(super) fn bgp(w: &mut TableWriter, v: &View<'_>) {
    if v.device.asn == 0 || v.is(Lame::EmptyTables) {
        return;
    }
    let mut peers: Vec<Peer> = v.plan.bgp_of[v.device.id as usize]
        .iter()
        .map(|id| &v.plan.bgp[*id as usize])
        .map(|session| {
            if session.a == v.device.id {
                let identifier = session.b.map_or(session.b_ip, |b| v.plan.device(b).address);
                Peer { remote: session.b_ip, local: session.a_ip, identifier, remote_as: session.b_as }
            } else {
                let identifier = v.plan.device(session.a).address;
                Peer { remote: session.a_ip, local: session.b_ip, identifier, remote_as: session.a_as }
            }
        })
        .collect();
    peers.sort_by_key(|peer| peer.remote);
    w.scalar(&mib2(&[15, 1]), Val::Bytes(&[0x10]));
    w.scalar(&mib2(&[15, 2]), Val::Int(v.device.asn as i32));
    for column in [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 24] {
        w.column(&mib2(&[15, 3, 1, column]));
        for peer in &peers {
            let value = match column {
                1 => Val::Ip(peer.identifier.octets()),
                2 => Val::Int(6),
                3 => Val::Int(2),
                4 => Val::Int(4),
                5 => Val::Ip(peer.local.octets()),
                6 => Val::Int(if peer.local < peer.remote { 179 } else { 51_234 }),
                7 => Val::Ip(peer.remote.octets()),
                8 => Val::Int(if peer.local < peer.remote { 51_234 } else { 179 }),
                9 => Val::Int(peer.remote_as as i32),
                14 => Val::Bytes(&[0, 0]),
                16 => Val::Gauge(86_400),
                24 => Val::Gauge(12),
                _ => Val::Counter(4_321),
            };
            w.row(&peer.remote.octets().map(u32::from), value);
        }
    }
    w.scalar(&mib2(&[15, 4]), Val::Ip(v.device.address.octets()));
}

pub(super) fn vrrp(w: &mut TableWriter, v: &View<'_>) {
    let mut groups: Vec<(u32, bool, &VrrpGroup)> = v.plan.vrrp_of[v.device.id as usize]
        .iter()
        .map(|id| &v.plan.vrrp[*id as usize])
        .map(|group| {
            let master = group.master.device == v.device.id;
            let own: End = if master { group.master } else { group.backup };
            (v.device.port(own.port).if_index, master, group)
        })
        .collect();
    if groups.is_empty() || v.is(Lame::EmptyTables) {
        return;
    }
    groups.sort_by_key(|(if_index, _, group)| (*if_index, group.vrid));
    w.scalar(&mib2(&[68, 1, 1]), Val::Int(2));
    for column in [2, 3, 4, 5, 6, 7, 8, 11, 12, 15] {
        w.column(&mib2(&[68, 1, 3, 1, column]));
        for (if_index, master, group) in &groups {
            let address = |end: End| {
                v.plan.port(end).addresses.iter().find_map(|address| match address.ip {
                    std::net::IpAddr::V4(v4) => Some(v4.octets()),
                    std::net::IpAddr::V6(_) => None,
                })
            };
            let own = if *master { group.master } else { group.backup };
            let mac = [0, 0, 0x5e, 0, 1, group.vrid];
            let value = match column {
                2 => Val::Bytes(&mac),
                3 => Val::Int(if *master { 3 } else { 2 }),
                5 => Val::Int(if *master { 110 } else { 100 }),
                7 => Val::Ip(address(group.master).unwrap_or_default()),
                8 => Val::Ip(address(own).unwrap_or_default()),
                _ => Val::Int(1),
            };
            w.row(&[*if_index, u32::from(group.vrid)], value);
        }
    }
    w.column(&mib2(&[68, 1, 4, 1, 2]));
    for (if_index, _, group) in &groups {
        let mut index = vec![*if_index, u32::from(group.vrid)];
        index.extend(group.address.octets().map(u32::from));
        w.row(&index, Val::Int(1));
    }
}
