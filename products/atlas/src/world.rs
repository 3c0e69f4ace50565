//! What is known of one tenant, in memory: subjects with their documents, and the map made of them.
//! Pure bookkeeping; the [`crate::service`] does the reading and writing.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use kit::Problem;
use model::{DocumentKind, Frame, Subject};
use serde_json::Value;
use uuid::Uuid;

use crate::map::{
    Assignment, DocumentView, EntityMemory, Failure, Link, LinkState, Map, MapEvent, Position, Prior,
    SubjectView, derived_id,
};
use crate::store::{Changes, Happening, Part, PartChange};

/// The subjects of a tenant.
#[derive(Default)]
pub(crate) struct Subjects {
    pub(crate) views: BTreeMap<Subject, SubjectView>,
    /// Since when each document says what it says.
    pub(crate) begun: BTreeMap<(Subject, DocumentKind), DateTime<Utc>>,
}

impl Subjects {
    /// What the frames change. Nothing is taken over yet: that happens in [`Self::apply`], after the
    /// changes are stored.
    pub(crate) fn changes(&self, frames: Vec<Frame>) -> Changes {
        let mut changes = Changes::default();
        for frame in frames {
            self.change(&mut changes, frame);
        }
        changes
    }

    fn change(&self, changes: &mut Changes, frame: Frame) {
        let subject = frame.subject.clone();
        let known = self.views.get(&subject);
        let announced = changes.subjects.iter().any(|(other, _)| *other == subject);
        if !announced && known.is_none_or(|known| known.method != frame.method) {
            changes.subjects.push((subject.clone(), frame.method));
        }
        let held = known.and_then(|known| known.documents.get(&frame.kind));
        let complete = frame.completeness.complete;
        let Some(document) = frame.document else {
            let whole = frame.kind == DocumentKind::System;
            changes
                .failures
                .push((subject, failure(&frame.completeness, frame.ended, (!whole).then_some(frame.kind))));
            return;
        };
        if frame.kind == DocumentKind::System {
            changes.mended.push((subject.clone(), None));
        }
        if complete {
            changes.mended.push((subject.clone(), Some(frame.kind)));
        } else {
            changes
                .failures
                .push((subject.clone(), failure(&frame.completeness, frame.ended, Some(frame.kind))));
            // A partial reading closes nothing: an earlier good document stays.
            if held.is_some_and(|held| held.completeness.complete) {
                return;
            }
        }
        match held {
            Some(held) if *held.document == document && held.completeness.complete == complete => {
                changes.confirmed.push((subject, frame.kind, frame.ended));
            }
            held => {
                let old = held.map(|held| {
                    let begun =
                        self.begun.get(&(subject.clone(), frame.kind)).copied().unwrap_or(held.seen_at);
                    (held.document.clone(), begun)
                });
                let view = DocumentView {
                    document: Arc::new(document),
                    seen_at: frame.ended,
                    completeness: frame.completeness,
                    ttl_seconds: frame.ttl_seconds,
                };
                changes.documents.retain(|(other, kind, ..)| !(*other == subject && *kind == frame.kind));
                changes.documents.push((subject, frame.kind, view, old));
            }
        }
    }

    /// Takes stored changes over.
    pub(crate) fn apply(&mut self, changes: Changes) {
        for (subject, method) in changes.subjects {
            self.views
                .entry(subject.clone())
                .or_insert_with(|| SubjectView {
                    subject,
                    method,
                    documents: BTreeMap::new(),
                    failures: Vec::new(),
                })
                .method = method;
        }
        for (subject, kind, view, _) in changes.documents {
            self.begun.insert((subject.clone(), kind), view.seen_at);
            if let Some(known) = self.views.get_mut(&subject) {
                known.documents.insert(kind, view);
            }
        }
        for (subject, kind, at) in changes.confirmed {
            if let Some(view) = self.views.get_mut(&subject).and_then(|known| known.documents.get_mut(&kind))
            {
                view.seen_at = at;
            }
        }
        for (subject, kind) in changes.mended {
            if let Some(known) = self.views.get_mut(&subject) {
                known.failures.retain(|failure| failure.kind != kind);
            }
        }
        for (subject, failure) in changes.failures {
            if let Some(known) = self.views.get_mut(&subject) {
                known.failures.retain(|other| other.kind != failure.kind);
                known.failures.push(failure);
            }
        }
    }
}

