//! The passes of an import.
//!
//! 1. Look: versions, counts, what the door does not know.
//! 2. Check: no id is taken by another object. Nothing was written so far.
//! 3. First pass: what is missing is made, in the order of the plan, without the references that wait.
//!    What is refused is tried again as long as that helps: its parent may come later.
//! 4. Second pass: what differs is changed; with it come the references that waited.
//!
//! Memory: two pages of objects, and eight bytes for each object that waits.

use std::collections::{BTreeSet, HashMap};

use inventory::netbox_copy::{ACCOUNTS, CUSTOM_FIELDS, Known, Moment, Object, Plan, Step};
use serde_json::Value;

use super::progress::Progress;
use super::remote::Remote;
use super::report::Report;
use crate::Failure;

/// Conflicts named in the refusal.
const MAX_NAMED: usize = 10;
/// Objects asked for by their ids at a time: they are written into the address.
pub(super) const ASKED: usize = 100;
/// Endpoints that are no objects to copy, with the reason to tell.
const BY_DESIGN: [(&str, &str); 13] = [
    ("core/background-queues", "they belong to the NetBox"),
    ("core/background-tasks", "they belong to the NetBox"),
    ("core/background-workers", "they belong to the NetBox"),
    ("extras/scripts", "they are programs of the NetBox"),
    ("users/config", "everybody sets that anew"),
    ("core/object-changes", "the history stays in the NetBox; this import is in the change log here"),
    ("core/jobs", "they belong to the NetBox"),
    ("core/data-files", "they come when their data sources are synchronised here"),
    ("core/object-types", "they describe the NetBox"),
    ("dcim/cable-terminations", "they come with their cables"),
    ("extras/tagged-objects", "tags come with what they are on"),
    ("users/permissions", "rights are given here"),
    ("users/tokens", "a secret is not copied; make new ones here"),
];

/// How the import works.
pub(super) struct Options {
    pub(super) dry_run: bool,
    pub(super) overwrite: bool,
    pub(super) batch: usize,
    pub(super) skip: Vec<String>,
}

/// One import.
pub(super) struct Run<'a> {
    pub(super) source: &'a Remote,
    pub(super) target: &'a Remote,
    pub(super) options: Options,
    pub(super) known: Known,
    pub(super) report: Report,
    pub(super) progress: Progress,
    /// The steps that have objects.
    pub(super) steps: Vec<&'a Step>,
    /// Ids that wait, by step.
    pub(super) waiting: HashMap<&'static str, Vec<i64>>,
    pub(super) plan: &'a Plan,
}

impl<'a> Run<'a> {
    pub(super) fn new(source: &'a Remote, target: &'a Remote, plan: &'a Plan, options: Options) -> Self {
        let report = Report::new(options.dry_run);
        Self {
            source,
            target,
            options,
            // Nobody is known yet; who is not found by name is nobody here.
            known: Known { accounts: Some(HashMap::new()), ..Known::default() },
            report,
            progress: Progress::new(),
            steps: Vec::new(),
            waiting: HashMap::new(),
            plan,
        }
    }

    /// All of it.
    pub(super) async fn whole(&mut self) -> Result<(), Failure> {
        let done = self.passes().await;
        self.progress.end();
        done
    }

    async fn passes(&mut self) -> Result<(), Failure> {
        self.look().await?;
        self.others().await?;
        self.check().await?;
        let total = self.total();
        self.progress.begin("copy", total);
        for step in self.steps.clone() {
            self.progress.at(step.path());
            if step.path() == ACCOUNTS { self.accounts().await? } else { self.first(step).await? }
        }
        self.again().await?;
        self.progress.begin("compare", total);
        for step in self.steps.clone() {
            if step.path() != ACCOUNTS {
                self.progress.at(step.path());
                self.second(step).await?;
            }
        }
        Ok(())
    }

    fn total(&self) -> u64 {
        self.report.counts.values().map(|count| count.there).sum()
    }

