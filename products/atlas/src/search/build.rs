//! From a map and the documents behind it to an index.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::IpAddr;
use std::sync::Arc;

use ipnet::IpNet;
use model::documents::{Interface, InterfaceAddress, System};
use model::names::canonical_interface;
use model::{Document, DocumentKind, Mac};
use uuid::Uuid;

use super::{Entry, Field, Named, Row, SearchIndex};
use crate::map::{Entity, KeyKind, Map, NodeKind, SubjectView};
use crate::world::Snapshot;

/// Addresses in use by subnet, with the first node that has one.
type Subnets = BTreeMap<(Arc<str>, IpNet), (u32, u32)>;

/// Every host has them: they find nothing.
fn is_everywhere(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(v4) => v4 == std::net::Ipv4Addr::LOCALHOST || v4.is_unspecified() || v4.is_link_local(),
        IpAddr::V6(v6) => v6.is_loopback() || v6.is_unspecified() || model::address::is_link_local_v6(v6),
    }
}

fn number(mac: Mac) -> u64 {
    mac.0.iter().fold(0, |value, octet| value << 8 | u64::from(*octet))
}

fn position(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// The views of one device.
fn views<'a>(entity: &'a Entity, subjects: &'a Snapshot) -> impl Iterator<Item = &'a SubjectView> {
    entity.subjects.iter().filter_map(|subject| subjects.get(subject)).map(Arc::as_ref)
}

fn document(view: &SubjectView, kind: DocumentKind) -> Option<&Arc<Document>> {
    view.documents.get(&kind).map(|held| &held.document)
}

impl SearchIndex {
    /// Indexes a map. `subjects` holds at least the subjects of its entities.
    pub(crate) fn of(map: &Map, subjects: &Snapshot) -> Self {
        let mut index = Self::default();
        let mut entities: Vec<&Entity> = map.entities.iter().collect();
        entities.sort_by(|a, b| a.name.cmp(&b.name));
        for entity in &entities {
            index.device(entity, subjects);
        }
        index.neighbours(map);
        let rows: Vec<HashMap<u32, Row>> =
            (0..).zip(&entities).map(|(node, entity)| index.interfaces(node, entity, subjects)).collect();
        let mut subnets = Subnets::new();
        for (node, entity) in (0..).zip(&entities) {
            let rows = rows.get(node as usize);
            index.addresses(node, entity, subjects, rows, &mut subnets);
        }
        index.subnets(map, subnets);
        index.text.shrink_to_fit();
        index.fields.shrink_to_fit();
        index.entries.shrink_to_fit();
        index
    }

    fn entry(&mut self, entry: Entry) -> u32 {
        self.entries.push(entry);
        position(self.entries.len() - 1)
    }

    fn field(&mut self, entry: u32, name: bool, text: &str) {
        let start = self.text.len();
        let text = text.trim();
        if text.bytes().all(|octet| octet.is_ascii_graphic() || octet == b' ') {
            self.text.extend(text.bytes().map(|octet| char::from(octet.to_ascii_lowercase())));
        } else {
            self.text.extend(text.chars().filter(|c| !c.is_control()).flat_map(char::to_lowercase));
        }
        if self.text.len() > start {
            self.text.push('\n');
            self.fields.push(Field { start, entry, name });
        }
    }

    fn device(&mut self, entity: &Entity, subjects: &Snapshot) {
        let address = entity.addresses.first().map(ToString::to_string);
        let role = entity.role.as_str().to_owned();
        let what = [entity.vendor.as_ref(), entity.model.as_ref(), Some(&role)].into_iter().flatten().next();
        let about: Vec<&str> = address.iter().chain(what).map(String::as_str).collect();
        let (id, name, about) = (entity.id, entity.name.clone(), about.join(", "));
        self.nodes.push(Named { id, name, about, asked: true });
        let entry = self.entry(Entry::Node(position(self.nodes.len() - 1)));
        let mut names: BTreeSet<&str> = BTreeSet::from([entity.name.as_str()]);
        for view in views(entity, subjects) {
            if let Some(Document::System(System { name, .. })) =
                document(view, DocumentKind::System).map(Arc::as_ref)
            {
                names.insert(name);
            }
            if let Some(Document::Lldp(lldp)) = document(view, DocumentKind::Lldp).map(Arc::as_ref) {
                names.insert(&lldp.name);
            }
        }
        for name in names {
            self.field(entry, true, name);
        }
        for key in &entity.keys {
            match key.kind {
                KeyKind::Serial => self.field(entry, false, &key.value),
                // A chassis id is a MAC address when its subtype, 4, says so.
                KeyKind::BridgeMac | KeyKind::LldpChassis => {
                    let value = key.value.strip_prefix("4/").unwrap_or(&key.value);
                    self.macs.extend(value.parse().ok().map(|mac| (number(mac), entry)));
                }
                _ => {}
            }
        }
    }

    fn neighbours(&mut self, map: &Map) {
        for stub in map.nodes.iter().filter(|node| node.kind == NodeKind::Stub) {
            let shown: Vec<String> = stub.addresses.iter().map(ToString::to_string).collect();
            let about = shown.first().map_or("never asked".to_owned(), |ip| format!("{ip}, never asked"));
            self.nodes.push(Named { id: stub.id, name: stub.name.clone(), about, asked: false });
            let entry = self.entry(Entry::Node(position(self.nodes.len() - 1)));
            self.field(entry, true, &stub.name);
            for address in &shown {
                self.field(entry, false, address);
            }
        }
    }

    /// Interfaces; where several subjects speak of one the first one counts.
    fn interfaces(&mut self, node: u32, entity: &Entity, subjects: &Snapshot) -> HashMap<u32, Row> {
        let (mut seen, mut by_index) = (BTreeSet::new(), HashMap::new());
        for view in views(entity, subjects) {
            let Some(document) = document(view, DocumentKind::Interfaces) else { continue };
            let Document::Interfaces(rows) = document.as_ref() else { continue };
            let number = position(self.documents.len());
            self.documents.push(Arc::clone(document));
            for (at, row) in (0..).zip(rows) {
                let place = Row { document: number, at };
                by_index.entry(row.index).or_insert(place);
                let canonical = canonical_interface(&row.name);
                if !seen.contains(&canonical) {
                    self.interface(node, place, row, &canonical);
                    seen.insert(canonical);
                }
            }
        }
        by_index
    }

    fn interface(&mut self, node: u32, place: Row, row: &Interface, canonical: &str) {
        let entry = self.entry(Entry::Interface { node, row: place });
        self.field(entry, true, &row.name);
        if !canonical.eq_ignore_ascii_case(&row.name) {
            self.field(entry, true, canonical);
        }
        self.field(entry, false, &row.alias);
        if row.description != row.name {
            self.field(entry, false, &row.description);
        }
        self.macs.extend(row.mac.filter(|mac| mac.is_station()).map(|mac| (number(mac), entry)));
    }

    fn addresses(
        &mut self,
        node: u32,
        entity: &Entity,
        subjects: &Snapshot,
        rows: Option<&HashMap<u32, Row>>,
        subnets: &mut Subnets,
    ) {
        let mut seen = BTreeSet::new();
        for view in views(entity, subjects) {
            let Some(Document::Addresses(list)) = document(view, DocumentKind::Addresses).map(Arc::as_ref)
            else {
                continue;
            };
            for address in list.iter().filter(|address| !is_everywhere(address.ip)) {
                if seen.insert(address.ip) {
                    let row = rows.and_then(|rows| rows.get(&address.if_index)).copied();
                    self.address(node, address.ip, row);
                    count(subnets, &view.subject.partition, address, node);
                }
            }
        }
        for ip in &entity.addresses {
            if seen.insert(*ip) {
                self.address(node, *ip, None);
            }
        }
    }

    fn address(&mut self, node: u32, ip: IpAddr, row: Option<Row>) {
        let entry = self.entry(Entry::Address { node, ip, row });
        self.field(entry, true, &ip.to_string());
    }

    fn subnets(&mut self, map: &Map, subnets: Subnets) {
        let segments: HashMap<&str, Uuid> = map
            .nodes
            .iter()
            .filter(|node| node.kind == NodeKind::Segment)
            .flat_map(|node| node.name.split(' ').map(move |net| (net, node.id)))
            .collect();
        for ((scope, net), (addresses, node)) in subnets {
            let shown = net.to_string();
            let segment = segments.get(shown.as_str()).copied();
            let entry = self.entry(Entry::Subnet { scope, net, addresses, node, segment });
            self.field(entry, true, &shown);
        }
    }
}

fn count(subnets: &mut Subnets, partition: &str, address: &InterfaceAddress, node: u32) {
    let whole = if address.ip.is_ipv4() { 32 } else { 128 };
    let length = address.prefix_length.filter(|length| *length > 0 && *length < whole);
    let Some(Ok(net)) = length.map(|length| IpNet::new(address.ip, length)) else { return };
    let scope: Arc<str> =
        if address.vrf.is_empty() { partition.into() } else { format!("{partition}|{}", address.vrf).into() };
    subnets.entry((scope, net.trunc())).or_insert((0, node)).0 += 1;
}
