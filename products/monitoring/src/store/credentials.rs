//! Credentials with their sealed secrets.

use kit::{Problem, ReadTx};
use sqlx::Row as _;
use uuid::Uuid;

/// A credential, its secrets still sealed.
pub(crate) struct CredentialRow {
    pub(crate) id: Uuid,
    pub(crate) kind: String,
    pub(crate) username: Option<String>,
    pub(crate) auth_protocol: Option<String>,
    pub(crate) priv_protocol: Option<String>,
    pub(crate) context: Option<String>,
    pub(crate) community: Option<Vec<u8>>,
    pub(crate) auth_key: Option<Vec<u8>>,
    pub(crate) priv_key: Option<Vec<u8>>,
}

/// The credentials with these ids, in any order; unknown ones are missing.
pub(crate) async fn credentials(tx: &mut ReadTx, ids: &[Uuid]) -> Result<Vec<CredentialRow>, Problem> {
    let rows = sqlx::query(
        "SELECT id, kind, username, auth_protocol, priv_protocol, context, community, auth_key, priv_key \
         FROM monitoring.credential WHERE id = ANY($1)",
    )
    .bind(ids)
    .fetch_all(tx.conn())
    .await?;
    rows.iter()
        .map(|row| {
            Ok(CredentialRow {
                id: row.try_get("id")?,
                kind: row.try_get("kind")?,
                username: row.try_get("username")?,
                auth_protocol: row.try_get("auth_protocol")?,
                priv_protocol: row.try_get("priv_protocol")?,
                context: row.try_get("context")?,
                community: row.try_get("community")?,
                auth_key: row.try_get("auth_key")?,
                priv_key: row.try_get("priv_key")?,
            })
        })
        .collect::<Result<_, sqlx::Error>>()
        .map_err(Problem::from)
}

/// All credentials of the tenant, strongest version first.
pub(crate) async fn credential_ids(tx: &mut ReadTx) -> Result<Vec<Uuid>, Problem> {
    Ok(sqlx::query_scalar("SELECT id FROM monitoring.credential ORDER BY kind DESC, created_at LIMIT 20")
        .fetch_all(tx.conn())
        .await?)
}
