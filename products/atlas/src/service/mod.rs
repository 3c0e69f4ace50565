//! The running part of atlas: takes frames, keeps each tenant's world in step with the database, and
//! rebuilds its map when something changed or time passed.

mod accepting;
mod drifting;
mod import;

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use std::time::Duration;

use chrono::{DateTime, Utc};
use kit::{
    Act, BoxFuture, Ctx, Event, EventType, FrameSink, Granted, Permission, Problem, Services, TenantId,
    WriteTx,
};
use model::Frame;
use serde_json::json;
use tokio::sync::{Mutex, Notify};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::drift::{self, AcceptanceRule, Items, Patience, Report, Step};
use crate::map::{ClockIds, Decision, Input, Limits, Map, Prior};
use crate::parts::{self, Digests};
use crate::search::{Hit, SearchIndex};
use crate::store::{self, PartChange};
use crate::world::{self, Snapshot, Subjects};
pub(crate) use drifting::{
    DRIFT_ACCEPTED, DRIFT_CHANGE_REQUESTED, DRIFT_IGNORED, DRIFT_OPENED, DRIFT_OVERDUE, DRIFT_READ,
    DRIFT_REOPENED, DRIFT_RESOLVED, DRIFT_UNDONE, Outcome,
};
pub(crate) use import::{IMPORT, ImportJob, Order};

/// Frames accepted in one call.
const FRAMES: usize = 10_000;
/// Quiet time after a frame before the map is rebuilt, so that one device's frames make one map.
const SETTLE: Duration = Duration::from_millis(200);
/// Time passes also without frames: things become stale.
const TICK: Duration = Duration::from_secs(10);

/// Reading the map and everything in it.
pub(crate) const READ: Permission = Permission::new("atlas/topology", Act::Read);
/// Pins, decisions, frames.
pub(crate) const WRITE: Permission = Permission::new("atlas/topology", Act::Write);

/// A new revision of a tenant's map.
pub(crate) const TOPOLOGY_CHANGED: EventType = EventType {
    name: "topology.changed",
    description: "The map has a new revision. Data: revision, devices, links.",
    object: "atlas/topology",
};
/// A device was seen for the first time.
pub(crate) const DEVICE_DISCOVERED: EventType = EventType {
    name: "device.discovered",
    description: "A device was seen for the first time. Data: id, name.",
    object: "atlas/topology",
};
/// A link changed its state.
pub(crate) const LINK_CHANGED: EventType = EventType {
    name: "link.changed",
    description: "A link appeared or changed its state. Data: id, layer, before, after.",
    object: "atlas/topology",
};

/// Domain events of one build at most; beyond that `topology.changed` alone tells of them.
const EVENTS: usize = 500;

/// The map of a tenant with its revision.
pub struct Current {
    /// The map.
    pub map: Map,
    /// Rises with every change a viewer can see.
    pub revision: i64,
    /// What it was made of.
    subjects: Snapshot,
    /// What people had decided.
    decisions: Arc<Vec<Decision>>,
    /// What should be, compared with it.
    pub(crate) report: Arc<Report>,
    /// Built when somebody first searches; maps that differ in times only share it.
    index: Arc<OnceLock<SearchIndex>>,
    /// Somebody searched this map.
    searched: AtomicBool,
}

impl Current {
    fn new(map: Map, revision: i64, subjects: Snapshot) -> Self {
        Self {
            map,
            revision,
            subjects,
            decisions: Arc::default(),
            report: Arc::default(),
            index: Arc::default(),
            searched: AtomicBool::new(false),
        }
    }

    /// Whether there is such a subject.
    pub(crate) fn knows(&self, subject: &model::Subject) -> bool {
        self.subjects.get(subject).is_some()
    }

    fn index(&self) -> &SearchIndex {
        self.index.get_or_init(|| SearchIndex::of(&self.map, &self.subjects))
    }

    fn search(&self, query: &str, limit: usize) -> Vec<Hit> {
        self.searched.store(true, Ordering::Relaxed);
        self.index().find(query, limit)
    }
}

/// What is known of one tenant.
pub(crate) struct World {
    tenant: TenantId,
    state: Mutex<State>,
    current: RwLock<Arc<Current>>,
    items: RwLock<Arc<Items>>,
    /// What accepts differences by itself.
    rules: RwLock<Arc<Vec<AcceptanceRule>>>,
    /// Items that a rule could not accept, and when that was.
    refused: std::sync::Mutex<HashMap<Uuid, DateTime<Utc>>>,
    dirty: Notify,
}

