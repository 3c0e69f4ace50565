//! Interface names: one canonical form, so that names match whole and never by substring.

/// Long and short forms of interface type words, as vendors print them. The short form wins.
const TYPE_WORDS: &[(&str, &[&str])] = &[
    ("fourhundredgige", &["fourhundredgigabitethernet", "fourhundredgige", "fourhundredgig", "fo"]),
    ("twohundredgige", &["twohundredgigabitethernet", "twohundredgige"]),
    ("hu", &["hundredgigabitethernet", "hundredgige", "hundredgig", "hun", "hu"]),
    ("fi", &["fiftygigabitethernet", "fiftygige", "fi"]),
    ("fo40", &["fortygigabitethernet", "fortygige", "fortygig"]),
    ("twe", &["twentyfivegigabitethernet", "twentyfivegige", "twe"]),
    (
        "te",
        &["tengigabitethernet", "tengige", "tengigethernet", "ten-gigabitethernet", "xgigabitethernet", "te"],
    ),
    ("gi", &["gigabitethernet", "gige", "gigethernet", "gi"]),
    ("fa", &["fastethernet", "fa"]),
    ("eth", &["ethernet", "eth", "et"]),
    ("po", &["port-channel", "portchannel", "po"]),
    ("vl", &["vlan", "vlan-interface", "vlanif", "vl"]),
    ("lo", &["loopback", "lo"]),
    ("mgmt", &["management", "mgmt", "ma"]),
    ("tu", &["tunnel", "tu"]),
    ("be", &["bundle-ether", "be"]),
    ("ae", &["aggregatedethernet", "ae"]),
];

/// The canonical form of an interface name: lower case, inner spaces removed, vendor type words
/// reduced to one short form (`GigabitEthernet1/0/1`, `Gi1/0/1` and `gi 1/0/1` are equal),
/// trailing NUL and blanks dropped. Two names denote one interface of a device exactly when their
/// canonical forms are equal and the form is unique on that device.
pub fn canonical_interface(name: &str) -> String {
    let text: String =
        name.chars().filter(|c| !c.is_whitespace() && !c.is_control()).flat_map(char::to_lowercase).collect();
    let split = text.find(|c: char| c.is_ascii_digit()).unwrap_or(text.len());
    let (word, number) = text.split_at(split);
    if number.is_empty() {
        return text;
    }
    for (short, forms) in TYPE_WORDS {
        if forms.contains(&word) {
            return format!("{short}{number}");
        }
    }
    text
}

/// The host part of a name when it is a dotted host name and not an address: `core1.lab` -> `core1`.
pub fn short_host(name: &str) -> &str {
    if name.parse::<std::net::IpAddr>().is_ok() {
        return name;
    }
    name.split('.').next().unwrap_or(name)
}

/// The form in which host names are compared: trimmed, lower case, no trailing dot.
pub fn canonical_host(name: &str) -> String {
    name.trim().trim_end_matches('.').to_lowercase()
}

/// Names that devices carry before anybody named them; they identify nothing.
pub fn is_default_name(name: &str) -> bool {
    const DEFAULTS: &[&str] = &[
        "",
        "switch",
        "router",
        "localhost",
        "localhost.localdomain",
        "unknown",
        "none",
        "default",
        "(none)",
        "ubnt",
        "mikrotik",
        "openwrt",
        "debian",
        "ubuntu",
        "raspberrypi",
        "hostname",
        "sysname",
        "system name",
    ];
    DEFAULTS.contains(&canonical_host(name).as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vendor_forms_meet() {
        for (a, b) in [
            ("GigabitEthernet1/0/1", "Gi1/0/1"),
            ("gi 1/0/1", "Gi1/0/1"),
            ("TenGigabitEthernet1/1/1", "Te1/1/1"),
            ("Ethernet1/14:1", "Eth1/14:1"),
            ("Port-channel10", "Po10"),
            ("Vlan99", "vlan99"),
            ("eth0\0", "eth0"),
        ] {
            assert_eq!(canonical_interface(a), canonical_interface(b), "{a} {b}");
        }
    }

    #[test]
    fn different_interfaces_stay_different() {
        for (a, b) in [
            ("Gi1/0/1", "Gi1/0/11"),
            ("Gi1/0/1", "Te1/0/1"),
            ("Gi1/0/1", "Fa1/0/1"),
            ("1/1/14:1", "1/1/14"),
            ("ge-0/0/0", "ge-0/0/0.0"),
            ("po1", "port1"),
        ] {
            assert_ne!(canonical_interface(a), canonical_interface(b), "{a} {b}");
        }
    }

    #[test]
    fn hosts() {
        assert_eq!(short_host("core1.lab"), "core1");
        assert_eq!(short_host("10.1.1.1"), "10.1.1.1");
        assert!(is_default_name("Switch"));
        assert!(!is_default_name("switch7"));
    }
}
