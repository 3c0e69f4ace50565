//! Discoveries: start one, follow it, ask again.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Response};
use chrono::{DateTime, Utc};
use kit::{Ctx, Jobs, NewJob, Problem, WriteTx};
use model::Reason;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::SharedState;
use crate::jobs::{DISCOVERY, EXECUTE, READ};
use crate::order::{Request, open_credentials};
use crate::store::{self, DiscoveryRow, TargetRow};

/// Discoveries listed at most.
const LIST: i64 = 100;

/// A discovery with its targets.
#[derive(Serialize, ToSchema)]
pub(crate) struct Discovery {
    id: Uuid,
    job_id: Option<Uuid>,
    scope_id: Option<Uuid>,
    /// `queued`, `running`, `completed`, `cancelled` or `failed`.
    state: String,
    #[schema(value_type = Object)]
    request: Value,
    seeds: Value,
    allow: Value,
    /// asked, answered (distinct devices), failed, queued, skipped.
    #[schema(value_type = Object)]
    counts: Value,
    error: Option<String>,
    created_at: DateTime<Utc>,
    started_at: Option<DateTime<Utc>>,
    finished_at: Option<DateTime<Utc>>,
    /// One entry an address, with coded reason and remedy when it did not answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Vec<Object>)]
    targets: Option<Vec<Value>>,
}

impl Discovery {
    fn of(row: DiscoveryRow, targets: Option<Vec<TargetRow>>) -> Self {
        let part = |name: &str| row.request.get(name).cloned().unwrap_or_default();
        Self {
            id: row.id,
            job_id: row.job_id,
            scope_id: row.scope_id,
            state: row.state,
            seeds: part("seeds"),
            allow: part("allow"),
            counts: row.counts,
            error: row.error,
            created_at: row.created_at,
            started_at: row.started_at,
            finished_at: row.finished_at,
            targets: targets.map(|targets| targets.into_iter().map(target).collect()),
            request: row.request,
        }
    }
}

/// A report with the remedy spelled out.
fn target(row: TargetRow) -> Value {
    let mut report = row.report;
    report["state"] = row.state.into();
    let mut explain = |pointer: &str| {
        let reason =
            report.pointer(pointer).cloned().and_then(|value| serde_json::from_value::<Reason>(value).ok());
        if let (Some(reason), Some(place)) = (reason, report.pointer_mut(pointer)) {
            *place = json!({"code": reason.code, "text": reason.text, "remedy": reason.remedy(),
                "rescan_helps": reason.code.rescan_helps()});
        }
    };
    explain("/reason");
    report
}

/// Discoveries.
#[derive(Serialize, ToSchema)]
pub(crate) struct List {
    items: Vec<Discovery>,
    next_cursor: Option<String>,
}

/// The discovery that was started.
#[derive(Serialize, ToSchema)]
pub(crate) struct Started {
    id: Uuid,
    job_id: Uuid,
}

/// The latest 100 discoveries.
#[utoipa::path(get, path = "/discoveries", tag = "monitoring", operation_id = "monitoring_discoveries_list",
    extensions(("x-permission" = json!("monitoring/discoveries:read"))), responses((status = 200, body = List)))]
pub(crate) async fn list(ctx: Ctx) -> Result<Json<List>, Problem> {
    ctx.authorize(READ)?;
    let mut tx = ctx.read().await?;
    let rows = store::discoveries(&mut tx, LIST).await?;
    let items = rows.into_iter().map(|row| Discovery::of(row, None)).collect();
    Ok(Json(List { items, next_cursor: None }))
}

/// Start a discovery. It runs as a job; nothing outside `allow` is ever asked.
#[utoipa::path(post, path = "/discoveries", tag = "monitoring", operation_id = "monitoring_discoveries_create", request_body = Request,
    extensions(("x-permission" = json!("monitoring/discoveries:execute"))),
    responses((status = 202, body = Started), (status = 422, description = "Wrong seeds, prefixes, limits or credentials")))]
pub(crate) async fn create(
    State(shared): State<SharedState>,
    ctx: Ctx,
    Json(mut request): Json<Request>,
) -> Result<Response, Problem> {
    let granted = ctx.authorize(EXECUTE)?;
    let services = &shared.engine()?.services;
    let mut tx = ctx.read().await?;
    if request.credentials.is_empty() {
        request.credentials = store::credential_ids(&mut tx).await?;
    }
    let credentials = open_credentials(&mut tx, services.secrets()?.as_ref(), &request.credentials).await?;
    drop(tx);
    request.order(credentials)?;
    let request = serde_json::to_value(&request).map_err(Problem::internal)?;
    let mut tx = ctx.write(granted).await?;
    let started = enqueue(services.jobs()?.as_ref(), &mut tx, None, &request).await?;
    tx.commit().await?;
    Ok(accepted(&started))
}

