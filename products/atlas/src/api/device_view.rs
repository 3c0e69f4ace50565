//! One device with everything known of it: the documents of all its subjects joined by interface.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use model::documents::{Bridge, Interface, InterfaceAddress, System};
use model::names::canonical_interface;
use model::{Document, DocumentKind};
use serde_json::{Value, json};

use crate::map::{Entity, Layer, Link, LinkState, Map, SubjectView};

/// The document of the API.
pub(super) fn view(map: &Map, entity: &Entity, subjects: &[SubjectView]) -> Value {
    let documents = Documents { subjects };
    let links: Vec<&Link> =
        map.links.iter().filter(|link| link.a.device == entity.id || link.b.device == entity.id).collect();
    let names = documents.interface_names();
    json!({
        "id": entity.id,
        "name": entity.name,
        "role": entity.role,
        "state": entity.state,
        "vendor": entity.vendor,
        "model": entity.model,
        "site": entity.site,
        "facts": documents.facts(),
        "addresses": documents.addresses(&names),
        "interfaces": documents.interfaces(&Neighbourhood { map, entity, links: &links }),
        "neighbours": Neighbourhood { map, entity, links: &links }.all(),
        "arp": documents.arp(&names),
        "identity": identity(map, entity),
        "tables": tables(subjects),
        "components": documents.components(),
        "vlans": documents.vlans(&names),
        "routing": documents.routing(&names),
        "last_seen": last_seen(subjects),
    })
}

/// The subjects' documents; where several subjects speak of one thing the first one counts.
struct Documents<'a> {
    subjects: &'a [SubjectView],
}

