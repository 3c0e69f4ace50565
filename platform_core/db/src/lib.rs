//! The only way to the relational data: one transaction = one tenant, enforced by PostgreSQL.
//!
//! | file | job |
//! |---|---|
//! | `store` | [`Store`]: pools, `impl kit::Database`, login lookups, the relay's transactions |
//! | `begin` | the few SQL texts put together at run time (`AssertSqlSafe`) |
//! | `connect` | where PostgreSQL is, as which role we go there |
//! | `bootstrap` | roles, database, passwords |
//! | `migrate` | plugins' migrations with a history of their own |
//! | `tenants` | creating and changing tenants |
//! | `audit` | the catalogue audit: what the database would let happen |
//! | `testing` | a private PostgreSQL for tests |
//!
//! # Roles
//! `portolan_owner` owns every schema and never logs in; `portolan_migrator` logs in to become owner
//! or `portolan_backfill` (sees all tenants through a policy, for maintenance); `portolan_app` serves
//! requests and sees one tenant; `portolan_relay` reads the event log and the job queue of all
//! tenants and nothing else; `portolan_definer` owns the few functions that answer before the tenant
//! is known. None bypasses row security.
//!
//! # Context
//! `BEGIN; SET LOCAL app.current_tenant=...` goes over in one round trip, so the tenant ends with the
//! transaction whatever happens to the future that held it. Without context `app.tenant_id()` is
//! null: zero rows, zero writes.
#![forbid(unsafe_code)]
#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

mod audit;
mod begin;
mod bootstrap;
mod branches;
mod connect;
mod error;
mod migrate;
mod store;
mod tenants;
pub mod testing;

pub use audit::Finding;
pub use connect::Source;
pub use error::StoreError;
pub use migrate::Applied;
pub use store::{Gate, RelayTx, Store, StoreOptions, TenantlessTx};
pub use tenants::{NewTenant, Tenant, TenantChange, TenantKind, TenantStatus};

use kit::plugin::Migration;

/// The schema `app`: tenants, tenant tables, numbers. Applied by [`Store::open`].
pub const MIGRATIONS: &[Migration] = &[
    Migration { version: 1, name: "core", sql: include_str!("../migrations/0001_core.sql") },
    Migration {
        version: 2,
        name: "definer_table",
        sql: include_str!("../migrations/0002_definer_table.sql"),
    },
    Migration { version: 3, name: "branches", sql: include_str!("../migrations/0003_branches.sql") },
];

/// The name of the core's own migration list.
pub const PLUGIN: &str = "core";
