//! ARP and ND entries, from netlink.

use std::net::IpAddr;

use futures::TryStreamExt;
use model::documents::IpNeighbour;
use model::{Mac, MacClass};
use rtnetlink::Handle;
use rtnetlink::packet_route::AddressFamily;
use rtnetlink::packet_route::neighbour::{
    NeighbourAddress, NeighbourAttribute, NeighbourMessage, NeighbourState,
};

use super::HostError;

/// All neighbours of both families that have a link address.
pub(super) async fn read(handle: &Handle) -> Result<Vec<IpNeighbour>, HostError> {
    let mut neighbours = Vec::new();
    for family in [AddressFamily::Inet, AddressFamily::Inet6] {
        let refused = |source| HostError::Refused { what: "neighbours", source };
        let request = handle.neighbours().get().set_address_family(family).execute();
        let messages: Vec<NeighbourMessage> = request.try_collect().await.map_err(refused)?;
        neighbours.extend(messages.iter().filter_map(neighbour));
    }
    neighbours.sort_unstable();
    neighbours.dedup();
    Ok(neighbours)
}

fn neighbour(message: &NeighbourMessage) -> Option<IpNeighbour> {
    let state = message.header.state;
    if matches!(state, NeighbourState::Incomplete | NeighbourState::Failed | NeighbourState::Noarp) {
        return None;
    }
    let mut ip = None;
    let mut mac = None;
    for attribute in &message.attributes {
        match attribute {
            NeighbourAttribute::Destination(NeighbourAddress::Inet(v4)) => ip = Some(IpAddr::V4(*v4)),
            NeighbourAttribute::Destination(NeighbourAddress::Inet6(v6)) => ip = Some(IpAddr::V6(*v6)),
            NeighbourAttribute::LinkLayerAddress(octets) => mac = Mac::from_slice(octets),
            _ => {}
        }
    }
    Some(IpNeighbour {
        if_index: message.header.ifindex,
        ip: ip.filter(|ip| !ip.is_multicast())?,
        mac: mac.filter(|mac| !matches!(mac.class(), MacClass::Null | MacClass::Multicast))?,
        fixed: state == NeighbourState::Permanent,
    })
}
