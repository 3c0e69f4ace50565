//! All devices of the tenant with the indexes by which others speak of them, and the registry of
//! neighbours that nobody asked.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::{IpAddr, Ipv4Addr};

use chrono::{DateTime, Utc};
use model::address::is_ambiguous;
use model::documents::LldpId;
use model::names::{canonical_host, is_default_name, short_host};
use model::{Mac, Reason};
use uuid::Uuid;

use super::device::{Device, clean};
use super::ports::{address_of, mac_of};
use crate::identity::keys::usable_serial;
use crate::map::{ReasonView, Role, SeenOn, Unplaced, UnplacedWhat, derived_id};

/// A node, before it has an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum NodeRef {
    /// Position of a device.
    Device(usize),
    /// Number of a stub (before unification).
    Stub(usize),
    /// Number of a segment.
    Segment(usize),
}

/// A place on a node.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum PortRef {
    /// Position in the device's interface table.
    Known(usize),
    /// A name that only neighbours told (no interface table).
    Named(String),
    /// Unknown.
    Open,
}

/// One end of a candidate link.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct EndRef {
    /// Node.
    pub node: NodeRef,
    /// Port.
    pub port: PortRef,
}

impl EndRef {
    /// An interface of a device.
    pub(crate) fn port(device: usize, at: usize) -> Self {
        Self { node: NodeRef::Device(device), port: PortRef::Known(at) }
    }

    /// A node without a port.
    pub(crate) fn node(node: NodeRef) -> Self {
        Self { node, port: PortRef::Open }
    }

    /// Device and interface positions, when both are known.
    pub(crate) fn known(&self) -> Option<(usize, usize)> {
        match (self.node, &self.port) {
            (NodeRef::Device(device), PortRef::Known(at)) => Some((device, *at)),
            _ => None,
        }
    }
}

/// Owners of one value: one is an identity, several are none.
type Owners<K> = HashMap<K, Vec<usize>>;

/// Loopback and documentation addresses: in most networks many hosts have one at once, in a
/// simulation or a lab they are addresses like any other.
#[derive(Default)]
struct Ambiguous {
    asked: Owners<(String, IpAddr)>,
    owned: Owners<(String, IpAddr)>,
}

impl Ambiguous {
    /// Those that tell: exactly one device answered there, or nobody was asked and one has it.
    fn settled(self) -> Owners<(String, IpAddr)> {
        let mut settled = self.owned;
        settled.extend(self.asked);
        settled.retain(|_, owners| owners.len() == 1);
        settled
    }
}

/// The host itself, or its link: nobody else can mean it.
fn is_every_host(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(v4) => !(v4.is_loopback() && v4 != Ipv4Addr::LOCALHOST || v4.is_documentation()),
        IpAddr::V6(v6) => !v6.segments().starts_with(&[0x2001, 0xdb8]),
    }
}

/// Indexes over all devices.
#[derive(Debug, Default)]
pub(crate) struct Index {
    chassis: Owners<(u8, Vec<u8>)>,
    macs: Owners<Mac>,
    addresses: Owners<(String, IpAddr)>,
    names: Owners<String>,
    short_names: Owners<String>,
    serials: Owners<String>,
    bridges: Owners<Mac>,
    cdp: Owners<String>,
    router_ids: Owners<(String, Ipv4Addr)>,
    system_ids: Owners<Vec<u8>>,
}

fn add<K: std::hash::Hash + Eq>(owners: &mut Owners<K>, key: K, device: usize) {
    let list = owners.entry(key).or_default();
    if list.last() != Some(&device) {
        list.push(device);
    }
}

/// The owners of a value in any of the routing domains.
fn among<T: Copy + std::hash::Hash + Eq>(
    owners: &Owners<(String, T)>,
    partitions: &BTreeSet<String>,
    value: T,
) -> Vec<usize> {
    let lists = partitions.iter().filter_map(|partition| owners.get(&(partition.clone(), value)));
    let all: BTreeSet<usize> = lists.flatten().copied().collect();
    all.into_iter().collect()
}

impl Index {
    fn of(devices: &[Device]) -> Self {
        let mut index = Self::default();
        let mut ambiguous = Ambiguous::default();
        for (at, device) in devices.iter().enumerate() {
            index.add_link_layer(at, device);
            index.add_addresses(at, device, &mut ambiguous);
            index.add_names(at, device);
            index.add_routing(at, device);
        }
        index.addresses.extend(ambiguous.settled());
        index
    }

