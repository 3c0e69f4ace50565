//! Who somebody is and what they may do.
//!
//! - [`password`]: argon2id behind a small bounded queue, so that a login flood cannot take the memory.
//! - [`credential`]: opaque tokens: browser sessions, access tokens, API tokens. Only hashes are stored.
//! - [`policy`]: Casbin policy lines, compiled per principal and tenant to a bitset.
//! - `authority`: nobody hands out more than they may do themselves.
//! - [`throttle`]: brute force limits per account and per address, without ever locking anybody out.
//! - [`identity`]: from a request's credential to a [`kit::Ctx`].
//! - [`models`]: users, roles and bindings as records; `group`, `object_permission`, `token`, `owner`,
//!   `user_config`: one model each.
//! - [`api`]: login, logout, password, the principal's own view, tenants.
#![forbid(unsafe_code)]
#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

mod authority;

pub mod api;
pub mod credential;
mod group;
pub mod identity;
pub mod models;
mod object_permission;
mod owner;
mod owner_group;
pub mod password;
pub mod policy;
pub mod store;
pub mod tenants;
pub mod throttle;
mod token;
mod user_config;

pub use identity::{Auth, Authenticated, Presented};

/// The SQL of this room, applied by the database room under the name `platform`.
pub const MIGRATIONS: &[kit::plugin::Migration] = &[
    kit::plugin::Migration {
        version: 1,
        name: "records",
        sql: include_str!("../migrations/0001_records.sql"),
    },
    kit::plugin::Migration {
        version: 2,
        name: "sessions",
        sql: include_str!("../migrations/0002_sessions.sql"),
    },
];
