//! The way in: HTTP and HTTPS listeners, the layers every request passes, the route table with its
//! permissions, OpenAPI, the web pages, and the admin listener.
//!
//! Order of a request, outermost first: connection limit, request id, metrics and access log, panic
//! guard, security headers, CORS, body limit, time limit, authentication, tenant, CSRF, the route's
//! permission, idempotency of nothing but the handler's own choice, handler, audit entry.
#![forbid(unsafe_code)]
#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

mod admin;
mod assemble;
mod branch;
mod context;
mod docs;
mod gate;
mod health;
mod listener;
mod mcp;
mod metrics;
mod pages;
mod routes;
mod tls;

pub use admin::admin_router;
pub use assemble::{Assembled, Parts, assemble};
pub use health::{Component, ComponentState, Components};
pub use listener::{Listening, ServeError, bind, serve};
pub use metrics::Metrics;
pub use routes::{Access, Route, RouteTable};
pub use tls::{Identity, IdentityError};
