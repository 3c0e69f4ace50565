//! `/api/extras/tagged-objects/`: every tag of every object; and how many objects have a tag.

use std::collections::HashMap;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kit::permission::Act;
use kit::record::Record;
use kit::records::{Ask, Where};
use kit::{Ctx, Model, Permission, Problem, Records};
use serde_json::{Value, json};
use uuid::Uuid;

use super::contract::{self, Endpoint};
use super::display;
use super::errors::Refusal;
use super::pool::{Pool, nested};
use super::query::{self, Pairs};
use super::render::{Form, Writer};
use crate::reading::reference_id;

/// Tagged objects looked at by one request.
const MAX_OBJECTS: usize = 10_000;
const PAGE: u32 = 1_000;
const TAGS: &str = "platform.tag";

/// Endpoints whose objects have tags.
fn tagged(records: &dyn Records) -> impl Iterator<Item = (&'static Endpoint, &'static Model)> {
    contract::endpoints().iter().filter_map(|endpoint| {
        let model = records.model(&endpoint.model)?;
        model.field("tags").map(|_| (endpoint, model))
    })
}

/// How many objects have each of the tags.
pub(super) async fn counts(
    records: &dyn Records,
    ctx: &Ctx,
    tags: &[Uuid],
) -> Result<HashMap<Uuid, i64>, Problem> {
    let mut counts: HashMap<Uuid, i64> = HashMap::new();
    for (_, model) in tagged(records) {
        for (tag, count) in records.referrals(ctx, model.name, "tags", tags).await? {
            *counts.entry(tag).or_default() += count;
        }
    }
    Ok(counts)
}

/// One tag of one object.
struct Tagged {
    endpoint: &'static Endpoint,
    object: Record,
    tag: Uuid,
}

/// GET of the list. Ids are places in the order of types and objects.
pub(super) async fn served(
    records: &dyn Records,
    ctx: &Ctx,
    base: &str,
    pairs: &Pairs,
    id: Option<usize>,
) -> Result<Response, Refusal> {
    ctx.authorize(Permission::new("platform/tags", Act::Read))?;
    let all = found(records, ctx, pairs).await?;
    let number = |name: &str| query::last(pairs, name).and_then(|text| text.parse::<usize>().ok());
    let wanted: Vec<(usize, &Tagged)> = all.iter().enumerate().map(|(at, one)| (at + 1, one)).collect();
    if let Some(id) = id {
        let missing = || Refusal::detail(StatusCode::NOT_FOUND, "No TaggedItem matches the given query.");
        let (_, one) = wanted.into_iter().find(|(known, _)| *known == id).ok_or_else(missing)?;
        return Ok(axum::Json(shown(records, ctx, base, id, one).await?).into_response());
    }
    let limit = number("limit").filter(|limit| *limit > 0).unwrap_or(50).min(1_000);
    let offset = number("offset").unwrap_or(0);
    let form = query::form(pairs);
    let mut results = Vec::new();
    for (id, one) in wanted.iter().skip(offset).take(limit) {
        let mut object = shown(records, ctx, base, *id, one).await?;
        if let Some(members) = object.as_object_mut() {
            members.retain(|name, _| match &form {
                Form::Full => true,
                Form::Brief => ["id", "url", "display", "object_type", "object_id", "object", "tag"]
                    .contains(&name.as_str()),
                Form::Only(names) => names.contains(name),
                Form::Without(names) => !names.contains(name),
            });
        }
        results.push(object);
    }
    let page = |offset: usize| format!("{base}/api/extras/tagged-objects/?limit={limit}&offset={offset}");
    let next = (offset + limit < all.len()).then(|| page(offset + limit));
    let previous = (offset > 0).then(|| page(offset.saturating_sub(limit)));
    let body = json!({"count": all.len(), "next": next, "previous": previous, "results": results});
    Ok(axum::Json(body).into_response())
}

