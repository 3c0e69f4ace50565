//! A real, private PostgreSQL for tests: one cluster per process, one database per test.
//!
//! ```no_run
//! # async fn example() {
//! use db::testing::TestDatabase;
//! use kit::{Act, Permission};
//!
//! let database = TestDatabase::new(&[]).await;
//! let tenant = database.tenant("acme").await;
//! let ctx = database.ctx(tenant, &[Permission::new("monitoring/credentials", Act::Write)]);
//! # }
//! ```
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "a test that cannot set up must fail loudly"
)]

mod cluster;

use std::sync::{Arc, PoisonError};

use kit::plugin::Migration;
use kit::services::SystemContexts;
use kit::{
    Actor, BoxFuture, Ctx, OpKind, PermSet, Permission, PermissionObject, PermissionRegistry, Problem,
    TenantId,
};
use sha2::{Digest, Sha256};
use sqlx::{Connection, PgConnection, Row};
use uuid::Uuid;

use crate::begin::{self, Identifier};
use crate::connect::{Doors, hex};
use crate::{NewTenant, Source, Store, StoreOptions, TenantKind, TenantStatus, bootstrap};
use cluster::Cluster;

/// A plugin's name and its migrations.
pub type Migrations = (&'static str, &'static [Migration]);

/// A database of one test. It is thrown away with the test.
pub struct TestDatabase {
    /// The store, with the core migration and the given ones applied.
    pub store: Store,
    cluster: Arc<Cluster>,
    name: Identifier,
}

impl TestDatabase {
    /// A fresh database with these migrations applied after the core's.
    pub async fn new(migrations: &[Migrations]) -> Self {
        let cluster = Cluster::get().await;
        let all: Vec<Migrations> =
            [(crate::PLUGIN, crate::MIGRATIONS)].into_iter().chain(migrations.iter().copied()).collect();
        let template = template(&cluster, &all).await;
        let name = identifier(&format!("test_{}", Uuid::new_v4().simple()));
        let mut admin = connect(&cluster, "postgres").await;
        let finished = std::mem::take(&mut *cluster.finished.lock().unwrap_or_else(PoisonError::into_inner));
        for old in &finished {
            sqlx::raw_sql(begin::drop_database(old)).execute(&mut admin).await.expect("drop an old database");
        }
        sqlx::raw_sql(begin::create_database(&name, &template))
            .execute(&mut admin)
            .await
            .expect("copy the template database");
        admin.close().await.expect("close");
        // Rights on the database itself are not copied from the template.
        let doors = Doors::embedded(&cluster.engine, name.as_str());
        bootstrap::run(&doors).await.expect("set up the test database");
        let store = open(doors, &all).await;
        Self { store, cluster, name }
    }

    /// Creates a tenant.
    pub async fn tenant(&self, slug: &str) -> TenantId {
        self.store
            .create_tenant(&NewTenant {
                parent: None,
                kind: TenantKind::Customer,
                slug: slug.to_owned(),
                name: slug.to_owned(),
            })
            .await
            .expect("create a tenant")
    }

    /// A request of a user with these rights and no others.
    pub fn ctx(&self, tenant: TenantId, rights: &[Permission]) -> Ctx {
        let objects =
            rights.iter().map(|right| PermissionObject { object: right.object, title: right.object });
        let mut set = PermSet::none(Arc::new(PermissionRegistry::new(objects)));
        for right in rights {
            set.insert(*right);
        }
        self.ctx_with(tenant, Actor::User(Uuid::now_v7()), Arc::new(set), OpKind::Request)
    }

    /// A context of any kind.
    pub fn ctx_with(&self, tenant: TenantId, actor: Actor, rights: Arc<PermSet>, kind: OpKind) -> Ctx {
        Ctx::new(tenant, actor, rights, Uuid::now_v7(), kind, Arc::new(self.store.clone()))
    }

