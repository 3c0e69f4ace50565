//! The list of drift, one item with everything about it, the figures, the rules.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Path, Query, State as Shared};
use kit::{Ctx, Problem};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::api::SharedState;
use crate::api::cursor::Window;
use crate::drift::{self, Counts, Item, Kind, Severity, State, Type};
use crate::service::DRIFT_READ;

/// Which items.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    /// `open` (default), `pending`, `ignored`, `accepted`, `change_requested`, `resolved` or `all`.
    state: Option<String>,
    /// `device`, `interface`, `address` or `cable`.
    kind: Option<String>,
    /// `missing`, `unexpected`, `different`, `misplaced`, `conflict`, `duplicate` or `stale`.
    r#type: Option<String>,
    /// `high`, `medium`, `low` or `info`.
    severity: Option<String>,
    /// A device: its record or its entity.
    device: Option<Uuid>,
    /// A site, as the items name it.
    site: Option<String>,
    /// `true`: only changes whose time is over, `false`: none of them.
    overdue: Option<bool>,
    /// Who is to do the change.
    assignee: Option<String>,
    /// Part of what it is about, of what should be or of what is.
    q: Option<String>,
    /// `device` (default), `severity`, `site`, `first_seen`, `last_seen` or `due`; `-` first for descending.
    sort: Option<String>,
    /// 1 to 1000, 50 when absent.
    limit: Option<usize>,
    /// Where the page before ended.
    cursor: Option<String>,
}

/// A page of items.
#[derive(Serialize, ToSchema)]
pub(crate) struct List {
    #[schema(value_type = Vec<Object>)]
    items: Vec<Item>,
    next_cursor: Option<String>,
    total: usize,
}

/// Differences between what should be and what is.
#[utoipa::path(get, path = "/drift", tag = "atlas", operation_id = "atlas_drift_list", params(Wanted),
    extensions(("x-permission" = json!("atlas/drift:read"))), responses((status = 200, body = List)))]
pub(crate) async fn list(
    Shared(shared): Shared<SharedState>,
    ctx: Ctx,
    Query(wanted): Query<Wanted>,
) -> Result<Json<List>, Problem> {
    ctx.authorize(DRIFT_READ)?;
    let items = shared.atlas()?.drift(ctx.tenant()).await?;
    page(items.values().map(AsRef::as_ref), &wanted).map(Json)
}

/// The words of the filters, checked.
struct Filter<'a> {
    state: Option<State>,
    kind: Option<Kind>,
    how: Option<Type>,
    severity: Option<Severity>,
    q: Option<String>,
    wanted: &'a Wanted,
}

fn word<T>(
    name: &str,
    text: Option<&str>,
    parse: fn(&str) -> Option<T>,
    words: &[&str],
) -> Result<Option<T>, Problem> {
    let wrong =
        || Problem::field(format!("?{name}"), "choice", format!("Expected is one of {}.", words.join(", ")));
    text.map(|text| parse(text).ok_or_else(wrong)).transpose()
}

