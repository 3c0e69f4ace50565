//! Atlas as a plugin: what it declares and how it starts.

use std::sync::Arc;
use std::time::{Duration, Instant};

use kit::plugin::{JobRegistration, Migration};
use kit::{
    BoxFuture, Health, Manifest, NavEntry, PermissionObject, Plugin, PluginError, PluginRuntime, Registrar,
    Running,
};

use crate::api::{Shared, router};
use crate::service::{
    Atlas, DEVICE_DISCOVERED, DRIFT_ACCEPTED, DRIFT_CHANGE_REQUESTED, DRIFT_IGNORED, DRIFT_OPENED,
    DRIFT_OVERDUE, DRIFT_REOPENED, DRIFT_RESOLVED, DRIFT_UNDONE, IMPORT, ImportJob, LINK_CHANGED,
    TOPOLOGY_CHANGED,
};

/// The SQL of atlas.
pub const MIGRATIONS: &[Migration] = &[
    Migration { version: 1, name: "atlas", sql: include_str!("../migrations/0001_atlas.sql") },
    Migration { version: 2, name: "drift", sql: include_str!("../migrations/0002_drift.sql") },
];

static MANIFEST: Manifest = Manifest {
    name: "atlas",
    version: env!("CARGO_PKG_VERSION"),
    description: "The one live model of the network: identity, topology, drift, history.",
    author: "Portolan",
    requires: &[],
    capabilities: &["topology", "frames"],
};

/// How atlas is set.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// The longest time for which a difference must last before it opens.
    pub drift_debounce: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self { drift_debounce: Duration::from_mins(30) }
    }
}

/// The product.
#[derive(Default)]
pub struct AtlasPlugin {
    shared: Arc<Shared>,
    import: Arc<ImportJob>,
    settings: Settings,
}

impl AtlasPlugin {
    /// With settings of its own.
    pub fn new(settings: Settings) -> Self {
        Self { settings, ..Self::default() }
    }
}

impl Plugin for AtlasPlugin {
    fn manifest(&self) -> &'static Manifest {
        &MANIFEST
    }

    fn describe(&self, registrar: &mut Registrar) {
        registrar.routers.push(("/atlas", router(self.shared.clone())));
        registrar.migrations.push(("atlas", MIGRATIONS));
        registrar.permissions.extend([
            PermissionObject { object: "atlas/topology", title: "Map" },
            PermissionObject { object: "atlas/devices", title: "Devices" },
            PermissionObject { object: "atlas/unplaced", title: "Unplaced" },
            PermissionObject { object: "atlas/drift", title: "Drift" },
        ]);
        registrar.jobs.push(JobRegistration { kind: IMPORT, script: None, handler: self.import.clone() });
        registrar.event_types.extend([
            TOPOLOGY_CHANGED,
            DEVICE_DISCOVERED,
            LINK_CHANGED,
            DRIFT_OPENED,
            DRIFT_RESOLVED,
            DRIFT_ACCEPTED,
            DRIFT_IGNORED,
            DRIFT_REOPENED,
            DRIFT_CHANGE_REQUESTED,
            DRIFT_OVERDUE,
            DRIFT_UNDONE,
        ]);
        let entry = |path, title, icon, permission, order| NavEntry { path, title, icon, permission, order };
        registrar.navigation.extend([
            entry("/map", "Map", "topology-star-3", "atlas/topology:read", 10),
            entry("/devices", "Devices", "server-2", "atlas/devices:read", 20),
            entry("/drift", "Drift", "git-compare", "atlas/drift:read", 25),
            entry("/unplaced", "Unplaced", "help-circle", "atlas/unplaced:read", 40),
        ]);
    }

    fn start(&self, runtime: PluginRuntime) -> BoxFuture<'_, Result<Box<dyn Running>, PluginError>> {
        Box::pin(async move {
            let longest = self.settings.drift_debounce;
            let atlas = Atlas::patient(runtime.services.clone(), runtime.stop.clone(), longest);
            runtime.services.offer_frames(Arc::new(atlas.clone()));
            self.shared.start(atlas.clone());
            self.import.start(atlas.clone());
            // Maps of all tenants go on ageing from the start, also before anybody looks.
            for tenant in runtime.services.contexts()?.active_tenants().await? {
                atlas.current(tenant).await?;
            }
            let running: Box<dyn Running> = Box::new(RunningAtlas);
            Ok(running)
        })
    }
}

struct RunningAtlas;

impl Running for RunningAtlas {
    fn health(&self) -> BoxFuture<'_, Health> {
        Box::pin(async { Health::Ok })
    }

    fn stop(self: Box<Self>, _: Instant) -> BoxFuture<'static, ()> {
        // The followers end with the server's stop token; nothing is buffered.
        Box::pin(async {})
    }
}