    fn add_link_layer(&mut self, at: usize, device: &Device) {
        if let Some(chassis) = device.lldp().and_then(|(lldp, _)| lldp.chassis.as_ref()) {
            add(&mut self.chassis, (chassis.subtype, chassis.octets.clone()), at);
        }
        for mac in &device.own_macs {
            add(&mut self.macs, *mac, at);
        }
        let bridge = device.bridge().and_then(|(bridge, _)| bridge.address);
        let own = device.stp().and_then(|(stp, _)| stp.own.map(|id| id.mac));
        for mac in own.into_iter().chain(bridge) {
            add(&mut self.bridges, mac, at);
        }
    }

    fn add_addresses(&mut self, at: usize, device: &Device, ambiguous: &mut Ambiguous) {
        let owned =
            || device.ports.iter().flat_map(|port| &port.addresses).filter(|a| !a.shared).map(|a| a.ip);
        for partition in &device.partitions {
            let mut place = |ip: IpAddr, special: &mut Owners<(String, IpAddr)>| {
                if !is_ambiguous(ip) {
                    add(&mut self.addresses, (partition.clone(), ip), at);
                } else if !is_every_host(ip) {
                    add(special, (partition.clone(), ip), at);
                }
            };
            owned().for_each(|ip| place(ip, &mut ambiguous.owned));
            device.asked.iter().for_each(|ip| place(*ip, &mut ambiguous.asked));
        }
    }

    fn add_names(&mut self, at: usize, device: &Device) {
        let system = device.system().map(|(system, _)| system.name.as_str());
        let lldp = device.lldp().map(|(lldp, _)| lldp.name.as_str());
        for name in system.into_iter().chain(lldp).map(canonical_host) {
            if !is_default_name(&name) {
                add(&mut self.short_names, short_host(&name).to_owned(), at);
                add(&mut self.names, name, at);
            }
        }
        if let Some((cdp, _)) = device.cdp().filter(|(cdp, _)| !cdp.device_id.trim().is_empty()) {
            add(&mut self.cdp, clean(&cdp.device_id).to_lowercase(), at);
        }
        let scalar = device.system().and_then(|(system, _)| system.serial.clone());
        let chassis = device.hardware().map(|(components, _)| components.iter()).into_iter().flatten();
        let serials = chassis.filter(|c| c.class == 3).map(|c| c.serial.clone()).chain(scalar);
        for serial in serials.filter_map(|text| usable_serial(&text)) {
            add(&mut self.serials, serial, at);
        }
    }

    fn add_routing(&mut self, at: usize, device: &Device) {
        for partition in &device.partitions {
            if let Some((ospf, _)) = device.ospf() {
                for id in ospf.router_id.iter().chain(&ospf.router_id_v3) {
                    add(&mut self.router_ids, (partition.clone(), *id), at);
                }
            }
        }
        if let Some((isis, _)) = device.isis().filter(|(isis, _)| !isis.system_id.is_empty()) {
            add(&mut self.system_ids, isis.system_id.clone(), at);
        }
    }

    /// Devices by LLDP chassis id, as the device itself holds it or by what the id means.
    pub(crate) fn by_chassis(&self, id: &LldpId, partitions: &BTreeSet<String>) -> Vec<usize> {
        if let Some(owners) = self.chassis.get(&(id.subtype, id.octets.clone())) {
            return owners.clone();
        }
        let text = clean(&id.text());
        let from_mac = mac_of(id).filter(|mac| mac.is_station());
        match id.subtype {
            4 => from_mac.map_or_else(Vec::new, |mac| self.by_mac(mac).to_vec()),
            5 => address_of(id).map_or_else(Vec::new, |ip| self.by_address(partitions, ip)),
            // Some agents put the serial number, the name or a MAC as text where something else
            // was announced; each is tried as what it says.
            _ => {
                let serial = usable_serial(&text).and_then(|serial| self.serials.get(&serial).cloned());
                serial
                    .or_else(|| from_mac.map(|mac| self.by_mac(mac).to_vec()).filter(|list| !list.is_empty()))
                    .or_else(|| Some(self.by_name(&text)).filter(|list| !list.is_empty()))
                    .unwrap_or_default()
            }
        }
    }

    /// Devices that own a station MAC.
    pub(crate) fn by_mac(&self, mac: Mac) -> &[usize] {
        self.macs.get(&mac).map_or(&[], Vec::as_slice)
    }

    /// Devices whose bridge has this address.
    pub(crate) fn by_bridge(&self, mac: Mac) -> &[usize] {
        self.bridges.get(&mac).map_or(&[], Vec::as_slice)
    }

