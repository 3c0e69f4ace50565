//! What every request gets, whoever sends it: an id, security headers, a guard against panics, a
//! line in the access log, and problem documents that name the request.

use std::panic::AssertUnwindSafe;
use std::time::Instant;

use axum::body::{Body, HttpBody as _};
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures::FutureExt as _;
use kit::Problem;
use uuid::Uuid;

use crate::gate::AtDoor;
use crate::metrics::Metrics;

/// The id of a request, in its extensions.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RequestId(pub(crate) Uuid);

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Headers of every answer. Pages add their own Content-Security-Policy.
const SECURITY: [(HeaderName, &str); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    ),
    (header::X_FRAME_OPTIONS, "DENY"),
];

/// The policy of everything that is no page.
const API_POLICY: &str = "default-src 'none'; frame-ancestors 'none'";

/// The outermost layer.
pub(crate) async fn envelop(State(metrics): State<Metrics>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = request_id(&request);
    request.extensions_mut().insert(RequestId(id));
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let secure = request.extensions().get::<crate::listener::Secure>().is_some();
    let route = request.extensions().get::<MatchedPath>().map(|matched| matched.as_str().to_owned());
    let answered = AssertUnwindSafe(next.run(request)).catch_unwind().await;
    let mut response = answered.unwrap_or_else(|_| {
        tracing::error!(%id, %method, path, "a handler panicked");
        Problem::internal("a handler panicked").into_response()
    });
    if path.starts_with("/api/") {
        response = as_problem(response).await;
    }
    let called = path.starts_with("/api/")
        || path == crate::mcp::PATH
        || response.extensions().get::<AtDoor>().is_some();
    name_the_request(&mut response, id);
    headers(&mut response, id, called, secure);
    let took = started.elapsed();
    let status = response.status().as_u16();
    metrics.request(&method, route.as_deref().unwrap_or("other"), status, took);
    if called {
        tracing::info!(target: "portolan::access", %id, %method, path, status, ms = took.as_millis() as u64);
    }
    response
}

/// The client's id when it is a uuid, else a new one.
fn request_id(request: &Request) -> Uuid {
    request
        .headers()
        .get(REQUEST_ID)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| Uuid::parse_str(text).ok())
        .unwrap_or_else(Uuid::now_v7)
}

/// Extractors refuse bad bodies and parameters in plain text; what leaves the server is a problem.
async fn as_problem(response: Response) -> Response {
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    if !response.status().is_client_error() || !kind.is_some_and(|kind| kind.starts_with("text/plain")) {
        return response;
    }
    let status = response.status();
    let code = match status.as_u16() {
        413 => "too-large",
        415 => "unsupported-media-type",
        422 => "invalid",
        _ => "bad-request",
    };
    let bytes = axum::body::to_bytes(response.into_body(), 16 * 1024).await.unwrap_or_default();
    Problem::new(status, code, String::from_utf8_lossy(&bytes)).into_response()
}

/// Problem documents name the request in `instance`.
fn name_the_request(response: &mut Response, id: Uuid) {
    let Some(problem) = response.extensions_mut().remove::<Problem>() else { return };
    let mut document = problem.document();
    if let Some(map) = document.as_object_mut() {
        map.insert("instance".to_owned(), format!("urn:uuid:{id}").into());
    }
    let body = Body::from(document.to_string());
    if let Some(length) = body.size_hint().exact() {
        response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    }
    *response.body_mut() = body;
}

fn headers(response: &mut Response, id: Uuid, called: bool, secure: bool) {
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(&id.to_string()) {
        headers.insert(REQUEST_ID, value);
    }
    for (name, value) in SECURITY {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(API_POLICY));
    if secure {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    if called {
        headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    }
}

/// 404 for everything below `/api` that is no route.
pub(crate) async fn no_such_route() -> Problem {
    Problem::not_found("route")
}

/// 405, as a problem document. `Allow` is set by the router.
pub(crate) async fn wrong_method(method: Method) -> Problem {
    Problem::new(
        axum::http::StatusCode::METHOD_NOT_ALLOWED,
        "method-not-allowed",
        format!("{method} is not possible here; the header Allow lists what is."),
    )
}
