//! Query parameters of lists: paging, order, form, filters.

use std::collections::BTreeMap;

use kit::record::{FieldKind, Model};
use kit::records::{Ask, Where};
use kit::{Ctx, Records};
use serde_json::Value;

use super::contract::{Endpoint, Filter, FilterKind, Hop};
use super::errors::{Errors, Refusal, add};
use super::render::Form;

/// Objects of a page when nothing is said.
const PAGE: u32 = 50;
/// Most objects of a page.
const MAX_PAGE: u32 = 1_000;
/// What stands for "none" in filters.
const NULL: &str = "null";

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

/// Everything a list is asked.
pub(super) async fn list(
    records: &dyn Records,
    ctx: &Ctx,
    endpoint: &'static Endpoint,
    model: &'static Model,
    pairs: &Pairs,
) -> Result<List, Refusal> {
    let limit = match last(pairs, "limit").and_then(|text| text.parse::<u32>().ok()) {
        Some(0) => MAX_PAGE,
        Some(limit) => limit.min(MAX_PAGE),
        None => PAGE,
    };
    let filter = conditions(records, ctx, endpoint, model, pairs).await?;
    let ordering = last(pairs, "ordering");
    let (paging, filter, sort) = match last(pairs, "start") {
        Some(text) => {
            let start = text
                .parse::<u64>()
                .map_err(|_| listed("Invalid 'start' parameter: must be a non-negative integer."))?;
            if last(pairs, "offset").is_some() {
                return Err(listed("'start' and 'offset' are mutually exclusive."));
            }
            if ordering.is_some() {
                return Err(listed(
                    "Ordering cannot be specified in conjunction with cursor-based pagination.",
                ));
            }
            let from = Where::is("number", "gte", start.min(i64::MAX as u64).to_string());
            (Paging::Start(start), Where::All(vec![filter, from]), "number".to_owned())
        }
        None => {
            let offset = last(pairs, "offset").and_then(|text| text.parse().ok()).unwrap_or(0);
            (Paging::Offset(offset), filter, order(endpoint, model, ordering))
        }
    };
    let offset = if let Paging::Offset(offset) = paging { offset } else { 0 };
    let count = matches!(paging, Paging::Offset(_));
    let ask = Ask { filter, sort: Some(sort), offset, limit, count, implied: false };
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
                    | FieldKind::LongText { .. }
                    | FieldKind::TextList { .. }
                    | FieldKind::IntegerList { .. }
                    | FieldKind::PrefixList { .. }
            )
    })
}

/// All filters of a request.
async fn conditions(
    records: &dyn Records,
    ctx: &Ctx,
    endpoint: &'static Endpoint,
    model: &'static Model,
    pairs: &Pairs,
) -> Result<Where, Refusal> {
    let mut given: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, value) in pairs {
        given.entry(name).or_default().push(value);
    }
    let mut all = Vec::new();
    let mut errors = Errors::new();
    for (name, values) in given {
        let Some((filter, suffix)) = endpoint.filter(name) else { continue };
        if values.iter().any(|value| value.contains('\0')) {
            add(&mut errors, name, "Null characters are not allowed.");
            continue;
        }
        let asked = Asked { records, ctx, endpoint, model, name, suffix, values };
        match asked.condition(filter).await {
            Ok(condition) => all.extend(condition),
            Err(Wrong::Value(message)) => add(&mut errors, name, message),
            Err(Wrong::Refused(refusal)) => return Err(refusal),
        }
    }
    if errors.is_empty() { Ok(Where::All(all)) } else { Err(Refusal::fields(errors)) }
}

enum Wrong {
    Value(String),
    Refused(Refusal),
}

/// One parameter with its values.
struct Asked<'a> {
    records: &'a dyn Records,
    ctx: &'a Ctx,
    endpoint: &'static Endpoint,
    model: &'static Model,
    name: &'a str,
    suffix: &'a str,
    values: Vec<&'a str>,
}

fn not_available(value: &str) -> Wrong {
    Wrong::Value(format!("Select a valid choice. {value} is not one of the available choices."))
}

