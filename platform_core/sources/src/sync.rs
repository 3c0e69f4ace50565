//! Bringing a source up to date: its files become records, and what follows them takes them over.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, SecondsFormat, Utc};
use egress::Policy;
use kit::files::{self, Holds};
use kit::jobs::{Parameter, ParameterKind, Script};
use kit::permission::Act;
use kit::record::Record;
use kit::records::{Ask, Where, Write};
use kit::secrets::{SecretPlace, SecretText};
use kit::{
    BoxFuture, Ctx, JobCx, JobError, JobHandler, JobKind, Model, Permission, Problem, Records, Services,
    WriteTx,
};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::data_file::DATA_FILE;
use crate::data_source::{DATA_SOURCE, GIT};
use crate::directory::{self, FoundFile, Patterns};
use crate::git::{self, Repository};

/// The job.
pub(crate) const SYNC: JobKind = JobKind {
    name: files::SYNC,
    title: "Data source",
    permission: Permission::new("platform/data-sources", Act::Write),
    max_attempts: 3,
    timeout: Duration::from_mins(10),
    per_tenant: 2,
};

/// The same for people, with a schedule if they like.
const SCRIPT: Script = Script {
    description: "Reads the files of a data source; what follows them has what is in them now.",
    parameters: &[Parameter {
        name: "source",
        label: "Data source",
        kind: ParameterKind::Record("platform.data_source"),
        required: true,
    }],
};

/// How often sources that are due are looked for.
const LOOK: Duration = Duration::from_mins(1);
/// Records read at a time.
const PAGE: u32 = 1_000;
/// Characters of an error that are kept.
const MAX_ERROR: usize = 1_000;

/// Synchronises sources.
pub struct Synchroniser {
    services: Services,
    /// Directories that sources may lie in.
    roots: Vec<PathBuf>,
    /// Where repositories may be.
    egress: Policy,
    /// Models whose records follow files.
    followers: Vec<&'static Model>,
}

fn fatal(error: impl std::fmt::Display) -> JobError {
    JobError::Fatal(error.to_string())
}

