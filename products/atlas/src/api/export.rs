//! The map as a file.

use axum::extract::{Query, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use kit::{Ctx, Problem};
use serde::Deserialize;
use utoipa::IntoParams;

use super::SharedState;
use crate::export::{Format, export as render};
use crate::service::READ;

/// What to export.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
    /// `l1`, `l2` or `l3`; `l1` when absent.
    layer: Option<String>,
    /// `svg`, `png`, `pdf`, `graphml`, `mermaid`, `drawio` or `html`.
    format: String,
}

/// Download the map.
#[utoipa::path(get, path = "/topology/export", tag = "atlas", operation_id = "atlas_topology_export", params(Wanted),
    extensions(("x-permission" = json!("atlas/topology:read"))),
    responses((status = 200, description = "The file"), (status = 422, description = "Unknown layer or format")))]
pub(super) async fn export(
    State(shared): State<SharedState>,
    ctx: Ctx,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Problem> {
    ctx.authorize(READ)?;
    let layer = super::topology::layer(wanted.layer.as_deref())?;
    let format = Format::parse(&wanted.format).ok_or_else(|| {
        Problem::field(
            "?format",
            "choice",
            "The formats are svg, png, pdf, graphml, mermaid, drawio and html.",
        )
    })?;
    let current = shared.atlas()?.current(ctx.tenant()).await?;
    let bytes = tokio::task::spawn_blocking(move || {
        render(&current.map, layer, current.revision, "Network map", format)
    })
    .await
    .map_err(Problem::internal)?
    .map_err(Problem::internal)?;
    let name = format!("attachment; filename=\"map-{}.{}\"", layer.as_str(), format.extension());
    let mut response = ([(header::CONTENT_TYPE, format.content_type())], bytes).into_response();
    let name = HeaderValue::from_str(&name).map_err(Problem::internal)?;
    response.headers_mut().insert(header::CONTENT_DISPOSITION, name);
    Ok(response)
}
