//! What goes into the engine and what comes out: plain values, no I/O.
//!
//! [`crate::build`] turns an [`Input`] (the documents of ONE tenant, what was believed before, what
//! people decided) into a [`Map`]. Equal input gives an equal map: identifiers of entities come from
//! an injected [`IdSource`], every other identifier is derived from what it names.
//! [`Map::topology`] is the answer of `GET /api/v1/atlas/topology`, field for field.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use model::{Completeness, Document, DocumentKind, Method, Reason, ReasonCode, Subject};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Mints identifiers of new entities.
pub trait IdSource {
    /// A new identifier; UUID version 7, so that age can be read from it.
    fn next_id(&mut self) -> Uuid;
}

/// Identifiers from the clock and the system's random source.
#[derive(Clone, Copy, Debug, Default)]
pub struct ClockIds;

impl IdSource for ClockIds {
    fn next_id(&mut self) -> Uuid {
        Uuid::now_v7()
    }
}

/// A reproducible sequence of version 7 identifiers, for tests, fixtures and one-shot maps.
#[derive(Clone, Debug)]
pub struct SequentialIds {
    unix_seconds: u64,
    next: u32,
}

impl SequentialIds {
    /// Starts a sequence whose embedded time is `start`.
    pub fn new(start: DateTime<Utc>) -> Self {
        Self { unix_seconds: u64::try_from(start.timestamp()).unwrap_or(0), next: 0 }
    }
}

impl IdSource for SequentialIds {
    fn next_id(&mut self) -> Uuid {
        self.next += 1;
        let mut tail = [0u8; 10];
        tail[6..].copy_from_slice(&self.next.to_be_bytes());
        uuid::Builder::from_unix_timestamp_millis(self.unix_seconds * 1000 + u64::from(self.next), &tail)
            .into_uuid()
    }
}

/// Derives a stable identifier (UUID version 8) from what it names.
pub fn derived_id(domain: &str, parts: &[&str]) -> Uuid {
    let mut hash = Sha256::new();
    hash.update(domain.as_bytes());
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    let digest = hash.finalize();
    let mut octets = [0u8; 16];
    octets.copy_from_slice(&digest[..16]);
    uuid::Builder::from_custom_bytes(octets).into_uuid()
}

/// One document as held by the store.
#[derive(Clone, Debug)]
pub struct DocumentView {
    /// The document. After a failed or partial reading the store keeps the last good one.
    pub document: Arc<Document>,
    /// When an answer last confirmed this content (the frame's `ended`).
    pub seen_at: DateTime<Utc>,
    /// Whether the frame this document came from held all rows.
    pub completeness: Completeness,
    /// Seconds after `seen_at` at which the document is stale.
    pub ttl_seconds: u32,
}

impl DocumentView {
    /// A complete document.
    pub fn complete(document: Document, seen_at: DateTime<Utc>, ttl_seconds: u32) -> Self {
        Self { document: Arc::new(document), seen_at, completeness: Completeness::complete(0), ttl_seconds }
    }
}

/// A reading that brought nothing usable: a refused table, a silent device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The table asked for; `None` when the subject as a whole did not answer.
    pub kind: Option<DocumentKind>,
    /// When.
    pub at: DateTime<Utc>,
    /// Rows declared by the device, when it declared any.
    pub declared: Option<u32>,
    /// Rows read.
    pub read: u32,
    /// Why.
    pub reason: Reason,
}

/// Everything known about one subject.
#[derive(Clone, Debug)]
pub struct SubjectView {
    /// Who, in the source's own identity.
    pub subject: Subject,
    /// How strongly the subject is bound to a device. Only `Queried` and `Stated` may create one.
    pub method: Method,
    /// The documents, one per heading.
    pub documents: BTreeMap<DocumentKind, DocumentView>,
    /// Readings that failed since the last good one of their table.
    pub failures: Vec<Failure>,
}

