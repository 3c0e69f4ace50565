//! Devices: the list, one device with everything known of it, its history.

use axum::Json;
use axum::extract::{Path, Query, State};
use kit::{Ctx, Problem};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{SharedState, device_view};
use crate::map::{Entity, Freshness};
use crate::service::READ;
use crate::store::{self, Happening};

/// Which devices.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
    /// Part of a name, address, vendor, model or site.
    q: Option<String>,
    /// `fresh`, `stale` or `gone`.
    state: Option<String>,
    /// `name` (default), `role`, `vendor`, `site`, `last_seen`; `-` first for descending.
    sort: Option<String>,
    /// 1 to 1000, 50 when absent.
    limit: Option<usize>,
    /// Where the page before ended.
    cursor: Option<String>,
}

/// A page of devices.
#[derive(Serialize, ToSchema)]
pub(super) struct List {
    #[schema(value_type = Vec<Object>)]
    items: Vec<Entity>,
    next_cursor: Option<String>,
    total: usize,
}

/// All devices.
#[utoipa::path(get, path = "/devices", tag = "atlas", operation_id = "atlas_devices_list", params(Wanted),
    extensions(("x-permission" = json!("atlas/devices:read"))), responses((status = 200, body = List)))]
pub(super) async fn list(
    State(shared): State<SharedState>,
    ctx: Ctx,
    Query(wanted): Query<Wanted>,
) -> Result<Json<List>, Problem> {
    ctx.authorize(READ)?;
    let limit = wanted.limit.unwrap_or(50);
    if !(1..=1000).contains(&limit) {
        return Err(Problem::field("?limit", "range", "The limit lies between 1 and 1000."));
    }
    let offset: usize = match wanted.cursor.as_deref() {
        None => 0,
        Some(text) => text
            .parse()
            .map_err(|_| Problem::field("?cursor", "format", "This is no cursor of this list."))?,
    };
    let current = shared.atlas()?.current(ctx.tenant()).await?;
    let mut fitting: Vec<&Entity> =
        current.map.entities.iter().filter(|entity| fits(entity, &wanted)).collect();
    sort(&mut fitting, wanted.sort.as_deref().unwrap_or("name"))?;
    let total = fitting.len();
    let items: Vec<Entity> = fitting.into_iter().skip(offset).take(limit).cloned().collect();
    let next = offset + items.len();
    Ok(Json(List { items, next_cursor: (next < total).then(|| next.to_string()), total }))
}

fn fits(entity: &Entity, wanted: &Wanted) -> bool {
    let state = match entity.state {
        Freshness::Fresh => "fresh",
        Freshness::Stale => "stale",
        Freshness::Gone => "gone",
    };
    let by_state = wanted.state.as_deref().is_none_or(|wanted| wanted == state);
    let by_text = wanted.q.as_deref().is_none_or(|text| {
        let text = text.to_lowercase();
        let words = [Some(&entity.name), entity.vendor.as_ref(), entity.model.as_ref(), entity.site.as_ref()];
        words.into_iter().flatten().any(|word| word.to_lowercase().contains(&text))
            || entity.addresses.iter().any(|address| address.to_string().contains(&text))
    });
    by_state && by_text
}

fn sort(entities: &mut [&Entity], by: &str) -> Result<(), Problem> {
    let (key, descending) = by.strip_prefix('-').map_or((by, false), |key| (key, true));
    match key {
        "name" => entities.sort_by(|a, b| a.name.cmp(&b.name)),
        "role" => {
            entities.sort_by(|a, b| a.role.as_str().cmp(b.role.as_str()).then_with(|| a.name.cmp(&b.name)));
        }

        "vendor" => entities.sort_by(|a, b| a.vendor.cmp(&b.vendor).then_with(|| a.name.cmp(&b.name))),
        "site" => entities.sort_by(|a, b| a.site.cmp(&b.site).then_with(|| a.name.cmp(&b.name))),
        "last_seen" => entities.sort_by_key(|entity| entity.last_seen),
        _ => return Err(Problem::field("?sort", "choice", "Sort by name, role, vendor, site or last_seen.")),
    }
    if descending {
        entities.reverse();
    }
    Ok(())
}

/// One device: facts, interfaces, neighbours, addresses, tables, identity with its evidence.
#[utoipa::path(get, path = "/devices/{id}", tag = "atlas", operation_id = "atlas_devices_read",
    params(("id" = Uuid, Path, description = "Device")),
    extensions(("x-permission" = json!("atlas/devices:read"))),
    responses((status = 200, description = "The device", body = Object), (status = 404, description = "No such device")))]
pub(super) async fn read(
    State(shared): State<SharedState>,
    ctx: Ctx,
    Path(id): Path<Uuid>,
) -> Result<Json<Value>, Problem> {
    ctx.authorize(READ)?;
    let atlas = shared.atlas()?;
    let current = atlas.current(ctx.tenant()).await?;
    let entity = current
        .map
        .entities
        .iter()
        .find(|entity| entity.id == id)
        .ok_or_else(|| Problem::not_found("device"))?;
    let subjects = atlas.subjects(ctx.tenant(), &entity.subjects).await?;
    Ok(Json(device_view::view(&current.map, entity, &subjects)))
}

/// What happened to a device.
#[derive(Serialize, ToSchema)]
pub(super) struct History {
    items: Vec<Happening>,
}

/// The history of one device, newest first.
#[utoipa::path(get, path = "/devices/{id}/history", tag = "atlas", operation_id = "atlas_devices_history",
    params(("id" = Uuid, Path, description = "Device")),
    extensions(("x-permission" = json!("atlas/devices:read"))), responses((status = 200, body = History)))]
pub(super) async fn history(
    State(shared): State<SharedState>,
    ctx: Ctx,
    Path(id): Path<Uuid>,
) -> Result<Json<History>, Problem> {
    ctx.authorize(READ)?;
    let current = shared.atlas()?.current(ctx.tenant()).await?;
    if !current.map.entities.iter().any(|entity| entity.id == id) {
        return Err(Problem::not_found("device"));
    }
    let mut tx = ctx.read().await?;
    Ok(Json(History { items: store::happenings(&mut tx, id, 500).await? }))
}
