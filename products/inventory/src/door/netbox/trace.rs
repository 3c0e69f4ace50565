//! `trace`: the path from a port, cable by cable; `paths`: those that go through a port of a panel.

use std::collections::{BTreeMap, HashMap};

use axum::http::StatusCode;
use axum::response::Response;
use kit::record::Record;
use kit::records::{Ask, Where};
use serde_json::{Value, json};
use uuid::Uuid;

use super::contract::Endpoint;
use super::errors::Refusal;
use super::objects::{Call, answer};
use super::pool::record_id;
use super::query;
use crate::cabling::{Cabling, Path, Port, Segment, is_end};
use crate::reading::{reference, text};
use crate::tracing;

/// Has the endpoint paths to trace?
pub(super) fn traces(endpoint: &Endpoint) -> bool {
    endpoint.fact("connected_endpoints").is_some()
}

/// Do paths go through what is at the endpoint?
pub(super) fn has_paths(endpoint: &Endpoint) -> bool {
    matches!(
        endpoint.path.as_str(),
        "dcim/front-ports"
            | "dcim/rear-ports"
            | "circuits/circuit-terminations"
            | "circuits/virtual-circuit-terminations"
    )
}

/// The short form of an object, as JSON.
struct Shown {
    number: i64,
    text: String,
}

