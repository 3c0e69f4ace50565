//! Rendering for the whole server: a few at a time, on threads that may be busy.

use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;
use kit::templates::{Rendering, Templates};
use kit::{BoxFuture, Problem};
use tokio::sync::Semaphore;

use crate::engine;

/// Renderings at once.
const AT_ONCE: usize = 4;
/// Longest wait for a turn.
const TURN: Duration = Duration::from_secs(10);

/// Renders templates for everybody. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Renderer {
    turns: Arc<Semaphore>,
}

impl Default for Renderer {
    fn default() -> Self {
        Self { turns: Arc::new(Semaphore::new(AT_ONCE)) }
    }
}

impl Templates for Renderer {
    fn render(&self, rendering: Rendering) -> BoxFuture<'_, Result<Vec<String>, Problem>> {
        Box::pin(async move {
            let busy = || Problem::unavailable("Too many templates are rendered at the moment; try again.");
            let turn = tokio::time::timeout(TURN, self.turns.clone().acquire_owned()).await;
            let turn = turn.map_err(|_| busy())?.map_err(|_| busy())?;
            let work = tokio::task::spawn_blocking(move || {
                // Held until the work is done, even when nobody waits for it any more.
                let _turn = turn;
                let codes: Vec<&str> = rendering.codes.iter().map(String::as_str).collect();
                engine::render(&codes, &rendering.params, &rendering.context)
            });
            let rendered = work.await.map_err(Problem::internal)?;
            rendered.map_err(|error| {
                Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "template", error.to_string())
            })
        })
    }
}
