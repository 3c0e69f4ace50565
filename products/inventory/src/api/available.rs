//! What a parent has left, and the next of it as new records: one step for who does not want to look
//! for a free one first, and safe when many ask at once.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kit::{Ctx, Problem};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{limit, one, records};
use crate::allocation::{self, Free, Kind, MAX_RECORDS, Parent, Wanted};
use crate::plugin::Shared;

/// How many.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    /// Most items of the answer: 1 to 1000, 50 when absent.
    limit: Option<usize>,
}

/// What is free, in order: one of the members a line.
#[derive(Serialize, ToSchema)]
pub(super) struct Available {
    #[schema(value_type = Vec<Object>)]
    items: Vec<Value>,
}

/// A kind of parent and what is taken from it.
struct Source {
    model: &'static str,
    kind: Kind,
}

async fn list(
    shared: &Shared,
    ctx: &Ctx,
    source: Source,
    id: Uuid,
    asked: &Asked,
) -> Result<Json<Available>, Problem> {
    let records = records(shared)?;
    let limit = limit(asked.limit, 50, 1_000)?;
    let record = one(records, ctx, source.model, id).await?;
    let mut tx = ctx.read().await?;
    let parent = Parent::load(tx.conn(), source.kind, &record).await?;
    drop(tx);
    let item = |free| match (free, source.kind) {
        (Free::Prefix(net), _) => json!({"prefix": net.to_string()}),
        (Free::Address(address, length), _) => json!({"address": format!("{address}/{length}")}),
        (Free::Number(number), Kind::Asns) => json!({"asn": u64::try_from(number).unwrap_or(u64::MAX)}),
        (Free::Number(number), _) => json!({"vid": u64::try_from(number).unwrap_or(u64::MAX)}),
    };
    Ok(Json(Available { items: parent.free(limit).into_iter().take(limit).map(item).collect() }))
}

async fn make(
    shared: &Shared,
    ctx: &Ctx,
    source: Source,
    id: Uuid,
    body: Value,
) -> Result<Response, Problem> {
    let records = records(shared)?;
    let record = one(records, ctx, source.model, id).await?;
    let (bodies, many) = match body {
        Value::Array(bodies) => (bodies, true),
        one => (vec![one], false),
    };
    if !(1..=MAX_RECORDS).contains(&bodies.len()) {
        return Err(Problem::bad_request(format!("Ask for 1 to {MAX_RECORDS} at once.")));
    }
    let place = |at: usize| if many { format!("/{at}") } else { String::new() };
    let v4 = allocation::net_of(&record, "prefix").is_none_or(|net| net.addr().is_ipv4());
    let wanted: Result<Vec<Wanted>, Problem> =
        bodies.into_iter().enumerate().map(|(at, body)| wanted(source.kind, body, &place(at), v4)).collect();
    let made = allocation::allocate(records, ctx, source.kind, &record, wanted?).await;
    let mut made = made.map_err(|problem| if many { problem } else { of_one(problem) })?;
    let body = match (many, made.pop()) {
        (false, Some(one)) => Value::Object(one),
        (_, last) => {
            made.extend(last);
            json!({"items": made})
        }
    };
    Ok((StatusCode::CREATED, Json(body)).into_response())
}

/// Errors of the only body point into it, not into a list of one.
fn of_one(mut problem: Problem) -> Problem {
    for error in &mut problem.errors {
        if let Some(pointer) = error.pointer.strip_prefix("/0/") {
            error.pointer = format!("/{pointer}");
        }
    }
    problem
}

