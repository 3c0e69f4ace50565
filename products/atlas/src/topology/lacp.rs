//! Link aggregation: LACP pairs member ports one to one even where LLDP is silent.

use std::collections::BTreeMap;

use model::Mac;

use super::edges::{Edges, Method, Vote};
use super::scene::{EndRef, Scene};

/// (own system, own port, partner system, partner port).
type Names = (Mac, u32, Mac, u32);

/// Adds a vote for every pair of members whose actor and partner names mirror each other.
pub(crate) fn collect(scene: &Scene, edges: &mut Edges) {
    let mut members: BTreeMap<Names, Vec<(usize, usize)>> = BTreeMap::new();
    for (at, device) in scene.devices.iter().enumerate() {
        let Some((rows, _)) = device.lag() else { continue };
        for row in rows {
            let names = (row.actor_system, row.actor_port, row.partner_system, row.partner_port);
            let (Some(system), Some(number), Some(partner), Some(partner_port)) = names else { continue };
            let real = system.is_station() && partner.is_station() && partner_port != 0;
            if let Some(port) = device.port_of_index(row.if_index).filter(|_| real && system != partner) {
                members.entry((system, number, partner, partner_port)).or_default().push((at, port));
            }
        }
    }
    for ((system, number, partner, partner_port), near) in &members {
        // Two chassis of a multi-chassis group may share system and port number: then neither counts.
        let ([(a, p)], Some([(b, q)])) =
            (near.as_slice(), members.get(&(*partner, *partner_port, *system, *number)).map(Vec::as_slice))
        else {
            continue;
        };
        let device = &scene.devices[*a];
        let Some((_, held)) = device.lag() else { continue };
        let detail = format!(
            "{}:{} is LACP port {number} of {system} and its partner is port {partner_port} of {partner}",
            device.name, device.ports[*p].name
        );
        edges.vote(EndRef::port(*a, *p), EndRef::port(*b, *q), Vote::new(Method::LacpPartner, held, detail));
    }
}
