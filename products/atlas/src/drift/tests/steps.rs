//! Items over time: debounce, decisions, resolution, flapping.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use model::adoption::{InterfaceFact, Repair};
use uuid::Uuid;

use crate::drift::acceptance::{Verdict, chosen, would};
use crate::drift::workflow::{Items, State, Step, Turn, step};
use crate::drift::{
    Acceptance, AcceptanceRule, Accepted, ChangeRequest, Evidence, Finding, Kind, Patience, Report, Severity,
    Side, Type,
};

const PATIENT: Patience = Patience { longest: Duration::from_mins(30) };

fn at(minute: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_700_000_000, 0).unwrap() + TimeDelta::minutes(minute)
}

/// A finding of a rule, told by an observation of that minute.
fn finding(kind: Kind, attr: &'static str, seen: i64) -> Finding {
    let evidence = Evidence {
        side: Side::Observed,
        source: "snmp:10.0.0.1".into(),
        seen_at: at(seen),
        method: "interfaces".into(),
        detail: "mtu: 1500".into(),
    };
    Finding {
        id: Uuid::from_u128(7),
        kind,
        how: Type::Different,
        attr,
        severity: Severity::Medium,
        title: "core1 eth1".into(),
        device: None,
        entity: None,
        device_name: "core1".into(),
        site: String::new(),
        intended: Some("9000".into()),
        observed: Some("1500".into()),
        evidence: vec![evidence],
        repairs: Vec::new(),
        adopts: false,
        obstacle: None,
        held: false,
    }
}

/// The mtu of an interface: two observations, no time.
fn mtu(seen: i64) -> Finding {
    finding(Kind::Interface, "mtu", seen)
}

/// Items with what happens to them.
#[derive(Default)]
struct Story {
    items: Items,
}

impl Story {
    fn step(&mut self, minute: i64, findings: Vec<Finding>) -> Step {
        let report = Report { findings, ..Report::default() };
        let (items, step) = step(&self.items, &report, at(minute), PATIENT);
        self.items = items;
        step
    }

    fn state(&self) -> Option<State> {
        self.items.values().next().map(|item| item.state)
    }

    fn decide(&mut self, change: impl Fn(&crate::drift::Item) -> crate::drift::Item) {
        for item in self.items.values_mut() {
            *item = std::sync::Arc::new(change(item));
        }
    }
}

fn turns(step: &Step) -> Vec<Turn> {
    step.turns.iter().map(|(turn, _)| *turn).collect()
}

#[test]
fn an_item_opens_after_two_observations_and_is_resolved_when_it_is_gone() {
    let mut story = Story::default();
    assert!(story.step(0, vec![mtu(0)]).is_empty());
    // The same observation again counts once.
    assert!(story.step(1, vec![mtu(0)]).is_empty());
    assert_eq!(story.state(), Some(State::Pending));
    let opened = story.step(5, vec![mtu(5)]);
    assert_eq!((turns(&opened), opened.put.len()), (vec![Turn::Opened], 1));
    // Confirmation alone is not written.
    assert!(story.step(6, vec![mtu(6)]).is_empty());
    let resolved = story.step(10, vec![]);
    assert_eq!((turns(&resolved), resolved.put.len()), (vec![Turn::Resolved], 1));
    assert_eq!(story.state(), Some(State::Resolved));
    // It is forgotten after three months.
    assert_eq!(story.step(60 * 24 * 100, vec![]).removed.len(), 1);
}

#[test]
fn what_passes_never_opens() {
    let mut story = Story::default();
    story.step(0, vec![mtu(0)]);
    assert!(story.step(1, vec![]).is_empty());
    assert_eq!(story.state(), None);
}

#[test]
fn times_are_waited_for_and_cut() {
    let cable = |seen| vec![finding(Kind::Cable, "ends", seen)];
    let mut story = Story::default();
    for minute in [0, 10, 20, 29] {
        assert!(story.step(minute, cable(minute)).is_empty(), "minute {minute}");
    }
    assert_eq!(turns(&story.step(30, cable(30))), [Turn::Opened]);
    let hasty = Patience { longest: Duration::from_mins(5) };
    let report = |seen| Report { findings: cable(seen), ..Report::default() };
    let (items, _) = step(&Items::new(), &report(0), at(0), hasty);
    let (_, second) = step(&items, &report(5), at(5), hasty);
    assert_eq!(turns(&second), [Turn::Opened]);
}

#[test]
fn a_device_that_just_started_is_not_judged() {
    let held = |seen| vec![Finding { held: true, ..mtu(seen) }];
    let mut story = Story::default();
    for minute in 0..5 {
        assert!(story.step(minute, held(minute)).is_empty());
    }
    assert_eq!(turns(&story.step(6, vec![mtu(6)])), [Turn::Opened]);
}

fn nothing() -> Accepted {
    Accepted { request: Uuid::nil(), because: String::new(), rule: None }
}

