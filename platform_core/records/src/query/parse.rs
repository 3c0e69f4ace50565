//! Query parameters into a [`Query`].

use std::net::IpAddr;

use chrono::{DateTime, Utc};
use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use kit::record::{FieldKind, Model};
use kit::{FieldError, Problem};
use serde_json::Value;
use uuid::Uuid;

use super::{
    Column, CustomTest, FilterExpr, Format, MAX_LIMIT, Op, Query, RESERVED, SortKey, Step, Test, operators,
};
use crate::datum::Datum;
use crate::input::scalar;

/// Most parameters of one request.
const MAX_PARAMETERS: usize = 600;
/// Most values of one `__in`.
const MAX_IN: usize = 500;
/// Most keys of an order.
const MAX_SORT: usize = 4;
/// Most references a condition goes through.
const MAX_STEPS: usize = 4;
/// What the parameters of custom fields begin with.
const CUSTOM: &str = "cf_";
/// Most words of `q=`.
const MAX_WORDS: usize = 8;
/// Longest text compared.
const MAX_TEXT: u32 = 1_000;

/// 400 with these wrong parameters.
pub(crate) fn problem(errors: Vec<FieldError>) -> Problem {
    let detail = match errors.as_slice() {
        [one] => one.message.clone(),
        many => format!("{} query parameters are wrong.", many.len()),
    };
    Problem { errors, ..Problem::bad_request(detail) }
}

fn wrong(name: &str, code: &'static str, message: impl Into<String>) -> FieldError {
    FieldError { pointer: format!("?{name}"), code: code.into(), message: message.into() }
}

/// Finds a model by name, for conditions on what a reference leads to.
pub(crate) type Models<'a> = &'a dyn Fn(&str) -> Option<&'static Model>;

pub(super) fn query(
    model: &'static Model,
    pairs: &[(String, String)],
    models: Models<'_>,
) -> Result<Query, Problem> {
    if pairs.len() > MAX_PARAMETERS {
        return Err(Problem::bad_request(format!("More than {MAX_PARAMETERS} query parameters.")));
    }
    let mut query = Query::all(model);
    let mut errors = Vec::new();
    let mut tests: Vec<(&str, FilterExpr)> = Vec::new();
    for (name, value) in pairs {
        let result = if let Some(result) = general(model, &mut query, name, value) {
            result
        } else {
            condition(model, name, value, models).map(|test| tests.push((name, test)))
        };
        errors.extend(result.err());
    }
    if !errors.is_empty() {
        return Err(problem(errors));
    }
    let filter = std::mem::replace(&mut query.filter, FilterExpr::All(Vec::new()));
    query.filter = FilterExpr::All(std::iter::once(filter).chain(grouped(tests)).collect());
    Ok(query)
}

/// The same parameter given twice means either value; different ones must all hold.
fn grouped(tests: Vec<(&str, FilterExpr)>) -> Vec<FilterExpr> {
    let mut groups: Vec<(&str, Vec<FilterExpr>)> = Vec::new();
    for (name, test) in tests {
        match groups.iter_mut().find(|(other, _)| *other == name) {
            Some((_, group)) => group.push(test),
            None => groups.push((name, vec![test])),
        }
    }
    groups.into_iter().map(|(_, group)| FilterExpr::Any(group)).collect()
}

/// The parameters of every list; `None` when it is none of them.
fn general(model: &Model, query: &mut Query, name: &str, value: &str) -> Option<Result<(), FieldError>> {
    Some(match name {
        "limit" => match value.parse() {
            Ok(limit) if (1..=MAX_LIMIT).contains(&limit) => {
                query.limit = limit;
                Ok(())
            }
            _ => Err(wrong(name, "out_of_range", format!("limit must be a number from 1 to {MAX_LIMIT}."))),
        },
        "cursor" => {
            query.cursor = (!value.is_empty()).then(|| value.to_owned());
            Ok(())
        }
        "sort" => sort_keys(model, value).map(|sort| query.sort = sort),
        "fields" => fields(model, value).map(|fields| query.fields = Some(fields)),
        "count" => match value {
            "exact" | "none" => {
                query.count = value == "exact";
                Ok(())
            }
            _ => Err(wrong(name, "invalid_choice", "count must be `exact` or `none`.")),
        },
        "format" => match value {
            "page" => Ok(Format::Page),
            "csv" => Ok(Format::Csv),
            "json" => Ok(Format::Json),
            "ndjson" => Ok(Format::Ndjson),
            "yaml" => Ok(Format::Yaml),
            _ => {
                let message = "format must be `csv`, `json`, `ndjson`, `yaml` or `page`.";
                Err(wrong(name, "invalid_choice", message))
            }
        }
        .map(|format| query.format = format),
        "as_of" => as_of(value).and_then(|at| {
            let asked = query.clone().as_of(model, Some(at));
            *query = asked.map_err(|problem| wrong(name, "not_kept", problem.detail))?;
            Ok(())
        }),
        "q" => search(model, value).map(|found| {
            query.filter = FilterExpr::All(found);
        }),
        _ => return None,
    })
}