    /// Devices that own an address in one of the routing domains.
    pub(crate) fn by_address(&self, partitions: &BTreeSet<String>, ip: IpAddr) -> Vec<usize> {
        among(&self.addresses, partitions, ip)
    }

    /// Devices of this name: whole, else by the host part when one of both is unqualified.
    pub(crate) fn by_name(&self, name: &str) -> Vec<usize> {
        let name = canonical_host(&clean(name));
        if is_default_name(&name) {
            return Vec::new();
        }
        if let Some(owners) = self.names.get(&name) {
            return owners.clone();
        }
        if name.contains('.') {
            return self.names.get(short_host(&name)).cloned().unwrap_or_default();
        }
        self.short_names.get(&name).cloned().unwrap_or_default()
    }

    /// Devices by CDP device id: exact, with the serial in parentheses cut off, or as a name.
    pub(crate) fn by_cdp(&self, id: &str) -> Vec<usize> {
        let id = clean(id);
        if let Some(owners) = self.cdp.get(&id.to_lowercase()) {
            return owners.clone();
        }
        let bare = id.split('(').next().unwrap_or(&id);
        let by_name = self.by_name(bare);
        if !by_name.is_empty() {
            return by_name;
        }
        id.parse::<Mac>().map_or_else(|_| Vec::new(), |mac| self.by_mac(mac).to_vec())
    }

    /// Devices with this OSPF router id.
    pub(crate) fn by_router_id(&self, partitions: &BTreeSet<String>, id: Ipv4Addr) -> Vec<usize> {
        among(&self.router_ids, partitions, id)
    }

    /// Devices with this IS-IS system id.
    pub(crate) fn by_system_id(&self, id: &[u8]) -> &[usize] {
        self.system_ids.get(id).map_or(&[], Vec::as_slice)
    }
}

/// A neighbour that nobody asked.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stub {
    /// Best name.
    pub name: String,
    /// Addresses it announced.
    pub addresses: BTreeSet<IpAddr>,
    /// Role from announced capabilities.
    pub role: Option<Role>,
    /// Tokens by which it is known.
    pub tokens: BTreeSet<String>,
}

/// Stubs, unified when they share a token (chassis id, address, name at one port).
#[derive(Debug, Default)]
pub(crate) struct Stubs {
    parents: Vec<usize>,
    all: Vec<Stub>,
    tokens: BTreeMap<String, usize>,
}

impl Stubs {
    /// The stub known by any of the tokens; new when none is known yet.
    pub(crate) fn meet(
        &mut self,
        tokens: &[String],
        name: &str,
        addresses: &[IpAddr],
        role: Option<Role>,
    ) -> usize {
        let known: BTreeSet<usize> = tokens
            .iter()
            .filter_map(|token| self.tokens.get(token).copied())
            .map(|at| self.find(at))
            .collect();
        let at = known.first().copied().unwrap_or_else(|| {
            self.all.push(Stub::default());
            self.parents.push(self.all.len() - 1);
            self.all.len() - 1
        });
        for other in known.into_iter().skip(1) {
            self.parents[other] = at;
            let moved = std::mem::take(&mut self.all[other]);
            let stub = &mut self.all[at];
            stub.addresses.extend(moved.addresses);
            stub.tokens.extend(moved.tokens);
            stub.role = stub.role.or(moved.role);
            if stub.name.is_empty() {
                stub.name = moved.name;
            }
        }
        for token in tokens {
            self.tokens.insert(token.clone(), at);
        }
        let stub = &mut self.all[at];
        stub.tokens.extend(tokens.iter().cloned());
        stub.addresses.extend(addresses.iter().filter(|ip| !is_ambiguous(**ip)));
        stub.role = stub.role.or(role);
        if stub.name.is_empty() {
            name.clone_into(&mut stub.name);
        }
        at
    }

    /// The representative of a stub.
    pub(crate) fn find(&self, mut at: usize) -> usize {
        while self.parents[at] != at {
            at = self.parents[at];
        }
        at
    }

    /// The stub behind a number.
    pub(crate) fn get(&self, at: usize) -> &Stub {
        &self.all[self.find(at)]
    }

    /// The id of a stub: that of its first token, which is its chassis id when it announced one.
    pub(crate) fn id(&self, at: usize) -> Uuid {
        let token = self.get(at).tokens.first().map_or("", String::as_str);
        stub_id(token)
    }

