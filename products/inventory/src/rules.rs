//! What one record must hold beyond its declaration: rules over several fields.

use ipnet::IpNet;
use kit::record::{Hooks, Record};
use kit::{Ctx, FieldError};
use serde_json::{Value, json};

/// Adds what is wrong with a field of a record.
pub(crate) fn wrong(errors: &mut Vec<FieldError>, field: &str, code: &'static str, message: &str) {
    errors.push(FieldError { pointer: format!("/{field}"), code: code.into(), message: message.into() });
}

fn text<'a>(record: &'a Record, field: &str) -> Option<&'a str> {
    record.get(field).and_then(Value::as_str)
}

fn whole(record: &Record, field: &str) -> Option<i64> {
    record.get(field).and_then(Value::as_i64)
}

/// Ranges of VLAN ids (IEEE 802.1Q: 1 to 4094), at first all of them.
pub(crate) struct VlanRanges;

/// The ranges in ascending order, or what is wrong with them.
fn vlan_ranges(value: &Value) -> Result<Vec<(i64, i64)>, &'static str> {
    const EXPECTED: &str = "Expected are pairs of the first and the last id, like [[1, 99], [200, 299]].";
    let mut ranges = Vec::new();
    for pair in value.as_array().ok_or(EXPECTED)? {
        let ends: Option<Vec<i64>> = pair.as_array().ok_or(EXPECTED)?.iter().map(Value::as_i64).collect();
        match ends.ok_or(EXPECTED)?.as_slice() {
            [first, last] if 1 <= *first && first <= last && *last <= 4_094 => ranges.push((*first, *last)),
            [_, _] => return Err("A range goes from 1 to 4094 at most, the smaller id first."),
            _ => return Err(EXPECTED),
        }
    }
    ranges.sort_unstable();
    let overlap = ranges.windows(2).any(|pair| matches!(pair, [(_, last), (next, _)] if next <= last));
    if overlap { Err("Two of the ranges overlap.") } else { Ok(ranges) }
}

impl Hooks for VlanRanges {
    fn clean(&self, _: &Ctx, _: Option<&Record>, record: &mut Record, errors: &mut Vec<FieldError>) {
        match record.get("vid_ranges") {
            None | Some(Value::Null) => {
                record.insert("vid_ranges".into(), json!([[1, 4_094]]));
            }
            Some(value) => match vlan_ranges(value) {
                Ok(ranges) => {
                    record.insert("vid_ranges".into(), json!(ranges));
                }
                Err(message) => wrong(errors, "vid_ranges", "invalid", message),
            },
        }
    }
}

/// A run of addresses: one family, one length, the end not before the start.
pub(crate) struct AddressRange;

impl Hooks for AddressRange {
    fn clean(&self, _: &Ctx, _: Option<&Record>, record: &mut Record, errors: &mut Vec<FieldError>) {
        let net = |field| text(record, field).and_then(|text| text.parse::<IpNet>().ok());
        let (Some(start), Some(end)) = (net("start_address"), net("end_address")) else { return };
        if start.addr().is_ipv4() != end.addr().is_ipv4() {
            wrong(errors, "end_address", "family", "Start and end must both be IPv4 or both IPv6.");
        } else if start.prefix_len() != end.prefix_len() {
            wrong(
                errors,
                "end_address",
                "length",
                "Start and end must have the same length of their network.",
            );
        } else if end.addr() < start.addr() {
            wrong(errors, "end_address", "order", "The end lies before the start.");
        }
    }
}

/// A range of AS numbers.
pub(crate) struct AsnRange;

impl Hooks for AsnRange {
    fn clean(&self, _: &Ctx, _: Option<&Record>, record: &mut Record, errors: &mut Vec<FieldError>) {
        if let (Some(start), Some(end)) = (whole(record, "start"), whole(record, "end"))
            && end < start
        {
            wrong(errors, "end", "order", "The end lies before the start.");
        }
    }
}

/// Ports as `protocol/number`.
pub(crate) struct Ports;

/// Protocols a service listens with.
const PROTOCOLS: [&str; 3] = ["tcp", "udp", "sctp"];