fn search(model: &Model, text: &str) -> Result<Vec<FilterExpr>, FieldError> {
    let columns = search_columns(model);
    if columns.is_empty() {
        return Err(wrong("q", "not_searchable", format!("{} have no text to search.", model.title_plural)));
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    if words.len() > MAX_WORDS || text.len() > MAX_TEXT as usize || text.contains('\0') {
        return Err(wrong(
            "q",
            "too_long",
            format!("q holds at most {MAX_WORDS} words and {MAX_TEXT} bytes, without NUL."),
        ));
    }
    Ok(words.into_iter().map(|word| FilterExpr::Search(columns.clone(), word.to_owned())).collect())
}

pub(super) fn sort_keys(model: &Model, text: &str) -> Result<Vec<SortKey>, FieldError> {
    let mut keys: Vec<SortKey> = Vec::new();
    for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        let (name, descending) = part.strip_prefix('-').map_or((part, false), |name| (name, true));
        let column = Column::sorts(model).find(|column| column.name == name).ok_or_else(|| {
            let known: Vec<&str> = Column::sorts(model).map(|column| column.name).collect();
            wrong("sort", "unknown_field", unknown("order by", name, &known))
        })?;
        if keys.iter().all(|key| key.column.name != name) {
            keys.push(SortKey { column, descending });
        }
    }
    if keys.len() > MAX_SORT {
        return Err(wrong("sort", "too_long", format!("At most {MAX_SORT} fields can order a list.")));
    }
    let end = keys.iter().position(|key| key.column.name == "id");
    if let Some(end) = end {
        keys.truncate(end + 1);
    } else if let Some(column) = Column::of(model, "id") {
        keys.push(SortKey { column, descending: keys.last().is_some_and(|key| key.descending) });
    }
    Ok(keys)
}

/// A past time.
pub(crate) fn as_of(text: &str) -> Result<DateTime<Utc>, FieldError> {
    match scalar::decode_kind(&FieldKind::DateTime, &Value::from(text)) {
        Ok(Datum::Time(at)) => Ok(at),
        Ok(_) => Err(wrong("as_of", "required", "as_of needs a time like 2026-11-25T13:05:00Z.")),
        Err(refused) => Err(wrong("as_of", refused.code, refused.message)),
    }
}

fn fields(model: &Model, text: &str) -> Result<Vec<&'static str>, FieldError> {
    let known: Vec<&'static str> =
        crate::entity::BUILT_IN.into_iter().chain(model.fields.iter().map(|field| field.name)).collect();
    text.split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .map(|name| {
            known
                .iter()
                .copied()
                .find(|other| *other == name)
                .ok_or_else(|| wrong("fields", "unknown_field", unknown("show", name, &known)))
        })
        .collect()
}

/// The word nearest to `name`, when one is near.
pub(crate) fn nearest<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    let name: String = name.chars().take(64).collect();
    known
        .iter()
        .map(|other| (strsim::damerau_levenshtein(&name, other), *other))
        .min()
        .filter(|(distance, other)| *distance <= 1 + other.len() / 3)
        .map(|(_, other)| other)
}

/// At most this much of what somebody sent goes into a message.
pub(crate) fn shown(text: &str) -> String {
    let mut shown: String = text.chars().filter(|c| !c.is_control()).take(60).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}

/// 400 for a parameter that a route does not know.
pub(crate) fn unknown_parameter(name: &str, known: &[&str]) -> Problem {
    problem(vec![wrong(&shown(name), "unknown_parameter", unknown("give as a query parameter", name, known))])
}

fn unknown(verb: &str, name: &str, known: &[&str]) -> String {
    let name = shown(name);
    match nearest(&name, known) {
        Some(near) => format!("There is no `{name}` to {verb}. Did you mean `{near}`?"),
        None if known.is_empty() => format!("There is no `{name}` to {verb}."),
        None => format!("There is no `{name}` to {verb}. Known: {}.", known.join(", ")),
    }
}

