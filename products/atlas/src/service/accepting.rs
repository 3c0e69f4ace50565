//! Rules that accept differences: kept, shown what they would do, and carried out after every build.

use std::sync::{Arc, PoisonError};

use chrono::{TimeDelta, Utc};
use kit::{BoxFuture, Ctx, Problem};
use uuid::Uuid;

use super::drifting::{DRIFT_ADMIN, Outcome};
use super::{Atlas, Current, World};
use crate::drift::{self, Acceptance, AcceptanceRule, Items, MOST_RULES};
use crate::store;

/// What the inventory refuses to a rule is tried again after these hours.
const AGAIN_HOURS: i64 = 1;

impl Atlas {
    /// The rules of the tenant, by name: in this order they are asked.
    pub(crate) async fn acceptance_rules(&self, ctx: &Ctx) -> Result<Arc<Vec<AcceptanceRule>>, Problem> {
        Ok(self.world(ctx.tenant()).await?.rules())
    }

    /// Writes a rule; a new one when there is no id. It acts with the rights of the server, so whoever
    /// writes it must hold those that it may use.
    ///
    /// # Errors
    /// 403; 404 for a rule that does not exist; 409 for one more than the most; 422 for a wrong field or a
    /// name that another rule has.
    pub(crate) async fn put_acceptance_rule(
        &self,
        ctx: &Ctx,
        id: Option<Uuid>,
        rule: &Acceptance,
    ) -> Result<Uuid, Problem> {
        let granted = ctx.authorize(DRIFT_ADMIN)?;
        self.inner.services.truth()?.authorize_adoption(ctx, rule.allow_delete)?;
        if let Some((field, code, text)) = rule.fault() {
            return Err(Problem::field(field, code, text));
        }
        let mut tx = ctx.write(granted).await?;
        let known = store::acceptance_rules(tx.conn()).await?;
        match id {
            Some(id) if known.iter().all(|rule| rule.id != id) => return Err(Problem::not_found("rule")),
            None if known.len() >= MOST_RULES => {
                let text = format!("At most {MOST_RULES} rules. Delete one that is no longer needed.");
                return Err(Problem::conflict("too-many", text));
            }
            _ => {}
        }
        if known.iter().any(|other| Some(other.id) != id && other.rule.name.trim() == rule.name.trim()) {
            return Err(Problem::field("/name", "not_unique", "Another rule has this name. Choose another."));
        }
        let id = id.unwrap_or_else(Uuid::now_v7);
        store::put_acceptance_rule(&mut tx, id, rule).await?;
        tx.commit().await?;
        self.read_rules(ctx).await?;
        Ok(id)
    }

    /// Takes a rule away; what it accepted stays.
    ///
    /// # Errors
    /// 403; 404.
    pub(crate) async fn delete_acceptance_rule(&self, ctx: &Ctx, id: Uuid) -> Result<(), Problem> {
        let mut tx = ctx.write(ctx.authorize(DRIFT_ADMIN)?).await?;
        let known = store::acceptance_rules(tx.conn()).await?;
        if known.iter().all(|rule| rule.id != id) {
            return Err(Problem::not_found("rule"));
        }
        store::delete_acceptance_rule(&mut tx, id).await?;
        tx.commit().await?;
        self.read_rules(ctx).await
    }

    async fn read_rules(&self, ctx: &Ctx) -> Result<(), Problem> {
        let world = self.world(ctx.tenant()).await?;
        let mut tx = ctx.read().await?;
        let rules = store::acceptance_rules(tx.conn()).await?;
        *world.rules.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(rules);
        // A changed rule may succeed where the old one did not.
        world.refused.lock().unwrap_or_else(PoisonError::into_inner).clear();
        world.dirty.notify_one();
        Ok(())
    }

    /// What is compared now, and the items: for a look at what a rule would do.
    pub(crate) async fn judged(&self, ctx: &Ctx) -> Result<(Arc<Current>, Arc<Items>), Problem> {
        Ok((self.current(ctx.tenant()).await?, self.drift(ctx.tenant()).await?))
    }

    /// Accepts what the rules of a tenant say, as the server. Boxed: it asks for the world, whose follower
    /// calls it.
    pub(super) fn accept_by_rules<'a>(&'a self, world: &'a World) -> BoxFuture<'a, Result<(), Problem>> {
        Box::pin(async move {
            let rules = world.rules();
            let (current, now) = (world.current(), Utc::now());
            let items = world.items.read().unwrap_or_else(PoisonError::into_inner).clone();
            let chosen = {
                let mut refused = world.refused.lock().unwrap_or_else(PoisonError::into_inner);
                refused.retain(|_, at| now - *at < TimeDelta::hours(AGAIN_HOURS));
                drift::chosen(&rules, &items, &current.report, now, |id| refused.contains_key(&id))
            };
            for (at, ids) in chosen {
                let Some(rule) = rules.get(at) else { continue };
                let ctx = self.system(world.tenant)?;
                let outcomes = self.take_over(&ctx, &ids, Some(rule)).await?;
                let done = outcomes.iter().filter(|outcome| outcome.problem.is_none()).count();
                tracing::info!(tenant = %world.tenant, rule = %rule.rule.name, done, "a rule accepted drift");
                world.refuse(&outcomes);
            }
            Ok(())
        })
    }
}

impl World {
    fn rules(&self) -> Arc<Vec<AcceptanceRule>> {
        self.rules.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What was refused is not tried again at once.
    fn refuse(&self, outcomes: &[Outcome]) {
        let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        for outcome in outcomes {
            if let Some(problem) = &outcome.problem {
                tracing::warn!(tenant = %self.tenant, id = %outcome.id, %problem, "a rule could not accept");
                refused.insert(outcome.id, Utc::now());
            }
        }
    }
}
