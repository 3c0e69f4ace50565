//! What was discovered, put so that a source of truth can take it over.

use std::collections::BTreeSet;
use std::net::IpAddr;

use model::adoption::{ObservedAddress, ObservedDevice, ObservedInterface, PortRef};
use model::documents::IntendedDevice;
use model::names::canonical_interface;
use serde::Serialize;
use uuid::Uuid;

use super::cables::{Ends, Far};
use super::intent::has_socket;
use super::scene::{Scene, Seen};
use super::{Compared, observed};
use crate::map::{Entity, Freshness, Grade, Layer, Link, LinkKind, LinkState};
use crate::topology::Device;

/// IANAifType of interfaces with a radio: no cable ends there.
const WIRELESS: u32 = 71;
/// Longest name the inventory takes.
const NAME: usize = 64;

/// One end of an observed cable: a device that is to be imported, or a record that is there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(crate) struct ImportEnd {
    /// The observed device.
    pub(crate) entity: Uuid,
    /// Its record, when it has one.
    pub(crate) record: Option<Uuid>,
    /// The interface: its name in the inventory, or as observed.
    pub(crate) interface: String,
}

impl ImportEnd {
    /// The reference once every device has a record.
    pub(crate) fn port(&self, record_of: impl Fn(Uuid) -> Option<Uuid>) -> Option<PortRef> {
        let device = self.record.or_else(|| record_of(self.entity))?;
        Some(PortRef { device, interface: self.interface.clone() })
    }
}

/// Something that was seen and cannot be imported.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct LeftOut {
    /// What.
    pub(crate) name: String,
    /// The observed device, when it is one.
    pub(crate) entity: Option<Uuid>,
    /// Why.
    pub(crate) why: String,
    /// What helps.
    pub(crate) remedy: String,
}

/// Everything that could be imported now.
#[derive(Default)]
pub(crate) struct Candidates {
    /// Devices without a record.
    pub(crate) devices: Vec<ObservedDevice>,
    /// Cables that no record has, between devices that have one or would get one.
    pub(crate) cables: Vec<[ImportEnd; 2]>,
    /// Devices that fit several records or share one, and those that fell silent.
    pub(crate) ambiguous: Vec<LeftOut>,
    /// Devices that have a record already.
    pub(crate) known: usize,
}

/// What could be imported.
pub(crate) fn candidates(compared: &Compared<'_>) -> Candidates {
    let scene = Scene::new(compared);
    let mut found = Candidates::default();
    let contested: BTreeSet<usize> = scene.pairs.rivals.values().flatten().copied().collect();
    let mut importable = BTreeSet::new();
    for at in 0..scene.map.entities.len() {
        let entity = scene.entity(at);
        if scene.pairs.intended_of[at].is_some() {
            found.known += 1;
        } else if contested.contains(&at) {
            found.ambiguous.push(LeftOut {
                name: entity.name.clone(),
                entity: Some(entity.id),
                why: format!("It fits {} of the inventory equally well.", rivals(&scene, at)),
                remedy: "Say on its page which record it is, or make the records differ.".to_owned(),
            });
        } else if entity.state != Freshness::Fresh {
            found.ambiguous.push(LeftOut {
                name: entity.name.clone(),
                entity: Some(entity.id),
                why: "It does not answer at present: what is known of it may be old.".to_owned(),
                remedy: "Run a discovery that reaches it.".to_owned(),
            });
        } else {
            importable.insert(at);
            found.devices.push(observed_device(&scene, at));
        }
    }
    found.cables = cables(&scene, &importable);
    found
}

fn rivals(scene: &Scene<'_>, entity: usize) -> String {
    let all = scene.pairs.rivals.iter().filter(|(_, rivals)| rivals.contains(&entity));
    let names: Vec<&str> =
        all.map(|(at, _)| scene.intents.devices[*at].device.name.as_str()).take(5).collect();
    names.join(", ")
}

/// Confirmed cables whose two ports exist, or will, and have no cable yet.
fn cables(scene: &Scene<'_>, importable: &BTreeSet<usize>) -> Vec<[ImportEnd; 2]> {
    let ends = Ends::of(scene);
    let free = |seen: Seen| -> Option<ImportEnd> {
        let entity = scene.entity(seen.0).id;
        if scene.devices[seen.0].ports[seen.1].if_type == WIRELESS {
            return None;
        }
        if importable.contains(&seen.0) {
            let interface = clip(&scene.devices[seen.0].ports[seen.1].name);
            return Some(ImportEnd { entity, record: None, interface });
        }
        let at = scene.intended_port(seen)?;
        let (intended, port) = scene.intents.port(at);
        let record = Some(intended.device.record);
        (port.cable.is_none() && has_socket(&port.kind)).then(|| ImportEnd {
            entity,
            record,
            interface: port.name.clone(),
        })
    };
    let fits = |link: &&Link| {
        link.layer == Layer::L1
            && link.kind == LinkKind::Cable
            && link.grade == Grade::Confirmed
            && matches!(link.state, LinkState::Up | LinkState::Down)
    };
    let mut found = BTreeSet::new();
    for link in scene.map.links.iter().filter(fits) {
        let (Far::Port(a), Far::Port(b)) = (ends.end(scene, &link.a), ends.end(scene, &link.b)) else {
            continue;
        };
        if let (true, Some(a), Some(b)) = (a.0 != b.0 || a.1 != b.1, free(a), free(b)) {
            found.insert([a, b]);
        }
    }
    found.into_iter().collect()
}