    /// Versions, counts, definitions.
    async fn look(&mut self) -> Result<(), Failure> {
        let (source, target) = (self.source.version().await?, self.target.version().await?);
        eprintln!("NetBox {source} at {}, into {}", self.source.base(), self.target.base());
        if source.split('.').take(2).ne(target.split('.').take(2)) {
            self.report.note(format!(
                "The NetBox is version {source}; objects are read as those of {target}, and fields that only other versions have are told."
            ));
        }
        let plan = self.plan;
        for step in plan.steps() {
            if self.options.skip.iter().any(|path| path == step.path()) {
                continue;
            }
            let Some((count, first)) = self.source.sample(step.path()).await? else { continue };
            if count == 0 {
                continue;
            }
            self.unknown_fields(step, &first);
            self.report.count(step.path()).there = count;
            self.steps.push(step);
        }
        self.definitions().await
    }

    /// Fields of another version or of a plugin, as far as the first object shows them.
    fn unknown_fields(&mut self, step: &Step, first: &Object) {
        let id = first.get("id").and_then(Value::as_i64);
        let unknown = |(name, value): &(&String, &Value)| {
            !step.knows(name) && !name.ends_with("_count") && inventory::netbox_copy::says(value)
        };
        for (name, _) in first.iter().filter(unknown) {
            self.report.lose(step.path(), name, "NetBox 4.7 has no such field.", id, 1);
        }
    }

    /// Custom fields whose values are objects.
    pub(super) async fn definitions(&mut self) -> Result<(), Failure> {
        let mut next = Some(0);
        while let Some(from) = next {
            let page = self.source.page(CUSTOM_FIELDS, "id,name,type", from).await?;
            let objects = page.objects.iter().filter(|(_, field)| {
                let kind = field.get("type").and_then(|kind| kind.get("value")).and_then(Value::as_str);
                matches!(kind, Some("object" | "multiobject"))
            });
            let names = objects.filter_map(|(_, field)| field.get("name")?.as_str());
            self.known.objects.extend(names.map(str::to_owned));
            next = page.next;
        }
        Ok(())
    }

    /// Endpoints that the door does not serve.
    async fn others(&mut self) -> Result<(), Failure> {
        let mut paths = Vec::new();
        let apps = names(self.source.look("/api/").await?);
        for app in apps.into_iter().filter(|app| app != "status") {
            for name in names(self.source.look(&format!("/api/{app}/")).await?) {
                if app == "plugins" {
                    let path = format!("{app}/{name}");
                    let inside = names(self.source.look(&format!("/api/{path}/")).await?);
                    paths.extend(inside.into_iter().map(|name| format!("{path}/{name}")));
                } else {
                    paths.push(format!("{app}/{name}"));
                }
            }
        }
        for path in paths {
            if self.plan.steps().iter().any(|step| step.path() == path) {
                continue;
            }
            let Some((count, first)) = self.source.peek(&path).await?.filter(|(count, _)| *count > 0) else {
                continue;
            };
            match BY_DESIGN.iter().find(|(known, _)| *known == path) {
                Some((_, reason)) => self.report.note(format!("{path}, {count} objects: {reason}.")),
                None => {
                    let id = first.get("id").and_then(Value::as_i64);
                    self.report.lose(&path, "", "There is no such endpoint here.", id, count);
                }
            }
        }
        Ok(())
    }

    /// Refuses to begin when an id is taken by another object: what refers to it would refer to that one.
    async fn check(&mut self) -> Result<(), Failure> {
        if self.options.overwrite {
            return Ok(());
        }
        let mut taken = Vec::new();
        for step in self.steps.clone() {
            let here = self.target.sample(step.path()).await?.map_or(0, |(count, _)| count);
            if step.path() == ACCOUNTS || here == 0 {
                continue;
            }
            let fields = step.identity();
            let mut next = Some(0);
            while let Some(from) = next {
                let page = self.source.page(step.path(), &fields, from).await?;
                let here = self.target.among(step.path(), &fields, &ids(&page.objects)).await?;
                for (id, object) in &page.objects {
                    let other = here.get(id).filter(|other| !step.same(object, other, &Known::default()));
                    taken.extend(other.map(|other| conflict(step, *id, object, other)));
                }
                next = page.next.filter(|_| taken.len() <= MAX_NAMED);
            }
        }
        if taken.is_empty() {
            return Ok(());
        }
        let more = if taken.len() > MAX_NAMED { "\n  ..." } else { "" };
        taken.truncate(MAX_NAMED);
        Err(Failure::new(format!(
            "ids are taken by other objects here; nothing was written. Use an empty tenant, or --overwrite:\n  {}{more}",
            taken.join("\n  ")
        )))
    }