impl SubjectView {
    /// A subject that was asked and answered.
    pub fn queried(subject: Subject) -> Self {
        Self { subject, method: Method::Queried, documents: BTreeMap::new(), failures: Vec::new() }
    }

    /// Adds a complete document.
    #[must_use]
    pub fn with(mut self, document: Document, seen_at: DateTime<Utc>, ttl_seconds: u32) -> Self {
        self.documents.insert(document.kind(), DocumentView::complete(document, seen_at, ttl_seconds));
        self
    }
}

/// What a person decided about two subjects. Undone decisions are simply not passed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// The decision's own id.
    pub id: Uuid,
    /// One device or two.
    pub kind: DecisionKind,
    /// The two subjects.
    pub subjects: [Subject; 2],
}

/// The two things a person may decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DecisionKind {
    /// They are one device, whatever the evidence says.
    Link,
    /// They are two devices, whatever the evidence says.
    Unlink,
}

/// What was believed before this build.
#[derive(Clone, Debug, Default)]
pub struct Prior {
    /// The assignments of the last build, also of subjects that have gone meanwhile.
    pub assignments: Vec<Assignment>,
    /// What every entity was recognised by, also of entities nobody speaks for at present.
    pub memory: Vec<EntityMemory>,
    /// The links of the last build, of all layers, also those gone.
    pub links: Vec<Link>,
    /// Where nodes were drawn.
    pub positions: BTreeMap<Uuid, Position>,
    /// Where people put nodes: these never move.
    pub pins: BTreeMap<Uuid, Position>,
}

/// Bounds of one build.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Endpoints seen only in forwarding or neighbour tables that are listed as unplaced.
    pub endpoints: usize,
    /// Rows of the unplaced list in total.
    pub unplaced: usize,
    /// Days after which a link that is gone is no longer carried along.
    pub gone_days: i64,
    /// Subjects in one identity component; more are a sign of a key nobody should share.
    pub component: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { endpoints: 500, unplaced: 5000, gone_days: 30, component: 256 }
    }
}

/// Everything one build needs.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// The instant for which the map is drawn.
    pub now: DateTime<Utc>,
    /// All subjects of the tenant.
    pub subjects: &'a [SubjectView],
    /// What was believed before.
    pub prior: &'a Prior,
    /// What people decided.
    pub decisions: &'a [Decision],
    /// Bounds.
    pub limits: Limits,
}

impl<'a> Input<'a> {
    /// Input with default limits and no decisions.
    pub fn new(now: DateTime<Utc>, subjects: &'a [SubjectView], prior: &'a Prior) -> Self {
        Self { now, subjects, prior, decisions: &[], limits: Limits::default() }
    }
}

/// A place on the map in layout units (about pixels at zoom 1); y grows downwards.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Position {
    /// Left to right.
    pub x: f64,
    /// Top to bottom.
    pub y: f64,
}

/// A subject's place in an entity.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Assignment {
    /// The subject.
    pub subject: Subject,
    /// The entity it speaks for.
    pub entity: Uuid,
    /// Since when, without interruption.
    pub assigned_at: DateTime<Utc>,
    /// Why, in words: `created`, or the keys that agree and their points.
    pub reason: String,
    /// Log-odds points of the strongest agreement with another subject of the entity; 0 when alone.
    pub score: u32,
    /// The keys the subject offered, so that the device is recognised when it moves.
    pub keys: Vec<IdentityKey>,
}

/// What an entity was last recognised by: a device that moves to another address, or comes back
/// after it was forgotten, gets its identifier again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EntityMemory {
    /// The entity.
    pub entity: Uuid,
    /// Its keys when last seen.
    pub keys: Vec<IdentityKey>,
    /// When a subject last spoke for it.
    pub last_seen: DateTime<Utc>,
}

/// One key by which a device can be recognised.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct IdentityKey {
    /// What kind of key.
    pub kind: KeyKind,
    /// Its value, canonical; addresses and names carry their partition.
    pub value: String,
    /// Claimed by several devices that cannot be one: worth nothing until that is resolved.
    #[serde(default)]
    pub ambiguous: bool,
}

