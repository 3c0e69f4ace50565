//! The search over all records: `GET /api/v1/search`.
//!
//! Tiers, each one or two statements over an index: the id or address itself, values that are or begin
//! with the text, networks around an address, what lies in a network, beginnings of words, parts of words.
//! A tier is asked only while the page is not full. Within a tier comes first what a record is called.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};

use ipnet::IpNet;
use kit::record::{FieldKind, Model, Record};
use kit::records::{Ask, Records, Where};
use kit::{Ctx, Problem, RowAct};
use serde_json::{Value, json};
use sqlx::PgConnection;
use uuid::Uuid;

use super::Engine;
use super::log::display;
use crate::entity::Entity;
use crate::search::{Question, around, of_model};

/// Entries that a tier gives at most: of more, the first ones in the order of its index are ranked.
const MOST: i32 = 500;
/// Beginnings of each rank that every model gives at most when many are asked, so that none hides the others.
const MOST_EACH: i32 = 60;
/// So many models are few.
const FEW: usize = 4;
/// Hits that can be paged through.
const DEEPEST: usize = 1_000;

const BY_ID: &str = "SELECT e.record_id, e.model, e.field, e.rank, e.folded FROM app.search_entry e \
    WHERE e.record_id = $1 AND e.model = ANY($2) ORDER BY e.rank LIMIT 1";

// Rank and model lead the index: one short walk for each of them.
const BEGINNING: &str = "SELECT e.record_id, e.model, e.field, e.rank, e.folded \
    FROM unnest($3::text[]) AS m(model) CROSS JOIN (VALUES (0::smallint), (1::smallint), (2::smallint)) AS r(rank) \
    CROSS JOIN LATERAL (SELECT s.record_id, s.model, s.field, s.rank, s.folded FROM app.search_entry s \
     WHERE s.rank = r.rank AND s.model = m.model AND s.folded >= $1 AND s.folded < $2 \
     ORDER BY s.folded LIMIT $4) e";

const AROUND: &str = "SELECT e.record_id, e.model, e.field, e.rank, e.folded FROM app.search_entry e \
    WHERE e.address IS NOT NULL AND e.address = ANY($1) AND e.model = ANY($2) LIMIT $3";

const INSIDE: &str = "SELECT e.record_id, e.model, e.field, e.rank, e.folded FROM app.search_entry e \
    WHERE e.address IS NOT NULL AND e.address >= $1 AND e.address <= $2 AND e.model = ANY($3) \
    ORDER BY e.address LIMIT $4";

const GRAMS: &str =
    "SELECT e.record_id, e.model, e.field, e.rank, e.folded FROM app.search_grams($1, $2, $3) e";

/// Said in a branch.
const OF_MAIN: &str =
    "This is what the main line has. The search does not know what the branch changed: lists do.";

/// What is asked.
pub(crate) struct Search {
    pub(crate) text: String,
    /// Names of models; all that may be read when empty.
    pub(crate) models: Vec<String>,
    pub(crate) limit: usize,
    pub(crate) offset: usize,
}

/// How an entry was found, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum How {
    Exact,
    Prefix,
    Network,
    Inside,
    Word,
    Part,
}

impl How {
    fn as_str(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Prefix => "prefix",
            Self::Network => "network",
            Self::Inside => "inside",
            Self::Word => "word",
            Self::Part => "part",
        }
    }
}

type Line = (Uuid, String, String, i16, String);

#[derive(Clone, Debug)]
struct Hit {
    id: Uuid,
    model: String,
    field: String,
    rank: i16,
    folded: String,
    how: How,
}

impl Hit {
    fn new((id, model, field, rank, folded): Line, how: How) -> Self {
        Self { id, model, field, rank, folded, how }
    }

    /// Better ones first: by tier and rank; then narrow networks, short texts.
    fn order(&self, other: &Self) -> Ordering {
        let size = |hit: &Self| match hit.how {
            How::Network => hit.folded.parse::<IpNet>().map_or(0, |net| -i64::from(net.prefix_len())),
            // In the order of the addresses.
            How::Inside => 0,
            _ => i64::try_from(hit.folded.len()).unwrap_or(i64::MAX),
        };
        let key = |hit: &Self| (hit.how, hit.rank, size(hit));
        let order = key(self).cmp(&key(other));
        if self.how == How::Inside && other.how == How::Inside {
            return order;
        }
        order.then_with(|| (&self.folded, &self.model, self.id).cmp(&(&other.folded, &other.model, other.id)))
    }
}

