//! Drift in service: decisions of people, and what accepting writes through the source of truth.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError};

use chrono::{DateTime, Utc};
use kit::{Act, Ctx, Event, EventType, Granted, Permission, Problem, TenantId};
use model::adoption::{ObservedDevice, Plan, Repair, Wishes};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Atlas, Current, EVENTS};
use crate::drift::{
    self, AcceptanceRule, Candidates, ChangeRequest, Compared, Finding, Item, Items, State, Step, Turn,
};
use crate::store;
use crate::topology;

/// Seeing drift.
pub(crate) const DRIFT_READ: Permission = Permission::new("atlas/drift", Act::Read);
/// Deciding on drift. Accepting also needs the rights to write the records.
pub(crate) const DRIFT_WRITE: Permission = Permission::new("atlas/drift", Act::Write);
/// Importing what was discovered.
pub(crate) const DRIFT_EXECUTE: Permission = Permission::new("atlas/drift", Act::Execute);
/// Ignoring for good, and rules that accept by themselves.
pub(crate) const DRIFT_ADMIN: Permission = Permission::new("atlas/drift", Act::Admin);

/// Something drifted.
pub(crate) const DRIFT_OPENED: EventType = EventType {
    name: "drift.opened",
    description: "The network differs from what it should be. Data: id, kind, type, attr, severity, title, device, intended, observed.",
    object: "atlas/drift",
};
/// Something no longer differs.
pub(crate) const DRIFT_RESOLVED: EventType = EventType {
    name: "drift.resolved",
    description: "A difference is no longer found. Data as for drift.opened.",
    object: "atlas/drift",
};

/// Somebody took over what is.
pub(crate) const DRIFT_ACCEPTED: EventType = EventType {
    name: "drift.accepted",
    description: "What was observed was written to the inventory. Data as for drift.opened, and actor.",
    object: "atlas/drift",
};
/// Somebody does not want to see it.
pub(crate) const DRIFT_IGNORED: EventType = EventType {
    name: "drift.ignored",
    description: "A difference was hidden. Data as for drift.opened, and actor, reason, until.",
    object: "atlas/drift",
};
/// Somebody took a decision back.
pub(crate) const DRIFT_REOPENED: EventType = EventType {
    name: "drift.reopened",
    description: "A decision was taken back. Data as for drift.opened, and actor.",
    object: "atlas/drift",
};

/// The network is to be changed.
pub(crate) const DRIFT_CHANGE_REQUESTED: EventType = EventType {
    name: "drift.change_requested",
    description: "The network is to be changed. Data as for drift.opened, and actor, reason, change (assignee, due, reference).",
    object: "atlas/drift",
};
/// A change of the network is late.
pub(crate) const DRIFT_OVERDUE: EventType = EventType {
    name: "drift.overdue",
    description: "A change of the network was to be done by now, and the difference is still found. Data as for drift.change_requested, without actor.",
    object: "atlas/drift",
};
/// What accepting wrote was taken back.
pub(crate) const DRIFT_UNDONE: EventType = EventType {
    name: "drift.undone",
    description: "What accepting wrote to the inventory was taken back. Data as for drift.opened, and actor.",
    object: "atlas/drift",
};

/// Most sources named in a change log.
const SOURCES: usize = 4;

/// What became of a decision on one item.
pub(crate) struct Outcome {
    /// The item.
    pub(crate) id: Uuid,
    /// Why it was not done.
    pub(crate) problem: Option<Problem>,
}

/// The events of a step, bounded.
pub(super) fn events(step: &Step) -> Vec<Event> {
    let event = |(turn, item): &(Turn, Arc<Item>)| {
        let name = match turn {
            Turn::Opened => DRIFT_OPENED.name,
            Turn::Resolved => DRIFT_RESOLVED.name,
            Turn::Overdue => DRIFT_OVERDUE.name,
        };
        let mut data = told(item);
        if *turn == Turn::Overdue {
            data["reason"] = json!(item.reason);
            data["change"] = json!(item.change);
        }
        Event::now(name, subject(item), data)
    };
    step.turns.iter().take(EVENTS).map(event).collect()
}

fn subject(item: &Item) -> String {
    format!("atlas/drift/{}", item.id)
}

/// What events say of an item.
fn told(item: &Item) -> Value {
    json!({
        "id": item.id, "kind": item.kind, "type": item.how, "attr": item.attr, "severity": item.severity,
        "title": item.title, "device": item.device, "entity": item.entity,
        "intended": item.intended, "observed": item.observed,
    })
}

