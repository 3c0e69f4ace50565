//! The vault: the tenant's data keys in the store, the master key in memory.

use std::sync::Arc;

use db::Store;
use kit::secrets::SecretPlace;
use kit::{BoxFuture, Health, Problem, ReadTx, SecretText, Secrets, TenantId, WriteTx};
use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Row};
use uuid::Uuid;

use crate::envelope::{self, DoesNotOpen, MAX_SECRET, SecretKey};
use crate::master::{self, KeySource};

/// Seals and opens secrets.
///
/// Data keys are read from the store each time: a key that was made in a transaction that is undone
/// must not be used again, and one point read costs less than the network the secret is for.
pub struct Vault {
    master: Result<Master, String>,
}

struct Master {
    key: SecretKey,
    id: String,
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Vault").field("health", &self.health()).finish()
    }
}

impl Vault {
    /// Loads the master key and compares it with the one in use. Never fails: without a key the
    /// vault says why in [`Vault::health`] and answers 503.
    pub async fn open(source: KeySource, store: &Store) -> Arc<Self> {
        let master = Self::load(source, store).await;
        if let Err(why) = &master {
            tracing::error!(%why, "secrets are unavailable");
        }
        Arc::new(Self { master })
    }

    async fn load(source: KeySource, store: &Store) -> Result<Master, String> {
        let in_use = masters_in_use(store).await.map_err(|problem| problem.to_string())?;
        let may_create = in_use.is_empty();
        let key = tokio::task::spawn_blocking(move || master::load(&source, may_create))
            .await
            .map_err(|error| error.to_string())??;
        let id = key.id();
        match in_use.iter().find(|used| **used != id) {
            Some(used) => Err(format!(
                "the master key is {id}, but secrets were sealed under {used}; give the right key back"
            )),
            None => Ok(Master { key, id }),
        }
    }

    /// Whether secrets can be used.
    pub fn health(&self) -> Health {
        match &self.master {
            Ok(_) => Health::Ok,
            Err(why) => Health::Degraded(why.clone()),
        }
    }

    fn master(&self) -> Result<&Master, Problem> {
        self.master.as_ref().map_err(|_| {
            Problem::unavailable(
                "Secrets are unavailable: the server has no usable master key. Its health page says why.",
            )
        })
    }
}

async fn masters_in_use(store: &Store) -> Result<Vec<String>, Problem> {
    let mut tx = store.tenantless().await?;
    Ok(sqlx::query_scalar("SELECT app.master_keys()").fetch_all(tx.conn()).await?)
}

impl Master {
    /// The tenant's newest data key, made when there is none.
    async fn newest(
        &self,
        connection: &mut PgConnection,
        tenant: TenantId,
    ) -> Result<(u32, SecretKey), Problem> {
        if let Some(found) = self.read_newest(connection, tenant).await? {
            return Ok(found);
        }
        let (row, key) = (Uuid::now_v7(), SecretKey::random());
        let wrapped = self.key.wrap(tenant, row, &key).map_err(|DoesNotOpen| broken())?;
        // Waits for another transaction that is making the first key just now, then uses its key.
        sqlx::query(
            "INSERT INTO app.tenant_key (id, number, master, wrapped) VALUES ($1, 1, $2, $3)
             ON CONFLICT (tenant_id, number) DO NOTHING",
        )
        .bind(row)
        .bind(&self.id)
        .bind(wrapped)
        .execute(&mut *connection)
        .await?;
        self.read_newest(connection, tenant).await?.ok_or_else(broken)
    }

    async fn read_newest(
        &self,
        connection: &mut PgConnection,
        tenant: TenantId,
    ) -> Result<Option<(u32, SecretKey)>, Problem> {
        let row = sqlx::query(
            "SELECT id, number, master, wrapped FROM app.tenant_key ORDER BY number DESC LIMIT 1",
        )
        .fetch_optional(connection)
        .await?;
        row.map(|row| self.unwrap(tenant, &row)).transpose()
    }

    /// The data key of this number and whose it is: the transaction's tenant, not a claim of the
    /// caller.
    async fn numbered(
        &self,
        connection: &mut PgConnection,
        number: u32,
    ) -> Result<(TenantId, SecretKey), Problem> {
        let row = sqlx::query(
            "SELECT tenant_id, id, number, master, wrapped FROM app.tenant_key WHERE number = $1",
        )
        .bind(number.cast_signed())
        .fetch_optional(connection)
        .await?
        .ok_or_else(broken)?;
        let tenant = TenantId(row.try_get("tenant_id")?);
        Ok((tenant, self.unwrap(tenant, &row)?.1))
    }

    fn unwrap(&self, tenant: TenantId, row: &PgRow) -> Result<(u32, SecretKey), Problem> {
        let number = u32::try_from(row.try_get::<i32, _>("number")?).map_err(Problem::internal)?;
        let (id, wrapped) = (row.try_get("id")?, row.try_get::<&[u8], _>("wrapped")?);
        let key = self.key.unwrap(tenant, id, wrapped).map_err(|DoesNotOpen| {
            tracing::error!(tenant = %tenant, master = row.try_get::<&str, _>("master").unwrap_or_default(),
                "a tenant's data key does not open under this master key");
            broken()
        })?;
        Ok((number, key))
    }
}

/// A conflict of what is stored with where it is used; trying again does not help.
fn broken() -> Problem {
    Problem::conflict(
        "secret-unreadable",
        "This secret cannot be opened: it was sealed under another key or for another place. Enter it again.",
    )
}

impl Secrets for Vault {
    fn seal<'a>(
        &'a self,
        tx: &'a mut WriteTx,
        place: SecretPlace<'a>,
        clear: &'a SecretText,
    ) -> BoxFuture<'a, Result<Vec<u8>, Problem>> {
        Box::pin(async move {
            let master = self.master()?;
            if clear.expose().len() > MAX_SECRET {
                return Err(Problem::field(
                    format!("/{}", place.field),
                    "too_long",
                    "A secret has at most 65536 bytes.",
                ));
            }
            let tenant = tx.ctx().tenant();
            let (number, key) = master.newest(tx.conn(), tenant).await?;
            envelope::seal(&key, number, tenant, place, clear).map_err(|DoesNotOpen| broken())
        })
    }

    fn open<'a>(
        &'a self,
        tx: &'a mut ReadTx,
        place: SecretPlace<'a>,
        sealed: &'a [u8],
    ) -> BoxFuture<'a, Result<SecretText, Problem>> {
        Box::pin(async move {
            let master = self.master()?;
            let number = envelope::key_number(sealed).ok_or_else(broken)?;
            let (tenant, key) = master.numbered(tx.conn(), number).await?;
            envelope::open(&key, tenant, place, sealed).map_err(|DoesNotOpen| broken())
        })
    }

    fn fingerprint(&self, sealed: &[u8]) -> String {
        envelope::fingerprint(sealed)
    }
}
