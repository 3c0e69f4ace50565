//! `trace`: the path from a port, cable by cable.

use std::collections::{BTreeMap, HashMap};

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};
use uuid::Uuid;

use super::contract::Endpoint;
use super::errors::Refusal;
use super::objects::{Call, answer};
use super::pool::record_id;
use crate::cabling::{Cabling, Port};

/// Has the endpoint paths to trace?
pub(super) fn traces(endpoint: &Endpoint) -> bool {
    endpoint.fact("connected_endpoints").is_some()
}

impl Call<'_> {
    /// GET of the trace: segments of near ends, cable, far ends.
    pub(super) async fn trace(&self, number: i64) -> Result<Response, Refusal> {
        let origin = record_id(&self.object(number).await?);
        let mut cabling = Cabling::default();
        let mut paths = cabling.paths(self.records, self.ctx, &[origin]).await?;
        let path = paths.remove(&origin).unwrap_or_default();
        let ports: Vec<Port> = path
            .segments
            .iter()
            .flat_map(|segment| segment.near.iter().chain(&segment.far))
            .cloned()
            .collect();
        let shown = self.shown(ports).await?;
        let cables = self.cables(path.segments.iter().map(|segment| segment.cable).collect()).await?;
        let list = |ports: &[Port]| {
            let items: Vec<&str> =
                ports.iter().filter_map(|port| shown.get(&port.id).map(String::as_str)).collect();
            format!("[{}]", items.join(","))
        };
        let segments: Vec<String> = path
            .segments
            .iter()
            .map(|segment| {
                let cable = cables.get(&segment.cable).map_or("null", String::as_str);
                format!("[{},{cable},{}]", list(&segment.near), list(&segment.far))
            })
            .collect();
        Ok(answer(StatusCode::OK, format!("[{}]", segments.join(",")).into_bytes()))
    }

    /// The short forms of ports, by id.
    async fn shown(&self, ports: Vec<Port>) -> Result<HashMap<Uuid, String>, Refusal> {
        let mut by_model: BTreeMap<String, Vec<Uuid>> = BTreeMap::new();
        for port in ports {
            by_model.entry(port.model).or_default().push(port.id);
        }
        let mut shown = HashMap::new();
        for (model, ids) in by_model {
            let Some(endpoint) = Endpoint::of_model(&model) else { continue };
            let wanted = [(endpoint.model.as_str(), ids)];
            for record in
                self.records.referenced(self.ctx, &wanted).await?.into_values().flat_map(HashMap::into_values)
            {
                shown.insert(record_id(&record), self.short(endpoint, &record).await?);
            }
        }
        Ok(shown)
    }

    /// Cables as a trace shows them: choices as bare values.
    async fn cables(&self, ids: Vec<Uuid>) -> Result<HashMap<Uuid, String>, Refusal> {
        let Some(endpoint) = Endpoint::of_model("inventory.cable") else { return Ok(HashMap::new()) };
        let found = self.records.referenced(self.ctx, &[(endpoint.model.as_str(), ids)]).await?;
        let cables = found.into_values().flat_map(HashMap::into_values).map(|cable| {
            let number = cable.get("number").and_then(Value::as_i64).unwrap_or_default();
            let value = |name: &str| cable.get(name).cloned().unwrap_or(Value::Null);
            let text = |name: &str| json!(cable.get(name).and_then(Value::as_str).unwrap_or_default());
            let members = [
                ("id", json!(number)),
                ("url", json!(format!("{}/api/{}/{number}/", self.base, endpoint.path))),
                ("display_url", json!(format!("{}/{}/{number}/", self.base, endpoint.path))),
                ("type", value("type")),
                ("status", value("status")),
                ("label", text("label")),
                ("color", text("color")),
                ("length", value("length")),
                ("length_unit", value("length_unit")),
                ("description", text("description")),
            ];
            let members: Vec<String> =
                members.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
            (record_id(&cable), format!("{{{}}}", members.join(",")))
        });
        Ok(cables.collect())
    }
}
