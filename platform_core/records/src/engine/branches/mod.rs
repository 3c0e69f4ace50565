//! Branches: what of the records is in them, what they changed, and the way back to the main line.

mod difference;
mod merge;

use kit::record::Model;
use kit::{Problem, WriteTx};

use super::Engine;
use crate::entity::Entity;

pub use difference::{DiffPage, Totals};

/// Models of the platform whose records are part of branches: what people write about the records of
/// products. Who may do what, and what the server does by itself, is the same in every branch.
const OF_PLATFORM: &[&str] = &[
    "platform.tag",
    "platform.journal_entry",
    "platform.image_attachment",
    "platform.bookmark",
    "platform.subscription",
    "platform.notification",
    "platform.config_template",
    "platform.export_template",
];

/// Refuses a write in a branch that a branch does not hold.
pub(super) fn check(tx: &WriteTx, model: &Model) -> Result<(), Problem> {
    let holds = model.product != "platform" || OF_PLATFORM.contains(&model.name);
    if holds || tx.ctx().branch().is_none() {
        return Ok(());
    }
    Err(Problem::conflict(
        "not-in-branch",
        format!("{} are the same in every branch. Leave the branch and repeat it.", model.title_plural),
    ))
}

impl Engine {
    /// The model whose records are in a table.
    fn at_table(&self, relation: &str) -> Option<&Entity> {
        self.registry().iter().find(|entity| entity.model.table == relation)
    }
}
