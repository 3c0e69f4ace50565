//! Records that take a text or data over from a file of a data source: templates, contexts. Such a
//! model has the fields `data_source`, `data_file`, `data_path` and `data_synced`.

use chrono::{SecondsFormat, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::ctx::Ctx;
use crate::hooks::{Drafted, Record};
use crate::jobs::NewJob;
use crate::permission::{Act, Permission};
use crate::problem::{FieldError, Problem};
use crate::records::{Ask, Records, Where, Write};
use crate::services::Services;
use crate::tx::WriteTx;

/// The model of files.
pub const DATA_FILE: &str = "platform.data_file";

/// What a file holds for a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// A text as it is.
    Text,
    /// A JSON object.
    Object,
}

/// The value of a field that follows the file.
///
/// # Errors
/// What is wrong with the file, for people.
pub fn taken_over(file: &Record, holds: Holds) -> Result<Value, String> {
    let path = file.get("path").and_then(Value::as_str).unwrap_or_default();
    let Some(text) = file.get("text").and_then(Value::as_str) else {
        return Err(format!("{path} is no text, or larger than 64 KiB."));
    };
    if holds == Holds::Text {
        return Ok(Value::from(text));
    }
    match serde_json::from_str(text) {
        Ok(value @ Value::Object(_)) => Ok(value),
        Ok(_) => Err(format!("{path} holds no JSON object.")),
        Err(error) => Err(format!("{path} holds no JSON: {error}.")),
    }
}

/// Fields of a record after it took a file over.
///
/// # Errors
/// What is wrong with the file, for people.
pub fn fields(file: &Record, field: &str, holds: Holds) -> Result<Record, String> {
    let mut fields = Record::new();
    fields.insert(field.to_owned(), taken_over(file, holds)?);
    fields.insert("data_path".to_owned(), file.get("path").cloned().unwrap_or_default());
    let source = file.get("source").and_then(|source| source.get("id")).cloned().unwrap_or_default();
    fields.insert("data_source".to_owned(), source);
    fields.insert("data_synced".to_owned(), json!(Utc::now().to_rfc3339_opts(SecondsFormat::Micros, true)));
    Ok(fields)
}

/// For `clean_all` of a model that follows files: a file that is named anew is taken over.
///
/// # Errors
/// 503 when the database is gone.
pub async fn follow(
    records: &dyn Records,
    tx: &mut WriteTx,
    drafts: &mut [Drafted],
    field: &str,
    holds: Holds,
) -> Result<(), Problem> {
    let named = |record: &Record| {
        record.get("data_file")?.get("id")?.as_str().and_then(|id| Uuid::parse_str(id).ok())
    };
    let Some(files) = records.model(DATA_FILE) else { return Ok(()) };
    for draft in drafts {
        let Some(id) = named(&draft.record) else { continue };
        if draft.before.as_ref().and_then(named) == Some(id) {
            continue;
        }
        let ask = Ask { filter: Where::is("id", "eq", id.to_string()), limit: 1, ..Ask::default() };
        let Some(file) = records.find_in(tx, files, &ask).await?.records.pop() else { continue };
        match fields(&file, field, holds) {
            Ok(fields) => draft.record.extend(fields),
            Err(message) => {
                draft.errors.push(FieldError { pointer: "/data_file".into(), code: "file".into(), message })
            }
        }
    }
    Ok(())
}

/// The job that synchronises a source. Implemented by `platform_core/sources`.
pub const SYNC: &str = "platform.data_source_sync";
const DATA_SOURCE: &str = "platform.data_source";

/// Has a source synchronised by a job. Whoever may change a source may.
///
/// # Errors
/// 403, 404, 503.
pub async fn synchronise(services: &Services, ctx: &Ctx, source: Uuid) -> Result<(), Problem> {
    let records = services.records()?.clone();
    let model = records.model(DATA_SOURCE).ok_or_else(|| Problem::internal("no data sources"))?;
    let granted = ctx.authorize(Permission::new(model.permission, Act::Write))?;
    let mut tx = ctx.write(granted).await?;
    let mut fields = Record::new();
    fields.insert("status".to_owned(), json!("queued"));
    let write = Write::Change { id: source, expect: None, fields, replace: false };
    records.write_in(&mut tx, model, vec![write]).await?;
    let args = json!({ "source": source });
    let (key, about) = (Some(source.to_string()), Some((DATA_SOURCE, source)));
    let job = NewJob { kind: SYNC, args, delay_seconds: 0, unique_key: key, about };
    services.jobs()?.enqueue(&mut tx, job).await?;
    tx.commit().await
}
