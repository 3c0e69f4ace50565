//! Rules that accept differences by themselves: which, once they are old enough, and how many an hour.
//! Pure: rules, items and findings in, what is to be accepted out.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, TimeDelta, Utc};
use model::adoption::Repair;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Finding, Item, Items, Kind, Report, Side, State, Type};

/// Most rules of a tenant.
pub(crate) const RULES: usize = 100;
/// Most words in a list of a rule.
const WORDS: usize = 100;
/// Most items accepted in one round.
const ROUND: usize = 50;
/// The attribute's word where a thing itself is missing or unexpected.
const EXISTENCE: &str = "existence";

fn hour() -> u32 {
    60
}

fn fifty() -> u32 {
    50
}

/// Which differences are accepted. Empty lists take everything.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Acceptance {
    /// What people call it, 1 to 100 characters.
    pub(crate) name: String,
    /// It accepts. A new rule is off until somebody switches it on.
    #[serde(default)]
    pub(crate) enabled: bool,
    /// `device`, `interface`, `address`, `cable`.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub(crate) kinds: BTreeSet<Kind>,
    /// `missing`, `unexpected`, `different`, `misplaced`.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub(crate) types: BTreeSet<Type>,
    /// Attributes as items name them: `mtu`, `serial` ...; `existence` for a thing itself.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub(crate) fields: BTreeSet<String>,
    /// Names of devices; `*` stands for any text.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub(crate) devices: BTreeSet<String>,
    /// Names of sites.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub(crate) sites: BTreeSet<String>,
    /// Kinds of sources that all observations must come from: `snmp` ...
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub(crate) sources: BTreeSet<String>,
    /// For how long the difference must have been open, in minutes: 0 to 43,200.
    #[serde(default = "hour")]
    pub(crate) min_age_minutes: u32,
    /// Accepted within an hour at most: 1 to 500.
    #[serde(default = "fifty")]
    pub(crate) max_per_hour: u32,
    /// It may also accept what deletes a record: a missing interface or cable.
    #[serde(default)]
    pub(crate) allow_delete: bool,
}

/// A rule that is stored.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct AcceptanceRule {
    /// Id.
    pub(crate) id: Uuid,
    /// Which differences it accepts.
    #[serde(flatten)]
    pub(crate) rule: Acceptance,
    /// Who wrote it last.
    pub(crate) actor: String,
    /// When.
    pub(crate) updated_at: DateTime<Utc>,
}

/// What a rule makes of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It accepts it now.
    Now,
    /// It will, once the item is old enough.
    Later,
    /// It does not concern it.
    Never,
}

impl Acceptance {
    /// Why the rule cannot be stored: field, code, message.
    pub(crate) fn fault(&self) -> Option<(&'static str, &'static str, String)> {
        let name = self.name.trim();
        if name.is_empty() || name.chars().count() > 100 || name.chars().any(char::is_control) {
            return Some(("/name", "length", "Name it in 1 to 100 characters.".to_owned()));
        }
        let lists = [
            ("/fields", &self.fields),
            ("/devices", &self.devices),
            ("/sites", &self.sites),
            ("/sources", &self.sources),
        ];
        for (field, words) in lists {
            let bad = |word: &String| word.trim().is_empty() || word.chars().count() > 200;
            if words.len() > WORDS || words.iter().any(bad) {
                let text = format!("List at most {WORDS} words of 1 to 200 characters.");
                return Some((field, "length", text));
            }
        }
        if self.min_age_minutes > 43_200 {
            return Some(("/min_age_minutes", "range", "Wait 0 to 43,200 minutes.".to_owned()));
        }
        if !(1..=500).contains(&self.max_per_hour) {
            return Some(("/max_per_hour", "range", "Accept 1 to 500 within an hour.".to_owned()));
        }
        None
    }

    /// Whether the rule accepts an item that is found.
    pub(crate) fn verdict(&self, item: &Item, finding: &Finding, now: DateTime<Utc>) -> Verdict {
        let attr = if item.attr.is_empty() { EXISTENCE } else { item.attr.as_str() };
        let concerned = item.state == State::Open
            && item.acceptable
            // What comes and goes, or is being judged anew, is for people.
            && !item.flapping
            && !finding.held
            && listed(&self.kinds, &item.kind)
            && listed(&self.types, &item.how)
            && (self.fields.is_empty() || self.fields.contains(attr))
            && (self.sites.is_empty() || self.sites.contains(&item.site))
            && (self.devices.is_empty() || self.devices.iter().any(|glob| fits(glob, &item.device_name)))
            && self.trusts(finding)
            && (self.allow_delete || !finding.repairs.iter().any(deletes));
        if !concerned {
            return Verdict::Never;
        }
        let age = TimeDelta::minutes(i64::from(self.min_age_minutes));
        let since = item.opened_at.unwrap_or(item.first_seen);
        if now - since >= age { Verdict::Now } else { Verdict::Later }
    }