/// Kinds of identity keys, strongest group first (atlas.md 1.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyKind {
    /// Chassis serial number with vendor.
    Serial,
    /// dot1dBaseBridgeAddress, universally administered.
    BridgeMac,
    /// A universally administered interface MAC address; two shared ones count.
    InterfaceMac,
    /// snmpEngineID; counts with an agreeing boot line.
    Engine,
    /// OSPF router id, BGP identifier with AS, IS-IS system id.
    RouterId,
    /// LLDP chassis id.
    LldpChassis,
    /// One interface with the same MAC and IP address.
    AddressWithMac,
    /// Any interface address, or the address that was asked, in one partition.
    Address,
    /// Fully qualified sysName.
    Fqdn,
    /// Unqualified sysName.
    ShortName,
}

/// A key that several devices claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AmbiguousKey {
    /// The key.
    pub key: IdentityKey,
    /// The entities that claim it.
    pub entities: Vec<Uuid>,
}

/// Two entities that may be one, to be decided by a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// The two entities.
    pub entities: [Uuid; 2],
    /// A subject of each, as needed for a decision.
    pub subjects: [Subject; 2],
    /// Points, below the merge threshold.
    pub score: u32,
    /// The keys that agree.
    pub keys: Vec<IdentityKey>,
}

/// A resolved device.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entity {
    /// Stable id (UUID version 7).
    pub id: Uuid,
    /// sysName, else the best other name.
    pub name: String,
    /// What it does.
    pub role: Role,
    /// Whether its facts are current.
    pub state: Freshness,
    /// Manufacturer.
    pub vendor: Option<String>,
    /// Model.
    pub model: Option<String>,
    /// Place (sysLocation without coordinates).
    pub site: Option<String>,
    /// All usable addresses, those asked first.
    pub addresses: Vec<IpAddr>,
    /// Every key offered by its subjects.
    pub keys: Vec<IdentityKey>,
    /// Its subjects, sorted.
    pub subjects: Vec<Subject>,
    /// When any of its documents was last confirmed.
    pub last_seen: Option<DateTime<Utc>>,
}

/// Currency of a device's facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Freshness {
    /// Confirmed within the time to live.
    Fresh,
    /// Not confirmed for longer; nothing says it is gone.
    Stale,
    /// Positively absent.
    Gone,
}

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NodeKind {
    /// A resolved device.
    Device,
    /// A neighbour that others announce but nobody asked.
    Stub,
    /// A shared medium: an unmanaged switch, a hub, a broadcast domain, a subnet.
    Segment,
}

/// What a device does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Forwards packets.
    Router,
    /// Forwards packets and frames.
    L3Switch,
    /// Forwards frames.
    Switch,
    /// Filters.
    Firewall,
    /// An end system.
    Host,
    /// Wireless access point.
    Ap,
    /// Telephone.
    Phone,
    /// A shared medium.
    Segment,
    /// Nothing told.
    Unknown,
}

impl Role {
    /// The word used in JSON and exports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Router => "router",
            Self::L3Switch => "l3switch",
            Self::Switch => "switch",
            Self::Firewall => "firewall",
            Self::Host => "host",
            Self::Ap => "ap",
            Self::Phone => "phone",
            Self::Segment => "segment",
            Self::Unknown => "unknown",
        }
    }
}

/// Health shown on a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Answers, and its links are up.
    Ok,
    /// A link of it is down or its facts are stale.
    Warning,
    /// It does not answer.
    Critical,
    /// Never asked.
    Unknown,
}

