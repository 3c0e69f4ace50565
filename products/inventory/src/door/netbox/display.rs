//! The text an object is shown by, as the contract has it for each type.

use kit::record::Record;
use serde_json::Value;

use super::contract::Endpoint;
use super::pool::Pool;
use super::users;

/// Our fields that the text of an object of this type is made of, when they are references.
pub(super) fn parts(kind: &str) -> &'static [&'static str] {
    match kind {
        "dcim.device" => &["device_type"],
        "dcim.module" => &["module_bay", "module_type"],
        "dcim.rackreservation" => &["rack"],
        "dcim.cabletermination" => &["cable", "termination"],
        "ipam.fhrpgroupassignment" => &["group", "interface"],
        "ipam.vlantranslationrule" => &["policy"],
        "tenancy.contactassignment" => &["contact", "object"],
        "circuits.circuittermination" => &["circuit"],
        "circuits.circuitgroupassignment" => &["group"],
        "circuits.virtualcircuittermination" => &["virtual_circuit"],
        "vpn.tunneltermination" => &["tunnel"],
        "vpn.l2vpntermination" => &["assigned_object", "l2vpn"],
        "extras.bookmark" | "extras.subscription" | "extras.notification" => &["object"],
        _ => &[],
    }
}

fn text(record: &Record, field: &str) -> String {
    match record.get(field) {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

/// `name (more)`, or the name alone.
fn with(name: String, more: &str) -> String {
    if more.is_empty() { name } else { format!("{name} ({more})") }
}

fn other(record: &Record, field: &str, pool: &Pool) -> String {
    pool.referred(record, field).map(|(endpoint, record)| of(endpoint, record, pool)).unwrap_or_default()
}

/// The text of a record.
pub(super) fn of(endpoint: &Endpoint, record: &Record, pool: &Pool) -> String {
    let number = || text(record, "number");
    match endpoint.kind.as_str() {
        "dcim.device" if text(record, "name").is_empty() => {
            let maker = pool
                .referred(record, "device_type")
                .map(|(_, device_type)| other(device_type, "manufacturer", pool))
                .unwrap_or_default();
            format!("{maker} {} ({})", other(record, "device_type", pool), number())
        }
        "dcim.device" => with(text(record, "name"), &text(record, "asset_tag")),
        "dcim.devicetype" | "dcim.moduletype" | "dcim.racktype" => text(record, "model"),
        "dcim.rack" => with(text(record, "name"), &text(record, "facility_id")),
        "dcim.rackreservation" => format!("Reservation for rack {}", other(record, "rack", pool)),
        "dcim.macaddress" => text(record, "mac_address"),
        "dcim.cable" => {
            let label = text(record, "label");
            if label.is_empty() { format!("#{}", number()) } else { label }
        }
        "dcim.cabletermination" => {
            format!("Cable {} to {}", other(record, "cable", pool), other(record, "termination", pool))
        }
        "dcim.module" => {
            let bay =
                pool.referred(record, "module_bay").map(|(_, bay)| text(bay, "name")).unwrap_or_default();
            format!("{bay}: {} ({})", other(record, "module_type", pool), number())
        }
        "ipam.aggregate" | "ipam.prefix" => text(record, "prefix"),
        "ipam.ipaddress" => text(record, "address"),
        "ipam.iprange" => ip_range(&text(record, "start_address"), &text(record, "end_address")),
        "ipam.asn" => as_number(record.get("asn").and_then(Value::as_i64).unwrap_or_default()),
        "ipam.asnrange" => {
            format!("{} ({}-{})", text(record, "name"), text(record, "start"), text(record, "end"))
        }
        "ipam.vlan" => format!("{} ({})", text(record, "name"), text(record, "vid")),
        "ipam.vrf" => with(text(record, "name"), &text(record, "rd")),
        "ipam.vlantranslationrule" => format!(
            "{} -> {} ({})",
            text(record, "local_vid"),
            text(record, "remote_vid"),
            other(record, "policy", pool)
        ),
        "ipam.fhrpgroup" => fhrp_group(endpoint, record),
        "ipam.fhrpgroupassignment" => format!(
            "{}: {} ({})",
            other(record, "interface", pool),
            other(record, "group", pool),
            text(record, "priority")
        ),
        "tenancy.contactassignment" => {
            let priority = text(record, "priority");
            let label = label_of(endpoint, "priority", &priority);
            let contact = with(other(record, "contact", pool), &label);
            format!("{contact} -> {}", other(record, "object", pool))
        }
        // What people read: its label, or the name in their words.
        "extras.customfield" => match text(record, "label") {
            label if label.is_empty() => capitalized(&text(record, "name").replace('_', " ")),
            label => label,
        },
        "circuits.circuit" | "circuits.virtualcircuit" => text(record, "cid"),
        "circuits.provideraccount" => with(text(record, "account"), &text(record, "name")),
        "circuits.circuittermination" => {
            format!("{}: Termination {}", other(record, "circuit", pool), text(record, "term_side"))
        }
        "circuits.virtualcircuittermination" => {
            let role = label_of(endpoint, "role", &text(record, "role"));
            format!("{}: {role} termination", other(record, "virtual_circuit", pool))
        }
        "circuits.circuitgroupassignment" => {
            with(other(record, "group", pool), &label_of(endpoint, "priority", &text(record, "priority")))
        }
        "vpn.tunneltermination" => format!("{}: Termination {}", other(record, "tunnel", pool), number()),
        "vpn.l2vpn" => with(text(record, "name"), &text(record, "identifier")),
        "vpn.l2vpntermination" => {
            format!("{} <> {}", other(record, "assigned_object", pool), other(record, "l2vpn", pool))
        }
        "wireless.wirelesslan" => text(record, "ssid"),
        "wireless.wirelesslink" => {
            let ssid = text(record, "ssid");
            if ssid.is_empty() { format!("#{}", number()) } else { ssid }
        }
        "extras.bookmark" | "extras.subscription" | "extras.notification" => other(record, "object", pool),
        "extras.journalentry" => {
            let time = text(record, "created_at");
            let kind = label_of(endpoint, "kind", &text(record, "kind"));
            format!(
                "{} {} ({kind})",
                time.get(..10).unwrap_or_default(),
                time.get(11..16).unwrap_or_default()
            )
        }
        "extras.imageattachment" if text(record, "name").is_empty() => {
            let file = text(record, "file_name");
            file.splitn(3, '_').last().unwrap_or_default().to_owned()
        }
        "users.token" => text(record, "lookup"),
        users::USER => users::display(record),
        "core.datafile" => text(record, "path"),
        kind if kind.starts_with("dcim.") => with(text(record, "name"), &text(record, "label")),
        _ => text(record, "name"),
    }
}

/// `AS65001`, and above 65535 also in the notation of RFC 5396.
fn as_number(asn: i64) -> String {
    if asn > 65_535 { format!("AS{asn} ({}.{})", asn >> 16, asn & 0xffff) } else { format!("AS{asn}") }
}

/// `10.0.0.10-20/24`: the end without what both have in common.
fn ip_range(start: &str, end: &str) -> String {
    let (Some((first, length)), Some((last, _))) = (start.split_once('/'), end.split_once('/')) else {
        return format!("{start}-{end}");
    };
    let divider = if first.contains(':') { ':' } else { '.' };
    let (Some((common, _)), Some((same, tail))) = (first.rsplit_once(divider), last.rsplit_once(divider))
    else {
        return format!("{start}-{end}");
    };
    let tail = if common == same { tail } else { last };
    format!("{first}-{tail}/{length}")
}

fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The label of a choice.
fn label_of(endpoint: &Endpoint, field: &str, value: &str) -> String {
    endpoint
        .fact(field)
        .and_then(|fact| fact.choices().iter().find(|(known, _)| known.as_str() == Some(value)))
        .map_or_else(|| value.to_owned(), |(_, label)| label.clone())
}

fn fhrp_group(endpoint: &Endpoint, record: &Record) -> String {
    let protocol = text(record, "protocol");
    let label = label_of(endpoint, "protocol", &protocol);
    let name = text(record, "name");
    let name = if name.is_empty() { name } else { format!("{name} ") };
    format!("{name}{label}: {}", text(record, "group_id"))
}

#[cfg(test)]
mod tests {
    use super::{as_number, ip_range};

    #[test]
    fn texts() {
        assert_eq!(as_number(65_001), "AS65001");
        assert_eq!(as_number(4_200_000_001), "AS4200000001 (64086.59905)");
        assert_eq!(ip_range("10.6.0.10/24", "10.6.0.20/24"), "10.6.0.10-20/24");
        assert_eq!(ip_range("10.6.0.10/16", "10.6.1.20/16"), "10.6.0.10-10.6.1.20/16");
        assert_eq!(ip_range("2001:db8::1/64", "2001:db8::ff/64"), "2001:db8::1-ff/64");
    }
}
