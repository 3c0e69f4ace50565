//! `POST /mcp`: the MCP server over HTTP. A message is admitted like any request; the calls it makes go
//! through the API's own router, with the headers by which its sender was known.

use std::net::SocketAddr;
use std::sync::Arc;

use ::mcp::{Answer, Api, Headers, Server};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use kit::{BoxFuture, Ctx, Problem};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::context::RequestId;
use crate::gate::Did;
use crate::routes::{Access, RouteTable};

/// Where it is.
pub(crate) const PATH: &str = "/mcp";
/// Largest answer of the API that is read, bytes.
const MAX_ANSWER: usize = 64 * 1024 * 1024;
/// By what the sender is known, and in which tenant.
const PASSED_ON: [HeaderName; 4] =
    [header::AUTHORIZATION, header::COOKIE, header::USER_AGENT, HeaderName::from_static("x-tenant-id")];

/// What the route needs. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Reader {
    inner: Arc<Inner>,
}

struct Inner {
    server: Server,
    routes: Arc<RouteTable>,
    /// The API with its gate.
    api: Router,
    /// Other origins whose pages may call it.
    origins: Vec<String>,
}

impl Reader {
    pub(crate) fn new(document: &Value, routes: Arc<RouteTable>, api: Router, origins: &[String]) -> Self {
        let server = Server::new(document);
        Self { inner: Arc::new(Inner { server, routes, api, origins: origins.to_vec() }) }
    }
}

/// The route.
pub(crate) fn router(reader: Reader) -> Router {
    Router::new().route(PATH, post(answer)).with_state(reader)
}

/// Its part of the OpenAPI document.
pub(crate) fn operation() -> Value {
    let message = json!({"application/json": {"schema": {"type": "object"}, "example": {
        "jsonrpc": "2.0", "id": 1, "method": "tools/list",
    }}});
    json!({PATH: {"post": {
        "operationId": "mcp",
        "summary": "Model Context Protocol: one JSON-RPC message",
        "description": "Tools that read, under the rights of the caller; docs/mcp.md describes them. Stateless: revision 2026-07-28, and 2024-11-05 to 2025-11-25 with a handshake.",
        "tags": ["mcp"],
        "x-permission": "authenticated",
        "requestBody": {"required": true, "content": message},
        "responses": {
            "200": {"description": "The answer", "content": {"application/json": {"schema": {"type": "object"}}}},
            "202": {"description": "Taken; a notification has no answer"},
            "400": {"description": "The message cannot be understood, as a JSON-RPC error"},
            "401": {"description": "Not logged in"},
        },
    }}})
}

async fn answer(State(reader): State<Reader>, ctx: Ctx, request: Request) -> Result<Response, Problem> {
    let inner = &*reader.inner;
    from_here(&request, &inner.origins)?;
    let (parts, body) = request.into_parts();
    let text = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok());
    let kind = text("content-type").unwrap_or_default().split(';').next().unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case("application/json") {
        let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
        return Err(Problem::new(status, "unsupported-media-type", "A message is application/json."));
    }
    let too_large =
        |_| Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", "A message has at most 1 MiB.");
    let body = axum::body::to_bytes(body, crate::assemble::BODY_LIMIT).await.map_err(too_large)?;
    let mut headers: Vec<(HeaderName, HeaderValue)> = PASSED_ON
        .into_iter()
        .filter_map(|name| Some((name.clone(), parts.headers.get(&name)?.clone())))
        .collect();
    headers.extend(branch_of(&ctx)?);
    let caller = Caller {
        inner,
        ctx,
        headers,
        address: parts.extensions.get::<ConnectInfo<SocketAddr>>().copied(),
        request: parts.extensions.get::<RequestId>().copied(),
    };
    let headers =
        Headers { version: text("mcp-protocol-version"), method: text("mcp-method"), name: text("mcp-name") };
    let reply = inner.server.answer(&caller, &headers, &body).await;
    let status = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = match reply.body {
        Some(body) => {
            let json = HeaderValue::from_static("application/json");
            (status, [(header::CONTENT_TYPE, json)], body.to_string()).into_response()
        }
        None => status.into_response(),
    };
    if let Some(tool) = reply.tool {
        response.extensions_mut().insert(Did(tool));
    }
    Ok(response)
}

