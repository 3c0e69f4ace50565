//! Lists and single records.

use chrono::{DateTime, Utc};
use kit::record::{FieldKind, Model, Record};
use kit::{Ctx, Problem, RowAct};
use sqlx::{PgConnection, Row as _};
use uuid::Uuid;

use super::{AnyTx, Engine};
use crate::datum::Datum;
use crate::entity::Entity;
use crate::query::{Op, Query};
use crate::row::{Displays, Lens, Row};
use crate::sql::referrals::{Referrer, referrals};
use crate::sql::{Page, View};

/// A page, still as rows.
pub(super) struct Found {
    pub(super) items: Vec<Row>,
    pub(super) displays: Displays,
    pub(super) more: bool,
}

/// What of a record is shown.
#[derive(Clone, Copy)]
pub(super) struct Shown<'a> {
    /// Only these fields; all when `None`.
    fields: Option<&'a [&'static str]>,
    /// Of which records.
    view: View,
    /// To whom; to code of ours when `None`.
    caller: Option<&'a Ctx>,
}

impl<'a> Shown<'a> {
    /// All of it, as it is.
    pub(super) const ALL: Self = Self { fields: None, view: View::Tables, caller: None };

    /// All of it, as it is, to this caller.
    pub(super) fn to(caller: &'a Ctx) -> Self {
        Self { caller: Some(caller), ..Self::ALL }
    }
}

impl Engine {
    /// One record as over the wire.
    ///
    /// # Errors
    /// 404, the same whether it is absent or another tenant's.
    pub async fn get(&self, tx: &mut impl AnyTx, model: &'static Model, id: Uuid) -> Result<Record, Problem> {
        let entity = self.entity(model)?;
        let rows = self.rows(tx.conn(), entity, &[id]).await?;
        let mut rows = rows;
        self.fill_counts(tx.conn(), entity, Shown::ALL, &mut rows).await?;
        let row = rows.first().ok_or_else(|| Problem::not_found(model.title))?;
        let mut displays = Displays::default();
        self.load_displays(tx.conn(), self.wanted(entity, std::iter::once(row)), &mut displays).await?;
        self.record(entity, &displays, row)
    }

    /// [`Engine::get`] under the name products look for.
    ///
    /// # Errors
    /// As [`Engine::get`].
    pub async fn get_row(
        &self,
        tx: &mut impl AnyTx,
        model: &'static Model,
        id: Uuid,
    ) -> Result<Record, Problem> {
        self.get(tx, model, id).await
    }

    /// The first `limit` records that match.
    ///
    /// # Errors
    /// 503 when the database is gone.
    pub async fn find(
        &self,
        tx: &mut impl AnyTx,
        model: &'static Model,
        query: &Query,
    ) -> Result<Vec<Record>, Problem> {
        let entity = self.entity(model)?;
        let found = self.page(tx.conn(), entity, query, None).await?;
        found.items.iter().map(|row| self.record(entity, &found.displays, row)).collect()
    }

    /// How many records match.
    ///
    /// # Errors
    /// 503 when the database is gone.
    pub async fn count(
        &self,
        tx: &mut impl AnyTx,
        model: &'static Model,
        query: &Query,
    ) -> Result<u64, Problem> {
        let count = self.entity(model)?.sql.count(tx.conn(), &query.filter, query.view).await?;
        Ok(count.unsigned_abs())
    }

    /// How PostgreSQL would read this page: for diagnosis, and for the test that every filter has its
    /// index below row-level security. Never shown to tenants (it tells of others' volume).
    ///
    /// # Errors
    /// 400 for a cursor that is not of this list, 503 when the database is gone.
    pub async fn explain(
        &self,
        tx: &mut impl AnyTx,
        tenant: kit::TenantId,
        model: &'static Model,
        query: &Query,
    ) -> Result<String, Problem> {
        let entity = self.entity(model)?;
        let after = self.position(tenant, entity, query)?;
        let limit = i64::from(query.limit);
        let page = Page {
            view: query.view,
            filter: &query.filter,
            sort: &query.sort,
            after: after.as_deref(),
            limit,
            offset: 0,
        };
        let lines = entity.sql.explain(tx.conn(), &page).await?;
        let lines: Vec<String> = lines.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?;
        Ok(lines.join("\n"))
    }

    /// Where the cursor of the query says to go on.
    fn position(
        &self,
        tenant: kit::TenantId,
        entity: &Entity,
        query: &Query,
    ) -> Result<Option<Vec<crate::Datum>>, Problem> {
        match &query.cursor {
            Some(cursor) => self.inner.cursors.open(tenant, entity, query, cursor).map(Some),
            None => Ok(None),
        }
    }