impl Asked<'_> {
    /// The condition; none when the values say nothing.
    async fn condition(&self, filter: &'static Filter) -> Result<Option<Where>, Wrong> {
        if filter.name == "q" {
            let text = self.values.last().copied().unwrap_or_default().trim();
            return Ok((!text.is_empty()).then(|| Where::Search(text.to_owned())));
        }
        if let Some(condition) = self.cabling(filter)? {
            return Ok(Some(if self.suffix == "n" { Where::Not(Box::new(condition)) } else { condition }));
        }
        if filter.method.is_some() {
            return self.special(filter);
        }
        let plain = match filter.kind {
            FilterKind::Reference | FilterKind::Tree => self.reference(filter).await?,
            FilterKind::Tag | FilterKind::TagId => return self.tags(filter).await.map(Some),
            FilterKind::GenericType => self.generic_type(filter),
            FilterKind::GenericId => self.generic_id(filter)?,
            _ => return self.compared(filter),
        };
        Ok(plain.map(|plain| if self.suffix == "n" { Where::Not(Box::new(plain)) } else { plain }))
    }

    /// Nothing here corresponds: nothing matches, whatever the values.
    fn nothing() -> Where {
        Where::Any(Vec::new())
    }

    async fn reference(&self, filter: &'static Filter) -> Result<Option<Where>, Wrong> {
        let (Some(path), Some(target)) = (&filter.path, filter.model.as_deref()) else {
            // There is none of what it names.
            return match self.values.iter().find(|value| **value != NULL) {
                Some(value) => Err(not_available(value)),
                None => Ok(Some(Where::All(Vec::new()))),
            };
        };
        let Some(target) = self.records.model(target) else { return Ok(Some(Self::nothing())) };
        let column = match filter.to_field.as_deref() {
            None | Some("id" | "pk") => "number".to_owned(),
            Some(field) => Endpoint::of_model(target.name)
                .and_then(|endpoint| endpoint.fact(field))
                .and_then(|fact| fact.column.clone())
                .unwrap_or_else(|| field.to_owned()),
        };
        let values: Vec<String> =
            self.values.iter().filter(|value| **value != NULL).map(|value| (*value).to_owned()).collect();
        if column == "number"
            && let Some(bad) = values.iter().find(|value| value.parse::<i64>().is_err())
        {
            return Err(if bad.is_empty() {
                not_available(bad)
            } else {
                Wrong::Value(format!("\u{201c}{bad}\u{201d} is not a valid value."))
            });
        }
        let mut any = Vec::new();
        if !values.is_empty() {
            let is = Where::Is { field: column.clone(), op: "eq", values: values.clone() };
            self.must_exist(target, &column, &is, &values).await?;
            let tree = filter.kind == FilterKind::Tree && target.parent.is_some();
            any.push(along(
                path,
                self.model,
                self.records,
                if tree { Where::Below(Box::new(is)) } else { is },
            ));
        }
        if values.len() < self.values.len() {
            let none = Where::Not(Box::new(along(path, self.model, self.records, Where::All(Vec::new()))));
            any.push(none);
        }
        Ok(Some(Where::Any(any)))
    }

    /// Every value must name something.
    async fn must_exist(
        &self,
        target: &'static Model,
        column: &str,
        is: &Where,
        values: &[String],
    ) -> Result<(), Wrong> {
        let ask = Ask { filter: is.clone(), ..Ask::default() };
        let found = self.records.find(self.ctx, target, &ask).await;
        let found = found.map_err(|problem| match problem.status.as_u16() {
            400 => not_available(values.first().map_or("", String::as_str)),
            _ => Wrong::Refused(problem.into()),
        })?;
        let known: Vec<String> = found
            .records
            .iter()
            .filter_map(|record| match record.get(column) {
                Some(Value::String(text)) => Some(text.to_lowercase()),
                Some(other) => Some(other.to_string()),
                None => None,
            })
            .collect();
        match values.iter().find(|value| !known.contains(&value.to_lowercase())) {
            Some(value) if found.records.len() < 1_000 => Err(not_available(value)),
            _ => Ok(()),
        }
    }

    /// All tags that are named; with `__any` one of them.
    async fn tags(&self, filter: &Filter) -> Result<Where, Wrong> {
        let column = if filter.kind == FilterKind::Tag { "slug" } else { "number" };
        let values: Vec<String> =
            self.values.iter().filter(|value| **value != NULL).map(|value| (*value).to_owned()).collect();
        if let Some(bad) = values.iter().find(|value| column == "number" && value.parse::<i64>().is_err()) {
            return Err(Wrong::Value(format!("\u{201c}{bad}\u{201d} is not a valid value.")));
        }
        if let (Some(tag), false) = (self.records.model("platform.tag"), values.is_empty()) {
            let is = Where::Is { field: column.to_owned(), op: "eq", values: values.clone() };
            self.must_exist(tag, column, &is, &values).await?;
        }
        let tagged = |then: Where| Where::Via { field: "tags".to_owned(), model: None, then: Box::new(then) };
        let tests = self.values.iter().map(|value| match *value {
            NULL => Where::Not(Box::new(tagged(Where::All(Vec::new())))),
            value => tagged(Where::is(column, "eq", value)),
        });
        Ok(match self.suffix {
            "any" => Where::Any(tests.collect()),
            "n" => Where::Not(Box::new(Where::Any(tests.collect()))),
            _ => Where::All(tests.collect()),
        })
    }

    fn generic_type(&self, filter: &Filter) -> Option<Where> {
        let Some([Hop::Column(column)]) = filter.path.as_deref() else { return Some(Self::nothing()) };
        let values: Vec<String> = self
            .values
            .iter()
            .filter_map(|value| Endpoint::of_kind(value))
            .map(|endpoint| endpoint.model.clone())
            .collect();
        Some(if values.is_empty() {
            Self::nothing()
        } else {
            Where::Is { field: column.clone(), op: "eq", values }
        })
    }

    fn generic_id(&self, filter: &Filter) -> Result<Option<Where>, Wrong> {
        let Some([Hop::Column(column)]) = filter.path.as_deref() else { return Ok(Some(Self::nothing())) };
        let values = numbers(&self.values)?;
        let field = self.model.fields.iter().find(|field| field.generic_columns().contains(&column.as_str()));
        let Some((field, FieldKind::Generic { models, .. })) = field.map(|field| (field, field.kind)) else {
            return Ok(Some(Self::nothing()));
        };
        let any = models.iter().map(|model| Where::Via {
            field: field.name.to_owned(),
            model: Some(model),
            then: Box::new(Where::Is { field: "number".to_owned(), op: "eq", values: values.clone() }),
        });
        Ok(Some(Where::Any(any.collect())))
    }

    /// A comparison with a column at the end of the path.
    fn compared(&self, filter: &Filter) -> Result<Option<Where>, Wrong> {
        let Some((Hop::Column(column), steps)) = filter.path.as_deref().and_then(|path| path.split_last())
        else {
            return Err(self.not_served());
        };
        if let Some(measured) = self.measured(filter, column)? {
            return Ok(Some(measured));
        }
        let nullable = self.endpoint.fact_of(column).is_some_and(|fact| fact.nullable || fact.blank);
        let empty = steps.is_empty()
            && matches!(filter.kind, FilterKind::Text | FilterKind::Choice)
            && nullable
            && self
                .values
                .iter()
                .any(|value| *value == NULL || (filter.kind == FilterKind::Choice && value.is_empty()));
        if empty {
            let none = Where::is(column.clone(), "isnull", "true");
            return Ok(Some(if self.suffix == "n" { Where::Not(Box::new(none)) } else { none }));
        }
        if self.suffix == "empty" {
            let yes = match self.values.last().copied() {
                Some("true" | "True" | "1") => true,
                Some("false" | "False" | "0") => false,
                _ => return Ok(None),
            };
            let test = Where::is(column.clone(), "isnull", yes.to_string());
            return Ok(Some(along(steps, self.model, self.records, test)));
        }
        let values = self.checked(filter)?;
        if values.is_empty() {
            return Ok(None);
        }
        let (mut op, negated) = operator(self.suffix);
        if op == "eq" && filter.lookup.as_deref() == Some("iexact") {
            op = "iexact";
        }
        let test = Where::Is { field: column.clone(), op, values };
        let test = along(steps, self.model, self.records, test);
        Ok(Some(if negated { Where::Not(Box::new(test)) } else { test }))
    }

    /// Filters over the ends of cables: which cable a port has, which ports a cable has.
    fn cabling(&self, filter: &Filter) -> Result<Option<Where>, Wrong> {
        let values: Vec<String> =
            self.values.iter().filter(|value| !value.is_empty()).map(|value| (*value).to_owned()).collect();
        let ends = |field: &str, then: Where| Where::Back {
            model: "inventory.cable_termination",
            field: field.to_owned(),
            then: Box::new(then),
        };
        let is = |field: &str| Where::Is { field: field.to_owned(), op: "eq", values: values.clone() };
        let yes = || values.last().and_then(|value| truth(value));
        let when = |condition: Where| match yes() {
            Some(true) => Some(condition),
            Some(false) => Some(Where::Not(Box::new(condition))),
            None => Some(Where::All(Vec::new())),
        };
        if self.model.name != "inventory.cable" {
            let port = self.endpoint.fact("link_peers").is_some();
            return Ok(match filter.name.as_str() {
                "cabled" | "occupied" if port => when(ends("termination", Where::All(Vec::new()))),
                "cable_end" if port => Some(ends("termination", is("cable_end"))),
                "cable_id" if port => {
                    numbers(&self.values)?;
                    Some(ends("termination", via("cable", is("number"))))
                }
                _ => None,
            });
        }
        let side = |side: &str, test: Where| {
            ends("cable", Where::All(vec![Where::is("cable_end", "eq", side), test]))
        };
        let at = |model: &'static str, then: Where| {
            ends(
                "cable",
                Where::Via { field: "termination".to_owned(), model: Some(model), then: Box::new(then) },
            )
        };
        let components = || {
            let generic = self
                .records
                .model("inventory.cable_termination")
                .and_then(|model| model.field("termination"));
            match generic.map(|field| field.kind) {
                Some(FieldKind::Generic { models, .. }) => models,
                _ => &[],
            }
        };
        let on_device = |then: Where| {
            let of_devices = components().iter().filter(|model| {
                self.records.model(model).is_some_and(|model| model.field("device").is_some())
            });
            Where::Any(of_devices.map(|model| at(model, via("device", then.clone()))).collect())
        };
        let by_id = filter.name.ends_with("_id");
        if by_id {
            numbers(&self.values)?;
        }
        let method = filter.method.as_deref().unwrap_or_default();
        let kind = method.strip_prefix("filter_by_").unwrap_or_default();
        let model = components()
            .iter()
            .find(|model| model.strip_prefix("inventory.").is_some_and(|name| name.replace('_', "") == kind));
        Ok(match (filter.name.as_str(), model) {
            ("device", _) => Some(on_device(is("name"))),
            ("device_id", _) => Some(on_device(is("number"))),
            ("rack", _) => Some(on_device(via("rack", is("name")))),
            ("rack_id", _) => Some(on_device(via("rack", is("number")))),
            ("location", _) => Some(on_device(via("location", is("name")))),
            ("location_id", _) => Some(on_device(via("location", is("number")))),
            ("site", _) => Some(on_device(via("site", is("slug")))),
            ("site_id", _) => Some(on_device(via("site", is("number")))),
            ("unterminated", _) => when(Where::Not(Box::new(Where::All(vec![
                side("A", Where::All(Vec::new())),
                side("B", Where::All(Vec::new())),
            ])))),
            ("termination_a_type" | "termination_b_type", _) => {
                let models = values.iter().filter_map(|value| Endpoint::of_kind(value));
                let values = models.map(|endpoint| endpoint.model.clone()).collect();
                let test = Where::Is { field: "termination_type".to_owned(), op: "eq", values };
                Some(side(if filter.name.contains("_a_") { "A" } else { "B" }, test))
            }
            (_, Some(model)) => Some(at(model, is("number"))),
            _ => None,
        })
    }

    /// Family and length of addresses and networks.
    fn measured(&self, filter: &Filter, column: &str) -> Result<Option<Where>, Wrong> {
        let op = match (filter.name.as_str(), self.suffix) {
            ("family", _) => "family",
            ("mask_length", "") => "length",
            ("mask_length", "lte") | ("mask_length__lte", _) => "length_lte",
            ("mask_length", "gte") | ("mask_length__gte", _) => "length_gte",
            _ => return Ok(None),
        };
        let values = numbers(&self.values).map_err(|_| Wrong::Value("Enter a number.".to_owned()))?;
        Ok(Some(Where::Is { field: column.to_owned(), op, values }))
    }

    /// The values in the form the engine reads; empty ones say nothing.
    fn checked(&self, filter: &Filter) -> Result<Vec<String>, Wrong> {
        let given = self.values.iter().copied().filter(|value| !value.is_empty());
        match filter.kind {
            FilterKind::Number => numbers(&given.collect::<Vec<_>>()),
            FilterKind::Decimal => given
                .map(|value| match value.parse::<f64>() {
                    Ok(number) if number.is_finite() => Ok(value.to_owned()),
                    _ => Err(Wrong::Value("Enter a number.".to_owned())),
                })
                .collect(),
            FilterKind::Bool => Ok(given.filter_map(truth).map(|yes| yes.to_string()).collect()),
            FilterKind::Choice => self
                .values
                .iter()
                .map(|value| {
                    let known = filter.choices().iter().any(|(raw, _)| match raw.as_str() {
                        Some(raw) => raw == *value,
                        None => raw.to_string() == **value,
                    });
                    if known { Ok((*value).to_owned()) } else { Err(not_available(value)) }
                })
                .collect(),
            FilterKind::DateTime => given.map(date_time).collect(),
            FilterKind::Date => given
                .map(|value| match value.len() {
                    10 => Ok(value.to_owned()),
                    _ => Err(Wrong::Value("Enter a valid date.".to_owned())),
                })
                .collect(),
            _ => Ok(given.map(str::to_owned).collect()),
        }
    }

    /// Filters with a meaning of their own.
    fn special(&self, filter: &Filter) -> Result<Option<Where>, Wrong> {
        let values: Vec<String> =
            self.values.iter().filter(|value| !value.is_empty()).map(|value| (*value).to_owned()).collect();
        if values.is_empty() {
            return Ok(None);
        }
        let method = filter.method.as_deref().unwrap_or_default();
        if method.starts_with('_') {
            let condition = self.has(method).ok_or_else(|| self.not_served())?;
            let yes = values.last().and_then(|value| truth(value));
            return Ok(yes.map(|yes| if yes { condition } else { Where::Not(Box::new(condition)) }));
        }
        let is = |field: &str| Where::Is { field: field.to_owned(), op: "eq", values: values.clone() };
        let by_id = filter.name.ends_with("_id");
        Ok(Some(match method {
            "filter_device" => {
                if by_id {
                    numbers(&self.values)?;
                }
                let device = via("device", is(if by_id { "number" } else { "name" }));
                if self.model.field("device").is_some() {
                    device
                } else {
                    assigned("inventory.interface", device)
                }
            }
            "filter_prefix"
            | "search_within"
            | "search_within_include"
            | "search_contains"
            | "search_by_parent"
            | "filter_address" => self.in_space(filter, &networks(&values)),
            "filter_present_in_vrf" => {
                if by_id {
                    numbers(&self.values)?;
                }
                via("vrf", is(if by_id { "number" } else { "rd" }))
            }
            "filter_assigned" => {
                let condition = self.has("_assigned").ok_or_else(|| self.not_served())?;
                match values.last().and_then(|value| truth(value)) {
                    Some(true) => condition,
                    Some(false) => Where::Not(Box::new(condition)),
                    None => return Ok(None),
                }
            }
            "filter_kind" => kind_of_interface(&values),
            "filter_vlan_id" | "filter_vlan" => {
                let values = numbers(&self.values)?;
                vlan_of_interface(if method == "filter_vlan" { "vid" } else { "number" }, &values)
            }
            _ => return Err(self.not_served()),
        }))
    }

    /// What a yes-or-no filter says of a record when it says yes.
    fn has(&self, method: &str) -> Option<Where> {
        let set = |field: &str| self.model.field(field).map(|_| Where::is(field, "isnull", "false"));
        let components = |kind: &'static str| {
            let field = match self.model.name {
                "inventory.device" => "device",
                "inventory.device_type" => "device_type",
                "inventory.module_type" => "module_type",
                _ => return None,
            };
            let model = if field == "device" {
                format!("inventory.{kind}")
            } else {
                format!("inventory.{kind}_template")
            };
            let model = self.records.model(&model)?.name;
            Some(Where::Back { model, field: field.to_owned(), then: Box::new(Where::All(Vec::new())) })
        };
        match method {
            "_has_primary_ip" => Some(Where::Any(vec![set("primary_ip4")?, set("primary_ip6")?])),
            "_has_oob_ip" => set("oob_ip"),
            "_virtual_chassis_member" => set("virtual_chassis"),
            "_has_virtual_device_context" => Some(Where::Back {
                model: "inventory.virtual_device_context",
                field: "device".to_owned(),
                then: Box::new(Where::All(Vec::new())),
            }),
            "_assigned_to_interface" | "_assigned" => {
                let generic = |field: &&kit::Field| matches!(field.kind, FieldKind::Generic { .. });
                let [_, id] = self.model.fields.iter().find(generic)?.generic_columns();
                Some(Where::is(id, "isnull", "false"))
            }
            "_interfaces" => components("interface"),
            "_console_ports" => components("console_port"),
            "_console_server_ports" => components("console_server_port"),
            "_power_ports" => components("power_port"),
            "_power_outlets" => components("power_outlet"),
            "_module_bays" => components("module_bay"),
            "_device_bays" => components("device_bay"),
            "_inventory_items" => components("inventory_item"),
            "_pass_through_ports" => {
                Some(Where::Any(vec![components("front_port")?, components("rear_port")?]))
            }
            _ => None,
        }
    }

    /// Where an address or prefix is. What is no network matches nothing.
    fn in_space(&self, filter: &Filter, values: &[String]) -> Where {
        if values.is_empty() {
            return Self::nothing();
        }
        let field = ["prefix", "address", "start_address"]
            .into_iter()
            .find(|name| self.model.field(name).is_some())
            .unwrap_or_default();
        let is = |op: &'static str| Where::Is { field: field.to_owned(), op, values: values.to_vec() };
        match filter.method.as_deref().unwrap_or_default() {
            "search_within" => Where::All(vec![is("within"), Where::Not(Box::new(is("eq")))]),
            "search_within_include" | "search_by_parent" => is("within"),
            "search_contains" => is("contains"),
            _ => is("eq"),
        }
    }

    /// A filter that the contract has and this door does not serve: said, not passed over.
    fn not_served(&self) -> Wrong {
        Wrong::Value(format!(
            "This server does not filter {} by {} yet. Leave the parameter out.",
            self.endpoint.path, self.name
        ))
    }
}

