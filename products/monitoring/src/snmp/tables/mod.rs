//! Table readers: columns into documents, one file per table family.
//!
//! A reader is given an [`Agent`] (what was learned of the device so far and how to ask it) and
//! gives a [`Reading`]: the document, how far it can be trusted to be all, and a report per table.
//! Readers are tolerant in what they take and strict in what they claim.

pub mod addresses;
pub mod bgp;
pub mod bridge;
pub mod cdp;
pub mod entity;
pub mod fdb;
pub mod interfaces;
pub mod isis;
pub mod lag;
pub mod lldp;
mod lldp_index;
pub mod neighbours;
pub mod ospf;
pub mod routes;
pub mod stp;
pub mod system;
pub mod vlans;
pub mod vrrp;

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use model::{Completeness, Document, DocumentKind, Mac, Reason, ReasonCode};
use snmp::{Oid, Row, Table, Value, WalkEnd};

use super::report::{TableReport, judge};
use super::source::TableSource;

/// An OID constant.
macro_rules! oid {
    ($($arc:literal),+) => { ::snmp::Oid::from_static(&[$($arc),+]) };
}
use oid;

/// What is known of the device while its tables are read.
pub struct Agent<'a> {
    /// How to ask it.
    pub source: &'a dyn TableSource,
    /// Scalars read at the beginning.
    pub scalars: BTreeMap<Oid, Value>,
    /// Which subtrees hold anything; a subtree that is not listed was not asked for.
    pub present: BTreeMap<Oid, bool>,
    /// The enterprise number in sysObjectID; 0 when unknown.
    pub enterprise: u32,
    /// A route table that declares more rows is not walked.
    pub max_routes: u32,
}

/// The enterprise number of Cisco.
pub(in crate::snmp) const CISCO: u32 = 9;

impl<'a> Agent<'a> {
    fn scalar(&self, oid: &Oid) -> Option<&Value> {
        self.scalars.get(oid)
    }

    fn scalar_u32(&self, oid: &Oid) -> Option<u32> {
        self.scalar(oid).and_then(Value::as_u32)
    }

    fn scalar_text(&self, oid: &Oid) -> Option<String> {
        self.scalar(oid).and_then(Value::text)
    }

    fn has(&self, root: &Oid) -> bool {
        self.present.get(root).copied().unwrap_or(true)
    }

    /// Walks columns below `entry`; an entry known to be empty costs no request.
    fn walk<'s>(&'s self, entry: &Oid, columns: &[u32]) -> impl Future<Output = Table> + Send + use<'s, 'a> {
        let columns = self.has(entry).then(|| below(entry, columns));
        async move {
            match columns {
                Some(columns) => self.source.walk(&columns).await,
                None => empty_table(),
            }
        }
    }
}

/// What one reader made of its tables.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The heading.
    pub kind: DocumentKind,
    /// What was read; `None` when nothing was.
    pub document: Option<Document>,
    /// Whether it is all.
    pub completeness: Completeness,
    /// The tables behind it.
    pub tables: Vec<TableReport>,
}

impl Reading {
    /// Nothing, because the device does not implement `table`.
    fn not_supported(kind: DocumentKind, table: &str) -> Self {
        let report = TableReport::not_supported(table);
        let reason = report.reason.clone().unwrap_or_else(|| Reason::new(ReasonCode::NotSupported, ""));
        Self { kind, document: None, completeness: Completeness::partial(0, reason), tables: vec![report] }
    }

    /// True when the device does not implement the table: not worth a frame.
    pub fn is_not_supported(&self) -> bool {
        self.document.is_none()
            && self.completeness.reason.as_ref().is_some_and(|r| r.code == ReasonCode::NotSupported)
    }
}

/// Collects the judgements over the tables that make up one document.
#[derive(Debug, Default)]
struct Gather {
    reports: Vec<TableReport>,
    reason: Option<Reason>,
    declared: Option<u32>,
}

impl Gather {
    /// A table whose absence of rows means absence.
    fn add(&mut self, name: &str, table: &Table, rows: usize, declared: Option<u32>) {
        self.add_noted(name, table, rows, declared, None);
    }

    fn add_noted(
        &mut self,
        name: &str,
        table: &Table,
        rows: usize,
        declared: Option<u32>,
        note: Option<String>,
    ) {
        let completeness = judge(name, table, rows, declared);
        if self.reason.is_none() {
            self.reason.clone_from(&completeness.reason);
        }
        self.declared = self.declared.or(declared);
        self.reports.push(TableReport::of(name, &completeness, note));
    }

