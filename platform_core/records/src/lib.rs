//! The record engine. A model is one `static` [`kit::Model`]; this crate interprets it: table and
//! migration ([`schema`]), lists with filters and cursors ([`query`]), validation ([`input`]), reads
//! and writes with change log and events ([`Engine`]), HTTP ([`router`]), the description for the UI
//! ([`meta`]) and OpenAPI ([`openapi`]). Nothing here is generic over a model or generated for one: the
//! hundredth model adds a descriptor and no code.
//!
//! SQL is built from descriptors only; values from outside are always bound. The text of statements
//! that are built at run time passes through one file, `sql.rs`.
#![forbid(unsafe_code)]
#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

mod check;
mod custom;
pub mod datum;
mod engine;
mod entity;
mod http;
pub mod input;
pub mod meta;
pub mod openapi;
pub mod query;
mod registry;
mod row;
pub mod schema;
mod search;
mod sql;
mod tag;

pub use custom::{CUSTOM_FIELD, CUSTOM_FIELD_CHOICE_SET};
pub use datum::Datum;
pub use engine::{AnyTx, DiffPage, Engine, Options, Totals, search_rebuild};
pub use entity::event_types;
pub use http::router;
pub use query::{FilterExpr, Op, Query};
pub use registry::ModelErrors;
pub use tag::{MODELS, TAG};

use kit::plugin::Migration;

/// The engine's own tables: change log, idempotency keys, numbers, search. Applied before the plugins whose models
/// use it.
pub const MIGRATIONS: &[Migration] = &[
    Migration { version: 1, name: "change_log", sql: include_str!("../migrations/0001_change_log.sql") },
    Migration {
        version: 2,
        name: "idempotent_create",
        sql: include_str!("../migrations/0002_idempotent_create.sql"),
    },
    Migration { version: 3, name: "numbers", sql: include_str!("../migrations/0003_numbers.sql") },
    Migration { version: 4, name: "own_records", sql: include_str!("../migrations/0004_own_records.sql") },
    Migration {
        version: 5,
        name: "change_reason",
        sql: include_str!("../migrations/0005_change_reason.sql"),
    },
    Migration {
        version: 6,
        name: "change_numbers",
        sql: include_str!("../migrations/0006_change_numbers.sql"),
    },
    Migration { version: 7, name: "search", sql: include_str!("../migrations/0007_search.sql") },
];
