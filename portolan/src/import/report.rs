//! What was copied, and what was not: endpoint, id, field, reason.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::client::table;

/// Failures listed at most; the rest is counted.
const MAX_FAILURES: usize = 10_000;
/// Failures of the text.
const MAX_SHOWN: usize = 50;

/// Counts of an endpoint.
#[derive(Clone, Debug, Default)]
pub(super) struct Count {
    /// Objects of the NetBox.
    pub(super) there: u64,
    /// Made here; in a dry run, to be made.
    pub(super) created: u64,
    /// Changed here; in a dry run, to be changed.
    pub(super) changed: u64,
    /// Deleted here, because it is gone there.
    pub(super) deleted: u64,
    /// Not made, not changed, or not deleted.
    pub(super) failed: u64,
}

/// An object, or a field of it, that could not be written.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Failed {
    pub(super) endpoint: String,
    pub(super) id: i64,
    pub(super) field: String,
    pub(super) reason: String,
}

/// Endpoint, field, reason.
type Loss = (String, String, String);

/// The report.
#[derive(Default)]
pub(super) struct Report {
    dry_run: bool,
    pub(super) counts: BTreeMap<&'static str, Count>,
    failures: Vec<Failed>,
    unlisted: u64,
    /// How many values were lost, and the id of the first.
    losses: BTreeMap<Loss, (u64, Option<i64>)>,
    notes: Vec<String>,
}

impl Report {
    /// Nothing happened yet.
    pub(super) fn new(dry_run: bool) -> Self {
        Self { dry_run, ..Self::default() }
    }

    /// The counts of an endpoint.
    pub(super) fn count(&mut self, endpoint: &'static str) -> &mut Count {
        self.counts.entry(endpoint).or_default()
    }

    /// An object with the errors of its fields, as the server told them.
    pub(super) fn fail(&mut self, endpoint: &'static str, id: i64, errors: &Value) {
        self.count(endpoint).failed += 1;
        let empty = serde_json::Map::new();
        let fields = errors.as_object().unwrap_or(&empty);
        if fields.is_empty() {
            self.list(endpoint, id, "", text(errors));
        }
        for (field, reasons) in fields {
            self.list(endpoint, id, field, text(reasons));
        }
    }

    fn list(&mut self, endpoint: &str, id: i64, field: &str, reason: String) {
        if self.failures.len() < MAX_FAILURES {
            let (endpoint, field) = (endpoint.to_owned(), field.to_owned());
            self.failures.push(Failed { endpoint, id, field, reason });
        } else {
            self.unlisted += 1;
        }
    }

    /// Values that have no place here.
    pub(super) fn lose(&mut self, endpoint: &str, field: &str, reason: &str, id: Option<i64>, count: u64) {
        let loss = (endpoint.to_owned(), field.to_owned(), reason.to_owned());
        let (lost, first) = self.losses.entry(loss).or_default();
        *lost += count;
        *first = first.or(id);
    }

    /// Something to know that is no failure.
    pub(super) fn note(&mut self, text: String) {
        self.notes.push(text);
    }

    /// Is everything here?
    pub(super) fn is_whole(&self) -> bool {
        self.failures.is_empty() && self.losses.is_empty() && self.unlisted == 0
    }

    /// Endpoint and id of every object that could not be written, as far as they are listed.
    pub(super) fn failed(&self) -> impl Iterator<Item = (&str, i64)> {
        self.failures.iter().map(|failed| (failed.endpoint.as_str(), failed.id))
    }

    /// The counts of all endpoints together.
    pub(super) fn totals(&self) -> Count {
        self.counts.values().fold(Count::default(), |sum, count| Count {
            there: sum.there + count.there,
            created: sum.created + count.created,
            changed: sum.changed + count.changed,
            deleted: sum.deleted + count.deleted,
            failed: sum.failed + count.failed,
        })
    }