/// What a reference of the record leads to.
fn via(field: &str, then: Where) -> Where {
    Where::Via { field: field.to_owned(), model: None, then: Box::new(then) }
}

/// What a generic reference of the record leads to.
fn assigned(model: &'static str, then: Where) -> Where {
    Where::Via { field: "assigned_object".to_owned(), model: Some(model), then: Box::new(then) }
}

fn kind_of_interface(values: &[String]) -> Where {
    let virtual_types = ["virtual", "bridge", "lag"];
    let wireless = Where::Is {
        field: "type".to_owned(),
        op: "eq",
        values: vec![
            "ieee802.11a".into(),
            "ieee802.11g".into(),
            "ieee802.11n".into(),
            "ieee802.11ac".into(),
            "ieee802.11ad".into(),
            "ieee802.11ax".into(),
            "ieee802.11ay".into(),
            "ieee802.11be".into(),
            "ieee802.15.1".into(),
            "ieee802.15.4".into(),
            "other-wireless".into(),
        ],
    };
    let not_physical = Where::Is {
        field: "type".to_owned(),
        op: "eq",
        values: virtual_types.iter().map(|kind| (*kind).to_owned()).collect(),
    };
    let any = values.iter().filter_map(|value| match value.as_str() {
        "physical" => Some(Where::Not(Box::new(Where::Any(vec![not_physical.clone(), wireless.clone()])))),
        "virtual" => Some(Where::is("type", "eq", "virtual")),
        "wireless" => Some(wireless.clone()),
        _ => None,
    });
    Where::Any(any.collect())
}

