//! What must hold beyond the declarations.

use kit::record::{Drafted, Hooks, Record};
use kit::records::{Ask, Where};
use kit::{Actor, BoxFuture, Ctx, FieldError, Problem, Records, WriteTx};
use serde_json::{Map, Value, json};

use crate::layout;

/// Parameters that a table configuration may keep.
const MOST_PARAMETERS: usize = 100;

pub(crate) fn wrong(pointer: &str, code: &'static str, message: &str) -> FieldError {
    FieldError { pointer: pointer.to_owned(), code: code.into(), message: message.to_owned() }
}

/// Of saved filters.
pub(crate) struct FilterRules;

impl Hooks for FilterRules {
    fn clean(&self, _: &Ctx, _: Option<&Record>, record: &mut Record, errors: &mut Vec<FieldError>) {
        match record.get("parameters") {
            Some(Value::Object(members)) if members.is_empty() => {
                errors.push(wrong("/parameters", "required", "Give at least one parameter."));
            }
            Some(Value::Object(_)) => {}
            _ => {
                let text = "Give the parameters as an object: {\"status\": [\"active\"]}.";
                errors.push(wrong("/parameters", "type", text));
            }
        }
    }
}

/// Of table configurations.
pub(crate) struct TableRules;

impl Hooks for TableRules {
    fn clean(&self, _: &Ctx, _: Option<&Record>, record: &mut Record, errors: &mut Vec<FieldError>) {
        if record.get("columns").and_then(Value::as_array).is_none_or(Vec::is_empty) {
            errors.push(wrong("/columns", "required", "Name at least one column."));
        }
        let as_texts = |members: &Map<String, Value>| {
            members.len() <= MOST_PARAMETERS && members.values().all(Value::is_string)
        };
        match record.get("parameters") {
            None | Some(Value::Null) => {}
            Some(Value::Object(members)) if as_texts(members) => {}
            Some(_) => {
                let text = "Give at most 100 parameters as an object of texts: {\"status__in\": \"active,planned\"}.";
                errors.push(wrong("/parameters", "type", text));
            }
        }
    }
}

/// Of dashboards.
pub(crate) struct DashboardRules;

impl Hooks for DashboardRules {
    fn clean(&self, _: &Ctx, _: Option<&Record>, record: &mut Record, errors: &mut Vec<FieldError>) {
        layout::check(record.get("layout"), errors);
        let private = record.get("shared") == Some(&Value::Bool(false));
        if private && record.get("user").is_none_or(Value::is_null) {
            errors.push(wrong("/user", "required", "Say whose it is, or share it."));
        }
    }
}

/// Of journal entries.
pub(crate) struct JournalRules;

impl Hooks for JournalRules {
    /// Whoever writes an entry is its author, when they are a user of this tenant: staff of the
    /// provider are not; the change log names them.
    fn clean_all<'a>(
        &'a self,
        records: &'a dyn Records,
        tx: &'a mut WriteTx,
        drafts: &'a mut [Drafted],
    ) -> BoxFuture<'a, Result<(), Problem>> {
        Box::pin(async move {
            let (Actor::User(id), Some(users)) = (tx.ctx().actor().clone(), records.model("platform.user"))
            else {
                return Ok(());
            };
            let nobody = |draft: &&mut Drafted| {
                draft.before.is_none() && draft.record.get("created_by").is_none_or(Value::is_null)
            };
            let mut own: Vec<&mut Drafted> = drafts.iter_mut().filter(nobody).collect();
            if own.is_empty() {
                return Ok(());
            }
            let ask = Ask { filter: Where::is("id", "eq", id.to_string()), limit: 1, ..Ask::default() };
            if !records.find_in(tx, users, &ask).await?.records.is_empty() {
                for draft in &mut own {
                    draft.record.insert("created_by".to_owned(), json!(id));
                }
            }
            Ok(())
        })
    }
}
