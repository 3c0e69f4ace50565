//! The admin listener, loopback only: `/livez`, `/readyz`, `/metrics`.

use axum::Router;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;

use crate::health::Components;
use crate::metrics::Metrics;

/// The routes of the admin listener.
pub fn admin_router(components: Components, metrics: Metrics) -> Router {
    Router::new()
        .route("/livez", get(|| async { "ok\n" }))
        .route("/readyz", get(move || async move { components.answer() }))
        .route(
            "/metrics",
            get(move || async move {
                let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
                ([(header::CONTENT_TYPE, kind)], metrics.expose()).into_response()
            }),
        )
}
