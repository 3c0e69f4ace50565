//! The job that merges: everything in one transaction, or nothing.

use std::time::Duration;

use kit::jobs::Progress;
use kit::{BoxFuture, JobCx, JobError, JobHandler, JobKind, Problem};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::EXECUTE;
use crate::branch;
use crate::store;
use crate::workflow::{Branches, object};

/// The job.
pub(crate) const MERGE: JobKind = JobKind {
    name: "platform.branch_merge",
    title: "Merge of a branch",
    permission: EXECUTE,
    max_attempts: 3,
    timeout: Duration::from_mins(30),
    per_tenant: 1,
};

/// Tries that may fail without the branch being given back.
const TRIES: u16 = 3;

/// What to merge.
struct Order {
    branch: Uuid,
    dry_run: bool,
    /// The state to which it goes back.
    from: String,
}

impl Order {
    fn of(args: &Value) -> Option<Self> {
        Some(Self {
            branch: Uuid::parse_str(args.get("branch")?.as_str()?).ok()?,
            dry_run: args.get("dry_run")?.as_bool()?,
            from: args.get("from")?.as_str()?.to_owned(),
        })
    }
}

impl JobHandler for Branches {
    fn run(&self, cx: JobCx) -> BoxFuture<'_, Result<Value, JobError>> {
        Box::pin(async move {
            let order = Order::of(&cx.args);
            let order = order.ok_or_else(|| JobError::Fatal("the job names no branch".to_owned()))?;
            let problem = match self.bring(&cx, &order).await {
                Ok(records) => return Ok(json!({"records": records, "dry_run": order.dry_run})),
                Err(problem) => problem,
            };
            let again = JobError::from(problem);
            if matches!(again, JobError::Retry(_)) && cx.attempt < TRIES {
                return Err(again);
            }
            if !order.dry_run {
                self.give_back(&cx, &order).await?;
            }
            Err(match again {
                JobError::Retry(text) => JobError::Fatal(text),
                other => other,
            })
        })
    }
}

impl Branches {
    async fn bring(&self, cx: &JobCx, order: &Order) -> Result<usize, Problem> {
        let ctx = cx.ctx.merging();
        let mut tx = ctx.write(ctx.authorize(EXECUTE)?).await?;
        let head = store::locked(&mut tx, order.branch).await?;
        if !order.dry_run && head.state != "merging" {
            // An earlier try of this job got to the end.
            return Ok(0);
        }
        let open = store::conflicts(&mut tx, order.branch, 1_001).await?.len();
        if open > 0 {
            let many = if open > 1_000 { "more than 1000".to_owned() } else { open.to_string() };
            let text = format!("{many} record(s) were changed on both sides. Decide about them first.");
            return Err(Problem::conflict("conflicts", text));
        }
        tx.because(&format!("Branch {}", head.name));
        let progress = cx.progress.clone();
        let told = move |done: usize, total: usize| {
            let message = format!("{done} of {total} records");
            let (done, total) = (done as u64, Some(total as u64));
            progress.report(Progress { done, total, message, detail: Value::Null });
        };
        let records = self.inner.engine.merge_branch(&mut tx, order.branch, &told).await?;
        if order.dry_run {
            return Ok(records);
        }
        tx.written_by(ctx.actor().clone());
        let who = branch::acting(&self.inner.engine, &mut tx).await?;
        let merged = json!({"state": "merged", "merged_by": who, "merged_at": branch::now()});
        self.change(&mut tx, order.branch, object(merged)).await?;
        if let Some(reverted) = head.reverts {
            self.change(&mut tx, reverted, object(json!({"state": "reverted"}))).await?;
        }
        tx.commit().await?;
        Ok(records)
    }

    /// Nothing was merged: the branch is what it was.
    async fn give_back(&self, cx: &JobCx, order: &Order) -> Result<(), Problem> {
        let ctx = cx.ctx.on_main();
        let mut tx = ctx.write(ctx.authorize(EXECUTE)?).await?;
        if store::locked(&mut tx, order.branch).await?.state == "merging" {
            self.change(&mut tx, order.branch, object(json!({"state": order.from}))).await?;
        }
        tx.commit().await
    }
}
