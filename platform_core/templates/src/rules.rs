//! What must hold beyond the declarations.

use kit::files::{self, Holds};
use kit::record::{Drafted, Hooks, Record};
use kit::{BoxFuture, Ctx, FieldError, Problem, Records, WriteTx};
use serde_json::Value;

/// Names of export templates that lists take for something else.
const RESERVED: &str = "table";

fn wrong(pointer: &str, code: &'static str, message: &str) -> FieldError {
    FieldError { pointer: pointer.to_owned(), code: code.into(), message: message.to_owned() }
}

/// Of both kinds.
pub(crate) struct ConfigRules;

impl Hooks for ConfigRules {
    fn clean(&self, _: &Ctx, _: Option<&Record>, record: &mut Record, errors: &mut Vec<FieldError>) {
        if !matches!(record.get("environment_params"), None | Some(Value::Null | Value::Object(_))) {
            let text = "Give the parameters as an object: {\"trim_blocks\": true}.";
            errors.push(wrong("/environment_params", "type", text));
        }
    }

    fn clean_all<'a>(
        &'a self,
        records: &'a dyn Records,
        tx: &'a mut WriteTx,
        drafts: &'a mut [Drafted],
    ) -> BoxFuture<'a, Result<(), Problem>> {
        Box::pin(files::follow(records, tx, drafts, "template_code", Holds::Text))
    }
}

/// Of export templates.
pub(crate) struct ExportRules;

impl Hooks for ExportRules {
    fn clean(&self, ctx: &Ctx, before: Option<&Record>, record: &mut Record, errors: &mut Vec<FieldError>) {
        ConfigRules.clean(ctx, before, record, errors);
        let name = record.get("name").and_then(Value::as_str).unwrap_or_default();
        if name.eq_ignore_ascii_case(RESERVED) {
            errors.push(wrong(
                "/name",
                "reserved",
                "\"table\" is a reserved name. Please choose a different name.",
            ));
        }
    }
    fn clean_all<'a>(
        &'a self,
        records: &'a dyn Records,
        tx: &'a mut WriteTx,
        drafts: &'a mut [Drafted],
    ) -> BoxFuture<'a, Result<(), Problem>> {
        ConfigRules.clean_all(records, tx, drafts)
    }
}
