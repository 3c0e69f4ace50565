//! A digest of what a viewer can see of a map, without writing the map out.

use std::hash::Hash as _;

use super::{Entity, Evidence, Link, Map, Node, Unplaced};
use crate::digest::Sha;

impl Map {
    /// A digest of everything a viewer can see except times: it changes exactly when the revision
    /// of the map must.
    pub fn fingerprint(&self) -> [u8; 32] {
        let mut sha = Sha::default();
        let Self {
            generated_at: _,
            entities,
            assignments: _,
            memory: _,
            ambiguous,
            proposals,
            nodes,
            links,
            unplaced,
            events: _,
        } = self;
        each(entities, &mut sha, entity);
        (ambiguous, proposals).hash(&mut sha);
        each(nodes, &mut sha, node);
        each(links, &mut sha, link);
        each(unplaced, &mut sha, lost);
        sha.digest()
    }
}

fn each<T>(list: &[T], sha: &mut Sha, one: impl Fn(&T, &mut Sha)) {
    list.len().hash(sha);
    for item in list {
        one(item, sha);
    }
}

// Patterns without `..`: a new field is a decision about what a viewer sees.

fn entity(entity: &Entity, sha: &mut Sha) {
    let Entity { id, name, role, state, vendor, model, site, addresses, keys, subjects, last_seen: _ } =
        entity;
    (id, name, role, state, vendor, model, site).hash(sha);
    (addresses, keys, subjects).hash(sha);
}

fn node(node: &Node, sha: &mut Sha) {
    let Node { id, kind, role, name, addresses, x, y, state, status, vendor, model, site, degree, pinned } =
        node;
    (id, kind, role, name, addresses, x.to_bits(), y.to_bits()).hash(sha);
    (state, status, vendor, model, site, degree, pinned).hash(sha);
}

fn link(link: &Link, sha: &mut Sha) {
    let Link {
        id,
        layer,
        kind,
        a,
        b,
        state,
        confidence,
        grade,
        first_seen,
        last_seen: _,
        lag,
        blocked,
        evidence,
        contradictions,
    } = link;
    // Age makes confidence fade all the time: a tenth of it is news.
    let tenths = (confidence * 10.0).round() as i64;
    (id, layer, kind, a, b, state, tenths, grade).hash(sha);
    (first_seen, lag, blocked, contradictions).hash(sha);
    each(evidence, sha, |Evidence { source, method, seen_at: _, detail }, sha| {
        (source, method, detail).hash(sha);
    });
}

fn lost(unplaced: &Unplaced, sha: &mut Sha) {
    let Unplaced { id, what, text, seen_on, reason, rescan_helps, source, seen_at: _ } = unplaced;
    (id, what, text, seen_on, reason, rescan_helps, source).hash(sha);
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};
    use model::Subject;

    use crate::map::{Input, Map, Prior, SequentialIds, SubjectView};
    use crate::search::tests::device;

    fn map(views: &[SubjectView], at: DateTime<Utc>) -> Map {
        let prior = Prior::default();
        crate::build(&Input::new(at, views, &prior), &mut SequentialIds::new(DateTime::UNIX_EPOCH))
    }

    #[test]
    fn times_alone_are_no_news() {
        let views = [device(1, "core1", "10.1.0.1", 2), device(2, "core2", "10.1.0.2", 2)];
        let now = Utc::now();
        let first = map(&views, now);
        assert_eq!(first.fingerprint(), map(&views, now + TimeDelta::seconds(1)).fingerprint());
        let mut other = views.clone();
        other[1].subject = Subject::new("snmp", "10.1.0.3");
        assert_ne!(first.fingerprint(), map(&other, now).fingerprint());
        let mut moved = first.clone();
        moved.nodes[0].x += 1.0;
        assert_ne!(first.fingerprint(), moved.fingerprint());
    }
}
