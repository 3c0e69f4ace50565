//! Routes beside those of the record engine.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use kit::{Ctx, Problem, Services, files};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

/// Synchronisation; lists and reads are the record engine's.
pub fn router(services: Services) -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(sync)).with_state(services)
}

/// Synchronise a data source now: a job reads its files.
#[utoipa::path(post, path = "/platform/data-sources/{id}/actions/sync", tag = "platform",
    operation_id = "platform_data_sources_sync", params(("id" = Uuid, Path, description = "Data source")),
    extensions(("x-permission" = json!("platform/data-sources:write"))),
    responses((status = 202, description = "It waits to be read"), (status = 404, description = "No such source")))]
async fn sync(
    State(services): State<Services>,
    ctx: Ctx,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Problem> {
    files::synchronise(&services, &ctx, id).await?;
    Ok(StatusCode::ACCEPTED)
}
