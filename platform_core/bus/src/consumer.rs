//! Durable consumers: each has a cursor in the database and one task.

use std::collections::{HashMap, HashSet};
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures::FutureExt;
use futures::stream::{self, StreamExt};
use kit::events::EventHandler;
use kit::plugin::Subscription;
use kit::services::SystemContexts;
use kit::{Problem, TenantId};
use sqlx::Row;
use tokio_util::sync::CancellationToken;

use crate::Bus;
use crate::failure::{self, Failure};
use crate::log::{self, Entry, Horizon, Position};
use crate::pattern::Filter;
use crate::writer::Pace;

/// Events handed out between two moves of the cursor.
const BATCH: usize = 100;
/// Subjects handled at the same time.
const PARALLEL: usize = 8;
/// Longest handling of one event.
const HANDLING: Duration = Duration::from_mins(1);
/// A server that died loses its consumers after this long.
const LEASE_SECONDS: i32 = 15;
const RENEW: Duration = Duration::from_secs(5);
/// A cursor that moved over events of other types only is stored this often.
const SAVE: Duration = Duration::from_secs(30);

/// Makes sure that every consumer has a cursor.
pub(crate) async fn register(bus: &Bus, subscriptions: &[Subscription]) -> Result<(), Problem> {
    let mut names = HashSet::new();
    if let Some(twice) = subscriptions.iter().find(|subscription| !names.insert(subscription.consumer)) {
        return Err(Problem::internal(format!("two subscriptions are named {}", twice.consumer)));
    }
    let mut tx = bus.store.relay().await?;
    let end = Horizon::ask(tx.conn(), bus.store.incarnation()).await?.end();
    for name in names {
        sqlx::query(
            "INSERT INTO app.consumer (name, incarnation, xid, seq) VALUES ($1, $2, $3, $4)
             ON CONFLICT (name) DO NOTHING",
        )
        .bind(name)
        .bind(end.incarnation)
        .bind(end.xid)
        .bind(end.seq)
        .execute(tx.conn())
        .await?;
    }
    if bus.store.engine_state().is_some() {
        // A private PostgreSQL serves one server: leases are those of our own last life.
        sqlx::query("UPDATE app.consumer SET leased_by = NULL").execute(tx.conn()).await?;
    }
    tx.commit().await
}

/// Starts the task of a consumer.
pub(crate) fn start(
    bus: &Arc<Bus>,
    subscription: Subscription,
    contexts: Arc<dyn SystemContexts>,
    stop: CancellationToken,
) {
    let worker = Worker {
        bus: bus.clone(),
        name: subscription.consumer,
        filter: Filter::of_pattern(subscription.pattern),
        handler: subscription.handler,
        contexts,
        held: Mutex::default(),
    };
    tokio::spawn(async move {
        let mut woken = worker.bus.wake.subscribe();
        let mut pace = Pace::new();
        loop {
            match worker.step().await {
                Ok(0) => {}
                Ok(_) => pace.quick(),
                Err(problem) => tracing::warn!(consumer = worker.name, %problem, "events are not delivered"),
            }
            tokio::select! {
                () = stop.cancelled() => break,
                wait = pace.wait(&mut woken) => if wait.is_err() { break },
            }
        }
        worker.release().await;
    });
}

pub(crate) struct Worker {
    pub(crate) bus: Arc<Bus>,
    pub(crate) name: &'static str,
    filter: Filter,
    handler: Arc<dyn EventHandler>,
    contexts: Arc<dyn SystemContexts>,
    held: Mutex<Option<Held>>,
}

/// The lease, and how far this server has read since it holds it.
#[derive(Clone, Copy)]
struct Held {
    renewed: Instant,
    saved: Instant,
    position: Position,
}

impl Worker {
    /// Retries what is due, then takes the next batch. Gives the number of events handled.
    async fn step(&self) -> Result<usize, Problem> {
        let mut handled = 0;
        loop {
            let Some((entries, next)) = self.take().await? else { return Ok(handled) };
            let retried = self.with_lease(failure::retry_due(self)).await?;
            let count = entries.len();
            let failures = self.with_lease(self.dispatch(entries)).await;
            self.advance(next, count, failures).await?;
            handled += retried + count;
            if count < BATCH && retried == 0 {
                return Ok(handled);
            }
        }
    }

    /// Reads behind the cursor. `None`: another server has the lease.
    async fn take(&self) -> Result<Option<(Vec<Entry>, Position)>, Problem> {
        let mut tx = self.bus.store.relay().await?;
        let fresh = self.held().filter(|held| held.renewed.elapsed() < RENEW);
        let after = match fresh {
            Some(held) => held.position,
            None => match self.lease(tx.conn()).await? {
                Some(position) => position,
                None => return Ok(None),
            },
        };
        let horizon = Horizon::ask(tx.conn(), self.bus.store.incarnation()).await?;
        let entries = log::read(tx.conn(), after, horizon, &self.filter, BATCH).await?;
        tx.commit().await?;
        // Less than asked for: everything up to the horizon was seen.
        let next = match entries.last() {
            Some(last) if entries.len() == BATCH => last.position,
            _ => horizon.end().max(after),
        };
        Ok(Some((entries, next)))
    }

    fn held(&self) -> Option<Held> {
        *self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn hold(&self, change: impl FnOnce(Option<Held>) -> Option<Held>) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        *held = change(*held);
    }

