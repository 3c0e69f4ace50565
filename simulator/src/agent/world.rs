//! All agents of a simulation: tables that are built when first asked and dropped when the network
//! changes.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard};
use std::time::{Duration, Instant};

use snmp::v3::{AuthProtocol, PrivProtocol, UserKeys, UsmAgent};

use crate::l2::{self, SiteL2};
use crate::mib::{self, Tables};
use crate::options::SimulatorError;
use crate::plan::{DeviceId, Lame, Plan};
use crate::state::State;

/// Most octets of built tables that are kept; the oldest are built anew when asked again.
const MAX_KEPT: usize = 320 << 20;

/// What a simulation has done so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    /// Datagrams received for a device of the plan.
    pub requests: u64,
    /// Datagrams sent.
    pub answers: u64,
    /// Agents whose tables were built.
    pub tables_built: u64,
    /// Octets of built tables in memory.
    pub table_bytes: usize,
}

#[derive(Default)]
struct Kept {
    order: VecDeque<DeviceId>,
    bytes: usize,
}

/// All agents.
pub(crate) struct World {
    pub(crate) plan: Arc<Plan>,
    state: RwLock<State>,
    sites: Vec<Mutex<Option<Arc<SiteL2>>>>,
    tables: Vec<Mutex<Option<Arc<Tables>>>>,
    users: Vec<Mutex<Option<UsmAgent>>>,
    counts: Vec<AtomicU32>,
    keys: UserKeys,
    started: Instant,
    kept: Mutex<Kept>,
    pub(crate) requests: AtomicU64,
    pub(crate) answers: AtomicU64,
    built: AtomicU64,
    bytes: AtomicUsize,
}

/// A panic while a lock is held leaves caches that are still whole: each is replaced in one step.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl World {
    pub(crate) fn new(plan: Arc<Plan>) -> Result<Self, SimulatorError> {
        let access = &plan.options.v3;
        let keys = UserKeys::new(
            &access.user,
            Some((AuthProtocol::Sha256, access.auth_password.as_bytes())),
            Some((PrivProtocol::Aes128, access.priv_password.as_bytes())),
        )
        .map_err(|error| SimulatorError::Option { option: "v3", reason: error.to_string() })?;
        let count = plan.devices.len();
        Ok(Self {
            state: RwLock::new(State::new(&plan)),
            sites: plan.sites.iter().map(|_| Mutex::default()).collect(),
            tables: (0..count).map(|_| Mutex::default()).collect(),
            users: (0..count).map(|_| Mutex::default()).collect(),
            counts: (0..count).map(|_| AtomicU32::new(0)).collect(),
            keys,
            started: Instant::now(),
            kept: Mutex::default(),
            requests: AtomicU64::new(0),
            answers: AtomicU64::new(0),
            built: AtomicU64::new(0),
            bytes: AtomicUsize::new(0),
            plan,
        })
    }

    pub(crate) fn state(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// How long a device has been up.
    pub(crate) fn uptime(&self, id: DeviceId) -> Duration {
        Duration::from_secs(u64::from(self.plan.device(id).uptime)) + self.started.elapsed()
    }

    /// Requests a device has received before this one.
    pub(crate) fn count(&self, id: DeviceId) -> u32 {
        self.counts[id as usize].fetch_add(1, Ordering::Relaxed)
    }

    /// The tables of an agent, built when nobody asked before.
    pub(crate) fn tables(&self, id: DeviceId) -> Arc<Tables> {
        let mut slot = lock(&self.tables[id as usize]);
        if let Some(tables) = &*slot {
            return Arc::clone(tables);
        }
        // The state stays locked until the tables stand, so that a change comes before or after.
        let state = self.state();
        let l2 = self.site(&state, self.plan.device(id).site);
        let tables = Arc::new(mib::build(&self.plan, &state, &l2, id));
        *slot = Some(Arc::clone(&tables));
        drop(state);
        drop(slot);
        self.built.fetch_add(1, Ordering::Relaxed);
        self.keep(id, tables.size());
        tables
    }

    fn keep(&self, id: DeviceId, size: usize) {
        let mut kept = lock(&self.kept);
        kept.order.push_back(id);
        kept.bytes += size;
        while kept.bytes > MAX_KEPT && kept.order.len() > 1 {
            let Some(oldest) = kept.order.pop_front() else { break };
            kept.bytes -= lock(&self.tables[oldest as usize]).take().map_or(0, |tables| tables.size());
        }
        self.bytes.store(kept.bytes, Ordering::Relaxed);
    }

    fn site(&self, state: &State, site: u16) -> Arc<SiteL2> {
        let mut slot = lock(&self.sites[usize::from(site)]);
        Arc::clone(slot.get_or_insert_with(|| Arc::new(l2::compute(&self.plan, state, site))))
    }

    /// Changes the network and drops what was derived from it in these sites.
    pub(crate) fn change(&self, sites: &[u16], apply: impl FnOnce(&mut State)) {
        apply(&mut self.state.write().unwrap_or_else(PoisonError::into_inner));
        for site in sites {
            lock(&self.sites[usize::from(*site)]).take();
            for id in &self.plan.sites[usize::from(*site)].devices {
                let dropped = lock(&self.tables[*id as usize]).take();
                if let Some(tables) = dropped {
                    let mut kept = lock(&self.kept);
                    kept.order.retain(|other| other != id);
                    kept.bytes = kept.bytes.saturating_sub(tables.size());
                }
            }
        }
    }

    /// The SNMPv3 engine of a device.
    pub(crate) fn with_engine<R>(&self, id: DeviceId, work: impl FnOnce(&mut UsmAgent) -> R) -> R {
        let mut slot = lock(&self.users[id as usize]);
        let engine = slot.get_or_insert_with(|| {
            let device = self.plan.device(id);
            let boots = mib::engine_boots(id).unsigned_abs();
            let mut engine = UsmAgent::new(&device.engine_id, boots, u64::from(id) << 32 | 1);
            if !device.is(Lame::WrongCommunity) {
                engine.add_user(&self.keys);
            }
            engine
        });
        work(engine)
    }

    pub(crate) fn statistics(&self) -> Statistics {
        Statistics {
            requests: self.requests.load(Ordering::Relaxed),
            answers: self.answers.load(Ordering::Relaxed),
            tables_built: self.built.load(Ordering::Relaxed),
            table_bytes: lock(&self.kept).bytes,
        }
    }
}
