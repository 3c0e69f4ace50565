//! Importing everything discovered: what would happen, then the job that does it.

use axum::Json;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use kit::{Ctx, Problem};
use model::adoption::{ObservedDevice, Plan, Wishes};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::api::SharedState;
use crate::drift::LeftOut;
use crate::map::Unplaced;
use crate::service::{DRIFT_READ, Order};

/// Devices shown in a preview at most.
const SHOWN: usize = 5_000;
/// Things without a place shown at most.
const UNPLACED: usize = 500;

/// How it would be done.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct How {
    /// The site's record for all of them; else sites follow from what devices say of their place.
    site: Option<Uuid>,
}

/// A device that would be imported.
#[derive(Serialize)]
struct Candidate {
    entity: Uuid,
    name: String,
    role: String,
    manufacturer: Option<String>,
    model: Option<String>,
    serial: Option<String>,
    platform: Option<String>,
    place: Option<String>,
    interfaces: usize,
    addresses: usize,
    plan: Plan,
}

/// What an import would do.
#[derive(Serialize, ToSchema)]
pub(crate) struct Preview {
    /// Devices without a record, each with what would be created, what is left out and why.
    #[schema(value_type = Vec<Object>)]
    devices: Vec<Candidate>,
    /// Devices that are not shown.
    more: usize,
    /// Cables between devices that have a record or would get one.
    cables: usize,
    /// Devices that have a record already.
    known: usize,
    /// Devices that cannot be imported now, and why; the first of very many.
    ambiguous: Vec<LeftOut>,
    /// Neighbours and addresses that have no place on the map, and why.
    #[schema(value_type = Vec<Object>)]
    unplaced: Vec<Unplaced>,
}

/// What importing everything discovered would do. Nothing is written.
#[utoipa::path(get, path = "/drift/import", tag = "atlas", operation_id = "atlas_drift_import_preview", params(How),
    extensions(("x-permission" = json!("atlas/drift:read"))),
    responses((status = 200, body = Preview), (status = 403, description = "No right to read the inventory")))]
pub(crate) async fn preview(
    State(shared): State<SharedState>,
    ctx: Ctx,
    Query(how): Query<How>,
) -> Result<Json<Preview>, Problem> {
    ctx.authorize(DRIFT_READ)?;
    let atlas = shared.atlas()?;
    let mut found = atlas.candidates(ctx.tenant()).await?;
    let current = atlas.current(ctx.tenant()).await?;
    let more = found.devices.len().saturating_sub(SHOWN);
    found.devices.truncate(SHOWN);
    found.ambiguous.truncate(SHOWN);
    let plans = atlas.plan(&ctx, &found.devices, Wishes { site: how.site }).await?;
    let devices =
        found.devices.into_iter().zip(plans).map(|(device, plan)| candidate(device, plan)).collect();
    let unplaced = current.map.unplaced.iter().take(UNPLACED).cloned().collect();
    let (cables, known) = (found.cables.len(), found.known);
    Ok(Json(Preview { devices, more, cables, known, ambiguous: found.ambiguous, unplaced }))
}

fn candidate(device: ObservedDevice, plan: Plan) -> Candidate {
    Candidate {
        entity: device.entity,
        addresses: device.interfaces.iter().map(|interface| interface.addresses.len()).sum(),
        interfaces: device.interfaces.len(),
        name: device.name,
        role: device.role,
        manufacturer: device.manufacturer,
        model: device.model,
        serial: device.serial,
        platform: device.platform,
        place: device.site,
        plan,
    }
}

/// What to import.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewImport {
    /// These devices by entity; all when absent.
    devices: Option<Vec<Uuid>>,
    /// The site's record for all of them.
    site: Option<Uuid>,
    /// Cables as well.
    #[serde(default = "yes")]
    cables: bool,
}

fn yes() -> bool {
    true
}

/// The job that imports.
#[derive(Serialize, ToSchema)]
pub(crate) struct Started {
    job_id: Uuid,
}

/// Import what was discovered: a job that writes each device all or not at all.
#[utoipa::path(post, path = "/drift/import", tag = "atlas", operation_id = "atlas_drift_import",
    request_body = NewImport, extensions(("x-permission" = json!("atlas/drift:execute"))),
    responses((status = 202, body = Started), (status = 422, description = "An empty list")))]
pub(crate) async fn start(
    State(shared): State<SharedState>,
    ctx: Ctx,
    Json(body): Json<NewImport>,
) -> Result<(StatusCode, Json<Started>), Problem> {
    if body.devices.as_ref().is_some_and(|devices| devices.is_empty() || devices.len() > 100_000) {
        return Err(Problem::field(
            "/devices",
            "length",
            "Name 1 to 100,000 devices, or leave the list out for all.",
        ));
    }
    let devices = body.devices.map(|devices| devices.into_iter().collect());
    let order = Order { devices, site: body.site, cables: body.cables };
    let job_id = shared.atlas()?.import(&ctx, &order).await?;
    Ok((StatusCode::ACCEPTED, Json(Started { job_id })))
}
