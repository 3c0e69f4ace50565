//! Many operations in one request: together or each on its own.

use kit::record::{Model, Record};
use kit::{Ctx, FieldError, Problem, RowAct, WriteTx};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::Engine;
use super::rows::Asking;
use super::write::{finish, placed, which};
use crate::entity::Entity;
use crate::input::{Item, Mode, Trust};
use crate::query::nearest;

/// Most operations in one batch.
const MAX_OPERATIONS: usize = 1_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Verb {
    Create,
    Update,
    Delete,
}

impl Verb {
    fn act(self) -> RowAct {
        match self {
            Self::Create => RowAct::Add,
            Self::Update => RowAct::Change,
            Self::Delete => RowAct::Delete,
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Operation {
    op: Verb,
    id: Option<Uuid>,
    version: Option<i64>,
    #[serde(default)]
    data: Map<String, Value>,
}

impl Engine {
    /// `{"operations": [{"op", "id", "version", "data"}], "atomic": true}`. Atomic: all or none, the
    /// errors of all operations of the first kind that fails. Otherwise each has its own result.
    pub(crate) async fn batch(
        &self,
        ctx: &Ctx,
        model: &'static Model,
        body: Value,
        dry_run: bool,
    ) -> Result<Value, Problem> {
        let entity = self.entity(model)?;
        let (operations, atomic) = operations(body)?;
        let mut write = None;
        for operation in &operations {
            offered(model, operation.op)?;
            let granted = ctx.authorize_rows(model, operation.op.act())?;
            write.get_or_insert(granted);
        }
        let Some(granted) = write else { return Ok(json!({"results": []})) };
        let mut results = Vec::with_capacity(operations.len());
        if atomic {
            let mut tx = ctx.write(granted).await?;
            let mut rest = operations.into_iter().enumerate().peekable();
            while let Some(first) = rest.next() {
                let verb = first.1.op;
                let mut group = vec![first];
                while let Some(next) = rest.next_if(|(_, next)| next.op == verb) {
                    group.push(next);
                }
                results.extend(self.run_group(&mut tx, entity, verb, group).await?);
            }
            finish(tx, dry_run).await?;
        } else {
            for (at, operation) in operations.into_iter().enumerate() {
                let mut tx = ctx.write(granted).await?;
                let verb = operation.op;
                let result = match self.run_group(&mut tx, entity, verb, vec![(at, operation)]).await {
                    Ok(done) => finish(tx, dry_run).await.map(|()| done),
                    Err(problem) => Err(problem),
                };
                match result {
                    Ok(done) => results.extend(done),
                    Err(problem) => results
                        .push(json!({"status": problem.status.as_u16(), "problem": problem.document()})),
                }
            }
        }
        Ok(json!({"results": results}))
    }

    /// Operations of one kind, in one go.
    async fn run_group(
        &self,
        tx: &mut WriteTx,
        entity: &Entity,
        verb: Verb,
        group: Vec<(usize, Operation)>,
    ) -> Result<Vec<Value>, Problem> {
        let places: Vec<usize> = group.iter().map(|(at, _)| *at).collect();
        let place = |at: usize| format!("/operations/{}", places.get(at).copied().unwrap_or(at));
        let prefix = |at: usize| format!("{}/data", place(at));
        if verb == Verb::Create {
            let items = group.into_iter().map(|(_, operation)| Item {
                mode: Mode::Create,
                trust: Trust::Client,
                id: Uuid::now_v7(),
                number: None,
                before: None,
                input: operation.data,
            });
            let records = self.create_items(tx, entity, items.collect(), &prefix).await?;
            return Ok(done(201, records));
        }
        let asked: Vec<(Uuid, Option<i64>)> = group
            .iter()
            .enumerate()
            .map(|(at, (_, operation))| match operation.id {
                Some(id) => Ok((id, operation.version)),
                None => {
                    Err(Problem::field(format!("{}/id", place(at)), "required", "Which record is meant?"))
                }
            })
            .collect::<Result<_, _>>()?;
        let mut ids: Vec<Uuid> = asked.iter().map(|(id, _)| *id).collect();
        ids.sort_unstable();
        if ids.windows(2).any(|pair| pair.first() == pair.last()) {
            return Err(Problem::bad_request(
                "One record may be named only once in consecutive operations of a kind.",
            ));
        }
        if verb == Verb::Delete {
            let removed = self.remove_versions(tx, entity, &asked, Asking::Client(&place)).await;
            let records = removed.map_err(|problem| named(problem, &place))?;
            return Ok(done(204, records));
        }
        let rows = self.locked(tx, entity, &asked, (verb.act(), Asking::Client(&place))).await;
        let rows = rows.map_err(|problem| named(problem, &place))?;
        let items = rows.into_iter().zip(group).map(|(row, (_, operation))| Item {
            mode: Mode::Merge,
            trust: Trust::Client,
            id: row.id,
            number: None,
            before: Some(row),
            input: operation.data,
        });
        let records = self.update_items(tx, entity, items.collect(), &prefix).await?;
        Ok(done(200, records))
    }
}

/// A record that is absent or in another version: the operation that named it.
fn named(problem: Problem, place: &(dyn Fn(usize) -> String + Sync)) -> Problem {
    let alone = problem.errors.is_empty() && matches!(problem.code, "not-found" | "version-mismatch");
    placed(if alone { which(problem, 0) } else { problem }, place)
}

fn done(status: u16, records: Vec<Record>) -> Vec<Value> {
    let result = |record: Record| {
        if status == 204 {
            json!({"status": status, "id": record.get("id")})
        } else {
            json!({"status": status, "id": record.get("id"), "record": record})
        }
    };
    records.into_iter().map(result).collect()
}

fn offered(model: &Model, verb: Verb) -> Result<(), Problem> {
    let offered = match verb {
        Verb::Create => model.operations.create,
        Verb::Update => model.operations.update,
        Verb::Delete => model.operations.delete,
    };
    if offered {
        Ok(())
    } else {
        Err(Problem::new(
            axum::http::StatusCode::METHOD_NOT_ALLOWED,
            "method-not-allowed",
            format!("{} cannot be changed this way.", model.title_plural),
        ))
    }
}

fn operations(body: Value) -> Result<(Vec<Operation>, bool), Problem> {
    let Value::Object(mut body) = body else {
        return Err(Problem::bad_request(
            "The body must be an object {\"operations\": [...], \"atomic\": true}.",
        ));
    };
    let atomic = match body.remove("atomic") {
        None => true,
        Some(Value::Bool(atomic)) => atomic,
        Some(_) => return Err(Problem::field("/atomic", "wrong_type", "Expected is true or false.")),
    };
    let Some(Value::Array(values)) = body.remove("operations") else {
        return Err(Problem::field("/operations", "required", "Expected is a list of operations."));
    };
    if let Some(name) = body.keys().next() {
        let near = nearest(name, &["operations", "atomic"]).unwrap_or("operations");
        return Err(Problem::field(
            format!("/{}", crate::query::shown(name)),
            "unknown_field",
            format!("There is no such field. Did you mean `{near}`?"),
        ));
    }
    if values.len() > MAX_OPERATIONS {
        let text = format!("At most {MAX_OPERATIONS} operations; these are {}.", values.len());
        return Err(Problem::field("/operations", "too_long", text));
    }
    let mut operations = Vec::with_capacity(values.len());
    let mut errors = Vec::new();
    for (at, value) in values.into_iter().enumerate() {
        match serde_json::from_value(value) {
            Ok(operation) => operations.push(operation),
            Err(_) => errors.push(FieldError {
                pointer: format!("/operations/{at}"),
                code: "invalid".into(),
                message: "Expected is {\"op\": \"create|update|delete\", \"id\": uuid, \"version\": number, \
                          \"data\": {...}} with nothing else."
                    .to_owned(),
            }),
        }
    }
    if errors.is_empty() { Ok((operations, atomic)) } else { Err(Problem::invalid(errors)) }
}
