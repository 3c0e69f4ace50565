//! Topology: cables, frames and packets between resolved devices (atlas.md section 2).
//!
//! Stages, each a pure function: gather devices and index them; claims of LLDP and CDP, LACP and
//! STP become candidate links; one link per physical port is chosen; forwarding tables tell the
//! links nobody announces; neighbour tables and routing protocols give layer 3; what was known
//! before and is not found now is judged by what its tables say.

mod claims;
mod device;
mod draw;
mod edges;
mod endpoints;
mod fdb;
mod fuse;
mod l2;
mod l3;
mod lacp;
mod lost;
mod ports;
mod role;
mod scene;
mod stp;
mod time;

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use chrono::{DateTime, Utc};
use model::Subject;
use model::address::is_ambiguous;
use uuid::Uuid;

use crate::identity::{Identity, Resolved};
use crate::map::{
    Entity, Freshness, Input, Layer, Link, LinkState, MapEvent, Node, NodeKind, Role, Status, SubjectView,
    Unplaced,
};
pub(crate) use device::{Device, Held};
use edges::Edges;
use scene::{EndRef, NodeRef, Scene};

/// What topology adds to the map.
pub(crate) struct Drawn {
    /// Devices with facts.
    pub entities: Vec<Entity>,
    /// Nodes without positions.
    pub nodes: Vec<Node>,
    /// Links of all layers.
    pub links: Vec<Link>,
    /// What could not be placed.
    pub unplaced: Vec<Unplaced>,
    /// Changes of links.
    pub events: Vec<MapEvent>,
    /// The devices as they were gathered, in the order of the entities.
    pub devices: Vec<Device>,
}

/// Infers everything from the resolved devices.
pub(crate) fn infer(input: &Input<'_>, identity: &Identity) -> Drawn {
    let devices: Vec<Device> =
        identity.devices.iter().map(|device| Device::gather(device, &input.subjects, input.now)).collect();
    let mut scene = Scene::new(devices, input.now);

    let mut candidates = Edges::default();
    claims::collect(&mut scene, &mut candidates);
    lacp::collect(&scene, &mut candidates);
    stp::collect(&scene, &mut candidates);
    let mut accepted = fuse::fuse(&mut scene, candidates);

    let tables = fdb::learned(&mut scene);
    fdb::infer(&mut scene, &tables, &mut accepted);
    endpoints::attach(&mut scene, &tables, &mut accepted);
    endpoints::point_to_point(&scene, &tables, &mut accepted);

    let groups = l2::aggregates(&scene, &accepted);
    let cabled: BTreeSet<(EndRef, EndRef)> =
        accepted.links.iter().map(|link| (link.a.clone(), link.b.clone())).collect();
    let relations = l3::collect(&mut scene, &cabled);

    let mut links = draw::cables(&scene, &accepted, &groups);
    links.extend(draw::relations(&scene, relations.map.values()));
    let mut known: BTreeMap<Uuid, Link> = BTreeMap::new();
    for link in links {
        known.entry(link.id).or_insert(link);
    }
    let mut links: Vec<Link> = known.into_values().collect();

    let announced = announced(&scene);
    let nodes = present(&scene, &links, &announced);
    let node_ids: BTreeSet<Uuid> = nodes.iter().map(|node| node.id).collect();
    time::carry(&scene, &node_ids, &identity.aliases, input.prior, &mut links, input.limits.gone_days);
    // A link whose node no longer exists has nothing to be drawn between.
    links.retain(|link| node_ids.contains(&link.a.device) && node_ids.contains(&link.b.device));
    links.sort_by(|x, y| (x.layer, x.kind, &x.a, &x.b).cmp(&(y.layer, y.kind, &y.a, &y.b)));

    lost::failures(&mut scene, input, identity);
    endpoints::unplaced(&mut scene, &tables, &accepted, input.limits.endpoints);
    let events = events(input, &links);
    let entities = entities(&scene, input, identity, &announced);
    Drawn {
        nodes: finish(nodes, &links),
        entities,
        unplaced: lost::sorted(scene.unplaced, input.limits.unplaced),
        links,
        events,
        devices: scene.devices,
    }
}

/// The devices of entities, gathered from what their subjects say; in the order of the entities.
pub(crate) fn gather(entities: &[Entity], subjects: &[&SubjectView], now: DateTime<Utc>) -> Vec<Device> {
    let at = |subject: &Subject| subjects.binary_search_by(|view| view.subject.cmp(subject)).ok();
    let one = |entity: &Entity| {
        let members = entity.subjects.iter().filter_map(at).collect();
        Device::gather(&Resolved { id: entity.id, members, keys: Vec::new() }, subjects, now)
    };
    entities.iter().map(one).collect()
}

fn freshness(device: &Device) -> Freshness {
    if device.held.values().any(|held| held.fresh) { Freshness::Fresh } else { Freshness::Stale }
}

fn addresses(device: &Device) -> Vec<IpAddr> {
    let mut list: Vec<IpAddr> = device.asked.clone();
    let own = device.ports.iter().flat_map(|port| &port.addresses).map(|a| a.ip);
    let mut rest: Vec<IpAddr> = own.filter(|ip| !is_ambiguous(*ip)).collect();
    rest.sort_by_key(|ip| (ip.is_ipv6(), *ip));
    list.sort_by_key(|ip| (ip.is_ipv6(), *ip));
    list.extend(rest);
    let mut seen = BTreeSet::new();
    list.retain(|ip| seen.insert(*ip));
    list
}