impl Hooks for Ports {
    fn clean(&self, _: &Ctx, _: Option<&Record>, record: &mut Record, errors: &mut Vec<FieldError>) {
        let ports = record.get("port_mappings").and_then(Value::as_array);
        for (n, port) in ports.into_iter().flatten().enumerate() {
            let good =
                port.as_str().and_then(|port| port.split_once('/')).is_some_and(|(protocol, number)| {
                    PROTOCOLS.contains(&protocol) && number.parse::<u16>().is_ok_and(|number| number > 0)
                });
            if !good {
                let message = "Expected is a protocol (tcp, udp or sctp) and a port, like tcp/443.";
                wrong(errors, &format!("port_mappings/{n}"), "invalid", message);
            }
        }
    }
}

/// A part of a type: of a device type or of a module type, not of both.
pub(crate) struct OfOneType;

impl Hooks for OfOneType {
    fn clean(&self, _: &Ctx, _: Option<&Record>, record: &mut Record, errors: &mut Vec<FieldError>) {
        let has = |field: &str| record.get(field).is_some_and(|value| !value.is_null());
        match (has("device_type"), has("module_type")) {
            (true, true) => {
                wrong(errors, "module_type", "two_types", "It belongs to one type: leave the other out.")
            }
            (false, false) => {
                wrong(errors, "device_type", "no_type", "It needs a device type or a module type.")
            }
            _ => {}
        }
    }
}

/// Sizes: heights in half units, weights with their unit.
pub(crate) struct Sizes;

impl Hooks for Sizes {
    fn clean(&self, _: &Ctx, _: Option<&Record>, record: &mut Record, errors: &mut Vec<FieldError>) {
        let height = record.get("u_height").and_then(Value::as_f64);
        if height.is_some_and(|height| (height * 2.0).fract() != 0.0) {
            wrong(errors, "u_height", "half_units", "A height is a whole or a half number of units.");
        }
        let has = |field: &str| record.get(field).is_some_and(|value| !value.is_null());
        if has("weight") && !has("weight_unit") {
            wrong(errors, "weight_unit", "required", "A weight needs its unit.");
        }
    }
}

/// A distance needs its unit; a unit alone says nothing and goes.
pub(crate) fn distance(record: &mut Record, errors: &mut Vec<FieldError>) {
    let has = |field: &str| record.get(field).is_some_and(|value| !value.is_null());
    if has("distance") && !has("distance_unit") {
        wrong(errors, "distance_unit", "no_unit", "A distance needs its unit.");
    } else if !has("distance") {
        record.insert("distance_unit".into(), Value::Null);
    }
}

/// The first version of IKE has modes, the second has none (RFC 2409, RFC 7296).
pub(crate) struct IkeMode;

impl Hooks for IkeMode {
    fn clean(&self, _: &Ctx, _: Option<&Record>, record: &mut Record, errors: &mut Vec<FieldError>) {
        match (text(record, "ike_version"), text(record, "mode")) {
            (Some("1"), None) => wrong(errors, "mode", "no_mode", "IKEv1 needs a mode."),
            (Some("2"), Some(_)) => wrong(errors, "mode", "mode", "IKEv2 has no modes: leave it out."),
            _ => {}
        }
    }
}

/// An IPsec proposal encrypts, authenticates, or both.
pub(crate) struct Algorithms;

impl Hooks for Algorithms {
    fn clean(&self, _: &Ctx, _: Option<&Record>, record: &mut Record, errors: &mut Vec<FieldError>) {
        if text(record, "encryption_algorithm").is_none()
            && text(record, "authentication_algorithm").is_none()
        {
            let message = "It needs an algorithm for encryption, for authentication, or both.";
            wrong(errors, "encryption_algorithm", "no_algorithm", message);
        }
    }
}

/// One address: what it may be assigned to, its status, its name.
pub(crate) fn address(record: &Record, errors: &mut Vec<FieldError>) {
    let Some(net) = text(record, "address").and_then(|text| text.parse::<IpNet>().ok()) else { return };
    if text(record, "status") == Some("slaac") && net.addr().is_ipv4() {
        wrong(errors, "status", "family", "SLAAC is of IPv6 only.");
    }
    let of_interface = record
        .get("assigned_object")
        .and_then(|object| object.get("type"))
        .is_some_and(|kind| kind == "inventory.interface");
    let pair = if net.addr().is_ipv4() { 31 } else { 127 };
    if of_interface && net.prefix_len() < pair {
        if net.addr() == net.network() {
            let message = "This is the address of the network itself; an interface cannot have it.";
            wrong(errors, "address", "network", message);
        } else if net.addr() == net.broadcast() && net.addr().is_ipv4() {
            wrong(
                errors,
                "address",
                "broadcast",
                "This is the broadcast address; an interface cannot have it.",
            );
        }
    }
    if text(record, "dns_name").is_some_and(|name| !is_dns_name(name)) {
        let message = "Expected are labels of letters, digits, - and _ divided by dots, * for any.";
        wrong(errors, "dns_name", "invalid", message);
    }
}

