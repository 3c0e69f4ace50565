//! Branches: changes that nobody else sees until they are merged. A branch is a record; what it changed are
//! rows of `app.branch_row`, written and read by `db` (`0003_branches.sql`) and the record engine
//! (`records/src/engine/branches`). This room is what people do with it.
//!
//! ```text
//!   open ──submit──► review ──approve──► review (approved)
//!    │ ▲───reopen──────┘                     │
//!    ├─────────────── merge ────────────────►┤
//!    └──archive──► archived               merging ──► merged ──(its revert is merged)──► reverted
//! ```
//!
//! | file | job |
//! |---|---|
//! | `branch` | the declaration, and what must hold |
//! | `store` | SQL |
//! | `workflow` | from state to state |
//! | `merging` | the job that merges |
//! | `conflicts` | what both sides changed, and who gives way |
//! | `api` | routes beside those of the record engine |
#![forbid(unsafe_code)]
#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

mod api;
mod branch;
mod conflicts;
mod merging;
mod store;
mod workflow;

use kit::plugin::{JobRegistration, Migration};
use kit::record::Model;
use kit::{Act, Permission};

pub use api::router;
pub use workflow::Branches;

/// The models of this room.
pub const MODELS: &[&Model] = &[&branch::BRANCH];

/// Tables of this room.
pub const MIGRATIONS: &[Migration] = &[
    Migration { version: 1, name: "records", sql: include_str!("../migrations/0001_records.sql") },
    Migration { version: 2, name: "rows", sql: include_str!("../migrations/0002_rows.sql") },
];

/// Who sees branches.
pub(crate) const READ: Permission = Permission::new(branch::OBJECT, Act::Read);
/// Who makes and changes them.
pub(crate) const WRITE: Permission = Permission::new(branch::OBJECT, Act::Write);
/// Who approves, merges and reverts.
pub(crate) const EXECUTE: Permission = Permission::new(branch::OBJECT, Act::Execute);
/// Who says how branches are reviewed.
pub(crate) const ADMIN: Permission = Permission::new(branch::OBJECT, Act::Admin);

/// The job that merges.
pub fn registration(branches: Branches) -> JobRegistration {
    JobRegistration { kind: merging::MERGE, script: None, handler: std::sync::Arc::new(branches) }
}

#[cfg(test)]
mod tests {
    #[test]
    fn migration_is_generated() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/0001_records.sql");
        let others = [records::MODELS, auth::models::MODELS].concat();
        records::schema::assert_migration_matches_with(super::MODELS, &others, path);
    }
}