/// The event of a decision.
fn decision(event: &EventType, item: &Item, by: &str) -> Event {
    let mut data = told(item);
    data["actor"] = json!(by);
    if event.name == DRIFT_IGNORED.name {
        data["reason"] = json!(item.reason);
        data["until"] = json!(item.until);
    }
    if event.name == DRIFT_CHANGE_REQUESTED.name {
        data["reason"] = json!(item.reason);
        data["change"] = json!(item.change);
    }
    if event.name == DRIFT_ACCEPTED.name {
        data["rule"] = json!(item.accepted.as_ref().and_then(|accepted| accepted.rule));
    }
    Event::now(event.name, subject(item), data)
}

impl Current {
    /// A finding of the last comparison.
    pub(crate) fn finding(&self, id: Uuid) -> Option<&Finding> {
        let at = self.report.findings.binary_search_by_key(&id, |finding| finding.id).ok()?;
        self.report.findings.get(at)
    }

    /// What could be imported, with everything that is known of it. Takes a while on a large map.
    fn candidates(&self, patience: drift::Patience) -> Candidates {
        let views: Vec<_> = self.subjects.views().iter().map(Arc::as_ref).collect();
        let devices = topology::gather(&self.map.entities, &views, self.map.generated_at);
        drift::candidates(&Compared {
            now: self.map.generated_at,
            intended: self.subjects.intended(),
            map: &self.map,
            devices: &devices,
            decisions: &self.decisions,
            patience,
        })
    }
}

/// Longest reason that a change log keeps.
const REASON: usize = 1_000;

/// How the change log of a record says where a change comes from.
fn because(item: &Item, finding: &Finding, rule: Option<&AcceptanceRule>) -> String {
    let sources: Vec<String> = finding
        .evidence
        .iter()
        .filter(|chip| chip.side == drift::Side::Observed)
        .take(SOURCES)
        .map(|chip| format!("{} {} at {}", chip.source, chip.method, chip.seen_at.format("%FT%TZ")))
        .collect();
    let what = [item.kind.as_str(), item.how.as_str(), item.attr.as_str()];
    let what: Vec<&str> = what.into_iter().filter(|word| !word.is_empty()).collect();
    let by = rule.map(|rule| format!(" by the rule \"{}\"", rule.rule.name)).unwrap_or_default();
    let text = format!(
        "Accepted as observed{by}: drift {}, {} {}; seen by {}",
        item.id,
        what.join(" "),
        item.title,
        sources.join(", "),
    );
    text.trim().chars().take(REASON).collect::<String>().trim_end().to_owned()
}

impl Atlas {
    /// The items of drift of a tenant.
    pub(crate) async fn drift(&self, tenant: TenantId) -> Result<Arc<Items>, Problem> {
        let world = self.world(tenant).await?;
        let items = world.items.read().unwrap_or_else(PoisonError::into_inner).clone();
        Ok(items)
    }

    /// What could be imported now.
    pub(crate) async fn candidates(&self, tenant: TenantId) -> Result<Candidates, Problem> {
        let (current, patience) = (self.current(tenant).await?, self.inner.patience);
        tokio::task::spawn_blocking(move || current.candidates(patience)).await.map_err(Problem::internal)
    }

    /// What adopting devices would create.
    ///
    /// # Errors
    /// 403 without the right to read the records; 503 without a source of truth.
    pub(crate) async fn plan(
        &self,
        ctx: &Ctx,
        devices: &[ObservedDevice],
        wishes: Wishes,
    ) -> Result<Vec<Plan>, Problem> {
        self.inner.services.truth()?.plan(ctx, devices, wishes).await
    }

    /// Writes what was observed into the source of truth, each item all or not at all.
    ///
    /// # Errors
    /// 403; 503 without a source of truth. What one item refuses is in its outcome.
    pub(crate) async fn accept(&self, ctx: &Ctx, ids: &[Uuid]) -> Result<Vec<Outcome>, Problem> {
        self.take_over(ctx, ids, None).await
    }

