//! MAC and IP addresses: parsing, printing, and the classes that must never identify a device.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A 48-bit IEEE 802 MAC address. Printed and serialised as `aa:bb:cc:dd:ee:ff`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Mac(pub [u8; 6]);

/// What a MAC address says about its owner. Only [`MacClass::Global`] may identify hardware.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MacClass {
    /// Universally administered unicast: burnt into hardware.
    Global,
    /// Locally administered: virtual machines, containers, randomised clients, lab interfaces.
    Local,
    /// The virtual router address of VRRP, HSRP, GLBP or CARP (RFC 9568 section 7.3 and vendors').
    VirtualRouter,
    /// A group address.
    Multicast,
    /// All zero or all one: no address at all.
    Null,
}

impl Mac {
    /// Reads six octets; any other length is no MAC address.
    pub fn from_slice(octets: &[u8]) -> Option<Self> {
        octets.try_into().ok().map(Self)
    }

    /// Sorts the address into its class.
    pub fn class(self) -> MacClass {
        match self.0 {
            [0, 0, 0, 0, 0, 0] | [0xff, 0xff, 0xff, 0xff, 0xff, 0xff] => MacClass::Null,
            // VRRP IPv4/IPv6 (also CARP), HSRP v1, HSRP v2 IPv4, HSRP v2 IPv6, GLBP.
            [0, 0, 0x5e, 0, 1 | 2, _]
            | [0, 0, 0x0c, 7, 0xac, _]
            | [0, 0, 0x0c, 0x9f, 0xf0..=0xff, _]
            | [0, 5, 0x73, 0xa0..=0xaf, _, _]
            | [0, 7, 0xb4, _, _, _] => MacClass::VirtualRouter,
            [first, ..] if first & 1 == 1 => MacClass::Multicast,
            [first, ..] if first & 2 == 2 => MacClass::Local,
            _ => MacClass::Global,
        }
    }

    /// True when the address is unicast and not a shared virtual router address, so that it may
    /// stand for one interface in forwarding and neighbour tables.
    pub fn is_station(self) -> bool {
        matches!(self.class(), MacClass::Global | MacClass::Local)
    }
}

impl fmt::Display for Mac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, octet) in self.0.iter().enumerate() {
            let separator = if position == 0 { "" } else { ":" };
            write!(f, "{separator}{octet:02x}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Mac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The text is not a MAC address: the forms read are `aa:bb:..`, `aa-bb-..`, `aabb.ccdd.eeff`
/// and twelve bare hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAMac;

impl fmt::Display for NotAMac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a MAC address (write aa:bb:cc:dd:ee:ff)")
    }
}

impl std::error::Error for NotAMac {}

impl FromStr for Mac {
    type Err = NotAMac;

    fn from_str(text: &str) -> Result<Self, NotAMac> {
        let text = text.trim();
        if text.len() > 17 {
            return Err(NotAMac);
        }
        // net-snmp style agents print octets without leading zeros (`0:c:29:1:2:3`).
        let parts: Vec<&str> = text.split([':', '-']).collect();
        if parts.len() == 6 {
            let mut octets = [0u8; 6];
            for (octet, part) in octets.iter_mut().zip(&parts) {
                if part.is_empty() || part.len() > 2 {
                    return Err(NotAMac);
                }
                *octet = u8::from_str_radix(part, 16).map_err(|_| NotAMac)?;
            }
            return Ok(Self(octets));
        }
        let digits: String = text.chars().filter(|c| *c != '.').collect();
        if digits.len() != 12 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(NotAMac);
        }
        let value = u64::from_str_radix(&digits, 16).map_err(|_| NotAMac)?;
        let [_, _, octets @ ..] = value.to_be_bytes();
        Ok(Self(octets))
    }
}

impl Serialize for Mac {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Mac {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// True for addresses that many hosts have at once or that mean nothing outside one link:
/// loopback, link-local, unspecified, multicast, documentation (RFC 5737, RFC 3849).
/// Such an address never identifies or merges a device.
pub fn is_ambiguous(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(v4) => {
            v4.is_loopback()
                || v4.is_link_local()
                || v4.is_unspecified()
                || v4.is_multicast()
                || v4.is_broadcast()
                || v4.is_documentation()
        }
        IpAddr::V6(v6) => {
            v6.is_loopback()
                || v6.is_unspecified()
                || v6.is_multicast()
                || is_link_local_v6(v6)
                || v6.segments().starts_with(&[0x2001, 0xdb8])
        }
    }
}

/// fe80::/10.
pub fn is_link_local_v6(v6: Ipv6Addr) -> bool {
    v6.segments()[0] & 0xffc0 == 0xfe80
}

/// Turns an IPv4 netmask into a prefix length; a mask with holes has none.
pub fn mask_length(mask: Ipv4Addr) -> Option<u8> {
    let bits = u32::from(mask);
    let length = bits.leading_ones();
    (bits.checked_shl(length).unwrap_or(0) == 0).then_some(length as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mac_forms_are_read_and_printed() {
        for text in
            ["00:1b:21:0a:0b:0c", "0:1b:21:a:b:c", "00-1B-21-0A-0B-0C", "001b.210a.0b0c", "001b210a0b0c"]
        {
            assert_eq!(text.parse::<Mac>().unwrap().to_string(), "00:1b:21:0a:0b:0c", "{text}");
        }
        for text in
            ["", "00:1b:21:0a:0b", "00:1b:21:0a:0b:0g", "eth0", "00:1b:21:0a:0b:0c:0d", "+01b210a0b0c"]
        {
            assert!(text.parse::<Mac>().is_err(), "{text}");
        }
    }

    #[test]
    fn classes_that_never_identify() {
        for (text, class) in [
            ("00:00:5e:00:01:0a", MacClass::VirtualRouter),
            ("00:00:0c:07:ac:01", MacClass::VirtualRouter),
            ("00:05:73:a0:00:01", MacClass::VirtualRouter),
            ("02:42:ac:11:00:02", MacClass::Local),
            ("01:80:c2:00:00:0e", MacClass::Multicast),
            ("00:00:00:00:00:00", MacClass::Null),
            ("00:1b:21:0a:0b:0c", MacClass::Global),
        ] {
            assert_eq!(text.parse::<Mac>().unwrap().class(), class, "{text}");
        }
    }

    #[test]
    fn masks() {
        assert_eq!(mask_length("255.255.255.0".parse().unwrap()), Some(24));
        assert_eq!(mask_length("0.0.0.0".parse().unwrap()), Some(0));
        assert_eq!(mask_length("255.255.255.255".parse().unwrap()), Some(32));
        assert_eq!(mask_length("255.0.255.0".parse().unwrap()), None);
    }
}