impl<'a> Filter<'a> {
    fn of(wanted: &'a Wanted) -> Result<Self, Problem> {
        let state = match wanted.state.as_deref() {
            // Late changes are in a state of their own.
            None if wanted.overdue == Some(true) => Some(State::ChangeRequested),
            None => Some(State::Open),
            Some("all") => None,
            text => word("state", text, State::parse, State::WORDS)?,
        };
        Ok(Self {
            state,
            kind: word("kind", wanted.kind.as_deref(), Kind::parse, Kind::WORDS)?,
            how: word("type", wanted.r#type.as_deref(), Type::parse, Type::WORDS)?,
            severity: word("severity", wanted.severity.as_deref(), Severity::parse, Severity::WORDS)?,
            q: wanted.q.as_ref().map(|text| text.trim().to_lowercase()).filter(|text| !text.is_empty()),
            wanted,
        })
    }

    fn fits(&self, item: &Item) -> bool {
        self.state.is_none_or(|state| item.state == state)
            && self.kind.is_none_or(|kind| item.kind == kind)
            && self.how.is_none_or(|how| item.how == how)
            && self.severity.is_none_or(|severity| item.severity == severity)
            && self.wanted.device.is_none_or(|id| item.device == Some(id) || item.entity == Some(id))
            && self.wanted.site.as_ref().is_none_or(|site| item.site == *site)
            && self.wanted.overdue.is_none_or(|overdue| overdue == is_overdue(item))
            && self.wanted.assignee.as_ref().is_none_or(|who| {
                let assignee = item.change.as_ref().and_then(|change| change.assignee.as_ref());
                assignee.is_some_and(|assignee| assignee.to_lowercase() == who.trim().to_lowercase())
            })
            && self.q.as_ref().is_none_or(|text| {
                let words =
                    [Some(&item.title), Some(&item.attr), item.intended.as_ref(), item.observed.as_ref()];
                words.into_iter().flatten().any(|word| word.to_lowercase().contains(text))
            })
    }
}

/// The time of its change is over.
fn is_overdue(item: &Item) -> bool {
    item.state == State::ChangeRequested && item.change.as_ref().is_some_and(|change| change.overdue)
}

/// What the order compares, as text; equal ones follow by id.
fn key(item: &Item, by: &str) -> Result<String, Problem> {
    let severity = match item.severity {
        Severity::High => '0',
        Severity::Medium => '1',
        Severity::Low => '2',
        Severity::Info => '3',
    };
    let kind = item.kind as u8;
    // RFC 3339 in UTC with all digits sorts as text.
    let time = |at: chrono::DateTime<chrono::Utc>| at.format("%FT%T%.6f").to_string();
    Ok(match by {
        "device" => format!("{}\0{severity}{kind}{}", item.device_name, item.title),
        "severity" => format!("{severity}\0{}\0{kind}{}", item.device_name, item.title),
        "site" => format!("{}\0{}\0{}", item.site, item.device_name, item.title),
        "first_seen" => time(item.first_seen),
        "last_seen" => time(item.last_seen),
        // Those without a time come last.
        "due" => item.change.as_ref().and_then(|change| change.due).map_or_else(|| "~".to_owned(), time),
        _ => {
            let text = "Sort by device, severity, site, first_seen, last_seen or due.";
            return Err(Problem::field("?sort", "choice", text));
        }
    })
}

fn page<'a>(items: impl Iterator<Item = &'a Item>, wanted: &Wanted) -> Result<List, Problem> {
    let filter = Filter::of(wanted)?;
    let by = wanted.sort.as_deref().unwrap_or("device");
    let (by, descending) = by.strip_prefix('-').map_or((by, false), |by| (by, true));
    let words = (&wanted.state, &wanted.kind, &wanted.r#type, &wanted.severity);
    let more = (wanted.overdue, &wanted.assignee);
    let this = (words, &wanted.device, &wanted.site, more, &filter.q, by, descending);
    let fitting = items
        .filter(|item| filter.fits(item))
        .map(|item| Ok((key(item, by)?, item)))
        .collect::<Result<_, Problem>>()?;
    let window = Window { limit: wanted.limit, cursor: wanted.cursor.as_deref(), descending };
    let page = window.page(&this, fitting, |item| item.id)?;
    let items = page.items.into_iter().cloned().collect();
    Ok(List { items, next_cursor: page.next_cursor, total: page.total })
}

/// One item.
#[derive(Serialize, ToSchema)]
pub(crate) struct Detail {
    /// The item, with the evidence of both sides.
    #[schema(value_type = Object)]
    item: Item,
    /// The rule behind it.
    #[schema(value_type = Object)]
    rule: Option<drift::Rule>,
    /// What accepting writes.
    #[schema(value_type = Vec<Object>)]
    repairs: Vec<Value>,
}

/// One difference: both sides, who says so and when, and what accepting would write.
#[utoipa::path(get, path = "/drift/{id}", tag = "atlas", operation_id = "atlas_drift_read",
    params(("id" = Uuid, Path, description = "Item")),
    extensions(("x-permission" = json!("atlas/drift:read"))),
    responses((status = 200, body = Detail), (status = 404, description = "No such item")))]
pub(crate) async fn read(
    Shared(shared): Shared<SharedState>,
    ctx: Ctx,
    Path(id): Path<Uuid>,
) -> Result<Json<Detail>, Problem> {
    ctx.authorize(DRIFT_READ)?;
    let atlas = shared.atlas()?;
    let items = atlas.drift(ctx.tenant()).await?;
    let item = items.get(&id).ok_or_else(|| Problem::not_found("difference"))?;
    let current = atlas.current(ctx.tenant()).await?;
    let finding = current.finding(id);
    let mut repairs: Vec<Value> = finding
        .map(|finding| finding.repairs.as_slice())
        .unwrap_or_default()
        .iter()
        .map(serde_json::to_value)
        .collect::<Result<_, _>>()
        .map_err(Problem::internal)?;
    if finding.is_some_and(|finding| finding.adopts) {
        repairs.push(serde_json::json!({"repair": "adopt_device", "entity": item.entity}));
    }
    let rule = drift::rule_of(item.kind, &item.attr).copied();
    Ok(Json(Detail { item: item.as_ref().clone(), rule, repairs }))
}