/// A node of the map.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Node {
    /// Entity id, or an id derived from what a stub or segment is.
    pub id: Uuid,
    /// Device, stub or segment.
    pub kind: NodeKind,
    /// Role.
    pub role: Role,
    /// Name.
    pub name: String,
    /// Addresses.
    pub addresses: Vec<IpAddr>,
    /// Left to right.
    pub x: f64,
    /// Top to bottom.
    pub y: f64,
    /// Currency.
    pub state: Freshness,
    /// Health.
    pub status: Status,
    /// Manufacturer.
    pub vendor: Option<String>,
    /// Model.
    pub model: Option<String>,
    /// Place.
    pub site: Option<String>,
    /// Links of the layer that end here (of all layers inside [`Map::nodes`]).
    pub degree: u32,
    /// Put here by a person.
    pub pinned: bool,
}

/// The three maps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Layer {
    /// Cables.
    L1,
    /// Frames: cables that carry bridged traffic, aggregates, shared media.
    L2,
    /// Packets: subnets and routing adjacencies.
    L3,
}

impl Layer {
    /// All layers.
    pub const ALL: [Layer; 3] = [Layer::L1, Layer::L2, Layer::L3];

    /// `l1`, `l2`, `l3`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::L1 => "l1",
            Self::L2 => "l2",
            Self::L3 => "l3",
        }
    }

    /// Reads `l1`, `l2`, `l3`.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|layer| layer.as_str() == text)
    }
}

/// What a link is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LinkKind {
    /// One physical connection between two interfaces.
    Cable,
    /// A link aggregation group between two aggregates.
    Lag,
    /// Membership of an interface in a shared medium or subnet.
    Segment,
    /// OSPFv2 adjacency.
    Ospf,
    /// OSPFv3 adjacency.
    Ospf3,
    /// BGP session.
    Bgp,
    /// IS-IS adjacency.
    Isis,
    /// Two interfaces in one point-to-point subnet.
    Subnet,
}

impl LinkKind {
    /// The word used in JSON and exports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Cable => "cable",
            Self::Lag => "lag",
            Self::Segment => "segment",
            Self::Ospf => "ospf",
            Self::Ospf3 => "ospf3",
            Self::Bgp => "bgp",
            Self::Isis => "isis",
            Self::Subnet => "subnet",
        }
    }
}

/// One end of a link.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct End {
    /// Node id.
    pub device: Uuid,
    /// ifName, or the name a neighbour announced; `None` when unknown or meaningless (segments).
    pub interface: Option<String>,
}

/// State of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LinkState {
    /// Fresh evidence, both interfaces up as far as known.
    Up,
    /// The link is known and one of its interfaces or the adjacency is down.
    Down,
    /// Positively absent: complete tables no longer carry it.
    Gone,
    /// No fresh evidence for or against.
    Stale,
}

impl LinkState {
    /// The word used in JSON and exports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Down => "down",
            Self::Gone => "gone",
            Self::Stale => "stale",
        }
    }
}

/// Confidence in words (atlas.md 2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Grade {
    /// At least 0.95.
    Confirmed,
    /// At least 0.75.
    Likely,
    /// At least 0.5.
    Inferred,
    /// Below.
    Guess,
}

impl Grade {
    /// The grade of a confidence.
    pub fn of(confidence: f64) -> Self {
        match confidence {
            c if c >= 0.95 => Self::Confirmed,
            c if c >= 0.75 => Self::Likely,
            c if c >= 0.5 => Self::Inferred,
            _ => Self::Guess,
        }
    }

    /// The word used in JSON and exports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Likely => "likely",
            Self::Inferred => "inferred",
            Self::Guess => "guess",
        }
    }
}

/// One reason to believe in a link.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// Which subject said it, `snmp:10.1.1.1`.
    pub source: String,
    /// How: `lldp.two-sided`, `lacp.partner-port`, `fdb.facing` ...
    pub method: String,
    /// When that was last confirmed.
    pub seen_at: DateTime<Utc>,
    /// The facts.
    pub detail: String,
}

/// Something that speaks against a link, or against what another source says there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ContradictionNote {
    /// Stable code: `asymmetric`, `other-neighbour`, `speed-differs`, `oper-differs` ...
    pub code: String,
    /// The facts.
    pub text: String,
}

