//! What somebody typed, in every form in which the map may hold it.

use std::net::IpAddr;

use ipnet::IpNet;
use model::names::canonical_interface;

/// Hexadecimal digits of a MAC address.
const MAC_DIGITS: u32 = 12;
/// Fewer digits of a MAC address would match everywhere.
const LEAST_DIGITS: usize = 4;

/// How well something fits; the best comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    /// The whole of it.
    Exact,
    /// Its beginning.
    Prefix,
    /// The beginning of a word in it.
    Word,
    /// Anywhere.
    Inside,
}

/// A query, understood.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Needle {
    /// Texts to look for, lower case; the first is what was typed.
    pub(super) texts: Vec<String>,
    /// An address or the beginning of one by its digits.
    pub(super) mac: Option<MacNeedle>,
    /// A whole address.
    pub(super) address: Option<IpAddr>,
    /// A subnet.
    pub(super) net: Option<IpNet>,
}

impl Needle {
    /// Reads a query; `None` when there is nothing to look for.
    pub(super) fn read(query: &str) -> Option<Self> {
        let text: String =
            query.trim().chars().filter(|c| !c.is_control()).flat_map(char::to_lowercase).collect();
        if text.is_empty() {
            return None;
        }
        let address: Option<IpAddr> = text.parse().ok();
        let net = text.parse::<IpNet>().ok().map(|net| net.trunc());
        let canonical = canonical_interface(&text);
        let mut texts = vec![text.clone()];
        if canonical != text && canonical.bytes().any(|b| b.is_ascii_digit()) {
            texts.push(canonical);
        }
        // `2001:DB8:0::1` is held in its shortest form.
        texts.extend(address.map(|ip| ip.to_string()).filter(|shown| *shown != text));
        Some(Self { mac: MacNeedle::read(&text), texts, address, net })
    }
}

/// Digits of a MAC address, from the left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct MacNeedle {
    value: u64,
    digits: u32,
}

impl MacNeedle {
    /// Reads `00:1b:21:0a:0b:0c`, `0-1b-21-a-b-c`, `001b.210a.0b0c`, `001b-210a-0b0c`,
    /// `001b210a0b0c` and the beginnings of all of them.
    fn read(text: &str) -> Option<Self> {
        let pieces: Vec<&str> = text.split([':', '-', '.']).collect();
        let (last, whole) = match pieces.split_last()? {
            (&"", rest) => rest.split_last()?,
            split => split,
        };
        let longest = pieces.iter().map(|piece| piece.len()).max()?;
        let (width, separators): (usize, &[char]) = match (whole.is_empty(), longest) {
            (true, _) => (12, &[]),
            (_, 1 | 2) => (2, &[':', '-']),
            _ => (4, &['.', '-']),
        };
        let separated = text.chars().filter(|c| !c.is_ascii_hexdigit()).all(|c| separators.contains(&c));
        let count = whole.len() + 1;
        if !separated || longest > width || count * width > 12 || whole.iter().any(|piece| piece.is_empty()) {
            return None;
        }
        // net-snmp prints octets without leading zeros; the last piece may still be in writing.
        let mut digits: String = whole.iter().map(|piece| format!("{piece:0>width$}")).collect();
        let complete = count * width == 12 && !whole.is_empty();
        let width = if complete { width } else { last.len() };
        digits.extend(std::iter::repeat_n('0', width - last.len()));
        digits.push_str(last);
        if digits.len() < LEAST_DIGITS || digits.len() > 12 {
            return None;
        }
        let value = u64::from_str_radix(&digits, 16).ok()?;
        Some(Self { value, digits: u32::try_from(digits.len()).ok()? })
    }

    /// How a MAC address, as a number, fits: whole, from its beginning, or from an octet of it.
    pub(super) fn fit(self, mac: u64) -> Option<Fit> {
        let spare = (MAC_DIGITS - self.digits) * 4;
        if mac >> spare == self.value {
            return Some(if spare == 0 { Fit::Exact } else { Fit::Prefix });
        }
        let mask = (1u64 << (self.digits * 4)) - 1;
        let mut shifts = (0..spare).rev().filter(|shift| (spare - shift).is_multiple_of(8));
        shifts.any(|shift| (mac >> shift) & mask == self.value).then_some(Fit::Word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fit(query: &str, mac: &str) -> Option<Fit> {
        let [_, _, octets @ ..] = u64::from_str_radix(mac, 16).unwrap().to_be_bytes();
        let mac = octets.iter().fold(0, |value, octet| value << 8 | u64::from(*octet));
        Needle::read(query)?.mac?.fit(mac)
    }

    #[test]
    fn mac_addresses_in_every_notation() {
        for (query, right) in [
            ("00:1b:21:0a:0b:0c", Some(Fit::Exact)),
            ("0:1b:21:a:b:c", Some(Fit::Exact)),
            ("00-1B-21-0A-0B-0C", Some(Fit::Exact)),
            ("001b.210a.0b0c", Some(Fit::Exact)),
            ("001B-210A-0B0C", Some(Fit::Exact)),
            ("001b210a0b0c", Some(Fit::Exact)),
            ("00:1b:21", Some(Fit::Prefix)),
            ("00:1b:2", Some(Fit::Prefix)),
            ("00:1b:21:", Some(Fit::Prefix)),
            ("001b.21", Some(Fit::Prefix)),
            ("001b2", Some(Fit::Prefix)),
            ("0a:0b:0c", Some(Fit::Word)),
            ("0a0b0c", Some(Fit::Word)),
            // Not at an octet.
            ("b210", None),
            ("00:1b:22", None),
            ("00:1b:21:0a:0b:0c:0d", None),
            ("00", None),
            // An address of another kind, a name.
            ("10.1.2.3", None),
            ("0.1b", None),
            ("fd00::1", None),
            ("cafe-bar", None),
            ("00:1b:zz", None),
        ] {
            assert_eq!(fit(query, "001b210a0b0c"), right, "{query}");
        }
    }

    #[test]
    fn queries_are_understood() {
        let texts = |query: &str| Needle::read(query).map(|needle| needle.texts);
        assert_eq!(texts("  \u{0} "), None);
        assert_eq!(texts("Core1"), Some(vec!["core1".to_owned()]));
        assert_eq!(texts("GigabitEthernet1/0/1").unwrap()[1], "gi1/0/1");
        assert_eq!(texts("2001:DB8:0::1").unwrap()[1], "2001:db8::1");
        assert_eq!(Needle::read("10.1.2.3/24").unwrap().net, Some("10.1.2.0/24".parse().unwrap()));
    }
}