fn failure(completeness: &model::Completeness, at: DateTime<Utc>, kind: Option<DocumentKind>) -> Failure {
    let reason = completeness
        .reason
        .clone()
        .unwrap_or_else(|| model::Reason::new(model::ReasonCode::PartialTable, "the reading ended early"));
    Failure { kind, at, declared: completeness.declared, read: completeness.read, reason }
}

/// What was stored of the last map, to go on from.
pub(crate) fn prior(
    parts: &BTreeMap<Uuid, (Part, Value)>,
    pins: BTreeMap<Uuid, Position>,
) -> Result<Prior, Problem> {
    let mut prior = Prior { pins, ..Prior::default() };
    for (part, body) in parts.values() {
        let body = body.clone();
        match part {
            Part::Entity => {}
            Part::Assignment => prior.assignments.push(read::<Assignment>(body)?),
            Part::Memory => prior.memory.push(read::<EntityMemory>(body)?),
            Part::Link => prior.links.push(read::<Link>(body)?),
            Part::Place => {
                let (node, at): (Uuid, Position) = read(body)?;
                prior.positions.insert(node, at);
            }
        }
    }
    Ok(prior)
}

fn read<T: serde::de::DeserializeOwned>(body: Value) -> Result<T, Problem> {
    serde_json::from_value(body).map_err(Problem::internal)
}

/// The parts of a map. Times of confirmation are left out of nothing: a part is written when
/// anything in it changed, and links are rounded to the minute so that this stays rare.
pub(crate) fn parts(map: &Map) -> Result<BTreeMap<Uuid, (Part, Value)>, Problem> {
    let mut parts = BTreeMap::new();
    let value = |value: Result<Value, serde_json::Error>| value.map_err(Problem::internal);
    for entity in &map.entities {
        let mut entity = entity.clone();
        entity.last_seen = entity.last_seen.map(to_minute);
        parts.insert(entity.id, (Part::Entity, value(serde_json::to_value(&entity))?));
    }
    for assignment in &map.assignments {
        let subject = &assignment.subject;
        let id = derived_id("atlas.assignment", &[&subject.source, &subject.partition, &subject.key]);
        parts.insert(id, (Part::Assignment, value(serde_json::to_value(assignment))?));
    }
    for memory in &map.memory {
        let mut memory = memory.clone();
        memory.last_seen = to_minute(memory.last_seen);
        let id = derived_id("atlas.memory", &[&memory.entity.to_string()]);
        parts.insert(id, (Part::Memory, value(serde_json::to_value(&memory))?));
    }
    for link in &map.links {
        let mut link = link.clone();
        link.last_seen = to_minute(link.last_seen);
        link.evidence.iter_mut().for_each(|evidence| evidence.seen_at = to_minute(evidence.seen_at));
        parts.insert(link.id, (Part::Link, value(serde_json::to_value(&link))?));
    }
    for node in &map.nodes {
        let at = Position { x: node.x, y: node.y };
        let id = derived_id("atlas.place", &[&node.id.to_string()]);
        parts.insert(id, (Part::Place, value(serde_json::to_value((node.id, at)))?));
    }
    Ok(parts)
}

fn to_minute(at: DateTime<Utc>) -> DateTime<Utc> {
    DateTime::from_timestamp(at.timestamp() / 60 * 60, 0).unwrap_or(at)
}

/// What must be written to get from one set of parts to another.
pub(crate) fn difference(
    before: &BTreeMap<Uuid, (Part, Value)>,
    after: &BTreeMap<Uuid, (Part, Value)>,
) -> PartChange {
    let put = after
        .iter()
        .filter(|(id, new)| before.get(id) != Some(new))
        .map(|(id, (part, body))| (*id, *part, body.clone()))
        .collect();
    let removed = before.keys().filter(|id| !after.contains_key(id)).copied().collect();
    PartChange { put, removed }
}

