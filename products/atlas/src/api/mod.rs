//! Native routes of atlas, below `/api/v1/atlas`.

mod cursor;
mod decisions;
mod device_view;
mod devices;
mod drift;
mod export;
mod positions;
mod search;
mod topology;
mod unplaced;

use std::sync::OnceLock;

use kit::Problem;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::service::Atlas;

/// What the handlers share: the atlas, once it runs.
#[derive(Default)]
pub(crate) struct Shared {
    atlas: OnceLock<Atlas>,
}

impl Shared {
    /// The running atlas.
    pub(crate) fn atlas(&self) -> Result<&Atlas, Problem> {
        self.atlas.get().ok_or_else(|| Problem::unavailable("Atlas is starting. Try again shortly."))
    }

    /// Sets the running atlas, once.
    pub(crate) fn start(&self, atlas: Atlas) {
        let _already = self.atlas.set(atlas).is_err();
    }
}

/// The state of every handler.
pub(crate) type SharedState = std::sync::Arc<Shared>;

/// All routes.
pub(crate) fn router(shared: SharedState) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(topology::topology))
        .routes(routes!(topology::revision))
        .routes(routes!(export::export))
        .routes(routes!(devices::list))
        .routes(routes!(devices::read))
        .routes(routes!(devices::history))
        .routes(routes!(search::search))
        .routes(routes!(drift::list::list))
        .routes(routes!(drift::list::summary))
        .routes(routes!(drift::list::rules))
        .routes(routes!(drift::import::preview, drift::import::start))
        .routes(routes!(drift::acceptance::list, drift::acceptance::create))
        .routes(routes!(drift::acceptance::preview))
        .routes(routes!(drift::acceptance::replace, drift::acceptance::delete))
        .routes(routes!(drift::list::read))
        .routes(routes!(drift::decide::accept_many))
        .routes(routes!(drift::decide::ignore_many))
        .routes(routes!(drift::decide::reopen_many))
        .routes(routes!(drift::decide::change_many))
        .routes(routes!(drift::decide::accept))
        .routes(routes!(drift::decide::ignore))
        .routes(routes!(drift::decide::reopen))
        .routes(routes!(drift::decide::change))
        .routes(routes!(drift::decide::undo))
        .routes(routes!(unplaced::list))
        .routes(routes!(positions::put))
        .routes(routes!(positions::delete))
        .routes(routes!(decisions::list, decisions::create))
        .routes(routes!(decisions::undo))
        .with_state(shared)
}
