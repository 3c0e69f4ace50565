//! Reads everything an agent says about itself, in an order that serves discovery: who it is, which
//! addresses it has and whom it announces first, the large tables after.
//!
//! [`introduce`] needs a handful of requests; its result decides whether the device is new and whom
//! to ask next. [`read_rest`] takes the time it takes.

mod vlan_contexts;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use model::documents::{Bgp, Cdp, Interface, InterfaceAddress, IpNeighbour, Lldp, Ospf, System, VrrpGroup};
use model::{Document, DocumentKind, Frame, Method, Subject};
use snmp::{Oid, Value};

use super::source::TableSource;
use super::tables::{
    Agent, Reading, addresses, bgp, bridge, cdp, entity, fdb, interfaces, isis, lag, lldp, neighbours, ospf,
    routes, stp, system, vlans, vrrp,
};

/// How much of a device is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Plan {
    /// What changes when a cable does: interfaces, LLDP, CDP, STP, LAG.
    Links,
    /// Everything.
    Tables,
}

/// A reading with the time it took.
#[derive(Clone, Debug)]
pub struct Timed {
    /// What was read.
    pub reading: Reading,
    /// When reading began.
    pub started: DateTime<Utc>,
    /// When reading ended.
    pub ended: DateTime<Utc>,
}

impl Timed {
    /// The frame for a subject; `None` when the device does not implement the table.
    pub fn frame(&self, subject: &Subject) -> Option<Frame> {
        if self.reading.is_not_supported() {
            return None;
        }
        Some(Frame {
            subject: subject.clone(),
            method: Method::Queried,
            started: self.started,
            ended: self.ended,
            completeness: self.reading.completeness.clone(),
            ttl_seconds: ttl_seconds(self.reading.kind),
            document: self.reading.document.clone(),
            kind: self.reading.kind,
        })
    }
}

/// Seconds after which a document is stale unless confirmed: a few turns of its refresh plan.
pub fn ttl_seconds(kind: DocumentKind) -> u32 {
    use DocumentKind as K;
    match kind {
        K::Interfaces | K::Lldp | K::Cdp | K::Stp | K::Lag => 120,
        _ => 900,
    }
}

/// What a device says about itself in the first exchange.
#[derive(Clone, Debug, Default)]
pub struct Introduction {
    /// The system group.
    pub system: System,
    /// All its addresses.
    pub addresses: Vec<InterfaceAddress>,
    /// Virtual routers it takes part in.
    pub vrrp: Vec<VrrpGroup>,
    /// LLDP neighbours.
    pub lldp: Lldp,
    /// CDP neighbours.
    pub cdp: Cdp,
}

/// Neighbours found in the large tables, for discovery to follow.
#[derive(Clone, Debug, Default)]
pub struct Contacts {
    /// OSPF neighbours.
    pub ospf: Ospf,
    /// BGP peers.
    pub bgp: Bgp,
    /// ARP and ND entries.
    pub neighbours: Vec<IpNeighbour>,
}

async fn timed<T>(reading: impl Future<Output = (Reading, T)>) -> (Timed, T) {
    let started = Utc::now();
    let (reading, extra) = reading.await;
    (Timed { reading, started, ended: Utc::now() }, extra)
}

async fn timed_only(reading: impl Future<Output = Reading>) -> Timed {
    timed(async { (reading.await, ()) }).await.0
}

const SCALARS: &[&[Oid]] = &[
    interfaces::SCALARS,
    lldp::SCALARS,
    cdp::SCALARS,
    bridge::SCALARS,
    vlans::SCALARS,
    stp::SCALARS,
    ospf::SCALARS,
    bgp::SCALARS,
    isis::SCALARS,
    routes::SCALARS,
];

/// Roots in an order that puts those of one sub-agent together.
const ROOTS: &[&[Oid]] = &[
    interfaces::ROOTS,
    addresses::ROOTS,
    neighbours::ROOTS,
    routes::ROOTS,
    ospf::ROOTS,
    bgp::ROOTS,
    bridge::ROOTS,
    stp::ROOTS,
    fdb::ROOTS,
    vlans::ROOTS,
    entity::ROOTS,
    vrrp::ROOTS,
    isis::ROOTS,
    lldp::ROOTS,
    cdp::ROOTS,
    lag::ROOTS,
];

/// Roots that the plan needs.
fn roots(plan: Plan) -> Vec<Oid> {
    let wanted: &[&[Oid]] = match plan {
        Plan::Tables => ROOTS,
        Plan::Links => &[interfaces::ROOTS, bridge::ROOTS, stp::ROOTS, lldp::ROOTS, cdp::ROOTS, lag::ROOTS],
    };
    wanted.iter().flat_map(|roots| roots.iter().cloned()).collect()
}

/// Prepares the questions: reads scalars and finds out which tables hold anything. `values` are the
/// answers to [`system::SCALARS`], which opening the session gave.
pub async fn prepare<'a>(
    source: &'a dyn TableSource,
    values: &[Option<Value>],
    plan: Plan,
    max_routes: u32,
) -> Agent<'a> {
    let enterprise = system::enterprise_of(values);
    let mut names: Vec<Oid> = SCALARS.iter().flat_map(|scalars| scalars.iter().cloned()).collect();
    names.extend(system::serial_scalar(enterprise));
    let roots = roots(plan);
    let (answers, present) = futures::join!(source.get(&names), source.present(&roots));
    let known = system::SCALARS.iter().cloned().zip(values.iter().cloned());
    // Without the scalars the tables are still read: they only lack declared counts.
    let more = names.into_iter().zip(answers.unwrap_or_default());
    let scalars: BTreeMap<Oid, Value> =
        known.chain(more).filter_map(|(oid, value)| Some((oid, value?))).collect();
    let present = roots.into_iter().zip(present).collect();
    Agent { source, scalars, present, enterprise, max_routes }
}

