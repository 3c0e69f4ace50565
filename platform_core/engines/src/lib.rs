//! Foreign engines as child processes of ours: their crash is a restart, never ours.
//!
//! A supervised engine is started by a thread of its own that lives as long as the engine: the
//! kernel's parent-death signal follows the *thread* that forked, so an engine never outlives a
//! server that was killed, and never dies because some worker thread ended.
//!
//! [`postgres`] runs a private PostgreSQL on a unix socket only. Nothing listens on the network.
#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

mod error;
mod log;
pub mod postgres;
mod spawn;

pub use error::EngineError;
pub use postgres::{EngineState, Postgres, PostgresConfig};
