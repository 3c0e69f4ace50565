//! Query parameters of lists: paging, order, form.

use kit::record::{FieldKind, Model};
use kit::records::{Ask, Where};
use kit::{Ctx, Records};
use serde_json::Value;

use super::contract::Endpoint;
use super::errors::Refusal;
use super::filter::conditions;
use super::render::Form;

/// Objects of a page when nothing is said.
const PAGE: u32 = 50;
/// Most objects of a page.
const MAX_PAGE: u32 = 1_000;

/// How a list goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Paging {
    /// From the offset.
    Offset(u64),
    /// From the object with this number, in the order of numbers.
    Start(u64),
}

/// A list as asked.
pub(super) struct List {
    pub(super) ask: Ask,
    pub(super) form: Form,
    pub(super) limit: u32,
    pub(super) paging: Paging,
}

/// The decoded parameters, in order.
pub(super) type Pairs = [(String, String)];

/// The last value of a parameter.
pub(super) fn last<'a>(pairs: &'a Pairs, name: &str) -> Option<&'a str> {
    pairs.iter().rev().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
}

/// A list below the API with these parameters, but for some, in the order of their names.
pub(super) fn page_at(base: &str, path: &str, pairs: &Pairs, changes: &[(&str, Option<u64>)]) -> String {
    let mut pairs: Vec<(&str, String)> = pairs
        .iter()
        .filter(|(name, _)| changes.iter().all(|(changed, _)| changed != name))
        .map(|(name, value)| (name.as_str(), value.clone()))
        .collect();
    pairs.extend(changes.iter().filter_map(|(name, value)| value.map(|value| (*name, value.to_string()))));
    pairs.sort_by(|a, b| a.0.cmp(b.0));
    let mut text = form_urlencoded::Serializer::new(String::new());
    for (name, value) in pairs {
        text.append_pair(name, &value);
    }
    format!("{base}/api/{path}/?{}", text.finish())
}

/// `fields`, `omit`, `brief`.
pub(super) fn form(pairs: &Pairs) -> Form {
    let names = |text: &str| text.split(',').map(str::to_owned).collect();
    if let Some(text) = last(pairs, "fields").filter(|text| !text.is_empty()) {
        return Form::Only(names(text));
    }
    if let Some(text) = last(pairs, "omit").filter(|text| !text.is_empty()) {
        return Form::Without(names(text));
    }
    // The contract takes every value but an empty one for yes.
    if last(pairs, "brief").is_some_and(|text| !text.is_empty()) { Form::Brief } else { Form::Full }
}

/// How many objects a page has, and how the list goes on.
pub(super) fn paging(pairs: &Pairs) -> Result<(u32, Paging), Refusal> {
    let limit = match last(pairs, "limit").and_then(|text| text.parse::<u32>().ok()) {
        Some(0) => MAX_PAGE,
        Some(limit) => limit.min(MAX_PAGE),
        None => PAGE,
    };
    let Some(text) = last(pairs, "start") else {
        let offset = last(pairs, "offset").and_then(|text| text.parse().ok()).unwrap_or(0);
        return Ok((limit, Paging::Offset(offset)));
    };
    let start = text
        .parse::<u64>()
        .map_err(|_| listed("Invalid 'start' parameter: must be a non-negative integer."))?;
    if last(pairs, "offset").is_some() {
        return Err(listed("'start' and 'offset' are mutually exclusive."));
    }
    if last(pairs, "ordering").is_some() {
        return Err(listed("Ordering cannot be specified in conjunction with cursor-based pagination."));
    }
    Ok((limit, Paging::Start(start)))
}

/// The addresses of the pages behind and before. `last`: number of the last object of a full page.
pub(super) fn neighbours(
    paging: Paging,
    limit: u32,
    count: Option<u64>,
    last: Option<u64>,
    page: impl Fn(&[(&str, Option<u64>)]) -> String,
) -> (Option<String>, Option<String>) {
    let limit = u64::from(limit);
    match paging {
        Paging::Start(_) => {
            (last.map(|last| page(&[("limit", Some(limit)), ("start", Some(last + 1))])), None)
        }
        Paging::Offset(offset) => {
            let next = (offset.saturating_add(limit) < count.unwrap_or(0))
                .then(|| page(&[("limit", Some(limit)), ("offset", Some(offset + limit))]));
            let back = offset.checked_sub(limit).filter(|back| *back > 0);
            let previous = (offset > 0).then(|| page(&[("limit", Some(limit)), ("offset", back)]));
            (next, previous)
        }
    }
}

/// Everything a list is asked.
pub(super) async fn list(
    records: &dyn Records,
    ctx: &Ctx,
    endpoint: &'static Endpoint,
    model: &'static Model,
    pairs: &Pairs,
) -> Result<List, Refusal> {
    let filter = conditions(records, ctx, endpoint, model, pairs).await?;
    let (limit, paging) = paging(pairs)?;
    let (filter, sort) = match paging {
        Paging::Start(start) => {
            let from = Where::is("number", "gte", start.min(i64::MAX as u64).to_string());
            (Where::All(vec![filter, from]), "number".to_owned())
        }
        Paging::Offset(_) => (filter, order(endpoint, model, last(pairs, "ordering"))),
    };
    let offset = if let Paging::Offset(offset) = paging { offset } else { 0 };
    let count = matches!(paging, Paging::Offset(_));
    let ask = Ask { filter, sort: Some(sort), offset, limit, count, ..Ask::default() };
    Ok(List { ask, form: form(pairs), limit, paging })
}

/// 400 with a bare list, as the paginator of the contract answers.
fn listed(text: &str) -> Refusal {
    Refusal { status: axum::http::StatusCode::BAD_REQUEST, body: Value::from(vec![text]) }
}

/// The wanted order without what cannot order; the endpoint's own when nothing is left.
fn order(endpoint: &Endpoint, model: &'static Model, wanted: Option<&str>) -> String {
    let key = |name: &str| {
        let (sign, name) = name.strip_prefix('-').map_or(("", name), |name| ("-", name));
        let column = match name {
            "pk" => "number",
            name => endpoint.fact(name)?.column.as_deref()?,
        };
        sortable(model, column).then(|| format!("{sign}{column}"))
    };
    let wanted: Vec<String> = wanted.unwrap_or_default().split(',').map(str::trim).filter_map(key).collect();
    let mut keys = if wanted.is_empty() {
        endpoint.ordering.iter().filter_map(|name| key(name)).collect()
    } else {
        wanted
    };
    keys.truncate(3);
    if !keys.iter().any(|key| key.trim_start_matches('-') == "number") {
        keys.push("number".to_owned());
    }
    keys.join(",")
}

fn sortable(model: &'static Model, column: &str) -> bool {
    if matches!(column, "number" | "created_at" | "updated_at") {
        return true;
    }
    model.field(column).is_some_and(|field| {
        field.filter
            && !matches!(
                field.kind,
                FieldKind::References { .. }
                    | FieldKind::Generic { .. }
                    | FieldKind::Count { .. }
                    | FieldKind::Json
                    | FieldKind::Custom
                    | FieldKind::LongText { .. }
                    | FieldKind::TextList { .. }
                    | FieldKind::IntegerList { .. }
                    | FieldKind::PrefixList { .. }
            )
    })
}