/// Figures of drift.
#[derive(Serialize, ToSchema)]
pub(crate) struct Summary {
    /// What was compared.
    counts: Counts,
    /// Alike of comparable attributes, 0 to 1; none when nothing is comparable.
    accuracy: Option<f64>,
    /// Intended devices with fresh evidence of all intended ones, 0 to 1.
    coverage: Option<f64>,
    /// Items by state.
    states: BTreeMap<&'static str, usize>,
    /// Open items by kind.
    kinds: BTreeMap<&'static str, usize>,
    /// Open items by type.
    types: BTreeMap<&'static str, usize>,
    /// Open items by severity.
    severities: BTreeMap<&'static str, usize>,
    /// Sites with most open items.
    sites: Vec<Share>,
    /// Open items that come and go.
    flapping: usize,
    /// Changes whose time is over.
    overdue: usize,
    /// When it was last compared.
    compared_at: chrono::DateTime<chrono::Utc>,
}

/// How many items a site has.
#[derive(Serialize, ToSchema)]
struct Share {
    name: String,
    items: usize,
}

/// Sites listed.
const SITES: usize = 10;

/// How well the network is as it should be, and how much of it is seen.
#[utoipa::path(get, path = "/drift/summary", tag = "atlas", operation_id = "atlas_drift_summary",
    extensions(("x-permission" = json!("atlas/drift:read"))), responses((status = 200, body = Summary)))]
pub(crate) async fn summary(Shared(shared): Shared<SharedState>, ctx: Ctx) -> Result<Json<Summary>, Problem> {
    ctx.authorize(DRIFT_READ)?;
    let atlas = shared.atlas()?;
    let current = atlas.current(ctx.tenant()).await?;
    let items = atlas.drift(ctx.tenant()).await?;
    let counts = current.report.counts;
    let share = |part: usize, all: usize| (all > 0).then(|| part as f64 / all as f64);
    let mut summary = Summary {
        counts,
        accuracy: share(counts.alike, counts.comparable),
        coverage: share(counts.covered, counts.intended),
        states: BTreeMap::new(),
        kinds: BTreeMap::new(),
        types: BTreeMap::new(),
        severities: BTreeMap::new(),
        sites: Vec::new(),
        flapping: 0,
        overdue: 0,
        compared_at: current.map.generated_at,
    };
    let mut sites: BTreeMap<&str, usize> = BTreeMap::new();
    for item in items.values() {
        *summary.states.entry(item.state.as_str()).or_default() += 1;
        summary.overdue += usize::from(is_overdue(item));
        if item.state == State::Open {
            *summary.kinds.entry(item.kind.as_str()).or_default() += 1;
            *summary.types.entry(item.how.as_str()).or_default() += 1;
            *summary.severities.entry(item.severity.as_str()).or_default() += 1;
            *sites.entry(&item.site).or_default() += 1;
            summary.flapping += usize::from(item.flapping);
        }
    }
    summary.sites = sites.into_iter().map(|(name, items)| Share { name: name.to_owned(), items }).collect();
    summary.sites.sort_by(|a, b| b.items.cmp(&a.items).then_with(|| a.name.cmp(&b.name)));
    summary.sites.truncate(SITES);
    Ok(Json(summary))
}

/// The rules of comparison.
#[derive(Serialize, ToSchema)]
pub(crate) struct Rules {
    #[schema(value_type = Vec<Object>)]
    items: &'static [drift::Rule],
}

/// What is compared, when a difference opens, how bad it is, and what accepting writes.
#[utoipa::path(get, path = "/drift/rules", tag = "atlas", operation_id = "atlas_drift_rules",
    extensions(("x-permission" = json!("atlas/drift:read"))), responses((status = 200, body = Rules)))]
pub(crate) async fn rules(ctx: Ctx) -> Result<Json<Rules>, Problem> {
    ctx.authorize(DRIFT_READ)?;
    Ok(Json(Rules { items: drift::RULES }))
}
