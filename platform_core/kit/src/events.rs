//! Domain events: CloudEvents-shaped, written in the transaction of the change (platform.md 3).

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use crate::BoxFuture;
use crate::ctx::Ctx;
use crate::problem::Problem;

/// An event type as a plugin declares it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventType {
    /// Dotted, without tenant: `device.discovered`, `link.down`, `topology.changed`.
    pub name: &'static str,
    /// What it means and what its data holds.
    pub description: &'static str,
    /// The permission object whose `read` lets a user see it on a stream.
    pub object: &'static str,
}

/// An event to be published.
#[derive(Clone, Debug, Serialize)]
pub struct Event {
    /// Version 7 id: the deduplication key.
    pub id: Uuid,
    /// A declared [`EventType::name`].
    pub event_type: &'static str,
    /// Object path, e.g. `atlas/devices/<uuid>`; also the ordering key.
    pub subject: String,
    /// When it happened.
    pub time: DateTime<Utc>,
    /// Its data, at most 64 KiB as JSON.
    pub data: Value,
}

impl Event {
    /// An event that happens now.
    pub fn now(event_type: &'static str, subject: impl Into<String>, data: Value) -> Self {
        Self { id: Uuid::now_v7(), event_type, subject: subject.into(), time: Utc::now(), data }
    }
}

/// An event as delivered.
#[derive(Clone, Debug, Serialize)]
pub struct Delivered {
    /// Position in the tenant's log, opaque.
    pub cursor: String,
    /// The event's id.
    pub id: Uuid,
    /// The type.
    pub event_type: String,
    /// The subject.
    pub subject: String,
    /// When it happened.
    pub time: DateTime<Utc>,
    /// The data.
    pub data: Value,
}

/// A consumer of events. Delivery is at least once and in order per subject: consumers are
/// idempotent on the id.
pub trait EventHandler: Send + Sync {
    /// Handles one event in its tenant's name.
    fn handle<'a>(&'a self, ctx: &'a Ctx, event: &'a Delivered) -> BoxFuture<'a, Result<(), Problem>>;
}
