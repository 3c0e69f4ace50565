//! Writes of many objects, of which some may be refused: the others are written.

use std::collections::HashSet;

use inventory::netbox_copy::{Mapped, Object, Step};
use reqwest::Method;
use serde_json::{Value, json};

use super::remote::{Written, id_of};
use super::run::Run;
use crate::Failure;

/// A change: the object, its fields, and when it was written before.
pub(super) type Change = (i64, Object, Value);

impl Run<'_> {
    /// Makes objects, parents first. What is refused waits; the last time it is told.
    pub(super) async fn make(
        &mut self,
        step: &Step,
        objects: Vec<(i64, Mapped)>,
        last: bool,
    ) -> Result<(), Failure> {
        let mut rest = objects;
        while !rest.is_empty() {
            let open: HashSet<i64> = rest.iter().map(|(id, _)| *id).collect();
            let (ready, later): (Vec<_>, Vec<_>) = rest
                .into_iter()
                .partition(|(_, object)| object.parents.iter().all(|parent| !open.contains(parent)));
            if ready.is_empty() {
                // A circle: each names one that is not made before it.
                for (id, _) in later {
                    self.refuse(step, id, &json!({"parent": ["It lies below itself."]}), last);
                }
                return Ok(());
            }
            let bodies = ready.into_iter().map(|(id, object)| {
                let mut body = object.body;
                body.insert("id".to_owned(), json!(id));
                body
            });
            self.post(step, bodies.collect(), last).await?;
            rest = later;
        }
        Ok(())
    }

    pub(super) fn refuse(&mut self, step: &Step, id: i64, errors: &Value, last: bool) {
        if last {
            self.report.fail(step.path(), id, errors);
        } else {
            self.waiting.entry(step.path()).or_default().push(id);
        }
    }

    async fn post(&mut self, step: &Step, bodies: Vec<Object>, last: bool) -> Result<(), Failure> {
        if self.options.dry_run {
            self.report.count(step.path()).created += bodies.len() as u64;
            return Ok(());
        }
        if step.is_picture() {
            return self.pictures(step, bodies, last).await;
        }
        let bodies: Vec<Value> = bodies.into_iter().map(Value::Object).collect();
        let mut stack: Vec<Vec<Value>> =
            bodies.chunks(self.options.batch).rev().map(<[Value]>::to_vec).collect();
        while let Some(batch) = stack.pop() {
            let written = self.target.write(&Method::POST, step.path(), &batch).await?;
            let (done, refused, again) = outcome(written, batch);
            self.report.count(step.path()).created += done.len() as u64;
            for (body, errors) in refused {
                self.refuse(step, body["id"].as_i64().unwrap_or_default(), &errors, last);
            }
            stack.extend(again);
        }
        Ok(())
    }

    /// Changes objects; what is refused is told.
    pub(super) async fn change(&mut self, step: &Step, changes: Vec<Change>) -> Result<(), Failure> {
        if self.options.dry_run {
            self.report.count(step.path()).changed += changes.len() as u64;
            return Ok(());
        }
        let before: std::collections::HashMap<i64, Value> =
            changes.iter().map(|(id, _, updated)| (*id, updated.clone())).collect();
        let bodies: Vec<Value> = changes
            .into_iter()
            .map(|(id, mut fields, _)| {
                fields.insert("id".to_owned(), json!(id));
                Value::Object(fields)
            })
            .collect();
        let mut stack: Vec<Vec<Value>> =
            bodies.chunks(self.options.batch).rev().map(<[Value]>::to_vec).collect();
        while let Some(batch) = stack.pop() {
            let written = self.target.write(&Method::PATCH, step.path(), &batch).await?;
            let (done, refused, again) = outcome(written, batch);
            // What the server finds to be equal stays as it is, with its time.
            let changed = done.iter().filter(|object| {
                let known = id_of(object).and_then(|id| before.get(&id));
                known.is_none_or(|known| known.is_null() || object.get("last_updated") != Some(known))
            });
            self.report.count(step.path()).changed += changed.count() as u64;
            for (body, errors) in refused {
                self.report.fail(step.path(), body["id"].as_i64().unwrap_or_default(), &errors);
            }
            stack.extend(again);
        }
        Ok(())
    }
}

impl Run<'_> {
    /// Deletes objects that are here. Those that are refused: others still need them; the last time it is told.
    pub(super) async fn delete(&mut self, step: &Step, ids: &[i64], last: bool) -> Result<Vec<i64>, Failure> {
        let here = self.target.among(step.path(), "id", &ids.iter().copied().collect()).await?;
        let bodies: Vec<Value> = here.keys().map(|id| json!({ "id": id })).collect();
        let mut stack: Vec<Vec<Value>> = bodies.chunks(self.options.batch).map(<[Value]>::to_vec).collect();
        let mut left = Vec::new();
        while let Some(batch) = stack.pop() {
            let written = self.target.write(&Method::DELETE, step.path(), &batch).await?;
            if matches!(written, Written::Done(_)) {
                self.report.count(step.path()).deleted += batch.len() as u64;
            }
            let (_, refused, again) = outcome(written, batch);
            for (body, errors) in refused {
                let id = body["id"].as_i64().unwrap_or_default();
                if last {
                    self.report.fail(step.path(), id, &errors);
                }
                left.push(id);
            }
            stack.extend(again);
        }
        Ok(left)
    }
}

/// What was done, what was refused with its errors, and what is to be sent again.
type Outcome = (Vec<Object>, Vec<(Value, Value)>, Vec<Vec<Value>>);

fn outcome(written: Written, batch: Vec<Value>) -> Outcome {
    match written {
        Written::Done(objects) => (objects, Vec::new(), Vec::new()),
        Written::Refused(errors) => {
            let mut refused = Vec::with_capacity(errors.len());
            let mut rest = Vec::with_capacity(batch.len());
            for (at, body) in batch.into_iter().enumerate() {
                match errors.iter().find(|(wrong, _)| *wrong == at) {
                    Some((_, errors)) => refused.push((body, errors.clone())),
                    None => rest.push(body),
                }
            }
            (Vec::new(), refused, if rest.is_empty() { Vec::new() } else { vec![rest] })
        }
        // Nobody said which: halves find out.
        Written::Failed(reason) => {
            let mut batch = batch;
            if batch.len() <= 1 {
                let refused = batch.into_iter().map(|body| (body, Value::from(reason.clone())));
                return (Vec::new(), refused.collect(), Vec::new());
            }
            let second = batch.split_off(batch.len() / 2);
            (Vec::new(), Vec::new(), vec![second, batch])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batch(count: i64) -> Vec<Value> {
        (1..=count).map(|id| json!({ "id": id })).collect()
    }

    #[test]
    fn the_good_ones_are_sent_again_without_the_bad() {
        let errors = vec![(1, json!({"name": ["x"]}))];
        let (done, refused, again) = outcome(Written::Refused(errors), batch(3));
        assert!(done.is_empty());
        assert_eq!(refused, [(json!({"id": 2}), json!({"name": ["x"]}))]);
        assert_eq!(again, [vec![json!({"id": 1}), json!({"id": 3})]]);
    }

    #[test]
    fn what_fails_without_a_reason_is_halved_down_to_one() {
        let (_, refused, again) = outcome(Written::Failed("409".to_owned()), batch(3));
        assert_eq!((refused.len(), again.iter().map(Vec::len).collect::<Vec<_>>()), (0, vec![2, 1]));
        let (_, refused, again) = outcome(Written::Failed("409".to_owned()), batch(1));
        assert_eq!((refused, again.len()), (vec![(json!({"id": 1}), json!("409"))], 0));
    }
}
