//! Which records somebody reaches: constraints of object permissions as conditions of every read, and
//! as what must hold before and after a write.

use std::collections::HashSet;

use axum::http::StatusCode;
use kit::record::Model;
use kit::rows::{Opened, Reach};
use kit::{Ctx, FieldError, Problem, RowAct, WriteTx};
use serde_json::Value;
use uuid::Uuid;

use super::Engine;
use crate::datum::Datum;
use crate::entity::Entity;
use crate::query::{FilterExpr, Op, Query};

/// Where the records of a write are in what the client sent.
pub(super) type Places<'a> = &'a (dyn Fn(usize) -> String + Sync);

/// Who asks for a write.
#[derive(Clone, Copy)]
pub(super) enum Asking<'a> {
    /// A client: every record must be within what it may do.
    Client(Places<'a>),
    /// Code of ours, whose right was decided before.
    Code,
}

/// 403 for records that the caller may see but not do this to, or that would leave what is open.
fn refused(model: &Model, act: RowAct, pointers: impl Iterator<Item = String>) -> Problem {
    let message = || format!("No permission of yours covers this {}.", model.title);
    let error = |pointer| FieldError { pointer, code: "not_permitted".into(), message: message() };
    let detail = format!(
        "Your permissions to {} {} are limited to some of them, and not to this one.",
        act.as_str(),
        model.title_plural
    );
    Problem {
        errors: pointers.map(error).collect(),
        ..Problem::new(StatusCode::FORBIDDEN, "not-permitted", detail)
    }
}

/// Does it compare ids only?
fn by_id(expression: &FilterExpr) -> bool {
    match expression {
        FilterExpr::Test(test) => matches!(test.column.name, "id" | "number"),
        FilterExpr::All(parts) | FilterExpr::Any(parts) => !parts.is_empty() && parts.iter().all(by_id),
        FilterExpr::Below(_, part) => by_id(part),
        _ => false,
    }
}

impl Engine {
    /// What records must match for the caller to do this to them; `None` is all of them.
    ///
    /// # Errors
    /// 403 when there are none.
    pub(super) fn within(
        &self,
        ctx: &Ctx,
        model: &'static Model,
        act: RowAct,
    ) -> Result<Option<FilterExpr>, Problem> {
        ctx.authorize_rows(model, act)?;
        Ok(self.part(ctx, model, act))
    }

    /// [`Engine::within`] where the decision about the model is another's: also `None` when the caller
    /// reaches none of the records.
    pub(super) fn part(&self, ctx: &Ctx, model: &'static Model, act: RowAct) -> Option<FilterExpr> {
        let Reach::Part { opened, own } = ctx.rights().reach(model, act) else { return None };
        let user = ctx.actor().id();
        let own = own
            .zip(user)
            .and_then(|(field, user)| FilterExpr::test(model, field, Op::Eq, vec![Datum::Uuid(user)]).ok());
        let opened = opened.and_then(|opened| self.opened(model, user, opened));
        Some(FilterExpr::Any(opened.into_iter().chain(own).collect()))
    }

    /// The constraints as a condition, made once for a principal and a state of its rights.
    fn opened(&self, model: &'static Model, user: Option<Uuid>, opened: &Opened) -> Option<FilterExpr> {
        let one = |constraint: &Value| match self.constraint(model, constraint, user) {
            Ok(expression) => Some(expression),
            Err(problem) => {
                // A field may be gone since: what cannot be understood opens nothing.
                tracing::warn!(model = model.name, %problem, "a constraint of an object permission does not fit");
                None
            }
        };
        let all = |constraints: &[Value]| FilterExpr::Any(constraints.iter().filter_map(one).collect());
        opened.compiled(all).map(|expression| (*expression).clone())
    }

    /// Conditions on other records look at those only that the caller may see: what finds something tells
    /// of it. By its id a reference may be asked for, because the record shows that.
    fn narrowed(&self, ctx: &Ctx, expression: FilterExpr) -> FilterExpr {
        let all = |parts: Vec<FilterExpr>| parts.into_iter().map(|part| self.narrowed(ctx, part)).collect();
        match expression {
            FilterExpr::All(parts) => FilterExpr::All(all(parts)),
            FilterExpr::Any(parts) => FilterExpr::Any(all(parts)),
            FilterExpr::Not(part) => FilterExpr::Not(Box::new(self.narrowed(ctx, *part))),
            FilterExpr::Via(step, part) if by_id(&part) => FilterExpr::Via(step, part),
            FilterExpr::Via(step, part) => {
                FilterExpr::Via(step, Box::new(self.looked_at(ctx, step.target, *part)))
            }
            FilterExpr::Has(step, part) => {
                FilterExpr::Has(step, Box::new(self.looked_at(ctx, step.target, *part)))
            }
            FilterExpr::Below(model, part) if by_id(&part) => FilterExpr::Below(model, part),
            FilterExpr::Below(model, part) => {
                FilterExpr::Below(model, Box::new(self.looked_at(ctx, model, *part)))
            }
            FilterExpr::Test(_) | FilterExpr::Custom(_) | FilterExpr::Search(..) => expression,
        }
    }

