//! Interfaces and their addresses, from netlink.

use std::collections::BTreeMap;
use std::fs;

use futures::TryStreamExt;
use model::documents::{Interface, InterfaceAddress};
use model::{Mac, MacClass};
use rtnetlink::Handle;
use rtnetlink::packet_route::address::{AddressAttribute, AddressMessage};
use rtnetlink::packet_route::link::{
    InfoKind, LinkAttribute, LinkFlags, LinkInfo, LinkLayerType, LinkMessage, State,
};

use super::HostError;

/// All interfaces, by index.
pub(super) async fn interfaces(handle: &Handle) -> Result<Vec<Interface>, HostError> {
    let refused = |source| HostError::Refused { what: "interfaces", source };
    let messages: Vec<LinkMessage> = handle.link().get().execute().try_collect().await.map_err(refused)?;
    let mut interfaces: BTreeMap<u32, Interface> = BTreeMap::new();
    let mut above: Vec<(u32, u32)> = Vec::new();
    for message in &messages {
        let interface = interface(message);
        let kind = kind(message);
        for attribute in &message.attributes {
            match attribute {
                // A port of a bridge or bond lies below it.
                LinkAttribute::Controller(higher) => above.push((*higher, interface.index)),
                // VLAN, MACVLAN and tunnel interfaces lie above the one they use. The other end of
                // a veth pair is no layer.
                LinkAttribute::Link(lower) if *lower != interface.index && kind != Some(InfoKind::Veth) => {
                    above.push((interface.index, *lower));
                }
                _ => {}
            }
        }
        interfaces.insert(interface.index, interface);
    }
    for (higher, lower) in above {
        if interfaces.contains_key(&lower)
            && let Some(interface) = interfaces.get_mut(&higher)
        {
            interface.lower.push(lower);
        }
    }
    for interface in interfaces.values_mut() {
        interface.lower.sort_unstable();
        interface.lower.dedup();
    }
    Ok(interfaces.into_values().collect())
}

fn kind(message: &LinkMessage) -> Option<InfoKind> {
    message.attributes.iter().find_map(|attribute| match attribute {
        LinkAttribute::LinkInfo(infos) => infos.iter().find_map(|info| match info {
            LinkInfo::Kind(kind) => Some(kind.clone()),
            _ => None,
        }),
        _ => None,
    })
}

fn interface(message: &LinkMessage) -> Interface {
    let up = message.header.flags.contains(LinkFlags::Up);
    let mut interface = Interface {
        index: message.header.index,
        if_type: if_type(message.header.link_layer_type, kind(message).as_ref()),
        admin_up: up,
        // Loopback and tunnels have no carrier to tell; they work when they are up.
        oper_up: up && message.header.flags.contains(LinkFlags::Running),
        ..Interface::default()
    };
    for attribute in &message.attributes {
        match attribute {
            LinkAttribute::IfName(name) => {
                interface.name.clone_from(name);
                interface.description.clone_from(name);
            }
            LinkAttribute::IfAlias(alias) => interface.alias.clone_from(alias),
            LinkAttribute::Mtu(mtu) => interface.mtu = Some(*mtu),
            LinkAttribute::Address(octets) => {
                interface.mac = Mac::from_slice(octets).filter(|mac| mac.class() != MacClass::Null);
            }
            LinkAttribute::OperState(state) if *state != State::Unknown => {
                interface.oper_up = *state == State::Up;
            }
            _ => {}
        }
    }
    let class = format!("/sys/class/net/{}", interface.name);
    let speed =
        fs::read_to_string(format!("{class}/speed")).ok().and_then(|mbit| mbit.trim().parse::<i64>().ok());
    interface.speed_bps =
        speed.and_then(|mbit| u64::try_from(mbit).ok()).filter(|m| *m > 0).map(|m| m * 1_000_000);
    interface.connector = Some(fs::exists(format!("{class}/device")).unwrap_or(false));
    interface
}

/// IANAifType of a link.
fn if_type(layer: LinkLayerType, kind: Option<&InfoKind>) -> u32 {
    match (layer, kind) {
        (LinkLayerType::Loopback, _) => 24,
        (_, Some(InfoKind::Bridge)) => 209,
        (_, Some(InfoKind::Bond)) => 161,
        (_, Some(InfoKind::Vlan)) => 135,
        (
            _,
            Some(InfoKind::Veth | InfoKind::Dummy | InfoKind::MacVlan | InfoKind::IpVlan | InfoKind::Vrf),
        ) => 53,
        (LinkLayerType::Tunnel | LinkLayerType::Tunnel6 | LinkLayerType::Sit | LinkLayerType::Ipgre, _)
        | (
            _,
            Some(InfoKind::Vxlan | InfoKind::Tun | InfoKind::Wireguard | InfoKind::GreTap | InfoKind::Geneve),
        ) => 131,
        (LinkLayerType::Ether, _) => 6,
        (LinkLayerType::Ppp, _) => 23,
        _ => 1,
    }
}

/// All addresses, by interface and address.
pub(super) async fn addresses(handle: &Handle) -> Result<Vec<InterfaceAddress>, HostError> {
    let refused = |source| HostError::Refused { what: "addresses", source };
    let messages: Vec<AddressMessage> =
        handle.address().get().execute().try_collect().await.map_err(refused)?;
    let mut addresses: Vec<InterfaceAddress> = messages.iter().filter_map(address).collect();
    addresses.sort_unstable();
    addresses.dedup();
    Ok(addresses)
}

fn address(message: &AddressMessage) -> Option<InterfaceAddress> {
    // IFA_LOCAL is the own address; on point-to-point links IFA_ADDRESS is the other end's.
    let local = message.attributes.iter().find_map(|attribute| match attribute {
        AddressAttribute::Local(ip) => Some(*ip),
        _ => None,
    });
    let plain = message.attributes.iter().find_map(|attribute| match attribute {
        AddressAttribute::Address(ip) => Some(*ip),
        _ => None,
    });
    Some(InterfaceAddress {
        if_index: message.header.index,
        ip: local.or(plain)?,
        prefix_length: Some(message.header.prefix_len),
        shared: false,
        vrf: String::new(),
    })
}
