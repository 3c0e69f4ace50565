//! `--follow`: after the copy, every change of the NetBox until people move.
//!
//! The change log of the NetBox says which objects were touched, in order; what they are now is read from
//! the NetBox and written, as the copy does it: what is gone there is deleted, what is new is made, what
//! differs is changed. So a change that is followed twice writes nothing, and a stopped run goes on behind
//! the last change that it followed. Numbers of the log are given before a transaction ends, so one may
//! appear behind a higher one: the last of them are looked at again.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use inventory::netbox_copy::{ACCOUNTS, Known, Object, Plan, Step};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::progress::Progress;
use super::remote::Remote;
use super::report::Report;
use super::run::{ASKED, Run, ids};
use crate::Failure;
use crate::serve::wait_for_signal;

/// The change log.
const LOG: &str = "core/object-changes";
/// What is read of a change.
const FIELDS: &str = "id,action,changed_object_type,changed_object_id";
/// Changes that are looked at again, because a lower number may come after a higher one.
const WINDOW: i64 = 1_000;
/// Changes followed together.
const TOGETHER: usize = 1_000;

/// How it is followed.
pub(super) struct Follow {
    /// Between two looks.
    pub(super) every: Duration,
    /// The target with its tenant.
    pub(super) into: String,
    /// The file that remembers.
    pub(super) state: PathBuf,
}

/// What a run remembers for the next one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct State {
    source: String,
    into: String,
    /// The highest change that was followed.
    seen: i64,
    /// The highest change before the copy ended: what was created later is no part of it.
    copied: i64,
    /// Followed changes among the last [`WINDOW`].
    recent: BTreeSet<i64>,
    /// Objects that were refused: endpoint and id. They are tried again.
    pending: BTreeSet<(String, i64)>,
    /// Objects whose id is taken by another one here. They are left alone.
    taken: BTreeSet<(String, i64)>,
}

impl State {
    fn load(path: &Path) -> Result<Option<Self>, Failure> {
        match std::fs::read_to_string(path) {
            Ok(text) => serde_json::from_str(&text)
                .map(Some)
                .map_err(|error| Failure::new(format!("--state {}: {error}", path.display()))),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Failure::new(format!("--state {}: {error}", path.display()))),
        }
    }

    /// Replaces the file as a whole: a crash leaves the old or the new one.
    fn save(&self, path: &Path) -> Result<(), Failure> {
        let part = path.with_extension("part");
        let mut file = std::fs::File::create(&part)?;
        file.write_all(serde_json::to_string(self)?.as_bytes())?;
        file.sync_all()?;
        std::fs::rename(&part, path)?;
        Ok(())
    }

    /// These changes were followed.
    fn followed(&mut self, changes: &[i64]) {
        self.recent.extend(changes);
        self.seen = self.seen.max(changes.iter().copied().max().unwrap_or_default());
        let (seen, floor) = (self.seen, self.seen - WINDOW);
        self.recent.retain(|id| *id > floor && *id <= seen);
    }
}

/// Objects that were touched.
#[derive(Debug, Default, PartialEq)]
struct Touched {
    /// Ids by endpoint.
    ids: BTreeMap<&'static str, BTreeSet<i64>>,
    /// Those that were created after the copy.
    created: BTreeSet<(&'static str, i64)>,
}

impl Touched {
    /// Takes in a change. Types that have no place here are left out.
    fn add(&mut self, plan: &Plan, change: &Object, new: bool) {
        let kind = change.get("changed_object_type").and_then(Value::as_str).unwrap_or_default();
        let step = plan.steps().iter().find(|step| step.kind() == kind && step.path() != ACCOUNTS);
        let id = change.get("changed_object_id").and_then(Value::as_i64);
        let Some((step, id)) = step.zip(id) else { return };
        self.ids.entry(step.path()).or_default().insert(id);
        let action = change.get("action").and_then(|action| action.get("value")).and_then(Value::as_str);
        if new && action == Some("create") {
            self.created.insert((step.path(), id));
        }
    }

