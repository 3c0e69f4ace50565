//! One reader of the log for all live streams of this server.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use kit::{Ctx, Problem, TenantId};
use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;

use crate::Bus;
use crate::log::{self, Entry, Horizon, Position};
use crate::pattern::Filter;
use crate::writer::Pace;

/// Events a slow stream may be behind before it reads the log again itself.
const BUFFER: usize = 1024;
const PAGE: usize = 500;
const PER_PRINCIPAL: usize = 16;
const PER_TENANT: usize = 200;
const PER_SERVER: usize = 5000;

/// Broadcasts entries in order; counts the streams.
pub(crate) struct Hub {
    entries: broadcast::Sender<Arc<Entry>>,
    seats: Arc<Mutex<Seats>>,
}

impl Default for Hub {
    fn default() -> Self {
        Self { entries: broadcast::channel(BUFFER).0, seats: Arc::default() }
    }
}

#[derive(Default)]
struct Seats {
    all: usize,
    tenants: HashMap<TenantId, usize>,
    principals: HashMap<String, usize>,
}

impl Hub {
    pub(crate) fn subscribe(&self) -> broadcast::Receiver<Arc<Entry>> {
        self.entries.subscribe()
    }

    pub(crate) fn streams(&self) -> usize {
        self.seats.lock().unwrap_or_else(PoisonError::into_inner).all
    }

    /// Takes a seat for a stream.
    ///
    /// # Errors
    /// 429 naming the limit.
    pub(crate) fn sit(&self, ctx: &Ctx) -> Result<Seat, Problem> {
        let principal = format!("{}/{}", ctx.tenant(), ctx.actor());
        let mut seats = self.seats.lock().unwrap_or_else(PoisonError::into_inner);
        let of_tenant = seats.tenants.get(&ctx.tenant()).copied().unwrap_or(0);
        let of_principal = seats.principals.get(&principal).copied().unwrap_or(0);
        for (count, limit, whose) in [
            (of_principal, PER_PRINCIPAL, "you have"),
            (of_tenant, PER_TENANT, "this tenant has"),
            (seats.all, PER_SERVER, "this server has"),
        ] {
            if count >= limit {
                let detail = format!("Close a stream first: {whose} {limit} open, which is the limit.");
                let status = axum::http::StatusCode::TOO_MANY_REQUESTS;
                return Err(Problem {
                    retry_after: Some(30),
                    ..Problem::new(status, "too-many-streams", detail)
                });
            }
        }
        seats.all += 1;
        *seats.tenants.entry(ctx.tenant()).or_default() += 1;
        *seats.principals.entry(principal.clone()).or_default() += 1;
        Ok(Seat { seats: self.seats.clone(), tenant: ctx.tenant(), principal })
    }
}

/// Gives the place of a stream back when dropped.
pub(crate) struct Seat {
    seats: Arc<Mutex<Seats>>,
    tenant: TenantId,
    principal: String,
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut seats = self.seats.lock().unwrap_or_else(PoisonError::into_inner);
        seats.all = seats.all.saturating_sub(1);
        if let Some(count) = seats.tenants.get_mut(&self.tenant) {
            *count = count.saturating_sub(1);
        }
        if let Some(count) = seats.principals.get_mut(&self.principal) {
            *count = count.saturating_sub(1);
        }
        seats.tenants.retain(|_, count| *count > 0);
        seats.principals.retain(|_, count| *count > 0);
    }
}

/// Starts the reader at the end of the log.
pub(crate) async fn start(bus: &Arc<Bus>, stop: CancellationToken) -> Result<(), Problem> {
    let mut tx = bus.store.relay().await?;
    let mut position = Horizon::ask(tx.conn(), bus.store.incarnation()).await?.end();
    tx.commit().await?;
    let bus = bus.clone();
    tokio::spawn(async move {
        let mut woken = bus.wake.subscribe();
        let mut pace = Pace::new();
        loop {
            match forward(&bus, position).await {
                Ok((next, count)) => {
                    position = next;
                    if count > 0 {
                        pace.quick();
                    }
                }
                Err(problem) => tracing::warn!(%problem, "live streams wait for the database"),
            }
            tokio::select! {
                () = stop.cancelled() => break,
                wait = pace.wait(&mut woken) => if wait.is_err() { break },
            }
        }
    });
    Ok(())
}

async fn forward(bus: &Bus, mut position: Position) -> Result<(Position, usize), Problem> {
    let all = Filter::of_pattern("*");
    let mut count = 0;
    let mut tx = bus.store.relay().await?;
    loop {
        let horizon = Horizon::ask(tx.conn(), bus.store.incarnation()).await?;
        let entries = log::read(tx.conn(), position, horizon, &all, PAGE).await?;
        let full = entries.len() == PAGE;
        count += entries.len();
        position = match entries.last() {
            Some(last) if full => last.position,
            _ => horizon.end().max(position),
        };
        for entry in entries {
            // Nobody listens: fine.
            bus.hub.entries.send(Arc::new(entry)).ok();
        }
        if !full {
            return Ok((position, count));
        }
    }
}