    /// A table that only adds detail: its absence makes nothing incomplete.
    fn add_optional(&mut self, name: &str, table: &Table, rows: usize) {
        let missing = !table.completeness.complete && table.completeness.end == WalkEnd::NotServed;
        if rows == 0 && (missing || table.completeness.complete) {
            return;
        }
        self.add(name, table, rows, None);
    }

    /// Something outside a walk is missing.
    fn miss(&mut self, reason: Reason) {
        self.reason.get_or_insert(reason);
    }

    fn finish(self, kind: DocumentKind, rows: usize, document: Option<Document>) -> Reading {
        let mut completeness = match self.reason {
            None => Completeness::complete(rows),
            Some(reason) => Completeness::partial(rows, reason),
        };
        completeness.declared = self.declared;
        Reading { kind, document, completeness, tables: self.reports }
    }
}

/// Columns below an entry.
fn below(entry: &Oid, columns: &[u32]) -> Vec<Oid> {
    columns.iter().map(|column| entry.child(*column)).collect()
}

fn empty_table() -> Table {
    let mut walk = snmp::Walk::new(&[], snmp::WalkLimits::default());
    walk.stop(WalkEnd::EndOfTable);
    walk.finish()
}

fn cell_text(row: &Row, column: usize) -> String {
    row.get(column).and_then(Value::text).unwrap_or_default()
}

fn cell_u32(row: &Row, column: usize) -> Option<u32> {
    row.get(column).and_then(Value::as_u32)
}

fn cell_bytes(row: &Row, column: usize) -> Option<&[u8]> {
    row.get(column).and_then(Value::as_bytes)
}

/// A MAC address that is one: six octets, not all zero, not all one. Some agents print it instead.
fn mac_value(value: &Value) -> Option<Mac> {
    let octets = value.as_bytes()?;
    let mac = match octets.len() {
        6 => Mac::from_slice(octets)?,
        11..=17 => std::str::from_utf8(octets).ok()?.parse().ok()?,
        _ => return None,
    };
    (mac.class() != model::MacClass::Null).then_some(mac)
}

/// An address in binary form, by its length (a zone behind it is cut off).
fn ip_octets(octets: &[u8]) -> Option<IpAddr> {
    match octets.len() {
        4 | 8 => <[u8; 4]>::try_from(octets.get(..4)?).ok().map(|o| Ipv4Addr::from(o).into()),
        16 | 20 => <[u8; 16]>::try_from(octets.get(..16)?).ok().map(|o| Ipv6Addr::from(o).into()),
        _ => None,
    }
}

/// An address in any form agents send: IpAddress, binary octets, or text.
fn ip_value(value: &Value) -> Option<IpAddr> {
    if let Value::IpAddress(v4) = value {
        return Some((*v4).into());
    }
    let octets = value.as_bytes()?;
    // A printed address may have as many characters as a binary one with its zone has octets.
    let printed = std::str::from_utf8(octets).ok().and_then(|text| text.trim().parse().ok());
    printed.or_else(|| ip_octets(octets))
}

/// True for an address that names one host somewhere.
fn is_unicast(ip: IpAddr) -> bool {
    !ip.is_unspecified() && !ip.is_multicast() && ip != IpAddr::V4(Ipv4Addr::BROADCAST)
}

/// Bit positions, counted from 1, of a PortList (RFC 2674: most significant bit first).
fn port_list(octets: &[u8]) -> Vec<u32> {
    let mut ports = Vec::new();
    for (octet, base) in octets.iter().zip((0u32..).step_by(8)) {
        ports.extend((0..8).filter(|bit| octet & (0x80 >> bit) != 0).map(|bit| base + bit + 1));
    }
    ports
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn port_lists_count_from_the_left() {
        assert_eq!(port_list(&[0b1010_0000, 0b0000_0001]), [1, 3, 16]);
        assert_eq!(port_list(&[]), Vec::<u32>::new());
    }

    #[test]
    fn addresses_in_every_form() {
        let v4: IpAddr = "10.0.0.1".parse().unwrap();
        for value in [
            Value::IpAddress(Ipv4Addr::new(10, 0, 0, 1)),
            Value::octets([10, 0, 0, 1]),
            Value::from("10.0.0.1"),
        ] {
            assert_eq!(ip_value(&value), Some(v4), "{value:?}");
        }
        assert_eq!(ip_value(&Value::from("x")), None);
    }

    #[test]
    fn macs_in_every_form() {
        let mac: Mac = "00:1b:21:0a:0b:0c".parse().unwrap();
        assert_eq!(mac_value(&Value::octets(mac.0)), Some(mac));
        assert_eq!(mac_value(&Value::from("0:1b:21:a:b:c")), Some(mac));
        assert_eq!(mac_value(&Value::octets([0; 6])), None);
        assert_eq!(mac_value(&Value::octets([])), None);
    }
}
