//! Transactions. One transaction = one tenant; there is no other way to the database.

use std::sync::Arc;

use sqlx::{PgConnection, Postgres, Transaction};
use tokio::sync::{Mutex, OwnedMappedMutexGuard, OwnedMutexGuard};

use crate::BoxFuture;
use crate::ctx::Ctx;
use crate::events::Event;
use crate::permission::Granted;
use crate::problem::Problem;

/// The database room, as the context sees it. Implemented by `platform_core/db`, which alone holds
/// the pool.
pub trait Database: Send + Sync {
    /// Begins `READ ONLY` with the tenant set for this transaction only.
    fn begin_read<'a>(&'a self, ctx: &'a Ctx) -> BoxFuture<'a, Result<ReadTx, Problem>>;
    /// Begins with the tenant set for this transaction only.
    fn begin_write<'a>(&'a self, ctx: &'a Ctx, granted: Granted) -> BoxFuture<'a, Result<WriteTx, Problem>>;
    /// As [`Database::begin_write`], on a connection that no other transaction may have: see
    /// [`WriteTx::aside`].
    fn begin_aside<'a>(&'a self, ctx: &'a Ctx, granted: Granted) -> BoxFuture<'a, Result<WriteTx, Problem>>;
}

/// Writes domain events in the transaction of the change and wakes consumers after commit.
/// Implemented by `platform_core/bus`.
pub trait EventWriter: Send + Sync {
    /// Appends the events to the log inside the transaction, in order.
    fn append<'a>(
        &'a self,
        ctx: &'a Ctx,
        connection: &'a mut PgConnection,
        events: &'a [Event],
    ) -> BoxFuture<'a, Result<(), Problem>>;
    /// The transaction is committed; consumers may look.
    fn committed(&self);
}

/// A read-only transaction of one tenant. Dropping it ends it, or gives it back to the reads it is
/// shared with ([`Ctx::together`]).
#[derive(Debug)]
pub struct ReadTx {
    held: Held,
}

#[derive(Debug)]
enum Held {
    Own(Transaction<'static, Postgres>),
    Shared(OwnedMappedMutexGuard<Option<Transaction<'static, Postgres>>, Transaction<'static, Postgres>>),
}

impl ReadTx {
    /// For the database room only: `transaction` must have its tenant set.
    pub fn from_transaction(transaction: Transaction<'static, Postgres>) -> Self {
        Self { held: Held::Own(transaction) }
    }

    /// The connection, for static SQL.
    pub fn conn(&mut self) -> &mut PgConnection {
        match &mut self.held {
            Held::Own(transaction) => transaction,
            Held::Shared(transaction) => transaction,
        }
    }
}

/// A transaction that several reads take in turn; begun by the first of them.
#[derive(Clone, Default)]
pub(crate) struct Turns(Arc<Mutex<Option<Transaction<'static, Postgres>>>>);

impl Turns {
    /// The transaction, unless somebody has it: who would wait for it may be who has it.
    pub(crate) async fn take(&self, database: &dyn Database, ctx: &Ctx) -> Result<ReadTx, Problem> {
        let Ok(mut slot) = self.0.clone().try_lock_owned() else { return database.begin_read(ctx).await };
        if slot.is_none() {
            match database.begin_read(ctx).await?.held {
                Held::Own(transaction) => *slot = Some(transaction),
                shared @ Held::Shared(_) => return Ok(ReadTx { held: shared }),
            }
        }
        match OwnedMutexGuard::try_map(slot, Option::as_mut) {
            Ok(transaction) => Ok(ReadTx { held: Held::Shared(transaction) }),
            Err(_) => database.begin_read(ctx).await,
        }
    }
}

/// A transaction of one tenant that may write. Dropping it without [`WriteTx::commit`] undoes it.
pub struct WriteTx {
    transaction: Transaction<'static, Postgres>,
    ctx: Ctx,
    granted: Granted,
    events: Option<Arc<dyn EventWriter>>,
    published: bool,
    reason: Option<String>,
    after_commit: Vec<Box<dyn FnOnce() + Send + Sync>>,
}

impl WriteTx {
    /// For the database room only: `transaction` must have its tenant set.
    pub fn from_transaction(
        transaction: Transaction<'static, Postgres>,
        ctx: Ctx,
        granted: Granted,
        events: Option<Arc<dyn EventWriter>>,
    ) -> Self {
        Self { transaction, ctx, granted, events, published: false, reason: None, after_commit: Vec::new() }
    }

    /// The connection, for static SQL.
    pub fn conn(&mut self) -> &mut PgConnection {
        &mut self.transaction
    }

    /// The context the transaction belongs to.
    pub fn ctx(&self) -> &Ctx {
        &self.ctx
    }

    /// The decision that opened it.
    pub fn granted(&self) -> Granted {
        self.granted
    }

    /// A second, short transaction beside this one, lasting whatever becomes of this one. Its connection
    /// comes from a pool of its own: were it one of those that transactions begin on, they could all be
    /// held by callers that wait here for another.
    ///
    /// # Errors
    /// 503 when the database cannot be reached, 403 when the right was revoked meanwhile.
    pub async fn aside(&self) -> Result<Self, Problem> {
        self.ctx.aside(self.granted).await
    }

    /// Says why this transaction changes records; the change log keeps it. At most 1,000 characters.
    pub fn because(&mut self, reason: &str) {
        let reason: String = reason.trim().chars().take(1_000).collect();
        self.reason = Some(reason).filter(|reason| !reason.is_empty());
    }

    /// Why it changes records.
    pub fn reason(&self) -> Option<&str> {
        self.reason.as_deref()
    }

    /// Writes an event in this transaction: it exists exactly when the change exists.
    ///
    /// # Errors
    /// 422 when the event is larger than 64 KiB, 503 when the database is gone.
    pub async fn publish(&mut self, event: &Event) -> Result<(), Problem> {
        self.publish_all(std::slice::from_ref(event)).await
    }

    /// [`WriteTx::publish`] for many events in one statement, in order.
    ///
    /// # Errors
    /// As [`WriteTx::publish`].
    pub async fn publish_all(&mut self, events: &[Event]) -> Result<(), Problem> {
        if let (Some(writer), false) = (&self.events, events.is_empty()) {
            writer.append(&self.ctx, &mut self.transaction, events).await?;
            self.published = true;
        }
        Ok(())
    }

    /// Runs `action` once the transaction is committed, and never when it is undone: wake-ups and
    /// caches inside this process. It must be quick and cannot fail.
    pub fn after_commit(&mut self, action: impl FnOnce() + Send + Sync + 'static) {
        self.after_commit.push(Box::new(action));
    }

    /// Makes everything done so far lasting, then wakes the consumers of its events.
    ///
    /// # Errors
    /// Deferred constraints and lost connections.
    pub async fn commit(self) -> Result<(), Problem> {
        self.transaction.commit().await?;
        if let (true, Some(writer)) = (self.published, &self.events) {
            writer.committed();
        }
        for action in self.after_commit {
            action();
        }
        Ok(())
    }
}
