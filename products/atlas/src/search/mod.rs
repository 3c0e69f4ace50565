//! Search over the map of one tenant by what people have at hand: a name, an address, a part of a
//! MAC address, a serial number, the text on an interface.
//!
//! The index belongs to one generation of the map and is built when somebody first asks: all texts
//! in one string, one pass of substring search over it. Documents are shared, not copied.

mod build;
mod needle;
#[cfg(test)]
pub(crate) mod tests;

use std::net::IpAddr;
use std::sync::Arc;

use ipnet::IpNet;
use model::Document;
use model::documents::Interface;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use needle::{Fit, Needle};

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum HitKind {
    /// A device.
    Device,
    /// A device that nobody asked.
    Neighbour,
    /// An interface of a device.
    Interface,
    /// An address of a device.
    Address,
    /// A subnet.
    Subnet,
}

/// One thing that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Hit {
    /// What it is.
    pub(crate) kind: HitKind,
    /// Unique within its kind: the id of the device, `device/name` of an interface, the text of an
    /// address with its device, of a subnet with its routing domain.
    pub(crate) id: String,
    /// Its name.
    pub(crate) title: String,
    /// Where it is, or what else is known.
    pub(crate) subtitle: Option<String>,
    /// Its page, relative to the root of the user interface.
    pub(crate) url: String,
}

/// A device or an unasked neighbour as search shows it.
struct Named {
    id: Uuid,
    name: String,
    about: String,
    asked: bool,
}

/// A row of an interface table.
#[derive(Clone, Copy)]
struct Row {
    document: u32,
    at: u32,
}

/// Something that can be found.
enum Entry {
    /// By position.
    Node(u32),
    /// An interface of the node.
    Interface { node: u32, row: Row },
    /// An address of the node, on an interface when that is known.
    Address { node: u32, ip: IpAddr, row: Option<Row> },
    /// A subnet with the addresses in it, the first of their nodes, and its node on the map.
    Subnet { scope: Arc<str>, net: IpNet, addresses: u32, node: u32, segment: Option<Uuid> },
}

/// A text of an entry: begins here in [`SearchIndex::text`] and ends before the next one.
struct Field {
    start: usize,
    entry: u32,
    /// The name of the entry, not something else about it.
    name: bool,
}

/// Everything that can be found on one map.
#[derive(Default)]
pub(crate) struct SearchIndex {
    nodes: Vec<Named>,
    documents: Vec<Arc<Document>>,
    entries: Vec<Entry>,
    /// Lower-case texts, a line feed after each.
    text: String,
    fields: Vec<Field>,
    /// MAC addresses as numbers.
    macs: Vec<(u64, u32)>,
}

/// Worse than every fit.
const NO_FIT: u8 = u8::MAX;

impl SearchIndex {
    /// The best `limit` hits: whole before beginning before word before part; names before other
    /// texts; devices before interfaces before addresses before subnets; then by name.
    pub(crate) fn find(&self, query: &str, limit: usize) -> Vec<Hit> {
        let Some(needle) = Needle::read(query) else { return Vec::new() };
        let mut best = vec![NO_FIT; self.entries.len()];
        for text in &needle.texts {
            self.find_text(text, &mut best);
        }
        self.find_numbers(&needle, &mut best);
        self.lift(&mut best);
        let mut found: Vec<(u8, HitKind, usize)> = best
            .iter()
            .enumerate()
            .filter(|(_, fit)| **fit != NO_FIT)
            .filter_map(|(at, fit)| Some((*fit, self.kind(self.entries.get(at)?), at)))
            .collect();
        if found.len() > limit {
            found.select_nth_unstable(limit);
            found.truncate(limit);
        }
        found.sort_unstable();
        found.into_iter().filter_map(|(_, _, at)| self.hit(self.entries.get(at)?)).collect()
    }

    fn find_text(&self, text: &str, best: &mut [u8]) {
        let mut field = 0;
        for (start, _) in self.text.match_indices(text) {
            field += self.fields.get(field..).map_or(0, |rest| rest.partition_point(|f| f.start <= start));
            let Some(found) = field.checked_sub(1).and_then(|at| self.fields.get(at)) else { continue };
            let end = self.fields.get(field).map_or(self.text.len(), |next| next.start) - 1;
            let before = self.text.get(..start).and_then(|text| text.chars().next_back());
            let fit = match (start == found.start, start + text.len() == end) {
                (true, true) => Fit::Exact,
                (true, false) => Fit::Prefix,
                _ if before.is_some_and(|c| !c.is_alphanumeric()) => Fit::Word,
                _ => Fit::Inside,
            };
            note(best, found.entry, fit, found.name);
        }
    }