struct State {
    subjects: Subjects,
    decisions: Arc<Vec<Decision>>,
    items: Arc<Items>,
    prior: Prior,
    stored: Arc<Digests>,
    fingerprint: Vec<u8>,
    revision: i64,
}

/// The atlas of all tenants. Cheap to clone.
#[derive(Clone)]
pub struct Atlas {
    inner: Arc<Inner>,
}

struct Inner {
    services: Services,
    worlds: Mutex<HashMap<TenantId, Arc<World>>>,
    stop: CancellationToken,
    patience: Patience,
}

impl Atlas {
    /// An atlas that ends its work at `stop`.
    pub fn new(services: Services, stop: CancellationToken) -> Self {
        Self::patient(services, stop, Patience::default().longest)
    }

    /// One for which differences must last for `longest` at most before they open.
    pub fn patient(services: Services, stop: CancellationToken, longest: Duration) -> Self {
        let patience = Patience { longest };
        Self { inner: Arc::new(Inner { services, worlds: Mutex::default(), stop, patience }) }
    }

    /// The tenant's map as it is now.
    ///
    /// # Errors
    /// 503 while the database cannot be reached for the first reading.
    pub async fn current(&self, tenant: TenantId) -> Result<Arc<Current>, Problem> {
        Ok(self.world(tenant).await?.current())
    }

    /// Puts a map in service that no database holds, for tests.
    #[cfg(test)]
    pub(crate) async fn show(&self, tenant: TenantId, map: Map, subjects: Snapshot) {
        let state = State {
            subjects: Subjects::default(),
            decisions: Arc::default(),
            items: Arc::default(),
            prior: Prior::default(),
            stored: Arc::default(),
            fingerprint: Vec::new(),
            revision: 0,
        };
        let current = RwLock::new(Arc::new(Current::new(map, 0, subjects)));
        let world = World {
            tenant,
            state: Mutex::new(state),
            current,
            items: RwLock::default(),
            rules: RwLock::default(),
            refused: std::sync::Mutex::default(),
            dirty: Notify::new(),
        };
        self.inner.worlds.lock().await.insert(tenant, Arc::new(world));
    }

    /// The best hits on the tenant's map.
    pub(crate) async fn search(
        &self,
        tenant: TenantId,
        query: String,
        limit: usize,
    ) -> Result<Vec<Hit>, Problem> {
        let current = self.current(tenant).await?;
        // The first search of a large map indexes it.
        tokio::task::spawn_blocking(move || current.search(&query, limit)).await.map_err(Problem::internal)
    }

    /// Writes pins or decisions in one transaction, reads all of them again and rebuilds.
    ///
    /// # Errors
    /// What `write` refuses: then nothing is written.
    pub(crate) async fn decide(
        &self,
        ctx: &Ctx,
        granted: Granted,
        write: impl AsyncFnOnce(&mut WriteTx) -> Result<(), Problem>,
    ) -> Result<(), Problem> {
        let mut tx = ctx.write(granted).await?;
        write(&mut tx).await?;
        tx.commit().await?;
        self.reread(ctx).await
    }

    async fn reread(&self, ctx: &Ctx) -> Result<(), Problem> {
        let world = self.world(ctx.tenant()).await?;
        let mut tx = ctx.read().await?;
        let decisions = store::decisions(&mut tx).await?;
        let pins = store::pins(&mut tx).await?;
        drop(tx);
        let mut state = world.state.lock().await;
        state.decisions = Arc::new(decisions.iter().filter_map(store::DecisionRow::decision).collect());
        state.prior.pins = pins;
        drop(state);
        self.rebuild(&world).await
    }

    async fn world(&self, tenant: TenantId) -> Result<Arc<World>, Problem> {
        let mut worlds = self.inner.worlds.lock().await;
        if let Some(world) = worlds.get(&tenant) {
            return Ok(world.clone());
        }
        let world = Arc::new(self.load(tenant).await?);
        worlds.insert(tenant, world.clone());
        drop(worlds);
        let (atlas, follower) = (self.clone(), world.clone());
        tokio::spawn(async move { atlas.follow(follower).await });
        Ok(world)
    }

    fn system(&self, tenant: TenantId) -> Result<Ctx, Problem> {
        Ok(self.inner.services.contexts()?.system(tenant, "atlas"))
    }

