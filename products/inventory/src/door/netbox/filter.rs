//! Filters of lists: each parameter of the contract as a condition on our records.

use std::collections::{BTreeMap, HashSet};

use kit::record::{FieldKind, Model};
use kit::records::{Ask, Where};
use kit::{Ctx, Records};
use serde_json::Value;

use super::contract::{Endpoint, Filter, FilterKind, Hop, is_choice};
use super::custom;
use super::errors::{Errors, Refusal, add};
use super::query::Pairs;

/// What stands for "none" in filters.
const NULL: &str = "null";

/// All filters of a request.
pub(super) async fn conditions(
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
    if given.keys().any(|name| name.starts_with(custom::PARAMETER)) {
        let definitions = custom::Definitions::load(records, ctx, model.name).await?;
        for (name, values) in &given {
            all.extend(definitions.condition(records, ctx, name, values).await?);
        }
    }
    let kinds = kinds(endpoint, &given);
    for (name, values) in given {
        let Some((filter, suffix)) = endpoint.filter(name) else { continue };
        if values.iter().any(|value| value.contains('\0')) {
            add(&mut errors, name, "Null characters are not allowed.");
            continue;
        }
        let asked = Asked { records, ctx, endpoint, model, name, suffix, values, kinds: &kinds };
        match asked.condition(filter).await {
            Ok(condition) => all.extend(condition),
            Err(Wrong::Value(message)) => add(&mut errors, name, message),
            Err(Wrong::Refused(refusal)) => return Err(refusal),
        }
    }
    if errors.is_empty() { Ok(Where::All(all)) } else { Err(Refusal::fields(errors)) }
}

pub(super) enum Wrong {
    Value(String),
    Refused(Refusal),
}

/// One parameter with its values.
pub(super) struct Asked<'a> {
    pub(super) records: &'a dyn Records,
    pub(super) ctx: &'a Ctx,
    pub(super) endpoint: &'static Endpoint,
    pub(super) model: &'static Model,
    pub(super) name: &'a str,
    pub(super) suffix: &'a str,
    pub(super) values: Vec<&'a str>,
    /// The models that the query's generic references must lead to; none says any.
    kinds: &'a HashSet<&'static str>,
}

/// The models that a query names with its filters of kinds: an id beside them is looked for in these alone.
fn kinds(endpoint: &'static Endpoint, given: &BTreeMap<&str, Vec<&str>>) -> HashSet<&'static str> {
    let typed = given.iter().filter(|(name, _)| {
        endpoint
            .filter(name)
            .is_some_and(|(filter, suffix)| filter.kind == FilterKind::GenericType && suffix.is_empty())
    });
    typed
        .flat_map(|(_, values)| values)
        .filter_map(|value| Endpoint::of_kind(value))
        .map(|endpoint| endpoint.model.as_str())
        .collect()
}

pub(super) fn not_available(value: &str) -> Wrong {
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
            FilterKind::GenericType => Some(self.generic_type(filter)),
            FilterKind::GenericId => self.generic_id(filter)?,
            _ => return self.compared(filter),
        };
        Ok(plain.map(|plain| if self.suffix == "n" { Where::Not(Box::new(plain)) } else { plain }))
    }

    /// Nothing here corresponds: nothing matches, whatever the values.
    pub(super) fn nothing() -> Where {
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
        // Who may see none of what is named is not told what there is: it only finds nothing by it.
        if found.as_ref().is_err_and(|problem| problem.status.as_u16() == 403) {
            return Ok(());
        }
        let found = found.map_err(|problem| match problem.status.as_u16() {
            400 => not_available(values.first().map_or("", String::as_str)),
            _ => Wrong::Refused(problem.into()),
        })?;
        let known: HashSet<String> = found
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

    fn generic_type(&self, filter: &Filter) -> Where {
        let Some([Hop::Column(column)]) = filter.path.as_deref() else { return Self::nothing() };
        let values: Vec<String> = self
            .values
            .iter()
            .filter_map(|value| Endpoint::of_kind(value))
            .map(|endpoint| endpoint.model.clone())
            .collect();
        if values.is_empty() {
            Self::nothing()
        } else {
            Where::Is { field: column.clone(), op: "eq", values }
        }
    }

    fn generic_id(&self, filter: &Filter) -> Result<Option<Where>, Wrong> {
        let Some([Hop::Column(column)]) = filter.path.as_deref() else { return Ok(Some(Self::nothing())) };
        let values = numbers(&self.values)?;
        let field = self.model.fields.iter().find(|field| field.generic_columns().contains(&column.as_str()));
        let Some((field, FieldKind::Generic { models, .. })) = field.map(|field| (field, field.kind)) else {
            return Ok(Some(Self::nothing()));
        };
        let served = models.iter().filter(|model| {
            Endpoint::of_model(model).is_some() && (self.kinds.is_empty() || self.kinds.contains(*model))
        });
        let any = served.map(|model| Where::Via {
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
                    let known = filter.choices().iter().any(|(raw, _)| is_choice(raw, value));
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

    /// A filter that the contract has and this door does not serve: said, not passed over.
    pub(super) fn not_served(&self) -> Wrong {
        Wrong::Value(format!(
            "This server does not filter {} by {} yet. Leave the parameter out.",
            self.endpoint.path, self.name
        ))
    }
}

/// What a reference of the record leads to.
pub(super) fn via(field: &str, then: Where) -> Where {
    Where::Via { field: field.to_owned(), model: None, then: Box::new(then) }
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
        Hop::Only(column, value) => {
            Where::All(vec![Where::is(column, "eq", value), along(rest, model, records, inner)])
        }
        Hop::Either(ways) => {
            let way = |way: &Vec<Hop>| {
                let steps: Vec<Hop> = way.iter().chain(rest).cloned().collect();
                along(&steps, model, records, inner.clone())
            };
            Where::Any(ways.iter().map(way).collect())
        }
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
pub(super) fn operator(suffix: &str) -> (&'static str, bool) {
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

pub(super) fn numbers(values: &[&str]) -> Result<Vec<String>, Wrong> {
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
pub(super) fn truth(value: &str) -> Option<bool> {
    match value {
        "true" | "True" | "2" => Some(true),
        "false" | "False" | "3" => Some(false),
        _ => None,
    }
}

/// A day is its first moment.
pub(super) fn date_time(value: &str) -> Result<String, Wrong> {
    let value = value.replacen(' ', "T", 1);
    let full = match value.len() {
        10 => format!("{value}T00:00:00Z"),
        16 => format!("{value}:00Z"),
        _ if value.ends_with('Z') || value.get(19..).is_some_and(|zone| zone.contains(['+', '-'])) => value,
        _ => format!("{value}Z"),
    };
    if full.len() >= 20 { Ok(full) } else { Err(Wrong::Value("Enter a valid date/time.".to_owned())) }
}
