//! Plants the troubles that were asked for: silent LLDP, clones, lame agents.

use std::net::{IpAddr, Ipv4Addr};

use crate::plan::build::Builder;
use crate::plan::types::{Attached, DeviceId, End, PortKind, Role};
use crate::plan::{Lame, Vendor};
use crate::rng::Rng;

/// Plants everything. Each kind of trouble has its own random stream.
pub(super) fn plant(builder: &mut Builder) {
    plant_lame(builder);
    plant_silent_lldp(builder);
    plant_clones(builder);
}

fn stream(builder: &Builder, purpose: &str) -> Rng {
    Rng::new(builder.plan.options.seed, purpose)
}

/// A share of the devices, drawn exactly.
fn draw(builder: &Builder, purpose: &str, share: f64, candidates: Vec<DeviceId>) -> Vec<DeviceId> {
    let mut order = candidates;
    let count = (share * order.len() as f64).round() as usize;
    stream(builder, purpose).shuffle(&mut order);
    order.truncate(count);
    order.sort_unstable();
    order
}

fn plant_silent_lldp(builder: &mut Builder) {
    let options = &builder.plan.options;
    let (no_lldp, cdp_only) = (options.no_lldp, options.cdp_only);
    // Device 0 keeps its voice: it is the seed that users name.
    let healthy: Vec<DeviceId> = builder
        .plan
        .devices
        .iter()
        .skip(1)
        .filter(|device| device.lame.is_none())
        .map(|device| device.id)
        .collect();
    let silent = draw(builder, "no-lldp", no_lldp, healthy);
    for id in &silent {
        let device = &mut builder.plan.devices[*id as usize];
        device.lldp = false;
        device.cdp = false;
    }
    let cisco: Vec<DeviceId> = builder
        .plan
        .devices
        .iter()
        .skip(1)
        .filter(|device| device.cdp && device.lame.is_none())
        .map(|device| device.id)
        .collect();
    for id in draw(builder, "cdp-only", cdp_only, cisco) {
        builder.plan.devices[id as usize].lldp = false;
    }
}

fn plant_clones(builder: &mut Builder) {
    let all: Vec<DeviceId> = builder.plan.devices.iter().skip(1).map(|device| device.id).collect();
    let chosen = draw(builder, "clones", builder.plan.options.clones, all);
    let mut rng = stream(builder, "clone-of");
    for (order, id) in chosen.iter().enumerate() {
        let role = builder.plan.device(*id).role;
        let originals: Vec<DeviceId> = builder
            .plan
            .devices
            .iter()
            .filter(|device| device.id != *id && device.role == role && device.clone_of.is_none())
            .map(|device| device.id)
            .filter(|original| chosen.binary_search(original).is_err())
            .collect();
        if originals.is_empty() {
            continue;
        }
        let original = builder.plan.device(*rng.pick(&originals)).clone();
        let device = &mut builder.plan.devices[*id as usize];
        device.name = original.name;
        device.clone_of = Some(original.id);
        if order % 2 == 0 {
            device.serial = original.serial;
            device.engine_id = original.engine_id;
        }
    }
}

fn plant_lame(builder: &mut Builder) {
    let kinds = builder.plan.options.lame.kinds().to_vec();
    if kinds.is_empty() {
        return;
    }
    let mut candidates = candidates(builder);
    for kind in kinds {
        let copies = if kind == Lame::ChassisSerial { 2 } else { 1 };
        let mut serial: Option<String> = None;
        for _ in 0..copies {
            let Some(id) = take(builder, &mut candidates, kind) else { return };
            builder.plan.devices[id as usize].lame = Some(kind);
            if let Some(vendor) = vendor_of(kind) {
                builder.restyle(id, vendor);
            }
            if kind == Lame::ChassisSerial {
                let device = &mut builder.plan.devices[id as usize];
                match &serial {
                    Some(first) => device.serial.clone_from(first),
                    None => serial = Some(device.serial.clone()),
                }
            }
            prepare(builder, id, kind);
        }
    }
}

