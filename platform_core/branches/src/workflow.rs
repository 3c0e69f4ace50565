//! From state to state.

use std::sync::Arc;

use kit::record::Record;
use kit::records::Write;
use kit::{Ctx, NewJob, Permission, Problem, Records, Services, WriteTx};
use records::Engine;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::branch::{self, BRANCH};
use crate::merging::MERGE;
use crate::store::{self, Head};
use crate::{EXECUTE, WRITE};

/// What people do with branches. Cheap to clone.
#[derive(Clone)]
pub struct Branches {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) engine: Engine,
    pub(crate) services: Services,
}

/// A step that changes nothing but where the branch stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// It is ready: nothing changes any more.
    Submit,
    /// Back to work; what was approved is not any more.
    Reopen,
    /// Somebody looked at it and agrees.
    Approve,
    /// It is not wanted any more.
    Archive,
}

impl Step {
    fn permission(self) -> Permission {
        if self == Self::Approve { EXECUTE } else { WRITE }
    }

    /// States from which it can be done.
    fn starts(self) -> &'static [&'static str] {
        match self {
            Self::Submit => &["open"],
            Self::Reopen => &["review", "archived"],
            Self::Approve => &["review"],
            Self::Archive => &["open", "review"],
        }
    }

    /// What the branch is afterwards.
    fn fields(self, who: &Value) -> Record {
        let fields = match self {
            Self::Submit => json!({"state": "review"}),
            Self::Reopen => json!({"state": "open", "reviewed_by": null, "reviewed_at": null}),
            Self::Approve => json!({"reviewed_by": who, "reviewed_at": branch::now()}),
            Self::Archive => json!({"state": "archived"}),
        };
        object(fields)
    }
}

pub(crate) fn object(value: Value) -> Record {
    match value {
        Value::Object(object) => object,
        _ => Record::new(),
    }
}

/// Refuses what cannot be done with the branch as it stands.
pub(crate) fn expect(head: &Head, states: &[&str]) -> Result<(), Problem> {
    if states.contains(&head.state.as_str()) {
        return Ok(());
    }
    let text =
        format!("The branch {} is {}; for this it must be {}.", head.name, head.state, states.join(" or "));
    Err(Problem::conflict("branch-state", text))
}

impl Branches {
    /// Over the record engine of this server.
    pub fn new(engine: Engine, services: Services) -> Self {
        Self { inner: Arc::new(Inner { engine, services }) }
    }

    /// Changes the record of a branch.
    pub(crate) async fn change(
        &self,
        tx: &mut WriteTx,
        branch: Uuid,
        fields: Record,
    ) -> Result<Record, Problem> {
        let write = Write::Change { id: branch, expect: None, fields, replace: false };
        let written = Records::write_in(&self.inner.engine, tx, &BRANCH, vec![write]).await?.pop();
        written.ok_or_else(|| Problem::internal("no branch was written"))
    }

    pub(crate) async fn step(&self, ctx: &Ctx, branch: Uuid, step: Step) -> Result<Record, Problem> {
        let ctx = ctx.on_main();
        let mut tx = ctx.write(ctx.authorize(step.permission())?).await?;
        let head = store::locked(&mut tx, branch).await?;
        expect(&head, step.starts())?;
        if step == Step::Approve && head.own && store::reviewed_by_others(&mut tx).await? {
            let text = "You changed something in this branch: somebody else must approve it.";
            return Err(Problem::conflict("own-changes", text));
        }
        let who = branch::acting(&self.inner.engine, &mut tx).await?;
        let written = self.change(&mut tx, branch, step.fields(&who)).await?;
        tx.commit().await?;
        Ok(written)
    }