    /// Takes in what was refused before.
    fn again(&mut self, plan: &Plan, pending: &BTreeSet<(String, i64)>) {
        for (path, id) in pending {
            if let Some(step) = plan.steps().iter().find(|step| step.path() == path) {
                self.ids.entry(step.path()).or_default().insert(*id);
            }
        }
    }
}

impl Follow {
    /// Copies, unless that was done, then follows until a signal. `told` gets the report of a copy.
    pub(super) async fn run(
        &self,
        run: &mut Run<'_>,
        told: impl Fn(&Report) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let stop = CancellationToken::new();
        let signalled = stop.clone();
        tokio::spawn(async move {
            wait_for_signal().await;
            signalled.cancel();
        });
        let mut state = tokio::select! {
            state = self.begin(run, told) => state?,
            () = stop.cancelled() => return Err(Failure::new("stopped in the copy; the same command goes on")),
        };
        eprintln!("following behind change {}, every {} s; Ctrl-C ends it", state.seen, self.every.as_secs());
        if run.options.overwrite {
            // Now they may be taken over.
            let taken = std::mem::take(&mut state.taken);
            state.pending.extend(taken);
        }
        run.steps = steps(run);
        run.progress = Progress::silent();
        let mut first = true;
        while !stop.is_cancelled() {
            let before = state.clone();
            let more = match run.turn(&mut state).await {
                Ok(more) => {
                    if state != before {
                        state.save(&self.state)?;
                    }
                    more
                }
                Err(failure) if first => return Err(failure),
                Err(failure) => {
                    eprintln!("{}; tried again in {} s", failure.text, self.every.as_secs());
                    false
                }
            };
            first = false;
            if !more {
                tokio::select! {
                    () = tokio::time::sleep(self.every) => {}
                    () = stop.cancelled() => {}
                }
            }
        }
        let left = state.pending.len() + state.taken.len();
        eprintln!("followed up to change {}", state.seen);
        if left == 0 {
            return Ok(());
        }
        Err(Failure::incomplete(format!(
            "{left} objects could not be followed; {} lists them",
            self.state.display()
        )))
    }

    /// Where to go on. Without a state, or when the log begins behind it, everything is copied first.
    async fn begin(
        &self,
        run: &mut Run<'_>,
        told: impl Fn(&Report) -> Result<(), Failure>,
    ) -> Result<State, Failure> {
        let known = State::load(&self.state)?;
        let source = run.source.base().to_owned();
        if let Some(known) = &known {
            if known.source != source || known.into != self.into {
                return Err(Failure::new(format!(
                    "--state {}: it is of another copy, {} into {}. Name another file.",
                    self.state.display(),
                    known.source,
                    known.into
                )));
            }
            if oldest(run.source).await?.is_none_or(|oldest| oldest <= known.seen + 1) {
                return Ok(known.clone());
            }
            eprintln!(
                "the change log of the NetBox begins behind change {}: everything is compared again; what was deleted there in between stays here",
                known.seen
            );
        }
        let seen = newest(run.source).await?;
        run.whole().await?;
        told(&run.report)?;
        let (copied, into) = (newest(run.source).await?, self.into.clone());
        let taken = known.map(|known| known.taken).unwrap_or_default();
        let state = State { source, into, seen, copied, taken, ..State::default() };
        state.save(&self.state)?;
        Ok(state)
    }
}

/// Every endpoint that is not to be left out.
fn steps<'a>(run: &Run<'a>) -> Vec<&'a Step> {
    let plan: &'a Plan = run.plan;
    let wanted = |step: &&Step| !run.options.skip.iter().any(|path| path == step.path());
    plan.steps().iter().filter(wanted).collect()
}