    /// Takes or renews the lease and gives where to read on.
    async fn lease(&self, connection: &mut sqlx::PgConnection) -> Result<Option<Position>, Problem> {
        let asked = Instant::now();
        let row = sqlx::query(
            "UPDATE app.consumer SET leased_by = $2, leased_until = now() + make_interval(secs => $3)
             WHERE name = $1 AND (leased_by IS NULL OR leased_by = $2 OR leased_until < now())
             RETURNING incarnation, xid, seq",
        )
        .bind(self.name)
        .bind(self.bus.instance)
        .bind(f64::from(LEASE_SECONDS))
        .fetch_optional(connection)
        .await?;
        let Some(row) = row else {
            self.hold(|_| None);
            return Ok(None);
        };
        let stored = Position { incarnation: row.try_get(0)?, xid: row.try_get(1)?, seq: row.try_get(2)? };
        let position = self.held().map_or(stored, |held| held.position.max(stored));
        self.hold(|held| {
            Some(Held { renewed: asked, saved: held.map_or(asked, |held| held.saved), position })
        });
        Ok(Some(position))
    }

    /// Does the work and renews the lease meanwhile.
    async fn with_lease<T>(&self, work: impl Future<Output = T>) -> T {
        let mut work = std::pin::pin!(work);
        let mut renew = tokio::time::interval(RENEW);
        renew.reset();
        loop {
            tokio::select! {
                done = &mut work => return done,
                _ = renew.tick() => {
                    let renewed = async {
                        let mut tx = self.bus.store.relay().await?;
                        self.lease(tx.conn()).await?;
                        tx.commit().await
                    };
                    if let Err(problem) = renewed.await {
                        tracing::warn!(consumer = self.name, %problem, "cannot renew the lease");
                    }
                }
            }
        }
    }

    /// Handles a batch: subjects side by side, each in order. Gives what failed and what waits
    /// behind something that failed.
    async fn dispatch(&self, entries: Vec<Entry>) -> Result<Vec<Failure>, Problem> {
        let parked = failure::parked(self, &entries).await?;
        let mut groups: Vec<Vec<Entry>> = Vec::new();
        let mut index: HashMap<(TenantId, String), usize> = HashMap::new();
        for entry in entries {
            let slot = *index.entry((entry.tenant, entry.event.subject.clone())).or_insert_with(|| {
                groups.push(Vec::new());
                groups.len() - 1
            });
            if let Some(group) = groups.get_mut(slot) {
                group.push(entry);
            }
        }
        let results = stream::iter(groups).map(|group| self.handle_group(group, &parked));
        Ok(results.buffer_unordered(PARALLEL).concat().await)
    }

    async fn handle_group(&self, group: Vec<Entry>, parked: &HashSet<(TenantId, String)>) -> Vec<Failure> {
        let mut failures = Vec::new();
        let mut blocked =
            group.first().is_some_and(|entry| parked.contains(&(entry.tenant, entry.event.subject.clone())));
        for entry in group {
            if blocked {
                failures.push(Failure::waiting(entry));
                continue;
            }
            if let Err(error) = self.handle(&entry).await {
                tracing::info!(consumer = self.name, event = %entry.event.id, %error, "an event failed");
                failures.push(Failure::first(entry, error));
                blocked = true;
            }
        }
        failures
    }

    /// Hands one event to its handler; a panic or a hang is an error like any other.
    pub(crate) async fn handle(&self, entry: &Entry) -> Result<(), String> {
        let ctx = self.contexts.system(entry.tenant, "bus");
        let work = AssertUnwindSafe(async { self.handler.handle(&ctx, &entry.event).await }).catch_unwind();
        match tokio::time::timeout(HANDLING, work).await {
            Ok(Ok(Ok(()))) => Ok(()),
            Ok(Ok(Err(problem))) => Err(problem.to_string()),
            Ok(Err(_)) => Err("the handler panicked; the server's log has the place".to_owned()),
            Err(_) => Err(format!("not done after {} s", HANDLING.as_secs())),
        }
    }

    async fn advance(
        &self,
        next: Position,
        count: usize,
        failures: Result<Vec<Failure>, Problem>,
    ) -> Result<(), Problem> {
        let failures = failures?;
        let idle = self.held().is_some_and(|held| held.saved.elapsed() < SAVE);
        if count > 0 || !idle {
            self.save(next, count, &failures).await?;
        }
        let saved = if count > 0 || !idle { Some(Instant::now()) } else { None };
        self.hold(|held| {
            held.map(|held| Held { position: next, saved: saved.unwrap_or(held.saved), ..held })
        });
        Ok(())
    }

    async fn save(&self, next: Position, count: usize, failures: &[Failure]) -> Result<(), Problem> {
        let mut tx = self.bus.store.relay().await?;
        for failure in failures {
            failure.insert(tx.conn(), self.name).await?;
        }
        sqlx::query(
            "UPDATE app.consumer SET incarnation = $3, xid = $4, seq = $5, delivered = delivered + $6, moved_at = now()
             WHERE name = $1 AND leased_by = $2 AND (incarnation, xid, seq) < ($3, $4, $5)",
        )
        .bind(self.name)
        .bind(self.bus.instance)
        .bind(next.incarnation)
        .bind(next.xid)
        .bind(next.seq)
        .bind(i64::try_from(count - failures.len()).unwrap_or(0))
        .execute(tx.conn())
        .await?;
        tx.commit().await
    }

    async fn release(&self) {
        let released = async {
            let mut tx = self.bus.store.relay().await?;
            sqlx::query("UPDATE app.consumer SET leased_by = NULL WHERE name = $1 AND leased_by = $2")
                .bind(self.name)
                .bind(self.bus.instance)
                .execute(tx.conn())
                .await?;
            tx.commit().await
        };
        if let Err(problem) = released.await {
            tracing::debug!(consumer = self.name, %problem, "the lease runs out by itself");
        }
    }
}