/// Labels of letters, digits, hyphens, underscores and asterisks; a dot may end it (RFC 1035, RFC 2181).
fn is_dns_name(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    name.split('.').all(|label| {
        !label.is_empty()
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'*'))
    })
}

/// Where a device is mounted.
pub(crate) struct Mounted;

impl Hooks for Mounted {
    fn clean(&self, _: &Ctx, before: Option<&Record>, record: &mut Record, errors: &mut Vec<FieldError>) {
        let shown = record.clone();
        let has = |field: &str| shown.get(field).is_some_and(|value| !value.is_null());
        if has("position") && !has("rack") {
            wrong(errors, "position", "no_rack", "A position needs a rack.");
        }
        if has("face") && !has("rack") {
            wrong(errors, "face", "no_rack", "A face needs a rack.");
        }
        if has("position") && !has("face") {
            wrong(errors, "face", "required", "A device at a position needs the face it is mounted at.");
        }
        let position = record.get("position").and_then(Value::as_f64);
        if position.is_some_and(|position| position < 0.5 || (position * 2.0).fract() != 0.0) {
            wrong(errors, "position", "half_units", "A position is a whole or a half height unit, from 0.5.");
        }
        if has("virtual_chassis") && !has("vc_position") {
            wrong(errors, "vc_position", "required", "A member of a virtual chassis has a position in it.");
        }
        let left = before
            .is_some_and(|before| before.get("virtual_chassis").is_some_and(|chassis| !chassis.is_null()));
        if has("vc_position") && !has("virtual_chassis") && left {
            // Who leaves a stack has no position in it.
            record.insert("vc_position".into(), Value::Null);
        } else if has("vc_position") && !has("virtual_chassis") {
            wrong(errors, "vc_position", "no_chassis", "A position in a stack needs the virtual chassis.");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dns_names() {
        for (name, good) in [
            ("host", true),
            ("*.example.com.", true),
            ("a_b-c", true),
            ("a b", false),
            ("a..b", false),
            ("höst", false),
        ] {
            assert_eq!(is_dns_name(name), good, "{name}");
        }
    }

    #[test]
    fn an_address_of_an_interface_is_a_host() {
        let found = |address: &str, kind: &str| {
            let mut errors = Vec::new();
            let record = json!({"address": address, "assigned_object": {"type": kind}, "status": "active"});
            super::address(record.as_object().unwrap(), &mut errors);
            errors.into_iter().map(|error| error.code.into_owned()).collect::<Vec<_>>()
        };
        assert_eq!(found("10.4.0.0/24", "inventory.interface"), ["network"]);
        assert_eq!(found("10.4.0.255/24", "inventory.interface"), ["broadcast"]);
        assert_eq!(found("10.4.0.0/31", "inventory.interface"), Vec::<String>::new());
        assert_eq!(found("10.4.0.0/24", "inventory.fhrp_group"), Vec::<String>::new());
    }

    #[test]
    fn vlan_ranges_are_put_in_order_or_refused() {
        assert_eq!(vlan_ranges(&json!([[200, 299], [1, 99]])), Ok(vec![(1, 99), (200, 299)]));
        assert_eq!(vlan_ranges(&json!([])), Ok(vec![]));
        for bad in [
            json!("1-99"),
            json!([1, 99]),
            json!([[1]]),
            json!([[1, 2, 3]]),
            json!([[0, 5]]),
            json!([[5, 4]]),
            json!([[1, 4_095]]),
            json!([["1", "2"]]),
            json!([[1, 10], [10, 20]]),
        ] {
            assert!(vlan_ranges(&bad).is_err(), "{bad}");
        }
    }
}
