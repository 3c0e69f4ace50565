//! One handler a verb.

use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use kit::record::Record;
use kit::{Ctx, Problem, Records as _};
use serde_json::Value;
use uuid::Uuid;

use super::body::{Import, Json, expected_version, not_modified};
use super::{Id, Pairs, Place, flag};
use crate::engine::{Engine, Key, Search, Source};
use crate::input::Mode;
use crate::meta;
use crate::query::{self, DEFAULT_LIMIT, Format, MAX_LIMIT};

const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// Most hits of a page of the search.
const MAX_HITS: usize = 100;

type Answer = Result<Response, Problem>;

fn json_bytes(status: StatusCode, body: Vec<u8>) -> Response {
    let mut response = (status, body).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, JSON);
    response
}

fn json_value(status: StatusCode, value: &impl serde::Serialize) -> Answer {
    Ok(json_bytes(status, serde_json::to_vec(value).map_err(Problem::internal)?))
}

fn version_of(record: &Record) -> i64 {
    record.get("version").and_then(Value::as_i64).unwrap_or_default()
}

/// A record with its `ETag`.
fn single(status: StatusCode, record: &Record) -> Answer {
    let mut response = json_value(status, record)?;
    let tag = format!("\"v{}\"", version_of(record));
    response.headers_mut().insert(header::ETAG, HeaderValue::from_str(&tag).map_err(Problem::internal)?);
    Ok(response)
}

/// `GET /api/v1/meta/models`
pub(super) async fn meta(State(engine): State<Engine>, ctx: Ctx) -> Answer {
    json_value(StatusCode::OK, &meta::document(&engine, ctx.rights()))
}

/// `GET /api/v1/search`
pub(super) async fn search(State(engine): State<Engine>, ctx: Ctx, pairs: Pairs) -> Answer {
    let [text, models, limit, cursor] = pairs.only(["q", "models", "limit", "cursor"])?;
    let limit = match limit.map(|limit| limit.parse::<usize>()) {
        None => 20,
        Some(Ok(limit)) if (1..=MAX_HITS).contains(&limit) => limit,
        Some(_) => {
            let message = format!("The limit is a number from 1 to {MAX_HITS}.");
            return Err(Problem::field("?limit", "out_of_range", message));
        }
    };
    let offset = cursor
        .map_or(Ok(0), |cursor| cursor.parse::<usize>())
        .map_err(|_| Problem::bad_request("This cursor is not of this search. Start again without it."))?;
    let models = models.unwrap_or_default();
    let models =
        models.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect();
    let search = Search { text: text.unwrap_or_default(), models, limit, offset };
    json_value(StatusCode::OK, &engine.search(&ctx, &search).await?)
}

/// `POST /api/v1/search/actions/rebuild`: 202 with the job.
pub(super) async fn rebuild(State(engine): State<Engine>, ctx: Ctx, pairs: Pairs) -> Answer {
    let [] = pairs.only([])?;
    let job = engine.enqueue_rebuild(&ctx).await?;
    json_value(StatusCode::ACCEPTED, &serde_json::json!({ "job": job }))
}

/// `GET <path>`: a page, or everything in another format.
pub(super) async fn list(State(place): State<Place>, ctx: Ctx, Pairs(pairs): Pairs) -> Answer {
    let query = place.engine.query(place.model, &pairs)?;
    let (media, ending) = match query.format {
        Format::Page => {
            return Ok(json_bytes(StatusCode::OK, place.engine.list(&ctx, place.model, &query).await?));
        }
        Format::Csv => ("text/csv; charset=utf-8; header=present", "csv"),
        Format::Json => ("application/json", "json"),
        Format::Ndjson => ("application/x-ndjson", "ndjson"),
        Format::Yaml => ("application/yaml", "yaml"),
    };
    let stream = place.engine.export(&ctx, place.model, query)?;
    let mut response = Body::from_stream(stream).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    let name = format!("attachment; filename=\"{}.{ending}\"", place.model.collection);
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_str(&name).map_err(Problem::internal)?);
    Ok(response)
}

/// `POST <path>`: 201 with the record, or with `{"items"}` for an array.
pub(super) async fn create(
    State(place): State<Place>,
    ctx: Ctx,
    pairs: Pairs,
    headers: HeaderMap,
    Json(body): Json,
) -> Answer {
    let [dry_run] = pairs.only(["dry_run"])?;
    let dry_run = flag("dry_run", dry_run.as_deref())?;
    let key = headers.get("idempotency-key").filter(|_| !dry_run).map(HeaderValue::as_bytes);
    let key = Key::new(key, &place.model.path(), &body)?;
    let created = place.engine.create(&ctx, place.model, body, key, dry_run).await?;
    let status = if dry_run { StatusCode::OK } else { StatusCode::CREATED };
    match created.records.as_slice() {
        [record] if !created.many => {
            let mut response = single(status, record)?;
            if let Some(id) = record.get("id").and_then(Value::as_str).filter(|_| !dry_run) {
                let location = format!("{}/{id}", place.model.path());
                let location = HeaderValue::from_str(&location).map_err(Problem::internal)?;
                response.headers_mut().insert(header::LOCATION, location);
            }
            Ok(response)
        }
        records => json_value(status, &serde_json::json!({ "items": records })),
    }
}

/// `GET <path>/{id}`: 304 when the client has this version.
pub(super) async fn read(
    State(place): State<Place>,
    ctx: Ctx,
    Id(id): Id,
    pairs: Pairs,
    headers: HeaderMap,
) -> Answer {
    let [as_of] = pairs.only(["as_of"])?;
    let as_of = as_of.map(|text| query::as_of(&text)).transpose();
    let as_of = as_of
        .map_err(|error| Problem { errors: vec![error.clone()], ..Problem::bad_request(error.message) })?;
    let record = place.engine.read(&ctx, place.model, id, as_of).await?;
    let mut response = single(StatusCode::OK, &record)?;
    if not_modified(&headers, version_of(&record)) {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        *response.body_mut() = Body::empty();
    }
    Ok(response)
}

