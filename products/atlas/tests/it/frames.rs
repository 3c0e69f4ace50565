//! What a real discovery of the lab read, replayed.

use std::collections::{BTreeMap, BTreeSet};

use atlas::map::{DocumentView, Failure, Layer, LinkKind, LinkState, Prior, SubjectView};
use model::{Frame, Subject};

use crate::net::*;

pub(crate) fn frames() -> Vec<Frame> {
    serde_json::from_str(include_str!("../fixtures/lab-frames.json")).unwrap()
}

pub(crate) fn views_of(frames: &[Frame]) -> Vec<SubjectView> {
    let mut views: BTreeMap<Subject, SubjectView> = BTreeMap::new();
    for frame in frames {
        let view =
            views.entry(frame.subject.clone()).or_insert_with(|| SubjectView::queried(frame.subject.clone()));
        match &frame.document {
            Some(document) => {
                view.documents.insert(
                    frame.kind,
                    DocumentView {
                        document: std::sync::Arc::new(document.clone()),
                        seen_at: frame.ended,
                        completeness: frame.completeness.clone(),
                        ttl_seconds: frame.ttl_seconds,
                    },
                );
            }
            None => view.failures.extend(frame.completeness.reason.clone().map(|reason| Failure {
                kind: Some(frame.kind),
                at: frame.ended,
                declared: frame.completeness.declared,
                read: frame.completeness.read,
                reason,
            })),
        }
    }
    views.into_values().collect()
}

#[test]
fn a_recorded_discovery_gives_exactly_the_truth() {
    let views = views_of(&frames());
    let at = views.iter().flat_map(|v| v.documents.values().map(|d| d.seen_at)).max().unwrap();
    let map = build_views(&views, &Prior::default(), at);
    let lab = crate::lab::lab();
    assert_eq!(map.entities.len(), 11);
    assert_eq!(cables(&map), lab.provable());
    let hand_built = lab.build();
    for kind in [LinkKind::Subnet, LinkKind::Ospf, LinkKind::Ospf3, LinkKind::Isis, LinkKind::Bgp] {
        assert_eq!(links(&map, Layer::L3, kind), links(&hand_built, Layer::L3, kind), "{kind:?}");
    }
    let not_up: Vec<String> =
        map.links.iter().filter(|l| l.state != LinkState::Up).map(|l| shown(&map, l)).collect();
    assert_eq!(not_up, Vec::<String>::new());
    let blocked: BTreeSet<String> = map.links.iter().filter(|l| l.blocked).map(|l| shown(&map, l)).collect();
    assert_eq!(blocked.len(), 1, "{blocked:?}");
    for entry in &map.unplaced {
        println!("{:?} {} {:?} {}", entry.what, entry.text, entry.seen_on, entry.reason.text);
    }
    let odd: Vec<&str> = reasons(&map).into_iter().filter(|code| *code != "endpoint-unknown").collect();
    assert_eq!(odd, Vec::<&str>::new());
}
