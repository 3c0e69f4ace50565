//! Native routes of monitoring.

pub(crate) mod discoveries;
mod host;

use std::sync::{Arc, OnceLock};

use kit::Problem;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::jobs::Engine;

/// What the handlers share: the engine, once the product runs.
#[derive(Default)]
pub(crate) struct Shared {
    pub(crate) engine: OnceLock<Arc<Engine>>,
}

impl Shared {
    fn engine(&self) -> Result<&Arc<Engine>, Problem> {
        self.engine.get().ok_or_else(|| Problem::unavailable("Monitoring is starting. Try again shortly."))
    }
}

/// The state of every handler.
pub(crate) type SharedState = Arc<Shared>;

/// Routes below `/api/v1/monitoring`.
pub(crate) fn router(shared: SharedState) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(discoveries::list, discoveries::create))
        .routes(routes!(discoveries::read))
        .routes(routes!(discoveries::rescan))
        .routes(routes!(discoveries::start_scope))
        .with_state(shared)
}

/// The host's own view, at `/api/v1/host`.
pub(crate) fn host_router() -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(host::read))
}