/// The header that names the branch in which the sender works, however it was named to us.
fn branch_of(ctx: &Ctx) -> Result<Option<(HeaderName, HeaderValue)>, Problem> {
    let Some(branch) = ctx.branch() else { return Ok(None) };
    let value = HeaderValue::from_str(branch)
        .map_err(|_| Problem::bad_request("The name of the branch is no ASCII text. Name it by its id."))?;
    Ok(Some((HeaderName::from_static("x-portolan-branch"), value)))
}

/// Pages of other origins get nothing, whatever name this server was reached by.
fn from_here(request: &Request, origins: &[String]) -> Result<(), Problem> {
    let Some(origin) = request.headers().get(header::ORIGIN) else { return Ok(()) };
    let origin = origin.to_str().unwrap_or_default();
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    let host = host.or_else(|| request.uri().authority().map(axum::http::uri::Authority::as_str));
    let own = origin.split_once("://").is_some_and(|(_, authority)| host == Some(authority));
    if own || origins.iter().any(|known| known == origin) {
        return Ok(());
    }
    let text = format!("Pages of {origin} may not call this; server.cors_origins names those that may.");
    Err(Problem::new(StatusCode::FORBIDDEN, "origin", text))
}

/// The API, as the sender of the message.
struct Caller<'a> {
    inner: &'a Inner,
    ctx: Ctx,
    headers: Vec<(HeaderName, HeaderValue)>,
    address: Option<ConnectInfo<SocketAddr>>,
    request: Option<RequestId>,
}

impl Caller<'_> {
    fn request(&self, target: &str) -> Result<Request, axum::http::Error> {
        let mut request = axum::http::Request::get(target).body(Body::empty())?;
        request.headers_mut().extend(self.headers.iter().cloned());
        let extensions = request.extensions_mut();
        if let Some(address) = self.address {
            extensions.insert(address);
        }
        if let Some(id) = self.request {
            extensions.insert(id);
        }
        Ok(request)
    }
}

impl Api for Caller<'_> {
    fn get<'a>(&'a self, target: &'a str) -> BoxFuture<'a, Answer> {
        Box::pin(async move {
            let Ok(request) = self.request(target) else {
                return problem(&Problem::bad_request("This cannot be asked: it is no path of the API."));
            };
            let response = match self.inner.api.clone().oneshot(request).await {
                Ok(response) => response,
                Err(never) => match never {},
            };
            let status = response.status().as_u16();
            match axum::body::to_bytes(response.into_body(), MAX_ANSWER).await {
                Ok(bytes) => Answer { status, body: read(&bytes) },
                Err(_) => problem(&Problem::unavailable("The answer is too large. Narrow the question.")),
            }
        })
    }

    fn allows(&self, operation: &str) -> bool {
        match self.inner.routes.called(operation).map(|route| route.access) {
            Some(Access::Needs(permission)) => self.ctx.rights().allows(permission),
            Some(Access::Public | Access::Authenticated) => true,
            None => false,
        }
    }
}

/// JSON, or the text that refused in place of it.
fn read(bytes: &Bytes) -> Value {
    serde_json::from_slice(bytes)
        .unwrap_or_else(|_| json!({"detail": String::from_utf8_lossy(bytes).into_owned()}))
}

fn problem(problem: &Problem) -> Answer {
    Answer { status: problem.status.as_u16(), body: problem.document() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_of_other_origins_are_refused() {
        let allowed = ["https://chat.example".to_owned()];
        for (origin, good) in [
            (None, true),
            (Some("http://portolan:8080"), true),
            (Some("https://chat.example"), true),
            (Some("http://evil.example"), false),
            (Some("null"), false),
        ] {
            let mut request = Request::new(Body::empty());
            request.headers_mut().insert(header::HOST, HeaderValue::from_static("portolan:8080"));
            if let Some(origin) = origin {
                request.headers_mut().insert(header::ORIGIN, HeaderValue::from_static(origin));
            }
            assert_eq!(from_here(&request, &allowed).is_ok(), good, "{origin:?}");
        }
    }
}
