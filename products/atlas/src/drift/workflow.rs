//! From findings to items: debounce, opening, decisions, resolution, flapping. Pure: one step takes the
//! items there are and what was found, and gives the items there are now, with what must be written.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Evidence, Finding, Kind, Report, Severity, Type, rules, words};

/// An accepted difference that is still found after this time is open again.
const ACCEPTED_MINUTES: i64 = 15;
/// Resolved items are kept for this long.
const KEPT_DAYS: i64 = 90;
/// Resolved items kept at most, the newest.
const KEPT: usize = 20_000;
/// More openings than this within a day are flapping: told once, not every time.
const FLAPPING: usize = 3;
/// What only confirms an item is written this often.
const CONFIRMED_MINUTES: i64 = 10;

words! {
    /// Where an item is on its way.
    State {
        /// Found, and not yet for long enough.
        Pending = "pending",
        /// To be decided on.
        Open = "open",
        /// Somebody does not want to see it for a while.
        Ignored = "ignored",
        /// Written to the source of truth; resolved once that is seen.
        Accepted = "accepted",
        /// The network is to be changed; resolved once that is seen.
        ChangeRequested = "change_requested",
        /// No longer found.
        Resolved = "resolved",
    }
}

/// A change of the network that would put a difference right.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct ChangeRequest {
    /// Who is to do it: a name or an address.
    pub(crate) assignee: Option<String>,
    /// When it is to be done.
    pub(crate) due: Option<DateTime<Utc>>,
    /// The ticket: its number, or its address.
    pub(crate) reference: Option<String>,
    /// The time is over and the difference is still found.
    #[serde(default)]
    pub(crate) overdue: bool,
}

/// How long differences must last.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    /// Rules that ask for more are cut to this.
    pub(crate) longest: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { longest: Duration::from_mins(30) }
    }
}

impl Patience {
    /// The time asked for, cut.
    pub(super) fn cut(self, asked: Duration) -> TimeDelta {
        TimeDelta::from_std(asked.min(self.longest)).unwrap_or_default()
    }
}

/// One difference over time: many episodes, one item.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Item {
    /// The finding's id.
    pub(crate) id: Uuid,
    /// What drifted.
    pub(crate) kind: Kind,
    /// How.
    #[serde(rename = "type")]
    pub(crate) how: Type,
    /// Which attribute; empty for existence.
    pub(crate) attr: String,
    /// How bad.
    pub(crate) severity: Severity,
    /// Where it is on its way.
    pub(crate) state: State,
    /// What it is about.
    pub(crate) title: String,
    /// The intended device's record.
    pub(crate) device: Option<Uuid>,
    /// The observed device.
    pub(crate) entity: Option<Uuid>,
    /// The device's name.
    pub(crate) device_name: String,
    /// The site.
    pub(crate) site: String,
    /// What should be.
    pub(crate) intended: Option<String>,
    /// What is.
    pub(crate) observed: Option<String>,
    /// Who says so.
    pub(crate) evidence: Vec<Evidence>,
    /// Accepting can write it.
    pub(crate) acceptable: bool,
    /// Why accepting cannot.
    pub(crate) obstacle: Option<String>,
    /// When this episode began.
    pub(crate) first_seen: DateTime<Utc>,
    /// When it was last found.
    pub(crate) last_seen: DateTime<Utc>,
    /// When it opened.
    pub(crate) opened_at: Option<DateTime<Utc>>,
    /// When it was no longer found.
    pub(crate) resolved_at: Option<DateTime<Utc>>,
    /// Observations of this episode that say the same.
    pub(crate) sightings: u32,
    /// How often it opened.
    pub(crate) episodes: u32,
    /// Openings of the last day.
    pub(crate) recent: Vec<DateTime<Utc>>,
    /// It comes and goes.
    pub(crate) flapping: bool,
    /// Why it is ignored, what accepted it, or what is to be changed.
    pub(crate) reason: Option<String>,
    /// Until when it is ignored; for good when there is none.
    pub(crate) until: Option<DateTime<Utc>>,
    /// Who decided.
    pub(crate) decided_by: Option<String>,
    /// When.
    pub(crate) decided_at: Option<DateTime<Utc>>,
    /// When the latest observation behind it was made.
    pub(crate) observed_at: Option<DateTime<Utc>>,
    /// The change that is to put it right.
    #[serde(default)]
    pub(crate) change: Option<ChangeRequest>,
    /// What accepting wrote, while it can be taken back.
    #[serde(default)]
    pub(crate) accepted: Option<Accepted>,
}

/// What accepting wrote.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Accepted {
    /// The request under which the change log has it.
    pub(crate) request: Uuid,
    /// The reason that the change log gives for it.
    pub(crate) because: String,
    /// The rule that accepted it; a person when there is none.
    #[serde(default)]
    pub(crate) rule: Option<Uuid>,
}

/// What happened to an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    /// It is to be decided on.
    Opened,
    /// It is no longer found.
    Resolved,
    /// The change of the network is late.
    Overdue,
}

