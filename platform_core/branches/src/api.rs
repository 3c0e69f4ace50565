//! Routes beside those of the record engine.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use kit::record::Record;
use kit::{Ctx, Problem};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::conflicts::{Conflict, Decision};
use crate::store;
use crate::workflow::{Branches, Step};
use crate::{ADMIN, READ};

/// What is done with branches; making, listing and deleting them is the record engine's.
pub fn router(branches: Branches) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(diff))
        .routes(routes!(conflicts))
        .routes(routes!(resolve))
        .routes(routes!(submit))
        .routes(routes!(reopen))
        .routes(routes!(approve))
        .routes(routes!(archive))
        .routes(routes!(sync))
        .routes(routes!(merge))
        .routes(routes!(revert))
        .routes(routes!(policy, set_policy))
        .with_state(branches)
}

/// Which page.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct Page {
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Records of a page, up to 500.
    limit: Option<u32>,
}

/// How many records of a model.
#[derive(Serialize, ToSchema)]
struct Total {
    model: &'static str,
    /// create, update or delete.
    action: String,
    count: i64,
}

/// What a branch changed.
#[derive(Serialize, ToSchema)]
struct Diff {
    /// Altogether.
    totals: Vec<Total>,
    /// Records of models that you may not read.
    hidden: i64,
    /// Records with their fields: `{model, id, number, display, action, actor, at, changes, conflict}`;
    /// `changes` has for each field `base` (when it was first changed here), `main` (now) and `after`.
    #[schema(value_type = Vec<Object>)]
    items: Vec<Value>,
    next_cursor: Option<String>,
}

fn behind(cursor: &str) -> Result<(String, Uuid), Problem> {
    let parts = cursor.rsplit_once(':');
    let place = parts.and_then(|(table, id)| Some((table.to_owned(), Uuid::parse_str(id).ok()?)));
    place.ok_or_else(|| Problem::bad_request("This cursor is of another list. Begin without one."))
}

/// What a branch changed, record by record.
#[utoipa::path(get, path = "/platform/branches/{id}/diff", tag = "platform", operation_id = "platform_branches_diff",
    params(("id" = Uuid, Path, description = "Branch"), Page),
    extensions(("x-permission" = json!("platform/branches:read"))),
    responses((status = 200, body = Diff), (status = 404, description = "No such branch")))]
async fn diff(
    State(branches): State<Branches>,
    ctx: Ctx,
    Path(id): Path<Uuid>,
    Query(page): Query<Page>,
) -> Result<Json<Diff>, Problem> {
    let ctx = ctx.on_main();
    ctx.authorize(READ)?;
    let behind = page.cursor.as_deref().map(behind).transpose()?;
    let limit = page.limit.unwrap_or(100).clamp(1, 500);
    let mut tx = ctx.read().await?;
    store::exists(&mut tx, id).await?;
    let engine = &branches.inner.engine;
    let totals = engine.branch_totals(&ctx, &mut tx, id).await?;
    let found = engine.branch_diff(&ctx, &mut tx, id, behind, limit).await?;
    let parts = totals.parts.into_iter().map(|(model, action, count)| Total { model, action, count });
    Ok(Json(Diff {
        totals: parts.collect(),
        hidden: totals.hidden,
        items: found.items,
        next_cursor: found.next.map(|(table, id)| format!("{table}:{id}")),
    }))
}

/// Records about which somebody must decide.
#[derive(Serialize, ToSchema)]
struct Conflicts {
    /// The first 1,000.
    items: Vec<Conflict>,
}

/// What both sides changed, and what the main line has no room for.
#[utoipa::path(get, path = "/platform/branches/{id}/conflicts", tag = "platform",
    operation_id = "platform_branches_conflicts", params(("id" = Uuid, Path, description = "Branch")),
    extensions(("x-permission" = json!("platform/branches:read"))),
    responses((status = 200, body = Conflicts), (status = 404, description = "No such branch")))]
