//! Native routes of what is more than a record, below `/api/v1/inventory`: the tree of prefixes, what a
//! parent has left and the next of it, elevations of racks, traces of cables, types as documents.

mod available;
mod library;
mod prefixes;
mod racks;
mod trace;

use kit::record::Record;
use kit::records::{Ask, Where};
use kit::{Ctx, Problem, Records};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::plugin::Shared;

/// All routes.
pub(crate) fn router(shared: Shared) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(prefixes::tree))
        .routes(routes!(available::list_prefixes, available::make_prefixes))
        .routes(routes!(available::list_ips, available::make_ips))
        .routes(routes!(available::list_range_ips, available::make_range_ips))
        .routes(routes!(available::list_vlans, available::make_vlans))
        .routes(routes!(available::list_asns, available::make_asns))
        .routes(routes!(racks::elevation))
        .routes(routes!(racks::drawing))
        .routes(routes!(trace::interface))
        .routes(routes!(trace::front_port))
        .routes(routes!(trace::rear_port))
        .routes(routes!(trace::console_port))
        .routes(routes!(trace::console_server_port))
        .routes(routes!(trace::power_port))
        .routes(routes!(trace::power_outlet))
        .routes(routes!(trace::power_feed))
        .routes(routes!(trace::cable_trace))
        .with_state(shared.clone())
        .merge(library::router(shared))
}

/// A record that another one names.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
struct Named {
    id: Uuid,
    display: String,
}

/// The record engine, once the product runs.
fn records(shared: &Shared) -> Result<&dyn Records, Problem> {
    let starting = || Problem::unavailable("The inventory is starting. Try again shortly.");
    Ok(&**shared.get().ok_or_else(starting)?.records()?)
}

/// One record that the principal may read.
async fn one(records: &dyn Records, ctx: &Ctx, model: &str, id: Uuid) -> Result<Record, Problem> {
    let model = records.model(model).ok_or_else(|| Problem::internal(format!("no model {model}")))?;
    let ask = Ask { filter: Where::is("id", "eq", id.to_string()), ..Ask::default() };
    let mut found = records.find(ctx, model, &ask).await?.records;
    found.pop().ok_or_else(|| Problem::not_found(&model.title.to_lowercase()))
}

/// A reference in a record.
fn reference(record: &Record, field: &str) -> Option<Named> {
    record.get(field).and_then(|value| serde_json::from_value(value.clone()).ok())
}

/// A number between one and the most, or what is asked when nothing is said.
fn limit(asked: Option<usize>, usual: usize, most: usize) -> Result<usize, Problem> {
    let limit = asked.unwrap_or(usual);
    if (1..=most).contains(&limit) {
        return Ok(limit);
    }
    Err(Problem::field("?limit", "range", format!("The limit lies between 1 and {most}.")))
}
