//! `available-ips`, `available-prefixes`, `available-vlans`, `available-asns`: what a parent has left,
//! and the next of it as new objects, in NetBox's words.

use axum::http::StatusCode;
use axum::response::Response;
use kit::Problem;
use kit::record::{Model, Record};
use serde_json::{Map, Value, json};

use super::contract::Endpoint;
use super::errors::{Errors, Refusal, add, of_object};
use super::input::{self, Input};
use super::objects::{Call, answer, within};
use super::query;
use super::resolve::Resolved;
use crate::allocation::{self, Free, Kind, MAX_RECORDS, Parent, Wanted, net_of};

/// By endpoint and last part of the path.
pub(super) fn kind_of(endpoint: &Endpoint, part: &str) -> Option<Kind> {
    Some(match (endpoint.path.as_str(), part) {
        ("ipam/prefixes" | "ipam/ip-ranges", "available-ips") => Kind::Addresses,
        ("ipam/prefixes", "available-prefixes") => Kind::Prefixes,
        ("ipam/vlan-groups", "available-vlans") => Kind::Vlans,
        ("ipam/asn-ranges", "available-asns") => Kind::Asns,
        _ => return None,
    })
}

fn exhausted() -> Refusal {
    Refusal::detail(StatusCode::CONFLICT, "Insufficient resources are available to satisfy the request")
}

impl Call<'_> {
    /// GET: what is left, in order.
    pub(super) async fn available(&self, number: i64, kind: Kind) -> Result<Response, Refusal> {
        let record = self.object(number).await?;
        let mut tx = self.ctx.read().await?;
        let parent = Parent::load(tx.conn(), kind, &record).await?;
        drop(tx);
        let limit = match query::last(self.pairs, "limit").and_then(|text| text.parse::<usize>().ok()) {
            Some(0) => 1_000,
            Some(limit) => limit.min(1_000),
            None => 50,
        };
        let shown = match kind {
            Kind::Addresses | Kind::Prefixes => self.short_of(&record, "vrf").await?,
            Kind::Vlans => self.short(self.endpoint, &record).await?,
            Kind::Asns => self.short_of(&record, "rir").await?,
        };
        let family = parent.family();
        let item = |free| match (free, kind) {
            (Free::Prefix(net), _) => {
                format!("{{\"family\":{family},\"prefix\":\"{net}\",\"vrf\":{shown}}}")
            }
            (Free::Address(address, length), _) => {
                format!("{{\"family\":{family},\"address\":\"{address}/{length}\",\"vrf\":{shown}}}")
            }
            (Free::Number(asn), Kind::Asns) => format!("{{\"rir\":{shown},\"asn\":{asn}}}"),
            (Free::Number(vid), _) => format!("{{\"vid\":{vid},\"group\":{shown}}}"),
        };
        let items: Vec<String> = parent.free(limit).into_iter().map(item).collect();
        Ok(answer(StatusCode::OK, format!("[{}]", items.join(",")).into_bytes()))
    }

    /// POST: the next ones as objects, all or none.
    pub(super) async fn allocate(&self, number: i64, kind: Kind, body: Value) -> Result<Response, Refusal> {
        let record = self.object(number).await?;
        let child = Endpoint::of_model(kind.model()).ok_or_else(Refusal::no_route)?;
        let model = self.records.model(&child.model).ok_or_else(Refusal::no_route)?;
        let (bodies, many) = match body {
            Value::Array(bodies) => (bodies, true),
            one => (vec![one], false),
        };
        within(MAX_RECORDS, bodies.len())?;
        let asked: Vec<Map<String, Value>> =
            bodies.iter().map(|body| body.as_object().cloned().unwrap_or_default()).collect();
        if kind == Kind::Prefixes {
            let like = net_of(&record, "prefix").is_none_or(|net| net.addr().is_ipv4());
            lengths(&asked, like)?;
        }
        let inputs = inputs_of(child, kind, &asked, many)?;
        let resolved = Resolved::of(self.records, self.ctx, &inputs).await?;
        let mut wanted = Vec::with_capacity(inputs.len());
        for (input, asked) in inputs.iter().zip(&asked) {
            let fields = resolved.record(model, input, None).map_err(Refusal::fields)?;
            // A length that no network has is refused with the address it makes.
            let length = asked.get("prefix_length").and_then(Value::as_u64);
            let length = length.map(|length| u8::try_from(length).unwrap_or(u8::MAX));
            wanted.push(Wanted { fields, length });
        }
        let count = wanted.len();
        let made = allocation::allocate(self.records, self.ctx, kind, &record, wanted).await;
        let records = made.map_err(|problem| match problem.code {
            "exhausted" => exhausted(),
            _ => refused(child, &problem, count),
        })?;
        self.allocated(child, model, &records, many).await
    }

    async fn allocated(
        &self,
        child: &'static Endpoint,
        model: &'static Model,
        records: &[Record],
        many: bool,
    ) -> Result<Response, Refusal> {
        let call = Call { endpoint: child, model, ..*self };
        let mut body = Vec::with_capacity(records.len() * 1_024);
        let form = query::form(self.pairs);
        if many {
            call.write_list(&mut body, records, &form).await?;
        } else {
            call.write_objects(&mut body, records, &form).await?;
        }
        Ok(answer(StatusCode::CREATED, body))
    }
}

