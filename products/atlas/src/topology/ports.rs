//! Which interface a port id means. Names match whole after canonicalisation, never by substring.

use model::Mac;
use model::documents::{LldpId, LldpPort};
use model::names::canonical_interface;

use super::device::{Device, clean};

/// The result of looking a port id up on the device it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// This interface.
    One(usize),
    /// Possibly one of these: the id is only a number. Needs a second witness.
    Weak(Vec<usize>),
    /// None.
    None,
}

fn one(list: &[usize]) -> Option<usize> {
    match list {
        [only] => Some(*only),
        _ => None,
    }
}

fn by_name(device: &Device, text: &str) -> Option<usize> {
    let canonical = canonical_interface(text);
    if canonical.is_empty() {
        return None;
    }
    one(device.named(&canonical))
        .or_else(|| one(device.described(&canonical)))
        // Junos announces the unit of an interface that exists without it, and the reverse.
        .or_else(|| one(device.named(canonical.strip_suffix(".0")?)))
        .or_else(|| one(device.named(&format!("{canonical}.0"))))
}

fn by_alias(device: &Device, text: &str) -> Option<usize> {
    let canonical = canonical_interface(text);
    if canonical.is_empty() { None } else { one(device.aliased(&canonical)) }
}

/// Interfaces a bare number may mean: a bridge port or an ifIndex.
pub(crate) fn by_number(device: &Device, number: u32) -> Vec<usize> {
    let mut found: Vec<usize> =
        [device.port_of_index(number), device.port_of_bridge_port(number)].into_iter().flatten().collect();
    found.retain(|&at| device.ports[at].physical() || device.ports[at].if_type == 161);
    found.sort_unstable();
    found.dedup();
    found
}

/// The MAC address a port or chassis id of subtype MAC holds; some agents write it as text.
pub(crate) fn mac_of(id: &LldpId) -> Option<Mac> {
    Mac::from_slice(&id.octets).or_else(|| id.text().parse().ok())
}

/// The address an id of subtype network address holds: one octet of family, then the address.
pub(crate) fn address_of(id: &LldpId) -> Option<std::net::IpAddr> {
    match id.octets.as_slice() {
        [1, a, b, c, d] | [a, b, c, d] => Some(std::net::Ipv4Addr::new(*a, *b, *c, *d).into()),
        [2, rest @ ..] if rest.len() == 16 => {
            <[u8; 16]>::try_from(rest).ok().map(|o| std::net::Ipv6Addr::from(o).into())
        }
        _ => id.text().parse().ok(),
    }
}

fn by_subtype(device: &Device, id: &LldpId, text: &str) -> Found {
    let component = || {
        let (components, _) = device.hardware()?;
        let mut hits = components.iter().filter(|c| c.name == text || c.index.to_string() == text);
        let first = hits.next()?.if_index?;
        if hits.next().is_some() { None } else { device.port_of_index(first) }
    };
    let exact = match id.subtype {
        3 => mac_of(id).and_then(|mac| device.port_of_mac(mac)),
        4 => address_of(id).and_then(|ip| device.port_of_address(ip)),
        1 => by_alias(device, text).or_else(|| by_name(device, text)),
        2 => component().or_else(|| by_name(device, text)),
        _ => by_name(device, text)
            .or_else(|| mac_of(id).and_then(|mac| device.port_of_mac(mac)))
            .or_else(|| by_alias(device, text)),
    };
    if let Some(at) = exact {
        return Found::One(at);
    }
    match text.parse::<u32>() {
        Ok(number) if id.subtype != 3 && id.subtype != 4 => match by_number(device, number).as_slice() {
            [] => Found::None,
            some => Found::Weak(some.to_vec()),
        },
        _ => Found::None,
    }
}

fn by_description(device: &Device, description: &str) -> Option<usize> {
    by_name(device, description).or_else(|| by_alias(device, description))
}

/// The interface of `device` behind its own lldpLocPortNum. The number itself is no ifIndex: the
/// local port table names the port.
pub(crate) fn local(device: &Device, number: u32) -> Found {
    let port = device.lldp().and_then(|(lldp, _)| lldp.ports.iter().find(|port| port.number == number));
    if let Some(port) = port {
        if port.number_is_if_index
            && let Some(at) = device.port_of_index(number)
        {
            return Found::One(at);
        }
        let by_id = port.id.as_ref().map_or(Found::None, |id| by_subtype(device, id, &clean(&id.text())));
        if let Found::One(_) = by_id {
            return by_id;
        }
        if let Some(at) = by_description(device, &port.description) {
            return Found::One(at);
        }
        if let Found::Weak(_) = by_id {
            return by_id;
        }
    }
    match by_number(device, number).as_slice() {
        [] => Found::None,
        some => Found::Weak(some.to_vec()),
    }
}

/// The name the local port table gives a port number; a bare number is no name.
pub(crate) fn local_name(device: &Device, number: u32) -> Option<String> {
    let (lldp, _) = device.lldp()?;
    let port = lldp.ports.iter().find(|port| port.number == number)?;
    let id = port.id.as_ref().filter(|id| id.subtype != 3).map(|id| clean(&id.text()));
    [id, Some(clean(&port.description))]
        .into_iter()
        .flatten()
        .find(|text| !text.is_empty() && text.parse::<u32>().is_err())
}

/// The interface behind the only one of some rows of the local port table.
fn only_local<'a>(device: &Device, mut rows: impl Iterator<Item = &'a LldpPort>) -> Option<usize> {
    match (rows.next(), rows.next()) {
        (Some(row), None) => match local(device, row.number) {
            Found::One(at) => Some(at),
            _ => None,
        },
        _ => None,
    }
}

/// The interface of `device` that announces itself with this port id and description.
pub(crate) fn announced(device: &Device, id: Option<&LldpId>, description: &str) -> Found {
    let mut weak = Found::None;
    if let Some(id) = id {
        let text = clean(&id.text());
        // What the device announces is what its own local port table holds.
        if let Some((lldp, _)) = device.lldp() {
            let same = |own: &LldpId| clean(&own.text()) == text && own.subtype == id.subtype;
            let by_id = lldp.ports.iter().filter(|port| port.id.as_ref().is_some_and(same));
            if let Some(at) = only_local(device, by_id) {
                return Found::One(at);
            }
            // A locally assigned number is the agent's own port number more often than an ifIndex.
            if let (7, Ok(number)) = (id.subtype, text.parse::<u32>())
                && by_name(device, &text).is_none()
                && let Some(at) = only_local(device, lldp.ports.iter().filter(|port| port.number == number))
            {
                return Found::One(at);
            }
        }
        match by_subtype(device, id, &text) {
            Found::One(at) => return Found::One(at),
            other => weak = other,
        }
    }
    by_description(device, description).map_or(weak, Found::One)
}

/// The interface with this name as CDP announces it.
pub(crate) fn named(device: &Device, name: &str) -> Found {
    by_name(device, name).map_or(Found::None, Found::One)
}
