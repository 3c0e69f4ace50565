//! Puts the parts together: routers of the rooms and plugins, the OpenAPI document over all of them,
//! and the layers in front.

use std::path::PathBuf;
use std::sync::Arc;

use auth::Auth;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderName, HeaderValue, Method, header};
use axum::middleware::from_fn_with_state;
use axum::response::IntoResponse;
use axum::routing::get;
use kit::TenantId;
use kit::plugin::Door;
use serde_json::{Value, json};
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate as _};
use tower_http::cors::{AllowOrigin, CorsLayer};
use utoipa_axum::router::OpenApiRouter;

use crate::context::{envelop, no_such_route, wrong_method};
use crate::docs;
use crate::gate::{Gate, admit, admit_to_door};
use crate::health::Components;
use crate::mcp::Reader;
use crate::metrics::Metrics;
use crate::pages::{Pages, page};
use crate::routes::RouteTable;

/// Largest request body, unless a route says otherwise.
pub(crate) const BODY_LIMIT: usize = 1024 * 1024;

/// What the gateway serves.
pub struct Parts {
    /// Authentication.
    pub auth: Auth,
    /// The record engine: its routes and its part of the document.
    pub records: records::Engine,
    /// Routers below `/api/v1`, of rooms (path `""`) and plugins (path `/<plugin>`).
    pub routers: Vec<(String, OpenApiRouter)>,
    /// Doors for clients of other tools.
    pub doors: Vec<Door>,
    /// States of the parts.
    pub components: Components,
    /// Counters.
    pub metrics: Metrics,
    /// Where failed logins are written.
    pub root_tenant: TenantId,
    /// Origins that may call the API from a browser; none unless configured.
    pub cors_origins: Vec<String>,
    /// Pages from this directory instead of the binary.
    pub ui_directory: Option<PathBuf>,
}

/// A router ready to serve, with what describes it.
pub struct Assembled {
    /// Serve this.
    pub router: Router,
    /// OpenAPI 3.1.
    pub document: Arc<Value>,
    /// Who may call what.
    pub routes: Arc<RouteTable>,
}

/// Puts everything together.
///
/// # Errors
/// Operations without a statement of access: all of them, so that a release cannot have one.
pub fn assemble(parts: Parts) -> Result<Assembled, Vec<String>> {
    let mut api = OpenApiRouter::new();
    for (path, router) in parts.routers {
        let prefix = format!("/api/v1{path}");
        api = api.nest(&prefix, router);
    }
    let (api, typed) = api.split_for_parts();
    let mut document = serde_json::to_value(&typed).map_err(|error| vec![error.to_string()])?;
    docs::complete(&mut document, &records::openapi::document(&parts.records));
    let routes = Arc::new(RouteTable::read(&document, parts.auth.registry())?);
    let document = Arc::new(document);
    let gate = Gate { auth: parts.auth, routes: routes.clone(), root_tenant: parts.root_tenant };
    let doors = parts.doors.into_iter().map(|door| (door.prefix, at_door(door, &gate)));
    let doors = doors.fold(Router::new(), |router, (prefix, door)| router.nest_service(prefix, door));
    let api = api.merge(records::router(&parts.records)).merge(document_routes(&document));
    // Its own calls go through the same gate as everybody's.
    let reading = api.clone().layer(from_fn_with_state(gate.clone(), admit));
    let reader = Reader::new(&document, routes.clone(), reading, &parts.cors_origins);
    let api = api
        .merge(crate::mcp::router(reader))
        .method_not_allowed_fallback(wrong_method)
        .layer(from_fn_with_state(gate, admit))
        .layer(DefaultBodyLimit::max(BODY_LIMIT));
    let components = parts.components;
    let pages = Pages { directory: parts.ui_directory.map(Arc::from) };
    let mut router: Router = Router::new()
        .merge(api)
        .merge(doors)
        .route("/api", get(no_such_route))
        .route("/healthz", get(|| async { axum::Json(json!({"status": "ok"})) }))
        .route("/readyz", get(move || async move { components.answer() }))
        .fallback_service(axum::handler::Handler::with_state(page, pages))
        // Inside the compression: it replaces bodies of problems.
        .layer(from_fn_with_state(parts.metrics, envelop))
        .layer(CompressionLayer::new().compress_when(
            DefaultPredicate::new().and(NotForContentType::const_new("application/octet-stream")),
        ));
    if let Some(cors) = cors(&parts.cors_origins)? {
        router = router.layer(cors);
    }
    Ok(Assembled { router, document, routes })
}

/// A door with the gate in front of it.
fn at_door(door: Door, gate: &Gate) -> Router {
    door.router.layer(from_fn_with_state((gate.clone(), door.plugin), admit_to_door))
}

/// The document and its viewer.
fn document_routes(document: &Arc<Value>) -> Router {
    let (text, html): (Arc<str>, Arc<str>) = (document.to_string().into(), docs::viewer(document).into());
    Router::new()
        .route(
            docs::DOCUMENT,
            get(move || {
                let text = text.to_string();
                async move { ([(header::CONTENT_TYPE, "application/json")], text) }
            }),
        )
        .route(
            docs::VIEWER,
            get(move || {
                let html = html.to_string();
                async move {
                    let policy = HeaderValue::from_static(docs::VIEWER_POLICY);
                    let kind = HeaderValue::from_static("text/html; charset=utf-8");
                    ([(header::CONTENT_TYPE, kind), (header::CONTENT_SECURITY_POLICY, policy)], html)
                        .into_response()
                }
            }),
        )
}

fn cors(origins: &[String]) -> Result<Option<CorsLayer>, Vec<String>> {
    if origins.is_empty() {
        return Ok(None);
    }
    let exact = origins
        .iter()
        .map(|origin| match origin.parse::<HeaderValue>() {
            Ok(value) if origin != "*" && origin.contains("://") => Ok(value),
            _ => {
                Err(vec![format!("server.cors_origins: `{origin}` is no origin. Write https://host[:port].")])
            }
        })
        .collect::<Result<Vec<_>, _>>()?;
    Ok(Some(
        CorsLayer::new()
            .allow_origin(AllowOrigin::list(exact))
            .allow_methods([Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE])
            .allow_headers([
                header::AUTHORIZATION,
                header::CONTENT_TYPE,
                header::IF_MATCH,
                HeaderName::from_static("x-portolan-branch"),
                HeaderName::from_static("mcp-protocol-version"),
                HeaderName::from_static("mcp-method"),
                HeaderName::from_static("mcp-name"),
            ])
            .max_age(std::time::Duration::from_mins(10)),
    ))
}