    fn find_numbers(&self, needle: &Needle, best: &mut [u8]) {
        if let Some(wanted) = needle.mac {
            for (mac, entry) in &self.macs {
                if let Some(fit) = wanted.fit(*mac) {
                    note(best, *entry, fit, false);
                }
            }
        }
        if needle.address.is_none() && needle.net.is_none() {
            return;
        }
        for (at, entry) in self.entries.iter().enumerate() {
            let fit = match (entry, needle.address, needle.net) {
                (Entry::Address { ip, .. }, Some(wanted), _) if *ip == wanted => Fit::Exact,
                (Entry::Address { ip, .. }, _, Some(net)) if net.contains(ip) => Fit::Prefix,
                (Entry::Subnet { net, .. }, _, Some(wanted)) if *net == wanted => Fit::Exact,
                // The subnet of an address is the next best after the address.
                (Entry::Subnet { net, .. }, Some(ip), _) if net.contains(&ip) => Fit::Prefix,
                _ => continue,
            };
            note(best, u32::try_from(at).unwrap_or(u32::MAX), fit, true);
        }
    }

    /// A device is found by each of its addresses.
    fn lift(&self, best: &mut [u8]) {
        for (at, entry) in self.entries.iter().enumerate() {
            let Entry::Address { node, .. } = entry else { continue };
            let fit = best.get(at).copied().unwrap_or(NO_FIT);
            // Nodes are the first entries, in their order.
            if let Some(slot) = best.get_mut(*node as usize) {
                *slot = (*slot).min(fit);
            }
        }
    }

    fn kind(&self, entry: &Entry) -> HitKind {
        match entry {
            Entry::Node(at) if self.nodes.get(*at as usize).is_some_and(|node| !node.asked) => {
                HitKind::Neighbour
            }
            Entry::Node(_) => HitKind::Device,
            Entry::Interface { .. } => HitKind::Interface,
            Entry::Address { .. } => HitKind::Address,
            Entry::Subnet { .. } => HitKind::Subnet,
        }
    }

    fn row(&self, row: Row) -> Option<&Interface> {
        match self.documents.get(row.document as usize)?.as_ref() {
            Document::Interfaces(rows) => rows.get(row.at as usize),
            _ => None,
        }
    }

    fn hit(&self, entry: &Entry) -> Option<Hit> {
        let kind = self.kind(entry);
        let node = |at: u32| self.nodes.get(at as usize);
        let page = |at: u32| {
            node(at).map(|node| {
                let (path, id) = if node.asked { ("/devices/", node.id) } else { ("/map?sel=", node.id) };
                format!("{path}{id}")
            })
        };
        let hit = match entry {
            Entry::Node(at) => {
                let Named { id, name, about, .. } = node(*at)?;
                let subtitle = Some(about.clone()).filter(|about| !about.is_empty());
                Hit { kind, id: id.to_string(), title: name.clone(), subtitle, url: page(*at)? }
            }
            Entry::Interface { node: at, row } => {
                let (row, device) = (self.row(*row)?, node(*at)?);
                let alias = Some(row.alias.trim()).filter(|alias| !alias.is_empty());
                Hit {
                    kind,
                    id: format!("{}/{}", device.id, row.name),
                    title: row.name.clone(),
                    subtitle: Some(joined(&device.name, alias)),
                    url: format!("{}?tab=interfaces&q={}", page(*at)?, escaped(&row.name)),
                }
            }
            Entry::Address { node: at, ip, row } => {
                let device = node(*at)?;
                let interface = row.and_then(|row| self.row(row)).map(|row| row.name.as_str());
                let page = page(*at)?;
                let url = if interface.is_some() {
                    format!("{page}?tab=interfaces&q={}", escaped(&ip.to_string()))
                } else {
                    page
                };
                Hit {
                    kind,
                    id: format!("{}/{ip}", device.id),
                    title: ip.to_string(),
                    subtitle: Some(joined(&device.name, interface)),
                    url,
                }
            }
            Entry::Subnet { scope, net, addresses, node: at, segment } => {
                let plural = if *addresses == 1 { "" } else { "es" };
                let url = segment
                    .map_or_else(|| page(*at), |segment| Some(format!("/map?layer=l3&sel={segment}")))?;
                let subtitle = Some(format!("{addresses} address{plural} in use"));
                Hit { kind, id: format!("{scope}/{net}"), title: net.to_string(), subtitle, url }
            }
        };
        Some(hit)
    }
}

fn note(best: &mut [u8], entry: u32, fit: Fit, name: bool) {
    if let Some(slot) = best.get_mut(entry as usize) {
        *slot = (*slot).min(fit as u8 * 2 + u8::from(!name));
    }
}

fn joined(first: &str, second: Option<&str>) -> String {
    second.map_or_else(|| first.to_owned(), |second| format!("{first}, {second}"))
}

/// Percent-encoding of a query value (RFC 3986: everything but unreserved characters).
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for octet in text.bytes() {
        if octet.is_ascii_alphanumeric() || b"-._~/:".contains(&octet) {
            out.push(char::from(octet));
        } else {
            out.push('%');
            for digit in [octet >> 4, octet & 15] {
                out.extend(char::from_digit(u32::from(digit), 16).map(|digit| digit.to_ascii_uppercase()));
            }
        }
    }
    out
}
