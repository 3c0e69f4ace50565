//! Files that are kept elsewhere and used here: directories and Git repositories, and what was found in them.
//!
//! | file | job |
//! |---|---|
//! | `data_source`, `data_file` | the declarations |
//! | `directory` | what is in a directory: files, hashes, texts; only where it is allowed |
//! | `git` | what is in a branch of a Git repository, over HTTP |
//! | `sync` | the job: files become records, and what follows them takes them over |
//! | `api` | the action on sources |
#![forbid(unsafe_code)]
#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

mod api;
mod data_file;
mod data_source;
mod directory;
mod git;
mod sync;

use kit::plugin::Migration;
use kit::record::Model;

pub use api::router;
pub use sync::{Synchroniser, keep, registration};

/// What the models of this room share.
const BASE: Model = Model { product: "platform", numbered: true, ..Model::BASE };

/// The models of this room.
pub const MODELS: &[&Model] = &[&data_source::DATA_SOURCE, &data_file::DATA_FILE];

/// Tables of this room.
pub const MIGRATIONS: &[Migration] =
    &[Migration { version: 1, name: "records", sql: include_str!("../migrations/0001_records.sql") }];

#[cfg(test)]
mod tests {
    #[test]
    fn migration_is_generated() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/0001_records.sql");
        let others = [records::MODELS, auth::models::MODELS].concat();
        records::schema::assert_migration_matches_with(super::MODELS, &others, path);
    }
}
