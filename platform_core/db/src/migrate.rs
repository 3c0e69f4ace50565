//! Migrations: SQL of each plugin, once, in order, as the owner role.

use std::time::{Duration, Instant};

use kit::plugin::Migration;
use sha2::{Digest, Sha256};
use sqlx::{Connection, PgConnection, Row};

use crate::error::StoreError;

/// Key of the advisory lock: one server migrates at a time ("portolan" as bytes).
const LOCK: i64 = 0x706f_7274_6f6c_616e;

/// A migration that was applied just now.
#[derive(Clone, Debug)]
pub struct Applied {
    /// Whose.
    pub plugin: &'static str,
    /// Its number.
    pub version: u32,
    /// Its name.
    pub name: &'static str,
    /// How long it took.
    pub took: Duration,
}

/// Applies what is missing. `connection` is one of `portolan_migrator` that nobody else uses.
pub(crate) async fn run(
    connection: &mut PgConnection,
    plugins: &[(&'static str, &'static [Migration])],
) -> Result<Vec<Applied>, StoreError> {
    sqlx::raw_sql("SET statement_timeout = 0; SET lock_timeout = 0").execute(&mut *connection).await?;
    sqlx::query("SELECT pg_advisory_lock($1)").bind(LOCK).execute(&mut *connection).await?;
    let outcome = run_locked(connection, plugins).await;
    sqlx::query("SELECT pg_advisory_unlock($1)").bind(LOCK).execute(&mut *connection).await?;
    outcome
}

async fn run_locked(
    connection: &mut PgConnection,
    plugins: &[(&'static str, &'static [Migration])],
) -> Result<Vec<Applied>, StoreError> {
    sqlx::raw_sql(include_str!("history.sql")).execute(&mut *connection).await?;
    let mut applied = Vec::new();
    for (plugin, migrations) in plugins {
        let pending = pending(connection, plugin, migrations).await?;
        for migration in pending {
            applied.push(apply(connection, plugin, migration).await.map_err(|source| {
                StoreError::Migration { plugin, version: migration.version, name: migration.name, source }
            })?);
        }
    }
    Ok(applied)
}

async fn pending(
    connection: &mut PgConnection,
    plugin: &'static str,
    migrations: &'static [Migration],
) -> Result<Vec<&'static Migration>, StoreError> {
    let rows = sqlx::query("SELECT version, checksum FROM app.migration WHERE plugin = $1 ORDER BY version")
        .bind(plugin)
        .fetch_all(connection)
        .await?;
    let mut last = 0;
    for migration in migrations {
        if migration.version <= last {
            return Err(StoreError::Order { plugin, version: migration.version });
        }
        last = migration.version;
    }
    let mut newest_applied = 0;
    for row in &rows {
        let version = u32::try_from(row.try_get::<i32, _>("version")?).unwrap_or(0);
        newest_applied = newest_applied.max(version);
        match migrations.iter().find(|migration| migration.version == version) {
            None => return Err(StoreError::Newer { plugin: plugin.to_owned(), version }),
            Some(migration) if checksum(migration) != *row.try_get::<&[u8], _>("checksum")? => {
                return Err(StoreError::Changed { plugin, version, name: migration.name });
            }
            Some(_) => {}
        }
    }
    let applied = |version: u32| {
        rows.iter().any(|row| row.try_get::<i32, _>("version").is_ok_and(|v| v.cast_unsigned() == version))
    };
    let pending: Vec<_> = migrations.iter().filter(|migration| !applied(migration.version)).collect();
    match pending.iter().find(|migration| migration.version < newest_applied) {
        Some(late) => Err(StoreError::Order { plugin, version: late.version }),
        None => Ok(pending),
    }
}

async fn apply(
    connection: &mut PgConnection,
    plugin: &'static str,
    migration: &'static Migration,
) -> Result<Applied, sqlx::Error> {
    let begun = Instant::now();
    let mut transaction = connection.begin().await?;
    sqlx::raw_sql("SET LOCAL ROLE portolan_owner").execute(&mut *transaction).await?;
    sqlx::raw_sql(migration.sql).execute(&mut *transaction).await?;
    // A migration may have changed the role; the history is the owner's.
    sqlx::raw_sql("SET LOCAL ROLE portolan_owner; SET LOCAL search_path = ''")
        .execute(&mut *transaction)
        .await?;
    let took = begun.elapsed();
    sqlx::query(
        "INSERT INTO app.migration (plugin, version, name, checksum, milliseconds) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(plugin)
    .bind(migration.version.cast_signed())
    .bind(migration.name)
    .bind(checksum(migration).as_slice())
    .bind(i32::try_from(took.as_millis()).unwrap_or(i32::MAX))
    .execute(&mut *transaction)
    .await?;
    transaction.commit().await?;
    tracing::info!(plugin, version = migration.version, name = migration.name, ?took, "migration applied");
    Ok(Applied { plugin, version: migration.version, name: migration.name, took })
}

fn checksum(migration: &Migration) -> [u8; 32] {
    Sha256::digest(migration.sql.as_bytes()).into()
}
