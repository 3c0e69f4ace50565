//! `/api/extras/tagged-objects/`: every tag of every object; and how many objects have a tag.

use std::collections::{BTreeSet, HashMap, HashSet};

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kit::permission::Act;
use kit::record::Record;
use kit::records::{Ask, Where};
use kit::{Ctx, Model, Permission, Problem, Records};
use serde_json::{Value, json};
use uuid::Uuid;

use super::contract::{self, Endpoint};
use super::errors::Refusal;
use super::objects::Short;
use super::pool::record_id;
use super::query::{self, Pairs};
use crate::reading::reference_id;

/// Tagged objects looked at by one request.
const MAX_OBJECTS: usize = 10_000;
const PAGE: u32 = 1_000;
const TAGS: &str = "platform.tag";
/// Members of the short form.
const BRIEF: &[&str] = &["id", "url", "display", "object_type", "object_id", "object", "tag"];

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
    let by: Vec<(&str, &str)> = tagged(records).map(|(_, model)| (model.name, "tags")).collect();
    for (tag, count) in records.referrals(ctx, &by, tags).await?.into_iter().flatten() {
        *counts.entry(tag).or_default() += count;
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
    if let Some(id) = id {
        let missing = || Refusal::detail(StatusCode::NOT_FOUND, "No TaggedItem matches the given query.");
        let at = id.checked_sub(1).ok_or_else(missing)?;
        let one = all.get(at..=at).ok_or_else(missing)?;
        let object = shown(records, ctx, base, id, one).await?.pop();
        return Ok(axum::Json(object).into_response());
    }
    let page = query::cut(&all, pairs);
    let first = usize::try_from(query::offset(pairs)).unwrap_or(usize::MAX).saturating_add(1);
    let mut results = shown(records, ctx, base, first, page).await?;
    let form = query::form(pairs);
    for object in &mut results {
        form.trim(object, BRIEF);
    }
    let address = query::Address { base, path: "extras/tagged-objects", pairs };
    Ok(address.answer(all.len(), &results))
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
    // Which of an object's tags are shown; all of them when none is named.
    let named = !tests.is_empty();
    let tag = Where::All(tests);
    let model = records.model(TAGS).ok_or_else(Refusal::no_route)?;
    let known: HashSet<Uuid> = if named {
        let found = records.find(ctx, model, &Ask { filter: tag.clone(), ..Ask::default() }).await?;
        found.records.iter().map(record_id).collect()
    } else {
        HashSet::new()
    };
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
                let tags = tags.iter().filter_map(reference_id).filter(|tag| !named || known.contains(tag));
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

/// The members of each; the first has this id. One look at the tags, and one for each type of objects.
async fn shown(
    records: &dyn Records,
    ctx: &Ctx,
    base: &str,
    first: usize,
    page: &[Tagged],
) -> Result<Vec<Value>, Refusal> {
    let tags: BTreeSet<Uuid> = page.iter().map(|one| one.tag).collect();
    let found = records.referenced(ctx, &[(TAGS, tags.into_iter().collect())]).await?.remove(TAGS);
    let tags: Vec<Record> = found.unwrap_or_default().into_values().collect();
    let endpoint = Endpoint::of_model(TAGS).ok_or_else(Refusal::no_route)?;
    let forms = Short::of_all(records, ctx, base, endpoint, &tags).await?;
    let tags: HashMap<Uuid, Short> = tags.iter().map(record_id).zip(forms).collect();
    let mut all = Vec::with_capacity(page.len());
    for same in page.chunk_by(|a, b| std::ptr::eq(a.endpoint, b.endpoint)) {
        let Some(endpoint) = same.first().map(|one| one.endpoint) else { continue };
        let objects: Vec<Record> = same.iter().map(|one| one.object.clone()).collect();
        let forms = Short::of_all(records, ctx, base, endpoint, &objects).await?;
        for (one, form) in same.iter().zip(forms) {
            let (id, tag) = (first.saturating_add(all.len()), tags.get(&one.tag));
            let json = |short: &Short| serde_json::from_str::<Value>(&short.json).map_err(Problem::internal);
            all.push(json!({
                "id": id,
                "url": format!("{base}/api/extras/tagged-objects/{id}/"),
                "display": format!("{} tagged with {}", form.display, tag.map_or("", |tag| &tag.display)),
                "object_type": endpoint.kind,
                "object_id": one.object.get("number"),
                "object": json(&form)?,
                "tag": tag.map(json).transpose()?,
            }));
        }
    }
    Ok(all)
}
