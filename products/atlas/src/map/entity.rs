//! Resolved devices and what they are recognised by.

use std::net::IpAddr;

use chrono::{DateTime, Utc};
use model::Subject;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Freshness, Role};

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
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct AmbiguousKey {
    /// The key.
    pub key: IdentityKey,
    /// The entities that claim it.
    pub entities: Vec<Uuid>,
}

/// Two entities that may be one, to be decided by a person.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
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