    fn looked_at(&self, ctx: &Ctx, model: &'static Model, part: FilterExpr) -> FilterExpr {
        let part = self.narrowed(ctx, part);
        match self.within(ctx, model, RowAct::View) {
            Ok(None) => part,
            Ok(Some(within)) => FilterExpr::All(vec![part, within]),
            Err(_) => FilterExpr::Any(Vec::new()),
        }
    }

    /// The query without what the caller may not see.
    ///
    /// # Errors
    /// 403 when it may see nothing of the model.
    pub(super) fn seen(&self, ctx: &Ctx, model: &'static Model, mut query: Query) -> Result<Query, Problem> {
        if !ctx.rights().rows().is_empty() {
            query.filter = self.narrowed(ctx, query.filter);
        }
        if let Some(within) = self.within(ctx, model, RowAct::View)? {
            query = query.and(within);
        }
        query.caller = Some(ctx.clone());
        Ok(query)
    }

    /// Those of the records that match.
    async fn matching(
        &self,
        tx: &mut WriteTx,
        entity: &Entity,
        within: FilterExpr,
        ids: &[Uuid],
    ) -> Result<HashSet<Uuid>, Problem> {
        let ids: Vec<Datum> = ids.iter().copied().map(Datum::Uuid).collect();
        let limit = i64::try_from(ids.len()).unwrap_or(i64::MAX);
        if ids.is_empty() {
            return Ok(HashSet::new());
        }
        let these = FilterExpr::test(entity.model, "id", Op::In, ids)?;
        let found = entity.sql.ids(tx.conn(), &FilterExpr::All(vec![these, within]), limit).await?;
        Ok(found.into_iter().collect())
    }

    /// Places of the records that the caller may not do this to, as they are in the transaction.
    async fn missed(
        &self,
        tx: &mut WriteTx,
        entity: &Entity,
        act: RowAct,
        ids: &[Uuid],
    ) -> Result<Vec<usize>, Problem> {
        let ctx = tx.ctx().clone();
        let Some(within) = self.within(&ctx, entity.model, act)? else { return Ok(Vec::new()) };
        let reached = self.matching(tx, entity, within, ids).await?;
        Ok(ids.iter().enumerate().filter(|(_, id)| !reached.contains(id)).map(|(at, _)| at).collect())
    }

    /// Refuses records that the caller may not change or delete.
    ///
    /// # Errors
    /// 404 for one that it may not even see, else 403 with the places of all.
    pub(super) async fn permitted(
        &self,
        tx: &mut WriteTx,
        entity: &Entity,
        act: RowAct,
        ids: &[Uuid],
        places: Places<'_>,
    ) -> Result<(), Problem> {
        let missed = self.missed(tx, entity, act, ids).await?;
        if missed.is_empty() {
            return Ok(());
        }
        let unseen: Vec<Uuid> = missed.iter().filter_map(|at| ids.get(*at).copied()).collect();
        match self.missed(tx, entity, RowAct::View, &unseen).await {
            Ok(hidden) if hidden.is_empty() => {
                Err(refused(entity.model, act, missed.into_iter().map(places)))
            }
            Ok(_) => Err(Problem::not_found(entity.model.title)),
            Err(problem) if problem.status == StatusCode::FORBIDDEN => {
                Err(Problem::not_found(entity.model.title))
            }
            Err(problem) => Err(problem),
        }
    }

    /// Refuses what a write left when it is not within what is open: the transaction is undone.
    ///
    /// # Errors
    /// 403 with the places of all such records.
    pub(super) async fn stays(
        &self,
        tx: &mut WriteTx,
        entity: &Entity,
        act: RowAct,
        ids: &[Uuid],
        places: Places<'_>,
    ) -> Result<(), Problem> {
        let missed = self.missed(tx, entity, act, ids).await?;
        if missed.is_empty() {
            return Ok(());
        }
        Err(refused(entity.model, act, missed.into_iter().map(places)))
    }

    /// Which of the records the caller may do this to.
    pub(super) async fn reached(
        &self,
        tx: &mut WriteTx,
        entity: &Entity,
        act: RowAct,
        ids: &[Uuid],
    ) -> Result<HashSet<Uuid>, Problem> {
        let missed = self.missed(tx, entity, act, ids).await?;
        let ids = ids.iter().copied().enumerate();
        Ok(ids.filter(|(at, _)| !missed.contains(at)).map(|(_, id)| id).collect())
    }
}
