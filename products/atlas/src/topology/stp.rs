//! Spanning tree: the designated port of every segment a bridge hears, also on ports it blocks.

use std::collections::BTreeSet;

use model::documents::StpPort;

use super::device::Device;
use super::edges::{Edges, Method, Vote};
use super::scene::{EndRef, Scene};

/// Position of the interface of a spanning tree port.
fn port_of(device: &Device, row: &StpPort) -> Option<usize> {
    row.if_index
        .and_then(|index| device.port_of_index(index))
        .or_else(|| device.port_of_bridge_port(row.port))
}

/// Adds votes from ports whose designated bridge is another one.
pub(crate) fn collect(scene: &Scene, edges: &mut Edges) {
    for (at, device) in scene.devices.iter().enumerate() {
        let Some((stp, held)) = device.stp() else { continue };
        let own: BTreeSet<_> = device.own_macs.iter().copied().collect();
        for row in stp.ports.iter().filter(|row| matches!(row.state, 2..=5)) {
            let Some(designated) = row.designated_bridge.filter(|id| !own.contains(&id.mac)) else {
                continue;
            };
            let Some(port) = port_of(device, row) else { continue };
            // A bridge that nobody asked, or whose address is not its own alone, gives no far end.
            let [far] = scene.index.by_bridge(designated.mac) else { continue };
            let detail = format!(
                "{}:{} hears bridge {} of {}",
                device.name, device.ports[port].name, designated.mac, scene.devices[*far].name
            );
            let number =
                row.designated_port.map(|port| u32::from(port & 0x0fff)).filter(|number| *number != 0);
            let far_port = number.and_then(|number| scene.devices[*far].port_of_bridge_port(number));
            if *far == at {
                continue;
            }
            match far_port {
                Some(q) => {
                    let detail = format!("{detail}, designated port {}", scene.devices[*far].ports[q].name);
                    let vote = Vote::new(Method::StpDesignated, held, detail);
                    edges.vote(EndRef::port(at, port), EndRef::port(*far, q), vote);
                }
                None => support(at, port, *far, edges, &Vote::new(Method::StpBridge, held, detail)),
            }
        }
    }
}

/// Without a port number spanning tree names no cable; it supports those found otherwise.
fn support(at: usize, port: usize, far: usize, edges: &mut Edges, vote: &Vote) {
    let near = EndRef::port(at, port);
    let known: Vec<(EndRef, EndRef)> = edges
        .map
        .values()
        .filter(|edge| edge.a == near || edge.b == near)
        .filter(|edge| edge.other(&near).node == super::scene::NodeRef::Device(far))
        .map(|edge| (edge.a.clone(), edge.b.clone()))
        .collect();
    for (a, b) in known {
        edges.vote(a, b, vote.clone());
    }
}

/// Interfaces that spanning tree blocks in every instance it runs in.
pub(crate) fn blocked(device: &Device) -> BTreeSet<usize> {
    let Some((stp, _)) = device.stp() else { return BTreeSet::new() };
    let mut blocking = BTreeSet::new();
    let mut forwarding = BTreeSet::new();
    for row in &stp.ports {
        if let Some(port) = port_of(device, row) {
            match row.state {
                2 => blocking.insert(port),
                3..=5 => forwarding.insert(port),
                _ => false,
            };
        }
    }
    blocking.retain(|port| !forwarding.contains(port));
    // Blocking an aggregate blocks its members.
    let members: Vec<usize> =
        blocking.iter().flat_map(|port| device.ports[*port].members.iter().copied()).collect();
    blocking.extend(members);
    blocking
}