/// A link between two nodes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Link {
    /// Derived from layer, kind and ends: the same link has the same id in every build.
    pub id: Uuid,
    /// Layer.
    pub layer: Layer,
    /// Kind.
    pub kind: LinkKind,
    /// The end whose (node id, interface) sorts first.
    pub a: End,
    /// The other end.
    pub b: End,
    /// State.
    pub state: LinkState,
    /// 0 to 0.99; 1 when a person confirmed it.
    pub confidence: f64,
    /// The confidence in words.
    pub grade: Grade,
    /// When it was first drawn.
    pub first_seen: DateTime<Utc>,
    /// When evidence last confirmed it.
    pub last_seen: DateTime<Utc>,
    /// The LAG link a member cable belongs to.
    pub lag: Option<Uuid>,
    /// Spanning tree blocks it at one end.
    pub blocked: bool,
    /// Why it is believed.
    pub evidence: Vec<Evidence>,
    /// What speaks against it.
    pub contradictions: Vec<ContradictionNote>,
}

impl Link {
    /// The id of a link between two ends.
    pub fn id_of(layer: Layer, kind: LinkKind, a: &End, b: &End, extra: &str) -> Uuid {
        let (a, b) = if a <= b { (a, b) } else { (b, a) };
        derived_id(
            "atlas.link",
            &[
                layer.as_str(),
                kind.as_str(),
                &a.device.to_string(),
                a.interface.as_deref().unwrap_or(""),
                &b.device.to_string(),
                b.interface.as_deref().unwrap_or(""),
                extra,
            ],
        )
    }
}

/// What could not be placed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UnplacedWhat {
    /// A neighbour announced by LLDP, CDP or a routing protocol.
    Neighbour,
    /// An address that did not answer or belongs to nobody known.
    Address,
    /// A table that was withheld or read in part.
    Table,
    /// An end system known by its MAC address only.
    Mac,
}

/// Where something was seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenOn {
    /// Entity that saw it.
    pub device_id: Uuid,
    /// Its name.
    pub name: String,
    /// Its interface.
    pub interface: Option<String>,
}

/// The reason as the API shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReasonView {
    /// Stable code.
    pub code: ReasonCode,
    /// The facts of this case.
    pub text: String,
    /// What a person can do.
    pub remedy: String,
}

impl From<&Reason> for ReasonView {
    fn from(reason: &Reason) -> Self {
        Self { code: reason.code, text: reason.text.clone(), remedy: reason.remedy().to_owned() }
    }
}

/// One thing that could not be placed, with the reason and the remedy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Unplaced {
    /// Derived from what it is and where it was seen.
    pub id: Uuid,
    /// What it is.
    pub what: UnplacedWhat,
    /// Its name in words.
    pub text: String,
    /// Where it was seen.
    pub seen_on: Option<SeenOn>,
    /// Why it is here.
    pub reason: ReasonView,
    /// Whether asking again may change that.
    pub rescan_helps: bool,
    /// Which subject said it.
    pub source: String,
    /// When.
    pub seen_at: Option<DateTime<Utc>>,
}

/// What changed against the prior state.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum MapEvent {
    /// A device appeared.
    Created {
        /// The entity.
        entity: Uuid,
        /// Its name.
        name: String,
    },
    /// Entities turned out to be one.
    Merged {
        /// The survivor.
        into: Uuid,
        /// The id that is now an alias of the survivor.
        from: Uuid,
    },
    /// Subjects left an entity for another one.
    Split {
        /// The entity they left.
        from: Uuid,
        /// Where they are now.
        into: Uuid,
    },
    /// The hardware of a device was replaced (same name and address, other serial).
    Replaced {
        /// The entity.
        entity: Uuid,
    },
    /// A link appeared, came up, went down, disappeared or went stale.
    Link {
        /// The link.
        link: Uuid,
        /// Its layer.
        layer: Layer,
        /// Its state before; `None` when new.
        before: Option<LinkState>,
        /// Its state now.
        after: LinkState,
    },
}

