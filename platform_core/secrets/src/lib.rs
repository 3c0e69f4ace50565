//! Secrets sealed at rest: SNMP and SSH credentials, tokens of clouds, seeds of second factors.
//!
//! A master key (32 bytes, outside the database) wraps one data key per tenant; the data key seals
//! the tenant's secrets with AES-256-GCM. What is sealed is bound to its place - tenant, model, row,
//! field - and opens nowhere else, so a copied ciphertext is useless. Destroying a tenant's data keys
//! destroys its secrets in every backup.
//!
//! | file | job |
//! |---|---|
//! | `master` | where the master key comes from |
//! | `envelope` | keys and the sealed format; pure |
//! | `vault` | [`Vault`]: `impl kit::Secrets` over the store |
//!
//! Without its master key, or with a wrong one, the server runs: secrets answer 503, health says why.
#![forbid(unsafe_code)]
#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

mod envelope;
mod master;
mod vault;

pub use master::KeySource;
pub use vault::Vault;

use kit::plugin::Migration;

/// Tables of this room. Apply before [`Vault::open`].
pub const MIGRATIONS: &[Migration] =
    &[Migration { version: 1, name: "tenant_key", sql: include_str!("../migrations/0001_tenant_key.sql") }];
