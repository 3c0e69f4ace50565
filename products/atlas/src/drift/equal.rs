//! When two words mean the same: normalisers, tested with fixtures.

use model::names::{canonical_host, short_host};

/// Host names: without case and last dot; a short name equals the full one.
pub(super) fn hosts(a: &str, b: &str) -> bool {
    let (a, b) = (canonical_host(a), canonical_host(b));
    a == b || short_host(&a) == b || short_host(&b) == a
}

/// Serial numbers: without outer blanks and case.
pub(super) fn serials(a: &str, b: &str) -> bool {
    a.trim().eq_ignore_ascii_case(b.trim())
}

/// Texts: without outer and repeated blanks.
pub(super) fn texts(a: &str, b: &str) -> bool {
    a.split_whitespace().eq(b.split_whitespace())
}

/// Models and platforms: letters and digits only, and one may be a part of the other
/// (`WS-C2960X-48FPS-L` and `Catalyst 2960X-48FPS-L` share nothing but that).
pub(super) fn products(a: &str, b: &str) -> bool {
    let (a, b) = (bare(a), bare(b));
    // A short word is part of too much.
    a == b || (a.len().min(b.len()) >= 4 && (a.contains(&b) || b.contains(&a)))
}

fn bare(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Beginnings of names of interfaces that devices make for themselves, with a number or nothing behind.
const INTERNAL: &[&str] = &[
    "null",
    "nu",
    "sit",
    "ip6tnl",
    "ip6_vti",
    "ip_vti",
    "ip6gre",
    "gretap",
    "erspan",
    "gre",
    "tunl",
    "teql",
    "ifb",
    "ovs-system",
    "ovs-netdev",
    "veth",
    "docker",
    "br-",
    "cali",
    "flannel",
    "cni",
    "pimreg",
    "pim6reg",
    "unrouted vlan",
    "control plane",
    "cpu",
    "stacksub-",
    "stackport",
    "embedded-service-engine",
    "async",
    "lsi",
    "dsc",
    "gr-",
    "ip-",
    "lt-",
    "mt-",
    "pd-",
    "pe-",
    "pfe-",
    "pfh-",
    "pime",
    "pimd",
    "tap",
    "mtun",
    "ipip",
    "jsrv",
    "vtep",
    "bme",
    "cbp",
    "pip",
    "esi",
    "rbeb",
    "fti",
    "vme",
    "pp0",
];

/// Internal interfaces: not planned by anybody, so not compared and not imported. One that carries an
/// address of its own is no longer internal.
pub(super) fn internal(name: &str, if_type: u32, has_address: bool, cabled: bool) -> bool {
    const LOOPBACK: u32 = 24;
    if has_address || cabled {
        return false;
    }
    let name = name.trim().to_lowercase();
    let generated = |start: &&str| {
        let rest = name.strip_prefix(*start);
        rest.is_some_and(|rest| {
            start.ends_with('-')
                || rest.chars().all(|c| c.is_ascii_digit() || "./@".contains(c))
                || *start == "veth"
        })
    };
    if_type == LOOPBACK || INTERNAL.iter().any(generated)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_mean_the_same() {
        type Equal = fn(&str, &str) -> bool;
        let cases: &[(Equal, &str, &str, bool)] = &[
            (hosts, "core1", "CORE1.lab.", true),
            (hosts, "core1.lab", "core1.lab", true),
            (hosts, "core1.lab", "core1.other", false),
            (hosts, "10.0.0.1", "10", false),
            (serials, " abc1 ", "ABC1", true),
            (serials, "ABC1", "ABC2", false),
            (texts, "to  core1 ", "to core1", true),
            (texts, "to core1", "to core2", false),
            (products, "WS-C2960X", "ws c2960x", true),
            (products, "Catalyst WS-C2960X-48", "WS-C2960X", true),
            (products, "EX", "EX4300", false),
            (products, "EX4300", "EX4600", false),
        ];
        for (equal, a, b, right) in cases {
            assert_eq!((equal(a, b), equal(b, a)), (*right, *right), "{a} {b}");
        }
    }

    #[test]
    fn internal_interfaces() {
        for (name, if_type, right) in [
            ("lo", 24, true),
            ("Null0", 1, true),
            ("sit0", 131, true),
            ("veth12ab", 6, true),
            ("gr-0/0/0", 131, true),
            ("ovs-system", 6, true),
            ("eth0", 6, false),
            ("ge-0/0/0", 6, false),
            ("ip6tnl0", 131, true),
            ("Gi1/0/1", 6, false),
            ("br0", 209, false),
            ("greenhouse", 6, false),
            ("Tunnel1", 131, false),
        ] {
            assert_eq!(internal(name, if_type, false, false), right, "{name}");
            assert!(!internal(name, if_type, true, false) && !internal(name, if_type, false, true), "{name}");
        }
    }
}