fn vlan_of_interface(column: &str, values: &[String]) -> Where {
    let is = Where::Is { field: column.to_owned(), op: "eq", values: values.to_vec() };
    let any = ["untagged_vlan", "tagged_vlans"].into_iter().map(|field| Where::Via {
        field: field.to_owned(),
        model: None,
        then: Box::new(is.clone()),
    });
    Where::Any(any.collect())
}

/// Wraps a condition into the steps that lead to where it holds.
fn along(steps: &[Hop], model: &'static Model, records: &dyn Records, inner: Where) -> Where {
    let Some((first, rest)) = steps.split_first() else { return inner };
    match first {
        Hop::Column(_) => inner,
        Hop::Via(field) => {
            let next = model.field(field).and_then(|field| match field.kind {
                FieldKind::Reference { model, .. } | FieldKind::References { model } => records.model(model),
                _ => None,
            });
            let then = next.map_or_else(Asked::nothing, |next| along(rest, next, records, inner));
            Where::Via { field: field.clone(), model: None, then: Box::new(then) }
        }
        Hop::Generic(field, other) => match records.model(other) {
            Some(next) => Where::Via {
                field: field.clone(),
                model: Some(next.name),
                then: Box::new(along(rest, next, records, inner)),
            },
            None => Asked::nothing(),
        },
        Hop::Back(other, field) => match records.model(other) {
            Some(next) => Where::Back {
                model: next.name,
                field: field.clone(),
                then: Box::new(along(rest, next, records, inner)),
            },
            None => Asked::nothing(),
        },
    }
}

