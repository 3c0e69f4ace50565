//! What people decide about identity: two subjects are one device, or they are not.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use kit::{Ctx, Problem};
use model::Subject;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::SharedState;
use crate::map::{Decision, DecisionKind};
use crate::service::{READ, WRITE};
use crate::store::{self, DecisionRow};

/// A decision to take.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewDecision {
    /// `link` (one device) or `unlink` (two devices).
    #[schema(value_type = String)]
    kind: DecisionKind,
    /// The two subjects, as listed on the device page.
    #[schema(value_type = Object)]
    subjects: [Subject; 2],
    /// Why; for whoever looks at it later.
    reason: String,
}

/// The id of the decision.
#[derive(Serialize, ToSchema)]
pub(super) struct Taken {
    id: Uuid,
}

/// Decide that two subjects are one device, or that they are not. It can be undone.
#[utoipa::path(post, path = "/decisions", tag = "atlas", operation_id = "atlas_decisions_create", request_body = NewDecision,
    extensions(("x-permission" = json!("atlas/topology:write"))),
    responses((status = 201, body = Taken), (status = 422, description = "Unknown or equal subjects")))]
pub(super) async fn create(
    State(shared): State<SharedState>,
    ctx: Ctx,
    Json(body): Json<NewDecision>,
) -> Result<(StatusCode, Json<Taken>), Problem> {
    let granted = ctx.authorize(WRITE)?;
    if body.reason.trim().is_empty() || body.reason.chars().count() > 500 || body.reason.contains('\0') {
        return Err(Problem::field("/reason", "length", "Write a reason of 1 to 500 characters."));
    }
    let [a, b] = &body.subjects;
    if a == b {
        return Err(Problem::field("/subjects/1", "same", "Name two different subjects."));
    }
    let atlas = shared.atlas()?;
    let current = atlas.current(ctx.tenant()).await?;
    if let Some(index) = body.subjects.iter().position(|subject| !current.knows(subject)) {
        return Err(Problem::field(format!("/subjects/{index}"), "unknown", "There is no such subject."));
    }
    let decision = Decision { id: Uuid::now_v7(), kind: body.kind, subjects: body.subjects };
    let reason = body.reason.trim();
    atlas.decide(&ctx, granted, async |tx| store::insert_decision(tx, &decision, reason).await).await?;
    Ok((StatusCode::CREATED, Json(Taken { id: decision.id })))
}

/// All decisions.
#[derive(Serialize, ToSchema)]
pub(super) struct List {
    items: Vec<DecisionRow>,
}

/// The decisions taken, newest first, also those taken back.
#[utoipa::path(get, path = "/decisions", tag = "atlas", operation_id = "atlas_decisions_list",
    extensions(("x-permission" = json!("atlas/topology:read"))), responses((status = 200, body = List)))]
pub(super) async fn list(ctx: Ctx) -> Result<Json<List>, Problem> {
    ctx.authorize(READ)?;
    let mut tx = ctx.read().await?;
    Ok(Json(List { items: store::decisions(&mut tx).await? }))
}

/// Take a decision back.
#[utoipa::path(post, path = "/decisions/{id}/actions/undo", tag = "atlas", operation_id = "atlas_decisions_undo",
    params(("id" = Uuid, Path, description = "Decision")),
    extensions(("x-permission" = json!("atlas/topology:write"))),
    responses((status = 204), (status = 404, description = "No such decision in force")))]
pub(super) async fn undo(
    State(shared): State<SharedState>,
    ctx: Ctx,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Problem> {
    let granted = ctx.authorize(WRITE)?;
    shared.atlas()?.decide(&ctx, granted, async |tx| store::undo_decision(tx, id).await).await?;
    Ok(StatusCode::NO_CONTENT)
}
