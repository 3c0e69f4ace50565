//! Query parameters of lists: paging, order, form.

use axum::response::{IntoResponse as _, Response};
use kit::record::{FieldKind, Model};
use kit::records::{Ask, Where};
use kit::{Ctx, Records};
use serde_json::{Value, json};

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

/// How many objects of a page; 0 asks for as many as there may be.
fn limit(pairs: &Pairs) -> u32 {
    match last(pairs, "limit").and_then(|text| text.parse::<u32>().ok()) {
        Some(0) => MAX_PAGE,
        Some(limit) => limit.min(MAX_PAGE),
        None => PAGE,
    }
}

/// How many objects a page has, and how the list goes on.
pub(super) fn paging(pairs: &Pairs) -> Result<(u32, Paging), Refusal> {
    let limit = limit(pairs);
    let Some(text) = last(pairs, "start") else {
        return Ok((limit, Paging::Offset(offset(pairs))));
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

/// How many objects come before the page.
pub(super) fn offset(pairs: &Pairs) -> u64 {
    last(pairs, "offset").and_then(|text| text.parse().ok()).unwrap_or(0)
}

/// The page of a list that is whole in memory.
pub(super) fn cut<'a, T>(all: &'a [T], pairs: &Pairs) -> &'a [T] {
    let begin = usize::try_from(offset(pairs)).unwrap_or(usize::MAX).min(all.len());
    let rest = all.get(begin..).unwrap_or_default();
    rest.get(..limit(pairs) as usize).unwrap_or(rest)
}

/// Where a list is: below the API, with the parameters of the request.
pub(super) struct Address<'a> {
    /// `http://host/netbox`.
    pub(super) base: &'a str,
    pub(super) path: &'a str,
    pub(super) pairs: &'a Pairs,
}

impl Address<'_> {
    /// With other parameters, in the order of their names.
    pub(super) fn with(&self, changes: &[(&str, Option<u64>)]) -> String {
        let mut pairs: Vec<(&str, String)> = self
            .pairs
            .iter()
            .filter(|(name, _)| changes.iter().all(|(changed, _)| changed != name))
            .map(|(name, value)| (name.as_str(), value.clone()))
            .collect();
        pairs
            .extend(changes.iter().filter_map(|(name, value)| value.map(|value| (*name, value.to_string()))));
        pairs.sort_by(|a, b| a.0.cmp(b.0));
        let mut text = form_urlencoded::Serializer::new(String::new());
        for (name, value) in pairs {
            text.append_pair(name, &value);
        }
        format!("{}/api/{}/?{}", self.base, self.path, text.finish())
    }

    /// The addresses of the pages behind and before.
    pub(super) fn neighbours(&self, limit: u64, offset: u64, count: u64) -> (Option<String>, Option<String>) {
        let page = |offset: Option<u64>| self.with(&[("limit", Some(limit)), ("offset", offset)]);
        let next = offset.saturating_add(limit);
        let back = offset.checked_sub(limit).filter(|back| *back > 0);
        ((next < count).then(|| page(Some(next))), (offset > 0).then(|| page(back)))
    }

    /// The same of a list that goes on as asked. `last`: number of the last object of a full page.
    pub(super) fn around(
        &self,
        paging: Paging,
        limit: u32,
        count: Option<u64>,
        last: Option<u64>,
    ) -> (Option<String>, Option<String>) {
        let limit = u64::from(limit);
        match paging {
            Paging::Start(_) => {
                (last.map(|last| self.with(&[("limit", Some(limit)), ("start", Some(last + 1))])), None)
            }
            Paging::Offset(offset) => self.neighbours(limit, offset, count.unwrap_or(0)),
        }
    }

    /// The answer of a list that is whole in memory: the page with how many there are.
    pub(super) fn answer(&self, count: usize, results: &[Value]) -> Response {
        let (next, previous) =
            self.neighbours(u64::from(limit(self.pairs)), offset(self.pairs), count as u64);
        axum::Json(json!({"count": count, "next": next, "previous": previous, "results": results}))
            .into_response()
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

/// The wanted order by the columns of fields, without what cannot order; newest first when nothing is left.
pub(super) fn by_columns(wanted: Option<&str>, column: fn(&str) -> Option<&'static str>) -> String {
    let key = |name: &str| {
        let (sign, name) = name.strip_prefix('-').map_or(("", name), |name| ("-", name));
        column(name).map(|column| format!("{sign}{column}"))
    };
    let mut keys: Vec<String> =
        wanted.unwrap_or_default().split(',').map(str::trim).filter_map(key).collect();
    keys.truncate(3);
    if keys.is_empty() { "-created_at".to_owned() } else { keys.join(",") }
}

/// The wanted order without what cannot order; the endpoint's own when nothing is left.
pub(super) fn order(endpoint: &Endpoint, model: &'static Model, wanted: Option<&str>) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_in_memory_have_pages_that_keep_the_question() {
        let all: Vec<u32> = (0..5).collect();
        for (text, page, next, previous) in [
            ("limit=2", &[0, 1][..], Some("limit=2&offset=2"), None),
            ("q=x&limit=2&offset=2", &[2, 3], Some("limit=2&offset=4&q=x"), Some("limit=2&q=x")),
            ("limit=2&offset=4", &[4], None, Some("limit=2&offset=2")),
            ("limit=0", &[0, 1, 2, 3, 4], None, None),
            ("limit=2&offset=9", &[], None, Some("limit=2&offset=7")),
            ("limit=1&offset=18446744073709551615", &[], None, Some("limit=1&offset=18446744073709551614")),
        ] {
            let pairs: Vec<(String, String)> = form_urlencoded::parse(text.as_bytes()).into_owned().collect();
            assert_eq!(cut(&all, &pairs), page, "{text}");
            let address = Address { base: "http://h/netbox", path: "core/x", pairs: &pairs };
            let at = |query: Option<&str>| query.map(|query| format!("http://h/netbox/api/core/x/?{query}"));
            let found = address.neighbours(u64::from(limit(&pairs)), offset(&pairs), 5);
            assert_eq!(found, (at(next), at(previous)), "{text}");
        }
    }
}