    /// Frees a branch of what the main line has already; the branch, and how many records left it.
    pub(crate) async fn sync(&self, ctx: &Ctx, branch: Uuid) -> Result<(Record, i64), Problem> {
        let ctx = ctx.on_main();
        let mut tx = ctx.write(ctx.authorize(WRITE)?).await?;
        expect(&store::locked(&mut tx, branch).await?, &["open", "review"])?;
        let dropped = store::sync(&mut tx, branch).await?;
        let fields = object(json!({"synced_at": branch::now()}));
        let written = self.change(&mut tx, branch, fields).await?;
        tx.commit().await?;
        Ok((written, dropped))
    }

    /// The job has all rights: whether the caller has those that the changes need is asked before. Nobody
    /// changes the branch meanwhile, because its row is locked.
    async fn may_merge(&self, ctx: &Ctx, branch: Uuid) -> Result<(), Problem> {
        let ctx = ctx.merging();
        let mut trial = ctx.write(ctx.authorize(EXECUTE)?).await?;
        self.inner.engine.may_merge(&mut trial, branch).await
    }

    /// Has a branch merged by a job, or only tries it; the id of the job.
    pub(crate) async fn merge(&self, ctx: &Ctx, branch: Uuid, dry_run: bool) -> Result<Uuid, Problem> {
        let ctx = ctx.on_main();
        let mut tx = ctx.write(ctx.authorize(EXECUTE)?).await?;
        let head = store::locked(&mut tx, branch).await?;
        expect(&head, &["open", "review"])?;
        self.may_merge(&ctx, branch).await?;
        if !dry_run {
            if !(head.state == "review" && head.approved) && store::reviewed_by_others(&mut tx).await? {
                let text =
                    "Branches of this tenant are merged when somebody approved them. Submit it for review.";
                return Err(Problem::conflict("not-approved", text));
            }
            self.change(&mut tx, branch, object(json!({"state": "merging"}))).await?;
        }
        let args = json!({"branch": branch, "dry_run": dry_run, "from": head.state});
        let unique_key = Some(format!("{branch}{}", if dry_run { " tried" } else { "" }));
        let about = Some((BRANCH.name, branch));
        let job = NewJob { kind: MERGE.name, args, delay_seconds: 0, unique_key, about };
        let id = self.inner.services.jobs()?.enqueue(&mut tx, job).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Makes the branch that undoes a merged one: to be looked at, and merged like any other.
    pub(crate) async fn revert(&self, ctx: &Ctx, branch: Uuid) -> Result<Record, Problem> {
        let ctx = ctx.on_main();
        let mut tx = ctx.write(ctx.authorize(EXECUTE)?).await?;
        let head = store::locked(&mut tx, branch).await?;
        expect(&head, &["merged"])?;
        let name: String = format!("Revert of {}", head.name).chars().take(100).collect();
        let fields = object(json!({"name": name, "reverts": branch}));
        let made =
            Records::write_in(&self.inner.engine, &mut tx, &BRANCH, vec![Write::Create(fields)]).await?;
        let made = made.into_iter().next().ok_or_else(|| Problem::internal("no branch was made"))?;
        let id = made.get("id").and_then(Value::as_str).and_then(|id| Uuid::parse_str(id).ok());
        let id = id.ok_or_else(|| Problem::internal("a branch without an id"))?;
        store::invert(&mut tx, branch, id).await?;
        tx.commit().await?;
        Ok(made)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_need_a_state() {
        let head = |state: &str| Head {
            name: "x".into(),
            state: state.into(),
            approved: false,
            reverts: None,
            own: false,
        };
        for (step, state, allowed) in [
            (Step::Submit, "open", true),
            (Step::Submit, "review", false),
            (Step::Approve, "open", false),
            (Step::Approve, "review", true),
            (Step::Reopen, "archived", true),
            (Step::Reopen, "merged", false),
            (Step::Archive, "merging", false),
        ] {
            assert_eq!(expect(&head(state), step.starts()).is_ok(), allowed, "{step:?} {state}");
        }
        let problem = expect(&head("merged"), Step::Submit.starts()).unwrap_err();
        assert_eq!(problem.detail, "The branch x is merged; for this it must be open.");
    }
}