/// The result of one build.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Map {
    /// The instant it is drawn for.
    pub generated_at: DateTime<Utc>,
    /// Resolved devices by id.
    pub entities: Vec<Entity>,
    /// Which subject speaks for which entity, for every bound subject; to be passed as prior.
    pub assignments: Vec<Assignment>,
    /// What every entity of the last months was recognised by; to be passed as prior.
    pub memory: Vec<EntityMemory>,
    /// Keys that lost their meaning.
    pub ambiguous: Vec<AmbiguousKey>,
    /// Pairs a person should look at.
    pub proposals: Vec<Proposal>,
    /// Devices, stubs and segments of all layers, with positions.
    pub nodes: Vec<Node>,
    /// Links of all layers, also those gone; to be passed as prior.
    pub links: Vec<Link>,
    /// What could not be placed.
    pub unplaced: Vec<Unplaced>,
    /// What changed against the prior state.
    pub events: Vec<MapEvent>,
}

/// One layer of the map: the answer of `GET /api/v1/atlas/topology`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Topology {
    /// Layer.
    pub layer: Layer,
    /// When the map was computed.
    pub generated_at: DateTime<Utc>,
    /// Revision of the stored map.
    pub revision: i64,
    /// Nodes.
    pub nodes: Vec<Node>,
    /// Links.
    pub links: Vec<Link>,
    /// Reserved for compound hulls; empty.
    pub groups: Vec<serde_json::Value>,
}

impl Map {
    /// One layer: all devices, and those stubs and segments that carry a link of the layer.
    pub fn topology(&self, layer: Layer, revision: i64) -> Topology {
        let links: Vec<Link> = self.links.iter().filter(|link| link.layer == layer).cloned().collect();
        let mut degree: BTreeMap<Uuid, u32> = BTreeMap::new();
        for link in &links {
            for end in [&link.a, &link.b] {
                let count = degree.entry(end.device).or_default();
                *count += u32::from(link.state != LinkState::Gone);
            }
        }
        let nodes = self
            .nodes
            .iter()
            .filter(|node| node.kind == NodeKind::Device || degree.contains_key(&node.id))
            .cloned()
            .map(|mut node| {
                node.degree = degree.get(&node.id).copied().unwrap_or(0);
                node
            })
            .collect();
        Topology { layer, generated_at: self.generated_at, revision, nodes, links, groups: Vec::new() }
    }

    /// What the next build needs to know of this one.
    pub fn to_prior(&self, pins: BTreeMap<Uuid, Position>) -> Prior {
        Prior {
            assignments: self.assignments.clone(),
            memory: self.memory.clone(),
            links: self.links.clone(),
            positions: self.nodes.iter().map(|node| (node.id, Position { x: node.x, y: node.y })).collect(),
            pins,
        }
    }

    /// A digest of everything a viewer can see except times: it changes exactly when the revision
    /// of the map must.
    pub fn fingerprint(&self) -> [u8; 32] {
        let mut seen = self.clone();
        let epoch = DateTime::<Utc>::UNIX_EPOCH;
        seen.generated_at = epoch;
        seen.events.clear();
        seen.assignments.clear();
        seen.memory.clear();
        for link in &mut seen.links {
            link.last_seen = epoch;
            link.confidence = (link.confidence * 10.0).round() / 10.0;
            link.evidence.iter_mut().for_each(|evidence| evidence.seen_at = epoch);
        }
        seen.entities.iter_mut().for_each(|entity| entity.last_seen = None);
        seen.unplaced.iter_mut().for_each(|entry| entry.seen_at = None);
        let text = serde_json::to_vec(&seen).unwrap_or_default();
        Sha256::digest(text).into()
    }

    /// The ids of all entities, for membership tests.
    pub fn entity_ids(&self) -> BTreeSet<Uuid> {
        self.entities.iter().map(|entity| entity.id).collect()
    }
}
