//! Rows of the log, positions in it, and how far it may be read.

use kit::events::Delivered;
use kit::{Problem, TenantId};
use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Row};
use uuid::Uuid;

use crate::pattern::Filter;

/// A place in the log of all tenants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Position {
    pub(crate) incarnation: i32,
    pub(crate) xid: i64,
    pub(crate) seq: i64,
}

/// Transactions below it have all ended.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Horizon {
    incarnation: i32,
    xmin: i64,
}

impl Horizon {
    /// Asks PostgreSQL. Statements that follow in the same READ COMMITTED transaction see everything
    /// below it.
    pub(crate) async fn ask(connection: &mut PgConnection, incarnation: i32) -> Result<Self, Problem> {
        let xmin = sqlx::query_scalar("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
            .fetch_one(connection)
            .await?;
        Ok(Self { incarnation, xmin })
    }

    /// The position behind everything that may be read.
    pub(crate) fn end(self) -> Position {
        Position { incarnation: self.incarnation, xid: self.xmin - 1, seq: i64::MAX }
    }
}

/// An event of the log with its place.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) tenant: TenantId,
    pub(crate) position: Position,
    pub(crate) event: Delivered,
}

impl Entry {
    /// Events with the same key are delivered in order.
    pub(crate) fn key(&self) -> (TenantId, &str) {
        (self.tenant, &self.event.subject)
    }

    pub(crate) fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        let id: Uuid = row.try_get("id")?;
        Ok(Self {
            tenant: TenantId(row.try_get("tenant_id")?),
            position: Position {
                incarnation: row.try_get("incarnation")?,
                xid: row.try_get("xid")?,
                seq: row.try_get("seq")?,
            },
            event: Delivered {
                // The id tells nothing about how much others write, unlike the position.
                cursor: id.to_string(),
                id,
                event_type: row.try_get("type")?,
                subject: row.try_get("subject")?,
                time: row.try_get("occurred_at")?,
                data: row.try_get("data")?,
            },
        })
    }
}

/// The next events of these types, at most `limit`: of all tenants for the relay, of one under row
/// security.
pub(crate) async fn read(
    connection: &mut PgConnection,
    after: Position,
    horizon: Horizon,
    filter: &Filter,
    limit: usize,
) -> Result<Vec<Entry>, Problem> {
    let rows = sqlx::query(
        "SELECT tenant_id, id, incarnation, xid, seq, type, subject, occurred_at, data FROM app.event
         WHERE (incarnation, xid, seq) > ($1, $2, $3) AND (incarnation < $4 OR xid < $5)
           AND (type = ANY ($6) OR type ^@ ANY ($7))
         ORDER BY incarnation, xid, seq LIMIT $8",
    )
    .bind(after.incarnation)
    .bind(after.xid)
    .bind(after.seq)
    .bind(horizon.incarnation)
    .bind(horizon.xmin)
    .bind(filter.exact())
    .bind(filter.prefixes())
    .bind(i64::try_from(limit).unwrap_or(i64::MAX))
    .fetch_all(connection)
    .await?;
    rows.iter().map(|row| Entry::from_row(row).map_err(Problem::from)).collect()
}

/// Where the tenant's event with this id stands; `None` when it is not kept any more.
pub(crate) async fn position_of(
    connection: &mut PgConnection,
    id: Uuid,
) -> Result<Option<Position>, Problem> {
    let row = sqlx::query("SELECT incarnation, xid, seq FROM app.event WHERE id = $1")
        .bind(id)
        .fetch_optional(connection)
        .await?;
    let position = row.map(|row| {
        Ok::<_, sqlx::Error>(Position {
            incarnation: row.try_get("incarnation")?,
            xid: row.try_get("xid")?,
            seq: row.try_get("seq")?,
        })
    });
    Ok(position.transpose()?)
}