/// The best candidate left; where order or number of neighbours is the point, one with several.
fn take(builder: &Builder, candidates: &mut Vec<DeviceId>, kind: Lame) -> Option<DeviceId> {
    if matches!(kind, Lame::NonAscending | Lame::CutShort | Lame::Backwards) {
        let cables = |id: &DeviceId| {
            let ports = &builder.plan.device(*id).interfaces;
            ports.iter().filter(|port| matches!(port.attached, Attached::Cable(_))).count()
        };
        if let Some(position) = candidates.iter().rposition(|id| cables(id) >= 2) {
            return Some(candidates.remove(position));
        }
    }
    candidates.pop()
}

/// Access switches in random order, those with nothing managed below them last.
fn candidates(builder: &Builder) -> Vec<DeviceId> {
    let plan = &builder.plan;
    let mut carries = vec![false; plan.devices.len()];
    for cable in &plan.cables {
        for (upper, lower) in [(cable.a, cable.b), (cable.b, cable.a)] {
            // An uplink port belongs to the lower device.
            let below = matches!(plan.port(lower).kind, PortKind::Physical { uplink: true, .. })
                || plan.device(lower.device).role == Role::Server;
            if below {
                carries[upper.device as usize] = true;
            }
        }
    }
    for segment in plan.segments.iter().filter(|segment| segment.ends.len() > 1) {
        for end in &segment.ends {
            carries[end.device as usize] = true;
        }
    }
    let mut rng = stream(builder, "lame");
    let mut group = |wanted: &dyn Fn(DeviceId) -> bool| {
        let mut ids: Vec<DeviceId> =
            plan.devices.iter().map(|device| device.id).filter(|id| *id != 0 && wanted(*id)).collect();
        rng.shuffle(&mut ids);
        ids
    };
    let access = |id: DeviceId| plan.device(id).role == Role::Access;
    let mut order = group(&|id| access(id) && carries[id as usize]);
    order.extend(group(&|id| access(id) && !carries[id as usize]));
    order
}

/// The vendor in whose clothes a lame agent is met.
fn vendor_of(kind: Lame) -> Option<Vendor> {
    match kind {
        Lame::Breakout | Lame::BreakoutVirtual | Lame::LocalPortSpace | Lame::CutShort => {
            Some(Vendor::DellOs10)
        }
        Lame::FdbLengthOctet | Lame::LldpV2Only => Some(Vendor::ArubaCx),
        Lame::VlanContexts => Some(Vendor::CiscoIos),
        Lame::NoEntity => Some(Vendor::Juniper),
        Lame::OneMac | Lame::LldpTwoPart | Lame::PortIdLocal | Lame::NonAscending => Some(Vendor::Procurve),
        _ => None,
    }
}

/// Changes that a lame agent needs in the network itself.
fn prepare(builder: &mut Builder, id: DeviceId, kind: Lame) {
    match kind {
        Lame::MultiVrf => {
            for (vlan, address) in [(901, Ipv4Addr::new(192, 168, 1, 2)), (902, Ipv4Addr::new(10, 1, 0, 2))] {
                let port = builder.interface(id, PortKind::Svi { vlan }, 1_000);
                builder.address(End { device: id, port }, IpAddr::V4(address), 24);
            }
        }
        // Its neighbours must learn it by the forwarding table alone.
        Lame::FdbOnly => {
            let device = &mut builder.plan.devices[id as usize];
            device.lldp = false;
            device.cdp = false;
        }
        Lame::StaleNeighbour => {
            let spare = builder
                .plan
                .device(id)
                .interfaces
                .iter()
                .position(|port| port.is_physical() && port.attached == Attached::Nothing);
            if let Some(position) = spare {
                builder.plan.devices[id as usize].interfaces[position].alias = "formerly in use".into();
            }
        }
        _ => {}
    }
}