/// Capabilities that neighbours hear a device announce.
fn announced(scene: &Scene) -> BTreeMap<usize, u16> {
    let mut bits: BTreeMap<usize, u16> = BTreeMap::new();
    for device in &scene.devices {
        let rows = device.lldp().map(|(lldp, _)| lldp.neighbours.iter()).into_iter().flatten();
        for row in rows.filter(|row| row.capabilities != 0) {
            if let Some([far]) =
                row.chassis.as_ref().map(|id| scene.index.by_chassis(id, &device.partitions)).as_deref()
            {
                *bits.entry(*far).or_default() |= row.capabilities;
            }
        }
    }
    bits
}

/// All nodes: every device, and the stubs and segments that carry a link.
fn present(scene: &Scene, links: &[Link], announced: &BTreeMap<usize, u16>) -> Vec<Node> {
    let used: BTreeSet<Uuid> = links.iter().flat_map(|link| [link.a.device, link.b.device]).collect();
    let mut nodes: Vec<Node> = Vec::new();
    for (at, device) in scene.devices.iter().enumerate() {
        let state = freshness(device);
        nodes.push(Node {
            id: device.id,
            kind: NodeKind::Device,
            role: role::role(device, announced.get(&at).copied().unwrap_or(0)),
            name: device.name.clone(),
            addresses: addresses(device),
            x: 0.0,
            y: 0.0,
            state,
            status: if state == Freshness::Fresh { Status::Ok } else { Status::Critical },
            vendor: role::vendor(device),
            model: role::model(device),
            site: role::site(device),
            degree: 0,
            pinned: false,
        });
    }
    let plain = |id: Uuid, kind: NodeKind, role: Role, name: String, addresses: Vec<IpAddr>| Node {
        id,
        kind,
        role,
        name,
        addresses,
        x: 0.0,
        y: 0.0,
        state: Freshness::Fresh,
        status: Status::Unknown,
        vendor: None,
        model: None,
        site: None,
        degree: 0,
        pinned: false,
    };
    for at in scene.stubs.all() {
        let (id, stub) = (draw::node_id(scene, NodeRef::Stub(at)), scene.stubs.get(at));
        if used.contains(&id) {
            let addresses = stub.addresses.iter().copied().collect();
            nodes.push(plain(
                id,
                NodeKind::Stub,
                stub.role.unwrap_or(Role::Unknown),
                stub.name.clone(),
                addresses,
            ));
        }
    }
    for segment in scene.segments.iter().filter(|segment| used.contains(&segment.id)) {
        nodes.push(plain(segment.id, NodeKind::Segment, Role::Segment, segment.name.clone(), Vec::new()));
    }
    nodes.sort_by_key(|node| node.id);
    nodes.dedup_by_key(|node| node.id);
    nodes
}

/// Degrees, and the health that links give a node.
fn finish(mut nodes: Vec<Node>, links: &[Link]) -> Vec<Node> {
    let mut degree: BTreeMap<Uuid, u32> = BTreeMap::new();
    let mut ailing: BTreeSet<Uuid> = BTreeSet::new();
    for link in links {
        for end in [&link.a, &link.b] {
            *degree.entry(end.device).or_default() += u32::from(link.state != LinkState::Gone);
            if link.state == LinkState::Down {
                ailing.insert(end.device);
            }
        }
    }
    for node in &mut nodes {
        node.degree = degree.get(&node.id).copied().unwrap_or(0);
        if node.status == Status::Ok && ailing.contains(&node.id) {
            node.status = Status::Warning;
        }
    }
    nodes
}

fn entities(
    scene: &Scene,
    input: &Input<'_>,
    identity: &Identity,
    announced: &BTreeMap<usize, u16>,
) -> Vec<Entity> {
    identity
        .devices
        .iter()
        .zip(&scene.devices)
        .enumerate()
        .map(|(at, (resolved, device))| Entity {
            id: device.id,
            name: device.name.clone(),
            role: role::role(device, announced.get(&at).copied().unwrap_or(0)),
            state: freshness(device),
            vendor: role::vendor(device),
            model: role::model(device),
            site: role::site(device),
            addresses: addresses(device),
            keys: resolved.keys.clone(),
            subjects: resolved.members.iter().map(|m| input.subjects[*m].subject.clone()).collect(),
            last_seen: draw::last_seen(scene, at),
        })
        .collect()
}

fn events(input: &Input<'_>, links: &[Link]) -> Vec<MapEvent> {
    let before: BTreeMap<Uuid, LinkState> =
        input.prior.links.iter().map(|link| (link.id, link.state)).collect();
    links
        .iter()
        .filter_map(|link| {
            let earlier = before.get(&link.id).copied();
            (earlier != Some(link.state)).then_some(MapEvent::Link {
                link: link.id,
                layer: link.layer,
                before: earlier,
                after: link.state,
            })
        })
        .filter(|event| !matches!(event, MapEvent::Link { layer: Layer::L2, .. }))
        .collect()
}
