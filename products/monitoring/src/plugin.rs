//! Monitoring as a plugin: what it declares and how it starts.

use std::sync::Arc;
use std::time::{Duration, Instant};

use kit::plugin::{JobRegistration, Migration};
use kit::{
    Act, BoxFuture, Health, Manifest, NavEntry, Permission, PermissionObject, Plugin, PluginError,
    PluginRuntime, Problem, Registrar, Running, Services,
};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::api::{Shared, host_router, router};
use crate::discovery::Intervals;
use crate::jobs::{DISCOVERY, DiscoveryJob, EXECUTE, Engine};
use crate::models::MODELS;
use crate::refresher::Refresher;
use crate::snmp::{Client, ClientOptions};
use crate::{host, store};

/// The SQL of monitoring.
pub const MIGRATIONS: &[Migration] = &[
    Migration { version: 1, name: "records", sql: include_str!("../migrations/0001_records.sql") },
    Migration { version: 2, name: "discovery", sql: include_str!("../migrations/0002_discovery.sql") },
];

static MANIFEST: Manifest = Manifest {
    name: "monitoring",
    version: env!("CARGO_PKG_VERSION"),
    description: "Asks devices over SNMP what they are and whom they know.",
    author: "Portolan",
    requires: &["atlas"],
    capabilities: &["discovery"],
};

/// How often the host looks at itself.
const HOST_VIEW: Duration = Duration::from_mins(1);

/// How often known devices are asked again.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Links: interfaces, LLDP, CDP, STP, LAG.
    pub links: Duration,
    /// Everything else.
    pub tables: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        let Intervals { links, tables } = Intervals::default();
        Self { links, tables }
    }
}

/// The product.
#[derive(Default)]
pub struct MonitoringPlugin {
    shared: Arc<Shared>,
    job: Arc<DiscoveryJob>,
    settings: Settings,
}

impl MonitoringPlugin {
    /// With intervals of its own.
    pub fn new(settings: Settings) -> Self {
        Self { settings, ..Self::default() }
    }
}

impl Plugin for MonitoringPlugin {
    fn manifest(&self) -> &'static Manifest {
        &MANIFEST
    }

    fn describe(&self, registrar: &mut Registrar) {
        registrar.routers.push(("/monitoring", router(self.shared.clone())));
        registrar.routers.push(("", host_router()));
        registrar.models.extend(MODELS);
        registrar.migrations.push(("monitoring", MIGRATIONS));
        registrar.permissions.extend([
            PermissionObject { object: "monitoring/discoveries", title: "Discoveries" },
            PermissionObject { object: "monitoring/credentials", title: "Credentials" },
            PermissionObject { object: "monitoring/scopes", title: "Discovery scopes" },
        ]);
        registrar.jobs.push(JobRegistration { kind: DISCOVERY, script: None, handler: self.job.clone() });
        registrar.navigation.push(NavEntry {
            path: "/discovery",
            title: "Discovery",
            icon: "radar",
            permission: "monitoring/discoveries:read",
            order: 30,
        });
    }

    fn start(&self, runtime: PluginRuntime) -> BoxFuture<'_, Result<Box<dyn Running>, PluginError>> {
        Box::pin(async move {
            let client = Client::bind(ClientOptions::default())
                .map_err(|error| PluginError(format!("no UDP socket for SNMP: {error}")))?;
            let engine = Arc::new(Engine { client, services: runtime.services.clone() });
            fail_orphans(&runtime.services).await?;
            let _again = self.shared.engine.set(engine.clone()).is_err();
            let _again = self.job.engine.set(engine.clone()).is_err();
            let tasks = TaskTracker::new();
            let intervals = Intervals { links: self.settings.links, tables: self.settings.tables };
            tasks.spawn(Refresher::new(engine, intervals, runtime.stop.clone()).run());
            tasks.spawn(watch_host(runtime.services.clone(), runtime.stop.clone()));
            tasks.close();
            let running: Box<dyn Running> = Box::new(RunningMonitoring { tasks });
            Ok(running)
        })
    }
}

/// What a killed server left running is failed, unless its job will run again.
async fn fail_orphans(services: &Services) -> Result<(), Problem> {
    let contexts = services.contexts()?;
    for tenant in contexts.active_tenants().await? {
        let ctx = contexts.system(tenant, "monitoring");
        let mut tx = ctx.write(ctx.authorize(EXECUTE)?).await?;
        store::fail_orphans(&mut tx).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// The machine itself is the first thing on the map of the first tenant.
async fn watch_host(services: Services, stop: CancellationToken) {
    loop {
        if let Err(problem) = see_host(&services).await {
            tracing::warn!(%problem, "the host's own view could not be read");
        }
        tokio::select! {
            () = tokio::time::sleep(HOST_VIEW) => {}
            () = stop.cancelled() => return,
        }
    }
}

async fn see_host(services: &Services) -> Result<(), Problem> {
    let contexts = services.contexts()?;
    let Some(root) = contexts.active_tenants().await?.into_iter().next() else { return Ok(()) };
    let ctx = contexts.system(root, "monitoring");
    ctx.authorize(Permission::new("monitoring/discoveries", Act::Execute))?;
    let frames = host::observe("default").await.map_err(Problem::internal)?;
    services.frames()?.deliver(&ctx, frames).await
}

struct RunningMonitoring {
    tasks: TaskTracker,
}

impl Running for RunningMonitoring {
    fn health(&self) -> BoxFuture<'_, Health> {
        Box::pin(async move {
            if self.tasks.len() == 2 {
                Health::Ok
            } else {
                Health::Degraded("a background task ended; known devices may no longer be asked".to_owned())
            }
        })
    }

    fn stop(self: Box<Self>, deadline: Instant) -> BoxFuture<'static, ()> {
        Box::pin(async move {
            let left = deadline.saturating_duration_since(Instant::now());
            if tokio::time::timeout(left, self.tasks.wait()).await.is_err() {
                tracing::warn!("monitoring did not end in time");
            }
        })
    }
}
