//! Plugins: a product describes itself without doing anything, is started under supervision, and
//! degrades alone (platform.md 4).

use std::sync::Arc;
use std::time::Instant;

use serde::Serialize;
use tokio_util::sync::CancellationToken;
use utoipa_axum::router::OpenApiRouter;

use crate::BoxFuture;
use crate::ctx::{Ctx, TenantId};
use crate::events::{EventHandler, EventType};
use crate::jobs::{JobHandler, JobKind, Script};
use crate::permission::PermissionObject;
use crate::record::Model;
use crate::services::Services;

/// Who a plugin is.
#[derive(Clone, Copy, Debug)]
pub struct Manifest {
    /// Name, also of its routes and permissions: `monitoring`.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
    /// One sentence.
    pub description: &'static str,
    /// Who makes it.
    pub author: &'static str,
    /// Plugins that must run before it.
    pub requires: &'static [&'static str],
    /// What it can do for others: `discovery`, `topology` ...
    pub capabilities: &'static [&'static str],
}

/// A migration: SQL text applied once, in order of `version`, as the owner role.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// Rising number within the plugin.
    pub version: u32,
    /// Short name.
    pub name: &'static str,
    /// The SQL.
    pub sql: &'static str,
}

/// An entry of the navigation.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct NavEntry {
    /// Path in the UI.
    pub path: &'static str,
    /// Title.
    pub title: &'static str,
    /// Tabler icon name.
    pub icon: &'static str,
    /// `object:act` needed to see it.
    pub permission: &'static str,
    /// Position.
    pub order: u16,
}

/// A job kind with who does it.
pub struct JobRegistration {
    /// The kind.
    pub kind: JobKind,
    /// How people start it, if they do.
    pub script: Option<Script>,
    /// The handler.
    pub handler: Arc<dyn JobHandler>,
}

/// A subscription: `pattern` is an event type or a prefix ending in `.*`.
pub struct Subscription {
    /// Durable name of the consumer, unique over all plugins.
    pub consumer: &'static str,
    /// Event type, or prefix with `.*`.
    pub pattern: &'static str,
    /// Who handles it.
    pub handler: Arc<dyn EventHandler>,
}

/// A door: the wire contract of another tool below a prefix of its own, for its existing clients. The
/// gateway finds out who asks and puts a [`Ctx`] into the request's extensions, or the
/// [`crate::Problem`] why there is none; without a `Ctx` a door can reach nothing. It refuses in the
/// words of its contract.
pub struct Door {
    /// The product behind it.
    pub plugin: &'static str,
    /// Its prefix: `/netbox`. Taken off the path before the router sees it.
    pub prefix: &'static str,
    /// Its routes.
    pub router: axum::Router,
}

/// Where the server was reached, in the extensions of a door's requests: `https://host:port`.
#[derive(Clone, Debug)]
pub struct Origin(pub String);

/// Collects what plugins declare.
#[derive(Default)]
pub struct Registrar {
    /// Routes below `/api/v1/<plugin>`, each operation with an `x-permission` extension.
    pub routers: Vec<(&'static str, OpenApiRouter)>,
    /// Doors for clients of other tools.
    pub doors: Vec<Door>,
    /// Record models.
    pub models: Vec<&'static Model>,
    /// Migrations by plugin.
    pub migrations: Vec<(&'static str, &'static [Migration])>,
    /// Permission objects.
    pub permissions: Vec<PermissionObject>,
    /// Event types it publishes.
    pub event_types: Vec<EventType>,
    /// Subscriptions.
    pub subscriptions: Vec<Subscription>,
    /// Job kinds.
    pub jobs: Vec<JobRegistration>,
    /// Navigation.
    pub navigation: Vec<NavEntry>,
}

/// What a starting plugin gets; nothing is global.
#[derive(Clone)]
pub struct PluginRuntime {
    /// Services of other parts.
    pub services: Services,
    /// Ends when the server stops.
    pub stop: CancellationToken,
}

/// Why a plugin could not start. It is tried again with back-off.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct PluginError(pub String);

impl From<crate::Problem> for PluginError {
    fn from(problem: crate::Problem) -> Self {
        Self(problem.to_string())
    }
}

/// How a plugin is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "state", content = "why", rename_all = "snake_case")]
pub enum Health {
    /// All well.
    Ok,
    /// Works in part.
    Degraded(String),
}

/// A product.
pub trait Plugin: Send + Sync + 'static {
    /// Who it is.
    fn manifest(&self) -> &'static Manifest;
    /// Declares everything. Pure: no I/O, cannot fail.
    fn describe(&self, registrar: &mut Registrar);
    /// Starts its background work.
    fn start(&self, runtime: PluginRuntime) -> BoxFuture<'_, Result<Box<dyn Running>, PluginError>>;
}

/// A started product.
pub trait Running: Send + Sync {
    /// Answers within 2 s.
    fn health(&self) -> BoxFuture<'_, Health>;
    /// A tenant was created.
    fn tenant_created<'a>(&'a self, _ctx: &'a Ctx) -> BoxFuture<'a, Result<(), PluginError>> {
        Box::pin(async { Ok(()) })
    }
    /// A tenant was deleted; its rows go by the catalogue walk, this is for everything else.
    fn tenant_deleted(&self, _tenant: TenantId) -> BoxFuture<'_, Result<(), PluginError>> {
        Box::pin(async { Ok(()) })
    }
    /// Ends the work before the deadline.
    fn stop(self: Box<Self>, deadline: Instant) -> BoxFuture<'static, ()>;
}