    /// Every observation behind it comes from one of the sources.
    fn trusts(&self, finding: &Finding) -> bool {
        let mut observed = finding.evidence.iter().filter(|chip| chip.side == Side::Observed);
        let kind = |source: &str| source.split(':').next().unwrap_or_default().to_owned();
        self.sources.is_empty() || observed.all(|chip| self.sources.contains(&kind(&chip.source)))
    }
}

fn listed<T: Ord>(list: &BTreeSet<T>, one: &T) -> bool {
    list.is_empty() || list.contains(one)
}

/// The repair deletes a record.
fn deletes(repair: &Repair) -> bool {
    matches!(repair, Repair::RemoveInterface { .. } | Repair::RemoveCable { .. })
}

/// A name fits a pattern in which `*` stands for any text; without case.
fn fits(pattern: &str, name: &str) -> bool {
    let (pattern, name) = (pattern.trim().to_lowercase(), name.to_lowercase());
    let Some((first, rest)) = pattern.split_once('*') else { return pattern == name };
    let Some(mut name) = name.strip_prefix(first) else { return false };
    let mut parts = rest.split('*').peekable();
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return name.ends_with(part);
        }
        let Some(at) = name.find(part) else { return false };
        name = name.get(at + part.len()..).unwrap_or_default();
    }
    true
}

/// What is to be accepted now, by rule: the first rule that concerns an item decides. Bounded by the
/// round, and each rule by its hour.
pub(crate) fn chosen(
    rules: &[AcceptanceRule],
    items: &Items,
    report: &Report,
    now: DateTime<Utc>,
    skip: impl Fn(Uuid) -> bool,
) -> Vec<(usize, Vec<Uuid>)> {
    let enabled: Vec<usize> =
        (0..rules.len()).filter(|at| rules.get(*at).is_some_and(|rule| rule.rule.enabled)).collect();
    if enabled.is_empty() {
        return Vec::new();
    }
    let mut used: HashMap<Uuid, usize> = HashMap::new();
    for item in items.values() {
        let lately = item.decided_at.is_some_and(|at| now - at < TimeDelta::hours(1));
        if let Some(rule) = item.accepted.as_ref().and_then(|accepted| accepted.rule).filter(|_| lately) {
            *used.entry(rule).or_default() += 1;
        }
    }
    let (mut found, mut taken): (HashMap<usize, Vec<Uuid>>, usize) = (HashMap::new(), 0);
    for finding in &report.findings {
        let Some(item) = items.get(&finding.id).filter(|item| item.state == State::Open) else { continue };
        let concerned = enabled.iter().filter_map(|at| Some((*at, rules.get(*at)?)));
        let first = concerned
            .map(|(at, rule)| (at, rule, rule.rule.verdict(item, finding, now)))
            .find(|(.., verdict)| *verdict != Verdict::Never);
        let Some((at, rule, Verdict::Now)) = first else { continue };
        let used = used.entry(rule.id).or_default();
        let full = *used >= rule.rule.max_per_hour as usize;
        if full || taken >= ROUND || skip(item.id) {
            continue;
        }
        (*used, taken) = (*used + 1, taken + 1);
        found.entry(at).or_default().push(item.id);
    }
    let mut found: Vec<(usize, Vec<Uuid>)> = found.into_iter().collect();
    found.sort_unstable_by_key(|(at, _)| *at);
    found
}

/// What a rule would accept now, and later, whether it is switched on or not.
pub(crate) fn would<'a>(
    rule: &Acceptance,
    items: &'a Items,
    report: &Report,
    now: DateTime<Utc>,
) -> (Vec<&'a Item>, usize) {
    let (mut at_once, mut later) = (Vec::new(), 0);
    for finding in &report.findings {
        let Some(item) = items.get(&finding.id) else { continue };
        match rule.verdict(item, finding, now) {
            Verdict::Now => at_once.push(item.as_ref()),
            Verdict::Later => later += 1,
            Verdict::Never => {}
        }
    }
    (at_once, later)
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn patterns_of_names() {
        for (pattern, name, right) in [
            ("core1", "CORE1", true),
            ("core1", "core12", false),
            ("core*", "core12.lab", true),
            ("*.lab", "core12.lab", true),
            ("core*.lab", "core.lab", true),
            ("core*.lab", "core1.other", false),
            ("*e*e*", "core-edge", true),
            ("*e*e*x", "core-edge", false),
            ("*", "", true),
            ("a*a", "a", false),
        ] {
            assert_eq!(fits(pattern, name), right, "{pattern} {name}");
        }
    }
}
