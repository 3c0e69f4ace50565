//! Roles and the database, before there is anything else.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};
use sqlx::{Connection, PgConnection, Row};

use crate::begin::{self, Identifier};
use crate::connect::{Doors, Role, mac};
use crate::error::StoreError;

/// Oldest PostgreSQL: `security_invoker` views and column lists of `ON DELETE SET NULL` need it.
const OLDEST: u32 = 15;

fn failed(step: &'static str) -> impl FnOnce(sqlx::Error) -> StoreError {
    move |source| StoreError::Bootstrap { step, source }
}

/// Makes sure that database, roles and rights exist. Idempotent; safe with several servers at once.
pub(crate) async fn run(doors: &Doors) -> Result<(), StoreError> {
    let mut admin = connect_or_create(doors).await?;
    let version: i32 = sqlx::query("SELECT current_setting('server_version_num')::int")
        .fetch_one(&mut admin)
        .await
        .map_err(failed("ask for the server's version"))?
        .get(0);
    let major = version.unsigned_abs() / 10_000;
    if major < OLDEST {
        return Err(StoreError::TooOld(major));
    }
    let mut transaction = admin.begin().await?;
    sqlx::query("SELECT pg_advisory_xact_lock(hashtext('portolan roles'))")
        .execute(&mut *transaction)
        .await
        .map_err(failed("take the bootstrap lock"))?;
    sqlx::raw_sql(include_str!("roles.sql"))
        .execute(&mut *transaction)
        .await
        .map_err(failed("create the roles portolan_*"))?;
    for role in Role::ALL {
        set_password(&mut transaction, doors, role).await.map_err(failed("set the roles' passwords"))?;
    }
    sqlx::raw_sql(include_str!("database.sql"))
        .execute(&mut *transaction)
        .await
        .map_err(failed("give the roles their rights on the database"))?;
    transaction.commit().await?;
    admin.close().await?;
    Ok(())
}

async fn connect_or_create(doors: &Doors) -> Result<PgConnection, StoreError> {
    let error = match PgConnection::connect_with(&doors.admin).await {
        Ok(connection) => return Ok(connection),
        Err(error) => error,
    };
    // 3D000: the database does not exist.
    let missing = error.as_database_error().is_some_and(|error| error.code().as_deref() == Some("3D000"));
    let Some(name) = Identifier::new(doors.database()).filter(|_| missing) else {
        return Err(failed("connect to the database")(error));
    };
    let Some(template) = Identifier::new("template0") else {
        return Err(failed("create the database")(error));
    };
    let mut admin = PgConnection::connect_with(&doors.admin.clone().database("postgres"))
        .await
        .map_err(failed("connect to the database postgres"))?;
    let created = sqlx::raw_sql(begin::create_database(&name, &template)).execute(&mut admin).await;
    // 42P04: another server was faster.
    match created {
        Err(error)
            if error.as_database_error().is_none_or(|error| error.code().as_deref() != Some("42P04")) =>
        {
            return Err(failed("create the database")(error));
        }
        _ => {}
    }
    admin.close().await?;
    PgConnection::connect_with(&doors.admin).await.map_err(failed("connect to the new database"))
}

/// Gives the role its derived password as a SCRAM verifier, so that no log of the server shows it.
async fn set_password(connection: &mut PgConnection, doors: &Doors, role: Role) -> Result<(), sqlx::Error> {
    let Some(password) = doors.password(role) else { return Ok(()) };
    sqlx::query("SELECT set_config('portolan.role', $1, true), set_config('portolan.verifier', $2, true)")
        .bind(role.name())
        .bind(scram_verifier(&password, &rand::random::<[u8; 16]>()))
        .execute(&mut *connection)
        .await?;
    sqlx::raw_sql(
        "DO $$ BEGIN EXECUTE format('ALTER ROLE %I PASSWORD %L', \
         current_setting('portolan.role'), current_setting('portolan.verifier')); END $$",
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// `SCRAM-SHA-256$4096:salt$StoredKey:ServerKey` (RFC 5803, RFC 7677).
fn scram_verifier(password: &str, salt: &[u8; 16]) -> String {
    const ROUNDS: usize = 4096;
    let mut block = mac(password.as_bytes(), &[salt.as_slice(), &[0, 0, 0, 1]].concat());
    let mut salted = block;
    for _ in 1..ROUNDS {
        block = mac(password.as_bytes(), &block);
        salted.iter_mut().zip(block).for_each(|(byte, next)| *byte ^= next);
    }
    let stored = Sha256::digest(mac(&salted, b"Client Key"));
    let server = mac(&salted, b"Server Key");
    let text = |bytes: &[u8]| BASE64_STANDARD.encode(bytes);
    format!("SCRAM-SHA-256${ROUNDS}:{}${}:{}", text(salt), text(&stored), text(&server))
}