/// The length of every prefix asked for.
fn lengths(asked: &[Map<String, Value>], v4: bool) -> Result<(), Refusal> {
    let wrong: Vec<Value> = asked
        .iter()
        .map(|body| {
            let text = match body.get("prefix_length") {
                None => "this field can not be missing".to_owned(),
                Some(Value::Number(length)) if length.is_i64() || length.is_u64() => {
                    let length = length.as_i64().unwrap_or(-1);
                    if (0..=if v4 { 32 } else { 128 }).contains(&length) {
                        return json!({});
                    }
                    format!("Invalid prefix length ({length}) for IPv{}", if v4 { 4 } else { 6 })
                }
                Some(_) => "this field must be int type".to_owned(),
            };
            json!({ "prefix_length": text })
        })
        .collect();
    if wrong.iter().all(|wrong| wrong.as_object().is_some_and(Map::is_empty)) {
        return Ok(());
    }
    Err(Refusal { status: StatusCode::BAD_REQUEST, body: Value::Array(wrong) })
}

fn refused(child: &Endpoint, problem: &Problem, count: usize) -> Refusal {
    let errors = (0..count).map(|at| of_object(child, problem, at)).find(|errors| !errors.is_empty());
    errors.map_or_else(|| problem.clone().into(), Refusal::fields)
}

/// The checked bodies, without what the parent decides.
fn inputs_of(
    child: &'static Endpoint,
    kind: Kind,
    asked: &[Map<String, Value>],
    many: bool,
) -> Result<Vec<Input>, Refusal> {
    let mut wrong = Vec::with_capacity(asked.len());
    let mut inputs = Vec::with_capacity(asked.len());
    for body in asked {
        let mut body = body.clone();
        for name in kind.decided() {
            body.remove(*name);
        }
        let mut errors = Errors::new();
        if kind == Kind::Vlans && !body.contains_key("name") {
            add(&mut errors, "name", "This field is required.");
        }
        match input::object(child, &Value::Object(body), true) {
            Ok(input) => inputs.push(input),
            Err(found) => errors.extend(found),
        }
        wrong.push(errors);
    }
    if wrong.iter().all(Map::is_empty) {
        return Ok(inputs);
    }
    let missing = wrong.iter().any(|errors| errors.contains_key("name"));
    match wrong.pop() {
        Some(errors) if !many && !missing => Err(Refusal::fields(errors)),
        last => {
            wrong.extend(last);
            Err(Refusal { status: StatusCode::BAD_REQUEST, body: json!(wrong) })
        }
    }
}
