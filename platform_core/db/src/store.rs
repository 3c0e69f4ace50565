//! The store: pools nobody else can see, and the transactions that come out of them.

use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use engines::{EngineState, Postgres, PostgresConfig};
use kit::plugin::Migration;
use kit::tx::EventWriter;
use kit::{BoxFuture, Ctx, Database, Granted, Problem, ReadTx, TenantId, WriteTx};
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions, PgRow};
use sqlx::{Connection, FromRow, PgConnection, Postgres as Pg, Row, SqlSafeStr, Transaction};
use tokio::sync::watch;

use crate::audit::{self, Finding};
use crate::begin;
use crate::bootstrap;
use crate::branches;
use crate::connect::{Doors, Role, Source};
use crate::error::StoreError;
use crate::migrate::{self, Applied};
use crate::tenants::{self, NewTenant, Tenant, TenantChange};

/// The database's name in the private cluster.
const DATABASE: &str = "portolan";
/// How long a transaction waits for PostgreSQL to come back before it answers 503.
const PATIENCE: Duration = Duration::from_secs(4);
/// Pause before a lost connection is replaced.
const RETRY: Duration = Duration::from_millis(2);
/// How often a branch is put in place before its caller is told to try again. Each waits up to 0.7 s for a row.
const ENTRIES: u32 = 5;
/// Connections for transactions beside others: short ones, rare ones.
const ASIDE_CONNECTIONS: u32 = 2;
/// A connection that idled longer than this is asked whether it still lives before it is used.
const TRUSTED_IDLE: Duration = Duration::from_secs(5);

/// How to open a store.
#[derive(Clone, Debug)]
pub struct StoreOptions {
    /// Where the data is.
    pub source: Source,
    /// Most connections for requests and jobs.
    pub app_connections: u32,
    /// Most connections for the event relay and the job queue.
    pub relay_connections: u32,
}

impl StoreOptions {
    /// A private PostgreSQL below this data directory.
    pub fn embedded(data_dir: impl Into<PathBuf>) -> Self {
        Self::new(Source::Embedded { data_dir: data_dir.into(), bin_dir: None })
    }

    /// A PostgreSQL of the users' own.
    pub fn external(url: impl Into<String>) -> Self {
        Self::new(Source::External { url: url.into() })
    }

    fn new(source: Source) -> Self {
        Self { source, app_connections: 16, relay_connections: 4 }
    }
}

/// Decides in memory whether a tenant may be worked in just now: suspended tenants, revoked rights.
/// Implemented by the authentication room.
pub trait Gate: Send + Sync {
    /// Called before every transaction.
    ///
    /// # Errors
    /// The answer to the caller: 403, 410, 423.
    fn check(&self, ctx: &Ctx, write: bool) -> Result<(), Problem>;
}

/// The relational store. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    engine: Option<Postgres>,
    doors: Doors,
    app: PgPool,
    aside: PgPool,
    relay: PgPool,
    events: OnceLock<Arc<dyn EventWriter>>,
    gate: OnceLock<Arc<dyn Gate>>,
    incarnation: i32,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("embedded", &self.inner.engine.is_some()).finish_non_exhaustive()
    }
}

impl Store {
    /// Starts PostgreSQL when it is ours, sets up roles and database, applies the core migration.
    ///
    /// # Errors
    /// [`StoreError`], naming the remedy.
    pub async fn open(options: StoreOptions) -> Result<Self, StoreError> {
        let (engine, doors) = match &options.source {
            Source::Embedded { data_dir, bin_dir } => {
                let config = PostgresConfig {
                    bin_dir: bin_dir.clone(),
                    max_connections: u16::try_from(
                        options.app_connections + ASIDE_CONNECTIONS + options.relay_connections + 12,
                    )
                    .unwrap_or(100),
                    ..PostgresConfig::new(data_dir.join("postgres"))
                };
                let engine = Postgres::start(config).await?;
                let doors = Doors::embedded(&engine, DATABASE);
                (Some(engine), doors)
            }
            Source::External { url } => (None, Doors::external(url)?),
        };
        bootstrap::run(&doors).await?;
        Self::connect(engine, doors, &options, &[(crate::PLUGIN, crate::MIGRATIONS)]).await
    }

