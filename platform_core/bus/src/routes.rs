//! HTTP: the live stream and the actions on dead letters.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures::StreamExt;
use kit::{Act, Ctx, Permission, Problem};
use serde::Deserialize;
use serde_json::json;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::{Bus, Filter, StreamItem, failure};

const WRITE: Permission = Permission::new("platform/dead-letters", Act::Write);
const DELETE: Permission = Permission::new("platform/dead-letters", Act::Delete);

/// A stream lives this long; the browser comes back with its last cursor and current rights.
const LIFETIME: Duration = Duration::from_mins(10);
const HEARTBEAT: Duration = Duration::from_secs(15);

/// Routes below `/api/v1`.
pub fn router(bus: Arc<Bus>) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(stream))
        .with_state(bus)
        .routes(routes!(retry))
        .routes(routes!(discard))
}

#[derive(Deserialize)]
struct StreamQuery {
    #[serde(default)]
    types: String,
    subject: Option<String>,
    after: Option<String>,
}

/// Follow events live (server-sent events). `id:` is the cursor; a reconnect with `Last-Event-ID`
/// goes on after it. `event: resync` means that older events are gone: load anew.
#[utoipa::path(get, path = "/events/stream", tag = "events", operation_id = "events_stream",
    params(
        ("types" = Option<String>, Query, description = "Event types, comma separated; `device.*` for a family"),
        ("subject" = Option<String>, Query, description = "Only subjects that begin with this"),
        ("after" = Option<String>, Query, description = "Cursor of the last event received"),
        ("Last-Event-ID" = Option<String>, Header, description = "The same, as browsers send it")),
    extensions(("x-authenticated" = json!(true))),
    responses((status = 200, content_type = "text/event-stream", body = String),
        (status = 422, description = "Wrong types or cursor"), (status = 429, description = "Too many streams")))]
async fn stream(
    State(bus): State<Arc<Bus>>,
    ctx: Ctx,
    Query(query): Query<StreamQuery>,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Problem> {
    let filter = Filter::parse(&query.types, query.subject.as_deref())?;
    let last = headers.get("last-event-id").and_then(|value| value.to_str().ok());
    let after = last.or(query.after.as_deref()).filter(|cursor| !cursor.is_empty());
    let items = bus.stream(ctx, filter, after).await?;
    let events = items.map(|item| Ok::<_, Infallible>(render(&item)));
    let ends = events.take_until(Box::pin(tokio::time::sleep(LIFETIME)));
    Ok(Sse::new(ends).keep_alive(KeepAlive::new().interval(HEARTBEAT)))
}

fn render(item: &StreamItem) -> Event {
    match item {
        StreamItem::Event(event) => {
            Event::default().id(&event.cursor).event(&event.event_type).data(json!(event).to_string())
        }
        StreamItem::Resync => Event::default().event("resync").data("{}"),
    }
}

/// Try an undelivered event again now.
#[utoipa::path(post, path = "/platform/dead-letters/{id}/actions/retry", tag = "platform",
    operation_id = "platform_dead_letters_retry", params(("id" = Uuid, Path, description = "Undelivered event")),
    extensions(("x-permission" = json!("platform/dead-letters:write"))),
    responses((status = 202, description = "It is tried again"), (status = 404, description = "No such event")))]
async fn retry(ctx: Ctx, Path(id): Path<Uuid>) -> Result<StatusCode, Problem> {
    let mut tx = ctx.write(ctx.authorize(WRITE)?).await?;
    failure::revive(tx.conn(), id).await?;
    tx.commit().await?;
    Ok(StatusCode::ACCEPTED)
}

/// Forget an undelivered event.
#[utoipa::path(post, path = "/platform/dead-letters/{id}/actions/discard", tag = "platform",
    operation_id = "platform_dead_letters_discard", params(("id" = Uuid, Path, description = "Undelivered event")),
    extensions(("x-permission" = json!("platform/dead-letters:delete"))),
    responses((status = 204, description = "Forgotten"), (status = 404, description = "No such event")))]
async fn discard(ctx: Ctx, Path(id): Path<Uuid>) -> Result<StatusCode, Problem> {
    let mut tx = ctx.write(ctx.authorize(DELETE)?).await?;
    failure::discard(tx.conn(), id).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
