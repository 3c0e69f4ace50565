//! The running part of atlas: takes frames, keeps each tenant's world in step with the database, and
//! rebuilds its map when something changed or time passed.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use chrono::Utc;
use kit::{Act, BoxFuture, Ctx, Event, EventType, FrameSink, Permission, Problem, Services, TenantId};
use model::Frame;
use serde_json::{Value, json};
use tokio::sync::{Mutex, Notify};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::map::{ClockIds, Decision, Input, Limits, Map, Prior, SubjectView};
use crate::store::{self, Part};
use crate::world::{self, Subjects};

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
}

/// What is known of one tenant.
pub(crate) struct World {
    tenant: TenantId,
    state: Mutex<State>,
    current: RwLock<Arc<Current>>,
    dirty: Notify,
}

struct State {
    subjects: Subjects,
    decisions: Vec<Decision>,
    prior: Prior,
    parts: BTreeMap<Uuid, (Part, Value)>,
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
}

impl Atlas {
    /// An atlas that ends its work at `stop`.
    pub fn new(services: Services, stop: CancellationToken) -> Self {
        Self { inner: Arc::new(Inner { services, worlds: Mutex::default(), stop }) }
    }

    /// The tenant's map as it is now.
    ///
    /// # Errors
    /// 503 while the database cannot be reached for the first reading.
    pub async fn current(&self, tenant: TenantId) -> Result<Arc<Current>, Problem> {
        Ok(self.world(tenant).await?.current())
    }

    /// The tenant's subjects of one device, for its page.
    pub(crate) async fn subjects(
        &self,
        tenant: TenantId,
        wanted: &[model::Subject],
    ) -> Result<Vec<SubjectView>, Problem> {
        let world = self.world(tenant).await?;
        let state = world.state.lock().await;
        Ok(wanted.iter().filter_map(|subject| state.subjects.views.get(subject)).cloned().collect())
    }

    /// Pins or decisions changed: read them again and rebuild.
    pub(crate) async fn reread(&self, ctx: &Ctx) -> Result<(), Problem> {
        let world = self.world(ctx.tenant()).await?;
        let mut tx = ctx.read().await?;
        let decisions = store::decisions(&mut tx).await?;
        let pins = store::pins(&mut tx).await?;
        drop(tx);
        let mut state = world.state.lock().await;
        state.decisions = decisions.iter().filter_map(store::DecisionRow::decision).collect();
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
        let (views, begun) = store::load_subjects(&mut tx).await?;
        let decisions = store::decisions(&mut tx).await?;
        let parts = store::load_parts(&mut tx).await?;
        let prior = world::prior(&parts, store::pins(&mut tx).await?)?;
        let (revision, fingerprint) = store::revision(&mut tx).await?;
        drop(tx);
        let decisions: Vec<Decision> = decisions.iter().filter_map(store::DecisionRow::decision).collect();
        let views_now: Vec<SubjectView> = views.values().cloned().collect();
        let map = build(views_now, prior.clone(), decisions.clone()).await?;
        let subjects = Subjects { views, begun };
        let prior = map.to_prior(prior.pins);
        let state = State { subjects, decisions, prior, parts, fingerprint, revision };
        let current = RwLock::new(Arc::new(Current { map, revision }));
        Ok(World { tenant, state: Mutex::new(state), current, dirty: Notify::new() })
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
            }
            // A map that is expensive to build is built less often: at most a third of one processor.
            tokio::time::sleep(started.elapsed() * 2).await;
        }
    }

    async fn rebuild(&self, world: &World) -> Result<(), Problem> {
        let mut state = world.state.lock().await;
        let views: Vec<SubjectView> = state.subjects.views.values().cloned().collect();
        let map = build(views, state.prior.clone(), state.decisions.clone()).await?;
        let (parts, fingerprint) = (world::parts(&map)?, map.fingerprint().to_vec());
        let change = world::difference(&state.parts, &parts);
        let changed = fingerprint != state.fingerprint;
        if !changed && change.put.is_empty() && change.removed.is_empty() {
            world.publish(Arc::new(Current { map, revision: state.revision }));
            return Ok(());
        }
        let revision = state.revision + i64::from(changed);
        let ctx = self.system(world.tenant)?;
        let mut tx = ctx.write(ctx.authorize(WRITE)?).await?;
        store::write_parts(&mut tx, &change).await?;
        store::write_revision(&mut tx, revision, &fingerprint).await?;
        store::write_happenings(&mut tx, &world::happenings(&map)).await?;
        if changed {
            for event in events(&map, revision) {
                tx.publish(&event).await?;
            }
        }
        tx.commit().await?;
        state.prior = map.to_prior(std::mem::take(&mut state.prior.pins));
        (state.parts, state.fingerprint, state.revision) = (parts, fingerprint, revision);
        world.publish(Arc::new(Current { map, revision }));
        Ok(())
    }
}

impl World {
    fn current(&self) -> Arc<Current> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn publish(&self, current: Arc<Current>) {
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = current;
    }
}

impl FrameSink for Atlas {
    fn deliver<'a>(&'a self, ctx: &'a Ctx, frames: Vec<Frame>) -> BoxFuture<'a, Result<(), Problem>> {
        Box::pin(async move {
            if frames.len() > FRAMES {
                return Err(Problem::bad_request(format!("at most {FRAMES} frames in one call")));
            }
            let granted = ctx.authorize(WRITE)?;
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
async fn build(subjects: Vec<SubjectView>, prior: Prior, decisions: Vec<Decision>) -> Result<Map, Problem> {
    tokio::task::spawn_blocking(move || {
        let input = Input {
            now: Utc::now(),
            subjects: &subjects,
            prior: &prior,
            decisions: &decisions,
            limits: Limits::default(),
        };
        crate::build(&input, &mut ClockIds)
    })
    .await
    .map_err(Problem::internal)
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
