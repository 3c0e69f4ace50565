//! Decisions on drift: accept, ignore, reopen - one item or many.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use chrono::{DateTime, Days, Utc};
use kit::{Ctx, Problem};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::api::SharedState;
use crate::service::Outcome;

/// Items decided on in one request.
const MANY: usize = 200;
/// An item is ignored for this long when nobody says otherwise.
const IGNORED_DAYS: u64 = 90;

/// Items.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Ids {
    /// 1 to 200.
    ids: Vec<Uuid>,
}

/// What to hide, why and for how long.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Ignore {
    /// 1 to 200; left out for one item.
    #[serde(default)]
    ids: Vec<Uuid>,
    /// Why; for whoever looks at it later.
    reason: String,
    /// Until when; 90 days when absent.
    until: Option<DateTime<Utc>>,
    /// For good: needs the permission `atlas/drift:admin`.
    #[serde(default)]
    forever: bool,
}

/// What became of each item.
#[derive(Serialize, ToSchema)]
pub(crate) struct Decided {
    /// Items done.
    done: usize,
    /// Items that were refused, each with a problem document.
    #[schema(value_type = Vec<Object>)]
    refused: Vec<Refused>,
}

/// One item that was refused.
#[derive(Serialize)]
struct Refused {
    id: Uuid,
    problem: Value,
}

fn decided(outcomes: Vec<Outcome>) -> Decided {
    let done = outcomes.iter().filter(|outcome| outcome.problem.is_none()).count();
    let refused = outcomes
        .into_iter()
        .filter_map(|outcome| Some(Refused { id: outcome.id, problem: outcome.problem?.document() }))
        .collect();
    Decided { done, refused }
}

/// The one outcome of a request about one item.
fn only(outcomes: Vec<Outcome>) -> Result<StatusCode, Problem> {
    match outcomes.into_iter().find_map(|outcome| outcome.problem) {
        Some(problem) => Err(problem),
        None => Ok(StatusCode::NO_CONTENT),
    }
}

fn several(ids: Vec<Uuid>) -> Result<Vec<Uuid>, Problem> {
    if ids.is_empty() || ids.len() > MANY {
        return Err(Problem::field("/ids", "length", format!("Name 1 to {MANY} items.")));
    }
    let mut seen = std::collections::BTreeSet::new();
    Ok(ids.into_iter().filter(|id| seen.insert(*id)).collect())
}

impl Ignore {
    /// Until when, and why.
    fn checked(&self) -> Result<(Option<DateTime<Utc>>, &str), Problem> {
        let reason = self.reason.trim();
        if reason.is_empty() || reason.chars().count() > 500 || reason.contains('\0') {
            return Err(Problem::field("/reason", "length", "Write a reason of 1 to 500 characters."));
        }
        let now = Utc::now();
        match (self.until, self.forever) {
            (Some(_), true) => {
                Err(Problem::field("/forever", "either", "Give a time or ignore for good, not both."))
            }
            (Some(until), false) if until <= now => {
                Err(Problem::field("/until", "past", "Give a time that is still to come."))
            }
            (None, true) => Ok((None, reason)),
            (until, false) => {
                let usual = || now.checked_add_days(Days::new(IGNORED_DAYS));
                Ok((until.or_else(usual), reason))
            }
        }
    }
}

/// Write what was observed into the inventory, under your own rights.
#[utoipa::path(post, path = "/drift/{id}/actions/accept", tag = "atlas", operation_id = "atlas_drift_accept",
    params(("id" = Uuid, Path, description = "Item")),
    extensions(("x-permission" = json!("atlas/drift:write"))),
    responses((status = 204), (status = 403, description = "No right to write the records"),
        (status = 404, description = "No such item"),
        (status = 409, description = "Not open, no longer found, or nothing that could be written"),
        (status = 422, description = "The inventory refuses it")))]