fn open(story: &mut Story, from: i64) {
    story.step(from, vec![mtu(from)]);
    story.step(from + 1, vec![mtu(from + 1)]);
    assert_eq!(story.state(), Some(State::Open));
}

#[test]
fn an_ignored_item_stays_hidden_until_its_time_is_over() {
    let mut story = Story::default();
    open(&mut story, 0);
    story.decide(|item| item.ignored("known", Some(at(100)), "user:1", at(2)));
    assert!(story.step(50, vec![mtu(50)]).turns.is_empty());
    // It stays ignored also while it is not found.
    assert!(story.step(60, vec![]).turns.is_empty());
    assert_eq!(story.state(), Some(State::Ignored));
    assert_eq!(turns(&story.step(100, vec![mtu(100)])), [Turn::Opened]);
    assert_eq!(story.items.values().next().unwrap().reason, None);
}

#[test]
fn an_accepted_item_is_resolved_once_seen_and_opens_again_when_it_is_not() {
    let mut story = Story::default();
    open(&mut story, 0);
    story.decide(|item| item.accepted(nothing(), None, "user:1", at(2)));
    assert!(story.step(3, vec![mtu(3)]).turns.is_empty());
    assert_eq!(turns(&story.step(4, vec![])), [Turn::Resolved]);
    open(&mut story, 10);
    story.decide(|item| item.accepted(nothing(), None, "user:1", at(12)));
    assert!(story.step(20, vec![mtu(20)]).turns.is_empty());
    assert_eq!(turns(&story.step(30, vec![mtu(30)])), [Turn::Opened]);
}

#[test]
fn a_change_is_waited_for_told_when_it_is_late_and_ends_when_it_is_done() {
    let change = |due| ChangeRequest {
        assignee: Some("anna".into()),
        due,
        reference: Some("CHG-1".into()),
        overdue: false,
    };
    let mut story = Story::default();
    open(&mut story, 0);
    story.decide(|item| {
        item.change_requested(change(Some(at(100))), "replace the line card", "user:1", at(2))
    });
    assert!(story.step(99, vec![mtu(99)]).turns.is_empty());
    let late = story.step(100, vec![mtu(100)]);
    assert_eq!((turns(&late), late.put.len()), (vec![Turn::Overdue], 1));
    // Told once.
    assert!(story.step(101, vec![mtu(101)]).turns.is_empty());
    assert_eq!(story.state(), Some(State::ChangeRequested));
    assert!(story.items.values().next().unwrap().change.as_ref().unwrap().overdue);
    assert_eq!(turns(&story.step(110, vec![])), [Turn::Resolved]);
    // A new episode knows nothing of the old change.
    open(&mut story, 120);
    assert_eq!(story.items.values().next().unwrap().change, None);
    // Without a time nothing is late.
    story.decide(|item| item.change_requested(change(None), "some day", "user:1", at(122)));
    assert!(story.step(100_000, vec![mtu(100_000)]).turns.is_empty());
}

#[test]
fn what_accepting_wrote_is_kept_until_it_is_taken_back() {
    let mut story = Story::default();
    open(&mut story, 0);
    let what = Accepted { request: Uuid::from_u128(1), because: "seen".into(), rule: None };
    story.decide(|item| item.accepted(what.clone(), None, "user:1", at(2)));
    story.step(3, vec![]);
    assert_eq!(story.items.values().next().unwrap().accepted, Some(what));
    story.decide(|item| item.undone(at(4)));
    assert_eq!(
        (story.state(), &story.items.values().next().unwrap().accepted),
        (Some(State::Resolved), &None)
    );
    open(&mut story, 10);
}

#[test]
fn what_comes_and_goes_is_told_as_flapping_and_then_no_more() {
    let mut story = Story::default();
    let mut told = Vec::new();
    for round in 0..8 {
        let minute = round * 20;
        story.step(minute, vec![mtu(minute)]);
        told.extend(turns(&story.step(minute + 1, vec![mtu(minute + 1)])));
        if round < 7 {
            told.extend(turns(&story.step(minute + 10, vec![])));
        }
    }
    let item = story.items.values().next().unwrap();
    assert!(item.flapping && item.episodes == 8);
    let opened = told.iter().filter(|turn| **turn == Turn::Opened).count();
    let resolved = told.iter().filter(|turn| **turn == Turn::Resolved).count();
    assert_eq!((opened, resolved), (4, 3), "{told:?}");
}

#[test]
fn what_is_beyond_the_limit_is_not_resolved() {
    let mut story = Story::default();
    for minute in [0, 1, 5] {
        story.step(minute, vec![mtu(minute)]);
    }
    let id = Uuid::from_u128(7);
    let report = Report { shed: vec![id], ..Report::default() };
    let (items, changed) = step(&story.items, &report, at(10), PATIENT);
    assert!(changed.is_empty(), "{changed:?}");
    assert_eq!(items[&id].state, State::Open);
}