/// Hits so far, each record once, tier by tier.
#[derive(Default)]
struct Hits {
    seen: HashSet<(String, Uuid)>,
    list: Vec<Hit>,
}

impl Hits {
    fn add(&mut self, mut tier: Vec<Hit>) {
        tier.sort_by(Hit::order);
        for hit in tier {
            if self.seen.insert((hit.model.clone(), hit.id)) {
                self.list.push(hit);
            }
        }
    }
}

impl Engine {
    /// `{"items", "next_cursor"}`: the best hits among the records of the main line that the principal may read.
    /// In a branch also `notice`, which says so.
    ///
    /// # Errors
    /// 400 for an empty text or an unknown model.
    pub(crate) async fn search(&self, ctx: &Ctx, search: &Search) -> Result<Value, Problem> {
        let question = Question::new(&search.text)
            .ok_or_else(|| Problem::field("?q", "required", "Write something to look for."))?;
        let models = self.searchable(ctx, &search.models)?;
        let wanted = search.offset.saturating_add(search.limit).min(DEEPEST);
        let main = &ctx.on_main();
        let mut tx = main.read().await?;
        let hits = hits(tx.conn(), main, &question, &models, wanted + 1).await?;
        drop(tx);
        let page: Vec<&Hit> = hits.iter().take(wanted).skip(search.offset).collect();
        let items = self.shown(main, &page).await?;
        let more = hits.len() > wanted && wanted < DEEPEST;
        let mut found = json!({"items": items, "next_cursor": more.then(|| wanted.to_string())});
        if let (Some(members), Some(_)) = (found.as_object_mut(), ctx.branch()) {
            members.insert("notice".to_owned(), json!(OF_MAIN));
        }
        Ok(found)
    }

    /// The models asked for, as far as their records may be read.
    fn searchable(&self, ctx: &Ctx, asked: &[String]) -> Result<Vec<&'static str>, Problem> {
        let unknown = asked.iter().find(|name| self.registry().get(name).is_none());
        if let Some(name) = unknown {
            let message = format!("There is no model `{}`.", crate::query::shown(name));
            return Err(Problem::field("?models", "unknown_model", message));
        }
        let chosen = |entity: &&Entity| {
            let named = asked.is_empty() || asked.iter().any(|name| name == entity.model.name);
            named && !entity.searched.is_empty() && ctx.authorize_rows(entity.model, RowAct::View).is_ok()
        };
        Ok(self.registry().iter().filter(chosen).map(|entity| entity.model.name).collect())
    }

    /// Hits with what the principal sees of their records: read like any list, so that what it may not see,
    /// or what is gone meanwhile, is left out.
    async fn shown(&self, ctx: &Ctx, page: &[&Hit]) -> Result<Vec<Value>, Problem> {
        let mut ids: HashMap<&str, Vec<String>> = HashMap::new();
        for hit in page {
            ids.entry(hit.model.as_str()).or_default().push(hit.id.to_string());
        }
        let mut records: HashMap<(&'static str, String), Record> = HashMap::new();
        for (name, values) in ids {
            let Some(entity) = self.registry().get(name) else { continue };
            let filter = Where::Is { field: "id".to_owned(), op: "eq", values };
            let found = Records::find(self, ctx, entity.model, &Ask { filter, ..Ask::default() }).await?;
            for record in found.records {
                let id = record.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
                records.insert((entity.model.name, id), record);
            }
        }
        let item = |hit: &&Hit| {
            let model = self.registry().get(&hit.model)?.model;
            records.get(&(model.name, hit.id.to_string())).map(|record| shown(model, hit, record))
        };
        Ok(page.iter().filter_map(item).collect())
    }
}