/// The number of a change at one end of the log.
async fn at_end(source: &Remote, order: &str) -> Result<Option<i64>, Failure> {
    let answer = source.get(&format!("/api/{LOG}/?limit=1&fields=id&ordering={order}")).await?;
    Ok(answer.pointer("/results/0/id").and_then(Value::as_i64))
}

async fn newest(source: &Remote) -> Result<i64, Failure> {
    Ok(at_end(source, "-id").await?.unwrap_or_default())
}

async fn oldest(source: &Remote) -> Result<Option<i64>, Failure> {
    at_end(source, "id").await
}

impl<'a> Run<'a> {
    /// Follows the changes that are there, up to a number of them. True when there are more.
    async fn turn(&mut self, state: &mut State) -> Result<bool, Failure> {
        let mut touched = Touched::default();
        let mut changes = Vec::new();
        let mut more = false;
        let mut next = Some((state.seen - WINDOW).max(0) + 1);
        while let Some(from) = next {
            let page = self.source.page(LOG, FIELDS, from).await?;
            for (id, change) in page.objects.iter().filter(|(id, _)| !state.recent.contains(id)) {
                touched.add(self.plan, change, *id > state.copied);
                changes.push(*id);
            }
            more = page.next.is_some() && changes.len() >= TOGETHER;
            next = page.next.filter(|_| !more);
        }
        touched.again(self.plan, &state.pending);
        for (path, id) in &state.taken {
            if let Some(ids) = touched.ids.get_mut(path.as_str()) {
                ids.remove(id);
            }
        }
        if touched.ids.values().any(|ids| !ids.is_empty()) {
            self.report = Report::new(false);
            let taken = self.apply(&touched).await?;
            let before = std::mem::take(&mut state.pending);
            state.pending = self.report.failed().map(|(path, id)| (path.to_owned(), id)).collect();
            state.pending.retain(|object| !taken.contains(object));
            state.taken.extend(taken);
            // What is refused again and again is told once.
            if !changes.is_empty() || state.pending != before {
                self.say(&changes, state);
            }
        }
        state.followed(&changes);
        Ok(more)
    }

    /// One line for what was done; none when nothing was.
    fn say(&self, changes: &[i64], state: &State) {
        let sum = self.report.totals();
        if sum.created + sum.changed + sum.deleted + sum.failed == 0 {
            return;
        }
        eprintln!(
            "{} changes up to {}: {} created, {} changed, {} deleted, {} failed",
            changes.len(),
            changes.iter().max().copied().unwrap_or(state.seen),
            sum.created,
            sum.changed,
            sum.deleted,
            sum.failed
        );
        eprint!("{}", self.report.failures_text());
    }

    /// Brings the objects to what they are in the NetBox. Gives those whose ids are taken here.
    async fn apply(&mut self, touched: &Touched) -> Result<BTreeSet<(String, i64)>, Failure> {
        self.definitions().await?;
        self.accounts().await?;
        let (mut there, mut gone) = (Vec::new(), Vec::new());
        for step in self.steps.clone() {
            let wanted: Vec<i64> = touched.ids.get(step.path()).into_iter().flatten().copied().collect();
            let mut objects = Vec::with_capacity(wanted.len());
            for wanted in wanted.chunks(ASKED) {
                objects.extend(self.source.by_ids(step.path(), &step.fields(), wanted).await?);
            }
            let found = ids(&objects);
            let missing: Vec<i64> = wanted.into_iter().filter(|id| !found.contains(id)).collect();
            there.push((step, objects));
            gone.push((step, missing));
        }
        let taken = self.taken(touched, &mut there).await?;
        // What is deleted makes room for what is made under its name; what is still needed waits.
        let mut left = Vec::new();
        for (step, ids) in gone.iter().rev() {
            left.push((*step, self.delete(step, ids, false).await?));
        }
        for (step, objects) in &there {
            self.make_missing(step, objects).await?;
        }
        self.again().await?;
        for (step, objects) in &there {
            self.compare(step, objects).await?;
        }
        for (step, ids) in left {
            self.delete(step, &ids, true).await?;
        }
        Ok(taken)
    }

