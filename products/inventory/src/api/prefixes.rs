//! The tree of prefixes, a level at a time.

use axum::Json;
use axum::extract::{Query, State};
use ipnet::IpNet;
use kit::permission::Act;
use kit::record::Record;
use kit::{Ctx, Permission, Problem};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{Named, limit, records, reference};
use crate::plugin::Shared;
use crate::prefix_tree::{self, Level, Line, Page, Row};
use crate::reading::id_of;

/// Which part of the tree.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
    /// The table; the global one when absent. A parent has its own.
    vrf: Option<Uuid>,
    /// The prefix whose direct children are asked for; the top of the table when absent.
    parent: Option<Uuid>,
    /// Search instead: an address or network, or part of a description.
    q: Option<String>,
    /// Most prefixes of the answer: 1 to 500, 100 when absent. Free networks between them come on top.
    limit: Option<usize>,
    /// Where the page before ended.
    cursor: Option<String>,
}

/// A prefix in the tree.
#[derive(Serialize, ToSchema)]
pub(super) struct TreeRow {
    id: Uuid,
    prefix: String,
    status: Option<String>,
    vrf: Option<Named>,
    role: Option<Named>,
    vlan: Option<Named>,
    assigned_tenant: Option<Named>,
    #[schema(value_type = Option<Object>)]
    scope: Value,
    description: String,
    is_pool: bool,
    mark_utilized: bool,
    version: Option<i64>,
    /// Prefixes within it, at every depth.
    children: i64,
    /// Prefixes around it.
    depth: i64,
    /// Percent in use: of a container by its prefixes, of others by addresses and full ranges.
    utilisation: f64,
    /// Different addresses within it.
    addresses: i64,
}

/// A line of the tree: a prefix, or a network between prefixes that nobody has.
#[derive(Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(super) enum TreeLine {
    Prefix(Box<TreeRow>),
    Free { prefix: String },
}

/// A level of the tree.
#[derive(Serialize, ToSchema)]
pub(super) struct PrefixTree {
    /// The prefixes around this level, the widest first, the parent last. On the first page only.
    above: Vec<TreeRow>,
    items: Vec<TreeLine>,
    next_cursor: Option<String>,
}

/// One level of the tree of prefixes: the direct children of a prefix, how full each is, and the free
/// networks between them.
#[utoipa::path(get, path = "/prefix-tree", tag = "inventory", operation_id = "inventory_prefix_tree", params(Wanted),
    extensions(("x-permission" = json!("inventory/prefixes:read"))),
    responses((status = 200, body = PrefixTree), (status = 404, description = "No such parent")))]
pub(super) async fn tree(
    State(shared): State<Shared>,
    ctx: Ctx,
    Query(wanted): Query<Wanted>,
) -> Result<Json<PrefixTree>, Problem> {
    ctx.authorize(Permission::new("inventory/prefixes", Act::Read))?;
    let records = records(&shared)?;
    let limit = limit(wanted.limit, 100, 500)?;
    let text = wanted.q.as_deref().map(str::trim).filter(|text| !text.is_empty());
    if let Some(text) = text {
        let most = u32::try_from(limit).unwrap_or(u32::MAX);
        let page = prefix_tree::search(records, &ctx, wanted.vrf, text, most).await?;
        return Ok(Json(shown(page)));
    }
    let behind = wanted.cursor.as_deref().map(place).transpose()?;
    let level = Level { vrf: wanted.vrf, parent: wanted.parent, behind, limit };
    Ok(Json(shown(prefix_tree::level(records, &ctx, &level).await?)))
}

fn place(cursor: &str) -> Result<IpNet, Problem> {
    cursor
        .parse()
        .map_err(|_| Problem::field("?cursor", "invalid", "Give the next_cursor of the page before."))
}

fn shown(page: Page) -> PrefixTree {
    let item = |line| match line {
        Line::Prefix(row) => TreeLine::Prefix(Box::new(prefix(&row))),
        Line::Free(net) => TreeLine::Free { prefix: net.to_string() },
    };
    PrefixTree {
        above: page.above.iter().map(prefix).collect(),
        items: page.lines.into_iter().map(item).collect(),
        next_cursor: page.more.map(|net| net.to_string()),
    }
}

fn prefix(row: &Row) -> TreeRow {
    let record: &Record = &row.record;
    let text = |field: &str| record.get(field).and_then(Value::as_str).map(str::to_owned);
    let is = |field: &str| record.get(field) == Some(&Value::Bool(true));
    TreeRow {
        id: id_of(record).unwrap_or_default(),
        prefix: text("prefix").unwrap_or_default(),
        status: text("status"),
        vrf: reference(record, "vrf"),
        role: reference(record, "role"),
        vlan: reference(record, "vlan"),
        assigned_tenant: reference(record, "assigned_tenant"),
        scope: record.get("scope").cloned().unwrap_or_default(),
        description: text("description").unwrap_or_default(),
        is_pool: is("is_pool"),
        mark_utilized: is("mark_utilized"),
        version: record.get("version").and_then(Value::as_i64),
        children: row.place.children,
        depth: row.place.depth,
        utilisation: row.utilisation,
        addresses: row.addresses,
    }
}
