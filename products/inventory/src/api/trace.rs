//! The way of a cable path from a port or a cable, as a graph to be drawn.

use std::collections::{BTreeMap, HashMap};

use axum::Json;
use axum::extract::{Path, State};
use kit::record::Record;
use kit::records::Referenced;
use kit::{Ctx, Problem, Records};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Named, one, records};
use crate::cabling::Port;
use crate::plugin::Shared;
use crate::reading::{Reader, reference, reference_id, reference_model};
use crate::tracing::{self, Stop, Trace};

/// A port on the way.
#[derive(Serialize, ToSchema)]
pub(super) struct OnTheWay {
    id: Uuid,
    /// `inventory.interface` ...
    model: String,
    name: String,
    label: String,
    /// What it is part of: a device, the panel of a power feed, a circuit.
    at: Option<Named>,
    /// The model of that.
    at_model: Option<&'static str>,
    /// Cables between it and the origin; below zero behind a panel one starts at.
    step: i32,
}

/// A cable or wireless link on the way. A is the side nearer to the origin.
#[derive(Serialize, ToSchema)]
pub(super) struct OnTheWayCable {
    id: Uuid,
    number: Option<i64>,
    label: String,
    #[serde(rename = "type")]
    kind: Option<String>,
    status: Option<String>,
    color: Option<String>,
    #[schema(value_type = Option<String>)]
    length: Value,
    length_unit: Option<String>,
    a: Vec<Uuid>,
    b: Vec<Uuid>,
}

/// A way through a panel.
#[derive(Serialize, ToSchema)]
pub(super) struct PanelPass {
    from: Uuid,
    to: Uuid,
}

/// Everything on the way.
#[derive(Serialize, ToSchema)]
pub(super) struct CableTrace {
    origin: Vec<Uuid>,
    ports: Vec<OnTheWay>,
    cables: Vec<OnTheWayCable>,
    passes: Vec<PanelPass>,
    /// Ports of panels at which it ends open.
    open: Vec<Uuid>,
    /// Every branch ends at something that is no panel.
    complete: bool,
    /// It branches.
    split: bool,
    /// It is longer than 64 cables or wider than 2,000 ports; the rest is left out.
    cut: bool,
}

/// What a port is part of: field and model.
const PARTS: [(&str, &str); 3] = [
    ("device", "inventory.device"),
    ("power_panel", "inventory.power_panel"),
    ("circuit", "inventory.circuit"),
];

