//! Into a branch: the tables as it has them, for one transaction (see `0003_branches.sql`).

use kit::Problem;
use sqlx::PgConnection;

/// By id or name; refused when it cannot be entered.
const ENTER: &str = "SELECT app.branch_enter($1, $2)";
/// To here [`kit::WriteTx::commit`] goes back.
const MARK: &str = "SAVEPOINT main_line";
const BEGIN: &str = "SELECT app.branch_begin()";
/// A reader cannot write from here on.
const ONLY_READ: &str = "SET TRANSACTION READ ONLY";

/// Puts the rows of a branch in their places.
pub(crate) async fn enter(connection: &mut PgConnection, branch: &str, writes: bool) -> Result<(), Problem> {
    sqlx::query(ENTER).bind(branch).bind(Some(writes)).execute(&mut *connection).await?;
    sqlx::query(MARK).execute(&mut *connection).await?;
    sqlx::query(BEGIN).execute(&mut *connection).await?;
    if !writes {
        sqlx::query(ONLY_READ).execute(&mut *connection).await?;
    }
    Ok(())
}

/// Only says which branch is meant: the reader lays its rows over the tables.
pub(crate) async fn look(connection: &mut PgConnection, branch: &str) -> Result<(), Problem> {
    sqlx::query(ENTER).bind(branch).bind(None::<bool>).execute(&mut *connection).await?;
    Ok(())
}
