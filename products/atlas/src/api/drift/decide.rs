//! Decisions on drift: accept, ignore, order a change, reopen - one item or many - and undo.

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
use crate::drift::ChangeRequest;
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

fn reason(text: &str) -> Result<&str, Problem> {
    let reason = text.trim();
    if reason.is_empty() || reason.chars().count() > 500 || reason.contains('\0') {
        return Err(Problem::field("/reason", "length", "Write a reason of 1 to 500 characters."));
    }
    Ok(reason)
}

/// What is to be changed in the network, by whom and until when.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Change {
    /// 1 to 200; left out for one item.
    #[serde(default)]
    ids: Vec<Uuid>,
    /// What is to be done, or why.
    reason: String,
    /// Who is to do it: a name or an e-mail address, up to 100 characters.
    assignee: Option<String>,
    /// When it is to be done; no time when absent.
    due: Option<DateTime<Utc>>,
    /// The ticket: its number or its address, up to 500 characters.
    reference: Option<String>,
}

/// A line of text; none when it is blank.
fn line(field: &'static str, text: Option<&String>, most: usize) -> Result<Option<String>, Problem> {
    let Some(text) = text.map(|text| text.trim()).filter(|text| !text.is_empty()) else { return Ok(None) };
    if text.chars().count() > most || text.chars().any(char::is_control) {
        let message = format!("Write one line of up to {most} characters.");
        return Err(Problem::field(field, "length", message));
    }
    Ok(Some(text.to_owned()))
}

impl Change {
    fn checked(&self) -> Result<(&str, ChangeRequest), Problem> {
        let reason = reason(&self.reason)?;
        if self.due.is_some_and(|due| due <= Utc::now()) {
            return Err(Problem::field("/due", "past", "Give a time that is still to come."));
        }
        let change = ChangeRequest {
            assignee: line("/assignee", self.assignee.as_ref(), 100)?,
            due: self.due,
            reference: line("/reference", self.reference.as_ref(), 500)?,
            overdue: false,
        };
        Ok((reason, change))
    }
}

impl Ignore {
    /// Until when, and why.
    fn checked(&self) -> Result<(Option<DateTime<Utc>>, &str), Problem> {
        let reason = reason(&self.reason)?;
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

/// Order a change of the network. When the difference is gone the item is resolved; when the time is over
/// and it is still found, it is overdue.
#[utoipa::path(post, path = "/drift/{id}/actions/change", tag = "atlas", operation_id = "atlas_drift_change",
    params(("id" = Uuid, Path, description = "Item")), request_body = Change,
    extensions(("x-permission" = json!("atlas/drift:write"))),
    responses((status = 204), (status = 404, description = "No such item"), (status = 409, description = "Not open"),
        (status = 422, description = "No reason, a time in the past, or a text that is too long")))]
pub(crate) async fn change(
    State(shared): State<SharedState>,
    ctx: Ctx,
    Path(id): Path<Uuid>,
    Json(body): Json<Change>,
) -> Result<StatusCode, Problem> {
    let (reason, change) = body.checked()?;
    if !body.ids.is_empty() {
        return Err(Problem::field("/ids", "unknown_field", "The path names the item already."));
    }
    only(shared.atlas()?.order_change(&ctx, &[id], reason, &change).await?)
}

/// Order one change that puts many items right.
#[utoipa::path(post, path = "/drift/actions/change", tag = "atlas", operation_id = "atlas_drift_change_many",
    request_body = Change, extensions(("x-permission" = json!("atlas/drift:write"))),
    responses((status = 200, body = Decided),
        (status = 422, description = "No items, no reason, a time in the past, or a text that is too long")))]
pub(crate) async fn change_many(
    State(shared): State<SharedState>,
    ctx: Ctx,
    Json(mut body): Json<Change>,
) -> Result<Json<Decided>, Problem> {
    let ids = several(std::mem::take(&mut body.ids))?;
    let (reason, change) = body.checked()?;
    Ok(Json(decided(shared.atlas()?.order_change(&ctx, &ids, reason, &change).await?)))
}

/// Take back what accepting an item wrote to the inventory, under your own rights, as long as nobody
/// changed those records since.
#[utoipa::path(post, path = "/drift/{id}/actions/undo", tag = "atlas", operation_id = "atlas_drift_undo",
    params(("id" = Uuid, Path, description = "Item")),
    extensions(("x-permission" = json!("atlas/drift:write"))),
    responses((status = 204), (status = 403, description = "No right to write the records"),
        (status = 404, description = "No such item"),
        (status = 409, description = "Nothing was accepted, or records were changed since: each is named")))]
pub(crate) async fn undo(
    State(shared): State<SharedState>,
    ctx: Ctx,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Problem> {
    shared.atlas()?.undo(&ctx, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