/// `field__op`, or `reference.field__op` for what a reference leads to, as deep as [`MAX_STEPS`].
fn condition(
    model: &'static Model,
    name: &str,
    text: &str,
    models: Models<'_>,
) -> Result<FilterExpr, FieldError> {
    let (path, suffix) = name.split_once("__").unwrap_or((name, "eq"));
    let mut steps = Vec::new();
    let mut at = model;
    let mut parts = path.split('.').peekable();
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            let last = format!("{part}__{suffix}");
            let found = match (suffix, at.parent) {
                _ if part.starts_with(CUSTOM) && crate::custom::place(at).is_some() => {
                    custom(part, suffix, text).map(FilterExpr::Custom)
                }
                ("below", Some(_)) => test(at, part, "eq", text)
                    .map(|test| FilterExpr::Below(at, Box::new(FilterExpr::Test(test)))),
                _ => test(at, part, suffix, text).map(FilterExpr::Test),
            };
            let inner =
                found.map_err(|error| FieldError { pointer: error.pointer.replace(&last, name), ..error })?;
            return Ok(steps
                .into_iter()
                .rev()
                .fold(inner, |inner, step| FilterExpr::Via(step, Box::new(inner))));
        }
        let step = step(at, part, models).filter(|_| steps.len() < MAX_STEPS);
        let Some(step) = step else {
            let known: Vec<&str> = at
                .fields
                .iter()
                .filter(|field| target(&field.kind).is_some())
                .map(|field| field.name)
                .collect();
            return Err(wrong(&shown(name), "unknown_parameter", unknown("go through", part, &known)));
        };
        at = step.target;
        steps.push(step);
    }
    Err(wrong(&shown(name), "unknown_parameter", "A name is expected."))
}

/// The model a reference leads to.
fn target(kind: &FieldKind) -> Option<&'static str> {
    match kind {
        FieldKind::Reference { model, .. } | FieldKind::References { model } => Some(model),
        _ => None,
    }
}

/// One step along a reference.
fn step(model: &'static Model, name: &str, models: Models<'_>) -> Option<Step> {
    let field = model.field(name)?;
    Some(Step { name: field.name, kind: field.kind, target: models(target(&field.kind)?)? })
}

/// `cf_name__op`: a comparison with a custom field.
fn custom(field: &str, suffix: &str, text: &str) -> Result<CustomTest, FieldError> {
    let known = CustomTest::OPERATORS;
    let Some(op) = known.into_iter().find(|op| op.as_str() == suffix) else {
        let names: Vec<&str> = known.iter().map(|op| op.as_str()).collect();
        let message = format!("A custom field is compared by {}.", names.join(", "));
        return Err(wrong(&shown(field), "unknown_operator", message));
    };
    let values = match op {
        Op::In => text.split(',').map(|part| part.trim().to_owned()).take(MAX_IN).collect(),
        _ => vec![text.to_owned()],
    };
    let name = field.trim_start_matches(CUSTOM).chars().take(50).collect();
    Ok(CustomTest { name, op, values })
}

fn test(model: &Model, field: &str, suffix: &str, text: &str) -> Result<Test, FieldError> {
    let name = if suffix == "eq" { field.to_owned() } else { format!("{field}__{suffix}") };
    let name = name.as_str();
    let Some(column) = Column::filters(model).find(|column| column.name == field) else {
        let known: Vec<&str> = Column::filters(model).map(|column| column.name).chain(RESERVED).collect();
        return Err(wrong(&shown(name), "unknown_parameter", unknown("filter by", field, &known)));
    };
    let known = operators(&column.kind);
    let Some(op) = known.iter().copied().find(|op| op.as_str() == suffix) else {
        let names: Vec<&str> = known.iter().map(|op| op.as_str()).collect();
        return Err(wrong(
            &shown(name),
            "unknown_operator",
            format!("`{field}` cannot be compared by `{}`. It knows: {}.", shown(suffix), names.join(", ")),
        ));
    };
    let values = values(&column, op, text).map_err(|(code, message)| wrong(name, code, message))?;
    Ok(Test { column, op, values })
}