async fn answer(records: &dyn Records, ctx: &Ctx, origin: Vec<Port>) -> Result<Json<CableTrace>, Problem> {
    let trace = tracing::trace(records, ctx, &origin).await?;
    let mut wanted: BTreeMap<&'static str, Vec<Uuid>> = BTreeMap::new();
    for stop in &trace.stops {
        if let Some(model) = records.model(&stop.port.model) {
            wanted.entry(model.name).or_default().push(stop.port.id);
        }
    }
    for wire in &trace.wires {
        if let Some(model) = records.model(&wire.by.model) {
            wanted.entry(model.name).or_default().push(wire.by.id);
        }
    }
    let wanted: Vec<(&'static str, Vec<Uuid>)> = wanted.into_iter().collect();
    let found = records.referenced(ctx, &wanted).await?;
    let record = |model: &str, id: Uuid| found.get(model).and_then(|of_model| of_model.get(&id));
    let mut parts: BTreeMap<&'static str, Vec<Uuid>> = BTreeMap::new();
    for (model, part) in found.values().flat_map(HashMap::values).filter_map(part_of) {
        parts.entry(model).or_default().push(part);
    }
    let parts = records.referenced(ctx, &parts.into_iter().collect::<Vec<_>>()).await?;
    let port = |stop: &Stop| Some(port(stop, record(&stop.port.model, stop.port.id)?, &parts));
    let ports = trace.stops.iter().filter_map(port);
    let cables = trace.wires.iter().filter_map(|wire| {
        let found = record(&wire.by.model, wire.by.id)?;
        Some(cable(found, wire.by.id, wire.near.clone(), wire.far.clone()))
    });
    let (ports, cables) = (ports.collect(), cables.collect());
    let complete = trace.is_complete();
    let Trace { passes, open, split, cut, .. } = trace;
    Ok(Json(CableTrace {
        origin: origin.into_iter().map(|port| port.id).collect(),
        ports,
        cables,
        passes: passes.into_iter().map(|(from, to)| PanelPass { from, to }).collect(),
        open,
        complete,
        split,
        cut,
    }))
}

fn text(record: &Record, field: &str) -> Option<String> {
    record.get(field).and_then(Value::as_str).map(str::to_owned)
}

/// What a port is part of.
fn part_of(port: &Record) -> Option<(&'static str, Uuid)> {
    PARTS.iter().find_map(|(field, model)| Some((*model, reference(port, field)?)))
}

fn port(stop: &Stop, record: &Record, parts: &Referenced) -> OnTheWay {
    let part = part_of(record);
    let named = |(model, id): (&str, Uuid)| {
        let part = parts.get(model).and_then(|parts| parts.get(&id));
        let name = part.and_then(|part| text(part, "name").or_else(|| text(part, "cid")));
        Named { id, display: name.unwrap_or_else(|| "without a name".to_owned()) }
    };
    let (at, at_model) = (part.map(named), part.map(|(model, _)| model));
    OnTheWay {
        id: stop.port.id,
        model: stop.port.model.clone(),
        name: text(record, "name").or_else(|| text(record, "term_side")).unwrap_or_default(),
        label: text(record, "label").unwrap_or_default(),
        at,
        at_model,
        step: stop.step,
    }
}

fn cable(record: &Record, id: Uuid, a: Vec<Uuid>, b: Vec<Uuid>) -> OnTheWayCable {
    OnTheWayCable {
        id,
        number: record.get("number").and_then(Value::as_i64),
        label: text(record, "label").or_else(|| text(record, "ssid")).unwrap_or_default(),
        kind: text(record, "type"),
        status: text(record, "status"),
        color: text(record, "color"),
        length: record.get("length").cloned().unwrap_or_default(),
        length_unit: text(record, "length_unit"),
        a,
        b,
    }
}

macro_rules! trace {
    ($($name:ident $path:tt $operation:tt $permission:tt $model:tt;)*) => {$(
        /// The cables from this port in every direction, through panels and with all branches, to where they end.
        #[utoipa::path(get, path = $path, tag = "inventory", operation_id = $operation,
            params(("id" = Uuid, Path, description = "Where to begin")),
            extensions(("x-permission" = json!($permission))),
            responses((status = 200, body = CableTrace), (status = 404, description = "No such port")))]
        pub(super) async fn $name(
            State(shared): State<Shared>,
            ctx: Ctx,
            Path(id): Path<Uuid>,
        ) -> Result<Json<CableTrace>, Problem> {
            let records = records(&shared)?;
            one(records, &ctx, $model, id).await?;
            answer(records, &ctx, vec![Port { model: $model.to_owned(), id }]).await
        }
    )*};
}

trace! {
    interface "/interfaces/{id}/trace" "inventory_interfaces_trace" "inventory/interfaces:read" "inventory.interface";
    front_port "/front-ports/{id}/trace" "inventory_front_ports_trace" "inventory/front-ports:read" "inventory.front_port";
    rear_port "/rear-ports/{id}/trace" "inventory_rear_ports_trace" "inventory/rear-ports:read" "inventory.rear_port";
    console_port "/console-ports/{id}/trace" "inventory_console_ports_trace" "inventory/console-ports:read" "inventory.console_port";
    console_server_port "/console-server-ports/{id}/trace" "inventory_console_server_ports_trace"
        "inventory/console-server-ports:read" "inventory.console_server_port";
    power_port "/power-ports/{id}/trace" "inventory_power_ports_trace" "inventory/power-ports:read" "inventory.power_port";
    power_outlet "/power-outlets/{id}/trace" "inventory_power_outlets_trace" "inventory/power-outlets:read" "inventory.power_outlet";
    power_feed "/power-feeds/{id}/trace" "inventory_power_feeds_trace" "inventory/power-feeds:read" "inventory.power_feed";
}

/// The whole way a cable is part of, as seen from its side A.
#[utoipa::path(get, path = "/cables/{id}/trace", tag = "inventory", operation_id = "inventory_cables_trace",
    params(("id" = Uuid, Path, description = "Where to begin")),
    extensions(("x-permission" = json!("inventory/cables:read"))),
    responses((status = 200, body = CableTrace), (status = 404, description = "No such cable")))]
pub(super) async fn cable_trace(
    State(shared): State<Shared>,
    ctx: Ctx,
    Path(id): Path<Uuid>,
) -> Result<Json<CableTrace>, Problem> {
    let records = records(&shared)?;
    one(records, &ctx, "inventory.cable", id).await?;
    let ends = Reader::Of(&ctx).listed(records, "inventory.cable_termination", "cable", &[id].into()).await?;
    let at_a = ends.iter().filter(|end| end.get("cable_end").and_then(Value::as_str) == Some("A"));
    let origin = at_a.filter_map(|end| {
        let model = reference_model(end, "termination")?.to_owned();
        Some(Port { model, id: end.get("termination").and_then(reference_id)? })
    });
    answer(records, &ctx, origin.collect()).await
}