    pub(crate) async fn connect(
        engine: Option<Postgres>,
        doors: Doors,
        options: &StoreOptions,
        migrations: &[(&'static str, &'static [Migration])],
    ) -> Result<Self, StoreError> {
        let mut migrator = PgConnection::connect_with(&doors.role(Role::Migrator)).await?;
        migrate::run(&mut migrator, migrations).await?;
        sqlx::raw_sql("SET ROLE portolan_owner").execute(&mut migrator).await?;
        let incarnation =
            sqlx::query("SELECT app.open_instance()").fetch_one(&mut migrator).await?.try_get(0)?;
        migrator.close().await?;
        let app = pool(doors.role(Role::App), 1..=options.app_connections);
        let aside = pool(doors.role(Role::App), 0..=ASIDE_CONNECTIONS);
        let relay = pool(doors.role(Role::Relay), 1..=options.relay_connections);
        let (events, gate) = (OnceLock::new(), OnceLock::new());
        Ok(Self { inner: Arc::new(Inner { engine, doors, app, aside, relay, events, gate, incarnation }) })
    }

    /// Applies the missing migrations of each plugin, in the order given, as `portolan_owner`.
    ///
    /// # Errors
    /// A failed migration (nothing of it stays), a changed text, an unknown newer one.
    pub async fn migrate(
        &self,
        plugins: &[(&'static str, &'static [Migration])],
    ) -> Result<Vec<Applied>, StoreError> {
        let mut migrator = PgConnection::connect_with(&self.inner.doors.role(Role::Migrator)).await?;
        let applied = migrate::run(&mut migrator, plugins).await?;
        migrator.close().await?;
        Ok(applied)
    }

    /// Who writes events. The first one stays; false when there was one already.
    pub fn set_event_writer(&self, writer: Arc<dyn EventWriter>) -> bool {
        self.inner.events.set(writer).is_ok()
    }

    /// Who is asked before each transaction. The first one stays; false when there was one already.
    pub fn set_gate(&self, gate: Arc<dyn Gate>) -> bool {
        self.inner.gate.set(gate).is_ok()
    }

    /// Rises when the database is another one than before (restored, copied): transaction ids of
    /// different incarnations do not compare.
    pub fn incarnation(&self) -> i32 {
        self.inner.incarnation
    }

    /// State of the private PostgreSQL; `None` when the database is somebody else's.
    pub fn engine_state(&self) -> Option<watch::Receiver<EngineState>> {
        self.inner.engine.as_ref().map(Postgres::state)
    }

    /// Asks PostgreSQL for an answer.
    ///
    /// # Errors
    /// 503.
    pub async fn ping(&self) -> Result<Duration, Problem> {
        let begun = Instant::now();
        sqlx::query("SELECT 1").execute(&self.inner.app).await?;
        Ok(begun.elapsed())
    }

    /// A read-only transaction without a tenant, for finding out who logs in: tables show no rows,
    /// only functions given to [`portolan_definer`](crate#roles) answer.
    ///
    /// # Errors
    /// 503.
    pub async fn tenantless(&self) -> Result<TenantlessTx, Problem> {
        let text = "BEGIN READ ONLY; SET LOCAL app.current_tenant=''";
        let transaction = self.begin(&self.inner.app, || text.into_sql_str()).await?;
        Ok(TenantlessTx { transaction })
    }