impl Synchroniser {
    /// `models` are all of this server.
    pub fn new(services: Services, roots: Vec<PathBuf>, egress: Policy, models: &[&'static Model]) -> Self {
        let followers = models.iter().copied().filter(|model| model.field("data_file").is_some()).collect();
        Self { services, roots, egress, followers }
    }

    async fn run_once(&self, cx: &JobCx) -> Result<Value, JobError> {
        let id = cx.args.get("source").and_then(Value::as_str).unwrap_or_default();
        let id: Uuid = id.parse().map_err(|_| fatal("the job names no source"))?;
        let records = self.services.records()?.clone();
        let source = found(&*records, &cx.ctx, id).await?.ok_or_else(|| fatal("the source is gone"))?;
        self.mark(&cx.ctx, id, json!({"status": "syncing", "error": null})).await?;
        let read = self.read(&cx.ctx, id, &source).await;
        let outcome = match read {
            Ok(files) => {
                self.store(&cx.ctx, &*records, id, files).await.map_err(|problem| problem.to_string())
            }
            Err(message) => Err(message),
        };
        match outcome {
            Ok(counts) => Ok(counts),
            Err(message) => {
                let error: String = message.chars().take(MAX_ERROR).collect();
                self.mark(&cx.ctx, id, json!({"status": "failed", "error": error})).await?;
                Err(JobError::Fatal(message))
            }
        }
    }

    async fn read(&self, ctx: &Ctx, id: Uuid, source: &Record) -> Result<Vec<FoundFile>, String> {
        let text = |field: &str| source.get(field).and_then(Value::as_str).unwrap_or_default().to_owned();
        let (named, ignored) = (text("source_url"), Patterns::of(&text("ignore_rules")));
        if text("type") == GIT {
            let parameter = |name: &str| {
                let text = source.get("parameters")?.get(name)?.as_str()?;
                Some(text.to_owned()).filter(|text| !text.is_empty())
            };
            let password = self.password(ctx, id).await.map_err(|problem| problem.to_string())?;
            let repository = Repository {
                url: named,
                branch: parameter("branch"),
                username: parameter("username"),
                password,
            };
            return git::files(&self.egress, &repository, ignored).await;
        }
        let roots = self.roots.clone();
        let work = tokio::task::spawn_blocking(move || {
            directory::files(&directory::allowed(&named, &roots)?, &ignored)
        });
        work.await.map_err(|error| error.to_string())?
    }

    /// The password of a repository, opened just in time.
    async fn password(&self, ctx: &Ctx, id: Uuid) -> Result<Option<SecretText>, Problem> {
        let mut tx = ctx.read().await?;
        let sealed: Option<Option<Vec<u8>>> =
            sqlx::query_scalar("SELECT password FROM app.data_source WHERE id = $1")
                .bind(id)
                .fetch_optional(tx.conn())
                .await?;
        let Some(sealed) = sealed.flatten() else { return Ok(None) };
        let place = SecretPlace { model: DATA_SOURCE.name, id, field: "password" };
        self.services.secrets()?.open(&mut tx, place, &sealed).await.map(Some)
    }

    async fn mark(&self, ctx: &Ctx, id: Uuid, fields: Value) -> Result<(), Problem> {
        let records = self.services.records()?.clone();
        let mut tx = ctx.write(ctx.authorize(SYNC.permission)?).await?;
        change(&*records, &mut tx, DATA_SOURCE.name, id, fields).await?;
        tx.commit().await
    }

    /// Files as records, all or nothing: new ones, changed ones, and those that are gone.
    async fn store(
        &self,
        ctx: &Ctx,
        records: &dyn Records,
        id: Uuid,
        read: Vec<FoundFile>,
    ) -> Result<Value, Problem> {
        let mut tx = ctx.write(ctx.authorize(SYNC.permission)?).await?;
        let model = model_of(records, DATA_FILE.name)?;
        let mut known: HashMap<String, Record> = HashMap::new();
        let filter = Where::is("source", "eq", id.to_string());
        let mut ask = Ask { filter, sort: Some("path".to_owned()), limit: PAGE, ..Ask::default() };
        loop {
            let page = records.find_in(&mut tx, model, &ask).await?.records;
            let full = page.len() == PAGE as usize;
            known.extend(page.into_iter().map(|file| (text(&file, "path").to_owned(), file)));
            if !full {
                break;
            }
            ask.offset += u64::from(PAGE);
        }
        let (mut made, mut changed) = (Vec::new(), Vec::new());
        for file in read {
            let fields = json!({"source": id, "path": file.path, "size": file.size, "hash": file.hash, "text": file.text});
            let fields = fields.as_object().cloned().unwrap_or_default();
            match known.remove(&file.path) {
                None => made.push(Write::Create(fields)),
                Some(old) if text(&old, "hash") == file.hash => {}
                Some(old) => {
                    let id = text(&old, "id").parse().map_err(Problem::internal)?;
                    changed.push(Write::Change { id, expect: None, fields, replace: false });
                }
            }
        }
        let gone: Vec<Write> = known
            .values()
            .filter_map(|old| Some(Write::Delete { id: text(old, "id").parse().ok()?, expect: None }))
            .collect();
        let counts = json!({"created": made.len(), "changed": changed.len(), "deleted": gone.len()});
        let newer = records.write_in(&mut tx, model, changed).await?;
        records.write_in(&mut tx, model, made).await?;
        records.write_in(&mut tx, model, gone).await?;
        self.take_over(records, &mut tx, &newer).await?;
        let now = Utc::now().to_rfc3339_opts(SecondsFormat::Micros, true);
        let done = json!({"status": "completed", "error": null, "last_synced": now});
        change(records, &mut tx, DATA_SOURCE.name, id, done).await?;
        tx.commit().await?;
        Ok(counts)
    }

    /// What follows one of the files has what is in it now. A file that cannot be used changes nothing.
    async fn take_over(
        &self,
        records: &dyn Records,
        tx: &mut WriteTx,
        newer: &[Record],
    ) -> Result<(), Problem> {
        for model in &self.followers {
            let model = model_of(records, model.name)?;
            let Some((field, holds)) = followed(model) else { continue };
            for file in newer {
                let filter = Where::All(vec![
                    Where::is("data_file", "eq", text(file, "id")),
                    Where::is("auto_sync_enabled", "eq", "true"),
                ]);
                let ask = Ask { filter, limit: PAGE, ..Ask::default() };
                let Ok(fields) = files::fields(file, field, holds) else { continue };
                for record in records.find_in(tx, model, &ask).await?.records {
                    let id = text(&record, "id").parse().map_err(Problem::internal)?;
                    change(records, tx, model.name, id, Value::Object(fields.clone())).await?;
                }
            }
        }
        Ok(())
    }
}

impl JobHandler for Synchroniser {
    fn run(&self, cx: JobCx) -> BoxFuture<'_, Result<Value, JobError>> {
        Box::pin(async move { self.run_once(&cx).await })
    }
}