pub(crate) async fn accept(
    State(shared): State<SharedState>,
    ctx: Ctx,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Problem> {
    only(shared.atlas()?.accept(&ctx, &[id]).await?)
}

/// Accept many: each all or not at all.
#[utoipa::path(post, path = "/drift/actions/accept", tag = "atlas", operation_id = "atlas_drift_accept_many",
    request_body = Ids, extensions(("x-permission" = json!("atlas/drift:write"))),
    responses((status = 200, body = Decided), (status = 422, description = "No items, or too many")))]
pub(crate) async fn accept_many(
    State(shared): State<SharedState>,
    ctx: Ctx,
    Json(body): Json<Ids>,
) -> Result<Json<Decided>, Problem> {
    let ids = several(body.ids)?;
    Ok(Json(decided(shared.atlas()?.accept(&ctx, &ids).await?)))
}

/// Hide an item for a while, with a reason.
#[utoipa::path(post, path = "/drift/{id}/actions/ignore", tag = "atlas", operation_id = "atlas_drift_ignore",
    params(("id" = Uuid, Path, description = "Item")), request_body = Ignore,
    extensions(("x-permission" = json!("atlas/drift:write"))),
    responses((status = 204), (status = 403, description = "No right to ignore for good"),
        (status = 404, description = "No such item"), (status = 409, description = "Not open"),
        (status = 422, description = "No reason, or a time in the past")))]
pub(crate) async fn ignore(
    State(shared): State<SharedState>,
    ctx: Ctx,
    Path(id): Path<Uuid>,
    Json(body): Json<Ignore>,
) -> Result<StatusCode, Problem> {
    let (until, reason) = body.checked()?;
    if !body.ids.is_empty() {
        return Err(Problem::field("/ids", "unknown_field", "The path names the item already."));
    }
    only(shared.atlas()?.ignore(&ctx, &[id], reason, until).await?)
}

/// Hide many.
#[utoipa::path(post, path = "/drift/actions/ignore", tag = "atlas", operation_id = "atlas_drift_ignore_many",
    request_body = Ignore, extensions(("x-permission" = json!("atlas/drift:write"))),
    responses((status = 200, body = Decided), (status = 422, description = "No items, no reason, or a time in the past")))]
pub(crate) async fn ignore_many(
    State(shared): State<SharedState>,
    ctx: Ctx,
    Json(mut body): Json<Ignore>,
) -> Result<Json<Decided>, Problem> {
    let ids = several(std::mem::take(&mut body.ids))?;
    let (until, reason) = body.checked()?;
    Ok(Json(decided(shared.atlas()?.ignore(&ctx, &ids, reason, until).await?)))
}

/// Take a decision back: the item is open again.
#[utoipa::path(post, path = "/drift/{id}/actions/reopen", tag = "atlas", operation_id = "atlas_drift_reopen",
    params(("id" = Uuid, Path, description = "Item")),
    extensions(("x-permission" = json!("atlas/drift:write"))),
    responses((status = 204), (status = 404, description = "No such item"),
        (status = 409, description = "Nothing was decided on it")))]
pub(crate) async fn reopen(
    State(shared): State<SharedState>,
    ctx: Ctx,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Problem> {
    only(shared.atlas()?.reopen(&ctx, &[id]).await?)
}

/// Take many decisions back.
#[utoipa::path(post, path = "/drift/actions/reopen", tag = "atlas", operation_id = "atlas_drift_reopen_many",
    request_body = Ids, extensions(("x-permission" = json!("atlas/drift:write"))),
    responses((status = 200, body = Decided), (status = 422, description = "No items, or too many")))]
pub(crate) async fn reopen_many(
    State(shared): State<SharedState>,
    ctx: Ctx,
    Json(body): Json<Ids>,
) -> Result<Json<Decided>, Problem> {
    let ids = several(body.ids)?;
    Ok(Json(decided(shared.atlas()?.reopen(&ctx, &ids).await?)))
}
