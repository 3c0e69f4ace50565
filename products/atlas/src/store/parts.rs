//! Parts of the map: written as differences, read once when a tenant's world is loaded.

use std::collections::BTreeMap;

use kit::{Problem, ReadTx, WriteTx};
use serde_json::Value;
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
    /// New or changed parts.
    pub(crate) put: Vec<(Uuid, Part, Value)>,
    /// Parts that are no more.
    pub(crate) removed: Vec<Uuid>,
}

/// All parts by id.
pub(crate) async fn load_parts(tx: &mut ReadTx) -> Result<BTreeMap<Uuid, (Part, Value)>, Problem> {
    let rows = sqlx::query("SELECT id, part, body FROM atlas.part").fetch_all(tx.conn()).await?;
    let mut parts = BTreeMap::new();
    for row in &rows {
        if let Some(part) = Part::parse(row.try_get("part")?) {
            parts.insert(row.try_get("id")?, (part, row.try_get("body")?));
        }
    }
    Ok(parts)
}

/// Writes a difference.
pub(crate) async fn write_parts(tx: &mut WriteTx, change: &PartChange) -> Result<(), Problem> {
    if !change.removed.is_empty() {
        sqlx::query("DELETE FROM atlas.part WHERE id = ANY($1)")
            .bind(&change.removed)
            .execute(tx.conn())
            .await?;
    }
    if change.put.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = change.put.iter().map(|(id, ..)| *id).collect();
    let parts: Vec<&str> = change.put.iter().map(|(_, part, _)| part.as_str()).collect();
    let bodies: Vec<&Value> = change.put.iter().map(|(_, _, body)| body).collect();
    sqlx::query(
        "INSERT INTO atlas.part (id, part, body) SELECT * FROM UNNEST($1::uuid[], $2::text[], $3::jsonb[]) \
         ON CONFLICT (tenant_id, id) DO UPDATE SET body = excluded.body",
    )
    .bind(ids)
    .bind(parts)
    .bind(bodies)
    .execute(tx.conn())
    .await?;
    Ok(())
}