    /// One page as the JSON document `{"items", "next_cursor", "total"?}`.
    ///
    /// # Errors
    /// 403 without the right to read, 400 for a cursor that is not of this list.
    pub async fn list(&self, ctx: &Ctx, model: &'static Model, query: &Query) -> Result<Vec<u8>, Problem> {
        let entity = self.entity(model)?;
        let query = &self.seen(ctx, model, query.clone())?;
        let after = self.position(ctx.tenant(), entity, query)?;
        let mut tx = ctx.look().await?;
        let query = &query.seen_by(&tx)?;
        let found = self.page(tx.conn(), entity, query, after.as_deref()).await?;
        let total = if query.count {
            Some(entity.sql.count(tx.conn(), &query.filter, query.view).await?)
        } else {
            None
        };
        drop(tx);
        let cursor = match found.items.last().filter(|_| found.more) {
            Some(last) => Some(self.inner.cursors.seal(ctx.tenant(), entity, query, last)?),
            None => None,
        };
        let mut body = Vec::with_capacity(256 + found.items.len() * 512);
        body.extend_from_slice(b"{\"items\":[");
        self.write_items(entity, query, &found, &mut body, b",")?;
        body.extend_from_slice(b"],\"next_cursor\":");
        serde_json::to_writer(&mut body, &cursor).map_err(Problem::internal)?;
        if let Some(total) = total {
            body.extend_from_slice(format!(",\"total\":{total}").as_bytes());
        }
        body.push(b'}');
        Ok(body)
    }

    /// Writes the rows as JSON objects straight into the body.
    pub(super) fn write_items(
        &self,
        entity: &Entity,
        query: &Query,
        found: &Found,
        body: &mut Vec<u8>,
        between: &[u8],
    ) -> Result<(), Problem> {
        let lens = Lens { fields: query.fields.as_deref(), ..self.lens(entity, &found.displays) };
        for (at, row) in found.items.iter().enumerate() {
            if at > 0 {
                body.extend_from_slice(between);
            }
            serde_json::to_writer(&mut *body, &lens.view(row)).map_err(Problem::internal)?;
        }
        Ok(())
    }

    /// One record with its version, for a client; as it was at a time, when one is given.
    ///
    /// # Errors
    /// 403, 404.
    pub async fn read(
        &self,
        ctx: &Ctx,
        model: &'static Model,
        id: Uuid,
        as_of: Option<DateTime<Utc>>,
    ) -> Result<Record, Problem> {
        ctx.authorize_rows(model, RowAct::View)?;
        let mut tx = ctx.look().await?;
        let whole = ctx.rights().rows().is_empty() && model.own.is_none();
        if as_of.is_none() && whole && !tx.overlaid() {
            return self.get(&mut tx, model, id).await;
        }
        let query = Query::all(model).as_of(model, as_of)?.filter(model, "id", Op::Eq, id)?;
        let query = self.seen(ctx, model, query)?.seen_by(&tx)?;
        let found = self.find(&mut tx, model, &query).await?;
        found.into_iter().next().ok_or_else(|| Problem::not_found(model.title))
    }

    pub(super) async fn page(
        &self,
        conn: &mut PgConnection,
        entity: &Entity,
        query: &Query,
        after: Option<&[crate::Datum]>,
    ) -> Result<Found, Problem> {
        let limit = i64::from(query.limit);
        let page = Page {
            view: query.view,
            filter: &query.filter,
            sort: &query.sort,
            after,
            limit: limit + 1,
            offset: query.offset,
        };
        let rows = entity.sql.list(conn, &page).await?;
        let more = rows.len() as i64 > limit;
        let mut items: Vec<Row> = rows
            .iter()
            .take(query.limit as usize)
            .map(|row| Row::decode(entity, row))
            .collect::<Result<_, _>>()?;
        let shown =
            Shown { fields: query.fields.as_deref(), view: query.view, caller: query.caller.as_ref() };
        self.fill_counts(conn, entity, shown, &mut items).await?;
        let mut displays = Displays::of(query.view);
        self.load_displays(conn, self.wanted(entity, items.iter()), &mut displays).await?;
        Ok(Found { items, displays, more })
    }

    /// Counts what refers to these rows, where it is shown.
    pub(super) async fn fill_counts(
        &self,
        conn: &mut PgConnection,
        entity: &Entity,
        shown: Shown<'_>,
        rows: &mut [Row],
    ) -> Result<(), Problem> {
        let (mut places, mut referrers) = (Vec::new(), Vec::new());
        for (at, field) in entity.model.fields.iter().enumerate() {
            let FieldKind::Count { model, field: by } = field.kind else { continue };
            if shown.fields.is_some_and(|shown| !shown.contains(&field.name)) {
                continue;
            }
            let Some(other) = self.registry().get(model) else { continue };
            let Some(field) = other.model.field(by) else { continue };
            let within = shown.caller.and_then(|ctx| self.part(ctx, other.model, RowAct::View));
            places.push(at);
            referrers.push(Referrer { model: other.model, field, within });
        }
        let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
        let counts = referrals(conn, &referrers, &ids, shown.view).await?;
        for (at, counts) in places.into_iter().zip(counts) {
            for row in rows.iter_mut() {
                if let Some(cell) = row.cells.get_mut(at) {
                    *cell = Datum::Int(counts.get(&row.id).copied().unwrap_or(0));
                }
            }
        }
        Ok(())
    }
}
