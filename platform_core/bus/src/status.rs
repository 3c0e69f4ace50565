//! How delivery is going, for health, metrics and people.

use kit::Problem;
use serde::Serialize;
use sqlx::Row;

use crate::Bus;

/// How the bus is.
#[derive(Clone, Debug, Serialize)]
pub struct BusStatus {
    /// Durable consumers.
    pub consumers: Vec<ConsumerStatus>,
    /// Live streams open on this server.
    pub streams: usize,
    /// Age, seconds, of the oldest transaction that holds delivery back.
    pub horizon_lag_seconds: f64,
}

/// How a consumer is.
#[derive(Clone, Debug, Serialize)]
pub struct ConsumerStatus {
    /// Its name.
    pub name: String,
    /// Events handled.
    pub delivered: i64,
    /// Age, seconds, of the oldest event it has not seen, of whatever type; 0 when it has seen all.
    pub lag_seconds: f64,
    /// Events that are tried again.
    pub retrying: i64,
    /// Dead letters.
    pub dead: i64,
}

impl Bus {
    /// Asks the database.
    ///
    /// # Errors
    /// 503.
    pub async fn status(&self) -> Result<BusStatus, Problem> {
        let mut tx = self.store.relay().await?;
        let rows = sqlx::query(
            "SELECT c.name, c.delivered,
                coalesce((SELECT extract(epoch FROM clock_timestamp() - e.created_at)::float8 FROM app.event e
                          WHERE (e.incarnation, e.xid, e.seq) > (c.incarnation, c.xid, c.seq)
                          ORDER BY e.incarnation, e.xid, e.seq LIMIT 1), 0) AS lag,
                (SELECT count(*) FROM app.event_failure f WHERE f.consumer = c.name AND f.state = 'retrying') AS retrying,
                (SELECT count(*) FROM app.event_failure f WHERE f.consumer = c.name AND f.state = 'dead') AS dead
             FROM app.consumer c ORDER BY c.name",
        )
        .fetch_all(tx.conn())
        .await?;
        let consumers = rows
            .iter()
            .map(|row| {
                Ok::<_, sqlx::Error>(ConsumerStatus {
                    name: row.try_get("name")?,
                    delivered: row.try_get("delivered")?,
                    lag_seconds: row.try_get("lag")?,
                    retrying: row.try_get("retrying")?,
                    dead: row.try_get("dead")?,
                })
            })
            .collect::<Result<_, _>>()?;
        let horizon_lag_seconds = sqlx::query_scalar(
            "SELECT coalesce(max(extract(epoch FROM clock_timestamp() - xact_start))::float8, 0)
             FROM pg_stat_activity WHERE backend_xid IS NOT NULL AND datname = current_database()",
        )
        .fetch_one(tx.conn())
        .await?;
        Ok(BusStatus { consumers, streams: self.hub.streams(), horizon_lag_seconds })
    }
}
