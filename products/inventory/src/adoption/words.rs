//! Words of devices as words of the inventory: makers, roles, types of interfaces, slugs.

/// Words behind a maker's name that say nothing about who it is.
const COMPANY: &[&str] = &[
    "inc",
    "ltd",
    "llc",
    "gmbh",
    "ag",
    "ab",
    "co",
    "corp",
    "corporation",
    "company",
    "systems",
    "networks",
    "technologies",
    "technology",
    "communications",
    "international",
];

/// The letters and digits of a text, in lower case.
pub(super) fn bare(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// A maker in comparable form: `Cisco Systems, Inc.` is `cisco`.
pub(super) fn maker(text: &str) -> String {
    let lower = text.to_lowercase();
    let mut words: Vec<&str> =
        lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    while words.len() > 1 && words.last().is_some_and(|last| COMPANY.contains(last)) {
        words.pop();
    }
    words.concat()
}

/// A name in an address: lower case letters, digits and single hyphens.
pub(super) fn slug(text: &str) -> String {
    let mut slug = String::new();
    for c in text.chars().flat_map(char::to_lowercase) {
        if c.is_ascii_alphanumeric() || c == '_' {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug: String = slug.chars().take(100).collect();
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() { "unnamed".to_owned() } else { slug.to_owned() }
}

/// At most so many characters.
pub(super) fn clip(text: &str, most: usize) -> String {
    text.trim().chars().filter(|c| !c.is_control()).take(most).collect::<String>().trim().to_owned()
}

/// A role: the map's word, its name, its colour.
const ROLES: &[(&str, &str, &str)] = &[
    ("router", "Router", "2196f3"),
    ("l3switch", "Layer 3 switch", "009688"),
    ("switch", "Switch", "4caf50"),
    ("firewall", "Firewall", "f44336"),
    ("host", "Host", "9e9e9e"),
    ("ap", "Access point", "ff9800"),
    ("phone", "Phone", "795548"),
];

/// The name and the colour of a role.
pub(super) fn role(word: &str) -> (&'static str, &'static str) {
    let known = ROLES.iter().find(|(role, ..)| *role == word);
    known.map_or(("Unknown", "9e9e9e"), |(_, name, color)| (name, color))
}

/// IANAifType numbers of interfaces without a socket of their own.
const VIRTUAL: &[u32] = &[1, 24, 53, 131, 135, 136, 150];
const LAG: u32 = 161;
const BRIDGE: u32 = 209;
const WIRELESS: u32 = 71;

/// Types by speed in Mbit/s; what the socket looks like cannot be seen.
const BY_SPEED: &[(u64, &str)] = &[
    (10, "100base-tx"),
    (100, "100base-tx"),
    (1_000, "1000base-t"),
    (2_500, "2.5gbase-t"),
    (5_000, "5gbase-t"),
    (10_000, "10gbase-x-sfpp"),
    (25_000, "25gbase-x-sfp28"),
    (40_000, "40gbase-x-qsfpp"),
    (50_000, "50gbase-x-sfp28"),
    (100_000, "100gbase-x-qsfp28"),
    (200_000, "200gbase-x-qsfp56"),
    (400_000, "400gbase-x-qsfpdd"),
    (800_000, "800gbase-x-qsfpdd"),
];

/// The type of an interface. One where a cable ends has a socket, whatever it says of itself, unless it
/// is a radio.
pub(super) fn interface_type(
    if_type: u32,
    speed_bps: Option<u64>,
    cabled: bool,
    aggregate: bool,
) -> &'static str {
    let by_speed = speed_bps.and_then(|bps| BY_SPEED.iter().find(|(mega, _)| mega * 1_000_000 == bps));
    match if_type {
        WIRELESS => "other-wireless",
        _ if cabled => by_speed.map_or("other", |(_, name)| name),
        LAG => "lag",
        _ if aggregate => "lag",
        BRIDGE => "bridge",
        virtual_type if VIRTUAL.contains(&virtual_type) => "virtual",
        _ => by_speed.map_or("other", |(_, name)| name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn makers_meet() {
        for (a, b) in [
            ("Cisco Systems, Inc.", "Cisco"),
            ("Juniper Networks", "juniper"),
            ("Net-SNMP", "net snmp"),
            ("Networks", "networks"),
        ] {
            assert_eq!(maker(a), maker(b), "{a} {b}");
        }
        assert_ne!(maker("Extreme Networks"), maker("Juniper Networks"));
    }

    #[test]
    fn slugs_are_names_in_addresses() {
        for (text, right) in [
            ("Rack A1, HQ, Vienna", "rack-a1-hq-vienna"),
            ("  Größe 7 ", "gr-e-7"),
            ("---", "unnamed"),
            ("a_b", "a_b"),
        ] {
            assert_eq!(slug(text), right);
        }
    }

    #[test]
    fn interface_types() {
        for (if_type, mega, cabled, aggregate, right) in [
            (6, 1_000, false, false, "1000base-t"),
            (6, 10_000, true, false, "10gbase-x-sfpp"),
            (6, 7, false, false, "other"),
            (161, 20_000, false, true, "lag"),
            (6, 1_000, false, true, "lag"),
            (24, 10, false, false, "virtual"),
            (135, 1_000, false, false, "virtual"),
            (53, 1_000, true, false, "1000base-t"),
            (209, 1_000, false, false, "bridge"),
            (71, 300, false, false, "other-wireless"),
            (71, 1_000, true, false, "other-wireless"),
        ] {
            assert_eq!(
                interface_type(if_type, Some(mega * 1_000_000), cabled, aggregate),
                right,
                "{if_type}"
            );
        }
    }
}
