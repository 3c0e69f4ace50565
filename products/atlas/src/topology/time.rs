//! State over time: what was a link before and is not found now.
//!
//! A link disappears only by positive absence: a complete table of one of its ends, read after the
//! link was last confirmed, no longer carries it. No answer makes it stale. An interface that is
//! down makes it down.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use model::DocumentKind;
use uuid::Uuid;

use super::device::{Device, Held};
use super::scene::Scene;
use crate::map::{End, Layer, Link, LinkKind, LinkState, Prior};

/// How long a cable whose port is down stays "down" before it counts as gone, in hours.
const DOWN_HOURS: i64 = 24;

/// The table a method reads, and whether its silence means anything: stations age out of forwarding
/// and neighbour tables while their cable stays.
fn table(method: &str) -> Option<(DocumentKind, bool)> {
    let family = method.split('.').next().unwrap_or(method);
    Some(match family {
        "lldp" => (DocumentKind::Lldp, true),
        "cdp" => (DocumentKind::Cdp, true),
        "lacp" => (DocumentKind::Lag, true),
        "stp" => (DocumentKind::Stp, true),
        "subnet" => (DocumentKind::Addresses, true),
        "ospf" | "ospf3" => (DocumentKind::Ospf, true),
        "bgp" => (DocumentKind::Bgp, true),
        "isis" => (DocumentKind::Isis, true),
        "fdb" => (DocumentKind::Fdb, false),
        "arp" => (DocumentKind::IpNeighbours, false),
        _ => return None,
    })
}

/// Looks devices up for prior links.
struct Present<'a> {
    scene: &'a Scene,
    by_id: HashMap<Uuid, usize>,
    nodes: &'a BTreeSet<Uuid>,
    now: DateTime<Utc>,
}

impl<'a> Present<'a> {
    fn device(&self, end: &End) -> Option<&'a Device> {
        self.by_id.get(&end.device).map(|at| &self.scene.devices[*at])
    }

    /// An end's interface is down by a current interface table.
    fn down(&self, link: &Link) -> bool {
        [&link.a, &link.b].into_iter().any(|end| {
            let (Some(device), Some(name)) = (self.device(end), &end.interface) else { return false };
            device.ports_fresh && device.ports.iter().any(|port| port.name == *name && !port.oper_up)
        })
    }

    /// A complete table, read after the link was last confirmed, no longer carries it.
    fn refuted(&self, link: &Link) -> bool {
        let denies = |held: &Held, firm: bool, confirmed: DateTime<Utc>| {
            let newer = held.complete && held.seen_at > confirmed;
            newer && (firm || (self.now - confirmed).num_seconds() > 3 * held.ttl)
        };
        link.evidence.iter().any(|evidence| {
            let Some((kind, firm)) = table(&evidence.method) else { return false };
            [&link.a, &link.b]
                .into_iter()
                .filter_map(|end| self.device(end))
                .filter(|device| device.sources.contains(&evidence.source))
                .filter_map(|device| device.held.get(&kind))
                .any(|held| denies(held, firm, evidence.seen_at))
        })
    }
}

/// Links by layer, kind and the two nodes.
type SamePlace<'a> = HashMap<(Layer, LinkKind, Uuid, Uuid), Vec<&'a Link>>;

/// Ports that carry a link of layer 1 now.
fn ports(links: &[Link]) -> BTreeMap<End, &Link> {
    let mut map = BTreeMap::new();
    for link in links.iter().filter(|link| link.layer == Layer::L1 && link.state != LinkState::Stale) {
        for end in [&link.a, &link.b] {
            if end.interface.is_some() {
                map.insert(end.clone(), link);
            }
        }
    }
    map
}

/// Carries first sightings over to `links` and adds those of the prior state that were not found.
pub(crate) fn carry(
    scene: &Scene,
    nodes: &BTreeSet<Uuid>,
    aliases: &BTreeMap<Uuid, Uuid>,
    prior: &Prior,
    links: &mut Vec<Link>,
    gone_days: i64,
) {
    let by_id = scene.devices.iter().enumerate().map(|(at, device)| (device.id, at)).collect();
    let present = Present { scene, by_id, nodes, now: scene.now };
    let mut found: HashMap<Uuid, usize> = links.iter().enumerate().map(|(at, link)| (link.id, at)).collect();
    let mut kept = Vec::new();
    for old in prior.links.iter() {
        let renamed = rename(scene, aliases, old);
        if let Some(&at) = found.get(&renamed.id) {
            if let Some(link) = links.get_mut(at) {
                link.first_seen = link.first_seen.min(renamed.first_seen);
            }
            continue;
        }
        if (scene.now - renamed.last_seen).num_days() > gone_days {
            continue;
        }
        kept.push(renamed);
    }
    let occupied = ports(links);
    let mut same_place: SamePlace<'_> = HashMap::new();
    for link in links.iter() {
        same_place.entry((link.layer, link.kind, link.a.device, link.b.device)).or_default().push(link);
    }
    let mut carried = Vec::new();
    for old in kept {
        if let Some(link) = judge(&present, &occupied, &same_place, old)
            && found.insert(link.id, usize::MAX).is_none()
        {
            carried.push(link);
        }
    }
    links.extend(carried);
}

/// The link with ends that merged or were resolved meanwhile.
fn rename(scene: &Scene, aliases: &BTreeMap<Uuid, Uuid>, old: &Link) -> Link {
    let renamed = |id: Uuid| aliases.get(&id).or_else(|| scene.stub_aliases.get(&id)).copied().unwrap_or(id);
    let mut link = old.clone();
    let (a, b) = (renamed(old.a.device), renamed(old.b.device));
    if (a, b) == (old.a.device, old.b.device) {
        return link;
    }
    link.a.device = a;
    link.b.device = b;
    if link.b < link.a {
        std::mem::swap(&mut link.a, &mut link.b);
    }
    link.id = Link::id_of(link.layer, link.kind, &link.a, &link.b, "");
    link
}

/// What became of a link that is not found now; `None` when something better took its place.
fn judge(
    present: &Present<'_>,
    occupied: &BTreeMap<End, &Link>,
    same_place: &SamePlace<'_>,
    mut old: Link,
) -> Option<Link> {
    if old.a.device == old.b.device {
        return None;
    }
    // A link whose port was unknown and that is now known with it.
    let full = |link: &Link| link.a.interface.is_some() && link.b.interface.is_some();
    let stand_in = |link: &&&Link| {
        (old.a.interface.is_none() || link.a.interface == old.a.interface)
            && (old.b.interface.is_none() || link.b.interface == old.b.interface)
    };
    let place = (old.layer, old.kind, old.a.device, old.b.device);
    let better = |list: &Vec<&Link>| list.iter().any(|link| stand_in(&link) && !full(&old));
    if same_place.get(&place).is_some_and(better) {
        return None;
    }
    old.blocked = false;
    if old.state == LinkState::Gone {
        return Some(old);
    }
    let known = |end: &End| present.by_id.contains_key(&end.device) || present.nodes.contains(&end.device);
    let replaced =
        old.layer == Layer::L1 && [&old.a, &old.b].into_iter().any(|end| occupied.contains_key(end));
    let recent = (present.now - old.last_seen).num_hours() < DOWN_HOURS;
    old.state = if replaced {
        LinkState::Gone
    } else if present.down(&old) && recent {
        LinkState::Down
    } else if present.refuted(&old) || (old.kind == LinkKind::Segment && !known(&old.a) && !known(&old.b)) {
        LinkState::Gone
    } else {
        LinkState::Stale
    };
    Some(old)
}
