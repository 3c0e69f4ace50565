//! Rules that accept drift by themselves: list, write, delete, and what one would do.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use chrono::Utc;
use kit::{Ctx, Problem};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::api::SharedState;
use crate::drift::{self, Acceptance, AcceptanceRule, Item};
use crate::service::DRIFT_READ;

/// Items shown in a preview.
const SHOWN: usize = 50;

/// The rules, in the order in which they are asked.
#[derive(Serialize, ToSchema)]
pub(crate) struct AcceptanceRules {
    items: Vec<AcceptanceRule>,
}

/// Rules that accept differences by themselves, by name: the first that concerns a difference decides.
#[utoipa::path(get, path = "/drift/acceptance-rules", tag = "atlas", operation_id = "atlas_drift_acceptance_rules_list",
    extensions(("x-permission" = json!("atlas/drift:read"))), responses((status = 200, body = AcceptanceRules)))]
pub(crate) async fn list(
    State(shared): State<SharedState>,
    ctx: Ctx,
) -> Result<Json<AcceptanceRules>, Problem> {
    ctx.authorize(DRIFT_READ)?;
    let rules = shared.atlas()?.acceptance_rules(&ctx).await?;
    Ok(Json(AcceptanceRules { items: rules.as_ref().clone() }))
}

/// The id of a rule.
#[derive(Serialize, ToSchema)]
pub(crate) struct AcceptanceRuleMade {
    id: Uuid,
}

/// A new rule. It acts with the rights of the server: whoever writes it must hold the rights it may use.
#[utoipa::path(post, path = "/drift/acceptance-rules", tag = "atlas", operation_id = "atlas_drift_acceptance_rules_create",
    request_body = Acceptance, extensions(("x-permission" = json!("atlas/drift:admin"))),
    responses((status = 201, body = AcceptanceRuleMade), (status = 403, description = "No right to write what it may write"),
        (status = 409, description = "There are too many"), (status = 422, description = "A wrong field")))]
pub(crate) async fn create(
    State(shared): State<SharedState>,
    ctx: Ctx,
    Json(rule): Json<Acceptance>,
) -> Result<(StatusCode, Json<AcceptanceRuleMade>), Problem> {
    let id = shared.atlas()?.put_acceptance_rule(&ctx, None, &rule).await?;
    Ok((StatusCode::CREATED, Json(AcceptanceRuleMade { id })))
}

/// Replace a rule.
#[utoipa::path(put, path = "/drift/acceptance-rules/{id}", tag = "atlas", operation_id = "atlas_drift_acceptance_rules_replace",
    params(("id" = Uuid, Path, description = "Rule")), request_body = Acceptance,
    extensions(("x-permission" = json!("atlas/drift:admin"))),
    responses((status = 204), (status = 403, description = "No right to write what it may write"),
        (status = 404, description = "No such rule"), (status = 422, description = "A wrong field")))]
pub(crate) async fn replace(
    State(shared): State<SharedState>,
    ctx: Ctx,
    Path(id): Path<Uuid>,
    Json(rule): Json<Acceptance>,
) -> Result<StatusCode, Problem> {
    shared.atlas()?.put_acceptance_rule(&ctx, Some(id), &rule).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Delete a rule. What it accepted stays.
#[utoipa::path(delete, path = "/drift/acceptance-rules/{id}", tag = "atlas", operation_id = "atlas_drift_acceptance_rules_delete",
    params(("id" = Uuid, Path, description = "Rule")),
    extensions(("x-permission" = json!("atlas/drift:admin"))),
    responses((status = 204), (status = 404, description = "No such rule")))]
pub(crate) async fn delete(
    State(shared): State<SharedState>,
    ctx: Ctx,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Problem> {
    shared.atlas()?.delete_acceptance_rule(&ctx, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What a rule would do.
#[derive(Serialize, ToSchema)]
pub(crate) struct AcceptancePreview {
    /// Differences it would accept now, within its limits an hour.
    would_accept: usize,
    /// Differences it would accept once they are old enough.
    later: usize,
    /// The first of those it would accept now.
    #[schema(value_type = Vec<Object>)]
    items: Vec<Item>,
}

/// What a rule would accept if it were switched on. Nothing is written.
#[utoipa::path(post, path = "/drift/acceptance-rules/actions/preview", tag = "atlas",
    operation_id = "atlas_drift_acceptance_rules_preview", request_body = Acceptance,
    extensions(("x-permission" = json!("atlas/drift:read"))),
    responses((status = 200, body = AcceptancePreview), (status = 422, description = "A wrong field")))]
pub(crate) async fn preview(
    State(shared): State<SharedState>,
    ctx: Ctx,
    Json(rule): Json<Acceptance>,
) -> Result<Json<AcceptancePreview>, Problem> {
    ctx.authorize(DRIFT_READ)?;
    if let Some((field, code, text)) = rule.fault() {
        return Err(Problem::field(field, code, text));
    }
    let (current, items) = shared.atlas()?.judged(&ctx).await?;
    let (found, later) = drift::would(&rule, &items, &current.report, Utc::now());
    let items = found.iter().take(SHOWN).map(|item| (*item).clone()).collect();
    Ok(Json(AcceptancePreview { would_accept: found.len(), later, items }))
}