fn wanted(kind: Kind, body: Value, place: &str, v4: bool) -> Result<Wanted, Problem> {
    let fields = match body {
        Value::Object(fields) => fields,
        Value::Null => Map::new(),
        _ => {
            return Err(Problem::bad_request(
                "Send an object with fields of the new record, or a list of such.",
            ));
        }
    };
    let mut fields = fields;
    if let Some(name) = kind.decided().iter().find(|name| fields.contains_key(**name)) {
        let message = "What it is taken from decides this; leave it out.";
        return Err(Problem::field(format!("{place}/{name}"), "decided", message));
    }
    let most = if v4 { 32 } else { 128 };
    let length = match (kind, fields.remove("prefix_length")) {
        (Kind::Prefixes, None) => {
            return Err(Problem::field(
                format!("{place}/prefix_length"),
                "required",
                "Say how long the prefix is to be.",
            ));
        }
        (Kind::Prefixes | Kind::Addresses, Some(length)) => {
            let length = length.as_u64().and_then(|length| u8::try_from(length).ok());
            let good = length.filter(|length| *length <= most).ok_or_else(|| {
                let message = format!("A length lies between 0 and {most}.");
                Problem::field(format!("{place}/prefix_length"), "range", message)
            })?;
            Some(good)
        }
        (_, Some(_)) => {
            return Err(Problem::field(
                format!("{place}/prefix_length"),
                "unknown_field",
                "Numbers have no length.",
            ));
        }
        (_, None) => None,
    };
    Ok(Wanted { fields, length })
}

macro_rules! available {
    ($($list:ident $make:ident $path:tt $model:tt $kind:ident $listed:tt $made:tt $read:tt $write:tt $what:tt;)*) => {$(
        #[doc = concat!("What is left: ", $what, ".")]
        #[utoipa::path(get, path = $path, tag = "inventory", operation_id = $listed,
            params(("id" = Uuid, Path, description = "What they are taken from"), Asked),
            extensions(("x-permission" = json!($read))),
            responses((status = 200, body = Available), (status = 404, description = "No such record")))]
        pub(super) async fn $list(
            State(shared): State<Shared>,
            ctx: Ctx,
            Path(id): Path<Uuid>,
            Query(asked): Query<Asked>,
        ) -> Result<Json<Available>, Problem> {
            list(&shared, &ctx, Source { model: $model, kind: Kind::$kind }, id, &asked).await
        }

        #[doc = concat!("Takes the next: ", $what, ". An object with fields of the new record, or a list of such.")]
        #[utoipa::path(post, path = $path, tag = "inventory", operation_id = $made, request_body = Object,
            params(("id" = Uuid, Path, description = "What they are taken from")),
            extensions(("x-permission" = json!($write))),
            responses((status = 201, description = "The new record, or `items` with them", body = Object),
                (status = 404, description = "No such record"), (status = 409, description = "Not so much is left"),
                (status = 422, description = "A field is wrong")))]
        pub(super) async fn $make(
            State(shared): State<Shared>,
            ctx: Ctx,
            Path(id): Path<Uuid>,
            Json(body): Json<Value>,
        ) -> Result<Response, Problem> {
            make(&shared, &ctx, Source { model: $model, kind: Kind::$kind }, id, body).await
        }
    )*};
}

available! {
    list_prefixes make_prefixes "/prefixes/{id}/available-prefixes" "inventory.prefix" Prefixes
        "inventory_prefixes_available_prefixes" "inventory_prefixes_take_prefixes"
        "inventory/prefixes:read" "inventory/prefixes:write" "networks within a prefix; `prefix_length` says how long";
    list_ips make_ips "/prefixes/{id}/available-ips" "inventory.prefix" Addresses
        "inventory_prefixes_available_ips" "inventory_prefixes_take_ips"
        "inventory/prefixes:read" "inventory/ip-addresses:write" "addresses of a prefix that hosts may have";
    list_range_ips make_range_ips "/ip-ranges/{id}/available-ips" "inventory.ip_range" Addresses
        "inventory_ip_ranges_available_ips" "inventory_ip_ranges_take_ips"
        "inventory/ip-ranges:read" "inventory/ip-addresses:write" "addresses of a range";
    list_vlans make_vlans "/vlan-groups/{id}/available-vlans" "inventory.vlan_group" Vlans
        "inventory_vlan_groups_available_vlans" "inventory_vlan_groups_take_vlans"
        "inventory/vlan-groups:read" "inventory/vlans:write" "VLAN ids of a group";
    list_asns make_asns "/asn-ranges/{id}/available-asns" "inventory.asn_range" Asns
        "inventory_asn_ranges_available_asns" "inventory_asn_ranges_take_asns"
        "inventory/asn-ranges:read" "inventory/asns:write" "AS numbers of a range";
}
