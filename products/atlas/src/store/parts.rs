//! Parts of the map: written as differences, read once when a tenant's world is loaded.

use futures::TryStreamExt as _;
use kit::{Problem, ReadTx, WriteTx};
use sqlx::Row as _;
use uuid::Uuid;

/// What a part is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Part {
    /// A device.
    Entity,
    /// Which subject speaks for which device.
    Assignment,
    /// What a device was last recognised by.
    Memory,
    /// A link.
    Link,
    /// Where a node was drawn.
    Place,
}

impl Part {
    fn as_str(self) -> &'static str {
        match self {
            Self::Entity => "entity",
            Self::Assignment => "assignment",
            Self::Memory => "memory",
            Self::Link => "link",
            Self::Place => "place",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        [Self::Entity, Self::Assignment, Self::Memory, Self::Link, Self::Place]
            .into_iter()
            .find(|part| part.as_str() == text)
    }
}

/// A difference against what is stored.
#[derive(Default)]
pub(crate) struct PartChange {
    /// New or changed parts as JSON.
    pub(crate) put: Vec<(Uuid, Part, String)>,
    /// Parts that are no more.
    pub(crate) removed: Vec<Uuid>,
}

/// Parts in one statement.
const BATCH: usize = 1000;

impl PartChange {
    /// Nothing to write.
    pub(crate) fn is_empty(&self) -> bool {
        self.put.is_empty() && self.removed.is_empty()
    }
}

/// Reads all parts, one at a time.
pub(crate) async fn load_parts(
    tx: &mut ReadTx,
    mut take: impl FnMut(Part, &str) -> Result<(), Problem>,
) -> Result<(), Problem> {
    let mut rows = sqlx::query("SELECT part, body::text AS body FROM atlas.part").fetch(tx.conn());
    while let Some(row) = rows.try_next().await? {
        if let Some(part) = Part::parse(row.try_get("part")?) {
            take(part, row.try_get("body")?)?;
        }
    }
    Ok(())
}

/// Writes a difference.
pub(crate) async fn write_parts(tx: &mut WriteTx, change: &PartChange) -> Result<(), Problem> {
    if !change.removed.is_empty() {
        sqlx::query("DELETE FROM atlas.part WHERE id = ANY($1)")
            .bind(&change.removed)
            .execute(tx.conn())
            .await?;
    }
    for batch in change.put.chunks(BATCH) {
        let ids: Vec<Uuid> = batch.iter().map(|(id, ..)| *id).collect();
        let parts: Vec<&str> = batch.iter().map(|(_, part, _)| part.as_str()).collect();
        let bodies: Vec<&str> = batch.iter().map(|(_, _, body)| body.as_str()).collect();
        sqlx::query(
            "INSERT INTO atlas.part (id, part, body) SELECT id, part, body::jsonb \
             FROM UNNEST($1::uuid[], $2::text[], $3::text[]) AS new (id, part, body) \
             ON CONFLICT (tenant_id, id) DO UPDATE SET body = excluded.body",
        )
        .bind(ids)
        .bind(parts)
        .bind(bodies)
        .execute(tx.conn())
        .await?;
    }
    Ok(())
}