    /// Takes out new objects whose ids belong to others here: somebody made them in the mirror.
    async fn taken(
        &mut self,
        touched: &Touched,
        there: &mut [(&'a Step, Vec<(i64, Object)>)],
    ) -> Result<BTreeSet<(String, i64)>, Failure> {
        let mut taken = BTreeSet::new();
        if self.options.overwrite {
            return Ok(taken);
        }
        for (step, objects) in there.iter_mut() {
            let is_new = |id: &i64| touched.created.contains(&(step.path(), *id));
            let new: BTreeSet<i64> = objects.iter().map(|(id, _)| *id).filter(is_new).collect();
            if new.is_empty() {
                continue;
            }
            let here: HashMap<i64, Object> = self.target.among(step.path(), &step.identity(), &new).await?;
            let mut other = Vec::new();
            for (id, object) in objects.iter() {
                let Some(own) = here.get(id).filter(|own| !step.same(object, own, &Known::default())) else {
                    continue;
                };
                let name = own.get("display").and_then(Value::as_str).unwrap_or("?");
                let reason = format!("This id is taken here by {name}. Delete it here, and use --overwrite.");
                other.push((*id, json!({ "id": [reason] })));
            }
            for (id, errors) in &other {
                self.report.fail(step.path(), *id, errors);
                taken.insert((step.path().to_owned(), *id));
            }
            objects.retain(|(id, _)| !other.iter().any(|(wrong, _)| wrong == id));
        }
        Ok(taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_that_come_late_are_seen() {
        let mut state = State { seen: 5_000, ..State::default() };
        state.followed(&[5_002, 5_001, 4_500]);
        assert_eq!((state.seen, state.recent.len()), (5_002, 3));
        assert!(!state.recent.contains(&4_999), "it may still come");
        state.followed(&[5_600]);
        assert_eq!(state.recent.iter().copied().collect::<Vec<_>>(), [5_001, 5_002, 5_600]);
        state.followed(&[]);
        assert_eq!(state.seen, 5_600);
    }

    #[test]
    fn the_state_outlives_the_run() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("state.json");
        assert_eq!(State::load(&path).ok().flatten(), None);
        let mut state = State { source: "http://x".into(), into: "y -".into(), ..State::default() };
        state.pending.insert(("dcim/sites".into(), 7));
        state.followed(&[3]);
        assert!(state.save(&path).is_ok());
        assert_eq!(State::load(&path).ok().flatten(), Some(state));
        std::fs::write(&path, "{").unwrap();
        assert!(State::load(&path).is_err());
    }

    #[test]
    fn touched_objects_are_gathered_by_endpoint() {
        let plan = Plan::new();
        let mut touched = Touched::default();
        for (kind, id, action, new) in [
            ("dcim.site", 1, "create", true),
            ("dcim.site", 1, "update", true),
            ("dcim.site", 2, "create", false),
            ("dcim.device", 9, "delete", true),
            ("users.user", 1, "update", true),
            ("plugin.thing", 1, "create", true),
        ] {
            let change =
                json!({"changed_object_type": kind, "changed_object_id": id, "action": {"value": action}});
            touched.add(&plan, change.as_object().unwrap(), new);
        }
        touched.again(&plan, &BTreeSet::from([("ipam/vlans".to_owned(), 4), ("gone/away".to_owned(), 1)]));
        let ids: Vec<(&str, Vec<i64>)> =
            touched.ids.iter().map(|(path, ids)| (*path, ids.iter().copied().collect())).collect();
        assert_eq!(ids, [("dcim/devices", vec![9]), ("dcim/sites", vec![1, 2]), ("ipam/vlans", vec![4])]);
        assert_eq!(touched.created, BTreeSet::from([("dcim/sites", 1)]));
    }
}