/// The field of a model that a file is taken over into.
fn followed(model: &Model) -> Option<(&'static str, Holds)> {
    [("template_code", Holds::Text), ("data", Holds::Object), ("schema", Holds::Object)]
        .into_iter()
        .find(|(field, _)| model.field(field).is_some())
}

fn text<'a>(record: &'a Record, field: &str) -> &'a str {
    record.get(field).and_then(Value::as_str).unwrap_or_default()
}

fn model_of(records: &dyn Records, name: &str) -> Result<&'static Model, Problem> {
    records.model(name).ok_or_else(|| Problem::internal(format!("no model {name}")))
}

async fn found(records: &dyn Records, ctx: &Ctx, id: Uuid) -> Result<Option<Record>, Problem> {
    let ask =
        Ask { filter: Where::is("id", "eq", id.to_string()), limit: 1, implied: true, ..Ask::default() };
    Ok(records.find(ctx, model_of(records, DATA_SOURCE.name)?, &ask).await?.records.pop())
}

async fn change(
    records: &dyn Records,
    tx: &mut WriteTx,
    model: &str,
    id: Uuid,
    fields: Value,
) -> Result<(), Problem> {
    let fields = fields.as_object().cloned().unwrap_or_default();
    let write = Write::Change { id, expect: None, fields, replace: false };
    records.write_in(tx, model_of(records, model)?, vec![write]).await.map(drop)
}

/// Looks for sources that are due until the server stops.
pub async fn keep(services: Services, stop: CancellationToken) {
    loop {
        if let Err(problem) = look(&services).await {
            tracing::warn!(%problem, "data sources that are due are not synchronised");
        }
        tokio::select! {
            () = tokio::time::sleep(LOOK) => {}
            () = stop.cancelled() => return,
        }
    }
}

async fn look(services: &Services) -> Result<(), Problem> {
    let (contexts, records) = (services.contexts()?.clone(), services.records()?.clone());
    let model = model_of(&*records, DATA_SOURCE.name)?;
    for tenant in contexts.active_tenants().await? {
        let ctx = contexts.system(tenant, "sources");
        let filter = Where::All(vec![
            Where::is("enabled", "eq", "true"),
            Where::is("sync_interval", "isnull", "false"),
        ]);
        let ask = Ask { filter, limit: PAGE, ..Ask::default() };
        for source in records.find(&ctx, model, &ask).await?.records {
            if let (true, Ok(id)) = (is_due(&source, Utc::now()), text(&source, "id").parse()) {
                files::synchronise(services, &ctx, id).await?;
            }
        }
    }
    Ok(())
}

/// Is it time again?
fn is_due(source: &Record, now: DateTime<Utc>) -> bool {
    let waits = matches!(text(source, "status"), "queued" | "syncing");
    let minutes = source.get("sync_interval").and_then(Value::as_i64);
    let last: Option<DateTime<Utc>> = text(source, "last_synced").parse().ok();
    let tried: Option<DateTime<Utc>> = text(source, "updated_at").parse().ok();
    // One that failed is tried again after its interval, not at every look.
    let last = if text(source, "status") == "failed" { last.max(tried) } else { last };
    let Some(minutes) = minutes.filter(|_| !waits) else { return false };
    last.is_none_or(|last| now - last >= chrono::Duration::minutes(minutes))
}

/// For the wiring: the job with who does it.
pub fn registration(synchroniser: Synchroniser) -> kit::plugin::JobRegistration {
    kit::plugin::JobRegistration { kind: SYNC, script: Some(SCRIPT), handler: Arc::new(synchroniser) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_due_after_their_interval() {
        let now: DateTime<Utc> = "2026-11-30T12:00:00Z".parse().unwrap();
        for (source, expected) in [
            (json!({"status": "new", "sync_interval": 60, "last_synced": null}), true),
            (
                json!({"status": "completed", "sync_interval": 60, "last_synced": "2026-11-30T11:30:00Z"}),
                false,
            ),
            (
                json!({"status": "completed", "sync_interval": 30, "last_synced": "2026-11-30T11:30:00Z"}),
                true,
            ),
            (json!({"status": "queued", "sync_interval": 30, "last_synced": null}), false),
            (json!({"status": "new", "sync_interval": null, "last_synced": null}), false),
            (
                json!({"status": "failed", "sync_interval": 30, "last_synced": null, "updated_at": "2026-11-30T11:59:00Z"}),
                false,
            ),
        ] {
            assert_eq!(is_due(source.as_object().unwrap(), now), expected, "{source}");
        }
    }
}