/// Reads who the device is and whom it announces.
pub async fn introduce(agent: &Agent<'_>, plan: Plan) -> (Introduction, Vec<Timed>) {
    let now = Utc::now();
    let system = Timed { reading: system::read(agent, now.timestamp()), started: now, ended: now };
    let addresses = async {
        if plan == Plan::Links {
            return None;
        }
        let (vrrp, groups) = timed(vrrp::read(agent)).await;
        let (addresses, list) = timed(addresses::read(agent, &groups)).await;
        Some((vrrp, groups, addresses, list))
    };
    let (addresses, (lldp_timed, lldp), (cdp_timed, cdp)) =
        futures::join!(addresses, timed(lldp::read(agent)), timed(cdp::read(agent)));
    let mut introduction = Introduction { lldp, cdp, ..Introduction::default() };
    if let Some(Document::System(document)) = &system.reading.document {
        introduction.system.clone_from(document);
    }
    let mut readings = vec![system];
    if let Some((vrrp, groups, addresses, list)) = addresses {
        introduction.vrrp = groups;
        introduction.addresses = list;
        readings.extend([vrrp, addresses]);
    }
    readings.extend([lldp_timed, cdp_timed]);
    (introduction, readings)
}

/// Reads everything else, handing each reading out as soon as it is there. `contacts` is told of
/// neighbours as soon as they are known.
pub async fn read_rest(
    agent: &Agent<'_>,
    plan: Plan,
    emit: &(dyn Fn(Timed) + Send + Sync),
    contacts: &(dyn Fn(Contacts) + Send + Sync),
) {
    let routing = async {
        if plan == Plan::Links {
            return;
        }
        let (reading, neighbours) = timed(neighbours::read(agent)).await;
        emit(reading);
        contacts(Contacts { neighbours, ..Contacts::default() });
        let (reading, ospf) = timed(ospf::read(agent)).await;
        emit(reading);
        let (reading, bgp) = timed(bgp::read(agent)).await;
        emit(reading);
        contacts(Contacts { ospf, bgp, ..Contacts::default() });
        emit(timed_only(isis::read(agent)).await);
        emit(timed_only(routes::read(agent)).await);
    };
    let hardware = async {
        if plan == Plan::Tables {
            emit(timed_only(entity::read(agent)).await);
        }
    };
    let interfaces = async {
        let (reading, interfaces) = timed(interfaces::read(agent)).await;
        let stack = reading.reading.completeness.clone();
        emit(reading);
        emit(timed_only(lag::read(agent, &interfaces, &stack)).await);
        interfaces
    };
    let started = Utc::now();
    let (interfaces, switching, (), ()) =
        futures::join!(interfaces, read_switching(agent, plan), routing, hardware);
    emit_switching(agent, switching, &interfaces, started, emit);
}

/// Bridge, VLANs, forwarding database and spanning tree, before ports are mapped to interfaces.
struct Switching {
    bridge: bridge::BridgeTable,
    stp: stp::StpTable,
    fdb: Option<fdb::FdbTable>,
    vlans: Option<Timed>,
}

async fn read_switching(agent: &Agent<'_>, plan: Plan) -> Switching {
    let (bridge, stp) = futures::join!(bridge::read(agent), stp::read(agent));
    let mut switching = Switching { bridge, stp, fdb: None, vlans: None };
    if plan == Plan::Links {
        return switching;
    }
    let (fdb, (vlans, ids)) =
        futures::join!(fdb::read(agent), timed(vlans::read(agent, &switching.bridge.ports)));
    switching.fdb = Some(fdb);
    switching.vlans = Some(vlans);
    if let Some(fdb) = &mut switching.fdb {
        vlan_contexts::read(agent, &ids, &mut switching.bridge, fdb, &mut switching.stp).await;
    }
    switching
}

fn emit_switching(
    agent: &Agent<'_>,
    switching: Switching,
    interfaces: &[Interface],
    started: DateTime<Utc>,
    emit: &(dyn Fn(Timed) + Send + Sync),
) {
    let ended = Utc::now();
    let timed = |reading| Timed { reading, started, ended };
    let is_interface = |index: u32| interfaces.iter().any(|interface| interface.index == index);
    let ports = switching.bridge.ports.clone();
    if let Some(fdb) = switching.fdb {
        emit(timed(fdb.document(&ports, is_interface)));
    }
    // A bridge that shows its ports VLAN by VLAN is read whole or not at all: a document that
    // lacks the VLANs would say that they are gone.
    let Some(vlans) = switching.vlans else {
        if !vlan_contexts::are_needed_for_stp(agent, &switching.stp) {
            emit(timed(switching.stp.document(agent, &ports, is_interface)));
        }
        return;
    };
    emit(timed(switching.stp.document(agent, &ports, is_interface)));
    emit(timed(switching.bridge.document(agent)));
    emit(vlans);
}