/// A device as it is seen.
pub(super) fn observed_device(scene: &Scene<'_>, at: usize) -> ObservedDevice {
    let (entity, device) = (scene.entity(at), &scene.devices[at]);
    let interfaces = (0..device.ports.len())
        .map(|port| (port, scene.links((at, port)).next().is_some()))
        .filter(|(port, cabled)| !observed::internal(device, *port, *cabled))
        // Of several with one name the first counts, as in comparisons.
        .filter(|(port, _)| {
            device.named(&canonical_interface(&device.ports[*port].name)).first() == Some(port)
        })
        .filter_map(|(port, cabled)| observed_interface(device, port, cabled));
    let own: BTreeSet<IpAddr> = device.ports.iter().flat_map(|port| &port.addresses).map(|a| a.ip).collect();
    let asked = device.asked.iter().copied().filter(|ip| own.contains(ip));
    ObservedDevice {
        entity: entity.id,
        name: clip(&entity.name),
        role: entity.role.as_str().to_owned(),
        manufacturer: entity.vendor.clone(),
        model: entity.model.clone(),
        platform: observed::platform(device).map(str::to_owned),
        serial: observed::serials(device).into_iter().next(),
        site: entity.site.clone(),
        primary: asked.chain(entity.addresses.iter().copied()).filter(|ip| observed::routable(*ip)).collect(),
        interfaces: interfaces.collect(),
    }
}

/// An interface as it is seen.
pub(super) fn observed_interface(device: &Device, port: usize, cabled: bool) -> Option<ObservedInterface> {
    let (rows, _) = observed::table(device)?;
    let row = rows.get(port)?;
    let addresses = observed::addresses(device, port).filter_map(|address| {
        Some(ObservedAddress {
            net: observed::net(address)?,
            vrf: address.vrf.clone(),
            shared: address.shared,
        })
    });
    let mut addresses: Vec<ObservedAddress> = addresses.collect();
    addresses.sort_unstable();
    addresses.dedup();
    let aggregate = device.ports[port].aggregate.map(|at| clip(&device.ports[at].name));
    Some(ObservedInterface {
        name: clip(&device.ports[port].name),
        if_type: row.if_type,
        enabled: row.admin_up,
        mtu: row.mtu,
        speed_bps: row.speed_bps.filter(|speed| *speed > 0 && row.oper_up),
        mac: row.mac.filter(|mac| mac.is_station()),
        description: row.alias.trim().to_owned(),
        aggregate,
        cabled,
        addresses,
    })
}

fn clip(name: &str) -> String {
    name.chars().take(NAME).collect()
}

/// An intended device in one line.
pub(super) fn summary(device: &IntendedDevice) -> String {
    let parts = [device.role.as_str(), &device.manufacturer, &device.model];
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    format!("{}, {} ports, {}", parts.join(" "), device.ports.len(), device.status)
}

/// An observed device in one line.
pub(super) fn observed_summary(entity: &Entity, device: &Device) -> String {
    let parts = [Some(entity.role.as_str()), entity.vendor.as_deref(), entity.model.as_deref()];
    let parts: Vec<&str> = parts.into_iter().flatten().collect();
    format!("{}, {} interfaces", parts.join(" "), device.ports.len())
}

/// An observed interface in one line.
pub(super) fn interface_text(interface: &ObservedInterface) -> String {
    let mut parts = vec![interface.name.clone()];
    parts.extend(interface.speed_bps.map(speed_text));
    parts.extend(interface.addresses.iter().map(|address| address.net.to_string()));
    parts.join(", ")
}

/// A speed in its usual unit.
pub(super) fn speed_text(bps: u64) -> String {
    const UNITS: &[(u64, &str)] = &[(1_000_000_000, "Gbit/s"), (1_000_000, "Mbit/s"), (1_000, "kbit/s")];
    match UNITS.iter().find(|(size, _)| bps >= *size && bps.is_multiple_of(*size)) {
        Some((size, unit)) => format!("{} {unit}", bps / size),
        None => format!("{bps} bit/s"),
    }
}
