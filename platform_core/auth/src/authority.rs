//! Nobody hands out, or takes over, more than they may do themselves: who may write users, roles,
//! bindings or tokens still cannot become an administrator by it.

use kit::record::Record;
use kit::{Ctx, PermSet, Permission, Problem, WriteTx};
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{policy, store};

/// The id in a field: a plain one, or that of a reference.
pub(crate) fn id(record: Option<&Record>, field: &str) -> Option<Uuid> {
    let value = record?.get(field)?;
    value.get("id").unwrap_or(value).as_str()?.parse().ok()
}

/// The rules a role record holds.
fn rules(record: Option<&Record>) -> Vec<policy::Rule> {
    let texts = record.and_then(|record| record.get("rules")).and_then(Value::as_array);
    texts
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .filter_map(|rule| policy::parse(rule).ok())
        .collect()
}

fn compiled(ctx: &Ctx, rules: &[policy::Rule]) -> PermSet {
    policy::compile(ctx.rights().registry(), rules)
}

/// What the denials among these rules take away.
fn denied(ctx: &Ctx, rules: &[policy::Rule]) -> PermSet {
    let turned =
        rules.iter().filter(|rule| rule.deny).map(|rule| policy::Rule { deny: false, ..rule.clone() });
    compiled(ctx, &turned.collect::<Vec<_>>())
}

/// The rules of a user in the transaction's tenant.
async fn rules_of(connection: &mut PgConnection, user: Uuid) -> Result<Vec<policy::Rule>, Problem> {
    let roles = store::rules(connection, user).await?;
    Ok(roles.iter().flat_map(|(_, rules)| rules).filter_map(|rule| policy::parse(rule).ok()).collect())
}

fn refused(what: &str, beyond: Permission) -> Problem {
    Problem::new(
        axum::http::StatusCode::FORBIDDEN,
        "beyond-own-rights",
        format!("{what}, and you may not do {beyond} yourself. Ask somebody who may."),
    )
}

/// Refuses a change to a user, or to what acts as one, by somebody who may do less than that user.
///
/// # Errors
/// 403 `beyond-own-rights`, naming a permission the caller lacks.
pub(crate) async fn over_user(tx: &mut WriteTx, user: Uuid) -> Result<(), Problem> {
    if tx.ctx().actor().id() == Some(user) {
        return Ok(());
    }
    let rules = rules_of(tx.conn(), user).await?;
    match compiled(tx.ctx(), &rules).beyond(tx.ctx().rights()) {
        Some(beyond) => Err(refused("This user may do more than you", beyond)),
        None => Ok(()),
    }
}

/// Refuses a change of a role's rules that gives its holders what the caller lacks: by a new rule, or
/// by the end of a denial.
///
/// # Errors
/// 403 `beyond-own-rights`.
pub(crate) fn over_role(ctx: &Ctx, before: Option<&Record>, after: Option<&Record>) -> Result<(), Problem> {
    let (before, after) = (rules(before), rules(after));
    if before == after {
        return Ok(());
    }
    let freed = denied(ctx, &before).difference(&denied(ctx, &after));
    let beyond = compiled(ctx, &after).beyond(ctx.rights()).or_else(|| freed.beyond(ctx.rights()));
    match beyond {
        Some(beyond) => Err(refused("This change of a role gives more than you have", beyond)),
        None => Ok(()),
    }
}

/// Refuses a role binding - given, changed or taken away - that lets its user do what the caller
/// may not. The transaction has the state after the change.
///
/// # Errors
/// 403 `beyond-own-rights`.
pub(crate) async fn over_binding(
    tx: &mut WriteTx,
    before: Option<&Record>,
    after: Option<&Record>,
) -> Result<(), Problem> {
    let either = after.or(before);
    let (Some(user), Some(role)) = (id(either, "user"), id(either, "role")) else {
        return Err(Problem::internal("a role binding without user or role"));
    };
    let role: Vec<policy::Rule> = store::rules_of_role(tx.conn(), role)
        .await?
        .iter()
        .filter_map(|rule| policy::parse(rule).ok())
        .collect();
    let now = rules_of(tx.conn(), user).await?;
    let ctx = tx.ctx();
    // With the role and without it, whatever its expiry makes of it at this moment.
    let without: Vec<policy::Rule> = now.iter().filter(|rule| !role.contains(rule)).cloned().collect();
    let with: Vec<policy::Rule> = without.iter().chain(&role).cloned().collect();
    let (with, without) = (compiled(ctx, &with), compiled(ctx, &without));
    let changed = with.difference(&without).beyond(ctx.rights());
    let freed = if before.is_some() { without.difference(&with).beyond(ctx.rights()) } else { None };
    match changed.or(freed) {
        Some(beyond) => Err(refused("This role binding is about more than you have", beyond)),
        None => Ok(()),
    }
}