impl Call<'_> {
    /// GET of the trace: segments of near ends, cable, far ends.
    pub(super) async fn trace(&self, number: i64) -> Result<Response, Refusal> {
        let origin = Port { model: self.endpoint.model.clone(), id: record_id(&self.object(number).await?) };
        let mut cabling = Cabling::default();
        let mut paths = cabling.paths(self.records, self.ctx, std::slice::from_ref(&origin)).await?;
        let path = paths.remove(&origin.id).unwrap_or_default();
        let of_segments = path.segments.iter().flat_map(|segment| segment.near.iter().chain(&segment.far));
        let ports: Vec<Port> = of_segments.chain(&path.open).chain(&path.place).cloned().collect();
        let shown = self.shown(ports).await?;
        let links = self.links(path.segments.iter().map(|segment| segment.by.clone()).collect()).await?;
        let list = |ports: &[Port]| {
            let items: Vec<&str> = ports
                .iter()
                .filter_map(|port| shown.get(&port.id).map(|shown| shown.text.as_str()))
                .collect();
            format!("[{}]", items.join(","))
        };
        let mut segments: Vec<String> = path
            .segments
            .iter()
            .map(|segment| {
                let cable = links.get(&segment.by.id).map_or("null", String::as_str);
                format!("[{},{cable},{}]", list(&segment.near), list(&segment.far))
            })
            .collect();
        if let Some(open) = path.open.filter(|open| open.id != origin.id) {
            let place: Vec<Port> = path.place.into_iter().collect();
            segments.push(format!("[{},[],{}]", list(&[open]), list(&place)));
        }
        Ok(answer(StatusCode::OK, format!("[{}]", segments.join(",")).into_bytes()))
    }

    /// GET of the paths that go through a port of a panel, from each of their ends.
    pub(super) async fn paths(&self, number: i64) -> Result<Response, Refusal> {
        let port = Port { model: self.endpoint.model.clone(), id: record_id(&self.object(number).await?) };
        let around = tracing::trace(self.records, self.ctx, std::slice::from_ref(&port)).await?;
        let ends: Vec<Port> =
            around.stops.into_iter().map(|stop| stop.port).filter(|port| is_end(&port.model)).collect();
        let mut cabling = Cabling::default();
        let mut found = cabling.paths(self.records, self.ctx, &ends).await?;
        let mut paths: Vec<(Port, Path)> = Vec::new();
        for end in ends {
            let Some(path) = found.remove(&end.id) else { continue };
            if path.nodes().iter().any(|ports| ports.contains(&port)) {
                paths.push((end, path));
            }
        }
        let ports: Vec<Port> = paths.iter().flat_map(|(_, path)| path.nodes()).flatten().collect();
        let shown = self.shown(ports).await?;
        let cables = paths.iter().flat_map(|(_, path)| path.segments.iter());
        let cables = self.shown(cables.map(|segment| segment.by.clone()).collect()).await?;
        let number = |end: &Port| shown.get(&end.id).map_or(0, |shown| shown.number);
        // In the order they came to be: a path is there with its last cable.
        let newest = |path: &Path| {
            let cables = path.segments.iter().filter_map(|segment| cables.get(&segment.by.id));
            cables.map(|cable| cable.number).max()
        };
        paths.sort_by_key(|(end, path)| (newest(path), number(end)));
        let active = self.active(&paths).await?;
        let items: Vec<String> = paths
            .iter()
            .zip(active)
            .map(|((end, path), active)| {
                let list = |ports: &[Port]| {
                    let items: Vec<&str> = ports
                        .iter()
                        .filter_map(|port| shown.get(&port.id).map(|shown| shown.text.as_str()))
                        .collect();
                    format!("[{}]", items.join(","))
                };
                let cable = |segment: &Segment| {
                    format!("[{}]", cables.get(&segment.by.id).map_or("null", |shown| shown.text.as_str()))
                };
                let mut hops: Vec<String> = path
                    .segments
                    .iter()
                    .flat_map(|segment| [list(&segment.near), cable(segment), list(&segment.far)])
                    .collect();
                hops.extend(path.open.iter().chain(&path.place).map(|one| list(std::slice::from_ref(one))));
                format!(
                    "{{\"id\":{},\"path\":[{}],\"is_active\":{active},\"is_complete\":{},\"is_split\":{}}}",
                    number(end),
                    hops.join(","),
                    !path.ends.is_empty(),
                    path.split,
                )
            })
            .collect();
        Ok(answer(StatusCode::OK, format!("[{}]", items.join(",")).into_bytes()))
    }

    /// GET of the device at the other end of the path of an interface that is named with its device.
    pub(super) async fn connected_device(&self) -> Result<Response, Refusal> {
        let given = |name: &str| query::last(self.pairs, name).filter(|text| !text.is_empty());
        let (Some(device), Some(interface)) = (given("peer_device"), given("peer_interface")) else {
            let text = "Request must include \"peer_device\" and \"peer_interface\" filters.";
            return Err(Refusal::detail(StatusCode::BAD_REQUEST, text));
        };
        let absent = || Refusal::no_object(self.endpoint);
        let interfaces = self.records.model("inventory.interface").ok_or_else(absent)?;
        let of_device = Where::Via {
            field: "device".to_owned(),
            model: None,
            then: Box::new(Where::is("name", "eq", device)),
        };
        let filter = Where::All(vec![Where::is("name", "eq", interface), of_device]);
        let found = self.records.find(self.ctx, interfaces, &Ask { filter, ..Ask::default() }).await?.records;
        let origin = found.first().ok_or_else(absent)?;
        let origin = Port { model: interfaces.name.to_owned(), id: record_id(origin) };
        let mut paths =
            Cabling::default().paths(self.records, self.ctx, std::slice::from_ref(&origin)).await?;
        let path = paths.remove(&origin.id).unwrap_or_default();
        let end = path.ends.iter().find(|end| end.model == interfaces.name).ok_or_else(absent)?;
        let ends = self.records.referenced(self.ctx, &[(interfaces.name, vec![end.id])]).await?;
        let end = ends.get(interfaces.name).and_then(|ends| ends.get(&end.id)).ok_or_else(absent)?;
        let device = reference(end, "device").ok_or_else(absent)?.to_string();
        let ask = Ask { filter: Where::is("id", "eq", device), ..Ask::default() };
        let devices = self.records.find(self.ctx, self.model, &ask).await?.records;
        let device = devices.first().ok_or_else(absent)?;
        let mut body = Vec::with_capacity(2_048);
        self.write_objects(&mut body, std::slice::from_ref(device), &query::form(self.pairs)).await?;
        Ok(answer(StatusCode::OK, body))
    }

    /// Are all cables of each path connected?
    async fn active(&self, paths: &[(Port, Path)]) -> Result<Vec<bool>, Refusal> {
        let links = paths.iter().flat_map(|(_, path)| path.segments.iter().map(|segment| segment.by.clone()));
        let wanted = by_model(links.collect());
        let wanted =
            wanted.into_iter().filter_map(|(model, ids)| Some((self.records.model(&model)?.name, ids)));
        let found = self.records.referenced(self.ctx, &wanted.collect::<Vec<_>>()).await?;
        let connected = |segment: &Segment| {
            let link = found.get(segment.by.model.as_str()).and_then(|links| links.get(&segment.by.id));
            link.is_some_and(|link| text(link, "status") == "connected")
        };
        Ok(paths.iter().map(|(_, path)| path.segments.iter().all(connected)).collect())
    }

    /// The short forms of ports, by id.
    async fn shown(&self, ports: Vec<Port>) -> Result<HashMap<Uuid, Shown>, Refusal> {
        let mut shown = HashMap::new();
        for (model, ids) in by_model(ports) {
            let Some(endpoint) = Endpoint::of_model(&model) else { continue };
            let wanted = [(endpoint.model.as_str(), ids)];
            for record in
                self.records.referenced(self.ctx, &wanted).await?.into_values().flat_map(HashMap::into_values)
            {
                let number = record.get("number").and_then(Value::as_i64).unwrap_or_default();
                let text = self.short(endpoint, &record).await?;
                shown.insert(record_id(&record), Shown { number, text });
            }
        }
        Ok(shown)
    }

    /// Cables and wireless links as a trace shows them: choices as bare values.
    async fn links(&self, links: Vec<Port>) -> Result<HashMap<Uuid, String>, Refusal> {
        let mut shown = HashMap::new();
        for (model, ids) in by_model(links) {
            let Some(endpoint) = Endpoint::of_model(&model) else { continue };
            let found = self.records.referenced(self.ctx, &[(endpoint.model.as_str(), ids)]).await?;
            for link in found.into_values().flat_map(HashMap::into_values) {
                shown.insert(record_id(&link), self.link(endpoint, &link));
            }
        }
        Ok(shown)
    }

    fn link(&self, endpoint: &Endpoint, link: &Record) -> String {
        let number = link.get("number").and_then(Value::as_i64).unwrap_or_default();
        let value = |name: &str| link.get(name).cloned().unwrap_or(Value::Null);
        let text = |name: &str| json!(text(link, name));
        let mut members = vec![
            ("id", json!(number)),
            ("url", json!(format!("{}/api/{}/{number}/", self.base, endpoint.path))),
            ("display_url", json!(format!("{}/{}/{number}/", self.base, endpoint.path))),
            ("type", value("type")),
            ("status", value("status")),
        ];
        if endpoint.fact("label").is_some() {
            members.extend([("label", text("label")), ("color", text("color"))]);
        }
        members.extend([
            ("length", value("length")),
            ("length_unit", value("length_unit")),
            ("description", text("description")),
        ]);
        let members: Vec<String> =
            members.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
        format!("{{{}}}", members.join(","))
    }
}

fn by_model(ports: Vec<Port>) -> BTreeMap<String, Vec<Uuid>> {
    let mut by_model: BTreeMap<String, Vec<Uuid>> = BTreeMap::new();
    for port in ports {
        by_model.entry(port.model).or_default().push(port.id);
    }
    by_model
}
