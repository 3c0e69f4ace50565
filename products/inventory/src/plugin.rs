//! Inventory as a plugin: what it declares and how it starts.

use std::sync::{Arc, OnceLock};
use std::time::Instant;

use kit::plugin::{JobRegistration, Migration};
use kit::{
    BoxFuture, Health, Manifest, NavEntry, PermissionObject, Plugin, PluginError, PluginRuntime, Registrar,
    Running, Services,
};

use crate::adoption::Truth;
use crate::api;
use crate::door::netbox;
use crate::intended::{PUBLISH, PUBLISH_SCRIPT, PublishJob, Publisher};
use crate::models;

/// The SQL of the inventory.
const MIGRATIONS: &[Migration] = &[
    Migration { version: 1, name: "records", sql: include_str!("../migrations/0001_records.sql") },
    Migration { version: 2, name: "intended", sql: include_str!("../migrations/0002_intended.sql") },
];

static MANIFEST: Manifest = Manifest {
    name: "inventory",
    version: env!("CARGO_PKG_VERSION"),
    description: "The source of truth: sites, racks, devices, cables, prefixes, addresses, VLANs.",
    author: "Portolan",
    requires: &[],
    capabilities: &["inventory"],
};

/// The services of the server, once the product runs.
pub(crate) type Shared = Arc<OnceLock<Services>>;

/// The product.
#[derive(Default)]
pub struct InventoryPlugin {
    services: Shared,
    publish: Arc<PublishJob>,
}

impl Plugin for InventoryPlugin {
    fn manifest(&self) -> &'static Manifest {
        &MANIFEST
    }

    fn describe(&self, registrar: &mut Registrar) {
        registrar.models.extend(models::all());
        registrar.permissions.extend(
            models::all()
                .map(|model| PermissionObject { object: model.permission, title: model.title_plural }),
        );
        registrar.routers.push(("/inventory", api::router(self.services.clone())));
        let entry = |path, title, icon, permission, order| NavEntry { path, title, icon, permission, order };
        registrar.navigation.extend([
            entry("/racks", "Elevations", "server-2", "inventory/racks:read", 50),
            entry("/prefixes", "Prefix tree", "list-numbers", "inventory/prefixes:read", 60),
        ]);
        registrar.doors.push(netbox::door(self.services.clone()));
        registrar.migrations.push(("inventory", MIGRATIONS));
        registrar.jobs.push(JobRegistration {
            kind: PUBLISH,
            script: Some(PUBLISH_SCRIPT),
            handler: self.publish.clone(),
        });
    }

    fn start(&self, runtime: PluginRuntime) -> BoxFuture<'_, Result<Box<dyn Running>, PluginError>> {
        Box::pin(async move {
            let services = runtime.services;
            let _first = services.offer_presenter(Arc::new(netbox::NetboxForm::new(services.clone())));
            let publisher = Publisher::new(services.clone());
            let truth = Truth::new(services.clone(), publisher.clone());
            let _first = services.offer_truth(Arc::new(truth));
            let _again = self.publish.publisher.set(publisher.clone()).is_err();
            let _again = self.services.set(services).is_err();
            let task = tokio::spawn(publisher.run(runtime.stop));
            let running: Box<dyn Running> = Box::new(RunningInventory { task });
            Ok(running)
        })
    }
}

/// Records need no work of ours; their documents are published.
struct RunningInventory {
    task: tokio::task::JoinHandle<()>,
}

impl Running for RunningInventory {
    fn health(&self) -> BoxFuture<'_, Health> {
        Box::pin(async move {
            if self.task.is_finished() {
                Health::Degraded("what should be is no longer published".to_owned())
            } else {
                Health::Ok
            }
        })
    }

    fn stop(self: Box<Self>, deadline: Instant) -> BoxFuture<'static, ()> {
        Box::pin(async move {
            let left = deadline.saturating_duration_since(Instant::now());
            if tokio::time::timeout(left, self.task).await.is_err() {
                tracing::warn!("the inventory did not end in time");
            }
        })
    }
}
