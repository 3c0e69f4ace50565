//! Transactions. One transaction = one tenant; there is no other way to the database.

use std::sync::Arc;

use sqlx::{PgConnection, Postgres, Transaction};
use tokio::sync::{Mutex, OwnedMappedMutexGuard, OwnedMutexGuard};

use crate::BoxFuture;
use crate::ctx::{Actor, Ctx};
use crate::events::Event;
use crate::permission::Granted;
use crate::problem::Problem;

/// What a transaction in a branch changed.
const NOTED: &str = "SELECT app.branch_noted()";
/// Back to the main line. The database room set the savepoint before it put the branch in place.
const UNDO: &str = "ROLLBACK TO SAVEPOINT main_line";
const KEEP: &str = "SELECT app.branch_keep($1::json)";

/// The database room, as the context sees it. Implemented by `platform_core/db`, which alone holds
/// the pool.
pub trait Database: Send + Sync {
    /// Begins `READ ONLY` with the tenant set for this transaction only.
    fn begin_read<'a>(&'a self, ctx: &'a Ctx) -> BoxFuture<'a, Result<ReadTx, Problem>>;
    /// [`Database::begin_read`] for who can read the rows of a branch beside those of the main line
    /// ([`ReadTx::overlaid`]): nothing has to be put in place, and nobody waits.
    fn begin_look<'a>(&'a self, ctx: &'a Ctx) -> BoxFuture<'a, Result<ReadTx, Problem>> {
        self.begin_read(ctx)
    }
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
    Own(Reading),
    Shared(OwnedMappedMutexGuard<Option<Reading>, Reading>),
}

#[derive(Debug)]
struct Reading {
    transaction: Transaction<'static, Postgres>,
    overlaid: bool,
}

impl ReadTx {
    /// For the database room only: `transaction` must have its tenant set.
    pub fn from_transaction(transaction: Transaction<'static, Postgres>) -> Self {
        Self { held: Held::Own(Reading { transaction, overlaid: false }) }
    }

    /// For the database room only: the tables are those of the main line, and `app.branch_id()` says which
    /// branch is to be laid over them.
    pub fn of_branch(transaction: Transaction<'static, Postgres>) -> Self {
        Self { held: Held::Own(Reading { transaction, overlaid: true }) }
    }

    /// Must rows of `app.branch_row` be laid over what the tables hold?
    pub fn overlaid(&self) -> bool {
        match &self.held {
            Held::Own(reading) => reading.overlaid,
            Held::Shared(reading) => reading.overlaid,
        }
    }

    /// The connection, for static SQL.
    pub fn conn(&mut self) -> &mut PgConnection {
        match &mut self.held {
            Held::Own(reading) => &mut reading.transaction,
            Held::Shared(reading) => &mut reading.transaction,
        }
    }
}

/// A transaction that several reads take in turn; begun by the first of them. In a branch it is one for who
/// looks ([`Ctx::look`]): putting a branch in place holds others up, and must end with the read that needs it.
#[derive(Clone, Default)]
pub(crate) struct Turns(Arc<Mutex<Option<Reading>>>);

impl Turns {
    /// The transaction, unless somebody has it: who would wait for it may be who has it.
    pub(crate) async fn take(&self, database: &dyn Database, ctx: &Ctx) -> Result<ReadTx, Problem> {
        let Ok(mut slot) = self.0.clone().try_lock_owned() else { return database.begin_look(ctx).await };
        if slot.is_none() {
            match database.begin_look(ctx).await?.held {
                Held::Own(reading) => *slot = Some(reading),
                shared @ Held::Shared(_) => return Ok(ReadTx { held: shared }),
            }
        }
        match OwnedMutexGuard::try_map(slot, Option::as_mut) {
            Ok(reading) => Ok(ReadTx { held: Held::Shared(reading) }),
            Err(_) => database.begin_look(ctx).await,
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
    author: Option<Actor>,
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
        Self {
            transaction,
            ctx,
            granted,
            events,
            published: false,
            reason: None,
            author: None,
            after_commit: Vec::new(),
        }
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

    /// A second, short transaction beside this one, lasting whatever becomes of this one: on the main line,
    /// also beside one in a branch. Its connection comes from a pool of its own: were it one of those that
    /// transactions begin on, they could all be held by callers that wait here for another.
    ///
    /// # Errors
    /// 503 when the database cannot be reached, 403 when the right was revoked meanwhile.
    pub async fn aside(&self) -> Result<Self, Problem> {
        self.ctx.on_main().aside(self.granted).await
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

    /// From here on the change log names `author`: a merge brings what somebody else wrote.
    pub fn written_by(&mut self, author: Actor) {
        self.author = Some(author);
    }

    /// Whom the change log names: who acts, unless it was said otherwise.
    pub fn author(&self) -> &Actor {
        self.author.as_ref().unwrap_or_else(|| self.ctx.actor())
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

    /// Makes everything done so far lasting, then wakes the consumers of its events. In a branch the
    /// changes of records are kept with the branch; the main line stays as it was, and nobody is woken.
    ///
    /// # Errors
    /// Deferred constraints and lost connections.
    pub async fn commit(mut self) -> Result<(), Problem> {
        if self.ctx.branch().is_some() {
            let noted: String = sqlx::query_scalar(NOTED).fetch_one(&mut *self.transaction).await?;
            sqlx::query(UNDO).execute(&mut *self.transaction).await?;
            sqlx::query(KEEP).bind(noted).execute(&mut *self.transaction).await?;
            return Ok(self.transaction.commit().await?);
        }
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