    async fn load(&self, tenant: TenantId) -> Result<World, Problem> {
        let ctx = self.system(tenant)?;
        let mut tx = ctx.read().await?;
        let mut subjects = Subjects::default();
        store::load(&mut tx, None, |loaded| subjects.stored(loaded)).await?;
        let decisions = store::decisions(&mut tx).await?;
        let mut parts = parts::Reader::default();
        store::load_parts(&mut tx, |part, body| parts.take(part, body)).await?;
        let (prior, stored) = parts.finish(store::pins(&mut tx).await?);
        let (revision, fingerprint) = store::revision(&mut tx).await?;
        let items = Arc::new(store::drift_items(&mut tx).await?);
        let rules = store::acceptance_rules(tx.conn()).await?;
        drop(tx);
        let decisions: Vec<Decision> = decisions.iter().filter_map(store::DecisionRow::decision).collect();
        let decisions = Arc::new(decisions);
        let snapshot = subjects.snapshot();
        let patience = self.inner.patience;
        let built = build(snapshot.clone(), prior.clone(), decisions.clone(), patience).await?;
        let Built { map, report } = built;
        let prior = map.to_prior(prior.pins);
        let current = Current::new(map, revision, snapshot);
        let current = Current { decisions: decisions.clone(), report: Arc::new(report), ..current };
        let stored = Arc::new(stored);
        let state = State { subjects, decisions, items: items.clone(), prior, stored, fingerprint, revision };
        let current = RwLock::new(Arc::new(current));
        Ok(World {
            tenant,
            state: Mutex::new(state),
            current,
            items: RwLock::new(items),
            rules: RwLock::new(Arc::new(rules)),
            refused: std::sync::Mutex::default(),
            dirty: Notify::new(),
        })
    }

    /// Rebuilds the map of one tenant whenever it must, until the server stops.
    async fn follow(&self, world: Arc<World>) {
        loop {
            tokio::select! {
                () = world.dirty.notified() => tokio::time::sleep(SETTLE).await,
                () = tokio::time::sleep(TICK) => {}
                () = self.inner.stop.cancelled() => return,
            }
            let started = std::time::Instant::now();
            if let Err(problem) = self.rebuild(&world).await {
                tracing::warn!(tenant = %world.tenant, %problem, "the map could not be rebuilt");
            } else if let Err(problem) = self.accept_by_rules(&world).await {
                tracing::warn!(tenant = %world.tenant, %problem, "rules could not accept drift");
            }
            // A map that is expensive to build is built less often: at most a third of one processor.
            tokio::time::sleep(started.elapsed() * 2).await;
        }
    }

    async fn rebuild(&self, world: &World) -> Result<(), Problem> {
        let mut state = world.state.lock().await;
        let snapshot = state.subjects.snapshot();
        let patience = self.inner.patience;
        let built = build(snapshot.clone(), state.prior.clone(), state.decisions.clone(), patience).await?;
        let Built { map, report } = built;
        let Compared { map, fingerprint, change, stored } = compare(map, state.stored.clone()).await?;
        let changed = fingerprint != state.fingerprint;
        let revision = state.revision + i64::from(changed);
        let (items, step) = drift::step(&state.items, &report, map.generated_at, patience);
        if changed || !change.is_empty() || !step.is_empty() {
            let written =
                Written { map: &map, change: &change, revision, fingerprint: &fingerprint, changed, step };
            self.store(world.tenant, written).await?;
        }
        state.items = Arc::new(items);
        state.prior = map.to_prior(std::mem::take(&mut state.prior.pins));
        (state.stored, state.fingerprint, state.revision) = (stored, fingerprint, revision);
        let current = Current::new(map, revision, snapshot);
        let decisions = state.decisions.clone();
        world.show(Current { decisions, report: Arc::new(report), ..current }, !changed).await?;
        world.show_items(state.items.clone());
        Ok(())
    }

    /// Writes what is new of a map, in one transaction with its history and its events.
    async fn store(&self, tenant: TenantId, written: Written<'_>) -> Result<(), Problem> {
        let Written { map, change, revision, fingerprint, changed, step } = written;
        let ctx = self.system(tenant)?;
        let mut tx = ctx.write(ctx.authorize(WRITE)?).await?;
        store::write_parts(&mut tx, change).await?;
        store::write_revision(&mut tx, revision, fingerprint).await?;
        store::write_happenings(&mut tx, &world::happenings(map)).await?;
        store::write_drift(&mut tx, &step.put, &step.removed).await?;
        for event in drifting::events(&step) {
            tx.publish(&event).await?;
        }
        if changed {
            for event in events(map, revision) {
                tx.publish(&event).await?;
            }
        }
        tx.commit().await
    }
}