pub(crate) type Refused = (&'static str, String);

/// A value given as text, as the operands of a comparison.
pub(crate) fn text_values(column: &Column, op: Op, text: &str) -> Result<Vec<Datum>, Refused> {
    values(column, op, text)
}

/// Records with the text as it is, not its words, in a field that is searched.
pub(crate) fn searched(model: &Model, text: &str) -> FilterExpr {
    FilterExpr::Search(search_columns(model), text.chars().take(MAX_TEXT as usize).collect())
}

fn search_columns(model: &Model) -> Vec<Column> {
    let searched = model.fields.iter().filter(|field| field.search);
    searched.filter_map(|field| Column::of(model, field.name)).collect()
}

fn values(column: &Column, op: Op, text: &str) -> Result<Vec<Datum>, Refused> {
    match op {
        Op::IsNull => one(&FieldKind::Boolean, text).map(|value| vec![value]),
        Op::Family => one(&FieldKind::Integer { min: 4, max: 6 }, text).map(|value| vec![value]),
        Op::Length | Op::LengthLte | Op::LengthGte => {
            one(&FieldKind::Integer { min: 0, max: 128 }, text).map(|value| vec![value])
        }
        Op::In => {
            let parts: Vec<&str> = text.split(',').map(str::trim).filter(|part| !part.is_empty()).collect();
            if parts.is_empty() || parts.len() > MAX_IN {
                return Err((
                    "out_of_range",
                    format!("A list of 1 to {MAX_IN} values, divided by commas, is expected."),
                ));
            }
            parts.into_iter().map(|part| one(&column.kind, part)).collect()
        }
        Op::Within => {
            let net = network(text)?;
            Ok(range(net, matches!(column.kind, FieldKind::Ip | FieldKind::Interface)).to_vec())
        }
        Op::Contains if matches!(column.kind, FieldKind::Prefix) => Ok(candidates(network(text)?)),
        _ => one(&column.kind, text).map(|value| vec![value]),
    }
}

fn one(kind: &FieldKind, text: &str) -> Result<Datum, Refused> {
    let value = match kind {
        FieldKind::Integer { .. } => text.parse::<i64>().map_or_else(|_| Value::from(text), Value::from),
        FieldKind::IntegerList { .. } => text.parse::<i64>().map_or_else(|_| Value::from(text), Value::from),
        FieldKind::Decimal { .. } => text.parse::<f64>().map_or_else(|_| Value::from(text), Value::from),
        FieldKind::Boolean => match text {
            "true" | "1" => Value::Bool(true),
            "false" | "0" => Value::Bool(false),
            _ => Value::from(text),
        },
        _ => Value::from(text),
    };
    match value_of(kind, &value) {
        Ok(Datum::Null) => {
            Err(("required", "A value is expected. For records without one use `__isnull=true`.".to_owned()))
        }
        other => other,
    }
}

/// A value compared with a column of this kind: one item for lists, any number for numbers.
pub(super) fn value_of(kind: &FieldKind, value: &Value) -> Result<Datum, Refused> {
    let kind = match kind {
        FieldKind::Text { .. } | FieldKind::TextList { .. } => FieldKind::Text { max: MAX_TEXT },
        FieldKind::Integer { .. } | FieldKind::IntegerList { .. } => {
            FieldKind::Integer { min: i64::MIN, max: i64::MAX }
        }
        // Without a length any: the address alone is compared.
        FieldKind::Interface if value.as_str().is_some_and(|text| !text.contains('/')) => FieldKind::Ip,
        FieldKind::Reference { .. } | FieldKind::References { .. } => FieldKind::Uuid,
        FieldKind::PrefixList { .. } => FieldKind::Prefix,
        other => *other,
    };
    scalar::decode_kind(&kind, value).map_err(|wrong| (wrong.code, wrong.message))
}

/// A network or one address.
fn network(text: &str) -> Result<IpNet, Refused> {
    let address = text.parse::<IpAddr>().map(IpNet::from);
    address.or_else(|_| text.parse::<IpNet>()).map(|net| net.trunc()).map_err(|_| {
        ("invalid", format!("`{}` is no network or address. Expected is one like 10.0.0.0/8.", shown(text)))
    })
}

/// The bounds of what lies inside a network under PostgreSQL's order of `inet`: addresses from the
/// first to the last; networks from the network itself to its last address.
pub(crate) fn range(net: IpNet, addresses: bool) -> [Datum; 2] {
    let low = if addresses { IpNet::from(net.network()) } else { net };
    [Datum::Net(low), Datum::Net(IpNet::from(net.broadcast()))]
}

/// The networks that hold this one: itself and every shorter one.
pub(crate) fn candidates(net: IpNet) -> Vec<Datum> {
    (0..=net.prefix_len())
        .filter_map(|length| match net {
            IpNet::V4(net) => Ipv4Net::new(net.addr(), length).ok().map(|net| IpNet::V4(net.trunc())),
            IpNet::V6(net) => Ipv6Net::new(net.addr(), length).ok().map(|net| IpNet::V6(net.trunc())),
        })
        .map(Datum::Net)
        .collect()
}

/// A record id in a path.
pub(crate) fn id(text: &str) -> Option<Uuid> {
    (text.len() == 36).then(|| Uuid::try_parse(text).ok()).flatten()
}
