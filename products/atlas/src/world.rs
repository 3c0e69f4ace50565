//! What is known of one tenant, in memory: subjects with their documents, and the map made of them.
//! Pure bookkeeping; the [`crate::service`] does the reading and writing.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use model::{DocumentKind, Frame, Subject};
use uuid::Uuid;

use crate::digest::{self, Short};
use crate::map::{DocumentView, Failure, Link, LinkState, Map, MapEvent, SubjectView};
use crate::slim::slim;
use crate::store::{Changes, Happening, Loaded};

/// The subjects of a tenant.
#[derive(Default)]
pub(crate) struct Subjects {
    /// Shared with the map in service: a change copies the one view it touches.
    pub(crate) views: BTreeMap<Subject, Arc<SubjectView>>,
    /// What each whole document says, in a digest: views hold what the engine needs of it.
    contents: BTreeMap<Subject, BTreeMap<DocumentKind, Short>>,
    /// Rises when a document or a subject is new.
    generation: u64,
}

/// The subjects as they were when a map was made of them, sorted.
#[derive(Clone, Default)]
pub(crate) struct Snapshot {
    views: Vec<Arc<SubjectView>>,
    intended: Vec<Arc<SubjectView>>,
    generation: u64,
}

impl Snapshot {
    /// Subjects that nobody keeps, for tests.
    #[cfg(test)]
    pub(crate) fn of(mut views: Vec<SubjectView>) -> Self {
        views.sort_by(|a, b| a.subject.cmp(&b.subject));
        let views = views.into_iter().map(Arc::new);
        let (intended, views) = views.partition(|view| view.subject.is_intended());
        Self { views, intended, generation: 0 }
    }

    /// What is known of one subject.
    pub(crate) fn get(&self, subject: &Subject) -> Option<&Arc<SubjectView>> {
        let views = if subject.is_intended() { &self.intended } else { &self.views };
        let at = views.binary_search_by(|view| view.subject.cmp(subject)).ok()?;
        views.get(at)
    }

    /// What sources of truth say: never part of the map.
    pub(crate) fn intended(&self) -> &[Arc<SubjectView>] {
        &self.intended
    }

    /// All that was observed.
    pub(crate) fn views(&self) -> &[Arc<SubjectView>] {
        &self.views
    }

    /// Both say the same, apart from when it was confirmed.
    pub(crate) fn same_content(&self, other: &Self) -> bool {
        self.generation == other.generation
    }
}

impl Subjects {
    /// Takes what was stored.
    pub(crate) fn stored(&mut self, loaded: Loaded) {
        match loaded {
            Loaded::Subject(view) => drop(self.views.insert(view.subject.clone(), Arc::new(view))),
            Loaded::Document(subject, view) => self.keep(&subject, view),
            Loaded::Failure(subject, failure) => {
                self.view_mut(&subject).into_iter().for_each(|view| view.failures.push(failure.clone()));
            }
        }
    }

    /// Keeps a document: its digest and what the engine needs of it.
    fn keep(&mut self, subject: &Subject, view: DocumentView) {
        let DocumentView { document, seen_at, completeness, ttl_seconds } = view;
        let kind = document.kind();
        let content = digest::of(&*document);
        let document = Arc::new(slim(Arc::unwrap_or_clone(document)));
        let Some(known) = self.view_mut(subject) else { return };
        known.documents.insert(kind, DocumentView { document, seen_at, completeness, ttl_seconds });
        self.contents.entry(subject.clone()).or_default().insert(kind, content);
    }

    /// The subjects as they are now.
    pub(crate) fn snapshot(&self) -> Snapshot {
        let all = self.views.values().cloned();
        let (intended, views) = all.partition(|view| view.subject.is_intended());
        Snapshot { views, intended, generation: self.generation }
    }

    fn view_mut(&mut self, subject: &Subject) -> Option<&mut SubjectView> {
        self.views.get_mut(subject).map(Arc::make_mut)
    }

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
        let content = self.contents.get(&subject).and_then(|kinds| kinds.get(&frame.kind));
        match held {
            Some(held)
                if content == Some(&digest::of(&document)) && held.completeness.complete == complete =>
            {
                changes.confirmed.push((subject, frame.kind, frame.ended));
            }
            held => {
                let replaces = held.is_some();
                let view = DocumentView {
                    document: Arc::new(document),
                    seen_at: frame.ended,
                    completeness: frame.completeness,
                    ttl_seconds: frame.ttl_seconds,
                };
                changes.documents.retain(|(other, kind, ..)| !(*other == subject && *kind == frame.kind));
                changes.documents.push((subject, frame.kind, view, replaces));
            }
        }
    }

    /// Takes stored changes over.
    pub(crate) fn apply(&mut self, changes: Changes) {
        self.generation += u64::from(!changes.subjects.is_empty() || !changes.documents.is_empty());
        for (subject, method) in changes.subjects {
            let view = self.views.entry(subject.clone()).or_insert_with(|| {
                let (documents, failures) = (BTreeMap::new(), Vec::new());
                Arc::new(SubjectView { subject, method, documents, failures })
            });
            Arc::make_mut(view).method = method;
        }
        for (subject, _, view, _) in changes.documents {
            self.keep(&subject, view);
        }
        for (subject, kind, at) in changes.confirmed {
            if let Some(view) = self.view_mut(&subject).and_then(|known| known.documents.get_mut(&kind)) {
                view.seen_at = at;
            }
        }
        for (subject, kind) in changes.mended {
            let failed = |view: &Arc<SubjectView>| view.failures.iter().any(|failure| failure.kind == kind);
            if let Some(known) = self.views.get_mut(&subject).filter(|view| failed(view)) {
                Arc::make_mut(known).failures.retain(|failure| failure.kind != kind);
            }
        }
        for (subject, failure) in changes.failures {
            if let Some(known) = self.view_mut(&subject) {
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

/// The events of a build in words, for the history of each device concerned.
pub(crate) fn happenings(map: &Map) -> Vec<Happening> {
    let names: HashMap<Uuid, &str> = map.nodes.iter().map(|node| (node.id, node.name.as_str())).collect();
    let links: HashMap<Uuid, &Link> = map.links.iter().map(|link| (link.id, link)).collect();
    let name = |id: &Uuid| names.get(id).map_or_else(|| id.to_string(), |name| (*name).to_owned());
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
                let Some(link) = links.get(link) else { continue };
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
    let entities = map.entity_ids();
    happenings.retain(|happening| entities.contains(&happening.entity));
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
        let (_, _, view, replaces) = &other.documents[0];
        assert_eq!((view.seen_at.timestamp(), *replaces), (30, true));
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
}
