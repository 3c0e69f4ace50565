//! The catalogue audit (platform.md 1.9): one statement over PostgreSQL's catalogue that finds
//! whatever would let one tenant see or touch another. Runs in tests and as `portolan doctor`.

use serde::Serialize;
use sqlx::{PgConnection, Row};

/// A fault in the catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Kind of fault: `foreign-key`, `policy-extra` ...
    pub code: String,
    /// The table, index, function or role.
    pub object: String,
    /// What is wrong.
    pub detail: String,
}

pub(crate) async fn run(connection: &mut PgConnection) -> Result<Vec<Finding>, sqlx::Error> {
    sqlx::raw_sql("SET ROLE portolan_owner").execute(&mut *connection).await?;
    let rows = sqlx::query(include_str!("audit.sql")).fetch_all(connection).await?;
    rows.iter()
        .map(|row| {
            Ok(Finding {
                code: row.try_get("code")?,
                object: row.try_get("object")?,
                detail: row.try_get("detail")?,
            })
        })
        .collect()
}
