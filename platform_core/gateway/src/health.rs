//! Health of the server's parts: `/healthz` says the process answers, `/readyz` says what works.

use std::collections::BTreeMap;
use std::sync::{Arc, RwLock};

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// How a part is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ComponentState {
    /// Works.
    Ready,
    /// Begins to work.
    Starting,
    /// Works in part.
    Degraded,
    /// Does not work.
    Failed,
}

/// A part of the server.
#[derive(Clone, Debug, Serialize)]
pub struct Component {
    /// How it is.
    pub state: ComponentState,
    /// Why, when it is not ready.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// Whether the server is not ready without it.
    pub core: bool,
}

/// All parts, as they report themselves.
#[derive(Clone, Default)]
pub struct Components {
    parts: Arc<RwLock<BTreeMap<String, Component>>>,
}

impl Components {
    /// A part's state.
    pub fn set(&self, name: &str, core: bool, state: ComponentState, why: Option<String>) {
        let mut parts = self.parts.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        parts.insert(name.to_owned(), Component { state, why, core });
    }

    /// A copy of all states.
    pub fn all(&self) -> BTreeMap<String, Component> {
        self.parts.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }

    /// Whether every part has started and every core part works, at least in part.
    pub fn ready(&self) -> bool {
        let all = self.all();
        !all.is_empty()
            && all.values().all(|part| match part.state {
                ComponentState::Ready | ComponentState::Degraded => true,
                ComponentState::Starting => false,
                ComponentState::Failed => !part.core,
            })
    }

    /// The answer of `/readyz`.
    pub fn answer(&self) -> Response {
        let ready = self.ready();
        let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
        (status, Json(serde_json::json!({"ready": ready, "components": self.all()}))).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_must_have_started_and_core_parts_must_work() {
        let components = Components::default();
        assert!(!components.ready());
        components.set("database", true, ComponentState::Ready, None);
        components.set("atlas", false, ComponentState::Starting, None);
        assert!(!components.ready());
        components.set("atlas", false, ComponentState::Failed, Some("x".into()));
        assert!(components.ready());
        components.set("database", true, ComponentState::Failed, None);
        assert!(!components.ready());
    }
}