/// The mtu of an interface that accepting would set.
fn settable(seen: i64) -> Finding {
    let (interface, fact) = (Uuid::from_u128(5), InterfaceFact::Mtu(1500));
    Finding { repairs: vec![Repair::SetInterface { interface, fact }], ..mtu(seen) }
}

fn rule() -> Acceptance {
    serde_json::from_value(serde_json::json!({"name": "mtu"})).unwrap()
}

fn set(words: &[&str]) -> std::collections::BTreeSet<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

#[test]
fn a_rule_takes_what_it_names_once_that_is_old_enough() {
    let mut story = Story::default();
    story.step(0, vec![settable(0)]);
    story.step(1, vec![settable(1)]);
    let item = story.items.values().next().unwrap();
    let removal = Repair::RemoveInterface { interface: Uuid::from_u128(5) };
    let deletes = Finding { repairs: vec![removal], ..settable(2) };
    let held = Finding { held: true, ..settable(2) };
    let usual = settable(2);
    let cases: [(Acceptance, &Finding, i64, Verdict); 13] = [
        (rule(), &usual, 61, Verdict::Now),
        (rule(), &usual, 60, Verdict::Later),
        (Acceptance { kinds: [Kind::Interface].into(), ..rule() }, &usual, 61, Verdict::Now),
        (Acceptance { kinds: [Kind::Cable].into(), ..rule() }, &usual, 61, Verdict::Never),
        (Acceptance { types: [Type::Missing].into(), ..rule() }, &usual, 61, Verdict::Never),
        (Acceptance { fields: set(&["mtu"]), ..rule() }, &usual, 61, Verdict::Now),
        (Acceptance { fields: set(&["existence"]), ..rule() }, &usual, 61, Verdict::Never),
        (Acceptance { devices: set(&["core*"]), ..rule() }, &usual, 61, Verdict::Now),
        (Acceptance { sites: set(&["HQ"]), ..rule() }, &usual, 61, Verdict::Never),
        (Acceptance { sources: set(&["gnmi"]), ..rule() }, &usual, 61, Verdict::Never),
        (rule(), &deletes, 61, Verdict::Never),
        (Acceptance { allow_delete: true, ..rule() }, &deletes, 61, Verdict::Now),
        (rule(), &held, 61, Verdict::Never),
    ];
    for (n, (rule, finding, minute, right)) in cases.iter().enumerate() {
        assert_eq!(rule.verdict(item, finding, at(*minute)), *right, "case {n}");
    }
    let busy = crate::drift::Item { flapping: true, ..crate::drift::Item::clone(item) };
    assert_eq!(rule().verdict(&busy, &usual, at(61)), Verdict::Never, "what comes and goes is for people");
}

#[test]
fn rules_are_off_at_first_and_bounded_by_the_hour() {
    let findings: Vec<Finding> = (1..=5).map(|n| Finding { id: Uuid::from_u128(n), ..settable(0) }).collect();
    let mut story = Story::default();
    story.step(0, findings.clone());
    let again = findings.iter().map(|finding| Finding { evidence: settable(1).evidence, ..finding.clone() });
    story.step(1, again.collect());
    let report = Report { findings, ..Report::default() };
    let stored = |enabled, max_per_hour| {
        let rule = Acceptance { enabled, max_per_hour, min_age_minutes: 0, ..rule() };
        AcceptanceRule { id: Uuid::from_u128(9), rule, actor: "user:1".into(), updated_at: at(0) }
    };
    let chosen = |rule: AcceptanceRule, items: &Items, minute| {
        let found = chosen(&[rule], items, &report, at(minute), |id| id == Uuid::from_u128(1));
        found.into_iter().flat_map(|(_, ids)| ids).map(|id| id.as_u128()).collect::<Vec<u128>>()
    };
    assert_eq!(chosen(stored(false, 50), &story.items, 2), Vec::<u128>::new());
    assert_eq!(chosen(stored(true, 50), &story.items, 2), [2, 3, 4, 5], "the first was refused lately");
    assert_eq!(chosen(stored(true, 2), &story.items, 2), [2, 3]);
    assert_eq!(would(&stored(false, 1).rule, &story.items, &report, at(2)).0.len(), 5);
    // Two of this hour are spent, and free again after it.
    let by = Accepted { rule: Some(Uuid::from_u128(9)), ..nothing() };
    for id in [2, 3].map(Uuid::from_u128) {
        let item = story.items[&id].accepted(by.clone(), Some("Rule: mtu"), "system:atlas", at(2));
        story.items.insert(id, std::sync::Arc::new(item));
    }
    assert_eq!(chosen(stored(true, 2), &story.items, 30), Vec::<u128>::new());
    assert_eq!(chosen(stored(true, 2), &story.items, 63), [4, 5]);
}