/// The engine's operator for a lookup suffix, and whether it is denied.
fn operator(suffix: &str) -> (&'static str, bool) {
    match suffix {
        "n" => ("eq", true),
        "ic" => ("contains", false),
        "nic" => ("contains", true),
        "isw" => ("startswith", false),
        "nisw" => ("startswith", true),
        "iew" => ("endswith", false),
        "niew" => ("endswith", true),
        "ie" => ("iexact", false),
        "nie" => ("iexact", true),
        "regex" => ("regex", false),
        "iregex" => ("iregex", false),
        "lt" => ("lt", false),
        "lte" => ("lte", false),
        "gt" => ("gt", false),
        "gte" => ("gte", false),
        _ => ("eq", false),
    }
}

fn numbers(values: &[&str]) -> Result<Vec<String>, Wrong> {
    let mut numbers = Vec::with_capacity(values.len());
    for value in values {
        let whole = value.trim().trim_start_matches('-');
        if whole.is_empty() || !whole.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Wrong::Value("Enter a whole number.".to_owned()));
        }
        // What no column can hold matches nothing.
        numbers.push(value.trim().parse::<i64>().unwrap_or(-1).to_string());
    }
    Ok(numbers)
}

/// What a check box may say; everything else says nothing.
fn truth(value: &str) -> Option<bool> {
    match value {
        "true" | "True" | "2" => Some(true),
        "false" | "False" | "3" => Some(false),
        _ => None,
    }
}

/// Those of the values that are addresses or networks; bits behind the length are not looked at.
fn networks(values: &[String]) -> Vec<String> {
    let network = |value: &String| {
        let value = value.trim();
        match (value.parse::<ipnet::IpNet>(), value.parse::<std::net::IpAddr>()) {
            (Ok(net), _) if net.addr() == net.network() => Some(net.to_string()),
            (Ok(_), _) | (_, Ok(_)) => Some(value.to_owned()),
            _ => None,
        }
    };
    values.iter().filter_map(network).collect()
}

/// A day is its first moment.
fn date_time(value: &str) -> Result<String, Wrong> {
    let value = value.replacen(' ', "T", 1);
    let full = match value.len() {
        10 => format!("{value}T00:00:00Z"),
        16 => format!("{value}:00Z"),
        _ if value.ends_with('Z') || value.get(19..).is_some_and(|zone| zone.contains(['+', '-'])) => value,
        _ => format!("{value}Z"),
    };
    if full.len() >= 20 { Ok(full) } else { Err(Wrong::Value("Enter a valid date/time.".to_owned())) }
}
