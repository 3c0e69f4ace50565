//! The main routing table, from netlink.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use futures::TryStreamExt;
use ipnet::IpNet;
use model::documents::Route;
use rtnetlink::packet_route::route::{
    RouteAddress, RouteAttribute, RouteHeader, RouteMessage, RouteProtocol, RouteType,
};
use rtnetlink::{Handle, RouteMessageBuilder};

use super::HostError;

/// Unicast routes of the main table, both families.
pub(super) async fn read(handle: &Handle) -> Result<Vec<Route>, HostError> {
    let questions =
        [RouteMessageBuilder::<Ipv4Addr>::new().build(), RouteMessageBuilder::<Ipv6Addr>::new().build()];
    let mut routes = Vec::new();
    for question in questions {
        let refused = |source| HostError::Refused { what: "routes", source };
        let answers = handle.route().get(question).execute();
        let messages: Vec<RouteMessage> = answers.try_collect().await.map_err(refused)?;
        messages.iter().filter(|message| is_wanted(message)).for_each(|message| put(message, &mut routes));
    }
    routes.sort_unstable_by_key(|r| (r.prefix, r.next_hop, r.if_index, r.protocol, r.metric));
    routes.dedup();
    Ok(routes)
}

fn is_wanted(message: &RouteMessage) -> bool {
    let number = message.attributes.iter().find_map(|attribute| match attribute {
        RouteAttribute::Table(table) => Some(*table),
        _ => None,
    });
    let table = number.unwrap_or(u32::from(message.header.table));
    table == u32::from(RouteHeader::RT_TABLE_MAIN) && message.header.kind == RouteType::Unicast
}

fn put(message: &RouteMessage, routes: &mut Vec<Route>) {
    let family_v4 = message.header.address_family == rtnetlink::packet_route::AddressFamily::Inet;
    let any = if family_v4 { IpAddr::V4(Ipv4Addr::UNSPECIFIED) } else { IpAddr::V6(Ipv6Addr::UNSPECIFIED) };
    let mut destination = any;
    let (mut next_hop, mut if_index, mut metric) = (None, None, None);
    let mut paths = Vec::new();
    for attribute in &message.attributes {
        match attribute {
            RouteAttribute::Destination(address) => destination = ip(address).unwrap_or(any),
            RouteAttribute::Gateway(address) => next_hop = ip(address),
            RouteAttribute::Oif(index) => if_index = Some(*index),
            RouteAttribute::Priority(priority) => metric = Some(*priority),
            RouteAttribute::MultiPath(hops) => {
                for hop in hops {
                    let gateway = hop.attributes.iter().find_map(|attribute| match attribute {
                        RouteAttribute::Gateway(address) => ip(address),
                        _ => None,
                    });
                    paths.push((gateway, Some(hop.interface_index)));
                }
            }
            _ => {}
        }
    }
    if paths.is_empty() {
        paths.push((next_hop, if_index));
    }
    let Ok(prefix) = IpNet::new(destination, message.header.destination_prefix_length) else { return };
    let protocol = protocol(message.header.protocol);
    routes.extend(paths.into_iter().map(|(next_hop, if_index)| Route {
        prefix,
        next_hop,
        if_index,
        protocol,
        metric,
    }));
}

fn ip(address: &RouteAddress) -> Option<IpAddr> {
    match address {
        RouteAddress::Inet(v4) => Some(IpAddr::V4(*v4)),
        RouteAddress::Inet6(v6) => Some(IpAddr::V6(*v6)),
        _ => None,
    }
}

/// IANAipRouteProtocol of the kernel's route protocol.
fn protocol(protocol: RouteProtocol) -> u32 {
    match protocol {
        RouteProtocol::Kernel => 2,
        RouteProtocol::Boot | RouteProtocol::Static | RouteProtocol::Dhcp | RouteProtocol::Ra => 3,
        RouteProtocol::IcmpRedirect => 4,
        RouteProtocol::Rip => 8,
        RouteProtocol::Isis => 9,
        RouteProtocol::Ospf => 13,
        RouteProtocol::Bgp => 14,
        RouteProtocol::Eigrp => 16,
        _ => 1,
    }
}