/// The objects whose reading is granted, by type and tag when these are named.
async fn found(records: &dyn Records, ctx: &Ctx, pairs: &Pairs) -> Result<Vec<Tagged>, Refusal> {
    let given = |name: &str| -> Vec<String> {
        pairs.iter().filter(|(other, _)| other == name).map(|(_, value)| value.clone()).collect()
    };
    let kinds = given("object_type");
    let mut tests = Vec::new();
    for (field, values) in [("slug", given("tag")), ("number", given("tag_id"))] {
        if !values.is_empty() {
            tests.push(Where::Is { field: field.to_owned(), op: "eq", values });
        }
    }
    let tag = Where::All(tests);
    let model = records.model(TAGS).ok_or_else(Refusal::no_route)?;
    let known = records.find(ctx, model, &Ask { filter: tag.clone(), ..Ask::default() }).await?.records;
    let known: Vec<Uuid> = known.iter().filter_map(|tag| tag.get("id")?.as_str()?.parse().ok()).collect();
    let mut all = Vec::new();
    for (endpoint, model) in
        tagged(records).filter(|(endpoint, _)| kinds.is_empty() || kinds.contains(&endpoint.kind))
    {
        if ctx.authorize(Permission::new(model.permission, Act::Read)).is_err() {
            continue;
        }
        let filter = Where::Via { field: "tags".to_owned(), model: None, then: Box::new(tag.clone()) };
        let mut ask = Ask { filter, sort: Some("number".to_owned()), limit: PAGE, ..Ask::default() };
        loop {
            let page = records.find(ctx, model, &ask).await?.records;
            let full = page.len() == PAGE as usize;
            for object in page {
                let tags = object.get("tags").and_then(Value::as_array).cloned().unwrap_or_default();
                let tags = tags.iter().filter_map(reference_id).filter(|tag| known.contains(tag));
                all.extend(tags.map(|tag| Tagged { endpoint, object: object.clone(), tag }));
            }
            if all.len() > MAX_OBJECTS {
                let text = format!("More than {MAX_OBJECTS} objects have tags. Ask by object_type and tag.");
                return Err(Refusal::detail(StatusCode::BAD_REQUEST, text));
            }
            if !full {
                break;
            }
            ask.offset += u64::from(PAGE);
        }
    }
    Ok(all)
}

async fn short(
    records: &dyn Records,
    ctx: &Ctx,
    base: &str,
    endpoint: &'static Endpoint,
    record: &Record,
) -> Result<(Value, String), Problem> {
    let facts = nested(endpoint);
    let pool = Pool::load(records, ctx, endpoint, std::slice::from_ref(record), facts).await?;
    let mut out = Vec::with_capacity(512);
    Writer { base, pool: &pool }.object(&mut out, endpoint, record, facts);
    let text = display::of(endpoint, record, &pool);
    Ok((serde_json::from_slice(&out).map_err(Problem::internal)?, text))
}

async fn shown(
    records: &dyn Records,
    ctx: &Ctx,
    base: &str,
    id: usize,
    one: &Tagged,
) -> Result<Value, Refusal> {
    let (object, text) = short(records, ctx, base, one.endpoint, &one.object).await?;
    let found = records.referenced(ctx, &[(TAGS, vec![one.tag])]).await?;
    let tag = found.get(TAGS).and_then(|found| found.get(&one.tag)).cloned().unwrap_or_default();
    let endpoint = Endpoint::of_model(TAGS).ok_or_else(Refusal::no_route)?;
    let (tag, name) = short(records, ctx, base, endpoint, &tag).await?;
    Ok(json!({
        "id": id,
        "url": format!("{base}/api/extras/tagged-objects/{id}/"),
        "display": format!("{text} tagged with {name}"),
        "object_type": one.endpoint.kind,
        "object_id": one.object.get("number"),
        "object": object,
        "tag": tag,
    }))
}
