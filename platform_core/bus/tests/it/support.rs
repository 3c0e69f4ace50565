//! A bus with recorded consumers.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use bus::{Bus, BusOptions, MIGRATIONS, Retention};
use db::testing::TestDatabase;
use kit::events::{Delivered, EventHandler};
use kit::plugin::Subscription;
use kit::{Act, BoxFuture, Ctx, Event, EventType, Permission, PermissionObject, Problem, TenantId};
use serde_json::json;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

pub(crate) const WRITE: Permission = Permission::new("atlas/devices", Act::Write);
pub(crate) const READ: Permission = Permission::new("atlas/devices", Act::Read);

pub(crate) const TYPES: [EventType; 2] = [
    EventType { name: "device.added", description: "", object: "atlas/devices" },
    EventType { name: "vault.opened", description: "", object: "platform/vault" },
];

pub(crate) struct World {
    pub(crate) database: TestDatabase,
    pub(crate) bus: Arc<Bus>,
    pub(crate) stop: CancellationToken,
}

impl World {
    pub(crate) async fn new(subscriptions: Vec<Subscription>) -> Self {
        let database = TestDatabase::new(&[("bus", MIGRATIONS)]).await;
        let bus = Bus::new(database.store.clone());
        assert!(database.store.set_event_writer(bus.clone()));
        let world = Self { database, bus, stop: CancellationToken::new() };
        world.start(&world.bus, subscriptions).await;
        world
    }

    pub(crate) async fn start(&self, bus: &Arc<Bus>, subscriptions: Vec<Subscription>) {
        let contexts =
            self.database.contexts(&[PermissionObject { object: "atlas/devices", title: "Devices" }]);
        let (types, retention, stop) = (TYPES.to_vec(), Retention::default(), self.stop.clone());
        bus.start(BusOptions { types, subscriptions, contexts, retention, stop }).await.unwrap();
    }

    pub(crate) async fn tenant(&self, slug: &str) -> Ctx {
        let tenant = self.database.tenant(slug).await;
        self.database.ctx(tenant, &[WRITE, READ])
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

pub(crate) async fn publish(ctx: &Ctx, subject: &str, number: u64) {
    let mut tx = ctx.write(ctx.authorize(WRITE).unwrap()).await.unwrap();
    tx.publish(&device_added(subject, number)).await.unwrap();
    tx.commit().await.unwrap();
}

pub(crate) fn device_added(subject: &str, number: u64) -> Event {
    Event::now("device.added", subject, json!({ "number": number }))
}

type Fail = Box<dyn FnMut(&Delivered) -> Option<Problem> + Send>;

/// What a consumer saw, and how it answers.
pub(crate) struct Recorder {
    pub(crate) seen: watch::Sender<Vec<(TenantId, Delivered)>>,
    pub(crate) fail: Mutex<Fail>,
}

impl Recorder {
    pub(crate) fn new() -> Arc<Self> {
        Self::failing(|_| None)
    }

    pub(crate) fn failing(fail: impl FnMut(&Delivered) -> Option<Problem> + Send + 'static) -> Arc<Self> {
        Arc::new(Self { seen: watch::channel(Vec::new()).0, fail: Mutex::new(Box::new(fail)) })
    }

    pub(crate) fn subscribe(self: &Arc<Self>, consumer: &'static str, pattern: &'static str) -> Subscription {
        Subscription { consumer, pattern, handler: self.clone() }
    }

    /// Waits until this many were handled and gives `subject:number`.
    pub(crate) async fn wait(&self, count: usize) -> Vec<String> {
        let mut seen = self.seen.subscribe();
        let enough = seen.wait_for(|seen| seen.len() >= count);
        let reached = tokio::time::timeout(Duration::from_secs(20), enough).await.is_ok();
        let names = self.names();
        assert!(reached, "only {} of {count}: {names:?}", names.len());
        names
    }

    pub(crate) fn names(&self) -> Vec<String> {
        self.seen.borrow().iter().map(|(_, event)| name(event)).collect()
    }
}

pub(crate) fn name(event: &Delivered) -> String {
    format!("{}:{}", event.subject, event.data["number"])
}

impl EventHandler for Recorder {
    fn handle<'a>(&'a self, ctx: &'a Ctx, event: &'a Delivered) -> BoxFuture<'a, Result<(), Problem>> {
        Box::pin(async move {
            if let Some(problem) = (self.fail.lock().unwrap())(event) {
                return Err(problem);
            }
            self.seen.send_modify(|seen| seen.push((ctx.tenant(), event.clone())));
            Ok(())
        })
    }
}