async fn conflicts(
    State(branches): State<Branches>,
    ctx: Ctx,
    Path(id): Path<Uuid>,
) -> Result<Json<Conflicts>, Problem> {
    Ok(Json(Conflicts { items: branches.conflicts(&ctx, id).await? }))
}

/// Decide about a record that both sides changed.
#[utoipa::path(post, path = "/platform/branches/{id}/actions/resolve", tag = "platform",
    operation_id = "platform_branches_resolve", params(("id" = Uuid, Path, description = "Branch")),
    request_body = Decision, extensions(("x-permission" = json!("platform/branches:write"))),
    responses((status = 204, description = "Decided"), (status = 409, description = "Nothing to decide")))]
async fn resolve(
    State(branches): State<Branches>,
    ctx: Ctx,
    Path(id): Path<Uuid>,
    Json(decision): Json<Decision>,
) -> Result<StatusCode, Problem> {
    branches.decide(&ctx, id, decision).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Hand a branch in for review: nothing in it changes any more.
#[utoipa::path(post, path = "/platform/branches/{id}/actions/submit", tag = "platform",
    operation_id = "platform_branches_submit", params(("id" = Uuid, Path, description = "Branch")),
    extensions(("x-permission" = json!("platform/branches:write"))),
    responses((status = 200, body = Object, description = "The branch"), (status = 409, description = "Not open")))]
async fn submit(
    State(branches): State<Branches>,
    ctx: Ctx,
    Path(id): Path<Uuid>,
) -> Result<Json<Record>, Problem> {
    branches.step(&ctx, id, Step::Submit).await.map(Json)
}

/// Take a branch back to work on it.
#[utoipa::path(post, path = "/platform/branches/{id}/actions/reopen", tag = "platform",
    operation_id = "platform_branches_reopen", params(("id" = Uuid, Path, description = "Branch")),
    extensions(("x-permission" = json!("platform/branches:write"))),
    responses((status = 200, body = Object, description = "The branch"), (status = 409, description = "Not in review")))]
async fn reopen(
    State(branches): State<Branches>,
    ctx: Ctx,
    Path(id): Path<Uuid>,
) -> Result<Json<Record>, Problem> {
    branches.step(&ctx, id, Step::Reopen).await.map(Json)
}

/// Agree to what a branch changes.
#[utoipa::path(post, path = "/platform/branches/{id}/actions/approve", tag = "platform",
    operation_id = "platform_branches_approve", params(("id" = Uuid, Path, description = "Branch")),
    extensions(("x-permission" = json!("platform/branches:execute"))),
    responses((status = 200, body = Object, description = "The branch"), (status = 409, description = "Not in review, or your own")))]
async fn approve(
    State(branches): State<Branches>,
    ctx: Ctx,
    Path(id): Path<Uuid>,
) -> Result<Json<Record>, Problem> {
    branches.step(&ctx, id, Step::Approve).await.map(Json)
}

/// Put a branch away.
#[utoipa::path(post, path = "/platform/branches/{id}/actions/archive", tag = "platform",
    operation_id = "platform_branches_archive", params(("id" = Uuid, Path, description = "Branch")),
    extensions(("x-permission" = json!("platform/branches:write"))),
    responses((status = 200, body = Object, description = "The branch"), (status = 409, description = "Merged already")))]
async fn archive(
    State(branches): State<Branches>,
    ctx: Ctx,
    Path(id): Path<Uuid>,
) -> Result<Json<Record>, Problem> {
    branches.step(&ctx, id, Step::Archive).await.map(Json)
}

/// What left a branch.
#[derive(Serialize, ToSchema)]
struct Synced {
    /// The branch.
    #[schema(value_type = Object)]
    branch: Record,
    /// Records that the main line has as the branch wants them.
    dropped: i64,
}

