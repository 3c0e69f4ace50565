//! Inventory as a plugin: what it declares. It has no background work yet.

use std::sync::{Arc, OnceLock};
use std::time::Instant;

use kit::plugin::Migration;
use kit::{
    BoxFuture, Health, Manifest, NavEntry, PermissionObject, Plugin, PluginError, PluginRuntime, Registrar,
    Running, Services,
};

use crate::api;
use crate::door::netbox;
use crate::models;

/// The SQL of the inventory.
const MIGRATIONS: &[Migration] =
    &[Migration { version: 1, name: "records", sql: include_str!("../migrations/0001_records.sql") }];

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
    }

    fn start(&self, runtime: PluginRuntime) -> BoxFuture<'_, Result<Box<dyn Running>, PluginError>> {
        Box::pin(async move {
            let _offered =
                runtime.services.offer_presenter(Arc::new(netbox::NetboxForm::new(runtime.services.clone())));
            let _already = self.services.set(runtime.services).is_err();
            let running: Box<dyn Running> = Box::new(RunningInventory);
            Ok(running)
        })
    }
}

/// Records need no work of ours while nobody asks.
struct RunningInventory;

impl Running for RunningInventory {
    fn health(&self) -> BoxFuture<'_, Health> {
        Box::pin(async { Health::Ok })
    }

    fn stop(self: Box<Self>, _: Instant) -> BoxFuture<'static, ()> {
        Box::pin(async {})
    }
}