impl World {
    fn current(&self) -> Arc<Current> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn show_items(&self, items: Arc<Items>) {
        *self.items.write().unwrap_or_else(PoisonError::into_inner) = items;
    }

    /// Puts a map in service. One that says the same goes on with the index there is; else who
    /// searched the map before does not wait for the next index.
    async fn show(&self, mut current: Current, same: bool) -> Result<(), Problem> {
        let before = self.current();
        if same && before.subjects.same_content(&current.subjects) {
            current.index = before.index.clone();
        }
        let current = Arc::new(current);
        if before.searched.load(Ordering::Relaxed) {
            let current = current.clone();
            tokio::task::spawn_blocking(move || {
                current.index();
            })
            .await
            .map_err(Problem::internal)?;
        }
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = current;
        Ok(())
    }
}

impl FrameSink for Atlas {
    fn deliver<'a>(&'a self, ctx: &'a Ctx, frames: Vec<Frame>) -> BoxFuture<'a, Result<(), Problem>> {
        Box::pin(async move {
            if frames.len() > FRAMES {
                return Err(Problem::bad_request(format!("at most {FRAMES} frames in one call")));
            }
            let granted = ctx.authorize(WRITE)?;
            if frames.is_empty() {
                return Ok(());
            }
            let world = self.world(ctx.tenant()).await?;
            let mut state = world.state.lock().await;
            let changes = state.subjects.changes(frames);
            let mut tx = ctx.write(granted).await?;
            store::write_changes(&mut tx, &changes).await?;
            tx.commit().await?;
            state.subjects.apply(changes);
            drop(state);
            world.dirty.notify_one();
            Ok(())
        })
    }
}

/// The engine works on a thread of its own: a large map takes a second.
async fn build(
    subjects: Snapshot,
    prior: Prior,
    decisions: Arc<Vec<Decision>>,
    patience: Patience,
) -> Result<Built, Problem> {
    tokio::task::spawn_blocking(move || {
        let now = Utc::now();
        let input = Input {
            now,
            subjects: subjects.views().iter().map(Arc::as_ref).collect(),
            prior: &prior,
            decisions: &decisions,
            limits: Limits::default(),
        };
        let (map, devices) = crate::engine::build_with_devices(&input, &mut ClockIds);
        let intended = subjects.intended();
        let decisions = decisions.as_slice();
        let report = drift::compare(&drift::Compared {
            now,
            intended,
            map: &map,
            devices: &devices,
            decisions,
            patience,
        });
        Built { map, report }
    })
    .await
    .map_err(Problem::internal)
}

/// A map, and how it differs from what should be.
struct Built {
    map: Map,
    report: Report,
}

/// What is written of a new map.
struct Written<'a> {
    map: &'a Map,
    change: &'a PartChange,
    revision: i64,
    fingerprint: &'a [u8],
    changed: bool,
    step: Step,
}

/// A map with what it changes of what is stored.
struct Compared {
    map: Map,
    fingerprint: Vec<u8>,
    change: PartChange,
    stored: Arc<Digests>,
}

/// Writing a large map out in parts takes longer than a worker may be held.
async fn compare(map: Map, stored: Arc<Digests>) -> Result<Compared, Problem> {
    tokio::task::spawn_blocking(move || {
        let fingerprint = map.fingerprint().to_vec();
        let (change, stored) = parts::difference(&stored, &map)?;
        Ok(Compared { map, fingerprint, change, stored: Arc::new(stored) })
    })
    .await
    .map_err(Problem::internal)?
}

fn events(map: &Map, revision: i64) -> Vec<Event> {
    use crate::map::MapEvent;
    let data = json!({"revision": revision, "devices": map.entities.len(), "links": map.links.len()});
    let mut events = vec![Event::now(TOPOLOGY_CHANGED.name, "atlas/topology", data)];
    events.extend(map.events.iter().take(EVENTS).filter_map(|event| match event {
        MapEvent::Created { entity, name } => Some(Event::now(
            DEVICE_DISCOVERED.name,
            format!("atlas/devices/{entity}"),
            json!({"id": entity, "name": name}),
        )),
        MapEvent::Link { link, layer, before, after } => Some(Event::now(
            LINK_CHANGED.name,
            format!("atlas/links/{link}"),
            json!({"id": link, "layer": layer, "before": before, "after": after}),
        )),
        MapEvent::Merged { .. } | MapEvent::Split { .. } | MapEvent::Replaced { .. } => None,
    }));
    events
}