/// What a step changes.
#[derive(Debug, Default)]
pub(crate) struct Step {
    /// Items to write.
    pub(crate) put: Vec<Arc<Item>>,
    /// Items that are no more.
    pub(crate) removed: Vec<Uuid>,
    /// What to tell.
    pub(crate) turns: Vec<(Turn, Arc<Item>)>,
}

impl Step {
    /// Nothing to write and nothing to tell.
    pub(crate) fn is_empty(&self) -> bool {
        self.put.is_empty() && self.removed.is_empty() && self.turns.is_empty()
    }
}

/// All items of a tenant, by id. Cheap to clone.
pub(crate) type Items = BTreeMap<Uuid, Arc<Item>>;

/// One step: the items there are now, and what that changes. Pending items are never written: a restart
/// of the server starts their time again.
pub(crate) fn step(items: &Items, report: &Report, now: DateTime<Utc>, patience: Patience) -> (Items, Step) {
    let (mut next, mut step) = (Items::new(), Step::default());
    for finding in &report.findings {
        let before = items.get(&finding.id);
        let mut item = before.map_or_else(|| new(finding, now), |before| found(before, finding, now));
        if let Some(turn) = forward(&mut item, finding, now, patience) {
            step.turns.push((turn, Arc::new(item.clone())));
        }
        keep(&mut next, &mut step, before, item);
    }
    let absent = |id: &Uuid| report.findings.binary_search_by_key(id, |finding| finding.id).is_err();
    for (id, before) in items.iter().filter(|(id, _)| absent(id)) {
        // Found, only beyond the limit: nothing is resolved by that.
        if report.shed.binary_search(id).is_ok() {
            next.insert(*id, Arc::clone(before));
            continue;
        }
        match gone(before, now) {
            Some((item, turn)) => {
                if turn {
                    step.turns.push((Turn::Resolved, Arc::new(item.clone())));
                }
                keep(&mut next, &mut step, Some(before), item);
            }
            None if before.state == State::Pending => {}
            None => step.removed.push(*id),
        }
    }
    forget(&mut next, &mut step);
    (next, step)
}

fn keep(next: &mut Items, step: &mut Step, before: Option<&Arc<Item>>, item: Item) {
    let written = |item: &Item| item.state != State::Pending;
    let item = match before {
        // Times of confirmation alone are written now and then.
        Some(before) if before.says_the_same(&item) && written(before) => {
            let old = (item.last_seen - before.last_seen).num_minutes() >= CONFIRMED_MINUTES;
            if !old {
                next.insert(before.id, Arc::clone(before));
                return;
            }
            item
        }
        _ => item,
    };
    let item = Arc::new(item);
    // One that begins again from resolved stays stored as resolved until it opens.
    if written(&item) {
        step.put.push(Arc::clone(&item));
    }
    next.insert(item.id, item);
}

fn new(finding: &Finding, now: DateTime<Utc>) -> Item {
    let item = Item {
        id: finding.id,
        kind: finding.kind,
        how: finding.how,
        attr: finding.attr.to_owned(),
        severity: finding.severity,
        state: State::Pending,
        title: String::new(),
        device: None,
        entity: None,
        device_name: String::new(),
        site: String::new(),
        intended: None,
        observed: None,
        evidence: Vec::new(),
        acceptable: false,
        obstacle: None,
        first_seen: now,
        last_seen: now,
        opened_at: None,
        resolved_at: None,
        sightings: 1,
        episodes: 0,
        recent: Vec::new(),
        flapping: false,
        reason: None,
        until: None,
        decided_by: None,
        decided_at: None,
        observed_at: finding.observed_at(),
        change: None,
        accepted: None,
    };
    told(item, finding, now)
}

/// The item with what the finding says now.
fn told(item: Item, finding: &Finding, now: DateTime<Utc>) -> Item {
    Item {
        severity: finding.severity,
        title: finding.title.clone(),
        device: finding.device,
        entity: finding.entity,
        device_name: finding.device_name.clone(),
        site: finding.site.clone(),
        intended: finding.intended.clone(),
        observed: finding.observed.clone(),
        evidence: finding.evidence.clone(),
        acceptable: finding.adopts || !finding.repairs.is_empty(),
        obstacle: finding.obstacle.clone(),
        last_seen: now,
        ..item
    }
}

/// A known item that was found again.
fn found(before: &Item, finding: &Finding, now: DateTime<Utc>) -> Item {
    let observed_at = finding.observed_at();
    if before.state == State::Resolved {
        let fresh = new(finding, now);
        return Item { episodes: before.episodes, recent: before.recent.clone(), ..fresh };
    }
    let newer = observed_at > before.observed_at || observed_at.is_none();
    let sightings = before.sightings.saturating_add(u32::from(newer));
    told(Item { sightings, observed_at: observed_at.max(before.observed_at), ..before.clone() }, finding, now)
}

