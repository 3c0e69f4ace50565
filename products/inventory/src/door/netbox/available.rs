//! `available-ips`, `available-prefixes`, `available-vlans`, `available-asns`: what a parent has left,
//! and the next of it as new objects. Who asks for the same parent waits for the one before.

use std::net::IpAddr;

use axum::http::StatusCode;
use axum::response::Response;
use ipnet::IpNet;
use kit::permission::Act;
use kit::record::{Model, Record};
use kit::records::Write;
use kit::{Permission, Problem};
use serde_json::{Map, Value, json};
use sqlx::PgConnection;

use super::contract::Endpoint;
use super::errors::{Errors, Refusal, add, of_object};
use super::input::{self, Input};
use super::objects::{Call, answer, within};
use super::pool::record_id;
use super::query;
use super::resolve::Resolved;
use crate::free::{self, Span};
use crate::reading::reference;
use crate::store::space;

/// Most objects of one request.
const MAX_OBJECTS: usize = 1_000;

/// What is asked of a parent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Addresses,
    Prefixes,
    Vlans,
    Asns,
}

impl Kind {
    /// By endpoint and last part of the path.
    pub(super) fn of(endpoint: &Endpoint, part: &str) -> Option<Self> {
        Some(match (endpoint.path.as_str(), part) {
            ("ipam/prefixes" | "ipam/ip-ranges", "available-ips") => Self::Addresses,
            ("ipam/prefixes", "available-prefixes") => Self::Prefixes,
            ("ipam/vlan-groups", "available-vlans") => Self::Vlans,
            ("ipam/asn-ranges", "available-asns") => Self::Asns,
            _ => return None,
        })
    }

    /// Where the new objects are.
    fn child(self) -> Option<&'static Endpoint> {
        Endpoint::at(match self {
            Self::Addresses => "ipam/ip-addresses",
            Self::Prefixes => "ipam/prefixes",
            Self::Vlans => "ipam/vlans",
            Self::Asns => "ipam/asns",
        })
    }

    /// What the parent decides: given values of these are not looked at.
    fn decided(self) -> &'static [&'static str] {
        match self {
            Self::Addresses => &["address", "vrf"],
            Self::Prefixes => &["prefix", "vrf"],
            Self::Vlans => &["vid", "group"],
            Self::Asns => &["asn", "rir"],
        }
    }
}

/// A parent with what is free in it.
struct Parent<'a> {
    record: &'a Record,
    kind: Kind,
    gaps: Vec<Span>,
    /// An address of its family.
    like: IpAddr,
    /// Length of the networks of its addresses.
    length: u8,
}

fn net_of(record: &Record, column: &str) -> Option<IpNet> {
    record.get(column).and_then(Value::as_str)?.parse().ok()
}

fn whole(record: &Record, column: &str) -> i64 {
    record.get(column).and_then(Value::as_i64).unwrap_or_default()
}

impl<'a> Parent<'a> {
    async fn load(conn: &mut PgConnection, kind: Kind, record: &'a Record) -> Result<Self, Problem> {
        let vrf = reference(record, "vrf");
        let prefix = net_of(record, "prefix");
        let like = prefix.or_else(|| net_of(record, "start_address"));
        let length = like.map_or(32, |net| net.prefix_len());
        let like = like.map_or(IpAddr::V4(std::net::Ipv4Addr::UNSPECIFIED), |net| net.addr());
        let gaps = match (kind, prefix) {
            (Kind::Prefixes, Some(prefix)) => {
                let mut used = space::child_prefixes(conn, prefix, vrf).await?;
                free::gaps(Span::of_net(prefix), &mut used)
            }
            (Kind::Addresses | Kind::Prefixes, prefix) => {
                let pool = record.get("is_pool") == Some(&Value::Bool(true));
                let span = match prefix {
                    Some(prefix) => free::hosts(prefix, pool),
                    None => Span {
                        first: net_of(record, "start_address").map_or(0, |net| free::number(net.addr())),
                        last: net_of(record, "end_address").map_or(0, |net| free::number(net.addr())),
                    },
                };
                let ends = (free::address(span.first, like), free::address(span.last, like));
                free::gaps(span, &mut space::used_addresses(conn, ends, vrf).await?)
            }
            (Kind::Vlans, _) => {
                let mut used = space::used_vids(conn, record_id(record)).await?;
                let ranges = record.get("vid_ranges").and_then(Value::as_array).cloned().unwrap_or_default();
                let end =
                    |range: &Value, at: usize| range.get(at).and_then(Value::as_u64).map_or(0, u128::from);
                ranges
                    .iter()
                    .flat_map(|range| {
                        free::gaps(Span { first: end(range, 0), last: end(range, 1) }, &mut used)
                    })
                    .collect()
            }
            (Kind::Asns, _) => {
                let (first, last) = (whole(record, "start"), whole(record, "end"));
                let mut used = space::used_asns(conn, first, last).await?;
                let number = |number: i64| u128::try_from(number).unwrap_or_default();
                free::gaps(Span { first: number(first), last: number(last) }, &mut used)
            }
        };
        Ok(Self { record, kind, gaps, like, length })
    }

