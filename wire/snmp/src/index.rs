//! Table indexes: the arcs behind a column name, taken apart (RFC 2578 section 7.7).
//!
//! The reader works from both ends, because agents exist that leave out or add leading parts of an
//! index (LLDP without the time mark) while the trailing parts stay in place. A read that fails
//! takes nothing.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Takes an index apart from the front and from the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexReader<'a> {
    arcs: &'a [u32],
}

/// An address in an index: InetAddressType and InetAddress (RFC 4001), or an address of the IANA
/// AddressFamilyNumbers as LLDP's management addresses have it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum IndexAddress {
    /// An IPv4 or IPv6 address. The zone is that of InetAddressType ipv4z and ipv6z.
    Ip {
        /// The address.
        address: IpAddr,
        /// The scope zone, when the type has one.
        zone: Option<u32>,
    },
    /// Any other type, and addresses whose length does not fit their type.
    Other {
        /// The number of the type.
        kind: u32,
        /// The octets as they are.
        octets: Vec<u8>,
    },
}

impl IndexAddress {
    /// The IP address without its zone.
    pub fn ip(&self) -> Option<IpAddr> {
        match self {
            Self::Ip { address, .. } => Some(*address),
            Self::Other { .. } => None,
        }
    }

    /// By the length of the octets: 4, 16, or with a zone 8 and 20.
    fn from_octets(kind: u32, octets: Vec<u8>, with_zone: bool) -> Self {
        let zone_at = octets.len().saturating_sub(4);
        let (address, zone) = match octets.split_at_checked(zone_at) {
            Some((address, zone)) if with_zone => (address, zone.try_into().ok().map(u32::from_be_bytes)),
            _ => (octets.as_slice(), None),
        };
        match ip_address(address) {
            Some(address) => Self::Ip { address, zone },
            None => Self::Other { kind, octets },
        }
    }
}

fn ip_address(octets: &[u8]) -> Option<IpAddr> {
    if let Ok(v4) = <[u8; 4]>::try_from(octets) {
        return Some(Ipv4Addr::from(v4).into());
    }
    <[u8; 16]>::try_from(octets).ok().map(|v6| Ipv6Addr::from(v6).into())
}

/// Octets from arcs; `None` when an arc is above 255.
fn octets(arcs: &[u32]) -> Option<Vec<u8>> {
    arcs.iter().map(|arc| u8::try_from(*arc).ok()).collect()
}

fn mac(arcs: &[u32]) -> Option<[u8; 6]> {
    octets(arcs)?.try_into().ok()
}

impl<'a> IndexReader<'a> {
    /// Reads this index.
    pub fn new(index: &'a [u32]) -> Self {
        Self { arcs: index }
    }

    /// Number of arcs not taken yet.
    pub fn remaining(&self) -> usize {
        self.arcs.len()
    }

    /// The arcs not taken yet.
    pub fn rest(&self) -> &'a [u32] {
        self.arcs
    }

    /// The arcs not taken yet, if there are none: the index had exactly the expected form.
    pub fn finish(&self) -> Option<()> {
        self.arcs.is_empty().then_some(())
    }

    /// One integer.
    pub fn u32(&mut self) -> Option<u32> {
        let (first, rest) = self.arcs.split_first()?;
        self.arcs = rest;
        Some(*first)
    }

    /// A string of a length fixed by the MIB, or the IMPLIED last string: one arc per octet.
    pub fn octets(&mut self, length: usize) -> Option<Vec<u8>> {
        let (taken, rest) = self.arcs.split_at_checked(length)?;
        let octets = octets(taken)?;
        self.arcs = rest;
        Some(octets)
    }

    /// A string of variable length: its length, then one arc per octet.
    pub fn prefixed_octets(&mut self) -> Option<Vec<u8>> {
        let mut ahead = self.clone();
        let length = usize::try_from(ahead.u32()?).ok()?;
        let octets = ahead.octets(length)?;
        *self = ahead;
        Some(octets)
    }

    /// An OID of variable length: its length, then its arcs.
    pub fn prefixed_arcs(&mut self) -> Option<&'a [u32]> {
        let (length, rest) = self.arcs.split_first()?;
        let (taken, rest) = rest.split_at_checked(usize::try_from(*length).ok()?)?;
        self.arcs = rest;
        Some(taken)
    }

    /// A MAC address: six octets.
    pub fn mac(&mut self) -> Option<[u8; 6]> {
        let (taken, rest) = self.arcs.split_at_checked(6)?;
        let mac = mac(taken)?;
        self.arcs = rest;
        Some(mac)
    }

    /// An IpAddress: four octets.
    pub fn ipv4(&mut self) -> Option<Ipv4Addr> {
        let octets: [u8; 4] = self.octets(4)?.try_into().ok()?;
        Some(octets.into())
    }

    /// InetAddressType (1 ipv4, 2 ipv6, 3 ipv4z, 4 ipv6z, 16 dns), then a length, then the octets
    /// (RFC 4001).
    pub fn inet_address(&mut self) -> Option<IndexAddress> {
        let mut ahead = self.clone();
        let kind = ahead.u32()?;
        let octets = ahead.prefixed_octets()?;
        *self = ahead;
        Some(match kind {
            1 | 2 => IndexAddress::from_octets(kind, octets, false),
            3 | 4 => IndexAddress::from_octets(kind, octets, true),
            _ => IndexAddress::Other { kind, octets },
        })
    }

    /// IANA AddressFamilyNumbers (1 IPv4, 2 IPv6, 6 MAC), then a length, then the octets, as in
    /// lldpRemManAddrTable. Agents that leave the length out are understood for IPv4 and IPv6
    /// when the address is the end of the index.
    pub fn family_address(&mut self) -> Option<IndexAddress> {
        let mut ahead = self.clone();
        let kind = ahead.u32()?;
        let bare = match (kind, ahead.remaining()) {
            (1, 4) => ahead.octets(4),
            (2, 16) => ahead.octets(16),
            _ => None,
        };
        let octets = match bare {
            Some(octets) => octets,
            None => ahead.prefixed_octets()?,
        };
        *self = ahead;
        Some(match kind {
            1 | 2 => IndexAddress::from_octets(kind, octets, false),
            _ => IndexAddress::Other { kind, octets },
        })
    }

    /// The last integer.
    pub fn last_u32(&mut self) -> Option<u32> {
        let (last, rest) = self.arcs.split_last()?;
        self.arcs = rest;
        Some(*last)
    }

    /// The last octets, as many as the MIB fixes.
    pub fn last_octets(&mut self, length: usize) -> Option<Vec<u8>> {
        let (rest, taken) = self.arcs.split_at_checked(self.arcs.len().checked_sub(length)?)?;
        let octets = octets(taken)?;
        self.arcs = rest;
        Some(octets)
    }

    /// The last six octets as a MAC address.
    pub fn last_mac(&mut self) -> Option<[u8; 6]> {
        self.last_octets(6)?.try_into().ok()
    }

    /// The last four octets as an IPv4 address.
    pub fn last_ipv4(&mut self) -> Option<Ipv4Addr> {
        let octets: [u8; 4] = self.last_octets(4)?.try_into().ok()?;
        Some(octets.into())
    }
}