/// Moves an item that is found.
fn forward(item: &mut Item, finding: &Finding, now: DateTime<Utc>, patience: Patience) -> Option<Turn> {
    let open = match item.state {
        State::Pending => !finding.held && ripe(item, now, patience),
        State::Ignored => item.until.is_some_and(|until| until <= now),
        State::Accepted => item.decided_at.is_none_or(|at| (now - at).num_minutes() >= ACCEPTED_MINUTES),
        State::Open | State::Resolved | State::ChangeRequested => false,
    };
    if !open {
        return late(item, now).then_some(Turn::Overdue);
    }
    item.recent.retain(|at| (now - *at).num_hours() < 24);
    item.recent.push(now);
    let quiet = item.recent.len() > FLAPPING + 1;
    item.flapping = item.recent.len() > FLAPPING;
    item.state = State::Open;
    item.opened_at = Some(now);
    item.episodes = item.episodes.saturating_add(1);
    (item.reason, item.until, item.decided_by, item.decided_at) = (None, None, None, None);
    item.change = None;
    (!quiet).then_some(Turn::Opened)
}

/// A change whose time is over becomes overdue, once.
fn late(item: &mut Item, now: DateTime<Utc>) -> bool {
    if item.state != State::ChangeRequested {
        return false;
    }
    let Some(change) = item.change.as_mut().filter(|change| !change.overdue) else { return false };
    change.overdue = change.due.is_some_and(|due| due <= now);
    change.overdue
}

/// It was seen often enough and for long enough.
fn ripe(item: &Item, now: DateTime<Utc>, patience: Patience) -> bool {
    let Some(rule) = rules::of(item.kind, &item.attr) else { return true };
    let asked = Duration::from_secs(u64::from(rule.minutes) * 60);
    item.sightings >= u32::from(rule.frames) && now - item.first_seen >= patience.cut(asked)
}

/// An item that is no longer found: what becomes of it, and whether to tell; none when it is dropped.
fn gone(before: &Arc<Item>, now: DateTime<Utc>) -> Option<(Item, bool)> {
    match before.state {
        State::Pending => None,
        State::Ignored if before.until.is_none_or(|until| until > now) => Some((Item::clone(before), false)),
        State::Open | State::Accepted | State::ChangeRequested | State::Ignored => {
            let item = Item { state: State::Resolved, resolved_at: Some(now), ..Item::clone(before) };
            Some((item, !before.flapping && before.state != State::Ignored))
        }
        State::Resolved => {
            let kept = before.resolved_at.is_some_and(|at| (now - at).num_days() < KEPT_DAYS);
            kept.then(|| (Item::clone(before), false))
        }
    }
}

/// Keeps the newest resolved items only.
fn forget(next: &mut Items, step: &mut Step) {
    let mut resolved: Vec<(Option<DateTime<Utc>>, Uuid)> = next
        .values()
        .filter(|item| item.state == State::Resolved)
        .map(|item| (item.resolved_at, item.id))
        .collect();
    if resolved.len() > KEPT {
        resolved.sort_unstable();
        for (_, id) in resolved.drain(..resolved.len() - KEPT) {
            next.remove(&id);
            step.removed.push(id);
        }
    }
}

impl Item {
    /// Equal but for times and counts of confirmation.
    fn says_the_same(&self, other: &Self) -> bool {
        let still = |item: &Self| Self {
            evidence: Vec::new(),
            last_seen: DateTime::UNIX_EPOCH,
            observed_at: None,
            sightings: 0,
            ..item.clone()
        };
        still(self) == still(other)
    }

    /// Somebody does not want to see it.
    pub(crate) fn ignored(
        &self,
        reason: &str,
        until: Option<DateTime<Utc>>,
        by: &str,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            state: State::Ignored,
            reason: Some(reason.to_owned()),
            until,
            decided_by: Some(by.to_owned()),
            decided_at: Some(now),
            change: None,
            ..self.clone()
        }
    }

    /// It was written to the source of truth.
    pub(crate) fn accepted(
        &self,
        what: Accepted,
        reason: Option<&str>,
        by: &str,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            state: State::Accepted,
            reason: reason.map(str::to_owned),
            until: None,
            decided_by: Some(by.to_owned()),
            decided_at: Some(now),
            change: None,
            accepted: Some(what),
            ..self.clone()
        }
    }

    /// The network is to be changed.
    pub(crate) fn change_requested(
        &self,
        change: ChangeRequest,
        reason: &str,
        by: &str,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            state: State::ChangeRequested,
            reason: Some(reason.to_owned()),
            until: None,
            decided_by: Some(by.to_owned()),
            decided_at: Some(now),
            change: Some(change),
            ..self.clone()
        }
    }

    /// What accepting it wrote was taken back: nothing more to take back, and found again it opens.
    pub(crate) fn undone(&self, now: DateTime<Utc>) -> Self {
        match self.state {
            State::Resolved => Self { accepted: None, ..self.clone() },
            _ => Self { accepted: None, ..self.reopened(now) },
        }
    }

    /// Somebody takes a decision back.
    pub(crate) fn reopened(&self, now: DateTime<Utc>) -> Self {
        Self {
            state: State::Open,
            reason: None,
            until: None,
            decided_by: None,
            decided_at: None,
            opened_at: Some(now),
            change: None,
            ..self.clone()
        }
    }
}