    /// All representatives.
    pub(crate) fn all(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.all.len()).filter(|at| self.parents[*at] == *at)
    }
}

/// The node id of a stub known by this token.
pub(crate) fn stub_id(token: &str) -> Uuid {
    derived_id("atlas.stub", &[token])
}

/// A shared medium.
#[derive(Clone, Debug)]
pub(crate) struct Segment {
    /// Node id.
    pub id: Uuid,
    /// Name.
    pub name: String,
}

/// What topology works on.
#[derive(Debug)]
pub(crate) struct Scene {
    /// The instant.
    pub now: DateTime<Utc>,
    /// Devices by entity id.
    pub devices: Vec<Device>,
    /// Indexes.
    pub index: Index,
    /// Neighbours nobody asked.
    pub stubs: Stubs,
    /// Shared media.
    pub segments: Vec<Segment>,
    /// How ports named by neighbours only were spelled.
    pub spelled: BTreeMap<(NodeRef, String), String>,
    /// What could not be placed.
    pub unplaced: Vec<Unplaced>,
    /// Stub ids by which devices would have been drawn, had nobody asked them.
    pub stub_aliases: BTreeMap<Uuid, Uuid>,
}

impl Scene {
    /// Indexes the devices.
    pub(crate) fn new(devices: Vec<Device>, now: DateTime<Utc>) -> Self {
        Self {
            now,
            index: Index::of(&devices),
            devices,
            stubs: Stubs::default(),
            segments: Vec::new(),
            spelled: BTreeMap::new(),
            unplaced: Vec::new(),
            stub_aliases: BTreeMap::new(),
        }
    }

    /// A port known by name only.
    pub(crate) fn spell(&mut self, node: NodeRef, name: &str) -> PortRef {
        let shown = clean(name);
        let canonical = model::names::canonical_interface(&shown);
        if canonical.is_empty() {
            return PortRef::Open;
        }
        self.spelled.entry((node, canonical.clone())).or_insert(shown);
        PortRef::Named(canonical)
    }

    /// The interface name of an end.
    pub(crate) fn shown(&self, end: &EndRef) -> Option<String> {
        match (end.node, &end.port) {
            (NodeRef::Device(device), PortRef::Known(at)) => {
                Some(self.devices[device].ports[*at].name.clone())
            }
            (node, PortRef::Named(name)) => {
                Some(self.spelled.get(&(node, name.clone())).cloned().unwrap_or_else(|| name.clone()))
            }
            _ => None,
        }
    }

    /// `core1:eth1`, for sentences.
    pub(crate) fn text(&self, end: &EndRef) -> String {
        let node = match end.node {
            NodeRef::Device(device) => self.devices[device].name.clone(),
            NodeRef::Stub(stub) => self.stubs.get(stub).name.clone(),
            NodeRef::Segment(segment) => self.segments[segment].name.clone(),
        };
        self.shown(end).map_or(node.clone(), |port| format!("{node}:{port}"))
    }

    /// A new shared medium, identified by the place it hangs on.
    pub(crate) fn segment(&mut self, key: &[&str], name: String) -> NodeRef {
        let id = derived_id("atlas.segment", key);
        if let Some(at) = self.segments.iter().position(|segment| segment.id == id) {
            return NodeRef::Segment(at);
        }
        self.segments.push(Segment { id, name });
        NodeRef::Segment(self.segments.len() - 1)
    }

    /// Lists something that could not be placed.
    pub(crate) fn lost(
        &mut self,
        what: UnplacedWhat,
        text: impl Into<String>,
        seen_on: Option<(usize, Option<String>)>,
        reason: &Reason,
        source: &str,
        seen_at: Option<DateTime<Utc>>,
    ) {
        let text = text.into();
        let seen_on = seen_on.map(|(device, interface)| SeenOn {
            device_id: self.devices[device].id,
            name: self.devices[device].name.clone(),
            interface,
        });
        let place = seen_on.as_ref().map(|on| (on.device_id.to_string(), on.interface.clone()));
        let (device, interface) = place.unwrap_or_default();
        let what_text = format!("{what:?}");
        let id = derived_id(
            "atlas.unplaced",
            &[&what_text, &text, &device, interface.as_deref().unwrap_or(""), reason.code.as_str(), source],
        );
        self.unplaced.push(Unplaced {
            id,
            what,
            text,
            seen_on,
            reason: ReasonView::from(reason),
            rescan_helps: reason.code.rescan_helps(),
            source: source.to_owned(),
            seen_at,
        });
    }
}