/// The events of a build in words, for the history of each device concerned.
pub(crate) fn happenings(map: &Map) -> Vec<Happening> {
    let name = |id: &Uuid| {
        map.nodes.iter().find(|node| node.id == *id).map_or_else(|| id.to_string(), |node| node.name.clone())
    };
    let at = map.generated_at;
    let one = |entity: Uuid, kind: &str, text: String| Happening {
        entity,
        at,
        kind: kind.to_owned(),
        text,
        before: None,
        after: None,
    };
    let mut happenings = Vec::new();
    for event in &map.events {
        match event {
            MapEvent::Created { entity, name } => {
                happenings.push(one(*entity, "appeared", format!("{name} was discovered")));
            }
            MapEvent::Merged { into, from } => {
                happenings.push(one(*into, "merged", format!("device {from} turned out to be this one")));
            }
            MapEvent::Split { from, into } => {
                happenings.push(one(*from, "split", format!("a part of it is now {}", name(into))));
                happenings.push(one(*into, "split", format!("split off {}", name(from))));
            }
            MapEvent::Replaced { entity } => {
                happenings.push(one(*entity, "replaced", "the hardware was replaced".to_owned()));
            }
            MapEvent::Link { link, before, after, .. } => {
                let Some(link) = map.links.iter().find(|known| known.id == *link) else { continue };
                for (here, there) in [(&link.a, &link.b), (&link.b, &link.a)] {
                    let port = here.interface.as_deref().unwrap_or("?");
                    let far = there.interface.as_deref().map(|port| format!(" {port}")).unwrap_or_default();
                    let text = format!(
                        "{} {port} - {}{far}: {}",
                        link.kind.as_str(),
                        name(&there.device),
                        after.as_str()
                    );
                    let mut happening = one(here.device, &format!("link.{}", after.as_str()), text);
                    happening.before = before.map(|state: LinkState| state.as_str().into());
                    happening.after = Some(after.as_str().into());
                    happenings.push(happening);
                }
            }
        }
    }
    happenings.retain(|happening| map.entities.iter().any(|entity| entity.id == happening.entity));
    happenings
}

#[cfg(test)]
mod tests {
    use model::{Completeness, Document, Method, Reason, ReasonCode};

    use super::*;

    fn frame(second: i64, document: Option<Document>, complete: bool) -> Frame {
        let at = DateTime::from_timestamp(second, 0).unwrap();
        let completeness = if complete {
            Completeness::complete(1)
        } else {
            Completeness::partial(0, Reason::new(ReasonCode::Timeout, "silent"))
        };
        Frame {
            subject: Subject::new("snmp", "192.0.2.1"),
            method: Method::Queried,
            started: at,
            ended: at,
            completeness,
            ttl_seconds: 60,
            kind: DocumentKind::Fdb,
            document,
        }
    }

    fn fdb(port: u32) -> Document {
        Document::Fdb(vec![model::documents::FdbEntry {
            vlan: 1,
            mac: model::Mac([0, 1, 2, 3, 4, 5]),
            port,
            if_index: None,
            status: model::documents::FdbStatus::Learned,
        }])
    }

    #[test]
    fn equal_content_confirms_and_new_content_keeps_the_old() {
        let mut subjects = Subjects::default();
        let first = subjects.changes(vec![frame(10, Some(fdb(1)), true)]);
        assert_eq!((first.subjects.len(), first.documents.len()), (1, 1));
        subjects.apply(first);
        let same = subjects.changes(vec![frame(20, Some(fdb(1)), true)]);
        assert_eq!((same.subjects.len(), same.documents.len(), same.confirmed.len()), (0, 0, 1));
        subjects.apply(same);
        let other = subjects.changes(vec![frame(30, Some(fdb(2)), true)]);
        let (_, _, view, old) = &other.documents[0];
        assert_eq!((view.seen_at.timestamp(), old.as_ref().unwrap().1.timestamp()), (30, 10));
    }

    #[test]
    fn failed_and_partial_readings_close_nothing() {
        let mut subjects = Subjects::default();
        subjects.apply(subjects.changes(vec![frame(10, Some(fdb(1)), true)]));
        for bad in [frame(20, None, false), frame(20, Some(Document::Fdb(vec![])), false)] {
            let changes = subjects.changes(vec![bad]);
            assert_eq!((changes.documents.len(), changes.failures.len()), (0, 1));
            subjects.apply(changes);
        }
        let view = subjects.views.values().next().unwrap();
        assert_eq!(view.failures.len(), 1);
        assert_eq!(*view.documents[&DocumentKind::Fdb].document, fdb(1));
        subjects.apply(subjects.changes(vec![frame(30, Some(fdb(1)), true)]));
        assert!(subjects.views.values().next().unwrap().failures.is_empty());
    }

    #[test]
    fn differences_are_small() {
        let id = Uuid::from_u128;
        let before: BTreeMap<_, _> =
            [(id(1), (Part::Link, Value::from(1))), (id(2), (Part::Link, Value::from(2)))].into();
        let after: BTreeMap<_, _> =
            [(id(2), (Part::Link, Value::from(3))), (id(3), (Part::Entity, Value::from(4)))].into();
        let change = difference(&before, &after);
        assert_eq!(change.removed, [id(1)]);
        assert_eq!(change.put.iter().map(|(id, ..)| *id).collect::<Vec<_>>(), [id(2), id(3)]);
    }
}
