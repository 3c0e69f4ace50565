//! Domain events: an ordered log in PostgreSQL, written in the transaction of the change.
//!
//! # Order
//! Sequence numbers are handed out before their transactions commit, so a reader that goes by them
//! loses events. The log is read by `(incarnation, xid, seq)` and only below the oldest transaction
//! that still runs (`pg_snapshot_xmin`): nothing can appear behind a cursor any more. The price is
//! that a long transaction holds delivery back; idle ones are ended after 60 s. The incarnation rises
//! when the database is restored into another one, where transaction ids start again.
//!
//! # Delivery
//! At least once, in order per tenant and subject. A consumer that fails is tried again with growing
//! pauses, eight times altogether, while later events of the same subject wait; then the event is a
//! dead letter: visible, to be retried or discarded by hand. Everything else goes on meanwhile.
//!
//! | file | job |
//! |---|---|
//! | `log` | rows, positions, the horizon |
//! | `writer` | `impl kit::tx::EventWriter`, wake-up after commit |
//! | `consumer` | durable consumers |
//! | `failure` | retries and dead letters |
//! | `hub`, `stream` | live events of one tenant, resumable by cursor |
//! | `routes` | `/api/v1/events/stream` and the actions on dead letters |
//! | `retention` | the log is bounded in age and rows |
#![forbid(unsafe_code)]
#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

mod consumer;
mod failure;
mod hub;
mod log;
mod models;
mod pattern;
mod retention;
mod routes;
mod status;
mod stream;
mod writer;

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use db::Store;
use kit::plugin::{Migration, Subscription};
use kit::services::SystemContexts;
use kit::{EventType, PermissionObject, Problem};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

pub use models::DEAD_LETTER;
pub use pattern::Filter;
pub use retention::Retention;
pub use routes::router;
pub use status::{BusStatus, ConsumerStatus};
pub use stream::StreamItem;

/// Tables of this room.
pub const MIGRATIONS: &[Migration] =
    &[Migration { version: 1, name: "event", sql: include_str!("../migrations/0001_event.sql") }];

/// Permission objects of this room.
pub const PERMISSIONS: &[PermissionObject] =
    &[PermissionObject { object: "platform/dead-letters", title: "Events that could not be handled" }];

/// The event log of one server. Give it to [`Store::set_event_writer`].
pub struct Bus {
    store: Store,
    /// Names this server in leases.
    instance: Uuid,
    wake: watch::Sender<()>,
    types: OnceLock<HashMap<&'static str, EventType>>,
    hub: hub::Hub,
}

impl std::fmt::Debug for Bus {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Bus").field("instance", &self.instance).finish_non_exhaustive()
    }
}

/// What [`Bus::start`] needs.
pub struct BusOptions {
    /// All declared event types.
    pub types: Vec<EventType>,
    /// All durable consumers.
    pub subscriptions: Vec<Subscription>,
    /// Contexts in which consumers act.
    pub contexts: Arc<dyn SystemContexts>,
    /// How long events are kept.
    pub retention: Retention,
    /// Ends everything.
    pub stop: CancellationToken,
}

impl Bus {
    /// A bus over this store, which has [`MIGRATIONS`] applied. Events can be written at once.
    pub fn new(store: Store) -> Arc<Self> {
        let (wake, _) = watch::channel(());
        let (instance, hub) = (Uuid::now_v7(), hub::Hub::default());
        Arc::new(Self { store, instance, wake, types: OnceLock::new(), hub })
    }

    /// Registers the consumers - a new one starts with what is written from now on - and delivers
    /// until `stop`. Call it before products start, so that no event of theirs is missed.
    ///
    /// # Errors
    /// 503, and a consumer name that is used twice.
    pub async fn start(self: &Arc<Self>, options: BusOptions) -> Result<(), Problem> {
        let BusOptions { types, subscriptions, contexts, retention, stop } = options;
        self.types.set(types.into_iter().map(|declared| (declared.name, declared)).collect()).ok();
        consumer::register(self, &subscriptions).await?;
        hub::start(self, stop.clone()).await?;
        for subscription in subscriptions {
            consumer::start(self, subscription, contexts.clone(), stop.clone());
        }
        retention::start(self.clone(), retention, stop);
        Ok(())
    }
}