    /// What a function given to [`portolan_definer`](crate#roles) tells about a key, in one round trip: every
    /// request asks who sent it. There is no tenant outside of a transaction, so tables show no rows.
    ///
    /// # Errors
    /// 503.
    pub async fn look_up<O>(&self, text: &'static str, kind: &str, key: &[u8]) -> Result<Vec<O>, Problem>
    where
        O: for<'r> FromRow<'r, PgRow> + Send + Unpin,
    {
        let (pool, deadline) = (&self.inner.app, Instant::now() + PATIENCE);
        loop {
            self.wait_for_engine(deadline).await?;
            match sqlx::query_as(text).bind(kind).bind(key).fetch_all(pool).await {
                Ok(rows) => return Ok(rows),
                Err(error) if is_lost(&error) && Instant::now() < deadline && !pool.is_closed() => {
                    tokio::time::sleep(RETRY).await;
                }
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// A transaction of `portolan_relay`: the event log, the job queue and the list of tenants,
    /// across tenants. For `bus` and `jobs` only.
    ///
    /// # Errors
    /// 503.
    pub async fn relay(&self) -> Result<RelayTx, Problem> {
        let text = "BEGIN; SET LOCAL app.current_tenant=''";
        let transaction = self.begin(&self.inner.relay, || text.into_sql_str()).await?;
        Ok(RelayTx { transaction })
    }

    /// Creates a tenant. The caller has authorised it and tells the plugins.
    ///
    /// # Errors
    /// 422 naming the field, 503.
    pub async fn create_tenant(&self, new: &NewTenant) -> Result<TenantId, Problem> {
        let mut connection = self.maintenance().await?;
        let id = tenants::create(&mut connection, new).await?;
        connection.close().await?;
        Ok(id)
    }

    /// Changes a tenant. A change of status also raises its `authz_epoch`.
    ///
    /// # Errors
    /// 404, 422 naming the field, 503.
    pub async fn update_tenant(&self, id: TenantId, change: &TenantChange) -> Result<(), Problem> {
        let mut connection = self.maintenance().await?;
        tenants::update(&mut connection, id, change).await?;
        connection.close().await?;
        Ok(())
    }

    /// Makes every cached decision about the tenant old. Gives the new epoch.
    ///
    /// # Errors
    /// 404, 503.
    pub async fn bump_authz_epoch(&self, id: TenantId) -> Result<i64, Problem> {
        let mut connection = self.maintenance().await?;
        let epoch = tenants::bump_epoch(&mut connection, id).await?;
        connection.close().await?;
        Ok(epoch)
    }

    /// All tenants, for the server itself.
    ///
    /// # Errors
    /// 503.
    pub async fn tenants(&self) -> Result<Vec<Tenant>, Problem> {
        let mut tx = self.relay().await?;
        tenants::all(tx.conn()).await
    }

    /// What the catalogue would let happen and should not; empty = good.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn audit(&self) -> Result<Vec<Finding>, StoreError> {
        let mut connection = PgConnection::connect_with(&self.inner.doors.role(Role::Migrator)).await?;
        let findings = audit::run(&mut connection).await?;
        connection.close().await?;
        Ok(findings)
    }

    /// Closes the pools and, when it is ours, stops PostgreSQL.
    pub async fn stop(&self) {
        self.inner.app.close().await;
        self.inner.aside.close().await;
        self.inner.relay.close().await;
        if let Some(engine) = &self.inner.engine {
            engine.stop().await;
        }
    }

    /// A connection that sees all tenants through the maintenance policies.
    async fn maintenance(&self) -> Result<PgConnection, Problem> {
        let mut connection = PgConnection::connect_with(&self.inner.doors.role(Role::Migrator)).await?;
        sqlx::raw_sql("SET ROLE portolan_backfill").execute(&mut connection).await?;
        Ok(connection)
    }

    /// Begins; a lost connection is tried again, because nothing was done on it yet.
    ///
    /// The round trip runs in a task of its own, because sqlx 0.9 counts a transaction as open only
    /// when the answer to `BEGIN` has come: a caller that is cancelled before that would give the
    /// connection back with the transaction open and the tenant still set
    /// (test `aborted_futures_leave_no_tenant_behind`). The task always ends, and what it gives to
    /// nobody is rolled back.
    async fn begin<S: SqlSafeStr>(
        &self,
        pool: &PgPool,
        text: impl Fn() -> S,
    ) -> Result<Transaction<'static, Pg>, Problem> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            self.wait_for_engine(deadline).await?;
            let (opening, text) = (pool.clone(), text().into_sql_str());
            let begun = tokio::spawn(async move { opening.begin_with(text).await }).await;
            match begun.map_err(Problem::internal)? {
                Ok(transaction) => return Ok(transaction),
                Err(error) if is_lost(&error) && Instant::now() < deadline && !pool.is_closed() => {
                    // Several dead connections may have to be thrown away.
                    tokio::time::sleep(RETRY).await;
                }
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// A transaction that sees the tables as a branch has them. What it writes to them must never be
    /// committed: a reader drops it, [`WriteTx::commit`] undoes it and keeps what it changed.
    async fn enter(
        &self,
        ctx: &Ctx,
        branch: &str,
        writes: bool,
    ) -> Result<Transaction<'static, Pg>, Problem> {
        let mut tries = 0;
        loop {
            let mut transaction = self.begin(&self.inner.app, || begin::begin(ctx, false)).await?;
            let entered = branches::enter(&mut transaction, branch, writes).await;
            tries += 1;
            match entered {
                Ok(()) => return Ok(transaction),
                // Somebody on the main line holds a row that the branch changes.
                Err(problem) if problem.code == "retry" && tries < ENTRIES => {}
                Err(problem) => return Err(problem),
            }
        }
    }

    /// While our own PostgreSQL restarts, callers wait a little instead of asking it in vain.
    async fn wait_for_engine(&self, deadline: Instant) -> Result<(), Problem> {
        let Some(engine) = &self.inner.engine else { return Ok(()) };
        let mut state = engine.state();
        let ready = state.wait_for(|state| *state == EngineState::Ready);
        match tokio::time::timeout_at(deadline.into(), ready).await {
            Ok(Ok(_)) => Ok(()),
            _ => Err(Problem::unavailable("The database is restarting. Try again shortly.")),
        }
    }

    async fn write_on(&self, pool: &PgPool, ctx: &Ctx, granted: Granted) -> Result<WriteTx, Problem> {
        self.check(ctx, true)?;
        let transaction = self.begin(pool, || begin::begin(ctx, false)).await?;
        Ok(self.writing(transaction, ctx, granted))
    }

    fn writing(&self, transaction: Transaction<'static, Pg>, ctx: &Ctx, granted: Granted) -> WriteTx {
        WriteTx::from_transaction(transaction, ctx.clone(), granted, self.inner.events.get().cloned())
    }

    fn check(&self, ctx: &Ctx, write: bool) -> Result<(), Problem> {
        self.inner.gate.get().map_or(Ok(()), |gate| gate.check(ctx, write))
    }
}

/// Whether the connection is gone, so that nothing can have happened on it.
fn is_lost(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) => true,
        sqlx::Error::Database(error) => {
            error.code().is_some_and(|code| code.starts_with("08") || code.starts_with("57P0"))
        }
        _ => false,
    }
}

fn pool(options: PgConnectOptions, connections: RangeInclusive<u32>) -> PgPool {
    PgPoolOptions::new()
        .min_connections(*connections.start())
        .max_connections(*connections.end())
        .acquire_timeout(Duration::from_secs(5))
        .idle_timeout(Duration::from_mins(5))
        .max_lifetime(Duration::from_mins(30))
        // Asking costs a round trip; a connection used a moment ago is not asked.
        .test_before_acquire(false)
        .before_acquire(|connection, meta| {
            Box::pin(async move {
                if meta.idle_for > TRUSTED_IDLE {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
        .connect_lazy_with(options)
}

impl Database for Store {
    fn begin_read<'a>(&'a self, ctx: &'a Ctx) -> BoxFuture<'a, Result<ReadTx, Problem>> {
        Box::pin(async move {
            self.check(ctx, false)?;
            let transaction = match ctx.branch() {
                None => self.begin(&self.inner.app, || begin::begin(ctx, true)).await?,
                Some(branch) => self.enter(ctx, branch, false).await?,
            };
            Ok(ReadTx::from_transaction(transaction))
        })
    }

    fn begin_look<'a>(&'a self, ctx: &'a Ctx) -> BoxFuture<'a, Result<ReadTx, Problem>> {
        Box::pin(async move {
            let Some(branch) = ctx.branch() else { return self.begin_read(ctx).await };
            self.check(ctx, false)?;
            let mut transaction = self.begin(&self.inner.app, || begin::begin(ctx, true)).await?;
            branches::look(&mut transaction, branch).await?;
            Ok(ReadTx::of_branch(transaction))
        })
    }

    fn begin_write<'a>(&'a self, ctx: &'a Ctx, granted: Granted) -> BoxFuture<'a, Result<WriteTx, Problem>> {
        Box::pin(async move {
            let Some(branch) = ctx.branch() else {
                return self.write_on(&self.inner.app, ctx, granted).await;
            };
            self.check(ctx, true)?;
            let transaction = self.enter(ctx, branch, true).await?;
            Ok(self.writing(transaction, ctx, granted))
        })
    }

    fn begin_aside<'a>(&'a self, ctx: &'a Ctx, granted: Granted) -> BoxFuture<'a, Result<WriteTx, Problem>> {
        Box::pin(self.write_on(&self.inner.aside, ctx, granted))
    }
}

/// A read-only transaction before the tenant is known.
#[derive(Debug)]
pub struct TenantlessTx {
    transaction: Transaction<'static, Pg>,
}

impl TenantlessTx {
    /// The connection, for static SQL that calls an allowed function.
    pub fn conn(&mut self) -> &mut PgConnection {
        &mut self.transaction
    }
}

/// A transaction of the relay role. Dropping it without commit undoes it.
#[derive(Debug)]
pub struct RelayTx {
    transaction: Transaction<'static, Pg>,
}

impl RelayTx {
    /// The connection, for static SQL.
    pub fn conn(&mut self) -> &mut PgConnection {
        &mut self.transaction
    }

    /// Makes it lasting.
    ///
    /// # Errors
    /// 503.
    pub async fn commit(self) -> Result<(), Problem> {
        Ok(self.transaction.commit().await?)
    }
}