fn accepted(started: &Started) -> Response {
    let location = format!("/api/v1/monitoring/discoveries/{}", started.id);
    (StatusCode::ACCEPTED, AppendHeaders([(header::LOCATION, location)]), Json(started)).into_response()
}

/// Stores a discovery and enqueues its job, in the caller's transaction.
pub(crate) async fn enqueue(
    jobs: &dyn Jobs,
    tx: &mut WriteTx,
    scope: Option<Uuid>,
    request: &Value,
) -> Result<Started, Problem> {
    let id = Uuid::now_v7();
    store::insert_discovery(tx, id, scope, request).await?;
    let job_id = enqueue_job(jobs, tx, id).await?;
    Ok(Started { id, job_id })
}

async fn enqueue_job(jobs: &dyn Jobs, tx: &mut WriteTx, discovery: Uuid) -> Result<Uuid, Problem> {
    let job = NewJob {
        kind: DISCOVERY.name,
        args: json!({"discovery": discovery}),
        delay_seconds: 0,
        unique_key: Some(discovery.to_string()),
        about: None,
    };
    let job_id = jobs.enqueue(tx, job).await?;
    store::set_job(tx, discovery, job_id).await?;
    Ok(job_id)
}

/// One discovery with all its targets.
#[utoipa::path(get, path = "/discoveries/{id}", tag = "monitoring", operation_id = "monitoring_discoveries_read",
    params(("id" = Uuid, Path, description = "Discovery")),
    extensions(("x-permission" = json!("monitoring/discoveries:read"))),
    responses((status = 200, body = Discovery), (status = 404, description = "No such discovery")))]
pub(crate) async fn read(ctx: Ctx, Path(id): Path<Uuid>) -> Result<Json<Discovery>, Problem> {
    ctx.authorize(READ)?;
    let mut tx = ctx.read().await?;
    let row = store::discovery(&mut tx, id).await?.ok_or_else(|| Problem::not_found("discovery"))?;
    let targets = store::targets(&mut tx, id).await?;
    Ok(Json(Discovery::of(row, Some(targets))))
}

/// Run a discovery again with the same order.
#[utoipa::path(post, path = "/discoveries/{id}/actions/rescan", tag = "monitoring", operation_id = "monitoring_discoveries_rescan",
    params(("id" = Uuid, Path, description = "Discovery")),
    extensions(("x-permission" = json!("monitoring/discoveries:execute"))),
    responses((status = 202, body = Started), (status = 404, description = "No such discovery")))]
pub(crate) async fn rescan(
    State(shared): State<SharedState>,
    ctx: Ctx,
    Path(id): Path<Uuid>,
) -> Result<Response, Problem> {
    let granted = ctx.authorize(EXECUTE)?;
    let services = &shared.engine()?.services;
    let mut tx = ctx.read().await?;
    store::discovery(&mut tx, id).await?.ok_or_else(|| Problem::not_found("discovery"))?;
    drop(tx);
    let mut tx = ctx.write(granted).await?;
    let job_id = enqueue_job(services.jobs()?.as_ref(), &mut tx, id).await?;
    tx.commit().await?;
    Ok(accepted(&Started { id, job_id }))
}

/// Start the discovery of a scope.
#[utoipa::path(post, path = "/scopes/{id}/actions/discover", tag = "monitoring", operation_id = "monitoring_scopes_discover",
    params(("id" = Uuid, Path, description = "Scope")),
    extensions(("x-permission" = json!("monitoring/discoveries:execute"))),
    responses((status = 202, body = Started), (status = 404, description = "No such scope")))]
pub(crate) async fn start_scope(
    State(shared): State<SharedState>,
    ctx: Ctx,
    Path(id): Path<Uuid>,
) -> Result<Response, Problem> {
    let granted = ctx.authorize(EXECUTE)?;
    let services = &shared.engine()?.services;
    let mut tx = ctx.read().await?;
    let request = store::scope_request(&mut tx, id).await?.ok_or_else(|| Problem::not_found("scope"))?;
    drop(tx);
    let mut tx = ctx.write(granted).await?;
    let started = enqueue(services.jobs()?.as_ref(), &mut tx, Some(id), &request).await?;
    tx.commit().await?;
    Ok(accepted(&started))
}
