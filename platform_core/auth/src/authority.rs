//! Nobody hands out, or takes over, more than they may do themselves: who may write users, roles,
//! bindings or tokens still cannot become an administrator by it.

use kit::record::Record;
use kit::rows::{Open, Reach, RowGrant, Rows};
use kit::{Act, Ctx, PermSet, Permission, Problem, RowAct, WriteTx};
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::object_permission::constraint;
use crate::store::GrantRow;
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
    let grants = store::grants(tx.conn(), user).await?;
    let ctx = tx.ctx();
    let beyond = compiled(ctx, &rules).beyond(ctx.rights());
    match beyond.or_else(|| beyond_grants(ctx, row_grants(&grants))) {
        Some(beyond) => Err(refused("This user may do more than you", beyond)),
        None => Ok(()),
    }
}

/// What rows of object permissions give.
pub(crate) fn row_grants(rows: &[GrantRow]) -> impl Iterator<Item = RowGrant<'_>> {
    rows.iter().flat_map(|row| {
        let constraint = constraint(row.constraints.as_ref());
        row.object_types.iter().map(move |model| RowGrant { model, actions: &row.actions, constraint })
    })
}

/// A permission that these grants give somebody and the caller lacks. Who may do something to some
/// records only hands on exactly that.
fn beyond_grants<'a>(ctx: &Ctx, grants: impl Iterator<Item = RowGrant<'a>>) -> Option<Permission> {
    let rows = Rows::new(grants);
    let rights = ctx.rights();
    rows.iter().find_map(|(name, action, open)| {
        // Of a model that is not there nothing is given.
        let model = rights.registry().model(name)?;
        let Some(act) = RowAct::of(action) else {
            let act = if action == Act::Admin.as_str() { Act::Admin } else { Act::Execute };
            let needed = Permission::new(model.permission, act);
            return (!rights.allows(needed)).then_some(needed);
        };
        let covered = match (rights.reach(model, act), open) {
            (Reach::All, _) => true,
            (Reach::Part { opened: Some(own), .. }, Open::Some(given)) => {
                given.constraints().iter().all(|constraint| own.constraints().contains(constraint))
            }
            _ => false,
        };
        (!covered).then_some(Permission::new(model.permission, act.act()))
    })
}

/// Refuses to hand out by an object permission what the caller lacks.
///
/// # Errors
/// 403 `beyond-own-rights`.
pub(crate) fn over_grants<'a>(ctx: &Ctx, grants: impl Iterator<Item = RowGrant<'a>>) -> Result<(), Problem> {
    match beyond_grants(ctx, grants) {
        Some(beyond) => Err(refused("This object permission gives more than you have", beyond)),
        None => Ok(()),
    }
}

/// The ids in a reference list.
fn ids(record: Option<&Record>, field: &str) -> Vec<Uuid> {
    let items = record.and_then(|record| record.get(field)).and_then(Value::as_array);
    let id = |item: &Value| item.get("id").unwrap_or(item).as_str()?.parse::<Uuid>().ok();
    items.into_iter().flatten().filter_map(id).collect()
}

/// The ids in a reference list that came or went.
pub(crate) fn changed(before: Option<&Record>, after: Option<&Record>, field: &str) -> Vec<Uuid> {
    let (before, after) = (ids(before, field), ids(after, field));
    let gone = before.iter().filter(|id| !after.contains(id));
    after.iter().filter(|id| !before.contains(id)).chain(gone).copied().collect()
}

/// Refuses to give or take roles that allow or deny what the caller may not do: taking a denial away
/// gives, too.
///
/// # Errors
/// 403 `beyond-own-rights`.
pub(crate) async fn over_roles(tx: &mut WriteTx, roles: &[Uuid]) -> Result<(), Problem> {
    let mut rules = Vec::new();
    for role in roles {
        let texts = store::rules_of_role(tx.conn(), *role).await?;
        rules.extend(texts.iter().filter_map(|rule| policy::parse(rule).ok()));
    }
    let ctx = tx.ctx();
    let allowing: Vec<policy::Rule> = rules.iter().filter(|rule| !rule.deny).cloned().collect();
    let beyond = compiled(ctx, &allowing).beyond(ctx.rights());
    match beyond.or_else(|| denied(ctx, &rules).beyond(ctx.rights())) {
        Some(beyond) => Err(refused("These roles are about more than you have", beyond)),
        None => Ok(()),
    }
}

/// Refuses to put somebody into groups, or to take them out, that have what the caller lacks.
///
/// # Errors
/// 403 `beyond-own-rights`.
pub(crate) async fn over_groups(tx: &mut WriteTx, groups: &[Uuid]) -> Result<(), Problem> {
    if groups.is_empty() {
        return Ok(());
    }
    let roles = store::roles_of_groups(tx.conn(), groups).await?;
    over_roles(tx, &roles).await?;
    let grants = store::grants_of_groups(tx.conn(), groups).await?;
    match beyond_grants(tx.ctx(), row_grants(&grants)) {
        Some(beyond) => Err(refused("These groups may do more than you", beyond)),
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