async fn hits(
    conn: &mut PgConnection,
    ctx: &Ctx,
    question: &Question,
    models: &[&'static str],
    wanted: usize,
) -> Result<Vec<Hit>, Problem> {
    let mut hits = Hits::default();
    if models.is_empty() {
        return Ok(hits.list);
    }
    let mut tier = Vec::new();
    if let Some(id) = question.id() {
        let lines: Vec<Line> = sqlx::query_as(BY_ID).bind(id).bind(models).fetch_all(&mut *conn).await?;
        tier.extend(lines.into_iter().map(|line| Hit::new(line, How::Exact)));
    }
    if let Some(net) = question.net() {
        tier.extend(placed(conn, net, models).await?);
    }
    let most = if models.len() <= FEW { MOST } else { MOST_EACH };
    for (low, high) in question.beginnings() {
        let asked = sqlx::query_as(BEGINNING).bind(low).bind(high).bind(models).bind(most);
        let lines: Vec<Line> = asked.fetch_all(&mut *conn).await?;
        tier.extend(lines.into_iter().map(|line| {
            let how = if question.is_whole(&line.4) { How::Exact } else { How::Prefix };
            Hit::new(line, how)
        }));
    }
    hits.add(tier);
    for (starts, how) in [(true, How::Word), (false, How::Part)] {
        let mut grams = question.grams(ctx.tenant(), starts);
        if hits.list.len() >= wanted || grams.is_empty() {
            continue;
        }
        // The rows of a single model are not looked for among all others.
        if let [model] = models {
            grams.push(of_model(ctx.tenant(), model));
        }
        let asked = sqlx::query_as(GRAMS).bind(grams).bind(models).bind(MOST);
        let lines: Vec<Line> = asked.fetch_all(&mut *conn).await?;
        let found = lines.into_iter().filter(|line| question.is_in(&line.4, starts));
        hits.add(found.map(|line| Hit::new(line, how)).collect());
    }
    Ok(hits.list)
}

/// The host or network itself, the networks around it, and what lies in it.
async fn placed(conn: &mut PgConnection, net: IpNet, models: &[&'static str]) -> Result<Vec<Hit>, Problem> {
    let asked = sqlx::query_as(AROUND).bind(around(net)).bind(models).bind(MOST);
    let lines: Vec<Line> = asked.fetch_all(&mut *conn).await?;
    let bare = net.to_string();
    let host = net.addr().to_string();
    let single = net.prefix_len() == net.max_prefix_len();
    let itself = |folded: &str| folded == bare || (single && folded.split('/').next() == Some(host.as_str()));
    let mut found: Vec<Hit> = lines
        .into_iter()
        .map(|line| {
            let how = if itself(&line.4) { How::Exact } else { How::Network };
            Hit::new(line, how)
        })
        .collect();
    if !single {
        let last = IpNet::from(net.broadcast());
        let asked = sqlx::query_as(INSIDE).bind(net).bind(last).bind(models).bind(MOST);
        let lines: Vec<Line> = asked.fetch_all(&mut *conn).await?;
        let inside = lines.into_iter().filter(|line| line.4 != bare);
        found.extend(inside.map(|line| Hit::new(line, How::Inside)));
    }
    Ok(found)
}

fn shown(model: &'static Model, hit: &Hit, record: &Record) -> Value {
    let text = |value: &Value| match value.get("display").unwrap_or(value) {
        Value::Null => None,
        Value::String(text) => Some(text.clone()).filter(|text| !text.is_empty()),
        other => Some(other.to_string()),
    };
    let field = model.field(&hit.field);
    json!({
        "id": hit.id,
        "model": model.name,
        "title": model.title,
        "title_plural": model.title_plural,
        "icon": model.icon,
        "display": display(model, record),
        "context": context(model).and_then(|name| record.get(name)).and_then(text),
        "url": format!("{}/{}", crate::meta::ui_path(model), hit.id),
        "matched": {
            "how": hit.how.as_str(),
            "field": hit.field,
            "label": field.map(|field| field.label),
            "text": record.get(&hit.field).and_then(text).map(|text| text.chars().take(200).collect::<String>()),
        },
    })
}

/// The field that tells records of the same name apart: what a record belongs to.
fn context(model: &Model) -> Option<&'static str> {
    let refers = |field: &&kit::Field| {
        matches!(field.kind, FieldKind::Reference { .. } | FieldKind::Generic { .. })
            && field.name != model.display
    };
    let fields = || model.fields.iter().filter(refers);
    let needed = fields().find(|field| field.required);
    needed.or_else(|| fields().find(|field| field.list)).map(|field| field.name)
}