    /// As JSON.
    pub(super) fn document(&self) -> Value {
        let numbers = |count: &Count| json!({"objects": count.there, "created": count.created, "changed": count.changed, "failed": count.failed});
        let endpoints: serde_json::Map<String, Value> =
            self.counts.iter().map(|(path, count)| ((*path).to_owned(), numbers(count))).collect();
        let failure = |one: &Failed| json!({"endpoint": one.endpoint, "id": one.id, "field": one.field, "reason": one.reason});
        let loss = |((endpoint, field, reason), (count, first)): (&Loss, &(u64, Option<i64>))| json!({"endpoint": endpoint, "field": field, "reason": reason, "count": count, "first_id": first});
        json!({
            "dry_run": self.dry_run,
            "whole": self.is_whole(),
            "totals": numbers(&self.totals()),
            "endpoints": endpoints,
            "failures": self.failures.iter().map(failure).collect::<Vec<_>>(),
            "failures_not_listed": self.unlisted,
            "without_a_place": self.losses.iter().map(loss).collect::<Vec<_>>(),
            "notes": self.notes,
        })
    }

    /// For people.
    pub(super) fn text(&self) -> String {
        let row = |path: &str, count: &Count| {
            vec![
                path.to_owned(),
                count.there.to_string(),
                count.created.to_string(),
                count.changed.to_string(),
                count.failed.to_string(),
            ]
        };
        let busy = |count: &&Count| count.there > 0 || count.failed > 0;
        let mut rows: Vec<Vec<String>> = self
            .counts
            .iter()
            .filter(|(_, count)| busy(count))
            .map(|(path, count)| row(path, count))
            .collect();
        rows.push(row("all", &self.totals()));
        let header = if self.dry_run {
            ["endpoint", "objects", "to create", "to change", "failed"]
        } else {
            ["endpoint", "objects", "created", "changed", "failed"]
        };
        let mut text = format!("{}\n", table(&header, rows));
        text += &self.failures_text();
        if !self.losses.is_empty() {
            let rows = self.losses.iter().map(|((endpoint, field, reason), (count, first))| {
                let first = first.map(|id| id.to_string()).unwrap_or_default();
                vec![endpoint.clone(), field.clone(), count.to_string(), first, reason.clone()]
            });
            let header = ["no place here", "field", "values", "first id", "reason"];
            let _ = writeln!(text, "{}", table(&header, rows.collect()));
        }
        for note in &self.notes {
            let _ = writeln!(text, "Note: {note}");
        }
        text
    }

    /// What could not be written, for people.
    pub(super) fn failures_text(&self) -> String {
        if self.failures.is_empty() {
            return String::new();
        }
        let row = |one: &Failed| {
            vec![one.endpoint.clone(), one.id.to_string(), one.field.clone(), one.reason.clone()]
        };
        let rows = self.failures.iter().take(MAX_SHOWN).map(row).collect();
        let mut text = format!("{}\n", table(&["not copied", "id", "field", "reason"], rows));
        let more = self.failures.len().saturating_sub(MAX_SHOWN) as u64 + self.unlisted;
        if more > 0 {
            let _ = writeln!(text, "and {more} more; --report FILE lists up to {MAX_FAILURES}");
        }
        text
    }
}

/// Messages in one line.
fn text(reasons: &Value) -> String {
    match reasons {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(text).collect::<Vec<_>>().join(" "),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_told_with_field_and_reason() {
        let mut report = Report::default();
        report.count("dcim/sites").there = 3;
        assert!(report.is_whole());
        report.fail("dcim/sites", 7, &json!({"slug": ["is taken.", "is long."], "name": ["is bad."]}));
        report.fail("dcim/sites", 8, &json!("the server was tired"));
        report.lose("dcim/device-types", "front_image", "no pictures", Some(4), 1);
        report.lose("dcim/device-types", "front_image", "no pictures", Some(5), 1);
        let document = report.document();
        assert_eq!(document["endpoints"]["dcim/sites"]["failed"], json!(2));
        assert_eq!(document["failures"].as_array().map(Vec::len), Some(3));
        assert_eq!(
            document["failures"][0],
            json!({"endpoint": "dcim/sites", "id": 7, "field": "slug", "reason": "is taken. is long."})
        );
        let loss = &document["without_a_place"][0];
        assert_eq!((&loss["count"], &loss["first_id"]), (&json!(2), &json!(4)));
        assert!(!report.is_whole());
        let text = report.text();
        assert!(text.contains("front_image") && text.contains("the server was tired"), "{text}");
    }

    #[test]
    fn a_long_list_is_cut_and_counted() {
        let mut report = Report::default();
        for id in 0..10_005 {
            report.fail("dcim/sites", id, &json!({"name": ["x"]}));
        }
        let document = report.document();
        assert_eq!(document["failures"].as_array().map(Vec::len), Some(MAX_FAILURES));
        assert_eq!(document["failures_not_listed"], json!(5));
    }
}
