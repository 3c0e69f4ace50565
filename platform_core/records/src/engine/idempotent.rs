//! `Idempotency-Key`: a creating request that is repeated makes nothing twice.

use kit::{Problem, WriteTx};
use sha2::{Digest, Sha256};
use sqlx::Row as _;
use uuid::Uuid;

/// Keys older than a day are forgotten.
const FORGET: &str = "DELETE FROM app.idempotent_create WHERE created_at < now() - interval '1 day'";
/// Waits for a transaction that uses the same key at this moment.
const CLAIM: &str = "INSERT INTO app.idempotent_create (id, actor, key, fingerprint, record_ids) \
    VALUES ($1, $2, $3, $4, $5) ON CONFLICT (tenant_id, actor, key) DO NOTHING";
const FIRST: &str = "SELECT fingerprint, record_ids FROM app.idempotent_create WHERE actor = $1 AND key = $2";

/// The key of a request with what it is bound to.
pub(crate) struct Key {
    text: String,
    fingerprint: Vec<u8>,
}

impl Key {
    /// `None` without a header.
    ///
    /// # Errors
    /// 400 for a key that is empty, longer than 255 bytes or not printable ASCII.
    pub(crate) fn new(
        header: Option<&[u8]>,
        path: &str,
        body: &serde_json::Value,
    ) -> Result<Option<Self>, Problem> {
        let Some(header) = header else { return Ok(None) };
        let good = (1..=255).contains(&header.len()) && header.iter().all(u8::is_ascii_graphic);
        let text = std::str::from_utf8(header).ok().filter(|_| good).ok_or_else(|| {
            Problem::bad_request(
                "Idempotency-Key must be 1 to 255 printable ASCII characters without blanks.",
            )
        })?;
        let mut hash = Sha256::new();
        hash.update(path);
        hash.update([0]);
        hash.update(body.to_string());
        Ok(Some(Self { text: text.to_owned(), fingerprint: hash.finalize().to_vec() }))
    }

    /// Takes the key for a request that makes these records; the ids of the first request when it was
    /// taken before.
    pub(super) async fn claim(&self, tx: &mut WriteTx, ids: &[Uuid]) -> Result<Option<Vec<Uuid>>, Problem> {
        let actor = tx.ctx().actor().to_string();
        sqlx::query(FORGET).execute(tx.conn()).await?;
        let claim =
            sqlx::query(CLAIM).bind(Uuid::now_v7()).bind(&actor).bind(&self.text).bind(&self.fingerprint);
        if claim.bind(ids).execute(tx.conn()).await?.rows_affected() == 1 {
            return Ok(None);
        }
        let first = sqlx::query(FIRST).bind(&actor).bind(&self.text).fetch_one(tx.conn()).await?;
        if first.try_get::<Vec<u8>, _>(0)? != self.fingerprint {
            return Err(Problem::field(
                "",
                "idempotency_key_reused",
                "This Idempotency-Key was used for another request. Use a new key for each.",
            ));
        }
        Ok(Some(first.try_get(1)?))
    }
}