/// Drop from a branch what the main line has already.
#[utoipa::path(post, path = "/platform/branches/{id}/actions/sync", tag = "platform",
    operation_id = "platform_branches_sync", params(("id" = Uuid, Path, description = "Branch")),
    extensions(("x-permission" = json!("platform/branches:write"))),
    responses((status = 200, body = Synced), (status = 409, description = "Merged already")))]
async fn sync(
    State(branches): State<Branches>,
    ctx: Ctx,
    Path(id): Path<Uuid>,
) -> Result<Json<Synced>, Problem> {
    let (branch, dropped) = branches.sync(&ctx, id).await?;
    Ok(Json(Synced { branch, dropped }))
}

/// How to merge.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Order {
    /// Try it with all rules and write nothing.
    #[serde(default)]
    dry_run: bool,
}

/// The job that merges.
#[derive(Serialize, ToSchema)]
struct Started {
    job_id: Uuid,
}

/// Merge a branch: a job that brings all of it or nothing.
#[utoipa::path(post, path = "/platform/branches/{id}/actions/merge", tag = "platform",
    operation_id = "platform_branches_merge", params(("id" = Uuid, Path, description = "Branch")),
    request_body = Order, extensions(("x-permission" = json!("platform/branches:execute"))),
    responses((status = 202, body = Started), (status = 409, description = "Not approved, or merged already")))]
async fn merge(
    State(branches): State<Branches>,
    ctx: Ctx,
    Path(id): Path<Uuid>,
    Json(order): Json<Order>,
) -> Result<(StatusCode, Json<Started>), Problem> {
    let job_id = branches.merge(&ctx, id, order.dry_run).await?;
    Ok((StatusCode::ACCEPTED, Json(Started { job_id })))
}

/// Make the branch that undoes a merged one.
#[utoipa::path(post, path = "/platform/branches/{id}/actions/revert", tag = "platform",
    operation_id = "platform_branches_revert", params(("id" = Uuid, Path, description = "Branch")),
    extensions(("x-permission" = json!("platform/branches:execute"))),
    responses((status = 201, body = Object, description = "The new branch"), (status = 409, description = "Not merged")))]
async fn revert(
    State(branches): State<Branches>,
    ctx: Ctx,
    Path(id): Path<Uuid>,
) -> Result<(StatusCode, Json<Record>), Problem> {
    Ok((StatusCode::CREATED, Json(branches.revert(&ctx, id).await?)))
}

/// How branches of the tenant are reviewed.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Policy {
    /// `none`: a branch may be merged at once. `other`: somebody who changed nothing in it must approve it.
    review: String,
}

/// How branches are reviewed.
#[utoipa::path(get, path = "/platform/branch-policy", tag = "platform", operation_id = "platform_branch_policy",
    extensions(("x-permission" = json!("platform/branches:read"))), responses((status = 200, body = Policy)))]
async fn policy(ctx: Ctx) -> Result<Json<Policy>, Problem> {
    let ctx = ctx.on_main();
    ctx.authorize(READ)?;
    let review = store::policy(&mut ctx.read().await?).await?;
    Ok(Json(Policy { review }))
}

/// Say how branches are reviewed.
#[utoipa::path(put, path = "/platform/branch-policy", tag = "platform", operation_id = "platform_branch_policy_set",
    request_body = Policy, extensions(("x-permission" = json!("platform/branches:admin"))),
    responses((status = 200, body = Policy), (status = 422, description = "No such review")))]
async fn set_policy(ctx: Ctx, Json(policy): Json<Policy>) -> Result<Json<Policy>, Problem> {
    let ctx = ctx.on_main();
    let granted = ctx.authorize(ADMIN)?;
    if !["none", "other"].contains(&policy.review.as_str()) {
        return Err(Problem::field("/review", "choice", "Give `none` or `other`."));
    }
    let mut tx = ctx.write(granted).await?;
    store::set_policy(&mut tx, &policy.review).await?;
    tx.commit().await?;
    Ok(Json(policy))
}
