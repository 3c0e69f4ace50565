//! Making anew what records are found by: for records that were there before the search was, or that
//! were written by other ways than the engine.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use kit::jobs::Progress;
use kit::permission::Act;
use kit::plugin::JobRegistration;
use kit::{BoxFuture, Ctx, JobCx, JobError, JobHandler, JobKind, NewJob, Permission, Problem};
use serde_json::{Value, json};
use uuid::Uuid;

use super::found::{forget, keep};
use super::{CHUNK, Engine};
use crate::datum::Datum;
use crate::entity::Entity;
use crate::query::{Column, FilterExpr, SortKey};
use crate::row::Row;
use crate::sql::{Page, View};

const REBUILD: JobKind = JobKind {
    name: "platform.search_rebuild",
    title: "Search index",
    permission: Permission::new("platform/jobs", Act::Write),
    max_attempts: 3,
    timeout: Duration::from_hours(2),
    per_tenant: 1,
};

const ENTRIES: &str = "SELECT DISTINCT record_id, model FROM app.search_entry \
    WHERE record_id > $1 ORDER BY record_id LIMIT 1000";

/// The job that `POST /api/v1/search/actions/rebuild` orders.
pub fn search_rebuild(engine: Engine) -> JobRegistration {
    JobRegistration { kind: REBUILD, script: None, handler: Arc::new(Rebuild { engine }) }
}

struct Rebuild {
    engine: Engine,
}

impl JobHandler for Rebuild {
    fn run(&self, cx: JobCx) -> BoxFuture<'_, Result<Value, JobError>> {
        Box::pin(async move {
            let mut done = 0;
            let entities: Vec<&Entity> = self.engine.registry().iter().collect();
            for entity in entities {
                if entity.searched.is_empty() {
                    continue;
                }
                let mut after = Uuid::nil();
                loop {
                    if cx.cancel.is_cancelled() {
                        return Err(JobError::Cancelled);
                    }
                    let (last, count) = self.engine.rebuild_page(&cx.ctx, entity, after).await?;
                    done += count;
                    report(&cx, done, entity.model.title_plural);
                    let Some(last) = last else { break };
                    after = last;
                }
            }
            report(&cx, done, "what is gone");
            let gone = self.engine.forget_gone(&cx.ctx).await?;
            Ok(json!({"records": done, "gone": gone}))
        })
    }
}

fn report(cx: &JobCx, done: u64, message: &str) {
    let message = message.to_owned();
    cx.progress.report(Progress { done, total: None, message, detail: Value::Null });
}

impl Engine {
    /// Orders that what the tenant's records are found by is made anew; the job.
    ///
    /// # Errors
    /// 403 without the right to write jobs.
    pub(crate) async fn enqueue_rebuild(&self, ctx: &Ctx) -> Result<Uuid, Problem> {
        let mut tx = ctx.write(ctx.authorize(REBUILD.permission)?).await?;
        let job = NewJob {
            kind: REBUILD.name,
            args: json!({}),
            delay_seconds: 0,
            unique_key: Some("search".to_owned()),
            about: None,
        };
        let id = self.inner.services.jobs()?.enqueue(&mut tx, job).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// One page of a model by id: the id to go on behind, and how many it were. The rows are locked for
    /// as long as it takes, so that no write slips in between.
    async fn rebuild_page(
        &self,
        ctx: &Ctx,
        entity: &Entity,
        after: Uuid,
    ) -> Result<(Option<Uuid>, u64), Problem> {
        let column = Column::of(entity.model, "id").ok_or_else(|| Problem::internal("no id"))?;
        let mut tx = ctx.write(ctx.authorize(REBUILD.permission)?).await?;
        let (filter, sort) = (FilterExpr::All(Vec::new()), [SortKey { column, descending: false }]);
        let after = [Datum::Uuid(after)];
        let page = Page {
            view: View::Tables,
            filter: &filter,
            sort: &sort,
            after: Some(&after),
            limit: CHUNK as i64,
            offset: 0,
        };
        let mut ids = Vec::with_capacity(CHUNK);
        for row in &entity.sql.list(tx.conn(), &page).await? {
            ids.push(Row::decode(entity, row)?.id);
        }
        let mut rows = Vec::with_capacity(ids.len());
        for row in &entity.sql.lock(tx.conn(), &ids).await? {
            rows.push(Row::decode(entity, row)?);
        }
        forget(&mut tx, &ids).await?;
        keep(&mut tx, entity, &rows.iter().collect::<Vec<&Row>>()).await?;
        tx.commit().await?;
        Ok((ids.last().copied().filter(|_| ids.len() == CHUNK), rows.len() as u64))
    }

    /// Takes away entries whose record is not there; how many records it were.
    async fn forget_gone(&self, ctx: &Ctx) -> Result<u64, Problem> {
        let (mut after, mut count) = (Uuid::nil(), 0);
        loop {
            let mut tx = ctx.write(ctx.authorize(REBUILD.permission)?).await?;
            let entries: Vec<(Uuid, String)> =
                sqlx::query_as(ENTRIES).bind(after).fetch_all(tx.conn()).await?;
            let Some((last, _)) = entries.last() else { return Ok(count) };
            after = *last;
            let mut ids: HashMap<String, Vec<Uuid>> = HashMap::new();
            for (id, model) in entries {
                ids.entry(model).or_default().push(id);
            }
            for (model, mut ids) in ids {
                if let Some(entity) = self.registry().get(&model) {
                    let rows = self.rows(tx.conn(), entity, &ids).await?;
                    let there: HashSet<Uuid> = rows.iter().map(|row| row.id).collect();
                    ids.retain(|id| !there.contains(id));
                }
                count += ids.len() as u64;
                forget(&mut tx, &ids).await?;
            }
            tx.commit().await?;
        }
    }
}