    /// [`Atlas::accept`], for a person or by a rule.
    pub(super) async fn take_over(
        &self,
        ctx: &Ctx,
        ids: &[Uuid],
        rule: Option<&AcceptanceRule>,
    ) -> Result<Vec<Outcome>, Problem> {
        let granted = ctx.authorize(DRIFT_WRITE)?;
        ctx.only_on_main()?;
        let truth = self.inner.services.truth()?;
        let current = self.current(ctx.tenant()).await?;
        let items = self.drift(ctx.tenant()).await?;
        let adopts = ids.iter().any(|id| current.finding(*id).is_some_and(|finding| finding.adopts));
        let mut devices = HashMap::new();
        if adopts {
            let found = self.candidates(ctx.tenant()).await?.devices;
            devices.extend(found.into_iter().map(|device| (device.entity, device)));
        }
        let mut ordered: Vec<Uuid> = ids.to_vec();
        // Devices before what is on them.
        ordered.sort_by_key(|id| items.get(id).map(|item| item.kind));
        let (mut outcomes, mut accepted) = (Vec::new(), HashMap::new());
        for id in ordered {
            let done = match acceptable(&current, &items, id) {
                Ok((item, finding)) => match repairs(finding, &mut devices) {
                    Ok(repairs) => {
                        let because = because(item, finding, rule);
                        let made = truth.repair(ctx, &repairs, Wishes::default(), &because).await;
                        made.map(|_| because)
                    }
                    Err(problem) => Err(problem),
                },
                Err(problem) => Err(problem),
            };
            let problem = match done {
                Ok(because) => {
                    let (request, rule) = (ctx.request_id(), rule.map(|rule| rule.id));
                    accepted.insert(id, drift::Accepted { request, because, rule });
                    None
                }
                Err(problem) => Some(problem),
            };
            outcomes.push(Outcome { id, problem });
        }
        let (by, now) = (ctx.actor().to_string(), Utc::now());
        let reason = rule.map(|rule| format!("Rule: {}", rule.rule.name));
        let ids: Vec<Uuid> = accepted.keys().copied().collect();
        let change = |item: &Item| match accepted.get(&item.id) {
            Some(what) => item.accepted(what.clone(), reason.as_deref(), &by, now),
            None => item.clone(),
        };
        self.decide_on(ctx, granted, &ids, &DRIFT_ACCEPTED, change).await?;
        Ok(outcomes)
    }

    /// Takes back what accepting an item wrote, as long as nobody changed it since.
    ///
    /// # Errors
    /// 403; 404; 409 when there is nothing to take back, or what was written was changed since.
    pub(crate) async fn undo(&self, ctx: &Ctx, id: Uuid) -> Result<(), Problem> {
        let granted = ctx.authorize(DRIFT_WRITE)?;
        ctx.only_on_main()?;
        let items = self.drift(ctx.tenant()).await?;
        let item = items.get(&id).ok_or_else(|| Problem::not_found("difference"))?;
        let Some(accepted) = &item.accepted else {
            let text = "Nothing was accepted here that could be taken back.";
            return Err(Problem::conflict("nothing-accepted", text));
        };
        let because = format!("Taken back: what accepting drift {id} wrote");
        let truth = self.inner.services.truth()?;
        truth.take_back(ctx, accepted.request, &accepted.because, &because).await?;
        let now = Utc::now();
        self.decide_on(ctx, granted, &[id], &DRIFT_UNDONE, |item| item.undone(now)).await
    }

    /// Orders a change of the network that puts items right.
    ///
    /// # Errors
    /// 403.
    pub(crate) async fn order_change(
        &self,
        ctx: &Ctx,
        ids: &[Uuid],
        reason: &str,
        change: &ChangeRequest,
    ) -> Result<Vec<Outcome>, Problem> {
        let granted = ctx.authorize(DRIFT_WRITE)?;
        let may = |item: &Item| decidable(item.state);
        let (by, now) = (ctx.actor().to_string(), Utc::now());
        let ordered = |item: &Item| item.change_requested(change.clone(), reason, &by, now);
        self.turn(ctx, granted, ids, &DRIFT_CHANGE_REQUESTED, may, ordered).await
    }

    /// Hides items until then, or for good.
    ///
    /// # Errors
    /// 403.
    pub(crate) async fn ignore(
        &self,
        ctx: &Ctx,
        ids: &[Uuid],
        reason: &str,
        until: Option<DateTime<Utc>>,
    ) -> Result<Vec<Outcome>, Problem> {
        let granted = ctx.authorize(DRIFT_WRITE)?;
        if until.is_none() {
            ctx.authorize(DRIFT_ADMIN)?;
        }
        let may = |item: &Item| decidable(item.state);
        let (by, now) = (ctx.actor().to_string(), Utc::now());
        let ignored = |item: &Item| item.ignored(reason, until, &by, now);
        self.turn(ctx, granted, ids, &DRIFT_IGNORED, may, ignored).await
    }

