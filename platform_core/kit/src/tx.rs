//! Transactions. One transaction = one tenant; there is no other way to the database.

use std::sync::Arc;

use sqlx::{PgConnection, Postgres, Transaction};

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

/// A read-only transaction of one tenant. Dropping it ends it.
#[derive(Debug)]
pub struct ReadTx {
    transaction: Transaction<'static, Postgres>,
    overlaid: bool,
}

impl ReadTx {
    /// For the database room only: `transaction` must have its tenant set.
    pub fn from_transaction(transaction: Transaction<'static, Postgres>) -> Self {
        Self { transaction, overlaid: false }
    }

    /// For the database room only: the tables are those of the main line, and `app.branch_id()` says which
    /// branch is to be laid over them.
    pub fn of_branch(transaction: Transaction<'static, Postgres>) -> Self {
        Self { transaction, overlaid: true }
    }

    /// Must rows of `app.branch_row` be laid over what the tables hold?
    pub fn overlaid(&self) -> bool {
        self.overlaid
    }

    /// The connection, for static SQL.
    pub fn conn(&mut self) -> &mut PgConnection {
        &mut self.transaction
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
