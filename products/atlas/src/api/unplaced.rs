//! What could not be placed, with the reason and the remedy.

use axum::Json;
use axum::extract::State;
use kit::{Ctx, Problem};
use serde::Serialize;
use utoipa::ToSchema;

use super::SharedState;
use crate::map::Unplaced;
use crate::service::READ;

/// The list.
#[derive(Serialize, ToSchema)]
pub(super) struct List {
    #[schema(value_type = Vec<Object>)]
    items: Vec<Unplaced>,
}

/// Every neighbour, address or table that could not be placed: what, where seen, why, what to do.
#[utoipa::path(get, path = "/unplaced", tag = "atlas", operation_id = "atlas_unplaced",
    extensions(("x-permission" = json!("atlas/unplaced:read"))), responses((status = 200, body = List)))]
pub(super) async fn list(State(shared): State<SharedState>, ctx: Ctx) -> Result<Json<List>, Problem> {
    ctx.authorize(READ)?;
    let current = shared.atlas()?.current(ctx.tenant()).await?;
    Ok(Json(List { items: current.map.unplaced.clone() }))
}