    fn family(&self) -> u8 {
        if self.like.is_ipv4() { 4 } else { 6 }
    }

    /// The fields of our record that the parent decides for the next object; none when nothing is left.
    fn next(&mut self, asked: &Map<String, Value>) -> Option<Record> {
        let mut record = Record::new();
        let vrf = reference(self.record, "vrf");
        match self.kind {
            Kind::Prefixes => {
                let length = asked.get("prefix_length").and_then(Value::as_u64)?;
                let taken = free::take_network(&mut self.gaps, u8::try_from(length).ok()?, self.like)?;
                record.insert("prefix".to_owned(), json!(taken.to_string()));
                record.insert("vrf".to_owned(), json!(vrf));
            }
            Kind::Addresses => {
                let taken = free::address(free::take_number(&mut self.gaps)?, self.like);
                let length =
                    asked.get("prefix_length").and_then(Value::as_u64).unwrap_or(u64::from(self.length));
                record.insert("address".to_owned(), json!(format!("{taken}/{length}")));
                record.insert("vrf".to_owned(), json!(vrf));
            }
            Kind::Vlans => {
                let vid = i64::try_from(free::take_number(&mut self.gaps)?).ok()?;
                record.insert("vid".to_owned(), json!(vid));
                record.insert("group".to_owned(), json!(record_id(self.record)));
            }
            Kind::Asns => {
                let asn = i64::try_from(free::take_number(&mut self.gaps)?).ok()?;
                record.insert("asn".to_owned(), json!(asn));
                record.insert("rir".to_owned(), json!(reference(self.record, "rir")));
            }
        }
        Some(record)
    }
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
        let mut body = b"[".to_vec();
        let mut push = |item: String| {
            if body.len() > 1 {
                body.push(b',');
            }
            body.extend_from_slice(item.as_bytes());
        };
        let numbers = free::numbers(&parent.gaps).take(limit);
        let family = parent.family();
        match kind {
            Kind::Prefixes => free::networks(&parent.gaps, parent.like).iter().for_each(|net| {
                push(format!("{{\"family\":{family},\"prefix\":\"{net}\",\"vrf\":{shown}}}"));
            }),
            Kind::Addresses => numbers.for_each(|number| {
                let address = free::address(number, parent.like);
                let length = parent.length;
                push(format!("{{\"family\":{family},\"address\":\"{address}/{length}\",\"vrf\":{shown}}}"));
            }),
            Kind::Vlans => numbers.for_each(|vid| push(format!("{{\"vid\":{vid},\"group\":{shown}}}"))),
            Kind::Asns => numbers.for_each(|asn| push(format!("{{\"rir\":{shown},\"asn\":{asn}}}"))),
        }
        body.push(b']');
        Ok(answer(StatusCode::OK, body))
    }

    /// POST: the next ones as objects, all or none.
    pub(super) async fn allocate(&self, number: i64, kind: Kind, body: Value) -> Result<Response, Refusal> {
        let record = self.object(number).await?;
        let child = kind.child().ok_or_else(Refusal::no_route)?;
        let model = self.records.model(&child.model).ok_or_else(Refusal::no_route)?;
        let (bodies, many) = match body {
            Value::Array(bodies) => (bodies, true),
            one => (vec![one], false),
        };
        within(MAX_OBJECTS, bodies.len())?;
        let asked: Vec<Map<String, Value>> =
            bodies.iter().map(|body| body.as_object().cloned().unwrap_or_default()).collect();
        if kind == Kind::Prefixes {
            let like = net_of(&record, "prefix").is_none_or(|net| net.addr().is_ipv4());
            lengths(&asked, like)?;
        }
        let inputs = inputs_of(child, kind, &asked, many)?;
        let resolved = Resolved::of(self.records, self.ctx, &inputs).await?;
        let granted = self.ctx.authorize(Permission::new(model.permission, Act::Write))?;
        let mut tx = self.ctx.write(granted).await?;
        space::lock_parent(&mut tx, record_id(&record)).await?;
        let mut parent = Parent::load(tx.conn(), kind, &record).await?;
        let mut writes = Vec::with_capacity(inputs.len());
        for (input, asked) in inputs.iter().zip(&asked) {
            let mut fields = resolved.record(model, input, None).map_err(Refusal::fields)?;
            fields.extend(parent.next(asked).ok_or_else(exhausted)?);
            writes.push(Write::Create(fields));
        }
        let count = writes.len();
        let written = self.records.write_in(&mut tx, model, writes).await;
        let records = written.map_err(|problem| refused(child, &problem, count))?;
        tx.commit().await?;
        self.created(child, model, &records, many).await
    }

    async fn created(
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
