//! Places that people gave to nodes.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use kit::{Ctx, Problem};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::SharedState;
use crate::map::Position;
use crate::service::WRITE;
use crate::store;

/// Nodes and where they go.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Pins {
    /// At most 5,000.
    pins: Vec<Pin>,
}

/// One node.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Pin {
    id: Uuid,
    x: f64,
    y: f64,
}

/// Pin nodes: they stay where they are put.
#[utoipa::path(put, path = "/positions", tag = "atlas", operation_id = "atlas_positions_put", request_body = Pins,
    extensions(("x-permission" = json!("atlas/topology:write"))),
    responses((status = 204), (status = 422, description = "A place outside the map")))]
pub(super) async fn put(
    State(shared): State<SharedState>,
    ctx: Ctx,
    Json(body): Json<Pins>,
) -> Result<StatusCode, Problem> {
    let granted = ctx.authorize(WRITE)?;
    if body.pins.len() > 5000 {
        return Err(Problem::field("/pins", "too_many", "At most 5,000 nodes at once."));
    }
    let wild = |pin: &Pin| [pin.x, pin.y].iter().any(|v| !v.is_finite() || v.abs() > 1e6);
    if let Some(index) = body.pins.iter().position(wild) {
        return Err(Problem::field(
            format!("/pins/{index}"),
            "range",
            "Coordinates lie between -1e6 and 1e6.",
        ));
    }
    let pins: Vec<(Uuid, Position)> =
        body.pins.iter().map(|pin| (pin.id, Position { x: pin.x, y: pin.y })).collect();
    let atlas = shared.atlas()?;
    let current = atlas.current(ctx.tenant()).await?;
    if let Some(index) = pins.iter().position(|(id, _)| !current.map.nodes.iter().any(|node| node.id == *id))
    {
        return Err(Problem::field(
            format!("/pins/{index}/id"),
            "unknown",
            "There is no such node on the map.",
        ));
    }
    atlas.decide(&ctx, granted, async |tx| store::write_pins(tx, &pins).await).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Let a node float again.
#[utoipa::path(delete, path = "/positions/{id}", tag = "atlas", operation_id = "atlas_positions_delete",
    params(("id" = Uuid, Path, description = "Node")),
    extensions(("x-permission" = json!("atlas/topology:write"))),
    responses((status = 204), (status = 404, description = "Not pinned")))]
pub(super) async fn delete(
    State(shared): State<SharedState>,
    ctx: Ctx,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Problem> {
    let granted = ctx.authorize(WRITE)?;
    shared.atlas()?.decide(&ctx, granted, async |tx| store::delete_pin(tx, id).await).await?;
    Ok(StatusCode::NO_CONTENT)
}
