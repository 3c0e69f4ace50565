//! The history of one record, from the change log.

use kit::record::Model;
use kit::{Ctx, Problem, RowAct};
use serde_json::{Value, json};
use sqlx::Row as _;
use sqlx::types::Json;
use uuid::Uuid;

use super::Engine;
use crate::datum::{Datum, time_text};
use crate::query::{FilterExpr, Op};
use crate::row::Displays;

/// The model of users, when this server has one: changes show their names.
const USER_MODEL: &str = "platform.user";

const HISTORY: &str = "SELECT c.id, c.record_version, c.created_at, c.actor_kind, c.actor_id, c.actor_name, \
    c.request_id, c.action, c.changes, c.reason FROM app.change_log c \
    WHERE c.model = $1 AND c.record_id = $2 AND ($3::uuid IS NULL OR c.id < $3) ORDER BY c.id DESC LIMIT $4";

impl Engine {
    /// Changes of one record, newest first, also after its deletion - but then only for those who may see
    /// all records of the model. `before` is the cursor of the
    /// page before.
    ///
    /// # Errors
    /// 403; 404 when the tenant never had such a record.
    pub async fn history(
        &self,
        ctx: &Ctx,
        model: &'static Model,
        id: Uuid,
        before: Option<Uuid>,
        limit: u32,
    ) -> Result<Value, Problem> {
        let entity = self.entity(model)?;
        let within = self.within(ctx, model, RowAct::View)?;
        let mut tx = ctx.read().await?;
        if let Some(within) = within {
            let this = FilterExpr::test(model, "id", Op::Eq, vec![Datum::Uuid(id)])?;
            let found = entity.sql.ids(tx.conn(), &FilterExpr::All(vec![this, within]), 1).await?;
            found.first().ok_or_else(|| Problem::not_found(model.title))?;
        }
        let query = sqlx::query(HISTORY).bind(model.name).bind(id).bind(before).bind(i64::from(limit) + 1);
        let rows = query.fetch_all(tx.conn()).await?;
        if rows.is_empty() && self.rows(tx.conn(), entity, &[id]).await?.is_empty() {
            return Err(Problem::not_found(model.title));
        }
        let mut actors: Vec<Uuid> = Vec::new();
        for row in &rows {
            actors.extend(row.try_get::<Option<Uuid>, _>(4)?);
        }
        actors.sort_unstable();
        actors.dedup();
        let mut names = Displays::default();
        self.add_displays(tx.conn(), USER_MODEL, &actors, &mut names).await?;
        let shown = rows.len().min(limit as usize);
        let items: Vec<Value> =
            rows.iter().take(shown).map(|row| entry(row, &names)).collect::<Result<_, Problem>>()?;
        let next = match rows.get(shown).and(rows.get(shown.saturating_sub(1))) {
            Some(last) => Some(last.try_get::<Uuid, _>(0)?),
            None => None,
        };
        Ok(json!({"items": items, "next_cursor": next}))
    }
}

fn entry(row: &sqlx::postgres::PgRow, names: &Displays) -> Result<Value, Problem> {
    let actor: Option<Uuid> = row.try_get(4)?;
    let stored: Option<String> = row.try_get(5)?;
    let name = stored.or_else(|| actor.and_then(|id| names.get(USER_MODEL, id)).map(str::to_owned));
    Ok(json!({
        "version": row.try_get::<i64, _>(1)?,
        "at": time_text(&row.try_get(2)?),
        "actor": {"kind": row.try_get::<String, _>(3)?, "id": actor, "name": name},
        "request_id": row.try_get::<Uuid, _>(6)?,
        "action": row.try_get::<String, _>(7)?,
        "changes": row.try_get::<Json<Value>, _>(8)?.0,
        "reason": row.try_get::<Option<String>, _>(9)?,
    }))
}