impl<'a> Documents<'a> {
    fn of(&self, kind: DocumentKind) -> impl Iterator<Item = &'a Document> {
        self.subjects
            .iter()
            .filter_map(move |subject| subject.documents.get(&kind))
            .map(|view| &*view.document)
    }

    fn system(&self) -> Option<&'a System> {
        self.of(DocumentKind::System).find_map(|document| match document {
            Document::System(system) => Some(system),
            _ => None,
        })
    }

    fn rows(&self) -> Vec<&'a Interface> {
        let mut seen = BTreeSet::new();
        self.of(DocumentKind::Interfaces)
            .filter_map(|document| match document {
                Document::Interfaces(rows) => Some(rows),
                _ => None,
            })
            .flatten()
            .filter(|row| seen.insert(canonical_interface(&row.name)))
            .collect()
    }

    fn interface_names(&self) -> BTreeMap<u32, &'a str> {
        self.rows().into_iter().map(|row| (row.index, row.name.as_str())).collect()
    }

    fn address_rows(&self) -> BTreeSet<&'a InterfaceAddress> {
        self.of(DocumentKind::Addresses)
            .filter_map(|document| match document {
                Document::Addresses(rows) => Some(rows),
                _ => None,
            })
            .flatten()
            .collect()
    }

    fn bridge_ports(&self) -> BTreeMap<u32, u32> {
        self.of(DocumentKind::Bridge)
            .filter_map(|document| match document {
                Document::Bridge(Bridge { ports, .. }) => Some(ports),
                _ => None,
            })
            .flatten()
            .map(|port| (port.port, port.if_index))
            .collect()
    }

    fn facts(&self) -> Value {
        let Some(system) = self.system() else { return json!({}) };
        let engine: String = system.engine_id.iter().map(|octet| format!("{octet:02x}")).collect();
        json!({
            "description": system.description,
            "object_id": system.object_id,
            "name": system.name,
            "location": system.location,
            "contact": system.contact,
            "forwarding": system.forwarding,
            "engine_id": engine,
            "engine_boots": system.engine_boots,
            "up_since": system.boot_time.and_then(|at| chrono::DateTime::from_timestamp(at, 0)),
            "serial": system.serial.clone().or_else(|| self.chassis_serial()),
        })
    }

    fn chassis_serial(&self) -> Option<String> {
        self.of(DocumentKind::Hardware)
            .filter_map(|document| match document {
                Document::Hardware(parts) => Some(parts),
                _ => None,
            })
            .flatten()
            .find(|part| part.class == 3 && !part.serial.is_empty())
            .map(|part| part.serial.clone())
    }

    fn addresses(&self, names: &BTreeMap<u32, &str>) -> Value {
        self.address_rows()
            .into_iter()
            .map(|row| {
                json!({"address": row.ip, "prefix_length": row.prefix_length,
                    "interface": names.get(&row.if_index), "shared": row.shared})
            })
            .collect()
    }

    fn interfaces(&self, neighbourhood: &Neighbourhood<'_>) -> Value {
        let addresses = self.address_rows();
        let vlans = self.vlans_by_interface();
        let aggregates = self.aggregates();
        let rows = self.rows();
        let names: BTreeMap<u32, &str> = rows.iter().map(|row| (row.index, row.name.as_str())).collect();
        rows.iter()
            .map(|row| {
                let own: Vec<IpAddr> = addresses
                    .iter()
                    .filter(|address| address.if_index == row.index)
                    .map(|address| address.ip)
                    .collect();
                json!({
                    "name": row.name,
                    "description": row.description,
                    "alias": row.alias,
                    "index": row.index,
                    "type": row.if_type,
                    "speed_bps": row.speed_bps,
                    "mtu": row.mtu,
                    "mac": row.mac,
                    "admin": if row.admin_up { "up" } else { "down" },
                    "oper": if row.oper_up { "up" } else { "down" },
                    "addresses": own,
                    "vlans": vlans.get(&row.index),
                    "lag": aggregates.get(&row.index).and_then(|index| names.get(index)),
                    "neighbours": neighbourhood.on(&row.name),
                })
            })
            .collect()
    }

    fn aggregates(&self) -> BTreeMap<u32, u32> {
        self.of(DocumentKind::Lag)
            .filter_map(|document| match document {
                Document::Lag(members) => Some(members),
                _ => None,
            })
            .flatten()
            .filter_map(|member| member.aggregate.map(|aggregate| (member.if_index, aggregate)))
            .collect()
    }

    fn vlan_rows(&self) -> impl Iterator<Item = &'a model::documents::Vlan> {
        self.of(DocumentKind::Vlans)
            .filter_map(|document| match document {
                Document::Vlans(rows) => Some(rows),
                _ => None,
            })
            .flatten()
    }

    fn vlans_by_interface(&self) -> BTreeMap<u32, BTreeSet<u16>> {
        let ports = self.bridge_ports();
        let mut vlans: BTreeMap<u32, BTreeSet<u16>> = BTreeMap::new();
        for vlan in self.vlan_rows() {
            for port in vlan.tagged.iter().chain(&vlan.untagged) {
                if let Some(index) = ports.get(port) {
                    vlans.entry(*index).or_default().insert(vlan.id);
                }
            }
        }
        vlans
    }

    fn vlans(&self, names: &BTreeMap<u32, &str>) -> Value {
        let ports = self.bridge_ports();
        let named = |list: &[u32]| -> Vec<&str> {
            list.iter()
                .filter_map(|port| ports.get(port))
                .filter_map(|index| names.get(index))
                .copied()
                .collect()
        };
        self.vlan_rows()
            .map(|vlan| {
                json!({"id": vlan.id, "name": vlan.name, "tagged": named(&vlan.tagged), "untagged": named(&vlan.untagged)})
            })
            .collect()
    }

    fn arp(&self, names: &BTreeMap<u32, &str>) -> Value {
        self.of(DocumentKind::IpNeighbours)
            .filter_map(|document| match document {
                Document::IpNeighbours(rows) => Some(rows),
                _ => None,
            })
            .flatten()
            .collect::<BTreeSet<_>>()
            .into_iter()
            .map(|row| json!({"address": row.ip, "mac": row.mac, "interface": names.get(&row.if_index), "fixed": row.fixed}))
            .collect()
    }

    fn components(&self) -> Value {
        self.of(DocumentKind::Hardware)
            .filter_map(|document| match document {
                Document::Hardware(parts) => Some(parts),
                _ => None,
            })
            .flatten()
            .map(|part| json!(part))
            .collect()
    }

    fn routing(&self, names: &BTreeMap<u32, &str>) -> Value {
        let mut ospf = Vec::new();
        let mut bgp = Vec::new();
        let mut isis = Vec::new();
        for subject in self.subjects {
            for view in subject.documents.values() {
                match &*view.document {
                    Document::Ospf(router) => ospf.extend(router.neighbours.iter().map(|neighbour| {
                        json!({"version": neighbour.version, "router_id": neighbour.router_id, "address": neighbour.address,
                            "interface": neighbour.if_index.and_then(|index| names.get(&index)),
                            "state": ospf_state(neighbour.state), "own_router_id": router.router_id})
                    })),
                    Document::Bgp(speaker) => bgp.extend(speaker.peers.iter().map(|peer| {
                        json!({"remote": peer.remote, "remote_as": peer.remote_as, "local": peer.local,
                            "identifier": peer.identifier, "state": bgp_state(peer.state), "local_as": speaker.local_as})
                    })),
                    Document::Isis(system) => isis.extend(system.adjacencies.iter().map(|adjacency| {
                        let id: String = adjacency.neighbour.iter().map(|octet| format!("{octet:02x}")).collect();
                        json!({"neighbour": id, "up": adjacency.up,
                            "interface": adjacency.if_index.and_then(|index| names.get(&index))})
                    })),
                    _ => {}
                }
            }
        }
        json!({"ospf": ospf, "bgp": bgp, "isis": isis})
    }
}

