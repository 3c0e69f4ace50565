//! Links with their evidence.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::derived_id;

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
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
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
