//! Devices: the list, one device with everything known of it, its history.

use axum::Json;
use axum::extract::{Path, Query, State};
use kit::{Ctx, Problem};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::cursor::Window;
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
    let current = shared.atlas()?.current(ctx.tenant()).await?;
    page(&current.map.entities, &wanted).map(Json)
}

fn page(entities: &[Entity], wanted: &Wanted) -> Result<List, Problem> {
    let by = wanted.sort.as_deref().unwrap_or("name");
    let (by, descending) = by.strip_prefix('-').map_or((by, false), |by| (by, true));
    let fitting = entities
        .iter()
        .filter(|entity| fits(entity, wanted))
        .map(|entity| Ok((key(entity, by)?, entity)))
        .collect::<Result<_, Problem>>()?;
    let window = Window { limit: wanted.limit, cursor: wanted.cursor.as_deref(), descending };
    let page = window.page(&(&wanted.q, &wanted.state, by, descending), fitting, |entity| entity.id)?;
    let items = page.items.into_iter().cloned().collect();
    Ok(List { items, next_cursor: page.next_cursor, total: page.total })
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

/// What the order compares, as text; equal ones follow by id.
fn key(entity: &Entity, by: &str) -> Result<String, Problem> {
    let then_name = |first: &str| format!("{first}\0{}", entity.name);
    Ok(match by {
        "name" => entity.name.clone(),
        "role" => then_name(entity.role.as_str()),
        "vendor" => then_name(entity.vendor.as_deref().unwrap_or_default()),
        "site" => then_name(entity.site.as_deref().unwrap_or_default()),
        // RFC 3339 in UTC with all digits sorts as text.
        "last_seen" => entity.last_seen.map(|at| at.format("%FT%T%.6f").to_string()).unwrap_or_default(),
        _ => return Err(Problem::field("?sort", "choice", "Sort by name, role, vendor, site or last_seen.")),
    })
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
    let current = shared.atlas()?.current(ctx.tenant()).await?;
    let entity = current
        .map
        .entities
        .iter()
        .find(|entity| entity.id == id)
        .ok_or_else(|| Problem::not_found("device"))?;
    let subjects = store::load_views(&mut ctx.read().await?, &entity.subjects).await?;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::tests::{device, drawn};

    fn wanted(sort: &str, cursor: Option<String>) -> Wanted {
        Wanted { q: None, state: None, sort: Some(sort.to_owned()), limit: Some(2), cursor }
    }

    #[test]
    fn pages_go_on_where_the_one_before_ended() {
        let names = ["e", "a", "c", "b", "d"];
        let views = (1u16..).zip(names).map(|(n, name)| device(n, name, &format!("10.1.0.{n}"), 1)).collect();
        let (map, _) = drawn(views);
        let mut entities = map.entities;
        for (sort, right) in [("name", "abcde"), ("-name", "edcba"), ("role", "abcde"), ("-vendor", "edcba")]
        {
            let (mut seen, mut cursor) = (String::new(), None);
            loop {
                let list = page(&entities, &wanted(sort, cursor)).unwrap();
                assert_eq!(list.total, 5);
                seen.extend(list.items.iter().filter_map(|entity| entity.name.chars().next()));
                cursor = list.next_cursor;
                if cursor.is_none() {
                    break;
                }
            }
            assert_eq!(seen, right, "{sort}");
        }
        // A device that goes between two pages hides no other.
        let first = page(&entities, &wanted("name", None)).unwrap();
        entities.retain(|entity| !entity.name.starts_with('a'));
        let second = page(&entities, &wanted("name", first.next_cursor.clone())).unwrap();
        assert!(second.items[0].name.starts_with('c'));
        // Another order, or no cursor at all.
        for cursor in [first.next_cursor, Some("2".into()), Some(String::new())] {
            assert!(page(&entities, &wanted("site", cursor)).is_err());
        }
    }
}