/// The links of a device, seen from it.
struct Neighbourhood<'a> {
    map: &'a Map,
    entity: &'a Entity,
    links: &'a [&'a Link],
}

impl Neighbourhood<'_> {
    fn one(&self, link: &Link) -> Value {
        let (here, there) =
            if link.a.device == self.entity.id { (&link.a, &link.b) } else { (&link.b, &link.a) };
        let node = self.map.nodes.iter().find(|node| node.id == there.device);
        json!({
            "device_id": there.device,
            "name": node.map(|node| &node.name),
            "kind": node.map(|node| node.kind),
            "interface": there.interface,
            "local_interface": here.interface,
            "link_id": link.id,
            "layer": link.layer,
            "link_kind": link.kind,
            "state": link.state,
            "confidence": link.confidence,
            "last_seen": link.last_seen,
        })
    }

    fn on(&self, interface: &str) -> Vec<Value> {
        let name = canonical_interface(interface);
        self.links
            .iter()
            .filter(|link| link.state != LinkState::Gone && link.layer != Layer::L3)
            .filter(|link| {
                let here = if link.a.device == self.entity.id { &link.a } else { &link.b };
                here.interface.as_deref().is_some_and(|port| canonical_interface(port) == name)
            })
            .map(|link| self.one(link))
            .collect()
    }

    fn all(&self) -> Vec<Value> {
        self.links.iter().map(|link| self.one(link)).collect()
    }
}

fn identity(map: &Map, entity: &Entity) -> Value {
    let subjects: Vec<Value> = map
        .assignments
        .iter()
        .filter(|assignment| assignment.entity == entity.id)
        .map(|assignment| {
            json!({"source": assignment.subject.source, "subject": assignment.subject.key,
                "partition": assignment.subject.partition, "assigned_at": assignment.assigned_at,
                "reason": assignment.reason, "score": assignment.score})
        })
        .collect();
    let proposals: Vec<Value> = map
        .proposals
        .iter()
        .filter(|proposal| proposal.entities.contains(&entity.id))
        .map(|p| json!(p))
        .collect();
    json!({"keys": entity.keys, "subjects": subjects, "proposals": proposals})
}

fn tables(subjects: &[SubjectView]) -> Vec<Value> {
    let mut tables = Vec::new();
    for subject in subjects {
        for (kind, view) in &subject.documents {
            let failure = subject.failures.iter().find(|failure| failure.kind == Some(*kind));
            tables.push(json!({
                "table": kind, "subject": subject.subject.to_string(),
                "complete": view.completeness.complete && failure.is_none(),
                "declared": view.completeness.declared, "read": view.completeness.read,
                "seen_at": view.seen_at, "ttl_seconds": view.ttl_seconds,
                "note": failure.map(|f| &f.reason.text).or(view.completeness.reason.as_ref().map(|r| &r.text)),
            }));
        }
        for failure in
            subject.failures.iter().filter(|f| f.kind.is_none_or(|k| !subject.documents.contains_key(&k)))
        {
            tables.push(json!({
                "table": failure.kind, "subject": subject.subject.to_string(), "complete": false,
                "declared": failure.declared, "read": failure.read, "seen_at": failure.at, "note": failure.reason.text,
            }));
        }
    }
    tables
}

fn last_seen(subjects: &[SubjectView]) -> Vec<Value> {
    subjects
        .iter()
        .filter_map(|subject| {
            let at = subject.documents.values().map(|view| view.seen_at).max()?;
            Some(json!({"source": subject.subject.to_string(), "at": at}))
        })
        .collect()
}

/// RFC 4750 ospfNbrState.
fn ospf_state(state: u8) -> &'static str {
    match state {
        1 => "down",
        2 => "attempt",
        3 => "init",
        4 => "two-way",
        5 => "exchange-start",
        6 => "exchange",
        7 => "loading",
        8 => "full",
        _ => "unknown",
    }
}

/// RFC 4273 bgpPeerState.
fn bgp_state(state: u8) -> &'static str {
    match state {
        1 => "idle",
        2 => "connect",
        3 => "active",
        4 => "open-sent",
        5 => "open-confirm",
        6 => "established",
        _ => "unknown",
    }
}