/// `GET <path of sets of choices>/{id}/choices`: what can be chosen, a page of it.
pub(super) async fn choices(State(place): State<Place>, ctx: Ctx, Id(id): Id, pairs: Pairs) -> Answer {
    let [words, limit, cursor] = pairs.only(["q", "limit", "cursor"])?;
    let number = |name: &str, text: Option<String>, usual: usize| match text.map(|text| text.parse::<usize>())
    {
        None => Ok(usual),
        Some(Ok(number)) => Ok(number),
        Some(Err(_)) => Err(Problem::bad_request(format!("{name} must be a whole number."))),
    };
    let most = MAX_LIMIT as usize;
    let limit = number("limit", limit, DEFAULT_LIMIT as usize)?;
    if !(1..=most).contains(&limit) {
        return Err(Problem::bad_request(format!("limit must be a number from 1 to {most}.")));
    }
    let first = number("cursor", cursor, 0)?;
    let set = place.engine.read(&ctx, place.model, id, None).await?;
    let found = place.engine.choices(&set, words.as_deref().unwrap_or_default());
    let page = found.iter().skip(first).take(limit);
    let items: Vec<Value> =
        page.map(|(value, label)| serde_json::json!({"value": value, "label": label})).collect();
    let next = first.saturating_add(limit);
    let next = (next < found.len()).then(|| next.to_string());
    let page = serde_json::json!({"items": items, "next_cursor": next, "total": found.len()});
    json_value(StatusCode::OK, &page)
}

/// `PATCH <path>/{id}`: RFC 7396.
pub(super) async fn patch(
    place: State<Place>,
    ctx: Ctx,
    id: Id,
    pairs: Pairs,
    headers: HeaderMap,
    body: Json,
) -> Answer {
    change(place, ctx, id, pairs, headers, (Mode::Merge, body)).await
}

/// `PUT <path>/{id}`: fields not given go back to their default; secrets stay.
pub(super) async fn put(
    place: State<Place>,
    ctx: Ctx,
    id: Id,
    pairs: Pairs,
    headers: HeaderMap,
    body: Json,
) -> Answer {
    change(place, ctx, id, pairs, headers, (Mode::Replace, body)).await
}

async fn change(
    State(place): State<Place>,
    ctx: Ctx,
    Id(id): Id,
    pairs: Pairs,
    headers: HeaderMap,
    (mode, Json(body)): (Mode, Json),
) -> Answer {
    let [dry_run] = pairs.only(["dry_run"])?;
    let dry_run = flag("dry_run", dry_run.as_deref())?;
    let expected = expected_version(&headers)?;
    let record = place.engine.change(&ctx, place.model, (id, expected), (mode, body), dry_run).await?;
    single(StatusCode::OK, &record)
}

/// `DELETE <path>/{id}`
pub(super) async fn delete(
    State(place): State<Place>,
    ctx: Ctx,
    Id(id): Id,
    pairs: Pairs,
    headers: HeaderMap,
) -> Answer {
    let [dry_run] = pairs.only(["dry_run"])?;
    let dry_run = flag("dry_run", dry_run.as_deref())?;
    place.engine.delete(&ctx, place.model, (id, expected_version(&headers)?), dry_run).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// `GET <path>/{id}/history`
pub(super) async fn history(State(place): State<Place>, ctx: Ctx, Id(id): Id, pairs: Pairs) -> Answer {
    let [limit, cursor] = pairs.only(["limit", "cursor"])?;
    let limit = match limit.map(|limit| limit.parse::<u32>()) {
        None => DEFAULT_LIMIT,
        Some(Ok(limit)) if (1..=MAX_LIMIT).contains(&limit) => limit,
        Some(_) => {
            return Err(Problem::bad_request(format!("limit must be a number from 1 to {MAX_LIMIT}.")));
        }
    };
    let before = match cursor.map(|cursor| Uuid::try_parse(&cursor)) {
        None => None,
        Some(Ok(before)) => Some(before),
        Some(Err(_)) => {
            return Err(Problem::bad_request("This cursor is not of this history. Start again without it."));
        }
    };
    json_value(StatusCode::OK, &place.engine.history(&ctx, place.model, id, before, limit).await?)
}

/// `POST <path>/actions/batch`
pub(super) async fn batch(State(place): State<Place>, ctx: Ctx, pairs: Pairs, Json(body): Json) -> Answer {
    let [dry_run] = pairs.only(["dry_run"])?;
    let dry_run = flag("dry_run", dry_run.as_deref())?;
    json_value(StatusCode::OK, &place.engine.batch(&ctx, place.model, body, dry_run).await?)
}

/// `POST <path>/actions/import`: 422 with the errors of every row when there is one.
pub(super) async fn import(State(place): State<Place>, ctx: Ctx, pairs: Pairs, body: Import) -> Answer {
    let [dry_run, matching] = pairs.only(["dry_run", "match"])?;
    let dry_run = flag("dry_run", dry_run.as_deref())?;
    let source = match &body {
        Import::Csv(bytes) => Source::Csv(bytes),
        Import::Json(rows) => Source::Json(rows.clone()),
        Import::Yaml(bytes) => Source::Yaml(bytes),
    };
    let (report, good) = place.engine.import(&ctx, place.model, source, matching.as_deref(), dry_run).await?;
    let status = if good || dry_run { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    json_value(status, &report)
}