    /// Makes what is missing.
    async fn first(&mut self, step: &'a Step) -> Result<(), Failure> {
        let fields = step.fields();
        let mut next = Some(0);
        while let Some(from) = next {
            let page = self.source.page(step.path(), &fields, from).await?;
            self.make_missing(step, &page.objects).await?;
            self.progress.add(page.objects.len());
            next = page.next;
        }
        Ok(())
    }

    /// Makes those of the objects that are not here.
    pub(super) async fn make_missing(
        &mut self,
        step: &'a Step,
        objects: &[(i64, Object)],
    ) -> Result<(), Failure> {
        let here = self.target.among(step.path(), "id", &ids(objects)).await?;
        let missing = objects.iter().filter(|(id, _)| !here.contains_key(id));
        let missing =
            missing.map(|(id, object)| (*id, step.map(object, &self.known, Moment::First))).collect();
        self.make(step, missing, false).await
    }

    /// Tries what was refused again, as long as that helps; the last time with everything, and telling.
    pub(super) async fn again(&mut self) -> Result<(), Failure> {
        let mut waiting = self.waiting.values().map(Vec::len).sum::<usize>();
        while waiting > 0 {
            self.progress.begin("again", waiting as u64);
            self.retry(false).await?;
            let left = self.waiting.values().map(Vec::len).sum::<usize>();
            if left >= waiting {
                return self.retry(true).await;
            }
            waiting = left;
        }
        Ok(())
    }

    async fn retry(&mut self, last: bool) -> Result<(), Failure> {
        let moment = if last { Moment::Whole } else { Moment::First };
        for step in self.steps.clone() {
            let ids = self.waiting.remove(step.path()).unwrap_or_default();
            if ids.is_empty() {
                continue;
            }
            self.progress.at(step.path());
            for ids in ids.chunks(ASKED) {
                // A write whose answer was lost may have been done.
                let here = self.target.among(step.path(), "id", &ids.iter().copied().collect()).await?;
                let objects = self.source.by_ids(step.path(), &step.fields(), ids).await?;
                let missing = objects
                    .into_iter()
                    .filter(|(id, _)| !here.contains_key(id))
                    .map(|(id, object)| (id, step.map(&object, &self.known, moment)))
                    .collect();
                self.make(step, missing, last).await?;
                self.progress.add(ids.len());
            }
        }
        Ok(())
    }

    /// Changes what differs, and tells what has no place here.
    async fn second(&mut self, step: &'a Step) -> Result<(), Failure> {
        let fields = step.fields();
        let mut next = Some(0);
        while let Some(from) = next {
            let page = self.source.page(step.path(), &fields, from).await?;
            self.compare(step, &page.objects).await?;
            self.progress.add(page.objects.len());
            next = page.next;
        }
        Ok(())
    }

    /// Changes those of the objects that are different here.
    pub(super) async fn compare(&mut self, step: &'a Step, objects: &[(i64, Object)]) -> Result<(), Failure> {
        let known = Known { objects: self.known.objects.clone(), accounts: None };
        let here = self.target.among(step.path(), &step.fields(), &ids(objects)).await?;
        let mut changes = Vec::new();
        for (id, object) in objects {
            let wanted = step.map(object, &self.known, Moment::Whole);
            for lost in &wanted.lost {
                self.report.lose(step.path(), &lost.field, lost.reason, Some(*id), 1);
            }
            let Some(copy) = here.get(id) else { continue };
            let different = step.differences(&wanted, &step.map(copy, &known, Moment::Whole));
            if !different.is_empty() {
                changes.push((*id, different, copy.get("last_updated").cloned().unwrap_or_default()));
            }
        }
        self.change(step, changes).await
    }
}

pub(super) fn ids(objects: &[(i64, Object)]) -> BTreeSet<i64> {
    objects.iter().map(|(id, _)| *id).collect()
}

/// The names of a root of the API.
fn names(root: Option<Value>) -> Vec<String> {
    match root {
        Some(Value::Object(members)) => members.into_iter().map(|(name, _)| name).collect(),
        _ => Vec::new(),
    }
}

fn conflict(step: &Step, id: i64, there: &Object, here: &Object) -> String {
    let display = |object: &Object| object.get("display").and_then(Value::as_str).unwrap_or("?").to_owned();
    format!("{} {id}: {} in the NetBox, {} here", step.path(), display(there), display(here))
}
