//! What people add to records of any product, and how they like to see them: journal entries,
//! pictures, bookmarks; saved filters, table configurations, links; dashboards.
//!
//! | file | job |
//! |---|---|
//! | `journal_entry` ... | one declaration each |
//! | `rules` | what must hold beyond the declarations |
//! | `layout` | what a dashboard is made of |
//! | `api` | uploads and files |
//! | `images`, `picture` | uploads: looked at, kept by tenant, served without harm |
#![forbid(unsafe_code)]
#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

mod api;
mod bookmark;
mod custom_link;
mod dashboard;
mod image_attachment;
mod images;
mod journal_entry;
mod layout;
mod picture;
mod rules;
mod saved_filter;
mod table_config;

use kit::plugin::Migration;
use kit::record::Model;

pub use api::router;
pub use images::ImageStore;

/// What the models of this room share.
const BASE: Model = Model { product: "platform", numbered: true, ..Model::BASE };

/// The models of this room.
pub const MODELS: &[&Model] = &[
    &journal_entry::JOURNAL_ENTRY,
    &image_attachment::IMAGE_ATTACHMENT,
    &bookmark::BOOKMARK,
    &saved_filter::SAVED_FILTER,
    &table_config::TABLE_CONFIG,
    &custom_link::CUSTOM_LINK,
    &dashboard::DASHBOARD,
];

/// Tables of this room.
pub const MIGRATIONS: &[Migration] = &[
    Migration { version: 1, name: "records", sql: include_str!("../migrations/0001_records.sql") },
    Migration {
        version: 2,
        name: "image_content",
        sql: include_str!("../migrations/0002_image_content.sql"),
    },
];

#[cfg(test)]
mod tests {
    #[test]
    fn migration_is_generated() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/0001_records.sql");
        let others = [records::MODELS, auth::models::MODELS].concat();
        records::schema::assert_migration_matches_with(super::MODELS, &others, path);
    }
}