    /// Takes decisions back.
    ///
    /// # Errors
    /// 403.
    pub(crate) async fn reopen(&self, ctx: &Ctx, ids: &[Uuid]) -> Result<Vec<Outcome>, Problem> {
        let granted = ctx.authorize(DRIFT_WRITE)?;
        let may =
            |item: &Item| matches!(item.state, State::Ignored | State::Accepted | State::ChangeRequested);
        let now = Utc::now();
        self.turn(ctx, granted, ids, &DRIFT_REOPENED, may, |item| item.reopened(now)).await
    }

    async fn turn(
        &self,
        ctx: &Ctx,
        granted: Granted,
        ids: &[Uuid],
        event: &EventType,
        may: impl Fn(&Item) -> bool,
        change: impl Fn(&Item) -> Item,
    ) -> Result<Vec<Outcome>, Problem> {
        let items = self.drift(ctx.tenant()).await?;
        let check = |id: &Uuid| {
            let problem = match items.get(id) {
                None => Some(Problem::not_found("difference")),
                Some(item) if may(item) => None,
                Some(item) => Some(wrong_state(item)),
            };
            Outcome { id: *id, problem }
        };
        let outcomes: Vec<Outcome> = ids.iter().map(check).collect();
        let good: Vec<Uuid> = outcomes.iter().filter(|o| o.problem.is_none()).map(|o| o.id).collect();
        self.decide_on(ctx, granted, &good, event, change).await?;
        Ok(outcomes)
    }

    /// Changes items in the store and in memory together, and looks again.
    async fn decide_on(
        &self,
        ctx: &Ctx,
        granted: Granted,
        ids: &[Uuid],
        event: &EventType,
        change: impl Fn(&Item) -> Item,
    ) -> Result<(), Problem> {
        if ids.is_empty() {
            return Ok(());
        }
        let world = self.world(ctx.tenant()).await?;
        let mut state = world.state.lock().await;
        // One that was resolved meanwhile stays so, and what it wrote can be taken back all the same.
        let undone = event.name == DRIFT_UNDONE.name;
        let known = ids
            .iter()
            .filter_map(|id| state.items.get(id))
            .filter(|item| undone || item.state != State::Resolved);
        let put: Vec<Arc<Item>> = known.map(|item| Arc::new(change(item))).collect();
        let mut tx = ctx.write(granted).await?;
        store::write_drift(&mut tx, &put, &[]).await?;
        let by = ctx.actor().to_string();
        let events: Vec<Event> = put.iter().map(|item| decision(event, item, &by)).collect();
        tx.publish_all(&events).await?;
        tx.commit().await?;
        let items = Arc::make_mut(&mut state.items);
        items.extend(put.into_iter().map(|item| (item.id, item)));
        world.show_items(state.items.clone());
        drop(state);
        world.dirty.notify_one();
        Ok(())
    }

    /// The map is built again soon.
    pub(super) async fn look_again(&self, tenant: TenantId) -> Result<(), Problem> {
        self.world(tenant).await?.dirty.notify_one();
        Ok(())
    }
}

/// In these states an item can be decided on.
fn decidable(state: State) -> bool {
    matches!(state, State::Pending | State::Open | State::Ignored | State::ChangeRequested)
}

fn wrong_state(item: &Item) -> Problem {
    let text = format!(
        "This difference is {}; only open ones can be decided on.",
        item.state.as_str().replace('_', " ")
    );
    Problem::conflict("wrong-state", text)
}

/// What accepting writes.
fn repairs(finding: &Finding, devices: &mut HashMap<Uuid, ObservedDevice>) -> Result<Vec<Repair>, Problem> {
    let mut repairs = finding.repairs.clone();
    if finding.adopts {
        let device = finding.entity.and_then(|entity| devices.remove(&entity)).ok_or_else(|| {
            Problem::conflict("gone", "The device does not answer, or has a record meanwhile.")
        })?;
        repairs.insert(0, Repair::AdoptDevice { device: Box::new(device) });
    }
    Ok(repairs)
}

/// The item and its finding, when accepting it can be written.
fn acceptable<'a>(
    current: &'a Current,
    items: &'a Items,
    id: Uuid,
) -> Result<(&'a Item, &'a Finding), Problem> {
    let item = items.get(&id).ok_or_else(|| Problem::not_found("difference"))?;
    if !decidable(item.state) {
        return Err(wrong_state(item));
    }
    let gone = || Problem::conflict("gone", "This difference is no longer found.");
    let finding = current.finding(id).ok_or_else(gone)?;
    if !finding.adopts && finding.repairs.is_empty() {
        let why = finding.obstacle.clone().unwrap_or_else(|| "There is nothing to write.".to_owned());
        return Err(Problem::conflict("not-acceptable", why));
    }
    Ok((item, finding))
}
