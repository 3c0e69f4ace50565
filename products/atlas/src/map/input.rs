//! What one build takes: subjects with their documents, decisions, what was believed before.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use model::{Completeness, Document, DocumentKind, Method, Reason, Subject};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Assignment, EntityMemory, Link, Position};

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

/// What was believed before this build. Cheap to clone, apart from places.
#[derive(Clone, Debug, Default)]
pub struct Prior {
    /// The assignments of the last build, also of subjects that have gone meanwhile.
    pub assignments: Arc<Vec<Assignment>>,
    /// What every entity was recognised by, also of entities nobody speaks for at present.
    pub memory: Arc<Vec<EntityMemory>>,
    /// The links of the last build, of all layers, also those gone.
    pub links: Arc<Vec<Link>>,
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
#[derive(Clone, Debug)]
pub struct Input<'a> {
    /// The instant for which the map is drawn.
    pub now: DateTime<Utc>,
    /// All subjects of the tenant.
    pub subjects: Vec<&'a SubjectView>,
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
        let subjects = subjects.iter().collect();
        Self { now, subjects, prior, decisions: &[], limits: Limits::default() }
    }
}