    /// Contexts for background work with every right on these objects.
    pub fn contexts(&self, objects: &[PermissionObject]) -> Arc<dyn SystemContexts> {
        let registry = Arc::new(PermissionRegistry::new(objects.iter().copied()));
        Arc::new(Contexts { store: self.store.clone(), rights: Arc::new(PermSet::all(registry)) })
    }

    /// A superuser's connection: sees everything. For looking behind the curtain.
    pub async fn superuser(&self) -> PgConnection {
        connect(&self.cluster, self.name.as_str()).await
    }

    /// The catalogue audit and, for every tenant table, one row of each of two tenants and what the
    /// runtime role may do with them. Empty = good.
    pub async fn check_isolation(&self) -> Vec<String> {
        let audit = self.store.audit().await.expect("run the catalogue audit");
        let mut faults: Vec<String> =
            audit.iter().map(|f| format!("{}: {}: {}", f.code, f.object, f.detail)).collect();
        let mut connection = self.superuser().await;
        let mut transaction = connection.begin().await.expect("begin");
        sqlx::raw_sql(include_str!("isolation.sql"))
            .execute(&mut *transaction)
            .await
            .expect("install the behavioural test");
        let rows = sqlx::query("SELECT pg_temp.check_isolation()")
            .fetch_all(&mut *transaction)
            .await
            .expect("run the behavioural test");
        faults.extend(rows.iter().map(|row| row.get::<String, _>(0)));
        transaction.rollback().await.expect("roll back");
        faults
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        self.cluster.finished.lock().unwrap_or_else(PoisonError::into_inner).push(self.name.clone());
    }
}

struct Contexts {
    store: Store,
    rights: Arc<PermSet>,
}

impl SystemContexts for Contexts {
    fn system(&self, tenant: TenantId, name: &'static str) -> Ctx {
        let (rights, store) = (self.rights.clone(), Arc::new(self.store.clone()));
        Ctx::new(tenant, Actor::System(name), rights, Uuid::now_v7(), OpKind::Job, store)
    }

    fn active_tenants(&self) -> BoxFuture<'_, Result<Vec<TenantId>, Problem>> {
        Box::pin(async move {
            let tenants = self.store.tenants().await?;
            Ok(tenants.iter().filter(|t| t.status == TenantStatus::Active).map(|t| t.id).collect())
        })
    }
}

/// The database with this migration set that tests copy, made by the first test that needs it.
async fn template(cluster: &Cluster, migrations: &[Migrations]) -> Identifier {
    let mut hash = Sha256::new();
    for (plugin, list) in migrations {
        hash.update(plugin);
        for migration in *list {
            hash.update(migration.version.to_be_bytes());
            hash.update(migration.sql);
        }
    }
    let digest = hex(&hash.finalize());
    let key = digest.get(..32).unwrap_or_default().to_owned();
    let mut templates = cluster.templates.lock().await;
    if let Some(template) = templates.get(&key) {
        return template.clone();
    }
    let name = identifier(&format!("template_{key}"));
    let doors = Doors::embedded(&cluster.engine, name.as_str());
    bootstrap::run(&doors).await.expect("set up the template database");
    open(doors, migrations).await.stop().await;
    templates.insert(key, name.clone());
    name
}

async fn open(doors: Doors, migrations: &[Migrations]) -> Store {
    let source = Source::Embedded { data_dir: "/nonexistent".into(), bin_dir: None };
    let options = StoreOptions { source, app_connections: 8, relay_connections: 4 };
    Store::connect(None, doors, &options, migrations)
        .await
        .unwrap_or_else(|error| panic!("the test database cannot be migrated: {error}"))
}

async fn connect(cluster: &Cluster, database: &str) -> PgConnection {
    PgConnection::connect_with(&Doors::embedded(&cluster.engine, database).admin)
        .await
        .expect("connect to the test cluster")
}

fn identifier(name: &str) -> Identifier {
    Identifier::new(name).expect("a name of our own")
}
