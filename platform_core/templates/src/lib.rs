//! Templates that people write, in the language of Jinja: how lists are exported, what configurations
//! are made from.
//!
//! | file | job |
//! |---|---|
//! | `export_template`, `config_template` | the declarations |
//! | `rules` | what must hold beyond them |
//! | `engine` | rendering: pure, without files, bounded by fuel |
//! | `service` | rendering for the whole server |
#![forbid(unsafe_code)]
#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

mod config_template;
mod engine;
mod export_template;
mod rules;
mod service;

use kit::plugin::Migration;
use kit::record::Model;

pub use service::Renderer;

/// What the models of this room share.
const BASE: Model = Model { product: "platform", numbered: true, ..Model::BASE };

/// The models of this room.
pub const MODELS: &[&Model] = &[&export_template::EXPORT_TEMPLATE, &config_template::CONFIG_TEMPLATE];

/// Tables of this room.
pub const MIGRATIONS: &[Migration] =
    &[Migration { version: 1, name: "records", sql: include_str!("../migrations/0001_records.sql") }];

#[cfg(test)]
mod tests {
    #[test]
    fn migration_is_generated() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/0001_records.sql");
        let others = [records::MODELS, auth::models::MODELS, sources::MODELS].concat();
        records::schema::assert_migration_matches_with(super::MODELS, &others, path);
    }
}
